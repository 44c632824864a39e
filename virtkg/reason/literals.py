"""Literals that are written differently and have the same value, and those that have none.

Rules join on values (dt-eq of OWL 2 RL, table 8): a key "007" and a key "7"
are the same number. A fact keeps the form in which it was written.

Knows: how a literal is written, and which forms of a value were seen.
Must not know: rules, single datatypes, or where facts are kept.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Final

from virtkg.rdf.table import TYPED, TermTable
from virtkg.reason import datatypes
from virtkg.reason.datatypes import ILL, STRING, TAGGED, Value

_QUOTE, _END = b'">'
_TYPED: Final = b'"^^<'


def parted(text: bytes) -> tuple[bytes, bytes]:
    """Return the datatype and the form of a literal in N-Triples; a form of rdf:langString ends in @ and its tag."""
    if text[-1] == _QUOTE:
        return STRING, text[1:-1]
    if text[-1] == _END:
        form, _, kind = text.rpartition(_TYPED)
        return kind[:-1], form[1:]
    form, _, tag = text.rpartition(b'"@')
    return TAGGED, form[1:] + b"@" + tag


def value_of(text: bytes) -> Value | None:
    """Return the value of a literal in N-Triples, None if it is not legal or not known; also for what is no literal."""
    value = _read(text)
    return None if value is ILL else value


def _read(text: bytes) -> Value | None:
    if text[0] != _QUOTE:
        return None
    kind, form = parted(text)
    if kind == TAGGED and text[-1] != _END:
        body, _, tag = form.rpartition(b"@")
        return "tagged", (body, tag.lower())
    return datatypes.read(kind, form)


def differ(one: bytes, other: bytes) -> bool | None:
    """Tell whether two terms in N-Triples are literals of different values; None if that is not known."""
    if one == other or _QUOTE not in (one[0], other[0]):
        return False
    return datatypes.differ(_read(one), _read(other)) if one[0] == other[0] else False


class Values:
    """Gives one number to all forms of a value, and the forms to each.

    `kinds` are the typed literals seen by their datatype, `ill` those whose
    form is not legal.
    """

    def __init__(self, table: TermTable) -> None:
        self._table = table
        self._first: dict[int, int] = {}
        self._forms: dict[int, list[int]] = {}
        self._known: dict[Value, int] = {}
        self._others: dict[int, int] = {}
        self.kinds: dict[bytes, array[int]] = {}
        self.ill: array[int] = array("q")

    def first(self, number: int) -> int:
        """Return the number of the first form seen of a value; itself for whatever has one form only."""
        first = self._first.get(number)
        if first is None:
            text = self._table.texts[number]
            typed = text[-1] == _END and text[0] == _QUOTE
            first = self._first[number] = self._same(number, *parted(text)) if typed else number
        return first

    def see(self, numbers: Iterable[int]) -> None:
        """Look at the literals among some terms that can have other forms."""
        marks = self._table.marks
        for number in numbers:
            if marks[number] & TYPED and number not in self._first:
                self.first(number)

    def _same(self, number: int, kind: bytes, form: bytes) -> int:
        value = datatypes.read(kind, form)
        if value is ILL:
            self.ill.append(number)
            return number
        group = self.kinds.get(kind)
        if group is None:
            group = self.kinds[kind] = array("q")
        group.append(number)
        if value is None:
            return number
        first = self._known.get(value)
        if first is None:
            first = self._known[value] = self._plain(value) if value[0] in ("string", "tagged") else number
        if first != number:
            self._forms.setdefault(first, [first]).append(number)
            self._others[number] = first
        return first

    def _plain(self, value: Value) -> int:
        """Return the literal without a datatype that has a value: no other form of it comes first."""
        text, tag = value[1] if isinstance(value[1], tuple) else (value[1], None)
        return self._table.intern(b'"%b"' % text if tag is None else b'"%b"@%b' % (text, tag))

    def others(self, number: int) -> list[int]:
        """Return the forms seen so far of a value, none if it is of a kind that has one form only."""
        forms = self._forms.get(self.first(number))
        if forms is not None:
            return forms
        text = self._table.texts[number]
        return [number] if text[-1] == _END and text[0] == _QUOTE else []

    def table(self) -> dict[int, int]:
        """Return the first form for each other form of a value."""
        return self._others

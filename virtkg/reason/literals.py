"""Literals that are written differently and have the same value.

Rules join on values (dt-eq of OWL 2 RL, table 8): a key "007" and a key "7"
are the same number. A fact keeps the form in which it was written.

Knows: the values of the datatypes that OWL 2 RL supports, as far as two forms
can have one value. Must not know: rules, or where facts are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from virtkg.namespaces import XSD

Value: TypeAlias = tuple[str, object]
"""A value space and a value in it."""

_SUFFIX: Final = f"^^<{XSD}".encode()
_WHOLE: Final = frozenset(
    {
        *("integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger"),
        *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    }
)
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_FLOAT: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}


def value_of(text: bytes) -> Value | None:
    """Return the value of a literal in N-Triples, None if no other form can have it."""
    head, found, tail = text.rpartition(_SUFFIX)
    if not found:
        return None
    kind, form = tail[:-1].decode(), head[1:-1].decode().strip(" \t\r\n")
    if kind in _WHOLE and _INTEGER.fullmatch(form):
        return "decimal", Decimal(form)
    if kind == "decimal" and _DECIMAL.fullmatch(form):
        return "decimal", Decimal(form)
    if kind in ("double", "float") and _FLOAT.fullmatch(form):
        return kind, _floating(form)
    if kind == "boolean" and form in _TRUTH:
        return kind, _TRUTH[form]
    return None


def _floating(form: str) -> object:
    value = float(form)
    # Zero and minus zero are two values (XML Schema 1.1, part 2, 3.3.4), and NaN is one.
    return repr(value)


class Values:
    """Gives one number to all forms of a value, and the forms to each."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        self._texts = texts
        self._first: dict[int, int] = {}
        self._forms: dict[int, list[int]] = {}
        self._known: dict[Value, int] = {}

    def first(self, number: int) -> int:
        """Return the number of the first form seen of a value; itself for whatever has one form only."""
        first = self._first.get(number)
        if first is None:
            value = value_of(self._texts[number])
            first = number if value is None else self._known.setdefault(value, number)
            self._first[number] = first
            if value is not None:
                self._forms.setdefault(first, []).append(number)
        return first

    def others(self, number: int) -> list[int]:
        """Return the forms seen so far of a value, none if it is of a kind that has one form only."""
        return self._forms.get(self.first(number), [])

    def table(self) -> dict[int, int]:
        """Return the first form for each other form of a value."""
        return {number: first for number, first in self._first.items() if number != first}

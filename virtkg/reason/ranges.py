"""Which literals are in the data ranges of a schema: the data: facts that rules ask (see owl2rl.srl).

A literal is looked at only if a rule asks for its range: of most datatypes
it is enough to know that of the literal.

Knows: how OWL defines a data range. Must not know: single datatypes, rules, or how facts are kept.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Triple

from virtkg.namespaces import OWL, RDF
from virtkg.rdf.table import LITERAL, TYPED
from virtkg.reason import datatypes
from virtkg.reason.literals import Values, value_of
from virtkg.reason.terms import Fact, Terms, is_class, of_class, owner
from virtkg.record import record
from virtkg.rules.specialise import DATA, list_members
from virtkg.rules.syntax import Rule

_TYPE: Final = NamedNode(RDF + "type")
_EVERY: Final = NamedNode(OWL + "intersectionOf")
_ANY: Final = NamedNode(OWL + "unionOf")
_EQUAL: Final = NamedNode(OWL + "equivalentClass")
_QUOTE: Final = ord('"')


@record
class Join:
    """The literals that are in every part, or in any."""

    every: bool
    parts: tuple[Range, ...]


Range: TypeAlias = "bytes | Join"
"""A data range: the IRI of a datatype, or a join of ranges."""

_Asked: TypeAlias = tuple[Range, bool] | None
"""A range and whether the literals in it or those outside are asked for; None for those that are not legal."""


class Ranges:
    """The data ranges of one schema, and the literals that rules ask of them so far."""

    def __init__(self, terms: Terms, values: Values) -> None:
        self._terms = terms
        self._values = values
        self._ranges: dict[NamedNode, Range] = {}
        self._names: dict[NamedNode, _Asked] = {}
        self._asked: dict[int, _Asked] = {}
        self._done: dict[tuple[int, bytes], int] = {}
        self._plain = {kind: array("q") for kind in (datatypes.STRING, datatypes.TAGGED)}
        self._seen = 0

    def take(self, stated: Sequence[Triple], ill: Iterable[int]) -> list[Fact]:
        """Find the data ranges of a schema; return the data: facts that tell of them.

        `ill` are the properties that have a literal which is not legal.
        """
        table = self._terms.table
        known = (iri for iri in datatypes.DATATYPES if table.get(b"<%b>" % iri) is not None)
        self._ranges = {NamedNode(iri.decode()): iri for iri in sorted(known)}
        if self._ranges:
            _define(stated, self._ranges)
        told = [
            Triple(node, NamedNode(DATA + way), self._named(way, node.value, (range_, way == "in")))
            for node, range_ in self._ranges.items()
            for way in ("in", "outside")
        ]
        wrong = self._named("ill", "", None)
        told += [Triple(self._terms.term(owner(relation)), NamedNode(DATA + "ill"), wrong) for relation in ill]
        return self._terms.facts(told)

    def _named(self, way: str, node: str, asked: _Asked) -> NamedNode:
        name = NamedNode(f"{DATA}{way}/{node}")
        self._names[name] = asked
        return name

    def with_ill(self, facts: Iterable[Fact]) -> set[int]:
        """Return the properties that have a literal which is not legal."""
        ill = set(self._values.ill)
        return {fact[0] for fact in facts if fact[2] in ill and not is_class(fact[0])} if ill else set()

    def ask(self, rules: Iterable[Rule]) -> None:
        """Look from now on at what specialised rules ask for."""
        for rule in rules:
            for atom in rule.atoms():
                if atom.predicate == _TYPE and isinstance(atom.object, NamedNode) and atom.object in self._names:
                    self._asked[of_class(self._terms.number(atom.object))] = self._names[atom.object]

    def look(self) -> Iterator[tuple[int, array[int]]]:
        """Yield the literals of each data: class that were not told of yet."""
        if not self._asked:
            return
        self._scan()
        for relation, asked in self._asked.items():
            found: array[int] = array("q")
            for kind, numbers in self._groups(asked):
                done = self._done.get((relation, kind), 0)
                if done < len(numbers):
                    self._done[relation, kind] = len(numbers)
                    found.extend(numbers[done:] if asked is None else self._chosen(asked, kind, numbers[done:]))
            if found:
                yield relation, found

    def _scan(self) -> None:
        """Sort the new literals of the table by their datatype."""
        texts, marks = self._terms.table.texts, self._terms.table.marks[self._seen :]
        for number in [number for number, mark in enumerate(marks, self._seen) if mark & LITERAL]:
            if marks[number - self._seen] & TYPED:
                self._values.first(number)
            else:
                kind = datatypes.STRING if texts[number][-1] == _QUOTE else datatypes.TAGGED
                self._plain[kind].append(number)
        self._seen += len(marks)

    def _groups(self, asked: _Asked) -> list[tuple[bytes, array[int]]]:
        if asked is None:
            return [(b"", self._values.ill)]
        return [*self._plain.items(), *((b"^%b" % kind, numbers) for kind, numbers in self._values.kinds.items())]

    def _chosen(self, asked: tuple[Range, bool], kind: bytes, numbers: array[int]) -> array[int]:
        range_, wanted = asked
        datatype = kind.removeprefix(b"^")
        if datatype not in datatypes.DATATYPES:
            # What the values of another datatype are is not known.
            return numbers if wanted and range_ == datatypes.LITERAL else array("q")
        whole = _within(datatype, range_)
        if whole is not None:
            return numbers if whole is wanted else array("q")
        texts = self._terms.table.texts
        values = ((number, value_of(texts[number])) for number in numbers)
        return array("q", [n for n, value in values if value is not None and _holds(range_, value) is wanted])


def _define(stated: Sequence[Triple], known: dict[NamedNode, Range]) -> None:
    """Add the data ranges that are defined by known ones."""
    lists = list_members(stated)
    defined: list[tuple[NamedNode, bool, tuple[object, ...]]] = []
    for fact in stated:
        if fact.predicate in (_EVERY, _ANY) and fact.object in lists:
            defined.append((fact.subject, fact.predicate == _EVERY, lists[fact.object]))  # type: ignore[arg-type, index]
        elif fact.predicate == _EQUAL and isinstance(fact.object, NamedNode):
            defined.append((fact.subject, True, (fact.object,)))  # type: ignore[arg-type]
            defined.append((fact.object, True, (fact.subject,)))
    size = 0
    while size != len(known):
        size = len(known)
        for node, every, members in defined:
            if node not in known and all(member in known for member in members):
                known[node] = Join(every, tuple(known[member] for member in members))  # type: ignore[index]


def _within(datatype: bytes, range_: Range) -> bool | None:
    """Tell whether all literals of a datatype (True) or none (False) are in a range; None if that differs."""
    if isinstance(range_, bytes):
        return datatypes.within(datatype, range_)
    found = [_within(datatype, part) for part in range_.parts]
    if (not range_.every) in found:
        return not range_.every
    return None if None in found else range_.every


def _holds(range_: Range, value: datatypes.Value) -> bool:
    if isinstance(range_, bytes):
        return datatypes.holds(range_, value)
    found = (_holds(part, value) for part in range_.parts)
    return all(found) if range_.every else any(found)

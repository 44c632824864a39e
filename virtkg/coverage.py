"""What the graph knows of which platform: each platform with each property it can have, known, disputed or unknown.

Two sorts of cells: a relation that can be denied (supports, runs mode) has one
for each thing of its range and is yes or no; any other property has one and
is a value.

Knows: which properties a platform can have, and facts. Must not know:
questions, or how a survey is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from virtkg.evidence import Evidence
from virtkg.language.schema import LABEL, TYPE, Schema
from virtkg.namespaces import DISPUTED_GRAPH, OWL, RDFS, VKG
from virtkg.record import record
from virtkg.snapshot.reader import Snapshot

_PROPERTIES: Final = tuple(OWL + kind for kind in ("ObjectProperty", "DatatypeProperty"))
_HIDDEN: Final = (VKG + "notDescribed", VKG + "eventOfVersion")
"""Helps of rules, and events, of which a version has those that it has."""

NO_LINE: Final = "without a product line"


class State(StrEnum):
    """What is known in a cell."""

    YES = "yes"
    NO = "no"
    VALUE = "value"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


@record
class Known:
    """One cell: `thing` is what a relation leads to, "" for another property; `value` is what is known of one."""

    platform: str
    iri: str
    line: str
    property: str
    thing: str
    state: State
    value: str


@record
class Tally:
    """How many cells of a name are in each state."""

    name: str
    yes: int
    no: int
    value: int
    disputed: int
    unknown: int

    @property
    def cells(self) -> int:
        """The number of all cells."""
        return self.yes + self.no + self.value + self.disputed + self.unknown


@record
class Coverage:
    """All cells, in the order of platforms and properties, and what they add up to."""

    cells: tuple[Known, ...]
    properties: tuple[Tally, ...]
    lines: tuple[Tally, ...]
    total: Tally
    platforms: int


class Surveyor:
    """Looks at every platform of a snapshot."""

    def __init__(self, snapshot: Snapshot, schema: Schema, evidence: Evidence) -> None:
        self._snapshot = snapshot
        self._schema = schema
        self._evidence = evidence
        self._disputed = snapshot.iri_number(DISPUTED_GRAPH)

    def coverage(self) -> Coverage:
        """Return the cells of all platforms that have a label."""
        platforms = self._members(self._snapshot.iri_number(VKG + "Platform"))
        types = {platform: self._schema.types(platform) for platform in platforms}
        lines = {platform: self._line(platform) for platform in platforms}
        relations = self._relations()
        found: list[Known] = []
        for property_ in self._properties(relations):
            able = [platform for platform in platforms if self._schema.fits(property_, "domain", types[platform])]
            if able and property_ in relations:
                found += self._related(property_, relations[property_], able, lines)
            elif able:
                found += self._valued(property_, able, lines)
        found.sort(key=lambda cell: (cell.platform, cell.iri, cell.property, cell.thing))
        properties, of_lines = ((cell.property for cell in found), (cell.line for cell in found))
        total = _tallies(("all", cell) for cell in found)
        return Coverage(
            tuple(found),
            _tallies(zip(properties, found, strict=True)),
            _tallies(zip(of_lines, found, strict=True)),
            total[0] if total else Tally("all", 0, 0, 0, 0, 0),
            len(platforms),
        )

    # what there is

    def _members(self, class_: int | None) -> list[int]:
        type_ = self._snapshot.iri_number(TYPE)
        if class_ is None or type_ is None:
            return []
        members = dict.fromkeys(thing for thing, _ in self._snapshot.subjects(type_, class_))
        return [thing for thing in members if self._schema.texts(thing, LABEL)]

    def _line(self, platform: int) -> str:
        """Return the label of the product line of a platform, which may be one itself."""
        release_of = self._snapshot.iri_number(VKG + "releaseOf")
        found = [] if release_of is None else sorted({line for line, _ in self._snapshot.objects(platform, release_of)})
        if found:
            return self._schema.label(found[0])
        line = self._snapshot.iri_number(VKG + "ProductLine")
        return self._schema.label(platform) if line in self._schema.types(platform) else NO_LINE

    def _relations(self) -> dict[int, list[int]]:
        """Return the relations that can be denied, with the properties that deny them."""
        contrary_of = self._snapshot.iri_number(VKG + "contraryOf")
        found: dict[int, list[int]] = {}
        for negative, positive, _ in () if contrary_of is None else self._snapshot.column(contrary_of):
            found.setdefault(positive, []).append(negative)
        return found

    def _properties(self, relations: dict[int, list[int]]) -> list[int]:
        """Return the properties that say something of their own of the things of which the vocabulary says they can."""
        sides = {*relations, *(negative for negatives in relations.values() for negative in negatives)}
        found = []
        for property_ in self._declared():
            above = self._objects(property_, RDFS + "subPropertyOf")
            own = property_ in relations or not (property_ in sides or set(above) & sides)
            hidden = any(self._schema.marks(property_, mark) for mark in _HIDDEN)
            declared = self._objects(property_, RDFS + "domain") or self._schema.marks(property_, VKG + "askedOf")
            if own and not hidden and declared:
                found.append(property_)
        return found

    def _declared(self) -> list[int]:
        kinds = (self._snapshot.iri_number(kind) for kind in _PROPERTIES)
        return list(dict.fromkeys(property_ for kind in kinds for property_ in self._members(kind)))

    def _objects(self, subject: int, predicate: str) -> list[int]:
        number = self._snapshot.iri_number(predicate)
        return [] if number is None else [object_ for object_, _ in self._snapshot.objects(subject, number)]

    # what is known

    def _related(
        self, property_: int, negatives: list[int], platforms: list[int], lines: dict[int, str]
    ) -> Iterator[Known]:
        ranges = self._objects(property_, RDFS + "range")
        things = list(dict.fromkeys(thing for class_ in ranges for thing in self._members(class_)))
        yes, for_ = self._pairs(property_)
        no, against = set[tuple[int, int]](), set[tuple[int, int]]()
        for negative in negatives:
            denied, disputed = self._pairs(negative)
            no |= denied
            against |= disputed
        label = self._schema.label(property_)
        for platform in platforms:
            for thing in things:
                pair = platform, thing
                if (pair in yes and pair in no) or pair in for_ or pair in against:
                    state = State.DISPUTED
                else:
                    state = State.YES if pair in yes else State.NO if pair in no else State.UNKNOWN
                yield Known(*self._names(platform, lines), label, self._schema.label(thing), state, "")

    def _pairs(self, property_: int) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """Return what a property relates, and that of it which is disputed."""
        column = list(self._snapshot.column(property_))
        disputed = {(subject, object_) for subject, object_, graph in column if graph == self._disputed}
        return {(subject, object_) for subject, object_, _ in column}, disputed

    def _valued(self, property_: int, platforms: list[int], lines: dict[int, str]) -> Iterator[Known]:
        values, disputed = self._pairs(property_)
        found: dict[int, dict[str, None]] = {}
        doubted = {owner for subject, _ in disputed for owner in self._owners(subject, property_)}
        for subject, object_ in sorted(values):
            for owner in self._owners(subject, property_):
                found.setdefault(owner, {})[self._schema.text_of(object_)] = None
        label = self._schema.label(property_)
        for platform in platforms:
            state = State.UNKNOWN if platform not in found else State.VALUE
            state = State.DISPUTED if platform in doubted else state
            yield Known(*self._names(platform, lines), label, "", state, "; ".join(found.get(platform, ())))

    def _owners(self, subject: int, property_: int) -> list[int]:
        """Return a thing, and those of which it is a part whose measures speak for them."""
        if not self._schema.is_measure(property_):
            return [subject]
        speaking = self._schema.having(VKG + "partsSpeakFor")
        return [subject, *(whole for part_of in speaking for whole, _ in self._snapshot.objects(subject, part_of))]

    def _names(self, platform: int, lines: dict[int, str]) -> tuple[str, str, str]:
        return self._schema.label(platform), self._snapshot.iri(platform), lines[platform]


def _tallies(cells: Iterable[tuple[str, Known]]) -> tuple[Tally, ...]:
    counts: dict[str, dict[State, int]] = {}
    for name, cell in cells:
        count = counts.setdefault(name, dict.fromkeys(State, 0))
        count[cell.state] += 1
    return tuple(Tally(name, *counts[name].values()) for name in sorted(counts))

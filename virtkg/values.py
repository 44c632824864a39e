"""The values of properties, as a reader wants them: as written, with unit and sources.

Knows: literals, units, statement nodes.
Must not know: questions, or how a value is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from virtkg.answer import Field, Row, Value, Verdict
from virtkg.evidence import Evidence
from virtkg.grounds import compare
from virtkg.language.conditions import Compared
from virtkg.language.schema import Schema
from virtkg.namespaces import SRC, VKG
from virtkg.record import replace
from virtkg.snapshot.facts import Facts

_SERIES: Final = VKG + "leadsToSeries"


class Values:
    """Looks up and words the values of a snapshot."""

    def __init__(self, snapshot: Facts, schema: Schema, evidence: Evidence) -> None:
        self._snapshot = snapshot
        self._schema = schema
        self._evidence = evidence

    def field(self, thing: int, property_: int, scope: int | None = None) -> Field | None:
        """Return the values of a property of a thing, those of a scope if one is given, or None if there is none."""
        values = self.values(thing, property_, scope)
        return Field(self._schema.label(property_), values) if values else None

    def label(self, property_: NamedNode) -> str:
        """Return the label of a property."""
        return self._schema.label(self._snapshot.known(property_))

    def values(self, thing: int, property_: int, scope: int | None = None) -> tuple[Value, ...]:
        """Return the values of a property of a thing, those of a scope if one is given, the surest first."""
        found: list[Value] = []
        bearers = self.parts(thing) if self._schema.is_measure(property_) else (thing,)
        for part in bearers if scope is None else [part for part in bearers[1:] if scope in self._scopes(part)]:
            objects = dict.fromkeys(object_ for object_, _ in self._snapshot.objects(part, property_))
            values = [self.value(part, property_, object_) for object_ in objects]
            values.sort(key=lambda value: (value.inferred, value.text))
            found += values if part == thing else [self._scoped(value, part) for value in values]
        return tuple(found)

    def parts(self, thing: int) -> tuple[int, ...]:
        """Return a thing and the parts that speak for it within their scope, in the order of their scopes."""
        parts = [
            part
            for property_ in self._schema.having(VKG + "partsSpeakFor")
            for part, _ in self._snapshot.subjects(property_, thing)
        ]
        return (thing, *sorted(dict.fromkeys(parts), key=lambda part: (self.scope(part), part)))

    def _scoped(self, value: Value, part: int) -> Value:
        scope = self.scope(part)
        return replace(value, text=f"{value.text} ({scope})") if scope else value

    def scope(self, part: int) -> str:
        """Return in words the scopes of a part, "" for none."""
        return ", ".join(sorted(map(self._schema.label, self._scopes(part))))

    def _scopes(self, part: int) -> set[int]:
        return {
            scope
            for property_ in self._schema.having(VKG + "scopesParts")
            for scope, _ in self._snapshot.objects(part, property_)
        }

    def value(self, thing: int, property_: int, object_: int) -> Value:
        """Return one value, with who states it."""
        fact = thing, property_, object_
        term = self._snapshot.term(object_)
        unit = self._schema.measured_in(property_) if isinstance(term, Literal) else None
        return Value(
            self._text(fact, term, unit),
            term.value,
            self._schema.label(unit) if unit is not None else "",
            Verdict.DISPUTED if self._evidence.is_disputed(fact) else Verdict.YES,
            self._evidence.is_inferred(fact),
            tuple(self._evidence.slug(graph) for graph in self._evidence.sources(fact)),
        )

    def row(self, thing: int, fields: tuple[Field, ...], *, inferred: bool = False) -> Row:
        """Return the row of a thing with its values, disputed if one of them is."""
        every = [value for field in fields for value in field.values]
        disputed = any(value.verdict is Verdict.DISPUTED for value in every)
        sources = tuple(dict.fromkeys(source for value in every for source in value.sources))
        verdict = Verdict.DISPUTED if disputed else Verdict.YES
        return Row(self._schema.label(thing), self._snapshot.iri(thing), verdict, inferred, sources, fields)

    def remarks(self, thing: int, property_: int) -> list[str]:
        """Return what sources add to the values of a property, once each."""
        said: dict[str, None] = {}
        for part in self.parts(thing) if self._schema.is_measure(property_) else (thing,):
            for object_ in dict.fromkeys(object_ for object_, _ in self._snapshot.objects(part, property_)):
                for remark in self._evidence.remarks((part, property_, object_)):
                    if remark.said:
                        said[f"{remark.source}: {remark.said}"] = None
        return list(said)

    def of_releases(self, series: int, property_: int) -> list[str]:
        """Return what is said of the releases of a series, shown beside what is said of itself."""
        said = []
        for release in self.releases(series):
            field = self.field(release, property_)
            if field is not None:
                values = " or ".join(f"{value.text} ({', '.join(value.sources)})" for value in field.values)
                said.append(f"its release {self._schema.label(release)}: {values}")
        return sorted(said)

    def releases(self, series: int) -> list[int]:
        """Return the releases that belong to a series."""
        return [
            found for leading in self._schema.having(_SERIES) for found in self._schema.subjects_of(series, leading)
        ]

    def series(self, release: int) -> list[int]:
        """Return the series to which a release belongs."""
        return [
            series for leading in self._schema.having(_SERIES) for series in self._schema.things_of(release, leading)
        ]

    def sides(self, dispute: int) -> Iterator[Field]:
        """Yield the contradicting values of a dispute; nothing for any other thing."""
        for subject, property_, object_ in self._schema.disputed(dispute):
            if object_ is None:
                field = self.field(subject, property_)
                if field is not None:
                    yield field
            elif self._evidence.holds((subject, property_, object_)):
                yield Field(self._schema.label(property_), (self.value(subject, property_, object_),))

    def turns_on_unit(self, thing: int, property_: int, compared: Compared) -> bool:
        """Tell whether a comparison changes when a value written in a decimal unit is read as a binary one."""
        for object_ in dict.fromkeys(object_ for object_, _ in self._snapshot.objects(thing, property_)):
            size = int(self._snapshot.term(object_).value)
            other = self.read_as_binary((thing, property_, object_), size)
            if compare(size, compared.operator, compared.number) != compare(other, compared.operator, compared.number):
                return True
        return False

    def read_as_binary(self, fact: tuple[int, int, int], size: int) -> int:
        """Return the size that a fact states as it would be if the unit in which it is written were binary."""
        written = self.as_written(fact)
        units = self._schema.units()
        sizes = {self._schema.alternative_labels(unit)[0]: self._schema.bytes_of(unit) or 1 for unit in units}
        for symbol, factor in sizes.items():
            binary = sizes.get(f"{symbol[:1].upper()}iB")
            if binary is not None and factor != binary and written.rstrip().endswith(symbol) and len(symbol) == 2:
                return size // factor * binary
        return size

    def title(self, slug: str) -> str:
        """Return the label of a source by its slug."""
        graph = self._snapshot.iri_number(SRC + slug)
        return slug if graph is None else self._evidence.title(graph)

    def _text(self, fact: tuple[int, int, int], term: object, unit: int | None) -> str:
        if not isinstance(term, Literal):
            return self._schema.label(fact[2])
        if unit is None:
            # Blanks at an end belong to the value, and would not be seen.
            return term.value if term.value == term.value.strip() else f"“{term.value}”"
        return self.as_written(fact) or self.in_largest_unit(int(term.value))

    def as_written(self, fact: tuple[int, int, int]) -> str:
        """Return how the sources write a value, each spelling once, whatever its blanks; "" if none says."""
        written = {r.as_written.replace(" ", ""): r.as_written for r in self._evidence.remarks(fact) if r.as_written}
        return " or ".join(written[spelling] for spelling in sorted(written))

    def in_largest_unit(self, size: int) -> str:
        """Return a size in the largest unit in which it is a whole number."""
        best = f"{size} B"
        for unit in self._schema.units():
            factor = self._schema.bytes_of(unit) or 1
            if size and size % factor == 0:
                best = f"{size // factor} {self._schema.alternative_labels(unit)[0]}"
        return best

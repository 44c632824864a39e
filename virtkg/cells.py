"""What cells say of some things, one line for each aspect: how modes virtualize each resource, for example.

A cell joins a subject and an aspect and has values of its own; the vocabulary
says which class is one of cells (`vkg:facetSubject`).

Knows: cells, by what the vocabulary says of them. Must not know: modes, resources, or questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from virtkg.answer import Value, Verdict
from virtkg.language.schema import Schema
from virtkg.namespaces import VKG
from virtkg.snapshot.facts import Facts
from virtkg.values import Values


class CellTable:
    """The cells of some things."""

    def __init__(self, snapshot: Facts, schema: Schema, values: Values, things: list[int]) -> None:
        self._lines: dict[tuple[int, int], list[tuple[Value, ...]]] = {}
        self._told: set[str] = set()
        for class_ in schema.having(VKG + "facetSubject"):
            facets = schema.facets(class_)
            if facets is not None:
                of_subject, of_aspect, properties = facets
                for column, thing in enumerate(things):
                    for cell, _ in dict.fromkeys(snapshot.subjects(of_subject, thing)):
                        self._told.add(snapshot.iri(cell))
                        for aspect in dict.fromkeys(object_ for object_, _ in snapshot.objects(cell, of_aspect)):
                            self._told.add(snapshot.iri(aspect))
                            for property_ in properties:
                                line = self._lines.setdefault((aspect, property_), [() for _ in things])
                                said = values.values(cell, property_)
                                line[column] = tuple(dict.fromkeys((*line[column], *said)))
                                self._told |= {value.value for value in said}

    def lines(self) -> Iterator[tuple[int, int, list[tuple[Value, ...]]]]:
        """Yield (aspect, property, values for each thing) of what is said of some thing."""
        for (aspect, property_), found in self._lines.items():
            if any(found):
                yield aspect, property_, found

    def say(self, values: Iterable[Value]) -> bool:
        """Tell whether some values only repeat, by inference, what cells say."""
        known = [value for value in values if value.verdict is not Verdict.UNKNOWN]
        return bool(known) and all(value.inferred and value.value in self._told for value in known)

"""The rows of a list whose condition leads to some thing of a kind → the things it leads to: acquired by whom.

Knows: which conditions lead on, and to what. Must not know: how the rows were found, or how they are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, takewhile
from typing import Final

from pyoxigraph import NamedNode

from virtkg.answer import Field, Row, Value
from virtkg.evidence import Evidence
from virtkg.grounds import Finder
from virtkg.language.canonical import Speaker
from virtkg.language.conditions import Condition, Related, ResolvedNoun, conjuncts
from virtkg.language.schema import Schema
from virtkg.record import replace
from virtkg.snapshot.facts import Facts
from virtkg.values import Values

_MOST: Final = 4
"""A condition that leads to more things from some row is no column: those lists say little."""


class Links:
    """Finds the things that link the rows of lists to their conditions."""

    def __init__(
        self,
        facts: Facts,
        schema: Schema,
        *,
        evidence: Evidence,
        values: Values,
        finder: Finder,
        speaker: Speaker,
    ) -> None:
        self._number = facts.known
        self._schema = schema
        self._evidence = evidence
        self._values = values
        self._finder = finder
        self._speaker = speaker

    def added(self, rows: list[Row], condition: Condition | None) -> list[Row]:
        """Return the rows with a field for each condition that leads from all of them to a few things."""
        for part in conjuncts(condition):
            if isinstance(part, Related) and isinstance(part.object, ResolvedNoun):
                fields = list(takewhile(_is_short, (self._field(row, part, part.object) for row in rows)))
                if len(fields) == len(rows):
                    rows = [replace(row, fields=(*row.fields, more)) for row, more in zip(rows, fields, strict=True)]
        return rows

    def _field(self, row: Row, link: Related, noun: ResolvedNoun) -> Field:
        thing, property_ = self._number(NamedNode(row.iri)), self._number(link.property)
        others = islice(self._others(thing, link, noun), _MOST + 1)
        values = (self._value(thing, property_, other, link.inverse) for other in others)
        return Field(self._speaker.leading(link), tuple(values))

    def _others(self, thing: int, link: Related, noun: ResolvedNoun) -> Iterator[int]:
        look = self._schema.subjects_of if link.inverse else self._schema.things_of
        class_ = self._number(noun.class_)
        for other in look(thing, self._number(link.property)):
            if class_ in self._schema.types(other):
                if noun.condition is None or self._finder.holds(noun.condition, other):
                    yield other

    def _value(self, thing: int, property_: int, other: int, inverse: bool) -> Value:
        fact = (other, property_, thing) if inverse else (thing, property_, other)
        value = self._values.value(*fact)
        bounds = dict.fromkeys(remark.bounds for remark in self._evidence.remarks(fact) if remark.bounds)
        label = self._schema.label(other)
        said = f"{label} ({'; '.join(bounds)})" if bounds else label
        return replace(value, text=said, value=label)


def _is_short(field: Field) -> bool:
    return 0 < len(field.values) <= _MOST

"""Things that came or went with a version → in the order of the versions, which are shown.

Knows: the versions of an event, and what each follows. Must not know: words, or how a list is found or shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from virtkg.answer import Field, Row
from virtkg.language.conditions import Came, Condition, Junction, Not, Related, ResolvedNoun
from virtkg.language.schema import Schema
from virtkg.natural import natural
from virtkg.record import replace
from virtkg.snapshot.facts import Facts
from virtkg.values import Values
from virtkg.version_order import before

_LAST: Final = 2**31
"""A place after all others."""


def came(condition: Condition | None) -> list[Came]:
    """Return the parts of a condition that tell with which versions something came or went."""
    match condition:
        case Came():
            return [condition]
        case Not(part):
            return came(part)
        case Junction(_, parts):
            return [found for part in parts for found in came(part)]
        case _:
            return []


class Arrivals:
    """Puts rows into the order of versions; `said` gives the words for an event before its versions."""

    def __init__(self, snapshot: Facts, schema: Schema, values: Values, said: Callable[[Came], str]) -> None:
        self._snapshot = snapshot
        self._number = snapshot.known
        self._schema = schema
        self._values = values
        self._said = said

    def in_order(self, rows: Iterable[Row], condition: Condition | None) -> list[Row]:
        """Return rows with their versions, the earliest first in each verdict; without an event, as they are."""
        events = came(condition)
        if not events:
            return list(rows)
        rows = list(rows)
        verdicts = list(dict.fromkeys(row.verdict for row in rows))
        keyed = [
            (verdicts.index(row.verdict), self._place(row, events[0]), natural(row.label), self._shown(row, events))
            for row in rows
        ]
        return [row for *_, row in sorted(keyed, key=lambda one: one[:3])]

    def _versions(self, row: Row, event: Came) -> list[int]:
        """Return the versions of the line with which a thing came or went."""
        thing, line = self._number_of(row), self._line(event)
        happened = self._schema.subjects_of(thing, self._number(event.within.property))
        return [version for version in happened if line & set(self._schema.lines(version))]

    def _line(self, event: Came) -> set[int]:
        return set(self._schema.lines(self._number(_order(event).object)))

    def _place(self, row: Row, event: Came) -> int:
        """Return how many versions come before the first one; things of no known version stand last."""
        order = self._number(_order(event).property)
        counts = [len(before(self._schema, version, (order,))) for version in self._versions(row, event)]
        return min(counts, default=_LAST)

    def _shown(self, row: Row, events: list[Came]) -> Row:
        fields = list(row.fields)
        for event in events:
            property_, thing = self._number(event.within.property), self._number_of(row)
            values = [
                replace(
                    self._values.value(version, property_, thing),
                    text=self._schema.label(version),
                    value=self._snapshot.iri(version),
                )
                for version in self._versions(row, event)
            ]
            field = Field(self._said(event), tuple(sorted(values, key=lambda value: natural(value.text))))
            if values and field not in fields:
                fields.append(field)
        return replace(row, fields=tuple(fields))

    def _number_of(self, row: Row) -> int:
        number = self._snapshot.iri_number(row.iri)
        assert number is not None
        return number


def _order(event: Came) -> Related:
    """Return the place in the order of versions."""
    noun = event.within.object
    assert isinstance(noun, ResolvedNoun)
    assert isinstance(noun.condition, Related)
    return noun.condition

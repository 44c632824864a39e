"""What is to be said beside a comparison of measures: the other thing's values, and units that decide it.

Knows: conditions on measures, notes. Must not know: how an answer is found or shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode

from virtkg.answer import Note
from virtkg.grounds import Finder, Stated, against
from virtkg.language.conditions import Compared, ComparedWith, Condition, comparisons
from virtkg.language.schema import Schema
from virtkg.snapshot.reader import TripleKey
from virtkg.values import Values


class Doubts:
    """Finds what to say beside comparisons."""

    def __init__(self, schema: Schema, values: Values, finder: Finder) -> None:
        self._schema = schema
        self._values = values
        self._finder = finder

    def of_units(self, condition: Condition | None, things: Iterable[int]) -> Iterator[Note]:
        """Say of which things a comparison turns on whether TB means 10^12 or 2^40 bytes."""
        things = list(things)
        for compared in comparisons(condition):
            doubtful = [thing for thing in things if self._turns(compared, thing)]
            if doubtful:
                names = ", ".join(self._schema.label(thing) for thing in self._schema.in_order(doubtful))
                said = f"{names}: the source writes a decimal unit; read as a binary one, the comparison changes"
                yield Note("W602", said)

    def of_others(self, condition: Condition | None) -> Iterator[Note]:
        """Say what values the things have that others are compared with."""
        for compared in comparisons(condition):
            if isinstance(compared, ComparedWith):
                thing, property_ = self._number(compared.other), self._number(compared.property)
                name = f"{self._schema.label(property_)} of {self._schema.label(thing)}"
                values = self._values.values(thing, property_)
                said = "; ".join(" by ".join(filter(None, (value.text, ", ".join(value.sources)))) for value in values)
                none = Note("I706", f"no source in the graph states {name}")
                yield Note("I723", f"{name}: {said}") if values else none

    def _turns(self, compared: Compared | ComparedWith, thing: int) -> bool:
        if isinstance(compared, Compared):
            property_ = self._number(compared.property)
            return compared.unit is not None and self._values.turns_on_unit(thing, property_, compared)
        other = self._number(compared.other)
        ours, theirs = self._finder.stated(compared, thing), self._finder.stated(compared, other)
        if thing == other or not ours or not theirs:
            return False
        read = (self._as_binary(stated) for stated in (ours, theirs))
        first, second = against(ours, compared.operator, theirs), against(next(read), compared.operator, next(read))
        return (bool(first.pro), bool(first.contra)) != (bool(second.pro), bool(second.contra))

    def _as_binary(self, stated: Stated) -> Stated:
        def pair(fact: TripleKey, size: int) -> tuple[TripleKey, int]:
            return fact, self._values.read_as_binary(fact, size)

        return [[pair(*found) for found in part] for part in stated]

    def _number(self, term: NamedNode) -> int:
        number = self._schema.named(term.value)
        assert number is not None
        return number

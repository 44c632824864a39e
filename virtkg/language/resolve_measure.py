"""Comparisons with numbers → conditions in the units of the graph.

Knows: measures, their units, and exact numbers. Must not know: the other modifiers of a noun.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from pyoxigraph import NamedNode

from virtkg.diagnostics import QuestionError
from virtkg.language.resolved import Compared, Condition
from virtkg.language.schema import Schema
from virtkg.language.syntax import Comparison

_LARGEST: Final = 2**63 - 1
"""The largest whole number that the query engine compares."""


class MeasureResolver:
    """Resolves comparisons against the measures of a vocabulary."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def conditions(self, comparison: Comparison, classes: frozenset[int]) -> list[Condition]:
        """Return the meanings of a comparison of things of some classes.

        Raises QuestionError E306: a unit is missing, of another kind, or the number is none of it.
        """
        found: list[Condition] = []
        leading = self._schema.speaking_part()
        parts = None if leading is None else (self._schema.iri(leading[0]), self._schema.iri(leading[1]))
        for sense in comparison.measure.senses:
            if self._schema.accepts(sense.term, "domain", classes):
                unit = self._schema.measured_in(sense.term)
                number, written = self._in_unit(comparison, unit)
                found.append(Compared(self._schema.iri(sense.term), comparison.operator, number, written, parts))
        return found

    def _in_unit(self, comparison: Comparison, unit: int | None) -> tuple[int, NamedNode | None]:
        if comparison.number > _LARGEST:
            raise self._unit_error(comparison, "is compared with a number that is too large")
        if unit is None:
            if comparison.unit is not None or comparison.number % 1:
                raise self._unit_error(comparison, "is a count and takes a whole number without a unit")
            return int(comparison.number), None
        if comparison.unit is None:
            raise self._unit_error(comparison, "needs a unit")
        factor = self._schema.bytes_of(comparison.unit.senses[0].term)
        base = self._schema.bytes_of(unit) or 1
        if factor is None:
            raise self._unit_error(comparison, "is not measured in that unit")
        exact = comparison.number * Decimal(factor) / Decimal(base)
        if exact > _LARGEST:
            raise self._unit_error(comparison, "is compared with a number that is too large")
        if exact % 1:
            raise self._unit_error(comparison, "has no such part: the number is not whole in bytes")
        return int(exact), self._schema.iri(comparison.unit.senses[0].term)

    def _unit_error(self, comparison: Comparison, problem: str) -> QuestionError:
        names = [self._schema.alternative_labels(unit)[0] for unit in self._schema.units() if unit]
        return QuestionError(
            "E306",
            f"{self._schema.label(comparison.measure.senses[0].term)} {problem}",
            hint="the units are " + ", ".join(names),
            column=comparison.start + 1,
            length=comparison.end - comparison.start,
        )

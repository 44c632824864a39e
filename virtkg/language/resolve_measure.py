"""Measures → conditions and places: compared with numbers, with another thing's, or the most of all.

Knows: units, which classes a measure is asked of, which parts speak for a thing.
Must not know: the text's grammar, other conditions, or SPARQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from pyoxigraph import NamedNode

from virtkg.diagnostics import QuestionError
from virtkg.language.conditions import Compared, ComparedWith, Condition, ResolvedNoun
from virtkg.language.questions import RankQuestion
from virtkg.language.resolve_values import ValueResolver
from virtkg.language.resolved import ResolvedRanked
from virtkg.language.schema import Schema
from virtkg.language.syntax import Amount, Comparison, Noun, Phrase, Superlative, Than

_LARGEST: Final = 2**63 - 1
"""The largest whole number that the query engine compares."""

_OPEN: Final = (">=", "=")
"""How a measure may compare with a number when no word says it."""

_MOST_PLACES: Final = 1000


class MeasureResolver:
    """Resolves what is said of measures."""

    def __init__(self, schema: Schema, value: ValueResolver) -> None:
        """Take the vocabulary, and what resolves scopes."""
        self._schema = schema
        self._value = value

    def conditions(
        self, comparison: Comparison | Than | Superlative | Amount, classes: frozenset[int]
    ) -> Iterator[Condition]:
        """Yield the meanings of a comparison on things of some classes.

        Raises QuestionError: E303 another thing without such a measure, E306
        unit missing or of another kind, E308 a superlative among other
        conditions, or a number of things without one.
        """
        if isinstance(comparison, Superlative):
            said = f"“{comparison.measure.text}” is to be the most or the least, and it is open among which things"
            hint = "say it last and without “and”, as in: A with B with the most C; or: top 3 A with B by C"
            raise _error("E308", said, hint, comparison)
        if isinstance(comparison, Amount):
            said = f"no measure says which {comparison.number} are asked for"
            raise _error("E308", said, "ask as: top 3 A by B; or without the number for all", comparison)
        for measure in self._measures(comparison.measure, classes):
            iri = self._schema.iri(measure)
            if isinstance(comparison, Comparison):
                unit = self._schema.measured_in(measure)
                number, written = self._in_unit(comparison, unit)
                # “With 64 vCPUs” may mean that or more.
                for operator in [comparison.operator] if comparison.operator else _OPEN:
                    for scope in self._scopes(comparison):
                        yield Compared(iri, operator, number, written, self._parts(), scope)
            else:
                for thing in self._measured(measure, comparison):
                    yield ComparedWith(iri, comparison.operator, self._schema.iri(thing), self._parts())

    def _scopes(self, comparison: Comparison) -> list[NamedNode] | list[None]:
        return [None] if comparison.scope is None else self._value.scopes(comparison.scope)

    def _measured(self, measure: int, than: Than) -> list[int]:
        """Return the other things of a comparison that can have a measure."""
        things = dict.fromkeys(sense.term for sense in than.other.senses)
        found = [thing for thing in things if self._schema.accepts(measure, "domain", self._schema.types(thing))]
        if not found:
            said = f"“{than.other.text}” has no “{than.measure.text}” to compare with"
            raise _error("E303", said, "name a thing that has one", than.other)
        return found

    def ranked(self, question: RankQuestion, nouns: list[ResolvedNoun]) -> list[ResolvedRanked]:
        """Return the meanings of a question for the things with the most or the least of a measure.

        Raises QuestionError: E308 no number of things, or a measure that
        could be said of several nouns.
        """
        by, count = question.by, self.count(question)
        if question.loose:
            self._refuse_inner(question.noun, by)
        found: list[ResolvedRanked] = []
        for noun in nouns:
            number = self._schema.named(noun.class_.value)
            assert number is not None
            for measure in self._measures(by.measure, self._schema.superclasses(number)):
                found.append(ResolvedRanked(noun, self._schema.iri(measure), by.highest, count, self._parts()))
        return found

    def _measures(self, measure: Phrase, classes: frozenset[int]) -> list[int]:
        return [sense.term for sense in measure.senses if self._schema.accepts(sense.term, "domain", classes)]

    def _parts(self) -> tuple[NamedNode, NamedNode] | None:
        leading = self._schema.speaking_part()
        return None if leading is None else (self._schema.iri(leading[0]), self._schema.iri(leading[1]))

    def count(self, question: RankQuestion) -> int:
        """Return how many places are asked for, 0 for all."""
        amount = question.by.amount
        if amount is None:
            return 0 if question.every else 1
        if amount.number % 1 or not 1 <= amount.number <= _MOST_PLACES:
            hint = f"ask for a whole number of things, from 1 to {_MOST_PLACES}"
            raise _error("E308", f"there are no {amount.number} first places", hint, amount)
        return int(amount.number)

    def _refuse_inner(self, noun: Noun, by: Superlative) -> None:
        for modifier in noun.modifiers:
            inner = modifier.object
            if not isinstance(inner, Phrase) or inner.terminal != "CLASS" or modifier.governor == "is":
                continue
            if any(self._measures(by.measure, self._schema.superclasses(sense.term)) for sense in inner.senses):
                said = f"it is open whether “{noun.head.text}” or “{inner.text}” is to have the most or the least"
                raise _error("E308", said, "ask as: top 1 A of B by C; or for the other things first", by)

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
        said = f"{self._schema.label(comparison.measure.senses[0].term)} {problem}"
        return _error("E306", said, "the units are " + ", ".join(names), comparison)


def _error(code: str, said: str, hint: str, place: Comparison | Superlative | Amount | Phrase) -> QuestionError:
    return QuestionError(code, said, hint=hint, column=place.start + 1, length=place.end - place.start)

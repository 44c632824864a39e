"""Places in time → conditions: before a day, since a version, still lasting today.

Knows: which properties have dates, which order versions, which end a span.
Must not know: the text's grammar, other conditions, or SPARQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from pyoxigraph import NamedNode

from virtkg.dates import day_after, first_day, is_date, last_day
from virtkg.diagnostics import QuestionError
from virtkg.language.categories import Category
from virtkg.language.conditions import Came, Condition, Dated, Lasting, Related, ResolvedNoun
from virtkg.language.logic import one
from virtkg.language.resolve_came import BACK, STEPS, came
from virtkg.language.resolved import ResolvedExtreme
from virtkg.language.schema import Schema
from virtkg.language.syntax import Modifier, Moment, Noun, Phrase, Timing, terms
from virtkg.language.vocabulary import Sense
from virtkg.namespaces import VKG
from virtkg.record import replace


class TimeResolver:
    """Resolves places in time; `today` is an ISO day."""

    def __init__(self, schema: Schema, today: str) -> None:
        self._schema = schema
        self._today = today

    def conditions(self, modifier: Modifier, classes: frozenset[int]) -> Iterator[Condition]:
        """Yield the meanings of a modifier of time on things of some classes.

        Raises QuestionError E307 for a date that the calendar does not have.
        """
        timing = modifier.object
        assert isinstance(timing, Timing)
        if modifier.governor == "lasting":
            yield from self._lasting(modifier, self._day(timing.first), classes)
        elif timing.operator == "between" and isinstance(timing.last, Phrase):
            first = replace(modifier, object=replace(timing, operator="since", last=timing.first))
            last = replace(modifier, object=replace(timing, operator="until", first=timing.last))
            for begun, ended in product(self.conditions(first, classes), self.conditions(last, classes)):
                if _happening(begun) == _happening(ended):
                    yield one((begun, ended), "and")
        elif isinstance(timing.first, Phrase):
            brought = (
                list(came(self._schema, modifier, classes))
                if modifier.governor != "time" or modifier.relation is None
                else []
            )
            yield from brought
            if modifier.relation is None and not brought:
                yield from self._ordered(timing.operator, timing.first, classes)
        else:
            for property_ in self._dating(modifier, classes):
                yield self._dated(self._schema.iri(property_), timing)

    def default_date(self, classes: frozenset[int]) -> NamedNode | None:
        """Return the property by which things of some classes are dated when no word says which, if there is one."""
        found = self._allowed(self._schema.having(VKG + "defaultDate"), classes)
        return self._schema.iri(found[0]) if found else None

    def versions_of(self, line: Phrase) -> Phrase:
        """Return the phrase of a line as if it named the versions of it. Raises QuestionError E303 if it has none."""
        leading = [
            property_
            for property_ in self._schema.having(VKG + "leadsToLine")
            if any(self._schema.subjects_of(thing, property_) for thing in terms(line))
        ]
        kinds = self._schema.narrowest(kind for property_ in leading for kind in self._schema.domains(property_))
        if not kinds:
            said = f"“{line.text}” has no versions"
            raise QuestionError("E303", said, column=line.start + 1, length=line.end - line.start)
        return replace(line, terminal="CLASS", senses=tuple(Sense(Category.CLASS, kind) for kind in kinds))

    def versions_beside(self, noun: Noun) -> Noun:
        """Return the noun for “suite versions”, those suites that are versions; any other as it is."""
        first, *rest = noun.modifiers or (None,)
        kind = first.object if first is not None and first.governor == "beside" and not first.negated else None
        if first is None or not isinstance(kind, Phrase) or kind.terminal != "CLASS":
            return noun
        leading = self._schema.having(VKG + "leadsToLine")
        versions = {domain for property_ in leading for domain in self._schema.domains(property_)}
        if not all(versions & self._schema.superclasses(term) for term in terms(noun.head)):
            return noun
        return Noun(kind, (replace(first, governor="is", object=noun.head), *rest))

    def extremes(self, head: Phrase, nouns: list[ResolvedNoun], latest: bool) -> list[ResolvedExtreme]:
        """Return the questions for the things of nouns that are the latest, or the earliest.

        Raises QuestionError E303 if none of them has a date of its own.
        """
        found: list[ResolvedExtreme] = []
        for meant in nouns:
            number = self._schema.named(meant.class_.value)
            assert number is not None
            date = self.default_date(self._schema.superclasses(number))
            if date is not None:
                found.append(ResolvedExtreme(meant, date, latest, self._today))
        if not found:
            said = f"“{head.text}” has no date by which it could be the {'latest' if latest else 'earliest'}"
            raise QuestionError("E303", said, column=head.start + 1, length=head.end - head.start)
        return found

    @property
    def today(self) -> str:
        """The day that counts as today."""
        return self._today

    def _dating(self, modifier: Modifier, classes: frozenset[int]) -> list[int]:
        if modifier.relation is None:
            return self._allowed(self._schema.having(VKG + "defaultDate"), classes)
        spoken = [sense.term for sense in modifier.relation.senses if self._schema.is_date(sense.term)]
        return self._allowed(spoken, classes)

    def _allowed(self, properties: list[int], classes: frozenset[int]) -> list[int]:
        fitting = [p for p in properties if self._schema.fits(p, "domain", classes)]
        return fitting or [p for p in properties if self._schema.accepts(p, "domain", classes)]

    def _ordered(self, operator: str, version: Phrase, classes: frozenset[int]) -> Iterator[Condition]:
        if operator not in STEPS:
            return
        inverse, steps = STEPS[operator]
        for property_ in self._schema.having(VKG + "ordersVersions"):
            for sense in version.senses:
                sides = (self._schema.types(sense.term), classes)
                if all(self._schema.accepts(property_, "domain", side) for side in sides):
                    self._check_line(operator, version, sense.term, classes)
                    iri = self._schema.iri
                    yield Related(iri(property_), inverse, iri(sense.term), (), False, steps, back=BACK[steps])

    def _check_line(self, operator: str, version: Phrase, term: int, classes: frozenset[int]) -> None:
        """Raise E304 if no version of the line is of these classes: its order says nothing of others."""
        lines = self._schema.lines(term)
        if lines and not any(self._schema.has_release(line, classes) for line in lines):
            raise QuestionError(
                "E304",
                f"versions of {' and '.join(map(self._schema.label, lines))} do not come before or after such things",
                hint=f"ask for the releases {operator} {version.text}, or for a date",
                column=version.start + 1,
                length=version.end - version.start,
            )

    def _dated(self, property_: NamedNode, timing: Timing) -> Dated:
        first, last = self._date(timing.first), self._date(timing.last)
        match timing.operator:
            case "before":
                start, end = "", first_day(first)
            case "after":
                start, end = day_after(first), ""
            case "since":
                start, end = first_day(first), ""
            case "until":
                start, end = "", day_after(first)
            case _:
                start, end = first_day(first), day_after(last)
        said = f"between {first} and {last}" if timing.operator == "between" else f"{timing.operator} {first}"
        return Dated(property_, start, end, said)

    def _lasting(self, modifier: Modifier, day: str, classes: frozenset[int]) -> Iterator[Condition]:
        assert modifier.relation is not None
        for sense in modifier.relation.senses:
            begins = self._schema.values_of(sense.term, VKG + "begunBy")
            if begins and self._schema.accepts(sense.term, "domain", classes):
                kinds = tuple(self._schema.iri(kind) for kind in self._schema.forms_of(sense.term))
                yield Lasting(self._schema.iri(sense.term), kinds, self._schema.iri(begins[0]), first_day(day))

    def _day(self, moment: Moment | Phrase) -> str:
        """Return a day: what lasts on the first day of a year may have ended, or not begun, on another.

        Raises QuestionError E307 for a month or a year, with its first and its last day to write instead.
        """
        date = self._date(moment)
        if date != first_day(date):
            raise QuestionError(
                "E307",
                f"what lasts is asked of a day, and {date} is many",
                hint=f"write a day, such as {first_day(date)}",
                column=moment.start + 1,
                length=moment.end - moment.start,
                instead=(first_day(date), last_day(date)),
            )
        return date

    def _date(self, moment: Moment | Phrase) -> str:
        assert isinstance(moment, Moment)
        date = moment.date or self._today
        if not is_date(date):
            raise QuestionError(
                "E307",
                f"the calendar has no {date}",
                hint="write a day as 2012-06-30 or 30 June 2012, a month as 2012-06, a year as 2012",
                column=moment.start + 1,
                length=moment.end - moment.start,
            )
        return date


def _happening(condition: Condition) -> NamedNode | None:
    """Return what happens at a place in the order of versions, None if it is only a place."""
    return condition.within.property if isinstance(condition, Came) else None

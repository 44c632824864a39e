"""Things with dates → which of them came first, or last.

A line is as old as its first version. Of several dates of a thing one is right,
and a year holds its days; what holds for all of them is certain.

Knows: which date a thing is known by. Must not know: words, or how an answer is shown.
"""

from __future__ import annotations

import datetime

from virtkg.answer import Answer, Field, Note, Row, Verdict
from virtkg.dates import day_after, first_day
from virtkg.language.resolved import ResolvedOrder
from virtkg.language.schema import Schema
from virtkg.listing import not_known_note
from virtkg.namespaces import VKG
from virtkg.record import record, replace
from virtkg.snapshot.facts import Facts
from virtkg.values import Values


@record
class _Came:
    """A thing, or the version that it is dated by, with its dates and the days that it came on or between."""

    thing: int
    dated: int
    field: Field
    first: str
    last: str


class Order:
    """Puts things into the order of their dates."""

    def __init__(self, facts: Facts, schema: Schema, values: Values) -> None:
        self._facts = facts
        self._schema = schema
        self._values = values

    def answer(self, text: str, meant: ResolvedOrder, reading: str) -> Answer:
        """Return the things in order with their dates, and what is certain of it."""
        numbers = [self._facts.known(thing) for thing in meant.things]
        came = [found for thing in numbers if (found := self._came(thing)) is not None]
        came.sort(key=(lambda one: one.last) if meant.latest else (lambda one: one.first), reverse=meant.latest)
        without = [self._schema.label(thing) for thing in numbers if thing not in {one.thing for one in came}]
        notes = [not_known_note("date", without)] if without else []
        if len(came) > 1 and not without:
            notes.append(self._said(came, meant))
        if not meant.asked:
            return Answer(text, reading, "list", None, tuple(map(self._row, came)), 0, tuple(notes), "")
        verdict = Verdict.UNKNOWN if without else self._verdict(came, meant, numbers[0])
        row = self._together(came, numbers[0], verdict)
        return Answer(text, reading, "verdict", verdict, (row,), 0, tuple(notes), "")

    def _came(self, thing: int) -> _Came | None:
        """Return when a thing came, by its own date or by that of its first version."""
        own = self._dated(thing, thing)
        if own is not None:
            return own
        versions = [found for version in self._schema.versions(thing) if (found := self._dated(thing, version))]
        return min(versions, key=lambda found: (found.first, found.last), default=None)

    def _dated(self, thing: int, bearer: int) -> _Came | None:
        for property_ in self._schema.having(VKG + "defaultDate"):
            field = self._values.field(bearer, property_)
            if field is not None:
                days = [value.value for value in field.values]
                return _Came(thing, bearer, field, min(map(first_day, days)), max(map(_last_day, days)))
        return None

    def _row(self, came: _Came) -> Row:
        """Return the row of a thing; what a line is dated by is named beside its dates."""
        return self._values.row(came.thing, (came.field if came.dated == came.thing else self._of(came),))

    def _together(self, came: list[_Came], asked: int, verdict: Verdict) -> Row:
        """Return the row of the thing that is asked about, with the dates of all."""
        fields = tuple(one.field if one.dated == asked else self._of(one) for one in came)
        return replace(self._values.row(asked, fields), verdict=verdict)

    def _of(self, came: _Came) -> Field:
        """Return the dates of a thing with the name of what they are of."""
        return Field(f"{came.field.label} of {self._schema.label(came.dated)}", came.field.values)

    def _verdict(self, came: list[_Came], meant: ResolvedOrder, asked: int) -> Verdict:
        """Return whether the thing that is named first came first, or last."""
        named = next(one for one in came if one.thing == asked)
        others = [one for one in came if one is not named]
        if all(_is_before(named, other, meant.latest) for other in others):
            return Verdict.YES
        if any(_is_before(other, named, meant.latest) for other in others):
            return Verdict.NO
        return Verdict.DISPUTED

    def _said(self, came: list[_Came], meant: ResolvedOrder) -> Note:
        first, *others = came
        name, end = self._schema.label(first.thing), "last" if meant.latest else "first"
        if all(_is_before(first, other, meant.latest) for other in others):
            return Note("I742", f"{name} came {end}, by every date that is given")
        return Note("W605", f"which came {end} depends on which of the dates is right")


def _is_before(one: _Came, other: _Came, latest: bool) -> bool:
    """Tell whether a thing certainly came before another, or after it."""
    return one.first > other.last if latest else one.last < other.first


def _last_day(date: str) -> str:
    return (datetime.date.fromisoformat(day_after(date)) - datetime.timedelta(days=1)).isoformat()

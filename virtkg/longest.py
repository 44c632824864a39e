"""The things of a noun → those of which a span is longest, or shortest, and which end last by each kind of end.

Of several kinds of ends the last one counts, and of each kind the values of its
sources; what holds whichever source is right is certain.

Knows: that a span has a beginning and ends of several kinds. Must not know: words, or how the things were found.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode

from virtkg.answer import Answer, Note, Row, Verdict
from virtkg.dates import first_day
from virtkg.language.resolved import ResolvedLongest
from virtkg.language.schema import Schema
from virtkg.language.words import listed
from virtkg.listing import left_out_note, tie_note
from virtkg.reach import Span, places, span, turned
from virtkg.record import replace
from virtkg.snapshot.facts import Facts
from virtkg.span import Spans
from virtkg.values import Values


class Longest:
    """Puts things into the order of the lengths of a span."""

    def __init__(self, facts: Facts, schema: Schema, values: Values) -> None:
        self._schema = schema
        self._number = facts.known
        self._values = values
        self._spans = Spans(facts, schema, values)

    def answer(self, whole: Answer, meant: ResolvedLongest, reading: str) -> Answer:
        """Return a list of things with those that have a place, from the list of all of them."""
        rows = {row.iri: row for row in whole.rows}
        reached = {iri: there for iri in rows if (there := self._reached(iri, meant))}
        doubtful = {iri for iri in reached if rows[iri].verdict is not Verdict.YES}
        found = places(reached, doubtful, meant.count)
        placed = tuple(self._row(rows[iri], meant, firm) for iri, firm in found.items())
        notes = (*whole.notes, *self._ends(list(rows), meant), *_ties(placed, meant), *_left_out(rows, reached))
        return replace(whole, reading=reading, rows=placed, notes=notes, lines=())

    def _reached(self, iri: str, meant: ResolvedLongest) -> Span | None:
        """Return how long a span is at least and at most, in days; the less the longer it is if the shortest count."""
        begins = self._dates(iri, meant.begins)
        parts = [
            [_days(first, last) for first in begins for last in ends]
            for kind in self._ending(iri, meant)
            if (ends := self._dates(iri, kind))
        ]
        if not begins or not parts:
            return None
        longest = span(parts, highest=True)
        return longest if meant.highest else turned(longest)

    def _ending(self, iri: str, meant: ResolvedLongest) -> list[NamedNode]:
        """Return the kinds of ends that a span has, or the end of no kind if it has only that."""
        under = {self._schema.iri(form) for form in self._schema.forms_of(self._number(meant.property))}
        kinds = [kind for kind in meant.kinds if kind in under and self._dates(iri, kind)]
        return kinds or [meant.property]

    def _dates(self, iri: str, property_: NamedNode) -> list[str]:
        field = self._values.field(self._number(NamedNode(iri)), self._number(property_))
        return [] if field is None else [value.value for value in field.values]

    def _row(self, row: Row, meant: ResolvedLongest, firm: bool) -> Row:
        found = self._spans.with_ends(row, meant.of(NamedNode(row.iri))) or row
        return replace(found, verdict=Verdict.YES if firm else Verdict.DISPUTED)

    def _ends(self, things: list[str], meant: ResolvedLongest) -> Iterator[Note]:
        """Yield which of the things end last by each kind of end, or first, whatever the length."""
        choose = max if meant.highest else min
        said = []
        plain = [iri for iri in things if self._ending(iri, meant) == [meant.property]]
        for kind in (meant.property, *meant.kinds):
            ending = plain if kind == meant.property else things
            dates = {iri: choose(map(first_day, found)) for iri in ending if (found := self._dates(iri, kind))}
            if dates:
                end = choose(dates.values())
                names = [self._schema.label(self._number(NamedNode(iri))) for iri in things if dates.get(iri) == end]
                said.append(f"{self._schema.label(self._number(kind))}: {listed(names)} ({end})")
        if said:
            which = "last" if meant.highest else "first"
            begins = self._schema.label(self._number(meant.begins))
            yield Note("I740", f"in order of the time since the {begins}; by date, the {which} are, {'; '.join(said)}")


def _days(first: str, last: str) -> int:
    begin, end = (datetime.date.fromisoformat(first_day(date)) for date in (first, last))
    return (end - begin).days


def _ties(rows: Iterable[Row], meant: ResolvedLongest) -> Iterator[Note]:
    sure = [row for row in rows if row.verdict is Verdict.YES]
    shaky = [row.label for row in rows if row.verdict is Verdict.DISPUTED]
    if shaky:
        yield Note("W605", f"{listed(shaky)}: the place depends on which source is right")
    if 0 < meant.count < len(sure):
        yield tie_note(len(sure))


def _left_out(rows: dict[str, Row], reached: dict[str, Span]) -> Iterator[Note]:
    without = [row.label for iri, row in rows.items() if iri not in reached]
    if without:
        yield left_out_note(without, "of which the length is not known")

"""The rows of a list → those with the latest date, or the earliest.

Knows: that a month holds its days, so that dates may tie.
Must not know: how a list or a date was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from virtkg.answer import Answer, Field, Note, Row, Value
from virtkg.dates import first_day
from virtkg.language.resolved import ResolvedExtreme
from virtkg.record import replace


def at_the_end(whole: Answer, dates: Mapping[str, Field | None], meant: ResolvedExtreme) -> Answer:
    """Return an answer with the rows at one end of time, and notes on those without a date up to the day.

    `dates` has the dates of each row by its IRI. Of a thing with several
    dates, the one nearest to that end counts.
    """
    dated = [found for row in whole.rows if (found := _dated(row, dates[row.iri], meant)) is not None]
    dated.sort(key=lambda pair: (first_day(pair[0]), pair[0]), reverse=meant.latest)
    first = dated[0][0] if dated else ""
    rows = tuple(row for date, row in dated if date.startswith(first) or first.startswith(date))
    notes = list(whole.notes)
    left = len(whole.rows) - len(dated)
    if left:
        notes.append(Note("I721", f"{left} without a date up to {meant.day} {'is' if left == 1 else 'are'} left out"))
    return replace(whole, rows=rows, notes=tuple(notes), lines=())


def is_dated(values: Iterable[Value], meant: ResolvedExtreme) -> bool:
    """Tell whether one of some dates is not after the day of a question."""
    return any(first_day(value.value) <= meant.day for value in values)


def _dated(row: Row, field: Field | None, meant: ResolvedExtreme) -> tuple[str, Row] | None:
    known = [value.value for value in field.values if first_day(value.value) <= meant.day] if field is not None else []
    if field is None or not known:
        return None
    date = max(known, key=first_day) if meant.latest else min(known, key=first_day)
    return date, replace(row, fields=tuple(dict.fromkeys((*row.fields, field))))

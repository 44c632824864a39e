"""Days, months and years: what lies before, in and after them.

A date is written as YYYY, YYYY-MM or YYYY-MM-DD and means all days that begin
so. A day of the calendar is compared as text, which its form allows.

Knows: the calendar. Must not know: questions, or any property.
"""

from __future__ import annotations

import datetime
import re
from typing import Final

ISO: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")
_SPAN: Final = (1900, 2199)


def looks_like_date(text: str) -> bool:
    """Tell whether a text has the form of a date, of these centuries if it is a year alone."""
    found = ISO.match(text)
    return found is not None and (len(text) > 4 or _SPAN[0] <= int(text) <= _SPAN[1])


def is_date(text: str) -> bool:
    """Tell whether a text is a year of these centuries, or a month or day of one, that exists."""
    found = ISO.match(text)
    if found is None or not _SPAN[0] <= int(found[1]) <= _SPAN[1]:
        return False
    try:
        first_day(text)
        datetime.date.fromisoformat(first_day(text))
    except ValueError:
        return False
    return True


def first_day(date: str) -> str:
    """Return the first day of a date.

    >>> first_day("2012"), first_day("2012-06"), first_day("2012-06-30")
    ('2012-01-01', '2012-06-01', '2012-06-30')
    """
    return (date + "-01-01")[:10]


def day_after(date: str) -> str:
    """Return the first day that is no longer in a date.

    >>> day_after("2012"), day_after("2012-12"), day_after("2012-06-30")
    ('2013-01-01', '2013-01-01', '2012-07-01')
    """
    day = datetime.date.fromisoformat(first_day(date))
    if len(date) == 10:
        return (day + datetime.timedelta(days=1)).isoformat()
    month = day.month % 12 + 1 if len(date) == 7 else 1
    year = day.year + (len(date) == 4 or month == 1)
    return datetime.date(year, month, 1).isoformat()


def begins_from(date: str, day: str) -> bool:
    """Tell whether all of a date lies on or after a day."""
    return first_day(date) >= day


def ends_by(date: str, day: str) -> bool:
    """Tell whether all of a date lies before a day."""
    return date < day[: len(date)]

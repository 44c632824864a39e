"""Days, months and years: what lies before, in and after them.

A date is written as YYYY, YYYY-MM or YYYY-MM-DD and means all days that begin
so. A day of the calendar is compared as text, which its form allows.

Knows: the calendar. Must not know: questions, or any property.
"""

from __future__ import annotations

import calendar
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


def last_day(date: str) -> str:
    """Return the last day of a date.

    >>> last_day("2012"), last_day("2012-02"), last_day("2012-06-30")
    ('2012-12-31', '2012-02-29', '2012-06-30')
    """
    return (datetime.date.fromisoformat(day_after(date)) - datetime.timedelta(days=1)).isoformat()


def length(first: str, last: str) -> str:
    """Return in words how far a date lies after another; “about” if one of them is no day.

    >>> length("2012-08-27", "2016-08-24"), length("2012-01-31", "2012-03-01"), length("2012", "2016-08-24")
    ('3 years 11 months 28 days', '1 month 1 day', 'about 4 years 7 months')
    """
    here, there = (datetime.date.fromisoformat(first_day(date)) for date in (first, last))
    if there < here:
        return f"-({length(last, first)})"
    months = (there.year - here.year) * 12 + there.month - here.month
    months -= _later(here, months) > there
    days = (there - _later(here, months)).days
    exact = len(first) == len(last) == 10
    parts = [(months // 12, "year"), (months % 12, "month"), (days if exact else 0, "day")]
    said = " ".join(f"{number} {unit}{'s' if number > 1 else ''}" for number, unit in parts if number) or "0 days"
    return said if exact else f"about {said}"


def _later(day: datetime.date, months: int) -> datetime.date:
    """Return a day so many months later, or the last day of that month if it is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + year, month + 1)[1]
    return datetime.date(day.year + year, month + 1, min(day.day, last))


def begins_from(date: str, day: str) -> bool:
    """Tell whether all of a date lies on or after a day."""
    return first_day(date) >= day


def ends_by(date: str, day: str) -> bool:
    """Tell whether all of a date lies before a day."""
    return date < day[: len(date)]

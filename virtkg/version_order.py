"""Which versions come before which: by what each follows, and by their dates where that says nothing.

One that neither orders is not called later than another.

Knows: the order of versions, and that a month holds its days. Must not know: questions, or how anything is shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from virtkg.dates import day_after, first_day
from virtkg.language.schema import Schema
from virtkg.language.translate import DISPUTED, YES


def before(schema: Schema, version: int, order: Iterable[int]) -> set[int]:
    """Return all versions to which an order leads back from one."""
    order = tuple(order)
    found: set[int] = set()
    ahead = [version]
    while ahead:
        here = ahead.pop()
        for property_ in order:
            earlier = set(schema.things_of(here, property_)) - found
            found |= earlier
            ahead += earlier
    return found - {version}


class VersionOrder:
    """An order of versions: `before` gives those before each, `dates` its dates."""

    def __init__(self, before: dict[int, set[int]], dates: dict[int, list[str]]) -> None:
        self._before = before
        self._dates = dates

    def is_before(self, one: int, other: int) -> bool:
        """Tell whether a version is known to come before another."""
        if one in self._before[other] or other in self._before[one]:
            return one in self._before[other]
        return bool(self._dates[one] and self._dates[other]) and (
            max(map(day_after, self._dates[one])) <= min(map(first_day, self._dates[other]))
        )

    def is_placed(self, one: int, other: int) -> bool:
        """Tell whether it is known which of two versions came first."""
        return self.is_before(one, other) or self.is_before(other, one)

    def firsts(self, truths: dict[int, int]) -> list[int]:
        """Return the first versions that are sure, and those disputed that could come before them."""
        firsts: list[int] = []
        for wanted in ({YES}, {YES, DISPUTED}):
            these = [version for version, truth in truths.items() if truth in wanted]
            firsts += [v for v in these if not any(self.is_before(other, v) for other in these) and v not in firsts]
        return firsts

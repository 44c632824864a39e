"""Versions of which it is not known whether they are so → notes beside the first or the last that is.

Knows: which versions are open, and the order of versions. Must not know: words, or how the first was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from virtkg.answer import Note
from virtkg.language.schema import Schema
from virtkg.language.translate import UNKNOWN
from virtkg.language.words import listed
from virtkg.namespaces import VKG
from virtkg.values import Values
from virtkg.version_order import VersionOrder, before


class OpenEnds:
    """Finds them; `date` is the property of the dates of versions."""

    def __init__(self, schema: Schema, values: Values, date: int) -> None:
        self._schema = schema
        self._values = values
        self._date = date

    def notes(self, truths: Mapping[int, int], found: list[int], *, latest: bool) -> Iterator[Note]:
        """Yield which versions could take the place of those found; nothing for what is no version.

        `truths` are those of all things that the question is about.
        """
        open_ = [thing for thing, truth in truths.items() if truth == UNKNOWN]
        if not found or not open_ or not all(map(self._schema.lines, found)):
            return
        lines = {line for thing in found for line in self._schema.lines(thing)}
        open_ = [thing for thing in open_ if lines.intersection(self._schema.lines(thing))]
        order = self._order([*found, *open_])

        def is_beyond(thing: int, end: int) -> bool:
            return order.is_before(end, thing) if latest else order.is_before(thing, end)

        beyond = [thing for thing in open_ if any(is_beyond(thing, end) for end in found)]
        unplaced = [thing for thing in open_ if not any(order.is_placed(thing, end) for end in found)]
        side = "after" if latest else "before"
        if beyond:
            yield Note("I729", f"{side} that: unknown of {self._names(beyond)}")
        if unplaced:
            yield Note("I729", f"unknown of {self._names(unplaced)}, of which it is open whether they came {side}")

    def _order(self, things: list[int]) -> VersionOrder:
        steps = self._schema.having(VKG + "ordersVersions")
        dates = {thing: [value.value for value in self._values.values(thing, self._date)] for thing in things}
        return VersionOrder({thing: before(self._schema, thing, steps) for thing in things}, dates)

    def _names(self, things: Iterable[int]) -> str:
        return listed([self._schema.label(thing) for thing in self._schema.in_order(things)])

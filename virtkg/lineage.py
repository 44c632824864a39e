"""Versions → their lines, each in its order.

Knows: which properties the vocabulary says lead to a line and order versions.
Must not know: answers other than their lines, or how they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from virtkg.answer import Line
from virtkg.language.schema import Schema
from virtkg.language.words import plural
from virtkg.namespaces import VKG
from virtkg.natural import natural
from virtkg.snapshot.facts import Facts


class Lineage:
    """Finds the lines of some facts."""

    def __init__(self, facts: Facts, schema: Schema) -> None:
        self._facts = facts
        self._schema = schema

    def lines(self, things: Iterable[int]) -> tuple[Line, ...]:
        """Return the lines of which several of some things are versions."""
        wanted = set(things)
        found: list[Line] = []
        for property_ in self._schema.having(VKG + "leadsToLine"):
            noun = self._noun(property_)
            versions: dict[int, dict[int, None]] = {}
            for version, line, _ in self._facts.column(property_):
                versions.setdefault(line, {})[version] = None
            several = [members for members in versions.values() if len(wanted & members.keys()) > 1]
            before = self._before() if several else {}
            found += [self._line(members, before, noun) for members in several]
        return tuple(found)

    def _noun(self, property_: int) -> str:
        """Return what the things that have a property are, in the plural."""
        classes = self._schema.domains(property_)
        narrow = (class_ for class_ in classes if self._schema.superclasses(class_).issuperset(classes))
        return "".join(plural(self._schema.label(class_)) for class_ in list(narrow)[:1])

    def _before(self) -> dict[int, list[int]]:
        """Return what stands right before each version."""
        before: dict[int, list[int]] = {}
        for property_ in self._schema.having(VKG + "ordersVersions"):
            for later, earlier, _ in self._facts.column(property_):
                before.setdefault(later, []).append(earlier)
        return before

    def _line(self, members: Iterable[int], before: dict[int, list[int]], noun: str) -> Line:
        inside = set(members)
        within = {version: inside.intersection(before.get(version, ())) for version in members}
        order = self._ordered(within)
        if len(order) < len(within):
            # What a circle of facts leads back to itself has no place, nor has what comes after it.
            placed = set(order)
            within = {version: earlier if version in placed else set() for version, earlier in within.items()}
            order = self._ordered(within)
        places = {version: place for place, version in enumerate(order)}
        return Line(
            tuple(map(self._facts.iri, order)),
            tuple(tuple(sorted(places[earlier] for earlier in within[version])) for version in order),
            noun,
        )

    def _ordered(self, before: dict[int, set[int]]) -> list[int]:
        """Return versions behind those before them, by label where that leaves a choice; none that waits for itself."""
        after: dict[int, list[int]] = {}
        waiting = {version: len(earlier) for version, earlier in before.items()}
        for version, earlier in before.items():
            for one in earlier:
                after.setdefault(one, []).append(version)
        order: list[int] = []
        keys: dict[int, tuple[list[tuple[int, int, str]], int]] = {}
        ready = [version for version, count in waiting.items() if not count]
        while ready:
            # Most lines are chains, in which labels, which are slow to find, decide nothing.
            if len(ready) > 1:
                keys.update((version, self._key(version)) for version in ready if version not in keys)
                ready.sort(key=keys.__getitem__, reverse=True)
            order.append(ready.pop())
            for version in after.get(order[-1], ()):
                waiting[version] -= 1
                if not waiting[version]:
                    ready.append(version)
        return order

    def _key(self, version: int) -> tuple[list[tuple[int, int, str]], int]:
        return natural(self._schema.label(version)), version

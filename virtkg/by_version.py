"""What is said of the versions of a line, folded to what a reader compares: each value with the versions it is of.

Knows: that a line's versions can differ. Must not know: which values these are, questions, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from virtkg.answer import Line, Value, Verdict
from virtkg.language.schema import Schema
from virtkg.lineage import Lineage
from virtkg.record import replace
from virtkg.runs import name, runs

_Of: TypeAlias = Callable[[int], tuple[Value, ...]]


class ByVersion:
    """Tells of things, and of a line of which nothing is said itself by its versions."""

    def __init__(self, schema: Schema, lineage: Lineage) -> None:
        self._schema = schema
        self._lineage = lineage
        self._lines: dict[int, tuple[Line | None, tuple[int, ...]]] = {}
        self._told: dict[int, None] = {}

    @property
    def told(self) -> tuple[int, ...]:
        """The lines of which something was told by version."""
        return tuple(self._told)

    def versions(self, thing: int) -> tuple[int, ...]:
        """Return the versions of a line, each behind those before it; none of another thing."""
        return self._line(thing)[1]

    def values(self, thing: int, of: _Of, *, latest: bool = False) -> tuple[Value, ...]:
        """Return the values of a thing; if there are none, those of its versions, each with the versions it is of.

        With `latest`, only those of the last version that has any.
        """
        own = of(thing)
        if own:
            return own
        found = [(version, values) for version in self.versions(thing) if (values := of(version))]
        if found:
            self._told[thing] = None
        groups: dict[tuple[tuple[str, Verdict], ...], list[tuple[int, tuple[Value, ...]]]] = {}
        for version, values in found[-1:] if latest else found:
            groups.setdefault(tuple((value.text, value.verdict) for value in values), []).append((version, values))
        told: list[Value] = []
        for group in groups.values():
            where = self._names(thing, [version for version, _ in group])
            merged = map(_merged, zip(*(values for _, values in group), strict=True))
            told += [replace(value, text=f"{value.text} ({where})") for value in merged]
        return tuple(told)

    def _line(self, thing: int) -> tuple[Line | None, tuple[int, ...]]:
        if thing not in self._lines:
            versions = self._schema.versions(thing)
            numbers = {self._schema.iri(version).value: version for version in versions}
            lines = self._lineage.lines(versions)
            line = next((line for line in lines if numbers.keys() <= set(line.versions)), None)
            ordered = tuple(numbers[iri] for iri in line.versions if iri in numbers) if line else tuple(versions)
            self._lines[thing] = line, ordered
        return self._lines[thing]

    def _names(self, thing: int, versions: list[int]) -> str:
        labels = {self._schema.iri(version).value: self._schema.label(version) for version in versions}
        line, _ = self._line(thing)
        texts: list[str] = []
        after = self._schema.label(thing) + " "
        for run in runs(line, dict.fromkeys(labels)) if line else [(iri,) for iri in labels]:
            names = [labels[iri] for iri in run]
            texts.append(name(names, after=after))
            after = names[-1]
        return ", ".join(texts)


def _merged(values: tuple[Value, ...]) -> Value:
    """Return one value for several that say the same."""
    sources = tuple(dict.fromkeys(slug for value in values for slug in value.sources))
    return replace(values[0], inferred=all(value.inferred for value in values), sources=sources)

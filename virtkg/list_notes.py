"""What is to be said of a list beside its rows: what is open, left out, taken for granted, or in doubt.

Knows: the conditions of a list and the truth of each thing. Must not know: how a list is found or shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import NamedNode

from virtkg.answer import Line, Note, Row
from virtkg.doubts import Doubts
from virtkg.grounds import Finder
from virtkg.language.conditions import Besides, Condition, Every, Junction, Related, conjuncts, every
from virtkg.language.resolved import ResolvedList
from virtkg.language.schema import Schema
from virtkg.language.translate import DISPUTED, NO, YES
from virtkg.language.words import listed
from virtkg.levels import Levels
from virtkg.listing import unknown_note
from virtkg.runs import by_line
from virtkg.snapshot.facts import Facts

_GROUPS: Final = 4
"""So many groups of things that fail on the same are told, which is a few lines."""


class ListNotes:
    """Finds the notes of lists over a snapshot."""

    def __init__(self, snapshot: Facts, schema: Schema, doubts: Doubts, levels: Levels, finder: Finder) -> None:
        self._snapshot = snapshot
        self._number = snapshot.known
        self._schema = schema
        self._doubts = doubts
        self._levels = levels
        self._finder = finder

    def of_unknown(self, meant: ResolvedList, things: list[int], lines: tuple[Line, ...]) -> tuple[Note, ...]:
        """Return the notes on things of which nothing is known, by their lines; none if there are no such things."""
        labels = {self._snapshot.iri(thing): self._schema.label(thing) for thing in things}
        if not things:
            return ()
        return unknown_note(labels, lines), *self._levels.note(meant.noun.condition, self._schema.in_order(things))

    def of(
        self, meant: ResolvedList, rows: list[Row], truths: dict[int, int], lines: tuple[Line, ...], certain: bool
    ) -> list[Note]:
        """Return all other notes of a list, by its rows and the truth of each thing."""
        notes = []
        left_out = sum(truth == DISPUTED for truth in truths.values()) if certain else 0
        if left_out:
            notes.append(Note("I704", f"{left_out} disputed left out by --certain"))
        own = sum(not row.sources for row in rows) if meant.noun.condition is None else 0
        if own:
            notes.append(Note("I722", f"{own} by virtkg's own classification, for which no source is cited"))
        notes += [*self._doubts.of_others(meant.noun.condition), *self._doubts.of_units(meant.noun.condition, truths)]
        if meant.noun.condition is not None:
            # Of “not everything” it is those that are yes that fail.
            decided = [thing for thing, truth in truths.items() if truth in (YES, NO)]
            for all_ in every(meant.noun.condition):
                parts = _parts(all_)
                notes += [self._taken(all_, list(parts)), *self._failing(parts, self._schema.in_order(decided), lines)]
            notes += self._left_in(meant.noun.condition, rows)
        return notes

    def _left_in(self, condition: Condition, rows: list[Row]) -> Iterator[Note]:
        """Yield which rows are “other than” what nothing is known of, so that they may be no others."""
        for part in conjuncts(condition):
            if not isinstance(part, Besides) or part.part.steps:
                continue
            property_, other = self._number(part.part.property), part.part.object
            known = self._schema.subjects_of if part.part.inverse else self._schema.things_of
            open_ = [row.label for row in rows if not known(self._number(NamedNode(row.iri)), property_)]
            if open_ and isinstance(other, NamedNode):
                said = f"“{self._schema.label(property_)}” is not known of {listed(open_)}"
                yield Note("I744", f"{said}; {self._schema.label(self._number(other))} is not excluded there")

    def _taken(self, all_: Every, taken: list[NamedNode]) -> Note:
        """Say what “everything” was taken to be."""
        verb = self._schema.label(self._number(all_.property))
        return Note("I714", f"{self._schema.label(self._number(all_.other))} {verb}: {', '.join(self._labels(taken))}")

    def _failing(
        self, parts: Mapping[NamedNode, Related], things: list[int], lines: tuple[Line, ...]
    ) -> Iterator[Note]:
        """Say which things certainly do not have all of “everything”, and what they have not."""
        lacking: dict[tuple[str, ...], dict[str, str]] = {}
        for thing in things:
            lacks = [other for other, part in parts.items() if self._is_denied(part, thing)]
            if lacks:
                found = lacking.setdefault(tuple(self._labels(lacks)), {})
                found[self._snapshot.iri(thing)] = self._schema.label(thing)
        if lacking:
            # Those that fail on least come nearest to what is asked for.
            groups = sorted(lacking.items(), key=lambda group: len(group[0]))
            said = [f"{by_line(names, lines)} on {', '.join(lacks)}" for lacks, names in groups[:_GROUPS]]
            left = sum(len(names) for _, names in groups[_GROUPS:])
            said += [f"and {left} more"] if left else []
            count = sum(map(len, lacking.values()))
            yield Note("I745", f"{count} {'fails' if count == 1 else 'fail'}: {'; '.join(said)}")

    def _is_denied(self, part: Related, thing: int) -> bool:
        grounds = self._finder.grounds(part, thing)
        return bool(grounds.contra) and not grounds.pro

    def _labels(self, things: list[NamedNode]) -> list[str]:
        return [self._schema.label(self._number(thing)) for thing in things]


def _parts(all_: Every) -> dict[NamedNode, Related]:
    """Return each thing of “everything” with the condition to have it."""
    parts = all_.condition.parts if isinstance(all_.condition, Junction) else (all_.condition,)
    return {part.object: part for part in parts if isinstance(part, Related) and isinstance(part.object, NamedNode)}

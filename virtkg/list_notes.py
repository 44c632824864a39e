"""What is to be said of a list beside its rows: what is open, left out, taken for granted, or in doubt.

Knows: the conditions of a list and the truth of each thing. Must not know: how a list is found or shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from virtkg.answer import Line, Note, Row
from virtkg.doubts import Doubts
from virtkg.language.conditions import Besides, Condition, Junction, Related, conjuncts, every
from virtkg.language.resolved import ResolvedList
from virtkg.language.schema import Schema
from virtkg.language.translate import DISPUTED
from virtkg.language.words import listed
from virtkg.levels import Levels
from virtkg.listing import unknown_note
from virtkg.snapshot.facts import Facts


class ListNotes:
    """Finds the notes of lists over a snapshot."""

    def __init__(self, snapshot: Facts, schema: Schema, doubts: Doubts, levels: Levels) -> None:
        self._snapshot = snapshot
        self._number = snapshot.known
        self._schema = schema
        self._doubts = doubts
        self._levels = levels

    def of_unknown(self, meant: ResolvedList, things: list[int], lines: tuple[Line, ...]) -> tuple[Note, ...]:
        """Return the notes on things of which nothing is known, by their lines; none if there are no such things."""
        labels = {self._snapshot.iri(thing): self._schema.label(thing) for thing in things}
        if not things:
            return ()
        return unknown_note(labels, lines), *self._levels.note(meant.noun.condition, self._schema.in_order(things))

    def of(self, meant: ResolvedList, rows: list[Row], truths: dict[int, int], certain: bool) -> list[Note]:
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
            notes += self._taken(meant.noun.condition)
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

    def _taken(self, condition: Condition) -> list[Note]:
        """Say what “everything” was taken to be."""
        notes = []
        for all_ in every(condition):
            parts = all_.condition.parts if isinstance(all_.condition, Junction) else (all_.condition,)
            names = [
                self._schema.label(self._number(part.object))
                for part in parts
                if isinstance(part, Related) and isinstance(part.object, NamedNode)
            ]
            verb = self._schema.label(self._number(all_.property))
            said = f"{self._schema.label(self._number(all_.other))} {verb}: {', '.join(names)}"
            notes.append(Note("I714", said))
        return notes

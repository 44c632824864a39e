"""What is to be said of a list beside its rows: what is open, left out, taken for granted, or in doubt.

Knows: the conditions of a list and the truth of each thing. Must not know: how a list is found or shown.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from virtkg.answer import Note, Row
from virtkg.columns import run
from virtkg.language.canonical import Speaker
from virtkg.language.resolved import Condition, Junction, Related, ResolvedList, comparisons, every
from virtkg.language.schema import Schema
from virtkg.language.translate import DISPUTED, YES, translate
from virtkg.order import in_order
from virtkg.snapshot.reader import Snapshot
from virtkg.values import Values

_NAMED: Final = 8
"""How many unknown things a note names."""


class ListNotes:
    """Finds the notes of lists over a snapshot."""

    def __init__(self, snapshot: Snapshot, schema: Schema, speaker: Speaker, values: Values) -> None:
        self._snapshot = snapshot
        self._schema = schema
        self._speaker = speaker
        self._values = values

    def of(
        self, meant: ResolvedList, rows: list[Row], unknown: list[int], truths: dict[int, int], certain: bool
    ) -> list[Note]:
        """Return the notes of a list: its rows, the things of which nothing is known, and each thing's truth."""
        notes = []
        if unknown and not meant.or_unknown:
            names = ", ".join(self._schema.label(thing) for thing in unknown[:_NAMED])
            more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
            notes.append(Note("I703", f"{len(unknown)} unknown: {names}{more}; add “or unknown” to list them"))
        left_out = sum(truth == DISPUTED for truth in truths.values()) if certain else 0
        if left_out:
            notes.append(Note("I704", f"{left_out} disputed left out by --certain"))
        own = sum(not row.sources for row in rows) if meant.noun.condition is None else 0
        if own:
            notes.append(Note("I722", f"{own} by virtkg's own classification, for which no source is cited"))
        if meant.noun.condition is not None:
            notes += self._unit_doubts(meant.noun.condition, truths)
            notes += self._taken(meant.noun.condition)
        if not rows:
            notes.append(Note("I701", self._why_empty(meant)))
        return notes

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

    def _unit_doubts(self, condition: Condition, truths: dict[int, int]) -> list[Note]:
        """Say of which things a comparison turns on whether TB means 10^12 or 2^40 bytes."""
        notes = []
        for compared in comparisons(condition):
            if compared.unit is not None:
                property_ = self._number(compared.property)
                doubtful = [thing for thing in truths if self._values.turns_on_unit(thing, property_, compared)]
                if doubtful:
                    names = ", ".join(self._schema.label(thing) for thing in in_order(self._schema, doubtful))
                    said = f"{names}: the source writes a decimal unit; read as a binary one, the comparison changes"
                    notes.append(Note("W602", said))
        return notes

    def _why_empty(self, meant: ResolvedList) -> str:
        """Say which single condition, if dropped, would give rows."""
        condition = meant.noun.condition
        if isinstance(condition, Junction) and condition.joint == "and":
            for part in condition.parts:
                others = tuple(other for other in condition.parts if other != part)
                rest = others[0] if len(others) == 1 else Junction("and", others)
                fewer = ResolvedList(type(meant.noun)(meant.noun.class_, rest), meant.or_unknown)
                found = run(translate(fewer), self._snapshot)
                count = sum(int(row[-1].value) in (YES, DISPUTED) for row in found)
                if count:
                    return f"nothing satisfies all conditions; “{self._speaker.say(fewer)}” gives {count}"
        return "nothing is known to satisfy this"

    def _number(self, term: NamedNode) -> int:
        number = self._snapshot.number(term)
        assert number is not None, f"{term} is not in the graph"
        return number

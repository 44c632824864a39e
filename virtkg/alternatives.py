"""The rows of a list → those that could stand in for a thing, what has most in common with it first.

In common is what two things are both known to have by a property that can be
denied: features and modes, not names, dates or numbers. That nothing is known
of a thing is no difference, so that the order says how much is known as well.

Knows: which relations can be denied, and product lines. Must not know: how the list was found or is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from virtkg.answer import Answer, Field, Note, Row, Value, Verdict
from virtkg.evidence import Evidence
from virtkg.language.schema import Schema
from virtkg.namespaces import VKG
from virtkg.record import replace
from virtkg.snapshot.facts import Facts

_COMMON: Final = "in common"


class Ranking:
    """Orders things by what they have in common with one of them."""

    def __init__(self, snapshot: Facts, schema: Schema, evidence: Evidence, thing: int) -> None:
        self._snapshot = snapshot
        self._schema = schema
        self._evidence = evidence
        self._thing = thing
        self._line = {thing, *schema.lines(thing)}
        contrary_of = snapshot.iri_number(VKG + "contraryOf")
        denied = set() if contrary_of is None else {p for _, p, _ in snapshot.column(contrary_of)}
        facts = dict.fromkeys((p, o) for p in sorted(denied) for o, _ in snapshot.objects(thing, p))
        self._had = [(p, o) for p, o in facts if self._firm(thing, p, o)]

    def ranked(self, whole: Answer) -> Answer:
        """Return an answer with the things of other lines that have something in common, most first."""
        scored = []
        lacking = 0
        for row in whole.rows:
            number = self._snapshot.iri_number(row.iri)
            if number is not None and number != self._thing and not self._is_of_the_line(number):
                common = [fact for fact in self._had if self._firm(number, *fact)]
                lacking += not common
                scored += [(len(common), self._row(row, number, common))] if common else []
        scored.sort(key=lambda pair: -pair[0])
        label = self._schema.label(self._thing)
        notes = [note for note in whole.notes if note.code not in ("I703", "I722")]
        notes.append(Note("I715", f"{label} is known to have: {self._names(self._had) or 'nothing'}"))
        if lacking:
            notes.append(Note("I716", f"{lacking} more are not known to have anything in common with {label}"))
        return replace(whole, rows=tuple(row for _, row in scored), unknown=0, notes=tuple(notes), lines=())

    def _firm(self, thing: int, property_: int, object_: int) -> bool:
        fact = thing, property_, object_
        return self._evidence.holds(fact) and not self._evidence.is_disputed(fact)

    def _is_of_the_line(self, thing: int) -> bool:
        return bool(self._line & {thing, *self._schema.lines(thing)})

    def _row(self, row: Row, thing: int, common: Sequence[tuple[int, int]]) -> Row:
        sources = {
            graph for property_, object_ in common for graph in self._evidence.sources((thing, property_, object_))
        }
        slugs = tuple(self._evidence.slug(graph) for graph in self._evidence.in_order(sources))
        text = f"{len(common)} of {len(self._had)}: {self._names(common)}"
        value = Value(text, str(len(common)), "", Verdict.YES, False, slugs)
        return replace(row, fields=(*row.fields, Field(_COMMON, (value,))))

    def _names(self, facts: Sequence[tuple[int, int]]) -> str:
        return ", ".join(sorted(self._schema.label(object_) for _, object_ in facts))

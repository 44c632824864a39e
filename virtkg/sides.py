"""The grounds of a verdict → proofs for and against what was asked, or what rules lack to conclude it.

Knows: that only a snapshot tells what a conclusion rests on. Must not know: questions, or how a proof is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkg.answer import Row, Side, Verdict

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from virtkg.evidence import Evidence
    from virtkg.grounds import Finder, Grounds
    from virtkg.inputs import Inputs
    from virtkg.language.canonical import Speaker
    from virtkg.language.conditions import Condition
    from virtkg.language.schema import Schema
    from virtkg.snapshot.reader import Snapshot
    from virtkg.whynot import Lacking


class Sides:
    """Proves what a snapshot holds; what proves is loaded when it is first needed."""

    def __init__(
        self, snapshot: Snapshot, schema: Schema, *, evidence: Evidence, speaker: Speaker, finder: Finder
    ) -> None:
        self._snapshot = snapshot
        self._schema = schema
        self._evidence = evidence
        self._speaker = speaker
        self._finder = finder

    def of(self, grounds: Grounds) -> tuple[Side, ...]:
        """Return a proof for each ground that has one."""
        from virtkg.proof import Prover

        prover = Prover(self._snapshot, self._evidence, self._speaker)
        sides = []
        for supports, facts in ((True, grounds.pro), (False, grounds.contra)):
            for fact in facts:
                proof = prover.prove(fact)
                if proof is not None:
                    sides.append(Side(supports, proof))
        return tuple(sides)

    def of_rows(self, rows: list[Row], condition: Condition | None) -> tuple[Side, ...]:
        """Return the proofs of a condition for the things of some rows."""
        if condition is None:
            return ()
        things = [number for row in rows if (number := self._snapshot.iri_number(row.iri)) is not None]
        return tuple(side for thing in things for side in self.of(self._finder.grounds(condition, thing)))

    def lacking(self, verdict: Verdict | None, facts: tuple[Triple, ...], inputs: Inputs) -> tuple[Lacking, ...]:
        """Return what rules lack to conclude facts, nothing for those that are so."""
        if verdict not in (Verdict.NO, Verdict.UNKNOWN):
            return ()
        from virtkg.whynot import WhyNot

        why_not = WhyNot(self._snapshot, self._schema, self._evidence, self._speaker, self._finder)
        return why_not.lacking(facts, inputs)

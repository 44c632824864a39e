"""What is asked of a line that names no version → what holds of each of its versions.

Knows: that a line's versions can differ.
Must not know: words, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from virtkg.answer import Answer, Note, Row, Verdict
from virtkg.language.algebra import Select
from virtkg.language.conditions import Condition, ResolvedNoun
from virtkg.language.resolved import ResolvedAsk, ResolvedList
from virtkg.language.schema import Schema
from virtkg.language.translate import DISPUTED, NO, UNKNOWN, YES, translate
from virtkg.language.words import listed
from virtkg.listing import VERDICTS
from virtkg.namespaces import VKG
from virtkg.record import replace
from virtkg.snapshot.facts import Facts
from virtkg.snapshot.terms import GroundTerm

_SAID: Final = {YES: "so of", NO: "not so of", DISPUTED: "disputed of", UNKNOWN: "not known of"}


class Versions:
    """Tells by version what is asked of a line.

    `run` gives the rows of a query, `row` the row of a thing with its truth.
    """

    def __init__(
        self,
        facts: Facts,
        schema: Schema,
        run: Callable[[Select], list[tuple[GroundTerm, ...]]],
        row: Callable[[int, int, Condition], Row],
    ) -> None:
        self._facts = facts
        self._schema = schema
        self._run = run
        self._row = row

    def decided(self, answer: Answer, meant: ResolvedAsk) -> Answer:
        """Add to the answer of a yes-or-no question on a line what holds of its versions.

        What is stated of the line itself stands, with a note on the versions
        that differ. Of which nothing is known, the versions are the answer: yes
        or no only if all of them are.
        """
        line = self._facts.known(meant.subject)
        versions = self._schema.in_order(self._schema.versions(line))
        truths = self._truths(versions, meant.condition) if versions else {}
        if all(truth == UNKNOWN for truth in truths.values()):
            return answer
        if answer.verdict is not Verdict.UNKNOWN:
            return replace(answer, notes=(*answer.notes, *self._differing(line, answer, truths)))
        known = [(version, truth) for version, truth in truths.items() if truth != UNKNOWN]
        rows = tuple(self._row(version, truth, meant.condition) for version, truth in known)
        counts = [(truth, sum(found == truth for found in truths.values())) for truth in (YES, NO, DISPUTED, UNKNOWN)]
        said = ", ".join(f"{_SAID[truth]} {count}" for truth, count in counts if count)
        note = Note("I730", f"{self._schema.label(line)} names no version; of its {len(versions)} it is {said}")
        found = set(truths.values())
        verdict = VERDICTS[found.pop()] if len(found) == 1 else Verdict.UNKNOWN
        return replace(
            answer, verdict=verdict, rows=rows, unknown=len(truths) - len(known), notes=(note, *answer.notes)
        )

    def _truths(self, versions: list[int], condition: Condition) -> dict[int, int]:
        found: dict[int, int] = {}
        for leading in self._schema.having(VKG + "leadsToLine"):
            for class_ in self._schema.domains(leading):
                noun = ResolvedNoun(self._schema.iri(class_), condition)
                for row in self._run(translate(ResolvedList(noun, or_unknown=True))):
                    found[self._facts.known(row[0])] = int(row[-1].value)
        return {version: found.get(version, UNKNOWN) for version in versions}

    def _differing(self, line: int, answer: Answer, truths: dict[int, int]) -> list[Note]:
        differing = [
            f"{_SAID[wanted]} {listed([self._schema.label(version) for version in those])}"
            for wanted in (YES, NO, DISPUTED)
            if VERDICTS[wanted] is not answer.verdict
            and (those := [version for version, truth in truths.items() if truth == wanted])
        ]
        name = self._schema.label(line)
        return [Note("I730", f"of {name} itself; of its versions it is {', '.join(differing)}")] if differing else []

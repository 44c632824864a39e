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

        What is stated of the line itself stands, with the versions that differ
        behind it. Of which nothing is known, the versions are the answer: yes
        or no only if all of them are.
        """
        line = self._facts.known(meant.subject)
        versions = self._schema.in_order(self._schema.versions(line))
        truths = self._truths(versions, meant.condition)
        if all(truth == UNKNOWN for truth in truths.values()):
            return answer
        if answer.verdict is not Verdict.UNKNOWN:
            return self._with_differing(line, answer, truths, meant.condition)
        known = [(version, truth) for version, truth in truths.items() if truth != UNKNOWN]
        rows = tuple(self._row(version, truth, meant.condition) for version, truth in known)
        said = _counted(truths)
        note = Note("I730", f"{self._schema.label(line)} names no version; of its {len(versions)} it is {said}")
        found = set(truths.values())
        verdict = VERDICTS[found.pop()] if len(found) == 1 else Verdict.UNKNOWN
        return replace(
            answer, verdict=verdict, rows=rows, unknown=len(truths) - len(known), notes=(note, *answer.notes)
        )

    def told(self, line: int, condition: Condition) -> str:
        """Say of how many versions of a line something is so; "" if that is known of none."""
        truths = self._truths(self._schema.versions(line), condition)
        return f"of its {len(truths)} versions it is {_counted(truths)}" if set(truths.values()) - {UNKNOWN} else ""

    def _truths(self, versions: list[int], condition: Condition) -> dict[int, int]:
        found: dict[int, int] = {}
        for leading in self._schema.having(VKG + "leadsToLine") if versions else ():
            for class_ in self._schema.domains(leading):
                noun = ResolvedNoun(self._schema.iri(class_), condition)
                for row in self._run(translate(ResolvedList(noun, or_unknown=True))):
                    found[self._facts.known(row[0])] = int(row[-1].value)
        return {version: found.get(version, UNKNOWN) for version in versions}

    def _with_differing(self, line: int, answer: Answer, truths: dict[int, int], condition: Condition) -> Answer:
        groups = {
            wanted: [version for version, truth in truths.items() if truth == wanted]
            for wanted in (YES, NO, DISPUTED)
            if VERDICTS[wanted] is not answer.verdict
        }
        differing = [(wanted, versions) for wanted, versions in groups.items() if versions]
        if not differing:
            return answer
        rows = [self._row(version, wanted, condition) for wanted, versions in differing for version in versions]
        said = [f"{_SAID[wanted]} {listed(list(map(self._schema.label, versions)))}" for wanted, versions in differing]
        note = Note("I730", f"of {self._schema.label(line)} itself; of its versions it is {', '.join(said)}")
        return replace(answer, rows=(*answer.rows, *rows), notes=(*answer.notes, note))


def _counted(truths: dict[int, int]) -> str:
    counts = [(truth, sum(found == truth for found in truths.values())) for truth in (YES, NO, DISPUTED, UNKNOWN)]
    return ", ".join(f"{_SAID[truth]} {count}" for truth, count in counts if count)

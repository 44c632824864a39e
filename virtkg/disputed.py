"""The answer to a yes-or-no question → whether sources contradict each other on it.

Knows: the four verdicts. Must not know: how the question was answered, or how an answer is shown.
"""

from __future__ import annotations

from virtkg.answer import Answer, Note, Verdict
from virtkg.record import replace


def whether_disputed(answer: Answer) -> Answer:
    """Return the same rows and sources with whether there is a dispute: yes if there is, no if what is known agrees."""
    verdicts = {row.verdict for row in answer.rows}
    if Verdict.DISPUTED in verdicts:
        return replace(answer, verdict=Verdict.YES)
    if verdicts <= {Verdict.UNKNOWN}:
        return replace(answer, verdict=Verdict.UNKNOWN)
    agreed = " or ".join(sorted(str(verdict) for verdict in verdicts - {Verdict.UNKNOWN}))
    note = Note("I748", f"what sources say is {agreed}, and no other source contradicts it")
    return replace(answer, verdict=Verdict.NO, notes=(note, *answer.notes))

"""An answer that tells nothing → the answer to the same question by names that people use loosely.

“Does Hyper-V support live migration” names a hypervisor, and means the suites around it.

Knows: how much an answer tells. Must not know: words, the graph, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from virtkg.answer import Answer, Note, Row, Verdict
from virtkg.diagnostics import AmbiguousQuestion

if TYPE_CHECKING:
    from virtkg.language.resolved import ResolvedQuestion
    from virtkg.language.understand import Reader


def answered(reader: Reader, text: str, reading: int | None, answer: Callable[[ResolvedQuestion], Answer]) -> Answer:
    """Return the answer to a question by its strict meaning, or by a looser one if only that tells something.

    `reading` chooses among strict meanings. Raises what `Reader.understand` and `answer` raise.
    """
    meant = reader.understand(text, reading=reading)
    strict = answer(meant)
    if reading is not None or tells(strict):
        return strict
    return instead(strict, [answer(other) for other in reader.loosely(text) if other != meant])


def tells(answer: Answer) -> int:
    """Return how many rows of an answer tell something; of a comparison, of all its things."""
    if answer.kind == "comparison":
        return sum(_is_full(row) for row in answer.rows)
    if answer.verdict not in (None, Verdict.UNKNOWN):
        return 1
    if answer.tally is not None:
        return answer.tally.yes + answer.tally.disputed
    return sum(row.verdict is not Verdict.UNKNOWN for row in answer.rows)


def _is_full(row: Row) -> bool:
    return all(value.verdict is not Verdict.UNKNOWN for field in row.fields for value in field.values)


def instead(answer: Answer, others: list[Answer]) -> Answer:
    """Return the one of some other answers that tells most, with a note on the strict reading; else the answer itself.

    Raises AmbiguousQuestion (E301) if several tell as much.
    """
    most = max(map(tells, others), default=0)
    best = [other for other in others if tells(other) == most]
    if not most:
        return answer
    if len(best) > 1:
        raise AmbiguousQuestion(
            "E301",
            f"nothing is known of “{answer.reading}”, and the question has {len(best)} looser meanings",
            hint="ask one of them",
            text=answer.question,
            suggestions=tuple(other.reading for other in best),
        )
    note = Note("I736", f"read so, since nothing is known of “{answer.reading}”")
    return replace(best[0], notes=(note, *best[0].notes))

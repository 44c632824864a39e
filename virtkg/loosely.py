"""An answer that tells nothing → the answer to the same question by names that people use loosely.

“Does Hyper-V support live migration” names a hypervisor, and means the suites around it;
“features of XCP-ng” names a line, and means those of its versions.

Knows: how much an answer tells. Must not know: words, the graph, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from virtkg.answer import Answer, Note
from virtkg.diagnostics import AmbiguousQuestion
from virtkg.record import replace

if TYPE_CHECKING:
    from virtkg.language.resolved import ResolvedQuestion
    from virtkg.language.understand import Reader


def answered(reader: Reader, text: str, reading: int | None, answer: Callable[[ResolvedQuestion], Answer]) -> Answer:
    """Return the answer to a question by its strict meaning, or by a looser one if only that tells something.

    `reading` chooses among strict meanings. Raises what `Reader.understand` and `answer` raise.
    """
    meant = reader.understand(text, reading=reading)
    strict = answer(meant)
    if reading is not None:
        return strict
    if strict.told:
        return _with_versions(strict, reader.of_versions(meant), answer)
    loose = [other for other in reader.loosely(text) if other != meant]
    for others in (loose, [other for one in (meant, *loose) for other in reader.of_versions(one)]):
        answers = [answer(other) for other in others]
        found = instead(strict, answers)
        if found is not strict:
            read = next(other for other, said in zip(others, answers, strict=True) if said.reading == found.reading)
            return _with_versions(found, reader.of_versions(read), answer)
    return strict


def _with_versions(
    strict: Answer, others: list[ResolvedQuestion], answer: Callable[[ResolvedQuestion], Answer]
) -> Answer:
    """Add to an answer about a line that its versions give more, if they do."""
    for other in map(answer, others):
        if other.told > strict.told:
            note = Note("I738", f"of the line itself; “{other.reading}” gives {other.told}")
            return replace(strict, notes=(note, *strict.notes))
    return strict


def instead(answer: Answer, others: list[Answer]) -> Answer:
    """Return the one of some other answers that tells most, with a note on the strict reading; else the answer itself.

    Raises AmbiguousQuestion (E301) if several tell as much.
    """
    most = max((other.told for other in others), default=0)
    best = [other for other in others if other.told == most]
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

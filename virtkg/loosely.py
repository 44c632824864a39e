"""An answer that tells nothing → the answer to the same question by names that people use loosely.

“Does Hyper-V support live migration” names a hypervisor, and means the suites around it;
“features of XCP-ng” names a line, and means those of its versions.

Knows: how much an answer tells. Must not know: words, the graph, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from virtkg.answer import Answer, Note
from virtkg.diagnostics import AmbiguousQuestion
from virtkg.language.resolved import ResolvedExtreme
from virtkg.record import replace

if TYPE_CHECKING:
    from virtkg.language.resolved import ResolvedQuestion
    from virtkg.language.understand import Reader


def answered(reader: Reader, text: str, reading: int | None, answer: Callable[[ResolvedQuestion], Answer]) -> Answer:
    """Return the answer to a question by its strict meaning, or by a looser one if only that tells something.

    Of several strict meanings one is taken if nothing is known of the others, which is said.
    `reading` chooses among strict meanings. Raises what `Reader.understand` and `answer` raise.
    """
    try:
        meant = reader.understand(text, reading=reading)
    except AmbiguousQuestion:
        found = _only_telling(reader, text, answer) if reading is None else None
        if found is None:
            raise
        return found
    strict = answer(meant)
    if strict.told:
        return _with_versions(strict, reader.of_versions(meant), answer)
    if reading is not None:
        return strict
    loose = [other for other in reader.loosely(text) if other != meant]
    for others in (loose, [other for one in (meant, *loose) for other in reader.of_versions(one)]):
        answers = [answer(other) for other in others]
        found = instead(strict, answers)
        if found is not strict:
            read = next(other for other, said in zip(others, answers, strict=True) if said.reading == found.reading)
            return _with_versions(found, reader.of_versions(read), answer)
    return strict


def _only_telling(reader: Reader, text: str, answer: Callable[[ResolvedQuestion], Answer]) -> Answer | None:
    """Return the answer by the one meaning of which anything is known, None if that is so of several or of none."""
    answers = [(meant, answer(meant)) for meant in reader.meanings(text)]
    telling = [(meant, found) for meant, found in answers if found.told]
    if len(telling) != 1:
        return None
    meant, strict = telling[0]
    found = _with_versions(strict, reader.of_versions(meant), answer)
    left = [other for _, other in answers if not other.told and other.reading != found.reading]
    return replace(found, notes=(_read_so(left), *found.notes)) if left else found


def _with_versions(
    strict: Answer, others: list[ResolvedQuestion], answer: Callable[[ResolvedQuestion], Answer]
) -> Answer:
    """Add to an answer about a line that its versions give more, if they do."""
    for meant, other in zip(others, map(answer, others), strict=True):
        if isinstance(meant, ResolvedExtreme) and other.told and other.rows != strict.rows:
            names = ", ".join(row.label for row in strict.rows)
            note = Note("I738", f"read of the versions; of the line itself, “{strict.reading}” gives {names}")
            return replace(other, notes=(note, *other.notes))
        if other.told > strict.told:
            note = Note("I738", f"of just what is named; “{other.reading}” gives {other.told}")
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
    return replace(best[0], notes=(_read_so([answer]), *best[0].notes))


def _read_so(others: Iterable[Answer]) -> Note:
    """Return the note that a question was read in one way because nothing is known of its other meanings."""
    said = " or ".join(f"“{other.reading}”" for other in others)
    return Note("I736", f"read so, since nothing is known of {said}")

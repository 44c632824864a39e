"""A text of several sentences → the answers to its questions, one after another.

Knows: that what is not understood is told. Must not know: words, the graph, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from virtkg.answer import Answer
from virtkg.loosely import answered
from virtkg.record import replace

if TYPE_CHECKING:
    from virtkg.language.resolved import ResolvedQuestion
    from virtkg.language.understand import Reader


def in_turn(
    reader: Reader, text: str, reading: int | None, answer: Callable[[str, ResolvedQuestion], Answer]
) -> Answer:
    """Return the answer to a text: of one that holds several questions, the first with the further ones behind it.

    `reading` chooses among the meanings of one question. Raises what `loosely.answered` raises.
    """

    def of(question: str) -> Answer:
        return answered(reader, question, reading, lambda meant: answer(question, meant))

    several = reader.several(text) if reading is None else None
    if several is None:
        return of(text)
    first, *further = map(of, several.questions)
    return replace(first, question=text, unread=several.unread, further=tuple(further))

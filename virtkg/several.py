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

    `reading` chooses among the meanings of a question that has several. Raises what `loosely.answered` raises.
    """

    def of(question: str, chosen: int | None) -> Answer:
        return answered(reader, question, chosen, lambda meant: answer(question, meant))

    several = reader.several(text)
    if several is None:
        return of(text, reading)
    open_ = {question for question in several.questions if len(reader.meanings(question)) > 1}
    first, *further = (
        of(question, reading if question in open_ or not open_ else None) for question in several.questions
    )
    return replace(first, question=text, unread=several.unread, further=tuple(further))

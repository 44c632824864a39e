"""A list whose last condition is a superlative is a question for the most, or the least.

Knows: conditions as they are written. Must not know: the text's grammar, or the graph.
"""

from __future__ import annotations

from virtkg.language.questions import ListQuestion, RankQuestion
from virtkg.language.syntax import Superlative
from virtkg.record import replace


def ranked(question: ListQuestion) -> ListQuestion | RankQuestion:
    """Return a list whose last condition is to have the most, or the least, as the question that it is."""
    last = question.noun.modifiers[-1] if question.noun.modifiers else None
    if last is None or last.joint or question.or_unknown or not isinstance(last.object, Superlative):
        return question
    return RankQuestion(replace(question.noun, modifiers=question.noun.modifiers[:-1]), last.object, False, loose=True)

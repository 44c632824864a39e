"""Parse tree of a question for values → Question.

Knows: the rules `value`, `table` and `scope` of grammar.lark. Must not know: the graph, SPARQL, or other rules.
"""

from __future__ import annotations

from collections.abc import Callable

from virtkg.language.nodes import Token, Tree, tokens, trees
from virtkg.language.questions import AskQuestion, Question, ScopedQuestion, TableQuestion, ValueQuestion
from virtkg.language.syntax import Comparison, Noun, Phrase
from virtkg.record import replace


def value(tree: Tree, phrase: Callable[[Token], Phrase]) -> Question:
    """Return the question for one value of a thing, or for several."""
    keys = _keys(tree, phrase)
    subject = phrase(next(token for token in tokens(tree) if token.type == "ENT"))
    asked = ValueQuestion(keys[0], subject) if len(keys) == 1 else TableQuestion(keys, subject)
    return scoped(asked, tree, phrase)


def table(tree: Tree, noun: Noun, phrase: Callable[[Token], Phrase]) -> TableQuestion:
    """Return the question for values of all things of a noun."""
    return TableQuestion(_keys(tree, phrase), noun)


def scoped(
    asked: ValueQuestion | TableQuestion | AskQuestion, tree: Tree, phrase: Callable[[Token], Phrase]
) -> Question:
    """Return a question with the scope that a tree gives, if it gives one: that of a comparison is part of it."""
    scopes = [phrase(tokens(part)[-1]) for part in trees(tree) if part.data == "scope"]
    if not scopes:
        return asked
    if isinstance(asked, AskQuestion) and isinstance(asked.predicate.object, Comparison):
        return replace(asked, predicate=replace(asked.predicate, object=asked.predicate.object.within(scopes[0])))
    return ScopedQuestion(asked, scopes[0])


def _keys(tree: Tree, phrase: Callable[[Token], Phrase]) -> tuple[Phrase, ...]:
    return tuple(phrase(tokens(part)[0]) for part in trees(tree) if part.data == "key")

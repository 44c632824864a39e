"""Clauses that say what is done to things, `where disk and network are emulated`, as conditions.

Knows: their rules of grammar.lark. Must not know: other conditions, or the graph.
"""

from __future__ import annotations

from collections.abc import Callable

from virtkg.language.nodes import Token, Tree, joint, tokens, trees
from virtkg.language.syntax import Modifier, Phrase


def clauses(tree: Tree, first: str, phrase: Callable[[Token], Phrase]) -> list[Modifier]:
    """Return the conditions of some clauses; `first` is how they follow what stands before."""
    *before, last = trees(tree)
    if not before:
        return clause(last, first, phrase)
    return [*clauses(before[0], first, phrase), *clause(last, joint(before[1]), phrase)]


def clause(tree: Tree, first: str, phrase: Callable[[Token], Phrase]) -> list[Modifier]:
    """Return what is said to be done, once for each thing that it is done to."""
    done, negated = phrase(tokens(tree)[-1]), tree.data == "clause_not"
    things: list[Phrase] = []
    subjects = trees(tree)
    while subjects:
        things.insert(0, phrase(tokens(subjects[0])[-1]))
        subjects = trees(subjects[0])
    joints = [first, *("and" for _ in things[1:])]
    return [Modifier(word, "relation", negated, done, thing) for word, thing in zip(joints, things, strict=True)]

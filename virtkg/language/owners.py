"""Conditions on who has a thing, `that A and B share`, or on when it came or went → Modifier.

Knows: their rules of grammar.lark. Must not know: other conditions, or the graph.
"""

from __future__ import annotations

from collections.abc import Callable

from virtkg.language.nodes import Token, Tree, child, tokens, trees
from virtkg.language.syntax import Group, Modifier, Owners, Phrase, Timing
from virtkg.record import replace


def owned(tree: Tree, joint: str, phrase: Callable[[Token], Phrase]) -> Modifier:
    """Return the condition that some things do what a verb says, or have it, if no verb is said."""
    names = _names(child(tree, "owners"), phrase)
    words = [token for part in (tree, *trees(tree)) for token in tokens(part) if token.type == "VERB"]
    verb = phrase(words[0]) if words else None
    governor = "with" if verb is None else "relation"
    if tree.data == "owned_only":
        owners = Owners(tuple(names), True, names[0].start, names[-1].end)
        return Modifier(joint, governor, False, verb, owners, turned=True)
    denied = str(tree.data) == "not_owned_by"
    each = [Modifier("and" if n else "", governor, denied, verb, name, turned=True) for n, name in enumerate(names)]
    if len(each) == 1:
        return replace(each[0], joint=joint)
    return Modifier(joint, "group", False, None, Group(tuple(each), names[0].start, names[-1].end))


def _names(tree: Tree, phrase: Callable[[Token], Phrase]) -> list[Phrase]:
    before = [name for part in trees(tree) for name in _names(part, phrase)]
    return [*before, phrase(tokens(tree)[-1])]


def event(tree: Tree, joint: str, phrase: Callable[[Token], Phrase]) -> Modifier:
    """Return the condition that something came or went at a place in the order of versions."""
    form, word, *versions = tokens(tree)
    said, first, last = phrase(form), phrase(versions[0]), phrase(versions[-1])
    return Modifier(joint, "event", False, said, Timing(word.type.lower(), first, last, said.start, last.end))

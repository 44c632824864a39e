"""Sentences that ask of all, of several, of versions, or of what does something → Question.

Knows: their rules of grammar.lark by name. Must not know: how phrases and conditions are built, or the graph.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lark import Token, Tree

from virtkg.language.clauses import clause
from virtkg.language.nodes import child, tokens, trees
from virtkg.language.syntax import (
    CompareQuestion,
    DoerQuestion,
    ExtremeQuestion,
    GotQuestion,
    Group,
    HowQuestion,
    ListQuestion,
    Modifier,
    Noun,
    Owners,
    Phrase,
    QuantifiedQuestion,
    Question,
    RoleQuestion,
    SurplusQuestion,
    Timing,
    UsedForQuestion,
)
from virtkg.record import record


@record
class Parts:
    """How the parts of a sentence are built."""

    phrase: Callable[[Token], Phrase]
    noun: Callable[[Tree[Token]], Noun]
    head: Callable[[Tree[Token]], Phrase]
    predicate: Callable[[Tree[Token], str], Modifier]
    said: Callable[[Tree[Token], str], Modifier]
    more: Callable[[list[Tree[Token]], Modifier], list[Modifier]]
    item: Callable[[Tree[Token]], Modifier]


def sentence(tree: Tree[Token], parts: Parts) -> Question | None:
    """Return the question that a tree stands for, None if it is another sentence."""
    rule = str(tree.data)
    phrases = [parts.phrase(token) for token in tokens(tree) if token.type in ("ENT", "VERB", "ROLE", "FPART")]
    match rule:
        case "every" | "every_be" | "every_is" | "any" | "any_be" | "any_is" | "exists":
            return _quantified(tree, rule, parts)
        case "surplus_exists" | "deficit_exists":
            return _surplus(tree, rule == "surplus_exists", parts)
        case "compare_of" | "compare_by":
            names = [phrase for phrase in phrases if phrase.terminal == "ENT"]
            aspects = tuple(parts.phrase(tokens(part)[0]) for part in _each(trees(tree)[-1], "aspects"))
            return CompareQuestion(tuple(names), aspects=aspects)
        case "got" | "got_when":
            return _got(tree, phrases[0], parts)
        case "where_done" | "where_brought" | "extreme_does":
            return _of_noun(tree, rule, parts)
        case "what_does":
            return DoerQuestion(parts.predicate(trees(tree)[0], ""))
        case "role":
            return RoleQuestion(*phrases)
        case "how_done":
            aspect, done, subject = phrases
            return HowQuestion(subject, done, aspect)
        case "used_for":
            return UsedForQuestion(*phrases)
        case _:
            return None


def _quantified(tree: Tree[Token], rule: str, parts: Parts) -> QuantifiedQuestion:
    noun_phrase, *rest = trees(tree)
    noun, every = parts.noun(noun_phrase), rule.startswith("every")
    if rule == "exists":
        return QuantifiedQuestion(noun, None, every=False)
    if not rest:
        return QuantifiedQuestion(*_split(noun), every)
    first = parts.predicate(rest[0], "") if rule in ("every", "any") else _is(parts.head(rest[0]))
    return QuantifiedQuestion(noun, tuple(parts.more(rest[1:], first)), every)


def _is(head: Phrase) -> Modifier:
    return Modifier("", "is", False, None, head)


def _split(noun: Noun) -> tuple[Noun, tuple[Modifier, ...]]:
    """Return the noun and what is said of its things: the last condition that merely follows, with those joined to it.

    What stands beside a noun is no statement: “are all suites with page sharing” says nothing of them.
    """
    starts = [n for n, modifier in enumerate(noun.modifiers) if not modifier.joint and modifier.governor != "beside"]
    last = starts[-1] if starts and _is_said(noun.modifiers[starts[-1]]) else len(noun.modifiers)
    return Noun(noun.head, noun.modifiers[:last]), noun.modifiers[last:]


def _is_said(modifier: Modifier) -> bool:
    """Tell whether a condition can stand after “are”, as in: are all suites of A based on B."""
    if modifier.governor in ("time", "lasting", "event"):
        return True
    return modifier.governor == "relation" and modifier.relation is not None and modifier.relation.terminal == "PART"


def _surplus(tree: Tree[Token], having_first: bool, parts: Parts) -> SurplusQuestion:
    first, second = [parts.phrase(token) for token in tokens(tree) if token.type == "ENT"]
    verbs = [
        next((parts.phrase(token) for token in tokens(part) if token.type == "VERB"), None) for part in trees(tree)
    ]
    if having_first:
        return SurplusQuestion(first, verbs[0], second, verbs[1])
    return SurplusQuestion(second, verbs[1], first, verbs[0])


def _got(tree: Tree[Token], subject: Phrase, parts: Parts) -> GotQuestion:
    noun = parts.noun(trees(tree)[0]) if str(tree.data) == "got" else None
    last = trees(tree)[-1]
    return GotQuestion(noun, subject, parts.item(last) if str(last.data) == "item" else parts.predicate(last, ""))


def _of_noun(tree: Tree[Token], rule: str, parts: Parts) -> Question:
    noun = parts.noun(child(tree, "np"))
    joint = "and" if noun.modifiers else ""
    if rule == "extreme_does":
        said = [parts.said(trees(tree)[-1], joint)]
        latest = any(token.type == "LATEST" for token in tokens(tree))
        return ExtremeQuestion(replace(noun, modifiers=(*noun.modifiers, *said)), latest)
    if rule == "where_done":
        said = clause(tree_of_clause(tree), joint, parts.phrase)
    else:
        thing, event = [parts.phrase(token) for token in tokens(tree)[-2:]]
        said = [Modifier(joint, "relation", False, event, thing)]
    return ListQuestion(replace(noun, modifiers=(*noun.modifiers, *said)), or_unknown=False)


def tree_of_clause(tree: Tree[Token]) -> Tree[Token]:
    """Return the clause in a question that turns it round: are interrupts emulated, as interrupts are emulated."""
    return Tree("clause", [child(tree, "subjects"), tokens(tree)[-1]])


def _each(tree: Tree[Token], chain: str) -> list[Tree[Token]]:
    """Return the members of a chain, which is a member or a chain with one more."""
    if str(tree.data) != chain:
        return [tree]
    return [member for part in trees(tree) for member in _each(part, chain)]


def owned(tree: Tree[Token], joint: str, parts: Parts) -> Modifier:
    """Return the condition that some things do what a verb says, or have it, if no verb is said."""
    names = _names(child(tree, "owners"), parts)
    words = [token for part in (tree, *trees(tree)) for token in tokens(part) if token.type == "VERB"]
    verb = parts.phrase(words[0]) if words else None
    governor = "with" if verb is None else "relation"
    if str(tree.data) == "owned_only":
        owners = Owners(tuple(names), True, names[0].start, names[-1].end)
        return Modifier(joint, governor, False, verb, owners, turned=True)
    each = [Modifier("and" if n else "", governor, False, verb, name, turned=True) for n, name in enumerate(names)]
    if len(each) == 1:
        return replace(each[0], joint=joint)
    return Modifier(joint, "group", False, None, Group(tuple(each), names[0].start, names[-1].end))


def _names(tree: Tree[Token], parts: Parts) -> list[Phrase]:
    before = [name for part in trees(tree) for name in _names(part, parts)]
    return [*before, parts.phrase(tokens(tree)[-1])]


def event(tree: Tree[Token], joint: str, parts: Parts) -> Modifier:
    """Return the condition that something came or went at a place in the order of versions."""
    form, word, version = tokens(tree)
    said, at = parts.phrase(form), parts.phrase(version)
    return Modifier(joint, "event", False, said, Timing(word.type.lower(), at, at, said.start, at.end))

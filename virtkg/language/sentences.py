"""Sentences that ask of all, of several, of versions, or of what does something → Question.

Knows: their rules of grammar.lark by name. Must not know: how phrases and conditions are built, or the graph.
"""

from __future__ import annotations

from virtkg.diagnostics import QuestionError
from virtkg.language.clauses import clause
from virtkg.language.nodes import Tree, child, tokens, trees
from virtkg.language.parts import Parts
from virtkg.language.questions import (
    CompareQuestion,
    DoerQuestion,
    ExtremeOfQuestion,
    ExtremeQuestion,
    GotQuestion,
    HowQuestion,
    ListQuestion,
    OrderQuestion,
    QuantifiedQuestion,
    Question,
    RoleQuestion,
    SurplusQuestion,
    UsedForQuestion,
)
from virtkg.language.syntax import Modifier, Noun, Phrase, terms
from virtkg.record import replace


def sentence(tree: Tree, said: Parts) -> Question | None:
    """Return the question that a tree stands for, None if it is another sentence."""
    rule = tree.data
    phrases = [said.phrase(token) for token in tokens(tree) if token.type in ("ENT", "VERB", "ROLE", "FPART")]
    match rule:
        case "every" | "every_be" | "every_is" | "any" | "any_be" | "any_is" | "exists":
            return _quantified(tree, rule, said)
        case "surplus_exists" | "deficit_exists":
            return _surplus(tree, rule == "surplus_exists", said)
        case "compare_of" | "compare_by":
            names = [phrase for phrase in phrases if phrase.terminal == "ENT"]
            aspects = tuple(said.phrase(tokens(part)[0]) for part in _each(trees(tree)[-1], "aspects"))
            return CompareQuestion(tuple(names), aspects=aspects)
        case "which_among":
            return CompareQuestion(tuple(phrases), aspects=(_had(trees(tree)[-1], said),))
        case "differing_in":
            return _differing_in(phrases)
        case "got" | "got_when":
            return _got(tree, phrases[0], said)
        case "when_so":
            return GotQuestion(None, phrases[0], said.stated(trees(tree)[0], ""), so=True)
        case "where_done" | "where_brought" | "extreme_does":
            return _of_noun(tree, rule, said)
        case "what_does":
            return DoerQuestion(said.stated(trees(tree)[0], ""))
        case "what_is":
            part, thing = said.phrase(tokens(tree)[-1]), said.object(trees(tree)[0])
            return DoerQuestion(Modifier("", "relation", False, part, thing))
        case "what_done" | "what_had" | "all_done" | "what_of":
            return DoerQuestion(said.turned(tree, ""))
        case "who_done":
            return _who_done(tree, said)
        case "is_older" | "came_first" | "eldest":
            latest = any(token.type in ("AFTER", "CAMELAST", "LATEST") for token in tokens(tree))
            return OrderQuestion(tuple(phrases), latest, asked=rule == "is_older")
        case "extreme_of":
            latest = any(token.type == "LATEST" for token in tokens(tree))
            mods = [modifier for part in trees(tree) for modifier in said.modifiers(part)]
            return ExtremeOfQuestion(phrases[0], tuple(mods), latest)
        case "came_out":
            return OrderQuestion(tuple(phrases), latest=False, asked=False)
        case "role":
            return RoleQuestion(*phrases)
        case "how_deed":
            return HowQuestion(phrases[0], None, said.phrase(tokens(tree)[-1]))
        case "how_done":
            aspect, done, subject = phrases
            return HowQuestion(subject, done, aspect)
        case "used_for":
            return UsedForQuestion(*phrases)
        case _:
            return None


def _differing_in(phrases: list[Phrase]) -> CompareQuestion:
    """Return what compares two things by what differs in them: “how does A in B differ from A in C”."""
    aspect, first, other, *last = phrases
    if not last:
        said = f"it is not said in what “{other.text}” is to be compared"
        offers = (f"describe {aspect.text}", f"does {first.text} have {aspect.text}")
        hint = "ask as: how does A in B differ from A in C"
        place = other.start + 1, other.end - other.start
        raise QuestionError("E102", said, hint=hint, column=place[0], length=place[1], offers=offers)
    aspects = (aspect,) if set(terms(aspect)) & set(terms(other)) else (aspect, other)
    return CompareQuestion((first, last[0]), aspects=aspects)


def _quantified(tree: Tree, rule: str, said: Parts) -> QuantifiedQuestion:
    noun_phrase, *rest = trees(tree)
    if noun_phrase.data == "beside":
        noun_phrase = Tree("np", (noun_phrase,))
    noun, every = said.noun(noun_phrase), rule.startswith("every")
    if rule in ("every_be", "any_be") and _is_said_beside(noun):
        predicate = said.chained(rest, _is(noun.head))
        return QuantifiedQuestion(Noun(noun.modifiers[0].object, ()), tuple(predicate), every)  # type: ignore[arg-type]
    if rule == "exists":
        return QuantifiedQuestion(noun, None, every=False)
    if not rest:
        return QuantifiedQuestion(*_split(noun), every)
    first = said.stated(rest[0], "") if rule in ("every", "any") else _is(said.head(rest[0]))
    return QuantifiedQuestion(noun, tuple(said.chained(rest[1:], first)), every)


def _is_said_beside(noun: Noun) -> bool:
    """Tell whether a noun is two kinds of things and nothing more: “are all suites platforms”."""
    before = noun.modifiers[0].object if len(noun.modifiers) == 1 else None
    return isinstance(before, Phrase) and before.terminal == "CLASS" and noun.modifiers[0].governor == "beside"


def _is(head: Phrase) -> Modifier:
    return Modifier("", "is", False, None, head)


def _split(noun: Noun) -> tuple[Noun, tuple[Modifier, ...]]:
    """Return the noun and what is said of its things: the last condition that merely follows, with those joined to it.

    What stands beside a noun is no statement: “are all suites with page sharing” says nothing of them.
    """
    starts = [n for n, modifier in enumerate(noun.modifiers) if not modifier.joint and modifier.governor != "beside"]
    at = starts[-1] if starts else 0
    # “all versions of Xen” are only named, while “all Nitro instances of type HVM” says something of those on Nitro.
    told = bool(starts) and (
        _is_said(noun.modifiers[at]) or (at > 0 and noun.modifiers[at].governor in ("of", "with", "has"))
    )
    last = at if told else len(noun.modifiers)
    return Noun(noun.head, noun.modifiers[:last]), noun.modifiers[last:]


def _is_said(modifier: Modifier) -> bool:
    """Tell whether a condition can stand after “are”, as in: are all suites of A based on B."""
    if modifier.governor in ("time", "lasting", "event"):
        return True
    return modifier.governor == "relation" and modifier.relation is not None and modifier.relation.terminal == "PART"


def _had(done: Tree, said: Parts) -> Phrase:
    """Return the one thing that several may have: “which of A and B support C”.

    Raises QuestionError E102 if it is none.
    """
    words, had = tokens(done), trees(done)
    names = [said.phrase(token) for part in had for token in tokens(part)]
    if done.data != "verb_object" or len(names) != 1 or names[0].terminal != "ENT" or words[0].type == "LACK":
        first, last = said.phrase(words[0]), (names or [said.phrase(words[-1])])[-1]
        text = "of several things, only what they have can be asked"
        hint = "ask of each alone, or: compare A, B and C by D"
        raise QuestionError("E102", text, hint=hint, column=first.start + 1, length=last.end - first.start)
    return names[0]


def _surplus(tree: Tree, having_first: bool, said: Parts) -> SurplusQuestion:
    first, second = [said.phrase(token) for token in tokens(tree) if token.type == "ENT"]
    verbs = [next((said.phrase(token) for token in tokens(part) if token.type == "VERB"), None) for part in trees(tree)]
    if having_first:
        return SurplusQuestion(first, verbs[0], second, verbs[1])
    return SurplusQuestion(second, verbs[1], first, verbs[0])


def _got(tree: Tree, subject: Phrase, said: Parts) -> GotQuestion:
    noun = said.noun(trees(tree)[0]) if tree.data == "got" else None
    last = trees(tree)[-1]
    return GotQuestion(noun, subject, said.having(last) if last.data == "item" else said.stated(last, ""))


def _who_done(tree: Tree, said: Parts) -> DoerQuestion:
    """Return who did what is said to be done: “X was acquired by who”, “by whom was X acquired”."""
    thing = next(said.phrase(token) for token in tokens(tree) if token.type == "ENT")
    done = next(said.phrase(token) for token in tokens(tree) if token.type in ("PART", "VERB"))
    return DoerQuestion(Modifier("", "relation", False, done, thing, turned=done.terminal == "PART"))


def _of_noun(tree: Tree, rule: str, parts: Parts) -> Question:
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


def tree_of_clause(tree: Tree) -> Tree:
    """Return the clause in a question that turns it round: are interrupts emulated, as interrupts are emulated."""
    return Tree("clause", (child(tree, "subjects"), tokens(tree)[-1]))


def _each(tree: Tree, chain: str) -> list[Tree]:
    """Return the members of a chain, which is a member or a chain with one more."""
    if tree.data != chain:
        return [tree]
    return [member for part in trees(tree) for member in _each(part, chain)]

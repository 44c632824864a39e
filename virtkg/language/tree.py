"""Parse tree → Question.

Knows: the rules of grammar.lark by name. Must not know: the graph, SPARQL.
"""

from __future__ import annotations

from virtkg.diagnostics import QuestionError
from virtkg.language import sentences
from virtkg.language.asked_values import scoped, table, value
from virtkg.language.lattice import Edge
from virtkg.language.nodes import Tree, child, tokens, trees
from virtkg.language.parts import Parts, lasting
from virtkg.language.questions import (
    AccordingQuestion,
    AlternativesQuestion,
    AskQuestion,
    CallsQuestion,
    ChoiceQuestion,
    CompareQuestion,
    CountQuestion,
    DescribeQuestion,
    DisputedQuestion,
    ExtremeQuestion,
    HistoryQuestion,
    HowQuestion,
    ListQuestion,
    PairQuestion,
    Question,
    RankQuestion,
    SinceQuestion,
    SpanQuestion,
    SpansQuestion,
    SurplusQuestion,
    ValueQuestion,
)
from virtkg.language.superlative import ranked
from virtkg.language.syntax import Modifier, Noun, Phrase
from virtkg.language.words import Word
from virtkg.language.written import amount, moment
from virtkg.record import replace


def build(tree: Tree, path: tuple[Edge, ...], words: list[Word], text: str) -> Question:
    """Return the question that a parse tree over some edges stands for."""
    return _Questions(Parts(path, words, text)).question(tree)


class _Questions:
    def __init__(self, conditions: Parts) -> None:
        self._said = conditions

    def question(self, tree: Tree) -> Question:
        phrases = self._phrases(tree, "ENT", "NOUN", "FVERB", "VERB")
        match tree.data:
            case "question":
                sentence, *source = trees(tree)
                said = self.question(sentence)
                return AccordingQuestion(said, self._said.phrase(tokens(source[0])[-1])) if source else said
            case "sentence" | "predication" | "statement" | "told":
                return self.question(trees(tree)[-1])
            case "why":
                asked = self.question(trees(tree)[-1])
                assert isinstance(asked, AskQuestion)
                return replace(asked, why=True)
            case "choice":
                return ChoiceQuestion(phrases[0], tuple(phrases[1:]))
            case "list" | "which":
                return ranked(self._list(tree))
            case "what":
                return self._what(tree)
            case "so_many":
                return self._so_many(tree)
            case "ranked" | "ordered" | "which_most" | "longest" | "which_longest" as rule:
                return self._rank(tree, rule)
            case "which_of":
                noun = self._said.noun(child(tree, "np"))
                turned = self._said.turned(tree, "and" if noun.modifiers else "")
                return ListQuestion(replace(noun, modifiers=(*noun.modifiers, turned)), or_unknown=False)
            case "describe":
                named = [*trees(tree), tree][0]
                return DescribeQuestion(phrases[0] if phrases else self._said.phrase(tokens(named)[-1]))
            case "called" | "calls" as rule:
                return CallsQuestion(*(phrases if rule == "calls" else phrases[::-1]))
            case "compare":
                return CompareQuestion(tuple(phrases))
            case "who":
                return self._who(tree)
            case "alternatives":
                mods = trees(tree)
                return AlternativesQuestion(phrases[0], tuple(self._said.modifiers(mods[0])) if mods else ())
            case "differing" | "common" as part:
                return CompareQuestion(tuple(phrases), part)
            case "surplus":
                having, lacking = (self._phrases(part, "VERB") for part in trees(tree))
                return SurplusQuestion(phrases[0], having[0] if having else None, phrases[-1], (*lacking, None)[0])
            case "history":
                return HistoryQuestion(phrases[0])
            case "when":
                return ValueQuestion(self._said.phrase(tokens(tree)[-1]), phrases[0])
            case "extreme":
                latest = any(token.type == "LATEST" for token in tokens(tree))
                return ExtremeQuestion(self._said.noun(trees(tree)[-1]), latest)
            case "count":
                return self._count(tree)
            case "how":
                return HowQuestion(*phrases)
            case rule:
                return sentences.sentence(tree, self._said) or self._asked(tree, rule, phrases)

    def _phrases(self, tree: Tree, *terminals: str) -> list[Phrase]:
        return [self._said.phrase(token) for token in tokens(tree) if token.type in terminals]

    def _asked(self, tree: Tree, rule: str, phrases: list[Phrase]) -> Question:
        match rule:
            case "value":
                return value(tree, self._said.phrase)
            case "value_of":
                measure = next(token for token in tokens(tree) if token.type == "NUMPROP")
                return ValueQuestion(self._said.phrase(measure), phrases[0])
            case "table":
                return table(tree, self._said.noun(child(tree, "np")), self._said.phrase)
            case "scoped":
                asked = self.question(trees(tree)[0])
                assert isinstance(asked, AskQuestion)
                return scoped(asked, tree, self._said.phrase)
            case "since":
                asked = self.question(trees(tree)[0])
                assert isinstance(asked, AskQuestion)
                return SinceQuestion(asked)
            case "span_of":
                return self._span(tree, phrases[0] if phrases else None)
            case "span":
                words = {token.type: self._said.phrase(token) for token in tokens(tree)}
                form = next(words[name] for name in ("SPAN", "STILL", "ENDED") if name in words)
                return SpanQuestion(phrases[0], form, "HOWLONG" in words)
            case "disputed":
                stated = self.question(trees(tree)[0])
                assert isinstance(stated, AskQuestion)
                return DisputedQuestion(stated)
            case "is_value":
                return AskQuestion(phrases[0], Modifier("", "being", False, None, phrases[1]))
            case "has_in":
                return AskQuestion(phrases[1], Modifier("", "in", False, None, phrases[0]))
            case "pair":
                return PairQuestion(*phrases)
            case "why_no":
                denied = replace(self._said.having(trees(tree)[0]), negated=True)
                return AskQuestion(phrases[0], denied, why=True)
            case "states":
                return AskQuestion(phrases[0], self._said.said(trees(tree)[0], ""))
            case "is_lasting" | "is_not_lasting":
                form, day = self._said.phrase(tokens(tree)[-2]), moment(trees(tree)[0], self._said.phrase)
                return AskQuestion(phrases[0], lasting("", form, rule == "is_not_lasting", day))
            case "has":
                first, *rest = trees(tree)
                return AskQuestion(phrases[0], self._said.together(self._said.having(first), rest))
            case _:
                first, *rest = trees(tree)
                predicate = self._said.predicate(first, "", rule.endswith("_not"))
                return AskQuestion(phrases[0], self._said.together(predicate, rest))

    def _span(self, tree: Tree, subject: Phrase | None) -> SpanQuestion | SpansQuestion:
        things = trees(tree)[0]
        noun = self._said.noun(things) if subject is None else Noun(subject, tuple(self._said.modifiers(things)))
        *rest, last = noun.modifiers or (None,)
        if last is None or last.governor != "lasting" or last.relation is None or last.negated or last.joint:
            end = noun.head.end if last is None else last.object.end
            hint = "ask as: until when is A supported"
            raise QuestionError("E102", "it is not said what is to last", hint=hint, column=end + 1)
        length = any(token.type == "HOWLONG" for token in tokens(tree))
        if subject is not None and not rest:
            return SpanQuestion(subject, last.relation, length)
        return SpansQuestion(replace(noun, modifiers=tuple(rest)), subject is not None, last.relation, length)

    def _who(self, tree: Tree) -> ListQuestion:
        first, *rest = self._told(trees(tree), "")
        # What “who has” is asked for has a thing, and is not had by it.
        first = replace(first, governor="with") if first.governor == "has" else first
        return ListQuestion(Noun(self._said.phrase(tokens(tree)[0]), (first, *rest)), or_unknown=False)

    def _told(self, parts: list[Tree], joint: str) -> list[Modifier]:
        """Return what is said of the things of a noun: a predicate, what is joined to it, and what its noun has."""
        said: list[Modifier] = []
        for number, part in enumerate(parts):
            if part.data in ("plus", "minus", "more"):
                said = [*said[:-1], *self._said.chained([part], said[-1])]
            elif part.data == "on_day":
                said = [*said[:-1], self._said.on_day(part, said[-1])]
            elif part.data == "dangling":
                said = [replace(self._said.dangling(parts[:number], part), joint=joint)]
            else:
                said.append(self._said.after(part, joint, said[-1] if said else None))
        return said

    def _what(self, tree: Tree) -> Question:
        asked = ranked(self._list(tree))
        named = trees(trees(tree)[0])[0]
        if isinstance(asked, ListQuestion) and not asked.noun.modifiers and tokens(named)[0].type == "INDEF":
            # "what is a hypervisor" asks what the word means, and not for one of them.
            return DescribeQuestion(asked.noun.head)
        return asked

    def _list(self, tree: Tree) -> ListQuestion:
        or_unknown = any(token.type == "ORUNKNOWN" for token in tokens(tree))
        noun_phrase, *rest = trees(tree)
        noun = self._said.noun(noun_phrase)
        said = self._told(rest, "and" if noun.modifiers else "")
        return ListQuestion(Noun(noun.head, (*noun.modifiers, *said)), or_unknown)

    def _rank(self, tree: Tree, rule: str) -> RankQuestion:
        if rule == "which_most":
            named, most = trees(tree)
            return RankQuestion(self._said.noun(named), self._said.superlative(most), False, loose=False)
        inner = trees(tree)[0] if rule == "ranked" else tree
        noun = self._said.noun(child(inner, "np"))
        return RankQuestion(noun, self._said.superlative(inner), rule == "ordered", loose=False)

    def _so_many(self, tree: Tree) -> ListQuestion | RankQuestion:
        count, noun = amount(child(tree, "amount"), self._said.phrase), self._said.noun(child(tree, "np"))
        found = ranked(ListQuestion(noun, or_unknown=False))
        if isinstance(found, RankQuestion):
            return replace(found, by=replace(found.by, amount=count))
        open_ = Modifier("and" if noun.modifiers else "", "with", False, None, count)
        return replace(found, noun=replace(noun, modifiers=(*noun.modifiers, open_)))

    def _count(self, tree: Tree) -> CountQuestion:
        counted = child(tree, "counted", "counted_of")
        noun_phrase, *rest = trees(counted)
        noun = self._said.noun(noun_phrase)
        joint = "and" if noun.modifiers else ""
        if counted.data == "counted_of":
            said = [self._said.turned(counted, joint)]
        elif any(token.type == "THERE" for token in tokens(counted)):
            said = [modifier for mods in rest for modifier in self._said.modifiers(mods)]
        else:
            said = self._told(rest, joint)
        groupings = [part for part in trees(tree) if part.data == "grouping"]
        key = self._said.phrase(tokens(child(groupings[0], "noun"))[0]) if groupings else None
        return CountQuestion(Noun(noun.head, (*noun.modifiers, *said)), key)

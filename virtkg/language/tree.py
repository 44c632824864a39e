"""Parse tree → Question.

Knows: the rules of grammar.lark by name. Must not know: the graph, SPARQL.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from lark import Token, Tree

from virtkg.language import sentences
from virtkg.language.clauses import clause, clauses
from virtkg.language.lattice import Edge
from virtkg.language.nodes import child as _child
from virtkg.language.nodes import joint as _joint
from virtkg.language.nodes import tokens as _tokens
from virtkg.language.nodes import trees as _trees
from virtkg.language.superlative import ranked
from virtkg.language.syntax import (
    AccordingQuestion,
    AlternativesQuestion,
    AskQuestion,
    CallsQuestion,
    ChoiceQuestion,
    CompareQuestion,
    Comparison,
    CountQuestion,
    DescribeQuestion,
    Everything,
    ExtremeQuestion,
    Group,
    HistoryQuestion,
    HowQuestion,
    ListQuestion,
    Modifier,
    Moment,
    Noun,
    Phrase,
    Question,
    RankQuestion,
    SinceQuestion,
    SpanQuestion,
    Superlative,
    SurplusQuestion,
    Than,
    Timing,
    ValueQuestion,
    is_day,
)
from virtkg.language.words import Word
from virtkg.language.written import amount, moment

_OPERATORS: Final = {"GE": ">=", "LE": "<=", "GT": ">", "LT": "<", "EQ": "="}


def build(tree: object, path: tuple[Edge, ...], words: list[Word], text: str) -> Question:
    """Return the question that a parse tree over some edges stands for."""
    assert isinstance(tree, Tree)
    return _Builder(path, words, text).question(tree)


class _Builder:
    def __init__(self, path: tuple[Edge, ...], words: list[Word], text: str) -> None:
        self._path = path
        self._words = words
        self._text = text
        self._parts = sentences.Parts(
            self._phrase, self._noun, self._head, self._plainly, self._vp, self._chained, self._having,
        )  # fmt: skip

    def question(self, tree: Tree[Token]) -> Question:
        phrases = [self._phrase(token) for token in _tokens(tree) if token.type in ("ENT", "NOUN", "FVERB", "VERB")]
        match str(tree.data):
            case "question":
                sentence, *source = _trees(tree)
                said = self.question(sentence)
                return AccordingQuestion(said, self._phrase(_tokens(source[0])[-1])) if source else said
            case "sentence" | "predication" | "statement":
                return self.question(_trees(tree)[-1])
            case "why":
                asked = self.question(_trees(tree)[-1])
                assert isinstance(asked, AskQuestion)
                return replace(asked, why=True)
            case "choice":
                return ChoiceQuestion(phrases[0], tuple(phrases[1:]))
            case "list" | "which" | "what":
                return ranked(self._list(tree))
            case "so_many":
                return self._so_many(tree)
            case "ranked" | "ordered" | "which_most" as rule:
                return self._rank(tree, rule)
            case "which_of":
                owner, verb = phrases
                turned = Modifier("", "relation", False, verb, owner, turned=True)
                return ListQuestion(Noun(self._head(_child(tree, "nbar")), (turned,)), or_unknown=False)
            case "describe":
                return DescribeQuestion(phrases[0])
            case "called" | "calls" as rule:
                return CallsQuestion(*(phrases if rule == "calls" else phrases[::-1]))
            case "compare":
                return CompareQuestion(tuple(phrases))
            case "who":
                who = Noun(self._phrase(_tokens(tree)[0]), (self._vp(_trees(tree)[0], ""),))
                return ListQuestion(who, or_unknown=False)
            case "alternatives":
                said_of = _trees(tree)
                return AlternativesQuestion(phrases[0], tuple(self._modifiers(said_of[0])) if said_of else ())
            case "differing" | "common" as part:
                return CompareQuestion(tuple(phrases), part)
            case "surplus":
                having, lacking = (
                    [self._phrase(token) for token in _tokens(part) if token.type == "VERB"] for part in _trees(tree)
                )
                return SurplusQuestion(phrases[0], having[0] if having else None, phrases[-1], (*lacking, None)[0])
            case "history":
                return HistoryQuestion(phrases[0])
            case "when":
                return ValueQuestion(self._phrase(_tokens(tree)[-1]), phrases[0])
            case "extreme":
                latest = any(token.type == "LATEST" for token in _tokens(tree))
                return ExtremeQuestion(self._noun(_trees(tree)[-1]), latest)
            case "count":
                return self._count(tree)
            case "value":
                key = self._phrase(_tokens(_child(tree, "key"))[0])
                return ValueQuestion(key, phrases[0])
            case "how":
                return HowQuestion(*phrases)
            case rule:
                return sentences.sentence(tree, self._parts) or self._asked(tree, rule, phrases)

    def _asked(self, tree: Tree[Token], rule: str, phrases: list[Phrase]) -> AskQuestion | SinceQuestion | SpanQuestion:
        match rule:
            case "since":
                asked = self.question(_trees(tree)[0])
                assert isinstance(asked, AskQuestion)
                return SinceQuestion(asked)
            case "span":
                words = {token.type: self._phrase(token) for token in _tokens(tree)}
                return SpanQuestion(phrases[0], words.get("SPAN") or words["STILL"], "HOWLONG" in words)
            case "states":
                return AskQuestion(phrases[0], self._vp(_trees(tree)[0], ""))
            case "is_lasting" | "is_not_lasting":
                form, day = self._phrase(_tokens(tree)[-2]), moment(_trees(tree)[0], self._phrase)
                return AskQuestion(phrases[0], _lasting("", form, rule == "is_not_lasting", day))
            case "has":
                return AskQuestion(phrases[0], Modifier("", "with", False, None, self._item(_trees(tree)[0])))
            case _:
                predicate = self._predicate(_trees(tree)[-1], "", rule.endswith("_not"))
                return AskQuestion(phrases[0], predicate)

    def _list(self, tree: Tree[Token]) -> ListQuestion:
        or_unknown = any(token.type == "ORUNKNOWN" for token in _tokens(tree))
        noun_phrase, *rest = _trees(tree)
        noun = self._noun(noun_phrase)
        said = [self._vp(part, "and" if noun.modifiers else "") for part in rest]
        return ListQuestion(Noun(noun.head, (*noun.modifiers, *said)), or_unknown)

    def _rank(self, tree: Tree[Token], rule: str) -> RankQuestion:
        if rule == "which_most":
            return RankQuestion(self._noun(_trees(tree)[0]), self._superlative(_trees(tree)[1]), False, loose=False)
        inner = tree if rule == "ordered" else _trees(tree)[0]
        return RankQuestion(self._noun(_child(inner, "np")), self._superlative(inner), rule == "ordered", loose=False)

    def _so_many(self, tree: Tree[Token]) -> ListQuestion | RankQuestion:
        count, noun = amount(_child(tree, "amount"), self._phrase), self._noun(_child(tree, "np"))
        found = ranked(ListQuestion(noun, or_unknown=False))
        if isinstance(found, RankQuestion):
            return replace(found, by=replace(found.by, amount=count))
        open_ = Modifier("and" if noun.modifiers else "", "with", False, None, count)
        return replace(found, noun=replace(noun, modifiers=(*noun.modifiers, open_)))

    def _superlative(self, tree: Tree[Token]) -> Superlative:
        measure = self._phrase(_tokens(tree)[-1])
        lowest = any(token.type in ("LOWEST", "BOTTOM") for token in _tokens(tree))
        amounts = [amount(part, self._phrase) for part in _trees(tree) if str(part.data) == "amount"]
        return Superlative(measure, not lowest, next(iter(amounts), None), measure.start, measure.end)

    def _count(self, tree: Tree[Token]) -> CountQuestion:
        counted = _child(tree, "counted", "counted_of")
        noun_phrase, *rest = _trees(counted)
        noun = self._noun(noun_phrase)
        joint = "and" if noun.modifiers else ""
        if str(counted.data) == "counted_of":
            owner, verb = (self._phrase(token) for token in _tokens(counted)[-2:])
            said = [Modifier(joint, "relation", False, verb, owner, turned=True)]
        elif rest and str(rest[0].data) == "verb_object":
            said = [self._predicate(rest[0], joint, False)]
        elif any(token.type == "THERE" for token in _tokens(counted)):
            said = [modifier for mods in rest for modifier in self._modifiers(mods)]
        else:
            said = self._chained(rest[1:], self._vp(rest[0], joint)) if rest else []
        groupings = [part for part in _trees(tree) if str(part.data) == "grouping"]
        key = self._phrase(_tokens(_child(groupings[0], "noun"))[0]) if groupings else None
        return CountQuestion(Noun(noun.head, (*noun.modifiers, *said)), key)

    def _chained(self, rest: list[Tree[Token]], first: Modifier) -> list[Modifier]:
        said = [first]
        for more in rest:
            conj, bare = _trees(more)
            said.append(self._modifier(bare, _joint(conj), said[-1]))
        return said

    def _plainly(self, tree: Tree[Token], joint: str) -> Modifier:
        return self._predicate(tree, joint, False)

    def _having(self, item: Tree[Token]) -> Modifier:
        return Modifier("", "with", False, None, self._item(item))

    def _noun(self, noun_phrase: Tree[Token]) -> Noun:
        head, *chain = _trees(noun_phrase)
        modifiers: list[Modifier] = []
        joint = ""
        if str(head.data) == "beside":
            modifiers.append(Modifier("", "beside", False, None, self._phrase(_tokens(head)[0])))
        for part in chain:
            match str(part.data):
                case "conj":
                    joint = _joint(part)
                case "where":
                    modifiers += clauses(_trees(part)[0], joint, self._phrase)
                case _:
                    modifiers += self._modifiers(part)
        return Noun(self._head(head), tuple(modifiers))

    def _head(self, nbar: Tree[Token]) -> Phrase:
        return self._phrase(_tokens(nbar)[-1])

    def _modifiers(self, mods: Tree[Token]) -> list[Modifier]:
        parts = _trees(mods)
        if len(parts) == 1:
            return [self._modifier(parts[0], "", None)]
        before = self._modifiers(parts[0])
        joint = _joint(parts[1]) if str(parts[1].data) == "conj" else ""
        last = self._modifier(parts[-1], joint, before[-1])
        if before[-1].governor == "lasting" and not joint and is_day(last):
            # "still supported on a day" is one condition.
            assert isinstance(last.object, Timing)
            return [*before[:-1], replace(before[-1], object=last.object)]
        return [*before, last]

    def _modifier(self, tree: Tree[Token], joint: str, before: Modifier | None) -> Modifier:
        children = _trees(tree)
        match str(tree.data):
            case "with_" | "without":
                return Modifier(joint, "with", str(tree.data) == "without", None, self._item(children[0]))
            case "with_group" | "without_group" as rule:
                return self._group(tree, joint, Modifier("", "with", rule == "without_group", None, _NOTHING))
            case "group":
                return Modifier(joint, "group", False, None, self._bracketed(tree, self._modifiers(children[0])))
            case "of":
                return Modifier(joint, "of", False, None, self._object(children[0]))
            case "part" | "not_part" as rule:
                return Modifier(
                    joint, "relation", rule == "not_part", self._phrase(_tokens(tree)[-1]), self._object(children[0])
                )
            case "whose" | "whose_not":
                noun, owned = self._phrase(_tokens(children[0])[0]), self._phrase(_tokens(tree)[-1])
                return Modifier(joint, "relation", str(tree.data) == "whose_not", noun, owned)
            case "part_timed":
                return Modifier(joint, "time", False, self._phrase(_tokens(tree)[0]), self._timing(children[0]))
            case "timed":
                return Modifier(joint, "time", False, None, self._timing(children[0]))
            case "lasts":
                return _lasting(joint, self._phrase(_tokens(children[0])[0]), False, None)
            case "whose_are":
                done = clause(children[0], "", self._phrase)
                group = Group(tuple(done), done[0].object.start, done[-1].object.end)
                return replace(done[0], joint=joint) if len(done) == 1 else Modifier(joint, "group", False, None, group)
            case "that":
                return self._vp(children[0], joint)
            case "most":
                return Modifier(joint, "with", False, None, self._superlative(children[0]))
            case "owned":
                return sentences.owned(children[0], joint, self._parts)
            case "to":
                return self._plainly(children[0], joint)
            case "event":
                return sentences.event(tree, joint, self._parts)
            case "bare_item" | "bare_not_item":
                assert before is not None
                negated = before.negated or str(tree.data) == "bare_not_item"
                if before.negated and joint == "or":
                    # "without A or B" is neither, by English habit.
                    joint = "and"
                return Modifier(joint, before.governor, negated, before.relation, self._item(children[0]))
            case "bare_group":
                assert before is not None
                return self._group(tree, joint, before)
            case rule:
                assert rule == "bare", rule
                return self._vp(children[0], joint)

    def _group(self, tree: Tree[Token], joint: str, like: Modifier) -> Modifier:
        """Return the items in brackets as conditions, each of which reads as another modifier does."""
        modifiers: list[Modifier] = []
        items = _trees(tree)[0]
        rest: list[Tree[Token]] = []
        while str(items.data) == "items":
            *before, last = _trees(items)
            rest = [*before[1:], last, *rest]
            items = before[0] if before else last
        for number in range(0, len(rest), 2):
            said = "" if number == 0 else _joint(rest[number - 1])
            # "without (A and B)" is what lacks one of them; "without (A or B)" what lacks both.
            turned = {"or": "and", "and": "or"}.get(said, said) if like.negated else said
            modifiers.append(Modifier(turned, like.governor, like.negated, like.relation, self._item(rest[number])))
        return Modifier(joint, "group", False, None, self._bracketed(tree, modifiers))

    def _bracketed(self, tree: Tree[Token], modifiers: list[Modifier]) -> Group:
        brackets = [token for token in _tokens(tree) if token.type in ("LPAR", "RPAR")]
        first, last = (self._words[self._path[token.start_pos or 0].start] for token in brackets)
        return Group(tuple(modifiers), first.start, last.end)

    def _vp(self, tree: Tree[Token], joint: str) -> Modifier:
        assert str(tree.data) in ("verb", "not_verb", "be", "be_not"), tree.data
        return self._predicate(_trees(tree)[-1], joint, str(tree.data) in ("not_verb", "be_not"))

    def _predicate(self, tree: Tree[Token], joint: str, negated: bool) -> Modifier:
        children = _trees(tree)
        words = _tokens(tree)
        if str(tree.data) == "be_timed":
            return Modifier(joint, "time", negated, self._phrase(words[0]), self._timing(children[0]))
        if str(tree.data) == "be_lasting":
            return _lasting(joint, self._phrase(_tokens(children[0])[0]), negated, None)
        if str(tree.data) == "be_event":
            return replace(sentences.event(tree, joint, self._parts), negated=negated)
        if str(tree.data) == "everything":
            verb, _, subject, own = words
            other, has = self._phrase(subject), self._phrase(own)
            everything = Everything(other, has, other.start, has.end)
            return Modifier(joint, "relation", negated, self._phrase(verb), everything)
        if not words:
            return Modifier(joint, "is", negated, None, self._head(children[0]))
        if words[0].type in ("HAVE", "LACK"):
            return Modifier(joint, "with", negated != (words[0].type == "LACK"), None, self._item(children[0]))
        word = self._phrase(words[0])
        if str(children[0].data) in ("compared", "than"):
            return Modifier(joint, "with", negated, None, self._comparison(children[0]))
        return Modifier(joint, "relation", negated, word, self._object(children[0]))

    def _object(self, tree: Tree[Token]) -> Phrase:
        inner = _trees(tree)
        return self._head(inner[0]) if inner else self._phrase(_tokens(tree)[0])

    def _item(self, tree: Tree[Token]) -> Phrase | Comparison | Than:
        inner = _trees(tree)
        return self._comparison(inner[0]) if inner else self._phrase(_tokens(tree)[0])

    def _comparison(self, tree: Tree[Token]) -> Comparison | Than:
        measure = next(self._phrase(token) for token in _tokens(tree) if token.type == "NUMPROP")
        if str(tree.data) == "than":
            return self._than(tree, measure)
        number, *unit = _tokens(_child(tree, "quantity"))
        last = self._phrase(unit[0]) if unit else self._phrase(number)
        first_word = self._path[_tokens(_child(tree, "operator"))[0].start_pos or 0].start
        return Comparison(
            measure,
            _OPERATORS[_tokens(_child(tree, "operator"))[0].type],
            Decimal(self._phrase(number).text.replace(",", "")),
            last if unit else None,
            min(measure.start, self._words[first_word].start),
            max(measure.end, last.end),
        )

    def _than(self, tree: Tree[Token], measure: Phrase) -> Than:
        words = [token.type for token in _tokens(tree)]
        operators = [_OPERATORS[_tokens(part)[0].type] for part in _trees(tree)]
        operator = operators[0] if operators else ">" if "HIGHER" in words else "<"
        other = self._phrase(_tokens(tree)[-1])
        return Than(measure, operator, other, measure.start, other.end)

    def _timing(self, tree: Tree[Token]) -> Timing:
        word, *_ = _tokens(tree)
        ends: list[Moment | Phrase] = [moment(part, self._phrase) for part in _trees(tree)]
        ends = ends or [self._phrase(_tokens(tree)[1])]
        start = self._words[self._path[word.start_pos or 0].start].start
        return Timing(word.type.lower(), ends[0], ends[-1], start, ends[-1].end)

    def _phrase(self, token: Token) -> Phrase:
        edge = self._path[token.start_pos or 0]
        start, end = self._words[edge.start].start, self._words[edge.end - 1].end
        return Phrase(self._text[start:end], start, end, edge.terminal, edge.senses)


_NOTHING: Final = Phrase("", 0, 0, "", ())


def _lasting(joint: str, form: Phrase, negated: bool, day: Moment | None) -> Modifier:
    day = day or Moment("", form.start, form.end)
    return Modifier(joint, "lasting", negated, form, Timing("in", day, day, form.start, day.end))

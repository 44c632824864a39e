"""Parse trees of noun phrases and of what is said of things → Noun and Modifier.

Knows: their rules of grammar.lark by name. Must not know: kinds of questions, the graph, SPARQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from virtkg.diagnostics import QuestionError
from virtkg.language.clauses import clause, clauses
from virtkg.language.lattice import Edge
from virtkg.language.nodes import Token, Tree, child, tokens, trees
from virtkg.language.nodes import joint as joint_of
from virtkg.language.owners import event, owned
from virtkg.language.syntax import (
    Comparison,
    Everything,
    Group,
    Modifier,
    Moment,
    Noun,
    Phrase,
    Superlative,
    Than,
    Timing,
    Whose,
    is_day,
)
from virtkg.language.words import Word
from virtkg.language.written import amount, moment
from virtkg.record import replace

_OPERATORS: Final = {"GE": ">=", "LE": "<=", "GT": ">", "LT": "<", "EQ": "=", "ORMORE": ">=", "ORLESS": "<="}


class Parts:
    """Builds the nouns and conditions of one question."""

    def __init__(self, path: tuple[Edge, ...], words: list[Word], text: str) -> None:
        """Take the edges that a parse tree is over, the words that they span, and the text."""
        self._path = path
        self._words = words
        self._text = text

    def chained(self, rest: list[Tree], first: Modifier) -> list[Modifier]:
        """Return a condition and those that are joined to it."""
        said = [first]
        for more in rest:
            *conj, bare = trees(more)
            if more.data == "minus":
                said.append(replace(self.having(bare), joint="and", negated=True))
            else:
                said.append(self._modifier(bare, joint_of(conj[0]), said[-1]))
        return said

    def together(self, first: Modifier, rest: list[Tree]) -> Modifier:
        """Return a condition and those that are joined to it as one."""
        if not rest:
            return first
        said = self.chained(rest, first)
        ends = said[0].object, said[-1].object
        return Modifier("", "group", False, None, Group(tuple(said), ends[0].start, ends[1].end))

    def stated(self, tree: Tree, joint: str) -> Modifier:
        """Return what a predicate says, which is not denied."""
        return self.predicate(tree, joint, False)

    def having(self, item: Tree) -> Modifier:
        """Return the condition that something has an item."""
        return Modifier("", "with", False, None, self.item(item))

    def noun(self, noun_phrase: Tree) -> Noun:
        """Return a noun with its conditions."""
        head, *chain = trees(noun_phrase)
        modifiers: list[Modifier] = []
        joint = ""
        if head.data == "beside":
            named = next(token for token in tokens(head) if token.type in ("ENT", "CLASS"))
            modifiers.append(Modifier("", "beside", False, None, self.phrase(named)))
        for part in chain:
            match part.data:
                case "conj":
                    joint = joint_of(part)
                case "owned_by":
                    modifiers.append(owned(part, "", self.phrase))
                case "where":
                    modifiers += clauses(trees(part)[0], joint, self.phrase)
                case _:
                    modifiers += self.modifiers(part)
        return Noun(self.head(head), tuple(modifiers))

    def head(self, nbar: Tree) -> Phrase:
        """Return the word that a noun phrase is built on."""
        return self.phrase(tokens(nbar)[-1])

    def modifiers(self, mods: Tree) -> list[Modifier]:
        """Return the conditions that stand after a noun."""
        parts = trees(mods)
        if len(parts) == 1:
            return [self._modifier(parts[0], "", None)]
        before = self.modifiers(parts[0])
        joint = joint_of(parts[1]) if parts[1].data == "conj" else ""
        last = self._modifier(parts[-1], joint, before[-1])
        if before[-1].governor == "lasting" and not joint and is_day(last):
            # "still supported on a day" is one condition.
            assert isinstance(last.object, Timing)
            return [*before[:-1], replace(before[-1], object=last.object)]
        return [*before, last]

    def _modifier(self, tree: Tree, joint: str, before: Modifier | None) -> Modifier:
        children = trees(tree)
        match tree.data:
            case "with_" | "without":
                return Modifier(joint, "with", tree.data == "without", None, self.item(children[0]))
            case "with_group" | "without_group" as rule:
                return self._group(tree, joint, Modifier("", "with", rule == "without_group", None, _NOTHING))
            case "group":
                return Modifier(joint, "group", False, None, self._bracketed(tree, self.modifiers(children[0])))
            case "of":
                return Modifier(joint, "of", False, None, self.object(children[0]))
            case "inside" | "besides" as rule:
                governor = "of" if rule == "inside" else "besides"
                return Modifier(joint, governor, False, None, self.phrase(tokens(tree)[-1]))
            case "part" | "not_part" as rule:
                return Modifier(
                    joint, "relation", rule == "not_part", self.phrase(tokens(tree)[-1]), self.object(children[0])
                )
            case "whose_does" | "whose_does_not" as rule:
                kind, does = trees(tree)
                owner, said = self.phrase(tokens(kind)[0]), self.predicate(does, "", rule == "whose_does_not")
                return Modifier(joint, "whose", False, owner, Whose(said, owner.start, owner.end))
            case "whose" | "whose_not":
                noun, kept = self.phrase(tokens(children[0])[0]), self.phrase(tokens(tree)[-1])
                return Modifier(joint, "relation", tree.data == "whose_not", noun, kept)
            case "with_done":
                result, aspect = map(self.phrase, tokens(tree)[-2:])
                return Modifier(joint, "relation", False, result, aspect)
            case "part_timed" | "timed" | "ended" | "lasts" | "event":
                return self._in_time(tree, joint)
            case "whose_are":
                done = clause(children[0], "", self.phrase)
                group = Group(tuple(done), done[0].object.start, done[-1].object.end)
                return replace(done[0], joint=joint) if len(done) == 1 else Modifier(joint, "group", False, None, group)
            case "that":
                return self.said(children[0], joint)
            case "most":
                return Modifier(joint, "with", False, None, self.superlative(children[0]))
            case "owned":
                return owned(children[0], joint, self.phrase)
            case "to":
                return self.stated(children[0], joint)
            case "bare_item" | "bare_not_item":
                assert before is not None
                negated = before.negated or tree.data == "bare_not_item"
                if before.negated and joint == "or":
                    # "without A or B" is neither, by English habit.
                    joint = "and"
                return Modifier(joint, before.governor, negated, before.relation, self.item(children[0]))
            case "bare_group":
                assert before is not None
                return self._group(tree, joint, before)
            case rule:
                assert rule == "bare", rule
                return self.said(children[0], joint)

    def _in_time(self, tree: Tree, joint: str) -> Modifier:
        """Return a condition on when something was, came or went."""
        words, children = tokens(tree), trees(tree)
        match tree.data:
            case "part_timed":
                dated = next(token for token in words if token.type in ("PART", "SPAN", "NOUN"))
                return Modifier(joint, "time", False, self.phrase(dated), self._timing(children[0]))
            case "timed":
                return Modifier(joint, "time", False, None, self._timing(children[0]))
            case "ended":
                return lasting(joint, self.phrase(words[0]), True, None)
            case "lasts":
                return lasting(joint, self.phrase(tokens(children[0])[0]), False, None)
            case rule:
                assert rule == "event", rule
                return event(tree, joint, self.phrase)

    def _group(self, tree: Tree, joint: str, like: Modifier) -> Modifier:
        """Return the items in brackets as conditions, each of which reads as another modifier does."""
        modifiers: list[Modifier] = []
        items = trees(tree)[0]
        rest: list[Tree] = []
        while items.data == "items":
            *before, last = trees(items)
            rest = [*before[1:], last, *rest]
            items = before[0] if before else last
        for number in range(0, len(rest), 2):
            said = "" if number == 0 else joint_of(rest[number - 1])
            # "without (A and B)" is what lacks one of them; "without (A or B)" what lacks both.
            turned = {"or": "and", "and": "or"}.get(said, said) if like.negated else said
            modifiers.append(Modifier(turned, like.governor, like.negated, like.relation, self.item(rest[number])))
        return Modifier(joint, "group", False, None, self._bracketed(tree, modifiers))

    def _bracketed(self, tree: Tree, modifiers: list[Modifier]) -> Group:
        brackets = [token for token in tokens(tree) if token.type in ("LPAR", "RPAR")]
        first, last = (self._words[self._path[token.edge].start] for token in brackets)
        return Group(tuple(modifiers), first.start, last.end)

    def after(self, tree: Tree, joint: str, before: Modifier | None) -> Modifier:
        """Return what stands after a noun and what is said of it: that of its things, or of the last noun in that.

        Raises QuestionError E103 if no noun was said last.
        """
        if tree.data not in _INNER:
            return self.said(tree, joint)
        target = None if before is None else before.object
        if tree.data != "of" and not (isinstance(target, Phrase) and target.terminal == "CLASS"):
            raise self._unexpected(tree)
        return owned(tree, "", self.phrase) if tree.data == "owned_by" else self._modifier(tree, "", None)

    def on_day(self, tree: Tree, before: Modifier) -> Modifier:
        """Return what was said to last, with the day on which it does. Raises QuestionError E103 of anything else."""
        if before.governor != "lasting":
            raise self._unexpected(tree)
        return replace(before, object=self._timing(tree))

    def _unexpected(self, tree: Tree) -> QuestionError:
        first = next(_every_token(tree))
        place = self.phrase(first)
        said = f"“{place.text}” is not expected here"
        return QuestionError("E103", said, column=place.start + 1, length=place.end - place.start)

    def dangling(self, before: list[Tree], relation: Tree) -> Modifier:
        """Return what a thing is related to by a word that stands last: “is A based on”.

        Raises QuestionError E103 if another thing was said before it.
        """
        if len(before) > 1 or before[0].data != "be_named":
            raise self._unexpected(relation)
        thing, word = self.phrase(tokens(before[0])[-1]), self.phrase(tokens(relation)[0])
        return Modifier("", "relation", False, word, thing, turned=True)

    def said(self, tree: Tree, joint: str) -> Modifier:
        """Return what a verb phrase says or denies."""
        if tree.data in ("be_named", "be_not_named"):
            # “are not nitro” is said of what “nitro instances” are not.
            return Modifier(joint, "beside", tree.data == "be_not_named", None, self.phrase(tokens(tree)[-1]))
        assert tree.data in ("verb", "not_verb", "be", "be_not"), tree.data
        return self.predicate(trees(tree)[-1], joint, tree.data in ("not_verb", "be_not"))

    def predicate(self, tree: Tree, joint: str, negated: bool) -> Modifier:
        """Return what a predicate says; `negated` if it is denied."""
        children = trees(tree)
        words = tokens(tree)
        if tree.data == "be_timed":
            return Modifier(joint, "time", negated, self.phrase(words[0]), self._timing(children[0]))
        if tree.data == "be_ended":
            return lasting(joint, self.phrase(words[0]), not negated, None)
        if tree.data == "be_beside":
            kind, name = self.phrase(words[-1]), self.phrase(words[-2])
            said = Modifier("", "is", negated, None, kind)
            named = Modifier("or" if negated else "and", "beside", negated, None, name)
            return Modifier(joint, "group", False, None, Group((said, named), name.start, kind.end))
        if tree.data == "be_lasting":
            return lasting(joint, self.phrase(tokens(children[0])[0]), negated, None)
        if tree.data == "be_event":
            return replace(event(tree, joint, self.phrase), negated=negated)
        if tree.data in ("everything", "everything_of"):
            everything = self._everything(words)
            verb = words[0]
            if verb.type != "VERB":
                return Modifier(joint, "with", negated, None, everything)
            return Modifier(joint, "relation", negated, self.phrase(verb), everything)
        if tree.data == "deed":
            return Modifier(joint, "with", negated, None, self.phrase(words[0]))
        if tree.data == "be_of":
            return Modifier(joint, "of", negated, None, self.object(children[0]))
        if not words:
            return Modifier(joint, "is", negated, None, self.head(children[0]))
        if tree.data == "be_done":
            return Modifier(joint, "done", negated, self.phrase(words[0]), self.phrase(words[0]), turned=True)
        if words[0].type in ("HAVE", "DOES", "LACK"):
            return Modifier(joint, "has", negated != (words[0].type == "LACK"), None, self.item(children[0]))
        word = self.phrase(words[0])
        if children[0].data in ("compared", "than"):
            return Modifier(joint, "with", negated, None, self._comparison(children[0]))
        return Modifier(joint, "relation", negated, word, self.object(children[0]))

    def _everything(self, words: list[Token]) -> Everything:
        """Return all that a thing has by a verb, or of a kind of things: “every feature of X”."""
        other = self.phrase(next(token for token in words if token.type == "ENT"))
        if words[-1].type == "ENT":
            kind = self.phrase(next(token for token in words if token.type == "CLASS"))
            return Everything(other, self.phrase(words[0]), kind.start, other.end, kind)
        has = self.phrase(words[-1])
        return Everything(other, has, other.start, has.end)

    def turned(self, tree: Tree, joint: str) -> Modifier:
        """Return the condition that another thing does what a verb says to what is asked for, or has it."""
        owner, verb = next(token for token in tokens(tree) if token.type == "ENT"), tokens(tree)[-1]
        if verb.type in ("HAVE", "DOES", "DO"):
            return Modifier(joint, "with", False, None, self.phrase(owner), turned=True)
        return Modifier(joint, "relation", False, self.phrase(verb), self.phrase(owner), turned=True)

    def superlative(self, tree: Tree) -> Superlative:
        """Return the measure that things are to have most or least of."""
        measure = self.phrase(next(token for token in reversed(tokens(tree)) if token.type in _MEASURES))
        lowest = any(token.type in ("LOWEST", "BOTTOM", "SHORTEST") for token in tokens(tree))
        amounts = [amount(part, self.phrase) for part in trees(tree) if part.data == "amount"]
        return Superlative(measure, not lowest, next(iter(amounts), None), measure.start, measure.end)

    def object(self, tree: Tree) -> Phrase:
        """Return what a relation leads to."""
        inner = trees(tree)
        return self.head(inner[0]) if inner else self.phrase(tokens(tree)[0])

    def item(self, tree: Tree) -> Phrase | Comparison | Than:
        """Return what things are said to have."""
        inner = trees(tree)
        return self._comparison(inner[0]) if inner else self.phrase(tokens(tree)[0])

    def _comparison(self, tree: Tree) -> Comparison | Than:
        measure = next(self.phrase(token) for token in tokens(tree) if token.type == "NUMPROP")
        if tree.data == "than":
            return self._than(tree, measure)
        number, *unit = tokens(child(tree, "quantity"))
        last = self.phrase(unit[0]) if unit else self.phrase(number)
        operators = [token for part in (tree, *trees(tree)) for token in tokens(part) if token.type in _OPERATORS]
        first_word = min(self._path[token.edge].start for token in (number, *operators))
        return Comparison(
            measure,
            _OPERATORS[operators[0].type] if operators else "",
            Decimal(self.phrase(number).text.replace(",", "")),
            last if unit else None,
            min(measure.start, self._words[first_word].start),
            max(measure.end, last.end),
        )

    def _than(self, tree: Tree, measure: Phrase) -> Than:
        words = [token.type for token in tokens(tree)]
        operators = [_OPERATORS[tokens(part)[0].type] for part in trees(tree)]
        operator = operators[0] if operators else ">" if "HIGHER" in words else "<"
        other = self.phrase(tokens(tree)[-1])
        return Than(measure, operator, other, measure.start, other.end)

    def _timing(self, tree: Tree) -> Timing:
        word, *_ = tokens(tree)
        ends: list[Moment | Phrase] = [moment(part, self.phrase) for part in trees(tree)]
        ends = ends or [self.phrase(token) for token in tokens(tree) if token.type == "ENT"]
        start = self._words[self._path[word.edge].start].start
        return Timing(word.type.lower(), ends[0], ends[-1], start, ends[-1].end)

    def phrase(self, token: Token) -> Phrase:
        """Return the words that a token stands for, and their place."""
        edge = self._path[token.edge]
        start, end = self._words[edge.start].start, self._words[edge.end - 1].end
        return Phrase(self._text[start:end], start, end, edge.terminal, edge.senses)


_INNER: Final = ("of", "owned_by", "part", "that")
"""What can be said of the last noun in what is said of another."""

_MEASURES: Final = ("NUMPROP", "SPAN", "STILL")
"""What things can have most of, or be longest in."""

_NOTHING: Final = Phrase("", 0, 0, "", ())


def lasting(joint: str, form: Phrase, negated: bool, day: Moment | None) -> Modifier:
    """Return the condition that a span lasts, on a day or else on that which counts as today."""
    day = day or Moment("", form.start, form.end)
    return Modifier(joint, "lasting", negated, form, Timing("in", day, day, form.start, day.end))


def _every_token(tree: Tree) -> Iterator[Token]:
    for part in tree.children:
        if isinstance(part, Tree):
            yield from _every_token(part)
        else:
            yield part

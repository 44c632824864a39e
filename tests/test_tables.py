"""The walk of the parse tables does as lark does: it reads the same trees, and is stuck at the same places."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from corpus import cases
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from virtkg.diagnostics import QuestionError
from virtkg.graph import KnowledgeGraph
from virtkg.language import nodes
from virtkg.language.grammar import compiled, grammar_tables, question_grammar
from virtkg.language.parse import QUESTION, STATEMENT, Parser, Stuck
from virtkg.language.tables import END, Stack, Tables, dumped

HERE = Path(__file__).parent

CORPUS = [
    line
    for name in ("questions.txt", "bad_questions.txt")
    for line in (HERE / name).read_text().splitlines()
    if line and not line.startswith("#")
]

SHAPES = """
question: a _pair? "."? (B | C)*
statement: one
?one: a | a B -> two
a: A
_pair: B _pair C | _HIDDEN B | a
%declare A B C _HIDDEN
"""
"""A grammar with what the grammar of questions need not have: rules for which an only child stands, tokens left out."""


class ByLark:
    """What Tables does, done by lark's own parser of a grammar."""

    def __init__(self, lark: Lark) -> None:
        self._lark = lark
        self._starts: dict[int, str] = {}

    def start(self, symbol: str) -> Stack:
        stack = tuple(self._lark.parse_interactive("", start=symbol).parser_state.state_stack)
        self._starts[stack[0]] = symbol
        return stack

    def _at(self, stack: Stack) -> InteractiveParser:
        """Return a parser with a stack, above which it knows of no values."""
        parser = self._lark.parse_interactive("", start=self._starts[stack[0]])
        parser.parser_state.parse_conf.callbacks = {}
        parser.parser_state.state_stack[:] = stack
        parser.parser_state.value_stack[:] = [None] * (len(stack) - 1)
        return parser

    def after(self, stack: Stack, terminal: str) -> Stack | None:
        parser = self._at(stack)
        try:
            parser.feed_token(Token(terminal, ""))
        except UnexpectedToken:
            return None
        return tuple(parser.parser_state.state_stack)

    def accepted(self, stack: Stack) -> set[str]:
        return self._at(stack).accepts()

    def tree(self, start: str, tokens: Iterable[nodes.Token]) -> nodes.Tree:
        parser = self._lark.parse_interactive("", start=start)
        for token in tokens:
            parser.feed_token(Token(token.type, "", start_pos=token.edge))
        return same(parser.feed_eof())


def same(tree: Tree[Token]) -> nodes.Tree:
    children = (
        same(part) if isinstance(part, Tree) else nodes.Token(part.type, part.start_pos) for part in tree.children
    )
    return nodes.Tree(str(tree.data), tuple(children))


@pytest.fixture(scope="module")
def lark() -> Lark:
    return question_grammar()


def outcome(parser: Parser, question: str, start: str) -> object:
    """Return what a text is read as, or where it is stuck and what could follow."""
    try:
        return parser.readings(question, start)
    except Stuck as stuck:
        return stuck.position, stuck.expected, stuck.unknown
    except QuestionError as error:
        return error.code


def questions() -> Iterator[tuple[str, str]]:
    """Yield the questions of all corpora, and every other as a statement too, and without its last word."""
    every = [*CORPUS, *(case.question for case in cases())]
    for number, question in enumerate(dict.fromkeys(every)):
        yield question, QUESTION
        if number % 2:
            yield question, STATEMENT
            yield question.rpartition(" ")[0], QUESTION


def test_every_question_of_the_corpora_is_read_as_lark_reads_it(kg: KnowledgeGraph, lark: Lark) -> None:
    vocabulary = kg.asker.reader.vocabulary
    ours, theirs = Parser(vocabulary, grammar_tables()), Parser(vocabulary, grammar_tables())
    theirs._tables = ByLark(lark)  # type: ignore[assignment]
    read = 0
    for question, start in questions():
        found = outcome(ours, question, start)
        assert found == outcome(theirs, question, start), question
        read += isinstance(found, list)
    assert read > 300


def compare(lark: Lark, start: str, chance: random.Random) -> bool:
    """Go on with random terminals, mostly such as can follow, to the end of a text; returns whether it is whole."""
    stored = compiled(lark)
    ours, theirs = Tables(dumped(stored)), ByLark(lark)
    mine, other = ours.start(start), theirs.start(start)
    terminals = sorted({symbol for row in stored[0] for symbol in row if symbol.isupper()})
    said: list[nodes.Token] = []
    while True:
        accepted = ours.accepted(mine)
        assert accepted == theirs.accepted(other), said
        for refused in chance.sample(terminals, 4):
            assert (
                (ours.after(mine, refused) is None)
                == (theirs.after(other, refused) is None)
                == (refused not in accepted)
            )
        if END in accepted and (len(said) > 12 or chance.random() < 0.3):
            assert ours.tree(start, said) == theirs.tree(start, said), said
            return True
        choices = sorted(accepted - {END})
        if len(said) > 40 or not choices:
            return False
        said.append(nodes.Token(chance.choice(choices), len(said)))
        stacks = ours.after(mine, said[-1].type), theirs.after(other, said[-1].type)
        assert stacks[0] is not None and stacks[1] is not None and len(stacks[0]) == len(stacks[1])
        mine, other = stacks


@pytest.mark.parametrize("start", [QUESTION, STATEMENT])
def test_random_terminals_are_read_as_lark_reads_them(start: str, lark: Lark) -> None:
    chance = random.Random(start)
    assert sum(compare(lark, start, chance) for _ in range(60)) > 30


def test_other_grammars_are_read_as_lark_reads_them() -> None:
    chance = random.Random(1)
    lark = Lark(SHAPES, parser="lalr", lexer="basic", start=[QUESTION, STATEMENT])
    assert sum(compare(lark, start, chance) for start in (QUESTION, STATEMENT) for _ in range(60)) > 60


def test_a_text_that_is_not_whole_has_no_tree(lark: Lark) -> None:
    with pytest.raises(AssertionError):
        Tables(grammar_tables()).tree(QUESTION, [nodes.Token("WH", 0)])

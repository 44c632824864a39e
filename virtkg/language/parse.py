"""Text → Question: the cheapest readings of a lattice under the grammar.

A dynamic programme over (word, parser stack) keeps the readings with the
fewest tokens; all of them are returned, none is preferred.

Knows: lark and the grammar. Must not know: what a phrase means.
"""

from __future__ import annotations

import marshal
import os
from typing import Final

from lark import Lark, Token
from lark.exceptions import UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from virtkg.diagnostics import QuestionError
from virtkg.language.lattice import NOISE, Edge, lattice, unread
from virtkg.language.syntax import Question
from virtkg.language.tree import build
from virtkg.language.vocabulary import Vocabulary
from virtkg.language.words import Word, split

MAX_CHARACTERS: Final = 400
MAX_WORDS: Final = 64
MAX_READINGS: Final = 8

_SHORTER: Final = "ask less at once"

QUESTION: Final = "question"
STATEMENT: Final = "statement"


class Stuck(Exception):
    """No reading: `words` read so far up to `position`, where only `expected` terminals could follow.

    `unknown` are the words that mean nothing at all.
    """

    def __init__(self, words: list[Word], position: int, expected: frozenset[str], unknown: list[int]) -> None:
        super().__init__()
        self.words = words
        self.position = position
        self.expected = expected
        self.unknown = unknown


class Parser:
    """Parses questions over a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, tables: bytes) -> None:
        self._vocabulary = vocabulary
        data, memo = marshal.loads(tables)
        self._lark = Lark.load({"data": data, "memo": memo})

    def readings(self, text: str, start: str = QUESTION, *, loose: bool = False) -> list[Question]:
        """Return the cheapest readings of a text, at most MAX_READINGS; with `loose`, by loose labels as well.

        Raises Stuck when there is none, and QuestionError (E101) when the text
        is empty or over the limits.
        """
        if len(text) > MAX_CHARACTERS:
            raise QuestionError("E101", f"the question has more than {MAX_CHARACTERS} characters", hint=_SHORTER)
        words = split(text)
        if not words:
            raise QuestionError("E101", "the question is empty")
        if len(words) > MAX_WORDS:
            raise QuestionError("E101", f"the question has more than {MAX_WORDS} words", hint=_SHORTER)
        edges = lattice(words, self._vocabulary, loose=loose)
        unknown = unread(words, edges)
        search = _Search(self._lark, start, edges)
        paths = [] if unknown else search.paths()
        if not paths:
            position, expected = search.furthest()
            raise Stuck(words, position, expected, unknown)
        built = [build(self._tree(path, start), path, words, text) for path in _grouping(paths)]
        # Words that are said for grace can be taken for several that mean the same.
        return list(dict.fromkeys(built))

    def following(self, words: list[Word], start: str = QUESTION) -> list[frozenset[str]]:
        """Return the terminals that could stand before each word and after the last, none where no reading leads."""
        if len(words) > MAX_WORDS:
            return [frozenset()] * (len(words) + 1)
        search = _Search(self._lark, start, lattice(words, self._vocabulary))
        return [search.accepted(position) for position in range(len(words) + 1)]

    def _tree(self, path: tuple[Edge, ...], start: str) -> object:
        parser = self._lark.parse_interactive("", start=start)
        for number, edge in enumerate(path):
            if edge.terminal == NOISE:
                continue
            parser.feed_token(Token(edge.terminal, "", start_pos=number))
        return _end(parser)


class _Search:
    """The dynamic programme over one lattice."""

    def __init__(self, lark: Lark, start: str, edges: list[list[Edge]]) -> None:
        self._edges = edges
        first = lark.parse_interactive("", start=start)
        self._states: list[dict[tuple[int, ...], _State]] = [{} for _ in range(len(edges) + 1)]
        self._states[0][_stack(first)] = _State(first, 0, [()])
        for position in range(len(edges)):
            for state in list(self._states[position].values()):
                self._advance(state, position)

    def _advance(self, state: _State, position: int) -> None:
        choices: dict[str, object] = state.parser.choices()  # type: ignore[no-untyped-call]
        for edge in self._edges[position]:
            if edge.terminal == NOISE:
                self._reach(edge, _copy(state.parser), state)
            if edge.terminal not in choices:
                continue
            parser = _copy(state.parser)
            try:
                parser.feed_token(Token(edge.terminal, ""))
            except UnexpectedToken:
                continue
            self._reach(edge, parser, state)

    def _reach(self, edge: Edge, parser: InteractiveParser, state: _State) -> None:
        states, key, cost = self._states[edge.end], _stack(parser), state.cost + 1
        known = states.get(key)
        if known is None or cost < known.cost:
            states[key] = known = _State(parser, cost, [])
        if cost == known.cost:
            known.paths += [(*path, edge) for path in state.paths][: MAX_READINGS - len(known.paths)]

    def paths(self) -> list[tuple[Edge, ...]]:
        """Return the edge sequences of the whole questions with the fewest tokens."""
        whole: list[_State] = []
        for state in self._states[-1].values():
            try:
                _end(_copy(state.parser))
            except UnexpectedToken:
                continue
            whole.append(state)
        cheapest = min((state.cost for state in whole), default=0)
        return [path for state in whole if state.cost == cheapest for path in state.paths][:MAX_READINGS]

    def furthest(self) -> tuple[int, frozenset[str]]:
        """Return the last word reached and the terminals that could stand there."""
        position = max(number for number, states in enumerate(self._states) if states)
        return position, self.accepted(position)

    def accepted(self, position: int) -> frozenset[str]:
        """Return the terminals that could stand before a word."""
        states = self._states[position].values()
        accepted: list[set[str]] = [state.parser.accepts() for state in states]  # type: ignore[no-untyped-call]
        return frozenset(terminal for terminals in accepted for terminal in terminals)


class _State:
    """A parser with the cheapest paths that lead to its stack."""

    __slots__ = ("cost", "parser", "paths")

    def __init__(self, parser: InteractiveParser, cost: int, paths: list[tuple[Edge, ...]]) -> None:
        self.parser = parser
        self.cost = cost
        self.paths = paths


def _grouping(paths: list[tuple[Edge, ...]]) -> list[tuple[Edge, ...]]:
    """Return the paths that group, if any do: “count suites by vendor” is not said of the suites by some vendor."""
    return [path for path in paths if any(edge.terminal == "BY" for edge in path)] or paths


def _copy(parser: InteractiveParser) -> InteractiveParser:
    copied: InteractiveParser = parser.copy(deepcopy_values=False)  # type: ignore[no-untyped-call]
    return copied


def _end(parser: InteractiveParser) -> object:
    """Tell a parser that the text ends; returns the tree, or raises UnexpectedToken."""
    return parser.feed_eof()  # type: ignore[no-untyped-call]


def _stack(parser: InteractiveParser) -> tuple[int, ...]:
    return tuple(parser.parser_state.state_stack)


def grammar_tables() -> bytes:
    """Return the parse tables of the grammar in a form that loads in about two milliseconds."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    path = os.path.join(os.path.dirname(__file__), "grammar.lark")
    with open(path, encoding="utf-8") as file:
        lark = Lark(file.read(), parser="lalr", lexer="basic", start=[QUESTION, STATEMENT])
    data, memo = lark.memo_serialize([TerminalDef, Rule])
    return marshal.dumps((data, memo))

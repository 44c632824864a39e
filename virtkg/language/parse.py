"""Text → Question: the cheapest readings of a lattice under the grammar.

A dynamic programme over (word, parser stack) keeps the readings with the
fewest tokens; all of them are returned, none is preferred.

Knows: that a stack tells which terminals can follow. Must not know: what a phrase means.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from virtkg.diagnostics import QuestionError
from virtkg.language.lattice import NOISE, Edge, lattice, unread
from virtkg.language.nodes import Token, Tree
from virtkg.language.questions import Question
from virtkg.language.tables import END, Stack, Tables
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
        self._tables = Tables(tables)

    def readings(self, text: str, start: str = QUESTION, *, loose: bool = False) -> list[Question]:
        """Return the first of the stages of a text."""
        return next(self.stages(text, start, loose=loose))

    def stages(self, text: str, start: str = QUESTION, *, loose: bool = False) -> Iterator[list[Question]]:
        """Yield the cheapest readings of a text, at most MAX_READINGS; with `loose`, by loose labels as well.

        If there are some in which “in” a thing says no more than “of” it, they come with all others a second time.

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
        search = _Search(self._tables, start, edges)
        paths = [] if unknown else search.paths()
        if not paths:
            position, expected = search.furthest()
            raise Stuck(words, position, expected, unknown)
        plain = _plain(paths)
        for stage in (plain, paths) if len(plain) < len(paths) else (plain,):
            # Words that are said for grace can be taken for several that mean the same.
            yield list(dict.fromkeys(self._built(_grouping(_at_least(stage)), start, words, text)))

    def _built(self, paths: list[tuple[Edge, ...]], start: str, words: list[Word], text: str) -> list[Question]:
        """Return the readings of paths; what one path cannot say is an error only if none can."""
        built: list[Question] = []
        errors: list[QuestionError] = []
        for path in paths:
            try:
                built.append(build(self._tree(path, start), path, words, text))
            except QuestionError as error:
                errors.append(error)
        if not built:
            raise errors[0]
        return built

    def following(self, words: list[Word], start: str = QUESTION) -> list[frozenset[str]]:
        """Return the terminals that could stand before each word and after the last, none where no reading leads."""
        if len(words) > MAX_WORDS:
            return [frozenset()] * (len(words) + 1)
        search = _Search(self._tables, start, lattice(words, self._vocabulary))
        return [search.accepted(position) for position in range(len(words) + 1)]

    def _tree(self, path: tuple[Edge, ...], start: str) -> Tree:
        said = (Token(edge.terminal, number) for number, edge in enumerate(path) if edge.terminal != NOISE)
        return self._tables.tree(start, said)


class _Search:
    """The dynamic programme over one lattice."""

    def __init__(self, tables: Tables, start: str, edges: list[list[Edge]]) -> None:
        self._tables = tables
        self._edges = edges
        self._states: list[dict[Stack, _State]] = [{} for _ in range(len(edges) + 1)]
        self._states[0][tables.start(start)] = _State(0, [()])
        for position in range(len(edges)):
            for stack, state in list(self._states[position].items()):
                self._advance(stack, state, position)

    def _advance(self, stack: Stack, state: _State, position: int) -> None:
        for edge in self._edges[position]:
            after = stack if edge.terminal == NOISE else self._tables.after(stack, edge.terminal)
            if after is not None:
                self._reach(edge, after, state)

    def _reach(self, edge: Edge, stack: Stack, state: _State) -> None:
        states, cost = self._states[edge.end], state.cost + 1
        known = states.get(stack)
        if known is None:
            states[stack] = known = _State(cost, [])
        elif cost < known.cost:
            known.cost, known.paths = cost, []
        if cost == known.cost:
            known.paths += [(*path, edge) for path in state.paths][: MAX_READINGS - len(known.paths)]

    def paths(self) -> list[tuple[Edge, ...]]:
        """Return the edge sequences of the whole questions with the fewest tokens."""
        whole = [state for stack, state in self._states[-1].items() if self._tables.after(stack, END) is not None]
        cheapest = min((state.cost for state in whole), default=0)
        return [path for state in whole if state.cost == cheapest for path in state.paths][:MAX_READINGS]

    def furthest(self) -> tuple[int, frozenset[str]]:
        """Return the last word reached and the terminals that could stand there."""
        position = max(number for number, states in enumerate(self._states) if states)
        return position, self.accepted(position)

    def accepted(self, position: int) -> frozenset[str]:
        """Return the terminals that could stand before a word."""
        return frozenset().union(*(self._tables.accepted(stack) for stack in self._states[position]))


class _State:
    """The cheapest paths that lead to a stack."""

    __slots__ = ("cost", "paths")

    def __init__(self, cost: int, paths: list[tuple[Edge, ...]]) -> None:
        self.cost = cost
        self.paths = paths


def _plain(paths: list[tuple[Edge, ...]]) -> list[tuple[Edge, ...]]:
    """Return the paths that say “in” of times and as a word of the graph alone, if there are any."""
    plain = [path for path in paths if ("IN", "ENT") not in pairwise(edge.terminal for edge in path)]
    return plain or paths


def _at_least(paths: list[tuple[Edge, ...]]) -> list[tuple[Edge, ...]]:
    """Return the paths that take “with no less than” for at least and not for without less, if there are any."""
    return [path for path in paths if {edge.terminal for edge in path}.isdisjoint({"LT", "GT"})] or paths


def _grouping(paths: list[tuple[Edge, ...]]) -> list[tuple[Edge, ...]]:
    """Return the paths that group, if any do: “count suites by vendor” is not said of the suites by some vendor."""
    return [path for path in paths if any(edge.terminal == "BY" for edge in path)] or paths

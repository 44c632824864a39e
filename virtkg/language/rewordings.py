"""A text with the words of a question in an order that is none → the same words as a question.

Only function words that say nothing of their own are left out, and no word of the graph.

Knows: the table of rewordings. Must not know: what a reworded text means.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Final

from virtkg.language.lattice import Edge, lattice
from virtkg.language.vocabulary import Vocabulary
from virtkg.language.words import split

_LIGHT: Final = frozenset(
    {"BE", "DET", "DO", "FOR", "HAVE", "IN", "INDEF", "LIST", "OF", "POLITE", "THAT", "WH", "WITH"}
)
"""Function words that only join the words of a graph to a question."""

_COUNTED: Final = frozenset({"COUNT", "HOWLONG"})
"""Those that ask for a number, which a measure is already."""

_MOST: Final = 12


@cache
def rewordings() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return the table: the terminals of the words, sorted, and the question they make."""
    with open(os.path.join(os.path.dirname(__file__), "rewordings.tsv"), encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    return tuple((tuple(sorted(words.split())), template) for words, template in rows)


def reworded(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the questions that the words of a text make in another order."""
    words = split(text)
    edges = lattice(words, vocabulary)
    choices: list[list[tuple[str, str]]] = []
    place = 0
    while place < len(words):
        longest = [edge for edge in edges[place] if edge.end == edges[place][0].end]
        if not longest:
            return
        said = text[words[place].start : words[longest[0].end - 1].end]
        of_graph = [(edge.terminal, said) for edge in longest if edge.senses]
        if not {edge.terminal for edge in longest} & _LIGHT:
            if not of_graph and not _counts(longest):
                return
            choices += [of_graph] if of_graph else [[("COUNT", "")]]
        place = longest[0].end
    for chosen in list(product(*choices))[:_MOST]:
        yield from _filled(dict(chosen), sorted(terminal for terminal, _ in chosen))


def _counts(edges: list[Edge]) -> bool:
    return bool({edge.terminal for edge in edges} & _COUNTED)


def _filled(said: dict[str, str], terminals: list[str]) -> Iterator[str]:
    if "COUNT" in terminals and "NUMPROP" in terminals:
        terminals = [terminal for terminal in terminals if terminal != "COUNT"]
    for wanted, template in rewordings():
        if tuple(terminals) == wanted:
            yield template.format_map(said)

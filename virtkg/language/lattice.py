"""Words → lattice: every way to read every run of words as one token.

Knows: that a token is a keyword, a number, a date or a phrase of the graph.
Must not know: which sequence of tokens is a question.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from virtkg.dates import looks_like_date
from virtkg.language.vocabulary import LONGEST, Sense, Vocabulary, keywords
from virtkg.language.words import Word
from virtkg.record import record

ARTICLE: Final = "ARTICLE"
NOISE: Final = "NOISE"
"""What says nothing, wherever it stands: “really”."""

_ALSO_WORDS: Final = (("IN",), ("BY",), ("THAT",), ("FOR",), ("LT",))
"""Function words that are words of the graph too; the grammar tells them apart: in 2012, in Xen 4."""


@record
class Edge:
    """A token: words `start` to `end` read as `terminal`."""

    start: int
    end: int
    terminal: str
    senses: tuple[Sense, ...]


def lattice(words: list[Word], vocabulary: Vocabulary, *, loose: bool = False) -> list[list[Edge]]:
    """Return the edges that begin at each word, longest first; with `loose`, by loose labels as well."""
    edges: list[list[Edge]] = []
    for start in range(len(words)):
        found: list[Edge] = []
        for end in range(min(len(words), start + LONGEST), start, -1):
            run = words[start:end]
            function = keywords().get(" ".join(word.normal for word in run), ())
            found += [Edge(start, end, terminal, ()) for terminal in function]
            senses = {} if keyword_only(run) else vocabulary.senses(run, loose=loose)
            found += [Edge(start, end, terminal, meanings) for terminal, meanings in senses.items()]
        if looks_like_date(words[start].normal):
            found.append(Edge(start, start + 1, "DATE", ()))
        if _is_number(words[start].normal):
            found.append(Edge(start, start + 1, "NUMBER", ()))
        edges.append(found)
    _name_fully(words, edges, vocabulary)
    return edges


def _name_fully(words: list[Word], edges: list[list[Edge]], vocabulary: Vocabulary) -> None:
    """Let names take in an article before them, and what they are behind them: “the Xen hypervisor” is Xen."""
    for start, found in enumerate(edges):
        names = [edge for edge in found if edge.terminal == "ENT"]
        names += [longer for name in names for longer in _with_class(name, edges, vocabulary)]
        found += [name for name in names if name not in found]
        if start and ARTICLE in keywords().get(words[start - 1].normal, ()):
            edges[start - 1] += [Edge(start - 1, name.end, name.terminal, name.senses) for name in names]


def _with_class(name: Edge, edges: list[list[Edge]], vocabulary: Vocabulary) -> Iterator[Edge]:
    for class_ in edges[name.end] if name.end < len(edges) else ():
        if class_.terminal == "CLASS":
            kinds = {sense.term for sense in class_.senses}
            senses = tuple(sense for sense in name.senses if not kinds.isdisjoint(vocabulary.types(sense.term)))
            if senses:
                yield Edge(name.start, class_.end, name.terminal, senses)


def keyword_only(run: list[Word]) -> bool:
    """Tell whether words are a function word, such as "with", which is no word of the graph beside."""
    function = keywords().get(" ".join(word.normal for word in run), ())
    return bool(function) and function not in _ALSO_WORDS


def _is_number(word: str) -> bool:
    """Tell whether a word is a whole or decimal number; commas part thousands."""
    return word.replace(",", "").replace(".", "", 1).isdecimal() and word[0].isdecimal() and word[-1].isdecimal()


def unread(words: list[Word], edges: list[list[Edge]]) -> list[int]:
    """Return the words that no edge covers."""
    covered = {position for group in edges for edge in group for position in range(edge.start, edge.end)}
    return [position for position in range(len(words)) if position not in covered]

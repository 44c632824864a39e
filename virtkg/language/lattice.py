"""Words → lattice: every way to read every run of words as one token.

Knows: that a token is a keyword, a number, a date or a phrase of the graph.
Must not know: which sequence of tokens is a question.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from virtkg.dates import looks_like_date
from virtkg.language.vocabulary import LONGEST, Sense, Vocabulary, keywords
from virtkg.language.words import Word
from virtkg.record import record

ARTICLE: Final = "ARTICLE"
NOISE: Final = "NOISE"
"""What says nothing, wherever it stands: “really”."""

_ALSO_WORDS: Final = (("IN",), ("BY",), ("THAT",), ("FOR",), ("LT",))
"""Function words that are words of the graph too; the grammar tells them apart: in 2012, in Xen 4."""

_JOINING: Final = frozenset({"AND", "COMMA", "OR", "VS"})
_TIMING: Final = frozenset({"AFTER", "BEFORE", "BETWEEN", "SINCE", "THAN", "UNTIL"})
"""What stands between a name and a version that goes by the same name."""

Words: TypeAlias = "tuple[int, int]"
"""A run of words: where it begins and ends."""


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
    _name_shortly(words, edges, vocabulary, loose)
    return edges


def _name_fully(words: list[Word], edges: list[list[Edge]], vocabulary: Vocabulary) -> None:
    """Let names take in an article before them, and what they are behind them: “the Xen hypervisor” is Xen."""
    for start, found in enumerate(edges):
        names = [edge for edge in found if edge.terminal == "ENT"]
        names += [longer for name in names for longer in _with_class(name, edges, vocabulary)]
        found += [name for name in names if name not in found]
        if start and ARTICLE in keywords().get(words[start - 1].normal, ()):
            edges[start - 1] += [Edge(start - 1, name.end, name.terminal, name.senses) for name in names]


def _name_shortly(words: list[Word], edges: list[list[Edge]], vocabulary: Vocabulary, loose: bool) -> None:
    """Let a version behind a name go by the same name: 7.0 is vSphere 7.0 in “vSphere 6.7 vs 7.0”, “vSphere since 7.0”.

    A number without a point can be a year, and is a version only where it joins a version.
    """
    names: dict[int, set[Words]] = {}
    joints: dict[int, list[Edge]] = {}
    for place, found in enumerate(edges):
        named = (
            _versions(name, words, place, vocabulary, loose) for name in _names_before(words, place, names, joints)
        )
        for edge, name in next(filter(None, named), ()):
            found.append(edge)
            names.setdefault(edge.end, set()).add(name)
        for edge in found:
            if edge.terminal == "ENT" and not words[place].normal[0].isdecimal():
                versioned = (at for at in range(place, edge.end) if words[at].normal[0].isdecimal())
                names.setdefault(edge.end, set()).add((place, next(versioned, edge.end)))
            elif edge.terminal in _JOINING | _TIMING:
                joints.setdefault(edge.end, []).append(edge)


def _versions(
    name: Words, words: list[Word], place: int, vocabulary: Vocabulary, loose: bool
) -> list[tuple[Edge, Words]]:
    """Return what the words at a place are behind a name: 2012 R2, and 2012."""
    found = []
    for end in (place + 2, place + 1):
        run = [*words[name[0] : name[1]], *words[place:end]]
        senses = vocabulary.senses(run, loose=loose).get("ENT", ()) if end <= len(words) else ()
        found += [(Edge(place, end, "ENT", senses), name)] if senses else []
    return found


def _names_before(
    words: list[Word], place: int, names: dict[int, set[Words]], joints: dict[int, list[Edge]]
) -> Iterator[Words]:
    """Yield the names, without their versions, by which a version at a place can go, the nearest first."""
    version = words[place].normal
    for joint in joints.get(place, ()) if version[0].isdecimal() else ():
        if joint.terminal in _JOINING:
            ends = [
                joint.start,
                *(before.start for before in joints.get(joint.start, ()) if before.terminal == "COMMA"),
            ]
            yield from (name for end in ends for name in names.get(end, ()) if name[1] < end)
        elif "." in version:
            yield from (name for end in sorted(names, reverse=True) if end <= joint.start for name in names[end])


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

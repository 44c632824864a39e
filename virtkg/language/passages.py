"""A text → its sentences, and the questions that “and” joins in one.

Knows: where a sentence ends, and what begins a question. Must not know: what a sentence means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from virtkg.language.lattice import lattice
from virtkg.language.mentions import mentions
from virtkg.language.vocabulary import Vocabulary
from virtkg.language.words import split
from virtkg.record import record

_ASKING: Final = frozenset(
    {"BENOT", "COUNT", "DO", "DONOT", "HOW", "HOWLONG", "SINCEWHEN", "UNTILWHEN", "WH", "WHEN", "WHERE", "WHY"}
)
"""What a question begins with, and nothing that “and” joins within one."""

_STATING: Final = frozenset({"ANY", "ARTICLE", "BOTH", "DET", "INDEF", "NOISE", "POLITE", "THAT", "THERE", "TODAY"})
"""What a sentence that only states something may begin with; other function words ask, or go on with what is before."""

_PARTS: Final = re.compile(r"(?<=[.?!])\s+|[;:,]\s+|\s+[-\u2013\u2014]\s+")
_SENTENCES: Final = re.compile(r"(?<=[.?!:])\s+")
_PROSE: Final = re.compile(r"[\w\s,.:!'\u2019()/%+-]*")
"""What a sentence that is only told about may be made of: no code, and no question mark."""

_IT: Final = re.compile(r"\bit\b", re.IGNORECASE)

_MOST: Final = 6
"""The most sentences of a text that are tried: each is parsed, and may be answered."""


@record
class Passage:
    """A sentence, or one question of several in it; `says` may be understood in its place.

    One that is `needed` asks something, or goes on with what stands before it: without it the others may mean
    something else.
    """

    text: str
    says: str
    needed: bool


def sentences(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the parts of a text that may each be a question; “it” in one is also the thing that the others mention."""
    parts = _divided(_PARTS.split(text), vocabulary)[:_MOST]
    for place, part in enumerate(parts if len(parts) > 1 else ()):
        said = _without_it(parts, place, vocabulary)
        if said != part:
            yield said
        yield part


def passages(text: str, vocabulary: Vocabulary) -> tuple[Passage, ...]:
    """Return the sentences of a text, none if it is one sentence, or has more than a few."""
    wholes = [part for part in _SENTENCES.split(text) if part.strip()]
    parts = _divided(wholes, vocabulary)
    if not 1 < len(parts) <= _MOST:
        return ()
    return tuple(
        Passage(part, _without_it(parts, place, vocabulary), part not in wholes or _needed(part, vocabulary))
        for place, part in enumerate(parts)
    )


def _divided(wholes: list[str], vocabulary: Vocabulary) -> list[str]:
    return [part for whole in wholes for part in _joined(whole, vocabulary) if part.strip()]


def _joined(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the questions that “and” joins in a sentence, before a word that asks."""
    words = split(text)
    edges = lattice(words, vocabulary)
    begin = 0
    for here, after in pairwise(range(len(words))):
        starts = {edge.terminal for edge in edges[after] if not edge.senses}
        if begin < words[here].start and any(edge.terminal == "AND" for edge in edges[here]) and starts & _ASKING:
            yield text[begin : words[here].start]
            begin = words[after].start
    yield text[begin:]


def _without_it(parts: list[str], place: int, vocabulary: Vocabulary) -> str:
    """Return a part with the one thing that the others mention in place of “it”."""
    part = parts[place]
    if not _IT.search(part):
        return part
    others = " ".join(other for at, other in enumerate(parts) if at != place)
    names = {found.written for found in mentions(split(others), vocabulary) if found.terminal == "ENT"}
    return names.pop().join(_IT.split(part)) if len(names) == 1 else part


def _needed(part: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a sentence asks something, or goes on with the one before."""
    words = split(part)
    if not words or not _PROSE.fullmatch(part):
        return True
    if part.rstrip().endswith(":"):
        return bool(mentions(words, vocabulary))
    begins = {edge.terminal for edge in lattice(words, vocabulary)[0] if not edge.senses}
    return not begins <= _STATING

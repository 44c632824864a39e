"""A text of any words → what of the graph it mentions, whether or not it is a question.

What is said in other forms of the same words counts too: “live migrated” mentions
live migration. Such a guess is good enough to offer a question, never to answer one.

Knows: phrases of the graph, and when two words are forms of one.
Must not know: the grammar, or what a text asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from virtkg.language.lattice import Edge, lattice
from virtkg.language.vocabulary import Vocabulary, keywords
from virtkg.language.words import Word, plural, stem
from virtkg.record import record

_ROOT: Final = 4
"""The fewest letters that two forms of one word share at their beginning."""

_ENDING: Final = 3
"""The most letters in which the shorter of two forms differs."""

_BETWEEN: Final = 5
"""How many other words may stand between those of one phrase, and one more."""

_MEASURE: Final = "NUMPROP"
_GUESSED: Final = frozenset({"ENT", _MEASURE, "NOUN"})

_SHARE: Final = 3
"""A word in one of so many measures, or in more of them, says of none which it is."""


@record
class Mention:
    """Words `start` to `end` of a text, what they can be of the graph, and how that is written."""

    start: int
    end: int
    terminal: str
    written: str


def mentions(words: list[Word], vocabulary: Vocabulary, *, guess: bool = False) -> list[Mention]:
    """Return the longest mentions in a text, in its order; with `guess`, in other forms of the words as well."""
    edges = lattice(words, vocabulary)
    found: list[Mention] = []
    place = 0
    while place < len(words):
        end = max((edge.end for edge in edges[place] if edge.senses), default=place + 1)
        found += [_mention(edge, words, vocabulary) for edge in edges[place] if edge.senses and edge.end == end]
        place = end
    return _with_guesses(found, words, vocabulary) if guess else found


def _mention(edge: Edge, words: list[Word], vocabulary: Vocabulary) -> Mention:
    said = " ".join(word.normal for word in words[edge.start : edge.end])
    if edge.terminal in ("ENT", "CLASS"):
        name = vocabulary.name_of(edge.senses[0].term) or said
        said = name if edge.terminal == "ENT" else plural(name)
    return Mention(edge.start, edge.end, edge.terminal, said)


def _with_guesses(found: list[Mention], words: list[Word], vocabulary: Vocabulary) -> list[Mention]:
    """Return mentions with those guessed ones that say more words than the mentions they take the place of."""
    guesses = sorted(_guessed(words, vocabulary), key=lambda guess: (-guess[0], len(guess[1].written)))
    for size, guess in guesses:
        beside = [mention for mention in found if mention.end <= guess.start or guess.end <= mention.start]
        if sum(mention.end - mention.start for mention in found if mention not in beside) < size:
            found = sorted([*beside, guess], key=lambda mention: mention.start)
    return found


def _guessed(words: list[Word], vocabulary: Vocabulary) -> Iterator[tuple[int, Mention]]:
    """Yield (how many words it has, mention) of each phrase whose words stand in a text in any form and order."""
    said = [(place, stem(word.normal)) for place, word in enumerate(words) if word.normal not in keywords()]
    roots = {form[:_ROOT] for _, form in said}
    general = _general(vocabulary)
    for text, terminal in vocabulary.phrases():
        parts = [part for part in text.split() if part not in keywords() and (terminal, part) not in general]
        if terminal not in _GUESSED or len(parts) < 2 or not all(part[:_ROOT] in roots for part in parts):
            continue
        places = [next((place for place, form in said if _alike(form, part)), None) for part in parts]
        found = [place for place in places if place is not None]
        if len(set(found)) == len(parts) and max(found) - min(found) < len(parts) + _BETWEEN:
            yield len(parts), Mention(min(found), max(found) + 1, terminal, _written(text, terminal, vocabulary))


def _general(vocabulary: Vocabulary) -> set[tuple[str, str]]:
    """Return the words that so many measures have that none is known by them, such as max."""
    measures = [text.split() for text, terminal in vocabulary.phrases() if terminal == _MEASURE]
    counted = Counter(word for words in measures for word in set(words))
    return {(_MEASURE, word) for word, count in counted.items() if count * _SHARE >= len(measures)}


def _written(text: str, terminal: str, vocabulary: Vocabulary) -> str:
    return vocabulary.name_for(text) if terminal == "ENT" else text


def _alike(one: str, other: str) -> bool:
    """Tell whether two stems are forms of one word: migrated, migration."""
    if one == other:
        return True
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one.isalpha() and other.isalpha() and shared >= max(_ROOT, min(len(one), len(other)) - _ENDING)

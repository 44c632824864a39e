"""Misspelt words → what they may have been meant to be.

A word is mended in its place and the others stay as they are: a name is never
traded for a longer or an unlike one.

Knows: how far a slip may be from a word. Must not know: the grammar, or what a word means.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cached_property
from itertools import islice, pairwise, product
from typing import Final

from virtkg.language.vocabulary import Vocabulary, keywords
from virtkg.language.words import Word, plural, split, stem
from virtkg.record import record

_SHORTEST: Final = 3
_LONG: Final = 8
"""From how many letters on a word may have two slips; what has fewer letters has one."""

_OPTIONS: Final = 4
"""The most ways to mend one word: those of several words are tried together."""

_MENDED: Final = 4
"""The most words that are mended: each multiplies the texts to try, and more are no slips."""

_TEXTS: Final = 40


@record
class _Option:
    """Words `start` to `end` of a text written otherwise, and how many letters that changes.

    What stands `apart` follows no hyphen in the label that it comes from.
    """

    start: int
    end: int
    written: str
    distance: int
    apart: bool = False


class Speller:
    """Mends the words of a text after the words of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def respelled(self, text: str, words: list[Word], unknown: list[int]) -> Iterator[str]:
        """Yield a text with all its misspelt words mended, that with the fewest changes first.

        A word that stands in some label is left alone: only with its neighbours does it name a thing.
        """
        misspelt = [place for place in unknown if stem(words[place].normal) not in self._words]
        choices = [self._options(words, place) for place in (misspelt or unknown)]
        if not all(choices) or len(choices) > _MENDED:
            return
        mended = [list(dict.fromkeys(chosen)) for chosen in product(*choices)]
        mended.sort(key=lambda chosen: sum(option.distance for option in chosen))
        for chosen in islice(mended, _TEXTS):
            if all(one.end <= other.start for one, other in pairwise(chosen)):
                yield _replaced(text, words, chosen)

    def mended(self, text: str, words: list[Word]) -> str:
        """Return a text with each word that stands in no label written as the nearest one that does, if any is near."""
        for place in range(len(words) - 1, -1, -1):
            word = words[place]
            if word.normal.isalpha() and (near := self.near(words, place)):
                text = text[: word.start] + near + text[word.end :]
        return text

    def near(self, words: list[Word], place: int) -> str:
        """Return the nearest way to write a misspelt word, "" if there is none."""
        options = [] if stem(words[place].normal) in self._words else self._options(words, place)
        return options[0].written if options else ""

    def _options(self, words: list[Word], place: int) -> list[_Option]:
        """Return the ways to write an unknown word, alone or joined to a neighbour, the nearest first."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        found = [
            _Option(start, start + 2, written, 0)
            for start in (place - 1, place)
            if 0 <= start < len(words) - 1 and (written := self._joined(words[start], words[start + 1]))
        ]
        typed = _printable(words[place].normal)
        if parted := self._parted.get(stem(typed)):
            found.append(_Option(place, place + 1, self._vocabulary.label_for(parted), 0))
        wanted = stem(typed)
        near = process.extract(wanted, self._known, scorer=OSA.distance, score_cutoff=2, limit=None)
        found += [
            _Option(place, place + 1, self._written(known, typed), int(distance), f"-{known}" not in self._label(known))
            for known, distance, _ in near
            if distance <= _slips(wanted, known)
        ]
        return sorted(found, key=lambda option: option.distance)[:_OPTIONS]

    def _joined(self, first: Word, second: Word) -> str:
        """Return two words as the one that they are written as elsewhere: pass-through."""
        joined = stem(first.normal + second.normal)
        return self._written(joined, second.normal) if joined in self._words else ""

    @cached_property
    def _words(self) -> dict[str, str]:
        """The words of all labels without endings, each with a phrase that it stands in, "" for a function word."""
        table = {word: "" for phrase in keywords() for word in phrase.split() if word.isalpha()}
        for phrase, _ in self._vocabulary.phrases():
            for word in phrase.split():
                if word.isalnum() and not word.isdecimal() and table.get(word) != "":
                    table[word] = min(table.get(word, phrase), phrase, key=len)
        return table

    @cached_property
    def _known(self) -> list[str]:
        return list(self._words)

    @cached_property
    def _parted(self) -> dict[str, str]:
        """The phrases of several words by what they are without blanks."""
        return {phrase.replace(" ", ""): phrase for phrase, _ in self._vocabulary.phrases() if " " in phrase}

    def _label(self, known: str) -> str:
        phrase = self._words[known]
        return self._vocabulary.label_for(phrase) if phrase else known

    def _written(self, known: str, typed: str) -> str:
        """Return a known word as its label writes it, in the plural if that is what was typed."""
        label = self._label(known)
        written = next((label[word.start : word.end] for word in split(label) if stem(word.normal) == known), known)
        return plural(written) if stem(typed) != typed and self._words[known] else written


def _slips(wanted: str, known: str) -> int:
    """Return how many letters may differ between two words that are the same but for slips."""
    if len(wanted) < _SHORTEST:
        return 0
    if len(wanted) == _SHORTEST:
        return int(len(known) > _SHORTEST and known[0] == wanted[0])
    if len(wanted) >= _LONG and known[0] == wanted[0]:
        return 2
    return int(len(known) >= _SHORTEST)


def _printable(word: str) -> str:
    return "".join(letter for letter in word if unicodedata.category(letter) != "Cf")


def _replaced(text: str, words: list[Word], options: list[_Option]) -> str:
    for option in reversed(options):
        first, last = words[option.start].start, words[option.end - 1].end
        before = text[:first]
        if option.apart and before.endswith("-"):
            before = before[:-1] + " "
        text = before + option.written + text[last:]
    return text

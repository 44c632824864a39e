"""A text of known words that is no question → texts with a function word more, less or otherwise.

No word that could matter is left out: only fillers go, articles before names, and
function words without a meaning of their own.

Knows: which terminals carry no meaning. Must not know: what an edited text means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Final

from virtkg.diagnostics import QuestionError
from virtkg.language.lattice import Edge, lattice
from virtkg.language.parse import Parser, Stuck
from virtkg.language.rewordings import reworded
from virtkg.language.vocabulary import Vocabulary, keywords
from virtkg.language.words import Word, plural, split
from virtkg.record import record

_INSERTED: Final = ("WITH", "OF", "THAT", "DO", "DESCRIBE", "HISTORY")
_PREPOSITIONS: Final = ("OF", "IN", "FOR")
_EMPTY: Final = frozenset({"COMMA", "THAT"})
"""Function words that can be left out at the place where reading stopped."""


@record
class Edit:
    """An edited text.

    One that is only `meant` is better said in virtkg's own words; an `offer` is worth showing if it gives rows.
    """

    text: str
    meant: bool = False
    offer: bool = False


class Editor:
    """Edits texts that the parser cannot read."""

    def __init__(self, parser: Parser, vocabulary: Vocabulary) -> None:
        self._parser = parser
        self._vocabulary = vocabulary

    def edits(self, text: str, start: str) -> Iterator[Edit]:
        """Yield what a text could have been, the nearest first."""
        plain = self.without_fillers(text)
        bases = list(dict.fromkeys((text, plain, self._without_auxiliaries(plain))))
        for base in bases[1:]:
            yield Edit(base)
        for other in reworded(plain, self._vocabulary):
            yield Edit(other, meant=True)
        for base in bases:
            yield from self._at_the_place(base, start)
        if self._stuck(text, start) is not None:
            for label in self._vocabulary.class_labels():
                yield Edit(f"{plural(label)} {first_phrases()['WITH']} {plain}", offer=True)
            asking = f"{first_phrases()['DO']} {bases[-1]}"
            if (stuck := self._stuck(asking, start)) is not None:
                yield from self._with_verbs(asking, stuck)

    def without_fillers(self, text: str) -> str:
        """Return a text without polite words, and without articles before names."""
        words = split(text)
        edges = lattice(words, self._vocabulary)
        gone: set[int] = set()
        place = 0
        while place < len(words):
            longest = [edge for edge in edges[place] if edge.end == edges[place][0].end]
            terminals = {edge.terminal for edge in longest}
            end = longest[0].end if longest else place + 1
            if terminals == {"POLITE"} or (terminals in ({"DET"}, {"INDEF"}) and _names(edges, end)):
                gone.update(range(place, end))
            place = end
        kept = [place for place in range(len(words)) if place not in gone]
        for place, word in enumerate(words):
            beside = gone & {place - 1, place + 1} or not kept or place in (kept[0], kept[-1])
            if beside and "COMMA" in keywords().get(word.normal, ()):
                gone.add(place)
        return _without(text, words, gone)

    def _without_auxiliaries(self, text: str) -> str:
        """Return a text without “can” and the like inside: suites that can do X."""
        words = split(text)
        edges = lattice(words, self._vocabulary)
        gone = {
            place
            for place in range(1, len(words))
            if edges[place] and {edge.terminal for edge in edges[place] if edge.end == edges[place][0].end} == {"DO"}
        }
        return _without(text, words, gone)

    def _at_the_place(self, text: str, start: str) -> Iterator[Edit]:
        """Yield a text with one word more, less or otherwise where reading stops."""
        stuck = self._stuck(text, start)
        if stuck is not None:
            yield from self._with_verbs(text, stuck)
            yield from _changed(text, stuck.words, stuck.position)
            yield from _inserted(text, stuck.words, stuck.position)

    def _stuck(self, text: str, start: str) -> Stuck | None:
        """Return where reading stops in a text of known words, None if it does not."""
        try:
            self._parser.readings(text, start)
        except Stuck as stuck:
            return None if stuck.unknown else stuck
        except QuestionError:
            pass
        return None

    def _with_verbs(self, text: str, stuck: Stuck) -> Iterator[Edit]:
        """Yield a text with a verb before a thing that is spoken of as if it were one: can X live migrate.

        What could be had is had, before anything else is done with it.
        """
        edges = lattice(stuck.words, self._vocabulary)
        only_verbs = "VERB" in stuck.expected and "PART" not in stuck.expected
        for at in (stuck.position, stuck.position - 1):
            if at > 0 and _names(edges, at):
                place = stuck.words[at].start
                for verb in (first_phrases()["HAVE"], *(self._verbs if only_verbs else ())):
                    yield Edit(f"{text[:place]}{verb} {text[place:]}", meant=True)

    @cached_property
    def _verbs(self) -> tuple[str, ...]:
        return tuple(phrase for phrase, terminal in self._vocabulary.phrases() if terminal == "VERB")


@cache
def first_phrases() -> dict[str, str]:
    """Return the first keyword of each terminal."""
    found: dict[str, str] = {}
    for phrase, terminals in keywords().items():
        for terminal in terminals:
            found.setdefault(terminal, phrase)
    return found


def _names(edges: list[list[Edge]], place: int) -> bool:
    """Tell whether a name begins at a place."""
    return place < len(edges) and bool(edges[place]) and edges[place][0].terminal == "ENT"


def _changed(text: str, words: list[Word], position: int) -> Iterator[Edit]:
    """Yield a text with an empty word left out, or with another preposition."""
    for at in (position, position - 1):
        terminals = frozenset(keywords().get(words[at].normal, ())) if 0 <= at < len(words) else frozenset()
        if terminals and terminals <= _EMPTY:
            yield Edit(_without(text, words, {at}))
        if terminals & set(_PREPOSITIONS):
            for other in _PREPOSITIONS:
                if other not in terminals:
                    yield Edit(text[: words[at].start] + first_phrases()[other] + text[words[at].end :])


def _inserted(text: str, words: list[Word], position: int) -> Iterator[Edit]:
    inserted = [first_phrases()[terminal] for terminal in _INSERTED]
    for at in dict.fromkeys((position, max(0, position - 1), 0)):
        place = words[at].start if at < len(words) else len(text)
        for phrase in inserted:
            yield Edit(f"{text[:place]}{phrase} {text[place:]}".strip())


def _without(text: str, words: list[Word], gone: set[int]) -> str:
    for place in sorted(gone, reverse=True):
        text = text[: words[place].start] + text[words[place].end :]
    return re.sub(r"\s+(?=[?!.,;])", "", " ".join(text.split())).strip(" ,;")

"""A number after a name that is no version of it → the versions that are known.

Knows: the names of versions. Must not know: questions, or how an error is told.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Final

from virtkg.language.lattice import lattice
from virtkg.language.vocabulary import Vocabulary
from virtkg.language.words import Word, phrase, stem

_WINDOW: Final = 4
"""The most words before a version that are its name."""

_VERSION: Final = re.compile(r"\d[\w.]*")


class Versions:
    """Finds versions by the names before them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def before(self, words: list[Word], position: int) -> tuple[list[int], dict[str, str]]:
        """Return the places of a version and of the name before it, and what versions of that are known by what names.

        There are none if the word is no number or does not follow a name of versions.
        """
        if words[position].normal[:1].isdigit():
            for first in range(max(0, position - _WINDOW), position):
                line = " ".join(stem(word.normal) for word in words[first:position])
                if known := self._known(line):
                    return [*range(first, position + 1)], known
        return [], {}

    def unknown(self, words: list[Word]) -> list[list[int]]:
        """Return the places of each version in a text that is not known, with those of the name before it."""
        edges = lattice(words, self._vocabulary)
        named = {at for found in edges for edge in found if edge.senses for at in range(edge.start, edge.end)}
        runs = (self.before(words, place)[0] for place in range(len(words)) if place not in named)
        return [run for run in runs if run]

    def nearest(self, version: str, known: dict[str, str]) -> list[str]:
        """Return the names of the known versions, the nearest first; of one typed short, those that begin with it.

        What has a version of another name has those of that name as well: ESX 9.0 is called ESXi 9.0, as ESXi 7.0 is.
        """
        longer = {other: name for other, name in known.items() if other.startswith(f"{version}.")}
        for name in dict.fromkeys(known.values()):
            if not longer:
                others = self._known(phrase(name).rpartition(" ")[0])
                longer = {other: name for other, name in others.items() if f"{other}.".startswith(f"{version}.")}
        found = longer or known
        return list(dict.fromkeys(found[other] for other in sorted(found, key=lambda other: _distance(other, version))))

    def _known(self, line: str) -> dict[str, str]:
        """Return the versions of what has a name, and the label of each."""
        start = f"{line} "
        return {
            text[len(start) :]: self._vocabulary.name_for(text)
            for text, terminal in self._vocabulary.phrases()
            if terminal == "ENT" and line and text.startswith(start) and _VERSION.fullmatch(text[len(start) :])
        }


def _distance(version: str, wanted: str) -> tuple[list[float], str]:
    """Return a key that orders versions by how far each of their parts is from that of another."""
    parts = [[int(part) for part in re.findall(r"\d+", text)] for text in (version, wanted)]
    return [abs(one - other) for one, other in zip_longest(*parts, fillvalue=0)], version

"""Words → what they can mean: the lexicon of an open snapshot, and the keywords.

Knows: how to look up a run of words, and which labels lie near a wrong word.
Must not know: the grammar, or which meaning is right.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from pyoxigraph import Literal

from virtkg.language.categories import FORMS, LOOSE, TERMINALS, Category
from virtkg.language.words import Word, normal, phrase, split, stem
from virtkg.namespaces import RDF, RDFS, SKOS
from virtkg.record import record
from virtkg.snapshot.reader import Snapshot

LONGEST: Final = 8
"""The most words that one label may have; longer ones are a fault of the data."""


_TYPE: Final = RDF + "type"

_HIDDEN: Final = 2
"""The quality of a hidden label (lexicon.py)."""


@record
class Sense:
    """One meaning of a word: a term by its number in the snapshot, read in a category."""

    category: Category
    term: int


class Vocabulary:
    """Looks up the words of a snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def senses(self, words: list[Word], *, loose: bool = False) -> dict[str, tuple[Sense, ...]]:
        """Return, for each terminal that a run of words can be, its senses in a fixed order; `loose` ones if wanted."""
        meanings = self._snapshot.meanings(" ".join(stem(word.normal) for word in words))
        return by_terminal(
            Sense(Category(category), term) for category, quality, term in meanings if loose or quality < LOOSE
        )

    def types(self, term: int) -> frozenset[int]:
        """Return the classes of a thing."""
        type_ = self._snapshot.iri_number(_TYPE)
        return frozenset() if type_ is None else frozenset(kind for kind, _ in self._snapshot.objects(term, type_))

    def named(self, text: str) -> list[int]:
        """Return the terms that a text is a name of, each once."""
        found = self._snapshot.meanings(phrase(text)) if split(text) else []
        return list(dict.fromkeys(term for _, quality, term in found if quality < LOOSE))

    def phrases(self) -> Iterator[tuple[str, str]]:
        """Yield every phrase of the graph with a terminal that it can be."""
        for text, meanings in self._snapshot.phrases():
            for terminal in dict.fromkeys(TERMINALS[Category(category)] for category, _, _ in meanings):
                yield text, terminal

    def class_labels(self) -> list[str]:
        """Return the label of every class that a question can name, in the order of their IRIs."""
        label = self._snapshot.iri_number(RDFS + "label")
        terms = {
            term for _, meanings in self._snapshot.phrases() for kind, _, term in meanings if kind == Category.CLASS
        }
        if label is None:
            return []
        return [
            self._snapshot.term(object_).value
            for term in sorted(terms)
            for object_ in dict.fromkeys(object_ for object_, _ in self._snapshot.objects(term, label))
        ]

    def name_for(self, text: str) -> str:
        """Return the label of the first thing that a phrase names; the phrase itself if it names none."""
        return next((name for _, _, term in self._snapshot.meanings(text) if (name := self.name_of(term))), text)

    def name_of(self, term: int) -> str:
        """Return the label of a term, "" if it has none."""
        label = self._snapshot.iri_number(RDFS + "label")
        found = self._snapshot.objects(term, label) if label is not None else ()
        return next((self._snapshot.term(object_).value for object_, _ in found), "")

    def label_for(self, text: str) -> str:
        """Return a label as it is written, for a phrase from `phrases`; the phrase itself if it is a word form."""
        for _, _, term in self._snapshot.meanings(text):
            for _, object_, _ in self._snapshot.about(term):
                found = self._snapshot.term(object_)
                if isinstance(found, Literal) and phrase(found.value) == text:
                    return found.value
        return text

    def beginning(self, prefix: str) -> Iterator[tuple[str, tuple[Sense, ...], bool]]:
        """Yield (phrase, senses, whether it is a first name) of every phrase that begins with a prefix.

        Hidden labels are left out: they are understood, but never said.
        """
        for text, meanings in self._snapshot.phrases(prefix):
            said = [meaning for meaning in meanings if meaning[1] < _HIDDEN]
            if said:
                yield text, tuple(Sense(Category(kind), term) for kind, _, term in said), not min(q for _, q, _ in said)

    def written(self, text: str, sense: Sense) -> str:
        """Return a phrase as the label or the form that it comes from is written."""
        forms = [name for name, category in FORMS.items() if category is sense.category]
        for name in (*forms, RDFS + "label", SKOS + "altLabel"):
            number = self._snapshot.iri_number(name)
            for object_, _ in self._snapshot.objects(sense.term, number) if number is not None else ():
                found = self._snapshot.term(object_)
                if isinstance(found, Literal) and phrase(found.value) == text:
                    return found.value
        return self.label_for(text)


def by_terminal(senses: Iterable[Sense]) -> dict[str, tuple[Sense, ...]]:
    """Return, for each terminal that a phrase with these senses can be, those that it is read in."""
    found: dict[str, tuple[Sense, ...]] = {}
    for sense in senses:
        terminal = TERMINALS[sense.category]
        found[terminal] = (*found.get(terminal, ()), sense)
    if "CLASS" in found:
        # "hypervisors of X" is a list of a class, not a value named by the noun.
        found |= {"CNOUN": nouns} if (nouns := found.pop("NOUN", ())) else {}
    return found


@cache
def keywords() -> dict[str, tuple[str, ...]]:
    """Return the terminals of each keyword phrase, by its folded words joined by blanks."""
    table: dict[str, tuple[str, ...]] = {}
    with open(os.path.join(os.path.dirname(__file__), "keywords.tsv"), encoding="utf-8") as file:
        for line in file:
            text, _, terminal = line.rstrip("\n").partition("\t")
            if not text.startswith("#"):
                key = normal(text)
                table[key] = (*table.get(key, ()), terminal)
    return table

"""The beginning of a question → how it can go on.

What can follow is known to the parser: the categories that it accepts next. A
completion is a word of such a category that begins with what is typed.

Knows: how typed words and phrases are compared, and which kind of thing a phrase names.
Must not know: any word, or how completions are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from typing import Final

from virtkg.language.categories import Category
from virtkg.language.lattice import keyword_only
from virtkg.language.parse import MAX_CHARACTERS, QUESTION, Parser
from virtkg.language.schema import LABEL, TYPE, Schema
from virtkg.language.vocabulary import LONGEST, Sense, Vocabulary, by_terminal, keywords
from virtkg.language.words import Word, fold, phrase, plural, split, stem
from virtkg.record import record

_TRIED: Final = 150
"""The most phrases that are tried in the question; each costs a parse of about half a millisecond."""

_NAMED: Final = 3
"""How many classes of a thing its kind names."""

WORD: Final = "word"
"""The kind of a function word."""


@record
class Completion:
    """A way to go on: `text` takes the place of what stands from `start` to the cursor; `kind` says what it is."""

    start: int
    text: str
    kind: str


@record
class _Candidate:
    """A completion that the grammar accepts; phrases of the same `group` fit a question alike."""

    completion: Completion
    order: int
    terminal: str
    group: object


class Completer:
    """Completes questions.

    `fits` tells of a text whether it has a meaning, None if it only stops too early.
    """

    def __init__(
        self, parser: Parser, vocabulary: Vocabulary, schema: Schema, fits: Callable[[str, str], bool | None]
    ) -> None:
        self._parser = parser
        self._vocabulary = vocabulary
        self._schema = schema
        self._fits = fits
        self._kinds: dict[frozenset[int], str] = {}
        self._known: dict[int, frozenset[int]] = {}

    def complete(self, text: str, cursor: int | None = None, start: str = QUESTION) -> list[Completion]:
        """Return how a text can go on at the cursor: words that continue the one there, or else the next words.

        With each the text up to the cursor is the beginning of a question.
        Function words come first, then kinds of things, properties, verbs and
        names, each by the alphabet. A phrase that only makes a question
        without a meaning is left out, unless all do.
        """
        before = text[:cursor]
        if len(before) > MAX_CHARACTERS:
            return []
        words = split(before)
        following = self._parser.following(words, start)
        found = self._found(before, words, following, _is_open(before, words))
        # A word that nothing continues is a whole one.
        found = found or self._found(before, words, following, open_=False)
        fitting = self._fitting(before, found, start)
        ordered = sorted(fitting or found, key=lambda one: (one.order, *_alphabet(one.completion.text)))
        return list(dict.fromkeys(candidate.completion for candidate in ordered))

    def labels(self, text: str) -> list[Completion]:
        """Return the names of things, classes and properties that begin with a text."""
        words = split(text)
        for open_ in (_is_open(text, words), False):
            phrases = self._vocabulary.beginning(_Typed(text, words, 0, open_).prefix)
            named = ((self._vocabulary.written(said, senses[0]), senses[0]) for said, senses, _ in phrases)
            found = {Completion(0, label, self._kind(sense)) for label, sense in named}
            if found:
                return sorted(found, key=lambda completion: _alphabet(completion.text))
        return []

    def _found(self, before: str, words: list[Word], following: list[frozenset[str]], open_: bool) -> list[_Candidate]:
        """Return what could stand in the place of the last words, or after them if the last is not open."""
        places = range(max(0, len(words) - LONGEST), len(words) + (not open_))
        return [found for place in places for found in self._at(_Typed(before, words, place, open_), following[place])]

    def _at(self, typed: _Typed, accepted: frozenset[str]) -> Iterator[_Candidate]:
        """Yield what could stand in the place of the typed words."""
        for candidate in chain(_keywords(typed, accepted), self._phrases(typed, accepted)) if accepted else ():
            if typed.can_become(candidate.completion.text):
                yield candidate

    def _phrases(self, typed: _Typed, accepted: frozenset[str]) -> Iterator[_Candidate]:
        """Yield every phrase of the graph that begins with what is typed."""
        for text, every, is_first in self._vocabulary.beginning(typed.prefix):
            read = {terminal: senses for terminal, senses in by_terminal(every).items() if terminal in accepted}
            # Where all is possible, one name of each thing is enough.
            if read and (is_first or typed.prefix) and _can_be_read(text):
                terminal, (sense, *_) = next(iter(read.items()))
                group = frozenset(self._group(sense) for senses in read.values() for sense in senses)
                for form in _forms(self._vocabulary.written(text, sense), sense, typed):
                    completion = Completion(typed.start, typed.gap + form, self._kind(sense))
                    yield _Candidate(completion, _ORDER[sense.category], terminal, group)

    def _group(self, sense: Sense) -> object:
        """Return what decides in which questions a sense has a meaning."""
        return self._types(sense.term) if sense.category is Category.ENTITY else sense

    def _fitting(self, before: str, found: list[_Candidate], start: str) -> list[_Candidate]:
        """Return the candidates that make a question with a meaning, or the beginning of one."""
        outcomes: dict[object, bool | None] = {}
        fitting = []
        for candidate in found:
            completion = candidate.completion
            whole = (completion.start, candidate.terminal)
            key = (*whole, candidate.group)
            if key not in outcomes and outcomes.get(whole, False) is not None and len(outcomes) < _TRIED:
                outcomes[key] = self._fits(before[: completion.start] + completion.text, start)
                # A question that stops too early does so after any word of this category.
                outcomes.setdefault(whole, outcomes[key])
            if outcomes.get(key) is not False:
                fitting.append(candidate)
        return fitting

    def _types(self, term: int) -> frozenset[int]:
        if term not in self._known:
            self._known[term] = frozenset(self._schema.values_of(term, TYPE))
        return self._known[term]

    def _kind(self, sense: Sense) -> str:
        """Return what kind of thing a sense is: the class of a thing, or the category of the word."""
        if sense.category is not Category.ENTITY:
            return sense.category.name.lower().replace("_", " ")
        types = self._types(sense.term)
        if types not in self._kinds:
            self._kinds[types] = self._nearest(types)
        return self._kinds[types]

    def _nearest(self, types: frozenset[int]) -> str:
        """Return the labels of the narrowest of some classes that users speak of, without those made of another."""
        named = [class_ for class_ in types if self._schema.is_spoken(class_) and self._schema.texts(class_, LABEL)]
        named = [class_ for class_ in named if self._schema.definition(class_) is None]
        above = {wider for class_ in named for wider in self._schema.superclasses(class_) if wider != class_}
        labels = sorted(self._schema.label(class_) for class_ in named if class_ not in above)
        return ", ".join(labels[:_NAMED]) or Category.ENTITY.name.lower()


_ORDER: Final = {
    category: order
    for order, categories in enumerate(
        (
            (Category.CLASS, Category.ASKED_AS),
            (Category.MEASURE, Category.NOUN, Category.SPAN, Category.SUBJECT_ROLE, Category.OBJECT_ROLE),
            (Category.VERB, Category.INVERSE_VERB, Category.FACET_VERB),
            (
                Category.PARTICIPLE,
                Category.PASSIVE,
                Category.LASTING,
                Category.RESULT,
                Category.EVENT,
                Category.DEED,
                Category.ENDED,
                Category.FACET_PARTICIPLE,
            ),
            (Category.ENTITY, Category.UNIT),
        ),
        start=1,
    )
    for category in categories
}


class _Typed:
    """The words of a text from a place on, which are to be completed; the last may be a part of one.

    `gap` stands before a completion of no word at all, unless there is a blank.
    """

    def __init__(self, text: str, words: list[Word], place: int, open_: bool) -> None:
        rest = words[place:]
        last = fold(text[rest[-1].start :]) if open_ and rest else ""
        whole = rest[:-1] if open_ else rest
        self.start = rest[0].start if rest else len(text)
        self.gap = " " if text and not rest and not text[-1].isspace() else ""
        self.earlier = words[:place]
        self._text = text
        self.plainly = " ".join([*(word.normal for word in whole), last])
        """As function words are written."""
        self.prefix = " ".join([*(stem(word.normal) for word in whole), last])
        """As phrases are kept."""

    def can_become(self, completion: str) -> bool:
        """Tell whether a completion is something new, and words of its own: “4TiB” is two, “4terabytes” is one."""
        before = self._text[: self.start]
        if before + completion == self._text.rstrip():
            return False
        if not before or before[-1].isspace() or self.gap:
            return True
        together = [word.normal for word in split(before + completion)]
        return together == [word.normal for word in (*self.earlier, *split(completion))]


def _is_open(text: str, words: list[Word]) -> bool:
    """Tell whether the last word of a text may go on: nothing parts it from the end (a dot may belong to a version)."""
    return bool(words) and not text[words[-1].end :].strip(".:")


def _keywords(typed: _Typed, accepted: frozenset[str]) -> Iterator[_Candidate]:
    """Yield every function word that begins with what is typed."""
    for text, terminals in keywords().items():
        if text.startswith(typed.plainly) and (able := accepted.intersection(terminals)):
            yield _Candidate(Completion(typed.start, typed.gap + text, WORD), 0, min(able), text)


def _can_be_read(text: str) -> bool:
    """Tell whether a phrase is found again in a text: it is not too long, and no function word."""
    return text.count(" ") < LONGEST and text not in _stems_of_keywords()


@cache
def _stems_of_keywords() -> frozenset[str]:
    return frozenset(phrase(text) for text in keywords() if keyword_only(split(text)))


def _forms(label: str, sense: Sense, typed: _Typed) -> list[str]:
    """Return how a label is written in a question: classes in the plural, after an article as they are too."""
    many = plural(label)
    if sense.category is not Category.CLASS or phrase(many) != phrase(label):
        return [label]
    after_article = typed.earlier and not {"DET", "INDEF"}.isdisjoint(keywords().get(typed.earlier[-1].normal, ()))
    return [label, many] if after_article else [many]


def _alphabet(text: str) -> tuple[list[tuple[int, int, str]], str]:
    """Return a key that sorts texts by the alphabet and versions by their numbers."""
    pieces = re.split(r"(\d+)", text.casefold())
    return [(1, int(piece), "") if piece.isdigit() else (0, 0, piece) for piece in pieces], text

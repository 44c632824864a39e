"""A text that is no question → what is wrong, where, and what would be understood.

Every suggestion is parsed and resolved before it is shown.

Knows: the codes of errors, edits of one word, near spellings.
Must not know: the graph beyond its phrases, or how an error is printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Final

from virtkg.diagnostics import QuestionError
from virtkg.language.parse import QUESTION, Parser, Stuck
from virtkg.language.topics import Signal, signals
from virtkg.language.vocabulary import Vocabulary, keywords
from virtkg.language.words import Word, plural, stem

_MOST: Final = 3
_CUTOFF: Final = 78
_WINDOW: Final = 4
_TRIED: Final = 60
"""The most edits that are tried; each costs a parse of about half a millisecond."""

_MENDED: Final = 4
"""The most unknown words that are respelled: each multiplies the texts to try, and more are no slips."""

_SAID: Final = {
    "ENT": "a name",
    "CLASS": "a kind of thing",
    "NUMPROP": "a measure",
    "NOUN": "a property",
    "CNOUN": "a property",
    "VERB": "a verb",
    "FVERB": "a verb",
    "PART": "a relation such as “using”",
    "UNIT": "a unit",
    "STILL": "“still supported”",
    "SPAN": "what ends, such as “support”",
    "RESULT": "what is done to a thing, such as “emulated”",
    "EVENT": "what came or went with a version, such as “introduced”",
    "ROLE": "what a thing is to another, such as “successor”",
    "FPART": "what is done to a thing, such as “virtualized”",
    "DATE": "a date",
    "MONTH": "a month",
    "NUMBER": "a number",
    "NUMERAL": "a number",
    "$END": "the end",
}


class Repairer:
    """Explains why a text is not understood.

    `means` tells of a text None if it is not understood, False if its answer
    is empty, True otherwise.
    """

    def __init__(self, parser: Parser, vocabulary: Vocabulary, means: Callable[[str, str], bool | None]) -> None:
        self._parser = parser
        self._vocabulary = vocabulary
        self._means = means

    def explain(self, text: str, stuck: Stuck, start: str = QUESTION) -> QuestionError:
        """Return the error for a text that the parser could not read."""
        signalled = signals(stuck.words, stuck.unknown)
        if signalled:
            return self._not_held(text, stuck, signalled, start)
        position = stuck.unknown[0] if stuck.unknown else stuck.position
        if position < len(stuck.words) and stuck.words[position].normal[:1].isdigit():
            versions = self._versions(stuck.words, position)
            if versions:
                return self._version_error(text, stuck, position, versions, start)
        if stuck.unknown:
            return self._unknown(text, stuck, start)
        edits = self._verified(self._edits(text, stuck), start)
        expected = self._expected(stuck.expected)
        if stuck.position == len(stuck.words):
            return QuestionError(
                "E102",
                "the question stops too early",
                hint=f"what can follow: {expected}",
                column=len(text.rstrip()) + 1,
                text=text,
                suggestions=edits,
            )
        word = stuck.words[stuck.position]
        return QuestionError(
            "E103",
            f"“{text[word.start : word.end]}” is not expected here",
            hint=f"expected: {expected}",
            column=word.start + 1,
            length=word.end - word.start,
            text=text,
            suggestions=edits,
        )

    # topics that are not held

    def _not_held(self, text: str, stuck: Stuck, signalled: list[Signal], start: str) -> QuestionError:
        """Return the error for a text about what no fact is about; it names every word that has no place."""
        about = list(dict.fromkeys(signal.topic for signal in signalled))
        first = stuck.words[signalled[0].start]
        places = [(stuck.words[signal.start].start, stuck.words[signal.end - 1].end) for signal in signalled]
        inside = {position for signal in signalled for position in range(signal.start, signal.end)}
        others = _spans([stuck.words[position] for position in stuck.unknown if position not in inside], text)
        said = f"{' and '.join(topic.name for topic in about)} are not held: {_quoted(text, places)}"
        held = [topic for topic in about if self._means(topic.example, start) is not None]
        return QuestionError(
            "E401",
            f"{said}; I do not know {_quoted(text, others)} either" if others else said,
            hint="; ".join(topic.held for topic in held) or "see what can be said with: virtkg vocabulary",
            column=first.start + 1,
            length=places[0][1] - first.start,
            text=text,
            suggestions=tuple(topic.example for topic in held)[:_MOST],
        )

    # unknown words

    def _unknown(self, text: str, stuck: Stuck, start: str) -> QuestionError:
        spans = _spans([stuck.words[position] for position in stuck.unknown], text)
        few = len(stuck.unknown) <= _MENDED
        found = self._verified(self._respelled(text, stuck, start), start) if few else ()
        near = [] if found else self._near(stuck)
        said = f"near are {', '.join(near)}; " if near else ""
        return QuestionError(
            "E201",
            f"I do not know {_quoted(text, spans)}",
            hint="" if found else f"{said}see what can be said with: virtkg vocabulary",
            column=spans[0][0] + 1,
            length=spans[0][1] - spans[0][0],
            text=text,
            suggestions=found,
        )

    def _respelled(self, text: str, stuck: Stuck, start: str) -> Iterator[str]:
        """Yield the text with every unknown word replaced by a phrase that looks like it, the nearest first."""
        for repaired in islice(self._spellings(text, stuck), _TRIED):
            try:
                self._parser.readings(repaired, start)
            except Stuck as again:
                if again.unknown and len(again.unknown) < len(stuck.unknown):
                    yield from islice(self._respelled(repaired, again, start), _MOST)
            except QuestionError:
                continue
            else:
                yield repaired

    def _near(self, stuck: Stuck) -> list[str]:
        """Return labels that look like the unknown words, one for each word at most."""
        from rapidfuzz import fuzz, process

        phrases = [phrase for phrase, _ in self._vocabulary.phrases()]
        found = []
        for position in stuck.unknown:
            word = stem(stuck.words[position].normal)
            best = process.extractOne(word, phrases, scorer=fuzz.ratio, score_cutoff=_CUTOFF) if len(word) > 3 else None
            if best is not None:
                found.append(f"“{self._vocabulary.label_for(best[0])}”")
        return list(dict.fromkeys(found))[:_MOST]

    @cached_property
    def _phrases(self) -> list[str]:
        """Everything that an unknown word may stand for; read once, for a text of many unknown words."""
        phrases = list(dict.fromkeys(phrase for phrase, _ in self._vocabulary.phrases()))
        return phrases + [phrase for phrase in keywords() if phrase.isalpha()]

    def _spellings(self, text: str, stuck: Stuck) -> Iterator[str]:
        """Yield the text with the first unknown words replaced by phrases that look like them."""
        from rapidfuzz import fuzz, process
        from rapidfuzz.distance import OSA

        position = stuck.unknown[0]
        scored: list[tuple[float, str]] = []
        for first in range(max(0, position - _WINDOW + 1), position + 1):
            for last in range(position + 1, min(len(stuck.words), first + _WINDOW) + 1):
                run = stuck.words[first:last]
                wanted = " ".join(stem(word.normal) for word in run)
                near = process.extract(
                    wanted, self._phrases, scorer=OSA.normalized_similarity, limit=4, score_cutoff=_CUTOFF / 100
                )
                near += process.extract(wanted, self._phrases, scorer=fuzz.ratio, limit=4, score_cutoff=_CUTOFF)
                for phrase, score, _ in near:
                    closeness = score if score > 1 else score * 100
                    label = self._vocabulary.label_for(phrase)
                    scored.append((closeness + last - first, _replaced(text, run, label)))
        for _, repaired in sorted(scored, key=lambda pair: -pair[0]):
            yield repaired

    # versions

    def _versions(self, words: list[Word], position: int) -> list[str]:
        """Return the known names of the words before a version with another version, the nearest first."""
        from rapidfuzz.distance import OSA

        for first in range(max(0, position - _WINDOW), position):
            line = " ".join(stem(word.normal) for word in words[first:position]) + " "
            known = {
                phrase[len(line) :]: self._vocabulary.name_for(phrase)
                for phrase, terminal in self._vocabulary.phrases()
                if terminal == "ENT" and phrase.startswith(line) and _VERSION.fullmatch(phrase[len(line) :])
            }
            if known:
                wanted = words[position].normal
                return [known[version] for version in sorted(known, key=lambda v: (OSA.distance(v, wanted), v))]
        return []

    def _version_error(self, text: str, stuck: Stuck, position: int, versions: list[str], start: str) -> QuestionError:
        word = stuck.words[position]
        edits = (
            _replaced(text, stuck.words[first : position + 1], version)
            for version in versions
            for first in range(max(0, position - _WINDOW), position)
        )
        return QuestionError(
            "E203",
            f"no version {_shown(text[word.start : word.end])} is known here",
            hint="known are " + ", ".join(sorted(dict.fromkeys(versions))),
            column=word.start + 1,
            length=word.end - word.start,
            text=text,
            suggestions=self._verified(edits, start),
        )

    # edits

    def _edits(self, text: str, stuck: Stuck) -> Iterator[str]:
        """Yield the text with one function word put in or one word taken out, near where reading stopped."""
        words, position = stuck.words, stuck.position
        inserted = [phrase for phrase, terminals in _one_each() if set(terminals) & _INSERTED]
        for at in dict.fromkeys((position, max(0, position - 1), 0)):
            place = words[at].start if at < len(words) else len(text)
            for phrase in inserted:
                yield f"{text[:place]}{phrase} {text[place:]}".strip()
        for at in (position, position - 1):
            # Leaving out a "not" would turn the question round.
            if 0 <= at < len(words) > 1 and not set(keywords().get(words[at].normal, ())) & _NEGATIONS:
                yield " ".join((text[: words[at].start] + text[words[at].end :]).split())
        for label in self._vocabulary.class_labels():
            yield f"{plural(label)} with {text}"

    def _verified(self, texts: Iterable[str], start: str) -> tuple[str, ...]:
        """Return the first texts that are understood, those that give something first."""
        found: dict[str, bool] = {}
        for text in islice(dict.fromkeys(texts), _TRIED):
            outcome = self._means(text, start)
            if outcome is not None:
                found[text] = outcome
            if sum(found.values()) == _MOST:
                break
        return tuple(sorted(found, key=lambda text: not found[text]))[:_MOST]

    def _expected(self, terminals: frozenset[str]) -> str:
        by_terminal = {terminal: f"“{phrase}”" for phrase, alternatives in _one_each() for terminal in alternatives}
        said = [
            _SAID.get(terminal) or by_terminal.get(terminal, terminal.lower())
            for terminal in sorted(terminals - _UNSAID)
        ]
        return ", ".join(sorted(dict.fromkeys(said)))


_UNSAID: Final = frozenset({"POLITE"})
"""What can stand nearly everywhere and says nothing."""

_NEGATIONS: Final = frozenset({"NOT", "DONOT", "BENOT", "WITHOUT"})

_VERSION: Final = re.compile(r"\d[\w.]*")

_INSERTED: Final = frozenset({"WITH", "WITHOUT", "DESCRIBE", "OF", "THAT", "DO", "BE"})


def _one_each() -> list[tuple[str, tuple[str, ...]]]:
    """Return the first keyword of each terminal."""
    seen: set[str] = set()
    found = []
    for phrase, terminals in keywords().items():
        if not seen & set(terminals):
            seen.update(terminals)
            found.append((phrase, terminals))
    return found


def _spans(words: list[Word], text: str) -> list[tuple[int, int]]:
    """Return the places of words; parts that a hyphen joins are one place."""
    spans: list[tuple[int, int]] = []
    for word in words:
        if spans and text[spans[-1][1] : word.start] == "-":
            spans[-1] = (spans[-1][0], word.end)
        else:
            spans.append((word.start, word.end))
    return spans


def _quoted(text: str, places: list[tuple[int, int]]) -> str:
    return ", ".join(f"“{_shown(text[first:last])}”" for first, last in places)


def _replaced(text: str, run: list[Word], label: str) -> str:
    return text[: run[0].start] + label + text[run[-1].end :]


def _shown(text: str) -> str:
    """Return text with control and invisible characters escaped."""
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)

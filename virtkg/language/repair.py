"""A text that is no question → what is wrong, where, and what would be understood.

Every suggestion is parsed and resolved before it is shown, and of those that mean the same one is.

Knows: the codes of errors, and the names of versions.
Must not know: the graph beyond its phrases, or how an error is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import Final

from virtkg.diagnostics import QuestionError
from virtkg.language.edits import Edit, Editor
from virtkg.language.gist import gists
from virtkg.language.lattice import lattice, unread
from virtkg.language.offers import offers
from virtkg.language.parse import QUESTION, Parser, Stuck
from virtkg.language.passages import sentences
from virtkg.language.rewordings import reworded
from virtkg.language.spelling import Speller
from virtkg.language.topics import Signal, signals
from virtkg.language.unversioned import Versions
from virtkg.language.vocabulary import Vocabulary, keywords
from virtkg.language.words import Word, phrase, split
from virtkg.record import record

_MOST: Final = 3
_TRIED: Final = 240
"""The most edits that are tried; each costs a parse of about half a millisecond."""

_GISTS: Final = 12
"""The most questions about what a text mentions that are answered, to offer those that give something."""

_EXPECTED: Final = 20
"""The most that is said to be expected at a place; at the beginning of a question nearly all is."""

_FEW_OF: Final = 4
"""At most one in so many words may be left out of a question that is offered."""

_WITHOUT_OFFERS: Final = frozenset({"E101", "E203"})
"""Errors of a text that is too long, or whose one wrong word is named with what is known in its place."""

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
    "DEED": "what something does",
    "ENDED": "“end of life”",
    "DATE": "a date",
    "MONTH": "a month",
    "NUMBER": "a number",
    "NUMERAL": "a number",
    "$END": "the end",
}


@record
class Meaning:
    """What a text means: as virtkg says it, whether its answer has rows, and whether one of them tells anything."""

    said: str
    has_rows: bool
    tells: bool


class Repairer:
    """Explains why a text is not understood.

    `means` gives every meaning of a text.
    """

    def __init__(
        self, parser: Parser, vocabulary: Vocabulary, means: Callable[[str, str], tuple[Meaning, ...]]
    ) -> None:
        self._parser = parser
        self._vocabulary = vocabulary
        self._means = means
        self._editor = Editor(parser, vocabulary)
        self._speller = Speller(vocabulary)
        self._versions = Versions(vocabulary)

    def explain(self, text: str, stuck: Stuck, start: str = QUESTION) -> QuestionError:
        """Return the error for a text that the parser could not read."""
        signalled = signals(stuck.words, stuck.unknown)
        if signalled:
            return self._not_held(text, stuck, signalled, start)
        position = stuck.unknown[0] if len(stuck.unknown) == 1 else stuck.position
        if len(stuck.unknown) < 2 and position < len(stuck.words):
            run, known = self._versions.before(stuck.words, position)
            if known:
                return self._version_error(text, stuck, run, known, start)
        if stuck.unknown:
            return self._unknown(text, stuck, start)
        edits = self._verified(self._editor.edits(text, start), start)
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

    def reworded(self, error: QuestionError, text: str, start: str) -> tuple[str, ...]:
        """Return what a text of unrelated words could have been."""
        if error.code != "E303":
            return ()
        return self._verified((Edit(other, meant=True) for other in reworded(text, self._vocabulary)), start)

    def with_offers(self, error: QuestionError, text: str, start: str) -> QuestionError:
        """Return an error that suggests nothing with questions about most of what its text mentions."""
        if error.suggestions or start != QUESTION or error.code in _WITHOUT_OFFERS:
            return error
        said = [*sentences(text, self._vocabulary)]
        if error.code == "E201":
            said = [*map(self._known, (text, *said))]
        parts = [meaning.said for part in dict.fromkeys(said) for meaning in self._means(part, start)]
        parts += [offer for offer in error.offers if self._means(offer, start)]
        offers = parts or self._gists(self._speller.mended(text, split(text)), start)
        offers = offers or [other for part in said if part != text for other in self._edited(part, start)]
        # Two that are read alike are one question, with a choice of meanings.
        error.offers = tuple({phrase(offer): offer for offer in reversed(offers)}.values())[::-1][:_MOST]
        return error

    def _edited(self, text: str, start: str) -> tuple[str, ...]:
        """Return what a part of a text could have been."""
        return self._verified(islice(self._editor.edits(text, start), _TRIED // 4), start)

    def _known(self, text: str) -> str:
        """Return a text without the few words that mean nothing, which an error names; as it is if they are many."""
        words = split(text)
        unknown = unread(words, lattice(words, self._vocabulary))
        if len(unknown) > len(words) // _FEW_OF:
            return text
        for position in reversed(unknown):
            text = text[: words[position].start] + text[words[position].end :]
        return text

    def _gists(self, text: str, start: str) -> list[str]:
        """Return questions about most of what a text mentions that tell something.

        One about more of it stands for these even if it tells nothing, where it is the only one.
        """
        telling: list[str] = []
        silent: list[str] = []
        size = 0
        for gist in islice(gists(split(text), self._vocabulary), _GISTS):
            if gist.size < size and (telling or len(silent) == 1):
                break
            silent = silent if gist.size == size else []
            size = gist.size
            meanings = self._means(gist.text, start)
            telling += [meaning.said for meaning in meanings if meaning.tells]
            silent += [meaning.said for meaning in meanings if meaning.has_rows and not meaning.tells]
        return telling or (silent if len(silent) == 1 else [])

    # topics that are not held

    def _not_held(self, text: str, stuck: Stuck, signalled: list[Signal], start: str) -> QuestionError:
        """Return the error for a text about what no fact is about; it names every word that has no place."""
        about = list(dict.fromkeys(signal.topic for signal in signalled))
        first = stuck.words[signalled[0].start]
        inside = {position for signal in signalled for position in range(signal.start, signal.end)}
        places = [(stuck.words[signal.start].start, stuck.words[signal.end - 1].end) for signal in signalled]
        others = self._unread(text, stuck, inside)
        said = f"{' and '.join(topic.name for topic in about)} are not held: {_quoted(text, places)}"
        held = [topic for topic in about if len(self._means(topic.example, start)) == 1]
        groups = offers(held, stuck.words, self._vocabulary)
        verified = (self._verified((Edit(text, offer=True) for text in group), start)[:1] for group in groups)
        offered = tuple(islice(dict.fromkeys(text for texts in verified for text in texts), _MOST))
        offered = offered or self._verified((Edit(topic.example) for topic in held), start)
        return QuestionError(
            "E401",
            f"{said}; {others} either" if others else said,
            hint="; ".join(topic.held for topic in held) or "see what can be said with: virtkg vocabulary",
            column=first.start + 1,
            length=places[0][1] - first.start,
            text=text,
            offers=offered,
        )

    # unknown words

    def _unknown(self, text: str, stuck: Stuck, start: str) -> QuestionError:
        first = _spans([stuck.words[position] for position in stuck.unknown], text)[0]
        found = self._verified(self._respelled(text, stuck, start), start)
        near = [] if found else self._near(stuck)
        said = f"near are {', '.join(near)}; " if near else ""
        return QuestionError(
            "E201",
            self._unread(text, stuck),
            hint="" if found else f"{said}see what can be said with: virtkg vocabulary",
            column=first[0] + 1,
            length=first[1] - first[0],
            text=text,
            suggestions=found,
        )

    def _unread(self, text: str, stuck: Stuck, besides: Collection[int] = ()) -> str:
        """Say which words of a text are not known, and which versions, `besides` some words; "" if all are."""
        versions = [run for run in self._versions.unknown(stuck.words) if run[-1] not in besides]
        places = {run[-1] for run in versions}.union(besides)
        words = _spans([stuck.words[position] for position in stuck.unknown if position not in places], text)
        said = [f"I do not know {_quoted(text, words)}"] if words else []
        return "; ".join([*said, *(_no_version(text, [stuck.words[place] for place in run]) for run in versions)])

    def _respelled(self, text: str, stuck: Stuck, start: str) -> Iterator[Edit]:
        """Yield the text with every misspelt word mended, and what that could have been if it is no question yet."""
        for mended in self._speller.respelled(text, stuck.words, stuck.unknown):
            yield Edit(mended)
            yield from islice(self._editor.edits(mended, start), _TRIED // 2)

    def _near(self, stuck: Stuck) -> list[str]:
        """Return what the unknown words look like, one for each at most."""
        near = [self._speller.near(stuck.words, position) for position in stuck.unknown]
        return [f"“{word}”" for word in dict.fromkeys(near) if word][:_MOST]

    # versions

    def _version_error(
        self, text: str, stuck: Stuck, run: list[int], known: dict[str, str], start: str
    ) -> QuestionError:
        """Return the error for an unknown version; one typed short, such as 8, leads only to 8.0 and the like."""
        words = [stuck.words[place] for place in run]
        version, others = words[-1], self._unread(text, stuck, run)
        names = self._versions.nearest(version.normal, known)
        edits = (edit for name in names for edit in self._with_version(_replaced(text, words, name), start))
        said = f"no version {_shown(text[version.start : version.end])} is known here"
        return QuestionError(
            "E203",
            f"{said}; {others} either" if others else said,
            hint="known are " + ", ".join(sorted(dict.fromkeys(known.values()))),
            column=version.start + 1,
            length=version.end - version.start,
            text=text,
            suggestions=self._verified(edits, start),
        )

    def _with_version(self, text: str, start: str) -> Iterator[Edit]:
        yield Edit(self._editor.without_fillers(text))
        yield Edit(text)
        yield from islice(self._editor.edits(text, start), _TRIED // 6)

    def _verified(self, edits: Iterable[Edit], start: str) -> tuple[str, ...]:
        """Return the first texts that are understood, those that give something first."""
        found: dict[str, tuple[Edit, bool]] = {}
        meant: list[str] = []
        open_: list[str] = []
        for edit in islice(dict.fromkeys(edits), _TRIED):
            # One in virtkg's own words is enough, and one that gives something is better.
            if edit.meant and any(found[said][1] for said in meant):
                continue
            meanings = self._means(edit.text, start)
            if len(meanings) != 1:
                open_ += [edit.text] if meanings and not edit.meant else []
                continue
            meaning = meanings[0]
            if meaning.said in found or (edit.offer and not meaning.has_rows):
                continue
            found[meaning.said] = (edit, meaning.has_rows)
            meant += [meaning.said] if edit.meant else []
            if len(found) - len(meant) == _MOST:
                break
        for said in sorted(meant, key=lambda said: not found[said][1])[1:]:
            del found[said]
        # One of several meanings is asked for again, which is better than nothing.
        if not found:
            return tuple(open_[:1])
        ordered = sorted(found, key=lambda said: not found[said][1])
        return tuple(said if found[said][0].meant else found[said][0].text for said in ordered)[:_MOST]

    def _expected(self, terminals: frozenset[str]) -> str:
        by_terminal = {terminal: f"“{phrase}”" for phrase, alternatives in _one_each() for terminal in alternatives}
        said = [
            _SAID.get(terminal) or by_terminal.get(terminal, terminal.lower())
            for terminal in sorted(terminals - _UNSAID - ({"INDEF"} if "DET" in terminals else set()))
        ]
        words = sorted(dict.fromkeys(said))
        more = f" and {len(words) - _EXPECTED} more" if len(words) > _EXPECTED else ""
        return ", ".join(words[:_EXPECTED]) + more


_UNSAID: Final = frozenset({"POLITE"})
"""What can stand nearly everywhere and says nothing."""


def _one_each() -> list[tuple[str, tuple[str, ...]]]:
    """Return the first keyword of each terminal."""
    seen: set[str] = set()
    found = []
    for said, terminals in keywords().items():
        if not seen & set(terminals):
            seen.update(terminals)
            found.append((said, terminals))
    return found


def _no_version(text: str, words: list[Word]) -> str:
    *name, version = words
    named = text[name[0].start : name[-1].end]
    return f"no version {_shown(text[version.start : version.end])} of {_shown(named)} is known"


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

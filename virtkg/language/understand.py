"""Text → ResolvedQuestion: parsed, resolved, or explained when it is not understood.

Knows: the order of the stages from text to meaning, and readings.
Must not know: how a question is answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from virtkg.diagnostics import AmbiguousQuestion, QuestionError, VirtkgError
from virtkg.language.canonical import Speaker
from virtkg.language.parse import QUESTION, Parser, Stuck
from virtkg.language.resolve import Resolver
from virtkg.language.resolved import ResolvedQuestion
from virtkg.language.schema import Schema
from virtkg.language.vocabulary import Vocabulary
from virtkg.language.words import phrase, split
from virtkg.namespaces import compact
from virtkg.record import record
from virtkg.snapshot import layout
from virtkg.snapshot.reader import Snapshot

if TYPE_CHECKING:
    from virtkg.language.repair import Meaning, Repairer


_MAY_BE_SEVERAL: Final = re.compile(r"[.?!:]\s+\S|\band\b", re.IGNORECASE)


@record
class Several:
    """The questions of a text, each a text of its own, and its sentences that ask nothing and are not understood."""

    questions: tuple[str, ...]
    unread: tuple[str, ...]


class Reader:
    """Understands questions over a snapshot.

    `gauge` gives how many rows the answer of a question has, and how many of
    them tell anything: that decides what is suggested first; `today` is the day that words such as
    “still” and “latest” are understood by (ISO).
    """

    def __init__(
        self,
        snapshot: Snapshot,
        schema: Schema,
        speaker: Speaker,
        gauge: Callable[[ResolvedQuestion], tuple[int, int]],
        today: str,
    ) -> None:
        self.vocabulary = Vocabulary(snapshot)
        self.parser = Parser(self.vocabulary, bytes(snapshot.section(layout.GRAMMAR)))
        self._resolver = Resolver(schema, today)
        self._schema = schema
        self._speaker = speaker
        self._gauge = gauge

    def understand(self, text: str, *, start: str = QUESTION, reading: int | None = None) -> ResolvedQuestion:
        """Return the one meaning of a text."""
        meanings = self.meanings(text, start)
        spoken = self._told_apart(meanings)
        if reading is not None:
            if not 1 <= reading <= len(meanings):
                said = f"there is no reading {reading}: the question has {len(meanings)}"
                raise QuestionError("E301", said, text=text)
            return meanings[reading - 1]
        if len(meanings) > 1:
            raise AmbiguousQuestion(
                "E301",
                f"the question has {len(meanings)} meanings",
                hint="ask one of them, or choose with --reading N",
                text=text,
                suggestions=tuple(spoken),
            )
        return meanings[0]

    def _told_apart(self, meanings: list[ResolvedQuestion]) -> list[str]:
        """Return the canonical texts; those that are read alike say which things they mean."""
        spoken = [self._speaker.say(meaning) for meaning in meanings]
        read = [phrase(text) for text in spoken]
        return [
            f"{text} ({', '.join(sorted(_curies(meaning)))})" if read.count(words) > 1 else text
            for text, words, meaning in zip(spoken, read, meanings, strict=True)
        ]

    def meanings(self, text: str, start: str = QUESTION) -> list[ResolvedQuestion]:
        """Return every meaning of a text, without repetitions."""
        try:
            return self._meanings(text, start)
        except Stuck as stuck:
            if loose := self.loosely(text, start):
                return loose
            raise self._repairer.with_offers(self._repairer.explain(text, stuck, start), text, start) from None
        except QuestionError as error:
            if loose := self.loosely(text, start):
                return loose
            placed = self._placed(error, text, start)
            placed.suggestions = placed.suggestions or self._repairer.reworded(placed, text, start)
            raise self._repairer.with_offers(placed, text, start) from None

    def several(self, text: str) -> Several | None:
        """Return what the sentences of a text mean that is no question itself, None if one that asks means nothing."""
        if not _MAY_BE_SEVERAL.search(text) or self._means_something(text):
            return None
        from virtkg.language.passages import passages
        from virtkg.language.topics import signals

        questions: list[str] = []
        unread: list[str] = []
        for passage in passages(text, self.vocabulary):
            said = next((said for said in (passage.says, passage.text) if self._means_something(said)), None)
            words = split(passage.text)
            if said is not None:
                questions.append(said)
            elif passage.needed or signals(words, range(len(words))):
                return None
            else:
                unread.append(passage.text)
        return Several(tuple(questions), tuple(unread)) if questions else None

    def _means_something(self, text: str) -> bool:
        return bool(self.fits(text) or self.loosely(text))

    @cached_property
    def _repairer(self) -> Repairer:
        from virtkg.language.repair import Repairer

        return Repairer(self.parser, self.vocabulary, self._means)

    def loosely(self, text: str, start: str = QUESTION) -> list[ResolvedQuestion]:
        """Return every meaning of a text by loose labels as well; none if it has none."""
        try:
            return self._meanings(text, start, loose=True)
        except (QuestionError, Stuck):
            return []

    def of_versions(self, meant: ResolvedQuestion) -> list[ResolvedQuestion]:
        """Return the question about the versions of the lines that a list or count names; none for another one."""
        from virtkg.language.of_versions import Asked, of_versions

        asked = of_versions(self._schema, meant) if isinstance(meant, Asked) else None
        return [] if asked is None else [asked]

    def _meanings(self, text: str, start: str, *, loose: bool = False) -> list[ResolvedQuestion]:
        errors: list[QuestionError] = []
        for readings in self.parser.stages(text, start, loose=loose):
            found: list[ResolvedQuestion] = []
            for reading in readings:
                try:
                    found += self._resolver.resolve(reading)
                except QuestionError as error:
                    errors.append(error)
            if found:
                return list(dict.fromkeys(found))
        raise errors[0]

    def fits(self, text: str, start: str = QUESTION) -> bool | None:
        """Tell whether a text has a meaning, or None if it may only stop too early."""
        try:
            return bool(self._meanings(text, start))
        except QuestionError:
            return False
        except Stuck:
            return None

    def means(self, text: str, meant: ResolvedQuestion) -> bool:
        """Tell whether a text means just this."""
        try:
            return self._meanings(text, QUESTION) == [meant]
        except (VirtkgError, Stuck):
            return False

    def _placed(self, error: QuestionError, text: str, start: str) -> QuestionError:
        """Give an error its text, and suggestions of those it has and those of what stands at its place."""
        error.text = text
        if error.column is not None:
            first, last = error.column - 1, error.column - 1 + error.length
            error.suggestions += tuple(text[:first] + other + text[last:] for other in error.instead)
        said = (meaning.said for other in error.suggestions for meaning in self._means(other, start))
        error.suggestions = tuple(dict.fromkeys(said))
        if error.code == "E101" and not error.hint:
            error.hint = "for example: " + "; ".join(self._schema.examples())
        if error.code == "E306" and error.column is not None:
            end = error.column - 1 + error.length
            symbols = [self._schema.alternative_labels(unit)[0] for unit in self._schema.units()]
            number = text[:end].rstrip("BKMGTPikmgtp ")
            edits = [f"{text[:end]} {symbol}{text[end:]}" for symbol in symbols[5:8]] + [number + text[end:]]
            error.suggestions = tuple(edit for edit in edits if len(self._means(edit, start)) == 1)
        return error

    def _gauged(self, meant: ResolvedQuestion) -> tuple[int, int]:
        """Return how many rows a question has, and how many tell anything; of its versions if nothing else does."""
        found = self._gauge(meant)
        return found if found[1] else max((found, *map(self._gauge, self.of_versions(meant))))

    def _means(self, text: str, start: str) -> tuple[Meaning, ...]:
        """Return every meaning of a text, none if it is not understood."""
        from virtkg.language.repair import Meaning

        try:
            meanings = self._meanings(text, start)
        except (VirtkgError, Stuck):
            return ()
        gauged = [(self._speaker.say(meant), self._gauged(meant)) for meant in meanings]
        return tuple(Meaning(said, has_rows=rows > 0, tells=told > 0) for said, (rows, told) in gauged)


def _curies(meaning: object) -> set[str]:
    """Return the CURIEs of all terms in a meaning."""
    if isinstance(meaning, NamedNode):
        return {compact(meaning.value)}
    if isinstance(meaning, tuple):
        return {curie for part in meaning for curie in _curies(part)}
    fields = getattr(type(meaning), "__match_args__", ()) if not isinstance(meaning, str | int) else ()
    return {curie for name in fields for curie in _curies(getattr(meaning, name))}

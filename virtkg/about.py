"""Things by name → all that is known of them: described, side by side, in order of time.

Knows: which answers need no condition. Must not know: how they are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from virtkg.answer import Answer, Field, Note, Value, Verdict
from virtkg.evidence import Evidence
from virtkg.language.canonical import Speaker
from virtkg.language.resolved import ResolvedCompare, ResolvedDescribe, ResolvedHistory, ResolvedSurplus
from virtkg.language.schema import Schema
from virtkg.namespaces import SKOS
from virtkg.record import replace
from virtkg.snapshot.facts import Facts
from virtkg.values import Values

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from virtkg.profile import Profiler

_FEW: Final = 3
"""With so many rows or fewer a comparison says what its things are, too."""


class About:
    """Tells of things; `complete` adds to an answer what it cites."""

    def __init__(
        self, facts: Facts, schema: Schema, *, evidence: Evidence, values: Values, speaker: Speaker,
        complete: Callable[[Answer], Answer],
    ) -> None:  # fmt: skip
        self._facts = facts
        self._number = facts.known
        self._schema = schema
        self._evidence = evidence
        self._values = values
        self._speaker = speaker
        self._complete = complete

    def described(self, meant: ResolvedDescribe, text: str = "") -> Answer:
        """Say all that is known of one thing, first by what names it was asked for if they are several."""
        row, notes = self._profiler().describe(self._number(meant.subject))
        if meant.names:
            values = tuple(Value(name, name, "", Verdict.YES, False, ()) for name in meant.names)
            row = replace(row, fields=(Field("names of one thing", values), *row.fields))
            notes = (_named(meant.names), *notes)
        reading = self._speaker.say(meant)
        return self._complete(Answer(text or reading, reading, "description", None, (row,), 0, notes, ""))

    def compared(self, meant: ResolvedCompare, text: str = "") -> Answer:
        """Put things side by side, what differs first."""
        by = [self._number(aspect) for aspect in meant.aspects]
        numbers = [self._number(subject) for subject in meant.subjects]
        rows, notes = self._profiler().compare(numbers, meant.part, by)
        if len(rows) <= _FEW and not by:
            notes = (*notes, *self._defined(numbers))
        if not rows:
            notes = (Note("I706", "no fact in the graph is about all of them"), *notes)
        notes = (*(_named(names) for names in meant.names if len(set(names)) > 1), *notes)
        reading = self._speaker.say(meant)
        return self._complete(Answer(text or reading, reading, "comparison", None, rows, 0, notes, ""))

    def _defined(self, things: list[int]) -> Iterator[Note]:
        """Yield what each thing is, which is all that can be compared where facts are few."""
        for thing in things:
            for text in self._schema.texts(thing, SKOS + "definition"):
                yield Note("I708", f"{self._schema.label(thing)}: {text}")

    def surplus(self, text: str, meant: ResolvedSurplus) -> Answer:
        """Say what one thing has and another is known not to have."""
        numbers = [self._number(thing) for thing in (meant.subject, meant.other)]
        rows, notes = self._profiler().surplus(numbers, {self._number(property_) for property_ in meant.properties})
        return self._complete(Answer(text, self._speaker.say(meant), "comparison", None, rows, 0, notes, ""))

    def history(self, subject: NamedNode, text: str = "") -> Answer:
        """Tell what happened to a thing, in order of time."""
        from virtkg.history import Historian

        number = self._number(subject)
        rows, notes = Historian(self._facts, self._schema, self._evidence, self._values).rows(number)
        reading = self._speaker.say(ResolvedHistory(subject))
        if not rows:
            notes = (*notes, Note("I706", f"no source in the graph dates anything of {self._schema.label(number)}"))
        return self._complete(Answer(text or reading, reading, "history", None, rows, 0, notes, ""))

    def _profiler(self) -> Profiler:
        from virtkg.profile import Profiler

        return Profiler(self._facts, self._schema, self._evidence, self._values)


def _named(names: tuple[str, ...]) -> Note:
    """Return the note that one thing was asked for by several names."""
    return Note("I746", f"{' and '.join(f'“{name}”' for name in names)} are names of one thing")

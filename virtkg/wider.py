"""A list of few things of a kind, or of none → what a wider kind has that satisfies the same: of all platforms.

Knows: which kinds are wider. Must not know: how the list was found, or how it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from virtkg.answer import Answer, Note, Verdict
from virtkg.language.algebra import Select
from virtkg.language.canonical import Speaker
from virtkg.language.resolved import ResolvedList
from virtkg.language.schema import Schema
from virtkg.language.translate import YES, translate
from virtkg.language.words import listed
from virtkg.record import replace

_FEW: Final = 3
"""A list with more things than this that are yes says enough of their kind."""

_SHOWN: Final = 6


class Wider:
    """Asks short lists of wider kinds; `truths` gives the truth of each thing of a query."""

    def __init__(self, schema: Schema, speaker: Speaker, truths: Callable[[Select], dict[int, int]]) -> None:
        self._schema = schema
        self._speaker = speaker
        self._truths = truths

    def notes(self, meant: ResolvedList, answer: Answer) -> tuple[Note, ...]:
        """Return a note for each kind just wider than that of a short list of which more satisfies its conditions."""
        found = [row.iri for row in answer.rows if row.verdict is Verdict.YES]
        class_ = self._schema.named(meant.noun.class_.value)
        if len(found) > _FEW or meant.noun.condition is None or class_ is None:
            return ()
        own = {self._schema.named(iri) for iri in found}
        notes = (self._note(meant, kind, own) for kind in self._kinds(class_))
        return tuple(note for note in notes if note is not None)

    def _kinds(self, class_: int) -> list[int]:
        """Return the narrowest kinds that users speak of above a class."""
        above = [kind for kind in self._schema.superclasses(class_) if kind != class_ and self._schema.is_named(kind)]
        return self._schema.narrowest(above)

    def _note(self, meant: ResolvedList, kind: int, own: set[int | None]) -> Note | None:
        wide = replace(meant, noun=replace(meant.noun, class_=self._schema.iri(kind)))
        more = [thing for thing, truth in self._truths(translate(wide)).items() if truth == YES and thing not in own]
        if not more:
            return None
        names = listed([*map(self._schema.label, self._schema.in_order(more))], _SHOWN)
        return Note("I749", f"“{self._speaker.say(wide)}” gives {len(more)}{' more' if own else ''}: {names}")

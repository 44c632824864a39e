"""Whether all things of a noun are so, or any → a verdict, and the things that decide it.

Kleene logic over the things of a class: all is the least of “is none of them,
or is so”, any is the greatest. What no fact could deny of a thing, to be one
of them, is taken as known.

Knows: truths of things, and which of them decide. Must not know: words, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from pyoxigraph import NamedNode

from virtkg.answer import Answer, Note, Row
from virtkg.language.algebra import Select, write
from virtkg.language.conditions import Condition, Not, ResolvedNoun, deniable
from virtkg.language.logic import one
from virtkg.language.resolved import ResolvedExists, ResolvedList, ResolvedUniversal
from virtkg.language.schema import Schema
from virtkg.language.translate import DISPUTED, NO, UNKNOWN, YES, translate
from virtkg.language.words import listed, plural
from virtkg.listing import VERDICTS
from virtkg.snapshot.facts import Facts

_MOST_ROWS: Final = 50


class Quantifier:
    """Decides over all things of a noun; `truths` runs a query, `row` makes the row of a thing with its truth."""

    def __init__(
        self,
        snapshot: Facts,
        schema: Schema,
        *,
        truths: Callable[[Select], dict[int, int]],
        row: Callable[[int, int, Condition | None, NamedNode], Row],
    ) -> None:
        self._number = snapshot.known
        self._schema = schema
        self._truths = truths
        self._row = row

    def answer(self, text: str, meant: ResolvedUniversal | ResolvedExists, reading: str) -> Answer:
        """Return the verdict over all things of a noun, with those that decide it."""
        decide = self.exists if isinstance(meant, ResolvedExists) else self.universal
        return decide(text, meant, reading)  # type: ignore[arg-type]

    def universal(self, text: str, meant: ResolvedUniversal, reading: str) -> Answer:
        """Return whether a condition holds of all the things of a noun; of none at all it is not known."""
        belongs = self._truths(translate(ResolvedList(meant.noun, or_unknown=False)))
        closed = meant.noun.condition is None or deniable(meant.noun.condition)
        query = translate(ResolvedList(ResolvedNoun(meant.noun.class_, meant.condition), or_unknown=False))
        truths: dict[int, int] = {}
        for thing, truth in self._truths(query).items():
            own = belongs.get(thing, UNKNOWN)
            if own > UNKNOWN or (closed and own == UNKNOWN):
                truths[thing] = max(YES - own if own in (YES, NO) else own, truth)
        members = [thing for thing in truths if belongs[thing] > UNKNOWN]
        name = plural(self._schema.label(self._number(meant.noun.class_)))
        notes = [self._counted(name, members, belongs, truths)] if members else [self._none(meant.noun)]
        if not closed and members:
            said = f"those known to be among them are meant: no fact could say of other {name} that they are not"
            notes.append(Note("I734", said))
        whole = min(truths.values(), default=UNKNOWN) if members else UNKNOWN
        among = members if whole == YES else list(truths) if members else []
        rows, more = self._deciding(among, truths, whole, ResolvedNoun(meant.noun.class_, meant.condition))
        unknown = sum(truth == UNKNOWN for truth in truths.values())
        printed = write(translate(ResolvedList(_implied(meant), or_unknown=False)))
        return Answer(text, reading, "verdict", VERDICTS[whole], rows, unknown, (*notes, *more), printed)

    def exists(self, text: str, meant: ResolvedExists, reading: str) -> Answer:
        """Return whether there is a thing of a noun; that there is none is known only if all are known not to be."""
        query = translate(ResolvedList(meant.noun, or_unknown=False))
        truths = self._truths(query)
        whole = max(truths.values(), default=UNKNOWN)
        notes = [] if truths else [self._none(ResolvedNoun(meant.noun.class_, None))]
        open_ = meant.noun.condition is not None and not deniable(meant.noun.condition)
        if whole <= UNKNOWN and truths:
            counts = ((UNKNOWN, "not known of"), (NO, "stated not to be so of"))
            said = "; ".join(f"{word} {sum(t == truth for t in truths.values())}" for truth, word in counts)
            notes.append(Note("I733", f"known of no {self._schema.label(self._number(meant.noun.class_))}; {said}"))
        # Where nothing could deny it, “unknown” would only name all things of the class.
        among = [] if whole == UNKNOWN and open_ else list(truths)
        rows, more = self._deciding(among, truths, whole, meant.noun)
        unknown = 0 if open_ else sum(truth == UNKNOWN for truth in truths.values())
        return Answer(text, reading, "verdict", VERDICTS[whole], rows, unknown, (*notes, *more), write(query))

    def _deciding(
        self, among: list[int], truths: Mapping[int, int], whole: int, said: ResolvedNoun
    ) -> tuple[tuple[Row, ...], list[Note]]:
        """Return the rows of the things that are as the whole is; how many more there are, in a note."""
        named = self._schema.in_order([thing for thing in among if truths[thing] == whole])
        rows = tuple(self._row(thing, whole, said.condition, said.class_) for thing in named[:_MOST_ROWS])
        rest = [self._schema.label(thing) for thing in named[_MOST_ROWS:]]
        return rows, [Note("I709", f"{len(rest)} more rows are not shown: {listed(rest)}")] if rest else []

    def _counted(self, name: str, members: list[int], belongs: Mapping[int, int], truths: Mapping[int, int]) -> Note:
        """Say how many things are so, not so, disputed and unknown."""
        words = ((YES, "yes"), (NO, "no"), (DISPUTED, "disputed"), (UNKNOWN, "not known"))
        counts = [(sum(truths[thing] == truth for thing in members), word) for truth, word in words]
        said = ", ".join(f"{count} {word}" for count, word in counts if count)
        open_ = sum(belongs[thing] == UNKNOWN and truths[thing] != YES for thing in truths)
        more = f"; of {open_} more it is not known whether they are meant" if open_ else ""
        return Note("I733", f"of {len(members)} {name}: {said}{more}")

    def _none(self, noun: ResolvedNoun) -> Note:
        return Note(
            "I701", f"no such {self._schema.label(self._number(noun.class_))} is known, so that nothing decides"
        )


def _implied(meant: ResolvedUniversal) -> ResolvedNoun:
    """Return the noun whose things are so, or are none of those that are meant."""
    if meant.noun.condition is None:
        return ResolvedNoun(meant.noun.class_, meant.condition)
    return ResolvedNoun(meant.noun.class_, one([Not(meant.noun.condition), meant.condition], "or"))

"""What some things have and no other thing of their kind → rows, with how many others are open.

A thing that is not known to have it is no thing that lacks it: as long as one
is open, the row is unknown, and says so.

Knows: truths of relations, and which things are the same line. Must not know: words, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyoxigraph import NamedNode

from virtkg.answer import Answer, Field, Note, Row, Value, Verdict
from virtkg.language.algebra import Select
from virtkg.language.conditions import Condition, ResolvedNoun
from virtkg.language.resolved import ResolvedList, ResolvedOnly
from virtkg.language.schema import Schema
from virtkg.language.translate import DISPUTED, UNKNOWN, YES, translate
from virtkg.language.words import listed, plural
from virtkg.listing import VERDICTS
from virtkg.namespaces import VKG
from virtkg.record import replace
from virtkg.snapshot.facts import Facts

_SWAPPED = {YES: 0, 0: YES}


class Only:
    """Finds what only some things have; `truths` runs a query, `row` makes the row of a thing with its truth."""

    def __init__(
        self,
        snapshot: Facts,
        schema: Schema,
        *,
        truths: Callable[[Select], dict[int, int]],
        row: Callable[[int, int, Condition], Row],
    ) -> None:
        self._snapshot = snapshot
        self._number = snapshot.known
        self._schema = schema
        self._truths = truths
        self._row = row

    def answer(self, text: str, meant: ResolvedOnly, reading: str, *, certain: bool) -> Answer:
        """Return what the things have that no other is known to have: yes, disputed, then what is open of others."""
        own = self._own(meant)
        same = {thing for owner in self._owners(meant) for thing in self._same(owner)}
        rows: list[Row] = []
        for thing in self._schema.in_order([thing for thing, truth in own.items() if truth >= DISPUTED]):
            others = {o: t for o, t in self._others(meant, thing).items() if o not in same}
            highest = max(others.values(), default=UNKNOWN)
            truth = min(own[thing], _SWAPPED.get(highest, highest))
            if truth and not (certain and truth == DISPUTED):
                condition = meant.owned[0]
                row = self._row(thing, truth, condition)
                rows.append(replace(row, verdict=VERDICTS[truth], fields=(*row.fields, *self._open(others))))
        order = [Verdict.YES, Verdict.DISPUTED, Verdict.UNKNOWN]
        rows.sort(key=lambda row: order.index(row.verdict))
        open_ = sum(row.verdict is Verdict.UNKNOWN for row in rows)
        return Answer(text, reading, "list", None, tuple(rows), open_, tuple(self._notes(meant, rows, open_)), "")

    def _own(self, meant: ResolvedOnly) -> dict[int, int]:
        """Return the truth for each thing of the noun that it is one, and that all the owners have it."""
        found = self._truths(translate(ResolvedList(meant.noun, or_unknown=False)))
        for related in meant.owned:
            had = self._truths(translate(ResolvedList(ResolvedNoun(meant.noun.class_, related), or_unknown=False)))
            found = {thing: min(truth, had.get(thing, UNKNOWN)) for thing, truth in found.items()}
        return found

    def _others(self, meant: ResolvedOnly, thing: int) -> dict[int, int]:
        """Return for each thing of the kind whether it has something."""
        related = meant.owned[0]
        turned = replace(related, inverse=not related.inverse, object=self._schema.iri(thing))
        listed_ = not turned.inverse and self._schema.has_complete_tables(self._number(turned.property), thing)
        turned = replace(turned, listed=listed_)
        return self._truths(translate(ResolvedList(ResolvedNoun(meant.among, turned), or_unknown=False)))

    def _owners(self, meant: ResolvedOnly) -> Iterable[int]:
        return [self._number(related.object) for related in meant.owned if isinstance(related.object, NamedNode)]

    def _same(self, owner: int) -> set[int]:
        """Return a thing with its versions, its line, and the series that it is in or that are in it."""
        series = self._snapshot.iri_number(VKG + "inSeries")
        near = (
            [] if series is None else [*self._schema.things_of(owner, series), *self._schema.subjects_of(owner, series)]
        )
        return {owner, *self._schema.lines(owner), *self._schema.versions(owner), *near}

    def _open(self, others: dict[int, int]) -> list[Field]:
        """Return of how many other things it is not known, and of how many disputed, if of any."""
        fields = []
        for truth, said in ((DISPUTED, "disputed of"), (UNKNOWN, "not known of")):
            things = [self._schema.label(o) for o in self._schema.in_order(o for o, t in others.items() if t == truth)]
            if things:
                number = str(len(things))
                shown = number if truth == UNKNOWN else listed(things)
                fields.append(Field(said, (Value(shown, number, "", VERDICTS[YES], False, ()),)))
        return fields

    def _notes(self, meant: ResolvedOnly, rows: list[Row], open_: int) -> list[Note]:
        among = plural(self._schema.label(self._number(meant.among)))
        notes = []
        if open_:
            said = f"{open_} unknown: no other of the {among} is known to have them, and of some nothing is known"
            notes.append(Note("I735", said))
        if not rows:
            notes.append(Note("I701", f"nothing is known that no other of the {among} is known to have"))
        return notes

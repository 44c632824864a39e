"""The things of a noun → those with the most or the least of a measure, and what is to be said of the others.

Knows: members, their values by part and source, how places are told.
Must not know: how members were found, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from virtkg.answer import Note, Row, Verdict
from virtkg.grounds import Finder
from virtkg.language.conditions import deniable
from virtkg.language.resolved import ResolvedRanked
from virtkg.language.schema import Schema
from virtkg.language.translate import DISPUTED, UNKNOWN, YES
from virtkg.language.words import listed
from virtkg.listing import left_out_note, tie_note
from virtkg.reach import Span, above, places, span, turned
from virtkg.record import replace
from virtkg.snapshot.reader import TripleKey
from virtkg.values import Values

_DEPENDS: Final = "the place depends on which source is right, or on which scope counts"
_UNITS: Final = "the source writes a decimal unit; read as a binary one, the place changes"


class Ranking:
    """The places of the things of a noun.

    `truths` tell whether a thing is one of the noun; `places` has those that have a place, and whether that is certain.
    """

    def __init__(
        self,
        meant: ResolvedRanked,
        truths: Mapping[int, int],
        *,
        finder: Finder,
        values: Values,
        schema: Schema,
    ) -> None:
        self._meant = meant
        self.truths = truths
        self._schema = schema
        self._property = schema.named(meant.property.value) or 0
        self._values = values
        self._stated = {
            thing: stated
            for thing in schema.in_order(thing for thing, truth in truths.items() if truth in (YES, DISPUTED, UNKNOWN))
            if (stated := finder.stated(meant, thing))
        }
        self._doubtful = {thing for thing in self._stated if truths[thing] == DISPUTED}
        self._spans = self._reached(lambda _, size: size, meant.highest)
        self.places = self._placed(lambda _, size: size)

    def _reached(self, read: Callable[[TripleKey, int], int], highest: bool) -> dict[int, Span]:
        return {
            thing: span([[read(*pair) for pair in part] for part in stated], highest)
            for thing, stated in self._stated.items()
        }

    def _placed(self, read: Callable[[TripleKey, int], int]) -> dict[int, bool]:
        """Return the places; the lowest are certain if they are lowest by their least part and by their best one."""
        readings = [self._reached(read, self._meant.highest)]
        if not self._meant.highest:
            readings.append({thing: turned(there) for thing, there in self._reached(read, highest=True).items()})
        found = []
        for spans in readings:
            members = {thing: there for thing, there in spans.items() if self.truths[thing] != UNKNOWN}
            found.append(places(members, self._doubtful, self._meant.count))
        return {thing: all(place.get(thing, False) for place in found) for place in found for thing in place}

    def facts(self, thing: int) -> tuple[TripleKey, ...]:
        """Return the values that count for a thing."""
        return tuple(fact for part in self._stated[thing] for fact, _ in part)

    def shown(self, certain: bool) -> list[int]:
        """Return the things that have a place, with `certain` those that have it whichever source is right."""
        return [thing for thing, firm in self.places.items() if firm or not certain]

    def row(self, thing: int, member: Row) -> Row:
        """Return the row of a thing in its place, from its row as one of the noun."""
        field = self._values.field(thing, self._property)
        slugs = [slug for fact in self.facts(thing) for slug in self._values.value(*fact).sources]
        return replace(
            member,
            verdict=Verdict.YES if self.places[thing] else Verdict.DISPUTED,
            sources=tuple(dict.fromkeys((*member.sources, *slugs))),
            fields=tuple(dict.fromkeys((*member.fields, *([field] if field is not None else [])))),
        )

    def _names(self, things: Iterable[int]) -> str:
        return listed([self._schema.label(thing) for thing in self._schema.in_order(things)])

    def notes(self, certain: bool) -> list[Note]:
        """Return what is to be said of ties, scopes, units, and of those that have no place.

        With `certain` the disputed are left out.
        """
        names, notes = self._names, []
        sure, shaky = ([thing for thing, firm in self.places.items() if firm is way] for way in (True, False))
        if shaky:
            said = f"{len(shaky)} disputed left out by --certain" if certain else f"{names(shaky)}: {_DEPENDS}"
            notes.append(Note("I704" if certain else "W605", said))
        if 0 < self._meant.count < len(sure):
            notes.append(tie_note(len(sure)))
        if scopes := [f"{self._schema.label(thing)} only for {scopes}" for thing, scopes in self._scoped()]:
            notes.append(Note("I725", "; ".join(scopes)))
        if turning := self._turning_on_units():
            notes.append(Note("W602", f"{names(turning)}: {_UNITS}"))
        return [*notes, *self._left_out()]

    def _left_out(self) -> Iterable[Note]:
        names, measure = self._names, self._schema.label(self._property)
        members = [thing for thing, truth in self.truths.items() if truth in (YES, DISPUTED)]
        without = [thing for thing in members if thing not in self._stated]
        if without:
            labels = [self._schema.label(thing) for thing in self._schema.in_order(without)]
            yield left_out_note(labels, f"without a known {measure}")
        if unknown := self.unknown:
            rivals = [thing for thing in unknown if thing in self._stated and self._would_place(thing)]
            more = f"; by their values, these could be among them: {names(rivals)}" if rivals else ""
            yield Note("I703", f"{len(unknown)} of which it is unknown whether they belong here are left out{more}")

    @property
    def unknown(self) -> list[int]:
        """The things of which it is unknown whether they are of the noun; none if nothing could deny it."""
        condition = self._meant.noun.condition
        if condition is None or not deniable(condition):
            return []
        return [thing for thing, truth in self.truths.items() if truth == UNKNOWN]

    def _would_place(self, thing: int, there: Span | None = None) -> bool:
        # Only those that certainly take part can keep it out.
        sure = [span_ for other, span_ in self._spans.items() if other != thing and self.truths[other] == YES]
        return not self._meant.count or above(there or self._spans[thing], sure)[0] < self._meant.count

    def _scoped(self) -> Iterable[tuple[int, str]]:
        """Yield the things that have their place only by parts, while others would not have it, with the scopes."""
        for thing in self.places:
            earning: list[int] = []
            others: list[int] = []
            for part in self._stated[thing]:
                there = span([[value for _, value in part]], self._meant.highest)
                (earning if self._would_place(thing, there) else others).append(part[0][0][0])
            if earning and others and thing not in earning:
                yield thing, " or ".join(self._values.scope(part) for part in earning)

    def _turning_on_units(self) -> list[int]:
        """Return the things whose place changes when decimal units, as sources write them, are read as binary ones."""
        read = self._placed(self._values.read_as_binary)
        return [thing for thing in {**self.places, **read} if self.places.get(thing) != read.get(thing)]

"""What happened to a thing, in order of time.

A line's history is that of its versions; a feature or mode appears where
versions brought it or gave it up, or a variant of it; statements tell from when until when they hold.

Knows: dates, versions, and statements with a span of time.
Must not know: questions, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from virtkg.answer import Field, Note, Row, Value, Verdict
from virtkg.dates import first_day
from virtkg.evidence import Evidence
from virtkg.language.schema import Schema
from virtkg.namespaces import RDF, SRC, VKG
from virtkg.record import record, replace
from virtkg.snapshot.facts import Facts
from virtkg.snapshot.reader import TripleKey
from virtkg.values import Values

_EVENT: Final = "event"
_FROM: Final = {VKG + "validFrom": "from", VKG + "validUntil": "until"}


@record
class Event:
    """Something that happened: when (an ISO date, "" if no source says), to what, the fact that tells it, in words.

    `sources` are graphs: those that date it and those that state it.
    """

    date: str
    thing: int
    said: str
    fact: TripleKey
    sources: tuple[int, ...]


class Historian:
    """Finds the events of the things of a snapshot."""

    def __init__(self, snapshot: Facts, schema: Schema, evidence: Evidence, values: Values) -> None:
        self._snapshot = snapshot
        self._schema = schema
        self._evidence = evidence
        self._values = values
        self._default = schema.having(VKG + "defaultDate")

    def rows(self, thing: int) -> tuple[tuple[Row, ...], tuple[Note, ...]]:
        """Return one row for each event, the earliest first; undated ones are counted in a note."""
        events = sorted(
            self._joined(self._events(thing)), key=lambda event: (first_day(event.date), event.date, event.said)
        )
        dated = tuple(self._row(event) for event in events if event.date)
        undated = sorted({event.said for event in events if not event.date})
        notes = (Note("I720", f"{len(undated)} more without a date: {'; '.join(undated)}"),) if undated else ()
        return dated, notes

    def _joined(self, events: Iterable[Event]) -> Iterator[Event]:
        """Yield each event once, with the sources of all who tell it, the most trusted first."""
        found: dict[Event, set[int]] = {}
        for event in events:
            found.setdefault(replace(event, sources=()), set()).update(event.sources)
        for event, sources in found.items():
            yield replace(event, sources=tuple(self._evidence.in_order(sources)))

    def _events(self, thing: int) -> Iterator[Event]:
        versions = self._schema.versions(thing)
        for about in (thing, *versions):
            yield from self._dates(about)
            yield from self._spans(about)
            if about != thing:
                yield from self._brought(about, self._snapshot.about(about))
        for form in (thing, *self._schema.special_forms(thing)):
            yield from self._brought_by_others(form)
        if thing not in versions and self._date(thing)[0]:
            yield from self._brought(thing, self._snapshot.about(thing))

    def _subjects(self, property_: int, thing: int) -> list[int]:
        return list(dict.fromkeys(subject for subject, _ in self._snapshot.subjects(property_, thing)))

    def _dates(self, thing: int) -> Iterator[Event]:
        """Yield what the date properties of a thing say; a general one only where no form of it says the same."""
        for property_, object_, _ in dict.fromkeys(self._snapshot.about(thing)):
            fact = thing, property_, object_
            if self._schema.is_date(property_) and not self._evidence.is_inferred(fact):
                said = f"{self._schema.label(thing)}: {self._schema.label(property_)}"
                yield Event(self._text(object_), thing, said, fact, self._sources(fact))

    def _brought(self, version: int, facts: Iterable[TripleKey]) -> Iterator[Event]:
        """Yield what a version brought or gave up, at its own date."""
        date, dating = self._date(version)
        for property_, object_, _ in dict.fromkeys(facts):
            fact = version, property_, object_
            if self._schema.marks(property_, VKG + "eventOfVersion") and not self._evidence.is_inferred(fact):
                object_text = self._values.value(*fact).text
                said = f"{self._schema.label(version)} {self._schema.label(property_)} {object_text}"
                yield Event(date, version, said, fact, (*dating, *self._sources(fact)))

    def _brought_by_others(self, thing: int) -> Iterator[Event]:
        for property_ in self._schema.having(VKG + "eventOfVersion"):
            for version in self._subjects(property_, thing):
                yield from self._brought(version, [(property_, thing, 0)])

    def _spans(self, thing: int) -> Iterator[Event]:
        """Yield the statements about a thing, or with it as object, whose nodes bound the time of which they hold."""
        numbers = [self._snapshot.iri_number(RDF + name) for name in ("subject", "predicate", "object")]
        if None in numbers:
            return
        subject, predicate, object_ = (number or 0 for number in numbers)
        for role in (subject, object_):
            for node, graph in self._snapshot.subjects(role, thing):
                parts = [next(iter(self._snapshot.objects(node, part)), None) for part in (subject, predicate, object_)]
                if None not in parts:
                    fact = parts[0][0], parts[1][0], parts[2][0]  # type: ignore[index]
                    yield from self._bounds(node, graph, fact)

    def _bounds(self, node: int, graph: int, fact: TripleKey) -> Iterator[Event]:
        for annotation, word in _FROM.items():
            number = self._snapshot.iri_number(annotation)
            for date, _ in self._snapshot.objects(node, number) if number is not None else ():
                object_text = self._values.value(*fact).text
                sentence = f"{self._schema.label(fact[0])} {self._schema.label(fact[1])} {object_text}"
                said = sentence if word == "from" else f"{sentence}, {word} then"
                yield Event(self._text(date), fact[0], said, fact, (graph,))

    def _date(self, thing: int) -> tuple[str, tuple[int, ...]]:
        """Return the earliest date of a thing and who states it."""
        found = [
            (first_day(self._text(object_)), self._text(object_), (thing, property_, object_))
            for property_ in self._default
            for object_, _ in self._snapshot.objects(thing, property_)
        ]
        if not found:
            return "", ()
        _, text, fact = min(found)
        return text, self._sources(fact)

    def _sources(self, fact: TripleKey) -> tuple[int, ...]:
        return tuple(self._evidence.sources(fact))

    def _text(self, term: int) -> str:
        return self._snapshot.term(term).value

    def _row(self, event: Event) -> Row:
        slugs = tuple(dict.fromkeys(self._evidence.slug(graph) for graph in event.sources))
        cited = tuple(slug for slug in slugs if self._snapshot.iri_number(SRC + slug) is not None)
        disputed = self._evidence.is_disputed(event.fact)
        verdict = Verdict.DISPUTED if disputed else Verdict.YES
        what = Value(event.said, event.said, "", verdict, False, ())
        return Row(event.date, self._snapshot.iri(event.thing), verdict, False, cited, (Field(_EVENT, (what,)),))

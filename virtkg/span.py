"""A span of a thing → when it ends by each kind of end, and how long it is.

Knows: that a span has a beginning and ends of several kinds. Must not know: words, or how an answer is shown.
"""

from __future__ import annotations

from pyoxigraph import NamedNode

from virtkg.answer import Answer, Field, Note, Row, Value, Verdict
from virtkg.dates import first_day, length
from virtkg.language.algebra import write
from virtkg.language.resolved import ResolvedSpan, ResolvedSpans, ResolvedValue
from virtkg.language.schema import Schema
from virtkg.language.translate_value import translate_value
from virtkg.listing import not_known_note
from virtkg.record import replace
from virtkg.snapshot.facts import Facts
from virtkg.values import Values


class Spans:
    """Finds the ends of spans in a snapshot."""

    def __init__(self, snapshot: Facts, schema: Schema, values: Values) -> None:
        self._snapshot = snapshot
        self._number = snapshot.known
        self._schema = schema
        self._values = values

    def answer(self, text: str, meant: ResolvedSpan, reading: str) -> Answer:
        """Return the ends of a span, named by their kinds; with their distance if it is asked for.

        Of a thing without an end, those of its versions; of a version without
        one, those of its series.
        """
        thing, property_ = self._number(meant.subject), self._number(meant.property)
        notes = [Note("I705", said) for said in self._values.remarks(thing, property_)]
        notes += [Note("I707", said) for said in self._values.of_releases(thing, property_)]
        rows = self._rows([thing], meant)
        if not rows:
            rows, told = self._near(thing, meant)
            notes.insert(0, told)
        elif meant.length and self._begins(thing, meant) is None:
            notes.append(Note("I706", f"no source in the graph states {self._name(self._number(meant.begins), thing)}"))
        query = write(translate_value(ResolvedValue(meant.property, meant.subject)))
        verdict = None if rows else Verdict.UNKNOWN
        return Answer(text, reading, "value", verdict, rows, 0, tuple(notes), query)

    def of_all(self, whole: Answer, meant: ResolvedSpans, reading: str) -> Answer:
        """Return the ends of the spans of the things of a list."""
        rows: list[Row] = []
        without: list[str] = []
        for row in whole.rows:
            found = self.with_ends(row, meant.of(NamedNode(row.iri)))
            if found is None:
                without.append(row.label)
            else:
                rows.append(found)
        notes = [not_known_note(self._schema.label(self._number(meant.property)), without)] if without else []
        return replace(whole, reading=reading, rows=tuple(rows), notes=(*whole.notes, *notes))

    def with_ends(self, row: Row, meant: ResolvedSpan) -> Row | None:
        """Return a row with the ends of the span of its thing and who states them, None if there are none."""
        fields = self.fields(self._number(meant.subject), meant)
        if not fields:
            return None
        sources = (slug for field in fields for value in field.values for slug in value.sources)
        return replace(
            row,
            sources=tuple(dict.fromkeys((*row.sources, *sources))),
            fields=tuple(dict.fromkeys((*row.fields, *fields))),
        )

    def _near(self, thing: int, meant: ResolvedSpan) -> tuple[tuple[Row, ...], Note]:
        name, said = self._schema.label(thing), self._name(self._number(meant.property), thing)
        versions = self._schema.in_order(self._schema.versions(thing))
        if rows := self._rows(versions, meant):
            return rows, Note("I730", f"{name} names no version; {len(rows)} of its {len(versions)} have an end")
        rows = self._rows(self._values.series(thing), meant)
        ends = Note("I732", f"no source in the graph states {said} itself; the ends are those of its series")
        return rows, ends if rows else Note("I706", f"no source in the graph states {said}")

    def _rows(self, things: list[int], meant: ResolvedSpan) -> tuple[Row, ...]:
        found = [(thing, self.fields(thing, meant)) for thing in things]
        return tuple(self._values.row(thing, fields) for thing, fields in found if fields)

    def fields(self, thing: int, meant: ResolvedSpan) -> tuple[Field, ...]:
        """Return the ends of the span of a thing by their kinds; with its beginning and lengths if those are asked."""
        ends, begins = self._ends(thing, self._number(meant.property), meant), self._begins(thing, meant)
        if not meant.length or begins is None:
            return tuple(ends)
        return (begins, *(field for end in ends for field in (end, _lengths(begins, end)))) if ends else ()

    def _begins(self, thing: int, meant: ResolvedSpan) -> Field | None:
        return self._values.field(thing, self._number(meant.begins))

    def _ends(self, thing: int, property_: int, meant: ResolvedSpan) -> list[Field]:
        """Return the ends by kind; those of no kind, which a source gives without saying which, first."""
        kinds = [field for kind in meant.kinds if (field := self._values.field(thing, self._number(kind))) is not None]
        kinds.sort(key=lambda field: min(first_day(value.value) for value in field.values))
        named = {value.value for field in kinds for value in field.values}
        every = self._values.field(thing, property_)
        rest = () if every is None else tuple(v for v in every.values if v.value not in named or not v.inferred)
        return [Field(every.label, rest), *kinds] if every is not None and rest else kinds

    def _name(self, property_: int, thing: int) -> str:
        return f"{self._schema.label(property_)} of {self._schema.label(thing)}"


def _lengths(begins: Field, end: Field) -> Field:
    """Return how far each end lies from each beginning, once for each distance."""
    found: dict[str, Value] = {}
    for first in begins.values:
        for last in end.values:
            said = length(first.value, last.value)
            disputed = Verdict.DISPUTED in (first.verdict, last.verdict)
            sources = tuple(dict.fromkeys((*first.sources, *last.sources)))
            verdict = Verdict.DISPUTED if disputed else Verdict.YES
            found.setdefault(said, Value(said, said, "", verdict, True, sources))
    return Field(f"{begins.label} to {end.label}", tuple(found.values()))

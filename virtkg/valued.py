"""Questions for a value, or for how something is done → Answer.

Knows: what a value question is answered by. Must not know: other questions, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import NamedNode

from virtkg.answer import Answer, Field, Note, Row, Verdict
from virtkg.language.algebra import Select, write
from virtkg.language.canonical import Speaker
from virtkg.language.resolved import ResolvedHow, ResolvedTable, ResolvedValue
from virtkg.language.schema import Schema
from virtkg.language.translate_value import translate_how, translate_value
from virtkg.listing import not_known_note
from virtkg.record import replace
from virtkg.snapshot.facts import Facts
from virtkg.snapshot.terms import GroundTerm
from virtkg.values import Values


class Valued:
    """Answers questions for values; `run` gives the rows of a query."""

    def __init__(
        self,
        snapshot: Facts,
        schema: Schema,
        values: Values,
        speaker: Speaker,
        run: Callable[[Select], list[tuple[GroundTerm, ...]]],
    ) -> None:
        self._snapshot = snapshot
        self._number = snapshot.known
        self._schema = schema
        self._values = values
        self._speaker = speaker
        self._run = run

    def how(self, text: str, meant: ResolvedHow) -> Answer:
        """Say what the cells say that a question is about."""
        query = translate_how(meant)
        rows = []
        for (found,) in self._run(query):
            cell = self._number(found)
            fields = [self._values.field(cell, self._number(value)) for value in meant.values]
            rows.append(self._row(cell, tuple(field for field in fields if field is not None)))
        return Answer(text, self._speaker.say(meant), "value", _known(rows), tuple(rows), 0, (), write(query))

    def value(self, text: str, meant: ResolvedValue) -> Answer:
        """Say what values a property of a thing has."""
        query = translate_value(meant)
        thing, property_ = self._number(meant.subject), self._number(meant.property)
        scope = None if meant.scope is None else self._number(meant.scope)
        field = self._values.field(thing, property_, scope)
        reading = self._speaker.say(meant)
        rows = [self._row(thing, (field,))] if field is not None else []
        notes = [Note("I705", remark) for remark in self._values.remarks(thing, property_)]
        notes += [Note("I707", said) for said in self._values.of_releases(thing, property_)]
        if not rows:
            rows, told = self._of_versions(thing, property_, scope, reading)
            notes.insert(0, told)
        return Answer(text, reading, "value", _known(rows), tuple(rows), 0, tuple(notes), write(query))

    def table(self, meant: ResolvedTable, whole: Answer) -> Answer:
        """Return a list with the values of some properties of each row, and notes on those without one."""
        rows: list[Row] = []
        without: dict[int, list[str]] = {}
        scope = None if meant.scope is None else self._number(meant.scope)
        for row in whole.rows:
            fields = list(row.fields)
            for property_ in map(self._number, meant.properties):
                field = self._values.field(self._number(NamedNode(row.iri)), property_, scope)
                if field is None:
                    without.setdefault(property_, []).append(row.label)
                elif field not in fields:
                    fields.append(field)
            rows.append(replace(row, fields=tuple(fields)))
        lacking = [not_known_note(self._schema.label(property_), names) for property_, names in without.items()]
        return replace(whole, rows=tuple(rows), notes=(*lacking, *whole.notes), reading=self._speaker.say(meant))

    def one(self, thing: int) -> Row:
        """Return a thing as a row without values."""
        return self._row(thing, ())

    def _of_versions(self, line: int, property_: int, scope: int | None, reading: str) -> tuple[list[Row], Note]:
        versions = self._schema.in_order(self._schema.versions(line))
        fields = [(version, self._values.field(version, property_, scope)) for version in versions]
        rows = [self._row(version, (field,)) for version, field in fields if field is not None]
        if not rows:
            return [], Note("I706", f"no source in the graph states {reading}")
        said = f"{self._schema.label(line)} names no version; {len(rows)} of its {len(versions)} have a value"
        return rows, Note("I730", said)

    def _row(self, thing: int, fields: tuple[Field, ...]) -> Row:
        every = [value for field in fields for value in field.values]
        return self._values.row(thing, fields, inferred=bool(every) and all(value.inferred for value in every))


def _known(rows: list[Row]) -> Verdict | None:
    return None if rows else Verdict.UNKNOWN

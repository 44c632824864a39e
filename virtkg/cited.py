"""A thing and the truth of a condition on it → the row, with the facts and values that decide, and who states them.

Knows: which grounds are a reason for a truth. Must not know: how a truth is found, or how a row is shown.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from virtkg.answer import Answer, Field, Note, Row, Value, Verdict
from virtkg.evidence import Evidence
from virtkg.grounds import Finder, Grounds
from virtkg.language.conditions import Condition, dates, measured
from virtkg.language.schema import TYPE, Schema
from virtkg.language.translate import DISPUTED, NO, YES
from virtkg.language.words import phrase
from virtkg.levels import Levels
from virtkg.listing import VERDICTS
from virtkg.record import replace
from virtkg.snapshot.facts import Facts
from virtkg.snapshot.reader import TripleKey
from virtkg.values import Values

_FEW: Final = 3
"""Of so many rows of a list it is said what sources add to them."""


class Citing:
    """Makes rows that cite."""

    def __init__(
        self, facts: Facts, schema: Schema, *, evidence: Evidence, values: Values, finder: Finder, levels: Levels
    ) -> None:
        self._facts = facts
        self._schema = schema
        self._evidence = evidence
        self._values = values
        self._finder = finder
        self._levels = levels

    def row(self, thing: int, truth: int, condition: Condition | None, class_: NamedNode | None = None) -> Row:
        """Return the row of a thing; without a condition it cites that the thing is of the class."""
        type_ = self._facts.iri_number(TYPE)
        facts: tuple[TripleKey, ...] = ()
        fields = list(self._values.sides(thing))
        if condition is None and class_ is not None and type_ is not None:
            facts = ((thing, type_, self._facts.known(class_)),)
        elif condition is not None:
            grounds = self._finder.grounds(condition, thing)
            facts = {YES: grounds.pro, NO: grounds.contra}.get(truth, grounds.pro + grounds.contra)
            for property_, scope in (*measured(condition), *((date, None) for date in dates(condition))):
                number = self._facts.number(property_)
                within = None if scope is None else self._facts.known(scope)
                field = None if number is None else self._values.field(thing, number, within)
                if field is not None and field not in fields:
                    fields.append(field)
            fields += self._levels.fields(condition, thing)
            # Where a measure or a date decides, its values tell who says what.
            if (
                truth == DISPUTED
                and grounds.pro
                and grounds.contra
                and not measured(condition)
                and not dates(condition)
            ):
                fields.append(self._who(grounds))
        return Row(
            self._schema.label(thing),
            self._facts.iri(thing),
            VERDICTS[truth],
            any(self._evidence.is_inferred(fact) for fact in facts),
            self._evidence.cited(facts),
            tuple(fields),
        )

    def _who(self, grounds: Grounds) -> Field:
        """Return who says that a condition holds, and who denies it."""
        sides = ((Verdict.YES, grounds.pro), (Verdict.NO, grounds.contra))
        values = [
            Value(
                str(verdict),
                str(verdict),
                "",
                verdict,
                all(map(self._evidence.is_inferred, facts)),
                self._evidence.cited(facts),
            )
            for verdict, facts in sides
        ]
        return Field("sides", tuple(values))

    def remarks_on(self, thing: int, condition: Condition) -> list[Note]:
        """Return what sources add to what is known of a condition on a thing."""
        return self.remarks(self._finder.grounds(condition, thing))

    def of_few(self, rows: list[Row], condition: Condition | None) -> tuple[Note, ...]:
        """Return what sources add to the rows of a list, if those are few."""
        if condition is None or len(rows) > _FEW:
            return ()
        notes: list[Note] = []
        for row in rows:
            grounds = self._finder.grounds(condition, self._facts.known(NamedNode(row.iri)))
            about = f"{row.label}, " if len(rows) > 1 else ""
            shown = " ".join(value.text for field in row.fields for value in field.values)
            remarks = self.remarks(grounds, placed=False)
            # A span that stands beside a value is not told again.
            notes += [
                Note(note.code, about + note.message)
                for note in remarks
                if note.message.partition(": ")[2] not in shown
            ]
        return tuple(dict.fromkeys(notes))

    def remarks(self, grounds: Grounds, *, placed: bool = True) -> list[Note]:
        """Return what sources add to the grounds of a verdict, once each; `placed` with where in the source it is."""
        notes: dict[str, Note] = {}
        for fact in (*grounds.pro, *grounds.contra):
            for remark in self._evidence.remarks(fact):
                locator = remark.locator if placed else ""
                parts = self._written(fact, remark.as_written), remark.bounds, locator, remark.note
                said = "; ".join(filter(None, parts))
                if said:
                    notes.setdefault(said, Note("I705", f"{remark.source}: {said}"))
        return list(notes.values())

    def _written(self, fact: TripleKey, text: str) -> str:
        """Say how a source writes a version that it names otherwise than the graph does: with its patch level."""
        version = fact[2]
        if not text or not self._schema.lines(version):
            return ""
        names = {phrase(name) for name in (self._schema.label(version), *self._schema.alternative_labels(version))}
        return "" if phrase(text) in names else f"written “{text}”"

    def complete(self, answer: Answer) -> Answer:
        """Add the titles of the sources that an answer cites."""
        values = [value for row in answer.rows for field in row.fields for value in field.values]
        slugs = {slug for row in answer.rows for slug in row.sources} | {slug for v in values for slug in v.sources}
        titles = tuple((slug, self._values.title(slug)) for slug in sorted(slugs))
        return replace(answer, titles=titles)

"""A thing and the truth of a condition on it → the row, with the facts and values that decide, and who states them.

Knows: which grounds are a reason for a truth. Must not know: how a truth is found, or how a row is shown.
"""

from __future__ import annotations

from pyoxigraph import NamedNode

from virtkg.answer import Answer, Field, Note, Row, Value, Verdict
from virtkg.evidence import Evidence
from virtkg.grounds import Finder, Grounds
from virtkg.language.conditions import Condition, dates, measured
from virtkg.language.schema import TYPE, Schema
from virtkg.language.translate import DISPUTED, NO, YES
from virtkg.levels import Levels
from virtkg.listing import VERDICTS
from virtkg.record import replace
from virtkg.snapshot.facts import Facts
from virtkg.snapshot.reader import TripleKey
from virtkg.values import Values


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

    def remarks(self, grounds: Grounds) -> list[Note]:
        """Return what sources add to the grounds of a verdict, once each."""
        notes: dict[str, Note] = {}
        for fact in (*grounds.pro, *grounds.contra):
            for remark in self._evidence.remarks(fact):
                if remark.said:
                    notes.setdefault(remark.said, Note("I705", f"{remark.source}: {remark.said}"))
        return list(notes.values())

    def complete(self, answer: Answer) -> Answer:
        """Add the titles of the sources that an answer cites."""
        values = [value for row in answer.rows for field in row.fields for value in field.values]
        slugs = {slug for row in answer.rows for slug in row.sources} | {slug for v in values for slug in v.sources}
        titles = tuple((slug, self._values.title(slug)) for slug in sorted(slugs))
        return replace(answer, titles=titles)

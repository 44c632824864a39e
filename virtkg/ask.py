"""A question in words → Answer.

Knows: the order of the stages parse, resolve, translate, run, and what of the
facts belongs into an answer. Must not know: how an answer is shown.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from virtkg.answer import Answer, Field, Note, Row, Side, Verdict
from virtkg.columns import run
from virtkg.evidence import Evidence
from virtkg.grounds import Finder, Grounds, wanted
from virtkg.inputs import Inputs
from virtkg.language.algebra import write
from virtkg.language.canonical import Speaker
from virtkg.language.parse import STATEMENT
from virtkg.language.resolved import (
    Condition,
    Junction,
    ResolvedAsk,
    ResolvedCompare,
    ResolvedDescribe,
    ResolvedExtreme,
    ResolvedHistory,
    ResolvedHow,
    ResolvedList,
    ResolvedQuestion,
    ResolvedValue,
    comparisons,
    dates,
    deniable,
)
from virtkg.language.schema import TYPE, Schema
from virtkg.language.translate import DISPUTED, NO, UNKNOWN, YES, translate, translate_how, translate_value
from virtkg.language.understand import Reader
from virtkg.listing import VERDICTS, natural, unknown_note
from virtkg.snapshot.reader import Snapshot, TripleKey
from virtkg.values import Values

if TYPE_CHECKING:
    from virtkg.whynot import Lacking


class Asker:
    """Answers questions over a snapshot."""

    def __init__(self, snapshot: Snapshot, inputs: Inputs, today: str = "") -> None:
        """Take a snapshot, what it was made of, and the day that counts as today (ISO; by default the clock's)."""
        self._snapshot = snapshot
        self._inputs = inputs
        self.schema = Schema(snapshot)
        self.evidence = Evidence(snapshot, self.schema)
        self.speaker = Speaker(self.schema)
        self.reader = Reader(snapshot, self.schema, self.speaker, self._gives_rows, today or time.strftime("%Y-%m-%d"))
        self.values = Values(snapshot, self.schema, self.evidence)
        self._finder = Finder(snapshot, self.schema, self.evidence)

    def ask(self, text: str, *, reading: int | None = None, certain: bool = False, proofs: bool = False) -> Answer:
        """Answer a question.

        `reading` (from 1) chooses among several meanings; `certain` leaves out
        what is disputed; `proofs` adds a proof for each row.
        Raises QuestionError, or AmbiguousQuestion when the meanings differ.
        """
        meant = self.reader.understand(text, reading=reading)
        return self.answer(text, meant, certain=certain, proofs=proofs)

    def why(self, text: str, *, reading: int | None = None) -> Answer:
        """Prove a statement, or the contrary, or both when they are disputed; if it is not so, say what is lacking."""
        meant = self.reader.understand(text, start=STATEMENT, reading=reading)
        assert isinstance(meant, ResolvedAsk)
        answer = self._asked(text, meant, proofs=True)
        notes = answer.notes
        if answer.verdict is Verdict.UNKNOWN:
            notes = (*notes, Note("I702", f"no fact says that {self.speaker.states(meant)}, and none denies it"))
        return Answer(
            text, self.speaker.states(meant), "explanation", answer.verdict, answer.rows, answer.unknown, notes,
            answer.sparql, answer.titles, answer.sides, (), self._lacking(answer.verdict, tuple(wanted(meant))),
        )  # fmt: skip

    def why_fact(self, text: str, fact: Triple) -> Answer:
        """Prove a fact, or what denies it, or both when they are disputed; if it is not so, say what is lacking."""
        grounds = self._finder.of_fact(fact)
        if grounds.pro:
            verdict = Verdict.DISPUTED if self.evidence.is_disputed(grounds.pro[0]) else Verdict.YES
        else:
            verdict = Verdict.NO if grounds.contra else Verdict.UNKNOWN
        reading = self.speaker.fact(fact)
        notes = tuple(self._remarks(grounds))
        if verdict is Verdict.UNKNOWN:
            notes = (*notes, Note("I702", f"no fact says that {reading}, and none denies it"))
        return Answer(
            text, reading, "explanation", verdict, (), 0, notes, "", (), self._sides(grounds), (),
            self._lacking(verdict, (fact,)),
        )  # fmt: skip

    def _lacking(self, verdict: Verdict | None, facts: tuple[Triple, ...]) -> tuple[Lacking, ...]:
        if verdict not in (Verdict.NO, Verdict.UNKNOWN):
            return ()
        from virtkg.whynot import WhyNot

        why_not = WhyNot(self._snapshot, self.schema, self.evidence, self.speaker, self._finder)
        return why_not.lacking(facts, self._inputs)

    def _gives_rows(self, meant: ResolvedQuestion) -> bool:
        return bool(self.answer("", meant).rows)

    def answer(self, text: str, meant: ResolvedQuestion, *, certain: bool = False, proofs: bool = False) -> Answer:
        """Answer a question that is understood."""
        match meant:
            case ResolvedList():
                return self._listed(text, meant, certain, proofs)
            case ResolvedAsk():
                return self._asked(text, meant, proofs)
            case ResolvedHow():
                return self._how(text, meant)
            case ResolvedValue():
                return self._value(text, meant)
            case ResolvedExtreme():
                return self._extreme(text, meant)
            case ResolvedHistory(subject):
                return self.history(subject, text)
            case ResolvedDescribe(subject):
                return self.describe(subject, text)
            case ResolvedCompare(subjects):
                return self.compare(subjects, text)

    def describe(self, subject: NamedNode, text: str = "") -> Answer:
        """Say all that is known of one thing."""
        from virtkg.profile import Profiler

        row, notes = Profiler(self._snapshot, self.schema, self.evidence, self.values).describe(self._number(subject))
        reading = self.speaker.say(ResolvedDescribe(subject))
        return self._complete(Answer(text or reading, reading, "description", None, (row,), 0, notes, ""))

    def compare(self, subjects: tuple[NamedNode, ...], text: str = "") -> Answer:
        """Put things side by side, what differs first."""
        from virtkg.profile import Profiler

        profiler = Profiler(self._snapshot, self.schema, self.evidence, self.values)
        rows, notes = profiler.compare([self._number(subject) for subject in subjects])
        reading = self.speaker.say(ResolvedCompare(subjects))
        return self._complete(Answer(text or reading, reading, "comparison", None, rows, 0, notes, ""))

    def history(self, subject: NamedNode, text: str = "") -> Answer:
        """Tell what happened to a thing, in order of time."""
        from virtkg.history import Historian

        rows, notes = Historian(self._snapshot, self.schema, self.evidence, self.values).rows(self._number(subject))
        reading = self.speaker.say(ResolvedHistory(subject))
        notes = (
            notes
            if rows
            else (
                *notes,
                Note("I706", f"no source in the graph dates anything of {self.schema.label(self._number(subject))}"),
            )
        )
        return self._complete(Answer(text or reading, reading, "history", None, rows, 0, notes, ""))

    # lists and yes-or-no

    def _listed(self, text: str, meant: ResolvedList, certain: bool, proofs: bool) -> Answer:
        query = translate(meant)
        truths = {self._number(row[0]): int(_lexical(row[-1])) for row in run(query, self._snapshot)}
        wanted = [YES] if certain else [YES, DISPUTED, *([UNKNOWN] if meant.or_unknown else [])]
        rows = [
            self._row(thing, truth, meant.noun.condition, meant.noun.class_)
            for truth in wanted
            for thing in self._in_order(thing for thing, found in truths.items() if found == truth)
        ]
        # Of a relation that nothing could deny, "unknown" would only list all other things.
        open_ = meant.noun.condition is not None and deniable(meant.noun.condition)
        unknown = self._in_order(thing for thing, truth in truths.items() if truth == UNKNOWN) if open_ else []
        sides = self._sides_of_rows(rows, meant.noun.condition) if proofs else ()
        answer = Answer(
            text,
            self.speaker.say(meant),
            "list",
            None,
            tuple(rows),
            len(unknown),
            tuple(self._list_notes(meant, rows, unknown, truths, certain)),
            write(query),
            sides=sides,
        )
        return self._complete(answer)

    def _extreme(self, text: str, meant: ResolvedExtreme) -> Answer:
        from virtkg.extreme import at_the_end

        whole = self._listed(text, ResolvedList(meant.noun, or_unknown=False), certain=False, proofs=False)
        dates = {
            row.iri: self.values.field(self._number(NamedNode(row.iri)), self._number(meant.property))
            for row in whole.rows
        }
        return self._complete(replace(at_the_end(whole, dates, meant), reading=self.speaker.say(meant)))

    def _list_notes(
        self, meant: ResolvedList, rows: list[Row], unknown: list[int], truths: dict[int, int], certain: bool
    ) -> list[Note]:
        notes = []
        if unknown and not meant.or_unknown:
            notes.append(unknown_note([self.schema.label(thing) for thing in unknown]))
        left_out = sum(truth == DISPUTED for truth in truths.values()) if certain else 0
        if left_out:
            notes.append(Note("I704", f"{left_out} disputed left out by --certain"))
        own = sum(not row.sources for row in rows) if meant.noun.condition is None else 0
        if own:
            notes.append(Note("I722", f"{own} by virtkg's own classification, for which no source is cited"))
        if meant.noun.condition is not None:
            notes += self._unit_doubts(meant.noun.condition, truths)
        if not rows:
            notes.append(Note("I701", self._why_empty(meant)))
        return notes

    def _unit_doubts(self, condition: Condition, truths: dict[int, int]) -> list[Note]:
        """Say of which things a comparison turns on whether TB means 10^12 or 2^40 bytes."""
        notes = []
        for compared in comparisons(condition):
            if compared.unit is not None:
                property_ = self._number(compared.property)
                doubtful = [thing for thing in truths if self.values.turns_on_unit(thing, property_, compared)]
                if doubtful:
                    names = ", ".join(self.schema.label(thing) for thing in self._in_order(doubtful))
                    said = f"{names}: the source writes a decimal unit; read as a binary one, the comparison changes"
                    notes.append(Note("W602", said))
        return notes

    def _why_empty(self, meant: ResolvedList) -> str:
        """Say which single condition, if dropped, would give rows."""
        condition = meant.noun.condition
        if isinstance(condition, Junction) and condition.joint == "and":
            for part in condition.parts:
                others = tuple(other for other in condition.parts if other != part)
                rest = others[0] if len(others) == 1 else Junction("and", others)
                fewer = ResolvedList(type(meant.noun)(meant.noun.class_, rest), meant.or_unknown)
                found = run(translate(fewer), self._snapshot)
                count = sum(int(_lexical(row[-1])) in (YES, DISPUTED) for row in found)
                if count:
                    return f"nothing satisfies all conditions; “{self.speaker.say(fewer)}” gives {count}"
        return "nothing is known to satisfy this"

    def _asked(self, text: str, meant: ResolvedAsk, proofs: bool) -> Answer:
        query = translate(meant)
        rows = run(query, self._snapshot)
        verdict = VERDICTS[int(_lexical(rows[0][-1]))]
        thing = self._number(meant.subject)
        grounds = self._finder.grounds(meant.condition, thing)
        truth = next(number for number, found in VERDICTS.items() if found is verdict)
        row = self._row(thing, truth, meant.condition)
        sides = self._sides(grounds) if proofs else ()
        notes = tuple(self._remarks(grounds))
        reading = self.speaker.say(meant)
        return self._complete(Answer(text, reading, "verdict", verdict, (row,), 0, notes, write(query), sides=sides))

    def _remarks(self, grounds: Grounds) -> list[Note]:
        notes: dict[str, Note] = {}
        for fact in (*grounds.pro, *grounds.contra):
            for remark in self.evidence.remarks(fact):
                if remark.said:
                    notes.setdefault(remark.said, Note("I705", f"{remark.source}: {remark.said}"))
        return list(notes.values())

    def _row(self, thing: int, truth: int, condition: Condition | None, class_: NamedNode | None = None) -> Row:
        type_ = self._snapshot.iri_number(TYPE)
        facts: tuple[TripleKey, ...] = ()
        fields = list(self.values.sides(thing))
        if condition is None and class_ is not None and type_ is not None:
            facts = ((thing, type_, self._number(class_)),)
        elif condition is not None:
            grounds = self._finder.grounds(condition, thing)
            facts = {YES: grounds.pro, NO: grounds.contra}.get(truth, grounds.pro + grounds.contra)
            for compared in comparisons(condition):
                field = self.values.field(thing, self._number(compared.property))
                if field is not None and field not in fields:
                    fields.append(field)
            for date in dates(condition):
                number = self._snapshot.number(date)
                field = None if number is None else self.values.field(thing, number)
                if field is not None and field not in fields:
                    fields.append(field)
        return Row(
            self.schema.label(thing),
            self._snapshot.iri(thing),
            VERDICTS[truth],
            any(self.evidence.is_inferred(fact) for fact in facts),
            self._cited(facts),
            tuple(fields),
        )

    def _sides(self, grounds: Grounds) -> tuple[Side, ...]:
        from virtkg.proof import Prover

        prover = Prover(self._snapshot, self.evidence, self.speaker)
        sides = []
        for supports, facts in ((True, grounds.pro), (False, grounds.contra)):
            for fact in facts:
                proof = prover.prove(fact)
                if proof is not None:
                    sides.append(Side(supports, proof))
        return tuple(sides)

    def _sides_of_rows(self, rows: list[Row], condition: Condition | None) -> tuple[Side, ...]:
        if condition is None:
            return ()
        things = [number for row in rows if (number := self._snapshot.iri_number(row.iri)) is not None]
        return tuple(side for thing in things for side in self._sides(self._finder.grounds(condition, thing)))

    # values

    def _how(self, text: str, meant: ResolvedHow) -> Answer:
        query = translate_how(meant)
        rows = []
        for (found,) in run(query, self._snapshot):
            cell = self._number(found)
            fields = [self.values.field(cell, self._number(value)) for value in meant.values]
            rows.append(self._value_row(cell, tuple(field for field in fields if field is not None)))
        return self._complete(
            Answer(text, self.speaker.say(meant), "value", _known(rows), tuple(rows), 0, (), write(query))
        )

    def _value(self, text: str, meant: ResolvedValue) -> Answer:
        query = translate_value(meant)
        thing, property_ = self._number(meant.subject), self._number(meant.property)
        field = self.values.field(thing, property_)
        rows = [self._value_row(thing, (field,))] if field is not None else []
        notes = [Note("I705", remark) for remark in self.values.remarks(thing, property_)]
        if not rows:
            notes.append(Note("I706", f"no source in the graph states {self.speaker.say(meant)}"))
        notes += [Note("I707", said) for said in self.values.of_releases(thing, property_)]
        return self._complete(
            Answer(text, self.speaker.say(meant), "value", _known(rows), tuple(rows), 0, tuple(notes), write(query))
        )

    def _value_row(self, thing: int, fields: tuple[Field, ...]) -> Row:
        every = [value for field in fields for value in field.values]
        disputed = any(value.verdict is Verdict.DISPUTED for value in every)
        return Row(
            self.schema.label(thing),
            self._snapshot.iri(thing),
            Verdict.DISPUTED if disputed else Verdict.YES,
            bool(every) and all(value.inferred for value in every),
            tuple(dict.fromkeys(source for value in every for source in value.sources)),
            fields,
        )

    # small parts

    def _complete(self, answer: Answer) -> Answer:
        """Add the titles of the sources that an answer cites."""
        values = [value for row in answer.rows for field in row.fields for value in field.values]
        slugs = {slug for row in answer.rows for slug in row.sources} | {slug for v in values for slug in v.sources}
        titles = tuple((slug, self.values.title(slug)) for slug in sorted(slugs))
        return Answer(
            answer.question, answer.reading, answer.kind, answer.verdict, answer.rows, answer.unknown, answer.notes,
            answer.sparql, titles, answer.sides,
        )  # fmt: skip

    def _cited(self, facts: tuple[TripleKey, ...]) -> tuple[str, ...]:
        graphs = {graph for fact in facts for graph in self.evidence.sources(fact)}
        return tuple(self.evidence.slug(graph) for graph in self.evidence.in_order(graphs))

    def _in_order(self, things: object) -> list[int]:
        assert hasattr(things, "__iter__")
        return sorted(things, key=lambda thing: natural(self.schema.label(thing)))

    def _number(self, term: object) -> int:
        assert isinstance(term, NamedNode | Literal)
        number = self._snapshot.number(term)
        assert number is not None, f"{term} is not in the graph"
        return number


def _lexical(term: object) -> str:
    assert isinstance(term, Literal)
    return term.value


def _known(rows: list[Row]) -> Verdict | None:
    return None if rows else Verdict.UNKNOWN

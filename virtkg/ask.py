"""A question in words → Answer.

Knows: the order of the stages parse, resolve, translate, run, and what of the
facts belongs into an answer. Must not know: how an answer is shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from virtkg.about import About
from virtkg.answer import Answer, Note, Verdict
from virtkg.arrival import Arrivals
from virtkg.cited import Citing
from virtkg.columns import run
from virtkg.doubts import Doubts
from virtkg.evidence import Evidence
from virtkg.grounds import Finder, Grounds, wanted
from virtkg.inputs import Inputs
from virtkg.language.algebra import Select, write
from virtkg.language.canonical import Speaker
from virtkg.language.conditions import Junction, ResolvedNoun, deniable
from virtkg.language.parse import STATEMENT
from virtkg.language.resolved import (
    Listing,
    ResolvedAccording,
    ResolvedAlternatives,
    ResolvedAsk,
    ResolvedCalls,
    ResolvedCompare,
    ResolvedCount,
    ResolvedDescribe,
    ResolvedDisputed,
    ResolvedExists,
    ResolvedExtreme,
    ResolvedHistory,
    ResolvedHow,
    ResolvedList,
    ResolvedLongest,
    ResolvedOnly,
    ResolvedOrder,
    ResolvedQuestion,
    ResolvedRanked,
    ResolvedSince,
    ResolvedSpan,
    ResolvedSpans,
    ResolvedSurplus,
    ResolvedTable,
    ResolvedUniversal,
    ResolvedValue,
)
from virtkg.language.schema import Schema
from virtkg.language.translate import DISPUTED, NO, UNKNOWN, YES, translate
from virtkg.language.translate_value import translate_thing
from virtkg.language.understand import Reader
from virtkg.levels import Levels
from virtkg.lineage import Lineage
from virtkg.list_notes import ListNotes
from virtkg.listing import VERDICTS
from virtkg.record import replace
from virtkg.several import in_turn
from virtkg.sides import Sides
from virtkg.snapshot.facts import Facts
from virtkg.snapshot.reader import Snapshot
from virtkg.snapshot.terms import GroundTerm
from virtkg.valued import Valued
from virtkg.values import Values
from virtkg.versions import Versions

if TYPE_CHECKING:
    from virtkg.made_of_list import MadeOfList

Rows: TypeAlias = "list[tuple[GroundTerm, ...]]"


class Asker:
    """Answers questions over a snapshot."""

    def __init__(
        self, snapshot: Snapshot, inputs: Inputs, believing: Callable[[str], Asker], today: str = "", source: str = ""
    ) -> None:
        """Take a snapshot, what it was made of, and the day that counts as today (ISO; by default the clock's).

        `believing` gives the asker over the graph of one source, named by its slug; of such a one, `source` is that.
        """
        self._believing = believing
        self._source = source
        self._inputs = inputs
        schema = Schema(snapshot)
        self.speaker = Speaker(schema)
        self.reader = Reader(snapshot, schema, self.speaker, self._gauged, today or time.strftime("%Y-%m-%d"))
        self._take(snapshot, lambda query: run(query, snapshot), schema)
        self._proofs = Sides(snapshot, schema, evidence=self.evidence, speaker=self.speaker, finder=self._finder)

    def over(self, facts: Facts, rows: Callable[[Select], Rows]) -> Asker:
        """Return what understands questions as this does, and answers them by other facts.

        `rows` gives the rows of a query over those facts.
        """
        other = copy(self)
        other._take(facts, rows, Schema(facts))
        return other

    def _take(self, facts: Facts, rows: Callable[[Select], Rows], schema: Schema) -> None:
        self._facts = facts
        self._run = rows
        self._number = facts.known
        self.schema = schema
        self.evidence = Evidence(facts, schema)
        self.values = Values(facts, schema, self.evidence)
        self._finder = Finder(facts, schema, self.evidence)
        self._levels = Levels(facts, schema, self.evidence, self.values)
        self._citing = Citing(
            facts, schema, evidence=self.evidence, values=self.values, finder=self._finder, levels=self._levels
        )
        self._versions = Versions(facts, schema, rows, self._citing.row)
        self._doubts = Doubts(schema, self.values, self._finder)
        self._valued = Valued(facts, schema, self.values, self.speaker, rows)
        self._notes = ListNotes(facts, schema, self._doubts, self._levels, self._finder)
        self._lineage = Lineage(facts, schema)
        self.about = About(
            facts, schema, evidence=self.evidence, values=self.values, speaker=self.speaker,
            complete=self._citing.complete,
        )  # fmt: skip

    def ask(self, text: str, *, reading: int | None = None, certain: bool = False, proofs: bool = False) -> Answer:
        """Answer a question.

        `reading` (from 1) chooses among several meanings; `certain` leaves out
        what is disputed; `proofs` adds a proof for each row.
        A text may hold several questions. Raises QuestionError, or AmbiguousQuestion when the meanings of one differ.
        """
        return in_turn(
            self.reader, text, reading, lambda said, meant: self.answer(said, meant, certain=certain, proofs=proofs)
        )

    def why(self, text: str, *, reading: int | None = None) -> Answer:
        """Prove a statement, or the contrary, or both when they are disputed; if it is not so, say what is lacking."""
        meant = self.reader.understand(text, start=STATEMENT, reading=reading)
        assert isinstance(meant, ResolvedAsk)
        return self._explained(text, meant)

    def _explained(self, text: str, meant: ResolvedAsk) -> Answer:
        answer = self._by_version(self._asked(text, meant, proofs=True), meant, proofs=True)
        notes, by_version = answer.notes, answer.verdict is Verdict.UNKNOWN and bool(answer.sides)
        if answer.verdict is Verdict.UNKNOWN and not by_version:
            notes = (*notes, Note("I702", f"no fact says that {self.speaker.states(meant)}, and none denies it"))
        return Answer(
            text, self.speaker.states(meant), "explanation", answer.verdict, answer.rows, answer.unknown, notes,
            answer.sparql, answer.titles, answer.sides, (),
            () if by_version else self._proofs.lacking(answer.verdict, tuple(wanted(meant)), self._inputs),
        )  # fmt: skip

    def why_fact(self, text: str, fact: Triple) -> Answer:
        """Prove a fact, or what denies it, or both when they are disputed; if it is not so, say what is lacking."""
        grounds = self._finder.of_fact(fact)
        if grounds.pro:
            verdict = Verdict.DISPUTED if self.evidence.is_disputed(grounds.pro[0]) else Verdict.YES
        else:
            verdict = Verdict.NO if grounds.contra else Verdict.UNKNOWN
        reading = self.speaker.fact(fact)
        notes = tuple(self._citing.remarks(grounds))
        if verdict is Verdict.UNKNOWN:
            notes = (*notes, Note("I702", f"no fact says that {reading}, and none denies it"))
        return Answer(
            text, reading, "explanation", verdict, (), 0, notes, "", (), self._proofs.of(grounds), (),
            self._proofs.lacking(verdict, (fact,), self._inputs),
        )  # fmt: skip

    def _gauged(self, meant: ResolvedQuestion) -> tuple[int, int]:
        answer = self._answered("", meant, certain=False, proofs=False)
        return len(answer.rows), answer.told

    def answer(self, text: str, meant: ResolvedQuestion, *, certain: bool = False, proofs: bool = False) -> Answer:
        """Answer a question that is understood."""
        answer = self._answered(text, meant, certain, proofs)
        listing = meant
        if isinstance(meant, ResolvedTable) and isinstance(meant.things, ResolvedNoun):
            listing = ResolvedList(meant.things, or_unknown=False)
        if isinstance(listing, Listing) and not answer.has_things:
            answer = self._with_wider(replace(answer, notes=(*answer.notes, *self._why_empty(listing, certain))), meant)
        elif isinstance(meant, ResolvedList) and not certain:
            return self._with_wider(answer, meant)
        elif answer.told or not isinstance(meant, ResolvedAsk):
            return answer
        from virtkg.otherwise import Otherwise

        instead = Otherwise(self._facts, self.schema, self.evidence, self._truths).notes(meant)
        return replace(answer, notes=(*answer.notes, *instead))

    def _with_wider(self, answer: Answer, meant: ResolvedQuestion) -> Answer:
        if not isinstance(meant, ResolvedList):
            return answer
        from virtkg.wider import Wider

        wider = Wider(self.schema, self.speaker, self._truths).notes(meant, answer)
        return replace(answer, notes=(*answer.notes, *wider)) if wider else answer

    def _why_empty(self, meant: Listing, certain: bool) -> tuple[Note, ...]:
        from virtkg.why_empty import WhyEmpty

        def believed(question: ResolvedQuestion) -> ResolvedQuestion:
            return ResolvedAccording(question, self._source) if self._source else question

        why = WhyEmpty(
            self._facts, run=self._run, finder=self._finder, values=self.values,
            say=lambda question: self.speaker.say(believed(question)),
            means=lambda text, question: self.reader.means(text, believed(question)),
        )  # fmt: skip
        return why.notes(meant, lambda other: len(self._answered("", other, certain, False).rows), certain=certain)

    def _answered(self, text: str, meant: ResolvedQuestion, certain: bool, proofs: bool) -> Answer:
        match meant:
            case ResolvedList():
                return self._listed(text, meant, certain, proofs)
            case ResolvedAsk(why=True):
                return replace(self._explained(text, meant), reading=self.speaker.say(meant))
            case ResolvedAsk():
                return self._by_version(self._asked(text, meant, proofs), meant, proofs)
            case ResolvedDisputed():
                return self._disputed(text, meant, proofs)
            case ResolvedHow():
                return self._citing.complete(self._valued.how(text, meant))
            case ResolvedValue():
                return self._citing.complete(self._valued.value(text, meant))
            case ResolvedTable(things=NamedNode() as thing):
                row, query = self._valued.one(self._number(thing)), write(translate_thing(thing))
                whole = Answer(text, "", "value", None, (row,), 0, (), query)
                return self._citing.complete(self._valued.table(meant, whole))
            case ResolvedTable():
                return self._of_list(text, meant, certain, proofs)
            case ResolvedCalls():
                from virtkg.called import Called

                called = Called(self._facts, self.schema, self.evidence)
                return self._citing.complete(called.answer(text, meant, self.speaker.say(meant)))
            case ResolvedSince():
                return self._since(text, meant)
            case ResolvedSpan():
                from virtkg.span import Spans

                spans = Spans(self._facts, self.schema, self.values)
                return self._citing.complete(spans.answer(text, meant, self.speaker.say(meant)))
            case ResolvedOrder():
                from virtkg.order import Order

                order = Order(self._facts, self.schema, self.values).answer(text, meant, self.speaker.say(meant))
                return self._citing.complete(order)
            case ResolvedRanked():
                return self._ranked(text, meant, certain, proofs)
            case ResolvedLongest() | ResolvedSpans() | ResolvedAlternatives() | ResolvedCount() | ResolvedExtreme():
                return self._of_list(text, meant, certain, proofs)
            case ResolvedHistory(subject):
                return self.about.history(subject, text)
            case ResolvedDescribe():
                return self.about.described(meant, text)
            case ResolvedCompare():
                return self.about.compared(meant, text)
            case ResolvedUniversal() | ResolvedExists():
                return self._quantified(text, meant)
            case ResolvedOnly():
                from virtkg.only import Only

                only = Only(self._facts, self.schema, truths=self._truths, row=self._citing.row)
                return self._citing.complete(only.answer(text, meant, self.speaker.say(meant), certain=certain))
            case ResolvedSurplus():
                return self.about.surplus(text, meant)
            case ResolvedAccording(inner, source):
                said = self._believing(source).answer(text, inner, certain=certain, proofs=proofs)
                return replace(said, reading=self.speaker.say(meant))

    # lists and yes-or-no

    def _listed(self, text: str, meant: ResolvedList, certain: bool, proofs: bool) -> Answer:
        from virtkg.linked import Links

        query = translate(meant)
        truths = self._truths(query)
        wanted = [YES] if certain else [YES, DISPUTED, *([UNKNOWN] if meant.or_unknown else [])]
        rows = [
            self._citing.row(thing, truth, meant.noun.condition, meant.noun.class_)
            for truth in wanted
            for thing in self.schema.in_order([thing for thing, found in truths.items() if found == truth])
        ]
        rows = Arrivals(self._facts, self.schema, self.values, self.speaker.event).in_order(rows, meant.noun.condition)
        links = Links(
            self._facts, self.schema, evidence=self.evidence, values=self.values, finder=self._finder,
            speaker=self.speaker,
        )  # fmt: skip
        rows = links.added(rows, meant.noun.condition)
        # Of a relation that nothing could deny, "unknown" would only list all other things.
        open_ = meant.noun.condition is not None and deniable(meant.noun.condition)
        unknown = [thing for thing, truth in truths.items() if truth == UNKNOWN] if open_ else []
        told = {*wanted, UNKNOWN, NO} if open_ else wanted
        lines = self._lineage.lines(thing for thing, truth in truths.items() if truth in told)
        sides = self._proofs.of_rows(rows, meant.noun.condition) if proofs else ()
        notes = () if meant.or_unknown else self._notes.of_unknown(meant, unknown, lines)
        notes = (*notes, *self._notes.of(meant, rows, truths, lines, certain))
        notes = (*notes, *self._citing.of_few(rows, meant.noun.condition))
        answer = Answer(
            text, self.speaker.say(meant), "list", None, tuple(rows), len(unknown), notes, write(query), sides=sides,
            lines=lines,
        )  # fmt: skip
        return self._citing.complete(answer)

    def _disputed(self, text: str, meant: ResolvedDisputed, proofs: bool) -> Answer:
        from virtkg.disputed import whether_disputed

        said = self._by_version(self._asked(text, meant.asked, proofs), meant.asked, proofs)
        return replace(whether_disputed(said), reading=self.speaker.say(meant))

    def _quantified(self, text: str, meant: ResolvedUniversal | ResolvedExists) -> Answer:
        from virtkg.quantified import Quantifier

        quantifier = Quantifier(self._facts, self.schema, truths=self._truths, row=self._citing.row)
        return self._citing.complete(quantifier.answer(text, meant, self.speaker.say(meant)))

    def _of_list(self, text: str, meant: MadeOfList, certain: bool, proofs: bool) -> Answer:
        from virtkg.made_of_list import Maker

        maker = Maker(
            self._facts, self.schema, evidence=self.evidence, values=self.values, speaker=self.speaker,
            valued=self._valued, listed=partial(self._listed, text), truths=self._truths,
        )  # fmt: skip
        return self._citing.complete(maker.answer(meant, certain, proofs))

    def _since(self, text: str, meant: ResolvedSince) -> Answer:
        from virtkg.since import First

        first = First(
            self._facts, self.schema, self.values,
            run=self._run, row=self._citing.row, remarks=self._citing.remarks_on,
        )  # fmt: skip
        return self._citing.complete(first.answer(text, meant, self.speaker.say(meant)))

    def _ranked(self, text: str, meant: ResolvedRanked, certain: bool, proofs: bool) -> Answer:
        from virtkg.ranked import Ranking

        noun, query = meant.noun, translate(ResolvedList(meant.noun, or_unknown=False))
        ranking = Ranking(
            meant, self._truths(query), finder=self._finder, values=self.values, schema=self.schema,
        )  # fmt: skip
        shown, truths, condition = ranking.shown(certain), ranking.truths, noun.condition
        rows = tuple(
            ranking.row(thing, self._citing.row(thing, truths[thing], condition, noun.class_)) for thing in shown
        )
        sides = tuple(side for thing in shown if proofs for side in self._proofs.of(Grounds(ranking.facts(thing), ())))
        notes, reading = (*ranking.notes(certain), *self._doubts.of_others(condition)), self.speaker.say(meant)
        answer = Answer(text, reading, "list", None, rows, len(ranking.unknown), notes, write(query), sides=sides)
        return self._citing.complete(answer)

    def _truths(self, query: Select) -> dict[int, int]:
        return {self._number(row[0]): int(_lexical(row[-1])) for row in self._run(query)}

    def _asked(self, text: str, meant: ResolvedAsk, proofs: bool) -> Answer:
        from virtkg.in_series import InSeries

        query = translate(meant)
        truth = int(_lexical(self._run(query)[0][-1]))
        thing = self._number(meant.subject)
        grounds = self._finder.grounds(meant.condition, thing)
        sides = self._proofs.of(grounds) if proofs else ()
        notes = (*self._citing.remarks(grounds), *self._levels.remarks(meant.condition, thing))
        notes = (*notes, *self._doubts.of_others(meant.condition), *self._doubts.of_units(meant.condition, [thing]))
        series = InSeries(self._facts, self.schema, self.evidence, self.values)
        notes = (*notes, *series.notes(thing, meant.condition))
        if isinstance(meant.condition, Junction):
            apart = [replace(meant, condition=part) for part in meant.condition.parts]
            notes = (*notes, *(Note("I737", self._told_apart(one)) for one in apart))
        said = self.speaker.say(meant), "verdict", VERDICTS[truth], (self._citing.row(thing, truth, meant.condition),)
        return self._citing.complete(Answer(text, *said, 0, notes, write(query), sides=sides))

    def _told_apart(self, meant: ResolvedAsk) -> str:
        truth = int(_lexical(self._run(translate(meant))[0][-1]))
        by_version = self._versions.told(self._number(meant.subject), meant.condition) if truth == UNKNOWN else ""
        return f"{self.speaker.states(meant)}: {VERDICTS[truth]}" + (f"; {by_version}" if by_version else "")

    def _by_version(self, answer: Answer, meant: ResolvedAsk, proofs: bool) -> Answer:
        told = self._versions.decided(answer, meant)
        if told.rows == answer.rows:
            return told
        sides = self._proofs.of_rows(list(told.rows), meant.condition) if proofs else ()
        return self._citing.complete(replace(told, sides=sides))


def _lexical(term: object) -> str:
    assert isinstance(term, Literal)
    return term.value

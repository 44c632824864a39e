"""A list of things → the answers that are made of it: in an order, counted, with values, with what is latest.

Knows: which list each of these questions needs. Must not know: how a list is found, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pyoxigraph import NamedNode

from virtkg.answer import Answer
from virtkg.evidence import Evidence
from virtkg.language.algebra import Select, write
from virtkg.language.canonical import Speaker
from virtkg.language.conditions import ResolvedNoun
from virtkg.language.resolved import (
    ResolvedAlternatives,
    ResolvedCount,
    ResolvedExtreme,
    ResolvedList,
    ResolvedLongest,
    ResolvedSpans,
    ResolvedTable,
)
from virtkg.language.schema import Schema
from virtkg.language.translate import translate
from virtkg.record import replace
from virtkg.snapshot.facts import Facts
from virtkg.valued import Valued
from virtkg.values import Values

MadeOfList: TypeAlias = (
    ResolvedAlternatives | ResolvedCount | ResolvedExtreme | ResolvedLongest | ResolvedSpans | ResolvedTable
)
"""The questions that are answered from a list; a table may also be of one thing, which needs none."""


class Maker:
    """Makes answers of the lists that `listed` finds: of a question, certain only or not, with proofs or not."""

    def __init__(
        self,
        facts: Facts,
        schema: Schema,
        *,
        evidence: Evidence,
        values: Values,
        speaker: Speaker,
        valued: Valued,
        listed: Callable[[ResolvedList, bool, bool], Answer],
        truths: Callable[[Select], dict[int, int]],
    ) -> None:
        self._facts = facts
        self._schema = schema
        self._evidence = evidence
        self._values = values
        self._speaker = speaker
        self._valued = valued
        self._listed = listed
        self._truths = truths

    def answer(self, meant: MadeOfList, certain: bool, proofs: bool) -> Answer:
        """Return the answer to a question; with `certain` without what is disputed, with `proofs` if they are shown."""
        match meant:
            case ResolvedAlternatives(subject, noun):
                made = self._alternatives(self._whole(noun), subject)
            case ResolvedCount():
                made = self._counted(meant, certain, proofs)
            case ResolvedExtreme():
                made = self._extreme(meant)
            case ResolvedLongest():
                from virtkg.longest import Longest

                longest = Longest(self._facts, self._schema, self._values)
                return longest.answer(self._whole(meant.noun), meant, self._speaker.say(meant))
            case ResolvedSpans():
                from virtkg.span import Spans

                spans = Spans(self._facts, self._schema, self._values)
                return spans.of_all(self._whole(meant.noun), meant, self._speaker.say(meant))
            case ResolvedTable(things=things):
                assert isinstance(things, ResolvedNoun)
                return self._valued.table(meant, self._listed(_all_of(things), certain, proofs))
        return replace(made, reading=self._speaker.say(meant))

    def _whole(self, noun: ResolvedNoun) -> Answer:
        return self._listed(_all_of(noun), False, False)

    def _alternatives(self, whole: Answer, subject: NamedNode) -> Answer:
        from virtkg.alternatives import Ranking

        return Ranking(self._facts, self._schema, self._evidence, self._facts.known(subject)).ranked(whole)

    def _counted(self, meant: ResolvedCount, certain: bool, proofs: bool) -> Answer:
        from virtkg.language.translate_count import translate_count
        from virtkg.tally import Counter

        whole = self._listed(ResolvedList(meant.noun, not meant.open), False, proofs)
        counted = Counter(self._facts, self._values, self._speaker).count(whole, meant, certain=certain)
        return replace(counted, sparql=write(translate_count(meant)))

    def _extreme(self, meant: ResolvedExtreme) -> Answer:
        from virtkg.extreme import at_the_end
        from virtkg.open_ends import OpenEnds

        whole, property_ = self._whole(meant.noun), self._facts.known(meant.property)
        dates = {row.iri: self._values.field(self._thing(row.iri), property_) for row in whole.rows}
        found = at_the_end(whole, dates, meant)
        ends = OpenEnds(self._schema, self._values, property_)
        truths = self._truths(translate(_all_of(meant.noun)))
        notes = ends.notes(truths, [self._thing(row.iri) for row in found.rows], latest=meant.latest)
        return replace(found, notes=(*found.notes, *notes))

    def _thing(self, iri: str) -> int:
        return self._facts.known(NamedNode(iri))


def _all_of(noun: ResolvedNoun) -> ResolvedList:
    return ResolvedList(noun, or_unknown=False)

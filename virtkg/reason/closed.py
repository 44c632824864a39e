"""A closure in columns, and what it says of each thing.

Knows: how facts about representatives are told of all equal things, and what
is not worth telling. Must not know: how a closure is computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from virtkg.reason.columns import (
    FactColumns,
    Ids,
    among,
    distinct,
    merged,
    objects_of,
    pack,
    subjects_of,
)
from virtkg.reason.equality import Equality
from virtkg.reason.literals import Values
from virtkg.reason.noise import Noise
from virtkg.reason.plan import Plan
from virtkg.reason.ranges import Ranges
from virtkg.reason.terms import Terms, is_class
from virtkg.reason.work import Work


@dataclass(frozen=True, slots=True)
class Materialised:
    """A closure in columns.

    `given` holds the facts as they were given; `facts` all facts, those about
    equal things told of their representative only; `findings` the
    contradictions. `plans` are the specialised rules in the order of their
    components; `equals` the rules for which representatives stand; `passing`
    those that pass facts on along a transitive property, of which `plans` have
    only direct steps. `same` is the relation of equal things, `finding` that of
    contradictions. `schema` are the relations whose facts decide which specialised rules there are;
    `ranges` knows of the literals that come later. `stated` are the facts that
    are given or stand in a DATA block, whatever they say.
    """

    terms: Terms
    given: FactColumns
    stated: FactColumns
    facts: FactColumns
    findings: FactColumns
    equality: Equality
    plans: tuple[tuple[Plan, ...], ...]
    equals: tuple[Plan, ...]
    passing: tuple[Plan, ...]
    same: int
    finding: int
    schema: frozenset[int]
    values: Values
    ranges: Ranges
    noise: Noise
    work: Work

    def relations(self) -> list[int]:
        """Return the relations that have a fact."""
        return self.facts.relations()

    def column(self, relation: int) -> Ids:
        """Return the members or pairs of a relation, equal things included."""
        return merged(self.given.column(relation), self.inferred(relation))

    def inferred(self, relation: int) -> Ids:
        """Return the facts of a relation that were not given."""
        told = self._told(relation)
        news = told[~among(told, self.given.column(relation))]
        if not self.equality.members:
            return news
        # Of a representative that is equal to another thing more is told than is worth saying of each.
        stated = news[among(news, self.stated.column(relation))]
        said = self.noise.said(relation, news)
        news = merged(said, stated[~among(stated, said)])
        if self.facts.first is None or is_class(relation):
            return news
        keys = pack(subjects_of(news), self.given.values(objects_of(news)))
        return news[~among(keys, self.given.by_value(relation))]

    def _told(self, relation: int) -> Ids:
        """Return what the facts about representatives say of all things."""
        if relation == self.same:
            with_literals = self.facts.column(relation)
            with_literals = with_literals[subjects_of(with_literals) != objects_of(with_literals)]
            return distinct(np.concatenate((self.equality.pairs(), self.equality.expand_pairs(with_literals))))
        if is_class(relation):
            return self.equality.expand_members(self.facts.column(relation))
        return self.equality.expand_pairs(self.facts.column(relation))

"""A closure that stays right while facts come and go.

What a change leads to is followed rule by rule, one fact at a time. A removed
fact takes along what can no longer be derived: outside of recursion each
candidate is checked again in one step, within it candidates are removed first
and derived again if they can be (delete and rederive: Gupta, Mumick and
Subrahmanian, SIGMOD 1993). Where a change reaches the schema or equal things,
everything is computed anew.

Knows: how changes spread over relations. Must not know: single rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from virtkg.reason.bodies import Asked, Bodies
from virtkg.reason.closed import Materialised
from virtkg.reason.columns import FactColumns, columns_of, objects_of
from virtkg.reason.compile import is_noise
from virtkg.reason.factset import FactSet
from virtkg.reason.layers import Layer, Layered, layers
from virtkg.reason.match import unify
from virtkg.reason.materialise import materialise
from virtkg.reason.named import made_row
from virtkg.reason.overlay import Both, Overlay
from virtkg.reason.plan import Pattern, Plan
from virtkg.reason.terms import NONE, Fact, Terms, is_class
from virtkg.reason.work import Work
from virtkg.rules.syntax import Rule

_FOLD: Final = 4000
"""Changes after which the columns are written anew."""

_BATCH: Final = 1000
"""Facts at a time, given or derived, from which on computing anew is the quicker way."""


@dataclass(frozen=True, slots=True)
class Change:
    """The facts, given or inferred, that hold since a change and those that no longer hold.

    `anew` tells that everything was computed anew; then the two are not listed.
    """

    added: frozenset[Fact]
    removed: frozenset[Fact]
    anew: bool


class Maintained:
    """A closure of facts under rules, to which facts can be added and from which they can be removed."""

    def __init__(self, terms: Terms, given: FactColumns, rules: Sequence[Rule], work: Work | None = None) -> None:
        """Compute the closure; `given` is changed by what follows. Raises RuleError (R303)."""
        self._terms = terms
        self._rules = rules
        self._work = work or Work()
        self._compute(given)

    @property
    def closed(self) -> Materialised:
        """The closure in columns."""
        self._fold()
        return self._closed

    def __contains__(self, fact: Fact) -> bool:
        return fact in self._facts or fact in self._findings

    def add(self, facts: Iterable[Fact]) -> Change:
        """Add facts as given ones."""
        new = [fact for fact in dict.fromkeys(facts) if fact not in self._given]
        if not self._can_follow(new):
            return self._anew(new, ())
        for fact in new:
            self._given.add(fact)
        return self._follow(new, ())

    def remove(self, facts: Iterable[Fact]) -> Change:
        """Remove given facts; what still follows from others stays as an inferred one."""
        gone = [fact for fact in dict.fromkeys(facts) if fact in self._given]
        if not self._can_follow(gone):
            return self._anew((), gone)
        for fact in gone:
            self._given.discard(fact)
        return self._follow((), gone)

    def _compute(self, given: FactColumns) -> None:
        self._closed = closed = materialise(self._terms, given, self._rules, self._work)
        self._given, self._facts = Overlay(closed.given), Overlay(closed.facts)
        self._findings = Overlay(closed.findings)
        self._steps = 0
        self._gone = FactSet(self._closed.values)
        now = Asked(self._facts, self._facts, self._given, self._given)
        self._now = Bodies(self._terms, now, self._work)
        found = layers([plan for plans in closed.plans for plan in plans])
        self._forms = _forms(closed)
        values = {closed.values.first(number) for number in self._forms}
        simple = not closed.facts.size(closed.same) and len(values) == len(self._forms)
        self._layers = found if found is not None and simple else None
        self._layered = frozenset(relation for layer in found or () for relation in layer.relations)
        self._known = self._layered.union(closed.facts.relations()) - closed.schema

    def _anew(self, new: Iterable[Fact], gone: Iterable[Fact]) -> Change:
        self._fold()
        given = self._closed.given
        for relation, column in columns_of(new):
            given.add(relation, column)
        for relation, column in columns_of(gone):
            given.remove(relation, column)
        self._compute(given)
        return Change(frozenset(), frozenset(), True)

    def _fold(self) -> None:
        for part in (self._given, self._facts, self._findings):
            part.fold()

    def _can_follow(self, facts: Sequence[Fact]) -> bool:
        """Tell whether the rules stay as they are and no fact needs more than plain Python."""
        objects = {fact[2] for fact in facts if fact[2] != NONE and self._closed.values.others(fact[2])}
        self._forms |= objects
        forms = {form for number in objects for form in self._closed.values.others(number)}
        return (
            self._layers is not None
            and len(facts) <= _BATCH
            and all(fact[0] in self._known for fact in facts)
            and len(forms & self._forms) == len({self._closed.values.first(number) for number in objects})
            and self._is_judged(facts)
        )

    def _is_judged(self, facts: Sequence[Fact]) -> bool:
        """Look at new literals; tell whether all are legal: of one that is not the rules have to tell."""
        for relation, literals in self._closed.ranges.look():
            self._closed.facts.hide((relation,))
            for literal in literals:
                self._facts.add((relation, literal, NONE))
        return not self._closed.ranges.with_ill(facts)

    def _follow(self, new: Iterable[Fact], gone: Iterable[Fact]) -> Change:
        """Follow a change of given facts through the layers."""
        assert self._layers is not None
        plus: dict[Fact, None] = {}
        minus: dict[Fact, None] = {}
        self._steps = 0
        self._gone = FactSet(self._closed.values)
        both = Both(self._facts, self._gone)
        before = Asked(both, both, self._given, self._given)
        self._before = Bodies(self._terms, before, self._work)
        self._change_unread(new, gone, plus, minus)
        for layer in self._layers:
            touched = {fact[0] for fact in (*plus, *minus, *new, *gone)}
            if not layer.reads(touched):
                continue
            self._remove(layer, [fact for fact in gone if fact[0] in layer.relations], plus, minus)
            self._add(layer, [fact for fact in new if fact[0] in layer.relations], plus, minus)
            if self._steps > 4 * _BATCH or not self._closed.schema.isdisjoint(f[0] for f in (*plus, *minus)):
                return self._anew((), ())
        if self._facts.changes() > _FOLD:
            self._fold()
        return Change(frozenset(plus), frozenset(minus), False)

    def _change_unread(
        self, new: Iterable[Fact], gone: Iterable[Fact], plus: dict[Fact, None], minus: dict[Fact, None]
    ) -> None:
        """Change the facts of relations that no rule reads or adds to."""
        assert self._layers is not None
        for fact in gone:
            if fact[0] not in self._layered and fact in self._facts:
                self._take(fact, minus)
        for fact in new:
            if fact[0] not in self._layered and not self._holds(fact):
                self._put(fact, minus, plus)

    # Removal.

    def _remove(self, layer: Layer, gone: Iterable[Fact], plus: dict[Fact, None], minus: dict[Fact, None]) -> None:
        doubted = dict.fromkeys(fact for fact in gone if fact in self._facts)
        for fact in (*minus, *plus):
            self._doubt(layer, fact, fact in minus, doubted)
        if layer.recursive:
            self._remove_all(layer, doubted, minus)
            return
        for fact in doubted:
            if fact not in self._given:
                self._take(fact, minus)
                if self._is_derivable(layer, fact):
                    self._put(fact, minus, {})

    def _remove_all(self, layer: Layer, doubted: dict[Fact, None], minus: dict[Fact, None]) -> None:
        """Remove candidates and what they lead to within a layer, then derive again what can be."""
        queue = list(doubted)
        taken: dict[Fact, None] = {}
        while queue and self._steps <= 4 * _BATCH:
            fact = queue.pop()
            if self._holds(fact) and fact not in taken:
                self._take(fact, minus)
                taken[fact] = None
                found: dict[Fact, None] = {}
                self._doubt(layer, fact, True, found)
                queue += found
        back = [fact for fact in taken if fact in self._given or self._is_derivable(layer, fact)]
        while back and self._steps <= 4 * _BATCH:
            for fact in back:
                if not self._holds(fact):
                    self._put(fact, minus, {})
            back = [fact for fact in taken if not self._holds(fact) and self._is_derivable(layer, fact)]

    def _doubt(self, layer: Layer, fact: Fact, is_gone: bool, doubted: dict[Fact, None]) -> None:
        """Collect the facts that were derived with a fact that is gone, or although it was absent."""
        for layered, row in self._reading(layer, fact, is_gone):
            for found in self._before.rows(layered.undenied, row):
                conclusion = self._conclusion(layered.plan, layered.head, found)
                if conclusion is not None and self._holds(conclusion):
                    doubted[conclusion] = None

    def _reading(self, layer: Layer, fact: Fact, premise: bool) -> Iterator[tuple[Layered, list[int]]]:
        """Yield the plans of a layer that have a fact as premise, or deny it, each with the row that this binds."""
        places = layer.premises if premise else layer.denials
        for layered, pattern in places.get(fact[0], ()):
            row = [NONE] * layered.plan.slots
            if unify(self._facts, self._terms.type, pattern, fact, row) is not None:
                for slot in () if premise else layered.free:
                    row[slot] = NONE
                yield layered, row

    def _is_derivable(self, layer: Layer, fact: Fact) -> bool:
        if is_noise(self._terms.triple(fact)):
            return any(not layered.plan.rule.body and layered.head.relation == fact[0] for layered in layer.plans)
        for layered in layer.plans:
            row = [NONE] * layered.plan.slots
            if layered.head.relation != fact[0]:
                continue
            if unify(self._facts, self._terms.type, layered.head, fact, row) is None:
                continue
            for slot in layered.made:
                row[slot] = NONE
            rows = self._now.rows(layered.plan, row)
            if any(self._conclusion(layered.plan, layered.head, found) == fact for found in rows):
                return True
        return False

    # Addition.

    def _add(self, layer: Layer, new: Iterable[Fact], plus: dict[Fact, None], minus: dict[Fact, None]) -> None:
        queue: list[Fact] = []
        for fact in new:
            if not self._holds(fact):
                self._put(fact, minus, plus)
                queue.append(fact)
        begun = set(queue)
        for fact in [fact for fact in (*plus, *minus) if fact not in begun]:
            queue += self._conclude(layer, fact, fact in plus, plus, minus)
        while queue and self._steps <= 4 * _BATCH:
            queue += self._conclude(layer, queue.pop(), True, plus, minus)

    def _conclude(
        self, layer: Layer, fact: Fact, is_new: bool, plus: dict[Fact, None], minus: dict[Fact, None]
    ) -> list[Fact]:
        """Put and return the facts that follow with a new fact, or because one is gone."""
        found: list[Fact] = []
        for layered, row in self._reading(layer, fact, is_new):
            for conclusion in list(self._conclusions(layered.plan, layered.head, row)):
                if not self._holds(conclusion):
                    self._put(conclusion, minus, plus)
                    found.append(conclusion)
        return found

    def _conclusions(self, plan: Plan, head: Pattern, row: list[int]) -> Iterator[Fact]:
        for found in self._now.rows(plan, row):
            conclusion = self._conclusion(plan, head, found)
            if conclusion is not None and not is_noise(self._terms.triple(conclusion)):
                yield conclusion

    def _conclusion(self, plan: Plan, head: Pattern, row: list[int]) -> Fact | None:
        told = made_row(self._terms, plan, row) if plan.rule.makes_terms() else row
        return self._now.conclusion(head, told)

    def _part(self, fact: Fact) -> Overlay:
        return self._findings if fact[0] == self._closed.finding else self._facts

    def _holds(self, fact: Fact) -> bool:
        return fact in self._part(fact)

    def _put(self, fact: Fact, minus: dict[Fact, None], plus: dict[Fact, None]) -> None:
        self._steps += 1
        self._part(fact).add(fact)
        if fact in minus:
            del minus[fact]
        else:
            plus[fact] = None

    def _take(self, fact: Fact, minus: dict[Fact, None]) -> None:
        self._steps += 1
        self._part(fact).discard(fact)
        self._gone.add(fact)
        minus[fact] = None


def _forms(closed: Materialised) -> set[int]:
    """Return the literals of the facts of which some other form is known."""
    aliases = np.array([number for pair in closed.values.table().items() for number in pair], dtype=np.int64)
    found: set[int] = set()
    for relation in closed.facts.relations() if len(aliases) else ():
        if not is_class(relation):
            objects = objects_of(closed.facts.column(relation))
            found.update(objects[np.isin(objects, aliases)].tolist())
    return found

"""A component of plans + a set of facts → its fixpoint, in plain Python.

Facts are taken in the order of their height, as Knuth's generalisation of
Dijkstra's algorithm takes nodes (Information Processing Letters 6, 1977), so
that the first step found for a fact is part of a proof of least height.

Knows: rounds, and what counts as news.
Must not know: which rules there are, or where facts come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from virtkg.reason.bodies import Asked, Bodies, Rows, Step
from virtkg.reason.factset import FactSet
from virtkg.reason.plan import Plan
from virtkg.reason.terms import ANY, Fact, Terms
from virtkg.reason.work import Work


@dataclass(slots=True)
class Rounds:
    """One evaluation.

    `is_news` tells whether a fact that was derived shall be kept, `make` names
    the things that a rule makes; the facts of the relation `findings` are kept
    apart, in `clashes`.
    """

    facts: FactSet
    terms: Terms
    asked: Asked
    is_news: Callable[[Plan, Fact], bool]
    findings: int
    make: Callable[[Plan, Sequence[int]], list[int]]
    work: Work
    steps: dict[Fact, Step] = field(default_factory=dict)
    clashes: dict[Fact, Step] = field(default_factory=dict)
    bodies: Bodies = field(init=False)

    def __post_init__(self) -> None:
        self.bodies = Bodies(self.terms, self.asked, self.work)

    def evaluate(self, plans: Sequence[Plan], recursive: bool) -> None:
        """Add what follows until a round finds nothing new."""
        pending: dict[int, dict[Fact, Step]] = {}
        for plan in plans:
            if self.bodies.can_match(plan):
                self._collect(plan, self.bodies.rows(plan), pending)
        triggers = _triggers(plans) if recursive else {}
        self.work.rounds += 1
        while pending:
            height = min(pending)
            news = self._accept(pending.pop(height), height)
            self.work.rounds += bool(news) and recursive
            for fact in news:
                for plan, position in (*triggers.get(fact[0], ()), *triggers.get(ANY, ())):
                    rows = self.bodies.rows_with(plan, position, fact)
                    if rows:
                        self._collect(plan, rows, pending)

    def _accept(self, found: dict[Fact, Step], height: int) -> list[Fact]:
        news = []
        for fact, step in found.items():
            if self.facts.heights.get(fact, height + 1) > height:
                self.facts.add(fact, height)
                self.steps[fact] = step
                news.append(fact)
        return news

    def _collect(self, plan: Plan, rows: Rows, pending: dict[int, dict[Fact, Step]]) -> None:
        heights = self.facts.heights
        for row in rows:
            values = self.make(plan, row) if plan.makes_terms else row
            concluded = (self.bodies.conclusion(pattern, values) for pattern in plan.head)
            # Most are known already: no step is lower than 1.
            found = [fact for fact in concluded if fact is not None and heights.get(fact, 2) > 1]
            if not found:
                continue
            premises = self.bodies.premises(plan, row)
            height = 1 + max([heights[fact] for fact in (*plan.axioms, *premises)], default=0)
            step = None
            for fact in found:
                if heights.get(fact, height + 1) <= height or not self.is_news(plan, fact):
                    continue
                step = step or Step(plan, tuple(row), premises)
                if fact[0] == self.findings:
                    self.clashes.setdefault(fact, step)
                else:
                    pending.setdefault(height, {}).setdefault(fact, step)


def _triggers(plans: Iterable[Plan]) -> dict[int, list[tuple[Plan, int]]]:
    """Return the plans to run for a new fact of a relation, each with the position of the pattern that it matches."""
    found: dict[int, list[tuple[Plan, int]]] = {}
    for plan in plans:
        if not plan.rule.data:
            for position, pattern in enumerate(plan.body):
                found.setdefault(pattern.relation, []).append((plan, position))
    return found

"""A component of plans + a set of facts → its fixpoint, in plain Python.

Facts are taken in the order of their height, as Knuth's generalisation of
Dijkstra's algorithm takes nodes (Information Processing Letters 6, 1977), so
that the first step found for a fact is part of a proof of least height.

Knows: rounds, stages of a plan, what counts as news.
Must not know: which rules there are, or where facts come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from virtkg.reason.conditions import Conditions
from virtkg.reason.factset import FactSet, View
from virtkg.reason.match import in_order, instance, solve, unify
from virtkg.reason.plan import Deny, Make, Match, Pattern, Plan, Stage
from virtkg.reason.terms import ANY, LITERAL, NONE, ODD, Fact, Terms, fact_of
from virtkg.reason.work import Work

Rows: TypeAlias = list[list[int]]
_NO_SUBJECT: Final = LITERAL | ODD


@dataclass(frozen=True, slots=True)
class Step:
    """One rule application: the plan, the values of its slots, and the facts that its patterns matched."""

    plan: Plan
    row: tuple[int, ...]
    premises: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The facts that the parts of a body ask: NOT, WHERE DATA, and NOT DATA."""

    absent: View
    data: View
    absent_data: View


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
    conditions: Conditions = field(init=False)

    def __post_init__(self) -> None:
        self.conditions = Conditions(self.terms)

    def evaluate(self, plans: Sequence[Plan], recursive: bool) -> None:
        """Add what follows until a round finds nothing new."""
        pending: dict[int, dict[Fact, Step]] = {}
        for plan in plans:
            if self._can_match(plan):
                self._collect(plan, self._rows(plan), pending)
        triggers = _triggers(plans) if recursive else {}
        self.work.rounds += 1
        while pending:
            height = min(pending)
            news = self._accept(pending.pop(height), height)
            self.work.rounds += bool(news) and recursive
            for fact in news:
                for plan, position in (*triggers.get(fact[0], ()), *triggers.get(ANY, ())):
                    self._collect(plan, self._rows(plan, position, fact), pending)

    def _accept(self, found: dict[Fact, Step], height: int) -> list[Fact]:
        news = []
        for fact, step in found.items():
            if self.facts.heights.get(fact, height + 1) > height:
                self.facts.add(fact, height)
                self.steps[fact] = step
                news.append(fact)
        return news

    def _can_match(self, plan: Plan) -> bool:
        view = self.asked.data if plan.rule.data else self.facts
        return all(pattern.relation == ANY or view.size(pattern.relation) for pattern in plan.body)

    def _collect(self, plan: Plan, rows: Rows, pending: dict[int, dict[Fact, Step]]) -> None:
        view = self.asked.data if plan.rule.data else self.facts
        heights = self.facts.heights
        made = plan.rule.makes_terms()
        for row in rows:
            premises = tuple(instance(self.terms.type, view, pattern, row) for pattern in plan.body)
            height = 1 + max((heights[fact] for fact in (*plan.axioms, *premises)), default=0)
            step = None
            values = self.make(plan, row) if made else row
            for pattern in plan.head:
                fact = self._conclusion(pattern, values)
                if fact is None or heights.get(fact, height + 1) <= height:
                    continue
                if not self.is_news(plan, fact):
                    continue
                step = step or Step(plan, tuple(row), premises)
                if fact[0] == self.findings:
                    self.clashes.setdefault(fact, step)
                else:
                    pending.setdefault(height, {}).setdefault(fact, step)

    def _conclusion(self, pattern: Pattern, row: Sequence[int]) -> Fact | None:
        """Return the fact of a head; None if no fact can hold its terms."""
        values = tuple(term if term >= 0 else row[~term] for term in pattern.terms)
        kind = self.terms.kind
        if kind(values[0]) & _NO_SUBJECT or kind(values[-1]) & ODD:
            return None
        if pattern.relation != ANY:
            return pattern.relation, values[0], values[1] if len(values) == 2 else NONE
        if self.terms.table.texts[values[1]][:1] != b"<":
            return None
        return fact_of(self.terms.type, *values)

    def _rows(self, plan: Plan, position: int = -1, fact: Fact | None = None) -> Rows:
        """Return the rows of a plan; with a fact, those in which the pattern at a position matches it."""
        row = [NONE] * plan.slots
        seed = None
        if fact is not None:
            seed = plan.body[position]
            if unify(self.facts, self.terms.type, seed, fact, row) is None:
                return []
        rows = [row]
        for stage in plan.stages:
            rows = self._stage(plan, stage, rows, seed)
            if not rows:
                break
        return rows

    def _stage(self, plan: Plan, stage: Stage, rows: Rows, seed: Pattern | None) -> Rows:
        match stage:
            case Match():
                found = list(self._matches(plan, stage, rows, seed))
                self.work.rows += len(found)
                return found
            case Deny():
                return [row for row, denied in zip(rows, self._denied(stage, rows), strict=True) if not denied]
            case Make():
                made = self.conditions.values(stage.condition, rows)
                for row, value in zip(rows, made, strict=True):
                    row[stage.slot] = value
                return [row for row in rows if row[stage.slot] != NONE]
            case _:
                return [row for row, held in zip(rows, self.conditions.hold(stage, rows), strict=True) if held]

    def _matches(self, plan: Plan, stage: Match, rows: Rows, seed: Pattern | None) -> Iterator[list[int]]:
        view = self.asked.data if plan.rule.data else self.facts
        left = list(stage.patterns)
        if seed in left:
            left.remove(seed)
        bound = [slot for slot, value in enumerate(rows[0]) if value != NONE]
        ordered = in_order(left, bound, view)
        for row in rows:
            yield from (list(found) for found in solve(view, self.terms.type, ordered, row))

    def denies(self, stage: Deny, row: Sequence[int]) -> bool:
        """Tell whether a row has a solution of what it denies."""
        return self._denied(stage, [list(row)])[0]

    def _denied(self, stage: Deny, rows: Rows) -> list[bool]:
        view = self.asked.absent_data if stage.data else self.asked.absent
        bound = [slot for slot, value in enumerate(rows[0]) if value != NONE]
        ordered = in_order(stage.patterns, bound, view)
        if not stage.conditions:
            return [any(True for _ in solve(view, self.terms.type, ordered, list(row))) for row in rows]
        inner = [
            (n, list(found)) for n, row in enumerate(rows) for found in solve(view, self.terms.type, ordered, list(row))
        ]
        for condition in stage.conditions:
            held = self.conditions.hold(condition, [row for _, row in inner])
            inner = [pair for pair, holds in zip(inner, held, strict=True) if holds]
        denied = {number for number, _ in inner}
        return [number in denied for number in range(len(rows))]


def _triggers(plans: Iterable[Plan]) -> dict[int, list[tuple[Plan, int]]]:
    """Return the plans to run for a new fact of a relation, each with the position of the pattern that it matches."""
    found: dict[int, list[tuple[Plan, int]]] = {}
    for plan in plans:
        if not plan.rule.data:
            for position, pattern in enumerate(plan.body):
                found.setdefault(pattern.relation, []).append((plan, position))
    return found

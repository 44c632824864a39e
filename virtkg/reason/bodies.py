"""The body of a plan + facts → its rows, one list of values each.

Knows: the stages of a plan, in order. Must not know: what follows from a row,
or which rows come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from virtkg.reason.conditions import Conditions
from virtkg.reason.factset import View
from virtkg.reason.match import Row, in_order, instance, joined, solve, unify
from virtkg.reason.plan import Deny, Make, Match, Pattern, Plan, Stage
from virtkg.reason.terms import ANY, LITERAL, NONE, ODD, Fact, Terms, fact_of
from virtkg.reason.work import Work
from virtkg.record import record

Rows: TypeAlias = list[Row]
_NO_SUBJECT: Final = LITERAL | ODD


@record
class Step:
    """One rule application: the plan, the values of its slots, and the facts that its patterns matched."""

    plan: Plan
    row: tuple[int, ...]
    premises: tuple[Fact, ...]


@record
class Asked:
    """The facts that the parts of a body ask: patterns, NOT, WHERE DATA, and NOT DATA."""

    facts: View
    absent: View
    data: View
    absent_data: View


class Bodies:
    """Finds the rows of plans over some facts, which may grow between two questions."""

    def __init__(self, terms: Terms, asked: Asked, work: Work) -> None:
        self._terms = terms
        self._type = terms.type
        self._asked = asked
        self._work = work
        self._conditions = Conditions(terms)
        self._seeded: dict[tuple[int, int], tuple[Plan, tuple[Stage, ...]]] = {}

    def can_match(self, plan: Plan) -> bool:
        """Tell whether each pattern of a body has facts of its relation."""
        view = self._asked.data if plan.rule.data else self._asked.facts
        return all(pattern.relation == ANY or view.size(pattern.relation) for pattern in plan.body)

    def conclusion(self, pattern: Pattern, row: Sequence[int]) -> Fact | None:
        """Return the fact of a head; None if no fact can hold its terms."""
        kind, terms = self._terms.kind, pattern.terms
        subject = terms[0] if terms[0] >= 0 else row[~terms[0]]
        if kind(subject) & _NO_SUBJECT:
            return None
        if len(terms) == 1:
            return pattern.relation, subject, NONE
        object_ = terms[-1] if terms[-1] >= 0 else row[~terms[-1]]
        if kind(object_) & ODD:
            return None
        if pattern.relation != ANY:
            return pattern.relation, subject, object_
        predicate = terms[1] if terms[1] >= 0 else row[~terms[1]]
        if self._terms.table.texts[predicate][:1] != b"<":
            return None
        return fact_of(self._type, subject, predicate, object_)

    def rows(self, plan: Plan, row: Row | None = None) -> Rows:
        """Return the rows of a plan, only those that agree with `row` if there is one."""
        return self._staged(plan, plan.stages, [NONE] * plan.slots if row is None else row)

    def rows_with(self, plan: Plan, position: int, fact: Fact) -> Rows:
        """Return the rows of a plan in which the pattern at a position of its body matches a fact."""
        row = [NONE] * plan.slots
        if unify(self._asked.facts, self._type, plan.body[position], fact, row) is None:
            return []
        seeded = self._seeded.get((id(plan), position))
        if seeded is None:
            # The plan is kept, so that no other gets its id.
            seeded = self._seeded[id(plan), position] = plan, _without(plan.stages, plan.body[position])
        return self._staged(plan, seeded[1], row)

    def premises(self, plan: Plan, row: Row) -> tuple[Fact, ...]:
        """Return the facts that the patterns of the body matched in a row."""
        view = self._asked.data if plan.rule.data else self._asked.facts
        return tuple([instance(self._type, view, pattern, row) for pattern in plan.body])

    def _staged(self, plan: Plan, stages: Sequence[Stage], row: Row) -> Rows:
        rows = [row]
        for stage in stages:
            rows = self._stage(plan, stage, rows)
            if not rows:
                break
        return rows

    def _stage(self, plan: Plan, stage: Stage, rows: Rows) -> Rows:
        match stage:
            case Match():
                return self._matches(plan, stage, rows)
            case Deny():
                return [row for row, denied in zip(rows, self._denied(stage, rows), strict=True) if not denied]
            case Make():
                made = self._conditions.values(stage.condition, rows)
                for row, value in zip(rows, made, strict=True):
                    row[stage.slot] = value
                return [row for row in rows if row[stage.slot] != NONE]
            case _:
                return [row for row, held in zip(rows, self._conditions.hold(stage, rows), strict=True) if held]

    def _matches(self, plan: Plan, stage: Match, rows: Rows) -> Rows:
        view = self._asked.data if plan.rule.data else self._asked.facts
        for pattern in _ordered(stage.patterns, rows[0], view):
            rows = joined(view, self._type, pattern, rows) if rows else rows
        self._work.rows += len(rows)
        return rows

    def denies(self, stage: Deny, row: Sequence[int]) -> bool:
        """Tell whether a row has a solution of what it denies."""
        return self._denied(stage, [list(row)])[0]

    def _denied(self, stage: Deny, rows: Rows) -> list[bool]:
        view = self._asked.absent_data if stage.data else self._asked.absent
        ordered = _ordered(stage.patterns, rows[0], view)
        if not stage.conditions:
            return [any(True for _ in solve(view, self._type, ordered, list(row))) for row in rows]
        inner = [
            (n, list(found)) for n, row in enumerate(rows) for found in solve(view, self._type, ordered, list(row))
        ]
        for condition in stage.conditions:
            held = self._conditions.hold(condition, [row for _, row in inner])
            inner = [pair for pair, holds in zip(inner, held, strict=True) if holds]
        denied = {number for number, _ in inner}
        return [number in denied for number in range(len(rows))]


def _without(stages: Iterable[Stage], seed: Pattern) -> tuple[Stage, ...]:
    """Return stages without a pattern that a fact has matched, once for each stage that has it."""
    left: list[Stage] = []
    for stage in stages:
        if isinstance(stage, Match) and seed in stage.patterns:
            place = stage.patterns.index(seed)
            left.append(Match(stage.patterns[:place] + stage.patterns[place + 1 :]))
        else:
            left.append(stage)
    return tuple(left)


def _ordered(patterns: Sequence[Pattern], row: Row, view: View) -> Sequence[Pattern]:
    """Return patterns in the order in which they are cheap for rows that have the slots of a row bound."""
    if len(patterns) < 2:
        return patterns
    return in_order(patterns, [slot for slot, value in enumerate(row) if value != NONE], view)

"""A fact of a closure → why it holds, found backwards with nothing stored.

A rule instance is a candidate if its premises hold in the closure; the search
goes one step higher at a time, so that the first proof found is of least
height, and goes in no circle.

Knows: plans, and the facts of a closure. Must not know: how the closure was
computed, or how a proof is shown.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from virtkg.diagnostics import LimitReached
from virtkg.reason.backwards import Backwards
from virtkg.reason.bodies import Asked, Bodies, Step
from virtkg.reason.closed import Materialised
from virtkg.reason.columns import FactColumns
from virtkg.reason.expanded import Expanded
from virtkg.reason.terms import NONE, Fact
from virtkg.reason.work import Work
from virtkg.rules.rows import absent_patterns

_DEPTH: Final = 100_000
_STEPS: Final = 1_000_000
"""Rule instances that one search may look at."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a fact holds: `rule` (an IRI) concludes it from `premises`, or it was given and `rule` is "".

    `absent` are the patterns that match nothing, as in Derivation.
    """

    fact: Fact
    rule: str
    premises: tuple[Explained, ...]
    absent: tuple[str, ...]

    def height(self) -> int:
        """Return the number of rule applications on the longest way to a given fact."""
        heights: dict[int, int] = {}
        for node in self.in_order():
            heights[id(node)] = 1 + max((heights[id(p)] for p in node.premises), default=0) if node.rule else 0
        return heights[id(self)]

    def in_order(self) -> list[Explained]:
        """Return each part of the proof once, premises before what follows from them."""
        found: dict[int, Explained] = {}
        stack = [(self, False)]
        while stack:
            node, done = stack.pop()
            if done:
                found[id(node)] = node
            elif id(node) not in found:
                stack += [(node, True), *((premise, False) for premise in reversed(node.premises))]
        return list(found.values())


class Explainer:
    """Explains the facts of one closure; what was proved once is remembered."""

    def __init__(self, closed: Materialised) -> None:
        self._closed = closed
        self._terms = closed.terms
        equals = closed.equality.members or closed.facts.size(closed.same)
        self._view: Expanded | FactColumns = (
            Expanded(closed.facts, closed.equality, closed.same) if equals else closed.facts
        )
        self._work = Work()
        asked = Asked(self._view, self._view, closed.given, closed.given)
        bodies = Bodies(closed.terms, asked, self._work)
        # What is passed on step by step is proved at once: of that, plans have only the steps.
        passing = {plan.rule.name for plan in closed.passing}
        plans = [plan for plans in closed.plans for plan in plans]
        plans += [*closed.passing, *(closed.equals if equals else ())]
        self._backwards = Backwards(closed.terms, self._view, bodies, plans, passing)
        self._best: dict[Fact, tuple[int, Step]] = {}
        self._failed: dict[Fact, int] = {}
        self._steps: dict[Fact, list[tuple[Step, tuple[Fact, ...]]]] = {}
        self._explained: dict[Fact, Explained] = {}

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact is in the closure, or is one of its contradictions."""
        return fact in self._closed.findings or fact in self._view or fact in self._closed.given

    def explain(self, fact: Fact) -> Explained | None:
        """Return why a fact holds, None if it does not.

        Raises LimitReached (E501) when the search would take too long.
        """
        if not self.holds(fact):
            return None
        self._work.rows = 0
        with _deep():
            height = 0
            while self._height(fact, height) is None:
                height += 1
        return self._tree(fact)

    def _height(self, fact: Fact, limit: int) -> int | None:
        """Return the least height of a proof, None if it is over a limit."""
        if self._is_given(fact):
            return 0
        if fact in self._best:
            height = self._best[fact][0]
            return height if height <= limit else None
        for height in range(self._failed.get(fact, 0) + 1, limit + 1):
            for step, premises in self._instances(fact):
                if all(self._height(premise, height - 1) is not None for premise in premises):
                    self._best[fact] = height, step
                    return height
            self._failed[fact] = height
        return None

    def _is_given(self, fact: Fact) -> bool:
        return fact in self._closed.given or fact[0] in self._closed.facts.hidden

    def _instances(self, fact: Fact) -> list[tuple[Step, tuple[Fact, ...]]]:
        """Return the rule instances that conclude a fact, each with its axioms and premises."""
        found = self._steps.get(fact)
        if found is None:
            steps = self._backwards.steps(fact)
            found = self._steps[fact] = [(step, (*step.plan.axioms, *step.premises)) for step in steps]
            if self._work.rows > _STEPS:
                self._steps.clear()
                raise LimitReached("E501", "the fact has too many possible proofs to find the shortest one")
        return found

    def _tree(self, fact: Fact) -> Explained:
        stack = [fact]
        while stack:
            here = stack[-1]
            step = None if self._is_given(here) else self._best[here][1]
            premises = () if step is None else (*step.plan.axioms, *step.premises)
            missing = [premise for premise in premises if premise not in self._explained]
            if missing:
                stack += missing
            else:
                self._explained.setdefault(stack.pop(), self._node(here, step, premises))
        return self._explained[fact]

    def _node(self, fact: Fact, step: Step | None, premises: tuple[Fact, ...]) -> Explained:
        if step is None:
            return Explained(fact, "", (), ())
        terms, hidden = self._terms, self._closed.facts.hidden
        row = {name: terms.term(n) for name, n in zip(step.plan.names, step.row, strict=True) if n != NONE}
        shown = dict.fromkeys(premise for premise in premises if premise[0] not in hidden)
        absent = absent_patterns(step.plan.rule, row)
        return Explained(fact, step.plan.rule.name, tuple(self._explained[premise] for premise in shown), absent)


@contextmanager
def _deep() -> Iterator[None]:
    """Let proofs be high: in Python frames that call each other take no space of the system's stack."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)

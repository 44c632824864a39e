"""A fact of a closure → the rule instances that conclude it.

The head of each plan is matched with the fact, and its body with the facts.

Knows: plans, and how a row concludes. Must not know: which instance is part of
a proof, or how the closure was computed.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from virtkg.reason.bodies import Bodies, Step
from virtkg.reason.factset import View
from virtkg.reason.match import Row, unify
from virtkg.reason.named import made_row
from virtkg.reason.plan import Make, Pattern, Plan
from virtkg.reason.terms import ANY, NONE, Fact, Terms


class Backwards:
    """Finds the instances of some plans among facts; those of a rule in `passing` that have axioms are left out."""

    def __init__(
        self, terms: Terms, facts: View, bodies: Bodies, plans: Iterable[Plan], passing: Container[str] = ()
    ) -> None:
        """Take plans, and the facts that they were closed under; `bodies` asks these."""
        self._terms = terms
        self._facts = facts
        self._bodies = bodies
        self._passing = passing
        self._heads: dict[int, list[tuple[Plan, Pattern]]] = {}
        self._same: dict[int, list[Plan]] = {}
        for plan in plans:
            for pattern in plan.head:
                self._heads.setdefault(pattern.relation, []).append((plan, pattern))

    def steps(self, fact: Fact) -> Iterator[Step]:
        """Yield the rule instances that conclude a fact."""
        for plan, pattern in (*self._heads.get(fact[0], ()), *self._heads.get(ANY, ())):
            row = [NONE] * plan.slots
            variants = self._variants(plan)
            if not variants or unify(self._facts, self._terms.type, pattern, fact, row) is None:
                continue
            for slot in _made_slots(plan):
                row[slot] = NONE
            for found in self._bodies.rows(plan, row):
                premises = self._bodies.premises(plan, found)
                if self._concludes(plan, pattern, found, premises) == fact:
                    for variant in variants:
                        yield Step(variant, tuple(found), premises)

    def _variants(self, plan: Plan) -> list[Plan]:
        """Return the plan once for each set of axioms that makes it."""
        found = self._same.get(id(plan))
        if found is None:
            rules = [
                rule for rule in (plan.rule, *plan.rule.others) if not rule.axioms or rule.name not in self._passing
            ]
            found = self._same[id(plan)] = [
                replace(plan, rule=rule, axioms=tuple(self._terms.facts(rule.axioms))) for rule in rules
            ]
        return found

    def _concludes(self, plan: Plan, pattern: Pattern, row: Row, premises: tuple[Fact, ...]) -> Fact | None:
        """Return what a row concludes: a literal in the form of the first premise that has it."""
        told = made_row(self._terms, plan, row) if plan.rule.makes_terms() else list(row)
        for matched, premise in reversed(list(zip(plan.body, premises, strict=True))):
            if len(matched.terms) == 2 and matched.terms[1] < 0:
                told[~matched.terms[1]] = premise[2]
        return self._bodies.conclusion(pattern, told)


def _made_slots(plan: Plan) -> list[int]:
    """Return the slots that a SET or a blank node of the head fills."""
    made = [stage.slot for stage in plan.stages if isinstance(stage, Make)]
    return made + [slot for slot, name in enumerate(plan.names) if name.startswith("_:")]

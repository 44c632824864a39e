"""Which facts are disputed, given an evaluation that holds the findings.

A conclusion stays firm if one way to it passes through no disputed fact. Most
were derived without any; for the others all ways are looked at, and the lowest
proofs come first (Knuth, Information Processing Letters 6, 1977).

Knows: the shape of a dispute in the graph, and how rules lead to a fact.
Must not know: which properties can be disputed (rules and vocabulary say so).
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from heapq import heappop, heappush
from itertools import count
from typing import Final

from pyoxigraph import NamedNode

from virtkg.namespaces import VKG
from virtkg.reason.backwards import Backwards
from virtkg.reason.bodies import Step
from virtkg.reason.factset import FactSet
from virtkg.reason.match import solve
from virtkg.reason.plan import Pattern
from virtkg.reason.run import Run
from virtkg.reason.terms import ANY, NONE, Fact, Terms, fact_of, of_class, of_property
from virtkg.record import record

DISPUTE: Final = NamedNode(VKG + "Dispute")
SUBJECT: Final = NamedNode(VKG + "disputedSubject")
PROPERTY: Final = NamedNode(VKG + "disputedProperty")
OBJECT: Final = NamedNode(VKG + "disputedObject")


@record
class Judged:
    """The steps to all inferred facts, and the facts, stated and inferred, that are disputed.

    The step to a fact that is not disputed uses no disputed fact.
    """

    steps: dict[Fact, Step]
    disputed: frozenset[Fact]


def judge(run: Run, terms: Terms) -> Judged:
    """Return the inferred facts of an evaluation with those that are disputed.

    What rests on a fact in dispute is disputed as well, unless it also follows
    without. To leave a fact out is not to deny it: a NOT still finds it.
    """
    steps = {fact: run.steps[fact] for fact in run.in_order()}
    at_issue = facts_at_issue(run.facts, terms)
    resting: dict[Fact, None] = {}
    for fact, step in steps.items() if at_issue else ():
        if fact not in at_issue and any(used in at_issue or used in resting for used in _used(step)):
            resting[fact] = None
    # A finding is what tells of a dispute, and not a part of it.
    dispute = of_class(terms.number(DISPUTE))
    findings = {subject for relation, subject, _ in steps if relation == dispute}
    doubted = [fact for fact in resting if fact[1] not in findings]
    firm = _firm(run, terms, at_issue, resting, doubted) if doubted else {}
    return Judged({**steps, **firm}, at_issue.union(fact for fact in doubted if fact not in firm))


def facts_at_issue(facts: FactSet, terms: Terms) -> frozenset[Fact]:
    """Return the facts that are a side of a dispute found among the facts."""
    of_subject, of_property_, of_object = (of_property(terms.number(part)) for part in (SUBJECT, PROPERTY, OBJECT))
    sides: set[Fact] = set()
    for dispute, subject in facts.pairs(of_subject):
        values = list(facts.objects(of_object, dispute))
        for property_ in facts.objects(of_property_, dispute):
            every = Pattern(ANY, (subject, property_, ~0))
            found = values or [value for (value,) in solve(facts, terms.type, (every,), [NONE])]
            sides.update(fact_of(terms.type, subject, property_, value) for value in found)
    return frozenset(fact for fact in sides if fact in facts)


def _used(step: Step) -> tuple[Fact, ...]:
    return step.plan.axioms + step.premises


def _firm(
    run: Run, terms: Terms, at_issue: frozenset[Fact], resting: Container[Fact], doubted: Iterable[Fact]
) -> dict[Fact, Step]:
    """Return a step, of a lowest proof, for each doubted fact that follows without those at issue."""
    firm: dict[Fact, Step] = {}
    heights: dict[Fact, int] = {}
    waiting: dict[Fact, list[tuple[Fact, Step]]] = {}
    found: list[tuple[int, int, Fact, Step]] = []
    order = count()

    def reach(fact: Fact, step: Step) -> None:
        """Keep a step for when all that it uses is firm."""
        missing = next((used for used in _used(step) if used in resting and used not in firm), None)
        if missing is not None:
            waiting.setdefault(missing, []).append((fact, step))
            return
        height = max((heights.get(used, run.facts.heights[used]) for used in _used(step)), default=0)
        heappush(found, (height, next(order), fact, step))

    ways = Backwards(terms, run.facts, run.bodies, run.plans)
    for fact in doubted:
        for step in ways.steps(fact):
            if at_issue.isdisjoint(_used(step)):
                reach(fact, step)
    while found:
        height, _, fact, step = heappop(found)
        if fact not in firm:
            firm[fact], heights[fact] = step, height + 1
            for other, later in waiting.pop(fact, ()):
                reach(other, later)
    return firm

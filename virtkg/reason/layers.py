"""Plans → layers of relations, each after all that it is derived from.

Knows: which relation a plan reads, denies and adds to.
Must not know: facts, or what becomes of a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from virtkg.reason.plan import Condition, Deny, Make, Pattern, Plan
from virtkg.reason.terms import ANY
from virtkg.rules.stratify import tarjan


@dataclass(frozen=True, slots=True)
class Layered:
    """A plan for one of the patterns of its head.

    `free` are the slots that only a denial has, `made` those that a SET or a
    blank node of the head fills; `undenied` is the plan without its denials.
    """

    plan: Plan
    head: Pattern
    undenied: Plan
    free: tuple[int, ...]
    made: tuple[int, ...]


@dataclass(slots=True)
class Layer:
    """Relations that depend on each other, with the plans that add to them.

    `premises` and `denials` are the patterns that read a relation, or deny its facts.
    """

    relations: frozenset[int]
    recursive: bool
    plans: list[Layered] = field(default_factory=list)
    premises: dict[int, list[tuple[Layered, Pattern]]] = field(default_factory=dict)
    denials: dict[int, list[tuple[Layered, Pattern]]] = field(default_factory=dict)

    def reads(self, relations: set[int]) -> bool:
        """Tell whether a change of some relations can change this layer."""
        return not (
            relations.isdisjoint(self.relations)
            and relations.isdisjoint(self.premises)
            and relations.isdisjoint(self.denials)
        )


def layers(plans: Sequence[Plan]) -> list[Layer] | None:
    """Return the layers in order; None if a plan has an open pattern, asks given facts, or makes fresh values."""
    if not all(map(_is_closed, plans)):
        return None
    heads = {pattern.relation for plan in plans for pattern in plan.head}
    known = sorted(heads.union(p.relation for plan in plans for p in (*plan.body, *_denied(plan))))
    places = {relation: place for place, relation in enumerate(known)}
    edges: list[set[int]] = [set() for _ in known]
    for plan in plans:
        reads = {places[pattern.relation] for pattern in (*plan.body, *_denied(plan))}
        for pattern in plan.head:
            edges[places[pattern.relation]] |= reads
    found: list[Layer] = []
    of: dict[int, Layer] = {}
    for members in tarjan([sorted(targets) for targets in edges]):
        layer = Layer(frozenset(known[m] for m in members), len(members) > 1 or members[0] in edges[members[0]])
        found.append(layer)
        of.update((relation, layer) for relation in layer.relations)
    for plan in plans:
        for head in plan.head:
            _put(of[head.relation], plan, head)
    return found


def _put(layer: Layer, plan: Plan, head: Pattern) -> None:
    made = {stage.slot for stage in plan.stages if isinstance(stage, Make)}
    made |= {slot for slot, name in enumerate(plan.names) if name.startswith("_:")}
    bound = made.union(slot for pattern in plan.body for slot in pattern.slots())
    undenied = replace(plan, stages=tuple(stage for stage in plan.stages if not isinstance(stage, Deny)))
    free = tuple(slot for slot in range(plan.slots) if slot not in bound)
    layered = Layered(plan, head, undenied, free, tuple(sorted(made)))
    layer.plans.append(layered)
    for pattern in plan.body:
        layer.premises.setdefault(pattern.relation, []).append((layered, pattern))
    for pattern in _denied(plan):
        layer.denials.setdefault(pattern.relation, []).append((layered, pattern))


def _denied(plan: Plan) -> Iterable[Pattern]:
    return [pattern for stage in plan.stages if isinstance(stage, Deny) for pattern in stage.patterns]


def _is_closed(plan: Plan) -> bool:
    if plan.rule.data or any(isinstance(stage, Deny) and stage.data for stage in plan.stages):
        return False
    if any(pattern.relation == ANY for pattern in (*plan.head, *plan.body, *_denied(plan))):
        return False
    return not any(_is_fresh(stage) for stage in plan.stages)


def _is_fresh(stage: object) -> bool:
    condition = stage.condition if isinstance(stage, Make) else stage
    return isinstance(condition, Condition) and condition.is_fresh()

"""One evaluation in plain Python: given facts, then what they make of the schema, then the rest.

Knows: which facts a derivation may add, and what a rule makes.
Must not know: when to start again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pyoxigraph import Triple

from virtkg.diagnostics import RuleError
from virtkg.namespaces import compact
from virtkg.reason.bodies import Asked, Bodies, Step
from virtkg.reason.compile import Key, NoiseOf, compile_rules, fact_keys
from virtkg.reason.factset import FactSet
from virtkg.reason.literals import Values
from virtkg.reason.named import made_row
from virtkg.reason.plan import Deny, Plan, Planner
from virtkg.reason.ranges import Ranges
from virtkg.reason.rounds import Rounds
from virtkg.reason.schema import SchemaFacts, about_schema, schema_relations
from virtkg.reason.terms import Fact, Terms, is_class
from virtkg.reason.work import Work
from virtkg.record import record
from virtkg.rules.specialise import list_facts
from virtkg.rules.stratify import Component, components
from virtkg.rules.syntax import Rule


@record
class Start:
    """What each start of an evaluation has in common.

    `findings` is the relation of contradictions; `absent_from` the facts that
    a NOT asks instead of those that follow; `data` those that WHERE DATA and
    NOT DATA ask.
    """

    terms: Terms
    values: Values
    given: list[Fact]
    blocked: frozenset[Fact]
    findings: int
    absent_from: FactSet | None
    data: tuple[FactSet, FactSet]
    work: Work


class Run:
    """An evaluation from the given facts and those inferred ones, `kept`, that decide which rules there are."""

    def __init__(self, start: Start, kept: dict[Fact, tuple[int, Step]], expected: Iterable[Key]) -> None:
        self.facts = FactSet(start.values, start.given)
        self._start = start
        self._terms = start.terms
        self._planner = Planner(start.terms)
        self._noise = NoiseOf(start.terms)
        self.ranges = Ranges(start.terms, start.values)
        self._expected = frozenset(expected)
        self._reached: set[Key] = set()
        self._evaluated: list[Plan] = []
        self._relations: frozenset[int] | None = None
        data, absent_data = start.data
        asked = Asked(self.facts, self.facts, data, absent_data)
        if start.absent_from is not None:
            asked = replace(asked, absent=start.absent_from)
        self._rounds = Rounds(self.facts, self._terms, asked, self._is_news, start.findings, self._made, start.work)
        self._schema = SchemaFacts(FactSet(start.values), self._terms, [])
        for fact, (height, step) in kept.items():
            self.facts.add(fact, height)
            self.steps[fact] = step

    @property
    def steps(self) -> dict[Fact, Step]:
        """The step that derived each inferred fact."""
        return self._rounds.steps

    @property
    def clashes(self) -> dict[Fact, Step]:
        """The step that found each contradiction."""
        return self._rounds.clashes

    @property
    def bodies(self) -> Bodies:
        """What finds the rows of plans over all facts."""
        return self._rounds.bodies

    @property
    def plans(self) -> list[Plan]:
        """The plans that were evaluated, but for those of rules about the schema, which come again as others."""
        return self._evaluated

    def in_order(self) -> list[Fact]:
        """Return the inferred facts, each after those that its step rests on."""
        return sorted(self.steps, key=self.facts.heights.__getitem__)

    def begin(self, first: Sequence[Rule], later: Sequence[Rule]) -> None:
        """Run the rules that no other can affect, DATA blocks and those with WHERE DATA, and find the lists.

        `later` are the other rules: what they can be specialised to is kept apart.
        """
        self._relations = schema_relations(later, self._terms)
        self._evaluated += self._plans(first)
        self._rounds.evaluate(self._evaluated, False)
        names = {rule.name for rule in first}
        made = [fact for fact, step in self.steps.items() if step.plan.rule.name in names]
        stated = (*self._start.given, *made)
        self.take_stated(stated, self.ranges.with_ill(stated))

    def take_stated(self, stated: Iterable[Fact], ill: Iterable[int]) -> None:
        """Find the lists and data ranges among stated facts: what follows of a cell, as another name, changes none.

        `ill` are the properties that have a literal which is not legal.
        """
        triples = [self._terms.triple(fact) for fact in stated if self._is_schema(fact)]
        self._fill(self._terms.facts(list_facts(triples)))
        self._fill(self.ranges.take(triples, ill))
        facts = FactSet(self._start.values)
        for fact, height in self.facts.heights.items():
            if self._is_schema(fact):
                facts.add(fact, height)
        self._schema = SchemaFacts(facts, self._terms, triples)

    def _is_schema(self, fact: Fact) -> bool:
        return self._relations is None or fact[0] in self._relations or fact[0] in self.facts.hidden

    def _fill(self, facts: Iterable[Fact]) -> None:
        """Add facts that are asked by name only."""
        for fact in facts:
            self.facts.hide((fact[0],))
            self.facts.add(fact)

    def take_schema(self, facts: Iterable[Fact], direct: Iterable[Fact] | None) -> None:
        """Take the facts of a schema that is saturated; see SchemaFacts for those that are direct."""
        for fact in facts:
            self.facts.add(fact)
            self._schema.facts.add(fact)
        self._schema.direct = None if direct is None else FactSet(self._start.values, direct)

    def saturate_schema(self, rules: Iterable[Rule]) -> None:
        """Run the rules that derive schema from schema, before anything is specialised."""
        asked = replace(self._rounds.asked, facts=self._schema.facts)
        rounds = replace(self._rounds, facts=self._schema.facts, asked=asked, steps={}, clashes={})
        for component in components(rule for rule in rules if about_schema(rule)):
            rounds.evaluate(self._plans(component.rules), component.recursive)
        for fact, step in rounds.steps.items():
            self.facts.add(fact, self._schema.facts.heights[fact])
            self.steps[fact] = step

    def specialise(self, rules: Sequence[Rule]) -> list[Rule]:
        """Return the specialised rules that the facts, or what rules make of them, can reach."""
        for fact in self.steps:
            if self._is_schema(fact):
                self._schema.facts.add(fact, self.facts.heights[fact])
        self._start.work.compilations += 1
        self._reached = self.keys() | self._expected
        special = compile_rules(rules, self._schema, self._reached)
        self._start.work.rules = len(special)
        self.ranges.ask(special)
        return special

    def is_settled(self) -> bool:
        """Tell whether to specialise again would give the same: nothing new is schema, or of a kind not reached."""
        known = self._schema.facts.heights
        return self.keys() <= self._reached and all(fact in known for fact in self.steps if self._is_schema(fact))

    def keys(self) -> set[Key]:
        """Return the keys of all facts."""
        found: set[Key] = set()
        for relation in self.facts.relations():
            found.update(fact_keys(self._terms.triple((relation, self._terms.type, self._terms.type))))
        return found

    def evaluate(self, component: Component) -> None:
        """Run a component of specialised rules to its fixpoint."""
        plans = self._plans(component.rules)
        self._evaluated += plans
        for relation, found in self.ranges.look():
            self.facts.hide((relation,))
            self.facts.add_members(relation, found)
        self._rounds.evaluate(plans, component.recursive)

    def _plans(self, rules: Iterable[Rule]) -> list[Plan]:
        plans = (self._planner.plan(rule) for rule in rules)
        return [plan for plan in plans if plan is not None]

    def _is_news(self, plan: Plan, fact: Fact) -> bool:
        if fact in self._start.blocked or (plan.rule.body and self._noise.holds(fact)):
            return False
        if is_class(fact[0]):
            return True
        # A given fact is not said again in another form of its literal.
        heights, (relation, subject, object_) = self.facts.heights, fact
        return all(heights.get((relation, subject, form)) != 0 for form in self._start.values.others(object_))

    def _made(self, plan: Plan, row: Sequence[int]) -> list[int]:
        return made_row(self._terms, plan, row)

    def support(self, axioms: Iterable[Triple]) -> dict[Fact, tuple[int, Step]]:
        """Return the inferred facts among some axioms, with all that they rest on."""
        needed: dict[Fact, tuple[int, Step]] = {}
        stack = self._terms.facts(axioms)
        while stack:
            fact = stack.pop()
            if fact in self.steps and fact not in needed:
                step = self.steps[fact]
                needed[fact] = self.facts.heights[fact], step
                stack += [*step.plan.axioms, *step.premises]
        return needed

    def check_schema(self, kept: dict[Fact, tuple[int, Step]]) -> None:
        """Refuse facts that were kept for a new start although what they deny came to hold.

        Raises RuleError (R303).
        """
        if self._start.absent_from is not None:
            return
        for fact, (_, step) in kept.items():
            denials = [stage for stage in step.plan.stages if isinstance(stage, Deny) and not stage.data]
            if any(self._rounds.bodies.denies(stage, step.row) for stage in denials):
                raise RuleError(
                    "R303",
                    f"{compact(step.plan.rule.name)} derives {self._terms.triple(fact)} by a NOT, "
                    "and what it denies follows from that fact",
                    hint="let the negated fact be derived by rules that do not need the conclusion",
                )

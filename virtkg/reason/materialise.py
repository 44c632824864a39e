"""Columns of facts + rules → their closure in columns.

Knows: the order of the steps, and when to start again.
Must not know: files, or how a component is evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from pyoxigraph import NamedNode

from virtkg.diagnostics import RuleError
from virtkg.namespaces import OWL, OWLRL
from virtkg.rdf.table import TYPED
from virtkg.reason.batches import Batches, Changed
from virtkg.reason.closed import Materialised
from virtkg.reason.closure import CLASH, by_what_they_ask
from virtkg.reason.columns import (
    EMPTY,
    FactColumns,
    Ids,
    Mask,
    among,
    columns_of,
    distinct,
    facts_of,
    merged,
    objects_of,
    pack,
    subjects_of,
    without,
)
from virtkg.reason.compile import Key, check_rules, contents, fact_keys, tells_apart
from virtkg.reason.equality import Equality
from virtkg.reason.factset import FactSet
from virtkg.reason.literals import Values
from virtkg.reason.named import made_row
from virtkg.reason.noise import Kinds, Noise
from virtkg.reason.plan import Deny, Match, Pattern, Plan, Planner, Stage
from virtkg.reason.ranges import Ranges
from virtkg.reason.run import Run, Start
from virtkg.reason.schema import about_schema, schema_relations
from virtkg.reason.terms import BUILT_IN, LITERAL, NONE, Fact, Terms, is_class, of_property, owner
from virtkg.reason.work import Work
from virtkg.rules import moment
from virtkg.rules.specialise import LIST_NODES, passing_on
from virtkg.rules.stratify import Component, components
from virtkg.rules.syntax import Atom, Rule

_SAME: Final = NamedNode(OWL + "sameAs")
_BY_REPRESENTATIVES: Final = tuple(OWLRL + name for name in ("eq-sym", "eq-trans", "eq-rep-s", "eq-rep-o"))
"""Rules that are not run: equal things have one representative, and facts are told of it only."""

Report = Callable[[str], None]


def materialise(
    terms: Terms, given: FactColumns, rules: Sequence[Rule], work: Work | None = None, report: Report | None = None
) -> Materialised:
    """Return the closure of facts under rules; `report` is told what is being done.

    Raises RuleError: R303 when the rules cannot be put in order, R305 when one derives what OWL's depend on.
    """
    check_rules(rules)
    closing = _Closing(terms, given, moment.pinned(rules), work or Work(), report or (lambda _: None))
    while not closing.attempt():
        pass
    return closing.result()


class _Closing:
    """The attempts at one closure: each begins with the schema facts that the one before inferred."""

    def __init__(self, terms: Terms, given: FactColumns, rules: Sequence[Rule], work: Work, report: Report) -> None:
        self._terms, self._given = terms, given
        self._first, self._later = by_what_they_ask(rules)
        self._work, self._report = work, report
        self._wanted = schema_relations(self._later, terms)
        self._planner = Planner(terms)
        self._values = Values(terms.table)
        self._seen = 0
        self._kinds = Kinds(terms.table)
        self._findings = of_property(terms.number(CLASH))
        names = {rule.name for rule in self._later}
        own = [rule for rule in self._later if not rule.name.startswith(OWLRL)]
        by_one = names.issuperset(_BY_REPRESENTATIVES) and not any(map(tells_apart, own))
        self._same = of_property(terms.number(_SAME)) if by_one else NONE
        self._ranges: Ranges | None = None
        self._kept: list[Fact] = []
        self._expected: set[Key] = set()
        self._plans: list[tuple[Plan, ...]] = []
        self._facts = self._first_facts = given
        self._learn()

    def attempt(self) -> bool:
        """Compute the closure; tell whether the rules it was computed with are those that it leads to."""
        self._begin()
        run = self._schema_run()
        before = set(run.facts.heights)
        special = run.specialise(self._later)
        self._ranges = run.ranges
        self._report(f"{len(special)} rules after specialising them to the schema")
        for component in components(special):
            self._evaluate(component)
        if before.issuperset(self._schema_facts()) and not any(rule.makes_terms() for rule in special):
            return self._is_founded()
        again = self._schema_run().specialise(self._later)
        if contents(again) == contents(special):
            return self._is_founded()
        known = self._kept, self._expected
        self._kept = [fact for fact in self._schema_facts() if fact not in self._given and not self._is_list(fact)]
        self._expected = self._expected | self._fact_keys()
        assert known != (self._kept, self._expected), "an attempt that learns nothing would be repeated for ever"
        return False

    def _is_founded(self) -> bool:
        """Tell that what was kept for a new start follows, although a NOT may deny it by now.

        Raises RuleError (R303) if it does not.
        """
        plans = [plan for part in self._plans for plan in part]
        if not any(isinstance(stage, Deny) and not stage.data for plan in plans for stage in plan.stages):
            return True
        for relation, column in columns_of(self._kept):
            left = self._of_representatives(relation, column)
            # What is given of an equal thing needs no rule.
            left = without(left, self._of_representatives(relation, self._given.column(relation)))
            if not is_class(relation):
                left = left[~np.isin(objects_of(left), objects_of(self._literals))]
            for plan in plans:
                for known, told in self._batches.told(plan) if any(h.relation == relation for h in plan.head) else ():
                    left = without(left, told) if known == relation else left
            if len(left):
                fact = self._terms.triple(facts_of(relation, left)[0])
                raise RuleError(
                    "R303",
                    f"{fact} is derived by way of a NOT, and what that denies follows from it",
                    hint="let the negated fact be derived by rules that do not need the conclusion",
                )
        return True

    def result(self) -> Materialised:
        """Return the closure of the last attempt."""
        findings = FactColumns(self._terms.type)
        found = self._batches.found.get(self._findings, EMPTY)
        findings.put(self._findings, self._equality.expand_pairs(found))
        parts = self._terms, self._given, self._first_facts, self._facts, findings, self._equality
        equals = self._planned(rule for rule in self._later if rule.name in _BY_REPRESENTATIVES)
        passing = self._planned(passing_on(self._later))
        schema = self._schema_relations() | {self._same}
        plans = tuple(self._plans), tuple(equals), tuple(passing)
        assert self._ranges is not None
        return Materialised(
            *parts,
            *plans,
            same=self._same,
            finding=self._findings,
            schema=schema,
            values=self._values,
            ranges=self._ranges,
            noise=self._batches.noise,
            work=self._work,
        )

    def _begin(self) -> None:
        self._facts = self._given.copy()
        self._literals = EMPTY
        self._size_told = 0
        self._equality = Equality(self._is_built_in)
        self._plans = []
        noise = Noise(self._terms, self._kinds, self._equality)
        apart = frozenset({self._findings, self._same})
        self._batches = Batches(
            self._facts, self._given, self._terms, noise, self._equality, apart, self._made, self._learn, self._work
        )
        self._ranges = None
        plans = self._planned(self._first)
        self._plans.append(tuple(plans))
        self._learn()
        self._batches.evaluate(plans, False)
        self._first_facts = self._facts.copy()
        self._stated, self._ill = self._schema_facts(), self._with_ill()
        self._add(self._kept)
        kept = [column for relation, column in columns_of(self._kept) if relation == self._same]
        stated = self._given.column(self._same), self._batches.found.pop(self._same, EMPTY)
        self._merge(distinct(np.concatenate((*stated, *kept))))

    def _is_built_in(self, numbers: Ids) -> Mask:
        mask: Mask = (self._kinds.of(numbers) & np.uint8(BUILT_IN)) != 0
        return mask

    def _schema_run(self) -> Run:
        """Return the schema facts, saturated by the rules about the schema alone; what these infer is added."""
        terms, values = self._terms, self._values
        nothing = FactSet(values)
        start = Start(
            terms, values, self._schema_facts(), frozenset(), self._findings, None, (nothing, nothing), self._work
        )
        run = Run(start, {}, self._fact_keys() | self._expected)
        run.take_stated(self._stated, self._ill)
        self._facts.hide(run.facts.hidden)
        self._add(run.facts.heights)
        for component in components(rule for rule in self._later if about_schema(rule)):
            plans = [self._by_representatives(plan) for plan in self._planned(component.rules)]
            self._batches.evaluate(plans, component.recursive)
        schema = self._schema_facts()
        run.take_schema(schema, self._direct(schema))
        return run

    def _direct(self, schema: Iterable[Fact]) -> list[Fact] | None:
        """Return the schema without what is only a path of others; None where equal things hide what is."""
        if self._equality.members:
            return None
        wanted = self._schema_relations()
        columns = ((r, column) for r, column in self._batches.paths.items() if r in wanted)
        paths = {fact for relation, column in columns for fact in facts_of(relation, column)}
        return [fact for fact in schema if fact not in paths]

    def _with_ill(self) -> list[int]:
        """Return the properties that have a literal which is not legal."""
        ill = np.array(self._values.ill, dtype=np.int64)
        properties = [relation for relation in self._facts.relations() if len(ill) and not is_class(relation)]
        return [r for r in properties if np.isin(objects_of(self._facts.column(r)), ill).any()]

    def _schema_facts(self) -> list[Fact]:
        """Return the facts that schema atoms can match, equal things included."""
        wanted = self._schema_relations()
        found: list[Fact] = []
        for relation in self._facts.relations():
            if relation in wanted:
                found += facts_of(relation, self._schema_column(relation))
        return found

    def _schema_relations(self) -> frozenset[int]:
        wanted = self._wanted
        return frozenset(self._facts.relations()) if wanted is None else wanted

    def _schema_column(self, relation: int) -> Ids:
        if relation == self._same:
            # Of equal things only properties and classes are schema.
            pairs = self._equality.pairs()
            return pairs[among(subjects_of(pairs), self._owners())]
        column = self._facts.column(relation)
        if not self._equality.members:
            return column
        expand = self._equality.expand_members if is_class(relation) else self._equality.expand_pairs
        told, stated = expand(column), self._first_facts.column(relation)
        return merged(stated, self._batches.noise.said(relation, told[~among(told, stated)]))

    def _owners(self) -> Ids:
        """Return the properties and classes that have or are expected to have facts."""
        number = self._terms.table.get
        expected = (number((class_ or f"<{predicate}>").encode()) for predicate, class_ in self._expected)
        known = {owner(relation) for relation in self._facts.relations()}
        return np.array(sorted(known.union(n for n in expected if n is not None)), dtype=np.int64)

    def _is_list(self, fact: Fact) -> bool:
        return self._terms.term(owner(fact[0])) in LIST_NODES and not is_class(fact[0])

    def _fact_keys(self) -> set[Key]:
        type_, found = self._terms.type, set[Key]()
        for relation in self._facts.relations():
            found.update(fact_keys(self._terms.triple((relation, type_, type_))))
        return found

    def _add(self, facts: Iterable[Fact]) -> None:
        for relation, column in columns_of(facts):
            told = self._of_representatives(relation, column)
            self._facts.add(relation, told[~among(told, self._facts.column(relation))])

    def _of_representatives(self, relation: int, column: Ids) -> Ids:
        of = self._equality.of
        return distinct(of(column) if is_class(relation) else pack(of(subjects_of(column)), of(objects_of(column))))

    # Components.

    def _evaluate(self, component: Component) -> None:
        plans = self._planned(rule for rule in component.rules if not self._is_equality(rule))
        self._plans.append(tuple(plans))
        self._learn()
        told = [self._by_representatives(plan) for plan in plans]
        self._batches.evaluate(told, component.recursive)
        while changed := self._merge(self._batches.found.pop(self._same, EMPTY)) or self._tell_literals():
            before, told = told, [self._by_representatives(plan) for plan in plans]
            # A constant that has another name now matches facts that did not change.
            renewed = tuple(new for new, old in zip(told, before, strict=True) if new != old)
            self._batches.evaluate(told, True, Changed(changed, renewed))

    def _is_equality(self, rule: Rule) -> bool:
        """Tell whether representatives stand for a rule; one about equal classes or properties is run."""
        generic = any(atom.predicate == _SAME for atom in rule.body if isinstance(atom, Atom))
        return self._same != NONE and generic and rule.name in _BY_REPRESENTATIVES

    def _planned(self, rules: Iterable[Rule]) -> list[Plan]:
        plans = (self._planner.plan(rule) for rule in rules)
        return [plan for plan in plans if plan is not None]

    def _by_representatives(self, plan: Plan) -> Plan:
        if not self._equality.members:
            return plan
        return replace(
            plan,
            head=tuple(map(self._pattern, plan.head)),
            body=tuple(map(self._pattern, plan.body)),
            stages=tuple(map(self._stage, plan.stages)),
        )

    def _pattern(self, pattern: Pattern) -> Pattern:
        terms = tuple(term if term < 0 else self._equality.one(term) for term in pattern.terms)
        return Pattern(pattern.relation, terms)

    def _stage(self, stage: Stage) -> Stage:
        if isinstance(stage, Match | Deny):
            return replace(stage, patterns=tuple(map(self._pattern, stage.patterns)))
        return stage

    def _merge(self, pairs: Ids) -> dict[int, Ids]:
        """Take pairs as equal and tell every fact of representatives; return the facts that this made.

        A literal can represent nothing, since no fact has it as subject: what has a thing as its object has
        the literal that equals it as well, and no more.
        """
        literal = (self._kinds.of(objects_of(pairs)) & LITERAL) != 0
        known = len(self._literals)
        self._literals = distinct(np.concatenate((self._literals, pairs[literal])))
        ends = distinct(self._equality.of(np.concatenate((subjects_of(pairs), objects_of(pairs)))))
        if not self._equality.merge(pairs[~literal]) and len(self._literals) == known:
            return {}
        renamed = ends[self._equality.of(ends) != ends]
        before = {relation: self._facts.column(relation) for relation in self._facts.relations()}
        for relation, column in before.items():
            if _has(relation, column, renamed):
                self._facts.put(relation, self._of_representatives(relation, column))
        same = self._equality.representatives()
        # That a thing equals itself is told only where it is given.
        given = self._of_representatives(self._same, self._given.column(self._same))
        self._facts.put(self._same, distinct(np.concatenate((pack(same, same), given, self._literals))))
        self._size_told = -1
        self._tell_literals()
        columns = ((relation, self._facts.column(relation)) for relation in self._facts.relations())
        news = ((relation, column, before.get(relation, EMPTY)) for relation, column in columns)
        return {relation: column[~among(column, old)] for relation, column, old in news if column is not old}

    def _tell_literals(self) -> dict[int, Ids]:
        """Say of what has a thing as its object that it has the literals that equal it; return the facts this made."""
        made: dict[int, Ids] = {}
        if not len(self._literals) or len(self._facts) == self._size_told:
            return made
        self._literals = self._of_representatives(self._same, self._literals)
        things, literals = subjects_of(self._literals), objects_of(self._literals)
        for relation in self._facts.relations():
            if is_class(relation) or relation == self._same:
                continue
            pairs = self._facts.inverse(relation)
            starts, ends = np.searchsorted(pairs, things << 32), np.searchsorted(pairs, (things + 1) << 32)
            found = starts < ends
            if found.any():
                ranges = zip(starts[found], ends[found], strict=True)
                places = np.concatenate([np.arange(start, end) for start, end in ranges])
                told = distinct(pack(objects_of(pairs[places]), np.repeat(literals, ends - starts)))
                made[relation] = told[~among(told, self._facts.column(relation))]
                self._facts.add(relation, made[relation])
        self._size_told = len(self._facts)
        return {relation: news for relation, news in made.items() if len(news)}

    def _made(self, plan: Plan, row: Sequence[int]) -> list[int]:
        return made_row(self._terms, plan, row)

    def _learn(self) -> None:
        """Look for other forms of a value among new terms, and for the data ranges that they are in."""
        marks = np.frombuffer(bytes(self._terms.table.marks[self._seen :]), dtype=np.uint8)
        typed = np.flatnonzero(marks & np.uint8(TYPED)).tolist()
        for number in typed:
            self._values.first(self._seen + number)
        self._seen += len(marks)
        for relation, members in self._ranges.look() if self._ranges is not None else ():
            self._facts.hide((relation,))
            known = self._facts.column(relation)
            self._facts.put(relation, distinct(np.concatenate((known, np.array(members, dtype=np.int64)))))
        if typed and (table := self._values.table()):
            first = np.arange(self._seen, dtype=np.int64)
            for number, form in table.items():
                first[number] = form
            self._facts.learn(first)
            self._given.learn(first)


def _has(relation: int, column: Ids, things: Ids) -> bool:
    """Tell whether a column has a fact about some things."""
    if is_class(relation):
        return bool(among(things, column).any())
    starts, ends = np.searchsorted(column, things << 32), np.searchsorted(column, (things + 1) << 32)
    return bool((starts < ends).any() or np.isin(objects_of(column), things).any())

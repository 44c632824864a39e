"""Facts + rules → closure: what follows, and how each new fact was derived.

Rules are specialised to the schema and ordered into components, and each
component runs to its fixpoint, so that a negation is only asked of facts that
are complete. Facts that decide which specialised rules there are lead to a
new start.

Knows: the shape of a closure, and the order of its steps.
Must not know: the domain, single rules, sources, or files.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple, Variable

from virtkg.namespaces import OWLRL
from virtkg.rdf.table import TermTable
from virtkg.reason.bodies import Step
from virtkg.reason.compile import Key, check_rules, contents
from virtkg.reason.factset import FactSet, set_of
from virtkg.reason.literals import Values
from virtkg.reason.run import Run, Start
from virtkg.reason.terms import Fact, Terms, of_property
from virtkg.reason.work import Work
from virtkg.rules import moment
from virtkg.rules.rows import absent_patterns
from virtkg.rules.stratify import components
from virtkg.rules.syntax import Rule

CLASH: Final = NamedNode(OWLRL + "clash")
"""Predicate of the finding that a rule whose conclusion is false has fired."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """One way to derive a fact.

    `rule` is the rule's IRI; `premises` are facts, schema axioms first;
    `absent` are the patterns that matched nothing: triple patterns (N-Triples
    with ?variables) and FILTERs, joined by " . "; one that begins with "DATA "
    matched none of the facts as they were given.
    """

    rule: str
    premises: tuple[Triple, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closure:
    """What follows from facts under rules, without the facts themselves.

    `inferred` maps each new fact to a derivation whose premises are facts or
    come earlier in the mapping, and no proof of it is higher than the one that
    these derivations make has to be; `clashes` are the findings that facts
    cannot all be true.
    """

    inferred: dict[Triple, Derivation]
    clashes: dict[Triple, Derivation]


def close(
    facts: Iterable[Triple],
    rules: Sequence[Rule],
    blocked: frozenset[Triple] = frozenset(),
    *,
    absent_from: Iterable[Triple] | None = None,
    data: Iterable[Triple] | None = None,
    work: Work | None = None,
) -> Closure:
    """Return the closure of facts under rules; facts in `blocked` are never derived.

    With `absent_from`, a NOT asks those facts in place of the ones that follow.
    With `data`, WHERE DATA asks only those of the facts that are among them,
    and NOT DATA asks them all; without, both ask the facts. `work` counts.
    Raises RuleError: R303 when the rules cannot be put in order, R305 when one derives what OWL's depend on.
    """
    check_rules(rules)
    terms = Terms(TermTable())
    values = Values(terms.table)
    first, later = by_what_they_ask(moment.pinned(rules))
    given = terms.facts(sorted(set(facts), key=str))
    denied = None if absent_from is None else set_of(terms.facts(asked_by_not(absent_from, rules)), values)
    start = Start(
        terms,
        values,
        given,
        frozenset(terms.facts(blocked)),
        of_property(terms.number(CLASH)),
        denied,
        _data(given, data, rules, terms, values),
        work or Work(),
    )
    kept: dict[Fact, tuple[int, Step]] = {}
    expected: set[Key] = set()
    while True:
        run = Run(start, kept, expected)
        run.begin(first, later)
        run.saturate_schema(later)
        special = run.specialise(later)
        for component in components(special, negation=denied is None):
            run.evaluate(component)
        again = run.specialise(later)
        if contents(again) == contents(special):
            run.check_schema(kept)
            return _closure(run, terms)
        kept = run.support(axiom for rule in again for axiom in rule.axioms)
        # A SET can make a predicate or a class that no fact or head has shown before.
        expected |= run.keys()


def _closure(run: Run, terms: Terms) -> Closure:
    heights = run.facts.heights
    ordered = sorted(run.steps, key=heights.__getitem__)
    hidden = run.facts.hidden
    inferred = {terms.triple(fact): _derivation(run.steps[fact], terms, hidden) for fact in ordered}
    clashes = {terms.triple(fact): _derivation(step, terms, hidden) for fact, step in run.clashes.items()}
    return Closure(inferred, clashes)


def _derivation(step: Step, terms: Terms, hidden: Container[int]) -> Derivation:
    rule = step.plan.rule
    premises = [*rule.axioms, *(terms.triple(fact) for fact in step.premises if fact[0] not in hidden)]
    row = {name: terms.term(value) for name, value in zip(step.plan.names, step.row, strict=True) if value >= 0}
    return Derivation(rule.name, tuple(dict.fromkeys(premises)), absent_patterns(rule, row))


def _data(
    given: list[Fact], data: Iterable[Triple] | None, rules: Iterable[Rule], terms: Terms, values: Values
) -> tuple[FactSet, FactSet]:
    """Return the facts that WHERE DATA asks and those that NOT DATA asks."""
    if not any(rule.data or any(part.data for part in rule.negations()) for rule in rules):
        return FactSet(values), FactSet(values)
    if data is None:
        every = set_of(given, values)
        return every, every
    asked = set_of(terms.facts(data), values)
    return set_of([fact for fact in given if fact in asked], values), asked


def by_what_they_ask(rules: Iterable[Rule]) -> tuple[tuple[Rule, ...], list[Rule]]:
    """Part the rules that no other can affect, DATA blocks and those with WHERE DATA, from the rest.

    A rule with an empty head is left out.
    """
    known = [rule for rule in rules if rule.head]
    first = tuple(rule for rule in known if rule.data or not rule.body)
    return first, [rule for rule in known if not rule.data and rule.body]


def asked_by_not(facts: Iterable[Triple], rules: Iterable[Rule]) -> frozenset[Triple]:
    """Return the facts that a NOT of some rules could find, where it does not ask given facts only."""
    negations = [part for rule in rules if not rule.data for part in rule.negations() if not part.data]
    predicates = {atom.predicate for part in negations for atom in part.atoms}
    if any(isinstance(predicate, Variable) for predicate in predicates):
        return frozenset(facts)
    return frozenset(fact for fact in facts if fact.predicate in predicates)

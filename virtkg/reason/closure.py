"""Facts + rules → closure: what follows, and how each new fact was derived.

Rules are specialised to the schema and ordered into components, and each
component runs to its fixpoint, so that a negation is only asked of facts that
are complete. Facts that decide which specialised rules there are lead to a
new start.

Knows: the shape of a closure, and the order of its steps.
Must not know: the domain, single rules, sources, or files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Generic, TypeVar

from pyoxigraph import NamedNode, Triple, Variable

from virtkg.namespaces import OWLRL
from virtkg.rdf.table import TermTable
from virtkg.reason.bodies import Step
from virtkg.reason.compile import Key, check_rules, contents
from virtkg.reason.factset import FactSet
from virtkg.reason.literals import Values
from virtkg.reason.run import Run, Start
from virtkg.reason.terms import Fact, Terms, of_property, terms_of
from virtkg.reason.work import Work
from virtkg.record import record
from virtkg.rules import moment
from virtkg.rules.rows import absent_patterns
from virtkg.rules.stratify import components
from virtkg.rules.syntax import Rule

CLASH: Final = NamedNode(OWLRL + "clash")
"""Predicate of the finding that a rule whose conclusion is false has fired."""


_Any = TypeVar("_Any")


@record
class Derivation(Generic[_Any]):
    """One way to derive a fact.

    `rule` is the rule's IRI; `premises` are facts, schema axioms first;
    `absent` are the patterns that matched nothing: triple patterns (N-Triples
    with ?variables) and FILTERs, joined by " . "; one that begins with "DATA "
    matched none of the facts as they were given.
    """

    rule: str
    premises: tuple[_Any, ...]
    absent: tuple[str, ...]


@record
class Closure:
    """What follows from facts under rules, without the facts themselves.

    `inferred` maps each new fact to a derivation whose premises are facts or
    come earlier in the mapping, and no proof of it is higher than the one that
    these derivations make has to be; `clashes` are the findings that facts
    cannot all be true.
    """

    inferred: dict[Triple, Derivation[Triple]]
    clashes: dict[Triple, Derivation[Triple]]


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
    terms = Terms(TermTable())
    run = evaluate(
        terms,
        terms.in_order(facts),
        rules,
        blocked=frozenset(terms.facts(blocked)),
        absent_from=None if absent_from is None else terms.facts(asked_by_not(absent_from, rules)),
        data=None if data is None else terms.facts(data),
        work=work,
    )
    inferred = {fact: run.steps[fact] for fact in run.in_order()}
    return Closure(_triples(inferred, run, terms), _triples(run.clashes, run, terms))


def evaluate(
    terms: Terms,
    given: list[Fact],
    rules: Sequence[Rule],
    *,
    blocked: frozenset[Fact] = frozenset(),
    absent_from: Iterable[Fact] | None = None,
    data: Iterable[Fact] | None = None,
    work: Work | None = None,
) -> Run:
    """Return the evaluation of rules over given facts; see `close`, which does the same for triples."""
    check_rules(rules)
    values = Values(terms.table)
    first, later = by_what_they_ask(moment.pinned(rules))
    start = Start(
        terms,
        values,
        given,
        blocked,
        of_property(terms.number(CLASH)),
        None if absent_from is None else FactSet(values, absent_from),
        _data(given, data, rules, values),
        work or Work(),
    )
    kept: dict[Fact, tuple[int, Step]] = {}
    expected: set[Key] = set()
    while True:
        run = Run(start, kept, expected)
        run.begin(first, later)
        run.saturate_schema(later)
        special = run.specialise(later)
        for component in components(special, negation=absent_from is None):
            run.evaluate(component)
        again = special if run.is_settled() else run.specialise(later)
        if again is special or contents(again) == contents(special):
            run.check_schema(kept)
            return run
        kept = run.support(axiom for rule in again for axiom in rule.axioms)
        # A SET can make a predicate or a class that no fact or head has shown before.
        expected |= run.keys()


def numbered(
    steps: Mapping[Fact, Step], run: Run, terms: Terms
) -> dict[tuple[int, int, int], Derivation[tuple[int, int, int]]]:
    """Return the derivations of some facts, each as the numbers of its terms, in order."""
    type_ = terms.type
    return {
        terms_of(type_, fact): Derivation(
            step.plan.rule.name, tuple([terms_of(type_, premise) for premise in used]), absent
        )
        for fact, step, used, absent in _told(steps, run, terms)
    }


def _triples(steps: Mapping[Fact, Step], run: Run, terms: Terms) -> dict[Triple, Derivation[Triple]]:
    return {
        terms.triple(fact): Derivation(step.plan.rule.name, tuple(map(terms.triple, used)), absent)
        for fact, step, used, absent in _told(steps, run, terms)
    }


def _told(
    steps: Mapping[Fact, Step], run: Run, terms: Terms
) -> Iterator[tuple[Fact, Step, tuple[Fact, ...], tuple[str, ...]]]:
    """Yield facts and their steps, each with what it rests on (but for what the engine fills in) and what is absent."""
    hidden, term = run.facts.hidden, terms.term
    denying: dict[int, bool] = {}
    for fact, step in steps.items():
        plan = step.plan
        used = tuple(dict.fromkeys((*plan.axioms, *[fact for fact in step.premises if fact[0] not in hidden])))
        if id(plan) not in denying:
            denying[id(plan)] = bool(plan.rule.negations())
        absent: tuple[str, ...] = ()
        if denying[id(plan)]:
            row = {name: term(value) for name, value in zip(plan.names, step.row, strict=True) if value >= 0}
            absent = absent_patterns(plan.rule, row)
        yield fact, step, used, absent


def _data(
    given: list[Fact], data: Iterable[Fact] | None, rules: Iterable[Rule], values: Values
) -> tuple[FactSet, FactSet]:
    """Return the facts that WHERE DATA asks and those that NOT DATA asks."""
    if not any(rule.data or any(part.data for part in rule.negations()) for rule in rules):
        return FactSet(values), FactSet(values)
    if data is None:
        every = FactSet(values, given)
        return every, every
    asked = FactSet(values, data)
    return FactSet(values, [fact for fact in given if fact in asked]), asked


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

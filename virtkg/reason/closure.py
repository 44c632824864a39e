"""Facts + rules → closure: what follows, and how each new fact was derived.

Rules are specialised to the schema, ordered into components, and each
component runs as SPARQL queries to its fixpoint, so that a negation is only
asked of facts that are complete.

Knows: the shape of a closure, rounds, what counts as noise.
Must not know: the domain, single rules, sources, or files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple, Variable

from virtkg.diagnostics import RuleError
from virtkg.namespaces import OWL, OWLRL, RDF, RDFS, XSD, compact
from virtkg.reason.literals import Forms
from virtkg.rules import moment
from virtkg.rules.rows import DATA, Row, absent_patterns, instantiate, made_things, names
from virtkg.rules.sparql import GIVEN, Asked, rows_of
from virtkg.rules.specialise import LIST, Vocabulary, list_facts, specialise
from virtkg.rules.stratify import Component, components
from virtkg.rules.syntax import Atom, AtomTerm, Rule

CLASH: Final = NamedNode(OWLRL + "clash")
"""Predicate of the finding that a rule whose conclusion is false has fired."""

_DEFAULT: Final = DefaultGraph()
_ABSENT: Final = NamedNode(OWLRL + "absent-from")
_ABSENT_DATA: Final = NamedNode(OWLRL + "absent-from-data")
_TYPE: Final = NamedNode(RDF + "type")
_BUILT_IN: Final = (OWL, RDF, RDFS, XSD)
_REFLEXIVE: Final = frozenset(
    {OWL + "sameAs", OWL + "equivalentClass", OWL + "equivalentProperty", RDFS + "subClassOf", RDFS + "subPropertyOf"}
)


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
    come earlier in the mapping; `clashes` are the findings that facts cannot
    all be true.
    """

    inferred: dict[Triple, Derivation]
    clashes: dict[Triple, Derivation]


def close(
    facts: Iterable[Triple],
    rules: Sequence[Rule],
    blocked: frozenset[Triple] = frozenset(),
    absent_from: Iterable[Triple] | None = None,
    data: Iterable[Triple] | None = None,
) -> Closure:
    """Return the closure of facts under rules; facts in `blocked` are never derived.

    With `absent_from`, a NOT asks those facts in place of the ones that follow.
    With `data`, WHERE DATA asks only those of the facts that are among them,
    and NOT DATA asks them all; without, both ask the facts.
    Facts that decide which specialised rules there are lead to a new start.
    Raises RuleError (R303) when the rules cannot be put in order.
    """
    given = sorted(set(facts), key=str)
    asked = None if absent_from is None else asked_by_not(absent_from, rules)
    now = Literal(datetime.now(UTC).isoformat(timespec="milliseconds"), datatype=NamedNode(XSD + "dateTime"))
    first, later = _by_what_they_ask(moment.at(rules, now))
    schema: dict[Triple, Derivation] = {}
    keys: set[tuple[str, str]] = set()
    while True:
        run = _Run(given, schema, blocked, asked, None if data is None else frozenset(data), frozenset(keys))
        run.begin(first, rules)
        run.saturate_schema(later)
        special = run.specialise(later)
        for component in components(special, negation=asked is None):
            run.evaluate(component)
        again = run.specialise(later)
        if _contents(again) == _contents(special):
            run.check_schema()
            return run.closure()
        schema = run.support(axiom for rule in again for axiom in rule.axioms)
        # A SET can make a predicate or a class that no fact or head has shown before.
        keys |= run.keys


def _by_what_they_ask(rules: Iterable[Rule]) -> tuple[tuple[Rule, ...], list[Rule]]:
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


def is_noise(fact: Triple) -> bool:
    """Tell whether a fact holds in every graph or says nothing that a reader could use.

    These are: x equal to or part of itself; everything is a Thing; an IRI is a
    number or text; what holds of the terms of RDF, RDFS, OWL and XSD themselves.
    """
    subject, predicate, object_ = fact.subject, fact.predicate, fact.object
    if not isinstance(subject, NamedNode) or subject.value.startswith(_BUILT_IN):
        return True
    if predicate.value in _REFLEXIVE and subject == object_:
        return True
    return isinstance(object_, NamedNode) and _is_idle(Atom(subject, predicate, object_))


def _quads(facts: Iterable[Triple], graph: DefaultGraph | NamedNode) -> Iterator[Quad]:
    return (Quad(fact.subject, fact.predicate, fact.object, graph) for fact in facts)


def _contents(rules: Iterable[Rule]) -> set[tuple[object, ...]]:
    return {rule.content() for rule in rules}


@dataclass(slots=True)
class _Run:
    """One evaluation: the facts so far, in a store and in Python."""

    given: list[Triple]
    schema: dict[Triple, Derivation]
    blocked: frozenset[Triple]
    absent_from: frozenset[Triple] | None
    data: frozenset[Triple] | None
    expected: frozenset[tuple[str, str]]
    inferred: dict[Triple, Derivation] = field(default_factory=dict)
    clashes: dict[Triple, Derivation] = field(default_factory=dict)
    store: ox.Store = field(default_factory=ox.Store)
    known: set[Triple] = field(default_factory=set)
    keys: set[tuple[str, str]] = field(default_factory=set)
    forms: Forms = field(default_factory=Forms)
    asked: Asked = field(default_factory=Asked)

    def begin(self, first: tuple[Rule, ...], rules: Iterable[Rule]) -> None:
        """Take the given facts and run the rules that ask no others; `rules` are all there are."""
        self.inferred |= self.schema
        self._add(self.given)
        self._add(self.schema)
        if any(rule.data or any(part.data for part in rule.negations()) for rule in rules):
            self._keep_given()
        if self.absent_from is not None:
            self.store.extend(_quads(self.absent_from, _ABSENT))
        absent = "" if self.absent_from is None else str(_ABSENT)
        self.asked = Asked(absent, str(GIVEN), str(GIVEN if self.data is None else _ABSENT_DATA))
        self.evaluate(Component(first, False))
        of_first = {rule.name for rule in first}
        made = [fact for fact, how in self.inferred.items() if how.rule in of_first]
        self.store.extend(_quads(list_facts([*self.given, *made]), _DEFAULT))

    def _keep_given(self) -> None:
        """Put the facts that WHERE DATA and NOT DATA ask into graphs of their own."""
        given = self.given if self.data is None else [fact for fact in self.given if fact in self.data]
        self.store.extend(_quads([*given, *list_facts(given)], GIVEN))
        self.store.extend(_quads(self.data or (), _ABSENT_DATA))

    def _add(self, facts: Iterable[Triple]) -> None:
        new = [fact for fact in facts if fact not in self.known]
        self.known.update(new)
        self.store.extend(_quads(new, _DEFAULT))
        for fact in new:
            self.forms.add(fact)
            self.keys.update(_fact_keys(fact))

    def saturate_schema(self, rules: Sequence[Rule]) -> None:
        """Run the rules that derive schema from schema, before anything is specialised.

        A rule with NOT waits until all that it denies is known.
        """
        about_schema = tuple(
            rule
            for rule in rules
            if all(isinstance(a.predicate, NamedNode) and a.predicate.value.startswith((OWL, RDFS)) for a in rule.head)
            and all(isinstance(a.predicate, NamedNode) for a in rule.atoms())
            and not rule.negations()
            and not any(a.predicate == NamedNode(OWL + "sameAs") for a in rule.head)
        )
        for component in components(about_schema):
            self.evaluate(component)

    def specialise(self, rules: Sequence[Rule]) -> list[Rule]:
        """Return the specialised rules that the facts, or what rules make of them, can reach."""
        reached = self.keys | self.expected
        while True:
            before = len(reached)
            vocabulary = Vocabulary(
                frozenset(NamedNode(predicate) for predicate, class_ in reached if not class_),
                frozenset(NamedNode(class_[1:-1]) for _, class_ in reached if class_.startswith("<")),
            )
            special = [
                rule
                for rule in specialise(rules, self.store, vocabulary)
                if not all(_is_idle(atom) for atom in rule.head)
            ]
            live = _reachable(special, reached)
            if len(reached) == before:
                return live

    def evaluate(self, component: Component) -> None:
        """Run the rules of a component until a round finds nothing new."""
        while True:
            found: dict[Triple, Derivation] = {}
            for rule in component.rules:
                if _can_match(rule, self.keys):
                    self._run(rule, found)
            self.inferred |= found
            self._add(found)
            if not found or not component.recursive:
                return

    def _run(self, rule: Rule, found: dict[Triple, Derivation]) -> None:
        projected = names(rule)
        solutions = self.store.query(rows_of(rule, projected, self.asked))
        assert isinstance(solutions, ox.QuerySolutions)
        rows = [{name: row[name] for name in projected if row[name] is not None} for row in solutions]
        head, makes_terms = self._head_as_written(rule), rule.makes_terms()
        for row in sorted(rows, key=lambda row: [str(row.get(name)) for name in projected]):
            written = self._as_written(rule, row)
            if makes_terms:
                written = made_things(rule, head, written)
            for atom in head:
                fact = instantiate(atom, written)
                if fact is None or self._holds(fact) or fact in found or fact in self.blocked:
                    continue
                if rule.body and is_noise(fact):
                    continue
                how = Derivation(rule.name, self._premises(rule, row), absent_patterns(rule, written))
                if fact.predicate == CLASH:
                    self.clashes.setdefault(fact, how)
                else:
                    found[fact] = how

    def _holds(self, fact: Triple) -> bool:
        return fact in self.known or self.forms.stored(fact) in self.known or self.forms.written(fact) is not None

    def _fact(self, fact: Triple) -> Triple:
        """Return the fact that the store does not tell from this one."""
        if fact in self.known:
            return fact
        stored = self.forms.stored(fact)
        return stored if stored in self.known else self.forms.written(stored) or fact

    def _head_as_written(self, rule: Rule) -> tuple[Atom, ...]:
        """Return the head with each literal that came from an axiom as the axiom writes it."""
        forms = {axiom.object: self._fact(axiom).object for axiom in rule.axioms if isinstance(axiom.object, Literal)}
        if not forms:
            return rule.head
        return tuple(Atom(atom.subject, atom.predicate, _term(forms, atom.object)) for atom in rule.head)

    def _as_written(self, rule: Rule, row: Row) -> Row:
        """Return a row with each literal as the first premise that has it writes it."""
        if not any(isinstance(term, Literal) for term in row.values()):
            return row
        written = dict(row)
        for atom in reversed(rule.atoms()):
            fact = instantiate(atom, row)
            if fact is not None and isinstance(atom.object, Variable) and isinstance(fact.object, Literal):
                value = self._fact(fact).object
                assert isinstance(value, Literal)
                written[atom.object.value] = value
        return written

    def _premises(self, rule: Rule, row: Row) -> tuple[Triple, ...]:
        facts = [*rule.axioms, *(instantiate(atom, row) for atom in rule.atoms())]
        return tuple(
            dict.fromkeys(
                self._fact(fact) for fact in facts if fact is not None and not fact.predicate.value.startswith(LIST)
            )
        )

    def support(self, axioms: Iterable[Triple]) -> dict[Triple, Derivation]:
        """Return the inferred facts among some axioms, with all that they rest on, in order."""
        needed: set[Triple] = set()
        stack = [self._fact(axiom) for axiom in axioms]
        while stack:
            fact = stack.pop()
            if fact in self.inferred and fact not in needed:
                needed.add(fact)
                stack += self.inferred[fact].premises
        return {fact: how for fact, how in self.inferred.items() if fact in needed}

    def check_schema(self) -> None:
        """Refuse facts that were kept for a new start although what they deny came to hold.

        Raises RuleError (R303).
        """
        for fact, how in self.schema.items():
            if self.absent_from is None and self._any_holds(how.absent):
                raise RuleError(
                    "R303",
                    f"{compact(how.rule)} derives {fact} by a NOT, and what it denies follows from that fact",
                    hint="let the negated fact be derived by rules that do not need the conclusion",
                )

    def _any_holds(self, patterns: Iterable[str]) -> bool:
        asked = (pattern for pattern in patterns if not pattern.startswith(DATA))
        return any(self.store.query(f"ASK {{ {pattern} }}") for pattern in asked)

    def closure(self) -> Closure:
        return Closure(dict(self.inferred), dict(self.clashes))


def _reachable(rules: list[Rule], reached: set[tuple[str, str]]) -> list[Rule]:
    """Return the rules that can fire, and add to `reached` the keys that they make."""
    live: dict[int, Rule] = {}
    size = -1
    while size != len(live):
        size = len(live)
        for index, rule in enumerate(rules):
            if index not in live and _can_match(rule, reached):
                live[index] = rule
                for atom in rule.head:
                    reached.update(_fact_keys(atom))
    return [live[index] for index in sorted(live)]


def _can_match(rule: Rule, keys: set[tuple[str, str]]) -> bool:
    """Tell whether every pattern of the body has a fact of its predicate and class."""
    for atom in rule.atoms():
        if isinstance(atom.predicate, NamedNode) and not atom.predicate.value.startswith(LIST):
            is_class = atom.predicate.value == RDF + "type" and isinstance(atom.object, NamedNode)
            if (atom.predicate.value, str(atom.object) if is_class else "") not in keys:
                return False
    return True


def _fact_keys(fact: Triple | Atom) -> Iterator[tuple[str, str]]:
    if isinstance(fact.predicate, NamedNode):
        yield fact.predicate.value, ""
    if fact.predicate == _TYPE and isinstance(fact.object, NamedNode):
        yield _TYPE.value, str(fact.object)


def _is_idle(atom: Atom) -> bool:
    """Tell whether whatever a head atom derives is noise."""
    if not isinstance(atom.object, NamedNode):
        return False
    if atom.object.value in (OWL + "Thing", RDFS + "Resource", RDFS + "Literal"):
        return True
    return atom.predicate == _TYPE and atom.object.value.startswith(XSD)


def _term(forms: dict[Any, Any], term: AtomTerm) -> AtomTerm:
    found = forms.get(term, term)
    return found if isinstance(found, Literal) else term

"""What rules mean: the closure agrees with the draft's own algorithm and with SPARQL, on generated rule sets.

The evaluator here is written from the draft (evaluation of a rule and of a
rule set, stratification) and shares no code with the closure: it goes through
all facts for each pattern, and asks pyoxigraph for one value at a time.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pyoxigraph as ox
import pytest
import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple, Variable
from rdflib.compare import isomorphic

from virtkg.diagnostics import RuleError
from virtkg.namespaces import GENID, RDF, XSD
from virtkg.reason.closure import close
from virtkg.rules.parse import parse_rule_set, parse_rules
from virtkg.rules.sparql import GIVEN, construct
from virtkg.rules.stratify import components
from virtkg.rules.syntax import Assignment, Atom, Element, Expression, Negation, Rule
from virtkg.rules.unify import may_match

COUNT: Final = 1500
E: Final = "https://example.org/"
PREFIX: Final = f"PREFIX : <{E}>\n"
_NUMBERS = itertools.count()
Row = dict[str, Any]
Fact = tuple[Any, Any, Any]


# ---- the evaluator of the draft


def evaluate(given: Iterable[Triple], rules: tuple[Rule, ...]) -> set[Fact]:
    """Return the inference graph."""
    base = {(fact.subject, fact.predicate, fact.object) for fact in given}
    every = base | {_ground(atom, {}) for rule in rules if not rule.body for atom in rule.head}
    for stratum in strata([rule for rule in rules if rule.body]):
        for rule in (rule for rule in stratum if runs_once(rule)):
            every |= conclusions(rule, every, base)
        while new := {f for r in stratum if not runs_once(r) for f in conclusions(r, every, base)} - every:
            every |= new
    return every - base


def runs_once(rule: Rule) -> bool:
    nodes = [term for atom in rule.head for term in parts(atom) if isinstance(term, BlankNode)]
    return bool(nodes) or any(isinstance(element, Assignment) for element in rule.body)


def strata(rules: list[Rule]) -> list[list[Rule]]:
    """Return the rules by their least stratum; they can be stratified."""
    level = dict.fromkeys(range(len(rules)), 0)
    changed = True
    while changed:
        changed = False
        for one, other in itertools.product(level, level):
            needs = closed_or_open(rules[one], rules[other])
            if needs is not None and level[one] < level[other] + needs:
                level[one], changed = level[other] + needs, True
                assert level[one] <= len(rules)
    return [[rules[n] for n in level if level[n] == height] for height in range(len(rules) + 1)]


def closed_or_open(one: Rule, other: Rule) -> int | None:
    """Return 1 for a closed dependency, 0 for an open one, None for none."""
    if one.data:
        return None
    denied = [atom for part in one.negations() if not part.data for atom in part.atoms]
    if meets(denied, other) or (runs_once(one) and meets(one.atoms(), other)):
        return 1
    return 0 if meets(one.atoms(), other) else None


def meets(patterns: Iterable[Atom], rule: Rule) -> bool:
    return any(may_match(pattern, made) for pattern in patterns for made in rule.head)


def conclusions(rule: Rule, every: set[Fact], base: set[Fact]) -> set[Fact]:
    asked = base if rule.data else every
    found: set[Fact] = set()
    for row in rows(rule.body, [{}], asked, base):
        nodes: dict[str, NamedNode] = {}
        for atom in rule.head:
            fact = _ground(atom, row, nodes)
            # RDF has no literals as subjects or predicates, and the closure says nothing of RDF's own terms.
            if isinstance(fact[0], NamedNode) and isinstance(fact[1], NamedNode) and not fact[0].value.startswith(RDF):
                found.add(fact)
    if runs_once(rule):
        return found
    return found - every


def rows(body: Iterable[Element], start: list[Row], asked: set[Fact], base: set[Fact]) -> list[Row]:
    found = start
    for element in body:
        match element:
            case Atom():
                found = [new for row in found for fact in asked if (new := match(element, fact, row)) is not None]
            case Expression():
                found = [row for row in found if value(f"IF({element.text}, true, false)", row) == Literal(True)]
            case Negation():
                graph = base if element.data else asked
                found = [row for row in found if not rows(element.body, [row], graph, base)]
            case Assignment():
                made = [(row, value(element.expression.text, row)) for row in found]
                found = [{**row, element.variable.value: term} for row, term in made if term is not None]
    return found


def match(atom: Atom, fact: Fact, row: Row) -> Row | None:
    new = dict(row)
    for term, found in zip(parts(atom), fact, strict=True):
        if isinstance(term, Variable):
            if new.setdefault(term.value, found) != found:
                return None
        elif term != found:
            return None
    return new


def value(text: str, row: Row) -> object:
    """Return the value of an expression, None for an error."""
    names = [name for name in row if f"?{name}" in text]
    heads, terms = " ".join(f"?{name}" for name in names), " ".join(str(row[name]) for name in names)
    return asked_value(f"SELECT ({text} AS ?result) WHERE {{ VALUES ({heads}) {{ ({terms}) }} }}")


@cache
def asked_value(query: str) -> object:
    return next(iter(ox.Store().query(query)))["result"]  # type: ignore[arg-type, index, call-overload]


def parts(atom: Atom) -> tuple[Any, Any, Any]:
    return atom.subject, atom.predicate, atom.object


def _ground(atom: Atom, row: Row, nodes: dict[str, NamedNode] | None = None) -> Fact:
    def ground(term: Any) -> Any:
        if isinstance(term, BlankNode):
            assert nodes is not None
            return nodes.setdefault(term.value, NamedNode(f"{GENID}draft/{next(_NUMBERS)}"))
        return row[term.value] if isinstance(term, Variable) else term

    subject, predicate, object_ = (ground(term) for term in parts(atom))
    return subject, predicate, object_


# ---- comparing graphs


def graph(facts: Iterable[Fact]) -> rdflib.Graph:
    """Return facts as a graph; an IRI that stands for a blank node becomes one."""
    found = rdflib.Graph()
    for fact in facts:
        found.add(tuple(term(part) for part in fact))
    return found


def term(part: Any) -> rdflib.term.Node:
    if isinstance(part, BlankNode):
        return rdflib.BNode(part.value)
    if isinstance(part, NamedNode):
        name = part.value
        return (
            rdflib.BNode(name.removeprefix(GENID).replace("/", "-")) if name.startswith(GENID) else rdflib.URIRef(name)
        )
    return rdflib.Literal(part.value, datatype=rdflib.URIRef(part.datatype.value))


def of(facts: Iterable[Triple]) -> rdflib.Graph:
    return graph((fact.subject, fact.predicate, fact.object) for fact in facts)


def by_construct(given: list[Triple], rules: Iterable[Rule]) -> rdflib.Graph:
    """Return what the CONSTRUCTs of rules that are in order, none recursive, add to given facts."""
    store = ox.Store()
    for place in (DefaultGraph(), GIVEN):
        store.extend(Quad(fact.subject, fact.predicate, fact.object, place) for fact in given)
    for rule in rules:
        answer = store.query(construct(rule))
        assert isinstance(answer, ox.QueryTriples)
        store.extend([Quad(fact.subject, fact.predicate, fact.object, DefaultGraph()) for fact in answer])
    found = (quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph()))
    return of(fact for fact in found if fact not in given)


# ---- generated rule sets


class World:
    """Facts and a rule set that a number stands for. The object of rdf:type is always an IRI."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        facts = {self._fact() for _ in range(self._random.randint(5, 12))}
        self.given = [quad.triple for quad in ox.parse(PREFIX + " ".join(sorted(facts)), format=ox.RdfFormat.TURTLE)]
        self.text = PREFIX + "\n".join(self._statement() for _ in range(self._random.randint(2, 4)))

    def _one(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _chance(self, part: float) -> bool:
        return self._random.random() < part

    def _link(self, *objects: str) -> str:
        """A predicate and an object."""
        if self._chance(0.2):
            return self._one("a :C", "a :D")
        return f"{self._one(':p', ':q', ':r')} {self._one(*objects)}"

    def _fact(self) -> str:
        return f"{self._one(':a', ':b', ':c')} {self._link(':a', ':b', ':c', '1', '2')} ."

    def _pattern(self, *names: str) -> str:
        subject, object_ = (self._one(*names, *names, *names, ":a") for _ in range(2))
        choice = self._random.random()
        if choice < 0.07:
            return f"{subject} {self._one('?p', '?p', '?y')} {object_} ."
        if choice < 0.17:
            return f"{subject} {self._one(':p/:q', '^:r', ':p/^:p', '^(:q/:r)', 'a/^a')} {object_} ."
        if choice < 0.25:
            return f"{self._one('_:n', '[]')} {self._link(object_)} ."
        if choice < 0.3:
            return f"{subject} a ?c ."
        return f"{subject} {self._link(object_, object_, object_, '1')} ."

    def _statement(self) -> str:
        if self._chance(0.1):
            return f"DATA {{ {self._fact()} {self._fact()} }}"
        body = [self._pattern("?x", "?y") for _ in range(self._random.randint(1, 2))]
        if self._chance(0.5):
            inner = self._pattern("?x", "?w") + self._one("", "", " FILTER(?x != :a)")
            body.insert(self._random.randint(0, len(body)), f"NOT {self._one('', 'DATA')} {{ {inner} }}")
        known = [name for name in ("?x", "?y") if name in " ".join(body)] or [":a"]
        if self._chance(0.25):
            one = self._one(*known)
            body.append(f"FILTER({self._one(f'{one} != :a', f'{one} > 1', f'isLITERAL({one})', f'{one} = :b || 1/0')})")
        if self._chance(0.25):
            one = self._one(*known)
            body.append(f"SET(?v := {self._one(f'{one} + 1', ':a', f'IRI(CONCAT(STR({one}), STR(1)))', '1/0', one)})")
            known += ["?v", "?v"]
        made = self._one("[]", "_:k", f"[ :q {self._one(*known, '1')} ]", f"( {self._one(*known, ':a')} 1 )")
        link = self._link(*known, ":a", "1") if self._chance(0.85) else self._link(made)
        head = f"{self._one(*known, ':a') if self._chance(0.9) else '_:k'} {link} ."
        return f"RULE {{ {head} }} WHERE {self._one('', '', '', 'DATA')} {{ {' '.join(body)} }}"

    def rules(self) -> tuple[Rule, ...] | None:
        """Return the rules, None if they are not well-formed or cannot be stratified."""
        try:
            rules = parse_rules(self.text, "world.srl")
            components(rules)
        except RuleError as error:
            assert error.code in ("R302", "R303"), error.message
            return None
        return rules


@cache
def worlds() -> list[tuple[World, tuple[Rule, ...]]]:
    found: list[tuple[World, tuple[Rule, ...]]] = []
    for seed in itertools.count():
        world = World(seed)
        rules = world.rules()
        if rules is not None:
            found.append((world, rules))
        if len(found) == COUNT:
            return found
    raise AssertionError


def same(world: World, rules: tuple[Rule, ...]) -> bool:
    return isomorphic(of(close(world.given, rules).inferred), graph(evaluate(world.given, rules)))


def test_the_closure_is_that_of_the_draft() -> None:
    for world, rules in worlds():
        assert same(world, rules), f"{world.text}\n{world.given}"


def test_worlds_have_everything_in_them() -> None:
    """Each construct is in rules that fire, and rules feed others."""
    found: Counter[str] = Counter()
    for world, rules in worlds():
        fired = {how.rule for how in close(world.given, rules).inferred.values()}
        found["several"] += len(fired) > 1
        found["recursive"] += any(component.recursive for component in components(rules))
        for rule in rules:
            if rule.name in fired:
                found["DATA"] += not rule.body
                found["WHERE DATA"] += rule.data
                found["NOT"] += any(not part.data for part in rule.negations())
                found["NOT DATA"] += any(part.data for part in rule.negations())
                found["FILTER"] += any(isinstance(element, Expression) for element in rule.body)
                found["SET"] += any(isinstance(element, Assignment) for element in rule.body)
                found["blank"] += any(atom.makes_things() for atom in rule.head)
    assert len(found) == 9 and min(found.values()) > 50, found


CHANGES: Final = {
    "WHERE DATA": lambda rule: replace(rule, data=False),
    "NOT DATA": lambda rule: replace(rule, body=tuple(map(without_data, rule.body))),
    "NOT": lambda rule: replace(rule, body=tuple(e for e in rule.body if not isinstance(e, Negation))),
    "FILTER": lambda rule: replace(rule, body=tuple(e for e in rule.body if not isinstance(e, Expression))),
    "blank": lambda rule: replace(rule, head=tuple(atom for atom in rule.head if not atom.makes_things())),
}


def without_data(element: Element) -> Element:
    return replace(element, data=False) if isinstance(element, Negation) else element


@pytest.mark.parametrize("change", CHANGES)
def test_a_wrong_closure_would_be_noticed(change: str) -> None:
    """An engine that overlooked a construct would find other facts, or a cycle where there is none."""
    differing = 0
    for world, rules in worlds():
        wrong = tuple(CHANGES[change](rule) for rule in rules)
        try:
            differing += not isomorphic(of(close(world.given, wrong).inferred), graph(evaluate(world.given, rules)))
        except RuleError as error:
            assert error.code == "R303"
            differing += 1
    assert differing > 10


def test_construct_finds_the_same() -> None:
    """Where no rule is recursive, each CONSTRUCT is asked once, in order."""
    asked = 0
    for world, rules in worlds():
        ordered = components(rules)
        if not any(component.recursive for component in ordered):
            asked += 1
            found = by_construct(world.given, [rule for component in ordered for rule in component.rules])
            assert isomorphic(found, of(close(world.given, rules).inferred)), f"{world.text}\n{world.given}"
    assert asked > COUNT / 2


# ---- which triples match which patterns

TERMS: Final = [NamedNode(E + "a"), NamedNode(E + "p"), Literal("1"), BlankNode("b0")]


def could_match(pattern: Atom, made: Atom) -> bool:
    """Try all triples over a few terms, more than two atoms can name."""
    universe = [NamedNode(E + name) for name in ("a", "p", "new", "newer", "newest")] + [Literal("1"), BlankNode("b0")]
    names = sorted({variable.value for variable in made.variables()})
    for values in itertools.product(universe, repeat=len(names)):
        row = dict(zip(names, values, strict=True))
        fact = tuple(row[term.value] if isinstance(term, Variable) else term for term in parts(made))
        if match(pattern, fact, {}) is not None:  # type: ignore[arg-type]
            return True
    return False


def test_matching_is_unification() -> None:
    found: Counter[bool] = Counter()
    choices = random.Random(1)
    names = [Variable(name) for name in "xyz"]
    for _ in range(3000):
        pattern = Atom(*(choices.choice([*names, *TERMS[:3]]) for _ in range(3)))
        made = Atom(*(choices.choice([*names, *TERMS]) for _ in range(3)))
        assert may_match(pattern, made) == could_match(pattern, made), (pattern, made)
        found[may_match(pattern, made)] += 1
    assert min(found[True], found[False]) > 500


def test_matching_within_triple_terms() -> None:
    def atom(text: str) -> Atom:
        (rule,) = parse_rule_set(f"{PREFIX} RULE {{ }} WHERE {{ {text} }}", "t.srl").rules
        return rule.atoms()[0]

    assert may_match(atom("?x :p <<( ?y :q 1 )>>"), atom("?x :p <<( :a ?q ?x )>>"))
    assert not may_match(atom("?x :p <<( ?y :q ?y )>>"), atom("?x :p <<( :a :q :b )>>"))
    assert may_match(atom("?x :p ?x"), atom("?x :p <<( :a :q ?z )>>"))
    assert not may_match(atom("?x :p ?x"), atom("?x :p <<( ?x :q ?z )>>"))


def test_numbers_that_the_store_does_not_tell_apart_match() -> None:
    def number(text: str, kind: str) -> Atom:
        return Atom(Variable("x"), TERMS[1], Literal(text, datatype=NamedNode(kind)))

    integer = number("1", XSD + "integer")
    assert may_match(integer, number("01", XSD + "byte")) and may_match(integer, number("odd", XSD + "date"))
    assert not may_match(integer, number("2", XSD + "integer"))
    assert not may_match(integer, number("01", XSD + "string"))
    assert not may_match(number("1", E + "own"), number("01", E + "own"))

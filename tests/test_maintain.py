"""A closure that is kept right equals one that is computed anew, whatever comes and goes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph as ox
import pytest
from pyoxigraph import Triple

from virtkg.inputs import rule_files
from virtkg.rdf.table import TermTable
from virtkg.reason.columns import FactColumns, columns_of, facts_of
from virtkg.reason.maintain import Change, Maintained
from virtkg.reason.materialise import materialise
from virtkg.reason.terms import Fact, Terms
from virtkg.rules.parse import parse_rules, read_rules
from virtkg.rules.syntax import Rule

PREFIXES: Final = """PREFIX : <https://example.org/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
SCHEMA: Final = """
:Host rdfs:subClassOf :Machine . :Guest rdfs:subClassOf :Machine . :Host owl:disjointWith :Guest .
:runsOn rdfs:domain :Guest ; rdfs:range :Host ; owl:inverseOf :runs ; rdfs:subPropertyOf :near .
:near a owl:SymmetricProperty . :partOf a owl:TransitiveProperty .
:inSite owl:propertyChainAxiom ( :runsOn :partOf ) .
:Busy owl:onProperty :runs ; owl:someValuesFrom :Guest .
:BusyHost owl:intersectionOf ( :Host :Busy ) .
:seed a :Host , :Guest , :Machine , :Spare , :Known ; :runsOn :seed2 ; :near :seed2 ; :partOf :seed2 ; :level 1 .
"""
"""The last line gives each relation a fact that stays, so that no rule comes or goes with the others."""

RULES: Final = (
    PREFIXES
    + """
RULE :spare { ?x a :Spare } WHERE { ?x a :Host NOT { ?x :runs ?y } }
RULE :lonely { ?x a :Lonely } WHERE { ?x a :Spare NOT { ?x :near ?y . ?y a :Spare FILTER(?y != ?x) } }
RULE :reach { ?x :reaches ?z } WHERE { ?x :near ?y . ?y :reaches ?z }
RULE :reach0 { ?x :reaches ?y } WHERE { ?x :near ?y }
RULE :above { ?x :level ?m } WHERE { ?x :partOf ?y . ?y a :Spare SET(?m := 2 + 3) }
RULE :noted { ?x :note [ :about ?y ] } WHERE { ?x :runsOn ?y NOT { ?y a :Lonely } }
"""
)
THINGS: Final = [f":t{number}" for number in range(7)]
OWL: Final = tuple(read_rules(rule_files()[0]))


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)]


def named(text: str) -> list[Triple]:
    """Return the facts of a text with its blank nodes named."""
    return [_named(triple) for triple in triples(text)]


def _named(triple: Triple) -> Triple:
    ends = [
        ox.NamedNode(f"https://example.org/cell/{e.value}") if isinstance(e, ox.BlankNode) else e
        for e in (triple.subject, triple.object)
    ]
    return Triple(ends[0], triple.predicate, ends[1])


def columns(terms: Terms, facts: Iterable[Fact]) -> FactColumns:
    made = FactColumns(terms.type)
    for relation, column in columns_of(facts):
        made.put(relation, column)
    return made


def contents(closed: object) -> set[Fact]:
    parts = ((closed, closed.relations()), (closed.findings, closed.findings.relations()))  # type: ignore[attr-defined]
    return {
        fact
        for part, relations in parts
        for relation in relations
        for fact in facts_of(relation, part.column(relation))
    }


def findings(bench: Bench) -> set[Fact]:
    found = bench.kept.closed.findings
    return {fact for relation in found.relations() for fact in facts_of(relation, found.column(relation))}


class Bench:
    """A maintained closure beside the facts that it should be the closure of."""

    def __init__(self, rules: Sequence[Rule], start: Iterable[Triple]) -> None:
        self.terms = Terms(TermTable())
        self.rules = rules
        self.given = set(self.terms.facts(start))
        self.kept = Maintained(self.terms, columns(self.terms, self.given), rules)

    def add(self, facts: Iterable[Triple]) -> Change:
        numbered = self.terms.facts(facts)
        self.given.update(numbered)
        return self.kept.add(numbered)

    def remove(self, facts: Iterable[Triple]) -> Change:
        numbered = self.terms.facts(facts)
        self.given.difference_update(numbered)
        return self.kept.remove(numbered)

    def right(self) -> set[Fact]:
        return contents(materialise(self.terms, columns(self.terms, self.given), self.rules))


def some_facts(chance: random.Random) -> list[Triple]:
    one, other = chance.choice(THINGS), chance.choice(THINGS)
    kind = chance.choice(
        (
            f"a {chance.choice((':Host', ':Guest', ':Spare', ':Known'))}",
            f":runsOn {other}",
            f":partOf {other}",
            f":partOf {other}",
            f":near {other}",
        )
    )
    return triples(f"{one} {kind} .")


def rules() -> tuple[Rule, ...]:
    return (*OWL, *parse_rules(RULES, "own.srl"))


def test_a_thousand_changes_equal_computing_anew() -> None:
    chance = random.Random(11)
    bench = Bench(rules(), named(SCHEMA))
    anew = 0
    for number in range(1000):
        facts = [fact for _ in range(chance.randint(1, 3)) for fact in some_facts(chance)]
        before = contents(bench.kept.closed) if number % 10 == 0 else None
        change = bench.add(facts) if chance.random() < 0.55 else bench.remove(facts)
        anew += change.anew
        if before is not None and not change.anew:
            after = contents(bench.kept.closed)
            assert (after - before, before - after) == (change.added, change.removed)
        if number % 4 == 0:
            assert contents(bench.kept.closed) == bench.right(), number
    assert contents(bench.kept.closed) == bench.right()
    assert anew == 0


def test_what_changes_the_schema_or_equality_is_computed_anew() -> None:
    bench = Bench(rules(), named(SCHEMA + ":t1 :runsOn :t2 . :t2 a :Known ."))
    assert not bench.add(triples(":t3 :runsOn :t2 .")).anew
    for text in (
        ":Known rdfs:subClassOf :Listed .",
        ":t1 owl:sameAs :t3 .",
        ":t1 :unheard :t2 .",
        ":level rdfs:range :Level .",
    ):
        assert bench.add(triples(text)).anew
        assert contents(bench.kept.closed) == bench.right()
        assert bench.remove(triples(text)).anew == (":unheard" not in text)
        assert contents(bench.kept.closed) == bench.right()
    assert not bench.remove(triples(":t3 :runsOn :t2 .")).anew
    assert contents(bench.kept.closed) == bench.right()


def test_an_equality_that_a_change_leads_to_is_noticed() -> None:
    bench = Bench(
        OWL, triples(":p a owl:FunctionalProperty . :s :p :a . :x :p :y . :q a owl:AsymmetricProperty . :a :q :y .")
    )
    assert bench.add(triples(":x :p :b .")).anew
    assert contents(bench.kept.closed) == bench.right()
    assert bench.remove(triples(":x :p :b .")).anew
    assert contents(bench.kept.closed) == bench.right()


def test_contradictions_come_and_go() -> None:
    bench = Bench(rules(), named(SCHEMA.replace(":Host , :Guest ,", ":Host ,") + ":t1 a :Host . :t2 :runsOn :t1 ."))
    before = findings(bench)
    change = bench.add(triples(":t1 a :Guest ."))
    assert not change.anew and contents(bench.kept.closed) == bench.right()
    assert findings(bench) > before
    bench.remove(triples(":t1 a :Guest ."))
    assert findings(bench) == before


def test_adding_what_is_there_and_removing_what_is_not_changes_nothing() -> None:
    bench = Bench(rules(), named(SCHEMA + ":t1 :runsOn :t2 ."))
    before = contents(bench.kept.closed)
    nothing = Change(frozenset(), frozenset(), False)
    assert bench.add(triples(":t1 :runsOn :t2 .")) == nothing
    assert bench.remove(triples(":t5 :runsOn :t6 .")) == nothing
    assert bench.remove(triples(":t1 :near :t2 .")) == nothing, "what is inferred cannot be taken away"
    assert bench.add(triples(":t1 :near :t2 .")) == nothing, "it was inferred, and is given now as well"
    assert bench.remove(triples(":t1 :runsOn :t2 .")).removed
    assert bench.terms.fact(triples(":t1 :near :t2 .")[0]) in bench.kept
    bench.remove(triples(":t1 :near :t2 ."))
    bench.add(triples(":t1 :runsOn :t2 ."))
    assert contents(bench.kept.closed) == before


@pytest.mark.parametrize("size", [3, 3000])
def test_a_change_of_any_size_is_right(size: int) -> None:
    bench = Bench(rules(), named(SCHEMA))
    many = [fact for number in range(size) for fact in triples(f":g{number} :runsOn :h{number % 97} .")]
    assert bench.add(many).anew == (size > 1000)
    assert contents(bench.kept.closed) == bench.right()
    bench.remove(many[: size // 2])
    assert contents(bench.kept.closed) == bench.right()

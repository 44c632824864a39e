"""HermiT, a reasoner for all of OWL 2 DL, finds right what the closures of generated ontologies say.

Each ontology is in OWL 2 DL (declared, and with no complex property where DL
allows only simple ones). Where there is a contradiction, HermiT must find it
inconsistent; where there is none, it must be consistent, and adding that any
one of the inferred facts is false must make it inconsistent.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple
from test_hermit import hermit, needs_java

from virtkg.inputs import rule_files
from virtkg.namespaces import OWL, RDF
from virtkg.reason.closure import Closure, close
from virtkg.rules.parse import read_rules
from virtkg.rules.syntax import Rule

SEEDS: Final = range(40)
E: Final = "https://example.org/"
HEAD: Final = f"@prefix : <{E}> . @prefix owl: <{OWL}> . @prefix rdf: <{RDF}> .\n" + (
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)
CLASSES: Final = [":A", ":B", ":C", ":D", ":F"]
SIMPLE: Final = [":p", ":q"]
COMPLEX: Final = [":t", ":s"]
KINDS: Final = ["Functional", "InverseFunctional", "Symmetric", "Asymmetric"]
THINGS: Final = [":a", ":b", ":c", ":d", ":e"]
DECLARED: Final = (
    "".join(f"{name} a owl:Class . " for name in CLASSES)
    + "".join(f"{name} a owl:ObjectProperty . " for name in SIMPLE + COMPLEX)
    + "".join(f"{name} a owl:NamedIndividual . " for name in THINGS)
    + ":t a owl:TransitiveProperty . :s owl:propertyChainAxiom ( :p :t ) .\n"
)
TYPE, SAME = NamedNode(RDF + "type"), NamedNode(OWL + "sameAs")


class Ontology:
    """What a number stands for, in Turtle."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        axioms = [self._axiom() for _ in range(self._chance.randint(7, 11))]
        facts = [self._fact() for _ in range(self._chance.randint(8, 14))]
        self.text = "\n".join([HEAD + DECLARED, *axioms, *facts])

    def _one(self, *choices: str) -> str:
        return self._chance.choice(choices)

    def _class(self) -> str:
        return self._one(*CLASSES)

    def _property(self) -> str:
        return self._one(*SIMPLE, *COMPLEX)

    def _body(self) -> str:
        """A class expression that may stand on the left."""
        restriction = f"[ a owl:Restriction ; owl:onProperty {self._property()} ;"
        return self._one(
            self._class(),
            f"{restriction} owl:someValuesFrom {self._class()} ]",
            f"{restriction} owl:hasValue {self._one(*THINGS)} ]",
            f"[ a owl:Class ; owl:intersectionOf ( {self._class()} {self._class()} ) ]",
            f"[ a owl:Class ; owl:unionOf ( {self._class()} {self._class()} ) ]",
        )

    def _head(self) -> str:
        """A class expression that may stand on the right."""
        restriction = f"[ a owl:Restriction ; owl:onProperty {self._property()} ;"
        simple = f"[ a owl:Restriction ; owl:onProperty {self._one(*SIMPLE)} ;"
        number = '"1"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>'
        return self._one(
            self._class(),
            f"{restriction} owl:allValuesFrom {self._class()} ]",
            f"{restriction} owl:hasValue {self._one(*THINGS)} ]",
            f"{simple} owl:maxCardinality {number} ]",
            f"{simple} owl:maxQualifiedCardinality {number} ; owl:onClass {self._class()} ]",
            f"[ a owl:Class ; owl:complementOf {self._class()} ]",
        )

    def _axiom(self) -> str:
        return self._one(
            f"{self._body()} rdfs:subClassOf {self._head()} .",
            f"{self._body()} rdfs:subClassOf {self._head()} .",
            f"{self._class()} owl:equivalentClass {self._class()} .",
            "{} owl:disjointWith {} .".format(*self._chance.sample(CLASSES, 2)),
            f"{self._one(*SIMPLE)} rdfs:subPropertyOf {self._property()} .",
            f"{self._property()} rdfs:domain {self._class()} .",
            f"{self._property()} rdfs:range {self._class()} .",
            f":p owl:inverseOf {self._one(':q', ':i')} . :i a owl:ObjectProperty .",
            f"{self._one(*SIMPLE)} a owl:{self._one(*KINDS)}Property .",
            f":{self._one('A', 'B')} owl:hasKey ( :{self._one('p', 'q')} ) .",
        )

    def _fact(self) -> str:
        one, other = self._one(*THINGS), self._one(*THINGS)
        same = self._one("sameAs", "differentFrom") if one != other else "sameAs"
        return self._one(
            f"{one} a {self._class()} .",
            f"{one} {self._property()} {other} .",
            f"{one} {self._property()} {other} .",
            f"{one} owl:{same} {other} ." if self._chance.random() < 0.2 else "",
        )


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(read_rules(rule_files()[0]))


def as_given(text: str) -> set[Triple]:
    """Return the facts with their blank nodes named, as files are read."""
    return {Triple(_named(t.subject), t.predicate, _named(t.object)) for t in triples(text)}


def _named(term: object) -> object:
    return NamedNode(f"{E}cell/{term.value}") if isinstance(term, ox.BlankNode) else term


@cache
def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in ox.parse(text, format=RdfFormat.TURTLE)]


@cache
def closure(seed: int) -> Closure:
    return close(as_given(Ontology(seed).text), rules())


def about_things(facts: Iterable[Triple]) -> list[Triple]:
    """The facts about individuals: members of named classes, links and equality."""
    things = {f"<{E}{name[1:]}>" for name in THINGS}
    return sorted(
        (
            fact
            for fact in facts
            if str(fact.subject) in things
            and (
                str(fact.object) in things
                or (fact.predicate == TYPE and f":{str(fact.object)[len(E) + 1 : -1]}" in CLASSES)
            )
            and fact.predicate.value != OWL + "differentFrom"
        ),
        key=str,
    )


def one_is_false(facts: Iterable[Triple]) -> str:
    """Turtle for: one of the facts is false."""
    cases = []
    for fact in facts:
        if fact.predicate == TYPE:
            false = f"[ a owl:Class ; owl:complementOf {fact.object} ]"
        elif fact.predicate == SAME:
            false = f"[ a owl:Class ; owl:complementOf [ a owl:Class ; owl:oneOf ( {fact.object} ) ] ]"
        else:
            has = f"[ a owl:Restriction ; owl:onProperty {fact.predicate} ; owl:hasValue {fact.object} ]"
            false = f"[ a owl:Class ; owl:complementOf {has} ]"
        case = f"[ a owl:Class ; owl:intersectionOf ( [ a owl:Class ; owl:oneOf ( {fact.subject} ) ] {false} ) ]"
        cases.append(f"[ a owl:Restriction ; owl:onProperty owl:topObjectProperty ; owl:someValuesFrom {case} ]")
    return f":a a [ a owl:Class ; owl:unionOf ( {' '.join(cases)} ) ] ."


def is_consistent(folder: Path, text: str) -> bool:
    lines, said = hermit(folder, [triples(text)], "-k")
    if lines == [f"{OWL}Thing is satisfiable."]:
        return True
    assert "InconsistentOntologyException" in said, said
    return False


def test_the_ontologies_say_something() -> None:
    told: Counter[str] = Counter()
    for seed in SEEDS:
        told["inferred"] += len(about_things(closure(seed).inferred)) > 5
        told["contradictory"] += bool(closure(seed).clashes)
        told.update({how.rule.rpartition("/")[2] for how in closure(seed).inferred.values()})
    assert told["inferred"] > 25 and 10 < told["contradictory"] < 25
    assert {"prp-trp", "prp-spo2", "cls-svf1", "cls-avf", "cls-hv1", "cls-int1", "eq-rep-s", "prp-key"} <= set(told), (
        told
    )


@needs_java
@pytest.mark.parametrize("seed", SEEDS[:24])
def test_hermit_agrees(seed: int, tmp_path: Path) -> None:
    text = Ontology(seed).text
    found = closure(seed)
    if found.clashes:
        assert not is_consistent(tmp_path, text), text
        return
    inferred = about_things(found.inferred)
    if inferred:
        assert not is_consistent(tmp_path, text + "\n" + one_is_false(inferred)), text


@needs_java
def test_a_wrong_fact_would_be_found(tmp_path: Path) -> None:
    text = HEAD + DECLARED + ":a a :A . :A rdfs:subClassOf :B . :a :p :b . :p rdfs:subPropertyOf :q ."
    right = triples(HEAD + ":a a :B ; :q :b .")
    assert not is_consistent(tmp_path, text + one_is_false(right))
    for wrong in (":a a :C .", ":b :q :a .", ":a owl:sameAs :b ."):
        assert is_consistent(tmp_path, text + one_is_false([*right, *triples(HEAD + wrong)])), wrong

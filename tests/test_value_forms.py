"""Literals that are written differently and have the same value, joined by axioms and by rules."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import pytest
from both import OWL_RULES, Case, by_columns, by_rounds, check, difference, params
from mixtures import facts
from pyoxigraph import Triple

from virtkg.namespaces import OWL

AB: Final = ":a owl:sameAs :b . "
SEVEN: Final = '"07"^^xsd:integer'
KNOWN: Final = f":z :zz 7 , {SEVEN} . "
"""Both forms are among the facts."""

CASES: Final[dict[str, Case]] = {
    "functional": (f":f a owl:FunctionalProperty . :a :f 7 , {SEVEN} , 7.0 . :b :f 7 , '7' . :c :f 7 , 8 .", "", 0),
    "hasValue asks": (f":X owl:hasValue 7 ; owl:onProperty :p . :a :p {SEVEN} . :b :p 7.0 . :c :p '7' .", "", 2),
    "hasValue says": (
        f":X owl:hasValue {SEVEN} ; owl:onProperty :p . :a a :X ; :p 7 . :b a :X . :c a :X ; :p 8 .",
        "",
        2,
    ),
    "a most of one": (
        f':X owl:onProperty :p ; owl:maxCardinality "1"^^xsd:nonNegativeInteger .'
        f" :a a :X ; :p 7 , {SEVEN} . :b a :X ; :p 7 , 8 .",
        "",
        0,
    ),
    "what is denied": (
        f":n owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetValue 7 . :a :p {SEVEN} .",
        "",
        0,
    ),
    "disjoint properties": (f":p owl:propertyDisjointWith :q . :a :p 7 ; :q {SEVEN} . :b :p 7 ; :q 8 .", "", 0),
    "a given fact is not said again": (f":p rdfs:subPropertyOf :q . :a :p 7 ; :q {SEVEN} . :b :p 7 .", "", 1),
    "a chain": (f":p owl:propertyChainAxiom (:q :r) . :a :q :b ; :p {SEVEN} . :b :r 7 , 8 .", "", 1),
    "a pattern with both": (KNOWN + f":a :p 7 . :b :p {SEVEN} . :c :p 8 .", "RULE :r { ?x :h 1 } WHERE { ?x :p 7 }", 2),
    "a rule says it again": (KNOWN + ":a :p 7 ; :q 1 .", f"RULE :r {{ ?x :p {SEVEN} }} WHERE {{ ?x :q ?y }}", 0),
    "NOT": (
        KNOWN + f":a :p 7 . :b :p {SEVEN} . :c :p 8 .",
        "RULE :r { ?x :h 1 } WHERE { ?x :p ?y NOT { ?x :p 7 } }RULE :s { ?x :k 1 } WHERE { ?x :p ?y NOT { :a :p ?y } }",
        2,
    ),
    "SET makes a form": (
        ":a :p 7 . :b :p 8 . :c :p 14 .",
        "RULE :r { ?x :half ?y } WHERE { ?x :p ?v SET(?h := ?v / 2) ?y :p ?h }"
        "RULE :s { ?x :h ?h } WHERE { ?x :p ?v SET(?h := ?v * 1.0) }"
        "RULE :t { ?x :same ?y } WHERE { ?x :h ?v . ?y :p ?v }",
        7,
    ),
    "booleans": (
        ":f a owl:FunctionalProperty . :a :f true , '1'^^xsd:boolean . :b :f true , false . :c :f 1 .",
        "RULE :r { ?x :h 1 } WHERE { ?x :f '1'^^xsd:boolean }",
        2,
    ),
    "a pattern with a value of another datatype": (
        ":a :p 7.0 . :b :p 7 . :c :p 7e0 . :d :p '7' . :e :p '7'^^xsd:byte .",
        "RULE :r { ?x :h 1 } WHERE { ?x :p 7.0 } RULE :s { ?x :k 1 } WHERE { ?x :p 7e0 }",
        4,
    ),
    "what is no number": (
        ":A owl:hasKey (:k) . :a a :A ; :k 'x'^^xsd:integer . :b a :A ; :k 'x'^^xsd:integer , 'y'^^:t .",
        "",
        3,
    ),
    "a constant of a rule in a head": (":a :p 7 ; :q 1 .", f"RULE :r {{ ?x :p {SEVEN} }} WHERE {{ ?x :q ?y }}", 0),
    "a constant of a rule in a body": (":a :p 7 .", f"RULE :r {{ ?x :h 1 }} WHERE {{ ?x :p {SEVEN} }}", 1),
    "a constant of a rule in a NOT": (
        ":a :p 7 .",
        f"RULE :r {{ ?x :h 1 }} WHERE {{ ?x :p ?y NOT {{ ?x :p {SEVEN} }} }}",
        0,
    ),
    "the form that a join takes": (
        f":a :p 7 . :b :p 8 . :a :q {SEVEN} , 9 .",
        "RULE :r { ?x :h ?v } WHERE { ?x :p ?v . ?x :q ?v }",
        1,
    ),
    # A path of a transitive property ends in another form of what is given.
    "a transitive property": (f":p a owl:TransitiveProperty . :x :p :y , 7 . :y :p {SEVEN} .", "", 0),
    "a transitive property in a component": (
        f":p a owl:TransitiveProperty . :q rdfs:subPropertyOf :p . :x :p 7 ; :q :y . :y :p {SEVEN} .",
        "",
        1,
    ),
    # Representatives are told of, and what is given is told of members.
    "equal things, one form of each": (AB + f":a :p 7 . :b :p {SEVEN} .", "", 1),
    "equal by keys": (f":A owl:hasKey (:k) . :a a :A ; :k 7 . :b a :A ; :k {SEVEN} .", "", 2),
    "given of the representative": (
        KNOWN + AB + ":a :p 7 ; :q 1 .",
        f"RULE :r {{ ?x :p {SEVEN} }} WHERE {{ ?x :q ?y }}",
        4,
    ),
    "given of the other": (KNOWN + AB + ":b :p 7 . :a :q 1 .", f"RULE :r {{ ?x :p {SEVEN} }} WHERE {{ ?x :q ?y }}", 4),
}

EQUAL: Final[dict[str, Case]] = {
    # Things that a value makes equal have it in both forms, in one of the evaluators (a known bug).
    "a key": (
        f":A owl:hasKey (:k) . :a a :A ; :k 7 . :b a :A ; :k {SEVEN} . :c a :A ; :k 7.0 . :d a :A ; :k '7' .",
        "",
        6,
    ),
    "a key of two": (
        ":A owl:hasKey (:k :l) . :a a :A ; :k true ; :l 7 . :b a :A ; :k '1'^^xsd:boolean ; :l 7.00 .",
        "",
        2,
    ),
    "a key of floating point": (
        ":A owl:hasKey (:k) . :a a :A ; :k 7e0 . :b a :A ; :k '70.0e-1'^^xsd:double . :c a :A ; :k 7 ."
        " :d a :A ; :k '7'^^xsd:float . :e a :A ; :k '7.0'^^xsd:float .",
        "",
        4,
    ),
    "inverse functional": (
        f":i a owl:InverseFunctionalProperty . :a :i 7 . :b :i {SEVEN} . :c :i '7'^^xsd:byte .",
        "",
        6,
    ),
}
"""The count is of the equalities."""


@pytest.mark.parametrize("name", params(CASES, ["given of the representative"]))
def test_case(name: str) -> None:
    check(CASES[name])


@pytest.mark.parametrize("name", EQUAL)
def test_equal_by_value(name: str) -> None:
    data, _, count = EQUAL[name]
    one, other = by_rounds(facts(data), OWL_RULES).inferred, by_columns(facts(data), OWL_RULES).inferred
    assert same(one) == same(other) and len(same(one)) == count


def same(found: Collection[Triple]) -> set[Triple]:
    return {fact for fact in found if fact.predicate.value == OWL + "sameAs"}


@pytest.mark.parametrize("name", EQUAL)
def test_all_that_follows_of_values(name: str) -> None:
    assert difference(facts(EQUAL[name][0]), OWL_RULES) == ""

"""Equal things: classes that grow in waves, and rules that ask about their members."""

from __future__ import annotations

from typing import Final

import pytest
from both import Case, check, params

AB: Final = ":a owl:sameAs :b . "
BA: Final = ":b owl:sameAs :a . "
ONE: Final = '"1"^^xsd:nonNegativeInteger'

CASES: Final[dict[str, Case]] = {
    "functional, then functional again": (
        ":f a owl:FunctionalProperty . :a :f :b , :c . :b :f :d . :c :f :e . :d :f :g . :e :f :h . :h :p 1 .",
        "",
        11,
    ),
    "inverse functional, then functional": (
        ":f a owl:FunctionalProperty . :i a owl:InverseFunctionalProperty . :a :i :k . :b :i :k . :a :f :c . :b :f :d ."
        " :x :i :c . :y :i :d . :y :p :z .",
        "",
        11,
    ),
    "a key that equal things complete": (
        ":A owl:hasKey (:k :l) . :i a owl:InverseFunctionalProperty . :a a :A ; :k :m ; :l 1 . :b a :A ; :k :n ; :l 1 ."
        " :m :i :o . :n :i :o . :b :p :c .",
        "",
        7,
    ),
    "a most of one that a class gives": (
        f":B owl:onProperty :p ; owl:maxCardinality {ONE} . :q rdfs:domain :B . :a :p :x , :y . :a :q :z . :y :p :w .",
        "",
        4,
    ),
    "each feeds the next": (
        f":f a owl:FunctionalProperty . :A owl:hasKey (:k) . :B owl:onProperty :p ; owl:maxCardinality {ONE} ."
        " :s :f :a , :b . :a :k :c . :b :k :c . :d a :A ; :k :a . :e a :A ; :k :b . :d a :B . :e :p :g . :d :p :h .",
        "",
        11,
    ),
    "a most of one of a class": (
        f":B owl:onProperty :p ; owl:maxQualifiedCardinality {ONE} ; owl:onClass :C . :a a :B ; :p :x , :y , :z ."
        " :x a :C . :y owl:sameAs :w . :w a :C .",
        "",
        7,
    ),
    "many members": (
        ":f a owl:FunctionalProperty . " + "".join(f":n{n} :f :n{n // 2} , :n{n // 3} . " for n in range(12)),
        "",
        81,
    ),
    "two classes become one": (
        AB + ":c owl:sameAs :d . :f a owl:FunctionalProperty . :x :f :b , :d . :a :p :y .",
        "",
        15,
    ),
    "an order that turns": (":d owl:sameAs :c . :c owl:sameAs :b . :b owl:sameAs :a . :d :p :d .", "", 24),
    "a rule makes things equal": (
        ":a :p :b . :b :p :c . :d :p :c . :c :q 1 .",
        "RULE :r { ?x owl:sameAs ?y } WHERE { ?x :p ?z . ?y :p ?z . FILTER(?x != ?y) }"
        "RULE :s { ?x owl:sameAs ?z } WHERE { ?x :p ?y . ?y :p ?z . ?z :q 1 }",
        10,
    ),
    "different and equal": (AB + ":a owl:differentFrom :c . :b owl:differentFrom :a .", "", 5),
    "all different": (BA + ":X a owl:AllDifferent ; owl:members (:a :c :b) .", "", 3),
    "all different, and the same twice": (AB + ":X a owl:AllDifferent ; owl:distinctMembers (:c :a :c) .", "", 2),
    "equal cells": (
        AB + ":X a owl:AllDifferent ; owl:members :l . :l rdf:first :a ; rdf:rest :m . :m rdf:first :b ; rdf:rest () ."
        " :l owl:sameAs :m .",
        "",
        9,
    ),
    "what is denied": (
        AB + ":n owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetIndividual :c ."
        " :b :p :d . :d owl:sameAs :c .",
        "",
        7,
    ),
    "a member of a list": (AB + ":X owl:oneOf (:b :c) .", "", 5),
    "hasValue of a member": (BA + ":X owl:hasValue :b ; owl:onProperty :p . :x :p :a . :y a :X .", "", 6),
    "equal classes": (":A owl:sameAs :B . :a a :A . :B rdfs:subClassOf :C . :C owl:sameAs :D .", "", 8),
    "equal properties": (":p owl:sameAs :q . :a :p :b . :q rdfs:domain :A . :q a owl:SymmetricProperty .", "", 8),
    "a class that is a thing too": (":A owl:sameAs :B . :a a :A . :A :p :c . :c :q :B .", "", 4),
    "a negation of equal things": (
        AB + ":a :p :c . :d :p :c . :b :q 1 .",
        "RULE :r { ?x :left ?y } WHERE { ?x :p ?y NOT { ?x :q 1 } }"
        "RULE :s { ?x :kept ?y } WHERE { ?x :p ?y NOT { ?x :left ?y } }",
        6,
    ),
    "a constant that is equal": (
        BA + ":b :p :b . :c :q :a .",
        "RULE :r { :b :found ?x } WHERE { ?x :q :b } RULE :s { ?x :loop :a } WHERE { ?x :p ?x . :a :p ?x }"
        "RULE :t { ?x :not :b } WHERE { ?x :q ?y NOT { ?x :q :b . ?x :p ?x } }",
        13,
    ),
    "a constant that is equal, asked again and again": (
        AB + ":c :p :b . :d :q :c . :e :q :d . :f :q :e .",
        "RULE :r { ?x :p :b } WHERE { ?x :q ?y . ?y :p :b }",
        8,
    ),
    "one filter": (AB + ":a :p :c , :a .", "RULE :r { ?x :is ?y } WHERE { ?x :p ?y FILTER(?x = :b && ?y != :b) }", 11),
    "text of each": (AB + ":a :p :c .", "RULE :r { ?y :named ?v } WHERE { ?x :p ?y SET(?v := STR(?x)) }", 4),
    "a blank node for each": (AB + ":a :p :c .", "RULE :r { ?y :has [ :of ?x ] } WHERE { ?x :p ?y }", 8),
    "asked for equals": (AB, "RULE :r { ?x :equals ?y } WHERE { ?x owl:sameAs ?y . ?y owl:sameAs ?x }", 5),
    "equal to a literal": (":f a owl:FunctionalProperty . :x :f :a , 'l' . :y :q :a .", "", 2),
    "a subclass that is equal": (":A owl:sameAs :C . :C owl:equivalentClass :A .", "", 4),
    "a subclass of itself": (":C owl:sameAs :B . :C rdfs:subClassOf :C .", "", 5),
    "a subproperty of itself": (":q rdfs:subPropertyOf :q . :q owl:sameAs :p .", "", 5),
    "equal restrictions": (":C owl:onProperty :r ; owl:hasValue :a . :C owl:sameAs :A .", "", 7),
    # Members are told apart by an expression, and later stages take each for its representative.
    "two filters": (AB + ":a :p :c .", "RULE :r { ?x :h 1 } WHERE { ?x :p ?y FILTER(?x = :a) FILTER(?x = :b) }", 2),
    "a filter, then NOT": (
        AB + ":a :p :c ; :q :c .",
        "RULE :r { ?x :h 1 } WHERE { ?x :p ?y FILTER(?x = :b) NOT { ?x :q ?y } }",
        3,
    ),
    "SET, then a pattern": (
        AB + ":a :p :c .",
        "RULE :r { ?x :h ?v } WHERE { ?x :p ?y SET(?v := STR(?x)) ?x :p ?z FILTER(?x = :b) }",
        4,
    ),
    "two SETs": (
        AB + ":a :p :c .",
        "RULE :r { ?x :h ?w } WHERE { ?x :p ?y SET(?v := STR(?x)) SET(?w := CONCAT(?v, STR(?x))) }",
        6,
    ),
    "SET makes a member": (AB + ":a :p :c .", "RULE :r { ?x :h ?z } WHERE { ?x :p ?y SET(?v := :b) ?v :p ?z }", 4),
    "NOT with a filter on what is outside": (
        AB + ":a :p :c .",
        "RULE :r { ?x :h 1 } WHERE { ?x :p ?y NOT { ?x :p ?w FILTER(?x = :a) } }",
        4,
    ),
    # NOT DATA asks the facts as they were given, which know no representatives.
    "NOT DATA of a constant": (AB + ":a :p :c .", "RULE :r { ?x :h 1 } WHERE { ?x :p ?y NOT DATA { :b :p ?y } }", 4),
    "NOT DATA of a variable": (
        AB + ":a :p :c ; :q 1 .",
        "RULE :r { ?x :h 1 } WHERE { ?x :p ?y NOT DATA { ?x :q 1 } }",
        5,
    ),
    # Rules without a body and with WHERE DATA run before anything is merged, and what they found is not.
    "DATA makes things equal": (":a :p :c .", "DATA { :a owl:sameAs :b }", 3),
    "WHERE DATA makes things equal": (":a :p :c .", "RULE :r { ?x owl:sameAs ?y } WHERE DATA { ?x :p ?y }", 5),
    # A thing of a class equals its representative, so that what asks for sameAs finds itself.
    "equal to itself as given": (
        ":a owl:sameAs :a . :b owl:sameAs :c .",
        "RULE :r { ?x :eq ?y } WHERE { ?x owl:sameAs ?y }",
        6,
    ),
    "equal to itself": (AB, "RULE :r { ?x :eq ?x } WHERE { ?x owl:sameAs ?x }", 1),
    "equal to itself by a filter": (AB, "RULE :r { ?x :eq ?x } WHERE { ?x owl:sameAs ?y FILTER(?x = ?y) }", 1),
    # Facts told of representatives lose those that say nothing of them, and members get facts that say nothing.
    "a given Thing": (BA + ":a a owl:Thing .", "", 1),
    "a given fact that says nothing": (
        BA + ":b :p owl:Thing .",
        "RULE :r { ?x :h 1 } WHERE { ?x :p owl:Thing }",
        3,
    ),
    "equal to Thing": (":a owl:sameAs owl:Thing . :a :p :c .", "", 0),
    "equal to a term of RDFS": (":a owl:sameAs rdfs:label . :x :a :c ; rdfs:label 'x' .", "", 1),
    # Facts that follow after a thing was found equal to a literal are not told of the literal.
    "equal to a literal, and more follows": (
        ":f a owl:FunctionalProperty . :x :f :a , 'l' . :y :q :a .",
        "RULE :r { ?y :h :a } WHERE { ?y :q 'l' }",
        4,
    ),
    "equal to a literal, inverse": (
        ":q owl:inverseOf :p . :f a owl:FunctionalProperty . :d :f 'l' , :a . :a :p :b .",
        "",
        3,
    ),
    "a rule says equal to a literal": (
        ":p owl:inverseOf :q . :a a :A . :a :p :b .",
        "RULE :r { ?z owl:sameAs 7 } WHERE { ?z a :A }",
        3,
    ),
    # Equal terms that are found in one attempt are facts of the next, but no equality of it.
    "properties that are found equal": (":f a owl:FunctionalProperty . :x :f :p , :q . :a :p :b .", "", 3),
    "classes that are found equal": (":f a owl:FunctionalProperty . :x :f :A , :B . :a a :A .", "", 3),
    "things that become predicates": (
        ":i a owl:InverseFunctionalProperty . :a :i :a . :d :i :a . :d :v 8 .",
        "RULE :r { ?z ?z 7 } WHERE { ?y :v 8 . ?y :i ?z }",
        9,
    ),
    # A fact that was kept and that only representatives tell is taken for one that a NOT has denied.
    "a negation beside an equal schema": (
        ":A owl:sameAs :C . :C rdfs:subClassOf :B . :says rdfs:range owl:TransitiveProperty . :x :says :p ."
        " :a :p :b . :b :p :c . :c a :A .",
        "RULE :r { ?x :left ?y } WHERE { ?x :p ?y NOT { ?y a :B } }",
        7,
    ),
}


@pytest.mark.parametrize("name", params(CASES, ["equal to a term of RDFS"]))
def test_case(name: str) -> None:
    check(CASES[name])

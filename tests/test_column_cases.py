"""Small graphs and rules on which the evaluator in columns finds what the one in rounds finds, each for one thing."""

from __future__ import annotations

from typing import Final

import mixtures
import pytest
from both import OWL_RULES, Case, by_columns, by_rounds, check, difference, params
from mixtures import RULES, facts

from virtkg.reason.closure import CLASH
from virtkg.rules.parse import parse_rules
from virtkg.rules.syntax import Rule


def own(text: str) -> tuple[Rule, ...]:
    return parse_rules(RULES + text, "own.srl")


TRANSITIVE: Final = ":p a owl:TransitiveProperty . "
CASES: Final[dict[str, Case]] = {
    "transitive and symmetric": (TRANSITIVE + ":p a owl:SymmetricProperty . :a :p :b . :c :p :b . :d :p :d .", "", 7),
    "transitive both ways round": (
        TRANSITIVE + ":q owl:inverseOf :p ; rdfs:subPropertyOf :p . :a :p :b . :c :q :b . :e :p :a .",
        "",
        29,
    ),
    "transitive of transitive": (
        TRANSITIVE + ":q a owl:TransitiveProperty ; rdfs:subPropertyOf :p . :r rdfs:subPropertyOf :q ."
        " :a :r :b . :b :q :c . :c :p :d . :d :r :e .",
        "",
        13,
    ),
    "transitive with cycles": (
        TRANSITIVE + ":a :p :b . :b :p :c . :c :p :a . :c :p :d . :d :p :e . :e :p :d .",
        "",
        13,
    ),
    "transitive fed by its own rule": (
        TRANSITIVE + ":a :p :b . :b :p :c . :d :s :a . :e :s :d . :f :s :e .",
        "RULE :r { ?x :p ?y } WHERE { ?y :p :c . ?x :s ?y }",
        13,
    ),
    "transitive through new and old by turns": (
        TRANSITIVE + ":p rdfs:domain :Go . :b :p :c . :d :p :e . :f :p :g . :a a :Go . :c a :Go . :e a :Go ."
        " :a :q :b . :c :q :d . :e :q :f .",
        "RULE :r { ?x :p ?y } WHERE { ?x :q ?y . ?x a :Go }",
        21,
    ),
    "transitive fed by a class": (
        TRANSITIVE + ":p rdfs:domain :A . :A owl:hasValue :z ; owl:onProperty :p . :z :p :y . :a :p :b . :b :p :c .",
        "",
        9,
    ),
    "transitive over equals": (
        TRANSITIVE + ":a :p :b . :c :p :d . :e :p :f . :f a owl:FunctionalProperty . :x :f :b, :c . :d owl:sameAs :e .",
        "",
        13,
    ),
    "chains of every length": (
        ":p owl:propertyChainAxiom (:p :q) , (:q :q :q) . :r owl:propertyChainAxiom (:p :q :p :q :p) , (:p) ."
        " :s owl:propertyChainAxiom (:q :r :q :q) . :a :p :a ; :q :b . :b :q :c . :c :q :a ; :p :b .",
        "",
        25,
    ),
    "a chain through equals": (
        ":p owl:propertyChainAxiom (:q :r :q) . :a :q :b . :c :r :d . :e :q :f . :b owl:sameAs :c . :e owl:sameAs :d .",
        "",
        8,
    ),
    "a literal at the end of a chain": (":p owl:propertyChainAxiom (:q :q) . :a :q :b . :b :q 7 . :c :q :a .", "", 2),
    "no literal becomes a subject": (
        ":p a owl:SymmetricProperty ; rdfs:range :A . :q owl:inverseOf :p . :a :p 7 , 'x' , :b .",
        "RULE :r { ?y :back ?x . ?x :on ?y } WHERE { ?x :p ?y }",
        11,
    ),
    "a schema that follows from facts": (
        ":x :says :p . :a :p :b . :b :p :c . :c :q :d . :says rdfs:range owl:TransitiveProperty .",
        "RULE :r { :a :says :q } WHERE { :a :p :c } RULE :s { ?x :none 1 } WHERE { ?x :q ?y NOT { ?x :p ?z } }",
        5,
    ),
    "a schema by way of equal terms": (
        ":p owl:sameAs :q . :a :p :b . :q rdfs:domain :A . :A owl:sameAs :B . :B rdfs:subClassOf :C .",
        "",
        12,
    ),
    "a list as data": (":a :has (:b :c) . :b owl:sameAs :d . :X owl:unionOf (:A :B) . :b a :A .", "", 7),
    "a list that a rule asks": (
        ":a :has (:b :c) .",
        "RULE :r { ?l :head ?m } WHERE { ?x :has ?l . ?l rdf:first ?m }",
        1,
    ),
    "nested lists": (":X owl:unionOf (:A [ owl:intersectionOf (:B :C) ]) . :b a :B , :C . :a a :A .", "", 7),
    "NOT with an open predicate": (
        ":a :p :b . :c :p :d . :c :q 1 . :d a :A . :p rdfs:domain :B .",
        "RULE :r { ?x :only ?y } WHERE { ?x :p ?y NOT DATA { ?x ?any ?z FILTER(?z != ?y) } }"
        "RULE :s { ?y :untyped true } WHERE { ?x :p ?y NOT { ?y a ?any } }"
        "RULE :t { ?y :ends true } WHERE { ?x :p ?y NOT DATA { ?y ?any ?z } }",
        5,
    ),
    "NOT DATA and NOT": (
        ":p rdfs:subPropertyOf :q . :a :p :b . :c :q :d . :e :r :f .",
        "RULE :r { ?x :stated ?y } WHERE { ?x :q ?y NOT DATA { ?x :p ?y } }"
        "RULE :s { ?x :never ?y } WHERE { ?x :r ?y NOT { ?x :q ?any } }"
        "RULE :t { ?x :new ?y } WHERE { ?x :q ?y NOT DATA { ?x :q ?y } }",
        4,
    ),
    "WHERE DATA": (
        ":p rdfs:subPropertyOf :q . :a :p :b . :c :q :d .",
        "RULE :r { ?x ?made ?y } WHERE DATA { ?x :q ?y SET(?made := IRI(CONCAT(STR(:q), 'ed'))) }"
        "RULE :s { ?x :made [ :of ?y ] } WHERE DATA { ?x :p ?y }"
        "RULE :t { ?p :used true } WHERE { ?x ?p :d }",
        6,
    ),
    "WHERE DATA asks what was given, once": (
        ":a :p :b . :b :p :c . :c :p :d . :d :says :q , 'q' , _:q . :e :r 7 , :f .",
        "DATA { :z :p :a . :A a owl:Thing ; rdfs:subClassOf :A }"
        "RULE :r { ?x :p ?z } WHERE DATA { ?x :p ?y . ?y :p ?z }"
        "RULE :s { ?x :h ?y } WHERE DATA { ?x :p ?y } RULE :t { ?x ?p 1 } WHERE DATA { ?x :says ?p }"
        "RULE :u { ?y ?p ?x } WHERE DATA { ?x ?p ?y }",
        15,
    ),
    "almost transitive": (
        ":a :p :b . :b :p :c . :c :p :d . :a :q :b . :b :q :c . :a :q :d . :a :r :b . :b :r :c .",
        "RULE :r { ?z :p ?x } WHERE { ?x :p ?y . ?y :p ?z } RULE :s { ?x :q ?z } WHERE { ?y :q ?x . ?y :q ?z }"
        "RULE :t { ?x :r ?y } WHERE { ?x :r ?y . ?y :r ?z } RULE :u { ?y :r ?z } WHERE { ?x :r ?y . ?x :r ?z }",
        13,
    ),
    "predicates by their terms": (
        ":p :kind :Good . :a :p :b . :a :q :b . :r rdfs:subPropertyOf :p . :c :r :d . :q :kind :Bad .",
        "RULE :r { ?x :good ?y } WHERE { ?p :kind :Good . ?x ?p ?y }"
        "RULE :s { ?p :bad true } WHERE { ?p :kind ?k . FILTER(?k != :Good) }",
        4,
    ),
    "classes by their terms": (
        ":A :kind :Good . :a a :A . :b a :B . :B rdfs:subClassOf :A .",
        "RULE :r { ?x :good ?c } WHERE { ?c :kind :Good . ?x a ?c } RULE :s { ?c :has ?x } WHERE { ?x a ?c }",
        6,
    ),
    "a chain of SETs": (
        ":a :n 1 , 2 , 'x' .",
        "RULE :r { ?x :sum ?w } WHERE { ?x :n ?v SET(?u := ?v + 1) "
        "FILTER(?u > 2) SET(?w := ?u * ?v) ?x :n ?m FILTER(?m = 1) }",
        1,
    ),
    "blank nodes in heads": (
        ":a :p :b , :c . :b :p 7 .",
        "RULE :r { ?x :has [ :of ?y ; :also [ :x ?x ] ] } WHERE { ?x :p ?y } "
        "RULE :s { ?n a :Made } WHERE { ?x :has ?n }",
        15,
    ),
    "a blank node for each row": (":a :p :b , :c .", "RULE :r { ?x :has [] } WHERE { ?x :p ?y }", 2),
    "one thing twice in a pattern": (
        ":a :p :a , :b . :b :p :c . :c :q :c .",
        "RULE :r { ?x a :Loop } WHERE { ?x :p ?x } RULE :s { ?x a :Any } WHERE { ?x :h ?z NOT DATA { ?x ?p ?x } }"
        "RULE :t { ?x :h ?y } WHERE { ?x :p ?y NOT DATA { ?y ?p ?y } }",
        2,
    ),
    "patterns that share nothing": (
        ":a :p :b . :c :p :d . :e a :A . :f a :A .",
        "RULE :r { ?x :with ?z } WHERE { ?x :p ?y . ?z a :A } "
        "RULE :s { ?x :all ?z } WHERE { ?x a :A . ?y :p ?z . ?z2 a :A }",
        8,
    ),
    "constants in every place": (
        ":a :p :b . :c :p :b . :a a :A . :a :p 7 .",
        "RULE :r { :k :is 1 } WHERE { :a :p :b } RULE :s { :k :is 2 } WHERE { :a a :A } "
        "RULE :t { :k :is 3 } WHERE { :b a :A }"
        "RULE :u { ?x :is 4 } WHERE { ?x :p :b . :a :p ?y . :c :p ?y } "
        "RULE :v { ?x :is 5 } WHERE { ?x :p 7 . :a :p ?z }",
        5,
    ),
    "unusual names": (
        "<urn:x> <urn:p:%C3%A9> <http://ex.org/a?b=c&d#e> . <http://ex.org/é> <urn:p:%C3%A9> <urn:x> ."
        " <urn:p:%C3%A9> a owl:TransitiveProperty . _:b.1 <urn:p:%C3%A9> _:c-2 . _:c-2 owl:sameAs <urn:x> .",
        "",
        6,
    ),
}


@pytest.mark.parametrize("name", params(CASES))
def test_case(name: str) -> None:
    check(CASES[name])


def test_schema_of_rules_alone() -> None:
    """Rules that say which predicates other rules are about, in several steps."""
    rules = own(
        "RULE :t { ?x ?p ?z } WHERE { ?p a :Chain . ?x ?p ?y . ?y ?p ?z }"
        "RULE :s { ?x ?q ?y } WHERE { ?p :below ?q . ?x ?p ?y } "
        "RULE :b { ?p :below ?r } WHERE { ?p :below ?q . ?q :below ?r }"
        "RULE :u { ?p a :Chain } WHERE { ?x :calls ?p } "
        "RULE :v { ?x a ?c } WHERE { ?p :gives ?c . ?x ?p ?y }"
        "RULE :w { ?q :below :called } WHERE { ?q a :Chain } "
        "RULE :n { ?x a :Low } WHERE { ?x a :High . NOT { ?x :called ?x } }"
    )
    given = facts(
        ":p :below :q . :q :below :r . :r :below :calls . :a :p :s . :s :below :calls ."
        " :a :s :t . :b :t :c . :c :t :d ."
        " :p :gives :High . :s :gives :Other . :d :t :e ."
    )
    found = by_columns(given, rules)
    assert len(found.inferred) == 24
    assert difference(given, rules) == ""


def test_classes_that_a_rule_makes() -> None:
    """What asks for any class must be told of those that were not there before."""
    rules = own(
        "RULE :r { ?x a ?made } WHERE { ?x :p ?y SET(?made := IRI(CONCAT(STR(?y), 's'))) }"
        "RULE :s { ?c :has ?x } WHERE { ?x a ?c } RULE :t { ?x :in ?c } WHERE { ?c :has ?x . ?x a ?c }"
    )
    given = facts(":a :p :b . :c :p :b . :d :p :e .")
    assert len(by_columns(given, rules).inferred) == 9
    assert difference(given, rules) == ""


def test_not_of_anything() -> None:
    """A NOT with an open predicate, which no rule of OWL could stand beside."""
    rules = own(
        "RULE :r { ?y :end 1 } WHERE { ?x :p ?y NOT { ?y ?any :b } NOT { ?y ?any ?any } NOT { ?any ?any :c } }"
        "RULE :s { ?x :only 2 } WHERE { ?x :p ?y NOT DATA { ?x ?any ?z FILTER(?z != ?y) } }"
        "RULE :t { ?x :untyped 1 } WHERE { ?x :p ?y NOT { ?x a ?any } }"
        "RULE :u { ?x :bare 1 } WHERE { ?x :p ?y NOT DATA { ?y ?p ?p } NOT DATA { ?p ?p ?y } NOT DATA { ?y ?any ?y } }"
    )
    given = facts(":a :p :b . :c :p :d . :c :q 1 . :d a :A . :e :p :e . :f :p :g . :z :r :g . :a a :A . :k :k :d .")
    assert len(by_columns(given, rules).inferred) == 11
    assert difference(given, rules) == ""


def test_a_cycle_through_a_negation_is_refused_alike() -> None:
    rules = own("RULE :r { ?x :p ?y } WHERE { ?x :q ?y NOT { ?x :s ?y } }\nRULE :s { ?x :s ?y } WHERE { ?x :p ?y }")
    given = facts(":a :q :b . :c :s :d .")
    found = by_columns(given, rules)
    assert (found.error, len(found.named)) == ("R303", 2)
    assert found == by_rounds(given, rules)


def test_clashes_are_no_facts() -> None:
    rules = (
        *OWL_RULES,
        *own("RULE :r { ?x :bad true } WHERE { ?x owlrl:clash ?rule }".replace("owlrl:clash", str(CLASH))),
    )
    given = facts(":A owl:disjointWith :B . :a a :A , :B . :b owl:sameAs :a .")
    found = by_columns(given, rules)
    assert {str(fact.subject) for fact in found.clashes} == {f"<{mixtures.E}a>", f"<{mixtures.E}b>"}
    assert CLASH not in {fact.predicate for fact in found.inferred}
    assert difference(given, rules) == ""

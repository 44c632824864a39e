"""The evaluator in columns finds what the one in rounds finds, on every kind of input there is."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any, Final

import mixtures
import ontologies
import pytest
import test_rule_semantics as semantics
import test_rules
from both import OWL_RULES, Case, Outcome, by_columns, by_rounds, check, difference, outcome, params, told
from mixtures import RULES, Mixture, facts
from pyoxigraph import NamedNode, Triple
from rdflib.compare import isomorphic

from virtkg.namespaces import GENID, OWL, RDFS
from virtkg.rdf.ntriples import read_columns
from virtkg.rdf.table import TermTable
from virtkg.reason.closure import CLASH
from virtkg.reason.columns import FactColumns, columns_of, grouped
from virtkg.reason.materialise import materialise
from virtkg.reason.terms import Terms
from virtkg.rules.parse import parse_rules
from virtkg.rules.syntax import Rule

WORLDS: Final = 250
ONTOLOGIES: Final = 100
MIXTURES: Final = 200

EVERYTHING_KNOWN_TO_FAIL: Final = ("forms", "parts", "terms", "asked", "mixed", "DATA", "named")
"""What a mixture must not have while the two evaluators differ about it."""


# ---- inputs that other tests have


@pytest.mark.parametrize("rule", test_rules.RULES, ids=test_rules.local_name)
def test_cases_of_rules(rule: Rule) -> None:
    given, then = (
        test_rules.facts(test_rules.FOLDER / test_rules.local_name(rule) / p) for p in ("given.ttl", "then.ttl")
    )
    found = by_columns(sorted(given, key=str), test_rules.RULES)
    assert then <= found.inferred | found.clashes
    assert told(by_rounds(given, test_rules.RULES), found) == ""


def test_packaged_graph(stated: frozenset[Triple], inferred: frozenset[Triple], rules: tuple[Rule, ...]) -> None:
    found = by_columns(sorted(stated, key=str), rules)
    assert len(found.inferred) > 300
    assert (found.inferred, found.clashes) == (inferred, frozenset())


def test_worlds_of_rules() -> None:
    worlds = semantics.worlds()[:WORLDS]
    assert len(worlds) == WORLDS
    for world, rules in worlds:
        one, other = by_rounds(world.given, rules), by_columns(world.given, rules)
        assert not one.error and not other.error
        same = isomorphic(semantics.of(one.inferred), semantics.of(other.inferred))
        assert same, f"{world.text}\n{world.given}\n{told(one, other)}"


def differing(given: Collection[Triple]) -> bool:
    return difference(given, OWL_RULES) != ""


def test_ontologies() -> None:
    found: Counter[str] = Counter()
    for seed in range(ONTOLOGIES):
        given = ontologies.ontology(seed)
        result = by_rounds(given, OWL_RULES)
        other = by_columns(sorted(given, key=str), OWL_RULES)
        assert result == other, f"{seed}: {ontologies.written(ontologies.shrunk(given, differing))}"
        found["clash"] += bool(result.clashes)
        found["equal"] += any(fact.predicate.value == OWL + "sameAs" for fact in result.inferred)
        found["schema"] += any(fact.predicate.value == RDFS + "subClassOf" for fact in result.inferred)
        found["many"] += len(result.inferred) > 25
    assert len(found) == 4 and min(found.values()) > ONTOLOGIES / 10, found


# ---- OWL and rules of one's own over one vocabulary


@cache
def mixtures_without(*avoid: str) -> list[tuple[Mixture, tuple[Rule, ...], Outcome]]:
    """Return mixtures, each with all rules and what the rounds find."""
    found = []
    for seed in range(MIXTURES):
        mixture = Mixture(seed, avoid)
        rules = OWL_RULES + parse_rules(mixture.rules, "mixture.srl")
        found.append((mixture, rules, by_rounds(mixture.facts(), rules)))
    return found


def differ(data: str, rules: str) -> str:
    return difference(facts(data), OWL_RULES + parse_rules(rules, "mixture.srl"))


def false_alarm(found: Outcome) -> bool:
    """Tell of a known bug: facts that only representatives tell are taken for denied (see test_equality.py)."""
    return found.error == "R303" and not found.named


def first_difference(*avoid: str) -> str:
    for number, (mixture, rules, expected) in enumerate(mixtures_without(*avoid)):
        found = by_columns(sorted(mixture.facts(), key=str), rules)
        if told(expected, found) and not (avoid and false_alarm(found)):
            data, text = mixtures.shrunk(mixture.data, mixture.rules, lambda *both: differ(*both) != "")
            return f"{number}:\n{data}\n{text.removeprefix(RULES)}\n{differ(data, text)}"
    return ""


def test_mixtures_of_what_agrees() -> None:
    assert first_difference(*EVERYTHING_KNOWN_TO_FAIL) == ""


@pytest.mark.xfail(reason="the bugs of CASES in test_equality.py and test_literal_forms.py")
def test_mixtures() -> None:
    assert first_difference() == ""


def test_mixtures_have_everything_in_them() -> None:
    found: Counter[str] = Counter()
    for mixture, _, result in mixtures_without():
        found["R303"] += result.error == "R303" and len(result.named) > 0
        found["clash"] += bool(result.clashes)
        found["equal"] += len([fact for fact in result.inferred if fact.predicate.value == OWL + "sameAs"]) > 2
        if not result.error:
            for number in range(3):
                found["rule fires"] += any(fact.predicate.value == f"{mixtures.E}h{number}" for fact in result.inferred)
            for word in ("NOT", "FILTER", "SET", "DATA", "[", "owl:sameAs ?"):
                found[word] += word in mixture.rules
    assert len(found) == 10 and min(found.values()) >= 10, found


# ---- order and numbers


def shuffled(given: Collection[Triple], seed: int) -> list[Triple]:
    ordered = sorted(given, key=str)
    random.Random(seed).shuffle(ordered)
    return ordered


def renamed(term: Any) -> Any:
    """Turn the alphabet of the names of examples round, so that other terms come first in every order."""
    if isinstance(term, NamedNode) and term.value.startswith(mixtures.E):
        name = term.value[len(mixtures.E) :]
        return NamedNode(mixtures.E + "".join(chr(219 - ord(c)) if "a" <= c <= "z" else c for c in name))
    return term


def of_renamed(found: Collection[Triple]) -> frozenset[Triple]:
    return frozenset(Triple(*(renamed(term) for term in (f.subject, f.predicate, f.object))) for f in found)


def test_names_are_renamed_both_ways() -> None:
    given = ontologies.ontology(1)
    assert of_renamed(given) != given and of_renamed(of_renamed(given)) == given


def test_order_and_names_do_not_matter() -> None:
    for seed in range(40):
        given = ontologies.ontology(seed)
        expected = by_columns(sorted(given, key=str), OWL_RULES)
        assert by_columns(shuffled(given, seed), OWL_RULES) == expected, seed
        other = by_columns(shuffled(of_renamed(given), seed), OWL_RULES)
        assert Outcome(of_renamed(other.inferred), of_renamed(other.clashes)) == expected, seed


def test_numbers_of_terms_do_not_matter() -> None:
    """Terms that nothing uses push the others up, and the type is not number 0."""
    given = sorted(ontologies.ontology(3), key=str)
    expected = by_columns(given, OWL_RULES)
    table = TermTable()
    for number in range(5000):
        table.intern(f"<https://example.org/unused{number}>".encode())
    terms = Terms(table)
    columns = FactColumns(terms.type)
    for fact in terms.facts(given):
        ((relation, column),) = columns_of([fact])
        columns.add(relation, column)
    assert outcome(materialise(terms, columns, OWL_RULES)) == expected and expected.inferred


# ---- edges

NOTHING: Final[tuple[Rule, ...]] = ()


def own(text: str) -> tuple[Rule, ...]:
    return parse_rules(RULES + text, "own.srl")


@pytest.mark.parametrize("rules", [NOTHING, OWL_RULES], ids=["no rules", "rules"])
@pytest.mark.parametrize(
    "data",
    [
        "",
        ":a :p :b .",
        ":a a :A .",
        ':a :p "text" .',
        ":a owl:sameAs :a .",
        "owl:Thing a owl:Class ; rdfs:subClassOf owl:Thing . rdfs:label a owl:AnnotationProperty .",
        "rdf:type rdfs:domain rdfs:Resource . rdfs:label rdfs:domain rdfs:Resource ; rdfs:label 'label' .",
        "owl:Nothing rdfs:subClassOf owl:Thing . :a a owl:Thing .",
    ],
)
def test_little(data: str, rules: tuple[Rule, ...]) -> None:
    assert by_columns(facts(data), rules) == Outcome()
    assert difference(facts(data), rules) == ""


def test_rules_without_facts() -> None:
    rules = own(
        "DATA { :a :p :b . :p a owl:TransitiveProperty . :b :p :c } RULE :r { :x a :Lonely } WHERE { NOT { :x :p :x } }"
    )
    assert len(by_columns([], rules).inferred) == 4
    assert len(by_columns([], (*OWL_RULES, *rules)).inferred) == 5
    assert difference([], rules) == difference([], (*OWL_RULES, *rules)) == ""


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
        "DATA { :z :p :a . :A a owl:Thing ; rdfs:subClassOf :A } RULE :r { ?x :p ?z } WHERE DATA { ?x :p ?y . ?y :p ?z }"
        "RULE :s { ?x :h ?y } WHERE DATA { ?x :p ?y } RULE :t { ?x ?p 1 } WHERE DATA { ?x :says ?p }"
        "RULE :u { ?y ?p ?x } WHERE DATA { ?x ?p ?y . ?x :r ?y }",
        10,
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


# ---- from a file


def test_from_a_file(tmp_path: Path) -> None:
    """Blank nodes keep their labels, and are things as any other."""
    given = ontologies.ontology(8) | facts(CASES["unusual names"][0])
    path = tmp_path / "facts.nt"
    text = re.sub(f"<{GENID}blank/([^>]+)>", r"_:\1", "".join(f"{fact} .\n" for fact in shuffled(given, 1)))
    assert "_:b.1-x" in text
    path.write_text(text, "utf-8")
    table = TermTable()
    columns = read_columns(str(path), table)
    terms = Terms(table)
    found = materialise(terms, grouped(terms.type, columns.subjects, columns.predicates, columns.objects), OWL_RULES)
    expected = by_rounds(given, OWL_RULES)
    assert len(expected.inferred) > 10 and f"{GENID}blank/" in str(expected.inferred)
    assert told(expected, outcome(found)) == ""

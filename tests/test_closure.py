"""What follows from the packaged graph, fact by fact, and how the closure behaves at its edges."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Collection
from pathlib import Path

import golden
import pyoxigraph as ox
import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from virtkg.namespaces import OWL, PREFIXES, RDF, RDFS, XSD
from virtkg.reason.closure import CLASH, close
from virtkg.reason.owlrl_engine import entail
from virtkg.rules.parse import parse_rules
from virtkg.rules.specialise import list_facts
from virtkg.rules.syntax import Rule
from virtkg.snapshot import layout

ROOT = Path(__file__).parent.parent
E = "https://example.org/"
HEAD = f"@prefix : <{E}> .\n" + "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())


def facts(text: str) -> set[Triple]:
    return {
        Triple(quad.subject, quad.predicate, quad.object) for quad in ox.parse(HEAD + text, format=RdfFormat.TURTLE)
    }


def lines(triples: Collection[Triple]) -> str:
    return "".join(sorted(f"{fact} .\n" for fact in triples))


# ---- the packaged graph


def test_closure_is_as_judged(inferred: frozenset[Triple], check_golden: Callable[[str, str], None]) -> None:
    """The file was gone through kind by kind: accept a change only after looking at each fact."""
    assert len(inferred) > 300
    check_golden("closure.nt", lines(inferred))


def test_a_changed_closure_is_noticed(inferred: frozenset[Triple], tmp_path: Path) -> None:
    text = lines(inferred)
    golden.compare("closure.nt", text, accept=True, folder=tmp_path)
    golden.compare("closure.nt", text, accept=False, folder=tmp_path)
    with pytest.raises(AssertionError, match=r"closure\.nt differs:\n--- golden"):
        golden.compare("closure.nt", text.split("\n", 1)[1], accept=False, folder=tmp_path)
    with pytest.raises(AssertionError, match=r"none\.nt is missing"):
        golden.compare("none.nt", text, accept=False, folder=tmp_path)


def test_both_libraries_read_the_same(inferred: frozenset[Triple]) -> None:
    text = lines(inferred)
    graph = rdflib.Graph().parse(data=text, format="nt")
    by_rdflib = {(str(s), str(p), str(o), _datatype(o)) for s, p, o in graph}
    by_pyoxigraph = {
        _strings(quad.subject, quad.predicate, quad.object) for quad in ox.parse(text, format=RdfFormat.N_TRIPLES)
    }
    assert by_rdflib == by_pyoxigraph == {_strings(fact.subject, fact.predicate, fact.object) for fact in inferred}


def _datatype(term: rdflib.term.Node) -> str:
    """Return the datatype of a literal; rdflib leaves out that of strings."""
    return str(term.datatype or rdflib.XSD.string) if isinstance(term, rdflib.Literal) else ""


def _strings(subject: object, predicate: NamedNode, value: object) -> tuple[str, str, str, str]:
    assert isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal)
    return subject.value, predicate.value, value.value, value.datatype.value if isinstance(value, Literal) else ""


def faults(inferred: Collection[Triple], stated: Collection[Triple]) -> list[str]:
    """Say which inferred facts should not be there, by kind."""
    found = []
    for fact in sorted(inferred, key=str):
        subject, predicate, value = fact.subject, fact.predicate.value, fact.object
        if not isinstance(subject, NamedNode):
            found.append(f"no IRI as subject: {fact}")
        elif isinstance(value, BlankNode):
            found.append(f"blank node: {fact}")
        elif subject == value:
            found.append(f"of a thing and itself: {fact}")
        elif subject.value.startswith((RDF, RDFS, OWL, XSD)):
            found.append(f"about the terms of RDF and OWL: {fact}")
        elif predicate == RDF + "type" and str(value).startswith((f"<{XSD}", f"<{OWL}Thing", f"<{RDFS}Resource")):
            found.append(f"everything is one: {fact}")
        elif predicate == CLASH.value:
            found.append(f"a contradiction: {fact}")
        if fact in stated:
            found.append(f"stated: {fact}")
    return found


def test_closure_has_no_noise(inferred: frozenset[Triple], stated: frozenset[Triple]) -> None:
    assert faults(inferred, stated) == []


def test_each_kind_of_noise_is_found(stated: frozenset[Triple]) -> None:
    planted = facts(
        """_:b :p :c . :a :p _:b . :a owl:sameAs :a . rdfs:label a owl:AnnotationProperty .
        :a a owl:Thing , xsd:integer ; owlrl:clash owlrl:cax-dw ."""
    ) | {min(stated, key=str)}
    assert sorted(fault.partition(":")[0] for fault in faults(planted, stated)) == [
        *("a contradiction", "about the terms of RDF and OWL", "blank node", "everything is one", "everything is one"),
        *("no IRI as subject", "of a thing and itself", "stated"),
    ]


def test_packaged_facts_do_not_contradict_each_other(snapshot: object) -> None:
    assert list(snapshot.clashes()) == []  # type: ignore[attr-defined]


BUILD = """
import hashlib
from virtkg.build import build
from virtkg.inputs import Inputs
from virtkg.snapshot import layout
from virtkg.snapshot.reader import Snapshot
data = build(Inputs(), b"k" * 32)
snapshot = Snapshot(memoryview(data), b"k" * 32)
sections = {name: snapshot.section(value) for name, value in vars(layout).items() if isinstance(value, str)
            and name.isupper()}
for name, part in sections.items():
    print(name, len(part), hashlib.sha256(part).hexdigest())
"""


def output_with(seed: str, program: str) -> list[str]:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def two_builds() -> list[list[str]]:
    """Size and digest of each section of two snapshots, built in processes with different orders of sets."""
    return [output_with(seed, BUILD) for seed in ("1", "2")]


SECTIONS = sorted(name for name in vars(layout) if name.isupper() and isinstance(vars(layout)[name], str))


@pytest.mark.parametrize("section", SECTIONS)
def test_two_builds_give_the_same_bytes(section: str, two_builds: list[list[str]]) -> None:
    one, other = ([line for line in build if line.startswith(section + " ")] for build in two_builds)
    assert one == other and len(one) == 1


def test_the_order_of_sets_would_show() -> None:
    program = "print(list({str(n) for n in range(99)}))"
    assert output_with("1", program) != output_with("2", program)


# ---- facts that decide which rules there are


def test_a_derived_axiom_is_used(rules: tuple[Rule, ...]) -> None:
    given = facts(
        """:Count rdfs:subClassOf vkg:SingleValued . :size a :Count . :a :size 1 , 2 .
        :t vkg:asRelation :does . :c vkg:by :t ; vkg:ofMode :m ; vkg:ofResource :r . :does rdfs:subPropertyOf :can .
        :broader rdfs:subPropertyOf rdfs:subClassOf . :A :broader :B . :x a :A ."""
    )
    inferred = close(given, rules).inferred
    subject, dispute = NamedNode(E + "a"), NamedNode(PREFIXES["vkg"] + "disputedSubject")
    assert any(fact.predicate == dispute and fact.object == subject for fact in inferred)
    assert facts(":m :does :r ; :can :r . :x a :B .") <= set(inferred)
    known = set(given)
    for fact, how in inferred.items():
        assert known.issuperset(how.premises), fact
        known.add(fact)


def test_a_rule_with_not_waits_for_what_owl_derives(rules: tuple[Rule, ...]) -> None:
    own = parse_rules(
        f"""PREFIX : <{E}> PREFIX rdfs: <{RDFS}>
        RULE :r {{ ?x rdfs:label ?l }} WHERE {{ ?x :name ?l NOT {{ ?x :hidden ?l }} }}""",
        "t.srl",
    )
    given = facts(':secret rdfs:subPropertyOf :hidden . :a :name "x" ; :secret "x" . :b :name "y" .')
    inferred = set(close(given, [*rules, *own]).inferred)
    assert facts(':b rdfs:label "y" .') <= inferred and not facts(':a rdfs:label "x" .') & inferred


# ---- lists


@pytest.mark.parametrize(
    "broken",
    [
        ":l rdf:first :A ; rdf:rest :l .",
        ":l rdf:first :A ; rdf:rest :m . :m rdf:first :B ; rdf:rest :l .",
        ":l rdf:first :A ; rdf:rest :m . :m rdf:first :B .",
        ":l rdf:first :A ; rdf:rest :m .",
        ":l rdf:first :A , :B ; rdf:rest () .",
        ":l rdf:first :A ; rdf:rest () , :m . :m rdf:first :B ; rdf:rest () .",
        ":l rdf:rest () .",
    ],
)
def test_a_broken_list_says_nothing(broken: str, rules: tuple[Rule, ...]) -> None:
    uses = ":C owl:intersectionOf :l . :U owl:unionOf :l . :p owl:propertyChainAxiom :l . :K owl:hasKey :l . "
    assert not close(facts(uses + broken + ":x a :A . :y a :A , :B , :K ; :A :x ; :B :x ."), rules).inferred


def test_a_whole_list_speaks(rules: tuple[Rule, ...]) -> None:
    given = facts(
        ":C owl:intersectionOf :l . :l rdf:first :A ; rdf:rest :m . :m rdf:first :B ; rdf:rest () . :y a :A , :B ."
    )
    assert facts(":y a :C . :C rdfs:subClassOf :A , :B .") == set(close(given, rules).inferred)


def test_equal_members_do_not_break_a_list(rules: tuple[Rule, ...]) -> None:
    """Replacing equals gives a cell a second member; the list is still the one that was stated."""
    given = facts(
        """:d a owl:AllDisjointClasses ; owl:members :l . :l rdf:first :A ; rdf:rest :m .
        :m rdf:first :B ; rdf:rest () . :A owl:sameAs :A2 . :x a :A2 , :B ."""
    )
    closure = close(given, rules)
    assert Triple(NamedNode(E + "x"), CLASH, NamedNode(PREFIXES["owlrl"] + "cax-adc")) in closure.clashes


def test_two_lists_can_share_their_end(rules: tuple[Rule, ...]) -> None:
    given = facts(
        """:C owl:unionOf :l . :D owl:unionOf :m . :l rdf:first :A ; rdf:rest :m . :m rdf:first :B ; rdf:rest () ."""
    )
    assert facts(":A rdfs:subClassOf :C . :B rdfs:subClassOf :C , :D .") == set(close(given, rules).inferred)


def test_a_list_of_data_costs_what_it_is_long() -> None:
    """Only what OWL compares cell by cell may cost the square of it."""
    count = 1000
    cells = [f":c{n} rdf:first :i{n} ; rdf:rest {f':c{n + 1}' if n + 1 < count else '()'} ." for n in range(count)]
    assert len(list(list_facts(facts(":a :p :c0 . " + "\n".join(cells))))) < 2 * count
    assert (
        len(list(list_facts(facts(":a owl:members :c0 . " + "\n".join(cells[-20:]).replace(":c980 ", ":c0 "))))) > 100
    )


def test_owlrl_is_not_troubled_by_broken_lists() -> None:
    assert entail(facts(":C owl:intersectionOf :l . :x a :A . :l rdf:first :A ; rdf:rest :l .")) == set()
    assert entail(facts(":C owl:intersectionOf :l . :x a :A . :l rdf:first :A ; rdf:rest :m .")) == set()
    assert facts(":x a :C .") <= entail(facts(":C owl:intersectionOf :l . :x a :A . :l rdf:first :A ; rdf:rest () ."))


# ---- literals


def test_a_literal_keeps_the_form_of_its_premise(rules: tuple[Rule, ...]) -> None:
    given = facts(':p rdfs:subPropertyOf :q . :a :p 7 . :b :p "007"^^xsd:integer . :c :p "7"^^xsd:byte . :d :p 1.50 .')
    inferred = close(given, rules).inferred
    assert set(inferred) == facts(':a :q 7 . :b :q "007"^^xsd:integer . :c :q "7"^^xsd:byte . :d :q 1.50 .')
    assert all(given.issuperset(how.premises) for how in inferred.values())


def test_equal_numbers_are_one_value(rules: tuple[Rule, ...]) -> None:
    given = facts(':p rdfs:subPropertyOf :q . :a :p "007"^^xsd:integer ; :q 7 . :b :p 7 ; :q "07"^^xsd:integer .')
    assert not close(given, rules).inferred


def test_axioms_with_literals_are_quoted_as_written(rules: tuple[Rule, ...]) -> None:
    given = facts(
        """:R owl:onProperty :p ; owl:hasValue "07"^^xsd:integer . :a a :R .
        :S owl:onProperty :q ; owl:maxCardinality 1 . :b a :S ; :q :c , :d ."""
    )
    inferred = close(given, rules).inferred
    assert facts(':a :p "07"^^xsd:integer . :c owl:sameAs :d .') <= set(inferred)
    known = {*given, *inferred}
    assert all(known.issuperset(how.premises) for how in inferred.values())


def test_no_fact_has_a_literal_as_subject(rules: tuple[Rule, ...]) -> None:
    given = facts(":p rdfs:range :A ; owl:inverseOf :q . :a :p 1 . :b :p :c .")
    assert set(close(given, rules).inferred) == facts(":c a :A ; :q :b .")


# ---- negation that asks other facts


def test_absent_from_takes_the_place_of_what_follows(rules: tuple[Rule, ...]) -> None:
    own = parse_rules(f"PREFIX : <{E}> RULE :r {{ ?x a :Free }} WHERE {{ ?x a :Thing NOT {{ ?x a :Bound }} }}", "t.srl")
    given = facts(":Tied rdfs:subClassOf :Bound . :a a :Thing , :Tied . :b a :Thing .")
    usual = close(given, [*rules, *own])
    other = close(given, [*rules, *own], absent_from=facts(":b a :Bound ."))
    assert {fact for fact in usual.inferred if fact.object == NamedNode(E + "Free")} == facts(":b a :Free .")
    assert {fact for fact in other.inferred if fact.object == NamedNode(E + "Free")} == facts(":a a :Free .")

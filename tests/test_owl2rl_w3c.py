"""W3C's tests of the OWL 2 RL profile: what follows, what does not, and what is contradictory.

The tests are in a folder of their own outside the repository, and are left out
where it is missing. The twins are of our own making.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import Triple
from shared import SHARED

from virtkg.inputs import rule_files
from virtkg.rdf.read import read_file
from virtkg.reason.entail import Verdict, consistent, entails
from virtkg.rules.parse import read_rules

FOLDER: Final = SHARED / "testsuites" / "owl2rl"
COUNT: Final = 56
OWL_RULES: Final = read_rules(rule_files()[0])

MISSED: Final = {
    "New-Feature-ReflexiveProperty-001 positive": "the tables have no rule for reflexive properties",
}
"""Tests that are not passed, each with its reason."""

needs_suite = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the W3C tests are not here: {FOLDER}")


@dataclass(frozen=True)
class Case:
    """One test of one kind; `direct` tells whether it goes by the Direct Semantics only."""

    name: str
    kind: str
    direct: bool
    folder: Path

    def __str__(self) -> str:
        return f"{self.name} {self.kind}"

    @property
    def runs(self) -> bool:
        return (self.folder / "premise.rdf").exists()


KINDS: Final = {
    "ConsistencyTest": "consistent",
    "InconsistencyTest": "inconsistent",
    "PositiveEntailmentTest": "positive",
    "NegativeEntailmentTest": "negative",
}


def collect(folder: Path) -> list[Case]:
    """Return the tests that a table lists and that have a folder, one for each kind."""
    lines = (folder / "tests.tsv").read_text(encoding="utf-8").splitlines()[1:]
    found = []
    for name, kinds, semantics, *_ in (line.split("\t") for line in lines):
        cases = [KINDS[kind] for kind in kinds.split("|") if kind in KINDS]
        found += [Case(name, kind, semantics == "DIRECT", folder / name) for kind in cases if (folder / name).is_dir()]
    return found


def facts(path: Path) -> list[Triple]:
    return [Triple(*row[:3]) for row in read_file(str(path))]


def verdict(case: Case) -> Verdict:
    name = "conclusion.rdf" if case.kind == "positive" else "non-conclusion.rdf"
    premise, conclusion = facts(case.folder / "premise.rdf"), facts(case.folder / name)
    return entails(premise, conclusion, OWL_RULES, annotations=not case.direct)


def fault(case: Case) -> str:
    """Say what is wrong with the outcome of a test, "" if it is passed."""
    if case.kind in ("consistent", "inconsistent"):
        found = consistent(facts(case.folder / "premise.rdf"), OWL_RULES)
        return "" if found == (case.kind == "consistent") else f"found {'' if found else 'in'}consistent"
    found_out = verdict(case)
    if found_out.holds == (case.kind == "positive"):
        return ""
    return "\n".join(f"{part.how}: {part.axiom} {part.clashes}" for part in found_out.parts)


CASES: Final = collect(FOLDER) if FOLDER.is_dir() else []
RUNNABLE: Final = [case for case in CASES if case.runs]
OTHERS: Final = {
    "Disjoint_Props_via_Disjoint_Domains",
    "Disjoint_Props_via_Disjoint_Ranges",
    "Individual-Class_Punning_vs._ObjectOneOf",
    "functionality-clash",
    "string-integer-clash",
}
"""Tests that are written in OWL's functional syntax only."""


@needs_suite
def test_all_tests_are_found() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    listed = {line.split("\t")[0] for line in (FOLDER / "tests.tsv").read_text().splitlines()[1:]}
    assert len(listed) == COUNT and folders <= listed
    # One test would import others, and has no folder; its only kind asks for the profile.
    assert listed - folders == {"WebOnt-imports-013"}
    assert {case.name for case in CASES} == folders
    assert {case.name for case in CASES if not case.runs} == OTHERS
    assert Counter(case.kind for case in RUNNABLE) == {
        "consistent": 44,
        "inconsistent": 6,
        "positive": 17,
        "negative": 3,
    }
    assert MISSED.keys() <= {str(case) for case in RUNNABLE}
    assert len(MISSED) < len(RUNNABLE) / 10


@needs_suite
@pytest.mark.parametrize("case", [case for case in RUNNABLE if str(case) not in MISSED], ids=str)
def test_w3c(case: Case) -> None:
    assert fault(case) == ""


@needs_suite
@pytest.mark.parametrize("case", [case for case in RUNNABLE if str(case) in MISSED], ids=str)
def test_what_is_missed_is_missed_still(case: Case) -> None:
    assert fault(case) != "", f"{case} is passed now: remove it from MISSED"


# ---- twins: each follows, and does not follow when any one sentence of the premise is left out

HEAD: Final = """@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . """
ONE: Final = '"1"^^xsd:nonNegativeInteger'
ZERO: Final = '"0"^^xsd:nonNegativeInteger'

FOLLOWS: Final = {
    "stated": ([":A rdfs:subClassOf :B", ":a a :A"], ":a a :B"),
    "somebody": ([":a :p :b", ":b a :B"], ":a :p [ a :B ]"),
    "one variable in two triples": ([":a :p :b", ":b :q :a"], ":a :p _:x . _:x :q _:y . _:y :p _:x"),
    "different": ([":a a :A", ":b a :B", ":A owl:disjointWith :B"], ":a owl:differentFrom :b"),
    "all different": (
        [":a :p 1", ":b :p 2", ":c :p 3", ":p a owl:FunctionalProperty"],
        "[] a owl:AllDifferent ; owl:distinctMembers ( :a :b :c )",
    ),
    "same": ([":p a owl:FunctionalProperty", ":a :p :b", ":a :p :c"], ":b owl:sameAs :c"),
    "complement": ([":A owl:disjointWith :B", ":a a :A"], ":a a [ owl:complementOf :B ]"),
    "complement of a complement": (
        [":A rdfs:subClassOf :B", ":a a :A"],
        ":a a [ owl:complementOf [ owl:complementOf :B ] ]",
    ),
    "union": ([":a a :A", ":A rdfs:subClassOf :B"], ":a a [ owl:unionOf ( :C :B ) ]"),
    "intersection": (
        [":A rdfs:subClassOf :B", ":A rdfs:subClassOf :C"],
        ":A rdfs:subClassOf [ owl:intersectionOf ( :B :C ) ]",
    ),
    "a union in a class": (
        [":A rdfs:subClassOf :C", ":B rdfs:subClassOf :C"],
        "[ owl:unionOf ( :A :B ) ] rdfs:subClassOf :C",
    ),
    "one of": ([":a a :A", ":b a :A"], "[ owl:oneOf ( :a :b ) ] rdfs:subClassOf :A"),
    "some": (
        [":p rdfs:range :B", ":B rdfs:subClassOf :C"],
        "[ owl:onProperty :p ; owl:someValuesFrom :A ] rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :C ]",
    ),
    "all": (
        [":p rdfs:subPropertyOf :q", ":q rdfs:range :B"],
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom :B ]",
    ),
    "value": (
        [":A rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue 1 ]", ":p rdfs:subPropertyOf :q"],
        ":A rdfs:subClassOf [ owl:onProperty :q ; owl:hasValue 1 ]",
    ),
    "self": ([":p rdfs:subPropertyOf :q", ":a :p :a"], ":a a [ owl:onProperty :q ; owl:hasSelf true ]"),
    "at most one": (
        [":p rdfs:subPropertyOf :q", ":q a owl:FunctionalProperty"],
        f":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality {ONE} ]",
    ),
    "at most none": (
        [":p rdfs:domain :B", ":A owl:disjointWith :B"],
        f":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxQualifiedCardinality {ZERO} ; owl:onClass :C ]",
    ),
    "at least one": (
        [":a :p :b", ":b a :B"],
        f":a a [ owl:onProperty :p ; owl:minQualifiedCardinality {ONE} ; owl:onClass :B ]",
    ),
    "exactly one": (
        [":a :p :b", ":p a owl:FunctionalProperty"],
        f":a a [ owl:onProperty :p ; owl:cardinality {ONE} ]",
    ),
    "equal classes": ([":A rdfs:subClassOf :B", ":B rdfs:subClassOf :A"], ":A owl:equivalentClass :B"),
    "a named expression": (
        [":A rdfs:subClassOf :C", ":B rdfs:subClassOf :C", ":C rdfs:subClassOf :A"],
        ":C owl:unionOf ( :A :B )",
    ),
    "disjoint": ([":A rdfs:subClassOf :B", ":B owl:complementOf :C"], ":A owl:disjointWith :C"),
    "all disjoint": (
        [":A owl:disjointWith :B", ":B owl:disjointWith :C", ":A owl:disjointWith :C"],
        "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C )",
    ),
    "disjoint properties": (
        [":p rdfs:domain :A", ":q rdfs:domain :B", ":A owl:disjointWith :B"],
        ":p owl:propertyDisjointWith :q",
    ),
    "all disjoint properties": (
        [":p rdfs:range :A", ":q rdfs:range :B", ":A owl:disjointWith :B"],
        "[] a owl:AllDisjointProperties ; owl:members ( :p :q )",
    ),
    "part of a property": (
        [":p owl:inverseOf :q", ":q rdfs:subPropertyOf [ owl:inverseOf :r ]"],
        ":p rdfs:subPropertyOf :r",
    ),
    "equal properties": ([":p rdfs:subPropertyOf :q", ":q rdfs:subPropertyOf :p"], ":p owl:equivalentProperty :q"),
    "inverse": ([":p owl:inverseOf :r", ":r owl:equivalentProperty :q"], ":q owl:inverseOf :p"),
    "domain": ([":p owl:inverseOf :q", ":q rdfs:range :A"], ":p rdfs:domain :A"),
    "range": ([":p owl:inverseOf :q", ":q rdfs:domain :A"], ":p rdfs:range :A"),
    "chain": (
        [":p rdfs:subPropertyOf :r", ":q rdfs:subPropertyOf :r", ":r a owl:TransitiveProperty"],
        ":r owl:propertyChainAxiom ( :p :q :p )",
    ),
    "key": (
        [":p a owl:InverseFunctionalProperty", ":q rdfs:subPropertyOf :p"],
        ":A owl:hasKey ( :q )",
    ),
    "symmetric": ([":p owl:inverseOf :q", ":p owl:equivalentProperty :q"], ":p a owl:SymmetricProperty"),
    "transitive": ([":p owl:propertyChainAxiom ( :p :p )"], ":p a owl:TransitiveProperty"),
    "functional": ([":p rdfs:subPropertyOf :q", ":q a owl:FunctionalProperty"], ":p a owl:FunctionalProperty"),
    "inverse functional": (
        [":p owl:inverseOf :q", ":q a owl:FunctionalProperty"],
        ":p a owl:InverseFunctionalProperty",
    ),
    "asymmetric": (
        [":p rdfs:domain :A", ":p rdfs:range :B", ":A owl:disjointWith :B"],
        ":p a owl:AsymmetricProperty",
    ),
    "irreflexive": ([":p a owl:AsymmetricProperty"], ":p a owl:IrreflexiveProperty"),
    "denied": (
        [":p a owl:AsymmetricProperty", ":b :p :a"],
        "[] a owl:NegativePropertyAssertion ; "
        "owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetIndividual :b",
    ),
    "everything, from a contradiction": ([":a a :A", ":a a [ owl:complementOf :A ]"], ":b :p :c"),
}

DOES_NOT_FOLLOW: Final = {
    "one of two": ([":a a [ owl:unionOf ( :A :B ) ]"], ":a a :A"),
    "one part of an intersection": ([":A rdfs:subClassOf :B"], ":A rdfs:subClassOf [ owl:intersectionOf ( :B :C ) ]"),
    "one part of a union": ([":A rdfs:subClassOf :C"], "[ owl:unionOf ( :A :B ) ] rdfs:subClassOf :C"),
    "a definition": ([":a a :A"], ":B owl:intersectionOf ( :A )"),
    "a list of the conclusion": ([":a a :A"], "[] a owl:AllDifferent ; owl:members ( :a :b )"),
    "a broken list": (
        [":a a :A"],
        "[] a owl:AllDisjointClasses ; owl:members _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> :A",
    ),
    "two expressions in one node": ([":a a :A"], ":a a [ owl:intersectionOf ( :A ) ; owl:unionOf ( :A :B ) ]"),
    "an expression of itself": ([":a a :A"], ":a a _:x . _:x owl:complementOf _:x"),
    "two definitions of a name": ([":a a :A"], ":A owl:intersectionOf ( :A ) ; owl:unionOf ( :A :B )"),
    "somebody else": ([":a :p :b", ":c a :B"], ":a :p [ a :B ]"),
    "two variables": ([":a :p :b", ":c :p :d"], "_:x :p _:y . _:y :p _:z"),
    "somebody, from a denial of one": ([":a a :A"], ":a :p []"),
    "all, of what is there": ([":a :p :b", ":b a :B"], ":a a [ owl:onProperty :p ; owl:allValuesFrom :B ]"),
    "no value": ([":a a :A"], f":a a [ owl:onProperty :p ; owl:maxCardinality {ZERO} ]"),
    "two values": ([":a :p :b , :c"], ':a a [ owl:onProperty :p ; owl:minCardinality "2"^^xsd:nonNegativeInteger ]'),
    "values of a datatype": ([":p rdfs:range xsd:integer"], ":p rdfs:range xsd:byte"),
    "a number of a datatype": (
        [f":A rdfs:subClassOf [ owl:onProperty :p ; owl:minCardinality {ONE} ]"],
        f":A rdfs:subClassOf [ owl:onProperty :p ; owl:minQualifiedCardinality {ONE} ; owl:onDataRange xsd:byte ]",
    ),
    "same classes": ([":A owl:equivalentClass :B"], ":A owl:sameAs :B"),
    "a declaration": ([":a a :A"], ":A a owl:Class"),
    "one half": ([":p rdfs:subPropertyOf :q"], ":p owl:equivalentProperty :q"),
}


def said(text: str, path: Path) -> list[Triple]:
    path.write_text(f"{HEAD}{text} .", encoding="utf-8")
    return facts(path)


def follows(premise: list[str], conclusion: str, folder: Path) -> Verdict:
    return entails(
        said(" . ".join(premise), folder / "premise.ttl"), said(conclusion, folder / "conclusion.ttl"), OWL_RULES
    )


@pytest.mark.parametrize("name", FOLLOWS)
def test_it_follows_and_rests_on_each_sentence(name: str, tmp_path: Path) -> None:
    premise, conclusion = FOLLOWS[name]
    found = follows(premise, conclusion, tmp_path)
    assert found.parts and found.holds, found
    assert all(part.axiom and bool(part.clashes) == (part.how == "refuted") for part in found.parts)
    for index in range(len(premise)):
        fewer = [*premise[:index], ":unused a :Unused", *premise[index + 1 :]]
        assert not follows(fewer, conclusion, tmp_path).holds, premise[index]


@pytest.mark.parametrize("name", DOES_NOT_FOLLOW)
def test_it_does_not_follow(name: str, tmp_path: Path) -> None:
    premise, conclusion = DOES_NOT_FOLLOW[name]
    assert not follows(premise, conclusion, tmp_path).holds


def test_names_of_a_conclusion_are_not_those_of_the_premise(tmp_path: Path) -> None:
    """Two files of one name: the blank nodes of one are not those of the other."""
    other = tmp_path / "other"
    other.mkdir()
    premise = said(":a a [ owl:complementOf :A ]", tmp_path / "same.ttl")
    conclusion = said(":a a [ owl:unionOf ( :A :B ) ]", other / "same.ttl")
    assert {fact.object for fact in premise} & {fact.object for fact in conclusion}
    assert not entails(premise, conclusion, OWL_RULES).holds
    assert entails(premise, premise, OWL_RULES).holds


def test_annotations_count_in_one_semantics_only(tmp_path: Path) -> None:
    premise = said(":A owl:equivalentClass :B", tmp_path / "p.ttl")
    conclusion = said(':n a owl:AnnotationProperty . :B :n "x" ; rdfs:label "y" ; a owl:Class', tmp_path / "c.ttl")
    assert not entails(premise, conclusion, OWL_RULES).holds
    direct = entails(premise, conclusion, OWL_RULES, annotations=False)
    assert direct.holds and direct.parts == ()


# ---- datatypes: what dt-type2, dt-eq, dt-diff and dt-not-type come to

CONTRADICTORY: Final = {
    "two values of one property": ":p a owl:FunctionalProperty . :a :p 1 , 2",
    "a number and a text": ':p a owl:FunctionalProperty . :a :p 1 , "1"',
    "a text in two languages": ':p a owl:FunctionalProperty . :a :p "x"@en , "x"@de',
    "one value, denied in other digits": (
        ':n owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetValue 1 . :a :p "01"^^xsd:integer'
    ),
    "one value of disjoint properties": ':p owl:propertyDisjointWith :q . :a :p 1 ; :q "1.0"^^xsd:decimal',
    "a text for a number": ':p rdfs:range xsd:integer . :a :p "x"',
    "a number that is too large": ":p rdfs:range xsd:byte . :a :p 1000",
    "no number": ':a :p "x"^^xsd:integer',
    "a number in the range of numbers and texts": ":p rdfs:range xsd:integer , xsd:string . :a :p 3",
    "a text where all values are numbers": ':a :p "x" ; a [ owl:onProperty :p ; owl:allValuesFrom xsd:integer ]',
    "an integer and a double": ':p a owl:FunctionalProperty . :a :p 1 , "1.0"^^xsd:double',
}
CONSISTENT: Final = {
    "other digits": ':p a owl:FunctionalProperty . :a :p 1 , "01"^^xsd:integer , "1.0"^^xsd:decimal',
    "a number in its range": ":p rdfs:range xsd:decimal . :a :p 3",
    "tags in other letters": ':p a owl:FunctionalProperty . :a :p "x"@en , "x"@EN',
}


@pytest.mark.parametrize("name", CONTRADICTORY)
def test_contradictory_values(name: str, tmp_path: Path) -> None:
    assert not consistent(said(CONTRADICTORY[name], tmp_path / "own.ttl"), OWL_RULES)


@pytest.mark.parametrize("name", CONSISTENT)
def test_values_that_agree(name: str, tmp_path: Path) -> None:
    assert consistent(said(CONSISTENT[name], tmp_path / "own.ttl"), OWL_RULES)


# ---- the judge itself


@pytest.mark.parametrize("kind", ["consistent", "inconsistent", "positive", "negative"])
def test_a_wrong_outcome_is_noticed(kind: str, tmp_path: Path) -> None:
    """The judge itself: with its kind turned round, no test of our own is passed."""
    disjoint = "<owl:Class rdf:about='u:A'><owl:disjointWith rdf:resource='u:B'/></owl:Class>"
    member = "<rdf:Description rdf:about='u:a'><rdf:type rdf:resource='u:A'/></rdf:Description>"
    right = member.replace("u:A", "u:B") if kind == "inconsistent" else ""
    (tmp_path / "premise.rdf").write_text(rdfxml(disjoint + member + right))
    (tmp_path / "conclusion.rdf").write_text(rdfxml(member))
    (tmp_path / "non-conclusion.rdf").write_text(rdfxml(member.replace("u:A", "u:B")))
    own = Case("own", kind, False, tmp_path)
    assert fault(own) == ""
    (tmp_path / "conclusion.rdf").write_text(rdfxml(member.replace("u:A", "u:B")))
    (tmp_path / "non-conclusion.rdf").write_text(rdfxml(member))
    opposite = {"consistent": "inconsistent", "inconsistent": "consistent"}.get(kind, kind)
    assert fault(Case("own", opposite, False, tmp_path)) != ""


def rdfxml(body: str) -> str:
    return (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:owl='http://www.w3.org/2002/07/owl#'>"
        f"{body}</rdf:RDF>"
    )

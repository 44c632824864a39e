"""`virtkg.Reasoner`: a closure of any RDF in Python."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

import virtkg

DATA = """@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:parent rdfs:subPropertyOf :ancestor . :ancestor a owl:TransitiveProperty .
:Parent owl:equivalentClass [ owl:onProperty :parentOf ; owl:someValuesFrom owl:Thing ] .
:parent owl:inverseOf :parentOf . :Parent owl:disjointWith :Childless .
:ann :parent :bea . :bea :parent :cid . :cid a :Old .
"""
RULES = "PREFIX : <urn:x:>\nRULE :young { ?x a :Young } WHERE { ?x :parent ?y NOT { ?x a :Old } }\n"
PREFIXES = "@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"


def triples(text: str) -> set[Triple]:
    return {quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)}


@pytest.fixture
def reasoner(tmp_path: Path) -> virtkg.Reasoner:
    (tmp_path / "family.ttl").write_text(DATA)
    (tmp_path / "own.srl").write_text(RULES)
    return virtkg.Reasoner([str(tmp_path / "family.ttl")], [str(tmp_path / "own.srl")])


def test_what_follows_can_be_asked(reasoner: virtkg.Reasoner) -> None:
    follows = triples(":ann :ancestor :bea , :cid ; a :Young . :cid a :Parent ; :parentOf :bea .")
    assert follows <= set(reasoner.inferred())
    assert all(triple in reasoner for triple in follows)
    assert len(reasoner) > len(set(reasoner.inferred())) > len(follows)
    assert not triples(":cid :ancestor :ann ; a :Young .") & set(reasoner.inferred())


def test_a_reason_ends_in_what_was_given(reasoner: virtkg.Reasoner) -> None:
    (goal,) = triples(":ann :ancestor :cid .")
    reason = reasoner.why(goal)
    assert reason is not None and reason.rule.endswith("owl2rl/prp-trp") and reason.triple == goal
    stack, leaves = [reason], set()
    while stack:
        part = stack.pop()
        stack += part.premises
        if not part.rule:
            leaves.add(part.triple)
    assert triples(":ann :parent :bea . :bea :parent :cid .") <= leaves
    (young,) = triples(":ann a :Young .")
    assert "urn:x:Old" in reasoner.why(young).absent[0]  # type: ignore[union-attr]
    assert reasoner.why(next(iter(triples(":cid a :Young .")))) is None


def test_changes_are_told(reasoner: virtkg.Reasoner) -> None:
    new = triples(":dan :parent :ann . _:nobody :parent :dan .")
    change = reasoner.add(new)
    assert not change.anew and new | triples(":dan :ancestor :ann , :bea , :cid ; a :Young .") <= change.added
    assert any(isinstance(triple.subject, BlankNode) for triple in change.added)
    old = reasoner.add(triples(":dan a :Old ."))
    assert triples(":dan a :Young .") == old.removed
    back = reasoner.remove(new | triples(":dan a :Old ."))
    assert new <= back.removed and not back.added
    assert reasoner.add(triples(":Young <http://www.w3.org/2000/01/rdf-schema#subClassOf> :Person .")).anew
    assert next(iter(triples(":ann a :Person ."))) in reasoner


def test_contradictions_have_reasons(reasoner: virtkg.Reasoner) -> None:
    assert list(reasoner.contradictions()) == []
    reasoner.add(triples(":cid a :Childless ."))
    (found,) = reasoner.contradictions()
    assert found.rule.endswith("owl2rl/cax-dw")
    assert {premise.triple for premise in found.premises} >= triples(":cid a :Childless , :Parent .")


def test_own_rules_can_stand_alone(tmp_path: Path) -> None:
    (tmp_path / "family.ttl").write_text(DATA)
    (tmp_path / "own.srl").write_text(RULES)
    alone = virtkg.Reasoner([str(tmp_path / "family.ttl")], [str(tmp_path / "own.srl")], owl=False)
    assert set(alone.inferred()) == triples(":ann a :Young . :bea a :Young .")


def test_no_file_is_an_empty_closure(tmp_path: Path) -> None:
    empty = tmp_path / "empty.nt"
    empty.write_text("")
    reasoner = virtkg.Reasoner([str(empty)])
    assert len(reasoner) == 0
    subject = NamedNode("urn:x:a")
    assert reasoner.add([Triple(subject, NamedNode("urn:x:p"), subject)]).anew
    assert len(reasoner) == 1

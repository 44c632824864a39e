"""The vocabulary is in the profiles OWL 2 DL and OWL 2 RL, as far as a look at its triples can tell."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import RdfFormat, Triple

from virtkg.inputs import vocabulary_files
from virtkg.namespaces import PREFIXES
from virtkg.validate.profile import Profile

HEAD = "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())


@pytest.fixture(scope="module")
def vocabulary() -> list[Triple]:
    """The modules and the things as authored, with blank class expressions."""
    return [
        quad.triple
        for path in vocabulary_files()
        for quad in ox.parse(Path(path).read_bytes(), format=RdfFormat.TURTLE)
    ]


def planted(text: str) -> list[Triple]:
    return [quad.triple for quad in ox.parse(HEAD + text, format=RdfFormat.TURTLE)]


def test_vocabulary_is_in_both_profiles(vocabulary: list[Triple]) -> None:
    assert len(vocabulary) > 1000
    assert Profile(vocabulary).faults == []


FAULTS = [
    ("vkg:Mode rdfs:subClassOf [ owl:unionOf ( vkg:Cell vkg:Task ) ] .", "unionOf as superclass"),
    (
        "vkg:Mode rdfs:subClassOf [ owl:onProperty vkg:requires ; owl:someValuesFrom vkg:Cell ] .",
        "someValuesFrom as superclass",
    ),
    (
        "[ owl:onProperty vkg:requires ; owl:allValuesFrom vkg:Cell ] rdfs:subClassOf vkg:Mode .",
        "allValuesFrom as subclass",
    ),
    ("[ owl:complementOf vkg:Cell ] rdfs:subClassOf vkg:Mode .", "complementOf as subclass"),
    (
        "[ owl:unionOf ( vkg:Mode [ owl:complementOf vkg:Cell ] ) ] rdfs:subClassOf vkg:Task .",
        "complementOf as subclass",
    ),
    ("vkg:Mode rdfs:subClassOf [ owl:complementOf [ owl:complementOf vkg:Cell ] ] .", "complementOf as subclass"),
    (
        "vkg:Mode rdfs:subClassOf [ owl:onProperty vkg:requires ; owl:minCardinality 1 ] .",
        "minCardinality as superclass",
    ),
    (
        "vkg:Mode rdfs:subClassOf [ owl:onProperty vkg:requires ; owl:maxCardinality 2 ] .",
        "maxCardinality 2 as superclass",
    ),
    ("vkg:Mode owl:unionOf ( vkg:Cell vkg:Task ) .", "unionOf as equivalentclass"),
    ("vkg:Mode owl:equivalentClass [ owl:oneOf ( id:pv ) ] .", "oneOf as equivalentclass"),
    (
        "vkg:Mode owl:disjointWith [ owl:onProperty vkg:requires ; owl:allValuesFrom vkg:Cell ] .",
        "allValuesFrom as subclass",
    ),
    ("vkg:requires rdfs:domain [ owl:unionOf ( vkg:Cell vkg:Task ) ] .", "unionOf as superclass"),
    ("id:pv a [ owl:unionOf ( vkg:Cell vkg:Task ) ] .", "unionOf as superclass"),
    (
        "vkg:Mode rdfs:subClassOf [ owl:onProperty vkg:requires ; owl:hasValue id:pv ; owl:allValuesFrom vkg:Cell ] .",
        "2 class expressions in one",
    ),
    ("owl:Thing rdfs:subClassOf vkg:Mode .", "owl:Thing as subclass"),
    ("vkg:Mode rdfs:subClassOf vkg:Unheard .", "vkg:Unheard is no declared class"),
    ("vkg:releaseDate rdfs:range xsd:gYear .", "the datatype xsd:gYear is not in OWL 2 RL"),
    ("vkg:Mode a owl:ObjectProperty .", "vkg:Mode is a Class and a ObjectProperty"),
    ("vkg:requires a owl:DatatypeProperty .", "vkg:requires is a ObjectProperty and a DatatypeProperty"),
    ("vkg:verb a owl:DatatypeProperty .", "vkg:verb is a DatatypeProperty and a AnnotationProperty"),
    ("id:pv vkg:unheard id:hvm .", "vkg:unheard is no declared property"),
    ("vkg:verb rdfs:domain vkg:Mode .", "the annotation property vkg:verb has a domain"),
    ("vkg:note rdfs:range vkg:Mode .", "the annotation property vkg:note has a range"),
    ("vkg:follows owl:propertyChainAxiom ( vkg:releaseOf vkg:follows ) .", "the chain of vkg:follows leads back to it"),
    (
        "vkg:productOf owl:propertyChainAxiom ( vkg:inSeries vkg:hasVendor ) .",
        "the chain of vkg:productOf leads back to it",
    ),
    ("vkg:by owl:propertyChainAxiom ( vkg:ofMode vkg:usesTechnique ) .", "the chain of vkg:by leads back to it"),
    (
        "vkg:follows a owl:TransitiveProperty . vkg:follows a owl:FunctionalProperty .",
        "vkg:follows is composite and a owl:FunctionalProperty",
    ),
    ("vkg:usesTechnique a owl:IrreflexiveProperty .", "vkg:usesTechnique is composite and a owl:IrreflexiveProperty"),
    (
        "vkg:follows a owl:TransitiveProperty ; rdfs:subPropertyOf vkg:after . "
        "vkg:after a owl:ObjectProperty , owl:AsymmetricProperty .",
        "vkg:after is composite and a owl:AsymmetricProperty",
    ),
    (
        "vkg:follows a owl:TransitiveProperty . vkg:follows owl:propertyDisjointWith vkg:inSeries .",
        "vkg:follows is composite and has a owl:propertyDisjointWith",
    ),
    (
        "vkg:Mode rdfs:subClassOf [ owl:onProperty vkg:usesTechnique ; owl:maxCardinality 1 ] .",
        "a composite property in a cardinality",
    ),
]
"""What is not allowed, with the fault that must be found."""


@pytest.mark.parametrize(("text", "fault"), FAULTS, ids=lambda text: text[:60])
def test_each_fault_is_found(text: str, fault: str, vocabulary: list[Triple]) -> None:
    assert fault in Profile([*vocabulary, *planted(text)]).faults


ALLOWED_TEXTS = [
    "[ owl:unionOf ( vkg:Cell vkg:Task ) ] rdfs:subClassOf vkg:Mode .",
    "[ owl:onProperty vkg:requires ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf vkg:Mode .",
    "vkg:Mode rdfs:subClassOf [ owl:onProperty vkg:requires ; owl:allValuesFrom vkg:HardwareExtension ] .",
    "vkg:Mode rdfs:subClassOf [ owl:onProperty vkg:requires ; owl:maxCardinality 1 ] .",
    "vkg:Mode rdfs:subClassOf [ owl:complementOf [ owl:oneOf ( id:disk ) ] ] .",
]


@pytest.mark.parametrize("text", ALLOWED_TEXTS)
def test_what_is_allowed_is_no_fault(text: str, vocabulary: list[Triple]) -> None:
    assert Profile([*vocabulary, *planted(text)]).faults == []

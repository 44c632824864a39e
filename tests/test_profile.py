"""The vocabulary is in the profiles OWL 2 DL and OWL 2 RL, as far as a look at its triples can tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple

from virtkg.inputs import vocabulary_files
from virtkg.namespaces import OWL, PREFIXES, RDF, RDFS, XSD, compact

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


RL_DATATYPES = {RDF + "PlainLiteral", RDF + "XMLLiteral", RDFS + "Literal"}
RL_DATATYPES |= {XSD + name for name in ("decimal", "integer", "long", "int", "short", "byte", "float", "double")}
RL_DATATYPES |= {f"{XSD}{sign}Integer" for sign in ("nonNegative", "nonPositive", "positive", "negative")}
RL_DATATYPES |= {f"{XSD}unsigned{name}" for name in ("Long", "Int", "Short", "Byte")}
RL_DATATYPES |= {
    XSD + name for name in ("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN")
}
RL_DATATYPES |= {XSD + name for name in ("boolean", "hexBinary", "base64Binary", "anyURI", "dateTime", "dateTimeStamp")}
"""OWL 2 Profiles, 4.2.2."""

PARTS = (
    *("intersectionOf", "unionOf", "oneOf", "complementOf", "someValuesFrom", "allValuesFrom", "hasValue", "hasSelf"),
    *("minCardinality", "maxCardinality", "cardinality"),
    *("minQualifiedCardinality", "maxQualifiedCardinality", "qualifiedCardinality"),
)
SIMPLE_ONLY = {OWL + name + "Property" for name in ("Functional", "InverseFunctional", "Irreflexive", "Asymmetric")}
KINDS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")


class Profile:
    """Finds what OWL 2 RL (Profiles, 4.2) or OWL 2 DL (Structural Specification, 3 and 11) does not allow."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = sorted(set(triples), key=str)
        self.faults: list[str] = []
        self.kinds = {kind: set(self._subjects(RDF + "type", OWL + kind)) for kind in KINDS}
        self._check_positions()
        self._check_kinds()
        self._check_properties()

    def _subjects(self, predicate: str, value: str) -> list[object]:
        return [f.subject for f in self.triples if f.predicate.value == predicate and f.object == NamedNode(value)]

    def _objects(self, subject: object, predicate: str) -> list[object]:
        return [f.object for f in self.triples if f.subject == subject and f.predicate.value == predicate]

    def _list(self, cell: object) -> list[object]:
        items: list[object] = []
        while cell != NamedNode(RDF + "nil"):
            items += self._objects(cell, RDF + "first")
            (cell,) = self._objects(cell, RDF + "rest")
        return items

    # class expressions

    def _check_positions(self) -> None:
        roles = {
            RDFS + "subClassOf": ("sub", "super"),
            OWL + "equivalentClass": ("equivalent", "equivalent"),
            OWL + "disjointWith": ("sub", "sub"),
            RDFS + "domain": ("", "super"),
            RDFS + "range": ("", "super"),
            RDF + "type": ("", "super"),
        }
        for fact in self.triples:
            own, other = roles.get(fact.predicate.value, ("", ""))
            if own:
                self._expression(fact.subject, own)
            if other and not str(fact.object).startswith((f"<{OWL}", f"<{RDF}", f"<{RDFS}")):
                self._expression(fact.object, other)
            if fact.predicate.value in {OWL + part for part in PARTS} and isinstance(fact.subject, NamedNode):
                self._parts(fact.subject, "equivalent")

    def _expression(self, term: object, role: str) -> None:
        if isinstance(term, BlankNode):
            self._parts(term, role)
        elif term == NamedNode(OWL + "Thing"):
            self.faults.append(f"owl:Thing as {role}class")
        elif isinstance(term, NamedNode) and term.value.startswith(XSD):
            if term.value not in RL_DATATYPES:
                self.faults.append(f"the datatype {compact(term.value)} is not in OWL 2 RL")
        elif term not in self.kinds["Class"]:
            self.faults.append(f"{name(term)} is no declared class")

    def _parts(self, node: object, role: str) -> None:
        parts = [(part, value) for part in PARTS for value in self._objects(node, OWL + part)]
        if len(parts) != 1:
            self.faults.append(f"{len(parts)} class expressions in one")
        for part, value in parts:
            if part not in ALLOWED[role]:
                self.faults.append(f"{part} as {role}class")
            elif part in ("intersectionOf", "unionOf"):
                for item in self._list(value):
                    self._expression(item, role)
            elif part in ("someValuesFrom", "allValuesFrom", "complementOf"):
                if not (part == "someValuesFrom" and value == NamedNode(OWL + "Thing")):
                    self._expression(value, "super" if part == "allValuesFrom" else "sub")
            elif part.startswith("max") and getattr(value, "value", "") not in ("0", "1"):
                self.faults.append(f"{part} {getattr(value, 'value', '')} as {role}class")

    # kinds of terms

    def _check_kinds(self) -> None:
        for number, kind in enumerate(KINDS):
            for other in KINDS[number + 1 :]:
                for term in sorted(self.kinds[kind] & self.kinds[other], key=str):
                    self.faults.append(f"{name(term)} is a {kind} and a {other}")
        declared = set().union(*(self.kinds[kind] for kind in KINDS[1:]))
        used = {fact.predicate for fact in self.triples if not fact.predicate.value.startswith((RDF, RDFS, OWL))}
        self.faults += [f"{name(term)} is no declared property" for term in sorted(used - declared, key=str)]
        for term in sorted(self.kinds["AnnotationProperty"], key=str):
            for axiom in ("domain", "range"):
                if self._objects(term, RDFS + axiom):
                    self.faults.append(f"the annotation property {name(term)} has a {axiom}")

    # properties

    def _check_properties(self) -> None:
        chains = {
            f.subject: self._list(f.object) for f in self.triples if f.predicate.value == OWL + "propertyChainAxiom"
        }
        for term, chain in chains.items():
            if self._above([term], chains) & set(chain):
                self.faults.append(f"the chain of {name(term)} leads back to it")
        composite = self._above([*chains, *self._subjects(RDF + "type", OWL + "TransitiveProperty")])
        for fact in self.triples:
            axiom, term = fact.predicate.value, fact.subject
            if axiom == RDF + "type" and str(fact.object)[1:-1] in SIMPLE_ONLY and term in composite:
                self.faults.append(f"{name(term)} is composite and a {name(fact.object)}")
            if axiom in (OWL + "propertyDisjointWith", OWL + "hasSelf") and term in composite:
                self.faults.append(f"{name(term)} is composite and has a {name(fact.predicate)}")
            if "ardinality" in axiom and set(self._objects(term, OWL + "onProperty")) & composite:
                self.faults.append("a composite property in a cardinality")

    def _above(self, properties: Iterable[object], chains: Mapping[Any, list[object]] | None = None) -> set[object]:
        """The properties with all that include them, and with `chains` all that are made of them."""
        found: set[object] = set()
        stack = list(properties)
        while stack:
            term = stack.pop()
            if term not in found:
                found.add(term)
                for axiom in (RDFS + "subPropertyOf", OWL + "equivalentProperty", OWL + "inverseOf"):
                    stack += self._objects(term, axiom)
                stack += self._subjects_of(term, OWL + "equivalentProperty") + self._subjects_of(
                    term, OWL + "inverseOf"
                )
                stack += [made for made, chain in (chains or {}).items() if term in chain]
        return found

    def _subjects_of(self, value: object, predicate: str) -> list[object]:
        return [fact.subject for fact in self.triples if fact.object == value and fact.predicate.value == predicate]


ALLOWED = {
    "sub": {"intersectionOf", "unionOf", "oneOf", "someValuesFrom", "hasValue"},
    "super": {
        *("intersectionOf", "complementOf", "allValuesFrom", "hasValue"),
        *("maxCardinality", "maxQualifiedCardinality"),
    },
    "equivalent": {"intersectionOf", "hasValue"},
}
"""OWL 2 Profiles, 4.2.3."""


def name(term: object) -> str:
    return compact(term.value) if isinstance(term, NamedNode) else "a blank node"


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

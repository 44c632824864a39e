"""Whether an ontology is in the profiles OWL 2 DL and OWL 2 RL, as far as a look at its triples can tell.

Knows: OWL 2 RL (Profiles, 4.2) and OWL 2 DL (Structural Specification, 3 and 11).
Must not know: files, or the vocabulary of virtkg.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from virtkg.namespaces import GENID, OWL, RDF, RDFS, XSD, compact

_RL_DATATYPES = {RDF + "PlainLiteral", RDF + "XMLLiteral", RDFS + "Literal"}
_RL_DATATYPES |= {XSD + name for name in ("decimal", "integer", "long", "int", "short", "byte", "float", "double")}
_RL_DATATYPES |= {f"{XSD}{sign}Integer" for sign in ("nonNegative", "nonPositive", "positive", "negative")}
_RL_DATATYPES |= {f"{XSD}unsigned{name}" for name in ("Long", "Int", "Short", "Byte")}
_RL_DATATYPES |= {
    XSD + name for name in ("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN")
}
_RL_DATATYPES |= {
    XSD + name for name in ("boolean", "hexBinary", "base64Binary", "anyURI", "dateTime", "dateTimeStamp")
}
"""OWL 2 Profiles, 4.2.2."""

_PARTS: Final = (
    *("intersectionOf", "unionOf", "oneOf", "complementOf", "someValuesFrom", "allValuesFrom", "hasValue", "hasSelf"),
    *("minCardinality", "maxCardinality", "cardinality"),
    *("minQualifiedCardinality", "maxQualifiedCardinality", "qualifiedCardinality"),
)
_SIMPLE_ONLY: Final = {
    OWL + name + "Property" for name in ("Functional", "InverseFunctional", "Irreflexive", "Asymmetric")
}
_KINDS: Final = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")


class Profile:
    """Finds what OWL 2 RL (Profiles, 4.2) or OWL 2 DL (Structural Specification, 3 and 11) does not allow."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Look at the triples of an ontology; blank nodes may be Skolem IRIs."""
        self.triples = sorted(set(triples), key=str)
        self.found: list[tuple[str, str]] = []
        """What is not allowed: a sentence, and the IRI of the term whose axiom it is ("" if it has none)."""
        self._values: dict[tuple[object, str], list[object]] = {}
        self._owners: dict[object, object] = {}
        for fact in self.triples:
            self._values.setdefault((fact.subject, fact.predicate.value), []).append(fact.object)
            if _is_blank(fact.object):
                self._owners.setdefault(fact.object, fact.subject)
        self._at: object = None
        self._open: set[object] = set()
        self._kinds = {kind: set(self._subjects(RDF + "type", OWL + kind)) for kind in _KINDS}
        self._check_positions()
        self._check_kinds()
        self._check_properties()

    @property
    def faults(self) -> list[str]:
        """The sentences alone."""
        return [text for text, _ in self.found]

    def _add(self, text: str, term: object = None) -> None:
        owner = self._at if term is None else term
        for _ in range(len(self._owners)):
            if not _is_blank(owner) or owner not in self._owners:
                break
            owner = self._owners[owner]
        self.found.append((text, owner.value if isinstance(owner, NamedNode) else ""))

    def _subjects(self, predicate: str, value: str) -> list[object]:
        return [f.subject for f in self.triples if f.predicate.value == predicate and f.object == NamedNode(value)]

    def _objects(self, subject: object, predicate: str) -> list[object]:
        return self._values.get((subject, predicate), [])

    def _list(self, cell: object) -> list[object]:
        items: list[object] = []
        cells: set[object] = set()
        while cell != NamedNode(RDF + "nil"):
            rest = self._objects(cell, RDF + "rest")
            if len(rest) != 1 or cell in cells:
                self._add("a list that does not end")
                break
            cells.add(cell)
            items += self._objects(cell, RDF + "first")
            (cell,) = rest
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
            self._at = fact.subject
            own, other = roles.get(fact.predicate.value, ("", ""))
            if own:
                self._expression(fact.subject, own)
            if other and not str(fact.object).startswith((f"<{OWL}", f"<{RDF}", f"<{RDFS}")):
                self._expression(fact.object, other)
            if fact.predicate.value in {OWL + part for part in _PARTS} and not _is_blank(fact.subject):
                self._parts(fact.subject, "equivalent")

    def _expression(self, term: object, role: str) -> None:
        if _is_blank(term):
            self._parts(term, role)
        elif term == NamedNode(OWL + "Thing"):
            self._add(f"owl:Thing as {role}class")
        elif isinstance(term, NamedNode) and term.value.startswith(XSD):
            if term.value not in _RL_DATATYPES:
                self._add(f"the datatype {compact(term.value)} is not in OWL 2 RL")
        elif term not in self._kinds["Class"]:
            self._add(f"{_name(term)} is no declared class")

    def _parts(self, node: object, role: str) -> None:
        if node in self._open:
            return self._add("a class expression that is part of itself")
        self._open.add(node)
        self._look_at_parts(node, role)
        self._open.discard(node)
        return None

    def _look_at_parts(self, node: object, role: str) -> None:
        parts = [(part, value) for part in _PARTS for value in self._objects(node, OWL + part)]
        if len(parts) != 1:
            self._add(f"{len(parts)} class expressions in one")
        for part, value in parts:
            if part not in _ALLOWED[role]:
                self._add(f"{part} as {role}class")
            elif part in ("intersectionOf", "unionOf"):
                for item in self._list(value):
                    self._expression(item, role)
            elif part in ("someValuesFrom", "allValuesFrom", "complementOf"):
                if not (part == "someValuesFrom" and value == NamedNode(OWL + "Thing")):
                    self._expression(value, "super" if part == "allValuesFrom" else "sub")
            elif part.startswith("max") and getattr(value, "value", "") not in ("0", "1"):
                self._add(f"{part} {getattr(value, 'value', '')} as {role}class")

    # kinds of terms

    def _check_kinds(self) -> None:
        for number, kind in enumerate(_KINDS):
            for other in _KINDS[number + 1 :]:
                for term in sorted(self._kinds[kind] & self._kinds[other], key=str):
                    self._add(f"{_name(term)} is a {kind} and a {other}", term)
        declared = set().union(*(self._kinds[kind] for kind in _KINDS[1:]))
        used = {fact.predicate for fact in self.triples if not fact.predicate.value.startswith((RDF, RDFS, OWL))}
        for term in sorted(used - declared, key=str):
            self._add(f"{_name(term)} is no declared property", term)
        for term in sorted(self._kinds["AnnotationProperty"], key=str):
            for axiom in ("domain", "range"):
                if self._objects(term, RDFS + axiom):
                    self._add(f"the annotation property {_name(term)} has a {axiom}", term)

    # properties

    def _check_properties(self) -> None:
        chains: dict[object, list[object]] = {}
        for fact in self.triples:
            if fact.predicate.value == OWL + "propertyChainAxiom":
                self._at = fact.subject
                chains[fact.subject] = self._list(fact.object)
        for term, chain in chains.items():
            if self._above([term], chains) & set(chain):
                self._add(f"the chain of {_name(term)} leads back to it", term)
        composite = self._above([*chains, *self._subjects(RDF + "type", OWL + "TransitiveProperty")])
        for fact in self.triples:
            axiom, term = fact.predicate.value, fact.subject
            self._at = term
            if axiom == RDF + "type" and str(fact.object)[1:-1] in _SIMPLE_ONLY and term in composite:
                self._add(f"{_name(term)} is composite and a {_name(fact.object)}")
            if axiom in (OWL + "propertyDisjointWith", OWL + "hasSelf") and term in composite:
                self._add(f"{_name(term)} is composite and has a {_name(fact.predicate)}")
            if "ardinality" in axiom and set(self._objects(term, OWL + "onProperty")) & composite:
                self._add("a composite property in a cardinality")

    def _above(self, properties: Iterable[object], chains: Mapping[object, list[object]] | None = None) -> set[object]:
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


_ALLOWED: Final = {
    "sub": {"intersectionOf", "unionOf", "oneOf", "someValuesFrom", "hasValue"},
    "super": {
        *("intersectionOf", "complementOf", "allValuesFrom", "hasValue"),
        *("maxCardinality", "maxQualifiedCardinality"),
    },
    "equivalent": {"intersectionOf", "hasValue"},
}
"""What can stand where a class expression stands (OWL 2 Profiles, 4.2.3)."""


def _is_blank(term: object) -> bool:
    return isinstance(term, BlankNode) or (isinstance(term, NamedNode) and term.value.startswith(GENID))


def _name(term: object) -> str:
    return compact(term.value) if isinstance(term, NamedNode) else "a blank node"

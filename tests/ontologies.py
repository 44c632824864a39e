"""Random small ontologies, each from a number, with every construct of OWL 2 RL.

Knows: the constructs and how RDF writes them, with IRIs in place of blank nodes.
Must not know: any engine that is tested with them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from virtkg.namespaces import OWL, RDF, RDFS, XSD

SIZE: Final = 40
E: Final = "https://example.org/"
TYPE, FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("type", "first", "rest", "nil"))
THING, NOTHING = (NamedNode(OWL + name) for name in ("Thing", "Nothing"))
CLASSES: Final = [NamedNode(E + name) for name in "ABC"]
PROPERTIES: Final = [NamedNode(E + name) for name in "pqr"]
VALUES: Final = [NamedNode(E + name) for name in ("weighs", "counts")]
THINGS: Final = [NamedNode(E + name) for name in "abcd"]
LITERALS: Final = [*(Literal(text, datatype=NamedNode(XSD + "integer")) for text in "12"), Literal("1")]

EXPRESSIONS: Final = [
    *("intersectionOf", "unionOf", "oneOf", "complementOf", "someValuesFrom", "allValuesFrom", "hasValue"),
    *("some thing", "max", "qualified max"),
]
OF_PROPERTIES: Final = ["Symmetric", "Transitive", "Functional", "InverseFunctional", "Asymmetric", "Irreflexive"]
AXIOMS: Final = {
    "rdfs:subClassOf": 8,
    "equivalentClass": 2,
    "disjointWith": 2,
    "AllDisjointClasses": 1,
    "rdfs:subPropertyOf": 4,
    "equivalentProperty": 2,
    "inverseOf": 2,
    "propertyDisjointWith": 2,
    "AllDisjointProperties": 1,
    "rdfs:domain": 2,
    "rdfs:range": 2,
    "property": 5,
    "propertyChainAxiom": 2,
    "hasKey": 2,
    "values": 2,
}
FACTS: Final = {
    "type": 16,
    "related": 32,
    "value": 8,
    "sameAs": 2,
    "differentFrom": 2,
    "AllDifferent": 1,
    "not related": 1,
    "same term": 1,
}
"""How often each kind is drawn."""

Facts = frozenset[Triple]


def ontology(seed: int) -> Facts:
    """Return the ontology that a number stands for, at most SIZE triples."""
    return Ontology(seed).grown()


def shrunk(facts: Facts, fails: Callable[[Facts], bool]) -> Facts:
    """Return facts that still fail, and none of which can be left out."""
    again = True
    while again:
        again = False
        for fact in sorted(facts, key=str):
            if fails(facts - {fact}):
                facts, again = facts - {fact}, True
    return facts


def written(facts: Facts) -> str:
    """Return facts as text that can be pasted into a test."""
    return "\n".join(sorted(f"{fact} ." for fact in facts))


class Ontology:
    """One ontology while it grows: declared terms, then random axioms and facts."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._made = 0
        # Few kinds of class in one ontology, so that its classes have to do with each other.
        self._kinds = ["", EXPRESSIONS[seed % 10], EXPRESSIONS[seed // 10 % 10]]
        self.facts = {Triple(class_, TYPE, NamedNode(OWL + "Class")) for class_ in CLASSES}
        self.facts |= {Triple(property_, TYPE, NamedNode(OWL + "ObjectProperty")) for property_ in PROPERTIES}
        self.facts |= {Triple(property_, TYPE, NamedNode(OWL + "DatatypeProperty")) for property_ in VALUES}

    def grown(self) -> Facts:
        while True:
            before = frozenset(self.facts)
            if self._random.random() < 0.45:
                self._axiom(self._drawn(AXIOMS))
            else:
                self._fact(self._drawn(FACTS))
            if len(self.facts) > SIZE:
                return before

    def _drawn(self, weights: dict[str, int]) -> str:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _add(self, subject: NamedNode, term: str, value: NamedNode | Literal) -> None:
        base, name = (RDFS, term[5:]) if term.startswith("rdfs:") else (OWL, term)
        self.facts.add(Triple(subject, NamedNode(base + name), value))

    def _one(self, terms: Sequence[NamedNode]) -> NamedNode:
        return self._random.choice(terms)

    def _fresh(self, kind: str) -> NamedNode:
        self._made += 1
        return NamedNode(f"{E}{kind}{self._made}")

    def _list(self, items: Sequence[NamedNode]) -> NamedNode:
        cells = [self._fresh("list") for _ in items]
        for cell, rest, item in zip(cells, [*cells[1:], NIL], items, strict=True):
            self.facts |= {Triple(cell, FIRST, item), Triple(cell, REST, rest)}
        return cells[0]

    # ---- classes

    def _class(self, depth: int = 0) -> NamedNode:
        """A named class or a new class expression; one in five parts of it is an expression too."""
        kind = self._random.choice(self._kinds)
        if not kind or (depth and self._random.random() > 0.2):
            return self._one(CLASSES)
        made = self._fresh("X")
        self.facts.add(Triple(made, TYPE, NamedNode(OWL + "Class")))
        match kind:
            case "intersectionOf" | "unionOf":
                count = self._random.choice([1, 2, 2, 2, 3])
                self._add(made, kind, self._list([self._class(depth + 1) for _ in range(count)]))
            case "oneOf":
                self._add(made, kind, self._list(self._random.choices(THINGS, k=2)))
            case "complementOf":
                self._add(made, kind, self._class(depth + 1))
            case _:
                self._restrict(made, kind, depth)
        return made

    def _restrict(self, made: NamedNode, kind: str, depth: int) -> None:
        on_values = kind in ("hasValue", "max") and self._random.random() < 0.3
        self._add(made, "onProperty", self._one(VALUES) if on_values else self._property())
        most = Literal(self._random.choice("01"), datatype=NamedNode(XSD + "nonNegativeInteger"))
        match kind:
            case "someValuesFrom" | "allValuesFrom":
                self._add(made, kind, self._filler(depth))
            case "some thing":
                self._add(made, "someValuesFrom", self._one([*CLASSES, THING]))
            case "hasValue":
                self._add(made, kind, self._random.choice(LITERALS) if on_values else self._one(THINGS))
            case "max":
                self._add(made, "maxCardinality", most)
            case _:
                self._add(made, "maxQualifiedCardinality", most)
                self._add(made, "onClass", self._one([*CLASSES[:2], THING]))

    def _filler(self, depth: int) -> NamedNode:
        return self._class(depth + 1) if self._random.random() < 0.9 else self._one([THING, NOTHING])

    def _property(self) -> NamedNode:
        if self._random.random() > 0.1:
            return self._one(PROPERTIES)
        made = self._fresh("inverse")
        self._add(made, "inverseOf", self._one(PROPERTIES))
        return made

    # ---- axioms

    def _axiom(self, kind: str) -> None:
        match kind:
            case "rdfs:subClassOf":
                above = self._class() if self._random.random() < 0.95 else NOTHING
                self._add(self._class() if self._random.random() < 0.98 else THING, kind, above)
            case "equivalentClass" | "disjointWith":
                self._add(self._one(CLASSES), kind, self._class())
            case "rdfs:domain" | "rdfs:range":
                self._add(self._property(), kind, self._class())
            case "propertyChainAxiom":
                path = [self._property() for _ in range(self._random.choice([2, 2, 3, 4]))]
                self._add(self._one(PROPERTIES), kind, self._list(path))
            case "hasKey":
                key = self._random.sample([*PROPERTIES, *VALUES], self._random.choice([1, 1, 2, 3]))
                self._add(self._one(CLASSES), kind, self._list(key))
            case "AllDisjointClasses":
                self._all(kind, "members", self._random.sample(CLASSES, self._random.choice([2, 3])))
            case "AllDisjointProperties":
                self._all(kind, "members", self._random.sample(PROPERTIES, self._random.choice([2, 3])))
            case "values":
                self._about_values()
            case "property":
                self._is_a(self._property(), self._random.choice(OF_PROPERTIES))
            case _:
                self._add(self._property(), kind, self._one(PROPERTIES))

    def _about_values(self) -> None:
        kind = self._random.choice(["rdfs:subPropertyOf", "rdfs:domain", "Functional", "propertyDisjointWith"])
        match kind:
            case "rdfs:domain":
                self._add(self._one(VALUES), kind, self._class())
            case "Functional":
                self._is_a(self._one(VALUES), kind)
            case _:
                self._add(VALUES[0], kind, VALUES[1])

    def _is_a(self, property_: NamedNode, kind: str) -> None:
        self.facts.add(Triple(property_, TYPE, NamedNode(f"{OWL}{kind}Property")))

    def _all(self, kind: str, by: str, members: Sequence[NamedNode]) -> None:
        made = self._fresh("All")
        self.facts.add(Triple(made, TYPE, NamedNode(OWL + kind)))
        self._add(made, by, self._list(members))

    # ---- facts

    def _fact(self, kind: str) -> None:
        one, other = self._one(THINGS), self._one(THINGS)
        match kind:
            case "type":
                self.facts.add(Triple(one, TYPE, self._one(CLASSES)))
            case "related":
                self.facts.add(Triple(one, self._one(PROPERTIES), other))
            case "value":
                self.facts.add(Triple(one, self._one(VALUES), self._random.choice(LITERALS)))
            case "AllDifferent":
                by = self._random.choice(["members", "distinctMembers"])
                self._all(kind, by, self._random.sample(THINGS, self._random.choice([2, 3])))
            case "not related":
                self._deny(one, other)
            case "same term":
                terms = self._random.choice([CLASSES, PROPERTIES])
                self._add(self._one(terms), "sameAs", self._one(terms))
            case _:
                self._add(one, kind, other)

    def _deny(self, one: NamedNode, other: NamedNode) -> None:
        made = self._fresh("Not")
        self._add(made, "sourceIndividual", one)
        if self._random.random() < 0.5:
            self._add(made, "assertionProperty", self._one(PROPERTIES))
            self._add(made, "targetIndividual", other)
        else:
            self._add(made, "assertionProperty", self._one(VALUES))
            self._add(made, "targetValue", self._random.choice(LITERALS))

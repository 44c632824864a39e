"""Axiom → its negation on fresh individuals: what must clash for the axiom to hold.

A negation is a list of cases: the axiom fails only if all facts of some case
hold, so it is proved when every case clashes. The empty list is the negation
of what cannot fail.

Knows: the meaning of each axiom and class expression of OWL 2 (Direct
Semantics, 2.2 and 2.3). Must not know: rules, closures, files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations, product
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from virtkg.namespaces import OWL, RDF, RDFS, XSD

Term = NamedNode | Literal
Case = list[Triple]
Cases = list[Case]

TYPE: Final = NamedNode(RDF + "type")
_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_THING, _NOTHING = NamedNode(OWL + "Thing"), NamedNode(OWL + "Nothing")
_SAME, _DIFFERENT = NamedNode(OWL + "sameAs"), NamedNode(OWL + "differentFrom")
_COUNTS: Final = {
    **dict.fromkeys(("minCardinality", "minQualifiedCardinality"), "min"),
    **dict.fromkeys(("maxCardinality", "maxQualifiedCardinality"), "max"),
    **dict.fromkeys(("cardinality", "qualifiedCardinality"), "exactly"),
}


class Described:
    """What some facts say of a node: its values, its list, its class expression."""

    def __init__(self, facts: Iterable[Triple]) -> None:
        self._values: dict[tuple[Term, str], Term] = {}
        for fact in facts:
            assert isinstance(fact.subject, NamedNode) and isinstance(fact.object, NamedNode | Literal)
            self._values.setdefault((fact.subject, fact.predicate.value), fact.object)

    def value(self, node: Term, predicate: str) -> Term | None:
        return self._values.get((node, predicate))

    def node(self, node: Term, predicate: str) -> NamedNode | None:
        value = self.value(node, predicate)
        return value if isinstance(value, NamedNode) else None

    def items(self, cell: Term | None) -> list[Term]:
        """Return the members of a list, none for one that is not whole."""
        found: list[Term] = []
        seen: set[Term] = set()
        while cell is not None and cell != _NIL and cell not in seen:
            seen.add(cell)
            item = self.value(cell, _FIRST.value)
            if item is None:
                return []
            found.append(item)
            cell = self.value(cell, _REST.value)
        return found if cell == _NIL else []

    def nodes(self, cell: Term | None) -> list[NamedNode]:
        """Return the members of a list, none if a literal is among them."""
        items = self.items(cell)
        found = [item for item in items if isinstance(item, NamedNode)]
        return found if len(found) == len(items) else []

    def count(self, node: NamedNode) -> tuple[str, int, NamedNode | None] | None:
        """Return the kind, the number and the class of a cardinality restriction, None for one on a data range."""
        if self.value(node, OWL + "onDataRange") is not None:
            return None
        for name, kind in _COUNTS.items():
            number = self.value(node, OWL + name)
            if isinstance(number, Literal) and number.value.isdecimal():
                return kind, int(number.value), self.node(node, OWL + "onClass")
        return None


def both(one: Cases, other: Cases) -> Cases:
    return [[*left, *right] for left, right in product(one, other)]


class Negations:
    """The negations of axioms whose class expressions and lists are described."""

    def __init__(self, described: Described, fresh: Callable[[], NamedNode]) -> None:
        self._described = described
        self._fresh = fresh
        self._open: list[NamedNode] = []
        """The expressions that are being unfolded: one that contains itself is not unfolded twice."""

    def of(self, subject: NamedNode, predicate: str, value: Term) -> Cases | None:
        """Return the negation of one axiom in one triple, or None if it has none."""
        if predicate == TYPE.value:
            return self._not_of_kind(subject, value)
        rule = _BY_PREDICATE.get(predicate)
        if rule is not None:
            return rule(self, subject, value) if isinstance(value, NamedNode) else None
        if predicate in (RDF + "first", RDF + "rest") or predicate.startswith(OWL):
            return None
        return [self._denied(subject, NamedNode(predicate), value)]

    def _not_of_kind(self, subject: NamedNode, kind: Term) -> Cases | None:
        if not isinstance(kind, NamedNode):
            return None
        rule = _BY_KIND.get(kind.value)
        if rule is not None:
            return rule(self, subject)
        if kind.value.startswith((OWL, RDF, RDFS, XSD)) and kind.value != OWL + "Nothing":
            return None
        return self.outside(subject, kind)

    # ---- classes

    def inside(self, one: NamedNode, class_: NamedNode) -> Cases:
        """Return the cases in which an individual is in a class."""
        if class_ == _NOTHING:
            return []
        told: Cases = [[Triple(one, TYPE, class_)]]
        return both(told, self._unfolded(one, class_, self._inside))

    def outside(self, one: NamedNode, class_: NamedNode) -> Cases:
        """Return the cases in which an individual is not in a class."""
        if class_ == _THING:
            return []
        facts: Case = []
        told = Triple(one, TYPE, self._complement_in(facts, class_))
        return both([[*facts, told]], self._unfolded(one, class_, self._outside))

    def _unfolded(self, one: NamedNode, class_: NamedNode, way: Callable[[NamedNode, NamedNode], Cases]) -> Cases:
        if class_ in self._open:
            return [[]]
        self._open.append(class_)
        cases = way(one, class_)
        self._open.pop()
        return cases

    def _inside(self, one: NamedNode, class_: NamedNode) -> Cases:
        said = self._described
        cases: Cases = [[]]
        for part in said.nodes(said.value(class_, OWL + "intersectionOf")):
            cases = both(cases, self.inside(one, part))
        if union := said.nodes(said.value(class_, OWL + "unionOf")):
            cases = both(cases, [case for part in union for case in self.inside(one, part)])
        if (other := said.node(class_, OWL + "complementOf")) is not None:
            cases = both(cases, self.outside(one, other))
        if listed := said.nodes(said.value(class_, OWL + "oneOf")):
            cases = both(cases, [[Triple(one, _SAME, member)] for member in listed])
        on = said.node(class_, OWL + "onProperty")
        if on is None:
            return cases
        if (some := said.node(class_, OWL + "someValuesFrom")) is not None:
            cases = both(cases, self._related(one, on, 1, some))
        if (counted := said.count(class_)) is not None and counted[0] != "max":
            cases = both(cases, self._related(one, on, counted[1], counted[2]))
        return cases

    def _outside(self, one: NamedNode, class_: NamedNode) -> Cases:
        said = self._described
        cases: Cases = [[]]
        if parts := said.nodes(said.value(class_, OWL + "intersectionOf")):
            cases = [case for part in parts for case in self.outside(one, part)]
        for part in said.nodes(said.value(class_, OWL + "unionOf")):
            cases = both(cases, self.outside(one, part))
        if (other := said.node(class_, OWL + "complementOf")) is not None:
            cases = both(cases, self.inside(one, other))
        for member in said.nodes(said.value(class_, OWL + "oneOf")):
            cases = both(cases, [[Triple(one, _DIFFERENT, member)]])
        on = said.node(class_, OWL + "onProperty")
        return cases if on is None else both(cases, self._outside_restriction(one, class_, on))

    def _outside_restriction(self, one: NamedNode, class_: NamedNode, on: NamedNode) -> Cases:
        said = self._described
        if (some := said.node(class_, OWL + "someValuesFrom")) is not None:
            facts: Case = []
            none = self._restriction(facts, on, "allValuesFrom", self._complement_in(facts, some))
            return [[*facts, Triple(one, TYPE, none)]]
        if (every := said.node(class_, OWL + "allValuesFrom")) is not None:
            other = self._fresh()
            return both([[Triple(one, on, other)]], self.outside(other, every))
        if (value := said.value(class_, OWL + "hasValue")) is not None:
            return [self._denied(one, on, value)]
        if said.value(class_, OWL + "hasSelf") is not None:
            return [self._denied(one, on, one)]
        counted = said.count(class_)
        if counted is None:
            return [[]]
        kind, number, of = counted
        cases = self._related(one, on, number + 1, of) if kind != "min" else []
        if kind != "max" and number:
            cases = [*cases, self._at_most(one, on, number - 1, of)]
        return cases

    def _related(self, one: NamedNode, on: NamedNode, count: int, class_: NamedNode | None) -> Cases:
        """An individual has so many different values, in a class."""
        others = [self._fresh() for _ in range(count)]
        cases: Cases = [[Triple(x, _DIFFERENT, y) for x, y in combinations(others, 2)]]
        for other in others:
            cases = both(cases, [[Triple(one, on, other)]])
            cases = cases if class_ is None else both(cases, self.inside(other, class_))
        return cases

    def _at_most(self, one: NamedNode, on: NamedNode, number: int, class_: NamedNode | None) -> Case:
        facts: Case = []
        many = Literal(str(number), datatype=NamedNode(XSD + "nonNegativeInteger"))
        name = "maxCardinality" if class_ is None else "maxQualifiedCardinality"
        made = self._restriction(facts, on, name, many)
        if class_ is not None:
            facts.append(Triple(made, NamedNode(OWL + "onClass"), class_))
        return [*facts, Triple(one, TYPE, made)]

    def _restriction(self, facts: Case, on: NamedNode, name: str, value: Term) -> NamedNode:
        made = self._fresh()
        facts += [
            Triple(made, TYPE, NamedNode(OWL + "Restriction")),
            Triple(made, NamedNode(OWL + "onProperty"), on),
            Triple(made, NamedNode(OWL + name), value),
        ]
        return made

    def _complement_in(self, facts: Case, class_: NamedNode) -> NamedNode:
        made = self._fresh()
        facts += [
            Triple(made, TYPE, NamedNode(OWL + "Class")),
            Triple(made, NamedNode(OWL + "complementOf"), class_),
        ]
        return made

    # ---- axioms

    def _denied(self, one: NamedNode, property_: NamedNode, value: Term) -> Case:
        made = self._fresh()
        target = "targetValue" if isinstance(value, Literal) else "targetIndividual"
        return [
            Triple(made, TYPE, NamedNode(OWL + "NegativePropertyAssertion")),
            Triple(made, NamedNode(OWL + "sourceIndividual"), one),
            Triple(made, NamedNode(OWL + "assertionProperty"), property_),
            Triple(made, NamedNode(OWL + target), value),
        ]

    def _sub_class(self, part: NamedNode, whole: NamedNode) -> Cases:
        one = self._fresh()
        return both(self.inside(one, part), self.outside(one, whole))

    def _equal_classes(self, one: NamedNode, other: NamedNode) -> Cases:
        return [*self._sub_class(one, other), *self._sub_class(other, one)]

    def _disjoint(self, one: NamedNode, other: NamedNode) -> Cases:
        member = self._fresh()
        return both(self.inside(member, one), self.inside(member, other))

    def _sub_property(self, part: NamedNode, whole: NamedNode) -> Cases:
        x, y = self._fresh(), self._fresh()
        return [[Triple(x, part, y), *self._denied(x, whole, y)]]

    def _equal_properties(self, one: NamedNode, other: NamedNode) -> Cases:
        return [*self._sub_property(one, other), *self._sub_property(other, one)]

    def _inverse(self, one: NamedNode, other: NamedNode) -> Cases:
        x, y = self._fresh(), self._fresh()
        return [[Triple(x, p, y), *self._denied(y, q, x)] for p, q in ((one, other), (other, one))]

    def _disjoint_properties(self, one: NamedNode, other: NamedNode) -> Cases:
        x, y = self._fresh(), self._fresh()
        return [[Triple(x, one, y), Triple(x, other, y)]]

    def _domain(self, property_: NamedNode, class_: NamedNode) -> Cases:
        x, y = self._fresh(), self._fresh()
        return both([[Triple(x, property_, y)]], self.outside(x, class_))

    def _range(self, property_: NamedNode, class_: NamedNode) -> Cases:
        x, y = self._fresh(), self._fresh()
        return both([[Triple(x, property_, y)]], self.outside(y, class_))

    def _chain(self, property_: NamedNode, cell: NamedNode) -> Cases | None:
        path = self._described.nodes(cell)
        if not path:
            return None
        stops = [self._fresh() for _ in range(len(path) + 1)]
        steps = [Triple(x, p, y) for x, p, y in zip(stops, path, stops[1:], strict=False)]
        return [[*steps, *self._denied(stops[0], property_, stops[-1])]]

    def _key(self, class_: NamedNode, cell: NamedNode) -> Cases | None:
        key = self._described.nodes(cell)
        if not key:
            return None
        x, y = self._fresh(), self._fresh()
        values = [(property_, self._fresh()) for property_ in key]
        agree = [Triple(one, property_, value) for property_, value in values for one in (x, y)]
        differ = [*agree, Triple(x, _DIFFERENT, y)]
        return both([differ], both(self.inside(x, class_), self.inside(y, class_)))

    def _functional(self, p: NamedNode) -> Cases:
        x, y, z = self._fresh(), self._fresh(), self._fresh()
        return [[Triple(x, p, y), Triple(x, p, z), Triple(y, _DIFFERENT, z)]]

    def _inverse_functional(self, p: NamedNode) -> Cases:
        x, y, z = self._fresh(), self._fresh(), self._fresh()
        return [[Triple(y, p, x), Triple(z, p, x), Triple(y, _DIFFERENT, z)]]

    def _transitive(self, p: NamedNode) -> Cases:
        x, y, z = self._fresh(), self._fresh(), self._fresh()
        return [[Triple(x, p, y), Triple(y, p, z), *self._denied(x, p, z)]]

    def _symmetric(self, p: NamedNode) -> Cases:
        x, y = self._fresh(), self._fresh()
        return [[Triple(x, p, y), *self._denied(y, p, x)]]

    def _asymmetric(self, p: NamedNode) -> Cases:
        x, y = self._fresh(), self._fresh()
        return [[Triple(x, p, y), Triple(y, p, x)]]

    def _irreflexive(self, p: NamedNode) -> Cases:
        x = self._fresh()
        return [[Triple(x, p, x)]]

    def _reflexive(self, p: NamedNode) -> Cases:
        x = self._fresh()
        return [self._denied(x, p, x)]

    def _pairs(self, node: NamedNode, by: str) -> Cases | None:
        said = self._described
        cell = said.value(node, OWL + "members") or said.value(node, OWL + "distinctMembers")
        members = said.nodes(cell)
        if not members:
            return None
        return [case for x, y in combinations(members, 2) for case in self.of(x, OWL + by, y) or ()]

    def _asserted(self, node: NamedNode) -> Cases | None:
        said = self._described
        one, on = said.node(node, OWL + "sourceIndividual"), said.node(node, OWL + "assertionProperty")
        value = said.value(node, OWL + "targetIndividual") or said.value(node, OWL + "targetValue")
        return None if one is None or on is None or value is None else [[Triple(one, on, value)]]


AXIOM_NODES: Final = frozenset(
    OWL + name for name in ("AllDifferent", "AllDisjointClasses", "AllDisjointProperties", "NegativePropertyAssertion")
)
"""The types of nodes that stand for an axiom in several triples."""

_BY_PREDICATE: Final[dict[str, Callable[[Negations, NamedNode, NamedNode], Cases | None]]] = {
    RDFS + "subClassOf": Negations._sub_class,
    OWL + "equivalentClass": Negations._equal_classes,
    OWL + "disjointWith": Negations._disjoint,
    RDFS + "subPropertyOf": Negations._sub_property,
    OWL + "equivalentProperty": Negations._equal_properties,
    OWL + "inverseOf": Negations._inverse,
    OWL + "propertyDisjointWith": Negations._disjoint_properties,
    RDFS + "domain": Negations._domain,
    RDFS + "range": Negations._range,
    OWL + "propertyChainAxiom": Negations._chain,
    OWL + "hasKey": Negations._key,
    OWL + "sameAs": lambda _, one, other: [[Triple(one, _DIFFERENT, other)]],
    OWL + "differentFrom": lambda _, one, other: [[Triple(one, _SAME, other)]],
}

_BY_KIND: Final[dict[str, Callable[[Negations, NamedNode], Cases | None]]] = {
    OWL + "FunctionalProperty": Negations._functional,
    OWL + "InverseFunctionalProperty": Negations._inverse_functional,
    OWL + "TransitiveProperty": Negations._transitive,
    OWL + "SymmetricProperty": Negations._symmetric,
    OWL + "AsymmetricProperty": Negations._asymmetric,
    OWL + "IrreflexiveProperty": Negations._irreflexive,
    OWL + "ReflexiveProperty": Negations._reflexive,
    OWL + "AllDifferent": lambda said, node: said._pairs(node, "differentFrom"),
    OWL + "AllDisjointClasses": lambda said, node: said._pairs(node, "disjointWith"),
    OWL + "AllDisjointProperties": lambda said, node: said._pairs(node, "propertyDisjointWith"),
    OWL + "NegativePropertyAssertion": Negations._asserted,
}

"""Conclusion graph → its parts: axioms, each proved by itself, and the definitions that they use.

Knows: how RDF writes axioms in several triples, which triples only describe a
class expression, a list or an inverse, and what is no axiom at all.
Must not know: rules, closures, negations, files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from virtkg.namespaces import GENID, OWL, RDF, RDFS
from virtkg.reason.negate import AXIOM_NODES, TYPE

_ONTOLOGY: Final = NamedNode(OWL + "Ontology")
_CONSTRUCTORS: Final = frozenset(
    OWL + name
    for name in (
        *("intersectionOf", "unionOf", "complementOf", "oneOf", "onProperty", "onProperties", "onClass"),
        *("someValuesFrom", "allValuesFrom", "hasValue", "hasSelf", "onDataRange", "onDatatype", "withRestrictions"),
        *("cardinality", "minCardinality", "maxCardinality"),
        *("qualifiedCardinality", "minQualifiedCardinality", "maxQualifiedCardinality"),
    )
)
_DEFINING: Final = _CONSTRUCTORS | {RDF + "first", RDF + "rest", OWL + "inverseOf"}
_BESIDES: Final = frozenset([RDF + "rest", OWL + "onProperty", OWL + "onClass", OWL + "onDataRange"]) | {
    OWL + "withRestrictions"
}
"""What stands beside the predicate that tells what a node is."""
DECLARING: Final = frozenset(
    [OWL + name for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual")]
    + [OWL + name for name in ("Restriction", "DataRange", "OntologyProperty")]
    + [RDFS + "Class", RDFS + "Datatype", RDF + "Property", RDF + "List"]
)
_ANNOTATING: Final = frozenset(
    [RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")]
    + [OWL + name for name in ("versionInfo", "deprecated", "priorVersion", "backwardCompatibleWith")]
    + [OWL + "incompatibleWith"]
)


@dataclass(frozen=True, slots=True)
class Axiom:
    """Triples that hold or fail together, and the triples whose negations stand for theirs."""

    triples: tuple[Triple, ...]
    proved: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """A conclusion taken apart: `described` is said of its axiom nodes, `definitions` may be assumed."""

    axioms: tuple[Axiom, ...]
    definitions: tuple[Triple, ...]
    described: tuple[Triple, ...]
    variables: frozenset[NamedNode]


def parts_of(conclusion: Iterable[Triple], fresh: Callable[[], NamedNode], *, annotations: bool) -> Parts:
    """Take a conclusion apart; without `annotations`, these and declarations are no part of it."""
    triples = sorted(_without_header(conclusion), key=str)
    if not annotations:
        triples = _logical(triples)
    axiom_nodes = {fact.subject for fact in triples if fact.predicate == TYPE and _iri(fact.object) in AXIOM_NODES}
    expressions = _expressions(triples)
    definitions = [f for f in triples if f.subject in expressions and _defines(f)]
    described = [f for f in triples if f.subject in axiom_nodes]
    rest = [f for f in triples if f.subject not in axiom_nodes and not (f.subject in expressions and _defines(f))]
    axioms = [
        Axiom(tuple(f for f in described if f.subject == kind.subject), (kind,))
        for kind in described
        if kind.predicate == TYPE and _iri(kind.object) in AXIOM_NODES
    ]
    variables = {
        term
        for fact in rest
        for term in (fact.subject, fact.object)
        if isinstance(term, NamedNode) and is_variable(term) and term not in expressions | axiom_nodes
    }
    named = {f.subject for f in rest if isinstance(f.subject, NamedNode) and f.predicate.value in _CONSTRUCTORS}
    for subject in sorted(named, key=str):
        axiom, made = _definition(subject, [f for f in rest if f.subject == subject], fresh())
        axioms.append(axiom)
        definitions += made
    rest = [f for f in rest if f.predicate.value not in _CONSTRUCTORS]
    axioms += [Axiom(group, group) for group in _connected(rest, variables)]
    return Parts(tuple(axioms), tuple(definitions), tuple(described), frozenset(variables))


def is_variable(term: object) -> bool:
    """Tell whether a term stands for a blank node."""
    return isinstance(term, NamedNode) and term.value.startswith(GENID)


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _without_header(facts: Iterable[Triple]) -> list[Triple]:
    known = set(facts)
    headers = {fact.subject for fact in known if fact.predicate == TYPE and fact.object == _ONTOLOGY}
    return [fact for fact in known if fact.subject not in headers]


def _logical(facts: list[Triple]) -> list[Triple]:
    own = {f.subject for f in facts if f.predicate == TYPE and _iri(f.object) == OWL + "AnnotationProperty"}
    return [
        fact
        for fact in facts
        if fact.predicate not in own
        and fact.predicate.value not in _ANNOTATING
        and not (fact.predicate == TYPE and _iri(fact.object) in DECLARING)
    ]


def _defines(fact: Triple) -> bool:
    return fact.predicate.value in _DEFINING or (fact.predicate == TYPE and _iri(fact.object) in DECLARING)


def _expressions(facts: list[Triple]) -> set[NamedNode]:
    """Return the blank nodes that only name something: one thing each, and nothing made of themselves.

    To assume any other definition would be to assume an axiom.
    """
    said: dict[NamedNode, list[Triple]] = {}
    for fact in facts:
        if isinstance(fact.subject, NamedNode) and is_variable(fact.subject) and fact.predicate.value in _DEFINING:
            said.setdefault(fact.subject, []).append(fact)
    found = {node for node, own in said.items() if _says_one_thing(own)}
    made_of = {node: {fact.object for fact in said[node]} & found for node in found}
    while ready := {node for node, needed in made_of.items() if not needed & made_of.keys()}:
        made_of = {node: needed for node, needed in made_of.items() if node not in ready}
    return found - made_of.keys()


def _says_one_thing(own: list[Triple]) -> bool:
    predicates = [fact.predicate.value for fact in own]
    return len(predicates) == len(set(predicates)) and len(set(predicates) - _BESIDES) == 1


def _definition(subject: NamedNode, said: list[Triple], made: NamedNode) -> tuple[Axiom, list[Triple]]:
    """Turn what is said of a named class into its equivalence with an expression."""
    own = [fact for fact in said if fact.predicate.value in _CONSTRUCTORS]
    if not _says_one_thing(own):
        return Axiom(tuple(own), tuple(own)), []
    equal = Triple(subject, NamedNode(OWL + "equivalentClass"), made)
    return Axiom(tuple(own), (equal,)), [Triple(made, fact.predicate, fact.object) for fact in own]


def _connected(facts: list[Triple], variables: set[NamedNode]) -> list[tuple[Triple, ...]]:
    """Group the triples that share a variable; each other triple is a group."""
    groups: list[tuple[set[NamedNode], list[Triple]]] = []
    for fact in facts:
        mine = {term for term in (fact.subject, fact.object) if isinstance(term, NamedNode) and term in variables}
        near = [group for group in groups if group[0] & mine]
        groups = [group for group in groups if group not in near]
        names = mine.union(*(group[0] for group in near))
        groups.append((names, [*(other for group in near for other in group[1]), fact]))
    return [tuple(group) for _, group in groups]

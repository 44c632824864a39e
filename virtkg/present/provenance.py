"""Proofs as PROV-O: which statement was derived from which others, by which rule, and quoted from which source.

A fact is an rdf:Statement. A step is an activity that used its premises and
had the rule as its plan; a stated fact was quoted from its sources. What is
disputed is a member of the graph of disputed facts, taken as a collection.
The IRIs of statements and steps follow from what they say.

Knows: PROV-O (W3C Recommendation, 30 April 2013), and what a proof is.
Must not know: the graph, or how Turtle is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from virtkg.answer import Answer
from virtkg.namespaces import BASE, DISPUTED_GRAPH, PROV, RDF, RDFS
from virtkg.proof import Proof
from virtkg.rdf.turtle import format_text
from virtkg.rdf.write import serialize

STATEMENT: Final = BASE + "statement/"
DERIVATION: Final = BASE + "derivation/"
ANSWER: Final = BASE + "answer/"
REASONER: Final = NamedNode(BASE + "reasoner")
NOTHING_SAYS: Final = "no fact matches: "
"""Begins the comment of a step on a pattern that no fact matches."""

_GRAPH: Final = DefaultGraph()
_TYPE: Final = NamedNode(RDF + "type")
_LABEL: Final = NamedNode(RDFS + "label")
_COMMENT: Final = NamedNode(RDFS + "comment")
_ENTITY: Final = NamedNode(PROV + "Entity")
_DERIVED: Final = NamedNode(PROV + "wasDerivedFrom")


def answer(given: Answer) -> str:
    """Return the proofs of an answer as Turtle; the answer itself is an entity derived from what they prove."""
    node = NamedNode(ANSWER + _digest(given.question, str(given.verdict)))
    quads = [
        Quad(node, _TYPE, _ENTITY, _GRAPH),
        Quad(node, _LABEL, Literal(given.reading, language="en"), _GRAPH),
    ]
    if given.verdict is not None:
        quads.append(Quad(node, NamedNode(PROV + "value"), Literal(str(given.verdict)), _GRAPH))
    for side in given.sides:
        quads.append(Quad(node, _DERIVED, statement(side.proof.fact), _GRAPH))
        quads += proof(side.proof)
    # The form of files that people write has labels first.
    return format_text(serialize(quads, "turtle").decode(), trig=False, path="proof.ttl")


def proof(given: Proof) -> Iterator[Quad]:
    """Yield what a proof says in PROV-O."""
    for step in given.steps():
        yield from _described(step)
        yield from _derived(step) if step.rule else _quoted(step)


def statement(fact: Triple) -> NamedNode:
    """Return the IRI of a fact as a statement."""
    return NamedNode(STATEMENT + _digest(str(fact)))


def _described(step: Proof) -> Iterator[Quad]:
    node, fact = statement(step.fact), step.fact
    yield Quad(node, _TYPE, NamedNode(RDF + "Statement"), _GRAPH)
    yield Quad(node, _TYPE, _ENTITY, _GRAPH)
    yield Quad(node, _LABEL, Literal(step.text, language="en"), _GRAPH)
    assert isinstance(fact.object, NamedNode | Literal)
    assert isinstance(fact.subject, NamedNode)
    for name, term in (("subject", fact.subject), ("predicate", fact.predicate), ("object", fact.object)):
        yield Quad(node, NamedNode(RDF + name), term, _GRAPH)
    if step.disputed:
        collection = NamedNode(DISPUTED_GRAPH)
        yield Quad(collection, _TYPE, NamedNode(PROV + "Collection"), _GRAPH)
        yield Quad(collection, NamedNode(PROV + "hadMember"), node, _GRAPH)


def _quoted(leaf: Proof) -> Iterator[Quad]:
    for iri in leaf.sources:
        source = NamedNode(iri)
        yield Quad(statement(leaf.fact), NamedNode(PROV + "wasQuotedFrom"), source, _GRAPH)
        yield Quad(source, _TYPE, _ENTITY, _GRAPH)


def _derived(step: Proof) -> Iterator[Quad]:
    node = statement(step.fact)
    premises = [statement(premise.fact) for premise in step.premises]
    name = _digest(step.rule, node.value, *(premise.value for premise in premises), *step.absent)
    activity, association = NamedNode(DERIVATION + name), NamedNode(f"{DERIVATION}{name}/association")
    yield Quad(node, NamedNode(PROV + "wasGeneratedBy"), activity, _GRAPH)
    yield Quad(activity, _TYPE, NamedNode(PROV + "Activity"), _GRAPH)
    yield Quad(activity, NamedNode(PROV + "generated"), node, _GRAPH)
    for premise in premises:
        yield Quad(node, _DERIVED, premise, _GRAPH)
        yield Quad(activity, NamedNode(PROV + "used"), premise, _GRAPH)
    for pattern in step.absent:
        yield Quad(activity, _COMMENT, Literal(NOTHING_SAYS + pattern), _GRAPH)
    yield from _associated(activity, association, NamedNode(step.rule))


def _associated(activity: NamedNode, association: NamedNode, rule: NamedNode) -> Iterator[Quad]:
    """Say that the reasoner acted, and that the rule was its plan."""
    yield Quad(activity, NamedNode(PROV + "wasAssociatedWith"), REASONER, _GRAPH)
    yield Quad(activity, NamedNode(PROV + "qualifiedAssociation"), association, _GRAPH)
    yield Quad(association, _TYPE, NamedNode(PROV + "Association"), _GRAPH)
    yield Quad(association, NamedNode(PROV + "agent"), REASONER, _GRAPH)
    yield Quad(association, NamedNode(PROV + "hadPlan"), rule, _GRAPH)
    yield Quad(rule, _TYPE, NamedNode(PROV + "Plan"), _GRAPH)
    yield Quad(REASONER, _TYPE, NamedNode(PROV + "SoftwareAgent"), _GRAPH)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]

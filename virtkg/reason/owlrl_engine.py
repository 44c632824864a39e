"""The reference engine: owlrl for OWL 2 RL, the other rules around it.

It is slow and kept for good: a second opinion on every fact. Its closure is
cleaned of what RDF cannot state (literal subjects) and of noise.

Knows: owlrl and rdflib. Must not know: the domain, sources, files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from virtkg.namespaces import OWLRL
from virtkg.reason.closure import CLASH, Closure, Derivation, asked_by_not, close
from virtkg.reason.compile import is_noise
from virtkg.rules.specialise import LIST_NODES, whole_lists
from virtkg.rules.syntax import Rule

if TYPE_CHECKING:
    import rdflib

OWLRL_RULE = OWLRL + "owlrl"
"""Stands as the rule of every fact that owlrl derived: it does not tell which of its rules did."""


def close_with_owlrl(
    facts: Iterable[Triple], rules: Sequence[Rule], blocked: frozenset[Triple] = frozenset()
) -> Closure:
    """Return the closure under owlrl's OWL 2 RL and the rules that are not OWL's.

    A NOT cannot wait for an engine that takes all rules at once. It is asked of
    an assumed result, and the closure that follows is the next assumption: one
    more layer of NOTs is right each time, so this ends, and the end does not
    depend on the first assumption. Raises RuleError (R303) as `close` does.
    """
    given = set(facts)
    own = [rule for rule in rules if not rule.name.startswith(OWLRL) or CLASH in {a.predicate for a in rule.head}]
    assumed = asked_by_not(given.union(close(given, rules, blocked).inferred), own)
    while True:
        closure = _take_turns(given, own, blocked, assumed)
        found = asked_by_not(given.union(closure.inferred), own)
        if found == assumed:
            return closure
        assumed = found


def _take_turns(
    given: set[Triple], own: Sequence[Rule], blocked: frozenset[Triple], assumed: frozenset[Triple]
) -> Closure:
    """Let owlrl and the other rules take turns until neither finds more."""
    entailed: dict[Triple, Derivation[Triple]] = {}
    while True:
        step = close([*given, *entailed], own, blocked, absent_from=assumed)
        known = given.union(step.inferred, entailed)
        found = {fact for fact in entail(known) if fact not in blocked} - known
        if not found:
            return Closure(entailed | step.inferred, step.clashes)
        entailed |= {fact: Derivation(OWLRL_RULE, (), ()) for fact in sorted(found, key=str)}


def entail(facts: Iterable[Triple]) -> set[Triple]:
    """Return what owlrl's OWL 2 RL adds to facts, without noise.

    Lists that are not well-formed are kept from it: it fails on cycles, and
    takes a list that breaks off for a shorter one.
    """
    import owlrl  # type: ignore[import-untyped]
    import rdflib

    graph = rdflib.Graph()
    given = set(facts)
    whole = {cell for cells in whole_lists(given).values() for cell in cells}
    for fact in given:
        if fact.predicate in LIST_NODES and fact.subject not in whole:
            continue
        graph.add((_to_rdflib(fact.subject), _to_rdflib(fact.predicate), _to_rdflib(fact.object)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    found = (_from_rdflib(triple) for triple in graph)
    return {fact for fact in found if fact is not None and fact not in given and not is_noise(fact)}


def _to_rdflib(term: object) -> rdflib.term.Node:
    import rdflib

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    assert isinstance(term, Literal)
    if term.language is not None:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value.endswith("#string"):
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)


def _from_rdflib(triple: tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]) -> Triple | None:
    import rdflib

    subject, predicate, object_ = triple
    if not isinstance(subject, rdflib.URIRef) or not isinstance(predicate, rdflib.URIRef):
        return None
    if isinstance(object_, rdflib.URIRef):
        return Triple(NamedNode(str(subject)), NamedNode(str(predicate)), NamedNode(str(object_)))
    if not isinstance(object_, rdflib.Literal):
        return None
    if object_.language is not None:
        value = Literal(str(object_), language=object_.language)
    else:
        value = (
            Literal(str(object_), datatype=NamedNode(str(object_.datatype)))
            if object_.datatype
            else Literal(str(object_))
        )
    return Triple(NamedNode(str(subject)), NamedNode(str(predicate)), value)

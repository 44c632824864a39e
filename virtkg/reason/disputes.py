"""Which facts are disputed, given a closure that holds the findings.

Knows: the shape of a dispute in the graph, and that a conclusion is disputed
when every way to it passes through a disputed fact.
Must not know: which properties can be disputed (rules and vocabulary say so).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from virtkg.namespaces import RDF, VKG
from virtkg.reason.closure import Closure, close
from virtkg.rules.syntax import Rule

DISPUTE: Final = NamedNode(VKG + "Dispute")
SUBJECT: Final = NamedNode(VKG + "disputedSubject")
PROPERTY: Final = NamedNode(VKG + "disputedProperty")
OBJECT: Final = NamedNode(VKG + "disputedObject")
_TYPE: Final = NamedNode(RDF + "type")
_ANY_VALUE: Final = None


@dataclass(frozen=True, slots=True)
class JudgedClosure:
    """A closure whose facts are told apart: `disputed` holds stated and inferred ones.

    The derivation of a fact that is not disputed uses no disputed fact.
    """

    closure: Closure
    disputed: frozenset[Triple]


def judge(facts: Sequence[Triple], rules: Sequence[Rule], closure: Closure) -> JudgedClosure:
    """Return the closure with its disputed facts.

    A second closure without the facts in dispute shows what still follows;
    what does not is disputed as well. To leave a fact out is not to deny it:
    a NOT asks the facts of the first closure.
    """
    known = [*facts, *closure.inferred]
    at_issue = facts_at_issue(known)
    if not at_issue:
        return JudgedClosure(closure, frozenset())
    firm = close([fact for fact in facts if fact not in at_issue], rules, blocked=at_issue, absent_from=known)
    findings = {fact.subject for fact in closure.inferred if fact.predicate == _TYPE and fact.object == DISPUTE}
    doubtful = {fact for fact in closure.inferred if fact not in firm.inferred and fact.subject not in findings}
    inferred = {fact: firm.inferred.get(fact, how) for fact, how in closure.inferred.items()}
    return JudgedClosure(Closure(inferred, closure.clashes), at_issue | doubtful)


def facts_at_issue(facts: Sequence[Triple]) -> frozenset[Triple]:
    """Return the facts that are a side of a dispute found among the facts."""
    about: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = {}
    for fact in facts:
        if fact.predicate in (SUBJECT, PROPERTY, OBJECT) and isinstance(fact.object, NamedNode | Literal):
            assert isinstance(fact.subject, NamedNode)
            about.setdefault(fact.subject, {}).setdefault(fact.predicate, []).append(fact.object)
    sides: set[tuple[object, object, object]] = set()
    for parts in about.values():
        for subject in parts.get(SUBJECT, []):
            for property_ in parts.get(PROPERTY, []):
                sides.update((subject, property_, value) for value in parts.get(OBJECT, [_ANY_VALUE]))
    return frozenset(fact for fact in facts if _is_side(fact, sides))


def _is_side(fact: Triple, sides: set[tuple[object, object, object]]) -> bool:
    return any((fact.subject, fact.predicate, value) in sides for value in (fact.object, _ANY_VALUE))

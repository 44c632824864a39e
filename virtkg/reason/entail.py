"""Premise + conclusion → whether the conclusion follows, part by part, and how that is known.

A part is stated when the closure of the premise contains it. Otherwise it is
proved by refutation: its negation, on fresh individuals, is added to the
premise, and each case of it has to clash. What is not found is not refuted:
the rules of OWL 2 RL do not find everything that follows.

Knows: how to ask a closure. Must not know: single rules, files, or the domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from virtkg.namespaces import GENID, OWL, RDFS
from virtkg.reason.closure import close
from virtkg.reason.compile import REFLEXIVE
from virtkg.reason.datatypes import DATATYPES
from virtkg.reason.negate import TYPE, Cases, Described, Negations, Term
from virtkg.reason.parts import Axiom, is_variable, parts_of
from virtkg.rules.syntax import Rule


@dataclass(frozen=True, slots=True)
class Part:
    """One axiom of a conclusion: `clashes` are those that each case of its negation came to."""

    axiom: tuple[Triple, ...]
    how: Literal["stated", "refuted", "not found"]
    clashes: tuple[Triple, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a conclusion follows: it does if every part of it does."""

    parts: tuple[Part, ...]

    @property
    def holds(self) -> bool:
        return all(part.how != "not found" for part in self.parts)


def consistent(premise: Iterable[Triple], rules: Sequence[Rule]) -> bool:
    """Tell whether no rule finds that facts contradict each other."""
    return not close(premise, rules).clashes


def entails(
    premise: Iterable[Triple], conclusion: Iterable[Triple], rules: Sequence[Rule], *, annotations: bool = True
) -> Verdict:
    """Say of each part of a conclusion whether and how it follows from a premise.

    The IRIs of the conclusion that stand for blank nodes are variables. With
    `annotations`, annotations and declarations are parts (RDF-Based
    Semantics); without, they are not (Direct Semantics).
    """
    given = frozenset(premise)
    fresh = _Fresh(given)
    parts = parts_of(_apart(conclusion, fresh), fresh.node, annotations=annotations)
    facts = given.union(parts.definitions)
    closure = close(facts, rules)
    if closure.clashes:
        clash = (next(iter(closure.clashes)),)
        return Verdict(tuple(Part(axiom.triples, "refuted", clash) for axiom in parts.axioms))
    known = facts.union(closure.inferred)
    negations = Negations(Described([*given, *parts.definitions, *parts.described]), fresh.node)

    def part(axiom: Axiom) -> Part:
        if _matches(axiom.triples, known, parts.variables):
            return Part(axiom.triples, "stated")
        return _refuted(axiom, facts, rules, negations, parts.variables)

    return Verdict(tuple(part(axiom) for axiom in parts.axioms))


class _Fresh:
    """Nodes that occur nowhere in a premise."""

    def __init__(self, premise: frozenset[Triple]) -> None:
        used = {term.value for fact in premise for term in fact if isinstance(term, NamedNode)}
        self._stem = f"{GENID}entail/"
        while any(iri.startswith(self._stem) for iri in used):
            self._stem = f"{self._stem}-/"
        self._count = 0

    def node(self) -> NamedNode:
        self._count += 1
        return NamedNode(f"{self._stem}{self._count}")


def _apart(conclusion: Iterable[Triple], fresh: _Fresh) -> list[Triple]:
    """Rename the variables of a conclusion, which are not the blank nodes of the premise."""
    renamed: dict[object, NamedNode] = {}

    def name(term: NamedNode) -> NamedNode:
        return renamed.setdefault(term, fresh.node()) if is_variable(term) else term

    found = []
    for fact in sorted(conclusion, key=str):
        assert isinstance(fact.subject, NamedNode)
        value = name(fact.object) if isinstance(fact.object, NamedNode) else fact.object
        found.append(Triple(name(fact.subject), fact.predicate, value))
    return found


# ---- stated


def _matches(pattern: Sequence[Triple], known: frozenset[Triple], variables: frozenset[NamedNode]) -> bool:
    """Tell whether some values of the variables make every triple known."""
    if not any(term in variables for fact in pattern for term in (fact.subject, fact.object)):
        return all(fact in known or _always(fact) for fact in pattern)
    by_predicate: dict[NamedNode, list[Triple]] = {}
    for fact in known:
        by_predicate.setdefault(fact.predicate, []).append(fact)
    return _found(list(pattern), {}, by_predicate, variables)


def _found(
    pattern: list[Triple],
    bound: dict[Term, Term],
    known: dict[NamedNode, list[Triple]],
    variables: frozenset[NamedNode],
) -> bool:
    if not pattern:
        return True
    first, rest = pattern[0], pattern[1:]
    return any(
        _found(rest, bound | more, known, variables)
        for fact in known.get(first.predicate, [])
        if (more := _binding(first, fact, bound, variables)) is not None
    )


def _binding(
    pattern: Triple, fact: Triple, bound: dict[Term, Term], variables: frozenset[NamedNode]
) -> dict[Term, Term] | None:
    more: dict[Term, Term] = {}
    for wanted, found in ((pattern.subject, fact.subject), (pattern.object, fact.object)):
        assert isinstance(wanted, NamedNode | ox.Literal) and isinstance(found, NamedNode | ox.Literal)
        if wanted in variables:
            if bound.get(wanted, found) != found or more.get(wanted, found) != found:
                return None
            more[wanted] = found
        elif wanted != found:
            return None
    return more


def _always(fact: Triple) -> bool:
    """Tell whether a fact holds in every graph; closures leave such facts out."""
    predicate, value = fact.predicate.value, fact.object
    if fact.predicate in REFLEXIVE and fact.subject == value:
        return True
    if not isinstance(value, NamedNode) or not isinstance(fact.subject, NamedNode):
        return False
    if predicate == TYPE.value:
        is_datatype = value.value == RDFS + "Datatype" and fact.subject.value.encode() in DATATYPES
        return is_datatype or value.value in (OWL + "Thing", RDFS + "Resource")
    if predicate != RDFS + "subClassOf":
        return False
    return value.value == OWL + "Thing" or fact.subject.value == OWL + "Nothing"


# ---- refuted


def _refuted(
    axiom: Axiom,
    facts: frozenset[Triple],
    rules: Sequence[Rule],
    negations: Negations,
    variables: frozenset[NamedNode],
) -> Part:
    clashes: list[Triple] = []
    for case in _cases(axiom, negations, variables):
        found = None if case is None else close(facts.union(case), rules).clashes
        if not found:
            return Part(axiom.triples, "not found")
        clashes.append(next(iter(found)))
    return Part(axiom.triples, "refuted", tuple(clashes))


def _cases(axiom: Axiom, negations: Negations, variables: frozenset[NamedNode]) -> Iterator[list[Triple] | None]:
    """Yield the cases of a negation, None for a triple that has none."""
    for fact in axiom.proved:
        assert isinstance(fact.subject, NamedNode) and isinstance(fact.object, NamedNode | ox.Literal)
        # To deny that something exists is to deny it of everything, which no fresh individual stands for.
        if fact.subject in variables or fact.object in variables:
            yield None
            continue
        cases: Cases | None = negations.of(fact.subject, fact.predicate.value, fact.object)
        yield from [None] if cases is None else cases

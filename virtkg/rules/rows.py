"""A rule + a row of values → the facts that its atoms become.

Knows: which terms a fact can hold, and the IRIs of the things that a rule makes.
Must not know: where rows come from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from virtkg.namespaces import GENID
from virtkg.rules.expressions import with_terms
from virtkg.rules.syntax import Assignment, Atom, AtomTerm, Rule

Row: TypeAlias = "dict[str, AtomTerm]"
"""The value of each variable, by its name."""

DATA: str = "DATA "
"""Begins an absent pattern that only the facts as they were given lack."""


def names(rule: Rule) -> tuple[str, ...]:
    """Return the variables whose values tell what a row says: those of the atoms, of the head and of SETs in a NOT."""
    found = {variable.value for atom in (*rule.atoms(), *rule.head) for variable in atom.variables()}
    made = {element.variable.value for element in rule.body if isinstance(element, Assignment)}
    return tuple(sorted(found | made & _denied(rule)))


def instantiate(atom: Atom, row: Mapping[str, AtomTerm]) -> Triple | None:
    """Return the fact that an atom becomes, None if no fact can hold its terms.

    A literal as the subject or predicate, a triple term and a base direction
    have no place in facts.
    """
    subject, predicate, object_ = (_value(term, row) for term in (atom.subject, atom.predicate, atom.object))
    if not isinstance(subject, NamedNode) or not isinstance(predicate, NamedNode):
        return None
    if isinstance(object_, NamedNode) or (isinstance(object_, Literal) and object_.direction is None):
        return Triple(subject, predicate, object_)
    return None


def made_things(rule: Rule, head: tuple[Atom, ...], row: Row) -> Row:
    """Return the row with an IRI for each blank node: those of the head by label, and those that a SET made.

    The IRI is fresh for each row and the same whenever the row is found again.
    """
    made = sorted(name for name, value in row.items() if isinstance(value, BlankNode))
    labels = sorted({term.value for atom in head for term in _terms(atom) if isinstance(term, BlankNode)})
    if not made and not labels:
        return row
    # The values of the variables follow from the atoms; what specialising used up shows in the axioms and the head.
    told = [rule.name, *map(str, rule.axioms), *(str(instantiate(atom, row)) for atom in rule.atoms())]
    told += [" ".join(str(term) for term in _terms(atom)) for atom in rule.head]
    digest = hashlib.sha256("\n".join(told).encode()).hexdigest()[:24]
    nodes = {str(row[name]): number for number, name in reversed(list(enumerate(made)))}
    things: Row = {name: NamedNode(f"{GENID}rule/{digest}-{nodes[str(row[name])]}") for name in made}
    return row | things | {f"_:{label}": NamedNode(f"{GENID}rule/{digest}-{label}") for label in labels}


def absent_patterns(rule: Rule, row: Row) -> tuple[str, ...]:
    """Return what the NOTs of a rule deny: patterns and FILTERs joined by " . ", after DATA for given facts only."""
    patterns = []
    for negation in rule.negations():
        parts = [" ".join(_shown(term, row) for term in _terms(atom)) for atom in negation.atoms]
        parts += [f"FILTER({with_terms(expression, row).text})" for expression in negation.filters]
        patterns.append(DATA * (rule.data or negation.data) + " . ".join(parts))
    return tuple(patterns)


def _shown(term: AtomTerm, row: Row) -> str:
    return str(row.get(term.value, term)) if isinstance(term, Variable) else str(term)


def _terms(atom: Atom) -> tuple[AtomTerm, AtomTerm, AtomTerm]:
    return atom.subject, atom.predicate, atom.object


def _value(term: AtomTerm, row: Mapping[str, AtomTerm]) -> AtomTerm | None:
    if isinstance(term, Variable):
        return row.get(term.value)
    return row.get(f"_:{term.value}") if isinstance(term, BlankNode) else term


def _denied(rule: Rule) -> set[str]:
    found = {variable.value for part in rule.negations() for atom in part.atoms for variable in atom.variables()}
    return found.union(*(expression.variables for part in rule.negations() for expression in part.filters))

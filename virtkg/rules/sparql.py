"""A rule as SPARQL CONSTRUCT.

Knows: how each element of SPARQL-RL reads in SPARQL 1.2.
Must not know: where rules come from, or who runs the query.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode, Variable

from virtkg.namespaces import GRAPH
from virtkg.rules.syntax import Assignment, Atom, AtomTerm, Element, Expression, Negation, Rule

GIVEN: Final = NamedNode(GRAPH + "given")
"""The graph of the facts as they were given, which WHERE DATA and NOT DATA ask."""


def construct(rule: Rule) -> str:
    """Return the rule as a CONSTRUCT query, for other engines and for reading.

    What WHERE DATA and NOT DATA ask is the graph GIVEN.
    """
    head = " ".join(_triple(atom) for atom in rule.head)
    return f"{_base(rule)}CONSTRUCT {{ {head} }} WHERE {{ {_group(rule.body, rule.data)} }}"


def _base(rule: Rule) -> str:
    return f"BASE <{rule.base}> " if rule.base else ""


def _group(body: Iterable[Element], data: bool) -> str:
    """Return the body as the inside of a group graph pattern.

    A SPARQL filter sees the whole group, an SRL filter only what stands before
    it: what precedes a later pattern is therefore nested.
    """
    text = ""
    atoms: list[Atom] = []
    closed = False
    for element in body:
        if isinstance(element, Atom):
            if closed:
                text, closed = f"{{ {text} }} ", False
            atoms.append(element)
            continue
        text += _triples(atoms, data) + _constraint(element, data) + " "
        atoms, closed = [], True
    return (text + _triples(atoms, data)).strip()


def _triples(atoms: Iterable[Atom], data: bool) -> str:
    text = "".join(f"{_triple(atom)} " for atom in atoms)
    return f"GRAPH {GIVEN} {{ {text}}} " if data and text else text


def _constraint(element: Expression | Negation | Assignment, data: bool) -> str:
    match element:
        case Expression():
            return f"FILTER({element.text})"
        case Assignment():
            name = element.variable.value
            return f"BIND({element.expression.text} AS ?{name}) FILTER(BOUND(?{name}))"
        case Negation():
            asked = _triples(element.atoms, data or element.data)
            inner = asked + " ".join(f"FILTER({f.text})" for f in element.filters)
            return f"FILTER NOT EXISTS {{ {inner.strip()} }}"


def _triple(atom: Atom) -> str:
    return f"{_terms(atom)} ."


def _terms(atom: Atom) -> str:
    return " ".join(_term(term) for term in (atom.subject, atom.predicate, atom.object))


def _term(term: AtomTerm) -> str:
    if isinstance(term, Variable):
        return f"?{term.value}"
    return f"<<( {_terms(term)} )>>" if isinstance(term, Atom) else str(term)

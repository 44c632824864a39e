"""A rule as SPARQL: its body as SELECT, the whole as CONSTRUCT.

Knows: how each element of SPARQL-RL reads in SPARQL 1.2.
Must not know: where rules come from, or who runs the query.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode, Variable

from virtkg.namespaces import GRAPH
from virtkg.record import record
from virtkg.rules.syntax import Assignment, Atom, AtomTerm, Element, Expression, Negation, Rule

GIVEN: Final = NamedNode(GRAPH + "given")
"""The graph of the facts as they were given, which WHERE DATA and NOT DATA ask."""


@record
class Asked:
    """The graphs (`<iri>`) that the parts of a body ask; "" is the default graph, with all facts.

    `absent` is asked by NOT, `data` by WHERE DATA, `absent_data` by NOT DATA
    and by a NOT of WHERE DATA.
    """

    absent: str = ""
    data: str = str(GIVEN)
    absent_data: str = str(GIVEN)


ALL: Final = Asked()


def select(body: Iterable[Element], variables: tuple[str, ...], asked: Asked = ALL) -> str:
    """Return a SELECT of the given variables for the rows that satisfy a body."""
    projected = " ".join(f"?{name}" for name in variables)
    return f"SELECT {projected or '*'} WHERE {{ {_group(body, False, asked)} }}"


def rows_of(rule: Rule, variables: tuple[str, ...], asked: Asked = ALL) -> str:
    """Return a SELECT of the given variables for the rows that satisfy the body of a rule."""
    projected = " ".join(f"?{name}" for name in variables)
    return f"{_base(rule)}SELECT {projected or '*'} WHERE {{ {_group(rule.body, rule.data, asked)} }}"


def construct(rule: Rule) -> str:
    """Return the rule as a CONSTRUCT query, for other engines and for reading.

    What WHERE DATA and NOT DATA ask is the graph GIVEN.
    """
    head = " ".join(_triple(atom) for atom in rule.head)
    return f"{_base(rule)}CONSTRUCT {{ {head} }} WHERE {{ {_group(rule.body, rule.data, ALL)} }}"


def _base(rule: Rule) -> str:
    return f"BASE <{rule.base}> " if rule.base else ""


def _group(body: Iterable[Element], data: bool, asked: Asked) -> str:
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
        text += _triples(atoms, asked.data if data else "") + _constraint(element, data, asked) + " "
        atoms, closed = [], True
    return (text + _triples(atoms, asked.data if data else "")).strip()


def _triples(atoms: Iterable[Atom], graph: str) -> str:
    text = "".join(f"{_triple(atom)} " for atom in atoms)
    return f"GRAPH {graph} {{ {text}}} " if graph and text else text


def _constraint(element: Expression | Negation | Assignment, data: bool, asked: Asked) -> str:
    match element:
        case Expression():
            return f"FILTER({element.text})"
        case Assignment():
            name = element.variable.value
            return f"BIND({element.expression.text} AS ?{name}) FILTER(BOUND(?{name}))"
        case Negation():
            graph = asked.absent_data if data or element.data else asked.absent
            inner = _triples(element.atoms, graph) + " ".join(f"FILTER({f.text})" for f in element.filters)
            return f"FILTER NOT EXISTS {{ {inner.strip()} }}"


def _triple(atom: Atom) -> str:
    return f"{_terms(atom)} ."


def _terms(atom: Atom) -> str:
    return " ".join(_term(term) for term in (atom.subject, atom.predicate, atom.object))


def _term(term: AtomTerm) -> str:
    if isinstance(term, Variable):
        return f"?{term.value}"
    return f"<<( {_terms(term)} )>>" if isinstance(term, Atom) else str(term)

"""A rule as SPARQL: its body as SELECT, the whole as CONSTRUCT.

Knows: how each element of SPARQL-RL reads in SPARQL 1.1.
Must not know: where rules come from, or who runs the query.
"""

from __future__ import annotations

from pyoxigraph import Variable

from virtkg.rules.syntax import Assignment, Atom, Element, Expression, Negation, Rule


def select(body: tuple[Element, ...], variables: tuple[str, ...], absent_from: str = "") -> str:
    """Return a SELECT of the given variables for the rows that satisfy a body.

    `absent_from` names the graph (`<iri>`) that a NOT asks; "" is the graph of the facts.
    """
    projected = " ".join(f"?{name}" for name in variables)
    return f"SELECT {projected or '*'} WHERE {{ {group(body, absent_from)} }}"


def construct(rule: Rule) -> str:
    """Return the rule as a CONSTRUCT query, for other engines and for reading."""
    head = " ".join(_triple(atom) for atom in rule.head)
    return f"CONSTRUCT {{ {head} }} WHERE {{ {group(rule.body)} }}"


def group(body: tuple[Element, ...], absent_from: str = "") -> str:
    """Return the body as the inside of a group graph pattern.

    A SPARQL filter sees the whole group, an SRL filter only what stands before
    it: what precedes a later pattern is therefore nested.
    """
    text = ""
    closed = False
    for element in body:
        if isinstance(element, Atom):
            if closed:
                text, closed = f"{{ {text} }} ", False
            text += _triple(element) + " "
        else:
            text += _constraint(element, absent_from) + " "
            closed = True
    return text.strip()


def _constraint(element: Expression | Negation | Assignment, absent_from: str) -> str:
    match element:
        case Expression():
            return f"FILTER({element.text})"
        case Assignment():
            name = element.variable.value
            return f"BIND({element.expression.text} AS ?{name}) FILTER(BOUND(?{name}))"
        case Negation():
            inner = " ".join([_triple(atom) for atom in element.atoms] + [f"FILTER({f.text})" for f in element.filters])
            return f"FILTER NOT EXISTS {{ {f'GRAPH {absent_from} {{ {inner} }}' if absent_from else inner} }}"


def _triple(atom: Atom) -> str:
    return (
        " ".join(
            f"?{term.value}" if isinstance(term, Variable) else str(term)
            for term in (atom.subject, atom.predicate, atom.object)
        )
        + " ."
    )

"""Quads grouped by graph, subject and predicate, and sorted: the order in which all syntaxes are written.

A blank node appears as `_:label`, which no IRI begins with.

Knows: what no syntax can express. Must not know: any one syntax.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from virtkg.diagnostics import RdfError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import BlankNode, Literal, NamedNode, Quad

    Value: TypeAlias = NamedNode | BlankNode | Literal
    Statements: TypeAlias = dict[str, dict[str, list[Value]]]

DEFAULT_GRAPH = ""


BLANK = "_:"


def grouped(quads: Iterable[Quad], *, keep_graphs: bool, blank_nodes: bool = False) -> dict[str, Statements]:
    """Return graph IRI → subject IRI → predicate IRI → values, everything sorted, nothing twice.

    The default graph stands under `DEFAULT_GRAPH`, always there and first;
    with `keep_graphs` false all quads stand in it. Raises RdfError D307 for
    triple terms and base directions, and for blank nodes unless they are wanted.
    """
    from pyoxigraph import BlankNode, DefaultGraph, Literal, Triple

    graphs: dict[str, dict[str, dict[str, set[Value]]]] = {DEFAULT_GRAPH: {}}
    for quad in quads:
        subject, value, graph = quad.subject, quad.object, quad.graph_name
        if isinstance(subject, Triple) or isinstance(value, Triple):
            raise _not_written(f"{quad}")
        if not blank_nodes and any(isinstance(term, BlankNode) for term in (subject, value, graph)):
            raise _not_written(f"{quad}")
        if isinstance(value, Literal) and value.direction is not None:
            raise _not_written(f"{quad}")
        name = DEFAULT_GRAPH if not keep_graphs or isinstance(graph, DefaultGraph) else name_of(graph)
        statements = graphs.setdefault(name, {})
        statements.setdefault(name_of(subject), {}).setdefault(quad.predicate.value, set()).add(value)
    return {name: _sorted(graphs[name]) for name in sorted(graphs)}


def name_of(term: NamedNode | BlankNode) -> str:
    """Return an IRI, or a blank node as `_:label`."""
    text = str(term)
    return text if text.startswith(BLANK) else text[1:-1]


def _sorted(statements: dict[str, dict[str, set[Value]]]) -> Statements:
    return {
        subject: {predicate: sorted(rows[predicate], key=str) for predicate in sorted(rows)}
        for subject, rows in sorted(statements.items())
    }


def _not_written(quad: str) -> RdfError:
    return RdfError(
        "D307",
        f"blank nodes and the terms of RDF 1.2 are not written: {quad}",
        hint="name the nodes with IRIs; files read by virtkg have none of these",
    )

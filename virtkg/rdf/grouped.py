"""Quads grouped by graph, subject and predicate, and sorted: the order in which all syntaxes are written.

Knows: what no syntax can express. Must not know: any one syntax.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from virtkg.diagnostics import RdfError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Literal, NamedNode, Quad

    Value: TypeAlias = NamedNode | Literal
    Statements: TypeAlias = dict[str, dict[str, list[Value]]]

DEFAULT_GRAPH = ""


def grouped(quads: Iterable[Quad], *, keep_graphs: bool) -> dict[str, Statements]:
    """Return graph IRI → subject IRI → predicate IRI → values, everything sorted, nothing twice.

    The default graph stands under `DEFAULT_GRAPH`, always there and first;
    with `keep_graphs` false all quads stand in it. Raises RdfError D307 for
    blank nodes, triple terms and base directions.
    """
    from pyoxigraph import DefaultGraph, Literal, NamedNode

    graphs: dict[str, dict[str, dict[str, set[Value]]]] = {DEFAULT_GRAPH: {}}
    for quad in set(quads):
        subject, value, graph = quad.subject, quad.object, quad.graph_name
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            raise _not_written(f"{quad}")
        if isinstance(value, Literal) and value.direction is not None:
            raise _not_written(f"{quad}")
        if keep_graphs and not isinstance(graph, DefaultGraph):
            if not isinstance(graph, NamedNode):
                raise _not_written(f"{quad}")
            name = graph.value
        else:
            name = DEFAULT_GRAPH
        statements = graphs.setdefault(name, {})
        statements.setdefault(subject.value, {}).setdefault(quad.predicate.value, set()).add(value)
    return {name: _sorted(graphs[name]) for name in sorted(graphs)}


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

"""Writes Turtle and TriG with every subject sorted; a blank node keeps its label.

Knows: how a subject is written. Must not know: how quads are grouped, or how
files that people write are kept in their author's order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from virtkg.rdf.grouped import DEFAULT_GRAPH, name_of
from virtkg.rdf.layout import Row, graph_block, statement
from virtkg.rdf.terms import RDF_TYPE, Names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from virtkg.rdf.grouped import Statements, Value

_INDENT: Final = 4


def document(graphs: dict[str, Statements], prefixes: Mapping[str, str]) -> bytes:
    """Return grouped quads as TriG, which is Turtle if there is only the default graph."""
    names = Names(prefixes)
    blocks = []
    for graph, statements in graphs.items():
        if graph == DEFAULT_GRAPH:
            blocks += _subjects(statements, names, 0)
        else:
            blocks.append(graph_block(names.iri(graph), _subjects(statements, names, _INDENT)))
    parts = ["\n".join(names.declarations()), *blocks]
    text = "\n\n".join(part for part in parts if part) + "\n" if blocks else ""
    return text.encode("utf-8")


def _subjects(statements: Statements, names: Names, indent: int) -> list[str]:
    return [statement(names.iri(subject), _rows(rows, names), indent) for subject, rows in statements.items()]


def _rows(rows: dict[str, list[Value]], names: Names) -> list[Row]:
    written = []
    for predicate, values in rows.items():
        objects = sorted(
            names.literal(value) if isinstance(value, Literal) else names.iri(name_of(value)) for value in values
        )
        written.append((predicate != RDF_TYPE, Row(names.predicate(predicate), tuple(objects))))
    return [row for _, row in sorted(written)]

"""Quads to files: the same bytes for the same quads, whatever their order.

Knows: which module writes which syntax. Must not know: which quads these are,
or where the bytes go.

The writers are imported when something is written, so that the names in
`FORMATS` cost nothing at the start of the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkg.namespaces import PREFIXES
from virtkg.rdf.formats import FORMATS, format_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyoxigraph import Quad

    from virtkg.rdf.grouped import Statements

__all__ = ["FORMATS", "from_lines", "serialize"]


def serialize(
    quads: Iterable[Quad], format: str, *, blank_nodes: bool = False, prefixes: Mapping[str, str] = PREFIXES
) -> bytes:
    """Return quads in the syntax of that name in `FORMATS`, as UTF-8, each quad once.

    Syntaxes without named graphs get the union of the graphs. Lexical forms
    are kept to the letter. `prefixes` are for Turtle and TriG. Blank nodes are
    refused unless they are wanted; then each must have a label that all
    syntaxes can hold (a letter, then letters and digits). Raises RdfError D302
    for an unknown format, D307 for what a syntax cannot express: RDF 1.2 in all
    of them, some predicates and control characters in RDF/XML.
    """
    from virtkg.rdf import grouped

    graphs = grouped.grouped(quads, keep_graphs=format_named(format).keeps_graphs, blank_nodes=blank_nodes)
    if format in ("nt", "nq"):
        return _lines(graphs)
    if format == "jsonld":
        from virtkg.rdf import jsonld

        return jsonld.document(graphs)
    if format == "rdfxml":
        from virtkg.rdf import rdfxml

        return rdfxml.document(graphs[grouped.DEFAULT_GRAPH])
    from virtkg.rdf import turtle_export

    return turtle_export.document(graphs, prefixes)


def from_lines(lines: Iterable[bytes], format: str, prefixes: Mapping[str, str]) -> bytes:
    """Return N-Quads in another syntax, blank nodes included; raises what `serialize` raises."""
    from pyoxigraph import RdfFormat, parse

    quads = parse(b"".join(lines), format=RdfFormat.N_QUADS, rename_blank_nodes=False)
    return serialize(quads, format, blank_nodes=True, prefixes={**PREFIXES, **prefixes})


def _lines(graphs: dict[str, Statements]) -> bytes:
    lines = [
        f"{_term(subject)} <{predicate}> {value}{f' {_term(graph)}' if graph else ''} .\n"
        for graph, statements in graphs.items()
        for subject, rows in statements.items()
        for predicate, values in rows.items()
        for value in values
    ]
    return "".join(sorted(lines)).encode("utf-8")


def _term(name: str) -> str:
    return name if name.startswith("_:") else f"<{name}>"

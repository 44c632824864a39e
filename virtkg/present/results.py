"""Results of SPARQL as tables, or in the W3C and RDF formats.

Knows: terms and how they are shown to a reader. Must not know: the graph.
"""

from __future__ import annotations

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from virtkg.diagnostics import QueryError
from virtkg.namespaces import compact
from virtkg.present.plain import table
from virtkg.rdf.write import FORMATS as RDF_FORMATS
from virtkg.rdf.write import serialize
from virtkg.sparql.guard import QueryForm
from virtkg.sparql.results import FORMATS as RESULT_FORMATS
from virtkg.sparql.results import QueryResult, serialize_results

GRAPHS = (QueryForm.CONSTRUCT, QueryForm.DESCRIBE)


def result(given: QueryResult, format: str) -> bytes:
    """Return a result in a format: `table`, `md`, a W3C results format, or an RDF format for a graph.

    Raises QueryError Q309 for a format that the result cannot have.
    """
    if given.form in GRAPHS:
        name = "turtle" if format == "table" else format
        if name not in RDF_FORMATS:
            raise _wrong(format, "a graph", RDF_FORMATS)
        return serialize((Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in given.triples), name)
    if format in RESULT_FORMATS:
        return serialize_results(given, format)
    if format not in ("table", "md"):
        raise _wrong(format, "rows", ("table", "md", *RESULT_FORMATS))
    return (_rows(given, format) + "\n").encode()


def _wrong(format: str, what: str, formats: object) -> QueryError:
    assert hasattr(formats, "__iter__")
    return QueryError("Q309", f"the result is {what}, which has no format {format}", hint="use " + ", ".join(formats))


def _rows(given: QueryResult, format: str) -> str:
    if given.form is QueryForm.ASK:
        return "yes" if given.boolean else "no"
    rows = [tuple(shown(term) for term in row) for row in given.rows]
    if format == "md":
        from virtkg.present.markup import grid

        return grid(given.variables, rows)
    return "\n".join(table(given.variables, rows))


def shown(term: object) -> str:
    """Return a term for a reader: a CURIE, the text of a literal, nothing if unbound."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return compact(term.value)
    return term.value if isinstance(term, Literal) else str(term)

"""The answer to a query, and the W3C formats that carry it.

Knows: SELECT rows, an ASK truth, CONSTRUCT triples; the SPARQL 1.1 result formats.
Must not know: how a query is evaluated, or how an answer is shown to a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from virtkg.diagnostics import QueryError
from virtkg.sparql import wire
from virtkg.sparql.guard import QueryForm

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from virtkg.sparql.wire import Term

FORMATS: Final = ("json", "xml", "csv", "tsv")

_NOT_IN_XML: Final = r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


@dataclass(frozen=True, slots=True)
class QueryResult:
    """A whole answer. Only the fields of its form are filled.

    SELECT: `variables` without `?`, and `rows` of the same width; None is
    unbound. ASK: `boolean`. CONSTRUCT, DESCRIBE: `triples`, sorted, each once.
    Blank nodes are named b0, b1 … in the order of the answer.
    """

    form: QueryForm
    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    boolean: bool | None = None
    triples: tuple[Triple, ...] = ()

    def _repr_html_(self) -> str:
        if self.form is QueryForm.ASK:
            return f"<p>{'yes' if self.boolean else 'no'}</p>"
        graph = not self.variables
        head = ("subject", "predicate", "object") if graph else self.variables
        rows = [(t.subject, t.predicate, t.object) for t in self.triples] if graph else self.rows
        lines = ["<tr>" + "".join(f"<th>{escape(name)}</th>" for name in head) + "</tr>"]
        for row in rows:
            cells = ("" if term is None else getattr(term, "value", str(term)) for term in row)
            lines.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
        return f"<table>{''.join(lines)}</table>"


def serialize_results(result: QueryResult, format: str) -> bytes:
    """Return SELECT or ASK results in a W3C format: `json`, `xml`, `csv` or `tsv`.

    CSV ends its lines with CRLF (RFC 4180; SPARQL 1.1 Results CSV and TSV, 3.1).
    ASK has no CSV or TSV in the standard; `true` or `false` is given.

    Raises QueryError Q309: the answer is a graph, the format is unknown, or XML
    cannot carry a character of the answer.
    """
    from pyoxigraph import QueryResultsFormat, parse_query_results

    if format not in FORMATS:
        raise QueryError("Q309", f"{format!r} is no format of query results", suggestions=FORMATS)
    if result.form in (QueryForm.CONSTRUCT, QueryForm.DESCRIBE):
        raise QueryError(
            "Q309",
            f"the answer to a {result.form.value} query is a graph; {format} carries only rows",
            hint="choose a graph format",
            suggestions=("turtle", "nt", "jsonld", "rdfxml"),
        )
    which: QueryResultsFormat = getattr(QueryResultsFormat, format.upper())
    if result.form is QueryForm.ASK:
        truth = b'{"head":{},"boolean":%s}' % (b"true" if result.boolean else b"false")
        return parse_query_results(truth, QueryResultsFormat.JSON).serialize(format=which) or b""
    if format == "xml":
        _check_xml(result)
    cells = [[wire.cell(term) for term in row] for row in result.rows]
    solutions = parse_query_results(wire.tsv(result.variables, cells), QueryResultsFormat.TSV)
    written = solutions.serialize(format=which) or b""
    # A carriage return as such would be read as a line feed (XML 1.0, 2.11); only values hold any.
    return written.replace(b"\r", b"&#13;") if format == "xml" else written


def _check_xml(result: QueryResult) -> None:
    """Refuse an answer with a character that XML 1.0 (2.2) has no way to write."""
    for number, row in enumerate(result.rows, 1):
        for name, term in zip(result.variables, row, strict=True):
            found = re.search(_NOT_IN_XML, getattr(term, "value", ""))
            if found:
                raise QueryError(
                    "Q309",
                    f"row {number}, ?{name}: XML cannot carry the character U+{ord(found[0]):04X}",
                    hint="choose json, csv or tsv",
                )

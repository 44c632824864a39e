"""`virtkg sparql` and `virtkg query`: SPARQL of the user's, and stored queries.

Knows: their arguments. Must not know: how a query is run.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import click

from virtkg.cli.options import (
    endpoint,
    endpoint_option,
    graph_options,
    limit_options,
    limits,
    open_graph,
    output_options,
    write,
)
from virtkg.diagnostics import ExitCode, QueryError, SurroundingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkg.sparql.results import QueryResult

_FORMATS = ("table", "md", "json", "xml", "csv", "tsv", "turtle", "trig", "nt", "nq", "jsonld", "rdfxml")
_FORMAT = click.option("--format", type=click.Choice(_FORMATS), default="table", help="How to show the result.")


@click.command()
@click.argument("query", required=False)
@click.option("-f", "--file", metavar="FILE", help="Read the query from a file; - for standard input.")
@_FORMAT
@graph_options
@endpoint_option
@limit_options
@output_options
def sparql(query: str | None, file: str | None, format: str, **chosen: Any) -> int:
    """Run QUERY, a SPARQL 1.1 query, over the union of all graphs.

    The prefixes vkg:, id:, src:, rdfs: and others of virtkg are declared where
    the query does not declare them.
    """
    if (query is None) == (file is None):
        raise click.UsageError("give a query, or a file with -f")
    text = query if query is not None else _read(file or "-")
    service = endpoint(chosen)
    if service is None:
        return _run(lambda: _evaluated(open_graph(chosen).sparql, text, limits=limits(chosen)), format, chosen)
    # The words of the graph are not needed, so that it is not even opened.
    return _run(lambda: _evaluated(service.query, text), format, chosen)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name", required=False)
@click.argument("parameters", nargs=-1, type=click.UNPROCESSED)
@_FORMAT
@graph_options
@endpoint_option
@limit_options
@output_options
def query(name: str | None, parameters: tuple[str, ...], format: str, **chosen: Any) -> int:
    """Run the stored query NAME; without one, list them. Parameters: --suite "XenServer 6"."""
    if name is None:
        write(_listing(), chosen["output"])
        return ExitCode.DONE
    values = _values(parameters)
    service = endpoint(chosen)
    return _run(lambda: open_graph(chosen).query(name, values, limits=limits(chosen), endpoint=service), format, chosen)


def _run(run: Callable[[], QueryResult], format: str, chosen: dict[str, Any]) -> int:
    from virtkg.present.results import GRAPHS, result

    found = run()
    write(result(found, format), chosen["output"])
    if found.boolean is not None:
        return ExitCode.DONE if found.boolean else ExitCode.NEGATIVE
    rows = found.triples if found.form in GRAPHS else found.rows
    return ExitCode.DONE if rows else ExitCode.NEGATIVE


def _read(file: str) -> str:
    try:
        if file == "-":
            return sys.stdin.buffer.read().decode()
        with open(file, encoding="utf-8") as opened:
            return opened.read()
    except UnicodeDecodeError:
        raise QueryError("Q301", f"{file}: not UTF-8 text", hint="save the query as UTF-8") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SurroundingsError("S602", f"{file}: {reason}", hint="check the path and its permissions") from None


def _evaluated(evaluate: Callable[..., QueryResult], text: str, **options: Any) -> QueryResult:
    """Return the result of a query for which the prefixes of virtkg are declared, on a line before its own."""
    from virtkg.namespaces import PREFIXES

    # A query may declare a prefix anew, so that none of its own has to be looked for.
    declared = " ".join(f"PREFIX {name}: <{base}>" for name, base in PREFIXES.items())
    try:
        return evaluate(f"{declared}\n{text}", **options)
    except QueryError as error:
        error.message = re.sub(r"(?<=\(line )\d+(?=, column \d+\)$)", lambda line: str(int(line[0]) - 1), error.message)
        raise


def _listing() -> str:
    from virtkg.stored import stored_queries

    lines = []
    for stored in stored_queries().values():
        lines.append(f"{stored.name}: {stored.title}")
        for parameter in stored.parameters:
            default = f" (default: {parameter.default})" if parameter.default is not None else ""
            lines.append(f"    --{parameter.name}  {parameter.meaning}{default}")
    return "\n".join(lines) + "\n"


def _values(words: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not (equals or rest):
            raise click.UsageError(f"{word}: parameters are written --name value")
        values[name] = value if equals else rest.pop(0)
    return values

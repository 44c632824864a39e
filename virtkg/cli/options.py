"""The options that several commands share, and what they do.

Knows: names, meanings and defaults of options; where output goes.
Must not know: any single command.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from virtkg.diagnostics import QueryError, SurroundingsError

if TYPE_CHECKING:
    from virtkg.answer import Answer
    from virtkg.graph import KnowledgeGraph
    from virtkg.sparql.endpoint import Endpoint
    from virtkg.sparql.run import Limits

_Function = TypeVar("_Function", bound=Callable[..., Any])

ANSWER_FORMATS: Final = ("table", "json", "csv", "tsv", "md", "html")

_GRAPH: Final = (
    click.option("--data", multiple=True, metavar="FILE", help="Add an RDF file to the graph. Repeatable."),
    click.option("--source", multiple=True, metavar="SLUG", help="Believe only this source. Repeatable."),
    click.option("--rules", multiple=True, metavar="FILE", help="Add a file of SRL rules. Repeatable."),
    click.option("--engine", type=click.Choice(["virtkg", "owlrl"]), default="virtkg", help="The reasoner."),
    click.option("--no-cache", is_flag=True, help="Neither use nor write a snapshot."),
)

_OUTPUT: Final = (
    click.option("-o", "--output", metavar="FILE", help="Write there instead of standard output."),
    click.option("--quiet", is_flag=True, help="No warnings on standard error."),
    click.option("--debug", is_flag=True, help="Show a traceback if virtkg itself fails."),
)

_ENDPOINT: Final = (
    click.option("--endpoint", metavar="URL", help="Ask a SPARQL service that holds an export, not the engine here."),
)

_QUERY_LIMITS: Final = (
    click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N rows; more is an error (code 5)."),
    click.option("--timeout", type=click.FloatRange(min=0.1), metavar="SECONDS", help="Give up after this time (10)."),
)


def graph_options(function: _Function) -> _Function:
    """Add the options that choose the graph."""
    return _with(function, _GRAPH)


def output_options(function: _Function) -> _Function:
    """Add the options that say where output goes."""
    return _with(function, _OUTPUT)


def limit_options(function: _Function) -> _Function:
    """Add the options that bound a query."""
    return _with(function, _QUERY_LIMITS)


def endpoint_option(function: _Function) -> _Function:
    """Add the option that names a SPARQL service."""
    return _with(function, _ENDPOINT)


def _with(function: _Function, options: tuple[Callable[[Any], Any], ...]) -> _Function:
    for option in reversed(options):
        function = option(function)
    return function


def open_graph(chosen: dict[str, Any]) -> KnowledgeGraph:
    """Return the graph that the options of `graph_options` choose, warning of contradictions in it."""
    from virtkg.graph import load

    graph = load(
        chosen["data"],
        sources=chosen["source"],
        rules=chosen["rules"],
        engine=chosen["engine"],
        cache=not chosen["no_cache"],
    )
    if (chosen["data"] or chosen["rules"]) and not chosen["quiet"]:
        for finding in graph.contradictions():
            from virtkg.present.plain import safe
            from virtkg.present.tree import tree

            print("warning: these facts cannot all be true", file=sys.stderr)
            print("\n".join(safe(line) for line in tree(finding.proof, drawn=sys.stderr.isatty())), file=sys.stderr)
    return graph


def limits(chosen: dict[str, Any]) -> Limits:
    """Return the limits that the options of `limit_options` choose."""
    from virtkg.sparql.run import Limits

    default = Limits()
    return Limits(
        seconds=chosen["timeout"] or default.seconds,
        memory_bytes=default.memory_bytes,
        rows=chosen["limit"] or default.rows,
        output_bytes=default.output_bytes,
    )


def endpoint(chosen: dict[str, Any]) -> Endpoint | None:
    """Return the SPARQL service that the options choose, None for the engine here."""
    url = chosen["endpoint"]
    if url is None:
        return None
    from virtkg.sparql.endpoint import Endpoint

    for option in ("source", "rules"):
        if chosen[option]:
            raise click.UsageError(
                f"--{option} changes what is inferred here, not at an endpoint: leave out one of them"
            )
    default = Endpoint("http://localhost")
    try:
        return Endpoint(url, chosen["timeout"] or default.seconds, chosen.get("limit") or default.rows)
    except QueryError as error:
        raise click.BadParameter(f"{error.message}; {error.hint}", param_hint="--endpoint") from None


def write(content: str | bytes, output: str | None) -> None:
    """Write content to a file, whole or not at all, or to standard output as UTF-8.

    Raises SurroundingsError S605 for a file, S604 when standard output is closed.
    """
    data = content.encode() if isinstance(content, str) else content
    if output is not None:
        from virtkg.cli.whole import whole

        with whole(output) as file:
            file.write(data)
        return
    if sys.stdout is None:
        raise SurroundingsError("S604", "standard output is closed", hint="write to a file with -o")
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def show(answer: Answer, format: str | None, output: str | None) -> None:
    """Write an answer in a format; as a table on a terminal and as plain text elsewhere if it is none or `table`."""
    if format in (None, "table") and output is None and sys.stdout is not None and sys.stdout.isatty():
        from virtkg.present.console import show

        show(answer)
        return
    from virtkg.present.written import render

    write(render(answer, format or "table").rstrip("\n") + "\n", output)

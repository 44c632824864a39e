"""`virtkg export` and `virtkg vocabulary`: what the graph holds and what can be said.

Knows: their arguments. Must not know: formats, or the language.
"""

from __future__ import annotations

from typing import Any

import click

from virtkg.cli.options import graph_options, open_graph, output_options, write
from virtkg.diagnostics import ExitCode

_RDF = ("turtle", "trig", "nt", "nq", "jsonld", "rdfxml")


@click.command()
@click.option(
    "--graph",
    "part",
    type=click.Choice(["asserted", "inferred", "all", "everything"]),
    default="all",
    help="Which facts; everything is all, and the graph that marks the disputed ones, which ask --endpoint needs.",
)
@click.option("--format", type=click.Choice(_RDF), default="trig", help="Quad formats keep the source of each fact.")
@graph_options
@output_options
def export(part: str, format: str, **chosen: Any) -> int:
    """Write the facts of the graph in an RDF format, the same bytes each time."""
    write(open_graph(chosen).export(format, part), chosen["output"])
    return ExitCode.DONE


@click.command()
@click.argument("word", nargs=-1)
@graph_options
@output_options
def vocabulary(word: tuple[str, ...], **chosen: Any) -> int:
    """List what can be said, or what contains WORD."""
    from virtkg.present.plain import table

    rows = open_graph(chosen).vocabulary(" ".join(word))
    write("".join(f"{line}\n" for line in table(("phrase", "is", "names"), rows)), chosen["output"])
    return ExitCode.DONE if rows else ExitCode.NEGATIVE

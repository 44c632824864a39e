"""`virtkg spectrum`: the matrix of modes and resources.

Knows: its arguments. Must not know: how the matrix is made, or any format.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from virtkg.cli.options import graph_options, open_graph, output_options, write
from virtkg.diagnostics import ExitCode

_FORMATS = ("table", "json", "csv", "tsv", "md", "html", "svg")


@click.command()
@click.option("--modes", metavar="A,B", help="These rows: labels, CURIEs or IRIs; “all” is every mode.")
@click.option("--resources", metavar="A,B", help="These columns, likewise.")
@click.option("--detail", is_flag=True, help="Open each resource: also the parts of which something is known.")
@click.option("--format", type=click.Choice(_FORMATS), help="How to show the matrix; svg is a picture.")
@graph_options
@output_options
def spectrum(modes: str | None, resources: str | None, *, detail: bool, format: str | None, **chosen: Any) -> int:
    """Show the matrix of modes and resources: by which technique, how well, and who says so.

    \b
    virtkg spectrum
    virtkg spectrum --modes HVM,PVH --detail
    virtkg spectrum --format svg -o spectrum.svg
    """
    made = open_graph(chosen).spectrum(_names(modes), _names(resources), detail=detail)
    output = chosen["output"]
    if format in (None, "table") and output is None and sys.stdout is not None and sys.stdout.isatty():
        from virtkg.present.spectrum_console import show

        show(made)
    else:
        from virtkg.present.spectrum import render

        write(render(made, format or "table").rstrip("\n") + "\n", output)
    return ExitCode.DONE


def _names(text: str | None) -> list[str] | None:
    return None if text is None else text.split(",")

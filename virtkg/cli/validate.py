"""`virtkg validate`: what is wrong with the graph, or with a contributor's files.

Knows: its arguments. Must not know: any check, or how the graph is surveyed.
"""

from __future__ import annotations

import sys
from typing import Any, Final

import click

from virtkg.cli.options import ANSWER_FORMATS, output_options, write
from virtkg.diagnostics import ExitCode

_LEVELS: Final = ("error", "warning", "info")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(), metavar="[FILE]...")
@click.option(
    "--fail-on", type=click.Choice(_LEVELS), default="error", help="The level that gives exit code 1 (error)."
)
@click.option("--show", type=click.Choice(_LEVELS), help="List findings of this level and above (warning).")
@click.option("--coverage", is_flag=True, help="Count instead what is known of each platform; as csv: each cell.")
@click.option("--format", type=click.Choice(ANSWER_FORMATS), default="table", help="How to show the findings.")
@output_options
def validate(
    files: tuple[str, ...], *, fail_on: str, show: str | None, coverage: bool, format: str, **chosen: Any
) -> int:
    """Check the packaged graph, or what FILEs are and break when they are added to it.

    Each finding has its place, what is wrong, and an example of how it should
    look: shapes (SHACL), queries for hygiene, contradictions, the OWL 2 RL
    profile, canonical form. Exit code 1: a finding at or above --fail-on.

    \b
    virtkg validate
    virtkg validate my-facts.trig --fail-on warning
    virtkg validate --coverage --format csv -o cells.csv
    """
    if coverage:
        return _survey(files, format, chosen)
    from virtkg.finding import Severity
    from virtkg.present.findings import render
    from virtkg.validate.run import validate as report_on

    report, level = report_on(files), Severity[fail_on.upper()]
    listed = Severity[show.upper()] if show else min(Severity.WARNING, level)
    if report.unchecked and not chosen["quiet"]:
        print("\n".join(f"note: {said}" for said in report.unchecked), file=sys.stderr)
    write(render(report, format, listed).rstrip("\n") + "\n", chosen["output"])
    return ExitCode.NEGATIVE if report.fails(level) else ExitCode.DONE


def _survey(files: tuple[str, ...], format: str, chosen: dict[str, Any]) -> int:
    from virtkg.coverage import Surveyor
    from virtkg.graph import load
    from virtkg.present.coverage import render
    from virtkg.validate.authored import beside_packaged

    graph = load(beside_packaged(files))
    asker = graph.asker
    survey = Surveyor(graph.snapshot, asker.schema, asker.evidence).coverage()
    write(render(survey, format).rstrip("\r\n") + "\n", chosen["output"])
    return ExitCode.DONE

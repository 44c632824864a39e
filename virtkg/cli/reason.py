"""`virtkg reason`: close RDF files under OWL 2 RL and rules.

Knows: its arguments, and the order in which what came of it is shown.
Must not know: how a closure is computed or spelled.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NoReturn

import click

from virtkg.cli.options import output_options
from virtkg.diagnostics import ExitCode, LimitReached, SurroundingsError
from virtkg.rdf.formats import FORMATS

if TYPE_CHECKING:
    from virtkg.infer import Inferred
    from virtkg.present.progress import Progress

_SHOWN: Final = 10
"""Contradictions that are shown; all are counted, and `--proofs` writes all."""

_TOLD: Final = 25_000
"""Proofs after which progress is told."""

_WITHOUT_COMMENTS: Final = ("jsonld", "rdfxml")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(), metavar="FILE...")
@click.option("--rules", multiple=True, type=click.Path(), metavar="FILE", help="Add a file of SRL rules. Repeatable.")
@click.option("--no-owl", is_flag=True, help="Use the rules of --rules alone, not OWL 2 RL.")
@click.option("--engine", type=click.Choice(["virtkg", "owlrl"]), default="virtkg", help="owlrl: for small graphs.")
@click.option(
    "--graph", "part", type=click.Choice(["asserted", "inferred", "all"]), default="all", help="Which facts (all)."
)
@click.option("--format", type=click.Choice(list(FORMATS)), help="By default what the ending of -o says, otherwise nt.")
@click.option("--proofs", is_flag=True, help="Write the last step to each inferred fact as well.")
@click.option("--timeout", type=click.FloatRange(min=0.1), metavar="SECONDS", help="Give up after this time (code 5).")
@click.option("--memory", type=click.IntRange(min=1), metavar="MB", help="Give up when it needs more (code 5).")
@click.option("--as-sparql", is_flag=True, help="Print the rules as SPARQL CONSTRUCT, and stop; needs no FILE.")
@click.option("--verbose", is_flag=True, help="Say on standard error what is being done.")
@output_options
def reason(files: tuple[str, ...], **chosen: Any) -> int:
    """Close RDF files under OWL 2 RL and your own rules, and write all facts.

    Any graph will do; the one of virtkg is not added. Blank nodes stay blank
    nodes. Lines are sorted, the same bytes each time. In formats with graphs
    (trig, nq, jsonld) each given fact stays in its graph and inferred ones
    stand in <https://w3id.org/virtkg/graph/inferred>.

    With --proofs and -o OUT, the proofs go to OUT.proofs.jsonl: one JSON
    object for each inferred fact and each contradiction, with fact, rule,
    premises, and the patterns that had to match nothing (absent). Without -o
    they follow as comments.

    Contradictions are shown on standard error. Exit code: 1 if there is any,
    otherwise 0, also if nothing was inferred.

    \b
    virtkg reason data.ttl ontology.owl -o closure.nt
    virtkg reason data.nt --rules my.srl --no-owl --graph inferred --proofs
    virtkg reason --rules my.srl --no-owl --as-sparql
    """
    from virtkg.limits import limited
    from virtkg.present.progress import progress

    _check(files, chosen)
    if chosen["as_sparql"]:
        return _write_queries(chosen)
    output, beside = chosen["output"], _beside(chosen)
    with ExitStack() as targets, progress(quiet=chosen["quiet"], verbose=chosen["verbose"]) as shown:
        # What cannot be written is known before the work.
        file, proofs = _target(targets, output), _target(targets, beside)
        with limited(chosen["timeout"], chosen["memory"], lambda error: _give_up(error, shown, targets)):
            closed = _closed(files, chosen, shown)
            content = _content(closed, chosen, shown)
            found = [] if chosen["quiet"] else _contradictions(closed)
            if file is not None:
                _fill(file, content)
            if proofs is not None:
                _fill(proofs, _proofs(closed, shown))
        shown.summary(_summary(closed))
    if file is None:
        # A slow reader is nothing to give up for.
        _print(content)
    _tell(found, len(closed.findings), chosen)
    return ExitCode.NEGATIVE if closed.findings else ExitCode.DONE


def _check(files: tuple[str, ...], chosen: dict[str, Any]) -> None:
    output = chosen["output"]
    if not files and not chosen["as_sparql"]:
        raise click.UsageError("no FILE to close: give one, for example data.nt")
    if "-" in files:
        raise click.UsageError("standard input tells no format: save it to a file, for example data.nt")
    if chosen["no_owl"] and not chosen["rules"]:
        raise click.UsageError("--no-owl leaves no rule: give some with --rules FILE")
    if chosen["no_owl"] and chosen["engine"] == "owlrl":
        raise click.UsageError("the engine owlrl is OWL 2 RL itself: leave out --no-owl or --engine")
    if chosen["quiet"] and chosen["verbose"]:
        raise click.UsageError("--quiet and --verbose exclude each other")
    if not chosen["proofs"]:
        return
    if output is None and chosen["format"] in _WITHOUT_COMMENTS:
        raise click.UsageError(f"{chosen['format']} has no comments for the proofs: give a file with -o")
    if output is not None and os.path.exists(output) and not os.path.isfile(output):
        raise click.UsageError("--proofs are written beside a file: give a regular file with -o")


def _write_queries(chosen: dict[str, Any]) -> int:
    with ExitStack() as targets:
        file = _target(targets, chosen["output"])
        if file is None:
            _print(_queries(chosen))
        else:
            _fill(file, _queries(chosen))
    return ExitCode.DONE


def _queries(chosen: dict[str, Any]) -> Iterator[bytes]:
    """Yield the rules as SPARQL, each under its name."""
    from virtkg.infer import rules_of
    from virtkg.namespaces import compact
    from virtkg.rules.sparql import construct

    for rule in rules_of(chosen["rules"], not chosen["no_owl"]):
        yield f"# {compact(rule.name)}, {rule.place}\n{construct(rule)}\n\n".encode()


def _format_of(output: str | None) -> str:
    ending = os.path.splitext(output or "")[1].lower()
    return next((name for name, known in FORMATS.items() if ending in known.endings), "nt")


def _target(targets: ExitStack, output: str | None) -> BinaryIO | None:
    from virtkg.cli.whole import whole

    return None if output is None else targets.enter_context(whole(output))


def _give_up(error: LimitReached, shown: Progress, targets: ExitStack) -> NoReturn:
    from virtkg.cli import end

    shown.__exit__(None, None, None)
    # For what is written so far an error is an end like any other.
    with suppress(LimitReached):
        targets.__exit__(LimitReached, error, None)
    end(error)


def _closed(files: tuple[str, ...], chosen: dict[str, Any], shown: Progress) -> Inferred:
    from virtkg.infer import infer

    return infer(
        files,
        chosen["rules"],
        owl=not chosen["no_owl"],
        engine=chosen["engine"],
        reading=shown.reading,
        report=shown.stage,
    )


def _beside(chosen: dict[str, Any]) -> str | None:
    """Return the name of the file for the proofs, None if they are not wanted or follow on standard output."""
    return f"{chosen['output']}.proofs.jsonl" if chosen["proofs"] and chosen["output"] is not None else None


def _content(closed: Inferred, chosen: dict[str, Any], shown: Progress) -> Iterable[bytes]:
    """Return what is to be written; all that could fail or take long is done."""
    syntax = chosen["format"] or _format_of(chosen["output"])
    shown.stage("writing")
    in_lines = syntax in ("nt", "nq")
    ordered = closed.sorted_lines(chosen["part"], graphs=FORMATS[syntax].keeps_graphs, plain_labels=not in_lines)
    pieces: Iterable[bytes] = ordered.lines()
    if not in_lines:
        from virtkg.rdf.write import from_lines

        pieces = [from_lines(pieces, syntax, closed.given.prefixes)]
    if chosen["proofs"] and chosen["output"] is None:
        from virtkg.present.steps import comments

        pieces = chain(pieces, list(comments(closed.steps())))
    return pieces


def _proofs(closed: Inferred, shown: Progress) -> Iterator[bytes]:
    from virtkg.present.steps import json_lines

    for number, line in enumerate(json_lines(closed.steps())):
        if number % _TOLD == 0:
            shown.stage(f"proving {len(closed):,} facts, {number:,} done")
        yield line


def _contradictions(closed: Inferred) -> list[str]:
    from virtkg.present.steps import contradiction

    lines: list[str] = []
    for fact in closed.findings[:_SHOWN]:
        try:
            lines += contradiction(closed.proof(fact))
        except LimitReached as error:
            lines.append(f"contradiction of {closed.told(fact)}: {error.message}")
    return lines


def _summary(closed: Inferred) -> str:
    said = f"{len(closed.given):,} facts given, {len(closed):,} inferred by {closed.rules} rules"
    return f"{said}, {_counted(len(closed.findings))}" if closed.findings else said


def _counted(contradictions: int) -> str:
    return f"{contradictions:,} contradiction{'s' * (contradictions != 1)}"


def _tell(lines: list[str], count: int, chosen: dict[str, Any]) -> None:
    from virtkg.present.plain import safe

    if chosen["quiet"]:
        return
    if (proofs := _beside(chosen)) is not None:
        print(f"proofs: {safe(proofs)}", file=sys.stderr)
    if not count:
        return
    print("\n".join(lines), file=sys.stderr)
    left = f"; the first {_SHOWN} are shown" if count > _SHOWN else ""
    all_of = ", --proofs writes all" if left and not chosen["proofs"] else ""
    print(f"{_counted(count)}: these facts cannot all be true{left}{all_of}", file=sys.stderr)


def _fill(file: BinaryIO, content: Iterable[bytes]) -> None:
    for piece in content:
        file.write(piece)


def _print(content: Iterable[bytes]) -> None:
    if sys.stdout is None:
        raise SurroundingsError("S604", "standard output is closed", hint="write to a file with -o")
    sys.stdout.flush()
    _fill(sys.stdout.buffer, content)
    sys.stdout.buffer.flush()

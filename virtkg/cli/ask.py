"""`virtkg ask`, `why`, `show`, `history` and `compare`: answers about the graph's things.

Knows: their arguments. Must not know: how an answer is found.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any

import click

from virtkg.cli import candidates
from virtkg.cli.options import ANSWER_FORMATS, endpoint, endpoint_option, graph_options, open_graph, output_options
from virtkg.cli.options import show as present
from virtkg.diagnostics import ExitCode, SurroundingsError

if TYPE_CHECKING:
    from virtkg.cli.prompt import Converse

_FORMAT = click.option("--format", type=click.Choice(ANSWER_FORMATS), help="How to show the answer.")
_READING = click.option("--reading", type=int, metavar="N", help="Choose one of several meanings, from 1.")


@click.command()
@click.argument("question", nargs=-1, shell_complete=candidates.question)
@click.option("--why", is_flag=True, help="Add a proof for each row.")
@click.option("--certain", is_flag=True, help="Leave out what is disputed.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Show at most N rows, and say how many more.")
@click.option("--each", is_flag=True, help="In tables, a row for each version, not one for those next to each other.")
@click.option("--as-of", metavar="DATE", help="The day that “still”, “latest” and “today” mean (2012-06-30).")
@endpoint_option
@click.option("--timeout", type=click.FloatRange(min=0.1), metavar="SECONDS", help="With --endpoint: per query (30).")
@_READING
@click.option("--format", type=click.Choice((*ANSWER_FORMATS, "sparql")), help="How to show the answer.")
@graph_options
@output_options
def ask(
    question: tuple[str, ...],
    *,
    why: bool,
    certain: bool,
    limit: int | None,
    each: bool,
    as_of: str | None,
    reading: int | None,
    format: str | None,
    **chosen: Any,
) -> int:
    """Answer QUESTION, asked in words; on a terminal without one, prompt for questions until Ctrl-D.

    \b
    virtkg ask "suites with page sharing"
    virtkg ask "does XenServer 6 support page sharing" --why
    """
    asked = endpoint(chosen)
    if asked is None and chosen["timeout"] is not None:
        raise click.UsageError("--timeout bounds the queries to an endpoint: name one with --endpoint")
    if asked is not None and why:
        raise click.UsageError("an endpoint gives no proofs: leave out --why or --endpoint")
    converse = None if question else _prompt(reading, chosen)
    graph = open_graph(chosen)

    def answered(text: str, reading: int | None) -> int:
        answer = graph.ask(text, reading=reading, certain=certain, proofs=why, as_of=as_of, endpoint=asked)
        shown = answer.cut(limit) if limit else answer
        present(shown.each() if each else shown, format, chosen["output"])
        return answer.exit_code

    if converse is None:
        return answered(" ".join(question), reading)
    gc.enable()
    converse(answered, graph.complete, keep=not chosen["no_cache"])
    return ExitCode.DONE


def _prompt(reading: int | None, chosen: dict[str, Any]) -> Converse:
    """Return the prompt, which needs a terminal and the extra."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise click.MissingParameter(ctx=click.get_current_context(), param_type="argument", param_hint="'QUESTION...'")
    if reading is not None or chosen["output"] is not None:
        raise click.UsageError("--reading and -o are of one question: give a QUESTION")
    try:
        from virtkg.cli.prompt import converse
    except ImportError as error:
        if not (error.name or "").startswith("prompt_toolkit"):
            raise
        said = "without a QUESTION, ask needs prompt_toolkit, which is not installed"
        hint = "pip install 'virtkg[prompt]', or give a QUESTION"
        raise SurroundingsError("S606", said, hint=hint) from None
    return converse


@click.command()
@click.argument("statement", nargs=-1, required=True, shell_complete=candidates.statement)
@_READING
@click.option("--format", type=click.Choice((*ANSWER_FORMATS, "turtle")), help="How to show it; turtle is PROV-O.")
@graph_options
@output_options
def why(statement: tuple[str, ...], reading: int | None, format: str | None, **chosen: Any) -> int:
    """Prove STATEMENT, in words or as three terms, or say what is missing.

    \b
    virtkg why "XenServer 6 runs PV guests"
    virtkg why "id:hvm vkg:requires id:hardware-extensions"
    """
    answer = open_graph(chosen).why(" ".join(statement), reading=reading)
    present(answer, format, chosen["output"])
    return answer.exit_code


@click.command()
@click.argument("term", nargs=-1, required=True, shell_complete=candidates.label)
@_FORMAT
@graph_options
@output_options
def show(term: tuple[str, ...], format: str | None, **chosen: Any) -> int:
    """Say all about TERM: a label, a CURIE such as id:xen, or an IRI."""
    answer = open_graph(chosen).show(" ".join(term))
    present(answer, format, chosen["output"])
    return 0


@click.command()
@click.argument("term", nargs=-1, required=True, shell_complete=candidates.label)
@_FORMAT
@graph_options
@output_options
def history(term: tuple[str, ...], format: str | None, **chosen: Any) -> int:
    """Tell what happened to TERM, in order of time: a label, a CURIE such as id:xen, or an IRI."""
    answer = open_graph(chosen).history(" ".join(term))
    present(answer, format, chosen["output"])
    return answer.exit_code


@click.command()
@click.argument("terms", nargs=-1, required=True, shell_complete=candidates.one_label)
@_FORMAT
@graph_options
@output_options
def compare(terms: tuple[str, ...], format: str | None, **chosen: Any) -> int:
    """Put TERMS side by side, what differs first. Quote labels of several words."""
    if len(terms) < 2:
        raise click.UsageError("name at least two things to compare")
    answer = open_graph(chosen).compare(*terms)
    present(answer, format, chosen["output"])
    return 0

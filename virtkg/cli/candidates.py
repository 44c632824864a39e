"""What completes an argument in a shell.

Knows: how the words of a command line make up a question or a label.
Must not know: any shell, or how completions are found.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import click

from virtkg.diagnostics import VirtkgError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from virtkg.graph import KnowledgeGraph
    from virtkg.language.complete import Completion

_Complete: TypeAlias = "Callable[[str], list[Completion]]"


def question(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Return how the question of `ask` can go on."""
    return _items(ctx, _earlier(ctx, param), incomplete, lambda graph: graph.complete)


def statement(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Return how the statement of `why` can go on."""
    return _items(ctx, _earlier(ctx, param), incomplete, lambda graph: partial(graph.complete, statement=True))


def label(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Return the labels that begin with all words of an argument."""
    return _items(ctx, _earlier(ctx, param), incomplete, lambda graph: graph.complete_label)


def one_label(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:  # noqa: ARG001
    """Return the labels that begin with one word of an argument, which may be quoted."""
    return _items(ctx, "", incomplete, lambda graph: graph.complete_label)


def _earlier(ctx: click.Context, param: click.Parameter) -> str:
    """Return the words of an argument before the one that is completed, each with a blank after it."""
    return "".join(f"{word} " for word in ctx.params.get(param.name or "") or ())


def _items(
    ctx: click.Context, earlier: str, incomplete: str, way: Callable[[KnowledgeGraph], _Complete]
) -> list[CompletionItem[str]]:
    from click.shell_completion import CompletionItem

    from virtkg.cli.options import open_graph

    try:
        whole = _whole(way(open_graph({**ctx.params, "quiet": True})), earlier + incomplete)
    except VirtkgError:  # such as a --data file that is not there yet: the command itself will say so
        return []
    so_far = len(earlier)
    values = {text[so_far:]: kind for text, kind in whole if text[:so_far].casefold() == earlier.casefold()}
    return [CompletionItem(value, help=values[kept]) for kept, value in _as_typed(list(values), incomplete)]


def _whole(complete: _Complete, text: str) -> list[tuple[str, str]]:
    """Return (text, kind) of each way to go on.

    After the only one the shell would close the quotes and go to the next
    argument; it does not if it sees what can follow.
    """
    found = [(text[: one.start] + one.text, one.kind) for one in complete(text)]
    if len(found) == 1:
        only = found[0][0]
        found += [(only[: one.start] + one.text, one.kind) for one in complete(only)]
    return found


def _as_typed(values: list[str], incomplete: str) -> list[tuple[str, str]]:
    """Return each value, and how it is given to the shell.

    A shell puts what all values begin with in the place of what is typed.
    That must not be less, as it would be of “Xen” and “xl” for “x”.
    """
    # What the least and the greatest begin with, all do.
    if not values or not incomplete or min(values)[: len(incomplete)] == max(values)[: len(incomplete)]:
        return [(value, value) for value in values]
    return [
        (value, incomplete + value[len(incomplete) :])
        for value in values
        if value.casefold().startswith(incomplete.casefold())
    ]

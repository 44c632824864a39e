"""`virtkg completion`: the script by which a shell completes commands and options.

Knows: click's scripts. Must not know: the graph.
"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from virtkg.cli.options import write


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print a completion script for SHELL, for example: eval "$(virtkg completion bash)"."""
    from virtkg.cli import virtkg

    found = get_completion_class(shell)
    assert found is not None
    write(found(virtkg, {}, "virtkg", "_VIRTKG_COMPLETE").source() + "\n", None)
    return 0

"""`virtkg completion`: the script by which a shell completes commands, options, questions and labels.

Knows: click's scripts, and where ours differ. Must not know: the graph.
"""

from __future__ import annotations

import os
import re
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    add_completion_class,
    get_completion_class,
)

from virtkg.cli.options import write

_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' line
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            dir,*) compopt -o dirnames ;;
            file,*) compopt -o default ;;
            plain,*) COMPREPLY+=("${line#plain,}") ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_FISH = """\
function %(complete_func)s
    set -l response (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp) \
COMP_CWORD=(commandline -t) %(prog_name)s 2>/dev/null)
    for completion in $response
        set -l found (string split --max 1 "," -- $completion)
        switch $found[1]
            case dir
                __fish_complete_directories $found[2]
            case file
                __fish_complete_path $found[2]
            case plain
                echo $found[2]
        end
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""

_PLAIN = re.compile(r"[\w./+,:@%^-]")
"""What bash takes literally outside quotes."""


@add_completion_class
class _Bash(BashComplete):
    """Completion for bash, which takes a value as it is to stand in the line: quoted.

    click's own script splits it at blanks and loses backslashes.
    """

    source_template = _BASH
    _quote = ""

    def get_completion_args(self) -> tuple[list[str], str]:
        words, at = os.environ["COMP_WORDS"].split("\n"), int(os.environ["COMP_CWORD"])
        first = words[at][:1] if at < len(words) else ""
        self._quote = first if first in ("'", '"') else ""
        return super().get_completion_args()

    def format_completion(self, item: CompletionItem[Any]) -> str:
        return f"{item.type},{_quoted(str(item.value), self._quote)}"


@add_completion_class
class _Fish(FishComplete):
    """Completion for fish; click's own script ends a value at its first comma."""

    source_template = _FISH


def _quoted(value: str, quote: str) -> str:
    """Return a value as it stands in a line of bash after an opening quote, or without one."""
    if quote == "'":
        return value.replace("'", "'\\''")
    if quote:
        return re.sub(r'["$`\\]', r"\\\g<0>", value)
    return "".join(character if _PLAIN.match(character) else "\\" + character for character in value)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print a completion script for SHELL, for example: eval "$(virtkg completion bash)"."""
    from virtkg.cli import virtkg

    found = get_completion_class(shell)
    assert found is not None
    write(found(virtkg, {}, "virtkg", "_VIRTKG_COMPLETE").source() + "\n", None)
    return 0

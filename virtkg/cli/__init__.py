"""The `virtkg` command: arguments, exit codes, and the border at which errors become one line.

Knows: which module holds which command (none is imported before it is used).
Must not know: what a command does.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from typing import Any, Final, NoReturn

import click

from virtkg import __version__
from virtkg.diagnostics import ExitCode, LimitReached, SurroundingsError, VirtkgError

_COMMANDS: Final = {
    "ask": "ask",
    "why": "ask",
    "show": "ask",
    "compare": "ask",
    "spectrum": "spectrum",
    "history": "ask",
    "sparql": "query",
    "query": "query",
    "export": "data",
    "reason": "reason",
    "validate": "validate",
    "vocabulary": "data",
    "completion": "completion",
}

INTERRUPTED: Final = 130

_COMPLETE: Final = "_VIRTKG_COMPLETE"
"""The variable by which a shell asks for completions (click makes the name of that of the program)."""


class _ReaderGoneError(Exception):
    """Nobody reads our output any more. No OSError: for that, click would end the process with a negative answer."""


class _BugError(VirtkgError):
    """An error that virtkg did not foresee (`X700`)."""

    exit_code = ExitCode.BUG


class _Commands(click.Group):
    """A group that imports the module of a command only when it is called."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ReaderGoneError from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"virtkg.cli.{_COMMANDS[cmd_name]}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="virtkg %(version)s")
def virtkg() -> None:
    """Ask a citable knowledge graph of machine virtualization, and see why."""


def main() -> None:
    """Run the command line and end the process with a documented exit code."""
    # Collecting garbage while modules load costs 7 ms of 110, and one command makes little.
    gc.disable()
    arguments = sys.argv[1:]
    if sys.stderr is None:  # closed by the caller; print() would then write errors to standard output
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (until the end of the process)
    if _COMPLETE in os.environ:
        import_module("virtkg.cli.completion")  # what our shells need beyond click's
    try:
        code = virtkg.main(arguments, prog_name="virtkg", standalone_mode=False)
        _flush()
    except click.exceptions.Exit as end:
        code = end.exit_code
    except SystemExit as end:  # so click ends a completion
        code = end.code if isinstance(end.code, int) else ExitCode.DONE
    except click.ClickException as error:
        error.show()
        code = ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except (BrokenPipeError, _ReaderGoneError):
        # Nothing is left to say, and nothing may be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.DONE
    except Exception as error:
        code = report(_foreseen(error), error)
    _end(int(code or 0))


def end(error: VirtkgError) -> NoReturn:
    """Report an error and end the process; this is for a thread other than the main one."""
    _end(report(error))


def _end(code: int) -> NoReturn:
    """End the process at once: freeing each object first would cost a warm `ask` 13 ms of 110."""
    try:
        _flush()
    except OSError:
        code = code or ExitCode.SURROUNDINGS
    os._exit(code)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # None: closed by the caller
            stream.flush()


def _foreseen(error: Exception) -> VirtkgError:
    """Return the error that a user sees for any exception."""
    match error:
        case VirtkgError():
            return error
        case MemoryError():
            return LimitReached("E501", "out of memory", hint="use fewer or smaller --data files")
        case OSError():
            place = f"{error.filename}: " if error.filename else ""
            return SurroundingsError("S604", f"{place}{error.strerror or error}")
        case _:
            said = f"virtkg itself failed ({type(error).__name__})"
            return _BugError("X700", said, hint="run again with --debug and report it")


def report(error: VirtkgError, cause: Exception | None = None) -> int:
    """Show an error, with --debug what caused it, and return its exit code."""
    from virtkg.present.problem import as_json, as_text

    cause, arguments = cause or error, sys.argv[1:]
    if "--debug" in arguments and cause is not error:
        import traceback

        traceback.print_exception(cause)
    wants_json = "--format=json" in arguments or ("--format", "json") in pairwise(arguments)
    with suppress(OSError):  # nobody reads standard error; the exit code says enough
        print(as_json(error) if wants_json else as_text(error), file=sys.stderr)
    return error.exit_code

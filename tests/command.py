"""The `virtkg` command as its users run it: in a process of its own, seen from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import virtkg

ROOT = Path(__file__).resolve().parent.parent
PACKAGE_HOME = Path(virtkg.__file__).resolve().parent.parent
"""Where the package under test lies: the checkout, or site-packages. A process must not find another one."""

Environment: TypeAlias = "Mapping[str, str | None]"

_NOT_OURS = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "PYTHONDONTWRITEBYTECODE", "PYTHONIOENCODING", "PYTHONUTF8")
_CRASH = ("Traceback", "X700", "Exception", "Segmentation")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended and what it wrote."""

    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode()


def environment(changes: Environment | None = None) -> dict[str, str]:
    """Return the environment of a command: this one without what changes output; None removes a variable.

    Compiled modules go beside the cache of the tests and not into the checkout.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    kept |= {"PYTHONPATH": str(PACKAGE_HOME), "PYTHONPYCACHEPREFIX": os.environ["VIRTKG_CACHE"] + "-compiled"}
    for name, value in (changes or {}).items():
        kept.pop(name, None)
        if value is not None:
            kept[name] = value
    return kept


def start(
    *arguments: str | bytes,
    cwd: Path | None = None,
    before: Callable[[], None] | None = None,
    stdout: int = subprocess.PIPE,
    own_group: bool = False,
    env: Environment | None = None,
) -> subprocess.Popen[bytes]:
    """Start the command; `before` runs in the new process, before it."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "virtkg", *arguments],
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env=environment(env),
        preexec_fn=before,  # noqa: PLW1509 (set where no other thread runs)
        start_new_session=own_group,
    )


def run(
    *arguments: str | bytes,
    stdin: bytes = b"",
    timeout: float = 60,
    cwd: Path | None = None,
    before: Callable[[], None] | None = None,
    env: Environment | None = None,
) -> Ended:
    """Run the command to its end; it must not crash, whatever it is given."""
    with start(*arguments, cwd=cwd, before=before, env=env) as process:
        try:
            out, err = process.communicate(stdin, timeout=timeout)
        finally:
            process.kill()
    ended = Ended(process.returncode, out, err.decode(errors="backslashreplace"))
    assert not any(word in ended.err for word in _CRASH), ended.err
    assert ended.code in (0, 1, 2, 3, 4, 5, 6), ended
    return ended

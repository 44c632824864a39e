"""How far a long piece of work is: nothing, lines, or a bar on a terminal, always on standard error.

Knows: time, and rich where there is a terminal. Must not know: the work.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Final

from virtkg.present.plain import safe

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import TaskID

_MEGABYTE: Final = 1_000_000
_EVERY: Final = 1.0


class Progress:
    """Says nothing; it is a context in which the others show where the work is."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def __enter__(self) -> Progress:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End, leaving nothing on a terminal but lines."""

    def stage(self, text: str) -> None:
        """Say what was done or is being done."""

    def reading(self, path: str, done: int, size: int) -> None:
        """Say how many bytes of a file were read."""

    def summary(self, text: str) -> None:
        """Say what came of it, with the time that it took."""

    def seconds(self) -> float:
        """Return the time since the begin."""
        return time.monotonic() - self._start


class Lines(Progress):
    """A line for each stage, with the time since the begin."""

    def __init__(self) -> None:
        super().__init__()
        self._told = 0.0

    def stage(self, text: str) -> None:
        _say(f"{self.seconds():7.2f} s  {text}")

    def reading(self, path: str, done: int, size: int) -> None:
        if done == 0 or (done < size and self.seconds() - self._told >= _EVERY):
            self._told = self.seconds()
            of = f"{done / _MEGABYTE:.1f} of {size / _MEGABYTE:.1f} MB" if done else f"{size / _MEGABYTE:.1f} MB"
            self.stage(f"reading {os.path.basename(path)}, {of}")

    def summary(self, text: str) -> None:
        self.stage(text)


class Bar(Progress):
    """One line of a terminal that changes, and is gone in the end."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        super().__init__()
        parts = TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn()
        console = Console(stderr=True, no_color="NO_COLOR" in os.environ)
        self._bar = RichProgress(*parts, console=console, transient=True)
        self._task: TaskID | None = None

    def __enter__(self) -> Progress:
        self._bar.start()
        self._task = self._bar.add_task("", total=None)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def stage(self, text: str) -> None:
        self._show(text, None, None)

    def reading(self, path: str, done: int, size: int) -> None:
        self._show(f"reading {os.path.basename(path)}", done, size or None)

    def summary(self, text: str) -> None:
        self._bar.stop()
        _say(f"{text} in {self.seconds():.1f} s")

    def _show(self, text: str, done: int | None, total: int | None) -> None:
        assert self._task is not None
        # Without a total the bar only moves.
        self._bar.update(self._task, description=safe(text), completed=done or 0, total=total)


def _say(text: str) -> None:
    sys.stderr.write(safe(text) + "\n")
    sys.stderr.flush()


def progress(*, quiet: bool, verbose: bool) -> Progress:
    """Return what shows progress: lines if `verbose`, a bar on a terminal, and nothing elsewhere or if `quiet`."""
    if quiet:
        return Progress()
    if verbose:
        return Lines()
    return Bar() if sys.stderr is not None and sys.stderr.isatty() else Progress()

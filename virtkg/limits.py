"""How long a piece of work may take and how large the process may get, and the end of both.

A thread looks at the clock and at the memory, since no error can be raised
within one long call of a library; what asks for very much memory at once is
refused it by the system.

Knows: threads, and how a system counts memory. Must not know: the work, or
what has to be tidied up.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NoReturn, TypeAlias

from virtkg.diagnostics import LimitReached

GiveUp: TypeAlias = Callable[[LimitReached], NoReturn]
"""Tidies up and ends the process; it is called in another thread."""

_LOOK: Final = 0.05
_MEGABYTE: Final = 1_000_000
_SLACK: Final = 256 * _MEGABYTE
"""Address space that is asked for but hardly used: stacks of threads, pools of the allocator."""


@contextmanager
def limited(seconds: float | None, megabytes: int | None, give_up: GiveUp) -> Iterator[None]:
    """Give up when the block takes longer or the process gets larger.

    A request for memory that the system refuses is raised as LimitReached (E501).
    """
    done = threading.Event()
    ending = threading.Lock()
    end = None if seconds is None else time.monotonic() + seconds

    def watch() -> None:
        while not done.wait(_LOOK):
            if end is not None and time.monotonic() > end:
                said, option = f"not done after {seconds:g} s", "--timeout"
            elif megabytes is not None and resident() > megabytes * _MEGABYTE:
                said, option = _too_large(megabytes), "--memory"
            else:
                continue
            with ending:
                if not done.is_set():
                    give_up(_reached(said, option))

    if seconds is not None or megabytes is not None:
        threading.Thread(target=watch, daemon=True).start()
    try:
        with _refused(megabytes):
            yield
    except MemoryError:
        if megabytes is None:
            raise LimitReached("E501", "out of memory", hint="take a smaller graph or fewer rules") from None
        raise _reached(_too_large(megabytes), "--memory") from None
    finally:
        with ending:
            done.set()


def _too_large(megabytes: int) -> str:
    return f"more than {megabytes} MB of memory are needed"


def _reached(said: str, option: str) -> LimitReached:
    return LimitReached("E501", said, hint=f"allow more with {option}, or take a smaller graph or fewer rules")


def resident() -> int:
    """Return how many bytes of memory the process takes, or took at most where the system tells only that."""
    pages = _pages()
    if pages is not None:
        return pages[1] * os.sysconf("SC_PAGE_SIZE")
    try:
        import resource
    except ImportError:  # Windows
        return 0
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _pages() -> tuple[int, int] | None:
    """Return the pages of address space and of memory, None where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            size, used, *_ = map(int, file.read().split())
    except (OSError, ValueError):
        return None
    return size, used


@contextmanager
def _refused(megabytes: int | None) -> Iterator[None]:
    """Let one request for very much memory fail at once, before it is filled."""
    pages = _pages()
    if megabytes is None or pages is None:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = pages[0] * os.sysconf("SC_PAGE_SIZE") + megabytes * _MEGABYTE + _SLACK
    known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min([most, *known]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))

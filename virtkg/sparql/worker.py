"""The process that evaluates one query and may be killed at any moment.

Knows: how to take a graph and a query from its standard input, to bind itself to
limits that it cannot lift again, and to write one answer.
Must not know: which queries are allowed, or what the person who asked sees. It
does not trust the query: a text may crash the engine, never end, or ask it to
open connections.

Order matters: all modules and the graph are loaded first, then every
descriptor, byte of memory and second beyond the present ones is limited, then
the query is evaluated. So nothing is imported within a function here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time

from pyoxigraph import Quad, QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, Store

from virtkg.sparql import wire
from virtkg.sparql.labels import Labels
from virtkg.sparql.locate import first_bad, line_of
from virtkg.sparql.wire import Job, cell

try:
    import resource

    HAS_LIMITS = True
except ImportError:  # Windows: deadline and kill remain
    HAS_LIMITS = False

_STACKS = (256 << 20, 64 << 20, 16 << 20)
"""Stack sizes to try. With 8 MiB, 4 KB of nested groups end the process by SIGSEGV; with 256 MiB, no 64 KiB text."""

_ASSUMED_SPACE = 1 << 30
_QUICK = 0.05
"""Seconds: a text that took longer to refuse is not asked about again."""


class _TooLargeError(Exception):
    """The answer has more rows or bytes than allowed; the argument is the exit status."""


def main(arguments: list[str]) -> None:
    """Evaluate the query on standard input and end the process with an exit status of `wire`."""
    # Ctrl-C reaches the whole group; only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _lower("RLIMIT_CORE", 0)
    job = Job.of_arguments(arguments)
    text = _read(job.text_size).decode()
    store = Store()
    try:
        load(store, _read(job.data_size), merged=job.union)
    except (SyntaxError, ValueError) as error:
        _finish(wire.BAD_DATA, str(error).encode())
    except MemoryError:
        _finish(wire.NO_MEMORY)
    _follow_parent()
    stack = _set_stack()
    _bind(job, stack)
    evaluation = _Evaluation(store, text, job)
    try:
        evaluation.start()
    except (RuntimeError, MemoryError):
        _finish(wire.NO_MEMORY)
    evaluation.join()
    _finish(evaluation.status, evaluation.output)


def load(store: Store, data: bytes, *, merged: bool) -> None:
    """Put N-Quads into a store. Raises SyntaxError or ValueError if they are none.

    With `merged` the default graph becomes the RDF merge of all graphs. The
    engine's own union of graphs would give a triple once for each graph that
    holds it. The engine's order of rows follows the order of the quads.
    """
    store.load(data, format=RdfFormat.N_QUADS)
    if merged:
        store.bulk_extend([Quad(quad.subject, quad.predicate, quad.object) for quad in store])


def evaluate(store: Store, text: str, job: Job) -> tuple[int, bytes]:
    """Return an exit status and an answer or a message; any error of the engine becomes a status."""
    started = time.monotonic()
    try:
        results = store.query(text)
        return wire.ANSWERED, _answer(results, job)
    except SyntaxError as error:
        message = str(error)
        quick = time.monotonic() - started < _QUICK
        line = first_bad(text.split("\n")) if quick else line_of(message)
        return wire.SYNTAX, f"{line} {message}".encode()
    except _TooLargeError as error:
        return int(error.args[0]), b""
    except MemoryError:
        return wire.NO_MEMORY, b""
    except (OSError, RuntimeError, ValueError) as error:
        return wire.FAILED, str(error).encode()
    except BaseException as error:  # a panic of the engine is no Exception
        return wire.STOPPED, str(error).encode()


class _Evaluation(threading.Thread):
    """Runs the query on a large stack; `status` and `output` hold the outcome."""

    def __init__(self, store: Store, text: str, job: Job) -> None:
        super().__init__(daemon=True)
        self.work = (store, text, job)
        self.status = wire.NO_MEMORY  # stays if even reporting an error takes more memory than is left
        self.output = b""

    def run(self) -> None:
        with contextlib.suppress(MemoryError):
            self.status, self.output = evaluate(*self.work)


def _answer(results: QuerySolutions | QueryBoolean | QueryTriples, job: Job) -> bytes:
    if isinstance(results, QueryBoolean):
        return wire.TRUTH + (b"1" if results else b"0")
    if isinstance(results, QuerySolutions):
        names = [variable.value for variable in results.variables]
        answer = wire.ROWS + wire.tsv(names, _rows(results, job))
    else:
        answer = wire.GRAPH + "".join([line + "\n" for (line,) in _triples(results, job)]).encode()
    if len(answer) - 1 > job.output_bytes:
        raise _TooLargeError(wire.TOO_MANY_BYTES)
    return answer


def _rows(solutions: QuerySolutions, job: Job) -> list[tuple[str, ...]]:
    """Return the rows as cells: in the engine's order if the query orders them, else sorted by text."""
    rows: list[tuple[str, ...]] = []
    left = job.output_bytes
    for solution in solutions:
        row = tuple([cell(term) for term in solution])
        left -= len(row) + sum(map(len, row))
        if len(rows) >= job.rows:
            raise _TooLargeError(wire.TOO_MANY_ROWS)
        if left < 0:
            raise _TooLargeError(wire.TOO_MANY_BYTES)
        rows.append(row)
    return _settled(rows, ordered=job.ordered)


def _triples(triples: QueryTriples, job: Job) -> list[tuple[str, ...]]:
    """Return the triples, which the engine gives once each, as lines of N-Triples, sorted."""
    lines: list[tuple[str, ...]] = []
    left = job.output_bytes
    for triple in triples:
        line = f"{triple} ."
        left -= len(line) + 1
        if len(lines) >= job.rows:
            raise _TooLargeError(wire.TOO_MANY_ROWS)
        if left < 0:
            raise _TooLargeError(wire.TOO_MANY_BYTES)
        lines.append((line,))
    return _settled(lines, ordered=False)


def _settled(rows: list[tuple[str, ...]], *, ordered: bool) -> list[tuple[str, ...]]:
    """Return rows in an order, and with labels of blank nodes, that are the same in each run.

    Labels are random in each run, so rows are sorted without them; then the
    labels are b0, b1 … as they come.
    """
    if not any("_:" in text for row in rows for text in row):
        return rows if ordered else sorted(rows)
    if not ordered:
        rows = sorted(rows, key=lambda row: [Labels.hidden(text) for text in row])
    labels = Labels()
    return [tuple([labels.renamed(text) for text in row]) for row in rows]


def _read(size: int) -> bytes:
    """Return exactly `size` bytes of standard input; end the process if its other end is closed before."""
    parts = []
    while size > 0:
        part = os.read(0, min(size, 1 << 20))
        if not part:
            _finish(wire.STOPPED)
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _follow_parent() -> None:
    """End this process when the parent ends: its end of the pipe to standard input closes then."""

    def wait() -> None:
        while os.read(0, 1):
            pass
        os._exit(wire.STOPPED)

    threading.Thread(target=wait, daemon=True).start()


def _set_stack() -> int:
    """Set the stack of later threads to the largest size that this system takes, and return it."""
    for size in _STACKS:
        try:
            threading.stack_size(size)
        except (ValueError, RuntimeError):
            continue
        return size
    return 0


def _bind(job: Job, stack: int) -> None:
    """Lower this process's limits for good.

    Descriptors: none beyond the open ones, so no connection and no file.
    Address space: what is in use after loading, the stack, and the memory the
    query may take. Processor time: a second more than the deadline, for a
    worker whose parent does not kill it.
    """
    if not HAS_LIMITS:
        return
    with contextlib.suppress(OSError):  # no descriptor is free: as wanted
        free = os.dup(0)
        os.close(free)
        _lower("RLIMIT_NOFILE", free)
    _lower("RLIMIT_AS", _space_in_use() + stack + job.memory_bytes)
    _lower("RLIMIT_CPU", int(time.process_time()) + job.seconds + 1, spare=1)


def _lower(name: str, value: int, *, spare: int = 0) -> None:
    """Lower a limit for good; one that this system lacks, or has lower already, stays.

    `spare` is how far the hard limit is above: at the soft one the process gets
    a signal that names the limit, at the hard one it is just killed.
    """
    which = getattr(resource, name, None) if HAS_LIMITS else None
    if which is None:
        return
    _, hard = resource.getrlimit(which)
    highest = value + spare if hard == resource.RLIM_INFINITY else min(value + spare, hard)
    with contextlib.suppress(ValueError, OverflowError, OSError):
        resource.setrlimit(which, (min(value, highest), highest))


def _space_in_use() -> int:
    """Return the size of this process's address space in bytes, or a generous guess where it is not told."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return _ASSUMED_SPACE


def _finish(status: int, output: bytes = b"") -> None:
    """Write the output and end the process, without the time it takes to free the graph."""
    rest = memoryview(output)
    try:
        while rest:
            rest = rest[os.write(1, rest) :]
    except OSError:
        status = wire.STOPPED
    os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1:])

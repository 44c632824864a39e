"""Evaluates a query in a process of its own, within limits, or says which limit it met.

Knows: how to start, feed, watch and end the worker, and what its end means.
Must not know: how the worker evaluates, or who asked.

The engine offers no timeout, ignores signals while it works, and may end its
process by SIGSEGV or abort(). So it never sees a user's text in this process,
and the worker's end, however it comes, is turned into one error.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from virtkg.diagnostics import LimitReached, QueryError, RdfError, SurroundingsError, VirtkgError
from virtkg.sparql import wire
from virtkg.sparql.explain import syntax_error
from virtkg.sparql.guard import Outline, QueryForm, outline_of
from virtkg.sparql.lexer import shown
from virtkg.sparql.results import QueryResult

if TYPE_CHECKING:
    from subprocess import Popen

_PARENT_OF_PACKAGE: Final = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

_START: Final = "import sys; sys.path += sys.argv[1:3]; from virtkg.sparql.worker import main; main(sys.argv[3:])"

_KEPT: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "__PYVENV_LAUNCHER__")
"""The parts of the environment without which Python may not start."""

_SET: Final = {"TZ": "UTC", "MALLOC_ARENA_MAX": "1"}
"""NOW() is the same everywhere; one arena, since each further one reserves address space that the limit counts."""

_WINDOWS_FAULT: Final = 0xC0000000
"""Windows gives a crash as an exit status from here on, not as a signal."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take: seconds from start to end, memory beyond the loaded graph, rows and bytes given out."""

    seconds: float = 10.0
    memory_bytes: int = 1 << 30
    rows: int = 100_000
    output_bytes: int = 20_000_000


@dataclass(frozen=True, slots=True)
class NQuads:
    """A graph as bytes of N-Quads."""

    data: bytes


DataSource: TypeAlias = NQuads


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a worker ended: its exit status, what it wrote, and whether it was killed at the deadline."""

    status: int
    output: bytes
    errors: bytes
    late: bool


def run_query(payload: DataSource, text: str, *, limits: Limits | None = None) -> QueryResult:
    """Evaluate a query over a graph and return its whole answer.

    The default graph is the union of all graphs, unless the query has FROM or
    FROM NAMED. Rows come as ORDER BY says, otherwise sorted by their text; the
    answer is the same in each run unless the query asks for chance or time.

    Raises QueryError as `outline_of` does, Q301 if the engine finds no SPARQL
    in the text, Q302 if it refuses to evaluate it; LimitReached E501 if time,
    memory, rows or bytes ran out, or the engine broke; RdfError D601 if the
    payload is not N-Quads; SurroundingsError S602 if no worker can be started.
    """
    limits = limits or Limits()
    outline = outline_of(text)
    ending = _evaluate(payload.data, outline, limits)
    if ending.status == wire.ANSWERED:
        try:
            return _result(outline, ending.output)
        except (SyntaxError, ValueError) as error:
            # For example STRDT("x", rdf:langString), which the engine makes and then does not read.
            raise QueryError("Q302", f"the answer holds a term that RDF does not have: {shown(str(error))}") from error
    raise _failure(ending, text, outline, limits)


def _evaluate(data: bytes, outline: Outline, limits: Limits) -> _Ending:
    query = "\n".join(outline.lines).encode()
    job = wire.Job(
        text_size=len(query),
        data_size=len(data),
        union=not outline.graphs,
        ordered=outline.ordered,
        seconds=math.ceil(min(limits.seconds, 10**9)),
        memory_bytes=limits.memory_bytes,
        rows=limits.rows,
        output_bytes=limits.output_bytes,
    )
    worker = _start(job)
    late = threading.Event()

    def at_deadline() -> None:
        late.set()
        worker.kill()

    timer = threading.Timer(min(limits.seconds, threading.TIMEOUT_MAX), at_deadline)
    timer.daemon = True
    try:
        timer.start()
        output, errors = _talk(worker, query, data, limits.output_bytes + 1)
        return _Ending(worker.wait(), output, errors, late.is_set())
    except RuntimeError as error:
        raise SurroundingsError("S602", f"cannot watch the query worker: {error}") from error
    finally:
        timer.cancel()
        _end(worker)


def _start(job: wire.Job) -> Popen[bytes]:
    import subprocess

    import pyoxigraph

    engine = os.path.dirname(os.path.dirname(os.path.abspath(pyoxigraph.__file__)))
    # -I -S: neither the environment nor .pth files nor the present folder decide what is imported.
    command = [sys.executable, "-I", "-S", *(["-B"] if sys.dont_write_bytecode else [])]
    command += ["-c", _START, _PARENT_OF_PACKAGE, engine, *job.arguments()]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | _SET
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)
    except (OSError, ValueError) as error:
        raise SurroundingsError(
            "S602",
            f"cannot start Python ({shown(sys.executable or 'not found')}) to evaluate the query: {error}",
            hint="free some memory or processes, or reinstall Python, and try again",
        ) from error


def _talk(worker: Popen[bytes], query: bytes, data: bytes, most: int) -> tuple[bytes, bytes]:
    """Give the worker its input and return what it wrote.

    Its standard input stays open until it has ended: the worker takes its
    closing for the end of this process.
    """
    assert worker.stdin
    assert worker.stdout
    assert worker.stderr
    try:
        worker.stdin.write(query)
        worker.stdin.write(data)
        worker.stdin.flush()
    except OSError:
        pass  # the worker has ended; its status says why
    parts = []
    while most >= 0 and (part := worker.stdout.read(1 << 20)):
        parts.append(part)
        most -= len(part)
    if most < 0:
        worker.kill()  # it did not keep to its own limit
    return b"".join(parts), worker.stderr.read()


def _end(worker: Popen[bytes]) -> None:
    """Kill and reap the worker, whatever it does, and close its pipes."""
    worker.kill()
    worker.wait()
    for pipe in (worker.stdin, worker.stdout, worker.stderr):
        try:
            if pipe:
                pipe.close()
        except OSError:
            pass  # input that the worker did not take


def _result(outline: Outline, output: bytes) -> QueryResult:
    from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse, parse_query_results

    kind, body = output[:1], output[1:]
    if kind == wire.TRUTH:
        return QueryResult(outline.form, boolean=body == b"1")
    if kind == wire.GRAPH:
        quads = parse(body, RdfFormat.N_TRIPLES)
        return QueryResult(
            outline.form, triples=tuple([Triple(quad.subject, quad.predicate, quad.object) for quad in quads])
        )
    solutions = parse_query_results(body, QueryResultsFormat.TSV)
    assert isinstance(solutions, QuerySolutions)
    names = tuple([variable.value for variable in solutions.variables])
    return QueryResult(outline.form, variables=names, rows=tuple([tuple(solution) for solution in solutions]))


def _failure(ending: _Ending, text: str, outline: Outline, limits: Limits) -> VirtkgError:
    """Return the error that an exit status other than ANSWERED stands for."""
    status, said = ending.status, ending.output.decode(errors="replace")
    if status == wire.SYNTAX:
        line, _, message = said.partition(" ")
        return syntax_error(text, outline, int(line), message)
    if status == wire.FAILED:
        return QueryError("Q302", f"the query engine refuses to evaluate this: {shown(said)}")
    if status == wire.BAD_DATA:
        return RdfError("D601", f"the graph given to the query is not N-Quads: {shown(said)}")
    if status == wire.TOO_MANY_ROWS:
        what = "rows" if outline.form is QueryForm.SELECT else "triples"
        return LimitReached(
            "E501", f"the answer has more than {limits.rows:,} {what}", hint="add LIMIT to the query, or raise --limit"
        )
    if status == wire.TOO_MANY_BYTES:
        return LimitReached(
            "E501",
            f"the answer has more than {limits.output_bytes:,} bytes",
            hint="add LIMIT to the query, or select fewer variables",
        )
    if ending.late or status == -getattr(signal, "SIGXCPU", 0):
        return LimitReached(
            "E501",
            f"the query took longer than {limits.seconds:g} s",
            hint="join patterns by shared variables, use fewer paths and OPTIONALs, or raise --timeout",
        )
    return _broken(status, ending.errors, limits)


def _broken(status: int, errors: bytes, limits: Limits) -> VirtkgError:
    """Return the error for a worker that ended without a word."""
    # Rust ends by abort() when memory is refused; a SIGKILL that is not ours comes from a system short of memory.
    if status in (wire.NO_MEMORY, -signal.SIGABRT, -getattr(signal, "SIGKILL", 9)):
        return LimitReached(
            "E501",
            f"the query needed more than {limits.memory_bytes >> 20:,} MiB of memory",
            hint="join patterns by shared variables, and sort or count fewer rows",
        )
    if status < 0 or status == wire.STOPPED or status >= _WINDOWS_FAULT:
        name = next((known.name for known in signal.Signals if known == -status), f"status {status}")
        return LimitReached(
            "E501",
            f"the query engine broke on this query ({name})",
            hint="shorten the query: long chains and deep brackets are beyond the engine",
        )
    last = errors.decode(errors="replace").strip().rpartition("\n")[2]
    return SurroundingsError(
        "S602", f"the query worker failed: {shown(last) or f'status {status}'}", hint="reinstall virtkg with pip"
    )

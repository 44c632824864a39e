"""The program that `apart` starts: RDF on standard input, N-Quads on standard output.

Knows: pyoxigraph, and the limits it puts on itself.
Must not know: virtkg (it is started by its path, and imports nothing of it).

Arguments: the name of the syntax for pyoxigraph, the base IRI, the most bytes
to write, the most bytes of memory, the most seconds of processor time. Ends
with 0; or with 3 and a JSON list `[reason, line, column]` on standard error
for bad input; or with 5 when the output or the memory grows too large.
"""

from __future__ import annotations

import json
import sys
from typing import BinaryIO

import pyoxigraph

BAD_INPUT = 3
TOO_MUCH = 5


class _Output:
    """Standard output with a limit; pyoxigraph stops when a write fails."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file = file
        self._left = limit

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise MemoryError
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


def main(parser: str, base_iri: str, most_output: int, most_memory: int, most_seconds: int) -> int:
    """Parse, write, and return the exit code."""
    _limit(most_memory, most_seconds)
    output = _Output(sys.stdout.buffer, most_output)
    try:
        quads = pyoxigraph.parse(
            sys.stdin.buffer.read(), format=getattr(pyoxigraph.RdfFormat, parser), base_iri=base_iri
        )
        pyoxigraph.serialize(quads, output, format=pyoxigraph.RdfFormat.N_QUADS)  # type: ignore[arg-type]
        output.flush()
    except MemoryError:
        return TOO_MUCH
    except (SyntaxError, ValueError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
        json.dump([getattr(error, "msg", None) or str(error), line, column], sys.stderr)
        return BAD_INPUT
    return 0


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has none; there the parent's time limit remains.
        return
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        try:
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        except (ValueError, OSError):  # macOS refuses RLIMIT_AS.
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])))

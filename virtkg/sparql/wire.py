"""What passes between the process that asks and the process that evaluates.

Knows: the arguments of the worker, its exit statuses, and the form of an answer
on the pipe (W3C TSV results, N-Triples, or one digit).
Must not know: SPARQL, or how either process is run. Imports nothing costly,
since the worker starts anew for each query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

    Term = NamedNode | BlankNode | Literal | Triple

ANSWERED = 0
SYNTAX = 40
FAILED = 41
TOO_MANY_ROWS = 42
TOO_MANY_BYTES = 43
NO_MEMORY = 44
STOPPED = 45
BAD_DATA = 46

ROWS = b"R"
TRUTH = b"B"
GRAPH = b"G"
"""The first byte of an answer: TSV results follow, or `0` or `1`, or N-Triples."""


class Job:
    """What the worker is told besides query and data. Sizes are in bytes, `seconds` is whole and rounded up."""

    __slots__ = ("data_size", "memory_bytes", "ordered", "output_bytes", "rows", "seconds", "text_size", "union")

    def __init__(
        self,
        *,
        text_size: int,
        data_size: int,
        union: bool,
        ordered: bool,
        seconds: int,
        memory_bytes: int,
        rows: int,
        output_bytes: int,
    ) -> None:
        self.text_size = text_size
        self.data_size = data_size
        self.union = union
        self.ordered = ordered
        self.seconds = seconds
        self.memory_bytes = memory_bytes
        self.rows = rows
        self.output_bytes = output_bytes

    def arguments(self) -> list[str]:
        """Return the job as arguments of a command, in the order of the slots."""
        return [str(int(getattr(self, name))) for name in self.__slots__]

    @classmethod
    def of_arguments(cls, arguments: Sequence[str]) -> Job:
        """Return the job that `arguments` made. Raises ValueError if they are others."""
        values = dict(zip(cls.__slots__, map(int, arguments), strict=True))
        return cls(
            text_size=values["text_size"],
            data_size=values["data_size"],
            union=bool(values["union"]),
            ordered=bool(values["ordered"]),
            seconds=values["seconds"],
            memory_bytes=values["memory_bytes"],
            rows=values["rows"],
            output_bytes=values["output_bytes"],
        )


def cell(term: Term | None) -> str:
    """Return a term as TSV results write it (SPARQL 1.1 Results CSV and TSV, 4.1), unabbreviated; None is unbound."""
    if term is None:
        return ""
    text = str(term)
    # The engine prints a triple without the brackets that it has as a term.
    return f"<<( {text} )>>" if hasattr(term, "predicate") else text


def tsv(variables: Iterable[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return TSV results: variables without `?`, rows of cells."""
    lines = ["\t".join(["?" + name for name in variables])]
    lines += ["\t".join(row) for row in rows]
    return ("\n".join(lines) + "\n").encode()

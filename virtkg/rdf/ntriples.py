"""Large N-Triples and N-Quads files to columns of term ids, validated and fast.

Knows: how a file is cut into blocks, and that a block whose layout is plain
needs each of its distinct terms checked only once; any other block is tried
again in small pieces, and pyoxigraph decides on those that are not plain.
Must not know: what a term means, named sources, or blank nodes of other files.

It imports numpy, and is itself imported only when `virtkg reason` reads.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from virtkg.rdf.files import opened
from virtkg.rdf.nt_lines import RawStatements, raw_statements
from virtkg.rdf.nt_strict import line_count, statements
from virtkg.rdf.nt_terms import Spellings, doubtful, is_clean
from virtkg.rdf.table import BLANK, LITERAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import RawIOBase

    from virtkg.rdf.table import TermTable

Ids: TypeAlias = npt.NDArray[np.int32]

CHUNK: Final = 128 * 1024
"""Bytes that are read at a time: blocks of this size stay in the processor's cache."""

PIECE: Final = 4 * 1024
"""Bytes, and the rest of a line, that are read strictly where a block is not plain."""

_PROGRESS: Final = 4 * 1024 * 1024
_BOM: Final = b"\xef\xbb\xbf"
_NO_GRAPH: Final = -1


@dataclass(frozen=True, slots=True)
class Columns:
    """Statements as parallel int32 arrays of term ids, in the order of the text.

    `graphs` is None for N-Triples; for N-Quads -1 stands for the default graph.
    """

    subjects: Ids
    predicates: Ids
    objects: Ids
    graphs: Ids | None


def read_columns(
    path: str, terms: TermTable, quads: bool = False, progress: Callable[[int], None] | None = None
) -> Columns:
    """Return the statements of an N-Triples (or N-Quads) file of any size.

    Terms are added to `terms` in the spelling of pyoxigraph; blank nodes keep
    their labels. `progress` is told now and then how many bytes were read.
    `terms` must hold nothing but terms so spelled.

    Raises RdfError D301 (syntax, encoding) and D304 (RDF 1.2) for the first bad
    line, SurroundingsError S602 if the file is not readable. The terms before
    the bad line stay in `terms`.
    """
    reader = _Reader(path, terms, quads)
    done = told = 0
    with _no_garbage_collection():
        for block in _blocks(path):
            reader.read(block.removeprefix(_BOM) if done == 0 else block)
            done += len(block)
            if progress is not None and done - told >= _PROGRESS:
                progress(done)
                told = done
    if progress is not None:
        progress(done)
    return reader.columns()


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    # The terms are many and hold nothing that could be garbage.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _blocks(path: str) -> Iterator[bytes]:
    """Yield the bytes of a file in blocks of whole lines."""
    with opened(path) as file:
        yield from _whole_lines(file)


def _whole_lines(file: RawIOBase) -> Iterator[bytes]:
    pending: list[bytes] = []
    while data := file.read(CHUNK):
        # A CR at the very end may be the first half of CR LF.
        cut = (data.rfind(b"\n") + 1) or (data.rfind(b"\r", 0, -1) + 1)
        if cut:
            pending.append(data[:cut])
            yield b"".join(pending)
            data = data[cut:]
            pending.clear()
        pending.append(data)
    if last := b"".join(pending):
        yield last


class _Reader:
    """Adds up the statements of the blocks of one file."""

    def __init__(self, path: str, terms: TermTable, quads: bool) -> None:
        self._path = path
        self._terms = terms
        self._quads = quads
        self._line = 1
        self._spellings = Spellings()
        # Four columns, each of which grows where it stands.
        self._columns = [bytearray() for _ in range(4 if quads else 3)]

    def columns(self) -> Columns:
        """Return all statements that were read."""
        subjects, predicates, objects, *graphs = (np.frombuffer(column, np.int32) for column in self._columns)
        return Columns(subjects, predicates, objects, graphs[0] if graphs else None)

    def read(self, block: bytes) -> None:
        """Read whole lines; only the last one of the file may lack its end."""
        if block.endswith((b"\n", b"\r")):
            self._read(block)
        else:
            self._read(block + b"\n")

    def _read(self, block: bytes) -> None:
        if self._is_plain(block):
            return
        for piece in _pieces(block):
            if len(piece) == len(block) or not self._is_plain(piece):
                self._read_strictly(piece)

    def _is_plain(self, block: bytes) -> bool:
        """True if a block is legal beyond doubt, and was read; otherwise nothing of it was."""
        raw = raw_statements(block, self._quads) if is_clean(block) else None
        rows = None if raw is None else self._rows(raw)
        if rows is None:
            return False
        self._append(rows)
        self._line += block.count(b"\n")
        return True

    def _read_strictly(self, block: bytes) -> None:
        intern = self._terms.intern
        rows = [
            (intern(subject), intern(predicate), intern(value), _NO_GRAPH if graph is None else intern(graph))
            for subject, predicate, value, graph in statements(block, self._quads, self._path, self._line)
        ]
        self._append(np.array(rows, np.int32).reshape(-1, 4).T)
        self._line += line_count(block)

    def _append(self, rows: Ids) -> None:
        for column, ids in zip(self._columns, rows, strict=False):
            column.extend(ids.tobytes())

    def _rows(self, raw: RawStatements) -> Ids | None:
        """Return the ids of raw statements, one row for each column; None if one of them is perhaps not legal."""
        texts, given = raw.terms, len(raw.terms)
        if raw.graphs is not None:
            texts += [graph for graph in raw.graphs if graph is not None]
        ids = self._settled(texts)
        if ids is None:
            return None
        rows = ids[:given].reshape(-1, 3).T
        if self._quads:
            graphs = np.full(rows.shape[1], _NO_GRAPH, np.int32)
            if raw.graphs is not None:
                graphs[[graph is not None for graph in raw.graphs]] = ids[given:]
            rows = np.vstack((rows, graphs))
        return rows if self._in_place(rows, ids[given:]) else None

    def _settled(self, texts: list[bytes]) -> Ids | None:
        """Return the ids of raw terms; None, and nothing is new, if one of them is perhaps not legal."""
        table = self._terms
        try:
            ids = np.fromiter(table.draft(texts), np.int32, len(texts))
            new = table.drafted()
            doubted = doubtful(new)
            others = self._spellings.of(doubted) if doubted else {}
        except BaseException:
            table.withdraw()
            raise
        if others is None:
            table.withdraw()
            return None
        if not others:
            table.settle(new)
            return ids
        table.withdraw()
        first = len(table)
        final = np.array([table.intern(others.get(text, text)) for text in new], np.int32)
        drafted = ids >= first
        ids[drafted] = final[ids[drafted] - first]
        return ids

    def _in_place(self, rows: Ids, graphs: Ids) -> bool:
        """True if no subject and graph is a literal, and each predicate is an IRI."""
        marks = np.frombuffer(self._terms.marks, np.uint8)
        return not (
            (marks[rows[1]] & (LITERAL | BLANK)).any()
            or (marks[rows[0]] & LITERAL).any()
            or (marks[graphs] & LITERAL).any()
        )


def _pieces(block: bytes) -> Iterator[bytes]:
    """Yield a block in pieces of a few whole lines."""
    start = 0
    while start < len(block):
        end = (block.find(b"\n", start + PIECE) + 1) or len(block)
        yield block[start:end]
        start = end

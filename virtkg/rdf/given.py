"""RDF files of any syntax and size → their statements as columns of term ids, as they were written.

Knows: which syntaxes the fast reader takes, and that a blank node belongs to
one file. Must not know: rules, or what a term means.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from pyoxigraph import BlankNode, DefaultGraph

from virtkg.rdf.formats import name_for
from virtkg.rdf.lines_export import NO_GRAPH
from virtkg.rdf.ntriples import Columns, read_columns
from virtkg.rdf.read import read_as_written, refuse_reserved
from virtkg.rdf.table import BLANK, TermTable

Ids: TypeAlias = npt.NDArray[np.int64]

Reading: TypeAlias = Callable[[str, int, int], None]
"""Is told the file that is read, how many bytes of it have been, and how many it has."""

_LINES: Final = ("nt", "nq")


@dataclass(frozen=True, slots=True)
class Given:
    """Statements as parallel columns of ids; a graph is NO_GRAPH for the default graph.

    `prefixes` are those that the files declare; the first file that declares one is right.
    """

    table: TermTable
    subjects: Ids
    predicates: Ids
    objects: Ids
    graphs: Ids
    prefixes: dict[str, str]

    def __len__(self) -> int:
        return len(self.subjects)


def read_given(paths: Sequence[str], reading: Reading) -> Given:
    """Return the statements of some files, each file once.

    Blank nodes of N-Triples and N-Quads keep their labels, others are numbered
    as they appear; with more than one file the label begins with the file's
    number. Raises what `read_file` and `read_columns` raise.
    """
    table = TermTable()
    prefixes: dict[str, str] = {}
    files = list({os.path.realpath(path): path for path in reversed(paths)}.values())[::-1]
    parts = []
    for number, path in enumerate(files, 1):
        columns = _read(path, table, prefixes, reading)
        parts.append(_apart(columns, table, number) if len(files) > 1 else columns)
    subjects, predicates, objects, graphs = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Given(table, subjects, predicates, objects, graphs, prefixes)


def _read(path: str, table: TermTable, prefixes: dict[str, str], reading: Reading) -> list[Ids]:
    size = os.path.getsize(path) if os.path.isfile(path) else 0
    reading(path, 0, size)
    syntax = name_for(path)
    if syntax in _LINES:
        columns = _with_graphs(read_columns(path, table, syntax == "nq", lambda done: reading(path, done, size)))
        for graph in np.unique(columns[3]).tolist():
            if graph != NO_GRAPH:
                refuse_reserved(table.texts[graph][1:-1].decode(), path)
    else:
        columns = _interned(path, table, prefixes)
    reading(path, size, size)
    return columns


def _with_graphs(columns: Columns) -> list[Ids]:
    graphs = np.full(len(columns.subjects), NO_GRAPH) if columns.graphs is None else columns.graphs
    four = (columns.subjects, columns.predicates, columns.objects, graphs)
    return [column.astype(np.int64) for column in four]


def _interned(path: str, table: TermTable, prefixes: dict[str, str]) -> list[Ids]:
    quads, declared = read_as_written(path)
    for name, namespace in declared.items():
        prefixes.setdefault(name, namespace)
    # The parser gives nodes without a label one by chance.
    labels: dict[BlankNode, bytes] = {}

    def number(term: object) -> int:
        if isinstance(term, BlankNode):
            return table.intern(labels.setdefault(term, b"_:b%d" % (len(labels) + 1)))
        return NO_GRAPH if isinstance(term, DefaultGraph) else table.intern(str(term).encode())

    rows = [[number(term) for term in (q.subject, q.predicate, q.object, q.graph_name)] for q in quads]
    return list(np.array(rows, dtype=np.int64).reshape(-1, 4).T)


def _apart(columns: list[Ids], table: TermTable, number: int) -> list[Ids]:
    """Return the columns of a file with blank nodes of its own."""
    marks = np.frombuffer(bytes(table.marks), dtype=np.uint8)
    used = np.zeros(len(marks) + 1, dtype=np.bool_)  # the last place is that of NO_GRAPH
    for column in columns:
        used[column] = True
    renamed = np.arange(len(used))
    renamed[-1] = NO_GRAPH
    for old in np.flatnonzero(used[:-1] & ((marks & np.uint8(BLANK)) != 0)).tolist():
        renamed[old] = table.intern(b"_:f%d_%s" % (number, table.texts[old][2:]))
    return [renamed[column] for column in columns]

"""Columns of term ids → sorted N-Triples or N-Quads, millions of lines in a second or two.

The lines are sorted as numbers: the rank of each term among all spellings
decides, since no term goes on with a character as low as the blank after it.

Knows: numpy, and the layout of a line. Must not know: what a term means, or
where the bytes go.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Ids: TypeAlias = npt.NDArray[np.int64]
Row: TypeAlias = "tuple[Ids, Ids, Ids, Ids]"

NO_GRAPH: Final = -1
"""The id of the default graph."""

_BLOCK: Final = 1 << 16
_WIDEST: Final = 1 << 63


class SortedLines:
    """Statements in the order of their lines, each once."""

    def __init__(self, texts: Sequence[bytes], subjects: Ids, predicates: Ids, objects: Ids, graphs: Ids) -> None:
        """Take parallel columns of ids; `texts[id]` is a term in N-Triples."""
        self._texts = texts
        order = sorted(range(len(texts)), key=texts.__getitem__)
        self._order = np.array([NO_GRAPH, *order], dtype=np.int64)
        rank = np.empty(len(texts) + 1, dtype=np.int64)
        rank[self._order] = np.arange(len(texts) + 1)  # NO_GRAPH is the last place, and of the least rank
        self._columns = _in_order([rank[column] for column in (subjects, predicates, objects, graphs)])

    def __len__(self) -> int:
        return len(self._columns[0])

    def blocks(self) -> Iterator[Row]:
        """Yield the ids of some statements after the other: subjects, predicates, objects, graphs."""
        for start in range(0, len(self), _BLOCK):
            subjects, predicates, objects, graphs = (
                self._order[column[start : start + _BLOCK]] for column in self._columns
            )
            yield subjects, predicates, objects, graphs

    def lines(self) -> Iterator[bytes]:
        """Yield the lines, some thousands at a time."""
        if not len(self):
            return
        terms = np.array(self._texts, dtype=object)
        ends = np.full(len(terms) + 1, b" .\n", dtype=object)  # the last place is that of NO_GRAPH
        named = _distinct(self._columns[3])
        for graph in self._order[named[named > 0]].tolist():
            ends[graph] = b" " + terms[graph] + b" .\n"
        for subjects, predicates, objects, graphs in self.blocks():
            parts = np.full((len(subjects), 6), b" ", dtype=object)
            parts[:, 0], parts[:, 2], parts[:, 4] = terms[subjects], terms[predicates], terms[objects]
            parts[:, 5] = ends[graphs]
            yield b"".join(parts.ravel().tolist())


def _in_order(columns: list[Ids]) -> list[Ids]:
    """Return rows sorted by their columns, the first one first, each row once."""
    if not len(columns[0]):
        return columns
    # Numbers that are dense for each column make keys that fit into one integer, which sorts ten times as fast.
    used = [_distinct(column) for column in columns]
    if prod(map(len, used)) >= _WIDEST:
        return _by_columns(columns)
    keys = np.zeros(len(columns[0]), dtype=np.int64)
    for column, values in zip(columns, used, strict=True):
        places = np.empty(int(values[-1]) + 1, dtype=np.int64)
        places[values] = np.arange(len(values))
        keys *= len(values)
        keys += places[column]
    keys.sort()
    keys = keys[np.concatenate(([True], keys[1:] != keys[:-1]))]
    found = []
    for values in reversed(used):
        keys, places = np.divmod(keys, len(values))
        found.append(values[places])
    return found[::-1]


def _distinct(column: Ids) -> Ids:
    marks = np.zeros(int(column.max()) + 1, dtype=np.bool_)
    marks[column] = True
    return np.flatnonzero(marks)


def _by_columns(columns: list[Ids]) -> list[Ids]:
    order = np.lexsort(columns[::-1])
    columns = [column[order] for column in columns]
    news = np.zeros(len(order), dtype=np.bool_)
    news[0] = True
    for column in columns:
        news[1:] |= column[1:] != column[:-1]
    return [column[news] for column in columns]

"""The expressions of FILTER and SET, for many rows at a time.

pyoxigraph computes them: rows go in as VALUES, and the numbers of rows and
the values come back. What it was asked for the same terms before is
remembered.

Knows: how rows become a query, and what is computed without one. Must not know: rules, or facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import pyoxigraph as ox
from pyoxigraph import BlankNode, NamedNode, Quad

from virtkg.reason.literals import differ, value_of
from virtkg.reason.plan import Condition
from virtkg.reason.terms import NONE, Terms
from virtkg.rules.specialise import DIFFERS

_CHUNK: Final = 4000


class Conditions:
    """Computes expressions over the terms of one table."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._held: dict[Condition, dict[tuple[int, ...], bool]] = {}
        self._made: dict[Condition, dict[tuple[int, ...], int]] = {}

    def hold(self, condition: Condition, rows: Sequence[Sequence[int]]) -> list[bool]:
        """Tell for each row whether the effective boolean value is true; an error is false."""
        asked = [tuple(row[slot] for _, slot in condition.variables) for row in rows]
        if condition.is_fresh():
            found = {number for number, _ in self._solutions(condition, asked, f"FILTER({condition.text})", "")}
            return [number in found for number in range(len(asked))]
        known = self._held.setdefault(condition, {})
        new = list(dict.fromkeys(values for values in asked if values not in known))
        if condition.text.startswith(str(DIFFERS)):
            known.update(zip(new, self._differ(new), strict=True))
        else:
            found = {number for number, _ in self._solutions(condition, new, f"FILTER({condition.text})", "")}
            known.update((values, number in found) for number, values in enumerate(new))
        return [known[values] for values in asked]

    def _differ(self, rows: Sequence[tuple[int, ...]]) -> list[bool]:
        """Tell for each two terms whether they are literals of different values; SPARQL says it of other datatypes."""
        texts = self._terms.table.texts
        known = [differ(texts[row[0]], texts[row[-1]]) for row in rows]
        unknown = [row for row, found in zip(rows, known, strict=True) if found is None]
        both = Condition("?one != ?other", (("one", 0), ("other", 1)), "")
        found = {unknown[number] for number, _ in self._solutions(both, unknown, f"FILTER({both.text})", "")}
        return [row in found if held is None else held for row, held in zip(rows, known, strict=True)]

    def values(self, condition: Condition, rows: Sequence[Sequence[int]]) -> list[int]:
        """Return the value of the expression for each row; NONE where there is an error."""
        asked = [tuple(row[slot] for _, slot in condition.variables) for row in rows]
        bind = f"BIND({condition.text} AS ?made) FILTER(BOUND(?made))"
        if condition.is_fresh():
            fresh = dict(self._solutions(condition, asked, bind, "?made"))
            return [fresh.get(number, NONE) for number in range(len(asked))]
        known = self._made.setdefault(condition, {})
        new = list(dict.fromkeys(values for values in asked if values not in known))
        found = dict(self._solutions(condition, new, bind, "?made"))
        known.update((values, self._as_given(found.get(number, NONE), values)) for number, values in enumerate(new))
        return [known[values] for values in asked]

    def _as_given(self, made: int, values: tuple[int, ...]) -> int:
        """Return the value in the form of an argument that has it: pyoxigraph writes "007" as "7"."""
        if made == NONE or made in values:
            return made
        texts = self._terms.table.texts
        value = value_of(texts[made])
        if value is None:
            return made
        same = (n for n in values if value_of(texts[n]) == value and _datatype(texts[n]) == _datatype(texts[made]))
        return next(same, made)

    def _solutions(
        self, condition: Condition, rows: Sequence[tuple[int, ...]], test: str, made: str
    ) -> Iterator[tuple[int, int]]:
        names = [name for name, _ in condition.variables]
        base = f"BASE <{condition.base}> " if condition.base else ""
        for start in range(0, len(rows), _CHUNK):
            chunk = [[self._terms.term(number) for number in row] for row in rows[start : start + _CHUNK]]
            plain = [n for n, row in enumerate(chunk) if not any(isinstance(term, BlankNode) for term in row)]
            found = list(_by_values(base, names, [(n, chunk[n]) for n in plain], test, made))
            if len(plain) < len(chunk):
                other = [(n, row) for n, row in enumerate(chunk) if n not in set(plain)]
                found += _by_store(base, names, other, test, made)
            for number, value in found:
                yield start + number, NONE if value is None else self._terms.number(value)


def _datatype(text: bytes) -> bytes:
    return text.rpartition(b"^^")[2]


def _by_values(
    base: str, names: list[str], rows: list[tuple[int, list[Any]]], test: str, made: str
) -> Iterator[tuple[int, Any]]:
    if not rows:
        return
    columns = " ".join(f"?{name}" for name in ("row", *names))
    data = " ".join(f"({number} {' '.join(map(str, row))})" for number, row in rows)
    query = f"{base}SELECT ?row {made} WHERE {{ VALUES ({columns}) {{ {data} }} {test} }}"
    for solution in _query(ox.Store(), query):
        yield int(solution["row"].value), solution["made"] if made else None


def _by_store(
    base: str, names: list[str], rows: Iterable[tuple[int, list[Any]]], test: str, made: str
) -> Iterator[tuple[int, Any]]:
    """Ask of rows with blank nodes, which no query text can name."""
    store = ox.Store()
    for number, row in rows:
        store.add(Quad(NamedNode(f"row:{number}"), NamedNode("row:is"), NamedNode("row:row")))
        for name, term in zip(names, row, strict=True):
            store.add(Quad(NamedNode(f"row:{number}"), NamedNode(f"row:{name}"), term))
    patterns = " ".join(f"?row <row:{name}> ?{name} ." for name in names)
    query = f"{base}SELECT ?row {made} WHERE {{ ?row <row:is> <row:row> . {patterns} {test} }}"
    for solution in _query(store, query):
        yield int(solution["row"].value[len("row:") :]), solution["made"] if made else None


def _query(store: ox.Store, query: str) -> ox.QuerySolutions:
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions

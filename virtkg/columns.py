"""Queries over a snapshot: the columns that a query names, in a query engine.

Only what the query's patterns can match is put into the engine, so that a
question costs what it touches and not what the graph holds.

Knows: pyoxigraph as the engine of virtkg's own queries.
Must not know: questions. Never gets a query text that a user wrote.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode, Quad, Variable

from virtkg.language.algebra import Pattern, Select, patterns, write
from virtkg.namespaces import DISPUTED_GRAPH
from virtkg.snapshot.reader import Snapshot
from virtkg.snapshot.terms import GroundTerm


def run(query: Select, snapshot: Snapshot) -> list[tuple[GroundTerm, ...]]:
    """Return the rows of a query, each with the terms of `query.variables` in order."""
    store = ox.Store()
    store.extend(_matching(query, snapshot))
    solutions = store.query(write(query))
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple(solution[name] for name in query.variables) for solution in solutions]


def _matching(query: Select, snapshot: Snapshot) -> Iterator[Quad]:
    """Yield the facts that a query's patterns can match: merged in the default graph, disputed ones apart too."""
    seen: set[tuple[NamedNode, GroundTerm | None]] = set()
    disputed, default = NamedNode(DISPUTED_GRAPH), DefaultGraph()
    disputed_number = snapshot.number(disputed)
    for pattern in patterns(query):
        property_ = pattern.predicate
        assert isinstance(property_, NamedNode), "a question names its properties"
        wanted = property_, _fixed_object(pattern)
        if wanted in seen or (property_, None) in seen:
            continue
        seen.add(wanted)
        for subject, object_, graph in _facts(property_, pattern, snapshot):
            fact = snapshot.term(subject), property_, snapshot.term(object_)
            yield Quad(*fact, default)  # type: ignore[arg-type]
            if graph == disputed_number:
                yield Quad(*fact, disputed)  # type: ignore[arg-type]


def _fixed_object(pattern: Pattern) -> GroundTerm | None:
    # A path leads to its end over facts with other objects.
    return None if isinstance(pattern.object, Variable) or pattern.steps else pattern.object


def _facts(property_: NamedNode, pattern: Pattern, snapshot: Snapshot) -> Iterator[tuple[int, int, int]]:
    predicate = snapshot.number(property_)
    if predicate is None:
        return
    fixed = _fixed_object(pattern)
    if fixed is None:
        yield from snapshot.column(predicate)
    elif (number := snapshot.number(fixed)) is not None:
        for subject, graph in snapshot.subjects(predicate, number):
            yield subject, number, graph

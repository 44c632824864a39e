"""Two engines that run the query of a question: pyoxigraph, as virtkg does, and rdflib.

Each gives what is in the rows as `naive.Found` has it, by the numbers of a snapshot.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import pyparsing
from any_question import Asked
from naive import Found
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store
from rdflib import Dataset, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.plugins.sparql.parser import QueryUnit
from rdflib.term import Identifier

from virtkg.columns import run
from virtkg.language.algebra import Select, Totals, write
from virtkg.language.resolved import ResolvedCount, ResolvedHow, ResolvedValue
from virtkg.language.translate import TRUTH, translate
from virtkg.language.translate_count import translate_count
from virtkg.language.translate_value import translate_how, translate_value
from virtkg.namespaces import DISPUTED_GRAPH
from virtkg.snapshot.reader import Snapshot
from virtkg.snapshot.terms import GroundTerm


def query_of(meant: Asked) -> Select | Totals:
    """Return the query of a question."""
    match meant:
        case ResolvedCount():
            return translate_count(meant)
        case ResolvedValue():
            return translate_value(meant)
        case ResolvedHow():
            return translate_how(meant)
        case _:
            return translate(meant)


class Oxigraph:
    """Runs a list as virtkg does, over the columns that it names; a count, which virtkg only prints, over all facts."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._store = Store()
        default, disputed = DefaultGraph(), NamedNode(DISPUTED_GRAPH)
        for fact, in_dispute in _facts(snapshot):
            for graph in (default, disputed) if in_dispute else (default,):
                self._store.add(Quad(*map(snapshot.term, fact), graph))  # type: ignore[arg-type, call-arg]

    def answer(self, query: Select | Totals) -> Found:
        """Return what is in the rows of a query."""
        if isinstance(query, Select):
            return _found(query, ((self._number(row[0]), _numbers(query, row)) for row in run(query, self._snapshot)))
        rows = self._store.query(write(query))
        assert isinstance(rows, QuerySolutions)
        told = [[row[name] for name in _names(query)] for row in rows]
        return _found(query, ((self._number(row[0]) if query.key else None, _numbers(query, row)) for row in told))

    def _number(self, term: GroundTerm | None) -> int | None:
        return None if term is None else self._snapshot.number(term)


class Rdflib:
    """Holds a graph as an endpoint does: all facts in the default graph, the disputed ones in their own too."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._dataset = Dataset()
        self._numbers: dict[Identifier, int] = {}
        disputed = self._dataset.graph(URIRef(DISPUTED_GRAPH))
        for fact, in_dispute in _facts(snapshot):
            terms = tuple(_rdflib(snapshot.term(number)) for number in fact)
            self._numbers.update(zip(terms, fact, strict=True))
            for graph in (self._dataset, disputed) if in_dispute else (self._dataset,):
                graph.add(terms)  # type: ignore[arg-type]

    def answer(self, query: Select | Totals) -> Found:
        """Return what is in the rows of a query."""
        keyed = isinstance(query, Select) or query.key
        rows = [tuple(row) for row in self._dataset.query(write(query))]  # type: ignore[arg-type]
        return _found(query, ((self._number(row[0]) if keyed else None, _numbers(query, row)) for row in rows))

    def _number(self, term: Identifier | None) -> int | None:
        return None if term is None else self._numbers[term]


@contextmanager
def quick_parsing() -> Iterator[None]:
    """Let rdflib parse deep queries, and twice as fast.

    Its parser calls itself some hundred times for each bracket in a bracket. Before each of the many
    things that could stand at a place it looks for a comment, which is most of its time; virtkg
    writes none, and one would then be an error of syntax.
    """
    before, elements = sys.getrecursionlimit(), list(_elements(QueryUnit, set()))
    ignored = [element.ignoreExprs for element in elements]
    sys.setrecursionlimit(20_000)
    for element in elements:
        element.ignoreExprs = []
    try:
        yield
    finally:
        for element, expressions in zip(elements, ignored, strict=True):
            element.ignoreExprs = expressions
        sys.setrecursionlimit(before)


def _elements(element: pyparsing.ParserElement, seen: set[int]) -> Iterator[pyparsing.ParserElement]:
    if id(element) not in seen:
        seen.add(id(element))
        yield element
        for part in element.recurse():
            yield from _elements(part, seen)


def _facts(snapshot: Snapshot) -> Iterator[tuple[tuple[int, int, int], bool]]:
    """Yield each fact, and whether it is in the graph of what is disputed."""
    disputed = snapshot.iri_number(DISPUTED_GRAPH)
    for predicate in snapshot.predicates():
        for subject, object_, graph in snapshot.column(predicate):
            yield (subject, predicate, object_), graph == disputed


def _names(query: Select | Totals) -> list[str]:
    if isinstance(query, Select):
        return list(query.variables)
    return [*([query.key] if query.key else []), *(name for name, _ in query.tests)]


def _numbers(query: Select | Totals, row: Sequence[object]) -> tuple[int, ...]:
    """Return the verdict in a row of things, the sums in one of a count."""
    if isinstance(query, Select):
        return (_whole(row[-1]),) if query.variables[-1] == TRUTH else ()
    return tuple(map(_whole, row[1:] if query.key else row))


def _whole(term: object) -> int:
    return int(term.value if isinstance(term, Literal) else str(term))


def _found(query: Select | Totals, rows: Iterable[tuple[int | None, tuple[int, ...]]]) -> Found:
    found: Found = {}
    for key, numbers in rows:
        assert key not in found, "a thing or a group has two rows"
        assert key is not None or isinstance(query, Totals), "a row is of something that the graph does not have"
        found[key] = numbers
    return found


def _rdflib(term: GroundTerm) -> Identifier:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    # Left as written: a value that rdflib wrote anew would be another term than that of the graph.
    datatype = None if term.language else term.datatype.value
    return RdflibLiteral(term.value, lang=term.language, datatype=datatype, normalize=False)

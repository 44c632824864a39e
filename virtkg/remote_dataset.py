"""An endpoint → the same endpoint with the dataset that questions need, or why it cannot be asked.

Questions need all facts in the default graph, what follows in a graph of its
own and what is disputed in another. Engines differ in what their default graph
is, and a missing graph would turn what is disputed into a yes.

Knows: the graphs of an export. Must not know: questions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from virtkg.diagnostics import SurroundingsError
from virtkg.namespaces import DISPUTED_GRAPH, INFERRED_GRAPH, VKG
from virtkg.record import replace

if TYPE_CHECKING:
    from virtkg.sparql.endpoint import Endpoint

_MOST: Final = 2_000
"""Graphs that a query can name."""

_INFERRED: Final = f"ASK {{ GRAPH <{INFERRED_GRAPH}> {{ ?s ?p ?o }} }}"
_MARKED: Final = f"ASK {{ GRAPH <{DISPUTED_GRAPH}> {{ ?s ?p ?o }} }}"
_DISPUTES: Final = f"ASK {{ GRAPH ?g {{ ?s a <{VKG}Dispute> }} }}"
_APART: Final = f"ASK {{ GRAPH <{INFERRED_GRAPH}> {{ ?s ?p ?o }} FILTER( !( EXISTS {{ ?s ?p ?o }} ) ) }}"
_GRAPHS: Final = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {_MOST + 1}"


def dataset(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint of whose queries the default graph is the union of all graphs.

    Raises SurroundingsError S614 if it has no inferred facts, or disputes but
    no disputed facts, or more graphs than a query can name; and what its
    queries raise.
    """
    if not endpoint.query(_INFERRED).boolean:
        raise _lacks(endpoint, INFERRED_GRAPH, "what follows from the facts")
    if not endpoint.query(_MARKED).boolean and endpoint.query(_DISPUTES).boolean:
        raise _lacks(endpoint, DISPUTED_GRAPH, "what is disputed")
    if not endpoint.query(_APART).boolean:
        return endpoint
    graphs = [str(getattr(row[0], "value", "")) for row in endpoint.query(_GRAPHS).rows]
    if len(graphs) > _MOST:
        said = f"the default graph of the endpoint {endpoint.url} is not the union of its more than {_MOST:,} graphs"
        raise SurroundingsError(
            "S614", said, hint="set its default graph to the union, for Oxigraph with --union-default-graph"
        )
    return replace(endpoint, default_graphs=tuple(graphs), named_graphs=tuple(graphs))


def _lacks(endpoint: Endpoint, graph: str, what: str) -> SurroundingsError:
    said = f"the endpoint {endpoint.url} has no graph <{graph}>, so that it cannot tell {what}"
    return SurroundingsError("S614", said, hint="load into it: virtkg export --graph everything --format nq")

"""The packaged graph, built once for all tests, in a cache folder of its own. Nobody may change it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial

import golden
import pytest
from pyoxigraph import Quad, Triple

from virtkg.build import build
from virtkg.graph import KnowledgeGraph, load
from virtkg.inputs import Inputs, key, rule_files
from virtkg.namespaces import DISPUTED_GRAPH, INFERRED_GRAPH
from virtkg.rules.parse import read_rules
from virtkg.rules.syntax import Rule
from virtkg.snapshot.cache import cache_folder, open_or_build
from virtkg.snapshot.reader import Snapshot


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the golden files anew")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the user's cache."""
    before = os.environ.get("VIRTKG_CACHE")
    os.environ["VIRTKG_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["VIRTKG_CACHE"]
    else:
        os.environ["VIRTKG_CACHE"] = before


@pytest.fixture(scope="session")
def snapshot(own_cache: None) -> Snapshot:
    inputs = Inputs()
    name = key(inputs)
    return open_or_build(name, lambda: build(inputs, name), folder=cache_folder())


@pytest.fixture(scope="session")
def kg(snapshot: Snapshot) -> KnowledgeGraph:
    """The graph as users have it; the snapshot is in the cache already."""
    return load()


@pytest.fixture(scope="session")
def quads(snapshot: Snapshot) -> frozenset[Quad]:
    """Every quad of the packaged graph, those of the inferred and the disputed graph too."""
    found = set()
    for predicate in snapshot.predicates():
        for subject, object_, graph in snapshot.column(predicate):
            terms = (snapshot.term(term) for term in (subject, predicate, object_, graph))
            found.add(Quad(*terms))  # type: ignore[arg-type]
    return frozenset(found)


def _in_graph(quads: frozenset[Quad], graphs: tuple[str, ...], wanted: bool) -> frozenset[Triple]:
    return frozenset(
        Triple(quad.subject, quad.predicate, quad.object)
        for quad in quads
        if (getattr(quad.graph_name, "value", "") in graphs) == wanted
    )


@pytest.fixture(scope="session")
def stated(quads: frozenset[Quad]) -> frozenset[Triple]:
    """The facts of all sources and of the vocabulary."""
    return _in_graph(quads, (INFERRED_GRAPH, DISPUTED_GRAPH), wanted=False)


@pytest.fixture(scope="session")
def inferred(quads: frozenset[Quad]) -> frozenset[Triple]:
    return _in_graph(quads, (INFERRED_GRAPH,), wanted=True)


@pytest.fixture(scope="session")
def disputed(quads: frozenset[Quad]) -> frozenset[Triple]:
    return _in_graph(quads, (DISPUTED_GRAPH,), wanted=True)


@pytest.fixture(scope="session")
def rules() -> tuple[Rule, ...]:
    """All packaged rules."""
    return tuple(rule for path in rule_files() for rule in read_rules(path))


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with the golden file of a name."""
    return partial(golden.compare, accept=bool(request.config.getoption("--accept")))

"""The printed query gives the rows of `ask` in other engines, over the exported graph."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
import services
from pyoxigraph import QuerySolutions, RdfFormat, Store
from test_questions import CORPUS, names

import virtkg
from virtkg.columns import run
from virtkg.graph import EVERYTHING, KnowledgeGraph
from virtkg.language.algebra import Select, write
from virtkg.language.resolved import (
    ResolvedAsk,
    ResolvedCount,
    ResolvedExtreme,
    ResolvedHow,
    ResolvedList,
    ResolvedValue,
)
from virtkg.language.translate import translate
from virtkg.language.translate_count import translate_count
from virtkg.language.translate_value import translate_how, translate_value

Rows: TypeAlias = "list[tuple[str, ...]]"
Engine: TypeAlias = "Callable[[str], Rows]"

MORE = [
    "vendors of suites with at least 160 vCPUs",
    "vendors of suites that do not have at least 160 vCPUs",
    "vendors of hypervisors of suites that are still supported",
    "suites released since 2020 with page sharing",
    "suites losing support in 2027",
    "is vSphere 7.0 still supported",
    "latest release of vSphere",
]


def lexical(term: object) -> str:
    """Return the text of a term of pyoxigraph, "" of what is not bound."""
    return "" if term is None else term.value  # type: ignore[attr-defined]


def query_of(kg: KnowledgeGraph, question: str) -> Select | None:
    match meant := kg.asker.reader.understand(question):
        case ResolvedList() | ResolvedAsk():
            return translate(meant)
        case ResolvedHow():
            return translate_how(meant)
        case ResolvedValue():
            return translate_value(meant)
        case ResolvedExtreme(noun):
            return translate(ResolvedList(noun, or_unknown=False))
        case _:
            return None


@pytest.fixture(scope="module")
def export(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("export") / "all.nq"
    file.write_bytes(kg.export("nq", EVERYTHING))
    return file


@pytest.fixture(scope="module")
def pyoxigraph_engine(export: Path) -> Engine:
    store = Store()
    store.load(path=export, format=RdfFormat.N_QUADS)

    def rows(text: str) -> Rows:
        found = store.query(text, use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        return [tuple(map(lexical, row)) for row in found]

    return rows


@pytest.fixture(scope="module")
def rdflib_engine(export: Path) -> Engine:
    from rdflib import Dataset

    dataset = Dataset(default_union=True)
    dataset.parse(export, format="nquads")
    return lambda text: [tuple("" if term is None else str(term) for term in row) for row in dataset.query(text)]  # type: ignore[union-attr]


def by_endpoint(url: str) -> Engine:
    endpoint = virtkg.Endpoint(url)
    return lambda text: [tuple(map(lexical, row)) for row in endpoint.query(text).rows]


@pytest.fixture(scope="module")
def oxigraph_engine(export: Path) -> Iterator[Engine]:
    if services.oxigraph_binary() is None:
        pytest.skip("the oxigraph server is not installed: pip install oxigraph")
    with services.oxigraph(export, export.parent / "oxigraph", "--union-default-graph") as url:
        yield by_endpoint(url)


@pytest.fixture(scope="module")
def virtuoso_engine(export: Path) -> Iterator[Engine]:
    if shutil.which("virtuoso-t") is None or shutil.which("isql-vt") is None:
        pytest.skip("Virtuoso is not installed: apt-get install virtuoso-opensource-7")
    with services.virtuoso(export, export.parent / "virtuoso") as url:
        yield by_endpoint(url)


@pytest.mark.parametrize("name", ["pyoxigraph", "rdflib", "oxigraph", "virtuoso"])
def test_every_question_has_the_same_rows(name: str, kg: KnowledgeGraph, request: pytest.FixtureRequest) -> None:
    engine: Engine = request.getfixturevalue(f"{name}_engine")
    compared = 0
    for question in (*CORPUS, *MORE):
        query = query_of(kg, question)
        if query is not None:
            ours = sorted(tuple(term.value for term in row) for row in run(query, kg.snapshot))
            assert sorted(engine(write(query))) == ours, question
            compared += 1
    assert compared > 60


@pytest.mark.parametrize("name", ["rdflib", "oxigraph", "virtuoso"])
def test_every_count_has_the_same_numbers(
    name: str, kg: KnowledgeGraph, pyoxigraph_engine: Engine, request: pytest.FixtureRequest
) -> None:
    engine: Engine = request.getfixturevalue(f"{name}_engine")
    compared = 0
    for question in CORPUS:
        meant = kg.asker.reader.understand(question)
        if isinstance(meant, ResolvedCount):
            text = write(translate_count(meant))
            assert sorted(engine(text)) == sorted(pyoxigraph_engine(text)), question
            compared += 1
    assert compared > 10


@pytest.mark.parametrize(
    "question", ["max vCPUs per VM of Hyper-V 2016 for generation 2", "max vCPUs per VM of Hyper-V 2016"]
)
def test_the_query_of_a_value_gives_those_of_the_answer(
    question: str, kg: KnowledgeGraph, pyoxigraph_engine: Engine
) -> None:
    (row,) = kg.ask(question).rows
    answered = {value.value for field in row.fields for value in field.values}
    assert answered and {value for (value,) in pyoxigraph_engine(kg.ask(question).sparql)} == answered


@pytest.mark.parametrize("question", [*CORPUS, *MORE], ids=names)
def test_exists_stands_only_in_filters(question: str, kg: KnowledgeGraph) -> None:
    """Virtuoso refuses EXISTS anywhere else."""
    query = query_of(kg, question)
    for line in write(query).splitlines() if query is not None else ():
        assert "EXISTS" not in line or (line.lstrip().startswith("OPTIONAL") and "IF(" not in line), line

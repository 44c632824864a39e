"""Every statement of the course unit that virtkg began with stands in the graph of its source."""

from __future__ import annotations

import csv
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple
from shared import SHARED

from virtkg.namespaces import PREFIXES, SRC

HERE = Path(__file__).parent
COVERAGE = HERE / "seed_coverage.tsv"
SEED = NamedNode(SRC + "cmu-virtualization-suites")
IDS = [f"seed-{number:03}" for number in range(1, 160)]
HEAD = "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())


def read(path: Path) -> list[tuple[str, Triple]]:
    """The rows of a coverage file: an id, and a triple in Turtle's terms."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows and rows[0] == ["id", "subject", "predicate", "object"], f"{path.name} has another head"
    found = []
    for number, row in enumerate(rows[1:], start=2):
        assert len(row) == 4, f"{path.name}:{number}: {len(row)} columns"
        (quad,) = ox.parse(HEAD + " ".join(row[1:]) + " .", format=RdfFormat.TURTLE)
        found.append((row[0], quad.triple))
    return found


def faults(rows: list[tuple[str, Triple]], quads: frozenset[Quad]) -> list[str]:
    """Say which rows do not stand in the graph, and which ids have no row or a strange one."""
    stated = {quad.triple for quad in quads if quad.graph_name == SEED}
    found = [f"{id_}: {triple} is not stated" for id_, triple in rows if triple not in stated]
    ids = {id_ for id_, _ in rows}
    found += [f"{id_} has no row" for id_ in IDS if id_ not in ids]
    return found + [f"{id_} is no statement" for id_ in sorted(ids - set(IDS))]


def test_every_statement_stands_in_its_graph(quads: frozenset[Quad]) -> None:
    rows = read(COVERAGE)
    assert len(rows) >= len(IDS) == 159
    assert faults(rows, quads) == []


def test_a_missing_statement_is_noticed(quads: frozenset[Quad]) -> None:
    rows = [(id_, triple) for id_, triple in read(COVERAGE) if id_ != "seed-007"]
    (other,) = ox.parse("<u:a> <u:b> <u:c> .", format=RdfFormat.TURTLE)
    found = faults([*rows, ("seed-001", other.triple), ("seed-160", rows[0][1])], quads)
    assert found == [f"seed-001: {other.triple} is not stated", "seed-007 has no row", "seed-160 is no statement"]


def test_what_another_source_states_does_not_count(quads: frozenset[Quad]) -> None:
    elsewhere = frozenset(quad for quad in quads if quad.graph_name != SEED)
    assert len(faults(read(COVERAGE), elsewhere)) == len(read(COVERAGE))


def test_ids_are_those_of_the_source_list() -> None:
    """The list of statements is no part of the repository: it lies beside it, or where VIRTKG_SHARED says."""
    folder = SHARED
    if not folder.is_dir():
        pytest.skip(f"the folder {folder.name} with the list of statements is not here")
    with (folder / "facts" / "seed_statements.tsv").open(encoding="utf-8", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    assert ids and len(ids) == len(set(ids))
    assert sorted(ids) == sorted({id_ for id_, _ in read(COVERAGE)})

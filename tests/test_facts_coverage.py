"""Every row of the collected facts is stated in the graph of its source, or left out for a reason that is written down.

The collection is no part of the repository: it lies beside it, or where VIRTKG_SHARED says. What each row became
stands in facts_coverage.tsv; `python tests/test_facts_coverage.py` prints the report.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat
from shared import SHARED

from virtkg.inputs import fact_files
from virtkg.namespaces import PREFIXES, SRC

ONTOLOGY: Final = Path(__file__).parent.parent / "ontology"
COVERAGE: Final = Path(__file__).parent / "facts_coverage.tsv"
TABLES: Final = (
    "cpuid",
    "clouds",
    "clouds_current",
    "config_signals",
    "hardware",
    "identifiers",
    "modes",
    "releases",
    "sources_current",
    "sources_modes",
    "sources_suites",
    "spectrum",
    "suite_releases",
    "suite_releases_current",
    "suites",
    "suites_current",
    "vendors",
)
HEAD: Final = "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())
LEFT_OUT: Final = "-: "


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: what became of it is `outcome`."""

    table: str
    line: int
    digest: str
    outcome: str


def rows(text: str) -> list[Row]:
    found = []
    for line in text.splitlines():
        if not line.startswith("#"):
            table, number, digest, outcome = line.split("\t")
            found.append(Row(table, int(number), digest, outcome))
    return found


def facts(row: Row) -> list[tuple[str, str]]:
    """Return the (source, triple in Turtle) pairs of a row that is stated; a source's own row has no triple."""
    if row.outcome.startswith(LEFT_OUT):
        return []
    if row.outcome.startswith("source "):
        return [(row.outcome.removeprefix("source "), "")]
    return [(slug, triple) for part in row.outcome.split(" ; ") for slug, _, triple in [part.partition(" ")]]


def not_stated(covered: Iterable[Row], quads: frozenset[Quad] | set[Quad]) -> list[str]:
    """Say which rows claim a fact that does not stand in the graph of the source."""
    claims = [(row, slug, triple) for row in covered for slug, triple in facts(row)]
    blocks = [f"<{SRC}{slug}> {{ {triple} . }}" for _, slug, triple in claims if triple]
    parsed = iter(ox.parse(HEAD + "\n".join(blocks), format=RdfFormat.TRIG))
    graphs = {quad.graph_name for quad in quads}
    found = []
    for row, slug, triple in claims:
        stands = next(parsed) in quads if triple else NamedNode(SRC + slug) in graphs
        found += [] if stands else [f"{row.table}:{row.line}: {slug} does not state {triple or 'anything'}"]
    return found


def not_covered(covered: Iterable[Row], tables: Mapping[str, str]) -> list[str]:
    """Say which lines of the tables have no row, or changed since, and which rows are of no line."""
    lines = {
        (table, number): hashlib.sha256(line.encode()).hexdigest()[:8]
        for table, text in tables.items()
        for number, line in enumerate(text.split("\n")[1:], 2)
        if line
    }
    known = Counter((row.table, row.line) for row in covered)
    found = [f"{table}:{line} is not covered" for table, line in lines if not known[table, line]]
    for row in covered:
        place = f"{row.table}:{row.line}"
        if (row.table, row.line) not in lines:
            found.append(f"{place} is no line")
        elif lines[row.table, row.line] != row.digest:
            found.append(f"{place} has changed")
    return found + [f"{table}:{line} is covered {count} times" for (table, line), count in known.items() if count > 1]


def report(covered: Iterable[Row]) -> str:
    """Return how many rows of each table are stated, and why the others are not, as Markdown."""
    stated: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {}
    for row in covered:
        if row.outcome.startswith(LEFT_OUT):
            reasons.setdefault(row.table, Counter())[row.outcome.removeprefix(LEFT_OUT)] += 1
        else:
            stated[row.table] += 1
    lines = ["| table | stated | left out | why |", "| --- | --- | --- | --- |"]
    for table in sorted({*stated, *reasons}):
        why = reasons.get(table, Counter())
        said = "; ".join(
            f"{text} ({count})" for text, count in sorted(why.items(), key=lambda pair: (-pair[1], pair[0]))
        )
        lines.append(f"| {table} | {stated[table]} | {why.total()} | {said} |")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def covered() -> list[Row]:
    return rows(COVERAGE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def authored() -> frozenset[Quad]:
    facts = (quad for path in fact_files() for quad in ox.parse(path=path, format=RdfFormat.TRIG))
    # Identifiers stand beside the facts, in no source's graph; the coverage names their file as if it were one.
    beside = ox.parse(path=ONTOLOGY / "alignments.ttl", format=RdfFormat.TURTLE)
    return frozenset(
        {*facts, *(Quad(quad.subject, quad.predicate, quad.object, NamedNode(SRC + "alignments")) for quad in beside)}
    )


def test_what_is_said_to_be_stated_stands_in_its_source(covered: list[Row], authored: frozenset[Quad]) -> None:
    assert len(covered) > 3000
    assert not_stated(covered, authored) == []


def test_a_fact_that_is_not_there_is_noticed(authored: frozenset[Quad]) -> None:
    wrong = [
        Row("x.tsv", 2, "", "xen-tags id:xen vkg:runsMode id:none"),
        Row("x.tsv", 3, "", "source no-such-source"),
        Row("x.tsv", 4, "", "-: a reason"),
    ]
    assert not_stated(wrong, authored) == [
        "x.tsv:2: xen-tags does not state id:xen vkg:runsMode id:none",
        "x.tsv:3: no-such-source does not state anything",
    ]


def test_every_row_is_covered(covered: list[Row]) -> None:
    folder = SHARED / "facts"
    if not folder.is_dir():
        pytest.skip(f"the folder {SHARED.name} with the collected facts is not here")
    tables = {f"{name}.tsv": (folder / f"{name}.tsv").read_text(encoding="utf-8") for name in TABLES}
    assert {path.name for path in folder.glob("*.tsv")} - set(tables) == {"seed_statements.tsv"}
    assert not_covered(covered, tables) == []


def test_a_row_that_is_missing_changed_or_doubled_is_noticed() -> None:
    tables = {"t.tsv": "head\none\ntwo\nthree\n"}
    digest = hashlib.sha256(b"one").hexdigest()[:8]
    known = [Row("t.tsv", 2, digest, "-: x"), Row("t.tsv", 2, digest, "-: x"), Row("t.tsv", 3, "00000000", "-: x")]
    assert not_covered([*known, Row("t.tsv", 9, digest, "-: x")], tables) == [
        "t.tsv:4 is not covered",
        "t.tsv:3 has changed",
        "t.tsv:9 is no line",
        "t.tsv:2 is covered 2 times",
    ]


def test_most_rows_are_stated_and_the_report_says_why_others_are_not(covered: list[Row]) -> None:
    text = report(covered)
    assert all(f"| {name}.tsv |" in text for name in TABLES)
    left_out = [row for row in covered if row.outcome.startswith(LEFT_OUT)]
    assert all(len(row.outcome) > len(LEFT_OUT) + 5 for row in left_out)
    of_facts = [row for row in covered if not row.table.startswith("sources_")]
    assert sum(not row.outcome.startswith(LEFT_OUT) for row in of_facts) > 0.85 * len(of_facts)


if __name__ == "__main__":
    print(report(rows(COVERAGE.read_text(encoding="utf-8"))), end="")

"""Versions that are next to each other and alike, as one row: of a small graph, and of lines made at random."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from command import run
from hypothesis import given, settings
from hypothesis import strategies as st

import virtkg
from virtkg.answer import Answer, Field, Line, Row, Value, Verdict
from virtkg.graph import KnowledgeGraph
from virtkg.runs import runs

MANY = settings(max_examples=300, deadline=None, database=None)

HEAD = """
@prefix id: <https://w3id.org/virtkg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix src: <https://w3id.org/virtkg/source/> .
@prefix vkg: <https://w3id.org/virtkg/ns#> .
"""

FOLLOWS = {
    "1.0": "", "1.1": "1.0", "1.1 Update 1": "1.1", "1.1 Update 2": "1.1 Update 1", "1.2": "1.1", "1.9": "1.2",
    "1.10": "1.9", "1.11": "1.10",
    "2.0": "1.11", "2.0 LTS": "1.11", "2.1": "2.0", "2.2": "2.1, 2.0 LTS",
    "lone 3": "", "ring 1": "ring 2", "ring 2": "ring 1", "ring 3": "ring 2",
}  # fmt: skip
"""The versions of a line, each with those right before it; two follow each other, and a third follows one of these."""


WHICH = {
    "whole lines": (
        list(FOLLOWS),
        ["Zorb 1.0 … 2.2 (12 versions)", "Zorb lone 3", "Zorb ring 1", "Zorb ring 2", "Zorb ring 3"],
    ),
    "two and two": (["1.0", "1.1", "1.9", "1.10"], ["Zorb 1.0, 1.1", "Zorb 1.9, 1.10"]),
    "three in a row": (["1.2", "1.9", "1.10"], ["Zorb 1.2, 1.9, 1.10"]),
    "no updates": (["1.0", "1.1", "1.2", "1.9", "1.10"], ["Zorb 1.0, 1.1", "Zorb 1.2, 1.9, 1.10"]),
    "all but one update": (
        ["1.0", "1.1", "1.1 Update 1", "1.2", "1.9", "1.10", "1.11"],
        ["Zorb 1.0, 1.1, 1.1 Update 1", "Zorb 1.2 … 1.11 (4 versions)"],
    ),
    "updates first": (
        ["1.1 Update 1", "1.1 Update 2", "1.2", "1.9"],
        ["Zorb 1.1 Update 1, 1.1 Update 2", "Zorb 1.2, 1.9"],
    ),
    "merged branches": (["2.0 LTS", "2.1", "2.2"], ["Zorb 2.0 LTS, 2.1, 2.2"]),
    "parted branches": (["2.0", "2.0 LTS", "2.1"], ["Zorb 2.0, 2.1", "Zorb 2.0 LTS"]),
    "rings": (["ring 1", "ring 2", "ring 3"], ["Zorb ring 1", "Zorb ring 2", "Zorb ring 3"]),
    "starts": (["1.1"], ["Zorb 1.1"]),
}  # fmt: skip
"""Features by their labels: the versions that have each, and the rows of a table of these."""


def iri(name: str) -> str:
    return "id:zorb-" + name.lower().replace(" ", "-")


def of_zorb(source: str, versions: Iterable[str], says: str) -> str:
    return f"src:{source} {{ {' '.join(f'{iri(version)} {says} .' for version in versions)} }}"


def zorb_graph() -> str:
    """Return a line of versions, with features, and vCPUs by two sources."""
    parts = ["src:fold-one { id:zorb a vkg:ProductLine ; rdfs:label 'Zorb'@en ."]
    for version, before in FOLLOWS.items():
        parts.append(
            f"{iri(version)} a vkg:Release , vkg:Suite ; vkg:releaseOf id:zorb ; rdfs:label 'Zorb {version}'@en ."
        )
        parts += [f"{iri(version)} vkg:follows {iri(one)} ." for one in before.split(", ") if one]
    for feature, (versions, _) in WHICH.items():
        parts.append(f"{iri(feature)} a vkg:Feature ; rdfs:label '{feature}'@en .")
        parts += [f"{iri(version)} vkg:supports {iri(feature)} ." for version in versions]
    parts += ["}", of_zorb("fold-one", ["1.0", "1.1", "1.2"], "vkg:maxVcpusPerVm 8")]
    parts.append(of_zorb("fold-two", ["1.1", "1.1 Update 1", "1.1 Update 2", "1.2"], "vkg:maxVcpusPerVm 8"))
    parts.append(of_zorb("fold-two", ["1.9", "1.10"], "vkg:maxVcpusPerVm 9"))
    return "\n".join([HEAD, *parts])


@pytest.fixture(scope="module")
def zorb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path: Path = tmp_path_factory.mktemp("fold") / "zorb.trig"
    path.write_text(zorb_graph(), encoding="utf-8")
    return virtkg.load([str(path)])


def names(answer: Answer, format: str = "table") -> list[str]:
    """Return the first cells of the rows that a table shows."""
    text = virtkg.render(answer, format)
    if format == "md":
        return [row.split(" | ")[0].removeprefix("| ") for row in text.splitlines() if row.startswith("| ")][2:]
    if format == "html":
        return re.findall(r"<tr><td>([^<]*)</td>", text)
    table = text.split("\n\n")[1].splitlines()
    return [row[: table[0].index("answer")].strip() for row in table[1:]]


@pytest.mark.parametrize("feature", WHICH)
def test_a_range_holds_nothing_that_the_answer_does_not(feature: str, zorb: KnowledgeGraph) -> None:
    versions, expected = WHICH[feature]
    answer = zorb.ask(f"suites with {feature}")
    assert names(answer) == expected
    assert {row.label for row in answer.rows} == {f"Zorb {version}" for version in versions}


def test_what_is_unknown_is_named_by_line(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("releases of Zorb with starts")
    assert [note.message for note in answer.notes if note.code == "I703"] == [
        "15 unknown: Zorb 1.0, 1.1 Update 1, 1.1 Update 2, 1.2 … 2.2 (8), Zorb lone 3, Zorb ring 1, 2, 3"
        "; add “or unknown” to list them"
    ]
    listed = names(zorb.ask("releases of Zorb with starts or unknown"))
    assert listed[:4] == ["Zorb 1.1", "Zorb 1.0", "Zorb 1.1 Update 1, 1.1 Update 2", "Zorb 1.2 … 2.2 (8 versions)"]


def test_values_keep_rows_apart_and_sources_come_together(zorb: KnowledgeGraph) -> None:
    shown = virtkg.render(zorb.ask("releases of Zorb with at most 9 vCPUs")).split("\n\n")[1].splitlines()[1:]
    assert [re.split(" {2,}", row) for row in shown] == [
        ["Zorb 1.0 … 1.2 (5 versions)", "yes", "8 [1][2]", "[1][2]"],
        ["Zorb 1.9, 1.10", "yes", "9 [2]", "[1][2]"],
    ]


# over the packaged graph


def test_every_table_for_people_folds_and_no_other_format(kg: KnowledgeGraph) -> None:
    answer = kg.ask("suites with page sharing or unknown")
    tables = [names(answer, layout) for layout in ("table", "md", "html")]
    assert tables[0] == tables[1] == tables[2]
    assert "AOS 5.5 … 7.6 (23 versions)" in tables[0]
    assert len(tables[0]) < len(answer.rows) / 3
    labels = [row.label for row in answer.rows]
    assert [row["label"] for row in json.loads(virtkg.render(answer, "json"))["rows"]] == labels
    assert [row["label"] for row in csv.DictReader(virtkg.render(answer, "csv").splitlines())] == labels
    assert names(answer.each()) == labels
    assert answer._repr_html_() == virtkg.render(answer, "html")


def test_counts_in_the_head_are_of_things(kg: KnowledgeGraph) -> None:
    answer = kg.ask("suites made by VMware")
    assert len(names(answer)) < answer.count(Verdict.YES)
    assert virtkg.render(answer).splitlines()[1] == f"{answer.count(Verdict.YES)} yes"


def test_a_cut_answer_claims_nothing_of_what_is_cut(kg: KnowledgeGraph) -> None:
    answer = kg.ask("releases of Xen").cut(8)
    assert sum(map(size, names(answer))) == 8
    assert {row.label for row in answer.rows} == {row.label for row in kg.ask("releases of Xen").rows[:8]}


@pytest.mark.parametrize(
    "question",
    [
        "top 9 suites by max memory per VM",
        "latest release of vSphere",
        "history of XCP-ng",
        "alternatives to vSphere 5.1",
        "compare vSphere 6.7 and vSphere 7.0",
        "count suites by product line",
        "since when does Hyper-V support live migration",
        "max memory per VM of vSphere 7.0",
    ],
)
def test_what_has_an_order_of_its_own_is_not_folded(question: str, kg: KnowledgeGraph) -> None:
    answer = kg.ask(question)
    assert answer.lines == ()
    assert virtkg.render(answer) == virtkg.render(answer.each())


def test_the_unknown_of_a_count_are_named_by_line(kg: KnowledgeGraph) -> None:
    (note,) = (note.message for note in kg.ask("how many suites have page sharing").notes if note.code == "I703")
    assert re.match(r"\d+ unknown: AOS 5\.5 … 7\.6 \(23\), .* and \d+ more; ", note)
    listed, left = re.findall(r": (.*) and (\d+) more; ", note)[0]
    named = sum(int(size[1:-1]) - 1 if size else 1 for size in re.findall(r"(\(\d+\))|(?:^|, )", listed))
    assert named + int(left) == int(note.split()[0])


def test_proofs_are_of_things_and_so_are_the_rows_above_them(kg: KnowledgeGraph) -> None:
    answer = kg.ask("releases in XenServer 6", proofs=True)
    assert answer.sides
    assert names(answer) == [row.label for row in answer.rows]


def test_the_command_shows_each_when_asked() -> None:
    folded, each = (run("ask", "releases in XenServer 6", *more) for more in ((), ("--each",)))
    assert "XenServer 6.0 … 6.5 SP1 (6 versions)" in folded.out and "XenServer 6.0.2  " not in folded.out
    assert "XenServer 6.0.2  " in each.out and "…" not in each.out
    assert folded.code == each.code == 0


# lines made at random


def size(name: str) -> int:
    """Return how many things the name of a row stands for."""
    counted = re.search(r" … .* \((\d+) versions\)$", name)
    return int(counted[1]) if counted else name.count(", ") + 1


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Return an answer of some versions of a line, in which a version stands behind those right before it."""
    count = draw(st.integers(1, 12))
    before = tuple(
        tuple(sorted(draw(st.sets(st.integers(0, place - 1), max_size=2)))) if place else () for place in range(count)
    )
    rows = []
    for place in range(count):
        sort = draw(st.sampled_from(["", "", "a", "a", "a", "b", "c"]))
        if sort:
            slug = draw(st.sampled_from(["one", "two"]))
            field = Field("size", (Value(sort, sort, "", Verdict.YES, False, (slug,)),))
            verdict = Verdict.DISPUTED if sort == "c" else Verdict.YES
            rows.append(Row(f"L {place}", f"https://e.org/{place}", verdict, False, (slug,), (field,)))
    versions = tuple(f"https://e.org/{place}" for place in range(count))
    rows.sort(key=lambda row: row.verdict == Verdict.DISPUTED)
    return Answer("q", "q", "list", None, tuple(rows), 0, (), "", (), lines=(Line(versions, before, "versions"),))


def ends(name: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", name.partition(" (")[0])]


def after(line: Line, start: int) -> set[int]:
    """Return what the order of a line puts behind a place, found step by step."""
    found = {start}
    while more := {place for place, before in enumerate(line.before) if found & set(before)} - found:
        found |= more
    return found - {start}


@MANY
@given(answers())
def test_of_any_line_rows_add_up_and_ranges_are_full(answer: Answer) -> None:
    if not answer.rows:
        return
    (line_,) = answer.lines
    sorts = {int(row.label[2:]): row.fields[0].values[0].text for row in answer.rows}
    shown = names(answer)
    assert sum(map(size, shown)) == len(answer.rows)
    disputed = [row for row in answer.rows if row.verdict is Verdict.DISPUTED]
    assert sum(size(name) for name in shown if sorts[ends(name)[0]] == "c") == len(disputed)
    for name in shown:
        first, last = ends(name)[0], ends(name)[-1]
        assert {sorts.get(place) for place in range(first, last + 1)} == {sorts[first]}
        assert last == first or last in after(line_, first)
        assert size(name) <= last - first + 1
    assert names(answer.each()) == [row.label for row in answer.rows]


@MANY
@given(answers())
def test_of_any_line_what_is_alike_and_next_is_one_row(answer: Answer) -> None:
    (line_,) = answer.lines
    sorts = {int(row.label[2:]): row.fields[0].values[0].text for row in answer.rows}
    firsts = {ends(name)[0] for name in names(answer)} if answer.rows else set()
    for place, before in enumerate(line_.before):
        if place - 1 in before and place in sorts and sorts.get(place - 1) == sorts[place]:
            assert place not in firsts


@pytest.mark.parametrize(
    ("first", "before"),
    [
        # 5 follows 2 and 3, and 4 follows 3.
        (2, ((), (), (), (), (3,), (2, 3))),
        # 4 follows 0 and 2, so that 2 is in, hence 3, hence 1.
        (0, ((), (), (), (1, 2), (0, 2))),
    ],
)
def test_a_branch_inside_a_run_belongs_to_it(first: int, before: tuple[tuple[int, ...], ...]) -> None:
    line_ = Line(tuple(f"https://e.org/{place}" for place in range(len(before))), before, "versions")
    kept = dict.fromkeys(line_.versions[first:], "a")
    assert runs(line_, kept) == [tuple(kept)]

"""A line that names no version is told by version; how far a thing has something stands beside the verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

import virtkg
from virtkg.answer import Answer, Verdict
from virtkg.graph import KnowledgeGraph
from virtkg.present.written import render

GRAPH = """
@prefix id: <https://w3id.org/virtkg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix src: <https://w3id.org/virtkg/source/> .
@prefix vkg: <https://w3id.org/virtkg/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
src:version-test {
    id:zorb a vkg:ProductLine , vkg:Platform ; rdfs:label "Zorb"@en ; vkg:supports id:live-migration .
    id:zorb-1 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 1"@en ; vkg:releaseOf id:zorb ;
        vkg:lacks id:snapshots , id:live-migration , id:page-sharing ; vkg:maxVcpusPerVm 8 .
    id:zorb-2 a vkg:Release , vkg:Suite , vkg:Series ; rdfs:label "Zorb 2"@en ; vkg:releaseOf id:zorb ;
        vkg:supportsInPart id:snapshots ; vkg:lacks id:page-sharing ; vkg:maxVcpusPerVm 16 ;
        vkg:endOfGeneralSupport "2014-01-31"^^xsd:date .
    id:zorb-2.1 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 2.1"@en ; vkg:releaseOf id:zorb ;
        vkg:inSeries id:zorb-2 ; vkg:lacks id:page-sharing ; vkg:offersExperimentally id:snapshots .
}
"""


@pytest.fixture(scope="module")
def zorb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path: Path = tmp_path_factory.mktemp("versions") / "zorb.trig"
    path.write_text(GRAPH, encoding="utf-8")
    return virtkg.load([str(path)])


def told(answer: Answer) -> dict[str, Verdict]:
    return {row.label: row.verdict for row in answer.rows}


def notes(answer: Answer, code: str) -> list[str]:
    return [note.message for note in answer.notes if note.code == code]


def test_versions_that_differ_are_told_one_by_one(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("does Zorb support snapshots")
    assert answer.verdict is Verdict.UNKNOWN
    assert told(answer) == {"Zorb 1": Verdict.NO, "Zorb 2": Verdict.YES}
    assert answer.unknown == 1
    assert notes(answer, "I730") == [
        "Zorb names no version; of its 3 it is so of 1, not so of 1, not known of 1",
    ]


def test_versions_that_agree_decide(zorb: KnowledgeGraph) -> None:
    assert zorb.ask("does Zorb support page sharing").verdict is Verdict.NO


def test_what_is_said_of_the_line_stands_beside_versions_that_differ(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("does Zorb support live migration")
    assert answer.verdict is Verdict.YES
    assert told(answer) == {"Zorb": Verdict.YES, "Zorb 1": Verdict.NO}
    assert notes(answer, "I730") == ["of Zorb itself; of its versions it is not so of Zorb 1"]
    assert "Yes, but it differs by version." in render(answer)


def test_of_what_no_version_is_known_the_line_is_not_known(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("does Zorb support high availability")
    assert told(answer) == {"Zorb": Verdict.UNKNOWN}
    assert not notes(answer, "I730")


def test_a_version_is_not_told_by_version(zorb: KnowledgeGraph) -> None:
    assert told(zorb.ask("does Zorb 1 support snapshots")) == {"Zorb 1": Verdict.NO}


def test_values_are_told_by_version(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("max vCPUs per VM of Zorb")
    assert [(row.label, row.fields[0].values[0].text) for row in answer.rows] == [("Zorb 1", "8"), ("Zorb 2", "16")]
    assert notes(answer, "I730") == ["Zorb names no version; 2 of its 3 have a value"]


def test_ends_are_told_by_version_and_by_series(zorb: KnowledgeGraph) -> None:
    assert list(told(zorb.ask("until when is Zorb supported"))) == ["Zorb 2"]
    answer = zorb.ask("until when is Zorb 2.1 supported")
    assert list(told(answer)) == ["Zorb 2"]
    assert notes(answer, "I732")
    assert not zorb.ask("until when is Zorb 1 supported").rows


@pytest.mark.parametrize(
    ("version", "verdict", "level"),
    [("Zorb 2", Verdict.YES, ["in part"]), ("Zorb 2.1", Verdict.UNKNOWN, ["experimental"]), ("Zorb 1", Verdict.NO, [])],
)
def test_the_level_stands_beside_the_verdict(
    zorb: KnowledgeGraph, version: str, verdict: Verdict, level: list[str]
) -> None:
    answer = zorb.ask(f"does {version} support snapshots")
    assert answer.verdict is verdict
    said = [value.text for field in answer.rows[0].fields if field.label == "level" for value in field.values]
    assert said == level


def test_a_list_names_what_falls_short(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("releases of Zorb with snapshots")
    assert told(answer) == {"Zorb 2": Verdict.YES}
    assert notes(answer, "I731") == ["not counted as yes: Zorb 2.1 (experimental)"]


def test_levels_of_several_conditions_name_theirs(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("releases of Zorb with snapshots and without page sharing")
    assert [v.text for field in answer.rows[0].fields for v in field.values] == ["snapshots: in part"]


def test_compared_lines_are_told_by_version_where_nothing_is_said_of_them(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("compare Zorb and vSphere 5.1")
    cells = {row.label: [value.text for value in row.fields[0].values] for row in answer.rows}
    assert cells["supports snapshots"] == ["no (1)", "yes (2)"]
    assert cells["supports page sharing"] == ["no (1, 2, 2.1)"]
    assert cells["max vCPUs per VM"] == ["16 (2)"], "of measures, the last version that has one"
    assert cells["supports live migration"] == ["yes"], "what is stated of the line itself stands alone"
    assert notes(answer, "I730") == ["told by version, where nothing is said of the line itself: Zorb"]
    assert not notes(zorb.ask("compare vSphere 6.7 and vSphere 5.1"), "I730")

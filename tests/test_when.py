"""Since when, until when, how long, and what a thing is called: a small line of versions with gaps."""

from __future__ import annotations

from pathlib import Path

import pytest

import virtkg
from virtkg.answer import Answer, Verdict
from virtkg.dates import length
from virtkg.graph import KnowledgeGraph

GRAPH = """
@prefix id: <https://w3id.org/virtkg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix src: <https://w3id.org/virtkg/source/> .
@prefix vkg: <https://w3id.org/virtkg/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
src:when-test {
    id:zorb a vkg:ProductLine , vkg:Platform ; rdfs:label "Zorb"@en .
    id:zorb-1 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 1"@en ; vkg:releaseOf id:zorb ; vkg:lacks id:snapshots .
    id:zorb-2 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 2"@en ; vkg:releaseOf id:zorb ; vkg:follows id:zorb-1 .
    id:zorb-3 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 3"@en ; vkg:releaseOf id:zorb ; vkg:follows id:zorb-2 ;
        vkg:supports id:snapshots .
    id:zorb-4 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 4"@en ; vkg:releaseOf id:zorb ; vkg:follows id:zorb-3 ;
        vkg:supports id:snapshots ; vkg:releaseDate "2012-01-31"^^xsd:date ;
        vkg:endOfGeneralSupport "2014-01-31"^^xsd:date ; vkg:endOfSecuritySupport "2016"^^xsd:gYear .
    id:zorb-x a vkg:Release , vkg:Suite ; rdfs:label "Zorb X"@en ; vkg:releaseOf id:zorb .
}
"""


@pytest.fixture(scope="module")
def zorb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path: Path = tmp_path_factory.mktemp("when") / "zorb.trig"
    path.write_text(GRAPH, encoding="utf-8")
    return virtkg.load([str(path)])


def names(answer: Answer) -> list[str]:
    return [row.label for row in answer.rows]


def test_the_first_version_needs_no_date(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("since when does Zorb support snapshots")
    assert names(answer) == ["Zorb 3"]
    said = [note.message for note in answer.notes]
    assert "Zorb, before that: not so of Zorb 1" in said
    assert "Zorb, before that: unknown of Zorb 2" in said
    assert "Zorb: unknown of Zorb X, of which it is open whether they came before" in said


def test_what_no_version_is_known_to_do_has_no_first(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("since when does Zorb support live migration")
    assert names(answer) == [] and answer.exit_code != 0


def test_each_kind_of_end_is_named(zorb: KnowledgeGraph) -> None:
    fields = zorb.ask("how long was Zorb 4 supported").rows[0].fields
    found = {field.label: field.values[0].text for field in fields}
    assert found["release date to end of general support"] == "2 years"
    assert found["release date to end of security support"] == "about 3 years 11 months"
    assert "end of support" not in found


def test_no_date_is_not_known(zorb: KnowledgeGraph) -> None:
    assert zorb.ask("until when is Zorb 3 supported").verdict is Verdict.UNKNOWN


def test_a_month_later_is_the_last_day_of_a_shorter_month() -> None:
    assert length("2012-01-31", "2012-02-29") == "1 month"
    assert length("2012-01-31", "2012-01-31") == "0 days"
    assert length("2012-01-31", "2011-12-31") == "-(1 month)"


def test_the_ends_of_all_things_of_a_noun(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("until when are releases of Zorb supported")
    assert [row.label for row in answer.rows] == ["Zorb 4"]
    assert {field.label for field in answer.rows[0].fields} >= {"end of general support", "end of security support"}
    assert any("Zorb 1" in note.message for note in answer.notes if note.code == "I706")
    told = zorb.ask("how long are the Zorb with snapshots supported")
    assert [row.label for row in told.rows] == ["Zorb 4"]
    assert any("release date to" in field.label for field in told.rows[0].fields)


def test_what_lasts_is_to_be_said(zorb: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError) as caught:
        zorb.ask("until when are releases of Zorb with snapshots")
    assert caught.value.code == "E102"

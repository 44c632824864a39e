"""Which of some things came first, and of which things a span is longest: certain, or open between sources."""

from __future__ import annotations

import pytest

import virtkg
from virtkg.answer import Verdict
from virtkg.graph import KnowledgeGraph
from virtkg.present.written import render

DATA = """
@prefix id: <https://w3id.org/virtkg/id/> . @prefix vkg: <https://w3id.org/virtkg/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/virtkg/source/zorb-news> {
    id:zorb a vkg:ProductLine ; rdfs:label "Zorb"@en .
    id:zorb-1 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 1"@en ; vkg:releaseOf id:zorb ;
        vkg:releaseDate "2001-03-01"^^xsd:date ; vkg:endOfGeneralSupport "2004-03-01"^^xsd:date .
    id:zorb-2 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 2"@en ; vkg:releaseOf id:zorb ;
        vkg:releaseDate "2005"^^xsd:gYear ; vkg:endOfGeneralSupport "2007-01-01"^^xsd:date ;
        vkg:endOfSecuritySupport "2011-01-01"^^xsd:date .
    id:zorb-3 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 3"@en ; vkg:releaseOf id:zorb ;
        vkg:releaseDate "2009-01-01"^^xsd:date ; vkg:endOfSupport "2012-06-01"^^xsd:date .
    id:zorb-1 vkg:supports id:page-sharing . id:zorb-2 vkg:supports id:page-sharing .
    id:zorb-4 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 4"@en ; vkg:releaseOf id:zorb .
    id:plim-1 a vkg:Suite ; rdfs:label "Plim 1"@en ; vkg:releaseDate "2005-06-30"^^xsd:date .
}
<https://w3id.org/virtkg/source/zorb-gossip> {
    id:zorb-3 vkg:endOfSupport "2010-06-01"^^xsd:date .
    id:zorb-2 vkg:lacks id:page-sharing .
}
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path = tmp_path_factory.mktemp("order") / "zorb.trig"
    path.write_text(DATA)
    return virtkg.load([str(path)])


def test_a_line_is_as_old_as_its_first_version(graph: KnowledgeGraph) -> None:
    answer = graph.ask("which came first, Plim 1 or Zorb")
    assert [row.label for row in answer.rows] == ["Zorb", "Plim 1"]
    assert answer.rows[0].fields[0].label == "release date of Zorb 1"
    assert "Zorb came first, by every date that is given" in [note.message for note in answer.notes]


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("is Zorb 1 older than Plim 1", Verdict.YES),
        ("is Zorb 1 newer than Plim 1", Verdict.NO),
        ("is Zorb 2 older than Plim 1", Verdict.DISPUTED),
        ("is Zorb 3 newer than Zorb 2", Verdict.YES),
        ("is Zorb 4 older than Zorb 1", Verdict.UNKNOWN),
    ],
)
def test_a_year_holds_its_days_and_no_date_decides_nothing(
    question: str, verdict: Verdict, graph: KnowledgeGraph
) -> None:
    answer = graph.ask(question)
    assert answer.verdict is verdict
    assert [row.verdict for row in answer.rows] == [verdict]


def test_what_came_last_is_asked_too(graph: KnowledgeGraph) -> None:
    assert graph.ask("which is newer, Zorb 1, Zorb 3 or Plim 1").rows[0].label == "Zorb 3"


def test_the_longest_span_counts_to_its_last_end(graph: KnowledgeGraph) -> None:
    answer = graph.ask("which Zorb version was supported longest")
    assert answer.reading == "top 1 versions of Zorb by support"
    assert [(row.label, row.verdict) for row in answer.rows] == [("Zorb 2", Verdict.YES)]
    assert any("end of support: Zorb 3 (2012-06-01)" in note.message for note in answer.notes)
    assert any("1 of which the length is not known is left out: Zorb 4" in note.message for note in answer.notes)


def test_a_place_that_turns_on_the_source_is_disputed(graph: KnowledgeGraph) -> None:
    found = {row.label: row.verdict for row in graph.ask("Zorb versions with the longest support").rows}
    assert found == {"Zorb 2": Verdict.YES}
    second = {row.label: row.verdict for row in graph.ask("top 2 Zorb versions by support").rows}
    assert second == {"Zorb 2": Verdict.YES, "Zorb 1": Verdict.DISPUTED, "Zorb 3": Verdict.DISPUTED}


def test_what_is_only_perhaps_one_of_them_has_no_certain_place(graph: KnowledgeGraph) -> None:
    found = {row.label: row.verdict for row in graph.ask("top 1 Zorb versions with page sharing by support").rows}
    assert found == {"Zorb 2": Verdict.DISPUTED, "Zorb 1": Verdict.DISPUTED}


def test_the_shortest_span_can_be_asked_for(graph: KnowledgeGraph) -> None:
    found = graph.ask("which Zorb version has the shortest support").rows
    assert {row.label for row in found} == {"Zorb 1", "Zorb 3"}
    assert {row.verdict for row in found} == {Verdict.DISPUTED}
    assert graph.ask("Zorb versions by support").rows[0].label == "Zorb 2"


def test_every_meaning_is_said_so_that_it_is_read_again(graph: KnowledgeGraph) -> None:
    for question in (
        "which came first, Plim 1 or Zorb", "is Zorb 2 older than Plim 1", "which is newer, Zorb 1 or Zorb 3",
        "which Zorb version was supported longest", "which Zorb version has the shortest general support",
        "Zorb versions by support",
    ):  # fmt: skip
        reading = graph.ask(question).reading
        assert graph.ask(reading).reading == reading


def test_an_answer_without_a_query_says_so_in_place_of_one(graph: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QueryError) as caught:
        render(graph.ask("is Zorb 2 older than Plim 1"), "sparql")
    assert caught.value.code == "Q312" and caught.value.hint


def test_one_thing_is_no_older_than_itself(graph: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError) as caught:
        graph.ask("is Zorb 2 older than Zorb 2")
    assert caught.value.code == "E303"


def test_what_has_no_date_cannot_come_first(graph: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError) as caught:
        graph.ask("which came first, page sharing or Zorb")
    assert caught.value.code == "E303" and "page sharing" in caught.value.message

"""What is other than a thing, kinds before kinds, names for several things, and what links a row to its condition."""

from __future__ import annotations

from pathlib import Path

import pytest

import virtkg
from virtkg.answer import Answer, Verdict
from virtkg.graph import KnowledgeGraph

GRAPH = """
@prefix id: <https://w3id.org/virtkg/id/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix src: <https://w3id.org/virtkg/source/> .
@prefix vkg: <https://w3id.org/virtkg/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
src:besides-test {
    id:ayco a vkg:Vendor ; rdfs:label "Ayco"@en .
    id:beco a vkg:Vendor ; rdfs:label "Beco"@en ; vkg:acquiredBy id:ayco .
    <https://example.org/deal> a rdf:Statement ; rdf:subject id:beco ;
        rdf:predicate vkg:acquiredBy ; rdf:object id:ayco ; vkg:validFrom "2011"^^xsd:gYear .
    id:zorb a vkg:ProductLine , vkg:Suite ; rdfs:label "Zorb"@en ; vkg:productOf id:ayco ; vkg:supports id:snapshots .
    id:zorb-1 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 1"@en ; vkg:releaseOf id:zorb ; vkg:supports id:snapshots .
    id:yarn-1 a vkg:Suite ; rdfs:label "Yarn 1"@en ; vkg:hasVendor id:beco ; vkg:supports id:snapshots .
    id:loose-1 a vkg:Suite ; rdfs:label "Loose 1"@en ; vkg:supports id:snapshots .
    id:pair a vkg:Selection ; rdfs:label "the zany pair"@en ; vkg:selects id:zorb-1 , id:yarn-1 .
    id:zorb-1 skos:scopeNote "Yarn 1 was drawn from it."@en .
}
"""


@pytest.fixture(scope="module")
def zorb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path: Path = tmp_path_factory.mktemp("besides") / "zorb.trig"
    path.write_text(GRAPH, encoding="utf-8")
    return virtkg.load([str(path)])


def rows(answer: Answer) -> set[str]:
    return {row.label for row in answer.rows}


def notes(answer: Answer, code: str) -> list[str]:
    return [note.message for note in answer.notes if note.code == code]


def test_what_is_other_than_a_line_is_none_of_its_versions(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("suites other than Zorb with snapshots")
    assert answer.reading == "suites other than Zorb and with snapshots"
    assert {"Yarn 1", "Loose 1"} <= rows(answer)
    assert not {"Zorb", "Zorb 1"} & rows(answer)
    assert "Zorb" in rows(zorb.ask("suites other than Zorb 1 with snapshots"))


def test_what_is_other_than_a_vendor_is_none_of_its_things(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("suites except Ayco with snapshots")
    assert {"Yarn 1", "Loose 1"} <= rows(answer)
    assert not {"Zorb", "Zorb 1"} & rows(answer)
    assert any("Loose 1" in said and "Yarn 1" not in said for said in notes(answer, "I744"))


def test_what_is_not_known_is_left_in_and_no_denial(zorb: KnowledgeGraph) -> None:
    assert "Loose 1" not in rows(zorb.ask("suites not made by Ayco with snapshots"))
    assert "Loose 1" in rows(zorb.ask("suites other than Ayco"))


def test_a_kind_before_a_kind_joins_both(zorb: KnowledgeGraph) -> None:
    assert {"Zorb 1"} <= rows(zorb.ask("suite versions with snapshots"))
    assert "Zorb" not in rows(zorb.ask("suite versions with snapshots"))
    assert zorb.ask("suite vendors").reading == "vendors making suites"
    assert zorb.ask("are all suites platforms").verdict is Verdict.YES


def test_a_row_shows_what_links_it(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("vendors that were acquired")
    field = next(field for row in answer.rows if row.label == "Beco" for field in row.fields)
    assert field.label == "acquired by"
    assert [(value.value, value.text) for value in field.values] == [("Ayco", "Ayco (from 2011)")]
    assert field.values[0].sources == ("besides-test",)


def test_a_condition_that_leads_to_many_things_is_no_column(zorb: KnowledgeGraph) -> None:
    assert all(not row.fields for row in zorb.ask("features supported by suites").rows)


def test_who_did_what_was_done(zorb: KnowledgeGraph) -> None:
    for asked in ("Beco was acquired by whom", "by whom was Beco acquired"):
        assert rows(zorb.ask(asked)) == {"Ayco"}


def test_a_name_stands_for_several_things(zorb: KnowledgeGraph) -> None:
    both = "features supported by Yarn 1 and supported by Zorb 1"
    assert zorb.ask("features that the zany pair share").reading == both
    assert zorb.ask("compare the zany pair").reading == "compare Yarn 1 and Zorb 1"
    with pytest.raises(virtkg.QuestionError) as caught:
        zorb.ask("compare Zorb 1")
    assert caught.value.code == "E102"


def test_what_a_source_notes_stands_beside_what_is_not_known(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("is Zorb 1 forked from Yarn 1")
    assert answer.verdict is Verdict.UNKNOWN
    assert notes(answer, "I747") == ["noted of Zorb 1: Yarn 1 was drawn from it. (besides-test)"]
    assert not notes(zorb.ask("does Zorb 1 support snapshots"), "I747")


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        ("is it disputed that Hyper-V 2012 supports memory overcommitment", Verdict.YES),
        ("does anybody dispute that RHEV supports page sharing", Verdict.YES),
        ("is it disputed that vSphere 5.1 supports page sharing", Verdict.NO),
        ("is it disputed that XenServer 6 supports page sharing", Verdict.NO),
        ("is it disputed that Xen 3.0 supports page sharing", Verdict.UNKNOWN),
    ],
)
def test_whether_a_thing_is_disputed(asked: str, verdict: Verdict, kg: KnowledgeGraph) -> None:
    answer = kg.ask(asked)
    assert answer.verdict is verdict
    assert answer.reading.startswith("is it disputed that")


def test_a_short_list_says_what_wider_kinds_add(kg: KnowledgeGraph) -> None:
    answer = kg.ask("hypervisors with device drivers in the hypervisor")
    assert notes(answer, "I749") == [
        "“platforms with device drivers in the hypervisor” gives 2 more: RHEV 3, vSphere 5.1"
    ]
    assert not notes(kg.ask("suites that use Xen"), "I749")
    assert not notes(kg.ask("suites with page sharing"), "I749"), (
        "a list that is long enough says nothing of wider kinds"
    )


def test_why_is_told_by_version_of_a_line(kg: KnowledgeGraph) -> None:
    answer = kg.ask("why does RHEV have no page sharing")
    assert answer.kind == "explanation"
    assert {"RHEV 3", "RHV 4.4"} <= rows(answer)
    assert {side.supports for side in answer.sides} == {True, False}


def test_what_is_no_longer_supported_still_runs(kg: KnowledgeGraph) -> None:
    answer = kg.ask("does XCP-ng 8.1 run PV")
    assert answer.verdict is Verdict.YES
    assert [value.text for field in answer.rows[0].fields for value in field.values] == ["no longer supported"]


def test_an_empty_list_says_what_a_wider_kind_has(kg: KnowledgeGraph) -> None:
    asked = "releases of Proxmox VE and still supported on 2026-01-01"
    said = "“versions of Proxmox VE and still supported on 2026-01-01” gives 1: Proxmox VE 8"
    assert notes(kg.ask(asked), "I749") == [said]
    assert not notes(kg.ask("suites that use Nitro"), "I749")

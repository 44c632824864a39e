"""What is said of the value of a property, what stands beside lists, and short ways to say it."""

from __future__ import annotations

import pytest

import virtkg
from virtkg.answer import Verdict
from virtkg.graph import KnowledgeGraph
from virtkg.present.sheet import sheet

GRAPH = """
@prefix id: <https://w3id.org/virtkg/id/> . @prefix vkg: <https://w3id.org/virtkg/ns#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/virtkg/source/zorb-news> {
    id:zorb-works a vkg:Vendor ; rdfs:label "Zorb Works"@en .
    id:plim-house a vkg:Vendor ; rdfs:label "Plim House"@en .
    id:zorb a vkg:ProductLine ; rdfs:label "Zorb"@en ; vkg:productOf id:zorb-works .
    id:plim a vkg:ProductLine ; rdfs:label "Plim"@en ; vkg:productOf id:plim-house .
    id:zorb-1 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 1"@en ; vkg:releaseOf id:zorb ;
        vkg:usesHypervisor id:xen-4.17 .
    <urn:statement> a rdf:Statement ; rdf:subject id:zorb-1 ; rdf:predicate vkg:usesHypervisor ;
        rdf:object id:xen-4.17 ;
        vkg:asWritten "Xen 4.17.99" ; vkg:note "With glitter." .
    id:zorb-cloud a vkg:CloudService ; rdfs:label "Zorb Cloud"@en ; vkg:operatedBy id:zorb-works ; vkg:servedBy id:xen .
    id:plim-cloud a vkg:CloudService ; rdfs:label "Plim Cloud"@en ; vkg:operatedBy id:plim-house ; vkg:servedBy id:kvm .
}
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path = tmp_path_factory.mktemp("values") / "zorb.trig"
    path.write_text(GRAPH, encoding="utf-8")
    return virtkg.load([str(path)])


def labels(graph: KnowledgeGraph, question: str) -> set[str]:
    return {row.label for row in graph.ask(question).rows if row.verdict is Verdict.YES}


def test_what_the_value_of_a_property_does_is_a_condition(graph: KnowledgeGraph) -> None:
    assert "Zorb Cloud" in labels(graph, "cloud services whose vendor makes a suite")
    assert "Plim Cloud" not in labels(graph, "cloud services whose vendor makes a suite")


def test_it_reads_as_it_is_said(graph: KnowledgeGraph) -> None:
    reading = graph.ask("hypervisors used by cloud services whose vendor makes a suite").reading
    assert graph.ask(reading).reading == reading


def test_a_value_that_cannot_do_it_is_an_error(graph: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError) as caught:
        graph.ask("suites whose vendor emulates disk")
    assert caught.value.code == "E303"


def test_a_source_that_writes_a_version_otherwise_is_quoted(graph: KnowledgeGraph) -> None:
    notes = [note.message for note in graph.ask("versions of Xen used by Zorb 1").notes]
    assert "zorb-news: written “Xen 4.17.99”; With glitter." in notes


def test_what_has_another_thing_is_named_where_no_source_denies(kg: KnowledgeGraph) -> None:
    answer = kg.ask("cloud services that do not use Xen and do not use KVM")
    assert not answer.rows
    (note,) = [note.message for note in answer.notes if note.code == "I741"]
    assert "Microsoft Azure (Hyper-V)" in note and "Amazon EC2" not in note


def test_what_is_known_instead_stands_beside_what_is_not_known(kg: KnowledgeGraph) -> None:
    answer = kg.ask("does Microsoft Azure use Xen")
    assert answer.verdict is Verdict.UNKNOWN
    assert [note.message for note in answer.notes if note.code == "I741"] == [
        "what is known: Microsoft Azure is served by Hyper-V; that denies no other",
    ]


def test_a_series_says_with_which_release_a_thing_came(kg: KnowledgeGraph) -> None:
    notes = [note.message for note in kg.ask("does Xen 3.0 run HVM with PV drivers").notes if note.code == "I743"]
    assert [note.startswith("its release Xen 3.0.3 introduces mode HVM with PV drivers") for note in notes] == [True]


def test_the_latest_of_a_line_is_that_of_its_versions(kg: KnowledgeGraph) -> None:
    answer = kg.ask("newest mode run by Xen", as_of="2026-11-24")
    assert [row.label for row in answer.rows] == ["PV shim"]
    assert any(note.message.endswith("“latest modes run by Xen” gives PV") for note in answer.notes)


def test_the_one_meaning_of_which_anything_is_known_is_taken(kg: KnowledgeGraph) -> None:
    answer = kg.ask("modes of Xen")
    assert answer.reading == "modes run by Xen"
    assert "read so, since nothing is known of “modes of Xen”" in [note.message for note in answer.notes]
    with pytest.raises(virtkg.AmbiguousQuestion):
        kg.ask("suites with 64 vCPUs")


def test_a_name_of_two_things_may_be_that_of_the_other(kg: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.AmbiguousQuestion) as caught:
        kg.ask("is PVHVM the same as PV-on-HVM")
    assert caught.value.suggestions == ("differences between PVHVM and HVM with PV drivers", "describe PVHVM")


def test_a_level_stands_in_the_headline(kg: KnowledgeGraph) -> None:
    answer = kg.ask("does XCP-ng 8.2.1 run PV")
    assert answer.verdict is Verdict.YES
    assert sheet(answer).headline == "Yes, deprecated."
    assert sheet(kg.ask("does XCP-ng 8.1 run PV")).headline == "Yes, no longer supported."


def test_blanks_at_the_end_of_a_value_are_shown(kg: KnowledgeGraph) -> None:
    (row,) = kg.ask("CPUID signature of bhyve").rows
    (value,) = row.fields[0].values
    assert (value.text, value.value) == ("“bhyve bhyve ”", "bhyve bhyve ")


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        (
            "features vSphere 5.1 and XenServer 6 share",
            "features supported by vSphere 5.1 and supported by XenServer 6",
        ),
        ("the mode EC2 C5 runs", "modes run by EC2 C5"),
        ("what is paravirtualized by PVHVM", "resources paravirtualized by PVHVM"),
        ("what is derived from KVM", "platforms forked from KVM"),
        ("does XCP-ng 8.3 have PV", "does XCP-ng 8.3 run PV"),
    ],
)
def test_short_ways_to_say_it(question: str, reading: str, kg: KnowledgeGraph) -> None:
    assert kg.ask(question).reading == reading

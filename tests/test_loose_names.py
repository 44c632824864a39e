"""Names that people use loosely are understood where the thing they properly name makes no sense, or is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

import virtkg
from virtkg.answer import Answer, Tally, Verdict
from virtkg.diagnostics import AmbiguousQuestion
from virtkg.graph import KnowledgeGraph

GRAPH = """
@prefix id: <https://w3id.org/virtkg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix src: <https://w3id.org/virtkg/source/> .
@prefix vkg: <https://w3id.org/virtkg/ns#> .
src:loose-test {
    id:zorb-works a vkg:Vendor ; rdfs:label "Zorb Works"@en .
    id:zorb-core a vkg:Hypervisor ; rdfs:label "Zorb"@en ; vkg:supports id:snapshots .
    id:zorb-suite a vkg:ProductLine , vkg:Platform ; rdfs:label "Zorb Suite"@en ; vkg:productOf id:zorb-works ;
        vkg:looseLabel "Zorb"@en , "Zorb Works"@en ; vkg:supports id:live-migration ; vkg:lacks id:snapshots .
    id:zorb-cloud a vkg:ProductLine , vkg:Platform ; rdfs:label "Zorb Cloud"@en ; vkg:looseLabel "Zorb"@en ;
        vkg:lacks id:page-sharing .
    id:zorb-desk a vkg:ProductLine , vkg:Platform ; rdfs:label "Zorb Desk"@en ; vkg:looseLabel "Zorb"@en ;
        vkg:supports id:page-sharing .
    id:zorb-suite-1 a vkg:Release , vkg:Suite ; rdfs:label "Zorb Suite 1"@en ; vkg:releaseOf id:zorb-suite ;
        vkg:supports id:secure-boot , id:vgpu .
    id:zorb-ring a vkg:ProductLine , vkg:Platform ; rdfs:label "Zorb Ring"@en .
    id:zorb-ring-1 a vkg:Release , vkg:Suite ; rdfs:label "Zorb Ring 1"@en ; vkg:releaseOf id:zorb-ring ;
        vkg:supports id:vgpu .
}
"""


@pytest.fixture(scope="module")
def zorb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path: Path = tmp_path_factory.mktemp("loose") / "zorb.trig"
    path.write_text(GRAPH, encoding="utf-8")
    return virtkg.load([str(path)])


def note(answer: Answer) -> list[str]:
    return [note.message for note in answer.notes if note.code == "I736"]


def test_the_thing_properly_named_comes_first(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("does Zorb support snapshots")
    assert (answer.reading, answer.verdict, note(answer)) == ("does Zorb support snapshots", Verdict.YES, [])


def test_of_which_nothing_is_known_the_loose_name_is_read_and_told(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("does Zorb support live migration")
    assert (answer.reading, answer.verdict) == ("does Zorb Suite support live migration", Verdict.YES)
    assert note(answer) == ["read so, since nothing is known of “does Zorb support live migration”"]
    listed = zorb.ask("versions of Zorb")
    assert [row.label for row in listed.rows] == ["Zorb Suite 1"]


def test_several_loose_meanings_that_tell_something_are_a_choice(zorb: KnowledgeGraph) -> None:
    with pytest.raises(AmbiguousQuestion) as raised:
        zorb.ask("does Zorb support page sharing")
    assert raised.value.suggestions == (
        "does Zorb Cloud support page sharing",
        "does Zorb Desk support page sharing",
    )


def test_a_maker_that_can_do_nothing_stands_for_its_product(zorb: KnowledgeGraph) -> None:
    assert zorb.ask("does Zorb Works support live migration").reading == "does Zorb Suite support live migration"
    assert zorb.ask("describe Zorb Works").rows[0].iri.endswith("id/zorb-works")


def test_a_comparison_reads_what_has_most_in_common(zorb: KnowledgeGraph) -> None:
    assert zorb.ask("compare Zorb Works and vSphere by live migration").reading == (
        "compare Zorb Suite and vSphere by live migration"
    )


def test_an_answer_that_loose_names_do_not_better_stands(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("does Zorb support memory ballooning")
    assert (answer.reading, answer.verdict, note(answer)) == (
        "does Zorb support memory ballooning", Verdict.UNKNOWN, [],
    )  # fmt: skip


def test_what_is_shown_by_name_is_named_properly(zorb: KnowledgeGraph) -> None:
    assert zorb.show("Zorb").rows[0].iri.endswith("id/zorb-core")


def test_of_a_line_that_has_nothing_itself_its_versions_are_listed(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("features supported by Zorb Ring")
    assert answer.reading == "features supported by versions of Zorb Ring"
    assert [row.label for row in answer.rows] == ["vGPU"]
    assert note(answer) == ["read so, since nothing is known of “features supported by Zorb Ring”"]
    assert zorb.ask("how many features does Zorb Ring support").tally == Tally(1, 0, answer.unknown)


def test_of_a_line_with_less_than_its_versions_these_are_named(zorb: KnowledgeGraph) -> None:
    answer = zorb.ask("features supported by Zorb Suite")
    assert answer.reading == "features supported by Zorb Suite"
    assert [row.label for row in answer.rows] == ["live migration"]
    said = [found.message for found in answer.notes if found.code == "I738"]
    assert said == ["of just what is named; “features supported by versions of Zorb Suite” gives 2"]
    told = zorb.ask("features supported by versions of Zorb Suite")
    assert len(told.rows) == 2 and "I738" not in {found.code for found in told.notes}

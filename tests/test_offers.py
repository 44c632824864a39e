"""What is offered for a text that is not understood: questions about most of what it mentions, each with an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

import virtkg
from virtkg.graph import KnowledgeGraph
from virtkg.language.gist import gists
from virtkg.language.words import split
from virtkg.present.problem import as_text

OFFERED = [
    ("which hypervisors keep the device drivers inside?", "hypervisors with device drivers in the hypervisor"),
    ("Which platforms let me pass PCI cards through?", "platforms with PCI passthrough"),
    ("how much processors maximum for the VM in RHEV", "max vCPUs per VM of RHEV"),
    ("can a guest be live migrated nicely by vSphere 5.1", "does vSphere 5.1 support live migration"),
    ("We still run ESXi 6.7, mate, is it supported?", "is ESXi 6.7 still supported on 2026-11-24"),
    ("blimey vSphere 5.1", "describe vSphere 5.1"),
    ("how many hosts can go in one cluster of vSphere 8, mate", "max hosts per cluster of vSphere 8.0"),
    ("Does vSphere 5.1 do live migration, we need that", "does vSphere 5.1 support live migration"),
    ("suites with page sharing quickly", "suites with page sharing"),
    ("who made Firecracker and what licence has blimey it", "licences of Firecracker"),
]


@pytest.mark.parametrize(("asked", "offered"), OFFERED, ids=[asked for asked, _ in OFFERED])
def test_an_offer_is_about_most_of_what_is_mentioned(asked: str, offered: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError) as caught:
        kg.ask(asked, as_of="2026-11-24")
    assert offered in caught.value.offers
    assert "you could ask:\n" in as_text(caught.value)
    assert not caught.value.suggestions
    assert all(kg.ask(offer, as_of="2026-11-24").told for offer in caught.value.offers)


def test_a_name_stands_for_it_as_it_is_written(tmp_path: Path) -> None:
    data = tmp_path / "zorb.ttl"
    data.write_text(
        """
        @prefix id: <https://w3id.org/virtkg/id/> . @prefix vkg: <https://w3id.org/virtkg/ns#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        id:zorb a vkg:Suite ; rdfs:label "Zorb 1\\\\g 2"@en ; vkg:supports id:page-sharing .
        """
    )
    with pytest.raises(virtkg.QuestionError) as caught:
        virtkg.load([str(data)]).ask("We run Zorb 1\\g 2, does it support page sharing?")
    assert caught.value.offers


def test_what_suggests_something_offers_nothing(kg: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError) as caught:
        kg.ask("suites with pge sharing")
    assert caught.value.suggestions and not caught.value.offers


def test_nothing_is_offered_about_nothing(kg: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError) as caught:
        kg.ask("blimey")
    assert caught.value.offers == ()


def test_a_list_of_those_that_have_it_is_not_offered_for_those_that_have_not(kg: KnowledgeGraph) -> None:
    offered = [gist.text for gist in gists(split("suites verily without page sharing"), kg.asker.reader.vocabulary)]
    assert "suites without page sharing" in offered
    assert "suites with page sharing" not in offered


def test_the_more_is_mentioned_the_earlier_it_is_offered(kg: KnowledgeGraph) -> None:
    sizes = [gist.size for gist in gists(split("Citrix verily XenServer 6 page sharing"), kg.asker.reader.vocabulary)]
    assert sizes and sizes == sorted(sizes, reverse=True)

"""Several things in one question: versions that go by the name before them, and which of several has something."""

from __future__ import annotations

from pathlib import Path

import pytest

import virtkg
from virtkg.graph import KnowledgeGraph

READ = [
    ("compare vSphere 6.7 and 7.0", "compare vSphere 6.7 and vSphere 7.0"),
    ("compare Xen 4.17, 4.18, and 4.19", "compare Xen 4.17 and Xen 4.18 and Xen 4.19"),
    ("Hyper-V 2012 vs 2012 R2", "compare Hyper-V 2012 and Hyper-V 2012 R2"),
    (
        "VMware vSphere 6.7 vs 7.0 vs 8.0 max memory",
        "compare vSphere 6.7 and vSphere 7.0 and vSphere 8.0 by max memory per VM",
    ),
    ("is vSphere 6.7 older than 7.0", "is vSphere 6.7 older than vSphere 7.0"),
    ("which came first, Xen 4.0 or 3.4", "which came first, Xen 4.0 or Xen 3.4"),
    ("versions of Xen since 4.18", "versions of Xen and since Xen 4.18"),
    ("number of releases of Xen between 4.0 and 4.22", "count releases of Xen and since Xen 4.0 and until Xen 4.22"),
    (
        "how many Xen releases are there between 4.0 and 4.2",
        "count releases of Xen and since Xen 4.0 and until Xen 4.2",
    ),
    ("modes introduced between Xen 3.0 and 4.0.1", "modes introduced since Xen 3.0 and introduced until Xen 4.0.1"),
]

YEARS = [
    ("is Hyper-V 2016 released between 2012 and 2019", "is Hyper-V 2016 released between 2012 and 2019"),
    ("versions of Hyper-V and released before 2019", "versions of Microsoft Hyper-V and released before 2019"),
    (
        "suites with at least 2 vCPUs and at least 1.5 TB memory per VM",
        "suites with max vCPUs per VM >= 2 and with max memory per VM >= 1500000000000 B",
    ),
]


@pytest.mark.parametrize(("text", "reading"), READ, ids=[text for text, _ in READ])
def test_a_version_goes_by_the_name_before_it(text: str, reading: str, kg: KnowledgeGraph) -> None:
    assert kg.ask(text).reading == reading
    assert kg.asker.reader.understand(text) == kg.asker.reader.understand(reading)


@pytest.mark.parametrize(("text", "reading"), YEARS, ids=[text for text, _ in YEARS])
def test_a_year_or_a_number_stays_one(text: str, reading: str, kg: KnowledgeGraph) -> None:
    assert kg.ask(text).reading == reading


@pytest.mark.parametrize(
    "text", ["RHEV 3 vs 4", "compare vSphere 6.7 and 99.9", "compare Xen and 4.18", "7.0 vs vSphere 6.7"]
)
def test_what_is_no_version_of_it_is_refused(text: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError):
        kg.ask(text)


def test_a_version_before_another_is_not_after_it(kg: KnowledgeGraph) -> None:
    answer = kg.ask("versions of Xen since Xen 4.18")
    unknown = {row.label for row in kg.ask("versions of Xen and since Xen 4.18 or unknown").rows} - {
        row.label for row in answer.rows
    }
    assert unknown == {"Xen 4.12 unstable"}
    assert "Xen 4.17" in {row.label for row in kg.ask("versions of Xen and before Xen 4.18").rows}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("which of vSphere 8.0 and Hyper-V 2022 use suites", "only what they have"),
        ("which of vSphere 8.0 and Hyper-V 2022 lack page sharing", "only what they have"),
        ("which suites support page sharing on 2026-01-01", "“on”"),
    ],
)
def test_what_cannot_be_asked_of_several_is_refused(text: str, named: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError) as caught:
        kg.ask(text)
    assert named in caught.value.message


def test_a_range_from_a_name_of_two_versions_is_a_choice(tmp_path: Path) -> None:
    data = tmp_path / "zorb.ttl"
    data.write_text(
        """
        @prefix id: <https://w3id.org/virtkg/id/> . @prefix vkg: <https://w3id.org/virtkg/ns#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        id:zorb a vkg:ProductLine , vkg:Platform ; rdfs:label "Zorb"@en .
        id:zorb-1a a vkg:Release , vkg:Suite ; rdfs:label "Zorb 1"@en ; vkg:releaseOf id:zorb .
        id:zorb-1b a vkg:Release , vkg:Suite ; rdfs:label "Zorb 1"@en ; vkg:releaseOf id:zorb ; vkg:follows id:zorb-1a .
        id:zorb-2 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 2"@en ; vkg:releaseOf id:zorb ; vkg:follows id:zorb-1b .
        """
    )
    with pytest.raises(virtkg.AmbiguousQuestion) as caught:
        virtkg.load([str(data)]).ask("versions of Zorb between Zorb 1 and Zorb 2")
    assert [name for text in caught.value.suggestions for name in ("zorb-1a", "zorb-1b") if name in text] == [
        "zorb-1a",
        "zorb-1b",
    ]

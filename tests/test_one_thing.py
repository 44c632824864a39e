"""Things compared that are one thing by several names."""

from __future__ import annotations

import pytest

import virtkg
from virtkg.graph import KnowledgeGraph


def remarks(kg: KnowledgeGraph, question: str) -> list[str]:
    return [note.message for note in kg.ask(question).notes if note.code == "I746"]


@pytest.mark.parametrize(
    "question",
    [
        "compare page sharing and KSM",
        "differences between page sharing and ksm",
        "is page sharing the same as KSM",
        "page sharing vs KSM",
        "what is the difference between Page-Sharing and KSM",
        "what do page sharing and KSM have in common",
    ],
)
def test_that_both_are_names_of_it_is_said(question: str, kg: KnowledgeGraph) -> None:
    answer = kg.ask(question)
    assert answer.reading == "compare page sharing and KSM"
    assert remarks(kg, question) == ["“page sharing” and “KSM” are names of one thing"]
    (row,) = answer.rows
    assert row.label == "page sharing"
    assert [value.text for value in row.fields[0].values] == ["page sharing", "KSM"]
    assert row.fields[1:] == kg.ask("describe page sharing").rows[0].fields
    assert kg.ask(answer.reading).rows == answer.rows


def test_of_three_things_one_by_two_names_stands_once(kg: KnowledgeGraph) -> None:
    question = "differences between vSphere 5.1, VMware vSphere 5.1 and XenServer 6"
    answer = kg.ask(question)
    assert remarks(kg, question) == ["“vSphere 5.1” and “VMware vSphere 5.1” are names of one thing"]
    assert answer.reading == "differences between vSphere 5.1 and VMware vSphere 5.1 and XenServer 6"
    assert answer.rows == kg.ask("differences between vSphere 5.1 and XenServer 6").rows
    assert kg.ask(answer.reading).rows == answer.rows


def test_a_thing_by_one_name_twice_is_described(kg: KnowledgeGraph) -> None:
    assert kg.ask("compare Xen and xen").reading == "describe Xen"
    assert not remarks(kg, "compare Xen and xen")


def test_what_it_is_compared_by_is_not_dropped(kg: KnowledgeGraph) -> None:
    answer = kg.ask("compare vSphere 5.1 and VMware vSphere 5.1 by live migration")
    assert answer.reading == "compare vSphere 5.1 and VMware vSphere 5.1 by live migration"
    assert [row.label for row in answer.rows] == ["supports live migration"]
    assert kg.ask("compare Xen and Xen by vendor").reading == "compare Xen and Xen by vendors"


def test_a_name_of_two_things_is_not_said_again(kg: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.AmbiguousQuestion) as caught:
        kg.ask("compare PVHVM and PV-on-HVM")
    assert caught.value.suggestions == ("compare PVHVM and HVM with PV drivers", "describe PVHVM")
    assert all(kg.ask(other).reading == other for other in caught.value.suggestions)

"""What has all that another thing has: what was taken for all, and what certainly fails, on what."""

from __future__ import annotations

from pyoxigraph import Literal

from virtkg.columns import run
from virtkg.graph import KnowledgeGraph
from virtkg.language.resolved import ResolvedList
from virtkg.language.translate import NO, translate


def told(kg: KnowledgeGraph, question: str, code: str) -> list[str]:
    return [note.message for note in kg.ask(question).notes if note.code == code]


def test_what_fails_is_named_with_what_it_fails_on(kg: KnowledgeGraph) -> None:
    question = "suites that can do everything Hyper-V 2012 can"
    taken = (
        "dynamic memory, live migration, memory overcommitment, shared-nothing live migration, storage live migration"
    )
    assert told(kg, question, "I714") == [f"Hyper-V 2012 supports: {taken}"]
    assert told(kg, question, "I745") == ["1 fails: Hyper-V 2008 on live migration, memory overcommitment"]


def test_versions_that_fail_alike_are_told_together_and_those_that_fail_on_least_first(kg: KnowledgeGraph) -> None:
    assert told(kg, "suites that support everything vSphere 5.1 supports", "I745") == [
        "6 fail: VMware Infrastructure 3.5, vSphere 4, 5.0 on nested virtualization; "
        "Hyper-V 2008 on live migration, memory overcommitment; "
        "Hyper-V 2012, XenServer 6 on device drivers in the hypervisor, page sharing"
    ]


def test_what_does_not_support_everything_is_told_the_same(kg: KnowledgeGraph) -> None:
    failing = told(kg, "suites that support everything XenServer 6 supports", "I745")
    assert failing and told(kg, "suites that do not support everything XenServer 6 supports", "I745") == failing


def test_as_many_fail_as_the_query_says(kg: KnowledgeGraph) -> None:
    question = "platforms that run everything XenServer 6 runs"
    meant = kg.asker.reader.understand(question)
    assert isinstance(meant, ResolvedList)
    rows = run(translate(meant), kg.snapshot)
    assert told(kg, question, "I745")[0].startswith(f"{sum(row[-1] == Literal(NO) for row in rows)} fail: ")


def test_a_list_without_everything_says_nothing_of_what_fails(kg: KnowledgeGraph) -> None:
    assert not told(kg, "suites with page sharing", "I745")

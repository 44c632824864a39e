"""What is said of a question that is not understood: all that is amiss at once, and what can be asked instead."""

from __future__ import annotations

import pytest

import virtkg
from virtkg.dates import last_day
from virtkg.graph import KnowledgeGraph

TODAY = "2026-11-24"


def refused(kg: KnowledgeGraph, text: str) -> virtkg.QuestionError:
    with pytest.raises(virtkg.QuestionError) as caught:
        kg.ask(text, as_of=TODAY)
    assert not isinstance(caught.value, virtkg.AmbiguousQuestion)
    for other in (*caught.value.suggestions, *caught.value.offers):
        kg.ask(other, as_of=TODAY)
    return caught.value


# what nothing has


@pytest.mark.parametrize(
    ("asked", "said", "suggested"),
    [
        ("what has XCP-ng 8.3", "no kind of thing “has” “XCP-ng 8.3”", "features supported by XCP-ng 8.3"),
        ("what has Xen", "no kind of thing “has” “Xen”", "features supported by Xen"),
        ("who has XCP-ng 8.3", "no kind of thing “has” “XCP-ng 8.3”", "features supported by XCP-ng 8.3"),
        ("what runs XCP-ng 8.3", "no kind of thing “runs” “XCP-ng 8.3”", "modes run by XCP-ng 8.3"),
    ],
)
def test_what_does_nothing_to_a_thing_may_be_what_it_does(
    asked: str, said: str, suggested: str, kg: KnowledgeGraph
) -> None:
    error = refused(kg, asked)
    assert error.code == "E303"
    assert error.message == said
    assert suggested in error.suggestions


def test_what_is_not_turned_round_suggests_nothing(kg: KnowledgeGraph) -> None:
    error = refused(kg, "what is made by XCP-ng 8.3")
    assert error.message == "no kind of thing is “made by” “XCP-ng 8.3”"
    assert not error.suggestions


def test_to_have_a_version_is_not_to_follow_it(kg: KnowledgeGraph) -> None:
    assert refused(kg, "platforms with XCP-ng 8.3").code == "E303"
    assert kg.ask("what follows XCP-ng 8.2").reading == "versions that follow XCP-ng 8.2"


def test_when_it_was_made_is_not_by_whom(kg: KnowledgeGraph) -> None:
    assert refused(kg, "when was Nutanix AHV developing").code == "E303"


# a year where a day is needed


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        (
            "versions of vSphere supported in 2020",
            "versions of vSphere and still supported on 2020-01-01",
            "versions of vSphere and still supported on 2020-12-31",
        ),
        (
            "was vSphere 6.0 still supported in February 2020",
            "is vSphere 6.0 still supported on 2020-02-01",
            "is vSphere 6.0 still supported on 2020-02-29",
        ),
    ],
)
def test_of_a_year_or_month_both_ends_are_suggested(asked: str, first: str, last: str, kg: KnowledgeGraph) -> None:
    error = refused(kg, asked)
    assert error.code == "E307"
    assert error.suggestions == (first, last)


def test_the_last_day_of_a_date() -> None:
    assert [last_day(date) for date in ("2019", "2019-02", "2020-02", "2020-12", "2020-06-30")] == [
        "2019-12-31", "2019-02-28", "2020-02-29", "2020-12-31", "2020-06-30",
    ]  # fmt: skip


# versions that are not known


@pytest.mark.parametrize(
    ("asked", "suggested"),
    [
        ("when does ESX 7 go out of support", "when does ESXi 7.0 go out of support"),
        ("vmware esx 8 max memory per VM", "ESXi 8.0 max memory per VM"),
    ],
)
def test_a_version_typed_short_leads_to_those_it_begins(asked: str, suggested: str, kg: KnowledgeGraph) -> None:
    error = refused(kg, asked)
    assert error.code == "E203"
    assert error.suggestions == (suggested,)


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        ("does vSphere 10 zorb live migration", "E201", "I do not know “zorb”; no version 10 of vSphere is known"),
        ("does vSphere 10.0.1 zorb vMotion", "E201", "I do not know “zorb”; no version 10.0.1 of vSphere is known"),
        (
            "compare vSphere 10 and Hyper-V 1999",
            "E203",
            "no version 10 is known here; no version 1999 of Hyper-V is known either",
        ),
        (
            "price of vSphere 10 and zorb",
            "E401",
            "prices are not held: “price”; I do not know “zorb”; no version 10 of vSphere is known either",
        ),
        ("does vSphere 8.0 zorb 64 vCPUs", "E201", "I do not know “zorb”"),
    ],
)
def test_all_that_is_not_known_is_named_at_once(asked: str, code: str, said: str, kg: KnowledgeGraph) -> None:
    error = refused(kg, asked)
    assert (error.code, error.message) == (code, said)


def test_whether_one_is_another_is_not_how_they_are_related(kg: KnowledgeGraph) -> None:
    for asked in ("is XCP-ng XenServer", "is XenServer Xen", "is PVHVM HVM"):
        assert refused(kg, asked).code == "E303"
    assert kg.ask("is KVM type 1").reading == "is KVM of type 1"


@pytest.mark.parametrize("asked", ["which suites use Xen based on", "which suites use Xen used by Amazon EC2"])
def test_what_is_said_last_is_said_of_a_noun(asked: str, kg: KnowledgeGraph) -> None:
    assert refused(kg, asked).code == "E103"

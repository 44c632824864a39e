"""Another domain, file systems, asked without a line of Python for it: beside virtualization, and alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import virtkg
from virtkg.answer import Verdict
from virtkg.diagnostics import VirtkgError
from virtkg.graph import KnowledgeGraph
from virtkg.resources import data_folder

FILE = Path(__file__).parent / "domains" / "filesystems.trig"
NEUTRAL = ["language.ttl", "provenance.ttl", "units.ttl", "rules/disputes.srl"]
"""What of the packaged ontology says nothing of virtualization."""


@pytest.fixture(scope="module", params=["beside", "alone"])
def graph(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "beside":
            yield virtkg.load([str(FILE)])
            return
        folder = tmp_path_factory.mktemp("ontology")
        (folder / "rules").mkdir()
        for name in NEUTRAL:
            shutil.copy(Path(data_folder("ontology")) / name, folder / name)
        patch.setattr("virtkg.inputs.data_folder", lambda name: str(folder))
        yield virtkg.load([str(FILE)])


LISTS = {
    "file systems with checksums": "Elmfs 3, Oakfs",
    "filesystems with checksums and transparent packing": "Oakfs",
    "file systems with disk quotas but without checksums": "Elmfs 1, Elmfs 2",
    "file systems with transparent packing or shared extents": "Elmfs 2, Firfs, Oakfs",
    "file systems with (checksums or transparent packing) and disk quotas": "Elmfs 2, Oakfs, Elmfs 3 disputed",
    "file systems that do not support checksums": "Elmfs 1, Elmfs 2",
    "file systems with checksums or unknown": "Elmfs 3, Oakfs, Firfs unknown",
    "file systems with max file size >= 2 TB": "Elmfs 2, Elmfs 3, Oakfs",
    "file systems with max file size > 2 TiB": "Elmfs 3, Oakfs",
    "file systems with a larger file size limit than Elmfs 2": "Elmfs 3, Oakfs",
    "file systems whose update strategy is copy on write": "Oakfs",
    "journalling file systems": "Elmfs 2, Elmfs 3",
    "file systems that are not journalling file systems": "Elmfs 1, Oakfs",
    "file system with the largest max file size": "Oakfs",
    "top 2 file systems by max file size": "Oakfs, Elmfs 3",
    "file systems written by Grove Lab": "Elmfs 1, Elmfs 2, Elmfs 3",
    "who wrote Oakfs": "Timber Works",
    "authors of file systems with shared extents": "Timber Works",
    "which file systems does Brook OS mount": "Elmfs 2, Firfs, Oakfs",
    "operating systems of Elmfs 2": "Brook OS, Meadow OS",
    "capabilities introduced by Elmfs 3": "checksums",
    "file systems that support everything Elmfs 2 supports": "Elmfs 2, Oakfs",
    "alternatives to Elmfs 2": "Oakfs, Firfs",
    "is Oakfs copy on write or journal": "copy on write",
    "latest file system": "Firfs",
    "latest file system from Grove Lab": "Elmfs 3",
    "file systems since 2005": "Elmfs 3, Firfs, Oakfs",
    "file systems published before 2000": "Elmfs 1, Elmfs 2",
    "file systems between 1999 and 2006": "Elmfs 2, Oakfs",
    "file systems after Elmfs 1": "Elmfs 2, Elmfs 3",
    "file systems still kept up on 2005-01-01": "Elmfs 2",
    "how does Oakfs survive power loss": "Oakfs at a power loss",
}


@pytest.mark.parametrize("question", LISTS)
def test_lists(question: str, graph: KnowledgeGraph) -> None:
    answer = graph.ask(question)
    found = [row.label + ("" if row.verdict is Verdict.YES else f" {row.verdict.value}") for row in answer.rows]
    assert ", ".join(found) == LISTS[question]
    again = graph.ask(answer.reading)
    assert (again.reading, again.rows) == (answer.reading, answer.rows)


VERDICTS = {
    "does Elmfs 2 offer transparent packing": Verdict.YES,
    "does Elmfs 2 support checksums": Verdict.NO,
    "does Elmfs 2 refuse checksums": Verdict.YES,
    "does Elmfs 2 offer shared extents": Verdict.UNKNOWN,
    "does Elmfs 3 offer disk quotas": Verdict.DISPUTED,
    "does Elmfs 3 offer disk quotas according to file system survey": Verdict.NO,
    "does Elmfs 3 offer disk quotas according to file system handbook": Verdict.YES,
    # The table of Firfs is complete among packing and quotas.
    "does Firfs offer disk quotas": Verdict.NO,
    "does Firfs offer checksums": Verdict.UNKNOWN,
    "is Elmfs 2 a journalling file system": Verdict.YES,
    "is Oakfs a journalling file system": Verdict.NO,
    "does Elmfs 1 have max file size >= 2 GB": Verdict.YES,
    "does Elmfs 1 have max file size >= 2 GiB": Verdict.NO,
    "was Oakfs published before 2006": Verdict.YES,
    "is Elmfs 2 still kept up on 2012-06-30": Verdict.YES,
    "is Elmfs 2 still kept up on 2012-07-01": Verdict.NO,
    "is Oakfs still kept up on 2010-01-01": Verdict.UNKNOWN,
}


@pytest.mark.parametrize("question", VERDICTS)
def test_verdicts(question: str, graph: KnowledgeGraph) -> None:
    answer = graph.ask(question)
    assert answer.verdict is VERDICTS[question], answer.reading
    assert graph.ask(answer.reading).verdict is answer.verdict


VALUES = {
    "max file size of Elmfs 2": "2 TiB",
    "what is the max file size of Oakfs": "9 PB",
    "max name length of Elmfs 1": "14, 30",
    "publication date of Oakfs": "2005-10-31",
    "when was Elmfs 2 published": "1999-11",
}


@pytest.mark.parametrize("question", VALUES)
def test_values(question: str, graph: KnowledgeGraph) -> None:
    (row,) = graph.ask(question).rows
    assert ", ".join(value.text for value in row.fields[0].values) == VALUES[question]


def test_counts(graph: KnowledgeGraph) -> None:
    answer = graph.ask("how many file systems offer transparent packing")
    assert answer.tally is not None and (answer.tally.yes, answer.tally.unknown) == (3, 2)
    rows = graph.ask("count file systems by update strategy").rows
    assert [(row.label, row.tally and row.tally.yes) for row in rows] == [
        ("journal", 2), ("copy on write", 1), ("update in place", 1), ("not known", 1),
    ]  # fmt: skip
    rows = graph.ask("count file systems by author").rows
    assert [(row.label, row.tally and row.tally.yes) for row in rows] == [("Grove Lab", 3), ("Timber Works", 2)]


def test_why(graph: KnowledgeGraph) -> None:
    answer = graph.ask("why does Elmfs 3 support checksums")
    assert answer.verdict is Verdict.YES and [side.supports for side in answer.sides] == [True]
    disputed = graph.why("Elmfs 3 offers disk quotas")
    assert disputed.verdict is Verdict.DISPUTED
    assert [side.supports for side in disputed.sides] == [True, False]


def test_side_by_side(graph: KnowledgeGraph) -> None:
    def labels(question: str) -> set[str]:
        return {row.label for row in graph.ask(question).rows}

    differing = labels("what is the difference between Elmfs 2 and Oakfs")
    assert {"max file size", "offers capability checksums", "updates by"} <= differing
    assert "max name length" not in differing
    assert labels("what do Elmfs 2 and Oakfs have in common") == {
        "max name length", "offers capability disk quotas", "offers capability transparent packing",
    }  # fmt: skip
    assert labels("what does Oakfs support that Elmfs 2 does not support") == {"offers capability checksums"}
    assert differing < labels("compare Elmfs 2 and Oakfs")


def test_all_about_one(graph: KnowledgeGraph) -> None:
    (row,) = graph.ask("describe Oakfs").rows
    fields = {field.label: [value.text for value in field.values] for field in row.fields}
    assert fields["is a"] == ["file system"]
    assert fields["offers capability"] == ["checksums", "disk quotas", "shared extents", "transparent packing"]
    assert fields["max file size"] == ["9 PB"]


def test_history(graph: KnowledgeGraph) -> None:
    """The property that leads to the line of a version is named by the ontology of its domain."""
    events = [(row.label, row.fields[0].values[0].text) for row in graph.ask("history of Elmfs").rows]
    assert events[0] == ("1991-04-02", "Elmfs 1 introduces capability disk quotas")
    assert events[-1] == ("2012-06-30", "Elmfs 2: end of upkeep")
    assert ("2008", "Elmfs 3 introduces capability checksums") in events


ERRORS = {
    "file systems with checksms": ("E201", "file systems with checksums"),
    "file systems with max file size >= 2": ("E306", "file systems with max file size >= 2 GB"),
    "file systems with Grove Lab and": ("E102", ""),
    "authors with the largest max file size": ("E303", ""),
    "does Elmfs 4 offer checksums": ("E203", "does Elmfs 3 offer checksums"),
    "what does Oakfs write that Elmfs 2 does not write": ("E303", ""),
}


@pytest.mark.parametrize("question", ERRORS)
def test_what_is_not_understood_is_led_on(question: str, graph: KnowledgeGraph) -> None:
    with pytest.raises(VirtkgError) as caught:
        graph.ask(question)
    code, suggestion = ERRORS[question]
    assert caught.value.code == code
    assert not suggestion or suggestion in caught.value.suggestions


def test_the_domains_do_not_mix(graph: KnowledgeGraph) -> None:
    if not graph.vocabulary("hypervisor"):
        with pytest.raises(VirtkgError, match="I do not know “suites”"):
            graph.ask("suites with checksums")
        return
    for question in ("suites with checksums", "file systems with page sharing", "does Oakfs support page sharing"):
        with pytest.raises(VirtkgError, match="not related"):
            graph.ask(question)
    assert [row.label for row in graph.ask("who acquired VMware").rows] == ["Broadcom", "EMC"]

"""How many: ranges and groups against a naive count, the printed query in two engines, every format."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest
import test_language as language
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive import by_grounds
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

import virtkg
from virtkg.answer import Answer, Tally, Verdict
from virtkg.graph import EVERYTHING, KnowledgeGraph
from virtkg.language.algebra import write
from virtkg.language.conditions import Condition, ResolvedNoun
from virtkg.language.resolved import ResolvedCount
from virtkg.language.schema import TYPE
from virtkg.language.translate import DISPUTED, UNKNOWN, YES
from virtkg.language.translate_count import translate_count

HEAD = """@prefix id: <https://w3id.org/virtkg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix src: <https://w3id.org/virtkg/source/> .
@prefix vkg: <https://w3id.org/virtkg/ns#> .
"""
FLEET = """
src:one {
    id:cask a vkg:Feature ; rdfs:label "cask storage"@en .
    id:barge-1 a vkg:Suite ; rdfs:label "Barge 1"@en ; vkg:supports id:cask ; vkg:usesHypervisor id:xen .
    id:barge-2 a vkg:Suite ; rdfs:label "Barge 2"@en ; vkg:supports id:cask ; vkg:usesHypervisor id:xen , id:kvm .
    id:barge-3 a vkg:Suite ; rdfs:label "Barge 3"@en ; vkg:supports id:cask ; vkg:usesHypervisor id:kvm .
    id:barge-4 a vkg:Suite ; rdfs:label "Barge 4"@en ; vkg:lacks id:cask ; vkg:usesHypervisor id:xen .
    id:barge-5 a vkg:Suite ; rdfs:label "Barge 5"@en ; vkg:usesHypervisor id:xen .
    id:barge-6 a vkg:Suite ; rdfs:label "Barge 6"@en ; vkg:supports id:cask .
    id:barge-7 a vkg:Suite ; rdfs:label "Barge 7"@en ; vkg:cpuVirtualization id:paravirtualization .
}
src:two {
    id:barge-3 vkg:lacks id:cask .
    id:barge-7 vkg:cpuVirtualization id:full-virtualization .
}
"""
CASK = "suites with cask storage"
KEYS = [None, "usesHypervisor", "hasVendor", "cpuVirtualization", "releaseOf"]

Row = tuple[int, int, int | None]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path = tmp_path_factory.mktemp("count") / "fleet.trig"
    path.write_text(HEAD + FLEET, encoding="utf-8")
    return virtkg.load([str(path)])


@pytest.fixture(scope="module")
def store(kg: KnowledgeGraph) -> Store:
    """The exported graph, in an engine that holds all of it."""
    from pyoxigraph import RdfFormat

    held = Store()
    held.load(kg.export("nq", EVERYTHING), format=RdfFormat.N_QUADS)
    return held


def numbers(tally: Tally | None) -> Row:
    assert tally is not None
    return tally.yes, tally.disputed, tally.unknown


def shown(answer: Answer) -> dict[str, Row]:
    """Return the numbers of each group by the IRI of its value, "" if it is not known."""
    return {row.iri: numbers(row.tally) for row in answer.rows}


def queried(store: Store, meant: ResolvedCount) -> dict[str, Row]:
    """Return the numbers that the printed query gives; a count of all things stands under the class."""
    rows = store.query(write(translate_count(meant)), use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    found = {}
    for row in rows:
        sums = [_number(row[name]) for name in ("yes", "disputed", *(() if meant.open else ("unknown",)))]
        key = meant.noun.class_ if meant.by is None else row["key"]
        assert key is None or isinstance(key, NamedNode)
        found["" if key is None else key.value] = (sums[0], sums[1], None if meant.open else sums[2])
    return found


def _number(term: object) -> int:
    assert isinstance(term, Literal)
    return int(term.value)


def naively(kg: KnowledgeGraph, condition: Condition, key: str | None, is_open: bool) -> dict[str, Row]:
    """Count suite by suite, fact by fact."""
    snapshot, evidence = kg.snapshot, kg.asker.evidence
    type_, suite = (snapshot.iri_number(iri) for iri in (TYPE, language.SUITES.value))
    assert type_ is not None and suite is not None
    property_ = None if key is None else snapshot.iri_number(language.VKG + key)
    totals: dict[str, Counter[int]] = {}
    for thing in {subject for subject, _ in snapshot.subjects(type_, suite)}:
        truth = by_grounds(kg, condition, thing)
        groups = {language.SUITES.value: truth}
        if property_ is not None:
            values = {object_ for object_, _ in snapshot.objects(thing, property_)}
            groups = {"": truth} if not values else {}
            for value in values:
                sure = not evidence.is_disputed((thing, property_, value))
                groups[snapshot.iri(value)] = truth if sure else min(truth, DISPUTED)
        for group, found in groups.items():
            totals.setdefault(group, Counter())[found] += 1
    counted = {g: (c[YES], c[DISPUTED], None if is_open else c[UNKNOWN]) for g, c in totals.items()}
    return {g: c for g, c in counted.items() if key is None or any(c)}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(condition=language.CONDITIONS, key=st.sampled_from([*KEYS, "supports"]))
def test_a_count_is_that_of_a_naive_count_and_of_the_printed_query(
    kg: KnowledgeGraph, store: Store, condition: Condition, key: str | None
) -> None:
    by = None if key is None else language.vkg(key)
    meant = ResolvedCount(ResolvedNoun(language.SUITES, condition), by)
    answer = kg.asker.answer("", meant)
    assert shown(answer) == naively(kg, condition, key, meant.open) == queried(store, meant)
    whole = kg.asker.answer("", ResolvedCount(meant.noun, None))
    assert answer.tally == whole.tally and numbers(whole.tally) == shown(whole)[language.SUITES.value]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(condition=language.CONDITIONS, key=st.sampled_from(KEYS))
def test_a_count_is_said_as_it_was_meant(kg: KnowledgeGraph, condition: Condition, key: str | None) -> None:
    by = None if key is None else language.vkg(key)
    meant = ResolvedCount(ResolvedNoun(language.SUITES, condition), by)
    spoken = kg.asker.speaker.say(meant)
    understood = kg.asker.reader.understand(spoken)
    assert isinstance(understood, ResolvedCount) and understood.by == by
    assert kg.asker.answer("", understood).rows == kg.asker.answer("", meant).rows
    assert kg.asker.speaker.say(understood) == spoken


QUESTIONS = [
    "number of modes",
    "how many suites have page sharing",
    "how many suites do not support page sharing",
    "count suites by hypervisor",
    "count suites with at least 160 vCPUs by CPU virtualization",
    "count versions by product line",
    "count vendors of suites",
]


def test_rdflib_gives_the_same_numbers(kg: KnowledgeGraph) -> None:
    """The printed query over the exported graph, in another engine."""
    from rdflib import Dataset

    dataset = Dataset(default_union=True)
    dataset.parse(data=kg.export("nq", EVERYTHING).decode(), format="nquads")
    for question in QUESTIONS:
        answer, meant = kg.ask(question), kg.asker.reader.understand(question)
        assert isinstance(meant, ResolvedCount)
        theirs = {}
        for row in dataset.query(virtkg.render(answer, "sparql")):
            found = row.asdict()
            key = meant.noun.class_.value if meant.by is None else str(found.get("key", ""))
            theirs[key] = tuple(None if name not in found else int(found[name]) for name in Tally.__match_args__)
        assert theirs == shown(answer), question


# a small fleet, counted by hand


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (f"count {CASK}", {"suites with cask storage": (3, 1, 242)}),
        (f"how many {CASK} are there", {"suites with cask storage": (3, 1, 242)}),
        (f"how many {CASK.replace('with', 'support')}", {"suites with cask storage": (3, 1, 242)}),
        (f"{CASK.replace('suites', 'number of the suites')}", {"suites with cask storage": (3, 1, 242)}),
    ],
)
def test_a_count_is_a_range(question: str, expected: dict[str, Row], fleet: KnowledgeGraph) -> None:
    assert {row.label: numbers(row.tally) for row in fleet.ask(question).rows} == expected


def test_a_thing_counts_in_the_group_of_each_of_its_values(fleet: KnowledgeGraph) -> None:
    answer = fleet.ask(f"count {CASK} by hypervisor")
    found = {row.label: row.tally for row in answer.rows}
    assert numbers(found["Xen"])[:2] == (2, 0) and numbers(found["KVM"])[:2] == (1, 1)
    assert numbers(found["not known"])[0] == 1 and answer.rows[-1].label == "not known"
    assert numbers(answer.tally)[:2] == (3, 1)
    notes = {note.code: note.message for note in answer.notes}
    assert "Barge 2" in notes["I725"] and "Barge 1" not in notes["I725"]
    assert notes["I723"] == "1 disputed: Barge 3"
    assert "Barge 6" not in notes["I726"] and "with no known hypervisor, each of which may be in" in notes["I726"]
    assert f"“{CASK} or unknown” lists them" in notes["I703"]


def test_what_is_disputed_of_a_group_makes_its_count_a_range(fleet: KnowledgeGraph) -> None:
    answer = fleet.ask("count suites by CPU virtualization")
    assert numbers(answer.tally)[1:] == (0, 0)
    groups = {row.label: row for row in answer.rows}
    for label, source in (("paravirtualization", "one"), ("full virtualization", "two")):
        assert numbers(groups[label].tally)[1] >= 1 and source in groups[label].sources
    surely = {
        row.label: numbers(row.tally) for row in fleet.ask("count suites by CPU virtualization", certain=True).rows
    }
    notes = [note.message for note in fleet.ask("count suites by CPU virtualization", certain=True).notes]
    assert any("left out of those groups by --certain" in note and "Barge 7" in note for note in notes)
    assert surely["paravirtualization"][:2] == (numbers(groups["paravirtualization"].tally)[0], 0)


def test_certain_leaves_out_what_is_disputed(fleet: KnowledgeGraph) -> None:
    answer = fleet.ask(f"count {CASK} by hypervisor", certain=True)
    assert numbers(answer.tally)[:2] == (3, 0)
    assert all(numbers(row.tally)[1] == 0 for row in answer.rows)
    assert "1 disputed left out by --certain" in {note.message for note in answer.notes}


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (f"count {CASK}", 0),
        ("number of modes", 0),
        ("count suites without cask storage and with page sharing", 1),
        (f"count {CASK} and without cask storage", 4),
        ("count suites that use Liguest", 3),
    ],
)
def test_the_exit_code_is_that_of_the_list(question: str, code: int, fleet: KnowledgeGraph) -> None:
    try:
        found = int(fleet.ask(question).exit_code)
        listed = int(fleet.ask(question.removeprefix("count ").removeprefix("number of ")).exit_code)
        assert found == listed
    except virtkg.QuestionError as error:
        found = int(error.exit_code)
    assert found == code


def test_nothing_bounds_a_count_that_no_fact_could_deny(fleet: KnowledgeGraph) -> None:
    answer = fleet.ask("how many suites use Xen")
    tally = answer.tally
    assert tally is not None and tally.unknown is None and tally.possible is None and tally.yes >= 4
    assert tally.verdict is Verdict.YES
    assert "I724" in {note.code for note in answer.notes}
    assert "certainly, perhaps more" in virtkg.render(answer)


def test_a_group_of_a_vendor_is_not_a_suite_by_some_vendor(kg: KnowledgeGraph) -> None:
    grouped = kg.asker.reader.understand("count suites by vendor")
    assert grouped == kg.asker.reader.understand("how many suites per vendor")
    assert grouped == kg.asker.reader.understand("show the number of suites grouped by vendor")
    made = kg.asker.reader.understand("count suites by VMware")
    assert isinstance(made, ResolvedCount) and made.by is None and made.noun.condition is not None


def test_years_are_no_things(kg: KnowledgeGraph) -> None:
    answer = kg.ask("how many years was vSphere 5.1 supported")
    assert answer.tally is None and answer.kind != "count"
    with pytest.raises(virtkg.QuestionError) as caught:
        kg.ask("how many weeks was vSphere 5.1 supported")
    assert "“weeks”" in caught.value.message and caught.value.column == 10
    assert caught.value.suggestions == ()


# formats


def test_every_format_shows_the_range(fleet: KnowledgeGraph) -> None:
    answer = fleet.ask(f"count {CASK} by hypervisor")
    for name in ("table", "md", "html"):
        text = virtkg.render(answer, name)
        assert "certainly, up to" in text and "not known" in text and "possible" in text, name
    document = json.loads(virtkg.render(answer, "json"))
    assert document["kind"] == "count" and document["verdict"] is None
    assert document["count"] == {"yes": 3, "disputed": 1, "unknown": 242, "certain": 3, "possible": 246}
    (kvm,) = (row for row in document["rows"] if row["label"] == "KVM")
    assert (kvm["count"]["certain"], kvm["count"]["disputed"]) == (1, 1) and set(kvm["sources"]) == {"one", "two"}
    for name, delimiter in (("csv", ","), ("tsv", "\t")):
        table = list(csv.DictReader(io.StringIO(virtkg.render(answer, name)), delimiter=delimiter))
        assert {row["label"] for row in table} == {row.label for row in answer.rows}
        assert {row["label"]: row["certain"] for row in table}["KVM"] == "1"


def test_a_count_that_nothing_bounds_is_null_or_empty(fleet: KnowledgeGraph) -> None:
    answer = fleet.ask("how many suites use Xen")
    document = json.loads(virtkg.render(answer, "json"))
    assert document["count"]["possible"] is None and document["count"]["unknown"] is None
    (row,) = csv.DictReader(io.StringIO(virtkg.render(answer, "csv")))
    assert row["possible"] == row["unknown"] == "" and row["certain"] == str(document["count"]["certain"])


def test_a_limit_hides_groups_and_not_what_they_count(fleet: KnowledgeGraph) -> None:
    answer = fleet.ask(f"count {CASK} by hypervisor")
    cut = answer.cut(1)
    assert len(cut.rows) == 1 and cut.tally == answer.tally and cut.exit_code == answer.exit_code

"""The corpus of questions, with a golden file for each stage, and what the course unit alone must answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from corpus import TODAY

import virtkg
from virtkg.answer import Verdict
from virtkg.ask import Asker
from virtkg.graph import KnowledgeGraph
from virtkg.language.parse import QUESTION
from virtkg.present.plain import answer as plain

HERE = Path(__file__).parent
CORPUS = [line for line in (HERE / "questions.txt").read_text().splitlines() if line and not line.startswith("#")]
EXPECTED = [
    line.split("\t")
    for line in (HERE / "expected_on_the_seed.tsv").read_text().splitlines()
    if line and not line.startswith("#")
]


def slug(question: str) -> str:
    words = question.replace(">=", " ge ").replace("<=", " le ")
    return re.sub(r"[^a-z0-9.]+", "-", words.lower()).strip("-.") + ("-loud" if question.isupper() else "")


def names(question: str) -> str:
    return slug(question) + ("-shouted" if question.startswith("SUITES") else "")


def test_the_corpus_is_there() -> None:
    assert len(CORPUS) > 50
    assert len({names(question) for question in CORPUS}) == len(CORPUS)
    assert len(EXPECTED) > 25


@pytest.fixture(scope="module")
def asker(kg: KnowledgeGraph) -> Asker:
    """What understands “still” and “latest” on one day, whenever the tests run."""
    return kg._asking(TODAY)


@pytest.mark.parametrize("question", CORPUS, ids=names)
def test_every_stage_is_as_before(
    question: str, asker: Asker, kg: KnowledgeGraph, check_golden: Callable[[str, str], None]
) -> None:
    trees = asker.reader.parser.readings(question, QUESTION)
    meant = asker.reader.understand(question)
    answer = kg.ask(question, as_of=TODAY)
    folder = f"questions/{names(question)}"
    check_golden(f"{folder}/tree", "\n".join(_short(repr(tree)) for tree in trees) + "\n")
    check_golden(f"{folder}/meaning", f"{answer.reading}\n{_short(repr(meant))}\n")
    check_golden(f"{folder}/query.rq", answer.sparql + "\n")
    check_golden(f"{folder}/answer", plain(answer) + "\n")


def _short(text: str) -> str:
    """Shorten IRIs, and leave the numbers of terms out: they change with every fact."""
    text = re.sub(r"<NamedNode value=https://w3id.org/virtkg/(?:ns#|id/)([^>]*)>", r"\1", text)
    return re.sub(r"term=\d+", "term=_", text)


@pytest.mark.parametrize("question", CORPUS, ids=names)
def test_the_canonical_text_means_the_same(question: str, kg: KnowledgeGraph) -> None:
    meant = kg.asker.reader.understand(question)
    spoken = kg.asker.speaker.say(meant)
    assert kg.asker.reader.understand(spoken) == meant
    assert kg.asker.speaker.say(kg.asker.reader.understand(spoken)) == spoken


@pytest.fixture(scope="module")
def seed() -> KnowledgeGraph:
    """The course unit and the redrawing of its figure, and nothing else."""
    return virtkg.load(sources=["cmu-virtualization-suites", "liu-fosdem-2016"])


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: slug(row[0]))
def test_the_seed_alone_answers_as_it_says(row: list[str], seed: KnowledgeGraph) -> None:
    question, expected = row[0], row[1] if len(row) > 1 else ""
    answer = seed.ask(question)
    assert {found.label for found in answer.rows} == set(filter(None, expected.split(" | ")))
    assert all(found.verdict is Verdict.YES for found in answer.rows)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("does XenServer 6 support page sharing", Verdict.NO),
        ("does vSphere 5.1 support page sharing", Verdict.YES),
        ("does RHEV 3 support page sharing", Verdict.NO),
        ("does XenServer 6 run PV guests", Verdict.YES),
        ("does vSphere 5.1 run PV guests", Verdict.UNKNOWN),
        ("does XenServer 6 not support page sharing", Verdict.YES),
        ("is XenServer 6 a PV-capable suite", Verdict.YES),
        ("does HVM require hardware extensions", Verdict.YES),
        ("does full virtualization require hardware extensions", Verdict.NO),
        ("does Hyper-V 2012 have at least 320 vCPUs", Verdict.YES),
        ("does Hyper-V 2012 have more than 320 vCPUs", Verdict.NO),
    ],
)
def test_the_seed_alone_decides(question: str, verdict: Verdict, seed: KnowledgeGraph) -> None:
    assert seed.ask(question).verdict is verdict


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("does RHEV 3 support page sharing", Verdict.DISPUTED),
        ("is Hyper-V 2012 a CPU-paravirtualizing suite", Verdict.DISPUTED),
        ("is XenServer 6 a CPU-paravirtualizing suite", Verdict.YES),
        ("does Hyper-V 2012 have at least 320 vCPUs", Verdict.DISPUTED),
        ("does Hyper-V 2012 have at least 64 vCPUs", Verdict.YES),
        ("does XCP-ng 8.3 run PV", Verdict.NO),
        ("does XCP-ng 8.3 run PVH", Verdict.UNKNOWN),
        ("does XCP-ng 8.3 preview PVH", Verdict.YES),
        ("does Xen 4.17 run PVHVM", Verdict.YES),
        ("does Xen 4.9 run PVH version 1", Verdict.NO),
        ("does Xen 4.17 run PVH version 1", Verdict.NO),
        ("does Xen 4.4 run PVH", Verdict.YES),
    ],
)
def test_all_sources_together_decide(question: str, verdict: Verdict, kg: KnowledgeGraph) -> None:
    assert kg.ask(question).verdict is verdict


def test_both_sides_of_a_dispute_are_cited(kg: KnowledgeGraph) -> None:
    (row,) = kg.ask("does RHEV 3 support page sharing").rows
    assert set(row.sources) == {"cmu-virtualization-suites", "red-hat-version-3-rest-api"}


def test_certain_leaves_out_what_is_disputed(kg: KnowledgeGraph) -> None:
    question = "suites with at least 160 vCPUs"
    disputed = {row.label for row in kg.ask(question).rows if row.verdict is Verdict.DISPUTED}
    assert disputed == {"Hyper-V 2012", "vSphere 5.1"}
    assert not disputed & {row.label for row in kg.ask(question, certain=True).rows}

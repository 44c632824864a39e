"""A text of several sentences: its questions are answered in turn, and what is not understood is told."""

from __future__ import annotations

import csv
import io
import json

import pytest

import virtkg
from virtkg.answer import Verdict
from virtkg.diagnostics import ExitCode
from virtkg.graph import KnowledgeGraph
from virtkg.present.html import answer as as_html
from virtkg.present.written import render

TWO = "who made Firecracker and what licence has it"

READ = [
    ("Does vSphere 5.1 do live migration? we need that", ["does vSphere 5.1 support live migration"], ["we need that"]),
    (TWO, ["vendors making Firecracker", "licences of Firecracker"], []),
    (
        "We still run ESXi 6.7. Is it supported?",
        ["is ESXi 6.7 still supported on 2026-11-24"],
        ["We still run ESXi 6.7."],
    ),
    (
        "suites with page sharing. how does HVM virtualize disk?",
        ["suites with page sharing", "how does HVM virtualize disk"],
        [],
    ),
    ("Now hear this: suites with page sharing", ["suites with page sharing"], ["Now hear this:"]),
]

REFUSED = [
    ("does vSphere 5.1 do live migration? and at what price?", "“price”"),
    ("suites with page sharing. But not vSphere.", "“vSphere”"),
    ("suites with page sharing. Only blimey ones.", "“blimey”"),
    ("suites with page sharing. Show me blimey ones", "“blimey”"),
    ("suites with page sharing. is it blimey?", "“it”, “blimey”"),
    ("Xen or KVM: does it support live migration?", "“it”"),
    ("I want the cheapest. suites with page sharing", "“cheapest”"),
    ("DROP <urn:x>. suites with page sharing", "“DROP”"),
    ("vSphere 5.1 or blimey: suites with page sharing", "“blimey”"),
    ("do it. do it. do it. do it. do it. do it. suites with page sharing", "“it”"),
]


@pytest.mark.parametrize(("text", "readings", "unread"), READ, ids=[text for text, _, _ in READ])
def test_the_questions_of_a_text_are_answered_in_turn(
    text: str, readings: list[str], unread: list[str], kg: KnowledgeGraph
) -> None:
    answer = kg.ask(text, as_of="2026-11-24")
    assert [answer.reading, *(other.reading for other in answer.further)] == readings
    assert list(answer.unread) == unread and answer.question == text
    assert answer.rows == kg.ask(readings[0], as_of="2026-11-24").rows


@pytest.mark.parametrize(("text", "named"), REFUSED, ids=[text for text, _ in REFUSED])
def test_nothing_that_asks_or_goes_on_is_left_out(text: str, named: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError) as caught:
        kg.ask(text)
    assert named in caught.value.message


def test_what_is_not_read_stands_below_what_is(kg: KnowledgeGraph) -> None:
    answer = kg.ask("We rely on that. suites with page sharing")
    said = "not read: “We rely on that.”"
    assert render(answer).splitlines()[:2] == ["suites with page sharing", said]
    assert render(answer, "md").splitlines()[:3] == ["*suites with page sharing*", "", said]
    assert f"<p>{said}</p>" in as_html(answer)
    assert json.loads(render(answer, "json"))["unread"] == ["We rely on that."]
    assert len(list(csv.reader(io.StringIO(render(answer, "csv"))))) == 1 + len(answer.rows)


@pytest.mark.parametrize("format", ["table", "md", "html"])
def test_further_answers_stand_behind_the_first(format: str, kg: KnowledgeGraph) -> None:
    answer = kg.ask(TWO)
    first, second = kg.ask("who made Firecracker"), kg.ask("what licence has Firecracker")
    joint = {"table": "\n\n", "md": "\n\n", "html": ""}[format]
    assert render(answer, format) == joint.join(render(one, format) for one in (first, second))


def test_json_nests_further_answers(kg: KnowledgeGraph) -> None:
    found = json.loads(render(kg.ask(TWO), "json"))
    assert [row["label"] for row in found["rows"]] == ["Amazon Web Services"]
    assert [row["label"] for other in found["further"] for row in other["rows"]] == ["Apache-2.0"]
    assert "further" not in json.loads(render(kg.ask("who made Firecracker"), "json"))


@pytest.mark.parametrize("format", ["csv", "tsv", "sparql", "turtle"])
def test_a_format_of_one_answer_refuses_several(format: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QueryError) as caught:
        render(kg.ask(TWO), format)
    assert caught.value.code == "Q313" and caught.value.hint


def test_the_exit_code_is_the_highest(kg: KnowledgeGraph) -> None:
    yes, no = "does vSphere 5.1 support live migration?", "does XenServer 6 support page sharing?"
    assert [kg.ask(text).verdict for text in (yes, no)] == [Verdict.YES, Verdict.NO]
    assert kg.ask(f"{yes} {no}").exit_code == kg.ask(f"{no} {yes}").exit_code == ExitCode.NEGATIVE
    assert kg.ask(f"{yes} {yes}").exit_code == ExitCode.DONE


def test_each_answer_is_cut_and_unfolded(kg: KnowledgeGraph) -> None:
    answer = kg.ask("suites with ballooning. suites with page sharing").cut(2)
    assert [len(one.rows) for one in (answer, *answer.further)] == [2, 2]
    assert all(one.notes[-1].code == "I709" for one in (answer, *answer.further))
    assert not any(one.lines for one in (answer.each(), *answer.each().further))


def test_proofs_are_of_each_answer(kg: KnowledgeGraph) -> None:
    answer = kg.ask("does XenServer 6 run PV? does vSphere 5.1 support page sharing?", proofs=True)
    assert answer.sides and answer.further[0].sides


def test_a_choice_is_of_the_question_that_has_several_meanings(kg: KnowledgeGraph) -> None:
    text = "suites with page sharing. suites with 128 vCPUs."
    with pytest.raises(virtkg.AmbiguousQuestion) as caught:
        kg.ask(text)
    chosen = kg.ask(text, reading=2)
    assert [chosen.reading, chosen.further[0].reading] == ["suites with page sharing", caught.value.suggestions[1]]
    with pytest.raises(virtkg.QuestionError):
        kg.ask(text, reading=3)

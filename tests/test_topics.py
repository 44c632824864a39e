"""What is not held: topics are told with their words, and never stand in the way of a question that is understood."""

from __future__ import annotations

import pytest

import virtkg
from virtkg.diagnostics import ExitCode
from virtkg.graph import KnowledgeGraph
from virtkg.language.topics import topics


def test_every_topic_leads_to_a_question_that_is_answered(kg: KnowledgeGraph) -> None:
    assert len(topics()) > 6
    for topic in topics():
        assert kg.ask(topic.example).rows, topic.name
        assert all(signal == signal.casefold().strip() for signal in topic.signals)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("how much does vSphere 8.0 cost per core", "prices|“how much does”|“cost”|“core”"),
        ("should we move to a cheaper suite", "recommendations|prices|“should we”|“move”|“cheaper”"),
        ("can XenServer 6 run Windows", "guest systems|“Windows”"),
        ("market share of KVM in 2025", "market shares|“market share”"),
    ],
)
def test_every_word_without_a_place_is_named(question: str, names: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError) as caught:
        kg.ask(question)
    error = caught.value
    assert error.code == "E401" and error.exit_code is ExitCode.NOT_UNDERSTOOD
    assert all(name in error.message for name in names.split("|")), error.message
    assert error.hint and error.offers and error.column is not None
    assert question[error.column - 1 :].startswith(error.message.partition("“")[2].partition("”")[0])


def test_a_word_of_the_graph_signals_nothing(kg: KnowledgeGraph) -> None:
    """“slow” names a class of performance, so that it is no sign of a topic; other errors are as ever."""
    for question, code in (("describe slow with", "E103"), ("suites with page-shairng", "E201")):
        with pytest.raises(virtkg.QuestionError) as caught:
            kg.ask(question)
        assert caught.value.code == code

"""How a question can go on: what is offered is the beginning of a question, and what is meant comes first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virtkg.diagnostics import QuestionError
from virtkg.graph import KnowledgeGraph
from virtkg.language.complete import Completion
from virtkg.language.parse import QUESTION, STATEMENT, Parser
from virtkg.language.vocabulary import by_terminal, keywords
from virtkg.language.words import phrase, split

CONTEXTS = {
    "CLASS": "",
    "ENT": "describe ",
    "NUMPROP": "suites with ",
    "NOUN": "suites whose ",
    "VERB": "suites that ",
    "PART": "suites ",
    "STILL": "suites ",
    "UNIT": "suites with max memory per VM >= 4 ",
    "FVERB": "how does HVM ",
    "RESULT": "modes where disk is ",
    "SPAN": "when does ",
    "EVENT": "modes ",
    "ROLE": "what is the ",
    "FPART": "how is disk ",
    "DEED": "suites that ",
    "ENDED": "suites ",
}
"""A beginning that a word of each kind can follow."""


def texts(completions: list[Completion]) -> list[str]:
    return [completion.text for completion in completions]


def whole(text: str, completion: Completion) -> str:
    return text[: completion.start] + completion.text


def begins_a_question(kg: KnowledgeGraph, text: str, start: str = QUESTION) -> bool:
    return bool(kg.asker.reader.parser.following(split(text), start)[-1])


# what is offered


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("suites with pag", "page sharing", "overcommit mechanism"),
        ("suites with page sh", "page sharing", "overcommit mechanism"),
        ("suites with page ", "page sharing", "overcommit mechanism"),
        ("suites with PAGE-SH", "page sharing", "overcommit mechanism"),
        ("suites with page sharing and live migr", "live migration", "feature"),
        ("suit", "suites", "class"),
        ("is XenServer 6 a suit", "suite", "class"),
        ("suites with max memory per V", "max memory per VM", "measure"),
        ("suites with max memory per VM >= 4 Ti", "TiB", "unit"),
        ("suites with max memory per VM >= 4Ti", "TiB", "unit"),
        ("how does PVHVM virt", "virtualize", "facet verb"),
        ("compare vSphere 5.1 an", "and", "word"),
        ("does XenServer 6 supp", "support", "verb"),
    ],
)
def test_a_part_of_a_word_is_continued(text: str, word: str, kind: str, kg: KnowledgeGraph) -> None:
    found = kg.complete(text)
    assert (word, kind) in {(completion.text, completion.kind) for completion in found}
    typed = text.rsplit(maxsplit=1)[-1].casefold()
    assert len(found) < 20
    assert all(typed in whole(text, completion).casefold().replace("-", " ") for completion in found) or "-" in typed


def test_the_kind_of_a_thing_is_its_narrowest_classes(kg: KnowledgeGraph) -> None:
    kinds = {completion.text: completion.kind for completion in kg.complete("describe XenServer")}
    assert (kinds["XenServer 5.6"], kinds["XenServer Premium"]) == ("release, suite", "edition")


def test_a_finished_word_is_followed_by_the_next(kg: KnowledgeGraph) -> None:
    after, apart = kg.complete("suites with page sharing"), kg.complete("suites with page sharing ")
    assert {"and", "or", "without"} <= set(texts(apart))
    assert texts(after) == [f" {text}" for text in texts(apart)]
    assert not {"page sharing", "is", "compare"} & set(texts(apart))


def test_a_word_in_the_plural_is_a_whole_one(kg: KnowledgeGraph) -> None:
    assert "Enterprise Systems on private clouds" in texts(kg.complete("describe Enterprise Systems"))
    assert " with" in texts(kg.complete("suites"))


def test_the_empty_text_is_followed_by_what_begins_a_question(kg: KnowledgeGraph) -> None:
    found = kg.complete("")
    assert {"which", "compare", "suites", "XenServer 6"} <= set(texts(found))
    assert not {"with", "and", "using"} & set(texts(found))
    kinds = [completion.kind for completion in found]
    assert kinds.index("word") < kinds.index("class") < kinds.index("measure")


def test_versions_are_in_order(kg: KnowledgeGraph) -> None:
    found = [text for text in texts(kg.complete("describe Xen 4")) if text in ("Xen 4.2", "Xen 4.9", "Xen 4.10")]
    assert found == ["Xen 4.2", "Xen 4.9", "Xen 4.10"]


def test_a_phrase_without_meaning_there_is_left_out(kg: KnowledgeGraph) -> None:
    assert "Citrix" in texts(kg.complete("suites from C"))
    assert "CPU hotplug" not in texts(kg.complete("suites from C"))
    assert "CPU hotplug" in texts(kg.complete("describe C"))


def test_nothing_follows_what_is_not_understood(kg: KnowledgeGraph) -> None:
    for text in ("foobar ", "suites with foobar ", "suites with foobar pag", "suites suites modes "):
        assert kg.complete(text) == []
    for text in ("suites with page sharing " + "and page sharing " * 30, "describe " + "x" * 500):
        assert kg.complete(text) == []


def test_only_the_text_before_the_cursor_counts(kg: KnowledgeGraph) -> None:
    assert kg.complete("suites with pag and foobar", 15) == kg.complete("suites with pag")


def test_a_text_that_is_no_text_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(QuestionError, match="UTF-8"):
        kg.complete("suites \udcff")


def test_a_statement_begins_with_a_name(kg: KnowledgeGraph) -> None:
    found = kg.complete("", statement=True)
    assert "XenServer 6" in texts(found)
    assert "compare" not in texts(found)
    assert "PV guest" in texts(kg.complete("XenServer 6 runs PV", statement=True))


def test_labels_are_completed_by_all_their_words(kg: KnowledgeGraph) -> None:
    assert "page sharing" in texts(kg.complete_label("page sh"))
    assert "page sharing" in texts(kg.complete_label("Page-"))
    assert kg.complete_label("nobody is called so") == []
    for completion in kg.complete_label("xen"):
        assert completion.start == 0
        assert phrase(completion.text).startswith("xen")


# what holds of all


def test_every_phrase_is_completed_where_its_kind_can_stand(kg: KnowledgeGraph) -> None:
    """Half of every label, after a beginning that words of its kind can follow, is continued by the label."""
    vocabulary = kg.asker.reader.vocabulary
    offered = 0
    missed: list[str] = []
    beginnings: set[str] = set()
    for text, senses, _ in vocabulary.beginning(""):
        terminals = by_terminal(senses)
        if text in keywords() or text.count(" ") >= 8 or not terminals:
            continue
        terminal = next(iter(terminals)).removeprefix("C") if "CLASS" not in terminals else "CLASS"
        before = CONTEXTS[terminal]
        written = vocabulary.written(text, senses[0])
        half = before + written[: (len(written) + 1) // 2]
        found = kg.complete(half)
        forms = {phrase(whole(half, completion)) for completion in found}
        if phrase(before + written) in forms:
            offered += 1
        elif half != before + written and kg.asker.reader.fits(before + written) is not False:
            missed.append(half)
        beginnings.update(whole(half, completion) for completion in found)
    assert offered > 3000
    # Cut within the ending of a plural, “patche”, a word is no part of what it is found by, “patch”.
    assert [text for text in missed if not re.search(r"(e|ie)$", text)] == []
    assert len(missed) < 10
    assert [text for text in beginnings if not begins_a_question(kg, text)] == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), start=st.sampled_from([QUESTION, STATEMENT]))
def test_completing_never_leaves_the_language(kg: KnowledgeGraph, data: st.DataObject, start: str) -> None:
    text = ""
    for _ in range(6):
        found = kg.complete(text, statement=start == STATEMENT)
        if not found:
            break
        chosen = whole(text, data.draw(st.sampled_from(found)))
        assert begins_a_question(kg, chosen, start), (text, chosen)
        # Cut it somewhere in what was added: that goes on too.
        cut = data.draw(st.integers(len(text), len(chosen)))
        for completion in kg.complete(chosen[:cut], statement=start == STATEMENT):
            assert begins_a_question(kg, whole(chosen[:cut], completion), start), (chosen[:cut], completion)
        text = chosen + data.draw(st.sampled_from(["", " "]))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from('suites with page-sharing >= 4TiB,."()\u2019 é\u202e\x00'), max_size=30))
def test_any_text_is_completed_or_not(kg: KnowledgeGraph, text: str) -> None:
    for completion in kg.complete(text):
        assert begins_a_question(kg, whole(text, completion)), completion


@pytest.mark.parametrize("text", ["", "mod", "does ", "suites with ", "which hypervisors are used by ", "XenServer 6 "])
def test_a_completion_tries_few_questions(text: str, kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs about half a millisecond, and the shell waits."""
    tried, stages = 0, Parser.stages

    def counted(*arguments: Any, **options: Any) -> Iterator[Any]:
        nonlocal tried
        tried += 1
        return stages(*arguments, **options)

    monkeypatch.setattr(Parser, "stages", counted)
    assert kg.complete(text)
    assert 0 < tried <= 200

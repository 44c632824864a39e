"""Any text ends in an answer or in one clear error, whose suggestions can be asked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

import pytest
from any_text import Writer

import virtkg
from virtkg.graph import KnowledgeGraph
from virtkg.language.parse import MAX_CHARACTERS
from virtkg.present.problem import as_json, as_text
from virtkg.present.written import FORMATS

TEXTS = 80
TODAY = "2026-11-24"

Outcomes: TypeAlias = "list[tuple[str, virtkg.Answer | virtkg.VirtkgError]]"


@pytest.fixture(scope="module")
def writer(kg: KnowledgeGraph) -> Writer:
    return Writer(kg.snapshot, seed=24)


@pytest.fixture(scope="module")
def outcomes(kg: KnowledgeGraph, writer: Writer) -> Outcomes:
    return [(text, asked(kg, text)) for text in islice(writer.texts(), TEXTS)]


def asked(kg: KnowledgeGraph, text: str, reading: int | None = None) -> virtkg.Answer | virtkg.VirtkgError:
    try:
        return kg.ask(text, as_of=TODAY, reading=reading)
    except virtkg.VirtkgError as error:
        return error


def errors(
    outcomes: Outcomes,
) -> Iterator[tuple[str, virtkg.VirtkgError]]:
    return ((text, found) for text, found in outcomes if isinstance(found, virtkg.VirtkgError))


def answers(outcomes: Outcomes) -> list[virtkg.Answer]:
    return [found for _, found in outcomes if isinstance(found, virtkg.Answer)]


def test_there_are_texts_of_every_fate(outcomes: Outcomes) -> None:
    assert len({text for text, _ in outcomes}) > TEXTS * 0.9
    assert len({found.kind for found in answers(outcomes)}) > 3
    assert len({error.code for _, error in errors(outcomes)}) > 3
    assert all(len(text) <= MAX_CHARACTERS + 1 for text, _ in outcomes)


def test_every_rule_of_the_grammar_is_derived(writer: Writer) -> None:
    assert sum(1 for _ in islice(writer.texts(), 3000)) == 3000
    assert set(writer.rules) - set(writer.derived) <= {"statement"}


def test_every_answer_is_shown_in_every_format(
    outcomes: Outcomes,
) -> None:
    for answer in answers(outcomes):
        for name in FORMATS:
            if name == "sparql" and not answer.sparql:
                with pytest.raises(virtkg.QueryError):
                    virtkg.render(answer, name)
            else:
                assert virtkg.render(answer, name)


def test_what_was_read_is_read_so_again(kg: KnowledgeGraph, outcomes: Outcomes) -> None:
    unlike = []
    for answer in answers(outcomes):
        again = asked(kg, answer.reading)
        # What the same words name besides is a choice, which is shown, or of which nothing is known.
        if isinstance(again, virtkg.AmbiguousQuestion):
            continue
        if isinstance(again, virtkg.VirtkgError) or (
            (again.reading, again.rows) != (answer.reading, answer.rows)
            and not any(note.code == "I736" for note in again.notes)
        ):
            unlike.append(answer.reading)
    # A few odd meanings, such as a denied kind with another condition, have no words that mean just them.
    assert len(unlike) <= 1, unlike


def test_what_an_error_suggests_can_be_asked(kg: KnowledgeGraph, outcomes: Outcomes) -> None:
    for text, error in errors(outcomes):
        assert error.message and as_text(error) and as_json(error)
        if isinstance(error, virtkg.AmbiguousQuestion):
            continue
        for other in (*error.suggestions, *error.offers):
            found = asked(kg, other)
            assert isinstance(found, virtkg.Answer | virtkg.AmbiguousQuestion), (text, other)


def test_every_meaning_of_several_is_answered(kg: KnowledgeGraph, outcomes: Outcomes) -> None:
    for text, error in errors(outcomes):
        if isinstance(error, virtkg.AmbiguousQuestion) and "looser" not in error.message:
            for number in range(1, len(error.suggestions) + 1):
                assert isinstance(asked(kg, text, number), virtkg.Answer), (text, number)

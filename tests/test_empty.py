"""What is said of an answer without rows, against every set of conditions tried one by one through the API."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from itertools import combinations

import pytest

from virtkg.answer import Answer
from virtkg.graph import KnowledgeGraph

ADDED = (
    "with page sharing",
    "without page sharing",
    "with live migration",
    "without memory overcommitment",
    "made by Citrix",
    "made by Microsoft",
    "with max vCPUs per VM <= 1",
    "with max memory per VM >= 6 TB",
    "released before 2010",
    "with virtual TPM",
    "that run PVH guests",
    "(with memory ballooning or with nested virtualization)",
    "(made by Citrix or released before 1980)",
)
GIVES = re.compile(r"“([^”]*)” gives ([\d,]+)")
ITSELF = re.compile(r"nothing satisfies ((?:“[^”]*”(?: or )?)+)")


def empty_note(answer: Answer) -> str | None:
    return next((note.message for note in answer.notes if note.code == "I701"), None)


@pytest.fixture(scope="module")
def ask(kg: KnowledgeGraph) -> Callable[[str], Answer]:
    """Answer questions, each once."""
    return cache(kg.ask)


def told(message: str) -> dict[str, int]:
    return {text: int(number.replace(",", "")) for text, number in GIVES.findall(message)}


def asked(conditions: tuple[str, ...], noun: str = "suites") -> str:
    return f"{noun} {' and '.join(conditions)}".strip()


def smallest(
    ask: Callable[[str], Answer], conditions: tuple[str, ...], noun: str = "suites", most: int | None = None
) -> dict[str, int]:
    """Return what the fewest conditions left out give, by the text that is read out: all sets are asked, one by one."""
    for size in range(1, len(conditions) if most is None else most + 1):
        found = {}
        for left_out in combinations(conditions, size):
            rest = asked(tuple(c for c in conditions if c not in left_out), noun)
            answer = ask(rest)
            if answer.rows:
                found[answer.reading] = len(answer.rows)
        if found:
            return found
    return {}


def conjunctions(number: int) -> list[tuple[str, ...]]:
    chance = random.Random(7)
    return [tuple(chance.sample(ADDED, chance.randint(2, 5))) for _ in range(number)]


@pytest.mark.parametrize("conditions", conjunctions(20), ids=" & ".join)
def test_the_fewest_conditions_are_those_of_trying_all(
    conditions: tuple[str, ...], ask: Callable[[str], Answer]
) -> None:
    answer = ask(asked(conditions))
    message = empty_note(answer)
    assert (message is None) == bool(answer.rows)
    if message is None:
        return
    expected, shown = smallest(ask, conditions), told(message)
    assert len(shown) == min(3, len(expected)) and shown.items() <= expected.items()
    assert list(shown.values()) == sorted(expected.values(), reverse=True)[:3]
    alone = {found.reading for part in conditions if not (found := ask(asked((part,)))).rows}
    said = {text for part in ITSELF.findall(message) for text in re.findall("“([^”]*)”", part)}
    assert said <= alone and len(said) == min(3, len(alone))


INSIDE = (
    ("hypervisors used by suites", ("with page sharing", "made by Citrix")),
    ("hypervisors used by suites", ("with page sharing", "with live migration", "made by Microsoft")),
    ("vendors making suites", ("with page sharing", "with max vCPUs per VM <= 1", "made by Citrix")),
    ("vendors making suites", ("with max vCPUs per VM <= 1", "released before 1980")),
)


@pytest.mark.parametrize(("noun", "conditions"), INSIDE, ids=str)
def test_the_fewest_conditions_inside_a_noun_are_those_of_trying_all(
    noun: str, conditions: tuple[str, ...], ask: Callable[[str], Answer]
) -> None:
    message = empty_note(ask(asked(conditions, noun)))
    assert message is not None
    expected = smallest(ask, conditions, noun, most=len(conditions))
    assert told(message) == expected and expected


def test_the_conjunctions_try_something(ask: Callable[[str], Answer]) -> None:
    messages = [empty_note(ask(asked(conditions))) for conditions in conjunctions(20)]
    found = [len(told(message)) for message in messages if message is not None]
    assert len(found) > 8 and {1, 2, 3} <= set(found)
    assert any(message is not None and ITSELF.search(message) for message in messages)


EMPTY = (
    "suites with page sharing and live migration but without memory overcommitment",
    "hypervisors used by suites with page sharing and from Citrix",
    "vendors of suites with page sharing and with max vCPUs per VM <= 1 and made by Citrix",
    "count suites with page sharing and made by Citrix",
    "count suites with page sharing and made by Citrix by hypervisor",
    "latest suites made by Citrix and with page sharing",
    "top 3 suites made by Citrix and with page sharing by max memory per VM",
    "suites with page sharing and made by Citrix according to CMU course unit",
    "PV-capable suites with page sharing and released before 1980",
    "suites made by Citrix and ((with page sharing and released before 2000) or made by VMware)",
    "suites that use hypervisors with page sharing and released before 1980",
    "release date of suites with page sharing and made by Citrix",
    "suites with page sharing and with max vCPUs per VM >= 1000 for generation 2",
)


@pytest.mark.parametrize("question", EMPTY)
def test_every_question_that_is_named_gives_what_is_said(question: str, ask: Callable[[str], Answer]) -> None:
    message = empty_note(ask(question))
    assert message is not None and told(message), message
    for text, number in told(message).items():
        answer = ask(text)
        counted = len(answer.rows) if answer.tally is None else answer.tally.yes + answer.tally.disputed
        assert (answer.reading, counted or None) == (text, number)


def test_what_certain_leaves_out_is_not_counted(kg: KnowledgeGraph) -> None:
    every, certain = (kg.ask("suites with page sharing and released before 1980", certain=way) for way in (False, True))
    counts = [told(empty_note(answer) or "")["suites with page sharing"] for answer in (every, certain)]
    assert counts == [len(kg.ask("suites with page sharing", certain=way).rows) for way in (False, True)]
    assert counts[0] > counts[1]


def test_a_single_condition_has_nothing_left_out(ask: Callable[[str], Answer]) -> None:
    assert empty_note(ask("suites released before 1980")) == "nothing is known to satisfy this"


def test_trying_ends_and_says_so(ask: Callable[[str], Answer]) -> None:
    years = [f"released in {1930 + number}" for number in range(12)]
    message = empty_note(ask(asked(tuple(years))))
    assert message is not None and message.endswith("no two conditions left out give rows")

"""What a text asks about that no fact could answer: topics, by the words that signal them.

Knows: the table of topics. Must not know: the graph, the grammar, or how an error is shown.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from functools import cache

from virtkg.language.words import Word
from virtkg.record import record


@record
class Topic:
    """A topic that is not held, what is held instead, and questions for it.

    `offers` have places for a {thing} or {class} of the text; `example` fits any text.
    """

    name: str
    signals: frozenset[str]
    held: str
    example: str
    offers: tuple[str, ...]


@record
class Signal:
    """Words `start` to `end` that signal a topic."""

    topic: Topic
    start: int
    end: int


@cache
def topics() -> tuple[Topic, ...]:
    """Return the topics of the table."""
    path = os.path.join(os.path.dirname(__file__), "topics.tsv")
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    return tuple(
        Topic(name, frozenset(signals.split("|")), held, example, tuple(filter(None, offers.split("|"))))
        for name, signals, held, example, offers in rows
    )


def signals(words: list[Word], unknown: Collection[int]) -> list[Signal]:
    """Return the longest signals in a text, in its order.

    A signal of one word counts only if that means nothing else; several together are no chance.
    """
    longest = max(phrase.count(" ") + 1 for topic in topics() for phrase in topic.signals)
    found: list[Signal] = []
    start = 0
    while start < len(words):
        signal = _at(words, start, longest)
        if signal is not None and signal.end == start + 1 and start not in unknown:
            signal = None
        if signal is not None:
            found.append(signal)
        start = start + 1 if signal is None else signal.end
    return found


def _at(words: list[Word], start: int, longest: int) -> Signal | None:
    for end in range(min(len(words), start + longest), start, -1):
        said = " ".join(word.normal for word in words[start:end])
        for topic in topics():
            if said in topic.signals:
                return Signal(topic, start, end)
    return None

"""Values by part and by source → the span that a thing reaches, and its place among others.

A thing with several parts reaches what its best part reaches. Of each part
one value is right; where sources state several, it is open which. What holds
for every choice is certain, what holds for some is possible.

Knows: whole numbers. Must not know: the graph, questions, or what is measured.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias, TypeVar

Stated: TypeAlias = Sequence[Sequence[int]]
"""For each part of a thing the values that sources state of it; none is empty."""

Span: TypeAlias = tuple[int, int]
"""The least and the most that a thing reaches, whichever source is right."""

_Thing = TypeVar("_Thing")


def span(stated: Stated, highest: bool) -> Span:
    """Return what a thing reaches; downwards, numbers count with their sign turned.

    >>> span([[64], [320, 512]], highest=True), span([[64], [320, 512]], highest=False)
    ((320, 512), (-64, -64))
    """
    sign = 1 if highest else -1
    parts = [[sign * value for value in part] for part in stated]
    return max(min(part) for part in parts), max(max(part) for part in parts)


def turned(there: Span) -> Span:
    """Return what a thing reaches at most as a place from below: the least of what the best parts reach."""
    return -there[1], -there[0]


def above(span_: Span, others: Collection[Span]) -> tuple[int, int]:
    """Return how many others are above a span for every choice, and how many for some."""
    least, most = span_
    return sum(other[0] > most for other in others), sum(other[1] > least for other in others)


def places(spans: Mapping[_Thing, Span], doubtful: Collection[_Thing], count: int) -> dict[_Thing, bool]:
    """Return the things in the first `count` places, or in any place if it is 0, in order: whether that is certain.

    Of the `doubtful` it is open whether they take part. Things that tie share
    a place. In an order of all, it is certain how many are above a thing.
    """
    found: dict[_Thing, bool] = {}
    for thing in sorted(spans, key=lambda thing: (-spans[thing][1], -spans[thing][0])):
        others = {other: there for other, there in spans.items() if other != thing}
        fewest = above(spans[thing], [there for other, there in others.items() if other not in doubtful])[0]
        least, most = above(spans[thing], list(others.values()))
        if not count:
            found[thing] = thing not in doubtful and least == most
        elif fewest < count:
            found[thing] = thing not in doubtful and most < count
    return found

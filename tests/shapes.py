"""The shapes of a question and of the conditions in it, by name: what a run of many questions has tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from any_question import Asked
from naive import DISPUTED, NO, UNKNOWN, YES, Found

from virtkg.language.conditions import (
    Besides,
    Came,
    Compared,
    Condition,
    Every,
    Junction,
    Member,
    Not,
    Related,
    ResolvedNoun,
    conjuncts,
)
from virtkg.language.resolved import ResolvedAsk, ResolvedCount, ResolvedHow, ResolvedList, ResolvedValue

ALL = frozenset(
    {
        "list", "yes or no", "yes or no of several", "count", "count by a property", "value", "how",
        "related", "related to some of a noun", "in the order of versions", "came at a place in the order",
        "member", "compared", "compared in a scope", "compared with another", "dated", "lasting",
        "all that another has", "not", "other than", "and", "or",
    }
)  # fmt: skip


def shapes(meant: Asked) -> frozenset[str]:
    """Return the names of all shapes in a question."""
    match meant:
        case ResolvedAsk(_, condition):
            several = len(conjuncts(condition)) > 1
            return frozenset({"yes or no of several" if several else "yes or no", *_within(condition)})
        case ResolvedCount(noun, by):
            return frozenset({"count" if by is None else "count by a property", *_within(noun.condition)})
        case ResolvedList(noun):
            return frozenset({"list", *_within(noun.condition)})
        case ResolvedValue():
            return frozenset({"value"})
        case ResolvedHow():
            return frozenset({"how"})


def _within(condition: Condition | None) -> Iterator[str]:
    match condition:
        case None:
            return
        case Not(part):
            yield "not"
            yield from _within(part)
        case Besides(part):
            yield "other than"
            yield from _within(part)
        case Junction(joint, parts):
            yield joint
            for part in parts:
                yield from _within(part)
        case Every(_, _, part):
            yield "all that another has"
            yield from _within(part)
        case Came():
            yield "came at a place in the order"
        case Related(object=ResolvedNoun(_, inner)):
            yield "related to some of a noun"
            yield from _within(inner)
        case Related(steps=steps):
            yield "in the order of versions" if steps else "related"
        case Member():
            yield "member"
        case Compared(scope=scope):
            yield "compared" if scope is None else "compared in a scope"
        case _:
            yield {"ComparedWith": "compared with another", "Dated": "dated", "Lasting": "lasting"}[
                type(condition).__name__
            ]


class Tried:
    """Counts questions by their shapes, and what all evaluators found."""

    def __init__(self) -> None:
        self.questions = 0
        self.differing: list[tuple[object, ...]] = []
        self.shapes: Counter[str] = Counter()
        self._telling: Counter[str] = Counter()
        self._verdicts: Counter[int] = Counter()

    def add(self, meant: Asked, found: Found, *others: Found) -> None:
        """Count a question that evaluators answer; keep it if they do not agree."""
        if any(other != found for other in others):
            self.differing.append((meant, found, *others))
        names = shapes(meant)
        self.questions += 1
        self.shapes.update(names)
        if isinstance(meant, ResolvedList | ResolvedAsk):
            self._verdicts.update(numbers[0] for numbers in found.values())
        # An answer that says of all things that nothing is known tries little; so does a count of such.
        counted = isinstance(meant, ResolvedCount)
        if any(any(numbers[:2]) if counted else numbers != (UNKNOWN,) for numbers in found.values()):
            self._telling.update(names)

    def verdicts(self) -> set[int]:
        """Return the verdicts that some thing had."""
        return set(self._verdicts)

    def found_something(self, shape: str) -> bool:
        """Tell whether the answer to some question of a shape told something."""
        return self._telling[shape] > 0

    def told(self) -> str:
        """Return the numbers in words."""
        words = {YES: "yes", DISPUTED: "disputed", UNKNOWN: "unknown", NO: "no"}
        verdicts = ", ".join(f"{self._verdicts[truth]} {word}" for truth, word in words.items())
        lines = [f"{self.questions} questions, {len(self.differing)} differ; verdicts on things: {verdicts}"]
        lines += [f"{self.shapes[name]:7} ({self._telling[name]} tell something) {name}" for name in sorted(ALL)]
        return "\n".join(lines)

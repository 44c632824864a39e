"""A noun's condition → the places in it that can be left out, and the condition without them.

One place is: a single condition ("with page sharing", also denied, also "everything X
supports"); what stands in brackets or under one denial, as a whole; and, of the noun inside
a condition ("used by suites with …"), each of its conditions. Of alternatives none is a
place, since leaving it out would ask for more; what its own parts are is one.

Knows: that leaving out asks for less. Must not know: facts, words, or SPARQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from virtkg.language.conditions import Besides, Condition, Every, Junction, Not, Related, ResolvedNoun
from virtkg.language.logic import one
from virtkg.record import replace

Place: TypeAlias = "tuple[int, ...]"
"""The way to a part of a condition: which part at each step."""

_OTHER: Final = {"and": "or", "or": "and"}


def places(condition: Condition | None, joint: str = "and") -> Iterator[Place]:
    """Yield the places of a condition that may be left out itself.

    `joint` joins what can be left out: under a denial that is "or".
    """
    if isinstance(condition, Junction) and condition.joint == joint:
        yield from _in_parts(condition.parts, joint)
    elif condition is not None:
        yield ()
        yield from _inside(condition, joint)


def _in_parts(parts: Iterable[Condition], joint: str) -> Iterator[Place]:
    for number, part in enumerate(parts):
        yield from ((number, *place) for place in places(part, joint))


def _inside(condition: Condition, joint: str) -> Iterator[Place]:
    """Yield the places inside a condition that stays."""
    match condition:
        case Junction(own, parts) if own == joint:
            yield from _in_parts(parts, joint)
        case Junction(_, parts):
            for number, part in enumerate(parts):
                yield from ((number, *place) for place in _inside(part, joint))
        case Not(part):
            yield from ((0, *place) for place in _inside(part, _OTHER[joint]))
        case Related(object=ResolvedNoun(_, inner)) if joint == "and":
            yield from ((0, *place) for place in places(inner))
        case _:
            return


def without(condition: Condition, left_out: Iterable[Place], joint: str = "and") -> Condition | None:
    """Return a condition without some places, None if nothing of it is left."""
    ways = list(left_out)
    if () in ways:
        return None
    if not ways:
        return condition
    match condition:
        case Junction(own, parts):
            kept = [without(part, _below(ways, number), joint) for number, part in enumerate(parts)]
            left = [part for part in kept if part is not None]
            # An alternative that asks for nothing is always there.
            return one(left, own) if left and (own == joint or len(left) == len(kept)) else None
        case Not(part):
            rest = without(part, _below(ways, 0), _OTHER[joint])
            return None if rest is None else Not(rest)
        case Related(object=ResolvedNoun(class_, inner)) if inner is not None:
            return replace(condition, object=ResolvedNoun(class_, without(inner, _below(ways, 0))))
        case _:
            raise AssertionError(f"nothing can be left out inside {condition}")


def _below(ways: Iterable[Place], number: int) -> list[Place]:
    return [way[1:] for way in ways if way[0] == number]


def is_inside(place: Place, other: Place) -> bool:
    """Tell whether a place is another one or a part of it."""
    return place[: len(other)] == other


def atoms(condition: Condition | None) -> Iterator[Condition]:
    """Yield the atoms of a condition in the order in which its query tells their truths."""
    match condition:
        case None:
            return
        case Not(part) | Besides(part) | Every(_, _, part):
            yield from atoms(part)
        case Junction(_, parts):
            for part in parts:
                yield from atoms(part)
        case _:
            yield condition

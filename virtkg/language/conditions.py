"""Nouns and conditions whose words are resolved to terms of the graph.

Knows: conditions over IRIs, and what they compare, date or could be denied by. Must not know: words, questions, SPARQL.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from pyoxigraph import NamedNode

from virtkg.record import record


@record
class Related:
    """The thing is related by a property to `object`: a thing, or some thing of a noun.

    With `inverse` the thing is the object of the property. `contraries` are
    the properties that deny it; `single` says that another value denies it too.
    `steps` is "+" if any number of steps along the property will do, at least
    one, and "*" if none will do as well; `back` are the steps of a way from the
    other end that denies it, as of an order. `listed` tells that a source may say
    that its table has all the objects there are, so that what is absent is denied.
    """

    property: NamedNode
    inverse: bool
    object: NamedNode | ResolvedNoun
    contraries: tuple[NamedNode, ...]
    single: bool
    steps: str = ""
    listed: bool = False
    back: str = ""


@record
class Member:
    """The thing belongs to a class; if `definition` is denied of it, it does not."""

    class_: NamedNode
    definition: Related | None


@record
class Compared:
    """A measure of the thing compares with a whole number, in the unit of the graph.

    `unit` is the unit that the question used, None for a count. `parts` are
    the properties that lead from a part, whose measure counts as well, to the
    thing and to the scope of the part. With a `scope`, only parts of it count.
    """

    property: NamedNode
    operator: str
    number: int
    unit: NamedNode | None
    parts: tuple[NamedNode, NamedNode] | None = None
    scope: NamedNode | None = None


@record
class ComparedWith:
    """A measure of the thing compares with the same measure of another thing.

    One part of the thing that compares so with every part of the other is
    enough; but it is less only if it is also less in what it reaches at most.
    `parts` are as in `Compared`.
    """

    property: NamedNode
    operator: str
    other: NamedNode
    parts: tuple[NamedNode, NamedNode] | None = None


@record
class Dated:
    """A date of the thing lies wholly on or after the day `start` and wholly before the day `end`; "" is no bound.

    `said` is the place in time as an ISO date or two, with the word for it.
    """

    property: NamedNode
    start: str
    end: str
    said: str


@record
class Lasting:
    """A span of the thing is not over on a day: one of the dates that end it lies on or after the day.

    `property` ends the span, `kinds` are its forms, `begins` starts it.
    """

    property: NamedNode
    kinds: tuple[NamedNode, ...]
    begins: NamedNode
    day: str


@record
class Not:
    """The condition does not hold."""

    part: Condition


@record
class Besides:
    """The thing is other than those of a relation: what is not known to be so related is left in.

    It is no denial, which would ask for a source that says so.
    """

    part: Related


@record
class Junction:
    """All of the parts hold (`and`), or one of them does (`or`)."""

    joint: str
    parts: tuple[Condition, ...]


@record
class Every:
    """The thing has by a property all that another thing is known to have: `condition` names each."""

    property: NamedNode
    other: NamedNode
    condition: Condition


@record
class Came:
    """A version at a place in the order brought the thing, or gave it up; `outside`, one elsewhere, denies it."""

    within: Related
    outside: Related


Condition: TypeAlias = (
    "Related | Member | Compared | ComparedWith | Dated | Lasting | Came | Every | Not | Besides | Junction"
)


@record
class ResolvedNoun:
    """The things of a class that satisfy a condition."""

    class_: NamedNode
    condition: Condition | None


REVERSE: Final = {"<": ">=", "<=": ">"}
"""What a thing does not reach that has less."""


def comparisons(condition: Condition | None) -> list[Compared | ComparedWith]:
    """Return the comparisons of measures in a condition."""
    match condition:
        case Compared() | ComparedWith():
            return [condition]
        case Not(part) | Every(_, _, part):
            return comparisons(part)
        case Junction(_, parts):
            return [compared for part in parts for compared in comparisons(part)]
        case _:
            return []


def every(condition: Condition) -> list[Every]:
    """Return the parts of a condition that ask for all that another thing has."""
    match condition:
        case Every():
            return [condition]
        case Not(part):
            return every(part)
        case Junction(_, parts):
            return [found for part in parts for found in every(part)]
        case _:
            return []


def measured(condition: Condition) -> list[tuple[NamedNode, NamedNode | None]]:
    """Return the measures that a condition compares, each with the scope in which it does."""
    return [
        (compared.property, compared.scope if isinstance(compared, Compared) else None)
        for compared in comparisons(condition)
    ]


def dates(condition: Condition) -> list[NamedNode]:
    """Return the properties whose dates decide a condition."""
    match condition:
        case Dated(property_):
            return [property_]
        case Lasting(property_, kinds):
            return [*kinds] or [property_]
        case Not(part) | Every(_, _, part):
            return dates(part)
        case Junction(_, parts):
            return [property_ for part in parts for property_ in dates(part)]
        case _:
            return []


def deniable(condition: Condition) -> bool:
    """Tell whether some fact could say that a condition does not hold."""
    match condition:
        case Related():
            return bool(condition.contraries) or condition.single or condition.listed
        case Member(_, definition):
            return definition is not None and deniable(definition)
        case Not(part) | Every(_, _, part):
            return deniable(part)
        case Junction(_, parts):
            return any(deniable(part) for part in parts)
        case _:
            return True


def conjuncts(condition: Condition | None) -> tuple[Condition, ...]:
    """Return the parts that a condition joins, itself if it joins none."""
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, Junction) else (condition,)

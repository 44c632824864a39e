"""What was meant: IRIs only, every property typed, nothing left to look up.

Knows: conditions and questions over IRIs.
Must not know: words, places in a text, or SPARQL.
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
    one, and "*" if none will do as well. `listed` tells that a source may say
    that its table has all the objects there are, so that what is absent is denied.
    """

    property: NamedNode
    inverse: bool
    object: NamedNode | ResolvedNoun
    contraries: tuple[NamedNode, ...]
    single: bool
    steps: str = ""
    listed: bool = False


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


Condition: TypeAlias = "Related | Member | Compared | ComparedWith | Dated | Lasting | Every | Not | Junction"


@record
class ResolvedNoun:
    """The things of a class that satisfy a condition."""

    class_: NamedNode
    condition: Condition | None


@record
class ResolvedList:
    """Which things there are."""

    noun: ResolvedNoun
    or_unknown: bool


@record
class ResolvedAsk:
    """Whether a condition holds of a thing."""

    subject: NamedNode
    condition: Condition
    why: bool = False


@record
class ResolvedHow:
    """What the cells say that have `subject` and `aspect`.

    `cell` is the class of the cells, `subject_property` and `aspect_property`
    lead from a cell to the two things, `values` to what it says.
    """

    cell: NamedNode
    subject: NamedNode
    subject_property: NamedNode
    aspect: NamedNode
    aspect_property: NamedNode
    values: tuple[NamedNode, ...]


@record
class ResolvedValue:
    """What value a property of a thing has; with a `scope`, only in that."""

    property: NamedNode
    subject: NamedNode
    scope: NamedNode | None = None


@record
class ResolvedTable:
    """What values some properties of a thing have, or of all of a noun; with a `scope`, only in that."""

    properties: tuple[NamedNode, ...]
    things: ResolvedNoun | NamedNode
    scope: NamedNode | None = None


@record
class ResolvedSince:
    """The first versions of a thing of which a condition holds.

    `version` is the class of versions, `of` leads from one to what it is a version of;
    `uses` are the properties whose subjects are meant if the thing has no versions,
    `order` those that lead to the version before, `date` is that of a version.
    """

    subject: NamedNode
    condition: Condition
    version: NamedNode
    of: NamedNode
    uses: tuple[NamedNode, ...]
    order: tuple[NamedNode, ...]
    date: NamedNode


@record
class ResolvedSpan:
    """When a span of a thing ends, by each kind of end; with `length`, how long it is. Else as in `Lasting`."""

    subject: NamedNode
    property: NamedNode
    kinds: tuple[NamedNode, ...]
    begins: NamedNode
    length: bool


@record
class ResolvedCalls:
    """What names statements on `speaker`, or on what one of some properties relates to it, give a thing."""

    speaker: NamedNode
    thing: NamedNode
    properties: tuple[NamedNode, ...]


@record
class ResolvedExtreme:
    """The things of a noun whose date is the latest, or the earliest, up to a day."""

    noun: ResolvedNoun
    property: NamedNode
    latest: bool
    day: str


@record
class ResolvedCount:
    """How many things of a noun there are, in all or for each value of a property."""

    noun: ResolvedNoun
    by: NamedNode | None

    @property
    def open(self) -> bool:
        """Tell whether no fact could say of a thing that it is not counted, so that the count has no upper bound."""
        return self.noun.condition is not None and not deniable(self.noun.condition)


@record
class ResolvedAlternatives:
    """What could stand in for a thing: things of a noun, what has most in common with it first."""

    subject: NamedNode
    noun: ResolvedNoun


@record
class ResolvedRanked:
    """The things of a noun with the highest or lowest values of a measure: `count` places, or all if it is 0.

    The lowest are so in what they reach at least and in what they reach at most.

    `parts` are as in `Compared`.
    """

    noun: ResolvedNoun
    property: NamedNode
    highest: bool
    count: int
    parts: tuple[NamedNode, NamedNode] | None = None


@record
class ResolvedHistory:
    """What happened to a thing, in order of time."""

    subject: NamedNode


@record
class ResolvedDescribe:
    """All that is said of a thing."""

    subject: NamedNode


@record
class ResolvedCompare:
    """What things have in common and where they differ; `part` as in CompareQuestion."""

    subjects: tuple[NamedNode, ...]
    part: str = "all"


@record
class ResolvedSurplus:
    """What one thing has by some properties, by all if there are none, and another is known not to have."""

    subject: NamedNode
    other: NamedNode
    properties: tuple[NamedNode, ...]


@record
class ResolvedAccording:
    """A question to be answered from one source alone, given by its slug."""

    question: ResolvedQuestion
    source: str


ResolvedQuestion: TypeAlias = (
    "ResolvedList | ResolvedAsk | ResolvedHow | ResolvedValue | ResolvedDescribe | ResolvedCompare"
    " | ResolvedExtreme | ResolvedRanked | ResolvedHistory | ResolvedAlternatives | ResolvedSurplus"
    " | ResolvedAccording | ResolvedCount | ResolvedCalls | ResolvedSince | ResolvedSpan"
    " | ResolvedTable"
)

Listing: TypeAlias = ResolvedList | ResolvedCount | ResolvedExtreme | ResolvedRanked
"""A question for things of a noun that satisfy its condition."""


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

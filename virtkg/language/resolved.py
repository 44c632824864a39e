"""What was meant: IRIs only, every property typed, nothing left to look up.

Knows: questions over IRIs.
Must not know: words, places in a text, or SPARQL.
"""

from __future__ import annotations

from typing import TypeAlias

from pyoxigraph import NamedNode

from virtkg.language.conditions import Condition, Related, ResolvedNoun, deniable
from virtkg.record import record


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
class ResolvedDisputed:
    """Whether sources contradict each other on what is asked."""

    asked: ResolvedAsk


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
    """What value a property of a thing has; with a `scope`, only in that. `parts` are as in `Compared`."""

    property: NamedNode
    subject: NamedNode
    scope: NamedNode | None = None
    parts: tuple[NamedNode, NamedNode] | None = None


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
class ResolvedSpans:
    """When a span of each thing of a noun ends, as in `ResolvedSpan`."""

    noun: ResolvedNoun
    property: NamedNode
    kinds: tuple[NamedNode, ...]
    begins: NamedNode
    length: bool

    def of(self, thing: NamedNode) -> ResolvedSpan:
        """Return the question for the span of one thing."""
        return ResolvedSpan(thing, self.property, self.kinds, self.begins, self.length)


@record
class ResolvedLongest:
    """The things of a noun by how long a span of each is: the `count` longest or shortest, or all if it is 0.

    Else as in `ResolvedSpan`.
    """

    noun: ResolvedNoun
    property: NamedNode
    kinds: tuple[NamedNode, ...]
    begins: NamedNode
    highest: bool
    count: int

    def of(self, thing: NamedNode) -> ResolvedSpan:
        """Return the question how long the span of one thing is."""
        return ResolvedSpan(thing, self.property, self.kinds, self.begins, length=True)


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
class ResolvedOrder:
    """Which of some things came first, or last; with `asked`, whether the first that is named did."""

    things: tuple[NamedNode, ...]
    latest: bool
    asked: bool


@record
class ResolvedHistory:
    """What happened to a thing, in order of time."""

    subject: NamedNode


@record
class ResolvedDescribe:
    """All that is said of a thing; `names` are those by which it was to be compared with itself."""

    subject: NamedNode
    names: tuple[str, ...] = ()


@record
class ResolvedCompare:
    """What things have in common and where they differ; `part` and `aspects` as in CompareQuestion.

    `names` are those of each thing that was named by several, in the order of `subjects`.
    """

    subjects: tuple[NamedNode, ...]
    part: str = "all"
    aspects: tuple[NamedNode, ...] = ()
    names: tuple[tuple[str, ...], ...] = ()


@record
class ResolvedUniversal:
    """Whether a condition holds of all the things of a noun."""

    noun: ResolvedNoun
    condition: Condition


@record
class ResolvedExists:
    """Whether there is a thing of a noun."""

    noun: ResolvedNoun


@record
class ResolvedOnly:
    """The things of a noun that some things of a class have, one by each of `owned`, and no other thing of it."""

    noun: ResolvedNoun
    owned: tuple[Related, ...]
    among: NamedNode


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
    " | ResolvedAccording | ResolvedCount | ResolvedCalls | ResolvedSince | ResolvedSpan | ResolvedSpans"
    " | ResolvedLongest | ResolvedOrder | ResolvedDisputed"
    " | ResolvedTable"
    " | ResolvedUniversal | ResolvedExists | ResolvedOnly"
)


Listing: TypeAlias = ResolvedList | ResolvedCount | ResolvedExtreme | ResolvedRanked
"""A question for things of a noun that satisfy its condition."""

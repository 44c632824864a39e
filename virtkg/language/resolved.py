"""What was meant: IRIs only, every property typed, nothing left to look up.

Knows: conditions and questions over IRIs.
Must not know: words, places in a text, or SPARQL.
"""

from __future__ import annotations

from typing import TypeAlias

from pyoxigraph import NamedNode

from virtkg.record import record


@record
class Related:
    """The thing is related by a property to `object`: a thing, or some thing of a noun.

    With `inverse` the thing is the object of the property. `contraries` are
    the properties that deny it; `single` says that another value denies it too.
    """

    property: NamedNode
    inverse: bool
    object: NamedNode | ResolvedNoun
    contraries: tuple[NamedNode, ...]
    single: bool


@record
class Member:
    """The thing belongs to a class; if `definition` is denied of it, it does not."""

    class_: NamedNode
    definition: Related | None


@record
class Compared:
    """A measure of the thing compares with a whole number, in the unit of the graph.

    `unit` is the unit that the question used, None for a count.
    """

    property: NamedNode
    operator: str
    number: int
    unit: NamedNode | None


@record
class Not:
    """The condition does not hold."""

    part: Condition


@record
class Junction:
    """All of the parts hold (`and`), or one of them does (`or`)."""

    joint: str
    parts: tuple[Condition, ...]


Condition: TypeAlias = "Related | Member | Compared | Not | Junction"


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
    """What value a property of a thing has."""

    property: NamedNode
    subject: NamedNode


@record
class ResolvedDescribe:
    """All that is said of a thing."""

    subject: NamedNode


@record
class ResolvedCompare:
    """What things have in common and where they differ."""

    subjects: tuple[NamedNode, ...]


ResolvedQuestion: TypeAlias = (
    "ResolvedList | ResolvedAsk | ResolvedHow | ResolvedValue | ResolvedDescribe | ResolvedCompare"
)

"""What was written: the tree of a question before anything is looked up.

Knows: phrases, their places, and how they hang together in the text.
Must not know: the graph, or what a phrase turned out to mean.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from virtkg.language.vocabulary import Sense
from virtkg.record import record


@record
class Phrase:
    """Words that stand for one thing: as written, where (columns from 0), and what they can mean."""

    text: str
    start: int
    end: int
    terminal: str
    senses: tuple[Sense, ...]


@record
class Comparison:
    """A measure compared with a number: `operator` is one of >= <= > < =."""

    measure: Phrase
    operator: str
    number: Decimal
    unit: Phrase | None
    start: int
    end: int


@record
class Moment:
    """A day, month or year as an ISO date; "" is today."""

    date: str
    start: int
    end: int


@record
class Timing:
    """A place in time: `operator` is before, after, since, until, in or between.

    `first` and `last` are moments or the name of a version; they are the same
    but for `between`.
    """

    operator: str
    first: Moment | Phrase
    last: Moment | Phrase
    start: int
    end: int


@record
class Modifier:
    """A condition on a noun.

    `joint` is how it follows the one before: "" (directly), "and", "or", or ","
    where the other joints of the chain decide;
    `governor` is "with", "of", "relation" (then `relation` is the verb or
    participle), "is", "time" (with a participle or alone) or
    "lasting". With `turned` the object is the subject of the verb.
    """

    joint: str
    governor: str
    negated: bool
    relation: Phrase | None
    object: Phrase | Comparison | Timing
    turned: bool = False


@record
class Noun:
    """A class with its conditions, in the order in which they stand."""

    head: Phrase
    modifiers: tuple[Modifier, ...]


@record
class ListQuestion:
    """`suites with page sharing`"""

    noun: Noun
    or_unknown: bool


@record
class AskQuestion:
    """`does XenServer 6 support page sharing`; with `why`, its reason is asked for."""

    subject: Phrase
    predicate: Modifier


@record
class HowQuestion:
    """`how does PVHVM virtualize disk`"""

    subject: Phrase
    verb: Phrase
    aspect: Phrase


@record
class ValueQuestion:
    """`max memory per VM of RHEV 3`"""

    key: Phrase
    subject: Phrase


@record
class ExtremeQuestion:
    """`latest release of Xen`, or the earliest."""

    noun: Noun
    latest: bool


@record
class CountQuestion:
    """`count suites with page sharing by hypervisor`; `key` is what they are grouped by, if anything."""

    noun: Noun
    key: Phrase | None


@record
class HistoryQuestion:
    """`history of Xen`"""

    subject: Phrase


@record
class DescribeQuestion:
    """`describe Xen`"""

    subject: Phrase


@record
class CompareQuestion:
    """`compare vSphere 5.1 and XenServer 6`"""

    subjects: tuple[Phrase, ...]


Question: TypeAlias = (
    "ListQuestion | AskQuestion | HowQuestion | ValueQuestion | DescribeQuestion | CompareQuestion"
    " | ExtremeQuestion | HistoryQuestion | CountQuestion"
)

"""What was written: the tree of a question before anything is looked up.

Knows: phrases, their places, and how they hang together in the text.
Must not know: the graph, or what a phrase turned out to mean.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from virtkg.language.vocabulary import Sense
from virtkg.record import record, replace


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
    """A measure compared with a number: `operator` is one of >= <= > < =; only in a `scope`, if one is given."""

    measure: Phrase
    operator: str
    number: Decimal
    unit: Phrase | None
    start: int
    end: int
    scope: Phrase | None = None

    def within(self, scope: Phrase) -> Comparison:
        """Return the comparison in a scope."""
        return replace(self, scope=scope, end=max(self.end, scope.end))


@record
class Than:
    """A measure compared with that of another thing: `operator` is one of >= <= > < =."""

    measure: Phrase
    operator: str
    other: Phrase
    start: int
    end: int


@record
class Superlative:
    """The most of a measure, or the least: so many things, or one if no `amount` is given."""

    measure: Phrase
    highest: bool
    amount: Amount | None
    start: int
    end: int


@record
class Amount:
    """How many things are asked for; as a condition, without a measure that says which."""

    number: Decimal
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
class Group:
    """Conditions in brackets: of them, as of a noun's, each tells how it follows the one before."""

    modifiers: tuple[Modifier, ...]
    start: int
    end: int


@record
class Everything:
    """All that a thing has by a verb: `everything XenServer 6 supports`."""

    subject: Phrase
    verb: Phrase
    start: int
    end: int


@record
class Owners:
    """Things of which a verb is said, or “have” without one; with `only`, of no other: `that only A and B support`."""

    things: tuple[Phrase, ...]
    only: bool
    start: int
    end: int


@record
class Modifier:
    """A condition on a noun.

    `joint` is how it follows the one before: "" (directly), "and", "or", or ","
    where the other joints of the chain decide;
    `governor` is "with", "of", "relation" (then `relation` is the verb or
    participle), "beside" (a name before the noun: Xen releases), "is", "time"
    (with a participle or alone), "lasting" or "group". With `turned` the object is the subject of the verb.
    """

    joint: str
    governor: str
    negated: bool
    relation: Phrase | None
    object: Phrase | Comparison | Than | Superlative | Amount | Timing | Group | Everything | Owners
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
    why: bool = False


@record
class ChoiceQuestion:
    """`is KVM type 1 or type 2`"""

    subject: Phrase
    options: tuple[Phrase, ...]


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
class TableQuestion:
    """`release date and end of support of versions of Xen`: several values, of a thing or of all of a noun."""

    keys: tuple[Phrase, ...]
    things: Noun | Phrase


@record
class ScopedQuestion:
    """`max vCPUs per VM of Hyper-V 2016 for generation 2`"""

    question: ValueQuestion | TableQuestion | AskQuestion
    scope: Phrase


@record
class SinceQuestion:
    """`since when does Hyper-V support live migration`"""

    asked: AskQuestion


@record
class SpanQuestion:
    """`until when is Xen 4.17 supported`; with `length`, how long. `form` names what lasts."""

    subject: Phrase
    form: Phrase
    length: bool


@record
class CallsQuestion:
    """`what does VMware call page sharing`"""

    speaker: Phrase
    thing: Phrase


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
class AlternativesQuestion:
    """`alternatives to vSphere 5.1 with at least 160 vCPUs`"""

    subject: Phrase
    modifiers: tuple[Modifier, ...]


@record
class RankQuestion:
    """`top 3 suites by max memory per VM`, `suites with the most vCPUs`; with `every`, all of them in order.

    `loose` tells that the measure stands after the conditions, so that it could be said of a noun in them.
    """

    noun: Noun
    by: Superlative
    every: bool
    loose: bool


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
    """`compare vSphere 5.1 and XenServer 6`

    `part` is what is asked for: "all", "differing" (`differences between`)
    or "common" (`what do … have in common`). `aspects` are the only things
    that they are compared by, if any: `compare … by live migration`.
    """

    subjects: tuple[Phrase, ...]
    part: str = "all"
    aspects: tuple[Phrase, ...] = ()


@record
class SurplusQuestion:
    """`what does vSphere 5.1 support that Hyper-V 2012 does not support`

    A verb is None for a mere “have” or “lack”.
    """

    subject: Phrase
    verb: Phrase | None
    other: Phrase
    lacking: Phrase | None


@record
class QuantifiedQuestion:
    """`does every mode require Intel VT-x`; without `every`, whether any does.

    `predicate` is None where only whether there are any is asked: `are there suites with page sharing`.
    """

    noun: Noun
    predicate: tuple[Modifier, ...] | None
    every: bool


@record
class DoerQuestion:
    """`what introduced PVHVM`: what a verb or “has” is said of, whatever class it is of."""

    predicate: Modifier


@record
class RoleQuestion:
    """`what is the successor of RHEV 3.6`"""

    role: Phrase
    subject: Phrase


@record
class GotQuestion:
    """`in which version did vSphere get encrypted vMotion`: of the noun that is named, if any, the first."""

    noun: Noun | None
    subject: Phrase
    predicate: Modifier


@record
class UsedForQuestion:
    """`what does PVH use for page tables`"""

    subject: Phrase
    verb: Phrase
    aspect: Phrase


@record
class AccordingQuestion:
    """`suites with page sharing according to CMU course unit`"""

    question: Question
    source: Phrase


Question: TypeAlias = (
    "ListQuestion | AskQuestion | HowQuestion | ValueQuestion | DescribeQuestion | CompareQuestion"
    " | ExtremeQuestion | RankQuestion | HistoryQuestion | ChoiceQuestion | SurplusQuestion | AlternativesQuestion"
    " | AccordingQuestion | CountQuestion | CallsQuestion | SinceQuestion | SpanQuestion"
    " | TableQuestion | ScopedQuestion"
    " | QuantifiedQuestion | DoerQuestion | RoleQuestion | GotQuestion | UsedForQuestion"
)


def terms(phrase: Phrase) -> list[int]:
    """Return what a phrase can mean, each once."""
    return list(dict.fromkeys(sense.term for sense in phrase.senses))


def is_day(modifier: Modifier) -> bool:
    """Tell whether a modifier is a place in time alone: on a day, in a month or year."""
    return modifier.governor == "time" and modifier.relation is None and modifier.object.operator == "in"  # type: ignore[union-attr]

"""What was asked: the kinds of questions before anything is looked up.

Knows: of which nouns and conditions each kind of question is made.
Must not know: the graph, or what a phrase turned out to mean.
"""

from __future__ import annotations

from typing import TypeAlias

from virtkg.language.syntax import Modifier, Noun, Phrase, Superlative
from virtkg.record import record


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
class PairQuestion:
    """`XenServer 6 page sharing`: whether one of two things has the other."""

    first: Phrase
    second: Phrase


@record
class DisputedQuestion:
    """`is it disputed that Hyper-V 2012 supports memory overcommitment`"""

    asked: AskQuestion


@record
class ChoiceQuestion:
    """`is KVM type 1 or type 2`"""

    subject: Phrase
    options: tuple[Phrase, ...]


@record
class HowQuestion:
    """`how does PVHVM virtualize disk`; without a verb, `how does PVHVM boot`, whose verb names the aspect."""

    subject: Phrase
    verb: Phrase | None
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
class SpansQuestion:
    """`until when are releases of Xen supported`; with `line`, its head names a line, and the noun is its versions.

    That is so in: `until when is the Xen used by XCP-ng 8.3 supported`.
    """

    noun: Noun
    line: bool
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
class ExtremeOfQuestion:
    """`latest XCP-ng with UEFI boot`: of the versions of a line that is named, the latest, or the earliest."""

    subject: Phrase
    modifiers: tuple[Modifier, ...]
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
    """`in which version did vSphere get encrypted vMotion`: of the noun that is named, if any, the first.

    With `so`, whether it is so is an answer too, since sources date it: `when did Broadcom acquire VMware`.
    """

    noun: Noun | None
    subject: Phrase
    predicate: Modifier
    so: bool = False


@record
class UsedForQuestion:
    """`what does PVH use for page tables`"""

    subject: Phrase
    verb: Phrase
    aspect: Phrase


@record
class OrderQuestion:
    """`which came first, Xen or Intel VT-x`; with `asked`, whether the first of them did: `is Xen older than KVM`."""

    things: tuple[Phrase, ...]
    latest: bool
    asked: bool


@record
class AccordingQuestion:
    """`suites with page sharing according to CMU course unit`"""

    question: Question
    source: Phrase


Question: TypeAlias = (
    "ListQuestion | ExtremeOfQuestion | AskQuestion | HowQuestion | ValueQuestion | DescribeQuestion | CompareQuestion"
    " | ExtremeQuestion | RankQuestion | HistoryQuestion | ChoiceQuestion | SurplusQuestion | AlternativesQuestion"
    " | AccordingQuestion | CountQuestion | CallsQuestion | SinceQuestion | SpanQuestion | SpansQuestion"
    " | TableQuestion | ScopedQuestion"
    " | QuantifiedQuestion | DoerQuestion | RoleQuestion | GotQuestion | UsedForQuestion"
    " | OrderQuestion | DisputedQuestion | PairQuestion"
)

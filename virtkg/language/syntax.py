"""What was written: the phrases, nouns and conditions of a question before anything is looked up.

Knows: phrases, their places, and how they hang together in the text.
Must not know: kinds of questions, the graph, or what a phrase turned out to mean.
"""

from __future__ import annotations

from decimal import Decimal

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
    """A measure compared with a number: `operator` is one of >= <= > < =, "" if none is said.

    Only in a `scope`, if one is given.
    """

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
    """All that a thing has by a verb, or all of a kind of it: `everything XenServer 6 supports`."""

    subject: Phrase
    verb: Phrase
    start: int
    end: int
    kind: Phrase | None = None


@record
class Owners:
    """Things of which a verb is said, or “have” without one; with `only`, of no other: `that only A and B support`."""

    things: tuple[Phrase, ...]
    only: bool
    start: int
    end: int


@record
class Whose:
    """What is said of the value of a property: `whose vendor makes a suite`."""

    said: Modifier
    start: int
    end: int


@record
class Modifier:
    """A condition on a noun.

    `joint` is how it follows the one before: "" (directly), "and", "or", or ","
    where the other joints of the chain decide;
    `governor` is "with", "has", "in" (a feature in a thing), "of", "besides", "done", "relation" (then `relation`
    is the verb or participle), "beside" (a name before the noun: Xen releases), "being" (is KVM type 1), "is", "time"
    (with a participle or alone), "lasting", "whose" or "group". With `turned` the object is the subject of the verb.
    """

    joint: str
    governor: str
    negated: bool
    relation: Phrase | None
    object: Phrase | Comparison | Than | Superlative | Amount | Timing | Group | Everything | Owners | Whose
    turned: bool = False


@record
class Noun:
    """A class with its conditions, in the order in which they stand."""

    head: Phrase
    modifiers: tuple[Modifier, ...]


def terms(phrase: Phrase) -> list[int]:
    """Return what a phrase can mean, each once."""
    return list(dict.fromkeys(sense.term for sense in phrase.senses))


def is_day(modifier: Modifier) -> bool:
    """Tell whether a modifier is a place in time alone: on a day, in a month or year."""
    return modifier.governor == "time" and modifier.relation is None and modifier.object.operator == "in"  # type: ignore[union-attr]

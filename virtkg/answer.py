"""What an answer is.

Knows: verdicts, rows, values and notes. Must not know: how an answer is found
or shown.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from virtkg.diagnostics import ExitCode
from virtkg.record import record, replace

if TYPE_CHECKING:
    from virtkg.proof import Proof
    from virtkg.whynot import Lacking


LEVEL: Final = "level"
"""The field that tells how far a thing has what is asked for."""


class Verdict(StrEnum):
    """The four answers to a yes-or-no question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    DISPUTED = "disputed"


@record
class Value:
    """One value of a property: `text` for a reader, `value` (an IRI or a lexical form) for a program."""

    text: str
    value: str
    unit: str
    verdict: Verdict
    inferred: bool
    sources: tuple[str, ...]


@record
class Field:
    """The values of one property of a row."""

    label: str
    values: tuple[Value, ...]


@record
class Tally:
    """How many things are yes, disputed and unknown; `unknown` is None if nothing bounds it.

    >>> Tally(14, 1, 223).possible
    238
    """

    yes: int
    disputed: int
    unknown: int | None

    @property
    def possible(self) -> int | None:
        """Return the most things that there may be, None if nothing bounds it."""
        return None if self.unknown is None else self.yes + self.disputed + self.unknown

    @property
    def verdict(self) -> Verdict:
        """Return the surest verdict of any of the things, no if there is none."""
        if self.yes or self.disputed:
            return Verdict.YES if self.yes else Verdict.DISPUTED
        return Verdict.NO if self.unknown == 0 else Verdict.UNKNOWN


@record
class Row:
    """One thing of an answer, with what holds of it and who says so (slugs); `tally` counts a group of things."""

    label: str
    iri: str
    verdict: Verdict
    inferred: bool
    sources: tuple[str, ...]
    fields: tuple[Field, ...] = ()
    tally: Tally | None = None

    @property
    def is_full(self) -> bool:
        """Tell whether every value of the row is known."""
        return all(value.verdict is not Verdict.UNKNOWN for field in self.fields for value in field.values)


@record
class Note:
    """A remark that belongs to the answer: `I7xx` for information, `W6xx` for doubt."""

    code: str
    message: str


@record
class Side:
    """A proof for or against what was asked."""

    supports: bool
    proof: Proof


@record
class Line:
    """The versions of a line, such as a product line, by their IRIs and in order; `noun` is what they are.

    `before` has for each the places of those that are known to stand right before
    it. Of two between which nothing is known, the label decides.
    """

    versions: tuple[str, ...]
    before: tuple[tuple[int, ...], ...]
    noun: str = ""


@record
class Answer:
    """The answer to a question.

    `reading` says in canonical words what was understood; `kind` is list,
    verdict, value, count, comparison, description or explanation; `verdict` belongs
    to verdict questions. `rows` are those that are yes, then those that are
    disputed, or all in the order that was asked for; `unknown` counts what the facts leave open. `titles` are the
    (slug, label) pairs of every source cited; `hidden` are rows beyond a limit.
    `sides` are proofs; `lacking` says of an explanation that is no or unknown
    what rules lack to conclude it, the nearest first. `tally` is the whole of a
    count, each thing once, however many groups of `rows` it is in. `lines` order
    the versions among the things of a list, for tables that show runs of them in
    one row; none if no order is known, or the rows have one of their own. Of a text of several sentences, `unread`
    are those that ask nothing and are not understood, and `further` the answers to its further questions.
    """

    question: str
    reading: str
    kind: str
    verdict: Verdict | None
    rows: tuple[Row, ...]
    unknown: int
    notes: tuple[Note, ...]
    sparql: str
    titles: tuple[tuple[str, str], ...] = ()
    sides: tuple[Side, ...] = ()
    hidden: tuple[Row, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    tally: Tally | None = None
    lines: tuple[Line, ...] = ()
    unread: tuple[str, ...] = ()
    further: tuple[Answer, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """Return how many rows have a verdict, hidden ones too; unknown rows are counted, not listed."""
        if self.tally is not None:
            return getattr(self.tally, verdict, 0) or 0
        if verdict is Verdict.UNKNOWN:
            return self.unknown
        return sum(row.verdict is verdict for row in (*self.rows, *self.hidden))

    @property
    def has_things(self) -> bool:
        """Tell whether there is a row, or of a count a thing that counts."""
        return bool(self.rows) if self.tally is None else bool(self.tally.yes or self.tally.disputed)

    @property
    def told(self) -> int:
        """Return how many rows tell something; of a comparison, those that tell it of all its things."""
        if self.kind == "comparison":
            return sum(row.is_full for row in self.rows)
        if self.verdict not in (None, Verdict.UNKNOWN):
            return 1
        if self.tally is not None:
            return self.tally.yes + self.tally.disputed
        return sum(row.verdict is not Verdict.UNKNOWN for row in self.rows)

    @property
    def exit_code(self) -> ExitCode:
        """Return the exit code that the command line gives this answer; with further ones, the highest of them."""
        return max((self._own_code, *(other.exit_code for other in self.further)))

    @property
    def _own_code(self) -> ExitCode:
        if self.verdict is not None:
            return {
                Verdict.YES: ExitCode.DONE,
                Verdict.NO: ExitCode.NEGATIVE,
            }.get(self.verdict, ExitCode.UNDECIDED)
        if self.tally is not None and not self.tally.yes:
            return ExitCode.UNDECIDED if self.tally.disputed else ExitCode.NEGATIVE
        if any(row.verdict is Verdict.YES for row in self.rows):
            return ExitCode.DONE
        if self.rows:
            return ExitCode.UNDECIDED
        return ExitCode.NEGATIVE

    def cut(self, rows: int) -> Answer:
        """Return the answer with at most so many rows, and a note that says how many are left out."""
        left = len(self.rows) - rows
        further = tuple(other.cut(rows) for other in self.further)
        if left <= 0:
            return replace(self, further=further) if further else self
        notes = (*self.notes, Note("I709", f"{left} more rows are not shown"))
        return replace(self, rows=self.rows[:rows], notes=notes, hidden=self.rows[rows:], further=further)

    def each(self) -> Answer:
        """Return the answer without the order of versions, so that tables show each in a row of its own."""
        return replace(self, lines=(), further=tuple(other.each() for other in self.further))

    def _repr_html_(self) -> str:
        from virtkg.present.html import answer

        return answer(self)

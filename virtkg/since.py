"""Since when something holds of a thing → the first of its versions of which it is known to hold.

Versions are ordered by what each follows, and by their dates where that says
nothing. One that neither orders is not called later than another.

Knows: versions, their order and their dates. Must not know: words, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from virtkg.answer import Answer, Note, Row
from virtkg.language.algebra import Select, write
from virtkg.language.conditions import Condition, ResolvedNoun
from virtkg.language.resolved import ResolvedList, ResolvedSince
from virtkg.language.schema import Schema
from virtkg.language.translate import NO, UNKNOWN, translate
from virtkg.language.words import listed
from virtkg.record import replace
from virtkg.snapshot.facts import Facts
from virtkg.snapshot.terms import GroundTerm
from virtkg.values import Values
from virtkg.version_order import VersionOrder, before


class First:
    """Finds the first versions.

    `run` gives the rows of a query, `row` the row of a thing with its truth, `remarks` what sources add.
    """

    def __init__(
        self,
        snapshot: Facts,
        schema: Schema,
        values: Values,
        *,
        run: Callable[[Select], list[tuple[GroundTerm, ...]]],
        row: Callable[[int, int, Condition], Row],
        remarks: Callable[[int, Condition], list[Note]],
    ) -> None:
        self._run = run
        self._number = snapshot.known
        self._schema = schema
        self._values = values
        self._row = row
        self._remarks = remarks

    def answer(self, text: str, meant: ResolvedSince, reading: str) -> Answer:
        """Return the first versions of each line, with notes on those before them."""
        query = translate(ResolvedList(ResolvedNoun(meant.version, meant.condition), or_unknown=False))
        found = {self._number(row[0]): int(row[-1].value) for row in self._run(query)}
        rows: list[Row] = []
        notes: list[Note] = []
        own, lines = self._lines(meant)
        if not own:
            name = self._schema.label(self._number(meant.subject))
            notes.append(Note("I728", f"{name} has no versions of its own: those that use it are meant"))
        open_ = 0
        steps = [self._number(property_) for property_ in meant.order]
        for line, versions in lines.items():
            order = VersionOrder(
                {version: before(self._schema, version, steps) for version in versions}, self._dates(versions, meant)
            )
            truths = {version: found.get(version, UNKNOWN) for version in versions}
            firsts = order.firsts(truths)
            rows += [self._dated(self._row(first, truths[first], meant.condition), first, meant) for first in firsts]
            notes += self._notes(self._schema.label(line), firsts, truths, order)
            notes += [note for first in firsts for note in self._remarks(first, meant.condition) if note not in notes]
            open_ += sum(truth == UNKNOWN for truth in truths.values())
        if not rows:
            notes.append(Note("I701", "of no version is this known"))
        return Answer(text, reading, "list", None, tuple(rows), open_, tuple(notes), write(query))

    def _lines(self, meant: ResolvedSince) -> tuple[bool, dict[int, list[int]]]:
        """Return whether a thing has versions itself, and the versions that are meant, by their line."""
        subject, of = self._number(meant.subject), self._number(meant.of)
        own = self._schema.subjects_of(subject, of)
        if own:
            return True, {subject: self._schema.in_order(own)}
        lines: dict[int, list[int]] = {}
        for property_ in meant.uses:
            for user in self._schema.in_order(self._schema.subjects_of(subject, self._number(property_))):
                for line in self._schema.things_of(user, of):
                    lines.setdefault(line, []).append(user)
        return False, lines

    def _dates(self, versions: list[int], meant: ResolvedSince) -> dict[int, list[str]]:
        date = self._number(meant.date)
        return {version: [value.value for value in self._values.values(version, date)] for version in versions}

    def _dated(self, row: Row, version: int, meant: ResolvedSince) -> Row:
        field = self._values.field(version, self._number(meant.date))
        return row if field is None or field in row.fields else replace(row, fields=(*row.fields, field))

    def _notes(self, line: str, firsts: list[int], truths: dict[int, int], order: VersionOrder) -> Iterator[Note]:
        if not firsts:
            counts = [sum(found == truth for found in truths.values()) for truth in (UNKNOWN, NO)]
            yield Note(
                "I729", f"{line}: known of no version; unknown of {counts[0]}, stated not to be so of {counts[1]}"
            )
            return
        if len(firsts) > 1:
            yield Note("I729", f"{line}: no source tells which of {self._names(firsts)} came first")
        for truth, said in ((NO, "not so of"), (UNKNOWN, "unknown of")):
            earlier = [
                v for v, found in truths.items() if found == truth and any(order.is_before(v, f) for f in firsts)
            ]
            if earlier:
                yield Note("I729", f"{line}, before that: {said} {self._names(earlier)}")
        unplaced = [
            version
            for version, truth in truths.items()
            if truth == UNKNOWN and not any(order.is_placed(version, first) for first in firsts)
        ]
        if unplaced:
            yield Note(
                "I729", f"{line}: unknown of {self._names(unplaced)}, of which it is open whether they came before"
            )

    def _names(self, versions: list[int]) -> str:
        return listed([self._schema.label(version) for version in versions])

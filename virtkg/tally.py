"""The rows of a list → how many there are, in all or for each value of a property.

A count is a range: what is yes certainly counts, what is disputed or unknown
possibly. A thing with several values counts in the group of each; things with
no known value are a group of their own, the last.

Knows: verdicts, the values that group. Must not know: how a list was found, or SPARQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from pyoxigraph import NamedNode

from virtkg.answer import Answer, Line, Note, Row, Tally, Value, Verdict
from virtkg.language.canonical import Speaker
from virtkg.language.resolved import ResolvedCount, ResolvedList
from virtkg.language.words import listed
from virtkg.natural import natural
from virtkg.record import replace
from virtkg.runs import by_line
from virtkg.snapshot.facts import Facts
from virtkg.values import Values

_NOT_KNOWN: Final = "not known"

Groups: TypeAlias = "dict[int | None, list[Row]]"
"""The rows of each group by the number of its value, None if it is not known; rows are as sure as the value is."""


class Counter:
    """Counts the rows of lists."""

    def __init__(self, snapshot: Facts, values: Values, speaker: Speaker) -> None:
        self._snapshot = snapshot
        self._values = values
        self._speaker = speaker

    def count(self, whole: Answer, meant: ResolvedCount, *, certain: bool) -> Answer:
        """Return the count of a list that has every row that is yes, disputed or, unless the count is open, unknown.

        With `certain` what is disputed does not count.
        """
        kept = tuple(row for row in whole.rows if not (certain and row.verdict is Verdict.DISPUTED))
        notes = [*whole.notes, *self._notes(kept, whole.lines, meant)]
        if left := len(whole.rows) - len(kept):
            notes.append(Note("I704", f"{left} disputed left out by --certain"))
        tally = _tally(kept, meant)
        if meant.by is None:
            name = self._speaker.say(ResolvedList(meant.noun, or_unknown=False))
            rows = [_row(name, meant.noun.class_.value, tally, kept)]
        else:
            groups = self._grouped(kept, meant.by, certain)
            rows = self._rows(groups, meant)
            notes += self._group_notes(kept, meant.by, certain)
        reading = self._speaker.say(meant)
        return replace(
            whole, reading=reading, kind="count", rows=tuple(rows), notes=tuple(notes), tally=tally, lines=()
        )

    # groups

    def _grouped(self, rows: Iterable[Row], by: NamedNode, certain: bool) -> Groups:
        groups: Groups = {}
        for row in rows:
            keys = self._keys(row, by)
            for object_, value in keys:
                doubtful = value.verdict is Verdict.DISPUTED and row.verdict is Verdict.YES
                if not (doubtful and certain):
                    verdict = Verdict.DISPUTED if doubtful else row.verdict
                    sources = tuple(dict.fromkeys((*row.sources, *value.sources)))
                    groups.setdefault(object_, []).append(replace(row, verdict=verdict, sources=sources))
            if not keys:
                groups.setdefault(None, []).append(row)
        return groups

    def _keys(self, row: Row, by: NamedNode) -> list[tuple[int, Value]]:
        """Return the values by which a row is grouped, with their numbers."""
        thing, property_ = self._snapshot.iri_number(row.iri), self._snapshot.number(by)
        assert thing is not None and property_ is not None
        found = dict.fromkeys(object_ for object_, _ in self._snapshot.objects(thing, property_))
        return [(object_, self._values.value(thing, property_, object_)) for object_ in found]

    def _rows(self, groups: Groups, meant: ResolvedCount) -> list[Row]:
        """Return a row for each group, the largest first."""
        assert meant.by is not None
        rows = []
        for object_, members in groups.items():
            tally = _tally(members, meant)
            if object_ is None:
                rows.append(_row(_NOT_KNOWN, "", tally, members))
                continue
            label = dict(self._keys(members[0], meant.by))[object_].text
            term = self._snapshot.term(object_)
            rows.append(_row(label, term.value if isinstance(term, NamedNode) else "", tally, members))
        return sorted(rows, key=_largest_first)

    # notes

    def _notes(self, rows: tuple[Row, ...], lines: tuple[Line, ...], meant: ResolvedCount) -> Iterable[Note]:
        disputed, unknown = ([row for row in rows if row.verdict is v] for v in (Verdict.DISPUTED, Verdict.UNKNOWN))
        if disputed:
            yield Note("I723", f"{len(disputed)} disputed: {_names(disputed)}")
        if unknown:
            listing = self._speaker.say(ResolvedList(meant.noun, or_unknown=True))
            names = by_line({row.iri: row.label for row in unknown}, lines)
            yield Note("I703", f"{len(unknown)} unknown: {names}; “{listing}” lists them")
        if meant.open:
            yield Note("I724", "of all others nothing is known, and no fact could deny it of them: there may be more")

    def _group_notes(self, rows: tuple[Row, ...], by: NamedNode, certain: bool) -> Iterable[Note]:
        noun = self._speaker.noun(by)
        keys = {row.iri: [value for _, value in self._keys(row, by)] for row in rows}
        if several := [row for row in rows if len(keys[row.iri]) > 1]:
            yield Note("I725", f"{len(several)} with more than one {noun}, counted in each group: {_names(several)}")
        if doubtful := [row for row in rows if any(value.verdict is Verdict.DISPUTED for value in keys[row.iri])]:
            where = "left out of those groups by --certain" if certain else "only possible in those groups"
            yield Note("I727", f"{len(doubtful)} whose {noun} is disputed, {where}: {_names(doubtful)}")
        if nowhere := [row for row in rows if not keys[row.iri]]:
            said = f"{len(nowhere)} with no known {noun}, each of which may be in any group: {_names(nowhere)}"
            yield Note("I726", said)


def _tally(rows: Iterable[Row], meant: ResolvedCount) -> Tally:
    found = [row.verdict for row in rows]
    unknown = None if meant.open else found.count(Verdict.UNKNOWN)
    return Tally(found.count(Verdict.YES), found.count(Verdict.DISPUTED), unknown)


def _row(label: str, iri: str, tally: Tally, members: Iterable[Row]) -> Row:
    counted = [row for row in members if row.verdict is not Verdict.UNKNOWN]
    sources = tuple(dict.fromkeys(source for row in counted for source in row.sources))
    return Row(label, iri, tally.verdict, any(row.inferred for row in counted), sources, (), tally)


def _largest_first(row: Row) -> tuple[bool, int, int, list[tuple[int, int, str]]]:
    assert row.tally is not None
    return row.label == _NOT_KNOWN, -row.tally.yes, -(row.tally.possible or 0), natural(row.label)


def _names(rows: list[Row]) -> str:
    return listed(sorted((row.label for row in rows), key=natural))

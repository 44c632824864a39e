"""Answer → Sheet: the content that every layout shares.

Knows: which columns each kind of answer has, and how citations are numbered.
Must not know: terminals, markup, or the graph.
"""

from __future__ import annotations

from virtkg.answer import LEVEL, Answer, Field, Row, Tally, Value, Verdict
from virtkg.present.fold import folded, marked
from virtkg.record import record

_HEADS = {Verdict.YES: "Yes.", Verdict.NO: "No.", Verdict.UNKNOWN: "Not known.", Verdict.DISPUTED: "Disputed."}


@record
class Sheet:
    """An answer laid out: what was read and what was not, a headline, a table, notes, and numbered sources."""

    reading: str
    unread: str
    headline: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]


def sheet(answer: Answer) -> Sheet:
    """Return the sheet of an answer."""
    numbers: dict[str, int] = {}
    builder = _Builder(numbers)
    header: tuple[str, ...]
    match answer.kind:
        case "description":
            header, rows = ("property", "value", "sources"), builder.described(answer.rows[0])
        case "comparison":
            header, rows = builder.compared(answer.rows)
        case "count":
            header, rows = builder.counted(answer.rows)
        case _:
            header, rows = builder.listed(folded(answer))
    titles = dict(answer.titles)
    cited = tuple(f"[{number}] {slug}: {titles.get(slug, slug)}" for slug, number in numbers.items())
    notes = tuple(f"{note.message}" for note in answer.notes)
    unread = "not read: " + " ".join(f"“{sentence}”" for sentence in answer.unread) if answer.unread else ""
    return Sheet(answer.reading, unread, _headline(answer), header, tuple(rows), notes, cited)


def _headline(answer: Answer) -> str:
    if answer.verdict is Verdict.UNKNOWN and any(row.verdict is not Verdict.UNKNOWN for row in answer.rows):
        return "It is told by version."
    if answer.verdict not in (None, Verdict.UNKNOWN) and _differs(answer):
        return f"{_HEADS[answer.verdict][:-1]}, but it differs by version."
    if answer.verdict is not None:
        levels = _levels(answer) if answer.verdict is Verdict.YES else []
        return f"Yes, {' and '.join(levels)}." if levels else _HEADS[answer.verdict]
    if answer.kind == "description":
        return answer.rows[0].label
    if answer.tally is not None:
        return _range(answer.tally)
    if answer.kind != "list":
        return ""
    parts = [f"{answer.count(Verdict.YES)} yes"] + [
        f"{answer.count(verdict)} {verdict}" for verdict in (Verdict.DISPUTED, Verdict.UNKNOWN) if answer.count(verdict)
    ]
    return ", ".join(parts)


def _differs(answer: Answer) -> bool:
    """Tell whether what is so of the first row, a line, is not so of others, its versions."""
    verdicts = [row.verdict for row in answer.rows]
    return verdicts[:1] == [answer.verdict] and len(set(verdicts)) > 1


def _levels(answer: Answer) -> list[str]:
    """Return how far it is so, in the words of the sources: deprecated."""
    fields = (field for row in answer.rows for field in row.fields if field.label == LEVEL)
    return list(dict.fromkeys(value.text for field in fields for value in field.values))


def _range(tally: Tally) -> str:
    """Return a count in words.

    >>> _range(Tally(14, 1, 223)), _range(Tally(48, 0, 0)), _range(Tally(11, 0, None))
    ('14 certainly, up to 238 (1 disputed, 223 unknown)', '48', '11 certainly, perhaps more')
    """
    if tally.possible == tally.yes:
        return str(tally.yes)
    doubts = [(tally.disputed, "disputed"), (tally.unknown, "unknown")]
    said = ", ".join(f"{number} {doubt}" for number, doubt in doubts if number)
    up_to = "perhaps more" if tally.possible is None else f"up to {tally.possible}"
    return f"{tally.yes} certainly, {up_to}" + (f" ({said})" if said else "")


class _Builder:
    """Numbers the sources in the order in which they are cited."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers

    def listed(self, rows: tuple[Row, ...]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        fields = list(dict.fromkeys(field.label for row in rows for field in row.fields))
        table = []
        for row in rows:
            values = {field.label: self._values(field) for field in row.fields}
            answer = f"{row.verdict}{' (inferred)' if marked(row) else ''}"
            table.append((row.label, answer, *(values.get(field, "") for field in fields), self._cite(row.sources)))
        return ("name", "answer", *fields, "sources"), table

    def counted(self, rows: tuple[Row, ...]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        tallies = [row.tally for row in rows if row.tally is not None]
        exact = all(tally.possible == tally.yes for tally in tallies)
        table = []
        for row, tally in zip(rows, tallies, strict=True):
            possible = "more" if tally.possible is None else str(tally.possible)
            table.append((row.label, str(tally.yes), *(() if exact else (possible,)), self._cite(row.sources)))
        return ("name", *(("count",) if exact else ("certain", "possible")), "sources"), table

    def described(self, row: Row) -> list[tuple[str, ...]]:
        table: list[tuple[str, ...]] = []
        for field in row.fields:
            for number, value in enumerate(field.values):
                table.append((field.label if number == 0 else "", _text(value), self._cite(value.sources)))
        return table

    def compared(self, rows: tuple[Row, ...]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        subjects = [field.label for field in rows[0].fields] if rows else []
        return ("", *subjects), [(row.label, *(self._values(field) for field in row.fields)) for row in rows]

    def _values(self, field: Field) -> str:
        return "; ".join(f"{_text(value)} {self._cite(value.sources)}".strip() for value in field.values)

    def _cite(self, slugs: tuple[str, ...]) -> str:
        return "".join(f"[{self._numbers.setdefault(slug, len(self._numbers) + 1)}]" for slug in slugs)


def _text(value: Value) -> str:
    marks = [mark for mark, on in (("disputed", value.verdict is Verdict.DISPUTED), ("inferred", value.inferred)) if on]
    said = [mark for mark in marks if mark != value.text]
    return f"{value.text} ({', '.join(said)})" if said else value.text

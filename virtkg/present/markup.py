"""Markdown, for issues and documents, and CSV or TSV, for spreadsheets.

Knows: both syntaxes and how to escape in them. Must not know: the graph.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from virtkg.answer import Answer, Row
from virtkg.present import nearest
from virtkg.present.plain import safe
from virtkg.present.sheet import sheet
from virtkg.present.tree import sides

_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What begins a formula in a spreadsheet; also the wide forms, which some take for the others."""


def markdown(answer: Answer) -> str:
    """Return an answer as GitHub-flavoured Markdown."""
    page = sheet(answer)
    lines = [f"*{escaped(page.reading)}*"]
    if page.unread:
        lines += ["", escaped(page.unread)]
    if page.headline:
        lines += ["", f"**{escaped(page.headline)}**"]
    if page.rows:
        lines += ["", grid(page.header, page.rows)]
    if answer.sides:
        lines += ["", "```", *(safe(line) for line in sides(answer.sides)), "```"]
    if answer.lacking:
        lines += ["", "```", *(safe(line) for line in nearest.lines(answer.lacking)), "```"]
    for group in (page.notes, page.sources):
        lines += ["", *(f"- {escaped(text)}" for text in group)] if group else []
    for other in answer.further:
        lines += ["", markdown(other)]
    return "\n".join(lines)


def separated(answer: Answer, delimiter: str) -> str:
    """Return the rows of an answer as CSV (RFC 4180) or TSV: plain values, one line for each row."""
    output = io.StringIO()
    writer = csv.writer(output, delimiter=delimiter, lineterminator="\r\n" if delimiter == "," else "\n")
    if answer.kind == "description":
        writer.writerow(["property", "value", "verdict", "inferred", "sources"])
        for field in answer.rows[0].fields:
            for value in field.values:
                flags = [str(value.verdict), str(value.inferred).lower(), unsteered(" ".join(value.sources))]
                writer.writerow([unsteered(field.label), unsteered(value.text), *flags])
        return output.getvalue()
    if answer.kind == "count":
        writer.writerow(["label", "iri", "certain", "disputed", "unknown", "possible", "inferred", "sources"])
        for row in answer.rows:
            writer.writerow(_counted(row))
        return output.getvalue()
    fields = list(dict.fromkeys(field.label for row in answer.rows for field in row.fields))
    writer.writerow(["label", "iri", "verdict", "inferred", *(unsteered(field) for field in fields), "sources"])
    for row in answer.rows:
        values = {field.label: "; ".join(unsteered(value.text) for value in field.values) for field in row.fields}
        cells = [unsteered(row.label), row.iri, str(row.verdict), str(row.inferred).lower()]
        writer.writerow([*cells, *(values.get(field, "") for field in fields), unsteered(" ".join(row.sources))])
    return output.getvalue()


def _counted(row: Row) -> list[str]:
    """Return the cells of a counted group; one that nothing bounds is empty."""
    assert row.tally is not None
    tally = row.tally
    numbers = [
        "" if number is None else str(number) for number in (tally.yes, tally.disputed, tally.unknown, tally.possible)
    ]
    return [unsteered(row.label), row.iri, *numbers, str(row.inferred).lower(), unsteered(" ".join(row.sources))]


def escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|#~&])", r"\\\1", safe(text))


def grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(escaped(cell) for cell in row) + " |" for row in (header, *rows)]
    return "\n".join([lines[0], "|" + " --- |" * len(header), *lines[1:]])


def unsteered(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    shown = safe(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown

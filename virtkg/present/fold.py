"""Rows of an answer → rows of a table: versions of a line that are next to each other and alike are one row.

Knows: what makes rows alike, and what a row says of several things. Must not know: any layout, or the graph.
"""

from __future__ import annotations

from virtkg.answer import Answer, Field, Row, Value, Verdict
from virtkg.record import replace
from virtkg.runs import arranged, name


def folded(answer: Answer) -> tuple[Row, ...]:
    """Return the rows as a table shows them; each thing has its own if proofs tell of each, or no order is known."""
    if not answer.lines or answer.sides:
        return answer.rows
    nouns = {iri: line.noun for line in answer.lines for iri in line.versions}
    shown: list[Row] = []
    for verdict in dict.fromkeys(row.verdict for row in answer.rows):
        rows = {row.iri: row for row in answer.rows if row.verdict is verdict}
        labels = {iri: row.label for iri, row in rows.items()}
        alike = {iri: (marked(row), tuple(map(_said, row.fields))) for iri, row in rows.items()}
        for group in arranged(labels, answer.lines, alike):
            shown += [_one([rows[iri] for iri in run], nouns.get(run[0], "")) for run in group]
    return tuple(shown)


def marked(row: Row) -> bool:
    """Tell whether a table marks a row as inferred; that nothing is known is no conclusion."""
    return row.inferred and row.verdict is not Verdict.UNKNOWN


def _said(field: Field) -> Field:
    """Return what a field says, whoever says it."""
    return replace(field, values=tuple(replace(value, sources=()) for value in field.values))


def _one(rows: list[Row], noun: str) -> Row:
    """Return one row for several that are alike, with the sources of all."""
    if len(rows) == 1:
        return rows[0]
    fields = tuple(_field(fields) for fields in zip(*(row.fields for row in rows), strict=True))
    sources = tuple(dict.fromkeys(slug for row in rows for slug in row.sources))
    return replace(rows[0], label=name([row.label for row in rows], noun), sources=sources, fields=fields)


def _field(fields: tuple[Field, ...]) -> Field:
    values = tuple(_value(values) for values in zip(*(field.values for field in fields), strict=True))
    return replace(fields[0], values=values)


def _value(values: tuple[Value, ...]) -> Value:
    return replace(values[0], sources=tuple(dict.fromkeys(slug for value in values for slug in value.sources)))

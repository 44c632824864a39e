"""Answers and errors as JSON: the shape that cli.md fixes.

Knows: that shape. Must not know: the graph.
"""

from __future__ import annotations

import json
from typing import TypeAlias

from virtkg.answer import Answer, Row, Value, Verdict
from virtkg.diagnostics import VirtkgError
from virtkg.namespaces import source_slug
from virtkg.proof import Proof

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"


def answer(given: Answer) -> str:
    """Return an answer as a JSON document."""
    shape: dict[str, Json] = {
        "question": given.question,
        "reading": given.reading,
        "kind": given.kind,
        "verdict": None if given.verdict is None else str(given.verdict),
        "rows": [_row(row) for row in given.rows],
        "count": {str(verdict): given.count(verdict) for verdict in (Verdict.YES, Verdict.DISPUTED, Verdict.UNKNOWN)},
        "notes": [{"code": note.code, "message": note.message} for note in given.notes],
        "sources": dict(given.titles),
        "sparql": given.sparql,
    }
    if given.sides:
        shape["proofs"] = [{"supports": side.supports, "proof": proof(side.proof)} for side in given.sides]
    return _written(shape, indent=1)


def error(given: VirtkgError) -> str:
    """Return an error as one JSON object."""
    shape = {
        "code": given.code,
        "message": given.message,
        "hint": given.hint,
        "column": given.column,
        "suggestions": list(given.suggestions),
    }
    return _written({"error": shape}, indent=None)


def _written(shape: object, indent: int | None) -> str:
    """Return JSON in which what could steer a terminal is escaped; a reader gets the same strings."""
    text = json.dumps(shape, ensure_ascii=False, indent=indent)
    return "".join(
        character if character == "\n" or character.isprintable() else json.dumps(character)[1:-1] for character in text
    )


def proof(given: Proof) -> Json:
    """Return a proof as nested objects; a leaf has sources, a step has a rule and premises."""
    shape: dict[str, Json] = {
        "text": given.text,
        "fact": {name: str(getattr(given.fact, name)) for name in ("subject", "predicate", "object")},
        "disputed": given.disputed,
    }
    if given.rule:
        shape["rule"] = given.rule
        shape["premises"] = [proof(premise) for premise in given.premises]
        shape["absent"] = list(given.absent)
    else:
        shape["sources"] = [source_slug(source) for source in given.sources]
    return shape


def _row(row: Row) -> Json:
    return {
        "label": row.label,
        "iri": row.iri,
        "verdict": str(row.verdict),
        "inferred": row.inferred,
        "sources": list(row.sources),
        "values": {field.label: _values(field.values) for field in row.fields},
    }


def _values(values: tuple[Value, ...]) -> Json:
    shapes: list[Json] = [
        {
            "value": value.value,
            "text": value.text,
            "unit": value.unit,
            "verdict": str(value.verdict),
            "inferred": value.inferred,
            "sources": list(value.sources),
        }
        for value in values
    ]
    return shapes[0] if len(shapes) == 1 else shapes

"""Answers and errors as JSON: the shape that cli.md fixes.

Knows: that shape. Must not know: the graph.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, TypeAlias

from virtkg.answer import Answer, Row, Tally, Value, Verdict
from virtkg.diagnostics import VirtkgError
from virtkg.namespaces import source_slug
from virtkg.proof import Proof

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from virtkg.whynot import Lacking

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"

_DEPTH: Final = 32
"""How many steps of a proof are nested in one another."""


def answer(given: Answer) -> str:
    """Return an answer as a JSON document."""
    return written(_answer(given), indent=1)


def _answer(given: Answer) -> dict[str, Json]:
    shape: dict[str, Json] = {
        "question": given.question,
        "reading": given.reading,
        "kind": given.kind,
        "verdict": None if given.verdict is None else str(given.verdict),
        "rows": [_row(row) for row in given.rows],
        "count": _count(given),
        "notes": [{"code": note.code, "message": note.message} for note in given.notes],
        "sources": dict(given.titles),
        "sparql": given.sparql,
    }
    if given.sides:
        shape["proofs"] = [{"supports": side.supports, **proof(side.proof)} for side in given.sides]
    if given.lacking:
        shape["lacking"] = [_lacking(lacking) for lacking in given.lacking]
    if given.unread:
        shape["unread"] = list(given.unread)
    if given.further:
        shape["further"] = [_answer(other) for other in given.further]
    return shape


def _count(given: Answer) -> Json:
    if given.tally is not None:
        return _tally(given.tally)
    return {str(verdict): given.count(verdict) for verdict in (Verdict.YES, Verdict.DISPUTED, Verdict.UNKNOWN)}


def _tally(given: Tally) -> Json:
    """Return a count; `unknown` and `possible` are null if nothing bounds them."""
    return {
        "yes": given.yes,
        "disputed": given.disputed,
        "unknown": given.unknown,
        "certain": given.yes,
        "possible": given.possible,
    }


def error(given: VirtkgError) -> str:
    """Return an error as one JSON object."""
    shape = {
        "code": given.code,
        "message": given.message,
        "hint": given.hint,
        "column": given.column,
        "suggestions": list(given.suggestions),
    }
    if given.offers:
        shape["offers"] = list(given.offers)
    return written({"error": shape}, indent=None)


def written(shape: object, indent: int | None) -> str:
    """Return JSON in which what could steer a terminal is escaped; a reader gets the same strings."""
    text = json.dumps(shape, ensure_ascii=False, indent=indent)
    return "".join(
        character if character == "\n" or character.isprintable() else json.dumps(character)[1:-1] for character in text
    )


def proof(given: Proof) -> dict[str, Json]:
    """Return a proof as nested objects; a leaf has sources, a step has a rule and premises.

    A step that stands elsewhere already, or too deep for readers of JSON, is
    `elsewhere`: in the proof, or with its fact in the list `continued`.
    """
    written: set[int] = set()
    queue = [given]
    shapes: list[Json] = []
    for start in queue:
        if id(start) not in written:
            shapes.append(_steps(start, written, queue))
    shape: dict[str, Json] = {"proof": shapes[0]}
    return shape | {"continued": shapes[1:]} if len(shapes) > 1 else shape


def _steps(given: Proof, written: set[int], queue: list[Proof], depth: int = 0) -> Json:
    shape: dict[str, Json] = {"text": given.text, "fact": _fact(given.fact), "disputed": given.disputed}
    if not given.rule:
        return shape | {"sources": [source_slug(source) for source in given.sources]}
    if id(given) in written:
        return shape | {"elsewhere": True}
    if depth == _DEPTH:
        queue.append(given)
        return shape | {"elsewhere": True}
    written.add(id(given))
    shape["rule"] = given.rule
    shape["premises"] = [_steps(premise, written, queue, depth + 1) for premise in given.premises]
    return shape | {"absent": list(given.absent), "absences": list(given.absences)}


def _lacking(given: Lacking) -> Json:
    return {
        "text": given.text,
        "fact": _fact(given.fact),
        "rule": given.rule,
        "holds": [_known(premise) for premise in given.holds],
        "missing": [
            {
                "text": gap.text,
                "pattern": gap.pattern,
                "rules": list(gap.rules),
                "against": [_known(fact) for fact in gap.against],
            }
            for gap in given.missing
        ],
        "denied": [
            {"text": objection.text, "pattern": objection.pattern, "facts": [_known(fact) for fact in objection.facts]}
            for objection in given.denied
        ],
        "absent": [pattern for pattern, _ in given.absent],
        "absences": [text for _, text in given.absent],
        "conditions": [{"text": text, "pattern": pattern} for pattern, text in given.conditions],
    }


def _known(given: Proof) -> Json:
    """Return a fact with the rule that derives it or its sources; `why` proves it."""
    shape: dict[str, Json] = {"text": given.text, "fact": _fact(given.fact), "disputed": given.disputed}
    if given.rule:
        return shape | {"rule": given.rule}
    return shape | {"sources": [source_slug(source) for source in given.sources]}


def _fact(fact: Triple) -> Json:
    return {name: str(getattr(fact, name)) for name in ("subject", "predicate", "object")}


def _row(row: Row) -> Json:
    shape: dict[str, Json] = {
        "label": row.label,
        "iri": row.iri,
        "verdict": str(row.verdict),
        "inferred": row.inferred,
        "sources": list(row.sources),
        "values": {field.label: _values(field.values) for field in row.fields},
    }
    return shape if row.tally is None else shape | {"count": _tally(row.tally)}


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

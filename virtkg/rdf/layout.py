"""How statements stand on lines in canonical Turtle and TriG.

Knows: indentation, the width of a line, nesting, separators.
Must not know: terms (it is given their text), order, or files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 120
_STEP: Final = 4
_END: Final = " ;"


class Items(NamedTuple):
    """A collection `( ... )` of objects."""

    objects: tuple[Object, ...]


class Node(NamedTuple):
    """A nested blank node `[ ... ]` with its rows."""

    rows: tuple[Row, ...]


class Row(NamedTuple):
    """A predicate and its objects, in the order in which they are written."""

    predicate: str
    objects: tuple[Object, ...]


Object: TypeAlias = str | Items | Node
"""An object: the text of a term, or something nested."""


def flat(value: Object) -> str:
    """Return an object on one line."""
    if isinstance(value, str):
        return value
    if isinstance(value, Items):
        return " ".join(("(", *map(flat, value.objects), ")")) if value.objects else "()"
    return f"[ {' ; '.join(map(_flat_row, value.rows))} ]" if value.rows else "[]"


def statement(subject: str, rows: Sequence[Row], indent: int = 0) -> str:
    """Return all that is said of a subject, one predicate a line, without a final line break.

    The subject starts at column `indent`; every row but the first stands on a
    line of its own, one step deeper.
    """
    deeper = indent + _STEP
    texts = [_row(rows[0], indent + len(subject) + 1, deeper)]
    texts += [_row(row, deeper, deeper) for row in rows[1:]]
    return " " * indent + subject + " " + f" ;\n{' ' * deeper}".join(texts) + " ."


def graph_block(name: str, statements: Sequence[str]) -> str:
    """Return a TriG block of statements that are indented already."""
    return f"{name} {{\n" + "\n\n".join(statements) + "\n}"


def _flat_row(row: Row) -> str:
    return f"{row.predicate} {' , '.join(map(flat, row.objects))}"


def _row(row: Row, column: int, indent: int) -> str:
    text = _flat_row(row)
    if _fits(text, column):
        return text
    if len(row.objects) == 1:
        return f"{row.predicate} " + _object(row.objects[0], column + len(row.predicate) + 1, indent)
    deeper = indent + _STEP
    return row.predicate + " ,".join(f"\n{' ' * deeper}{_object(value, deeper, deeper)}" for value in row.objects)


def _object(value: Object, column: int, indent: int) -> str:
    text = flat(value)
    if isinstance(value, str) or _fits(text, column):
        return text
    deeper = indent + _STEP
    margin = f"\n{' ' * deeper}"
    if isinstance(value, Items):
        inner = [_object(item, deeper, deeper) for item in value.objects]
        return f"({margin}{margin.join(inner)}\n{' ' * indent})"
    inner = [_row(row, deeper, deeper) for row in value.rows]
    return f"[{margin}{f' ;{margin}'.join(inner)}\n{' ' * indent}]"


def _fits(text: str, column: int) -> bool:
    return column + len(text) + len(_END) <= WIDTH

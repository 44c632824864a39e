"""Text without colour or box drawing: what a pipe or a file gets.

Knows: columns of characters, control characters. Must not know: the graph.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from virtkg.answer import Answer
from virtkg.present.sheet import Sheet, sheet


def answer(given: Answer) -> str:
    """Return an answer as plain text."""
    return "\n".join(_lines(sheet(given), given))


def _lines(page: Sheet, given: Answer) -> Iterator[str]:
    yield safe(page.reading)
    if page.unread:
        yield safe(page.unread)
    if page.headline:
        yield safe(page.headline)
    if page.rows:
        yield ""
        yield from table(page.header, page.rows)
    if given.sides:
        from virtkg.present.tree import sides

        yield ""
        yield from (safe(line) for line in sides(given.sides))
    if given.lacking:
        from virtkg.present.nearest import lines

        yield ""
        yield from (safe(line) for line in lines(given.lacking))
    if page.notes:
        yield ""
        yield from (safe(note) for note in page.notes)
    if page.sources:
        yield ""
        yield from (safe(source) for source in page.sources)
    for other in given.further:
        yield ""
        yield from _lines(sheet(other), other)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, columns parted by two blanks."""
    cells = [[safe(cell) for cell in row] for row in (header, *rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(header))]
    for row in cells:
        padded = (cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def width(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def safe(text: str) -> str:
    """Return text with control, format and bidirectional characters escaped, so that no name can steer a terminal."""
    if text.isprintable():
        return text
    steering = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    return "".join(
        _escaped(character) if unicodedata.category(character) in steering else character for character in text
    )


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

"""The order in which things are shown.

Knows: labels, and numbers in them. Must not know: answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from virtkg.language.schema import Schema


def in_order(schema: Schema, things: Iterable[int]) -> list[int]:
    """Return things by their labels."""
    return sorted(things, key=lambda thing: natural(schema.label(thing)))


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts numbers in a text by value: Xen 4.9 before Xen 4.10."""
    pieces = re.split(r"(\d+)", text.casefold())
    return [(1, int(piece), "") if piece.isdigit() else (0, 0, piece) for piece in pieces]

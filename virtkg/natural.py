"""The order of labels for a reader.

Knows: numbers in a text. Must not know: what has the label.
"""

from __future__ import annotations

import re


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts numbers in a text by value: Xen 4.9 before Xen 4.10."""
    pieces = re.split(r"(\d+)", text.casefold())
    return [(1, int(piece), "") if piece.isdigit() else (0, 0, piece) for piece in pieces]

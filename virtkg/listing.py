"""How a list is told: the verdict of a truth, the order of labels, what stays open.

Knows: the four verdicts, and wording. Must not know: the graph, or who answers.
"""

from __future__ import annotations

import re
from typing import Final

from virtkg.answer import Note, Verdict
from virtkg.language.translate import DISPUTED, NO, UNKNOWN, YES

VERDICTS: Final = {YES: Verdict.YES, DISPUTED: Verdict.DISPUTED, UNKNOWN: Verdict.UNKNOWN, NO: Verdict.NO}

_NAMED: Final = 8
"""How many unknown things a note names."""


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts numbers in a text by value: Xen 4.9 before Xen 4.10."""
    pieces = re.split(r"(\d+)", text.casefold())
    return [(1, int(piece), "") if piece.isdigit() else (0, 0, piece) for piece in pieces]


def unknown_note(labels: list[str]) -> Note:
    """Return the note that counts what a list leaves open, and names the first."""
    more = f" and {len(labels) - _NAMED} more" if len(labels) > _NAMED else ""
    named = ", ".join(labels[:_NAMED])
    return Note("I703", f"{len(labels)} unknown: {named}{more}; add “or unknown” to list them")

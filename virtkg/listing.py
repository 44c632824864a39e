"""How a list is told: the verdict of a truth, and what stays open.

Knows: the four verdicts, and wording. Must not know: the graph, or who answers.
"""

from __future__ import annotations

from typing import Final

from virtkg.answer import Note, Verdict
from virtkg.language.translate import DISPUTED, NO, UNKNOWN, YES
from virtkg.language.words import listed

VERDICTS: Final = {YES: Verdict.YES, DISPUTED: Verdict.DISPUTED, UNKNOWN: Verdict.UNKNOWN, NO: Verdict.NO}


def unknown_note(labels: list[str]) -> Note:
    """Return the note that counts what a list leaves open, and names the first."""
    return Note("I703", f"{len(labels)} unknown: {listed(labels)}; add “or unknown” to list them")

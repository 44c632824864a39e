"""How a list is told: the verdict of a truth, and what stays open.

Knows: the four verdicts, and wording. Must not know: the graph, or who answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from virtkg.answer import Line, Note, Verdict
from virtkg.language.translate import DISPUTED, NO, UNKNOWN, YES
from virtkg.language.words import listed
from virtkg.runs import by_line

VERDICTS: Final = {YES: Verdict.YES, DISPUTED: Verdict.DISPUTED, UNKNOWN: Verdict.UNKNOWN, NO: Verdict.NO}


def tie_note(shown: int) -> Note:
    """Return the note that more things are shown than were asked for."""
    return Note("I724", f"{shown} are shown, since there is a tie for the last place")


def not_known_note(what: str, labels: list[str]) -> Note:
    """Return the note on things of which no value of a kind is known."""
    return Note("I706", f"no {what} is known of {listed(labels)}")


def left_out_note(labels: list[str], lacking: str) -> Note:
    """Return the note on things that are left out of an order for what they lack."""
    return Note("I721", f"{len(labels)} {lacking} {'is' if len(labels) == 1 else 'are'} left out: {listed(labels)}")


def unknown_note(labels: Mapping[str, str], lines: Iterable[Line] = ()) -> Note:
    """Return the note that counts what a list leaves open, and names the first, by IRI and in order."""
    return Note("I703", f"{len(labels)} unknown: {by_line(labels, lines)}; add “or unknown” to list them")

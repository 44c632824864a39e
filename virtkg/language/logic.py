"""Conditions and the words between them → the ways in which they can belong together.

Knows: and, or, and that only brackets say which of them binds.
Must not know: what a condition is about.
"""

from __future__ import annotations

from collections.abc import Sequence

from virtkg.diagnostics import QuestionError
from virtkg.language.conditions import Condition, Junction
from virtkg.language.syntax import Group, Phrase


def joined(parts: Sequence[Condition], joints: Sequence[str]) -> list[Condition | None]:
    """Return the meanings of a chain of conditions, each with the word before it: one, or two if the words are mixed.

    What merely follows is joined by "and"; a comma takes the word of the others.
    Raises QuestionError E302 if commas stand among both words.
    """
    if not parts:
        return [None]
    spoken = {joint for joint in joints[1:] if joint in ("and", "or")}
    if "" in joints[1:]:
        spoken.add("and")
    if len(spoken) < 2:
        return [one(parts, spoken.pop() if spoken else "and")]
    if "," in joints:
        raise QuestionError(
            "E302",
            "“and”, “or” and commas are mixed, so it is open what belongs together",
            hint="put what belongs together in brackets: with (A or B) and C",
        )
    return list(dict.fromkeys(_split(parts, joints, outer) for outer in ("or", "and")))


def uniform(joints: Sequence[str], place: Phrase | Group) -> None:
    """Raise QuestionError E302 if both words stand among the conditions of a statement, which has no brackets."""
    if {"and", "or"} <= set(joints):
        said, hint = "“and” and “or” are mixed, so it is open what belongs together", "ask with one of them at a time"
        raise QuestionError("E302", said, hint=hint, column=place.start + 1, length=place.end - place.start)


def one(parts: Sequence[Condition], joint: str) -> Condition:
    """Return conditions joined by one word; a part that is so joined itself is taken apart."""
    flat: list[Condition] = []
    for part in parts:
        flat += part.parts if isinstance(part, Junction) and part.joint == joint else (part,)
    return flat[0] if len(flat) == 1 else Junction(joint, tuple(flat))


def _split(parts: Sequence[Condition], joints: Sequence[str], outer: str) -> Condition:
    """Join by the inner word first and then by the outer."""
    inner = "and" if outer == "or" else "or"
    groups: list[list[Condition]] = [[parts[0]]]
    for part, joint in zip(parts[1:], joints[1:], strict=True):
        if (joint or "and") == outer:
            groups.append([part])
        else:
            groups[-1].append(part)
    return one([one(group, inner) for group in groups], outer)

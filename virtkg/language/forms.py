"""Forms of English that canonical texts need: a verb after one thing, names in a row, words for an order.

Knows: English. Must not know: the graph.
"""

from __future__ import annotations

from virtkg.language.conditions import Related
from virtkg.language.words import plural


def side_by_side(part: str, names: list[str]) -> str:
    """Return the question for what things have in common or where they differ."""
    listed = " and ".join(names)
    return {"differing": f"differences between {listed}", "common": f"what do {listed} have in common"}.get(
        part, f"compare {listed}"
    )


def in_time(names: list[str], *, latest: bool, asked: bool) -> str:
    """Return the question which of some things came first or last, or whether the first of them did."""
    if len(names) == 1:
        return f"when did {names[0]} come out"
    if asked:
        return f"is {names[0]} {'newer' if latest else 'older'} than {' and '.join(names[1:])}"
    return f"which came {'last' if latest else 'first'}, {', '.join(names[:-1])} or {names[-1]}"


def owned_only(names: list[str], verb: str) -> str:
    """Return the words for what only some things do."""
    return f"only {' and '.join(names)} {third_person(verb) if len(names) == 1 else verb}"


def ordered(related: Related) -> str:
    """Return the word for an order of versions."""
    return {(False, "+"): "after", (False, "*"): "since", (True, "+"): "before", (True, "*"): "until"}[
        related.inverse, related.steps
    ]


def third_person(verb: str) -> str:
    """Return a verb as it follows one thing."""
    first, _, rest = verb.partition(" ")
    if first in ("has", "is"):
        return verb
    spoken = {"have": "has", "do": "does"}.get(first) or plural(first)
    return f"{spoken} {rest}".strip()

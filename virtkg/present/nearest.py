"""What rules lack → lines below a verdict.

Knows: what is lacking. Must not know: the graph, terminals, markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from virtkg.present.tree import axioms, line, rule_name

if TYPE_CHECKING:
    from virtkg.whynot import Gap, Lacking, Objection

HEADLINE: Final = "what comes nearest"
_SHOWN: Final = 3
"""How many rules or facts are named where many would do."""


def lines(given: tuple[Lacking, ...], *, drawn: bool = False) -> Iterator[str]:
    """Yield what each rule lacks; `drawn` shows the branches by the box-drawing characters of a terminal."""
    if given:
        yield f"{HEADLINE}:"
    several = len({lacking.fact for lacking in given}) > 1
    for lacking in given:
        yield f"  {title(lacking, several)}"
        below = list(parts(lacking))
        for number, part in enumerate(below):
            head = ("└─ " if number == len(below) - 1 else "├─ ") if drawn else "- "
            yield f"  {head}{part}"


def title(lacking: Lacking, several: bool = False) -> str:
    """Return the rule that would conclude the fact; the fact too if there are several."""
    return f"{lacking.text}, by {rule_name(lacking.rule)}" if several else f"by {rule_name(lacking.rule)}"


def parts(lacking: Lacking) -> Iterator[str]:
    """Yield what holds, what is missing and what stands against it, each in a line."""
    for proof in lacking.holds:
        if id(proof) not in axioms(proof):
            yield f"holds: {line(proof)}"
    for gap in lacking.missing:
        yield _gap(gap)
    for objection in lacking.denied:
        yield f"denied: {_facts(objection)}"
    for _, text in lacking.absent:
        yield f"no fact says: {text}"
    for _, text in lacking.conditions:
        yield f"if also: {text}"


def _gap(gap: Gap) -> str:
    if gap.against:
        return f"denied: {gap.text}; against it: {'; '.join(line(proof) for proof in gap.against[:_SHOWN])}"
    return f"missing: {gap.text}{_derivable(gap)}"


def _derivable(gap: Gap) -> str:
    if not gap.rules:
        return ""
    more = f" or {len(gap.rules) - _SHOWN} other rules" if len(gap.rules) > _SHOWN else ""
    return f" (could follow by {', '.join(rule_name(rule) for rule in gap.rules[:_SHOWN])}{more})"


def _facts(objection: Objection) -> str:
    more = len(objection.facts) - _SHOWN
    shown = "; ".join(line(proof) for proof in objection.facts[:_SHOWN])
    return f"{shown}; and {more} more facts" if more > 0 else shown

"""Names for the things that a rule makes.

Knows: the row that they belong to. Must not know: how it was found.
"""

from __future__ import annotations

from collections.abc import Sequence

from virtkg.reason.plan import Plan
from virtkg.reason.terms import NONE, Terms
from virtkg.rules.rows import made_things


def made_row(terms: Terms, plan: Plan, row: Sequence[int]) -> list[int]:
    """Return a row with a name for each thing that the rule makes: blank nodes of the head, and those of a SET."""
    named = {name: terms.term(value) for name, value in zip(plan.names, row, strict=True) if value != NONE}
    made = made_things(plan.rule, plan.rule.head, named)
    return [terms.number(made[name]) if name in made else NONE for name in plan.names]

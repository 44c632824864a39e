"""The order in which things are shown.

Knows: labels. Must not know: answers.
"""

from __future__ import annotations

from collections.abc import Iterable

from virtkg.language.schema import Schema
from virtkg.natural import natural


def in_order(schema: Schema, things: Iterable[int]) -> list[int]:
    """Return things by their labels."""
    return sorted(things, key=lambda thing: natural(schema.label(thing)))

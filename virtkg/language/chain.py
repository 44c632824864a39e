"""A chain of modifiers → the noun that each belongs to.

Knows: attachment to the nearest noun that admits a modifier.
Must not know: what a noun admits, or any meaning.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from virtkg.language.syntax import Modifier, Noun, Phrase

Admits: TypeAlias = Callable[[Modifier, Phrase], bool]


class Chain:
    """The nouns of a question in order, and which of them each modifier belongs to."""

    def __init__(self, noun: Noun) -> None:
        self.heads: list[Phrase] = [noun.head]
        self._modifiers = noun.modifiers
        self._position: dict[int, int] = {}
        for modifier in noun.modifiers:
            brought = modifier.object
            if isinstance(brought, Phrase) and brought.terminal == "CLASS" and modifier.governor != "is":
                self._position[id(modifier)] = len(self.heads)
                self.heads.append(brought)
        self._owner: dict[int, int] | None = None

    def position_of(self, modifier: Modifier) -> int | None:
        """Return the position of the noun that a modifier brings in."""
        return self._position.get(id(modifier))

    def modifiers_of(self, position: int, admits: Admits) -> list[Modifier]:
        """Return the modifiers of the noun at a position."""
        if self._owner is None:
            self._owner = self._attach(admits)
        return [modifier for modifier in self._modifiers if self._owner[id(modifier)] == position]

    def _attach(self, admits: Admits) -> dict[int, int]:
        owner: dict[int, int] = {}
        reach, previous = 0, 0
        for modifier in self._modifiers:
            if modifier.joint:
                chosen = previous if admits(modifier, self.heads[previous]) else 0
            else:
                fitting = [position for position in range(reach, -1, -1) if admits(modifier, self.heads[position])]
                chosen = fitting[0] if fitting else reach
            owner[id(modifier)] = previous = chosen
            if modifier.governor != "beside":
                reach = self._position.get(id(modifier), reach)
        return owner

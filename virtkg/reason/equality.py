"""Equal things, each class of them under one representative.

Knows: union of classes over columns, and how facts about representatives
stand for facts about all members. Must not know: rules.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from virtkg.reason.columns import EMPTY, Ids, Mask, distinct, objects_of, pack, subjects_of


class Equality:
    """The classes found so far. The representative is the least number of a class, a built-in term only of its like."""

    def __init__(self, is_built_in: Callable[[Ids], Mask] | None = None) -> None:
        self._is_built_in = is_built_in or (lambda numbers: np.zeros(len(numbers), dtype=np.bool_))
        self._of = np.arange(0, dtype=np.int64)
        self.members: dict[int, list[int]] = {}
        """The members of each class of more than one, by its representative."""

    def of(self, numbers: Ids) -> Ids:
        """Return the representatives of many things."""
        if not self.members:
            return numbers
        inside = numbers < len(self._of)
        result: Ids = np.where(inside, self._of[np.where(inside, numbers, 0)], numbers)
        return result

    def one(self, number: int) -> int:
        """Return the representative of a thing."""
        return int(self._of[number]) if number < len(self._of) else number

    def members_of(self, number: int) -> list[int]:
        """Return all that is equal to a thing, itself included."""
        return self.members.get(self.one(number), [number])

    def merge(self, pairs: Ids) -> bool:
        """Take pairs as equal; tell whether that made a class larger."""
        left, right = self.of(subjects_of(pairs)), self.of(objects_of(pairs))
        news = left != right
        left, right = left[news], right[news]
        if not len(left):
            return False
        size = int(max(left.max(), right.max())) + 1
        if size > len(self._of):
            self._of = np.concatenate((self._of, np.arange(len(self._of), size, dtype=np.int64)))
        touched = distinct(np.concatenate((left, right)))
        least = _least(np.searchsorted(touched, left), np.searchsorted(touched, right), len(touched))
        self._take(touched, self._better(touched, touched[least]))
        return True

    def _better(self, touched: Ids, representatives: Ids) -> Ids:
        """Return the representatives, with others for those that are built in, since of these little is told."""
        for wrong in distinct(representatives[self._is_built_in(representatives)]).tolist():
            members = touched[representatives == wrong]
            others = members[~self._is_built_in(members)]
            if len(others):
                representatives[representatives == wrong] = others.min()
        return representatives

    def _take(self, touched: Ids, representatives: Ids) -> None:
        grown = set()
        for old, new in zip(touched.tolist(), representatives.tolist(), strict=True):
            if old != new:
                self.members.setdefault(new, [new]).extend(self.members.pop(old, [old]))
                grown.add(new)
        for representative in grown:
            self.members[representative].sort()
            self._of[self.members[representative]] = representative

    def pairs(self) -> Ids:
        """Return every two different members of a class, in both orders."""
        parts = [EMPTY]
        for members in self.members.values():
            numbers = np.array(members, dtype=np.int64)
            left, right = np.repeat(numbers, len(numbers)), np.tile(numbers, len(numbers))
            parts.append(pack(left, right)[left != right])
        return distinct(np.concatenate(parts))

    def representatives(self) -> Ids:
        """Return the representatives of the classes of more than one, sorted."""
        return np.array(sorted(self.members), dtype=np.int64)

    def expand_members(self, column: Ids) -> Ids:
        """Return all members of a class of OWL, given those that are representatives."""
        return distinct(self.each(column)[1]) if self.members else column

    def expand_pairs(self, pairs: Ids) -> Ids:
        """Return all pairs, given those of representatives."""
        if not self.members:
            return pairs
        rows, subjects = self.each(subjects_of(pairs))
        others, objects = self.each(objects_of(pairs)[rows])
        return distinct(pack(subjects[others], objects))

    def each(self, numbers: Ids) -> tuple[Ids, Ids]:
        """Return the members of each number, one to a row, and the place of the number that each comes from."""
        many = np.isin(numbers, self.representatives())
        counts = np.ones(len(numbers), dtype=np.int64)
        found = [self.members[number] for number in numbers[many].tolist()]
        counts[many] = [len(members) for members in found]
        rows = np.repeat(np.arange(len(numbers)), counts)
        values = numbers[rows]
        values[many[rows]] = [member for members in found for member in members]
        return rows, values


def _least(left: Ids, right: Ids, size: int) -> Ids:
    """Return the least node that each node is connected to (label propagation with pointer jumping)."""
    label = np.arange(size)
    while True:
        before = label
        label = label.copy()
        low = np.minimum(label[left], label[right])
        np.minimum.at(label, left, low)
        np.minimum.at(label, right, low)
        label = label[label]
        if np.array_equal(label, before):
            return label

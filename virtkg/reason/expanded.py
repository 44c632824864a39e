"""Facts about representatives, seen as facts about all equal things.

Knows: how one question about a thing is asked of its representative.
Must not know: rules, or how equals were found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from virtkg.reason.columns import FactColumns
from virtkg.reason.equality import Equality
from virtkg.reason.terms import NONE, Fact, is_class


class Expanded:
    """A `View` of all facts; `same` is the relation of equal things."""

    def __init__(self, facts: FactColumns, equality: Equality, same: int) -> None:
        self._facts = facts
        self._equality = equality
        self._same = same

    def __contains__(self, fact: Fact) -> bool:
        relation, subject, object_ = fact
        if is_class(relation):
            return self.has(relation, subject)
        return self.find(relation, subject, object_) == object_

    def find(self, relation: int, subject: int, object: int) -> int:
        """Return the object of the fact that has this value, NONE if there is no fact."""
        one = self._equality.one
        if relation == self._same and subject != object and one(subject) == one(object):
            return object
        found = self._facts.find(relation, one(subject), one(object))
        if relation == self._same and subject == object:
            return NONE
        return object if found == one(object) else found

    def has(self, relation: int, subject: int) -> bool:
        """Tell whether a class has a member."""
        return self._facts.has(relation, self._equality.one(subject))

    def objects(self, relation: int, subject: int) -> Iterator[int]:
        """Return the objects of a subject."""
        for found in self._facts.objects(relation, self._equality.one(subject)):
            for member in self._equality.members_of(found):
                if relation != self._same or member != subject:
                    yield member

    def subjects(self, relation: int, object: int) -> Iterator[tuple[int, int]]:
        """Return the subjects of a value, each with the object of its fact."""
        one = self._equality.one(object)
        for subject, found in self._facts.subjects(relation, one):
            for member in self._equality.members_of(subject):
                if relation != self._same or member != object:
                    yield member, object if found == one else found

    def pairs(self, relation: int) -> Iterator[tuple[int, int]]:
        """Return all facts of a property."""
        for subject, found in self._facts.pairs(relation):
            for member in self._equality.members_of(subject):
                for other in self._equality.members_of(found):
                    if relation != self._same or member != other:
                        yield member, other

    def members(self, relation: int) -> Iterator[int]:
        """Return all members of a class."""
        for member in self._facts.members(relation):
            yield from self._equality.members_of(member)

    def relations(self) -> Iterable[int]:
        """Return the relations that have a fact and are not hidden."""
        return self._facts.relations()

    def size(self, relation: int) -> int:
        """Return the number of facts of a relation, roughly."""
        return self._facts.size(relation)

    def fan(self, relation: int, end: int) -> float:
        """Return about how many facts of a property have the same subject (end 0) or object (end 1)."""
        return self._facts.fan(relation, end)

    def value(self, number: int) -> int:
        """Return one number for all forms of a value."""
        return self._facts.value(number)

"""A few changes over many facts that stay where they are.

Knows: how changes and columns are seen as one. Must not know: why facts change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from virtkg.reason.columns import FactColumns, among, columns_of
from virtkg.reason.factset import View
from virtkg.reason.terms import NONE, Fact


class Overlay:
    """Columns with some facts added and some removed; each literal has one form only."""

    def __init__(self, base: FactColumns) -> None:
        self.base = base
        self._removed: set[Fact] = set()
        self._added: dict[Fact, None] = {}
        self._objects: dict[tuple[int, int], dict[int, None]] = {}
        self._subjects: dict[tuple[int, int], dict[int, None]] = {}

    def changes(self) -> int:
        """Return the number of facts by which this differs from its columns."""
        return len(self._added) + len(self._removed)

    def add(self, fact: Fact) -> None:
        """Add a fact that is not there."""
        if fact in self._removed:
            self._removed.discard(fact)
            return
        relation, subject, object_ = fact
        self._added[fact] = None
        self._objects.setdefault((relation, subject), {})[object_] = None
        self._subjects.setdefault((relation, object_), {})[subject] = None

    def discard(self, fact: Fact) -> None:
        """Remove a fact that is there."""
        if fact not in self._added:
            self._removed.add(fact)
            return
        relation, subject, object_ = fact
        del self._added[fact]
        del self._objects[relation, subject][object_]
        del self._subjects[relation, object_][subject]

    def fold(self) -> None:
        """Put the changes into the columns."""
        for relation, column in columns_of(self._removed):
            self.base.remove(relation, column)
        for relation, column in columns_of(self._added):
            self.base.add(relation, column[~among(column, self.base.column(relation))])
        self._removed.clear()
        self._added.clear()
        self._objects.clear()
        self._subjects.clear()

    def __contains__(self, fact: Fact) -> bool:
        return fact in self._added or (fact not in self._removed and fact in self.base)

    def find(self, relation: int, subject: int, object: int) -> int:
        """Return the object of the fact that has this value, NONE if there is no fact."""
        return object if (relation, subject, object) in self else NONE

    def has(self, relation: int, subject: int) -> bool:
        """Tell whether a class has a member."""
        return (relation, subject, NONE) in self

    def objects(self, relation: int, subject: int) -> Iterator[int]:
        """Return the objects of a subject."""
        yield from tuple(self._objects.get((relation, subject), ()))
        for found in self.base.objects(relation, subject):
            if (relation, subject, found) not in self._removed:
                yield found

    def subjects(self, relation: int, object: int) -> Iterator[tuple[int, int]]:
        """Return the subjects of a value, each with the object of its fact."""
        for subject in tuple(self._subjects.get((relation, object), ())):
            yield subject, object
        for subject, found in self.base.subjects(relation, object):
            if (relation, subject, found) not in self._removed:
                yield subject, found

    def pairs(self, relation: int) -> Iterator[tuple[int, int]]:
        """Return all facts of a property."""
        yield from [(subject, object_) for own, subject, object_ in self._added if own == relation]
        for subject, object_ in self.base.pairs(relation):
            if (relation, subject, object_) not in self._removed:
                yield subject, object_

    def members(self, relation: int) -> Iterator[int]:
        """Return all members of a class."""
        yield from [subject for own, subject, _ in self._added if own == relation]
        for subject in self.base.members(relation):
            if (relation, subject, NONE) not in self._removed:
                yield subject

    def relations(self) -> list[int]:
        """Return the relations that may have a fact and are not hidden."""
        known = self.base.relations()
        return [*known, *sorted({fact[0] for fact in self._added} - set(known) - self.base.hidden)]

    def size(self, relation: int) -> int:
        """Return the number of facts of a relation, roughly."""
        size = self.base.size(relation)
        return size or sum(fact[0] == relation for fact in self._added)

    def fan(self, relation: int, end: int) -> float:
        """Return about how many facts of a property have the same subject (end 0) or object (end 1)."""
        return self.base.fan(relation, end)

    def value(self, number: int) -> int:
        """Return one number for all forms of a value."""
        return number


class Both:
    """The facts of two views."""

    def __init__(self, one: View, other: View) -> None:
        self._one, self._other = one, other

    def find(self, relation: int, subject: int, object: int) -> int:
        """Return the object of the fact that has this value, NONE if there is no fact."""
        found = self._one.find(relation, subject, object)
        return found if found != NONE else self._other.find(relation, subject, object)

    def has(self, relation: int, subject: int) -> bool:
        """Tell whether a class has a member."""
        return self._one.has(relation, subject) or self._other.has(relation, subject)

    def objects(self, relation: int, subject: int) -> list[int]:
        """Return the objects of a subject."""
        return [*self._one.objects(relation, subject), *self._other.objects(relation, subject)]

    def subjects(self, relation: int, object: int) -> list[tuple[int, int]]:
        """Return the subjects of a value, each with the object of its fact."""
        return [*self._one.subjects(relation, object), *self._other.subjects(relation, object)]

    def pairs(self, relation: int) -> list[tuple[int, int]]:
        """Return all facts of a property."""
        return [*self._one.pairs(relation), *self._other.pairs(relation)]

    def members(self, relation: int) -> list[int]:
        """Return all members of a class."""
        return [*self._one.members(relation), *self._other.members(relation)]

    def relations(self) -> Iterable[int]:
        """Return the relations that may have a fact and are not hidden."""
        return dict.fromkeys((*self._one.relations(), *self._other.relations()))

    def size(self, relation: int) -> int:
        """Return the number of facts of a relation, roughly."""
        return self._one.size(relation) + self._other.size(relation)

    def fan(self, relation: int, end: int) -> float:
        """Return about how many facts of a property have the same subject (end 0) or object (end 1)."""
        return self._one.fan(relation, end)

    def value(self, number: int) -> int:
        """Return one number for all forms of a value."""
        return self._one.value(number)

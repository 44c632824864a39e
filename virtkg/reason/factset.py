"""A set of facts in memory, for graphs that are small enough for plain Python.

Knows: facts as numbers, and look-up by every part. Must not know: rules, or how terms are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from virtkg.reason.literals import Values
from virtkg.reason.terms import NONE, Fact, is_class


class View(Protocol):
    """Facts to match against, whoever keeps them.

    Objects are found by value: what is returned is the form that the fact has.
    """

    def find(self, relation: int, subject: int, object: int) -> int:
        """Return the object of the fact that has this value, NONE if there is no fact."""

    def has(self, relation: int, subject: int) -> bool:
        """Tell whether a class has a member."""

    def objects(self, relation: int, subject: int) -> Iterable[int]:
        """Return the objects of a subject."""

    def subjects(self, relation: int, object: int) -> Iterable[tuple[int, int]]:
        """Return the subjects of a value, each with the object of its fact."""

    def pairs(self, relation: int) -> Iterable[tuple[int, int]]:
        """Return all facts of a property."""

    def members(self, relation: int) -> Iterable[int]:
        """Return all members of a class."""

    def relations(self) -> Iterable[int]:
        """Return the relations that have a fact and are not hidden."""

    def size(self, relation: int) -> int:
        """Return the number of facts of a relation, roughly."""

    def fan(self, relation: int, end: int) -> float:
        """Return about how many facts of a property have the same subject (end 0) or object (end 1)."""

    def value(self, number: int) -> int:
        """Return one number for all forms of a value."""


class FactSet:
    """Facts, each with its height: the number of rules on the longest way of its proof to what is given.

    Given facts are sorted into relations, and those of a relation are indexed
    when one of them is first asked for: most relations no rule ever asks.
    """

    def __init__(self, values: Values, given: Iterable[Fact] = ()) -> None:
        self.heights: dict[Fact, int] = dict.fromkeys(given, 0)
        self._values = values
        self._objects: dict[int, dict[int, dict[int, None]]] = {}
        self._subjects: dict[int, dict[int, dict[tuple[int, int], None]]] = {}
        self._members: dict[int, dict[int, None]] = {}
        self._counts: dict[int, int] = {}
        self._waiting: dict[int, list[Fact]] = {}
        self.hidden: set[int] = set()
        self._sort()

    def _sort(self) -> None:
        waiting = self._waiting
        for fact in self.heights:
            found = waiting.get(fact[0])
            if found is None:
                waiting[fact[0]] = [fact]
            else:
                found.append(fact)
        for relation, facts in waiting.items():
            self._counts[relation] = len(facts)
            # The order of the relations is that of the facts, whenever each is indexed.
            if is_class(relation):
                self._members[relation] = {}
            else:
                self._objects[relation], self._subjects[relation] = {}, {}
                self._values.see(fact[2] for fact in facts)

    def _index(self, relation: int) -> None:
        facts = self._waiting.pop(relation)
        if is_class(relation):
            self._members[relation] = {subject: None for _, subject, _ in facts}
            return
        objects, subjects, first = self._objects[relation], self._subjects[relation], self._values.first
        for _, subject, object_ in facts:
            objects.setdefault(subject, {})[object_] = None
            subjects.setdefault(first(object_), {})[subject, object_] = None

    def add(self, fact: Fact, height: int = 0) -> None:
        """Add a fact, or give it another height."""
        if fact in self.heights:
            self.heights[fact] = height
            return
        self.heights[fact] = height
        relation, subject, object_ = fact
        if relation in self._waiting:
            self._index(relation)
        self._counts[relation] = self._counts.get(relation, 0) + 1
        if is_class(relation):
            self._members.setdefault(relation, {})[subject] = None
            return
        self._objects.setdefault(relation, {}).setdefault(subject, {})[object_] = None
        value = self._values.first(object_)
        self._subjects.setdefault(relation, {}).setdefault(value, {})[subject, object_] = None

    def add_members(self, relation: int, members: Iterable[int]) -> None:
        """Add facts of a class that were not there."""
        if relation in self._waiting:
            self._index(relation)
        new = dict.fromkeys(members)
        self._members.setdefault(relation, {}).update(new)
        self.heights.update(((relation, member, NONE), 0) for member in new)
        self._counts[relation] = len(self._members[relation])

    def hide(self, relations: Iterable[int]) -> None:
        """Let relations be asked by name only."""
        self.hidden.update(relations)

    def __contains__(self, fact: Fact) -> bool:
        return fact in self.heights

    def find(self, relation: int, subject: int, object: int) -> int:
        """Return the object of the fact that has this value, NONE if there is no fact."""
        if relation in self._waiting:
            self._index(relation)
        found = self._objects.get(relation, _EMPTY).get(subject)
        if found is None:
            return NONE
        if object in found:
            return object
        return next((form for form in self._values.others(object) if form in found), NONE)

    def has(self, relation: int, subject: int) -> bool:
        """Tell whether a class has a member."""
        if relation in self._waiting:
            self._index(relation)
        return subject in self._members.get(relation, ())

    def objects(self, relation: int, subject: int) -> Iterable[int]:
        """Return the objects of a subject."""
        if relation in self._waiting:
            self._index(relation)
        return self._objects.get(relation, _EMPTY).get(subject, ())

    def subjects(self, relation: int, object: int) -> Iterable[tuple[int, int]]:
        """Return the subjects of a value, each with the object of its fact."""
        if relation in self._waiting:
            self._index(relation)
        return self._subjects.get(relation, _NOBODY).get(self._values.first(object), ())

    def pairs(self, relation: int) -> Iterator[tuple[int, int]]:
        """Return all facts of a property."""
        if relation in self._waiting:
            self._index(relation)
        for subject, objects in self._objects.get(relation, _EMPTY).items():
            for object_ in objects:
                yield subject, object_

    def members(self, relation: int) -> Iterable[int]:
        """Return all members of a class."""
        if relation in self._waiting:
            self._index(relation)
        return self._members.get(relation, ())

    def relations(self) -> list[int]:
        """Return the relations that have a fact and are not hidden."""
        return [relation for relation in (*self._objects, *self._members) if relation not in self.hidden]

    def size(self, relation: int) -> int:
        """Return the number of facts of a relation."""
        return self._counts.get(relation, 0)

    def fan(self, relation: int, end: int) -> float:
        """Return how many facts of a property have the same subject (end 0) or object (end 1), on average."""
        if relation in self._waiting:
            self._index(relation)
        ends = self._subjects.get(relation, ()) if end else self._objects.get(relation, ())
        return self._counts.get(relation, 0) / max(len(ends), 1)

    def value(self, number: int) -> int:
        """Return one number for all forms of a value."""
        return self._values.first(number)


_EMPTY: Final[dict[int, dict[int, None]]] = {}
_NOBODY: Final[dict[int, dict[tuple[int, int], None]]] = {}

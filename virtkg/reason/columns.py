"""Facts in sorted integer columns, for graphs of any size.

A class is a sorted column of its members, a property a sorted column of
pairs, each pair in one integer: subject in the upper half, object in the
lower. The same pairs by object are made when they are first asked for.

Knows: how columns are kept, searched and merged. Must not know: rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from virtkg.reason.terms import NONE, Fact, is_class, of_class, of_property

Ids: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]
_Numbers: TypeAlias = npt.NDArray[np.integer[Any]]

_LOW: Final = np.int64(0xFFFFFFFF)
_SHIFT: Final = np.int64(32)
_SAMPLE: Final = 1000
_SEEN: Final = 0.5
EMPTY: Final[Ids] = np.empty(0, dtype=np.int64)


def pack(subjects: Ids, objects: Ids) -> Ids:
    """Return pairs as one column."""
    packed: Ids = (subjects << _SHIFT) | objects
    return packed


def subjects_of(pairs: Ids) -> Ids:
    """Return the upper half of pairs."""
    upper: Ids = pairs >> _SHIFT
    return upper


def objects_of(pairs: Ids) -> Ids:
    """Return the lower half of pairs."""
    lower: Ids = pairs & _LOW
    return lower


def swapped(pairs: Ids) -> Ids:
    """Return pairs with subject and object exchanged, in the same order."""
    return pack(objects_of(pairs), subjects_of(pairs))


def distinct(column: Ids) -> Ids:
    """Return a column sorted and without repetitions."""
    # Much comes sorted, and to see that is cheaper than to sort.
    if (column[1:] > column[:-1]).all():
        return column
    ordered = np.sort(column)
    keep = np.empty(len(ordered), dtype=np.bool_)
    keep[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=keep[1:])
    return ordered if keep.all() else ordered[keep]


def among(keys: Ids, column: Ids) -> Mask:
    """Tell for each key whether a sorted column holds it."""
    if not len(column):
        return np.zeros(len(keys), dtype=np.bool_)
    places = np.searchsorted(column, keys)
    places[places == len(column)] = 0
    found: Mask = column[places] == keys
    return found


def merged(column: Ids, news: Ids) -> Ids:
    """Return two sorted columns without common members as one."""
    if not len(news):
        return column
    if not len(column):
        return news
    if len(news) * 16 < len(column):
        inserted: Ids = np.insert(column, np.searchsorted(column, news), news)
        return inserted
    both = np.concatenate((column, news))
    both.sort(kind="stable")
    return both


def without(column: Ids, gone: Ids) -> Ids:
    """Return a sorted column without the members of another."""
    left: Ids = np.delete(column, _places(column, gone))
    return left


def _places(column: Ids, keys: Ids) -> Ids:
    places = np.searchsorted(column, keys)
    inside = places < len(column)
    places, keys = places[inside], keys[inside]
    found: Ids = places[column[places] == keys]
    return found


class Runs:
    """A column that grows often: sorted runs, of which each is at least twice as long as the next."""

    def __init__(self, first: Ids) -> None:
        self._runs = [first]

    def add(self, column: Ids) -> Ids:
        """Take a sorted column; return what was not there."""
        news = column
        for run in self._runs:
            news = news[~among(news, run)]
        if len(news):
            self._runs.append(news)
        while len(self._runs) > 1 and len(self._runs[-1]) * 2 > len(self._runs[-2]):
            short = self._runs.pop()
            self._runs[-1] = merged(self._runs[-1], short)
        return news

    def column(self) -> Ids:
        """Return all as one sorted column."""
        while len(self._runs) > 1:
            short = self._runs.pop()
            self._runs[-1] = merged(self._runs[-1], short)
        return self._runs[0]


class FactColumns:
    """The facts of all relations; it is a `View` as well, for one fact at a time."""

    def __init__(self, type_: int, first: Ids | None = None) -> None:
        """Make an empty set of facts; `type_` is rdf:type.

        `first[number]` is the same for all forms of a value; None if each
        literal has one form only. Numbers beyond its end have one form.
        """
        self.type = type_
        self.first = first
        self._data: dict[int, Ids] = {}
        self._inverse: dict[int, Ids] = {}
        self._values: dict[int, Ids] = {}
        self._fans: dict[tuple[int, int], float] = {}
        self.hidden: set[int] = set()

    def copy(self) -> FactColumns:
        """Return a set with the same facts that can change on its own; columns are shared until then."""
        other = FactColumns(self.type, self.first)
        other._data, other._inverse, other._values = dict(self._data), dict(self._inverse), dict(self._values)
        other.hidden = set(self.hidden)
        return other

    def hide(self, relations: Iterable[int]) -> None:
        """Let relations be asked by name only."""
        self.hidden.update(relations)

    def learn(self, first: Ids) -> None:
        """Take another table of values."""
        self.first = first
        self._inverse.clear()
        self._values.clear()

    def column(self, relation: int) -> Ids:
        """Return the members or pairs of a relation, sorted."""
        return self._data.get(relation, EMPTY)

    def put(self, relation: int, column: Ids) -> None:
        """Let a relation have these members or pairs, sorted and distinct."""
        if len(column):
            self._data[relation] = column
        else:
            self._data.pop(relation, None)
        self._inverse.pop(relation, None)
        self._values.pop(relation, None)
        self._fans.pop((relation, 0), None)
        self._fans.pop((relation, 1), None)

    def add(self, relation: int, news: Ids) -> None:
        """Add members or pairs that are sorted, distinct and new."""
        if not len(news):
            return
        inverse = self._inverse.get(relation)
        self.put(relation, merged(self.column(relation), news))
        if inverse is not None and len(news) * 16 < len(inverse):
            self._inverse[relation] = merged(inverse, np.sort(self._turned(news)))

    def remove(self, relation: int, gone: Ids) -> None:
        """Remove members or pairs that are sorted and distinct."""
        inverse = self._inverse.get(relation)
        self.put(relation, without(self.column(relation), gone))
        if inverse is not None and self.first is None:
            self._inverse[relation] = without(inverse, np.sort(swapped(gone)))

    def inverse(self, relation: int) -> Ids:
        """Return the pairs of a property by the value of their object: sorted, value in the upper half."""
        found = self._inverse.get(relation)
        if found is None:
            found = self._inverse[relation] = np.sort(self._turned(self.column(relation)))
        return found

    def by_value(self, relation: int) -> Ids:
        """Return the pairs of a property with the value in place of the object, sorted."""
        if self.first is None:
            return self.column(relation)
        found = self._values.get(relation)
        if found is None:
            pairs = self.column(relation)
            found = self._values[relation] = np.sort(pack(subjects_of(pairs), self.values(objects_of(pairs))))
        return found

    def values(self, numbers: Ids) -> Ids:
        """Return one number for all forms of a value, for each of many."""
        if self.first is None:
            return numbers
        inside = numbers < len(self.first)
        result: Ids = np.where(inside, self.first[np.where(inside, numbers, 0)], numbers)
        return result

    def _turned(self, pairs: Ids) -> Ids:
        return pack(self.values(objects_of(pairs)), subjects_of(pairs))

    def __len__(self) -> int:
        return sum(len(column) for relation, column in self._data.items() if relation not in self.hidden)

    # As a View: one fact at a time.

    def find(self, relation: int, subject: int, object: int) -> int:
        """Return the object of the fact that has this value, NONE if there is no fact."""
        pairs = self.column(relation)
        if _holds(pairs, subject << 32 | object):
            return object
        if self.first is None:
            return NONE
        return next(
            (other for other in self.objects(relation, subject) if self.value(other) == self.value(object)), NONE
        )

    def has(self, relation: int, subject: int) -> bool:
        """Tell whether a class has a member."""
        return _holds(self.column(relation), subject)

    def objects(self, relation: int, subject: int) -> list[int]:
        """Return the objects of a subject."""
        return _lower(self.column(relation), subject)

    def subjects(self, relation: int, object: int) -> list[tuple[int, int]]:
        """Return the subjects of a value, each with the object of its fact."""
        value = self.value(object)
        found = _lower(self.inverse(relation), value)
        if self.first is None:
            return [(subject, object) for subject in found]
        return [
            (subject, other)
            for subject in dict.fromkeys(found)
            for other in self.objects(relation, subject)
            if self.value(other) == value
        ]

    def pairs(self, relation: int) -> Iterator[tuple[int, int]]:
        """Return all facts of a property."""
        pairs = self.column(relation)
        return zip(subjects_of(pairs).tolist(), objects_of(pairs).tolist(), strict=True)

    def members(self, relation: int) -> list[int]:
        """Return all members of a class."""
        members: list[int] = self.column(relation).tolist()
        return members

    def relations(self) -> list[int]:
        """Return the relations that have a fact and are not hidden."""
        return [relation for relation in self._data if relation not in self.hidden]

    def size(self, relation: int) -> int:
        """Return the number of facts of a relation."""
        return len(self.column(relation))

    def fan(self, relation: int, end: int) -> float:
        """Return about how many facts of a property have the same subject (end 0) or object (end 1)."""
        known = self._fans.get((relation, end))
        if known is None:
            pairs = self.column(relation)
            sample = pairs[:: len(pairs) // _SAMPLE + 1]
            ends = len(distinct(objects_of(sample))) if end else len(distinct(subjects_of(sample)))
            # Few repetitions in a sample tell of few in all; many tell that the sample has seen most that there are.
            seen = ends if ends < _SEEN * len(sample) else ends * (len(pairs) / max(len(sample), 1))
            known = self._fans[relation, end] = len(pairs) / max(seen, 1)
        return known

    def value(self, number: int) -> int:
        """Return one number for all forms of a value."""
        return number if self.first is None or number >= len(self.first) else int(self.first[number])

    def __contains__(self, fact: Fact) -> bool:
        relation, subject, object_ = fact
        return _holds(self.column(relation), subject if is_class(relation) else subject << 32 | object_)


def grouped(type_: int, subjects: _Numbers, predicates: _Numbers, objects: _Numbers) -> FactColumns:
    """Return statements, each a row of three parallel columns of numbers, as facts."""
    result = FactColumns(type_)
    for predicate, rows in _parted(predicates):
        if predicate != type_:
            pairs = pack(subjects[rows].astype(np.int64), objects[rows].astype(np.int64))
            result.put(of_property(predicate), distinct(pairs))
            continue
        members, classes = subjects[rows], objects[rows]
        for class_, chosen in _parted(classes):
            result.put(of_class(class_), distinct(members[chosen].astype(np.int64)))
    return result


def _parted(numbers: _Numbers) -> Iterator[tuple[int, Ids]]:
    """Yield each number with the rows where it stands."""
    if not len(numbers):
        return
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(ordered)], strict=True):
        yield int(ordered[start]), order[start:end]


def columns_of(facts: Iterable[Fact]) -> list[tuple[int, Ids]]:
    """Return facts as columns, sorted, by relation."""
    found: dict[int, list[int]] = {}
    for relation, subject, object_ in facts:
        found.setdefault(relation, []).append(subject if is_class(relation) else subject << 32 | object_)
    return [(relation, distinct(np.array(keys, dtype=np.int64))) for relation, keys in found.items()]


def facts_of(relation: int, column: Ids) -> list[Fact]:
    """Return the facts of a column."""
    if is_class(relation):
        return [(relation, subject, NONE) for subject in column.tolist()]
    pairs = zip(subjects_of(column).tolist(), objects_of(column).tolist(), strict=True)
    return [(relation, subject, object_) for subject, object_ in pairs]


def _holds(column: Ids, key: int) -> bool:
    place = int(column.searchsorted(key))
    return place < len(column) and int(column[place]) == key


def _lower(pairs: Ids, upper: int) -> list[int]:
    start, end = pairs.searchsorted((upper << 32, (upper + 1) << 32))
    lower: list[int] = objects_of(pairs[start:end]).tolist()
    return lower

"""Patterns + columns → the rows that satisfy them, all at once.

Knows: how a pattern extends many rows. Must not know: rules, or what rows are for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from virtkg.reason.columns import EMPTY, FactColumns, Ids, Mask, among, objects_of, pack, subjects_of
from virtkg.reason.plan import Pattern
from virtkg.reason.terms import ANY, is_class, owner


@dataclass(slots=True)
class Rows:
    """A value in each slot for each of `length` rows; None where nothing is bound."""

    columns: list[Ids | None]
    length: int

    def take(self, chosen: Ids | Mask) -> Rows:
        """Return some of the rows, by number or by mask."""
        columns = [None if column is None else column[chosen] for column in self.columns]
        return Rows(columns, int(np.count_nonzero(chosen)) if chosen.dtype == np.bool_ else len(chosen))

    def bound(self) -> list[int]:
        """Return the slots that have a value."""
        return [slot for slot, column in enumerate(self.columns) if column is not None]

    def value(self, term: int) -> Ids | None:
        """Return the values of a term of a pattern; None for a free variable."""
        return np.full(self.length, term, dtype=np.int64) if term >= 0 else self.columns[~term]


def one_row(slots: int) -> Rows:
    """Return a single row in which nothing is bound."""
    return Rows([None] * slots, 1)


def no_rows(slots: int) -> Rows:
    """Return no row, with every slot bound."""
    return Rows([EMPTY] * slots, 0)


def seeded(store: FactColumns, slots: int, pattern: Pattern, column: Ids) -> Rows:
    """Return the rows in which a pattern matches some facts of its relation."""
    rows = Rows([None] * slots, len(column))
    if len(pattern.terms) == 1:
        return _unified(store, rows, [(pattern.terms[0], column)])
    return _unified(store, rows, [(pattern.terms[0], subjects_of(column)), (pattern.terms[1], objects_of(column))])


def _unified(store: FactColumns, rows: Rows, values: list[tuple[int, Ids]]) -> Rows:
    """Bind the terms of a pattern to values; rows in which they differ fall out."""
    keep: Mask | None = None
    columns = list(rows.columns)
    for term, column in values:
        if term >= 0:
            same = store.values(column) == store.value(term)
        elif columns[~term] is None:
            columns[~term] = column
            continue
        else:
            same = columns[~term] == column
        keep = same if keep is None else keep & same
    result = Rows(columns, rows.length)
    return result if keep is None else result.take(keep)


def extend(store: FactColumns, rows: Rows, pattern: Pattern) -> Rows:
    """Return the rows joined with the facts that a pattern matches."""
    if pattern.relation == ANY:
        return _extend_open(store, rows, pattern)
    if is_class(pattern.relation):
        return _extend_members(store, rows, pattern)
    subject, object_ = pattern.terms
    left, right = rows.value(subject), rows.value(object_)
    if left is not None and right is not None:
        keys = pack(left, store.values(right))
        return rows.take(among(keys, store.by_value(pattern.relation)))
    if left is not None:
        return _joined(rows, left, store.column(pattern.relation), object_)
    if right is not None:
        return _joined(rows, store.values(right), store.inverse(pattern.relation), subject)
    return _product(store, rows, pattern)


def _extend_members(store: FactColumns, rows: Rows, pattern: Pattern) -> Rows:
    value = rows.value(pattern.terms[0])
    if value is None:
        return _product(store, rows, pattern)
    return rows.take(among(value, store.column(pattern.relation)))


def _joined(rows: Rows, keys: Ids, pairs: Ids, term: int) -> Rows:
    """Join keys with the upper halves of sorted pairs; the free term takes the lower halves."""
    starts = np.searchsorted(pairs, keys << 32)
    counts = np.searchsorted(pairs, (keys + 1) << 32) - starts
    result, places = _repeated(rows, starts, counts)
    result.columns[~term] = objects_of(pairs[places])
    return result


def _repeated(rows: Rows, starts: Ids, counts: Ids) -> tuple[Rows, Ids]:
    """Return each row as often as its count, and for each copy the next place from its start."""
    length = int(counts.sum())
    numbers = np.repeat(np.arange(rows.length), counts)
    ends = np.cumsum(counts)
    places = np.arange(length) + np.repeat(starts - (ends - counts), counts)
    return rows.take(numbers), places


def _product(store: FactColumns, rows: Rows, pattern: Pattern) -> Rows:
    """Join each row with every fact of a relation with which it shares nothing."""
    facts = seeded(store, len(rows.columns), pattern, store.column(pattern.relation))
    if rows.length == 1 and not rows.bound():
        return facts
    result = rows.take(np.repeat(np.arange(rows.length), facts.length))
    for slot in facts.bound():
        column = facts.columns[slot]
        assert column is not None
        result.columns[slot] = np.tile(column, rows.length)
    return result


def _extend_open(store: FactColumns, rows: Rows, pattern: Pattern) -> Rows:
    """Join with every relation that the open predicate or class can be."""
    subject, predicate, object_ = pattern.terms
    type_ = store.type
    parts = [no_rows(0)]
    for relation in store.relations():
        own = type_ if is_class(relation) else owner(relation)
        fixed = [(predicate, own), (object_, owner(relation))] if is_class(relation) else [(predicate, own)]
        part = rows
        for term, number in fixed:
            part = _fixed(store, part, term, number)
        if part.length:
            terms = (subject,) if is_class(relation) else (subject, object_)
            parts.append(extend(store, part, Pattern(relation, terms)))
    return together(len(rows.columns), parts[1:])


def _fixed(store: FactColumns, rows: Rows, term: int, number: int) -> Rows:
    """Return the rows in which a term is a number, or is bound to it."""
    return _unified(store, rows, [(term, np.full(rows.length, number, dtype=np.int64))])


def together(slots: int, parts: list[Rows]) -> Rows:
    """Return the rows of all parts; a slot is bound if it is in all."""
    if not parts:
        return no_rows(slots)
    columns: list[Ids | None] = []
    for slot in range(slots):
        every = [column for part in parts if (column := part.columns[slot]) is not None]
        columns.append(np.concatenate(every) if len(every) == len(parts) else None)
    return Rows(columns, sum(part.length for part in parts))

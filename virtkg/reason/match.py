"""Patterns + facts → the rows that satisfy them, one at a time.

Knows: how patterns are joined, and in which order that is cheap.
Must not know: rules, negation, or what a row is for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from virtkg.reason.factset import View
from virtkg.reason.plan import Pattern
from virtkg.reason.terms import ANY, NONE, Fact, fact_of, is_class, of_class, of_property, terms_of

_MANY: Final = 1e9

Row: TypeAlias = list[int]
"""The term in each slot, NONE where nothing is bound."""


def solve(view: View, type_: int, patterns: Sequence[Pattern], row: Row, start: int = 0) -> Iterator[Row]:
    """Yield the row once for each way to satisfy the patterns from `start` on; the list is the same one each time.

    The facts must not change while rows are taken.
    """
    if start == len(patterns):
        yield row
        return
    pattern = patterns[start]
    for values in _facts(view, type_, pattern, row):
        bound = _bind(pattern, values, row)
        if bound is not None:
            yield from solve(view, type_, patterns, row, start + 1)
            for slot in bound:
                row[slot] = NONE


def joined(view: View, type_: int, pattern: Pattern, rows: Sequence[Row]) -> list[Row]:
    """Return each row once for each fact that fits a pattern, with what the fact binds; all have the same slots bound.

    This is `solve` for one pattern, without its cost for each row.
    """
    relation, terms = pattern.relation, pattern.terms
    free = [term < 0 and rows[0][~term] == NONE for term in terms]
    if relation == ANY or (free[0] and len(terms) == 2 and terms[0] == terms[1]):
        return [list(found) for row in rows for found in solve(view, type_, (pattern,), row)]
    if len(terms) == 1:
        return _joined_members(view, relation, terms[0], free[0], rows)
    (one, other), (one_free, other_free) = terms, free
    found: list[Row] = []
    for row in rows:
        subject, object_ = (term if term >= 0 else row[~term] for term in terms)
        for start, end in _pairs(view, relation, subject, object_):
            new = row.copy()
            if one_free:
                new[~one] = start
            if other_free:
                new[~other] = end
            found.append(new)
    return found


def _joined_members(view: View, relation: int, term: int, free: bool, rows: Sequence[Row]) -> list[Row]:
    if not free:
        return [row for row in rows if view.has(relation, term if term >= 0 else row[~term])]
    found: list[Row] = []
    for row in rows:
        for member in view.members(relation):
            found.append(row.copy())
            found[-1][~term] = member
    return found


def in_order(patterns: Iterable[Pattern], bound: Iterable[int], view: View) -> list[Pattern]:
    """Return the patterns so that each is expected to make as few rows as possible of those before it."""
    left, known, ordered = list(patterns), set(bound), []
    while left:
        best = min(left, key=lambda pattern: _growth(pattern, known, view))
        left.remove(best)
        ordered.append(best)
        known.update(best.slots())
    return ordered


def _growth(pattern: Pattern, known: set[int], view: View) -> float:
    """Return by how much a pattern is expected to multiply rows in which some slots are bound."""
    free = [term < 0 and ~term not in known for term in pattern.terms]
    if pattern.relation == ANY:
        return _MANY * (1 + sum(free))
    if not any(free):
        return 0.0
    if all(free):
        return float(view.size(pattern.relation))
    return view.fan(pattern.relation, free.index(False))


def instance(type_: int, view: View, pattern: Pattern, row: Row) -> Fact:
    """Return the fact that a pattern matched in a row, in the form that the facts have."""
    relation, terms = pattern.relation, pattern.terms
    if relation == ANY:
        fact = fact_of(type_, *(term if term >= 0 else row[~term] for term in terms))
        return fact if is_class(fact[0]) else (fact[0], fact[1], view.find(*fact))
    first = terms[0] if terms[0] >= 0 else row[~terms[0]]
    if len(terms) == 1:
        return relation, first, NONE
    return relation, first, view.find(relation, first, terms[1] if terms[1] >= 0 else row[~terms[1]])


def unify(view: View, type_: int, pattern: Pattern, fact: Fact, row: Row) -> list[int] | None:
    """Bind a row to a fact; return the slots that this bound, None (and the row as before) if it does not fit."""
    open_ = pattern.relation == ANY
    values: tuple[int, ...] = terms_of(type_, fact) if open_ else fact[1 : 1 + len(pattern.terms)]
    for term, value in zip(pattern.terms, values, strict=True):
        if term >= 0 and term != value and view.value(term) != view.value(value):
            return None
    return _bind(pattern, values, row)


def _bind(pattern: Pattern, values: Iterable[int], row: Row) -> list[int] | None:
    bound: list[int] = []
    for term, value in zip(pattern.terms, values, strict=True):
        if term < 0:
            if row[~term] == NONE:
                row[~term] = value
                bound.append(~term)
            elif row[~term] != value and ~term in bound:
                # Twice the same variable within one pattern.
                for slot in bound:
                    row[slot] = NONE
                return None
    return bound


def _facts(view: View, type_: int, pattern: Pattern, row: Row) -> Iterable[tuple[int, ...]]:
    """Return the facts that fit what is bound, as values of the terms of the pattern."""
    terms = [term if term >= 0 else row[~term] for term in pattern.terms]
    if pattern.relation == ANY:
        return _open(view, type_, terms)
    if len(terms) == 1:
        return _members(view, pattern.relation, terms[0])
    return _pairs(view, pattern.relation, *terms)


def _members(view: View, relation: int, subject: int) -> Iterable[tuple[int, ...]]:
    if subject != NONE:
        return ((subject,),) if view.has(relation, subject) else ()
    return ((member,) for member in view.members(relation))


def _pairs(view: View, relation: int, subject: int, object_: int) -> Iterable[tuple[int, ...]]:
    if NONE not in (subject, object_):
        found = view.find(relation, subject, object_)
        return ((subject, found),) if found != NONE else ()
    if subject != NONE:
        return ((subject, other) for other in view.objects(relation, subject))
    return view.subjects(relation, object_) if object_ != NONE else view.pairs(relation)


def _open(view: View, type_: int, terms: list[int]) -> Iterator[tuple[int, ...]]:
    subject, predicate, object_ = terms
    for relation in _relations(view, type_, predicate, object_):
        _, own, class_ = terms_of(type_, (relation, NONE, NONE))
        if predicate not in (NONE, own):
            continue
        if not is_class(relation):
            yield from ((s, own, o) for s, o in _pairs(view, relation, subject, object_))
        elif object_ in (NONE, class_):
            yield from ((s, own, class_) for (s,) in _members(view, relation, subject))


def _relations(view: View, type_: int, predicate: int, object_: int) -> Iterable[int]:
    """Return the relations that can have a fact with a predicate and an object."""
    if predicate == NONE or (predicate == type_ and object_ == NONE):
        return view.relations()
    return [of_class(object_) if predicate == type_ else of_property(predicate)]

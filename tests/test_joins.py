"""Columns, joins and classes of equal things against sets, one fact at a time, and a plain union of sets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from virtkg.namespaces import XSD
from virtkg.rdf.table import TermTable
from virtkg.reason.columns import (
    EMPTY,
    FactColumns,
    Ids,
    among,
    columns_of,
    distinct,
    facts_of,
    grouped,
    merged,
    objects_of,
    pack,
    subjects_of,
    swapped,
    without,
)
from virtkg.reason.equality import Equality
from virtkg.reason.factset import FactSet
from virtkg.reason.joins import Rows, extend, no_rows, one_row, seeded, together
from virtkg.reason.literals import Values
from virtkg.reason.match import solve, unify
from virtkg.reason.plan import Pattern
from virtkg.reason.terms import ANY, NONE, Fact, Terms, fact_of, of_class, of_property

HIGHEST: Final = 2**31 - 2
"""The highest number of a term: one more is asked for as the end of a range."""

quick = settings(max_examples=100, deadline=None, database=None, derandomize=True)
few = st.integers(0, 9)
numbers = st.one_of(few, st.integers(0, HIGHEST), st.sampled_from([HIGHEST, HIGHEST - 1, 2**16]))
lists = st.one_of(st.lists(numbers, max_size=40), st.lists(st.integers(0, 60), max_size=60))


def ids(found: Iterable[int]) -> Ids:
    return np.array(list(found), dtype=np.int64)


# ---- columns as sets


@quick
@given(lists)
def test_distinct(found: list[int]) -> None:
    assert distinct(ids(found)).tolist() == sorted(set(found))
    assert distinct(ids(sorted(set(found)))).tolist() == sorted(set(found))


@quick
@given(lists, lists)
def test_merged_and_without(one: list[int], other: list[int]) -> None:
    news = sorted(set(other) - set(one))
    column = ids(sorted(set(one)))
    assert merged(column, ids(news)).tolist() == sorted({*one, *other})
    assert merged(ids(news), column).tolist() == sorted({*one, *other})
    assert without(column, ids(sorted(set(other)))).tolist() == sorted(set(one) - set(other))


@quick
@given(st.integers(1, 3), st.sets(st.integers(0, 500), max_size=6))
def test_few_into_many(step: int, few_: set[int]) -> None:
    """A few are put in place one by one."""
    many = set(range(0, 400, step))
    news = sorted(few_ - many)
    assert merged(ids(sorted(many)), ids(news)).tolist() == sorted(many | few_)


@quick
@given(lists, lists)
def test_among(keys: list[int], column: list[int]) -> None:
    assert among(ids(keys), ids(sorted(set(column)))).tolist() == [key in column for key in keys]


pairs_of = st.lists(st.tuples(numbers, numbers), max_size=30)


@quick
@given(pairs_of)
def test_pairs(found: list[tuple[int, int]]) -> None:
    pairs = pack(ids(one for one, _ in found), ids(other for _, other in found))
    assert list(zip(subjects_of(pairs).tolist(), objects_of(pairs).tolist(), strict=True)) == found
    assert list(zip(objects_of(swapped(pairs)).tolist(), subjects_of(swapped(pairs)).tolist(), strict=True)) == found
    assert [divmod(key, 2**32) for key in distinct(pairs).tolist()] == sorted(set(found))


@quick
@given(st.lists(st.tuples(few, few, few), min_size=1, max_size=40))
def test_grouped(rows: list[tuple[int, int, int]]) -> None:
    type_ = 3
    columns = [np.array([row[place] for row in rows], dtype=np.int32) for place in range(3)]
    found = grouped(type_, *columns)
    expected = {fact_of(type_, *row) for row in rows}
    assert {fact for relation in found.relations() for fact in facts_of(relation, found.column(relation))} == expected
    assert len(found) == len(expected) and all(len(found.column(relation)) for relation in found.relations())
    for relation in found.relations():
        assert (np.diff(found.column(relation)) > 0).all() and found.column(relation).dtype == np.int64


def test_grouped_of_nothing() -> None:
    assert grouped(3, *(np.array([], dtype=np.int32) for _ in range(3))).relations() == []


def test_grouped_of_the_highest_numbers() -> None:
    one = np.array([HIGHEST], dtype=np.int32)
    assert grouped(3, one, one, one).column(of_property(HIGHEST)).tolist() == [HIGHEST << 32 | HIGHEST]
    assert grouped(3, one, np.array([3], dtype=np.int32), one).members(of_class(HIGHEST)) == [HIGHEST]


# ---- facts, with literals in several forms

INTEGER, BOOLEAN = NamedNode(XSD + "integer"), NamedNode(XSD + "boolean")
FORMS: Final = [
    *(Literal("7", datatype=INTEGER), Literal("8", datatype=INTEGER), Literal("07", datatype=INTEGER), Literal("7")),
    *(Literal("1", datatype=BOOLEAN), Literal("true", datatype=BOOLEAN)),
]
TERMS: Final = Terms(TermTable())
THINGS: Final = [TERMS.number(NamedNode(f"https://example.org/{name}")) for name in "abcdpqAB"]
LITERALS: Final = [TERMS.number(literal) for literal in FORMS]
P, Q = (of_property(number) for number in THINGS[4:6])
A, B = (of_class(number) for number in THINGS[6:])
PROPERTIES, CLASSES = (P, Q), (A, B)

things, anything = st.sampled_from(THINGS), st.sampled_from([*THINGS[:4], *LITERALS])
facts = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(PROPERTIES), things, anything),
        st.tuples(st.sampled_from(CLASSES), things, st.just(NONE)),
    ),
    max_size=25,
    unique=True,
)


def values() -> Values:
    """The forms of values of all literals, as a set of facts takes them."""
    found = Values(TERMS.table)
    for number in range(len(TERMS.table)):
        found.first(number)
    return found


VALUES: Final = values()


def first() -> Ids:
    return ids(VALUES.first(number) for number in range(len(TERMS.table)))


def columns(found: Iterable[Fact], table: bool = True) -> FactColumns:
    result = FactColumns(TERMS.type, first() if table else None)
    for relation, column in columns_of(found):
        result.put(relation, column)
    return result


def agree(many: FactColumns, one: FactSet) -> None:
    """Ask both for everything there is."""
    assert sorted(many.relations()) == sorted(one.relations())
    for relation in CLASSES:
        assert sorted(many.members(relation)) == sorted(one.members(relation))
        assert many.size(relation) == one.size(relation)
        assert [many.has(relation, thing) for thing in THINGS] == [one.has(relation, thing) for thing in THINGS]
    for relation in PROPERTIES:
        by_value = [one.value(object_) + (subject << 32) for subject, object_ in one.pairs(relation)]
        assert many.by_value(relation).tolist() == sorted(by_value)
        by_object = [subject + (one.value(object_) << 32) for subject, object_ in one.pairs(relation)]
        assert many.inverse(relation).tolist() == sorted(by_object)
        assert sorted(many.pairs(relation)) == sorted(one.pairs(relation))
        assert many.size(relation) == len(list(one.pairs(relation)))
        for subject in THINGS:
            assert sorted(many.objects(relation, subject)) == sorted(one.objects(relation, subject))
            for object_ in (*THINGS, *LITERALS):
                found = many.find(relation, subject, object_)
                assert (found == NONE) == (one.find(relation, subject, object_) == NONE)
                assert found == NONE or many.value(found) == many.value(object_)
                assert found == object_ or (relation, subject, object_) not in many
                assert ((relation, subject, object_) in many) == ((relation, subject, object_) in one)
        for object_ in (*THINGS, *LITERALS):
            assert {s for s, _ in many.subjects(relation, object_)} == {s for s, _ in one.subjects(relation, object_)}


@quick
@given(facts, facts, facts)
def test_facts_as_a_view(start: list[Fact], added: list[Fact], gone: list[Fact]) -> None:
    """What is made when first asked for is right after facts came and went."""
    many = columns(start)
    agree(many, FactSet(VALUES, start))
    copy = many.copy()
    now = set(start)
    for relation, column in columns_of(fact for fact in added if fact not in now):
        many.add(relation, column)
    now |= set(added)
    agree(many, FactSet(VALUES, sorted(now)))
    for relation, column in columns_of(gone):
        many.remove(relation, column)
    now -= set(gone)
    agree(many, FactSet(VALUES, sorted(now)))
    assert len(many) == len(now)
    agree(copy, FactSet(VALUES, start))


@quick
@given(facts, facts)
def test_facts_whose_literals_have_one_form(start: list[Fact], gone: list[Fact]) -> None:
    plain = [fact for fact in start if fact[2] not in LITERALS]
    many = columns(plain, table=False)
    agree(many, FactSet(VALUES, plain))
    for relation, column in columns_of(gone):
        many.remove(relation, column)
    agree(many, FactSet(VALUES, [fact for fact in plain if fact not in gone]))
    many.learn(first())
    agree(many, FactSet(VALUES, [fact for fact in plain if fact not in gone]))


def test_another_table_of_values() -> None:
    """What was made with one table is forgotten with the next."""
    found = [(P, thing, literal) for thing in THINGS[:3] for literal in LITERALS]
    many = FactColumns(TERMS.type, np.arange(len(TERMS.table)))
    for relation, column in columns_of(found):
        many.put(relation, column)
    assert many.by_value(P).tolist() == many.column(P).tolist()
    assert many.inverse(P).tolist() == np.sort(swapped(many.column(P))).tolist()
    many.learn(first())
    agree(many, FactSet(VALUES, found))


@pytest.mark.parametrize("size", [100, 1000])
def test_an_inverse_grows_with_its_relation(size: int) -> None:
    """A few news are put into what was made already."""
    many = FactColumns(TERMS.type)
    many.put(P, distinct(pack(np.arange(size), np.arange(size)[::-1])))
    assert many.subjects(P, 3) == [(size - 4, 3)]
    many.add(P, ids([5 << 32 | 3, (size + 7) << 32 | 3]))
    assert [subject for subject, _ in many.subjects(P, 3)] == sorted([5, size - 4, size + 7])
    many.remove(P, ids([5 << 32 | 3]))
    assert [subject for subject, _ in many.subjects(P, 3)] == [size - 4, size + 7]


def test_subjects_with_each_form_of_a_value() -> None:
    found = [(P, THINGS[0], LITERALS[0]), (P, THINGS[0], LITERALS[2]), (P, THINGS[1], LITERALS[1])]
    expected = [(THINGS[0], LITERALS[0]), (THINGS[0], LITERALS[2])]
    assert sorted(FactSet(VALUES, found).subjects(P, LITERALS[0])) == expected
    assert sorted(columns(found).subjects(P, LITERALS[0])) == expected


def test_hidden_facts_are_found_by_name_only() -> None:
    many = columns([(P, 1, 2), (A, 1, NONE)])
    many.hide([P])
    assert (many.relations(), many.size(P), len(many), many.find(P, 1, 2)) == ([A], 1, 1, 2)
    assert many.copy().relations() == [A]
    assert len(joined(many, [Pattern(ANY, (~0, ~1, ~2))], 3)) == 1


def test_numbers_beyond_the_table_have_one_form() -> None:
    many = FactColumns(TERMS.type, ids([0, 0, 1]))
    many.put(P, ids([4 << 32 | 1, 4 << 32 | 99]))
    assert (many.value(1), many.value(2), many.value(99)) == (0, 1, 99)
    assert many.values(ids([1, 2, 3, 99])).tolist() == [0, 1, 3, 99]
    assert many.find(P, 4, 0) == 1 and many.find(P, 4, 99) == 99 and many.find(P, 4, 98) == NONE


def test_the_highest_number() -> None:
    many = FactColumns(TERMS.type)
    many.put(P, ids([HIGHEST << 32 | HIGHEST]))
    assert (many.objects(P, HIGHEST), many.subjects(P, HIGHEST)) == ([HIGHEST], [(HIGHEST, HIGHEST)])
    assert many.find(P, HIGHEST, HIGHEST) == HIGHEST and many.find(P, HIGHEST, HIGHEST - 1) == NONE
    assert joined(many, [Pattern(P, (~0, ~1)), Pattern(P, (~1, ~2))], 3) == [(HIGHEST, HIGHEST, HIGHEST)]


# ---- joins

SLOTS: Final = 4
variables = st.integers(-SLOTS, -1)
subjects_ = st.one_of(variables, variables, things)
objects_ = st.one_of(variables, variables, anything)
predicates = st.one_of(variables, st.sampled_from([THINGS[4], TERMS.type]))
patterns = st.one_of(
    st.builds(lambda r, s, o: Pattern(r, (s, o)), st.sampled_from(PROPERTIES), subjects_, objects_),
    st.builds(lambda r, s: Pattern(r, (s,)), st.sampled_from(CLASSES), subjects_),
    st.builds(lambda s, p, o: Pattern(ANY, (s, p, o)), subjects_, predicates, objects_),
)


def rows_of(rows: Rows) -> list[tuple[int, ...]]:
    found = [np.full(rows.length, NONE) if column is None else column for column in rows.columns]
    return sorted(zip(*(column.tolist() for column in found), strict=True))


def joined(store: FactColumns, asked: list[Pattern], slots: int = SLOTS) -> list[tuple[int, ...]]:
    rows = one_row(slots)
    for pattern in asked:
        rows = extend(store, rows, pattern)
        assert all(column is None or len(column) == rows.length for column in rows.columns)
        if not rows.length:
            return []
    return rows_of(rows)


def solved(store: FactSet, asked: list[Pattern]) -> list[tuple[int, ...]]:
    return sorted(tuple(row) for row in solve(store, TERMS.type, asked, [NONE] * SLOTS))


def of_things(found: list[Fact]) -> list[Fact]:
    return [fact for fact in found if fact[2] not in LITERALS]


@settings(quick, max_examples=300)
@given(facts, st.lists(patterns, min_size=1, max_size=3))
def test_extend(found: list[Fact], asked: list[Pattern]) -> None:
    """Without forms of values the rows are the same; with them, they are the same by value."""
    assert joined(columns(of_things(found)), asked) == solved(FactSet(VALUES, of_things(found)), asked)
    by_value = {tuple(map(value, row)) for row in joined(columns(found), asked)}
    assert by_value == {tuple(map(value, row)) for row in solved(FactSet(VALUES, found), asked)}


def value(number: int) -> int:
    return number if number == NONE else VALUES.first(number)


@quick
@given(facts, patterns, st.lists(patterns, max_size=2))
def test_seeded(found: list[Fact], seed: Pattern, more: list[Pattern]) -> None:
    """Rows that begin with some facts are those that one fact after the other leads to."""
    found = of_things(found)
    many, one = columns(found), FactSet(VALUES, found)
    news = [fact for fact in found if fact[0] == seed.relation][::2]
    if not news:
        return
    ((_, column),) = columns_of(news)
    rows = seeded(many, SLOTS, seed, column)
    expected = []
    for fact in news:
        row = [NONE] * SLOTS
        if unify(one, TERMS.type, seed, fact, row) is not None:
            expected += [tuple(full) for full in solve(one, TERMS.type, more, row)]
    for pattern in more:
        rows = extend(many, rows, pattern) if rows.length else rows
    assert (rows_of(rows) if rows.length else []) == sorted(expected)


def test_a_seed_with_a_constant_is_found_by_value() -> None:
    seven, eight, other = LITERALS[:3]
    many = columns([(P, 1, seven), (P, 2, other), (P, 3, eight)])
    assert rows_of(seeded(many, 1, Pattern(P, (~0, seven)), many.column(P))) == [(1,), (2,)]


def test_a_seed_with_two_constants() -> None:
    many = columns([(P, 1, 2), (P, 1, 3), (P, 3, 2), (P, 2, 2)])
    assert rows_of(seeded(many, 1, Pattern(P, (1, 2)), many.column(P))) == [(NONE,)]
    assert rows_of(seeded(many, 1, Pattern(P, (3, 3)), many.column(P))) == []
    assert rows_of(seeded(many, 1, Pattern(P, (~0, ~0)), many.column(P))) == [(2,)]


def test_rows() -> None:
    rows = Rows([ids([1, 2, 3]), None], 3)
    assert rows.bound() == [0] and rows.value(~1) is None
    assert rows.value(5).tolist() == [5, 5, 5] and rows.value(~0).tolist() == [1, 2, 3]  # type: ignore[union-attr]
    assert rows.take(ids([2, 2, 0])).length == 3 and rows_of(rows.take(ids([2, 0]))) == [(1, NONE), (3, NONE)]
    assert rows_of(rows.take(np.array([True, False, True]))) == [(1, NONE), (3, NONE)]
    assert (one_row(2).length, one_row(2).bound(), no_rows(2).length, no_rows(2).bound()) == (1, [], 0, [0, 1])
    both = together(2, [rows, Rows([ids([9]), ids([8])], 1)])
    assert rows_of(both) == [(1, NONE), (2, NONE), (3, NONE), (9, NONE)]
    assert (together(2, []).length, together(2, []).bound()) == (0, [0, 1])


# ---- equal things


def classes_of(found: list[tuple[int, int]]) -> dict[int, set[int]]:
    """Return the class of each thing, by joining sets."""
    known: dict[int, set[int]] = {}
    for one, other in found:
        whole = known.get(one, {one}) | known.get(other, {other})
        known.update((member, whole) for member in whole)
    return known


waves = st.lists(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=8), max_size=4)


@quick
@given(waves)
def test_equality(found: list[list[tuple[int, int]]]) -> None:
    """Waves of pairs make the classes that all pairs make, each under its least member."""
    equality = Equality()
    seen: list[tuple[int, int]] = []
    for wave in found:
        before = sorted(map(sorted, {id(c): c for c in classes_of(seen).values()}.values()))
        seen += wave
        known = classes_of(seen)
        after = sorted(map(sorted, {id(c): c for c in known.values()}.values()))
        larger = [c for c in after if len(c) > 1] != [c for c in before if len(c) > 1]
        assert equality.merge(pack(ids(one for one, _ in wave), ids(other for _, other in wave))) == larger
        _check_classes(equality, {thing: known.get(thing, {thing}) for thing in range(25)})


def _check_classes(equality: Equality, known: dict[int, set[int]]) -> None:
    things_ = sorted(known)
    least = [min(known[thing]) for thing in things_]
    assert equality.of(ids(things_)).tolist() == least == [equality.one(thing) for thing in things_]
    assert [equality.members_of(thing) for thing in things_] == [sorted(known[thing]) for thing in things_]
    assert equality.representatives().tolist() == sorted({min(c) for c in known.values() if len(c) > 1})
    assert sorted(equality.members) == equality.representatives().tolist()
    assert [divmod(pair, 2**32) for pair in equality.pairs().tolist()] == sorted(
        (one, other) for one in things_ for other in known[one] if one != other
    )
    told = sorted(set(least))[::2]
    assert equality.expand_members(ids(told)).tolist() == sorted(m for thing in told for m in known[thing])
    rows, members = equality.each(ids([*told, *told[:1]]))
    assert list(zip(rows.tolist(), members.tolist(), strict=True)) == [
        (place, member) for place, thing in enumerate([*told, *told[:1]]) for member in sorted(known[thing])
    ]
    pairs = [(one, other) for one in told for other in sorted(set(least))[::3]]
    expected = sorted((m, n) for one, other in pairs for m in known[one] for n in known[other])
    found = equality.expand_pairs(distinct(pack(ids(one for one, _ in pairs), ids(other for _, other in pairs))))
    assert [divmod(pair, 2**32) for pair in found.tolist()] == expected


def test_a_long_chain_of_equals() -> None:
    """Labels jump: a chain in the worst order is one class."""
    order = np.random.default_rng(1).permutation(2000)
    equality = Equality()
    assert equality.merge(pack(ids(order[:-1]), ids(order[1:])))
    assert equality.representatives().tolist() == [0] and len(equality.members_of(1234)) == 2000
    assert not equality.merge(pack(ids(order[:1]), ids(order[-1:])))


def test_nothing_is_equal() -> None:
    equality = Equality()
    assert not equality.merge(EMPTY) and not equality.merge(ids([3 << 32 | 3]))
    assert (equality.pairs().tolist(), equality.members_of(7), equality.one(7)) == ([], [7], 7)
    assert equality.expand_pairs(ids([7])).tolist() == equality.expand_members(ids([7])).tolist() == [7]

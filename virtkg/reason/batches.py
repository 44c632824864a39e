"""A component of plans + columns of facts → its fixpoint, many rows at a time.

Semi-naive: after the first round each plan is run for the facts of the last
round only, once for every pattern that they match. A transitive property is
closed by extending paths by one edge.

Knows: rounds, stages of a plan, what counts as news.
Must not know: which rules there are, or where facts come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from virtkg.reason.columns import EMPTY, FactColumns, Ids, Mask, Runs, among, distinct, objects_of, pack, subjects_of
from virtkg.reason.conditions import Conditions
from virtkg.reason.equality import Equality
from virtkg.reason.joins import Rows, extend, no_rows, one_row, seeded
from virtkg.reason.match import in_order
from virtkg.reason.noise import Noise
from virtkg.reason.plan import Condition, Deny, Make, Match, Pattern, Plan, Stage
from virtkg.reason.terms import ANY, NONE, Terms, is_class, of_class, of_property
from virtkg.reason.work import Work


@dataclass(frozen=True, slots=True)
class Changed:
    """What to go on from: facts by relation, sorted, and plans that conclude more than they did."""

    facts: dict[int, Ids]
    plans: tuple[Plan, ...]


@dataclass(slots=True)
class Batches:
    """One evaluation over `facts`, which begin with those in `given`.

    `apart` are relations whose facts are not added but collected in `found`:
    contradictions, and equalities. `make` names the things that a rule makes.
    `paths` are the facts that only the closing of transitive properties made.
    """

    facts: FactColumns
    given: FactColumns
    terms: Terms
    noise: Noise
    equality: Equality
    apart: frozenset[int]
    make: Callable[[Plan, Sequence[int]], list[int]]
    learn: Callable[[], None]
    work: Work
    found: dict[int, Ids] = field(default_factory=dict)
    paths: dict[int, Ids] = field(default_factory=dict)
    _closed: dict[int, Ids] = field(default_factory=dict)
    conditions: Conditions = field(init=False)

    def __post_init__(self) -> None:
        self.conditions = Conditions(self.terms)

    def evaluate(self, plans: Sequence[Plan], recursive: bool, changed: Changed | None = None) -> None:
        """Add what follows until a round finds nothing new.

        With `changed`, only what follows from some facts, and all that some plans conclude.
        """
        closers = {plan.head[0].relation for plan in plans if is_transitivity(plan)}
        ordinary = [plan for plan in plans if not is_transitivity(plan)]
        news = {} if changed is None else dict(changed.facts)
        self.work.rounds += 1
        for plan in ordinary if changed is None else changed.plans:
            for relation, column in self.conclusions(plan, self.rows(plan)):
                self._add(relation, column, news)
        # What is not closed yet: the other plans run first, so that paths are made of as few edges as possible.
        loose = {relation: self._loose(relation) for relation in closers}
        while recursive and (news or any(len(column) for column in loose.values())):
            while news:
                self.work.rounds += 1
                last, news = news, {}
                for plan, position in _seeds(ordinary, last):
                    for relation, column in self.conclusions(plan, self.rows(plan, position, last)):
                        self._add(relation, column, news)
                for relation in closers & news.keys():
                    loose[relation] = distinct(np.concatenate((loose[relation], news[relation])))
            for relation in sorted(closers):
                self._close(relation, loose[relation], news)
            loose = dict.fromkeys(closers, EMPTY)

    def _add(self, relation: int, column: Ids, news: dict[int, Ids]) -> None:
        if not len(column):
            return
        if relation in self.apart:
            self.found[relation] = distinct(np.concatenate((self.found.get(relation, EMPTY), column)))
            return
        self.facts.add(relation, column)
        known = news.get(relation)
        news[relation] = column if known is None else distinct(np.concatenate((known, column)))

    def _loose(self, relation: int) -> Ids:
        """Return the facts of a transitive property over which it was not closed yet."""
        column = self.facts.column(relation)
        return column[~among(column, self._closed.get(relation, EMPTY))]

    def _close(self, relation: int, fresh: Ids, news: dict[int, Ids]) -> None:
        """Close a transitive property over facts that it has but was not closed over."""
        if len(fresh):
            column = self.facts.column(relation)
            made = self._kept(relation, self._paths(column[~among(column, fresh)], fresh))
            made = self._not_given(relation, made[~among(made, column)])
            self._add(relation, made, news)
            self.paths[relation] = distinct(np.concatenate((self.paths.get(relation, EMPTY), made)))
        self._closed[relation] = self.facts.column(relation)

    def _paths(self, old: Ids, fresh: Ids) -> Ids:
        """Return the pairs that paths with a fresh edge join, where `old` is closed already."""
        last = steps = fresh
        if len(old):
            steps = distinct(np.concatenate((fresh, self._joined(fresh, old))))
            last = distinct(np.concatenate((steps, self._joined(old, steps))))
        found = Runs(last)
        while len(last):
            self.work.rounds += 1
            last = distinct(self._joined(last, steps))
            last = last[~among(last, old)]
            last = found.add(last)
        return found.column()

    def _joined(self, left: Ids, right: Ids) -> Ids:
        """Return the pairs (x, z) for which (x, y) is in the first and (y, z) in the second, sorted column."""
        middle = objects_of(left)
        starts = np.searchsorted(right, middle << 32)
        counts = np.searchsorted(right, (middle + 1) << 32) - starts
        ends = np.cumsum(counts)
        length = int(counts.sum())
        self.work.rows += length
        places = np.arange(length) + np.repeat(starts - (ends - counts), counts)
        return pack(np.repeat(subjects_of(left), counts), objects_of(right[places]))

    # Bodies.

    def rows(self, plan: Plan, position: int = -1, news: dict[int, Ids] | None = None) -> Rows:
        """Return the rows of a plan; with news, those in which the pattern at a position matches one of them."""
        view = self.given if plan.rule.data else self.facts
        seed = None
        rows = one_row(plan.slots)
        if news is not None:
            seed = plan.body[position]
            rows = seeded(view, plan.slots, seed, news[seed.relation])
            self.work.rows += rows.length
        for stage in plan.stages:
            rows = self._stage(view, stage, rows, seed)
            if not rows.length:
                return no_rows(plan.slots)
        return rows

    def _stage(self, view: FactColumns, stage: Stage, rows: Rows, seed: Pattern | None) -> Rows:
        match stage:
            case Match():
                return self._matched(view, stage.patterns, rows, seed)
            case Deny():
                return rows.take(~self._denied(stage, rows))
            case Make():
                rows = self._each_member(rows, [slot for _, slot in stage.condition.variables])
                made = self._values(stage.condition, rows)
                rows.columns[stage.slot] = made
                return rows.take(made != NONE)
            case _:
                rows = self._each_member(rows, [slot for _, slot in stage.variables])
                return rows.take(self._held(stage, rows))

    def _each_member(self, rows: Rows, slots: Iterable[int]) -> Rows:
        """Return the rows for every member of a class of equal things: an expression can tell them apart."""
        if self.equality.members:
            for slot in slots:
                column = rows.columns[slot]
                if column is not None:
                    places, members = self.equality.each(column)
                    rows = rows.take(places)
                    rows.columns[slot] = members
        return rows

    def _matched(self, view: FactColumns, patterns: Iterable[Pattern], rows: Rows, seed: Pattern | None) -> Rows:
        left = list(patterns)
        if seed in left:
            left.remove(seed)
        for pattern in in_order(left, rows.bound(), view):
            rows = extend(view, rows, pattern)
            self.work.rows += rows.length
            if not rows.length:
                break
        return rows

    def _denied(self, stage: Deny, rows: Rows) -> Mask:
        view = self.given if stage.data else self.facts
        numbered = Rows([*rows.columns, np.arange(rows.length)], rows.length)
        inner = self._matched(view, stage.patterns, numbered, None)
        for condition in stage.conditions:
            if inner.length:
                inner = self._each_member(inner, [slot for _, slot in condition.variables])
                inner = inner.take(self._held(condition, inner))
        mask = np.zeros(rows.length, dtype=np.bool_)
        numbers = inner.columns[-1]
        if inner.length and numbers is not None:
            mask[numbers] = True
        return mask

    def _held(self, condition: Condition, rows: Rows) -> Mask:
        narrow, asked, places = _asked(condition, rows)
        return np.array(self.conditions.hold(narrow, asked), dtype=np.bool_)[places]

    def _values(self, condition: Condition, rows: Rows) -> Ids:
        narrow, asked, places = _asked(condition, rows)
        made = np.array(self.conditions.values(narrow, asked), dtype=np.int64)[places]
        self.learn()
        return made

    # Heads.

    def conclusions(self, plan: Plan, rows: Rows) -> Iterator[tuple[int, Ids]]:
        """Yield what the head says of the rows and is new: relations, each with a sorted column."""
        if not rows.length:
            return
        if plan.rule.makes_terms():
            rows = self._made(plan, self._each_member(rows, rows.bound()))
        for pattern in plan.head:
            for relation, column in self._column(pattern, rows):
                told = self._kept(relation, column) if plan.rule.body else column
                yield relation, self._not_given(relation, told[~among(told, self.facts.column(relation))])

    def told(self, plan: Plan) -> Iterator[tuple[int, Ids]]:
        """Yield all that a plan concludes, new or not."""
        rows = self.rows(plan)
        for pattern in plan.head if rows.length else ():
            yield from self._column(pattern, rows)

    def _made(self, plan: Plan, rows: Rows) -> Rows:
        columns = [None if c is None else c.tolist() for c in rows.columns]
        made = [
            self.make(plan, [NONE if column is None else column[number] for column in columns])
            for number in range(rows.length)
        ]
        return Rows(list(np.array(made, dtype=np.int64).reshape(rows.length, plan.slots).T), rows.length)

    def _column(self, pattern: Pattern, rows: Rows) -> Iterator[tuple[int, Ids]]:
        values = [rows.value(term) for term in pattern.terms]
        subjects, objects = values[0], values[-1] if len(values) > 1 else None
        assert subjects is not None
        subjects, objects = self.equality.of(subjects), None if objects is None else self.equality.of(objects)
        legal = self.noise.legal(subjects, objects)
        if not legal.all():
            subjects, objects = subjects[legal], None if objects is None else objects[legal]
        if pattern.relation != ANY:
            yield pattern.relation, distinct(subjects if objects is None else pack(subjects, objects))
            return
        predicates = values[1]
        assert predicates is not None and objects is not None
        yield from self._scattered(subjects, predicates[legal], objects)

    def _scattered(self, subjects: Ids, predicates: Ids, objects: Ids) -> Iterator[tuple[int, Ids]]:
        """Yield facts whose predicates differ by relation."""
        for predicate in distinct(predicates).tolist():
            chosen = predicates == predicate
            if predicate != self.terms.type:
                if self.terms.table.texts[predicate][:1] == b"<":
                    yield of_property(predicate), distinct(pack(subjects[chosen], objects[chosen]))
                continue
            for class_ in distinct(objects[chosen]).tolist():
                yield of_class(class_), distinct(subjects[chosen & (objects == class_)])

    def _kept(self, relation: int, column: Ids) -> Ids:
        return self.noise.kept(relation, column) if len(column) else column

    def _not_given(self, relation: int, column: Ids) -> Ids:
        """Leave out what is given in another form of its literal."""
        if self.facts.first is None or is_class(relation) or not len(column):
            return column
        keys = pack(subjects_of(column), self.given.values(objects_of(column)))
        return column[~among(keys, self.given.by_value(relation))]


def is_transitivity(plan: Plan) -> bool:
    """Tell whether a plan says that a property is transitive, and nothing else."""
    if len(plan.body) != 2 or len(plan.stages) != 1 or len(plan.head) != 1:
        return False
    (head,), (one, two) = plan.head, plan.body
    same = one.relation == two.relation == head.relation
    if not same or one.relation == ANY or is_class(one.relation) or plan.rule.data:
        return False
    slots = [*one.slots(), *two.slots()]
    return len(slots) == 4 and len(set(slots)) == 3 and slots[1] == slots[2] and head.slots() == [slots[0], slots[3]]


def _seeds(plans: Sequence[Plan], news: dict[int, Ids]) -> Iterator[tuple[Plan, int]]:
    for plan in plans:
        if not plan.rule.data:
            for position, pattern in enumerate(plan.body):
                if pattern.relation in news:
                    yield plan, position


def _asked(condition: Condition, rows: Rows) -> tuple[Condition, list[list[int]], Ids]:
    """Return the condition over its own variables, their distinct values, and the place of each row's among them."""
    narrow = Condition(
        condition.text, tuple((name, n) for n, (name, _) in enumerate(condition.variables)), condition.base
    )
    columns = [rows.columns[slot] for _, slot in condition.variables]
    table = np.column_stack(columns) if columns else np.empty((rows.length, 0), dtype=np.int64)  # type: ignore[arg-type]
    if narrow.is_fresh() or not columns:
        return narrow, table.tolist(), np.arange(rows.length)
    values, places = np.unique(table, axis=0, return_inverse=True)
    return narrow, values.tolist(), places.reshape(-1)

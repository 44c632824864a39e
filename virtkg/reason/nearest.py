"""A fact that does not hold → the rule instances that come nearest to it.

An instance is near if few of its premises are missing or denied. Variables
that no fact binds stay open. What follows is not followed further back: of a
missing premise it is only told by which rules it could follow.

Knows: which facts hold, and the shape of specialised rules.
Must not know: sources, words, single rules, or how facts were derived.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Triple, Variable

from virtkg.namespaces import GENID, OWL, RDF
from virtkg.rdf.table import TermTable
from virtkg.reason.compile import is_noise
from virtkg.reason.conditions import Conditions
from virtkg.reason.factset import FactSet
from virtkg.reason.literals import Values
from virtkg.reason.match import Row, in_order, instance, solve, unify
from virtkg.reason.plan import Condition, Deny, Pattern, Plan, Planner
from virtkg.reason.schema import SchemaFacts
from virtkg.reason.terms import ANY, NONE, Fact, Terms, of_property, owner, terms_of
from virtkg.rules.expressions import with_terms
from virtkg.rules.specialise import LIST, Vocabulary, list_facts, specialise
from virtkg.rules.syntax import Expression, Rule

_ROWS: Final = 200
"""How many ways to satisfy the premises that hold are looked at, to find one that little denies."""

_LEFT_OUT: Final = 3
"""A rule of which more premises are missing is not near."""

_TYPE: Final = NamedNode(RDF + "type")

Numbers: TypeAlias = tuple[int, ...]
"""The three terms of a premise, ~slot where one is open."""

Open: TypeAlias = "tuple[object, object, object]"
"""The three terms of a premise, a Variable where one is open."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A premise that no fact gives: a pattern (N-Triples with ?variables), and the rules that could derive it.

    `fact` is the premise as a fact, None if a variable is open.
    """

    pattern: str
    fact: Triple | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Denied:
    """A NOT that has a solution: its pattern, and the facts of all solutions but those that are premises too."""

    pattern: str
    facts: tuple[Triple, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An instance of a rule that would conclude the goal if it had what is missing, without what is denied.

    `axioms` are the schema facts that the rule was specialised to, `holds` the
    premises that are facts; `absent` the patterns that rightly match nothing;
    `conditions` what the open variables must satisfy: `FILTER(…)` or `NOT { … }`.
    `unlikely` counts the missing premises that nobody expects to hold.
    """

    rule: str
    axioms: tuple[Triple, ...]
    holds: tuple[Triple, ...]
    missing: tuple[Missing, ...]
    denied: tuple[Denied, ...]
    absent: tuple[str, ...]
    conditions: tuple[str, ...]
    unlikely: int = 0

    def distance(self) -> tuple[int, int]:
        """Return how many premises stand in the way, and how many of them are unlikely."""
        return len(self.missing) + len(self.denied), self.unlikely


def _anything(pattern: Open) -> bool:  # noqa: ARG001 (nothing is known of what is likely)
    return True


class Nearest:
    """Finds near misses among facts that rules have closed."""

    def __init__(
        self,
        facts: Iterable[Triple],
        rules: Sequence[Rule],
        given: Iterable[Triple] | None = None,
        likely: Callable[[Open], bool] = _anything,
    ) -> None:
        """Take all facts; `given` are those that WHERE DATA and NOT DATA ask, all of them if None.

        Of instances that are equally near, one of which all missing premises are `likely` is chosen.
        """
        self._likely = likely
        known = sorted(set(facts), key=str)
        self._terms = Terms(TermTable())
        values = Values(self._terms.table)
        self._facts = FactSet(values, self._terms.facts(known))
        self._given = self._facts if given is None else FactSet(values, self._terms.in_order(given))
        of_lists = self._terms.facts(list_facts(known))
        self._facts.hide(fact[0] for fact in of_lists)
        for fact in of_lists:
            self._facts.add(fact)
        self._conditions = Conditions(self._terms)
        self._same = of_property(self._terms.number(NamedNode(OWL + "sameAs")))
        self._rules = [rule for rule in rules if rule.head and rule.body and not rule.makes_terms()]
        self._known = known

    def misses(self, goal: Triple) -> tuple[NearMiss, ...]:
        """Return the near misses of a fact, the nearest first; none for a fact that holds or says nothing.

        A rule that makes new things is never near to one that has a name
        already, and that two things are the same is never missing.
        """
        fact = self._terms.fact(goal)
        if fact in self._facts or is_noise(goal):
            return ()
        plans = self._plans(goal)
        found: dict[object, NearMiss] = {}
        for plan in plans:
            for head in plan.head:
                near = _Search(self, plan, plans, fact).nearest(head)
                if near is not None:
                    key = tuple(part.pattern for part in near.missing), tuple(part.pattern for part in near.denied)
                    found.setdefault(key, near)

        def rank(near: NearMiss) -> tuple[object, ...]:
            # A rule of which something is known of the thing itself tells more than one of which it is not.
            known = any(goal.subject in (held.subject, held.object) for held in near.holds)
            return near.distance(), not known, -len(near.holds)

        return tuple(sorted(found.values(), key=rank))

    def _plans(self, goal: Triple) -> list[Plan]:
        every = [*self._known, goal]
        classes = frozenset(t.object for t in every if t.predicate == _TYPE and isinstance(t.object, NamedNode))
        vocabulary = Vocabulary(frozenset(t.predicate for t in every), classes)
        schema = SchemaFacts(self._facts, self._terms, self._known)
        planner = Planner(self._terms)
        plans = (planner.plan(rule) for rule in specialise(self._rules, schema, vocabulary))
        can_be_same = self._facts.size(self._same) > 0
        return [
            plan
            for plan in plans
            if plan is not None and (can_be_same or all(pattern.relation != self._same for pattern in plan.body))
        ]


@dataclass(frozen=True, slots=True)
class _Judged:
    """What one row leaves open or denies."""

    denied: tuple[Denied, ...]
    absent: tuple[str, ...]
    conditions: tuple[str, ...]


class _Search:
    """The search among the instances of one specialised rule."""

    def __init__(self, among: Nearest, plan: Plan, plans: Sequence[Plan], goal: Fact) -> None:
        self._facts: FactSet = among._facts
        self._given: FactSet = among._given
        self._body: FactSet = among._given if plan.rule.data else among._facts
        self._terms = among._terms
        self._conditions = among._conditions
        self._same = among._same
        self._likely = among._likely
        self._plan = plan
        self._plans = plans
        self._goal = goal

    def nearest(self, head: Pattern) -> NearMiss | None:
        """Return the instance with this head that the least stands in the way of.

        None if there is none of which a premise holds, unless it needs just one.
        """
        row = [NONE] * self._plan.slots
        if head.relation not in (ANY, self._goal[0]):
            return None
        if unify(self._body, self._terms.type, head, self._goal, row) is None:
            return None
        best: NearMiss | None = None
        count = len(self._plan.body)
        for size in range(min(max(count - 1, 1), _LEFT_OUT) + 1):
            if best is not None and (size, 0) >= best.distance():
                break
            # Rules are written from what their head is about; so the later premises are given up first.
            for left_out in combinations(reversed(range(count)), size):
                near = self._best(row, sorted(left_out))
                if near is not None and (best is None or near.distance() < best.distance()):
                    best = near
        return best

    def _best(self, row: Row, left_out: Sequence[int]) -> NearMiss | None:
        """Return the instance that the least denies, if these premises are left out."""
        kept = [pattern for number, pattern in enumerate(self._plan.body) if number not in left_out]
        missing = [self._plan.body[number] for number in left_out]
        if any(pattern.relation == self._same for pattern in missing):
            return None
        ordered = in_order(kept, [slot for slot, value in enumerate(row) if value != NONE], self._body)
        best: tuple[tuple[int, int], Row, _Judged] | None = None
        for found in islice(solve(self._body, self._terms.type, ordered, list(row)), _ROWS):
            if self._is_circular(missing, found) or self._defeats(missing, found):
                continue
            held = {instance(self._terms.type, self._body, pattern, found) for pattern in kept}
            judged = self._judge(found, held)
            if judged is not None:
                unlikely = sum(not self._likely(self._open(pattern, found)) for pattern in missing)
                cost = len(judged.denied), unlikely
                if best is None or cost < best[0]:
                    best = cost, list(found), judged
                if cost == (0, 0):
                    break
        if best is None or not (missing or best[0][0]):
            return None
        return self._told(best[1], kept, missing, best[2], best[0][1])

    def _is_circular(self, missing: Iterable[Pattern], row: Row) -> bool:
        goal = terms_of(self._terms.type, self._goal)
        return any(self._filled(pattern, row) == goal for pattern in missing)

    def _defeats(self, missing: Iterable[Pattern], row: Row) -> bool:
        """Tell whether a NOT would match what is missing, once it were there."""
        wanted = [tuple(n if n >= 0 else self._new(n) for n in self._filled(pattern, row)) for pattern in missing]
        denials = [stage for stage in self._plan.stages if isinstance(stage, Deny)] if wanted else []
        return any(
            all(self._conditions.hold(condition, [found])[0] for condition in stage.conditions)
            for stage in denials
            if not self._is_open(stage, row)
            for found in self._solutions(stage.patterns, row, wanted)
        )

    def _new(self, variable: int) -> int:
        """Return a term that no fact has, to stand for an open variable."""
        return self._terms.number(NamedNode(f"{GENID}open/{self._plan.names[~variable]}"))

    def _solutions(
        self, patterns: Sequence[Pattern], row: Row, also: list[Numbers], uses_also: bool = False
    ) -> Iterator[Row]:
        """Yield the solutions of patterns in the facts and some more that use one of these at least."""
        if not patterns:
            yield from [row] * uses_also
            return
        first, rest = patterns[0], patterns[1:]
        for numbers in also:
            made = self._bound(first, numbers, row)
            if made is not None:
                yield from self._solutions(rest, made, also, True)
        for found in solve(self._facts, self._terms.type, [first], list(row)):
            yield from self._solutions(rest, list(found), also, uses_also)

    def _bound(self, pattern: Pattern, numbers: Numbers, row: Row) -> Row | None:
        """Return a row in which a pattern has some terms, None if it cannot have them."""
        made = list(row)
        for term, number in zip(self._filled(pattern, row), numbers, strict=True):
            if term >= 0 and self._facts.value(term) != self._facts.value(number):
                return None
            if term < 0:
                made[~term] = number
        return made

    def _told(self, row: Row, kept: list[Pattern], missing: list[Pattern], judged: _Judged, unlikely: int) -> NearMiss:
        matched = (self._triple(instance(self._terms.type, self._body, pattern, row)) for pattern in kept)
        return NearMiss(
            self._plan.rule.name,
            tuple(dict.fromkeys(self._plan.rule.axioms)),
            tuple(dict.fromkeys(fact for fact in matched if not fact.predicate.value.startswith(LIST))),
            tuple(self._missing(pattern, row) for pattern in missing),
            judged.denied,
            judged.absent,
            judged.conditions,
            unlikely,
        )

    def _missing(self, pattern: Pattern, row: Row) -> Missing:
        numbers = self._filled(pattern, row)
        fact = None if min(numbers) < 0 else Triple(*(self._terms.term(number) for number in numbers))
        rules = (plan.rule.name for plan in self._plans for head in plan.head if self._can_make(plan, head, numbers))
        return Missing(self._shown(pattern, row), fact, tuple(dict.fromkeys(rules)))

    def _can_make(self, plan: Plan, head: Pattern, wanted: Numbers) -> bool:
        """Tell whether a rule could conclude a premise, and not only from the goal."""
        value, row = self._facts.value, [NONE] * plan.slots
        for made, number in zip(self._filled(head, row), wanted, strict=True):
            if number >= 0 and made >= 0 and value(made) != value(number):
                return False
            if made < 0 <= number:
                row[~made] = number
        goal = terms_of(self._terms.type, self._goal)
        return all(self._filled(pattern, row) != goal for pattern in plan.body)

    # what stands beside the patterns

    def _judge(self, row: Row, held: set[Fact]) -> _Judged | None:
        """Return what a row is denied and leaves open, None if a FILTER or a premise that it holds refuses it."""
        denied: list[Denied] = []
        absent: list[str] = []
        conditions: list[str] = []
        for stage in self._plan.stages:
            match stage:
                case Condition():
                    if any(row[slot] == NONE for _, slot in stage.variables):
                        conditions.append(self._filter(stage, row))
                    elif not self._conditions.hold(stage, [row])[0]:
                        return None
                case Deny():
                    text = self._denial(stage, row)
                    if self._is_open(stage, row):
                        conditions.append(f"NOT {{ {text} }}")
                        continue
                    against = self._against(stage, row, held)
                    if against is None:
                        return None
                    if against:
                        denied.append(Denied(text, against))
                    else:
                        absent.append(text)
        return _Judged(tuple(denied), tuple(absent), tuple(conditions))

    def _is_open(self, stage: Deny, row: Row) -> bool:
        """Tell whether a NOT asks a variable that only a missing premise binds."""
        bound_by_body = {slot for pattern in (*self._plan.body, *self._plan.head) for slot in pattern.slots()}
        asked = {slot for pattern in stage.patterns for slot in pattern.slots()}
        asked |= {slot for condition in stage.conditions for _, slot in condition.variables}
        return any(row[slot] == NONE for slot in asked & bound_by_body)

    def _against(self, stage: Deny, row: Row, held: set[Fact]) -> tuple[Triple, ...] | None:
        """Return the facts of all solutions of a NOT but the premises, None if premises alone are a solution."""
        view = self._given if stage.data else self._facts
        ordered = in_order(stage.patterns, [slot for slot, value in enumerate(row) if value != NONE], view)
        rows = [list(found) for found in solve(view, self._terms.type, ordered, list(row))]
        for condition in stage.conditions:
            rows = [row for row, holds in zip(rows, self._conditions.hold(condition, rows), strict=True) if holds]
        against: dict[Fact, None] = {}
        for found in rows:
            facts = {instance(self._terms.type, view, pattern, found): None for pattern in stage.patterns}
            others = {fact: None for fact in facts if fact not in held}
            if not others:
                return None
            against |= others
        return tuple(self._triple(fact) for fact in against)

    # patterns as text

    def _denial(self, stage: Deny, row: Row) -> str:
        parts = [self._shown(pattern, row) for pattern in stage.patterns]
        parts += [self._filter(condition, row) for condition in stage.conditions]
        return "DATA " * stage.data + " . ".join(parts)

    def _filter(self, condition: Condition, row: Row) -> str:
        bound = {name: self._terms.term(row[slot]) for name, slot in condition.variables if row[slot] != NONE}
        expression = Expression(condition.text, frozenset(name for name, _ in condition.variables))
        return f"FILTER({with_terms(expression, bound).text})"

    def _shown(self, pattern: Pattern, row: Row) -> str:
        return " ".join(map(str, self._open(pattern, row)))

    def _open(self, pattern: Pattern, row: Row) -> Open:
        subject, predicate, object_ = (
            self._terms.term(number) if number >= 0 else Variable(self._plan.names[~number])
            for number in self._filled(pattern, row)
        )
        return subject, predicate, object_

    def _filled(self, pattern: Pattern, row: Sequence[int]) -> Numbers:
        """Return the three terms of a pattern; ~slot where nothing is bound."""
        terms = [row[~term] if term < 0 and row and row[~term] != NONE else term for term in pattern.terms]
        if pattern.relation == ANY:
            return tuple(terms)
        if len(terms) == 1:
            return terms[0], self._terms.type, owner(pattern.relation)
        return terms[0], owner(pattern.relation), terms[1]

    def _triple(self, fact: Fact) -> Triple:
        return self._terms.triple(fact)

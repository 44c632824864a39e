"""Specialised rules → plans: the same rules over integers.

A relation is the facts of one property or the members of one class; its
number is made of the number of the property or class. In a pattern a term is
its number and a variable is ~slot, so that a row of values is a list.

Knows: how a rule is laid out for evaluation. Must not know: facts, or how they are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Variable

from virtkg.reason.terms import ANY, Fact, Terms, of_class, of_property
from virtkg.record import record
from virtkg.rules.syntax import Assignment, Atom, AtomTerm, Expression, Negation, Rule

_FRESH: Final = re.compile(r"\b(?:UUID|STRUUID|BNODE)\(")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern: one term for the member of a class, two for a property, three for ANY."""

    relation: int
    terms: tuple[int, ...]

    def slots(self) -> list[int]:
        """Return the slots of its variables, with repetitions."""
        return [~term for term in self.terms if term < 0]


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression, and the slot of each of its variables by name."""

    text: str
    variables: tuple[tuple[str, int], ...]
    base: str

    def is_fresh(self) -> bool:
        """Tell whether a function gives another value for each row."""
        return _FRESH.search(self.text) is not None


@record
class Match:
    """Every pattern must have a fact."""

    patterns: tuple[Pattern, ...]


@record
class Deny:
    """No solution of the patterns and conditions; with `data`, among the facts as they were given."""

    patterns: tuple[Pattern, ...]
    conditions: tuple[Condition, ...]
    data: bool


@record
class Make:
    """A slot takes the value of an expression; a row without one is dropped."""

    slot: int
    condition: Condition


Stage: TypeAlias = "Match | Condition | Deny | Make"


@record
class Plan:
    """A rule to evaluate: for every row that passes the stages in order, the head holds.

    `slots` is the size of a row and `names` the name of each slot; a blank
    node of the head has a slot under its label after "_:". `body` are the
    positive patterns in the order of the rule, `axioms` what was used up when the rule was specialised.
    `makes_terms` is asked for every row.
    """

    rule: Rule
    head: tuple[Pattern, ...]
    stages: tuple[Stage, ...]
    body: tuple[Pattern, ...]
    axioms: tuple[Fact, ...]
    names: tuple[str, ...]
    makes_terms: bool

    @property
    def slots(self) -> int:
        """The size of a row."""
        return len(self.names)


class Planner:
    """Makes plans over the terms of one table."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._slots: dict[str, int] = {}

    def plan(self, rule: Rule) -> Plan | None:
        """Return the plan of a rule; None if it can never conclude anything."""
        self._slots = {}
        atoms = rule.atoms()
        if any(_holds_triple(atom) for atom in atoms):
            return None
        head = tuple(self._pattern(atom) for atom in rule.head if not _holds_triple(atom))
        if not head:
            return None
        stages = tuple(self._stages(rule))
        body = tuple(self._pattern(atom) for atom in atoms)
        axioms = tuple(self._terms.fact(axiom) for axiom in rule.axioms)
        return Plan(rule, head, stages, body, axioms, tuple(self._slots), rule.makes_terms())

    def _stages(self, rule: Rule) -> Iterable[Stage]:
        """Yield the stages: between two SETs the patterns first, since no condition needs their order."""
        patterns: list[Pattern] = []
        tests: list[Stage] = []
        for element in rule.body:
            match element:
                case Atom():
                    patterns.append(self._pattern(element))
                case Expression():
                    tests.append(self._condition(element, rule))
                case Negation():
                    tests += self._denial(element, rule)
                case Assignment():
                    yield from [Match(tuple(patterns)), *tests] if patterns else tests
                    yield Make(self._slot(element.variable.value), self._condition(element.expression, rule))
                    patterns, tests = [], []
        yield from [Match(tuple(patterns)), *tests] if patterns else tests

    def _denial(self, negation: Negation, rule: Rule) -> list[Stage]:
        if any(_holds_triple(atom) for atom in negation.atoms):
            return []
        patterns = tuple(self._pattern(atom) for atom in negation.atoms)
        conditions = tuple(self._condition(expression, rule) for expression in negation.filters)
        return [Deny(patterns, conditions, rule.data or negation.data)]

    def _condition(self, expression: Expression, rule: Rule) -> Condition:
        variables = tuple((name, self._slot(name)) for name in sorted(expression.variables))
        return Condition(expression.text, variables, rule.base)

    def _pattern(self, atom: Atom) -> Pattern:
        predicate = self._term(atom.predicate)
        if predicate < 0:
            return Pattern(ANY, (self._term(atom.subject), predicate, self._term(atom.object)))
        if predicate != self._terms.type:
            return Pattern(of_property(predicate), (self._term(atom.subject), self._term(atom.object)))
        class_ = self._term(atom.object)
        if class_ < 0:
            return Pattern(ANY, (self._term(atom.subject), predicate, class_))
        return Pattern(of_class(class_), (self._term(atom.subject),))

    def _term(self, term: AtomTerm) -> int:
        if isinstance(term, Variable):
            return ~self._slot(term.value)
        if isinstance(term, BlankNode):
            return ~self._slot(f"_:{term.value}")
        return self._terms.number(term)

    def _slot(self, name: str) -> int:
        return self._slots.setdefault(name, len(self._slots))


def _holds_triple(atom: Atom) -> bool:
    """Tell whether a triple term stands in an atom: no fact has one."""
    return any(isinstance(term, Atom) for term in (atom.subject, atom.predicate, atom.object)) or not isinstance(
        atom.predicate, NamedNode | Variable
    )

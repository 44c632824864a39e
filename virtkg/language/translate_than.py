"""A measure compared with another thing's → SPARQL algebra.

Of a thing and its parts that are vouched for, one must compare with each of
the other's. Where sources disagree on a value, what holds of one and the same
part for every choice among them is certain, and what holds for some is possible:
8 for one kind of guest and 32 for another is not surely equal to “8 or 32”.

Knows: values, parts and their scopes. Must not know: other conditions, or
which verdict follows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pyoxigraph import Literal, NamedNode, Variable

from virtkg.language.algebra import Exists, Expression, Operation, Pattern
from virtkg.language.conditions import REVERSE, ComparedWith
from virtkg.namespaces import VKG
from virtkg.record import replace

_UNVOUCHED: Final = NamedNode(VKG + "notVouchedFor")
_TRUE: Final = Literal(True)


def same(atom: ComparedWith, thing: Variable) -> Expression:
    """Return whether the thing is the other one itself."""
    return Operation("=", (thing, atom.other))


def reflexive(atom: ComparedWith) -> bool:
    """Tell whether a thing compares so with itself."""
    return "=" in atom.operator


def known(atom: ComparedWith, thing: Variable, fresh: Callable[[str], Variable]) -> Expression:
    """Return whether both things have a value."""
    ours, theirs = (_stated(atom, whose, fresh("value"), fresh) for whose in (thing, atom.other))
    return Operation("&&", (ours, theirs))


def certain(atom: ComparedWith, thing: Variable, fresh: Callable[[str], Variable]) -> Expression:
    """Return whether a comparison holds of one part for every choice of values; one of less, in both senses."""
    holds = _certain(atom, thing, fresh)
    more = _reverse(atom)
    return holds if more is None else Operation("&&", (holds, _negated(_possible(more, thing, fresh))))


def possible(atom: ComparedWith, thing: Variable, fresh: Callable[[str], Variable]) -> Expression:
    """Return whether a comparison holds for some choice of values; one of less, in one sense."""
    holds = _possible(atom, thing, fresh)
    more = _reverse(atom)
    return holds if more is None else Operation("||", (holds, _negated(_certain(more, thing, fresh))))


def _reverse(atom: ComparedWith) -> ComparedWith | None:
    return replace(atom, operator=REVERSE[atom.operator]) if atom.operator in REVERSE else None


def _certain(atom: ComparedWith, thing: Variable, fresh: Callable[[str], Variable]) -> Exists:
    """Return whether all values of one part compare with all of the other thing."""
    part, value, again, other = (fresh(name) for name in ("part", "value", "value", "value"))
    fails = _stated(atom, atom.other, other, fresh, filters=(_negated(_compares(atom, again, other)),))
    failing = Exists((Pattern(part, atom.property, again), *fails.patterns), fails.filters)
    return _stated(atom, thing, value, fresh, filters=(_negated(failing),), part=part)


def _possible(atom: ComparedWith, thing: Variable, fresh: Callable[[str], Variable]) -> Exists:
    """Return whether some value of a part compares with some value of each part of the other thing."""
    value, their_part, other, again = (fresh(name) for name in ("value", "part", "value", "value"))
    way = Exists((Pattern(their_part, atom.property, again),), (_compares(atom, value, again),))
    without = _stated(atom, atom.other, other, fresh, filters=(_negated(way),), part=their_part)
    return _stated(atom, thing, value, fresh, filters=(_negated(without),))


def _stated(
    atom: ComparedWith,
    whose: Variable | NamedNode,
    value: Variable,
    fresh: Callable[[str], Variable],
    *,
    filters: tuple[Expression, ...] = (),
    part: Variable | None = None,
) -> Exists:
    """Return whether a thing, or a part of it that is vouched for, has a value that passes filters."""
    part = part or fresh("part")
    if atom.parts is None:
        return Exists((Pattern(part, atom.property, value),), (Operation("=", (part, whose)), *filters))
    scope = fresh("scope")
    itself, measured = Operation("=", (part, whose)), Pattern(part, atom.property, value)
    vouched = _negated(Exists((Pattern(part, atom.parts[1], scope), Pattern(scope, _UNVOUCHED, _TRUE))))
    if isinstance(whose, Variable):
        path = Pattern(part, atom.parts[0], whose, steps="?")
        return Exists((measured, path), (Operation("||", (itself, vouched)), *filters))
    # Virtuoso 7 misses parts at the end of a path of one step or none that stands in an EXISTS within another.
    of_it = Operation("&&", (Exists((Pattern(part, atom.parts[0], whose),)), vouched))
    return Exists((measured,), (Operation("||", (itself, of_it)), *filters))


def _compares(atom: ComparedWith, left: Variable, right: Variable) -> Expression:
    return Operation(atom.operator, (left, right))


def _negated(expression: Expression) -> Expression:
    return Operation("!", (expression,))

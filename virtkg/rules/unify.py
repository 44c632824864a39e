"""Could a triple that a head makes match a pattern of a body?

Knows: unification of two atoms whose variables are different ones (SPARQL-RL,
triple pattern matching). Must not know: rules.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import Literal, Variable

from virtkg.namespaces import XSD
from virtkg.rules.syntax import Atom, AtomTerm

_Key = tuple[bool, AtomTerm]
"""A term, and whether it is the pattern's: the same name is another variable in the head."""

_STRING: Final = XSD + "string"


def may_match(pattern: Atom, made: Atom) -> bool:
    """Tell whether some triple that `made` becomes matches `pattern`; a blank node of a head is like no other term."""
    bound: dict[_Key, _Key] = {}
    return _unify((True, pattern), (False, made), bound)


def _unify(one: _Key, other: _Key, bound: dict[_Key, _Key]) -> bool:
    one, other = _follow(one, bound), _follow(other, bound)
    if one == other:
        return True
    (side, term), (other_side, other_term) = one, other
    if isinstance(term, Variable):
        return _bind(one, other, bound)
    if isinstance(other_term, Variable):
        return _bind(other, one, bound)
    if isinstance(term, Atom) and isinstance(other_term, Atom):
        pairs = (
            (term.subject, other_term.subject),
            (term.predicate, other_term.predicate),
            (term.object, other_term.object),
        )
        return all(_unify((side, left), (other_side, right), bound) for left, right in pairs)
    return may_be_same(term, other_term)


def _bind(variable: _Key, value: _Key, bound: dict[_Key, _Key]) -> bool:
    if _occurs(variable, value, bound):
        return False
    bound[variable] = value
    return True


def _occurs(variable: _Key, value: _Key, bound: dict[_Key, _Key]) -> bool:
    """Tell whether a variable stands within a triple term: no term holds itself."""
    value = _follow(value, bound)
    side, term = value
    if isinstance(term, Atom):
        return any(_occurs(variable, (side, part), bound) for part in (term.subject, term.predicate, term.object))
    return value == variable


def _follow(key: _Key, bound: dict[_Key, _Key]) -> _Key:
    while key in bound:
        key = bound[key]
    return key


def may_be_same(one: AtomTerm, other: AtomTerm) -> bool:
    """Tell whether two constants can stand for one term in a store that keeps numbers by their value."""
    if one == other:
        return True
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return False
    datatypes = (one.datatype.value, other.datatype.value)
    if _STRING in datatypes or not all(datatype.startswith(XSD) for datatype in datatypes):
        return False
    try:
        return Decimal(one.value) == Decimal(other.value)
    except InvalidOperation:
        return True

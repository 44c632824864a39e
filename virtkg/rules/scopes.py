"""The variables of a NOT that are its own, under names that nothing else in the rule has.

`NOT { ?x :p ?y } ?x :q ?y` has two variables ?y: the first ends with the NOT.
Once they are called differently, a row can be put into a NOT by name.

Knows: where a variable is bound. Must not know: rule text, or any data.
"""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import Variable

from virtkg.rules.expressions import with_terms
from virtkg.rules.syntax import Assignment, Atom, AtomTerm, Element, Negation


def keep_apart(body: tuple[Element, ...], fresh: Callable[[str], Variable]) -> tuple[Element, ...]:
    """Return a body in which no variable of a NOT is bound only after it; `fresh` makes a variable from a name."""
    if not any(isinstance(element, Negation) for element in body):
        return body
    later = {name for element in body for name in _binds(element)}
    bound: set[str] = set()
    renamed: list[Element] = []
    for element in body:
        bound |= _binds(element)
        own = sorted(_inner(element) & later - bound)
        if isinstance(element, Negation) and own:
            renamed.append(_rename(element, {name: fresh(name) for name in own}))
        else:
            renamed.append(element)
    return tuple(renamed)


def _inner(element: Element) -> set[str]:
    if not isinstance(element, Negation):
        return set()
    return {variable.value for atom in element.atoms for variable in atom.variables()}


def substitute(atom: Atom, row: dict[str, AtomTerm]) -> Atom:
    """Return an atom with the variables of a row replaced by their values."""
    return Atom(_value(atom.subject, row), _value(atom.predicate, row), _value(atom.object, row))


def _value(term: AtomTerm, row: dict[str, AtomTerm]) -> AtomTerm:
    if isinstance(term, Variable):
        return row.get(term.value, term)
    return substitute(term, row) if isinstance(term, Atom) else term


def _binds(element: Element) -> set[str]:
    match element:
        case Atom():
            return {variable.value for variable in element.variables()}
        case Assignment():
            return {element.variable.value}
        case _:
            return set()


def _rename(negation: Negation, names: dict[str, AtomTerm]) -> Negation:
    parts = (substitute(p, names) if isinstance(p, Atom) else with_terms(p, names) for p in negation.body)
    return Negation(tuple(parts), negation.data)

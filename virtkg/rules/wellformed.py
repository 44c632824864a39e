"""Which rules are well-formed: every variable has a value where it is used.

Knows: the well-formedness conditions of SPARQL-RL.
Must not know: rule text, or how a rule is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable

from virtkg.diagnostics import RuleError
from virtkg.namespaces import compact
from virtkg.rules.syntax import Assignment, Atom, Element, Expression, Negation, Rule


def check_well_formed(rule: Rule) -> None:
    """Raise RuleError (R302) when a condition fails.

    Read in the order of the body: a FILTER and the expression of a SET have
    bound variables only, SET gives a value to a variable that has none, and so
    within NOT, whose own variables stay in it. What the head has is bound.
    """
    bound = _walk(rule.body, set(), rule, "")
    _require((variable.value for atom in rule.head for variable in atom.variables()), bound, rule, "the head")


def _walk(body: Iterable[Element], bound: set[str], rule: Rule, where: str) -> set[str]:
    """Check the elements one by one and return the variables that are bound at the end."""
    for element in body:
        match element:
            case Atom():
                bound.update(variable.value for variable in element.variables())
            case Expression():
                _require(element.variables, bound, rule, f"FILTER{where}")
            case Negation():
                _walk(element.body, set(bound), rule, " in NOT")
            case Assignment():
                _require(element.expression.variables, bound, rule, "SET")
                name = element.variable.value
                if name in bound:
                    what = f"{rule.place}: {compact(rule.name)}: SET gives ?{name} a second value"
                    raise RuleError("R302", what, hint="use another variable")
                bound.add(name)
    return bound


def _require(needed: Iterable[str], bound: set[str], rule: Rule, where: str) -> None:
    missing = sorted(set(needed) - bound)
    if missing:
        raise RuleError(
            "R302",
            f"{rule.place}: {compact(rule.name)}: ?{missing[0]} in {where} is not bound before it",
            hint="bind it by a triple pattern that stands earlier in the body",
        )

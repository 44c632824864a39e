"""NOW() → one literal, so that it is the same wherever rules ask it.

Knows: where expressions stand in a rule. Must not know: what a rule is for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from pyoxigraph import Literal, NamedNode

from virtkg.namespaces import XSD
from virtkg.rules.expressions import with_constant
from virtkg.rules.syntax import Assignment, Element, Expression, Negation, Rule

_CALL = "NOW()"


def pinned(rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules with each NOW() replaced by the present time; the same objects where there is none."""
    now = Literal(datetime.now(UTC).isoformat(timespec="milliseconds"), datatype=NamedNode(XSD + "dateTime"))
    return [_at(rule, now) if any(_asks(element) for element in rule.body) else rule for rule in rules]


def _asks(element: Element) -> bool:
    match element:
        case Expression():
            return _CALL in element.text
        case Assignment():
            return _CALL in element.expression.text
        case Negation():
            return any(_CALL in expression.text for expression in element.filters)
        case _:
            return False


def _at(rule: Rule, now: Literal) -> Rule:
    return replace(rule, body=tuple(_with_time(element, now) for element in rule.body))


def _with_time(element: Element, now: Literal) -> Element:
    match element:
        case Expression():
            return with_constant(element, _CALL, str(now))
        case Assignment():
            return Assignment(element.variable, with_constant(element.expression, _CALL, str(now)))
        case Negation():
            parts = (with_constant(p, _CALL, str(now)) if isinstance(p, Expression) else p for p in element.body)
            return Negation(tuple(parts), element.data)
        case _:
            return element

"""SPARQL as a tree of patterns and expressions, and its text.

Leaves are RDF term objects and variables made by the translator: no text of a
user can reach a query.

Knows: how each node is written. Must not know: questions, or who runs a query.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Variable

from virtkg.namespaces import PREFIXES, XSD, compact
from virtkg.record import record

Node: TypeAlias = "NamedNode | Literal | Variable"


@record
class Pattern:
    """A triple pattern, in the default graph or in a named one, which may be a variable.

    `steps` is "", or "+" or "*" for a path of any number of steps, "?" for one step or none.
    """

    subject: Node
    predicate: NamedNode | Variable
    object: Node
    graph: NamedNode | Variable | None = None
    steps: str = ""


@record
class Exists:
    """Whether some row satisfies patterns and filters."""

    patterns: tuple[Pattern, ...]
    filters: tuple[Expression, ...] = ()


@record
class Operation:
    """An operator over expressions (`!`, `&&`, `||`, a comparison), or a function in letters, such as `IF`."""

    operator: str
    operands: tuple[Expression, ...]


@record
class Select:
    """Distinct rows of variables; `bindings` are computed in order, ?name := expression.

    An `optional` pattern that nothing matches leaves its variables unbound.
    """

    variables: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    bindings: tuple[tuple[str, Expression], ...] = ()
    optional: tuple[Pattern, ...] = ()


@record
class Totals:
    """How many rows of a query that pass a filter satisfy each of some tests, in all or for each value of `key`."""

    rows: Select
    key: str
    filter: Expression
    tests: tuple[tuple[str, Expression], ...]


Expression: TypeAlias = "Exists | Operation | NamedNode | Literal | Variable | int"


def patterns(query: Select) -> Iterator[Pattern]:
    """Yield every triple pattern of a query, wherever it stands."""
    yield from query.patterns
    yield from query.optional
    for _, expression in query.bindings:
        yield from _patterns_in(expression)


def _patterns_in(expression: Expression) -> Iterator[Pattern]:
    if isinstance(expression, Exists):
        yield from expression.patterns
        for filter_ in expression.filters:
            yield from _patterns_in(filter_)
    elif isinstance(expression, Operation):
        for operand in expression.operands:
            yield from _patterns_in(operand)


def write(query: Select | Totals) -> str:
    """Return the SPARQL 1.1 text of a query.

    Not every engine reads EXISTS outside of FILTER (Virtuoso does not). So an EXISTS of a binding is a sub-query that
    marks the rows of which it is true, and the binding asks for the mark.
    """
    body = "\n".join(_select(query) if isinstance(query, Select) else _totals(query))
    used = [f"PREFIX {prefix}: <{base}>" for prefix, base in sorted(PREFIXES.items()) if f" {prefix}:" in body]
    return "\n".join([*used, body])


def _select(query: Select) -> list[str]:
    given = [_binding(name, value) for name, value in query.bindings if isinstance(value, NamedNode)]
    base = [*(_pattern(pattern) for pattern in query.patterns), *given]
    marks: dict[Expression, Expression] = {}
    lines = [*_once(query), *given, *(f"OPTIONAL {{ {_pattern(pattern)} }}" for pattern in query.optional)]
    for name, expression in query.bindings:
        if isinstance(expression, NamedNode):
            continue
        for found in _outermost(expression):
            if found not in marks:
                mark = f"holds{len(marks) + 1}"
                marks[found] = Operation("BOUND", (Variable(mark),))
                inside = " ".join([*base, *_conditions(found)])
                marked = " ".join(f"?{variable}" for variable in _marked(query, found))
                lines.append(f"OPTIONAL {{ SELECT DISTINCT {marked} (1 AS ?{mark}) {{ {inside} }} }}")
        lines.append(_binding(name, _replaced(expression, marks)))
    head = "SELECT DISTINCT " + " ".join(f"?{name}" for name in query.variables)
    return [head, "WHERE {", *(f"  {line}" for line in lines), "}"]


def _once(query: Select) -> list[str]:
    """Return the patterns of the rows; if rows get marks, each row once, in however many graphs it is stated.

    Virtuoso 7 leaves the mark of a row out where the row comes many times.
    """
    written = [_pattern(pattern) for pattern in query.patterns]
    if not written or not any(found for _, value in query.bindings for found in _outermost(value)):
        return written
    nodes = (node for pattern in query.patterns for node in (pattern.subject, pattern.predicate, pattern.object))
    names = dict.fromkeys(node.value for node in nodes if isinstance(node, Variable))
    return [f"{{ SELECT DISTINCT {' '.join(f'?{name}' for name in names)} {{ {' '.join(written)} }} }}"]


def _marked(query: Select, exists: Exists) -> dict[str, None]:
    """Return what tells the rows apart of which an EXISTS is true: their thing, and what else of them stands in it."""
    inside = {node for pattern in exists.patterns for node in (pattern.subject, pattern.object)}
    outside = [node for pattern in query.optional for node in (pattern.subject, pattern.object)]
    shared = [node.value for node in outside if isinstance(node, Variable) and node in inside]
    return dict.fromkeys([query.variables[0], *shared])


def _totals(query: Totals) -> list[str]:
    sums = [f"(SUM( IF( {_expression(test)}, 1, 0 ) ) AS ?{name})" for name, test in query.tests]
    inner = [f"    {line}" for line in _select(query.rows)]
    lines = ["SELECT " + " ".join([*([f"?{query.key}"] if query.key else []), *sums]), "WHERE {"]
    lines += ["  {", *inner, "  }", f"  FILTER( {_expression(query.filter)} )", "}"]
    return [*lines, f"GROUP BY ?{query.key}"] if query.key else lines


def _outermost(expression: Expression) -> Iterator[Exists]:
    if isinstance(expression, Exists):
        yield expression
    elif isinstance(expression, Operation):
        for operand in expression.operands:
            yield from _outermost(operand)


def _replaced(expression: Expression, marks: dict[Expression, Expression]) -> Expression:
    if isinstance(expression, Exists):
        return marks[expression]
    if isinstance(expression, Operation):
        return Operation(expression.operator, tuple(_replaced(operand, marks) for operand in expression.operands))
    return expression


def _binding(name: str, expression: Expression) -> str:
    return f"BIND( {_expression(expression)} AS ?{name} )"


def _conditions(exists: Exists) -> list[str]:
    inside = [_pattern(pattern) for pattern in exists.patterns]
    return inside + [f"FILTER( {_expression(filter_)} )" for filter_ in exists.filters]


def _pattern(pattern: Pattern) -> str:
    text = f"{_node(pattern.subject)} {_node(pattern.predicate)}{pattern.steps} {_node(pattern.object)} ."
    return text if pattern.graph is None else f"GRAPH {_node(pattern.graph)} {{ {text} }}"


def _node(node: Node) -> str:
    if isinstance(node, Variable):
        return f"?{node.value}"
    if isinstance(node, NamedNode):
        # Not every engine reads a dot inside a prefixed name, though SPARQL 1.1 allows it.
        short = compact(node.value)
        return str(node) if "." in short else short
    if node.datatype.value == XSD + "integer" and node.value.lstrip("-").isdigit():
        return node.value
    return str(node)


def _expression(expression: Expression) -> str:
    match expression:
        case int():
            return str(expression)
        case Exists():
            return f"EXISTS {{ {' '.join(_conditions(expression))} }}"
        case Operation("!", (operand,)):
            return f"!( {_expression(operand)} )"
        case Operation(operator, operands) if operator.isalpha():
            return f"{operator}( {', '.join(_expression(operand) for operand in operands)} )"
        case Operation(operator, operands):
            return "( " + f" {operator} ".join(_expression(operand) for operand in operands) + " )"
        case node:
            return _node(node)

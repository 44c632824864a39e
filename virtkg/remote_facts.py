"""What an endpoint says of the facts behind rows: values, and the sources that state them.

Knows: the graphs of an export, and which plain facts decide a condition.
Must not know: how an answer is put together. Cites nothing of the graph here:
what the endpoint holds may be another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Variable

from virtkg.answer import Field, Value, Verdict
from virtkg.dates import begins_from, ends_by, first_day
from virtkg.diagnostics import SurroundingsError
from virtkg.evidence import Evidence
from virtkg.grounds import compare
from virtkg.language.algebra import Node, Pattern, Select, write
from virtkg.language.conditions import (
    Came,
    Compared,
    ComparedWith,
    Condition,
    Dated,
    Every,
    Junction,
    Lasting,
    Member,
    Not,
    Related,
)
from virtkg.language.schema import TYPE, Schema
from virtkg.language.translate import NO, UNKNOWN, YES
from virtkg.namespaces import DISPUTED_GRAPH, INFERRED_GRAPH, compact, source_slug
from virtkg.record import record
from virtkg.snapshot.reader import Snapshot
from virtkg.sparql.endpoint import Endpoint
from virtkg.values import Values

Term: TypeAlias = "NamedNode | Literal"
Atom: TypeAlias = "Related | Member | Compared | ComparedWith | Dated | Lasting | Came"
Graphs: TypeAlias = "dict[Term, frozenset[str]]"
"""The graphs that hold each value of one thing."""

_TYPE: Final = NamedNode(TYPE)
_VALUE: Final = Variable("value")
_GRAPH: Final = Variable("graph")
_OWN: Final = frozenset({INFERRED_GRAPH, DISPUTED_GRAPH})


@record
class Fact:
    """A kind of fact of a thing: a property leads to `object` (any if None) from it, or to it from there.

    With `other` the facts are those that lead to anything but the object.
    """

    property: NamedNode
    inverse: bool = False
    object: NamedNode | None = None
    other: bool = False


class RemoteFacts:
    """Asks an endpoint for facts, once for each kind."""

    def __init__(self, endpoint: Endpoint, snapshot: Snapshot, schema: Schema, evidence: Evidence, values: Values):
        self.endpoint = endpoint
        self._snapshot = snapshot
        self._schema = schema
        self._evidence = evidence
        self._values = values

    def rows(self, query: Select) -> list[tuple[Term, ...]]:
        """Return the rows of a query with its variables in order. Raises SurroundingsError S612 for other rows."""
        found = self.endpoint.query(write(query))
        if set(found.variables) != set(query.variables) or any(None in row for row in found.rows):
            said = f"the answer of the endpoint {self.endpoint.url} lacks what was asked for"
            raise SurroundingsError("S612", said, hint="the service may not know SPARQL 1.1")
        places = [found.variables.index(name) for name in query.variables]
        return [tuple(row[place] for place in places) for row in found.rows]  # type: ignore[misc]

    def of(self, thing: Node, base: tuple[Pattern, ...], fact: Fact) -> dict[str, Graphs]:
        """Return the values of a kind of fact by the IRI of the thing; `base` says which things are meant."""
        value: Node = fact.object if fact.object is not None and not fact.other else _VALUE
        ends = (value, thing) if fact.inverse else (thing, value)
        variables = [node.value for node in (thing, value, _GRAPH) if isinstance(node, Variable)]
        query = Select(tuple(variables), (*base, Pattern(ends[0], fact.property, ends[1], _GRAPH)))
        found: defaultdict[str, defaultdict[Term, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in self.rows(query):
            bound = dict(zip(variables, row, strict=True))
            of = bound[thing.value] if isinstance(thing, Variable) else thing
            object_ = bound["value"] if value is _VALUE else value
            assert isinstance(object_, NamedNode | Literal) and isinstance(of, NamedNode | Literal)
            if not (fact.other and object_ == fact.object):
                found[of.value][object_].add(bound["graph"].value)
        return {of: {value: frozenset(graphs) for value, graphs in by.items()} for of, by in found.items()}

    def field(self, property_: NamedNode, values: Graphs) -> Field:
        """Return the values of a property, each with who states it."""
        number = self._snapshot.number(property_)
        label = self._schema.label(number) if number is not None else compact(property_.value)
        unit = self._schema.measured_in(number) if number is not None else None
        worded = [self._value(term, graphs, unit) for term, graphs in values.items()]
        return Field(label, tuple(sorted(worded, key=lambda value: (value.inferred, value.text))))

    def _value(self, term: Term, graphs: frozenset[str], unit: int | None) -> Value:
        text = self.label(term) if isinstance(term, NamedNode) else term.value
        if unit is not None and isinstance(term, Literal) and term.value.isascii() and term.value.isdigit():
            text = self._values.in_largest_unit(int(term.value[:100]))
        return Value(
            text,
            term.value,
            self._schema.label(unit) if unit is not None and isinstance(term, Literal) else "",
            Verdict.DISPUTED if DISPUTED_GRAPH in graphs else Verdict.YES,
            is_inferred(graphs),
            self.sources(graphs),
        )

    def label(self, thing: NamedNode) -> str:
        """Return the label that a thing has here, or its CURIE."""
        number = self._snapshot.number(thing)
        return self._schema.label(number) if number is not None else compact(thing.value)

    def sources(self, graphs: frozenset[str]) -> tuple[str, ...]:
        """Return the slugs of the graphs that are sources, the most trusted first; those unknown here come last."""
        numbers = {graph: self._snapshot.iri_number(graph) for graph in graphs - _OWN}
        known = {number for number in numbers.values() if number is not None}
        unknown = sorted(graph for graph, number in numbers.items() if number is None)
        ordered = [self._evidence.slug(number) for number in self._evidence.in_order(known)]
        return (*ordered, *(source_slug(graph) for graph in unknown))


def is_inferred(graphs: frozenset[str]) -> bool:
    """Tell whether no source states what these graphs hold."""
    return graphs <= _OWN


def atoms(condition: Condition, *, positive: bool = True) -> Iterator[tuple[Atom, bool]]:
    """Yield the atoms of a condition in the order of their truths in its query, and whether each is to hold."""
    match condition:
        case Not(part):
            yield from atoms(part, positive=not positive)
        case Every(_, _, part):
            yield from atoms(part, positive=positive)
        case Junction(_, parts):
            for part in parts:
                yield from atoms(part, positive=positive)
        case _:
            yield condition, positive


def speaks(truth: int, positive: bool, whole: int) -> bool:
    """Tell whether the truth of an atom is a reason for that of the whole."""
    here = truth if positive else {YES: NO, NO: YES}.get(truth, truth)
    return here == whole if whole in (YES, NO) else UNKNOWN not in (whole, here)


def deciding(atom: Atom, truth: int) -> tuple[Fact, ...]:
    """Return the kinds of facts that make an atom as true as it is; none where they are no plain facts."""
    match atom:
        case Related(property_, inverse, NamedNode() as other, contraries, single, steps) if not steps:
            pro = (Fact(property_, inverse, other),)
            contra = tuple(Fact(contrary, inverse, other) for contrary in contraries)
            if single:
                contra = (*contra, Fact(property_, inverse, other, other=True))
        case Member(class_, definition):
            pro = (Fact(_TYPE, object=class_),)
            contra = () if definition is None else deciding(definition, NO)
        case Compared() | Dated() | Lasting():
            return tuple(Fact(property_) for property_ in valued(atom))
        case _:
            return ()
    return {YES: pro, NO: contra}.get(truth, pro + contra)


def valued(atom: Atom) -> tuple[NamedNode, ...]:
    """Return the properties whose values decide an atom."""
    match atom:
        case Compared(property_) | ComparedWith(property_) | Dated(property_):
            return (property_,)
        case Lasting(property_, kinds):
            return kinds or (property_,)
        case _:
            return ()


def agrees(atom: Atom, truth: int, value: Term) -> bool:
    """Tell whether a value is a reason for the truth of an atom; of a disputed one each value is."""
    if truth not in (YES, NO):
        return True
    match atom:
        case Compared(_, operator, number):
            text = value.value[:100]
            return text.isascii() and text.isdigit() and compare(int(text), operator, number) is (truth == YES)
        case Dated(_, start, end):
            if truth == YES:
                return begins_from(value.value, start) and (not end or ends_by(value.value, end))
            return bool((start and ends_by(value.value, start)) or (end and begins_from(value.value, end)))
        case Lasting(day=day):
            return first_day(value.value) >= day if truth == YES else ends_by(value.value, day)
        case _:
            return True

"""Condition + thing → the facts that speak for it and against it.

The query decides a verdict; this finds what to cite and to prove. It looks
facts up one by one and shares no code with the translation, so that each can
be checked against the other.

Knows: conditions, facts of a snapshot. Must not know: SPARQL, words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from pyoxigraph import NamedNode, Triple

from virtkg.dates import begins_from, ends_by, first_day
from virtkg.evidence import Evidence
from virtkg.language.conditions import (
    REVERSE,
    Besides,
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
    ResolvedNoun,
)
from virtkg.language.resolved import ResolvedAsk, ResolvedRanked
from virtkg.language.schema import TYPE, Schema
from virtkg.namespaces import VKG
from virtkg.record import record, replace
from virtkg.snapshot.facts import Facts
from virtkg.snapshot.reader import TripleKey

Stated: TypeAlias = "list[list[tuple[TripleKey, int]]]"
"""For each part of a thing that has some: the values of a measure, with the facts that state them."""


@record
class Grounds:
    """Facts for a condition and facts against it; neither means that nothing is known."""

    pro: tuple[TripleKey, ...]
    contra: tuple[TripleKey, ...]


class Finder:
    """Finds grounds in a snapshot."""

    def __init__(self, snapshot: Facts, schema: Schema, evidence: Evidence) -> None:
        self._snapshot = snapshot
        self._schema = schema
        self._evidence = evidence

    def grounds(self, condition: Condition, thing: int) -> Grounds:
        """Return what speaks for and against a condition on a thing."""
        match condition:
            case Every(_, _, part):
                return self.grounds(part, thing)
            case Not(part):
                inner = self.grounds(part, thing)
                return Grounds(inner.contra, inner.pro)
            case Besides(part):
                return Grounds((), self.grounds(part, thing).pro)
            case Junction(joint, parts):
                # What a thing is other than is nothing that a fact states.
                stated = [part for part in parts if joint == "or" or not isinstance(part, Besides)]
                return self._joined(joint, [self.grounds(part, thing) for part in stated])
            case Related():
                return Grounds(tuple(self._pro(condition, thing)), tuple(self._contra(condition, thing)))
            case Member(class_, definition):
                fact = self._fact(thing, NamedNode(TYPE), class_)
                contra = () if definition is None else tuple(self._contra(definition, thing))
                return Grounds((fact,) if fact is not None and self._evidence.holds(fact) else (), contra)
            case Compared() | Dated():
                return self._valued(condition, thing)
            case ComparedWith():
                return self._than(condition, thing)
            case Came(within, outside):
                return Grounds(tuple(self._pro(within, thing)), tuple(self._pro(outside, thing)))
            case Lasting():
                return self._lasting(condition, thing)

    def of_fact(self, fact: Triple) -> Grounds:
        """Return the fact if it holds, and those that deny it: with a contrary property, or another single value."""
        numbers = [self._snapshot.number(term) for term in (fact.subject, fact.predicate, fact.object)]  # type: ignore[arg-type]
        thing, property_, value = numbers
        if thing is None or property_ is None:
            return Grounds((), ())
        holds = value is not None and self._evidence.holds((thing, property_, value))
        pro = ((thing, property_, value),) if holds and value is not None else ()
        return Grounds(pro, tuple(self._against(thing, property_, value)))

    def _against(self, thing: int, property_: int, value: int | None) -> Iterator[TripleKey]:
        if value is not None and property_ == self._snapshot.iri_number(TYPE):
            definition = self._schema.definition(value)
            restriction = self._schema.restriction(value) if definition is None else definition[1:]
            if restriction is not None:
                yield from self._against(thing, *restriction)
        if self._schema.is_single(property_):
            others = (other for other, _ in self._snapshot.objects(thing, property_) if other != value)
            yield from ((thing, property_, other) for other in dict.fromkeys(others))
        for contrary in (*self._schema.contraries(property_), *self._schema.denied_by(property_)):
            if value is not None and self._evidence.holds((thing, contrary, value)):
                yield thing, contrary, value

    def holds(self, condition: Condition, thing: int) -> bool:
        """Tell whether a condition is stated of a thing, disputed or not."""
        match condition:
            case Junction("and", parts):
                return all(self.holds(part, thing) for part in parts)
            case Junction(_, parts):
                return any(self.holds(part, thing) for part in parts)
            case Not(part):
                return self._fails(part, thing)
            case Besides(part):
                return not self._is_firm(part, thing)
            case _:
                return bool(self.grounds(condition, thing).pro)

    def _is_firm(self, related: Related, thing: int) -> bool:
        """Tell whether a relation is stated of a thing and undisputed."""
        if related.steps == "*" and thing == self._snapshot.number(related.object):  # type: ignore[arg-type]
            return True
        pro = self.grounds(related, thing).pro
        return bool(pro) and (bool(related.steps) or not any(map(self._evidence.is_disputed, pro)))

    def _fails(self, condition: Condition, thing: int) -> bool:
        """Tell whether the contrary of a condition is stated of a thing, or the condition only under dispute."""
        match condition:
            case Junction(joint, parts):
                sides = [(self.holds(part, thing), self._fails(part, thing)) for part in parts]
                denied = [fails and not holds for holds, fails in sides]
                if joint == "and":
                    return any(denied) or (all(holds for holds, _ in sides) and any(fails for _, fails in sides))
                return all(denied) or any(holds and fails for holds, fails in sides)
            case Not(part):
                return self.holds(part, thing)
            case Every(_, _, part):
                return self._fails(part, thing)
            case Besides(part):
                return bool(self.grounds(part, thing).pro)
            case _:
                grounds = self.grounds(condition, thing)
                return bool(grounds.contra) or any(map(self._evidence.is_disputed, grounds.pro))

    def _joined(self, joint: str, parts: list[Grounds]) -> Grounds:
        pro = tuple(dict.fromkeys(fact for part in parts for fact in part.pro))
        contra = tuple(dict.fromkeys(fact for part in parts for fact in part.contra))
        if joint == "and" and not all(part.pro for part in parts):
            pro = ()
        if joint == "or" and not all(part.contra for part in parts):
            contra = ()
        return Grounds(pro, contra)

    def _pro(self, related: Related, thing: int) -> Iterator[TripleKey]:
        if related.steps and isinstance(related.object, NamedNode):
            yield from self._path(related, related.object, thing)
        elif isinstance(related.object, NamedNode):
            fact = self._oriented(thing, related.property, related.object, related.inverse)
            if fact is not None and self._evidence.holds(fact):
                yield fact
        else:
            yield from self._through(related, related.object, thing)

    def _path(self, related: Related, other: NamedNode, thing: int) -> Iterator[TripleKey]:
        """Yield the facts of a shortest path between two things; of none, that the thing is of its kind."""
        property_, goal = self._snapshot.number(related.property), self._snapshot.number(other)
        if property_ is None or goal is None:
            return
        start, end = (goal, thing) if related.inverse else (thing, goal)
        if start == end and related.steps == "*":
            yield from ((thing, property_, before) for before, _ in self._snapshot.objects(thing, property_))
            return
        came: dict[int, int] = {}
        reached = [start]
        for here in reached:
            for there, _ in self._snapshot.objects(here, property_):
                if there not in came and there != start:
                    came[there] = here
                    reached.append(there)
        while end in came:
            yield came[end], property_, end
            end = came[end]

    def _through(self, related: Related, noun: ResolvedNoun, thing: int) -> Iterator[TripleKey]:
        property_, class_ = self._snapshot.number(related.property), self._snapshot.number(noun.class_)
        type_ = self._snapshot.iri_number(TYPE)
        if property_ is None or class_ is None or type_ is None:
            return
        if related.inverse:
            found = self._snapshot.subjects(property_, thing)
        else:
            found = self._snapshot.objects(thing, property_)
        for other in dict.fromkeys(other for other, _ in found):
            member = other, type_, class_
            if self._evidence.holds(member) and (noun.condition is None or self.holds(noun.condition, other)):
                yield (other, property_, thing) if related.inverse else (thing, property_, other)
                if noun.condition is not None:
                    inner = self.grounds(noun.condition, other)
                    # What holds only since its contrary is disputed has that for its grounds.
                    yield from inner.pro or inner.contra

    def _contra(self, related: Related, thing: int) -> Iterator[TripleKey]:
        if not isinstance(related.object, NamedNode):
            return
        for contrary in related.contraries:
            fact = self._oriented(thing, contrary, related.object, related.inverse)
            if fact is not None and self._evidence.holds(fact):
                yield fact
        if related.back:
            way = replace(related, inverse=not related.inverse, steps=related.back)
            yield from self._path(way, related.object, thing)
        if related.listed:
            yield from self._left_out(related, related.object, thing)
        property_, value = self._snapshot.number(related.property), self._snapshot.number(related.object)
        if related.single and property_ is not None:
            for other in dict.fromkeys(object_ for object_, _ in self._snapshot.objects(thing, property_)):
                if other != value:
                    yield thing, property_, other

    def _left_out(self, related: Related, other: NamedNode, thing: int) -> Iterator[TripleKey]:
        """Yield what a source says of its table when the table is complete and lacks a relation."""
        fact = self._oriented(thing, related.property, other, related.inverse)
        if fact is None or self._evidence.holds(fact):
            return
        words = [self._snapshot.iri_number(VKG + f"complete{part}") for part in ("For", "On", "Among")]
        if None not in words:
            of, on, among = (word or 0 for word in words)
            for table in dict.fromkeys(table for table, _ in self._snapshot.subjects(of, thing)):
                if self._evidence.holds((table, on, fact[1])) and self._evidence.holds((table, among, fact[2])):
                    yield table, among, fact[2]

    def _valued(self, condition: Compared | Dated, thing: int) -> Grounds:
        pro: list[TripleKey] = []
        contra: list[TripleKey] = []
        parts = self._parts(condition, thing)
        for fact, value in (pair for part in parts for pair in self._values(condition.property, part)):
            if isinstance(condition, Compared):
                inside = compare(int(value), condition.operator, condition.number)
                outside = not inside
            else:
                start, end = condition.start, condition.end
                inside = (not start or begins_from(value, start)) and (not end or ends_by(value, end))
                outside = (bool(start) and ends_by(value, start)) or (bool(end) and begins_from(value, end))
            pro += [fact] if inside else []
            contra += [fact] if outside else []
        return Grounds(tuple(pro), tuple(contra))

    def _than(self, condition: ComparedWith, thing: int) -> Grounds:
        """Return the values that compare so with another thing's, and those that do not, each with the other's."""
        other = self._snapshot.number(condition.other)
        ours = self.stated(condition, thing)
        theirs = [] if other is None else self.stated(condition, other)
        if not ours or not theirs:
            return Grounds((), ())
        if thing == other:
            facts = tuple(fact for part in ours for fact, _ in part)
            return Grounds(facts, ()) if "=" in condition.operator else Grounds((), facts)
        return against(ours, condition.operator, theirs)

    def stated(self, condition: ComparedWith | ResolvedRanked, thing: int) -> Stated:
        """Return the values of the measure of a thing, and of each part that is vouched for, where there are some."""
        found = [list(self._values(condition.property, part)) for part in self._parts(condition, thing)]
        return [[(fact, int(value)) for fact, value in values] for values in found if values]

    def _parts(self, condition: Compared | ComparedWith | ResolvedRanked | Dated, thing: int) -> list[int]:
        """Return a thing and those of its parts whose measure counts."""
        if isinstance(condition, Dated) or condition.parts is None:
            return [thing]
        part_of, scope = (self._snapshot.number(property_) for property_ in condition.parts)
        unvouched = set(self._schema.having(VKG + "notVouchedFor"))
        found = [] if part_of is None else [part for part, _ in self._snapshot.subjects(part_of, thing)]
        scopes = {
            part: {scope_ for scope_, _ in self._snapshot.objects(part, scope)} if scope is not None else set()
            for part in found
        }
        vouched = [part for part in scopes if not unvouched & scopes[part]]
        if not isinstance(condition, Compared) or condition.scope is None:
            return [thing, *vouched]
        wanted = self._snapshot.number(condition.scope)
        return [part for part in vouched if wanted in scopes[part]]

    def _lasting(self, lasting: Lasting, thing: int) -> Grounds:
        day = lasting.day
        begun = [(fact, first_day(value)) for fact, value in self._values(lasting.begins, thing)]
        if begun and all(first > day for _, first in begun):
            return Grounds((), tuple(fact for fact, _ in begun))
        found = [pair for kind in (*lasting.kinds, lasting.property) for pair in self._values(kind, thing)]
        said = {value for kind in lasting.kinds for _, value in self._values(kind, thing)}
        # What a form of the property says, the property only repeats.
        general = self._snapshot.number(lasting.property)
        found = [(fact, value) for fact, value in found if fact[1] != general or value not in said]
        pro = tuple(fact for fact, value in found if first_day(value) >= day)
        return Grounds(pro, tuple(fact for fact, value in found if ends_by(value, day)))

    def _values(self, property_: NamedNode, thing: int) -> Iterator[tuple[TripleKey, str]]:
        number = self._snapshot.number(property_)
        if number is not None:
            for value in dict.fromkeys(object_ for object_, _ in self._snapshot.objects(thing, number)):
                yield (thing, number, value), self._snapshot.term(value).value

    def _oriented(self, thing: int, property_: NamedNode, other: NamedNode, inverse: bool) -> TripleKey | None:
        number, object_ = self._snapshot.number(property_), self._snapshot.number(other)
        if number is None or object_ is None:
            return None
        return (object_, number, thing) if inverse else (thing, number, object_)

    def _fact(self, thing: int, property_: NamedNode, other: NamedNode) -> TripleKey | None:
        return self._oriented(thing, property_, other, inverse=False)


def wanted(meant: ResolvedAsk) -> Iterator[Triple]:
    """Yield the single facts that would make a statement true, or a part of it."""
    yield from _wanted(meant.condition, meant.subject, positive=True)


def _wanted(condition: Condition, thing: NamedNode, *, positive: bool) -> Iterator[Triple]:
    match condition:
        case Not(part):
            yield from _wanted(part, thing, positive=not positive)
        case Every(_, _, part):
            yield from _wanted(part, thing, positive=positive)
        case Junction(_, parts):
            for part in parts:
                yield from _wanted(part, thing, positive=positive)
        case Related(property_, inverse, NamedNode() as other):
            for relation in (property_,) if positive else condition.contraries:
                yield Triple(other, relation, thing) if inverse else Triple(thing, relation, other)
        case Member(class_, definition):
            if positive:
                yield Triple(thing, NamedNode(TYPE), class_)
            elif definition is not None:
                yield from _wanted(definition, thing, positive=False)
        case _:
            return


def against(ours: Stated, operator: str, theirs: Stated) -> Grounds:
    """Return the values that compare with another thing's for some choice of disputed values, and what spoils it.

    Nothing does if the comparison holds for every choice.
    """
    possible, certain = _compares(ours, operator, theirs)
    if operator in REVERSE:
        # Less is what does not reach the other, too.
        reaches, surely = _compares(ours, REVERSE[operator], theirs)
        possible, certain = possible or not surely, certain and not reaches
    numbers = [number for part in theirs for _, number in part]
    facts = tuple(fact for part in theirs for fact, _ in part)
    values = [(fact, value) for part in ours for fact, value in part]
    pro = tuple(fact for fact, value in values if any(compare(value, operator, number) for number in numbers))
    contra = tuple(fact for fact, value in values if not all(compare(value, operator, number) for number in numbers))
    return Grounds(pro + facts if possible else (), () if certain else contra + facts)


def _compares(ours: Stated, operator: str, theirs: Stated) -> tuple[bool, bool]:
    """Return whether one part compares with all of another thing's for some choice of values, and for every one."""
    possible = certain = False
    for part in ours:
        outcomes = [
            [[compare(value, operator, number) for _, number in other] for other in theirs] for _, value in part
        ]
        possible |= any(all(map(any, outcome)) for outcome in outcomes)
        certain |= all(all(map(all, outcome)) for outcome in outcomes)
    return possible, certain


def compare(left: int, operator: str, right: int) -> bool:
    """Compare two whole numbers by an operator of the language."""
    match operator:
        case ">=":
            return left >= right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case "<":
            return left < right
        case _:
            return left == right

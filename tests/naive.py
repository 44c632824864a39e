"""The verdict of a condition on a thing, found without SPARQL: the second opinion on what a query says.

Two ways: from the closure, fact by fact in plain sets, which shares nothing with
virtkg but the meaning; and from the grounds that an answer cites.
"""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from itertools import product
from operator import eq, ge, gt, le, lt
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from virtkg.graph import KnowledgeGraph
from virtkg.grounds import Finder
from virtkg.language.conditions import (
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
from virtkg.language.resolved import ResolvedAsk, ResolvedCount, ResolvedHow, ResolvedList, ResolvedValue
from virtkg.namespaces import DISPUTED_GRAPH, RDF, VKG
from virtkg.record import replace
from virtkg.snapshot.reader import Snapshot

NO, UNKNOWN, DISPUTED, YES = range(4)
"""The verdicts as queries write them; said here again, so that nothing comes from the translation."""

Found: TypeAlias = "dict[int | None, tuple[int, ...]]"
"""What is in the rows of an answer: the verdict on each thing, the numbers of each group, or nothing on each value."""

COMPARES: Final = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq}
OPPOSITE: Final = {"<": ">=", "<=": ">"}
SWAPPED: Final = {YES: NO, NO: YES}


class Closure:
    """The facts of a snapshot in dictionaries, without their graphs."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._objects: dict[tuple[int, int], set[int]] = defaultdict(set)
        self._subjects: dict[tuple[int, int], set[int]] = defaultdict(set)
        self._disputed: set[tuple[int, int, int]] = set()
        disputed = snapshot.iri_number(DISPUTED_GRAPH)
        for predicate in snapshot.predicates():
            for subject, object_, graph in snapshot.column(predicate):
                self._objects[subject, predicate].add(object_)
                self._subjects[predicate, object_].add(subject)
                if graph == disputed:
                    self._disputed.add((subject, predicate, object_))
        unvouched, yes = self._number(NamedNode(VKG + "notVouchedFor")), snapshot.number(Literal(True))
        self._doubtful = set() if yes is None else self._into(unvouched, yes)

    def things(self, class_: NamedNode) -> set[int]:
        """Return what belongs to a class."""
        return self._into(self._number(NamedNode(RDF + "type")), self._number(class_))

    def answer(self, meant: ResolvedList | ResolvedAsk | ResolvedCount | ResolvedValue | ResolvedHow) -> Found:
        """Return what the rows of the answer to a question have to say."""
        match meant:
            case ResolvedList(noun):
                return {thing: (self.truth(noun.condition, thing),) for thing in self.things(noun.class_)}
            case ResolvedAsk(subject, condition):
                thing = self._number(subject)
                return {thing: (self.truth(condition, thing),)}
            case ResolvedCount():
                return self._counted(meant)
            case ResolvedValue(property_, subject):
                bearers = self._bearers(meant)
                return dict.fromkeys({v for bearer in bearers for v in self._from(bearer, self._number(property_))}, ())
            case ResolvedHow():
                subjects = self._into(self._number(meant.subject_property), self._number(meant.subject))
                aspects = self._into(self._number(meant.aspect_property), self._number(meant.aspect))
                return dict.fromkeys(self.things(meant.cell) & subjects & aspects, ())

    def _bearers(self, meant: ResolvedValue) -> set[int]:
        """Return the things whose values count: a thing and its parts, or its parts in a scope."""
        subject = self._number(meant.subject)
        if meant.parts is None:
            return {subject}
        parts = self._into(self._number(meant.parts[0]), subject)
        if meant.scope is None:
            return {subject} | parts
        return parts & self._into(self._number(meant.parts[1]), self._number(meant.scope))

    def _counted(self, meant: ResolvedCount) -> Found:
        """Count thing by thing; what is yes is only disputed in the group of a value that it disputably has."""
        groups: dict[int | None, Counter[int]] = defaultdict(Counter)
        for thing in self.things(meant.noun.class_):
            truth = self.truth(meant.noun.condition, thing)
            keys = set() if meant.by is None else self._from(thing, self._number(meant.by))
            for key in keys or {None}:
                doubtful = key is not None and self._stated((thing, self._number(meant.by), key)) == DISPUTED
                groups[key][DISPUTED if doubtful and truth == YES else truth] += 1
        if meant.by is None and not groups:
            groups[None] = Counter()
        counted = (YES, DISPUTED) if meant.open else (YES, DISPUTED, UNKNOWN)
        found: Found = {key: tuple(group[truth] for truth in counted) for key, group in groups.items()}
        return found if meant.by is None else {key: numbers for key, numbers in found.items() if any(numbers)}

    def truth(self, condition: Condition | None, thing: int) -> int:
        """Return what the facts say: least for `and`, greatest for `or`, yes and no swapped for `not`."""
        match condition:
            case None:
                return YES
            case Not(part):
                inner = self.truth(part, thing)
                return SWAPPED.get(inner, inner)
            case Besides(part):
                return {YES: NO, DISPUTED: DISPUTED}.get(self.truth(part, thing), YES)
            case Junction(joint, parts):
                values = [self.truth(part, thing) for part in parts]
                return min(values) if joint == "and" else max(values)
            case Every(_, _, part):
                return self.truth(part, thing)
            case Came(within, outside):
                inside = self._through(within, thing)
                return inside if inside != UNKNOWN or self._through(outside, thing) == UNKNOWN else NO
            case Related(object=ResolvedNoun()):
                return self._through(condition, thing)
            case Related(steps="+" | "*"):
                back = replace(condition, inverse=not condition.inverse, steps=condition.back)
                denied = NO if condition.back and self._reaches(back, thing) else UNKNOWN
                return YES if self._reaches(condition, thing) else denied
            case Related():
                return self._related(condition, thing)
            case Member(class_, definition):
                fact = thing, self._number(NamedNode(RDF + "type")), self._number(class_)
                denied = definition is not None and self._denied(definition, thing)
                return self._stated(fact) or (NO if denied else UNKNOWN)
            case Compared():
                return self._compared(condition, thing)
            case ComparedWith():
                return self._than(condition, thing)
            case Dated():
                return self._dated(condition, thing)
            case Lasting():
                return self._lasting(condition, thing)

    # relations

    def _stated(self, fact: tuple[int, int, int]) -> int:
        if fact[2] not in self._from(fact[0], fact[1]):
            return 0
        return DISPUTED if fact in self._disputed else YES

    def _related(self, atom: Related, thing: int) -> int:
        property_, other = self._number(atom.property), self._number(atom.object)
        fact = (other, property_, thing) if atom.inverse else (thing, property_, other)
        return self._stated(fact) or (NO if self._denied(atom, thing) else UNKNOWN)

    def _denied(self, atom: Related, thing: int) -> bool:
        property_, other = self._number(atom.property), self._number(atom.object)
        ends = (other, thing) if atom.inverse else (thing, other)
        if any(ends[1] in self._from(ends[0], self._number(contrary)) for contrary in atom.contraries):
            return True
        if atom.single and self._from(thing, property_) - {other}:
            return True
        if not atom.listed or other in self._from(thing, property_):
            return False
        of, on, among = (self._number(NamedNode(f"{VKG}complete{word}")) for word in ("For", "On", "Among"))
        tables = self._into(of, thing) & self._into(on, property_) & self._into(among, other)
        return bool(tables)

    def _through(self, atom: Related, thing: int) -> int:
        assert isinstance(atom.object, ResolvedNoun)
        property_, type_ = self._number(atom.property), self._number(NamedNode(RDF + "type"))
        class_, best = self._number(atom.object.class_), UNKNOWN
        for other in self._into(property_, thing) if atom.inverse else self._from(thing, property_):
            link = (other, property_, thing) if atom.inverse else (thing, property_, other)
            if self._stated((other, type_, class_)):
                known = (
                    self._stated(link),
                    self._stated((other, type_, class_)),
                    self.truth(atom.object.condition, other),
                )
                best = max(best, min(known))
        return best

    def _reaches(self, atom: Related, thing: int) -> bool:
        property_, goal = self._number(atom.property), self._number(atom.object)
        start, end = (goal, thing) if atom.inverse else (thing, goal)
        if atom.steps == "*" and start == end:
            return True
        reached: set[int] = set()
        fresh = set(self._from(start, property_))
        while fresh:
            reached |= fresh
            fresh = {there for here in fresh for there in self._from(here, property_)} - reached
        return end in reached

    # measures

    def _compared(self, atom: Compared, thing: int) -> int:
        parts = [
            [COMPARES[atom.operator](value, atom.number) for value in values] for values in self._measured(atom, thing)
        ]
        if any(values and all(values) for values in parts):
            return YES
        return DISPUTED if any(map(any, parts)) else NO if any(parts) else UNKNOWN

    def _than(self, atom: ComparedWith, thing: int) -> int:
        """Judge by every choice of one value for each part of both things; equal is surely so of one part alone."""
        other = self._number(atom.other)
        ours, theirs = ([part for part in self._measured(atom, whose) if part] for whose in (thing, other))
        if not ours or not theirs:
            return UNKNOWN
        if thing == other:
            return YES if "=" in atom.operator else NO
        outcomes = {
            self._one_choice(mine, atom.operator, yours)
            for mine, yours in product(list(product(*ours)), list(product(*theirs)))
        }
        if atom.operator == "=" and outcomes == {YES}:
            values = {value for part in theirs for value in part}
            return YES if any(set(part) == values and len(values) == 1 for part in ours) else DISPUTED
        return outcomes.pop() if len(outcomes) == 1 else DISPUTED

    @staticmethod
    def _one_choice(ours: Iterable[Decimal], operator: str, theirs: Iterable[Decimal]) -> int:
        """Less is so in two senses: some part has less, and none reaches the other thing."""

        def reaches(operator: str) -> bool:
            return any(all(COMPARES[operator](mine, yours) for yours in theirs) for mine in ours)

        senses = [reaches(operator)]
        if operator in OPPOSITE:
            senses.append(not reaches(OPPOSITE[operator]))
        return YES if all(senses) else DISPUTED if any(senses) else NO

    def _measured(self, atom: Compared | ComparedWith, thing: int) -> list[list[Decimal]]:
        """Return the values of a thing, then those of each of its parts that is vouched for."""
        property_ = self._number(atom.property)
        bearers = [thing]
        if atom.parts is not None:
            part_of, scope = map(self._number, atom.parts)
            bearers += [part for part in self._into(part_of, thing) if not self._from(part, scope) & self._doubtful]
            if isinstance(atom, Compared) and atom.scope is not None:
                wanted = self._number(atom.scope)
                bearers = [part for part in bearers[1:] if wanted in self._from(part, scope)]
        return [[Decimal(self._text(value)) for value in self._from(bearer, property_)] for bearer in bearers]

    # time

    def _dated(self, atom: Dated, thing: int) -> int:
        inside = outside = False
        for first, last in self._spans(atom.property, thing):
            inside |= (not atom.start or first >= atom.start) and (not atom.end or last < atom.end)
            outside |= bool(atom.start) and last < atom.start
            outside |= bool(atom.end) and first >= atom.end
        return DISPUTED if inside and outside else YES if inside else NO if outside else UNKNOWN

    def _lasting(self, atom: Lasting, thing: int) -> int:
        begun = [first for first, _ in self._spans(atom.begins, thing)]
        if begun and min(begun) > atom.day:
            return NO
        forms = [self._spans(kind, thing) for kind in (*atom.kinds, atom.property)]
        lasts = [any(first >= atom.day for first, _ in form) for form in forms]
        over = [any(last < atom.day for _, last in form) for form in forms]
        if any(yes and not no for yes, no in zip(lasts, over, strict=True)):
            return YES
        every = forms[-1]
        return DISPUTED if lasts[-1] else NO if every and all(last < atom.day for _, last in every) else UNKNOWN

    def _spans(self, property_: NamedNode, thing: int) -> list[tuple[str, str]]:
        """Return the first and the last day of each date."""
        return [_days(self._text(value)) for value in self._from(thing, self._number(property_))]

    # facts

    def _from(self, subject: int, predicate: int) -> set[int]:
        return self._objects.get((subject, predicate), set())

    def _into(self, predicate: int, object_: int) -> set[int]:
        return self._subjects.get((predicate, object_), set())

    def _number(self, term: object) -> int:
        """Return a number that stands for a term: -1 for one that no fact has."""
        assert isinstance(term, NamedNode)
        found = self._snapshot.number(term)
        return -1 if found is None else found

    def _text(self, value: int) -> str:
        return self._snapshot.term(value).value


def _days(date: str) -> tuple[str, str]:
    """Return the first and the last day of a day, a month or a year."""
    year, month, day = ([*map(int, date.split("-")), 0, 0])[:3]
    last = day or calendar.monthrange(year, month or 12)[1]
    return f"{year:04}-{month or 1:02}-{day or 1:02}", f"{year:04}-{month or 12:02}-{last:02}"


def by_grounds(kg: KnowledgeGraph, condition: Condition, thing: int) -> int:
    """Return the verdict that the grounds of a condition amount to."""
    asker = kg.asker
    if isinstance(condition, Not):
        return SWAPPED.get(inner := by_grounds(kg, condition.part, thing), inner)
    if isinstance(condition, Junction):
        values = [by_grounds(kg, part, thing) for part in condition.parts]
        return min(values) if condition.joint == "and" else max(values)
    grounds = Finder(kg.snapshot, asker.schema, asker.evidence).grounds(condition, thing)
    if isinstance(condition, Compared):
        # One part that satisfies it is enough; what is said of another part is no contradiction.
        inside, outside = ({fact[0] for fact in side} for side in (grounds.pro, grounds.contra))
        return YES if inside - outside else DISPUTED if inside else NO if outside else UNKNOWN
    if isinstance(condition, ComparedWith):
        return (DISPUTED if grounds.contra else YES) if grounds.pro else NO if grounds.contra else UNKNOWN
    if grounds.pro:
        return DISPUTED if all(asker.evidence.is_disputed(fact) for fact in grounds.pro) else YES
    return NO if grounds.contra else UNKNOWN

"""ResolvedQuestion → SPARQL algebra.

Every condition becomes a truth value that the query computes itself, so that
the printed query gives the same verdicts in any engine: 3 yes, 2 disputed,
1 unknown, 0 no. Conditions fold as Kleene logic: `and` is the least value,
`or` the greatest, `not` swaps yes and no.

Knows: three-valued evaluation. Must not know: words, labels, or the snapshot.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Variable

from virtkg.language import translate_than as than
from virtkg.language.algebra import Exists, Expression, Operation, Pattern, Select
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
from virtkg.language.resolved import ResolvedAsk, ResolvedList
from virtkg.namespaces import DISPUTED_GRAPH, RDF, VKG
from virtkg.record import replace

YES: Final = 3
DISPUTED: Final = 2
UNKNOWN: Final = 1
NO: Final = 0

Atom: TypeAlias = "Related | Member | Compared | ComparedWith | Dated | Lasting | Came"

THING: Final = "thing"
TRUTH: Final = "truth"

_TYPE: Final = NamedNode(RDF + "type")
_DISPUTED: Final = NamedNode(DISPUTED_GRAPH)
_UNVOUCHED: Final = NamedNode(VKG + "notVouchedFor")
_TRUE: Final = Literal(True)
_COMPLETE_FOR: Final = NamedNode(VKG + "completeFor")
_COMPLETE_ON: Final = NamedNode(VKG + "completeOn")
_COMPLETE_AMONG: Final = NamedNode(VKG + "completeAmong")


def translate(question: ResolvedList | ResolvedAsk) -> Select:
    """Return the query of a list, or of a yes-or-no question (one row at most).

    Its rows bind `thing`, the truth of each atom (`truth1` …), and `truth` of
    the whole.
    """
    writer = _Writer()
    thing = Variable(THING)
    if isinstance(question, ResolvedList):
        patterns: tuple[Pattern, ...] = (Pattern(thing, _TYPE, question.noun.class_),)
        condition = question.noun.condition
    else:
        patterns, condition = (), question.condition
        writer.bindings.append((THING, question.subject))
    truth: Expression = YES if condition is None else writer.truth(condition, thing)
    writer.bindings.append((TRUTH, truth))
    names = (THING, *(f"{TRUTH}{number + 1}" for number in range(writer.atoms)), TRUTH)
    return Select(names, patterns, tuple(writer.bindings))


class _Writer:
    """Collects the bindings of one query."""

    def __init__(self) -> None:
        self.bindings: list[tuple[str, Expression]] = []
        self.atoms = 0
        self._fresh = 0

    def truth(self, condition: Condition, thing: Variable) -> Expression:
        """Return the truth of a condition; atoms are bound to variables of their own."""
        match condition:
            case Every(_, _, part):
                return self.truth(part, thing)
            case Not(part):
                inner = self._named(self.truth(part, thing))
                return _if(_equal(inner, YES), NO, _if(_equal(inner, NO), YES, inner))
            case Besides(part):
                inner = self._named(self.truth(part, thing))
                return _if(_equal(inner, YES), NO, _if(_equal(inner, DISPUTED), DISPUTED, YES))
            case Junction(joint, parts):
                folded = self._named(self.truth(parts[0], thing))
                for part in parts[1:]:
                    other = self._named(self.truth(part, thing))
                    folded = self._named(_if(Operation("<" if joint == "and" else ">", (folded, other)), folded, other))
                return folded
            case _:
                self.atoms += 1
                name = f"{TRUTH}{self.atoms}"
                self.bindings.append((name, self._atom(condition, thing)))
                return Variable(name)

    def _named(self, expression: Expression) -> Variable:
        if isinstance(expression, Variable):
            return expression
        self._fresh += 1
        name = f"part{self._fresh}"
        self.bindings.append((name, expression))
        return Variable(name)

    def _atom(self, atom: Atom, thing: Variable) -> Expression:
        if isinstance(atom, ComparedWith):
            return self._against(atom, thing)
        if isinstance(atom, Came):
            within, outside = atom.within, self._holds(atom.outside, thing, firm=False)
            firm, stated = (self._holds(within, thing, firm=firm) for firm in (True, False))
            return _if(firm, YES, _if(stated, DISPUTED, _if(outside, NO, UNKNOWN)))
        if isinstance(atom, Compared) and atom.parts is not None:
            undisputed, inside, outside = self._with_parts(atom, atom.parts, thing)
            return _if(undisputed, YES, _if(inside, DISPUTED, _if(outside, NO, UNKNOWN)))
        if isinstance(atom, Compared | Dated):
            inside, outside = self._valued(atom, thing, True), self._valued(atom, thing, False)
            return _if(_and(inside, outside), DISPUTED, _if(inside, YES, _if(outside, NO, UNKNOWN)))
        if isinstance(atom, Lasting):
            firm, lasts, over = (self._lasts(atom, thing, part) for part in ("firm", "lasts", "over"))
            return _if(firm, YES, _if(lasts, DISPUTED, _if(over, NO, UNKNOWN)))
        certain, stated = self._holds(atom, thing, firm=True), self._holds(atom, thing, firm=False)
        denied = self._denied(atom, thing)
        otherwise: Expression = UNKNOWN if denied is None else _if(denied, NO, UNKNOWN)
        return _if(certain, YES, _if(stated, DISPUTED, otherwise))

    def _against(self, atom: ComparedWith, thing: Variable) -> Expression:
        """Return the truth of a comparison with another thing: yes or no for every choice of disputed values."""
        certain, possible = than.certain(atom, thing, self._variable), than.possible(atom, thing, self._variable)
        apart = _if(certain, YES, _if(possible, DISPUTED, NO))
        known = than.known(atom, thing, self._variable)
        return _if(known, _if(than.same(atom, thing), YES if than.reflexive(atom) else NO, apart), UNKNOWN)

    def _valued(self, atom: Compared | Dated, thing: Variable, inside: bool) -> Exists:
        """Return whether a value of the thing satisfies an atom, or whether one does not."""
        if isinstance(atom, Compared):
            return self._measured(atom, thing, inside)
        value = self._variable("date")
        bounds = []
        if atom.start:
            bounds.append(_begins_from(value, atom.start) if inside else _ends_by(value, atom.start))
        if atom.end:
            bounds.append(_ends_by(value, atom.end) if inside else _begins_from(value, atom.end))
        joined = bounds[0] if len(bounds) == 1 else Operation("&&" if inside else "||", tuple(bounds))
        return Exists((Pattern(thing, atom.property, value),), (joined,))

    def _with_parts(
        self, atom: Compared, parts: tuple[NamedNode, NamedNode], thing: Variable
    ) -> tuple[Expression, Expression, Expression]:
        """Return whether a comparison holds of a thing or of one of its parts undisputed, or at all, or is denied.

        One part that satisfies it is enough.
        """
        part_firm, part_inside, part_outside = (
            self._part(atom, parts, thing, *way) for way in ((True, True), (True, False), (False, False))
        )
        if atom.scope is not None:
            return part_firm, part_inside, part_outside
        inside, outside = self._measured(atom, thing, True), self._measured(atom, thing, False)
        firm = Operation("||", (_and(inside, _negated(outside)), part_firm))
        return firm, Operation("||", (inside, part_inside)), Operation("||", (outside, part_outside))

    def _part(
        self, atom: Compared, parts: tuple[NamedNode, NamedNode], thing: Variable, inside: bool, firm: bool
    ) -> Exists:
        """Return whether a part that is vouched for satisfies a comparison, if `firm` undisputed, or does not."""
        part, scope = self._variable("part"), self._variable("scope")
        own = self._measured(atom, part, inside)
        doubtful = Exists((Pattern(part, parts[1], scope), Pattern(scope, _UNVOUCHED, _TRUE)))
        filters = (*own.filters, _negated(doubtful))
        if firm:
            filters = (*filters, _negated(self._measured(atom, part, False)))
        within = () if atom.scope is None else (Pattern(part, parts[1], atom.scope),)
        return Exists((Pattern(part, parts[0], thing), *within, *own.patterns), filters)

    def _lasts(self, atom: Lasting, thing: Variable, part: str) -> Expression:
        """Return whether a span lasts by some date (`lasts`), undisputed (`firm`), or is over by every one (`over`)."""
        later, property_ = self._begins_later(atom, thing), atom.property
        if part == "over":
            every = _and(
                self._ends(atom, property_, thing, "over"), _negated(self._ends(atom, property_, thing, "open"))
            )
            return Operation("||", (every, later))
        if part == "lasts":
            return _and(self._ends(atom, property_, thing, "lasts"), _negated(later))
        ways = [
            _and(self._ends(atom, kind, thing, "lasts"), _negated(self._ends(atom, kind, thing, "over")))
            for kind in (*atom.kinds, property_)
        ]
        return _and(Operation("||", tuple(ways)), _negated(later))

    def _ends(self, atom: Lasting, kind: NamedNode, thing: Variable, when: str) -> Exists:
        """Return whether a date lies before the day (`over`), not wholly so (`open`), or not at all (`lasts`)."""
        value = self._variable("date")
        over = _ends_by(value, atom.day)
        lasts = Operation(">=", (_first_day(value), Literal(atom.day)))
        test = {"over": over, "open": _negated(over), "lasts": lasts}[when]
        return Exists((Pattern(thing, kind, value),), (test,))

    def _begins_later(self, atom: Lasting, thing: Variable) -> Expression:
        """Return whether the span is only known to begin after the day."""
        value, other = self._variable("date"), self._variable("date")
        later = Exists((Pattern(thing, atom.begins, value),), (Operation(">", (_first_day(value), Literal(atom.day))),))
        begun = Exists(
            (Pattern(thing, atom.begins, other),), (Operation("<=", (_first_day(other), Literal(atom.day))),)
        )
        return _and(later, _negated(begun))

    def _measured(self, atom: Compared, thing: Variable, inside: bool) -> Exists:
        value = self._variable("value")
        compares: Expression = Operation(atom.operator, (value, Literal(atom.number)))
        return Exists((Pattern(thing, atom.property, value),), (compares if inside else Operation("!", (compares,)),))

    def _holds(self, condition: Condition, thing: Variable, *, firm: bool) -> Expression:
        """Return whether a condition is stated of a thing; if `firm`, without dispute."""
        match condition:
            case Related(property_, inverse, NamedNode() as other, steps=steps) if steps:
                return Exists((_oriented(thing, property_, other, inverse, steps),))
            case Related(property_, inverse, NamedNode() as other):
                return _stated(_oriented(thing, property_, other, inverse), firm)
            case Related(property_, inverse, noun):
                assert isinstance(noun, ResolvedNoun)
                other_thing = self._variable("other")
                pattern = _oriented(thing, property_, other_thing, inverse)
                member = Pattern(other_thing, _TYPE, noun.class_)
                filters = [self._holds(noun.condition, other_thing, firm=firm)] if noun.condition is not None else []
                if firm:
                    filters += [_not_disputed(pattern), _not_disputed(member)]
                return Exists((pattern, member), tuple(filters))
            case Member(class_):
                return _stated(Pattern(thing, _TYPE, class_), firm)
            case Compared(parts=(_, _) as parts):
                undisputed, stated, _ = self._with_parts(condition, parts, thing)
                return undisputed if firm else stated
            case ComparedWith():
                return Operation(">=", (self._atom(condition, thing), YES if firm else DISPUTED))
            case Compared() | Dated():
                inside = self._valued(condition, thing, True)
                return _and(inside, _negated(self._valued(condition, thing, False))) if firm else inside
            case Lasting():
                return self._lasts(condition, thing, "firm" if firm else "lasts")
            case Every(_, _, part) | Came(part):
                return self._holds(part, thing, firm=firm)
            case Not(part):
                return self._denial(part, thing, firm=firm)
            case Besides(part):
                return _negated(self._holds(part, thing, firm=not firm))
            case Junction(joint, parts):
                operands = tuple(self._holds(part, thing, firm=firm) for part in parts)
                return Operation("&&" if joint == "and" else "||", operands)

    def _denial(self, condition: Condition, thing: Variable, *, firm: bool) -> Expression:
        """Return whether the contrary of a condition is stated of a thing; unless `firm`, or it is disputed."""
        match condition:
            case Every(_, _, part):
                return self._denial(part, thing, firm=firm)
            case Not(part):
                return self._holds(part, thing, firm=firm)
            case Besides(part):
                return self._holds(part, thing, firm=firm)
            case Related() | Member() | Junction() if not firm:
                doubted = self._doubted(condition, thing)
                return Operation("||", (self._denial(condition, thing, firm=True), doubted))
            case Junction(joint, parts):
                operands = tuple(self._denial(part, thing, firm=True) for part in parts)
                return Operation("||" if joint == "and" else "&&", operands)
            case Compared(parts=(_, _) as parts):
                undisputed, stated, outside = self._with_parts(condition, parts, thing)
                if firm:
                    return _and(outside, _negated(stated))
                return _and(Operation("||", (outside, stated)), _negated(undisputed))
            case ComparedWith() | Came():
                truth = self._atom(condition, thing)
                return _equal(truth, NO) if firm else Operation("||", (_equal(truth, NO), _equal(truth, DISPUTED)))
            case Compared() | Dated():
                outside = self._valued(condition, thing, False)
                return _and(outside, _negated(self._valued(condition, thing, True))) if firm else outside
            case Lasting():
                over = self._lasts(condition, thing, "over")
                return _and(over, _negated(self._lasts(condition, thing, "lasts"))) if firm else over
            case Related() | Member():
                denied = self._denied(condition, thing)
                if denied is None:
                    return _equal(NO, YES)
                return _and(denied, _negated(self._holds(condition, thing, firm=False)))

    def _doubted(self, condition: Related | Member | Junction, thing: Variable) -> Expression:
        """Return whether a condition is stated, but only under dispute, which may come from what it rests on."""
        match condition:
            case Related(_, _, NamedNode(), steps=steps) if steps:
                return _equal(NO, YES)
            case Related(property_, inverse, NamedNode() as other):
                return Exists((replace(_oriented(thing, property_, other, inverse), graph=_DISPUTED),))
            case Member(class_):
                return Exists((Pattern(thing, _TYPE, class_, _DISPUTED),))
            case _:
                stated, certain = (self._holds(condition, thing, firm=firm) for firm in (False, True))
                return _and(stated, _negated(certain))

    def _denied(self, atom: Related | Member, thing: Variable) -> Expression | None:
        """Return whether something denies an atom, None if nothing could."""
        if isinstance(atom, Member):
            return None if atom.definition is None else self._denied(atom.definition, thing)
        if not isinstance(atom.object, NamedNode):
            return None
        ways: list[Expression] = [
            Exists((_oriented(thing, contrary, atom.object, atom.inverse),)) for contrary in atom.contraries
        ]
        if atom.single:
            other = self._variable("other")
            ways.append(Exists((Pattern(thing, atom.property, other),), (Operation("!=", (other, atom.object)),)))
        if atom.back:
            ways.append(Exists((_oriented(thing, atom.property, atom.object, not atom.inverse, atom.back),)))
        if atom.listed:
            ways.append(self._left_out(atom, thing, atom.object))
        if not ways:
            return None
        return ways[0] if len(ways) == 1 else Operation("||", tuple(ways))

    def _left_out(self, atom: Related, thing: Variable, other: NamedNode) -> Expression:
        """Return whether a table that a source calls complete lacks the relation."""
        table = self._variable("table")
        complete = Exists(
            (
                Pattern(table, _COMPLETE_FOR, thing),
                Pattern(table, _COMPLETE_ON, atom.property),
                Pattern(table, _COMPLETE_AMONG, other),
            )
        )
        return _and(complete, _negated(Exists((Pattern(thing, atom.property, other),))))

    def _variable(self, name: str) -> Variable:
        self._fresh += 1
        return Variable(f"{name}{self._fresh}")


def _oriented(
    thing: Variable, property_: NamedNode, other: NamedNode | Variable, inverse: bool, steps: str = ""
) -> Pattern:
    ends = (other, thing) if inverse else (thing, other)
    return Pattern(ends[0], property_, ends[1], steps=steps)


def _first_day(value: Variable) -> Expression:
    """Return the first day of a date, as text: engines differ in whether they compare years and months at all."""
    padded = Operation("CONCAT", (Operation("STR", (value,)), Literal("-01-01")))
    return Operation("SUBSTR", (padded, 1, 10))


def _begins_from(value: Variable, day: str) -> Expression:
    return Operation(">=", (_first_day(value), Literal(day)))


def _ends_by(value: Variable, day: str) -> Expression:
    text = Operation("STR", (value,))
    return Operation("<", (text, Operation("SUBSTR", (Literal(day), 1, Operation("STRLEN", (text,))))))


def _stated(pattern: Pattern, firm: bool) -> Expression:
    stated = Exists((pattern,))
    return _and(stated, _not_disputed(pattern)) if firm else stated


def _not_disputed(pattern: Pattern) -> Expression:
    return _negated(Exists((Pattern(pattern.subject, pattern.predicate, pattern.object, _DISPUTED),)))


def _and(left: Expression, right: Expression) -> Expression:
    return Operation("&&", (left, right))


def _negated(expression: Expression) -> Expression:
    return Operation("!", (expression,))


def _equal(left: Expression, right: Expression) -> Expression:
    return Operation("=", (left, right))


def _if(condition: Expression, then: Expression, otherwise: Expression) -> Expression:
    return Operation("IF", (condition, then, otherwise))

"""ResolvedQuestion → SPARQL algebra.

Every condition becomes a truth value that the query computes itself, so that
the printed query gives the same verdicts in any engine: 3 yes, 2 disputed,
1 unknown, 0 no. Conditions fold as Kleene logic: `and` is the least value,
`or` the greatest, `not` swaps yes and no.

Knows: three-valued evaluation. Must not know: words, labels, or the snapshot.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode, Variable

from virtkg.language.algebra import Exists, Expression, Operation, Pattern, Select
from virtkg.language.resolved import (
    Compared,
    Condition,
    Junction,
    Member,
    Not,
    Related,
    ResolvedAsk,
    ResolvedHow,
    ResolvedList,
    ResolvedNoun,
    ResolvedValue,
)
from virtkg.namespaces import DISPUTED_GRAPH, RDF

YES: Final = 3
DISPUTED: Final = 2
UNKNOWN: Final = 1
NO: Final = 0

THING: Final = "thing"
TRUTH: Final = "truth"

_TYPE: Final = NamedNode(RDF + "type")
_DISPUTED: Final = NamedNode(DISPUTED_GRAPH)


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


def translate_how(question: ResolvedHow) -> Select:
    """Return the query of the cells that a how-question is about."""
    cell = Variable("cell")
    return Select(
        ("cell",),
        (
            Pattern(cell, _TYPE, question.cell),
            Pattern(cell, question.subject_property, question.subject),
            Pattern(cell, question.aspect_property, question.aspect),
        ),
    )


def translate_value(question: ResolvedValue) -> Select:
    """Return the query of the values of a property of a thing."""
    return Select(("value",), (Pattern(question.subject, question.property, Variable("value")),))


class _Writer:
    """Collects the bindings of one query."""

    def __init__(self) -> None:
        self.bindings: list[tuple[str, Expression]] = []
        self.atoms = 0
        self._fresh = 0

    def truth(self, condition: Condition, thing: Variable) -> Expression:
        """Return the truth of a condition; atoms are bound to variables of their own."""
        match condition:
            case Not(part):
                inner = self._named(self.truth(part, thing))
                return _if(_equal(inner, YES), NO, _if(_equal(inner, NO), YES, inner))
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

    def _atom(self, atom: Related | Member | Compared, thing: Variable) -> Expression:
        if isinstance(atom, Compared):
            inside, outside = self._measured(atom, thing, True), self._measured(atom, thing, False)
            return _if(_and(inside, outside), DISPUTED, _if(inside, YES, _if(outside, NO, UNKNOWN)))
        certain, stated = self._holds(atom, thing, firm=True), self._holds(atom, thing, firm=False)
        denied = self._denied(atom, thing)
        otherwise: Expression = UNKNOWN if denied is None else _if(denied, NO, UNKNOWN)
        return _if(certain, YES, _if(stated, DISPUTED, otherwise))

    def _measured(self, atom: Compared, thing: Variable, inside: bool) -> Exists:
        value = self._variable("value")
        compares: Expression = Operation(atom.operator, (value, Literal(atom.number)))
        return Exists((Pattern(thing, atom.property, value),), (compares if inside else Operation("!", (compares,)),))

    def _holds(self, condition: Condition, thing: Variable, *, firm: bool) -> Expression:
        """Return whether a condition is stated of a thing; if `firm`, without dispute."""
        match condition:
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
            case Compared():
                inside = self._measured(condition, thing, True)
                return _and(inside, _negated(self._measured(condition, thing, False))) if firm else inside
            case Not(part):
                return self._denial(part, thing, firm=firm)
            case Junction(joint, parts):
                operands = tuple(self._holds(part, thing, firm=firm) for part in parts)
                return Operation("&&" if joint == "and" else "||", operands)

    def _denial(self, condition: Condition, thing: Variable, *, firm: bool) -> Expression:
        """Return whether the contrary of a condition is stated of a thing."""
        match condition:
            case Not(part):
                return self._holds(part, thing, firm=firm)
            case Junction(joint, parts):
                operands = tuple(self._denial(part, thing, firm=firm) for part in parts)
                return Operation("||" if joint == "and" else "&&", operands)
            case Compared():
                outside = self._measured(condition, thing, False)
                return _and(outside, _negated(self._measured(condition, thing, True))) if firm else outside
            case Related() | Member():
                denied = self._denied(condition, thing)
                if denied is None:
                    return _equal(NO, YES)
                return _and(denied, _negated(self._holds(condition, thing, firm=False))) if firm else denied

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
        if not ways:
            return None
        return ways[0] if len(ways) == 1 else Operation("||", tuple(ways))

    def _variable(self, name: str) -> Variable:
        self._fresh += 1
        return Variable(f"{name}{self._fresh}")


def _oriented(thing: Variable, property_: NamedNode, other: NamedNode | Variable, inverse: bool) -> Pattern:
    return Pattern(other, property_, thing) if inverse else Pattern(thing, property_, other)


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

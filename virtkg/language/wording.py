"""Nouns and conditions → English: one spelling for each.

Knows: labels and word forms of the vocabulary, the order of words.
Must not know: kinds of questions, what the user typed, or SPARQL.
"""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import NamedNode

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
    conjuncts,
)
from virtkg.language.forms import ordered, third_person
from virtkg.language.schema import Schema
from virtkg.language.words import phrase, plural, with_article

_WITH: Final = "with"


class Wording:
    """Says things, nouns and conditions in canonical words."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def _noun(self, noun: ResolvedNoun) -> str:
        head, parts, joint = self._label(noun.class_), conjuncts(noun.condition), "and"
        if isinstance(noun.condition, Junction):
            joint = noun.condition.joint
        if parts and joint == "and" and isinstance(parts[0], Member) and self._is_narrower(parts[0], noun):
            head, parts = self._label(parts[0].class_), parts[1:]
        spoken = [self._modifier(part) for part in parts]
        text = ""
        for number, part in enumerate(spoken):
            text += f" {part}" if number == 0 else f" {joint} {part}"
        return plural(head) + text

    def _is_narrower(self, member: Member, noun: ResolvedNoun) -> bool:
        """Tell whether a class names what is both in it and of the class of a noun."""
        return self._number(noun.class_) in self._schema.superclasses(self._number(member.class_))

    def _universal(self, noun: ResolvedNoun, condition: Condition) -> str:
        things, said = self._noun(noun), self._finite(condition, many=True)
        first = conjuncts(condition)[0]
        if isinstance(first, Not) and said.startswith("do not "):
            rest = said.removeprefix(self._finite(first, many=True))
            lacking = self._modifier(first).removeprefix("without ")
            return f"do all {things} lack {lacking}{rest}"
        verb, _, rest = said.partition(" ")
        return f"are all {things} {rest}" if verb == "are" else f"do all {things} {said}"

    def _aspect(self, aspect: NamedNode) -> str:
        if self._schema.is_class(self._number(aspect)):
            return plural(self._label(aspect))
        return self._own_name(aspect)

    def event(self, event: Came) -> str:
        """Return the words for an event before the version: introduced by."""
        return self._passive(event.within.property)

    def leading(self, link: Related) -> str:
        """Return the words of a relation before the thing that it leads to: acquired by."""
        if link.inverse:
            return self._passive(link.property)
        verb = self._verb(link.property, False)
        return third_person(verb) if verb else self._participle(link.property)

    def _came(self, event: Came) -> str:
        place = event.within.object
        assert isinstance(place, ResolvedNoun)
        assert isinstance(place.condition, Related)
        form = self._form(event.within.property, "eventForm")
        return f"{form} {ordered(place.condition)} {self._object(place.condition.object)}"

    def _modifier(self, condition: Condition) -> str:
        match condition:
            case Came():
                return self._came(condition)
            case Besides(Related(_, _, NamedNode() as other)):
                return f"other than {self._label(other)}"
            case Not(Related(property_, False, NamedNode() as other)) if self._is_with(property_):
                return f"without {self._label(other)}"
            case Related(property_, False, NamedNode() as other) if self._is_with(property_):
                return f"with {self._label(other)}"
            case Compared() | ComparedWith():
                return f"with {self._comparison(condition)}"
            case Related(_, _, NamedNode() as other, steps=steps) if steps:
                return f"{ordered(condition)} {self._label(other)}"
            case Dated(property_, _, _, said):
                return f"{self._participle(property_)} {said}"
            case Lasting(property_, _, _, day):
                return f"{self._lasting(property_)} on {day}"
            case Junction(joint, parts):
                return f"({f' {joint} '.join(self._modifier(part) for part in parts)})"
            case Not((Compared() | ComparedWith()) as compared):
                return f"without {self._comparison(compared)}"
            case Related(property_, True, other) if self._forms(property_, "passive") or not self._verb(
                property_, True
            ):
                return f"{self._passive(property_)} {self._object(other)}"
            case Related(property_, False, NamedNode() as other) if self._is_only_noun(property_):
                return f"whose {self._name(property_)} is {self._label(other)}"
            case Not(Related(property_, False, NamedNode() as other)) if self._is_only_noun(property_):
                return f"whose {self._name(property_)} is not {self._label(other)}"
            case Related(property_, False, ResolvedNoun(_, said)) if said and self._is_only_noun(property_):
                return f"whose {self._name(property_)} {self._finite(said)}"
            case Not(Related(property_, False, ResolvedNoun(_, said))) if said and self._is_only_noun(property_):
                return f"whose {self._name(property_)} {self._denied(said, False)}"
            case Related(property_, False, other) if not self._forms(property_, "verb"):
                return f"{self._participle(property_)} {self._object(other)}"
            case _:
                return f"that {self._finite(condition, many=True)}"

    def _finite(self, condition: Condition, many: bool = False) -> str:
        """Return a condition as the rest of a sentence after its subject."""
        match condition:
            case Not(part):
                return self._denied(part, many)
            case Junction(joint, parts):
                return f" {joint} ".join(self._finite(part, many) for part in parts)
            case Compared() | ComparedWith():
                return f"{'have' if many else 'has'} {self._comparison(condition)}"
            case Member(class_):
                return f"are {plural(self._label(class_))}" if many else f"is {with_article(self._label(class_))}"
            case Related(_, _, NamedNode() as other, steps=steps) if steps:
                return f"{'are' if many else 'is'} {ordered(condition)} {self._label(other)}"
            case Dated(property_, _, _, said):
                return f"{'are' if many else 'is'} {self._participle(property_)} {said}"
            case Lasting(property_, _, _, day):
                return f"{'are' if many else 'is'} {self._lasting(property_)} on {day}"
            case Came() | Besides():
                return f"{'are' if many else 'is'} {self._modifier(condition)}"
            case Every(property_, other):
                verb = self._verb(property_, False)
                said = f"everything {self._label(other)} {third_person(verb)}"
                return f"{verb if many else third_person(verb)} {said}"
            case Related(property_, False, NamedNode() as other) if self._is_only_noun(property_):
                return f"{'have' if many else 'has'} {self._label(other)}"
            case Related(property_, inverse, other):
                verb = self._verb(property_, inverse)
                if verb:
                    return f"{verb if many else third_person(verb)} {self._object(other)}"
                form = self._passive(property_) if inverse else self._participle(property_)
                return f"{'are' if many else 'is'} {form} {self._object(other)}"

    def _denied(self, condition: Condition, many: bool) -> str:
        match condition:
            case Dated() | Lasting() | Came():
                return self._finite(condition, many).replace(" ", " not ", 1)
            case Every(property_, other):
                verb = self._verb(property_, False)
                said = f"everything {self._label(other)} {third_person(verb)}"
                return f"{'do not' if many else 'does not'} {verb} {said}"
            case Related(property_, inverse, other) if verb := self._verb(property_, inverse):
                return f"{'do not' if many else 'does not'} {verb} {self._object(other)}"
            case Compared() | ComparedWith():
                return f"{'do not' if many else 'does not'} have {self._comparison(condition)}"
            case Related(property_, False, NamedNode() as other) if self._is_only_noun(property_):
                return f"{'do not' if many else 'does not'} have {self._label(other)}"
            case Member(class_):
                return (
                    f"are not {plural(self._label(class_))}" if many else f"is not {with_article(self._label(class_))}"
                )
            case Related(property_, inverse, other):
                form = self._passive(property_) if inverse else self._participle(property_)
                return f"{'are' if many else 'is'} not {form} {self._object(other)}"
            case _:
                return f"not {self._finite(condition, many)}"

    def _ask(self, subject: str, condition: Condition) -> str:
        negated = isinstance(condition, Not)
        inner = condition.part if isinstance(condition, Not) else condition
        denial = "not " if negated else ""
        match inner:
            case Member(class_):
                return f"is {subject} {denial}{with_article(self._label(class_))}"
            case Compared() | ComparedWith():
                return f"does {subject} {denial}have {self._comparison(inner)}"
            case Every():
                does = self._denied(inner, True) if negated else self._finite(inner, True)
                return f"does {subject} {does.removeprefix('do ')}"
            case Dated() | Lasting() | Came():
                return f"is {subject} {denial}{self._finite(inner).partition(' ')[2]}"
            case Junction(joint, parts) if not negated:
                rest = (
                    self._finite(part) if isinstance(part, Member) else re.sub("^are ", "is ", self._finite(part, True))
                    for part in parts[1:]
                )
                return f" {joint} ".join([self._ask(subject, parts[0]), *rest])
            case Related(property_, False, NamedNode() as other) if self._is_only_noun(property_):
                return f"does {subject} {denial}have {self._label(other)}"
            case Related(property_, inverse, other):
                if verb := self._verb(property_, inverse):
                    return f"does {subject} {denial}{verb} {self._object(other)}"
                form = self._passive(property_) if inverse else self._participle(property_)
                return f"is {subject} {denial}{form} {self._object(other)}"
            case _:
                return f"{subject} {self._finite(condition)}"

    def _comparison(self, compared: Compared | ComparedWith) -> str:
        measure = self._label(compared.property)
        if isinstance(compared, ComparedWith):
            return f"{measure} {compared.operator} that of {self._label(compared.other)}"
        return f"{measure} {compared.operator} {self._quantity(compared)}{self._within(compared.scope)}"

    def _within(self, scope: NamedNode | None) -> str:
        return "" if scope is None else f" for {self._label(scope)}"

    def _quantity(self, compared: Compared) -> str:
        if compared.unit is None:
            return str(compared.number)
        unit = self._number(compared.unit)
        size = self._schema.bytes_of(unit) or 1
        whole, rest = divmod(compared.number, size)
        symbol = (self._schema.alternative_labels(unit) or [self._label(compared.unit)])[0]
        return f"{compared.number} B" if rest else f"{whole} {symbol}"

    def _object(self, thing: NamedNode | ResolvedNoun) -> str:
        return self._label(thing) if isinstance(thing, NamedNode) else self._noun(thing)

    def _is_only_noun(self, property_: NamedNode) -> bool:
        return not any(self._forms(property_, kind) for kind in ("verb", "participle", "preposition"))

    def _is_with(self, property_: NamedNode) -> bool:
        return _WITH in self._forms(property_, "preposition")

    def _verb(self, property_: NamedNode, inverse: bool) -> str:
        """Return the verb of a property, "" if it has none."""
        verbs = self._forms(property_, "inverseVerb" if inverse else "verb")
        return verbs[0] if verbs else ""

    def _participle(self, property_: NamedNode) -> str:
        forms = self._forms(property_, "participle") or self._forms(property_, "preposition")
        return forms[0] if forms else self._label(property_)

    def _passive(self, property_: NamedNode) -> str:
        forms = self._forms(property_, "passive")
        return forms[0] if forms else "of"

    def _lasting(self, property_: NamedNode) -> str:
        return self._form(property_, "lastingForm")

    def _name(self, property_: NamedNode) -> str:
        nouns = self._forms(property_, "noun")
        return nouns[0] if nouns else self._label(property_)

    def _own_name(self, term: NamedNode) -> str:
        """Return the name of a term; of a property, a noun that does not ask for a list of what it leads to."""
        number = self._number(term)
        leads = self._schema.ranges(number)
        names = {phrase(text) for kind in leads for text in self._schema.names(kind)}
        return next((noun for noun in self._forms(term, "noun") if phrase(noun) not in names), self._name(term))

    def _form(self, term: NamedNode, kind: str) -> str:
        return self._forms(term, kind)[0]

    def _forms(self, term: NamedNode, kind: str) -> list[str]:
        return self._schema.forms(self._number(term), kind)

    def _label(self, term: NamedNode) -> str:
        return self._schema.label(self._number(term))

    def _number(self, term: NamedNode) -> int:
        number = self._schema.named(term.value)
        assert number is not None, f"{term} is not in the graph"
        return number

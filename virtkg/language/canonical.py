"""ResolvedQuestion → English: one spelling for each meaning.

The text parses to the same meaning again; it is shown above every answer, so
that a reader sees what was understood.

Knows: labels and word forms of the vocabulary, the order of words.
Must not know: what the user typed, or SPARQL.
"""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple, Variable

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
    ResolvedNoun,
    conjuncts,
)
from virtkg.language.forms import ordered, owned_only, side_by_side, third_person
from virtkg.language.resolved import (
    ResolvedAccording,
    ResolvedAlternatives,
    ResolvedAsk,
    ResolvedCalls,
    ResolvedCompare,
    ResolvedCount,
    ResolvedDescribe,
    ResolvedExists,
    ResolvedExtreme,
    ResolvedHistory,
    ResolvedHow,
    ResolvedList,
    ResolvedOnly,
    ResolvedQuestion,
    ResolvedRanked,
    ResolvedSince,
    ResolvedSpan,
    ResolvedSurplus,
    ResolvedTable,
    ResolvedUniversal,
    ResolvedValue,
)
from virtkg.language.schema import TYPE, Schema
from virtkg.language.words import plural, with_article
from virtkg.namespaces import SRC, compact

_WITH: Final = "with"
_TERM: Final = re.compile(r'<[^<>\s]*>|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[\w-]+)?|\?\w+')
"""A term of N-Triples, or a ?variable."""


class Speaker:
    """Says questions in canonical words."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def say(self, question: ResolvedQuestion) -> str:
        """Return the canonical text of a question."""
        match question:
            case ResolvedList(noun, or_unknown):
                return self._noun(noun) + (" or unknown" if or_unknown else "")
            case ResolvedAsk(subject, condition, why):
                return ("why " if why else "") + self._ask(self._label(subject), condition)
            case ResolvedHow():
                verb = self._form(question.cell, "facetVerb")
                return f"how does {self._label(question.subject)} {verb} {self._label(question.aspect)}"
            case ResolvedValue(property_, subject, scope):
                return f"{self._name(property_)} of {self._label(subject)}{self._within(scope)}"
            case ResolvedTable(properties, things, scope):
                return f"{' and '.join(map(self._name, properties))} of {self._object(things)}{self._within(scope)}"
            case ResolvedExtreme(noun, _, latest):
                return f"{'latest' if latest else 'earliest'} {self._noun(noun)}"
            case ResolvedCalls(speaker, thing):
                return f"what does {self._label(speaker)} call {self._label(thing)}"
            case ResolvedSince(subject, condition):
                return f"since when {self._ask(self._label(subject), condition)}"
            case ResolvedSpan(subject, property_, length=length):
                asked = "how long" if length else "until when"
                return f"{asked} is {self._label(subject)} {self._lasting(property_)}"
            case ResolvedAlternatives(subject, noun):
                rest = self._noun(noun).removeprefix(plural(self._label(noun.class_)))
                return f"alternatives to {self._label(subject)}{rest}"
            case ResolvedRanked():
                return self._ranked(question)
            case ResolvedCount(noun, by):
                return f"count {self._noun(noun)}" + (f" by {self._name(by)}" if by is not None else "")
            case ResolvedHistory(subject):
                return f"history of {self._label(subject)}"
            case ResolvedDescribe(subject):
                return f"describe {self._label(subject)}"
            case ResolvedCompare(subjects, part, aspects):
                names = list(dict.fromkeys(self._aspect(aspect) for aspect in aspects))
                said = side_by_side(part, [self._label(subject) for subject in subjects])
                return said + (f" by {' and '.join(names)}" if names else "")
            case ResolvedUniversal(noun, condition):
                return self._universal(noun, condition)
            case ResolvedExists(noun):
                return f"are there {self._noun(noun)}"
            case ResolvedOnly(noun, owned):
                names = [self._label(related.object) for related in owned if isinstance(related.object, NamedNode)]
                verb = self._verb(owned[0].property, not owned[0].inverse) or "have"
                return f"{self._noun(noun)} that {owned_only(names, verb)}"
            case ResolvedSurplus(subject, other, properties):
                verb = self._verb(properties[0], False) if properties else "have"
                return f"what does {self._label(subject)} {verb} that {self._label(other)} does not {verb}"
            case ResolvedAccording(inner, source):
                return f"{self.say(inner)} according to {self._label(NamedNode(SRC + source))}"

    def noun(self, property_: NamedNode) -> str:
        """Return the noun of a property in the singular."""
        return self._name(property_)

    def states(self, question: ResolvedAsk) -> str:
        """Return the statement that a yes-or-no question asks about."""
        return f"{self._label(question.subject)} {self._finite(question.condition)}"

    def fact(self, fact: Triple) -> str:
        """Return a fact in words, by the labels of its terms."""
        return self._sentence(fact.subject, fact.predicate, fact.object)

    def _sentence(self, first: object, predicate: object, last: object) -> str:
        subject, object_ = self._term(first), self._term(last)
        restriction = self._restriction(last)
        if predicate == NamedNode(TYPE):
            return self._clause(subject, *restriction) if restriction else f"{subject} is {with_article(object_)}"
        if restriction:
            object_ = f"the class of what {self._clause('', *restriction).strip()}"
        property_ = self._schema.named(predicate.value) if isinstance(predicate, NamedNode) else None
        return (
            f"{subject} {self._term(predicate)} {object_}"
            if property_ is None
            else self._clause(subject, property_, object_)
        )

    def _clause(self, subject: str, property_: int, value: int | str) -> str:
        said = value if isinstance(value, str) else self._schema.label(value)
        label = self._schema.label(property_)
        return f"{label} of {subject} is {said}" if self._schema.is_value(property_) else f"{subject} {label} {said}"

    def pattern(self, pattern: str) -> str:
        """Return a pattern of N-Triples terms and ?variables in words."""
        return ", ".join(self._pattern(part) for part in pattern.split(" . "))

    def _pattern(self, pattern: str) -> str:
        terms = [_parsed(text) for text in _TERM.findall(pattern)]
        if len(terms) == 3 and " ".join(_TERM.findall(pattern)) == pattern:
            return self._sentence(*terms)
        return _TERM.sub(lambda found: self._term(_parsed(found.group())), pattern)

    def _term(self, term: object) -> str:
        if isinstance(term, Variable):
            return f"some {term.value}"
        if not isinstance(term, NamedNode):
            return getattr(term, "value", str(term))
        number = self._schema.named(term.value)
        return compact(term.value) if number is None else self._schema.label(number)

    def _restriction(self, term: object) -> tuple[int, int] | None:
        """Return (property, value) of an unnamed class of the things with a value, None for any other term."""
        number = self._schema.named(term.value) if isinstance(term, NamedNode) else None
        return None if number is None else self._schema.restriction(number)

    def _noun(self, noun: ResolvedNoun) -> str:
        head, parts, joint = self._label(noun.class_), conjuncts(noun.condition), "and"
        if isinstance(noun.condition, Junction):
            joint = noun.condition.joint
        if parts and joint == "and" and isinstance(parts[0], Member):
            head, parts = self._label(parts[0].class_), parts[1:]
        spoken = [self._modifier(part) for part in parts]
        text = ""
        for number, part in enumerate(spoken):
            text += f" {part}" if number == 0 else f" {joint} {part}"
        return plural(head) + text

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
        return self._name(aspect)

    def event(self, event: Came) -> str:
        """Return the words for an event before the version: introduced by."""
        return self._passive(event.within.property)

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
            case Came():
                return f"{'are' if many else 'is'} {self._came(condition)}"
            case Every(property_, other):
                verb = self._verb(property_, False)
                said = f"everything {self._label(other)} {third_person(verb)}"
                return f"{verb if many else third_person(verb)} {said}"
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
                rest = (re.sub("^are ", "is ", self._finite(part, True)) for part in parts[1:])
                return f" {joint} ".join([self._ask(subject, parts[0]), *rest])
            case Related(property_, inverse, other):
                if verb := self._verb(property_, inverse):
                    return f"does {subject} {denial}{verb} {self._object(other)}"
                form = self._passive(property_) if inverse else self._participle(property_)
                return f"is {subject} {denial}{form} {self._object(other)}"
            case _:
                return f"{subject} {self._finite(condition)}"

    def _ranked(self, ranked: ResolvedRanked) -> str:
        noun, measure = self._noun(ranked.noun), self._label(ranked.property)
        if not ranked.count and ranked.highest:
            return f"{noun} by {measure}"
        return f"{'top' if ranked.highest else 'bottom'} {ranked.count} {noun} by {measure}"

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


def _parsed(text: str) -> NamedNode | Literal | Variable:
    """Return the term that `_TERM` found; a literal is only shown, so that its datatype does not matter."""
    if text[0] == "<":
        return NamedNode(text[1:-1])
    return Variable(text[1:]) if text[0] == "?" else Literal(re.sub(r"\\(.)", r"\1", text[1 : text.rindex('"')]))

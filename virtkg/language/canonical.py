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

from virtkg.language.forms import in_time, owned_only, side_by_side
from virtkg.language.resolved import (
    ResolvedAccording,
    ResolvedAlternatives,
    ResolvedAsk,
    ResolvedCalls,
    ResolvedCompare,
    ResolvedCount,
    ResolvedDescribe,
    ResolvedDisputed,
    ResolvedExists,
    ResolvedExtreme,
    ResolvedHistory,
    ResolvedHow,
    ResolvedList,
    ResolvedLongest,
    ResolvedOnly,
    ResolvedOrder,
    ResolvedQuestion,
    ResolvedRanked,
    ResolvedSince,
    ResolvedSpan,
    ResolvedSpans,
    ResolvedSurplus,
    ResolvedTable,
    ResolvedUniversal,
    ResolvedValue,
)
from virtkg.language.schema import TYPE
from virtkg.language.wording import Wording
from virtkg.language.words import plural, with_article
from virtkg.namespaces import SRC, compact

_TERM: Final = re.compile(r'<[^<>\s]*>|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[\w-]+)?|\?\w+')
"""A term of N-Triples, or a ?variable."""


class Speaker(Wording):
    """Says questions in canonical words."""

    def say(self, question: ResolvedQuestion) -> str:
        """Return the canonical text of a question."""
        match question:
            case ResolvedList(noun, or_unknown):
                return self._noun(noun) + (" or unknown" if or_unknown else "")
            case ResolvedAsk(subject, condition, why):
                return ("why " if why else "") + self._ask(self._label(subject), condition)
            case ResolvedDisputed(stated):
                return f"is it disputed that {self.states(stated)}"
            case ResolvedHow():
                verb = self._form(question.cell, "facetVerb")
                return f"how does {self._label(question.subject)} {verb} {self._label(question.aspect)}"
            case ResolvedValue(property_, subject, scope):
                return f"{self._own_name(property_)} of {self._label(subject)}{self._within(scope)}"
            case ResolvedTable(properties, things, scope):
                return f"{' and '.join(map(self._own_name, properties))} of {self._object(things)}{self._within(scope)}"
            case ResolvedExtreme(noun, _, latest):
                return f"{'latest' if latest else 'earliest'} {self._noun(noun)}"
            case ResolvedCalls(speaker, thing):
                return f"what does {self._label(speaker)} call {self._label(thing)}"
            case ResolvedSince(subject, condition):
                return f"since when {self._ask(self._label(subject), condition)}"
            case ResolvedSpan(subject, property_, length=length):
                asked = "how long" if length else "until when"
                return f"{asked} is {self._label(subject)} {self._lasting(property_)}"
            case ResolvedSpans(noun, property_, length=length):
                asked = "how long" if length else "until when"
                return f"{asked} are {self._noun(noun)} {self._lasting(property_)}"
            case ResolvedAlternatives(subject, noun):
                rest = self._noun(noun).removeprefix(plural(self._label(noun.class_)))
                return f"alternatives to {self._label(subject)}{rest}"
            case ResolvedOrder(things, latest, asked):
                return in_time([*map(self._label, things)], latest=latest, asked=asked)
            case ResolvedRanked() | ResolvedLongest():
                return self._ranked(question)
            case ResolvedCount(noun, by):
                return f"count {self._noun(noun)}" + (f" by {self._name(by)}" if by is not None else "")
            case ResolvedHistory(subject):
                return f"history of {self._label(subject)}"
            case ResolvedDescribe(subject, called):
                return side_by_side("all", list(called)) if called else f"describe {self._own_name(subject)}"
            case ResolvedCompare():
                return self._compared(question)
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

    def _compared(self, compared: ResolvedCompare) -> str:
        aspects = list(dict.fromkeys(self._aspect(aspect) for aspect in compared.aspects))
        given = compared.names or ((),) * len(compared.subjects)
        names = [
            name
            for subject, names in zip(compared.subjects, given, strict=True)
            for name in names or [self._label(subject)]
        ]
        return side_by_side(compared.part, names) + (f" by {' and '.join(aspects)}" if aspects else "")

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

    def _ranked(self, ranked: ResolvedRanked | ResolvedLongest) -> str:
        noun, measure = self._noun(ranked.noun), self._label(ranked.property)
        if isinstance(ranked, ResolvedLongest):
            measure = self._form(ranked.property, "spanNoun")
        if not ranked.count and ranked.highest:
            return f"{noun} by {measure}"
        return f"{'top' if ranked.highest else 'bottom'} {ranked.count} {noun} by {measure}"


def _parsed(text: str) -> NamedNode | Literal | Variable:
    """Return the term that `_TERM` found; a literal is only shown, so that its datatype does not matter."""
    if text[0] == "<":
        return NamedNode(text[1:-1])
    return Variable(text[1:]) if text[0] == "?" else Literal(re.sub(r"\\(.)", r"\1", text[1 : text.rindex('"')]))

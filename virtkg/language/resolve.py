"""Question → ResolvedQuestion: what the phrases mean here, and what hangs on what.

A modifier belongs to the nearest noun before it that its property admits; a
word with several senses takes the one that the types allow. What stays open is
an error with the choices, never a guess.

Knows: types and attachment. Must not know: the text's grammar, or SPARQL.
"""

from __future__ import annotations

from collections.abc import Iterable

from virtkg.diagnostics import QuestionError
from virtkg.language.categories import Category
from virtkg.language.chain import Chain
from virtkg.language.conditions import Condition, Every, ResolvedNoun
from virtkg.language.groups import spread
from virtkg.language.logic import joined, one, uniform
from virtkg.language.questions import (
    AccordingQuestion,
    AlternativesQuestion,
    AskQuestion,
    CallsQuestion,
    CompareQuestion,
    CountQuestion,
    DescribeQuestion,
    ExtremeOfQuestion,
    ExtremeQuestion,
    HistoryQuestion,
    HowQuestion,
    ListQuestion,
    OrderQuestion,
    Question,
    RankQuestion,
    ScopedQuestion,
    SinceQuestion,
    SpanQuestion,
    SpansQuestion,
    SurplusQuestion,
    TableQuestion,
    ValueQuestion,
)
from virtkg.language.resolve_calls import calls
from virtkg.language.resolve_compare import compares
from virtkg.language.resolve_count import counts
from virtkg.language.resolve_how import hows
from virtkg.language.resolve_measure import MeasureResolver
from virtkg.language.resolve_only import not_last
from virtkg.language.resolve_relation import RelationResolver, negate
from virtkg.language.resolve_sentences import SentenceResolver, Ways
from virtkg.language.resolve_source import slugs_of
from virtkg.language.resolve_surplus import spoken, surpluses
from virtkg.language.resolve_time import TimeResolver
from virtkg.language.resolve_values import ValueResolver
from virtkg.language.resolve_when import longest, orders, sinces, spans, spans_of
from virtkg.language.resolved import (
    ResolvedAccording,
    ResolvedAlternatives,
    ResolvedAsk,
    ResolvedDescribe,
    ResolvedHistory,
    ResolvedQuestion,
)
from virtkg.language.schema import Schema
from virtkg.language.syntax import (
    Amount,
    Comparison,
    Everything,
    Group,
    Modifier,
    Noun,
    Owners,
    Phrase,
    Superlative,
    Than,
    Timing,
    Whose,
    terms,
)
from virtkg.language.unrelated import no_path
from virtkg.namespaces import VKG
from virtkg.record import replace


class Resolver:
    """Resolves questions against the vocabulary of a snapshot."""

    def __init__(self, schema: Schema, today: str) -> None:
        """Take the vocabulary, and the day that counts as today (ISO)."""
        self._schema = schema
        self._value = ValueResolver(schema)
        self._relation = RelationResolver(schema)
        self._measure = MeasureResolver(schema, self._value)
        self._time = TimeResolver(schema, today)
        self._sentences = SentenceResolver(
            schema, Ways(self._nouns, self._conditions, self._asks, self._relation.related)
        )

    def resolve(self, question: Question) -> list[ResolvedQuestion]:
        """Return every meaning of a question, at least one.

        Raises QuestionError: E302 mixed joints, E303 things that no property
        joins, E306 unit missing or of another kind, E307 no such date, E308 a
        superlative that is open.
        """
        match question:
            case ListQuestion():
                return self._sentences.listed(question.noun, question.or_unknown)
            case AskQuestion(subject, predicate, why):
                return self._asks(subject, predicate, why)
            case CallsQuestion(speaker, thing):
                return calls(self._schema, speaker, thing)
            case SinceQuestion(asked):
                return sinces(self._schema, asked.subject, self._asks(asked.subject, asked.predicate, False))
            case SpanQuestion(subject, form, length):
                return spans(self._schema, subject, form, length)
            case HowQuestion(subject, verb, aspect):
                return hows(self._schema, subject, verb, aspect)
            case ValueQuestion(key, subject):
                return [*self._value.of_thing(key, subject)]
            case TableQuestion(_, things):
                return [*self._value.of_things(question, self._nouns(things) if isinstance(things, Noun) else ())]
            case ScopedQuestion(inner, scope):
                return [*self._value.scoped(self.resolve(inner), scope)]
            case ExtremeQuestion(noun, latest):
                return [*self._time.extremes(noun.head, self._nouns(noun), latest)]
            case SpansQuestion(noun, line, form, length):
                noun = self._of_versions(noun) if line else noun
                found = spans_of(self._schema, form, length, self._nouns(noun))
                if not found:
                    raise no_path(self._schema, form, None, noun.head)
                return found
            case ExtremeOfQuestion(subject, modifiers, latest):
                noun = self._of_versions(Noun(subject, modifiers))
                return [*self._time.extremes(subject, self._nouns(noun), latest)]
            case RankQuestion(noun, by):
                nouns, count = self._nouns(noun), self._measure.count(question)
                ranked = longest(self._schema, by, nouns, count) or self._measure.ranked(question, nouns)
                if not ranked:
                    raise no_path(self._schema, noun.head, None, by)
                return [*ranked]
            case CountQuestion(noun, key):
                return [*counts(self._schema, noun.head, self._nouns(noun), key)]
            case HistoryQuestion(subject) | DescribeQuestion(subject):
                kind = ResolvedHistory if isinstance(question, HistoryQuestion) else ResolvedDescribe
                return [kind(self._schema.iri(thing)) for thing in terms(subject)]
            case CompareQuestion():
                return compares(self._schema, question)
            case AlternativesQuestion(subject, modifiers):
                return self._alternatives(subject, modifiers)
            case SurplusQuestion():
                return [*surpluses(self._schema, question)]
            case AccordingQuestion(inner, source):
                return self._according(inner, source)
            case OrderQuestion():
                return orders(self._schema, question)
            case _:
                return self._sentences.resolve(question)

    # questions

    def _asks(self, subject: Phrase, predicate: Modifier, why: bool) -> list[ResolvedQuestion]:
        predicate = _forward(predicate)
        if isinstance(predicate.object, Group):
            uniform([said.joint for said in predicate.object.modifiers], predicate.object)
        found: list[ResolvedQuestion] = []
        errors: list[QuestionError] = []
        for thing in terms(subject):
            try:
                for condition in self._conditions(predicate, self._schema.types(thing), subject):
                    found.append(ResolvedAsk(self._schema.iri(thing), condition, why))
            except QuestionError as error:
                errors.append(error)
        if not found:
            raise errors[0]
        return found

    def _alternatives(self, subject: Phrase, modifiers: tuple[Modifier, ...]) -> list[ResolvedQuestion]:
        found: list[ResolvedQuestion] = []
        for thing in terms(subject):
            classes = self._schema.having(VKG + "hasAlternatives")
            for class_ in [class_ for class_ in classes if class_ in self._schema.types(thing)][:1]:
                chain = Chain(self._value.folded(Noun(subject, modifiers)))
                found += [ResolvedAlternatives(self._schema.iri(thing), noun) for noun in self._noun(chain, 0, class_)]
        if not found:
            said = f"“{subject.text}” is of no kind that alternatives are compared within"
            raise QuestionError("E303", said, column=subject.start + 1, length=subject.end - subject.start)
        return found

    def _according(self, question: Question, source: Phrase) -> list[ResolvedQuestion]:
        return [ResolvedAccording(m, slug) for slug in slugs_of(self._schema, source) for m in self.resolve(question)]

    # nouns and their conditions

    def _of_versions(self, noun: Noun) -> Noun:
        """Return the noun for the versions of the line that a head names."""
        of = Modifier("", "of", False, None, noun.head)
        return Noun(self._time.versions_of(noun.head), (of, *noun.modifiers))

    def _nouns(self, noun: Noun) -> list[ResolvedNoun]:
        noun = self._time.versions_beside(noun)
        chain = Chain(self._value.folded(noun))
        found: list[ResolvedNoun] = []
        errors: list[QuestionError] = []
        for sense in noun.head.senses:
            try:
                found += self._noun(chain, 0, sense.term)
            except QuestionError as error:
                errors.append(error)
        if errors and not found:
            raise errors[0]
        return found

    def _noun(self, chain: Chain, position: int, class_: int) -> list[ResolvedNoun]:
        """Return the meanings of the noun at a position of the chain, as things of a class."""
        alternatives: list[list[Condition]] = [[]]
        joints: list[str] = []
        for modifier in chain.modifiers_of(position, self._admits):
            choices = self._choices(chain, modifier, class_)
            joints.append(modifier.joint)
            alternatives = [[*before, choice] for before in alternatives for choice in choices]
        conditions = [condition for parts in alternatives for condition in joined(parts, joints)]
        definition = self._schema.definition(class_)
        if definition is None:
            return [ResolvedNoun(self._schema.iri(class_), condition) for condition in conditions]
        base, member = self._schema.iri(definition[0]), self._relation.member(class_)
        rest = [[] if condition is None else [condition] for condition in conditions]
        return [ResolvedNoun(base, one([member, *condition], "and")) for condition in rest]

    def _choices(self, chain: Chain, modifier: Modifier, class_: int) -> list[Condition]:
        classes = self._schema.superclasses(class_)
        inner = chain.position_of(modifier)
        if inner is None:
            return self._conditions(modifier, classes, chain.heads[0])
        assert isinstance(modifier.object, Phrase)
        found: list[Condition] = []
        for sense in modifier.object.senses:
            for property_, inverse in self._relation.properties(
                modifier, classes, self._schema.superclasses(sense.term)
            ):
                for noun in self._noun(chain, inner, sense.term):
                    found.append(self._relation.related(property_, inverse, noun, modifier.negated))
        if not found:
            raise no_path(self._schema, chain.heads[0], modifier.relation, modifier.object)
        return found

    def _admits(self, modifier: Modifier, head: Phrase) -> bool:
        """Tell whether some sense of a noun can have a modifier."""
        for sense in head.senses:
            try:
                if self._conditions(modifier, self._schema.superclasses(sense.term), head):
                    return True
            except QuestionError:
                continue
        return False

    def _conditions(self, modifier: Modifier, classes: frozenset[int], head: Phrase) -> list[Condition]:
        """Return the meanings of a modifier of things of some classes."""
        target = modifier.object
        found: list[Condition] = []
        if modifier.turned and isinstance(target, Phrase) and len(each := spread(self._schema, target)) > 1:
            all_ = tuple(replace(modifier, joint="and" if n else "", object=one_) for n, one_ in enumerate(each))
            target = Group(all_, target.start, target.end)
        if isinstance(target, Group):
            return self._grouped(target, classes, head)
        if isinstance(target, Owners):
            raise not_last(target)
        if isinstance(target, Whose):
            return self._whose(modifier, target, classes, head)
        if isinstance(target, Everything):
            found = [negate(part, modifier.negated) for part in self._everything(modifier, target, classes)]
        elif isinstance(target, Comparison | Than | Superlative | Amount):
            found = [negate(part, modifier.negated) for part in self._measure.conditions(target, classes)]
        elif isinstance(target, Timing):
            found = [negate(part, modifier.negated) for part in self._time.conditions(modifier, classes)]
        elif modifier.governor == "besides":
            found = self._relation.besides(modifier, target, classes)
        elif modifier.governor == "done":
            found = self._relation.done(modifier, classes)
        elif modifier.governor == "is":
            found = [negate(self._relation.member(sense.term), modifier.negated) for sense in target.senses]
        else:
            for sense in target.senses:
                is_class = sense.category is Category.CLASS
                types = self._schema.superclasses(sense.term) if is_class else self._schema.types(sense.term)
                iri = self._schema.iri(sense.term)
                thing = ResolvedNoun(iri, None) if is_class else iri
                for property_, inverse in self._relation.properties(modifier, classes, types):
                    found.append(self._relation.related(property_, inverse, thing, modifier.negated))
        if not found:
            assert not isinstance(target, Amount)
            raise no_path(self._schema, head, modifier.relation, target)
        return list(dict.fromkeys(found))

    def _grouped(self, group: Group, classes: frozenset[int], head: Phrase) -> list[Condition]:
        alternatives: list[list[Condition]] = [[]]
        for modifier in group.modifiers:
            choices = self._conditions(modifier, classes, head)
            alternatives = [[*before, choice] for before in alternatives for choice in choices]
        joints = [modifier.joint for modifier in group.modifiers]
        found = [condition for parts in alternatives for condition in joined(parts, joints)]
        return [condition for condition in dict.fromkeys(found) if condition is not None]

    def _whose(self, modifier: Modifier, said: Whose, classes: frozenset[int], head: Phrase) -> list[Condition]:
        """Return the conditions that what a property relates things to does what is said."""
        assert modifier.relation is not None
        found, error = list[Condition](), no_path(self._schema, head, None, modifier.relation)
        for property_, inverse in self._relation.leading(modifier, classes):
            sides = self._schema.domains(property_) if inverse else self._schema.ranges(property_)
            for kind in self._schema.narrowest(sides):
                try:
                    conditions = self._conditions(said.said, self._schema.superclasses(kind), modifier.relation)
                except QuestionError as refused:
                    error = refused
                    continue
                nouns = [ResolvedNoun(self._schema.iri(kind), condition) for condition in conditions]
                found += [self._relation.related(property_, inverse, noun, modifier.negated) for noun in nouns]
        if not found:
            raise error
        return list(dict.fromkeys(found))

    def _is_meant(self, said: Everything, thing: int) -> bool:
        return said.kind is None or not self._schema.types(thing).isdisjoint(terms(said.kind))

    def _everything(self, modifier: Modifier, said: Everything, classes: frozenset[int]) -> Iterable[Condition]:
        """Yield, for each reading of the verb, that a thing has by it all that another is known to have.

        A verb that is the first word of one property and a further one of another means the first.
        """
        verb = said.verb if said.verb.senses else modifier.relation
        for thing in terms(said.subject):
            sides = classes, self._schema.types(thing)
            own = None if verb is None else spoken(self._schema, verb, sides)
            for property_, inverse in self._relation.relations(modifier):
                can = all(self._schema.accepts(property_, "domain", side) for side in sides)
                if can and (own is None or property_ in own) and not inverse:
                    had = [other for other in self._schema.things_of(thing, property_) if self._is_meant(said, other)]
                    parts = [self._relation.related(property_, False, self._schema.iri(other), False) for other in had]
                    if parts:
                        yield Every(self._schema.iri(property_), self._schema.iri(thing), one(parts, "and"))


def _forward(modifier: Modifier) -> Modifier:
    """Return what is said of a thing that is named: what it “has” is its own, and not what has it."""
    if isinstance(modifier.object, Group):
        parts = tuple(map(_forward, modifier.object.modifiers))
        return replace(modifier, object=replace(modifier.object, modifiers=parts))
    return replace(modifier, governor="with") if modifier.governor == "has" else modifier

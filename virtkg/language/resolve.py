"""Question → ResolvedQuestion: what the phrases mean here, and what hangs on what.

A modifier belongs to the nearest noun before it that its property admits; a
word with several senses takes the one that the types allow. What stays open is
an error with the choices, never a guess.

Knows: types and attachment. Must not know: the text's grammar, or SPARQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyoxigraph import NamedNode

from virtkg.diagnostics import QuestionError
from virtkg.language.categories import INVERSE, Category
from virtkg.language.chain import Chain
from virtkg.language.conditions import Condition, Every, Member, Not, Related, ResolvedNoun
from virtkg.language.logic import joined, one, uniform
from virtkg.language.resolve_calls import calls
from virtkg.language.resolve_compare import compares
from virtkg.language.resolve_count import counts
from virtkg.language.resolve_how import hows
from virtkg.language.resolve_measure import MeasureResolver
from virtkg.language.resolve_only import not_last
from virtkg.language.resolve_sentences import SentenceResolver, Ways
from virtkg.language.resolve_source import slugs_of
from virtkg.language.resolve_surplus import spoken, surpluses
from virtkg.language.resolve_time import TimeResolver
from virtkg.language.resolve_values import ValueResolver
from virtkg.language.resolve_when import sinces, spans
from virtkg.language.resolved import (
    ResolvedAccording,
    ResolvedAlternatives,
    ResolvedAsk,
    ResolvedDescribe,
    ResolvedHistory,
    ResolvedList,
    ResolvedQuestion,
)
from virtkg.language.schema import Schema
from virtkg.language.syntax import (
    AccordingQuestion,
    AlternativesQuestion,
    Amount,
    AskQuestion,
    CallsQuestion,
    ChoiceQuestion,
    CompareQuestion,
    Comparison,
    CountQuestion,
    DescribeQuestion,
    DoerQuestion,
    Everything,
    ExtremeQuestion,
    GotQuestion,
    Group,
    HistoryQuestion,
    HowQuestion,
    ListQuestion,
    Modifier,
    Noun,
    Owners,
    Phrase,
    QuantifiedQuestion,
    Question,
    RankQuestion,
    RoleQuestion,
    ScopedQuestion,
    SinceQuestion,
    SpanQuestion,
    Superlative,
    SurplusQuestion,
    TableQuestion,
    Than,
    Timing,
    UsedForQuestion,
    ValueQuestion,
    terms,
)
from virtkg.language.unrelated import no_path
from virtkg.namespaces import VKG


class Resolver:
    """Resolves questions against the vocabulary of a snapshot."""

    def __init__(self, schema: Schema, today: str) -> None:
        """Take the vocabulary, and the day that counts as today (ISO)."""
        self._schema = schema
        self._value = ValueResolver(schema)
        self._measure = MeasureResolver(schema, self._value)
        self._time = TimeResolver(schema, today)
        self._sentences = SentenceResolver(schema, Ways(self._nouns, self._conditions, self._asks, self._related))

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
            case RankQuestion(noun, by):
                ranked = self._measure.ranked(question, self._nouns(noun))
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
            case ChoiceQuestion(subject, options):
                return self._chosen(subject, options)
            case AccordingQuestion(inner, source):
                return self._according(inner, source)
            case QuantifiedQuestion():
                return self._sentences.quantified(question)
            case DoerQuestion():
                return self._sentences.doers(question)
            case RoleQuestion():
                return self._sentences.roles(question)
            case GotQuestion():
                return self._sentences.got(question)
            case UsedForQuestion():
                return self._sentences.used_for(question)

    # questions

    def _asks(self, subject: Phrase, predicate: Modifier, why: bool) -> list[ResolvedQuestion]:
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

    def _chosen(self, subject: Phrase, options: tuple[Phrase, ...]) -> list[ResolvedQuestion]:
        """Return the questions for what the options are values of: “type 1 or type 2” asks for the type."""
        found: list[ResolvedQuestion] = []
        kinds = [frozenset().union(*map(self._schema.types, terms(option))) for option in options]
        for property_ in self._schema.having(VKG + "noun"):
            ranges = self._schema.ranges(property_)
            if ranges and all(self._schema.fits(property_, "range", kind) for kind in kinds):
                for thing in terms(subject):
                    if self._schema.accepts(property_, "domain", self._schema.types(thing)):
                        valued = self._related(property_, True, self._schema.iri(thing), False)
                        found.append(ResolvedList(ResolvedNoun(self._schema.iri(ranges[0]), valued), or_unknown=False))
        if not found:
            raise no_path(self._schema, subject, None, options[0])
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

    def _nouns(self, noun: Noun) -> list[ResolvedNoun]:
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
        base, member = self._schema.iri(definition[0]), self._member(class_)
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
            for property_, inverse in self._properties(modifier, classes, self._schema.superclasses(sense.term)):
                for noun in self._noun(chain, inner, sense.term):
                    found.append(self._related(property_, inverse, noun, modifier.negated))
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
        if isinstance(target, Group):
            return self._grouped(target, classes, head)
        if isinstance(target, Owners):
            raise not_last(target)
        if isinstance(target, Everything):
            found = [self._negate(part, modifier.negated) for part in self._everything(modifier, target, classes)]
        elif isinstance(target, Comparison | Than | Superlative | Amount):
            found = [self._negate(part, modifier.negated) for part in self._measure.conditions(target, classes)]
        elif isinstance(target, Timing):
            found = [self._negate(part, modifier.negated) for part in self._time.conditions(modifier, classes)]
        elif modifier.governor == "is":
            found = [self._negate(self._member(sense.term), modifier.negated) for sense in target.senses]
        else:
            for sense in target.senses:
                is_class = sense.category is Category.CLASS
                types = self._schema.superclasses(sense.term) if is_class else self._schema.types(sense.term)
                iri = self._schema.iri(sense.term)
                thing = ResolvedNoun(iri, None) if is_class else iri
                for property_, inverse in self._properties(modifier, classes, types):
                    found.append(self._related(property_, inverse, thing, modifier.negated))
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

    def _everything(self, modifier: Modifier, said: Everything, classes: frozenset[int]) -> Iterable[Condition]:
        """Yield, for each reading of the verb, that a thing has by it all that another is known to have.

        A verb that is the first word of one property and a further one of another means the first.
        """
        verb = said.verb if said.verb.senses else modifier.relation
        for thing in terms(said.subject):
            sides = classes, self._schema.types(thing)
            own = None if verb is None else spoken(self._schema, verb, sides)
            for property_, inverse in self._relations(modifier):
                if (own is None or property_ in own) and not inverse:
                    had = self._schema.things_of(thing, property_)
                    parts = [self._related(property_, False, self._schema.iri(other), False) for other in had]
                    if parts:
                        yield Every(self._schema.iri(property_), self._schema.iri(thing), one(parts, "and"))

    def _properties(self, modifier: Modifier, classes: frozenset[int], types: frozenset[int]) -> list[tuple[int, bool]]:
        """Return (property, inverse) of each reading of a modifier that the types allow, the fitting ones first.

        `with` a thing that no property names so stands for the properties
        that have a word of their own and fit both; not those that fit turned
        round as well, since “has” does not say which of two alike things has the other.
        """
        relations = list(self._relations(modifier))
        allowed = [pair for pair in relations if self._joins(self._schema.accepts, pair, classes, types)]
        fitting = [pair for pair in allowed if self._joins(self._schema.fits, pair, classes, types)]
        if modifier.governor == "beside":
            return list(dict.fromkeys(fitting or self._telling(classes, types)))
        if not allowed and modifier.governor == "with":
            spoken = [(property_, modifier.turned) for property_ in self._schema.having(VKG + "verb")]
            fitting = [
                (property_, inverse)
                for property_, inverse in spoken
                if self._joins(self._schema.fits, (property_, inverse), classes, types)
                and not self._joins(self._schema.fits, (property_, not inverse), classes, types)
            ]
        return list(dict.fromkeys(fitting or allowed))

    def _telling(self, classes: frozenset[int], types: frozenset[int]) -> list[tuple[int, bool]]:
        """Return the properties with a word of their own that say of both their sides what they are, and fit."""
        forms = ("verb", "participle", "preposition", "noun")
        spoken = dict.fromkeys(property_ for form in forms for property_ in self._schema.having(VKG + form))
        told = [(property_, False) for property_ in spoken if self._schema.tells_sides(property_)]
        fitting = [pair for pair in told if self._joins(self._schema.fits, pair, classes, types)]
        # Of a hypervisor, what uses it says more than what manages it or any other platform.
        ranges = {pair: set(self._schema.ranges(pair[0])) for pair in fitting}
        narrow = set(self._schema.narrowest(range_ for found in ranges.values() for range_ in found))
        return [pair for pair in fitting if ranges[pair] & narrow]

    def _joins(
        self,
        can: Callable[[int, str, frozenset[int]], bool],
        relation: tuple[int, bool],
        classes: frozenset[int],
        types: frozenset[int],
    ) -> bool:
        property_, inverse = relation
        here, there = ("range", "domain") if inverse else ("domain", "range")
        return can(property_, here, classes) and can(property_, there, types)

    def _relations(self, modifier: Modifier) -> Iterable[tuple[int, bool]]:
        if modifier.relation is not None:
            for sense in modifier.relation.senses:
                if not self._schema.is_date(sense.term):
                    yield sense.term, (sense.category in INVERSE) != modifier.turned
        elif modifier.governor in ("of", "beside"):
            for property_ in self._schema.having(VKG + "preposition", "of"):
                yield property_, False
            for property_ in self._schema.having(VKG + "noun"):
                yield property_, True
        else:
            for property_ in self._schema.having(VKG + "preposition", "with"):
                yield property_, modifier.turned

    def _related(self, property_: int, inverse: bool, thing: NamedNode | ResolvedNoun, negated: bool) -> Condition:
        iri = self._schema.iri
        contraries = tuple(iri(contrary) for contrary in self._schema.contraries(property_))
        single = self._schema.is_single(property_) and not inverse
        listed = not inverse and isinstance(thing, NamedNode) and self._schema.has_complete_tables(property_)
        return self._negate(Related(iri(property_), inverse, thing, contraries, single, listed=listed), negated)

    def _member(self, class_: int) -> Member:
        definition = self._schema.definition(class_)
        if definition is None:
            return Member(self._schema.iri(class_), None)
        _, property_, value = definition
        condition = self._related(property_, False, self._schema.iri(value), False)
        assert isinstance(condition, Related)
        return Member(self._schema.iri(class_), condition)

    def _negate(self, condition: Condition, negated: bool) -> Condition:
        return Not(condition) if negated else condition

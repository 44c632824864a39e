"""Question → ResolvedQuestion: what the phrases mean here, and what hangs on what.

A modifier belongs to the nearest noun before it that its property admits; a
word with several senses takes the one that the types allow. What stays open is
an error with the choices, never a guess.

Knows: types and attachment. Must not know: the text's grammar, or SPARQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from pyoxigraph import NamedNode

from virtkg.diagnostics import QuestionError
from virtkg.language.categories import INVERSE, Category
from virtkg.language.chain import Chain, one_joint
from virtkg.language.resolve_count import counts
from virtkg.language.resolve_time import TimeResolver
from virtkg.language.resolved import (
    Compared,
    Condition,
    Junction,
    Member,
    Not,
    Related,
    ResolvedAsk,
    ResolvedCompare,
    ResolvedDescribe,
    ResolvedExtreme,
    ResolvedHistory,
    ResolvedHow,
    ResolvedList,
    ResolvedNoun,
    ResolvedQuestion,
    ResolvedValue,
)
from virtkg.language.schema import LABEL, Schema
from virtkg.language.syntax import (
    AskQuestion,
    CompareQuestion,
    Comparison,
    CountQuestion,
    DescribeQuestion,
    ExtremeQuestion,
    HistoryQuestion,
    HowQuestion,
    ListQuestion,
    Modifier,
    Noun,
    Phrase,
    Question,
    Timing,
    ValueQuestion,
)
from virtkg.language.words import with_article
from virtkg.namespaces import VKG

_LARGEST: Final = 2**63 - 1
"""The largest whole number that the query engine compares."""


class Resolver:
    """Resolves questions against the vocabulary of a snapshot."""

    def __init__(self, schema: Schema, today: str) -> None:
        """Take the vocabulary, and the day that counts as today (ISO)."""
        self._schema = schema
        self._time = TimeResolver(schema, today)

    def resolve(self, question: Question) -> list[ResolvedQuestion]:
        """Return every meaning of a question, at least one.

        Raises QuestionError: E302 mixed joints, E303 things that no property
        joins, E306 unit missing or of another kind, E307 no such date.
        """
        match question:
            case ListQuestion(noun, or_unknown):
                return [ResolvedList(meant, or_unknown) for meant in self._nouns(noun)]
            case AskQuestion(subject, predicate):
                return self._asks(subject, predicate)
            case HowQuestion(subject, verb, aspect):
                return self._hows(subject, verb, aspect)
            case ValueQuestion(key, subject):
                return self._values(key, subject)
            case ExtremeQuestion(noun, latest):
                return self._extremes(noun, latest)
            case CountQuestion(noun, key):
                return [*counts(self._schema, noun.head, self._nouns(noun), key)]
            case HistoryQuestion(subject):
                return [ResolvedHistory(self._schema.iri(thing)) for thing in _terms(subject)]
            case DescribeQuestion(subject):
                return [ResolvedDescribe(self._schema.iri(thing)) for thing in _terms(subject)]
            case CompareQuestion(subjects):
                return self._compares(subjects)

    # questions

    def _asks(self, subject: Phrase, predicate: Modifier) -> list[ResolvedQuestion]:
        found: list[ResolvedQuestion] = []
        errors: list[QuestionError] = []
        for thing in _terms(subject):
            try:
                for condition in self._conditions(predicate, self._schema.types(thing), subject):
                    found.append(ResolvedAsk(self._schema.iri(thing), condition))
            except QuestionError as error:
                errors.append(error)
        if not found:
            raise errors[0]
        return found

    def _hows(self, subject: Phrase, verb: Phrase, aspect: Phrase) -> list[ResolvedQuestion]:
        found: list[ResolvedQuestion] = []
        for sense in verb.senses:
            facets = self._schema.facets(sense.term)
            if facets is None:
                continue
            of_subject, of_aspect, values = facets
            for thing in _terms(subject):
                for other in _terms(aspect):
                    if self._schema.accepts(of_subject, "range", self._schema.types(thing)) and self._schema.accepts(
                        of_aspect, "range", self._schema.types(other)
                    ):
                        iri = self._schema.iri
                        found.append(
                            ResolvedHow(
                                iri(sense.term),
                                iri(thing),
                                iri(of_subject),
                                iri(other),
                                iri(of_aspect),
                                tuple(iri(value) for value in values),
                            )
                        )
        if not found:
            raise self._no_path(subject, verb, aspect)
        return found

    def _values(self, key: Phrase, subject: Phrase) -> list[ResolvedQuestion]:
        pairs = [(sense.term, thing) for sense in key.senses for thing in _terms(subject)]
        allowed = [pair for pair in pairs if self._schema.accepts(pair[0], "domain", self._schema.types(pair[1]))]
        fitting = [pair for pair in allowed if self._schema.fits(pair[0], "domain", self._schema.types(pair[1]))]
        if not allowed:
            raise self._no_path(key, None, subject)
        return [ResolvedValue(self._schema.iri(key_), self._schema.iri(thing)) for key_, thing in fitting or allowed]

    def _extremes(self, noun: Noun, latest: bool) -> list[ResolvedQuestion]:
        found: list[ResolvedQuestion] = []
        for meant in self._nouns(noun):
            number = self._schema.named(meant.class_.value)
            assert number is not None
            date = self._time.default_date(self._schema.superclasses(number))
            if date is not None:
                found.append(ResolvedExtreme(meant, date, latest, self._time.today))
        if not found:
            said = f"“{noun.head.text}” has no date by which it could be the {'latest' if latest else 'earliest'}"
            raise QuestionError("E303", said, column=noun.head.start + 1, length=noun.head.end - noun.head.start)
        return found

    def _compares(self, subjects: tuple[Phrase, ...]) -> list[ResolvedQuestion]:
        rows: list[tuple[NamedNode, ...]] = [()]
        for subject in subjects:
            rows = [(*row, self._schema.iri(thing)) for row in rows for thing in _terms(subject)]
        return [ResolvedCompare(row) for row in rows if len(set(row)) > 1] or [ResolvedDescribe(rows[0][0])]

    # nouns and their conditions

    def _nouns(self, noun: Noun) -> list[ResolvedNoun]:
        chain = Chain(noun)
        return [meant for sense in noun.head.senses for meant in self._noun(chain, 0, sense.term)]

    def _noun(self, chain: Chain, position: int, class_: int) -> list[ResolvedNoun]:
        """Return the meanings of the noun at a position of the chain, as things of a class."""
        alternatives: list[list[Condition]] = [[]]
        joints: list[str] = []
        for modifier in chain.modifiers_of(position, self._admits):
            choices = self._choices(chain, modifier, class_)
            joints.append(modifier.joint)
            alternatives = [[*before, choice] for before in alternatives for choice in choices]
        joint = one_joint(joints)
        definition = self._schema.definition(class_)
        if definition is None:
            return [ResolvedNoun(self._schema.iri(class_), _join(parts, joint)) for parts in alternatives]
        base, member = self._schema.iri(definition[0]), self._member(class_)
        return [ResolvedNoun(base, _join([member, *_conjuncts(_join(parts, joint))], "and")) for parts in alternatives]

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
            raise self._no_path(chain.heads[0], modifier.relation, modifier.object)
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
        if isinstance(target, Comparison):
            found = [self._negate(part, modifier.negated) for part in self._compared(target, classes)]
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
            raise self._no_path(head, modifier.relation, target)
        return list(dict.fromkeys(found))

    def _properties(self, modifier: Modifier, classes: frozenset[int], types: frozenset[int]) -> list[tuple[int, bool]]:
        """Return (property, inverse) of each reading of a modifier that the types allow, the fitting ones first.

        `with` a thing that no property names so stands for the properties
        that have a word of their own and fit both.
        """
        relations = list(self._relations(modifier))
        allowed = [pair for pair in relations if self._joins(self._schema.accepts, pair, classes, types)]
        fitting = [pair for pair in allowed if self._joins(self._schema.fits, pair, classes, types)]
        if not allowed and modifier.governor == "with":
            spoken = [(property_, False) for property_ in self._schema.having(VKG + "verb")]
            fitting = [pair for pair in spoken if self._joins(self._schema.fits, pair, classes, types)]
        return list(dict.fromkeys(fitting or allowed))

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
        elif modifier.governor == "of":
            for property_ in self._schema.having(VKG + "preposition", "of"):
                yield property_, False
            for property_ in self._schema.having(VKG + "noun"):
                yield property_, True
        else:
            for property_ in self._schema.having(VKG + "preposition", "with"):
                yield property_, False

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

    def _compared(self, comparison: Comparison, classes: frozenset[int]) -> list[Condition]:
        found: list[Condition] = []
        leading = self._schema.speaking_part()
        parts = None if leading is None else (self._schema.iri(leading[0]), self._schema.iri(leading[1]))
        for sense in comparison.measure.senses:
            if self._schema.accepts(sense.term, "domain", classes):
                unit = self._schema.measured_in(sense.term)
                number, written = self._in_unit(comparison, unit)
                found.append(Compared(self._schema.iri(sense.term), comparison.operator, number, written, parts))
        return found

    def _in_unit(self, comparison: Comparison, unit: int | None) -> tuple[int, NamedNode | None]:
        if comparison.number > _LARGEST:
            raise self._unit_error(comparison, "is compared with a number that is too large")
        if unit is None:
            if comparison.unit is not None or comparison.number % 1:
                raise self._unit_error(comparison, "is a count and takes a whole number without a unit")
            return int(comparison.number), None
        if comparison.unit is None:
            raise self._unit_error(comparison, "needs a unit")
        factor = self._schema.bytes_of(comparison.unit.senses[0].term)
        base = self._schema.bytes_of(unit) or 1
        if factor is None:
            raise self._unit_error(comparison, "is not measured in that unit")
        exact = comparison.number * Decimal(factor) / Decimal(base)
        if exact > _LARGEST:
            raise self._unit_error(comparison, "is compared with a number that is too large")
        if exact % 1:
            raise self._unit_error(comparison, "has no such part: the number is not whole in bytes")
        return int(exact), self._schema.iri(comparison.unit.senses[0].term)

    def _unit_error(self, comparison: Comparison, problem: str) -> QuestionError:
        names = [self._schema.alternative_labels(unit)[0] for unit in self._schema.units() if unit]
        return QuestionError(
            "E306",
            f"{self._schema.label(comparison.measure.senses[0].term)} {problem}",
            hint="the units are " + ", ".join(names),
            column=comparison.start + 1,
            length=comparison.end - comparison.start,
        )

    def _no_path(self, head: Phrase, relation: Phrase | None, target: Phrase | Comparison | Timing) -> QuestionError:
        thing = target.measure if isinstance(target, Comparison) else target
        if isinstance(thing, Timing):
            said = f"“{head.text}” has no date that this could mean"
            return QuestionError("E303", said, column=thing.start + 1, length=thing.end - thing.start)
        joined = f" by “{relation.text}”" if relation is not None else ""
        kinds = self._kinds(thing)
        return QuestionError(
            "E303",
            f"“{head.text}” and “{thing.text}” are not related{joined}",
            hint=f"“{thing.text}” is {kinds}" if kinds else "",
            column=thing.start + 1,
            length=thing.end - thing.start,
        )

    def _kinds(self, phrase: Phrase) -> str:
        names: list[str] = []
        for sense in phrase.senses:
            if sense.category is Category.CLASS:
                names.append("a class")
            else:
                types = [class_ for class_ in self._schema.types(sense.term) if self._schema.is_spoken(class_)]
                labels = sorted(label for class_ in types for label in self._schema.texts(class_, LABEL))
                names += [with_article(label) for label in labels[:3]]
        return " or ".join(dict.fromkeys(names))


def _terms(phrase: Phrase) -> list[int]:
    return list(dict.fromkeys(sense.term for sense in phrase.senses))


def _conjuncts(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, Junction) and condition.joint == "and" else (condition,)


def _join(parts: list[Condition], joint: str) -> Condition | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Junction(joint, tuple(parts))

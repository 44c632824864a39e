"""Questions of all, of what does something, of versions that got something → their meanings.

Knows: quantifiers, doers, roles, what is used for what. Must not know: the text's grammar, attachment, or SPARQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from pyoxigraph import NamedNode

from virtkg.diagnostics import QuestionError
from virtkg.language.categories import INVERSE
from virtkg.language.conditions import Condition, Related, ResolvedNoun, deniable
from virtkg.language.logic import one
from virtkg.language.questions import (
    ChoiceQuestion,
    DisputedQuestion,
    DoerQuestion,
    GotQuestion,
    PairQuestion,
    QuantifiedQuestion,
    RoleQuestion,
    UsedForQuestion,
)
from virtkg.language.resolve_only import only, only_in
from virtkg.language.resolve_pair import pairs
from virtkg.language.resolve_when import sinces
from virtkg.language.resolved import (
    ResolvedAsk,
    ResolvedDisputed,
    ResolvedExists,
    ResolvedHow,
    ResolvedList,
    ResolvedQuestion,
    ResolvedUniversal,
)
from virtkg.language.schema import Schema
from virtkg.language.syntax import Comparison, Group, Modifier, Noun, Phrase, terms
from virtkg.language.unrelated import no_doer, no_path, turned_round
from virtkg.namespaces import VKG
from virtkg.record import record, replace

SentenceQuestion: TypeAlias = (
    QuantifiedQuestion
    | DoerQuestion
    | RoleQuestion
    | GotQuestion
    | UsedForQuestion
    | ChoiceQuestion
    | DisputedQuestion
    | PairQuestion
)


@record
class Ways:
    """How nouns, conditions and yes-or-no questions are resolved."""

    nouns: Callable[[Noun], list[ResolvedNoun]]
    conditions: Callable[[Modifier, frozenset[int], Phrase], list[Condition]]
    asks: Callable[[Phrase, Modifier, bool], list[ResolvedQuestion]]
    related: Callable[[int, bool, NamedNode | ResolvedNoun, bool], Condition]


class SentenceResolver:
    """Resolves these questions against the vocabulary of a snapshot."""

    def __init__(self, schema: Schema, ways: Ways) -> None:
        """Take the vocabulary, and how the parts of a question are resolved."""
        self._schema = schema
        self._ways = ways

    def listed(self, noun: Noun, or_unknown: bool) -> list[ResolvedQuestion]:
        """Return the meanings of a list: of what only some things have, or of those whom “who” asks for, too."""
        owners = only_in(noun)
        if owners is not None:
            return only(self._schema, noun, owners, self._ways.nouns, self._ways.conditions)
        try:
            return [ResolvedList(meant, or_unknown) for meant in self._ways.nouns(noun)]
        except QuestionError:
            found = [ResolvedList(meant, or_unknown) for meant in self._through(noun)]
            if not found:
                raise
            return [*found]

    def quantified(self, asked: QuantifiedQuestion) -> list[ResolvedQuestion]:
        """Return the meanings of a question whether all things of a noun are so, or any.

        Raises QuestionError E102 if nothing is said of them.
        """
        if asked.predicate is None:
            return [ResolvedExists(meant) for meant in self._ways.nouns(asked.noun)]
        if not asked.predicate:
            head = asked.noun.head
            said = f"it is not said what “{head.text}” are to be"
            hint = "ask as: do all A with B support C; or: are all A using B C"
            raise QuestionError("E102", said, hint=hint, column=head.end + 1)
        found: list[ResolvedQuestion] = []
        errors: list[QuestionError] = []
        for sense in asked.noun.head.senses:
            head = replace(asked.noun.head, senses=(sense,))
            try:
                nouns = self._ways.nouns(replace(asked.noun, head=head))
                said_of = self._said(asked.predicate, self._schema.superclasses(sense.term), head)
                found += [_quantify(noun, condition, asked.every) for noun in nouns for condition in said_of]
            except QuestionError as error:
                errors.append(error)
        if not found:
            raise errors[0]
        return found

    def _said(self, predicate: tuple[Modifier, ...], classes: frozenset[int], head: Phrase) -> list[Condition]:
        if len(predicate) == 1:
            return self._ways.conditions(replace(predicate[0], joint=""), classes, head)
        first, *rest = predicate
        group = Group((replace(first, joint=""), *rest), first.object.start, rest[-1].object.end)
        return self._ways.conditions(Modifier("", "group", False, None, group), classes, head)

    # what does something

    def resolve(self, question: SentenceQuestion) -> list[ResolvedQuestion]:
        """Return every meaning of a question of one of these kinds. Raises QuestionError."""
        match question:
            case QuantifiedQuestion():
                return self.quantified(question)
            case DoerQuestion():
                return self.doers(question)
            case RoleQuestion():
                return self.roles(question)
            case GotQuestion():
                return self.got(question)
            case UsedForQuestion():
                return self.used_for(question)
            case ChoiceQuestion():
                return self.chosen(question)
            case PairQuestion(first, second):
                return pairs(self._schema, first, second, lambda subject, said: self._ways.asks(subject, said, False))
            case DisputedQuestion(asked):
                asks = self._ways.asks(asked.subject, asked.predicate, False)
                return [ResolvedDisputed(meant) for meant in asks if isinstance(meant, ResolvedAsk)]

    def doers(self, asked: DoerQuestion) -> list[ResolvedQuestion]:
        """Return, for each class of things of which a verb can be said, those of which it is."""
        found = self._doers(asked.predicate)
        if not any(map(self._is_known, found)):
            raise _nothing(asked.predicate, self._of_versions(asked.predicate))
        return [*map(_listing, found)]

    def _of_versions(self, predicate: Modifier) -> tuple[str, ...]:
        """Return the question for the last version by the name that is said, if something is known of one."""
        said, word = predicate.object, predicate.relation
        if not isinstance(said, Phrase) or word is None or word.terminal != "VERB":
            return ()
        versions = self._schema.in_order(version for thing in terms(said) for version in self._schema.versions(thing))
        labels = {version: self._schema.label(version) for version in versions}
        named = [v for v in versions if labels[v].casefold().startswith(said.text.casefold())] or versions
        for version in reversed(named):
            name = replace(said, senses=(replace(said.senses[0], term=version),))
            if any(map(self._is_known, self._doers(replace(predicate, object=name)))):
                label = labels[version]
                return (f"what does {label} {word.text}" if predicate.turned else f"what {word.text} {label}",)
        return ()

    def _is_known(self, noun: ResolvedNoun) -> bool:
        """Tell whether some fact is known of what a condition says, or could deny it."""
        match noun.condition:
            case Related(property_, inverse, NamedNode() as other) if not deniable(noun.condition):
                thing, number = self._schema.named(other.value), self._schema.named(property_.value)
                assert thing is not None
                assert number is not None
                look = self._schema.things_of if inverse else self._schema.subjects_of
                return bool(look(thing, number))
            case _:
                return True

    def _doers(self, predicate: Modifier) -> list[ResolvedNoun]:
        found: list[ResolvedNoun] = []
        error: QuestionError | None = None
        head = predicate.relation or _place(predicate)
        for class_, said in self._said_of(predicate):
            try:
                conditions = self._ways.conditions(said, self._schema.superclasses(class_), head)
            except QuestionError as refused:
                error = refused
                continue
            found += [ResolvedNoun(self._schema.iri(class_), condition) for condition in conditions]
        if not found and isinstance(predicate.object, Phrase) and (error is None or error.code == "E303"):
            raise no_doer(self._schema, predicate, predicate.object)
        if not found:
            raise error if error is not None and not predicate.turned else _nothing_so(predicate, head)
        fitting = [noun for noun in found if self._fits(noun)]
        return self._widest(list(dict.fromkeys(fitting or found)))

    def _fits(self, noun: ResolvedNoun) -> bool:
        """Tell whether what the things are related to certainly can stand there."""
        match noun.condition:
            case Related(property_, inverse, NamedNode() as other):
                thing, number = self._schema.named(other.value), self._schema.named(property_.value)
                side = "domain" if inverse else "range"
                return thing is None or number is None or self._schema.fits(number, side, self._schema.types(thing))
            case _:
                return True

    def _widest(self, nouns: list[ResolvedNoun]) -> list[ResolvedNoun]:
        """Leave out what another of the meanings holds: of a wider class, or by what says more of the same one."""
        return [noun for noun in nouns if not any(self._holds(other, noun) for other in nouns if other != noun)]

    def _holds(self, other: ResolvedNoun, noun: ResolvedNoun) -> bool:
        is_wider = self._schema.named(other.class_.value) in self._classes(noun)
        match noun.condition, other.condition:
            case Related() as own, Related() as theirs if own.property != theirs.property:
                if (own.object, own.inverse, own.steps) != (theirs.object, theirs.inverse, theirs.steps):
                    return False
                if other.class_ == noun.class_:
                    return self._is_form(theirs.property, own.property)
                return is_wider and self._is_form(own.property, theirs.property)
            case own, theirs:
                return is_wider and own == theirs

    def _is_form(self, property_: NamedNode, whole: NamedNode) -> bool:
        number, general = self._schema.named(property_.value), self._schema.named(whole.value)
        return number is not None and general is not None and number in self._schema.forms_of(general)

    def _said_of(self, predicate: Modifier) -> Iterator[tuple[int, Modifier]]:
        """Yield each class of things of which a predicate can be said, with it in the sense that it has there."""
        if predicate.relation is not None:
            for sense in predicate.relation.senses:
                said = replace(predicate, relation=replace(predicate.relation, senses=(sense,)))
                inverse = (sense.category in INVERSE) != predicate.turned
                yield from ((class_, said) for class_ in self._sides(sense.term, inverse))
        elif isinstance(predicate.object, Comparison):
            for sense in predicate.object.measure.senses:
                yield from ((class_, predicate) for class_ in self._sides(sense.term, False))
        else:
            for property_ in self._schema.having(VKG + "preposition", "with"):
                yield from ((class_, predicate) for class_ in self._sides(property_, predicate.turned))

    def _sides(self, property_: int, inverse: bool) -> list[int]:
        if inverse:
            ranges = self._schema.narrowest(self._schema.ranges(property_))
            return ranges or self._schema.kinds_with(property_, inverse=True)
        declared = self._schema.narrowest(self._schema.domains(property_))
        return declared or self._schema.values_of(property_, VKG + "askedOf") or self._schema.kinds_with(property_)

    def _through(self, noun: Noun) -> Iterator[ResolvedNoun]:
        """Yield those whom “who” asks for, as the makers of what did something."""
        if noun.head.terminal != "WHO" or len(noun.modifiers) != 1:
            return
        for sense in noun.head.senses:
            for property_ in self._schema.values_of(sense.term, VKG + "askedThrough"):
                for doer in self._doers(noun.modifiers[0]):
                    if self._schema.accepts(property_, "domain", self._classes(doer)):
                        made = self._ways.related(property_, True, doer, False)
                        yield ResolvedNoun(self._schema.iri(sense.term), made)

    def _classes(self, noun: ResolvedNoun) -> frozenset[int]:
        return self._schema.superclasses(self._schema.named(noun.class_.value) or 0)

    def roles(self, asked: RoleQuestion) -> list[ResolvedQuestion]:
        """Return the things that are to another what a noun says: its successors."""
        found: list[ResolvedNoun] = []
        for sense in asked.role.senses:
            said = Modifier("", "relation", False, replace(asked.role, senses=(sense,)), asked.subject)
            for class_ in self._sides(sense.term, sense.category in INVERSE):
                try:
                    conditions = self._ways.conditions(said, self._schema.superclasses(class_), asked.role)
                except QuestionError:
                    continue
                found += [ResolvedNoun(self._schema.iri(class_), condition) for condition in conditions]
        fitting = [noun for noun in found if self._fits(noun)] or found
        if not fitting:
            raise no_path(self._schema, asked.role, None, asked.subject)
        if not any(map(self._is_known, fitting)):
            raise _nothing(Modifier("", "relation", False, asked.role, asked.subject))
        return [*map(_listing, dict.fromkeys(fitting))]

    def chosen(self, asked: ChoiceQuestion) -> list[ResolvedQuestion]:
        """Return the questions for what the options are values of: “type 1 or type 2” asks for the type."""
        found: list[ResolvedQuestion] = []
        kinds: list[frozenset[int]] = [
            frozenset().union(*map(self._schema.types, terms(option))) for option in asked.options
        ]
        for property_ in self._schema.having(VKG + "noun"):
            ranges = self._schema.ranges(property_)
            if ranges and all(self._schema.fits(property_, "range", kind) for kind in kinds):
                for thing in terms(asked.subject):
                    if self._schema.accepts(property_, "domain", self._schema.types(thing)):
                        valued = self._ways.related(property_, True, self._schema.iri(thing), False)
                        found.append(ResolvedList(ResolvedNoun(self._schema.iri(ranges[0]), valued), or_unknown=False))
        if not found:
            raise no_path(self._schema, asked.subject, None, asked.options[0])
        return found

    # versions, and what is used

    def got(self, asked: GotQuestion) -> list[ResolvedQuestion]:
        """Return since when something holds of a line, or which of its versions did what only a version does."""
        if asked.noun is not None:
            self._check_versions(asked.noun)
        try:
            asks = self._ways.asks(asked.subject, asked.predicate, False)
        except QuestionError:
            if asked.noun is None:
                raise
            of = Modifier("", "of", False, None, asked.subject)
            versions = Noun(asked.noun.head, (of, replace(asked.predicate, joint="and")))
            return [*map(_listing, self._ways.nouns(versions))]
        try:
            return sinces(self._schema, asked.subject, asks)
        except QuestionError:
            if not asked.so:
                raise
            return asks

    def _check_versions(self, noun: Noun) -> None:
        """Raise E303 unless a noun stands for all the versions of what the question names."""
        of = self._schema.named(VKG + "releaseOf")
        fitting = [
            term
            for term in terms(noun.head)
            if of is not None and self._schema.fits(of, "domain", self._schema.superclasses(term))
        ]
        if not fitting or noun.modifiers:
            place = noun.modifiers[0].object if noun.modifiers else noun.head
            said = f"“{noun.head.text}” are to be the versions of what the question names, and no others"
            hint = "ask as: in which version did A get B; or: since when does A support B"
            raise QuestionError("E303", said, hint=hint, column=place.start + 1, length=place.end - place.start)

    def used_for(self, asked: UsedForQuestion) -> list[ResolvedQuestion]:
        """Return how a thing handles an aspect, asked by the kind of thing that it uses for it."""
        found: list[ResolvedQuestion] = []
        iri = self._schema.iri
        used = [range_ for sense in asked.verb.senses for range_ in self._schema.ranges(sense.term)]
        for cell in self._schema.having(VKG + "facetValue"):
            facets = self._schema.facets(cell)
            if facets is None or not set(self._schema.ranges(facets[2][0])) & set(used):
                continue
            of_subject, of_aspect, values = facets
            for thing, aspect in self._pairs(asked.subject, asked.aspect):
                if self._can_be(of_subject, thing) and self._can_be(of_aspect, aspect):
                    ends = iri(thing), iri(of_subject), iri(aspect), iri(of_aspect)
                    found.append(ResolvedHow(iri(cell), *ends, tuple(map(iri, values))))
        if not found:
            raise no_path(self._schema, asked.subject, asked.verb, asked.aspect)
        return found

    def _can_be(self, property_: int, thing: int) -> bool:
        return self._schema.accepts(property_, "range", self._schema.types(thing))

    def _pairs(self, one_: Phrase, other: Phrase) -> Iterable[tuple[int, int]]:
        return ((thing, aspect) for thing in terms(one_) for aspect in terms(other))


def _listing(noun: ResolvedNoun) -> ResolvedList:
    return ResolvedList(noun, or_unknown=False)


def _place(predicate: Modifier) -> Phrase:
    said = predicate.object
    return said if isinstance(said, Phrase) else Phrase("what is asked for", said.start, said.end, "", ())


def _nothing(predicate: Modifier, instead: tuple[str, ...] = ()) -> QuestionError:
    """Return the error for what no fact says of anything, and none could deny: E305; `instead` can be asked."""
    word, thing = predicate.relation, predicate.object
    assert isinstance(thing, Phrase)
    place = word or thing
    return QuestionError(
        "E305",
        f"of nothing is it known: “{'has' if word is None else word.text}” “{thing.text}”",
        hint=f"what is known: history of {thing.text}",
        column=place.start + 1,
        length=place.end - place.start,
        suggestions=instead or turned_round(predicate, thing) or (f"history of {thing.text}", f"describe {thing.text}"),
    )


def _nothing_so(predicate: Modifier, word: Phrase) -> QuestionError:
    """Return the error for a relation in which what is named can stand to nothing: E303."""
    said = f"nothing can be said of “{_place(predicate).text}” with “{word.text}”"
    return QuestionError("E303", said, column=word.start + 1, length=word.end - word.start)


def _quantify(noun: ResolvedNoun, condition: Condition, every: bool) -> ResolvedQuestion:
    if every:
        return ResolvedUniversal(noun, condition)
    parts = [condition] if noun.condition is None else [noun.condition, condition]
    return ResolvedExists(ResolvedNoun(noun.class_, one(parts, "and")))

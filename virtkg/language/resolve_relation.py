"""Relations as they are said → properties of the graph, and conditions by them.

Knows: which properties a word, a preposition or a mere “has” can stand for between two kinds of things.
Must not know: the text's grammar, attachment, other conditions, or SPARQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyoxigraph import NamedNode

from virtkg.language.categories import INVERSE
from virtkg.language.conditions import Besides, Condition, Member, Not, Related, ResolvedNoun
from virtkg.language.schema import Schema
from virtkg.language.syntax import Modifier, Phrase, terms
from virtkg.namespaces import VKG
from virtkg.record import replace


class RelationResolver:
    """Resolves what relates two things; pairs are of a property and whether it is read from object to subject."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def leading(self, modifier: Modifier, classes: frozenset[int]) -> list[tuple[int, bool]]:
        """Return (property, inverse) of each reading of a relation that can lead from some classes, or rather fits."""
        relations = [(property_, "range" if inverse else "domain") for property_, inverse in self.relations(modifier)]
        fitting = [pair for pair in relations if self._schema.fits(*pair, classes)]
        allowed = fitting or [pair for pair in relations if self._schema.accepts(*pair, classes)]
        return [(property_, side == "range") for property_, side in allowed]

    def properties(self, modifier: Modifier, classes: frozenset[int], types: frozenset[int]) -> list[tuple[int, bool]]:
        """Return (property, inverse) of each reading of a modifier that the types allow, the fitting ones first.

        `with` a thing that no property names so stands for the properties
        that have a word of their own and fit both; not those that fit turned
        round as well, since “has” does not say which of two alike things has the other.
        If none does, and “has” is said, the thing may be what has them.
        """
        relations = list(self.relations(modifier))
        accepted = [pair for pair in relations if self._joins(self._schema.accepts, pair, classes, types)]
        allowed = [pair for pair in accepted if not self._is_of_one_kind(pair, classes, types)]
        fitting = [pair for pair in allowed if self._joins(self._schema.fits, pair, classes, types)]
        if modifier.governor == "being" and any(map(self._schema.is_named, classes & types)):
            # Of two platforms, “is A B” would ask whether they are one, and not how they are related.
            return []
        if modifier.governor in ("beside", "being"):
            return self._schema.without_general(fitting or self._telling(classes, types))
        if not allowed and modifier.governor in ("with", "has"):
            # To come after a version is not to have it, nor is to do without.
            others = {*self._schema.having(VKG + "ordersVersions"), *self._schema.having(VKG + "contraryOf")}
            if modifier.governor == "has":
                # What says no more than the properties under it is not what “how many versions has Xen” asks for.
                others.update(self._schema.having(VKG + "onlyGeneral"))
            spoken = [(p, modifier.turned) for p in self._schema.having(VKG + "verb") if p not in others]
            fitting = self._schema.without_levels(
                (property_, inverse)
                for property_, inverse in spoken
                if self._joins(self._schema.fits, (property_, inverse), classes, types)
                and not self._joins(self._schema.fits, (property_, not inverse), classes, types)
            )
            named = self._named(classes, types, modifier.turned)
            fitting = fitting or [pair for pair in named if pair[0] not in others]
            if not fitting and modifier.governor == "has" and not modifier.turned:
                # “which features has X” asks for those that X has.
                return self.properties(replace(modifier, turned=True), classes, types)
        # What has its sides declared says more of them than what fits everything.
        declared = [pair for pair in fitting if self._schema.tells_sides(pair[0])]
        return self._schema.without_general(declared or fitting or allowed)

    def _named(self, classes: frozenset[int], types: frozenset[int], turned: bool) -> list[tuple[int, bool]]:
        """Return the properties whose values have a name as such and fit: to have a BSD licence."""
        named = [(property_, turned) for property_ in self._schema.having(VKG + "noun")]
        valued = [pair for pair in named if self._schema.ranges(pair[0])]
        return [pair for pair in valued if self._joins(self._schema.fits, pair, classes, types)]

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

    def _is_of_one_kind(self, relation: tuple[int, bool], classes: frozenset[int], types: frozenset[int]) -> bool:
        """Tell whether a property that is only general would relate a thing to others of its kind."""
        property_, inverse = relation
        if not self._schema.marks(property_, VKG + "onlyGeneral"):
            return False
        kinds = self._schema.narrowest(self._schema.ranges(property_))
        return not (types if inverse else classes).isdisjoint(kinds)

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

    def relations(self, modifier: Modifier) -> Iterable[tuple[int, bool]]:
        """Return (property, inverse) of each sense of the relation in a modifier."""
        if modifier.relation is not None:
            for sense in modifier.relation.senses:
                if not self._schema.is_date(sense.term):
                    yield sense.term, (sense.category in INVERSE) != modifier.turned
        elif modifier.governor in ("of", "beside", "being"):
            for property_ in self._schema.having(VKG + "preposition", "of"):
                yield property_, False
            for property_ in self._schema.having(VKG + "noun"):
                yield property_, True
        else:
            for property_ in self._schema.having(VKG + "preposition", "with"):
                yield property_, modifier.turned

    def related(self, property_: int, inverse: bool, thing: NamedNode | ResolvedNoun, negated: bool) -> Condition:
        """Return the condition that things are related by a property to a thing, or to some thing of a noun."""
        contraries = tuple(map(self._schema.iri, self._schema.contraries(property_)))
        single = self._schema.is_single(property_) and not inverse
        listed = not inverse and isinstance(thing, NamedNode) and self._is_listed(property_, thing)
        return negate(Related(self._schema.iri(property_), inverse, thing, contraries, single, listed=listed), negated)

    def besides(self, modifier: Modifier, target: Phrase, classes: frozenset[int]) -> list[Condition]:
        """Return the conditions that things are other than one, or than its versions, or than those beside its name."""
        found: list[Condition] = []
        own = set(self._schema.narrowest(classes))
        for thing in terms(target):
            if own & self._schema.types(thing) or self._schema.has_release(thing, classes):
                relations = [(property_, False, "*") for property_ in self._schema.having(VKG + "leadsToLine")]
            else:
                beside = replace(modifier, governor="beside")
                relations = [(*pair, "") for pair in self.properties(beside, classes, self._schema.types(thing))]
            iri = self._schema.iri
            for property_, inverse, steps in relations:
                found.append(Besides(Related(iri(property_), inverse, iri(thing), (), False, steps)))
        return found

    def done(self, modifier: Modifier, classes: frozenset[int]) -> list[Condition]:
        """Return the conditions that something does to things what a verb says: that were acquired."""
        assert modifier.relation is not None
        found: list[Condition] = []
        for sense in modifier.relation.senses:
            inverse = sense.category not in INVERSE
            if self._schema.fits(sense.term, "range" if inverse else "domain", classes):
                doers = self._schema.ranges(sense.term) if not inverse else self._schema.domains(sense.term)
                for kind in self._schema.narrowest(doers):
                    doer = ResolvedNoun(self._schema.iri(kind), None)
                    found.append(self.related(sense.term, inverse, doer, modifier.negated))
        return found

    def _is_listed(self, property_: int, thing: NamedNode) -> bool:
        number = self._schema.named(thing.value)
        return number is not None and self._schema.has_complete_tables(property_, number)

    def member(self, class_: int) -> Member:
        """Return the condition that things belong to a class."""
        definition = self._schema.definition(class_)
        if definition is None:
            return Member(self._schema.iri(class_), None)
        _, property_, value = definition
        condition = self.related(property_, False, self._schema.iri(value), False)
        assert isinstance(condition, Related)
        return Member(self._schema.iri(class_), condition)


def negate(condition: Condition, negated: bool) -> Condition:
    """Return a condition, or that it does not hold."""
    return Not(condition) if negated else condition

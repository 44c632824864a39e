"""Relations as they are said → properties of the graph, and conditions by them.

Knows: which properties a word, a preposition or a mere “has” can stand for between two kinds of things.
Must not know: the text's grammar, attachment, other conditions, or SPARQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyoxigraph import NamedNode

from virtkg.language.categories import INVERSE
from virtkg.language.conditions import Condition, Member, Not, Related, ResolvedNoun
from virtkg.language.schema import Schema
from virtkg.language.syntax import Modifier
from virtkg.namespaces import VKG


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
        """
        relations = list(self.relations(modifier))
        allowed = [pair for pair in relations if self._joins(self._schema.accepts, pair, classes, types)]
        fitting = [pair for pair in allowed if self._joins(self._schema.fits, pair, classes, types)]
        if modifier.governor == "beside":
            return list(dict.fromkeys(fitting or self._telling(classes, types)))
        if not allowed and modifier.governor == "with":
            # To come after a version is not to have it.
            orders = self._schema.having(VKG + "ordersVersions")
            spoken = [(p, modifier.turned) for p in self._schema.having(VKG + "verb") if p not in orders]
            fitting = self._schema.without_levels(
                (property_, inverse)
                for property_, inverse in spoken
                if self._joins(self._schema.fits, (property_, inverse), classes, types)
                and not self._joins(self._schema.fits, (property_, not inverse), classes, types)
            )
            fitting = fitting or self._named(classes, types, modifier.turned)
        return list(dict.fromkeys(fitting or allowed))

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
        elif modifier.governor in ("of", "beside"):
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

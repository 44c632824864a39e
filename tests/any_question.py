"""Questions of every shape over the whole vocabulary of a graph, in an order that a seed decides.

They are made as meanings and not as text, since it is the query that they try. Each
is about one class or one property of the vocabulary in turn, so that none is left out.

Of the other meanings, those that ask for the first, the latest, the most, for any or for
all have the query of a list of their noun, and what is left (histories, descriptions,
differences, names, alternatives) has none: virtkg computes them from the rows of lists.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import cycle
from typing import Final, TypeAlias, TypeGuard

from pyoxigraph import NamedNode

from virtkg.dates import day_after
from virtkg.language.categories import INVERSE, Category
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
)
from virtkg.language.resolved import ResolvedAsk, ResolvedCount, ResolvedHow, ResolvedList, ResolvedValue
from virtkg.language.schema import Schema
from virtkg.namespaces import DISPUTED_GRAPH, RDF, VKG
from virtkg.record import record
from virtkg.snapshot.reader import Snapshot

RELATIONS: Final = frozenset(
    {
        Category.VERB,
        Category.INVERSE_VERB,
        Category.PARTICIPLE,
        Category.PASSIVE,
        Category.NOUN,
    }
)
MOST_CHOICES: Final = 4
"""How many things an Every names at most: each is an atom of the query."""

PLACES: Final = {"after": (False, "+"), "since": (False, "*"), "before": (True, "+"), "until": (True, "*")}
"""How a word leads from a version to others along the order: whether backwards, and in how many steps."""
ELSEWHERE: Final = {"after": "until", "since": "before", "before": "since", "until": "after"}

Asked: TypeAlias = "ResolvedList | ResolvedAsk | ResolvedCount | ResolvedValue | ResolvedHow"
"""What has a query of its own."""


@record
class About:
    """What a question is about: a class ("class"), one of cells ("how"), or a property in a way of speaking of it."""

    kind: str
    term: int
    inverse: bool = False


class Asker:
    """Makes questions over a snapshot whose words are those of `spoken`; both number terms alike."""

    def __init__(self, snapshot: Snapshot, schema: Schema, spoken: dict[Category, set[int]], seed: int) -> None:
        self._snapshot = snapshot
        self._schema = schema
        self._chance = random.Random(seed)
        self._disputed = snapshot.iri_number(DISPUTED_GRAPH)
        self._instances = self._by_class()
        self._classes = sorted(spoken[Category.CLASS])
        self._abouts = self._all_abouts(spoken)
        self._fitting: dict[tuple[int, ...], list[About]] = {}

    def questions(self) -> Iterator[tuple[About, Asked]]:
        """Yield questions without end, each with what it is about."""
        abouts = list(self._abouts)
        self._chance.shuffle(abouts)
        for about in cycle(abouts):
            yield about, self.question(about)

    def question(self, about: About) -> Asked:
        """Return a question about something."""
        if about.kind == "how":
            return self._how(about)
        if about.kind in ("measure", "date", "relation") and not about.inverse and self._chance.random() < 0.1:
            return self._value(about)
        class_ = self._class_for(about)
        noun = self._noun(class_, about, depth=2)
        things = self._instances.get(class_, [])
        form = self._chance.random()
        if noun.condition is not None and things and form < 0.25:
            return ResolvedAsk(self._iri(self._chance.choice(things)), noun.condition)
        return self._count(noun, class_) if form > 0.8 else ResolvedList(noun, or_unknown=False)

    def _count(self, noun: ResolvedNoun, class_: int) -> ResolvedCount:
        classes = self._schema.superclasses(class_)
        keys = [p for p in self._schema.having(VKG + "noun") if self._schema.fits(p, "domain", classes)]
        by = self._iri(self._chance.choice(keys)) if keys and self._chance.random() < 0.6 else None
        return ResolvedCount(noun, by)

    def _value(self, about: About) -> ResolvedValue:
        near = self._ends(about)[0]
        if not near or self._chance.random() < 0.2:
            near = self._instances.get(self._class_for(about)) or [about.term]
        subject, parts = self._chance.choice(near), self._schema.speaking_part()
        if about.kind != "measure" or parts is None:
            return ResolvedValue(self._iri(about.term), self._iri(subject))
        owners = [owner for owner, _ in self._snapshot.objects(subject, parts[0])]
        scope = self._scope([subject], parts[1]) if self._chance.random() < 0.5 else None
        leading = self._iri(parts[0]), self._iri(parts[1])
        return ResolvedValue(self._iri(about.term), self._iri((owners or [subject])[0]), scope, leading)

    def _how(self, about: About) -> ResolvedHow:
        facets = self._schema.facets(about.term)
        assert facets is not None
        of_subject, of_aspect, values = facets
        # Both ends of one cell are asked of most: two at random seldom share one.
        cell = self._chance.choice(self._instances.get(about.term) or [about.term])
        other = cell if self._chance.random() < 0.7 else self._chance.choice(self._instances.get(about.term) or [cell])
        subject, aspect = (
            self._iri(self._chance.choice([thing for thing, _ in self._snapshot.objects(at, of)] or [at]))
            for at, of in ((cell, of_subject), (other, of_aspect))
        )
        iri = self._iri
        return ResolvedHow(iri(about.term), subject, iri(of_subject), aspect, iri(of_aspect), tuple(map(iri, values)))

    @property
    def abouts(self) -> list[About]:
        """All that a question can be about."""
        return self._abouts

    # what there is

    def _by_class(self) -> dict[int, list[int]]:
        type_ = self._snapshot.iri_number(RDF + "type")
        found: dict[int, set[int]] = {}
        for subject, class_, _ in self._snapshot.column(type_ or 0):
            found.setdefault(class_, set()).add(subject)
        return {class_: sorted(things) for class_, things in found.items()}

    def _all_abouts(self, spoken: dict[Category, set[int]]) -> list[About]:
        found = {About("class", class_) for class_ in spoken[Category.CLASS]}
        found |= {About("measure", property_) for property_ in spoken[Category.MEASURE]}
        found |= {About("lasting", property_) for property_ in spoken[Category.LASTING]}
        found |= {About("order", property_) for property_ in self._schema.having(VKG + "ordersVersions")}
        cells = spoken[Category.FACET_VERB] | spoken[Category.FACET_PARTICIPLE]
        found |= {About("how", class_) for class_ in cells if self._schema.facets(class_) is not None}
        events = spoken[Category.EVENT] | set(self._schema.having(VKG + "defaultEvent"))
        found |= {About("event", property_, inverse=True) for property_ in events if self._schema.ranges(property_)}
        for category in RELATIONS:
            for property_ in spoken.get(category, ()):
                if self._schema.is_date(property_):
                    found.add(About("date", property_))
                elif not self._schema.is_measure(property_):
                    found.add(About("relation", property_, category in INVERSE or category is Category.NOUN))
        return sorted(found, key=lambda about: (about.kind, about.term, about.inverse))

    def _sides(self, about: About) -> tuple[str, str]:
        return ("range", "domain") if about.inverse else ("domain", "range")

    def _class_for(self, about: About) -> int:
        """Return a class whose things can be asked so, if possible one whose things have such facts."""
        if about.kind == "class":
            return about.term
        side = self._sides(about)[0]
        fitting = [c for c in self._classes if self._schema.fits(about.term, side, self._schema.superclasses(c))]
        near = set(self._ends(about)[0])
        filled = [class_ for class_ in fitting if near & set(self._instances.get(class_, ()))]
        return self._chance.choice(filled or fitting or self._classes)

    def _ends(self, about: About) -> tuple[list[int], list[int]]:
        """Return what stands at this end of a property and at the other, fact by fact: often only of disputed facts."""
        facts = [(subject, object_) for subject, object_, _ in self._snapshot.column(about.term)]
        disputed = [
            (subject, object_)
            for subject, object_, graph in self._snapshot.column(about.term)
            if graph == self._disputed
        ]
        if disputed and self._chance.random() < 0.5:
            facts = disputed
        ends = [subject for subject, _ in facts], [object_ for _, object_ in facts]
        return (ends[1], ends[0]) if about.inverse else ends

    # conditions

    def _noun(self, class_: int, about: About | None, depth: int) -> ResolvedNoun:
        definition = self._schema.definition(class_)
        parts: list[Condition] = [] if definition is None else [self._member(class_)]
        if about is not None and about.kind != "class":
            parts.append(self._atom(about, class_, depth))
        else:
            parts += [self._any(class_, depth)] if self._chance.random() < 0.8 else []
        while self._chance.random() < 0.4 and len(parts) < 4:
            parts.append(self._any(class_, depth - 1))
        base = class_ if definition is None else definition[0]
        return ResolvedNoun(self._iri(base), self._joined(parts))

    def _joined(self, parts: list[Condition]) -> Condition | None:
        """Join conditions by and, or, not and brackets."""
        parts = [Not(part) if self._chance.random() < 0.25 else part for part in dict.fromkeys(parts)]
        parts = [Besides(part) if self._can_be_left_out(part) else part for part in parts]
        while len(parts) > 1:
            some = self._chance.randint(2, len(parts))
            joined: Condition = Junction(self._chance.choice(["and", "or"]), tuple(parts[:some]))
            parts = [*parts[some:], Not(joined) if self._chance.random() < 0.2 else joined]
        return parts[0] if parts else None

    def _can_be_left_out(self, part: Condition) -> TypeGuard[Related]:
        """Tell whether things can be other than those of a condition, and by chance one is so asked."""
        named = isinstance(part, Related) and isinstance(part.object, NamedNode) and part.steps in ("", "*")
        return named and self._chance.random() < 0.15

    def _any(self, class_: int, depth: int) -> Condition:
        classes = self._schema.superclasses(class_)
        key = tuple(sorted(classes))
        if key not in self._fitting:
            self._fitting[key] = [
                about
                for about in self._abouts
                if about.kind not in ("class", "how") and self._schema.fits(about.term, self._sides(about)[0], classes)
            ]
        if not self._fitting[key] or self._chance.random() < 0.05:
            return self._member(self._chance.choice(self._classes))
        return self._atom(self._chance.choice(self._fitting[key]), class_, depth)

    def _member(self, class_: int) -> Member:
        definition = self._schema.definition(class_)
        if definition is None:
            return Member(self._iri(class_), None)
        return Member(self._iri(class_), self._related(definition[1], False, self._iri(definition[2])))

    def _atom(self, about: About, class_: int, depth: int) -> Condition:
        match about.kind:
            case "measure":
                return self._measure(about)
            case "date":
                return self._dated(about)
            case "lasting":
                begins = self._schema.values_of(about.term, VKG + "begunBy")[0]
                kinds = tuple(map(self._iri, self._schema.forms_of(about.term)))
                return Lasting(self._iri(about.term), kinds, self._iri(begins), self._day(about))
            case "event":
                return self._came(about)
            case "order":
                inverse, steps = self._chance.choice([False, True]), self._chance.choice("+*")
                version = self._chance.choice([thing for end in self._ends(about) for thing in end] or [about.term])
                back = "*" if steps == "+" else "+"
                return Related(self._iri(about.term), inverse, self._iri(version), (), False, steps, back=back)
            case _:
                return self._relation(about, class_, depth)

    def _came(self, about: About) -> Came:
        word = self._chance.choice(list(PLACES))
        order = self._chance.choice(self._schema.having(VKG + "ordersVersions"))
        versions = self._ends(about)[1] or [thing for thing, _, _ in self._snapshot.column(order)] or [order]
        version = self._iri(self._chance.choice(versions))
        bringing = self._iri(self._schema.narrowest(self._schema.domains(about.term))[0])

        def at(word: str) -> Related:
            backwards, steps = PLACES[word]
            place = Related(self._iri(order), backwards, version, (), False, steps)
            return Related(self._iri(about.term), True, ResolvedNoun(bringing, place), (), False)

        return Came(at(word), at(ELSEWHERE[word]))

    def _relation(self, about: About, class_: int, depth: int) -> Condition:
        near, far = self._ends(about)
        if depth > 0 and self._chance.random() < 0.4:
            side = self._sides(about)[1]
            reached = set(far)
            fitting = [c for c in self._classes if self._schema.accepts(about.term, side, self._schema.superclasses(c))]
            filled = [c for c in fitting if reached & set(self._instances.get(c, ()))]
            if fitting:
                inner = self._noun(self._chance.choice(filled or fitting), None, depth - 1)
                return self._related(about.term, about.inverse, inner)
        if not about.inverse and near and self._chance.random() < 0.1:
            other = self._chance.choice(near)
            had = self._schema.things_of(other, about.term)[:MOST_CHOICES]
            if all(isinstance(self._snapshot.term(thing), NamedNode) for thing in had):
                parts: list[Condition] = [self._related(about.term, False, self._iri(thing)) for thing in had]
                whole = parts[0] if len(parts) == 1 else Junction("and", tuple(parts))
                return Every(self._iri(about.term), self._iri(other), whole)
        things = [thing for thing in far if isinstance(self._snapshot.term(thing), NamedNode)]
        if not things or self._chance.random() < 0.1:
            things = self._instances.get(self._chance.choice(self._classes)) or [about.term]
        return self._related(about.term, about.inverse, self._iri(self._chance.choice(things)))

    def _related(self, property_: int, inverse: bool, thing: NamedNode | ResolvedNoun) -> Related:
        contraries = tuple(map(self._iri, self._schema.contraries(property_)))
        single = self._schema.is_single(property_) and not inverse
        number = self._schema.named(thing.value) if isinstance(thing, NamedNode) and not inverse else None
        listed = number is not None and self._schema.has_complete_tables(property_, number)
        return Related(self._iri(property_), inverse, thing, contraries, single, listed=listed)

    def _measure(self, about: About) -> Condition:
        parts = self._schema.speaking_part()
        leading = None if parts is None else (self._iri(parts[0]), self._iri(parts[1]))
        operator = self._chance.choice(["<", "<=", ">", ">=", "="])
        bearers, values = self._ends(about)
        if bearers and self._chance.random() < 0.4:
            other = self._chance.choice(bearers)
            owners = [] if parts is None else [owner for owner, _ in self._snapshot.objects(other, parts[0])]
            return ComparedWith(self._iri(about.term), operator, self._iri((owners or [other])[0]), leading)
        number = int(self._snapshot.term(self._chance.choice(values)).value) if values else 100
        number = max(0, number + self._chance.choice([-1, 0, 0, 1]))
        scope = self._scope(bearers, parts[1]) if parts is not None and self._chance.random() < 0.4 else None
        return Compared(self._iri(about.term), operator, number, self._schema_unit(about.term), leading, scope)

    def _scope(self, bearers: list[int], scoping: int) -> NamedNode:
        """Return a scope in which a measure is stated, or one of another measure's."""
        bearers = bearers if self._chance.random() < 0.8 else []
        scopes = [scope for bearer in bearers for scope, _ in self._snapshot.objects(bearer, scoping)]
        scopes = scopes or [scope for _, scope, _ in self._snapshot.column(scoping)]
        return self._iri(self._chance.choice(scopes or [scoping]))

    def _schema_unit(self, property_: int) -> NamedNode | None:
        unit = self._schema.measured_in(property_)
        return None if unit is None else self._iri(unit)

    def _dated(self, about: About) -> Dated:
        first, last = sorted([self._day(about), self._day(about)])
        start, end = self._chance.choice([(first, ""), ("", last), (first, day_after(last))])
        return Dated(self._iri(about.term), start, end, f"since {first}")

    def _day(self, about: About) -> str:
        """Return the first day of a date that something has, or a day beside it."""
        dates = [self._snapshot.term(value).value for value in self._ends(about)[1]]
        day = (self._chance.choice(dates or ["2015"]) + "-01-01")[:10]
        return day if self._chance.random() < 0.7 else day_after(day)

    def _iri(self, term: int) -> NamedNode:
        return self._schema.iri(term)

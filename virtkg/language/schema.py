"""What the vocabulary says of classes and properties, read from a snapshot.

Knows: domains, ranges, hierarchy, contraries, units, definitions.
Must not know: words, questions, or any term by name but RDFS, OWL and the
annotations that the language rests on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from virtkg.language.categories import NUMBERS
from virtkg.language.words import phrase
from virtkg.namespaces import OWL, RDF, RDFS, SKOS, VKG
from virtkg.natural import natural
from virtkg.snapshot.facts import Facts

TYPE: Final = RDF + "type"
LABEL: Final = RDFS + "label"


class Schema:
    """Looks up the vocabulary; terms are numbers of the snapshot."""

    def __init__(self, snapshot: Facts) -> None:
        self._snapshot = snapshot
        self._disjoint: dict[int, frozenset[int]] = {}
        self._supers: dict[int, frozenset[int]] = {}
        self._declared: dict[tuple[int, str], tuple[list[int], list[int]]] = {}
        self._labels: dict[int, str] = {}

    def iri(self, term: int) -> NamedNode:
        """Return a term as an IRI."""
        found = self._snapshot.term(term)
        assert isinstance(found, NamedNode)
        return found

    def label(self, term: int) -> str:
        """Return the label of a term, or the last part of its IRI."""
        if term not in self._labels:
            self._labels[term] = self._find_label(term)
        return self._labels[term]

    def _find_label(self, term: int) -> str:
        for text in self.texts(term, LABEL):
            return text
        sides = self.disputed(term)
        if sides:
            subject, property_, object_ = sides[0]
            about = f" {self.label(object_)}" if object_ is not None else ""
            return f"{self.label(subject)}: {self.label(property_)}{about}"
        return self._snapshot.iri(term).rstrip("/#").rpartition("/")[2].rpartition("#")[2]

    def texts(self, term: int, predicate: str) -> list[str]:
        """Return the texts that an annotation gives a term, shortest first."""
        found = (self._snapshot.term(object_) for object_ in self._objects(term, predicate))
        return sorted({text.value for text in found if isinstance(text, Literal)}, key=lambda text: (len(text), text))

    def text_of(self, term: int) -> str:
        """Return a literal as it stands, any other term by its label."""
        found = self._snapshot.term(term)
        return found.value if isinstance(found, Literal) else self.label(term)

    def types(self, term: int) -> frozenset[int]:
        """Return the classes of a thing, with their superclasses."""
        return frozenset().union(*(self.superclasses(class_) for class_ in self._objects(term, TYPE)))

    def superclasses(self, class_: int) -> frozenset[int]:
        """Return a class with all its superclasses."""
        if class_ not in self._supers:
            self._supers[class_] = frozenset({class_, *self._objects(class_, RDFS + "subClassOf")})
        return self._supers[class_]

    def accepts(self, property_: int, side: str, classes: frozenset[int]) -> bool:
        """Tell whether things of all these classes can stand at a side of a property.

        `side` is "domain" or "range". A side without a declaration accepts
        everything; a declared one accepts its subclasses, its superclasses
        (some of whose things belong to it), and a thing of which no class is known.
        The classes of which a property is asked accept as a domain does, each for itself.
        """
        if not classes:
            return True

        def near(wanted: int) -> bool:
            if wanted in classes:
                return True
            above = self.superclasses(wanted)
            return not classes.isdisjoint(above) and not any(self._apart(class_, above) for class_ in classes)

        declared, asked = self._sides(property_, side)
        return any(map(near, asked)) or ((bool(declared) or not asked) and all(map(near, declared)))

    def _apart(self, class_: int, others: frozenset[int]) -> bool:
        """Tell whether a class is stated to have no thing in common with one of some others."""
        if class_ not in self._disjoint:
            predicate = self._number(OWL + "disjointWith")
            found = set(self._objects(class_, OWL + "disjointWith"))
            found.update(() if predicate is None else (one for one, _ in self._snapshot.subjects(predicate, class_)))
            self._disjoint[class_] = frozenset(found)
        return not self._disjoint[class_].isdisjoint(others)

    def fits(self, property_: int, side: str, classes: frozenset[int]) -> bool:
        """Tell whether things of these classes certainly can stand at a side of a property."""
        declared, asked = self._sides(property_, side)
        return not classes.isdisjoint(asked) or ((bool(declared) or not asked) and classes.issuperset(declared))

    def _sides(self, property_: int, side: str) -> tuple[list[int], list[int]]:
        known = self._declared.get((property_, side))
        if known is None:
            asked = self._objects(property_, VKG + "askedOf") if side == "domain" else []
            known = self._declared[property_, side] = self._objects(property_, RDFS + side), asked
        return known

    def contraries(self, property_: int) -> list[int]:
        """Return the properties that deny a property."""
        predicate = self._number(VKG + "contraryOf")
        return [] if predicate is None else [subject for subject, _ in self._snapshot.subjects(predicate, property_)]

    def denied_by(self, property_: int) -> list[int]:
        """Return the properties that a property denies."""
        return self._objects(property_, VKG + "contraryOf")

    def is_single(self, property_: int) -> bool:
        """Tell whether another value of a property denies a value."""
        single = self._number(VKG + "SingleValued")
        return single is not None and single in self._objects(property_, TYPE)

    def is_value(self, property_: int) -> bool:
        """Tell whether a property names a value that a thing has (“max memory per VM”) and not a relation (“uses”)."""
        facets = self._number(VKG + "facetValue")
        return (
            self.is_single(property_)
            or self._number(OWL + "DatatypeProperty") in self._objects(property_, TYPE)
            or (facets is not None and any(True for _ in self._snapshot.subjects(facets, property_)))
        )

    def is_measure(self, property_: int) -> bool:
        """Tell whether the values of a property are numbers or texts and not things."""
        return self._number(OWL + "DatatypeProperty") in self._objects(property_, TYPE)

    def is_number(self, property_: int) -> bool:
        """Tell whether the values of a property are numbers."""
        return any(self.iri(range_).value in NUMBERS for range_ in self.ranges(property_))

    def is_class(self, term: int) -> bool:
        """Tell whether a term is a class."""
        return self._number(OWL + "Class") in self._objects(term, TYPE)

    def is_date(self, property_: int) -> bool:
        """Tell whether the values of a property are days, months or years."""
        return self._number(VKG + "DateProperty") in self._objects(property_, TYPE)

    def marks(self, term: int, annotation: str) -> bool:
        """Tell whether a term has an annotation."""
        return bool(self._objects(term, annotation))

    def is_spoken(self, term: int) -> bool:
        """Tell whether a term is one that users speak of, and not only a help of the vocabulary."""
        return not self.marks(term, VKG + "unspoken")

    def is_named(self, term: int) -> bool:
        """Tell whether a term has a label and is one that users speak of."""
        return bool(self.texts(term, LABEL)) and self.is_spoken(term)

    def kinds(self, class_: int) -> list[int]:
        """Return all classes under a class."""
        above = self._number(RDFS + "subClassOf")
        found = [] if above is None else [kind for kind, _ in self._snapshot.subjects(above, class_)]
        return [kind for kind in dict.fromkeys(found) if kind != class_]

    def members(self, class_: int) -> list[int]:
        """Return the things of a class."""
        type_ = self._number(TYPE)
        return (
            [] if type_ is None else list(dict.fromkeys(thing for thing, _ in self._snapshot.subjects(type_, class_)))
        )

    def values_of(self, term: int, annotation: str) -> list[int]:
        """Return the things that an annotation gives a term."""
        return self._objects(term, annotation)

    def things_of(self, thing: int, property_: int) -> list[int]:
        """Return the things to which a property is known to relate a thing, by label."""
        found = dict.fromkeys(object_ for object_, _ in self._snapshot.objects(thing, property_))
        return sorted(found, key=self.label)

    def lines(self, version: int) -> list[int]:
        """Return the lines of which a thing is a version."""
        leading = self.having(VKG + "leadsToLine")
        return list(
            dict.fromkeys(line for property_ in leading for line, _ in self._snapshot.objects(version, property_))
        )

    def versions(self, line: int) -> list[int]:
        """Return the versions of a line."""
        leading = self.having(VKG + "leadsToLine")
        return list(
            dict.fromkeys(found for property_ in leading for found, _ in self._snapshot.subjects(property_, line))
        )

    def special_forms(self, thing: int) -> list[int]:
        """Return the things of which one is the more general form: the variants of a mode."""
        return [form for leading in self.having(VKG + "leadsToGeneral") for form in self.subjects_of(thing, leading)]

    def has_release(self, line: int, classes: frozenset[int]) -> bool:
        """Tell whether some version of a line is of all these classes."""
        return any(classes <= self.types(version) for version in self.versions(line))

    def tells_sides(self, property_: int) -> bool:
        """Tell whether the vocabulary says what a relation is from and what it leads to."""
        return not self.is_measure(property_) and all(any(self._sides(property_, side)) for side in ("domain", "range"))

    def ranges(self, property_: int) -> list[int]:
        """Return the classes to which the vocabulary says that all values of a property belong."""
        return self._objects(property_, RDFS + "range")

    def domains(self, property_: int) -> list[int]:
        """Return the classes to which the vocabulary says that everything with a property belongs."""
        return self._objects(property_, RDFS + "domain")

    def narrowest(self, classes: Iterable[int]) -> list[int]:
        """Return the classes that are no superclass of another of them."""
        given = list(classes)
        return [one for one in given if not any(one != other and one in self.superclasses(other) for other in given)]

    def subjects_of(self, thing: int, property_: int) -> list[int]:
        """Return the things that a property is known to relate to a thing, by label."""
        found = dict.fromkeys(subject for subject, _ in self._snapshot.subjects(property_, thing))
        return sorted(found, key=self.label)

    def without_levels(self, relations: Iterable[tuple[int, bool]]) -> list[tuple[int, bool]]:
        """Leave out properties that are a level of another one: to have a thing is to run it, not to preview it.

        Nor is it to introduce or to remove it, if something else can be meant.
        """
        found = dict.fromkeys(relations)
        lasting = [pair for pair in found if not self.marks(pair[0], VKG + "eventOfVersion")]
        found = dict.fromkeys(lasting or found)
        return [
            (property_, inverse)
            for property_, inverse in found
            if not any((whole, inverse) in found for whole in self.values_of(property_, VKG + "levelOf"))
        ]

    def without_general(self, relations: Iterable[tuple[int, bool]]) -> list[tuple[int, bool]]:
        """Leave out properties under which another one says more: what any platform uses, of what suites do."""
        found = dict.fromkeys(relations)
        return [
            (property_, inverse)
            for property_, inverse in found
            if not any((form, inverse) in found for form in self.forms_of(property_))
        ]

    def kinds_with(self, property_: int, *, inverse: bool = False) -> list[int]:
        """Return the narrowest classes of all that is known to have a property, or to be its value if `inverse`."""
        types = [self.types(thing) for thing in {row[1 if inverse else 0] for row in self._snapshot.column(property_)}]
        common = frozenset.intersection(*types) if types else frozenset()
        return self.narrowest(class_ for class_ in common if self.is_named(class_))

    def in_order(self, things: Iterable[int]) -> list[int]:
        """Return things by their labels, numbers in them by value."""
        return sorted(things, key=lambda thing: natural(self.label(thing)))

    def forms(self, term: int, kind: str) -> list[str]:
        """Return the word forms of a kind that a term has, the preferred and then the shortest first."""
        preferred = self.texts(term, VKG + "preferredForm")
        return sorted(self.texts(term, VKG + kind), key=lambda form: form not in preferred)

    def is_first_form(self, term: int, kind: str, text: str) -> bool:
        """Tell whether a text is the first word form of a kind that a term has."""
        return [phrase(form) for form in self.forms(term, kind)[:1]] == [phrase(text)]

    def forms_of(self, property_: int) -> list[int]:
        """Return the properties under a property, in the order of their IRIs."""
        predicate = self._number(RDFS + "subPropertyOf")
        found = [] if predicate is None else [subject for subject, _ in self._snapshot.subjects(predicate, property_)]
        return sorted({term for term in found if term != property_})

    def measured_in(self, property_: int) -> int | None:
        """Return the unit in which the values of a measure stand, None for a count."""
        return next(iter(self._objects(property_, VKG + "measuredIn")), None)

    def bytes_of(self, unit: int) -> int | None:
        """Return how many bytes a unit has, None if it does not measure memory."""
        for object_ in self._objects(unit, VKG + "inBytes"):
            return int(self._snapshot.term(object_).value)
        return None

    def units(self) -> list[int]:
        """Return the units of memory, smallest first."""
        predicate = self._number(VKG + "inBytes")
        found = [] if predicate is None else [subject for subject, _, _ in self._snapshot.column(predicate)]
        return sorted(set(found), key=lambda unit: self.bytes_of(unit) or 0)

    def having(self, annotation: str, text: str | None = None) -> list[int]:
        """Return the terms that have an annotation, or have it with a text."""
        predicate = self._number(annotation)
        if predicate is None:
            return []
        return sorted(
            {
                subject
                for subject, object_, _ in self._snapshot.column(predicate)
                if text is None or self._snapshot.term(object_).value == text
            }
        )

    def speaking_part(self) -> tuple[int, int] | None:
        """Return the property from a part to the thing it speaks for, and the one from a part to its scope."""
        parts, scopes = self.having(VKG + "partsSpeakFor"), self.having(VKG + "scopesParts")
        return (parts[0], scopes[0]) if parts and scopes else None

    def has_complete_tables(self, property_: int, object_: int) -> bool:
        """Tell whether a source says that it names all that a property relates to a thing, among some."""
        on, among = self._number(VKG + "completeOn"), self._number(VKG + "completeAmong")
        if on is None or among is None:
            return False
        tables = {table for table, _ in self._snapshot.subjects(among, object_)}
        return any(table in tables for table, _ in self._snapshot.subjects(on, property_))

    def definition(self, class_: int) -> tuple[int, int, int] | None:
        """Return (base class, property, value) if a class is defined as the things of another with a value."""
        forms = [class_, *self._objects(class_, OWL + "equivalentClass")]
        if not any(self._objects(form, OWL + "intersectionOf") for form in forms):
            return None
        parts = self._objects(class_, RDFS + "subClassOf")
        restrictions = [part for part in parts if self._objects(part, OWL + "hasValue")]
        bases = [part for part in parts if part not in (*restrictions, *forms)]
        for found in filter(None, map(self.restriction, restrictions)):
            for base in bases:
                if all(other in self.superclasses(base) for other in bases):
                    return base, *found
        return None

    def restriction(self, class_: int) -> tuple[int, int] | None:
        """Return (property, value) of a hasValue restriction, None for any other class."""
        for property_ in self._objects(class_, OWL + "onProperty"):
            for value in self._objects(class_, OWL + "hasValue"):
                return property_, value
        return None

    def facets(self, verb_owner: int) -> tuple[int, int, list[int]] | None:
        """Return (subject property, aspect property, value properties) of a class of cells."""
        subjects = self._objects(verb_owner, VKG + "facetSubject")
        aspects = self._objects(verb_owner, VKG + "facetObject")
        values = self._objects(verb_owner, VKG + "facetValue")
        return (subjects[0], aspects[0], values) if subjects and aspects and values else None

    def disputed(self, term: int) -> list[tuple[int, int, int | None]]:
        """Return (subject, property, object or None) of each side of a dispute, the positive one first."""
        subjects = self._objects(term, VKG + "disputedSubject")
        properties = self._objects(term, VKG + "disputedProperty")
        objects: list[int] | list[None] = self._objects(term, VKG + "disputedObject") or [None]
        ordered = sorted(properties, key=lambda property_: bool(self._objects(property_, VKG + "contraryOf")))
        return [(s, p, o) for s in subjects for p in ordered for o in objects]

    def named(self, iri: str) -> int | None:
        """Return the number of an IRI."""
        return self._number(iri)

    def examples(self) -> list[str]:
        """Return the example questions that the ontologies give."""
        return sorted({text for term in self.having(SKOS + "example") for text in self.texts(term, SKOS + "example")})

    def alternative_labels(self, term: int) -> list[str]:
        """Return the other names of a term."""
        return self.texts(term, SKOS + "altLabel")

    def names(self, term: int) -> list[str]:
        """Return all names of a term, those that are only understood too."""
        return [text for kind in (LABEL, SKOS + "altLabel", SKOS + "hiddenLabel") for text in self.texts(term, kind)]

    def _number(self, iri: str) -> int | None:
        return self._snapshot.iri_number(iri)

    def _objects(self, subject: int, predicate: str) -> list[int]:
        number = self._number(predicate)
        if number is None:
            return []
        return list(dict.fromkeys(object_ for object_, _ in self._snapshot.objects(subject, number)))

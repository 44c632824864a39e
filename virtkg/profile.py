"""All about a thing, and things side by side.

Knows: which facts of a thing a reader wants, and what counts as a difference.
Must not know: questions, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Container
from typing import Final

from virtkg.answer import Field, Note, Row, Value, Verdict
from virtkg.by_version import ByVersion
from virtkg.cells import CellTable
from virtkg.evidence import Evidence
from virtkg.language.schema import LABEL, TYPE, Schema
from virtkg.language.words import listed
from virtkg.lineage import Lineage
from virtkg.namespaces import OWL, SKOS, VKG
from virtkg.record import replace
from virtkg.snapshot.facts import Facts
from virtkg.values import Values

_DEFINITION: Final = SKOS + "definition"
_SAID: Final = {SKOS + "altLabel": "also called", SKOS + "scopeNote": "note"}
_HIDDEN: Final = frozenset({LABEL, _DEFINITION, TYPE, OWL + "sameAs"})


class Profiler:
    """Describes and compares the things of a snapshot."""

    def __init__(self, snapshot: Facts, schema: Schema, evidence: Evidence, values: Values) -> None:
        self._snapshot = snapshot
        self._schema = schema
        self._evidence = evidence
        self._values = values
        self._by_version = ByVersion(schema, Lineage(snapshot, schema))

    def describe(self, thing: int) -> tuple[Row, tuple[Note, ...]]:
        """Return a thing with all its labelled properties, its own first, then those that point to it."""
        fields = [*self._kinds(thing), *self._of_class(thing), *self._own(thing), *self._pointing(thing)]
        sources = dict.fromkeys(source for field in fields for value in field.values for source in value.sources)
        disputed = any(value.verdict is Verdict.DISPUTED for field in fields for value in field.values)
        definition = self._schema.texts(thing, _DEFINITION)
        notes = tuple(Note("I708", text) for text in definition)
        row = Row(
            self._schema.label(thing),
            self._snapshot.iri(thing),
            Verdict.DISPUTED if disputed else Verdict.YES,
            False,
            tuple(sources),
            tuple(fields),
        )
        return row, notes

    def compare(
        self, things: list[int], part: str = "all", by: Collection[int] = ()
    ) -> tuple[tuple[Row, ...], tuple[Note, ...]]:
        """Return one row for each property or yes-or-no relation: differing, equal, then unknown for some.

        `part` leaves only those that differ ("differing") or are equal ("common"),
        `by` only those about some things and properties, and things of some classes.
        """
        groups: tuple[list[Row], list[Row], list[Row]] = ([], [], [])
        cells = CellTable(self._snapshot, self._schema, self._values, things)
        about: set[int] = set()
        for row in [*self._relations(things), *self._properties(things, cells), *self._aspects(things, cells)]:
            found = self._among(row, by)
            about |= found
            if found or not by:
                groups[_group(row)].append(row)
        names = ("differ", "are the same", "are not known for all")
        notes = tuple(
            Note(f"I71{number}", f"{len(rows)} {names[number]}: " + ", ".join(sorted(row.label for row in rows)))
            for number, rows in enumerate(groups)
            if rows
        )
        unsaid = [self._schema.label(term) for term in dict.fromkeys(by) if term not in about]
        if unsaid:
            notes = (*notes, Note("I706", f"no source in the graph says of any of them: {', '.join(unsaid)}"))
        lines = listed([self._schema.label(thing) for thing in things if thing in self._by_version.told])
        if lines:
            notes = (*notes, Note("I730", f"told by version, where nothing is said of the line itself: {lines}"))
        shown = {"differing": groups[:1], "common": groups[1:2]}.get(part, groups)
        return tuple(row for group in shown for row in sorted(group, key=lambda row: row.label)), notes

    def _among(self, row: Row, by: Collection[int]) -> set[int]:
        """Return which of some things, properties and classes a row is about, through its values too."""
        number = self._snapshot.iri_number(row.iri)
        if number is None or not by:
            return set()
        return {number, *self._schema.types(number), *self._schema.ranges(number)}.intersection(by)

    def surplus(self, things: list[int], properties: set[int]) -> tuple[tuple[Row, ...], tuple[Note, ...]]:
        """Return what holds of the first thing and is denied of the second; what is not known of it, in a note.

        `properties` are those that count; without any, all do.
        """
        firm, open_ = [], []
        for row in sorted(self._relations(things, properties), key=lambda row: row.label):
            first, *others = (field.values[0].verdict for field in row.fields)
            if first in (Verdict.YES, Verdict.DISPUTED):
                if Verdict.NO in others or Verdict.DISPUTED in others:
                    firm.append(row)
                elif Verdict.UNKNOWN in others:
                    open_.append(row.label)
        other = self._schema.label(things[1])
        said = f"{len(open_)} more hold of {self._schema.label(things[0])} and are not known of {other}: "
        return tuple(firm), (Note("I713", said + ", ".join(open_)),) if open_ else ()

    # description

    def _kinds(self, thing: int) -> list[Field]:
        type_ = self._snapshot.iri_number(TYPE)
        if type_ is None:
            return []
        values = tuple(value for value in self._values.values(thing, type_) if self._is_named(value))
        return [Field("is a", values)] if values else []

    def _of_class(self, class_: int) -> list[Field]:
        """Return the kinds above and under a class, and how many things of it are held; nothing for a thing."""
        above = [kind for kind in self._schema.superclasses(class_) if kind != class_]
        under = self._schema.kinds(class_)
        fields = [Field(label, self._named(kinds)) for label, kinds in (("is a kind of", above), ("kinds", under))]
        held = len(self._schema.members(class_))
        if held:
            fields.append(Field("held", (Value(str(held), str(held), "", Verdict.YES, False, ()),)))
        return [field for field in fields if field.values]

    def _named(self, kinds: list[int]) -> tuple[Value, ...]:
        spoken = [kind for kind in self._schema.in_order(kinds) if self._schema.is_named(kind)]
        return tuple(
            Value(self._schema.label(kind), self._snapshot.iri(kind), "", Verdict.YES, False, ()) for kind in spoken
        )

    def _is_named(self, value: Value) -> bool:
        number = self._snapshot.iri_number(value.value)
        return number is not None and self._schema.is_named(number)

    def _own(self, thing: int) -> list[Field]:
        fields = []
        for predicate in self._predicates(thing):
            label = self._field_label(predicate)
            if label:
                fields.append(Field(label, self._values.values(thing, predicate)))
        return sorted(fields, key=lambda field: (field.label in _SAID.values(), field.label))

    def _predicates(self, thing: int) -> list[int]:
        """Return the properties that a thing has values of, itself or through its parts."""
        parts = [part for part in self._values.parts(thing) if part != thing]
        through = [p for part in parts for p, _, _ in self._snapshot.about(part) if self._schema.is_measure(p)]
        return list(dict.fromkeys([*(p for p, _, _ in self._snapshot.about(thing)), *through]))

    def _pointing(self, thing: int) -> list[Field]:
        fields: dict[str, list[Value]] = {}
        for predicate, subject in dict.fromkeys((p, s) for p, s, _ in self._snapshot.pointing_to(thing)):
            label = self._field_label(predicate)
            if label and self._schema.texts(subject, LABEL):
                value = self._values.value(subject, predicate, thing)
                text = self._schema.label(subject)
                passive = self._schema.forms(predicate, "passive")
                by = next((form for form in passive if form.endswith("by")), f"← {label}")
                fields.setdefault(by, []).append(replace(value, text=text, value=self._snapshot.iri(subject)))
        return [
            Field(label, tuple(sorted(values, key=lambda value: value.text)))
            for label, values in sorted(fields.items())
        ]

    def _field_label(self, predicate: int) -> str:
        iri = self._snapshot.iri(predicate)
        if iri in _HIDDEN or self._schema.marks(predicate, VKG + "notDescribed"):
            return ""
        return _SAID.get(iri) or (self._schema.label(predicate) if self._schema.texts(predicate, LABEL) else "")

    # comparison

    def _relations(self, things: list[int], only: Container[int] = ()) -> list[Row]:
        """Return a row for each thing that some subject is related to by a property that can be denied."""
        rows = []
        contrary_of = self._snapshot.iri_number(VKG + "contraryOf")
        pairs = [] if contrary_of is None else [(p, n) for n, p, _ in self._snapshot.column(contrary_of)]
        chosen = [pair for pair in set(pairs) if not only or pair[0] in only]
        for positive, negative in sorted(chosen, key=lambda pair: self._schema.label(pair[0])):
            told = [one for thing in things for one in (thing, *self._by_version.versions(thing))]
            objects = {o for thing in told for p in (positive, negative) for o, _ in self._snapshot.objects(thing, p)}
            for object_ in objects:
                fields = tuple(self._yes_or_no(thing, positive, negative, object_) for thing in things)
                rows.append(self._row(f"{self._schema.label(positive)} {self._schema.label(object_)}", fields, object_))
        return rows

    def _yes_or_no(self, thing: int, positive: int, negative: int, object_: int) -> Field:
        said = self._by_version.values(thing, lambda one: self._said(one, positive, negative, object_))
        return Field(self._schema.label(thing), said or (_unknown(),))

    def _said(self, thing: int, positive: int, negative: int, object_: int) -> tuple[Value, ...]:
        pro, contra = (thing, positive, object_), (thing, negative, object_)
        holds, denied = self._evidence.holds(pro), self._evidence.holds(contra)
        if not holds and not denied:
            return ()
        facts = [fact for fact, found in ((pro, holds), (contra, denied)) if found]
        disputed = (holds and denied) or any(self._evidence.is_disputed(fact) for fact in facts)
        verdict = Verdict.DISPUTED if disputed else Verdict.YES if holds else Verdict.NO
        sources = self._evidence.cited(facts)
        inferred = all(self._evidence.is_inferred(fact) for fact in facts)
        return (Value(str(verdict), str(verdict), "", verdict, inferred, sources),)

    def _aspects(self, things: list[int], cells: CellTable) -> list[Row]:
        """Return a row for each value that cells say of an aspect, such as the technique of a resource."""
        rows = []
        for aspect, property_, found in cells.lines():
            fields = tuple(
                Field(self._schema.label(thing), values or (_unknown(),))
                for thing, values in zip(things, found, strict=True)
            )
            rows.append(self._row(f"{self._schema.label(aspect)}: {self._schema.label(property_)}", fields, aspect))
        return rows

    def _properties(self, things: list[int], cells: CellTable) -> list[Row]:
        denied = set(self._schema.having(VKG + "contraryOf"))
        contrary_of = self._snapshot.iri_number(VKG + "contraryOf")
        denied |= set() if contrary_of is None else {p for _, p, _ in self._snapshot.column(contrary_of)}
        predicates = dict.fromkeys(p for thing in things for p in self._predicates(thing))
        # Of a version, its date or maker compares nothing; its limits do.
        versions = [version for thing in things for version in self._by_version.versions(thing)]
        predicates |= dict.fromkeys(
            p for version in versions for p in self._predicates(version) if self._schema.is_number(p)
        )
        rows = []
        for predicate in predicates:
            label = self._field_label(predicate)
            if label and predicate not in denied and self._snapshot.iri(predicate) not in _SAID:
                fields = tuple(
                    Field(self._schema.label(thing), self._valued(thing, predicate) or (_unknown(),))
                    for thing in things
                )
                if not cells.say(value for field in fields for value in field.values):
                    rows.append(self._row(label, fields, predicate))
        return rows

    def _valued(self, thing: int, predicate: int) -> tuple[Value, ...]:
        if self._schema.is_number(predicate):
            return self._by_version.values(thing, lambda one: self._values.values(one, predicate), latest=True)
        return self._values.values(thing, predicate)

    def _row(self, label: str, fields: tuple[Field, ...], about: int) -> Row:
        every = [value for field in fields for value in field.values]
        disputed = any(value.verdict is Verdict.DISPUTED for value in every)
        sources = tuple(dict.fromkeys(source for value in every for source in value.sources))
        verdict = Verdict.DISPUTED if disputed else Verdict.YES
        return Row(label, self._snapshot.iri(about), verdict, False, sources, fields)


def _unknown() -> Value:
    return Value("not known", "", "", Verdict.UNKNOWN, False, ())


def _group(row: Row) -> int:
    """Return 0 if the fields of a row differ, 1 if they are equal, 2 if one is not known."""
    if any(value.verdict is Verdict.UNKNOWN for field in row.fields for value in field.values):
        return 2
    return 0 if len({frozenset(value.value for value in field.values) for field in row.fields}) > 1 else 1

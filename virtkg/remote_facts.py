"""The facts of a SPARQL endpoint, numbered and told as a snapshot tells its own.

Of the vocabulary (classes, properties, modules), and of what a thing is called, the
graph here speaks; all else is asked of the endpoint: each property once for all
things, the things of each class once, what is about one thing once.

Knows: which facts are the vocabulary's, and what an answer of an endpoint may hold.
Must not know: questions, or how an answer is put together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Variable

from virtkg.dates import is_date
from virtkg.diagnostics import SurroundingsError
from virtkg.language.algebra import Pattern, Select, write
from virtkg.language.schema import LABEL, TYPE, Schema
from virtkg.language.translate import TRUTH
from virtkg.namespaces import OWL, RDFS, XSD

if TYPE_CHECKING:
    from virtkg.language.algebra import Node
    from virtkg.snapshot.reader import Snapshot, TripleKey
    from virtkg.snapshot.terms import GroundTerm
    from virtkg.sparql.endpoint import Endpoint

_ANYTHING: Final = frozenset({OWL + "Thing", OWL + "NamedIndividual", RDFS + "Resource"})
_WHOLE: Final = frozenset({XSD + "integer", XSD + "nonNegativeInteger", XSD + "positiveInteger"})
_DIGITS: Final = 100
"""A longer number is none: reading it would take the time of its square."""
_SUBJECT, _PROPERTY, _OBJECT, _GRAPH = map(Variable, ("subject", "property", "object", "graph"))


class RemoteFacts:
    """What an endpoint holds; the numbers of terms that are known here are those of the snapshot.

    Its methods raise SurroundingsError S612 for an answer that cannot be, and what `Endpoint.query` raises.
    """

    def __init__(self, endpoint: Endpoint, snapshot: Snapshot) -> None:
        self._endpoint = endpoint
        self._here = snapshot
        self._schema = Schema(snapshot)
        self._new: list[GroundTerm] = []
        self._numbers: dict[GroundTerm, int] = {}
        self._type = snapshot.iri_number(TYPE)
        self._label = snapshot.iri_number(LABEL)
        self._columns: dict[int, _Column] = {}
        self._members: dict[int, list[tuple[int, int]]] = {}
        self._about: dict[int, list[TripleKey]] = {}
        self._pointing: dict[int, list[TripleKey]] = {}
        self._vocabulary_only: dict[int, bool] = {}

    # terms

    def term(self, number: int) -> GroundTerm:
        """Return the term with a number."""
        ours = self._here.term_count
        return self._here.term(number) if number < ours else self._new[number - ours]

    def iri(self, number: int) -> str:
        """Return the IRI with a number."""
        return self.term(number).value

    def number(self, term: GroundTerm) -> int | None:
        """Return the number of a term, None if neither the graph here nor an answer has it."""
        found = self._numbers.get(term)
        return self._here.number(term) if found is None else found

    def known(self, term: object) -> int:
        """Return the number of a term, which may be a new one."""
        assert isinstance(term, NamedNode | Literal)
        number = self.number(term)
        if number is None:
            number = self._numbers[term] = self._here.term_count + len(self._new)
            self._new.append(term)
        return number

    def iri_number(self, iri: str) -> int | None:
        """Return the number of an IRI, or None."""
        return self.number(NamedNode(iri))

    # facts

    def column(self, predicate: int) -> Iterator[TripleKey]:
        """Yield (subject, object, graph) of every fact with a predicate."""
        if self._is_here(predicate):
            yield from (row for row in self._here.column(predicate) if row[0] in self._vocabulary)
        if not self._is_of_vocabulary(predicate):
            yield from self._column(predicate).rows

    def objects(self, subject: int, predicate: int) -> Iterator[tuple[int, int]]:
        """Yield (object, graph) of every fact with a subject and a predicate."""
        if self._speaks_here(subject, predicate):
            yield from self._here.objects(subject, predicate)
        elif predicate == self._type:
            yield from ((object_, graph) for found, object_, graph in self.about(subject) if found == predicate)
        elif not self._is_of_vocabulary(predicate):
            yield from self._column(predicate).by_subject.get(subject, ())

    def subjects(self, predicate: int, object_: int) -> Iterator[tuple[int, int]]:
        """Yield (subject, graph) of every fact with a predicate and an object."""
        if self._is_here(predicate) and self._is_here(object_):
            yield from (row for row in self._here.subjects(predicate, object_) if row[0] in self._vocabulary)
        if predicate == self._type:
            yield from self._of_class(object_)
        elif not self._is_of_vocabulary(predicate):
            yield from self._column(predicate).by_object.get(object_, ())

    def about(self, subject: int) -> Iterator[TripleKey]:
        """Yield (predicate, object, graph) of every fact with a subject."""
        if subject in self._vocabulary:
            yield from self._here.about(subject)
            return
        if subject not in self._about:
            facts = self._facts(self.term(subject), _PROPERTY, _OBJECT)
            self._about[subject] = [(p, o, graph) for p, o, graph in facts]
        yield from self._about[subject]

    def pointing_to(self, object_: int) -> Iterator[TripleKey]:
        """Yield (predicate, subject, graph) of every fact with an object."""
        if self._is_here(object_):
            yield from (row for row in self._here.pointing_to(object_) if row[1] in self._vocabulary)
        if object_ not in self._pointing:
            facts = self._facts(_SUBJECT, _PROPERTY, self.term(object_))
            rows = sorted((p, s, graph) for s, p, graph in facts if s not in self._vocabulary)
            self._pointing[object_] = rows
        yield from self._pointing[object_]

    def graphs_of(self, subject: int, predicate: int, object_: int) -> list[int]:
        """Return the graphs in which a fact stands."""
        if predicate == self._type and not self._speaks_here(subject, predicate):
            return [graph for found, graph in self._of_class(object_) if found == subject]
        return [graph for found, graph in self.objects(subject, predicate) if found == object_]

    def derivation(self, fact: TripleKey) -> None:
        """Return None: what a conclusion rests on is not in an export."""

    # what an endpoint is asked

    def rows(self, query: Select) -> list[tuple[GroundTerm, ...]]:
        """Return the rows of a query with its variables in order, which the endpoint finds by itself."""
        rows: list[tuple[GroundTerm, ...]] = []
        for row in self._answer(query):
            if not all(isinstance(term, NamedNode | Literal) for term in row):
                raise self._odd("has a thing without a name")
            rows.append(row)  # type: ignore[arg-type]
            self.known(row[0])
        if query.variables[-1] == TRUTH:
            self._check(query, rows)
        return rows

    def _answer(self, query: Select) -> list[tuple[object, ...]]:
        found = self._endpoint.query(write(query))
        if set(found.variables) != set(query.variables) or any(None in row for row in found.rows):
            raise self._odd("lacks what was asked for", "the service may not know SPARQL 1.1")
        places = [found.variables.index(name) for name in query.variables]
        return [tuple(row[place] for place in places) for row in found.rows]

    def _check(self, query: Select, rows: Iterable[tuple[GroundTerm, ...]]) -> None:
        """Raise S612 unless each thing has one truth for each atom and for the whole, and is the one asked about."""
        truths: dict[GroundTerm, list[str]] = {}
        for thing, *found in rows:
            texts = [term.value for term in found]
            if not isinstance(thing, NamedNode) or not set(texts) <= {"0", "1", "2", "3"}:
                raise self._odd("has a truth or a thing that is none")
            if truths.setdefault(thing, texts) != texts:
                raise self._odd("contradicts itself")
        asked = {term for name, term in query.bindings if name == query.variables[0] and isinstance(term, NamedNode)}
        if asked and asked != truths.keys():
            raise self._odd("has not the one row asked for")

    def _odd(
        self, why: str, hint: str = "the service may not evaluate SPARQL 1.1 as it is written"
    ) -> SurroundingsError:
        return SurroundingsError("S612", f"the answer of the endpoint {self._endpoint.url} {why}", hint=hint)

    def _facts(self, subject: Node, predicate: NamedNode | Variable, object_: Node) -> list[tuple[int, ...]]:
        """Return facts as numbers of their open terms and of the graph; what has no name to cite is left out."""
        pattern = Pattern(subject, predicate, object_, _GRAPH)
        open_ = [node.value for node in (subject, predicate, object_, _GRAPH) if isinstance(node, Variable)]
        rows = self._answer(Select(tuple(open_), (pattern,)))
        return sorted(
            tuple(map(self.known, row)) for row in rows if all(isinstance(term, NamedNode | Literal) for term in row)
        )

    def _column(self, predicate: int) -> _Column:
        if predicate not in self._columns:
            facts = self._facts(_SUBJECT, NamedNode(self.iri(predicate)), _OBJECT)
            rows = [(s, o, graph) for s, o, graph in facts if s not in self._vocabulary]
            self._must_fit(predicate, {object_ for _, object_, _ in rows})
            self._columns[predicate] = _Column(rows)
        return self._columns[predicate]

    def _must_fit(self, predicate: int, values: Iterable[int]) -> None:
        """Raise S612 if a number or a date, as the vocabulary calls it, is none."""
        if not self._is_here(predicate):
            return
        whole = any(self._here.iri(range_) in _WHOLE for range_ in self._schema.ranges(predicate))
        fits = _is_whole if whole else is_date if self._schema.is_date(predicate) else None
        for value in values:
            if fits is not None and not fits(text := self.term(value).value):
                said = f"has “{text[:40]}” for {self._schema.label(predicate)}"
                raise self._odd(said, "the service may hold other data than an export of virtkg")

    def _of_class(self, class_: int) -> list[tuple[int, int]]:
        if class_ not in self._members:
            facts = self._facts(_SUBJECT, NamedNode(TYPE), self.term(class_))
            self._members[class_] = [(s, graph) for s, graph in facts if s not in self._vocabulary]
        return self._members[class_]

    # what is known here

    @cached_property
    def _vocabulary(self) -> frozenset[int]:
        """The classes, properties and modules that are described here."""
        if self._type is None:
            return frozenset()
        types = {
            class_: self._here.iri(class_) for class_ in {class_ for _, class_, _ in self._here.column(self._type)}
        }
        own = {c for c, iri in types.items() if iri.startswith((OWL, RDFS)) and iri not in _ANYTHING}
        return frozenset(thing for class_ in own for thing, _ in self._here.subjects(self._type, class_))

    def _is_of_vocabulary(self, predicate: int) -> bool:
        """Tell whether a property is used here, and of the vocabulary alone."""
        if predicate not in self._vocabulary_only:
            subjects = (
                {subject for subject, _, _ in self._here.column(predicate)} if self._is_here(predicate) else set()
            )
            self._vocabulary_only[predicate] = bool(subjects) and subjects <= self._vocabulary
        return self._vocabulary_only[predicate]

    def _is_here(self, term: int) -> bool:
        return term < self._here.term_count

    def _speaks_here(self, subject: int, predicate: int) -> bool:
        """Tell whether what the graph here says counts."""
        if subject in self._vocabulary:
            return True
        return predicate == self._label and self._is_here(subject) and any(self._here.objects(subject, predicate))


class _Column:
    """The facts with one property, found by either end."""

    def __init__(self, rows: list[TripleKey]) -> None:
        self.rows = rows
        self.by_subject: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        self.by_object: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for subject, object_, graph in rows:
            self.by_subject[subject].append((object_, graph))
            self.by_object[object_].append((subject, graph))


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < _DIGITS

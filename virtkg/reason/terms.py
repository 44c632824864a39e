"""Terms and facts as numbers.

Knows: how a number is given to a term, what a fact of numbers is, and which
terms can stand where. Must not know: rules, or how facts are kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, count
from typing import Any, Final, TypeAlias

import pyoxigraph as ox
from pyoxigraph import NamedNode, RdfFormat, Triple

from virtkg.namespaces import GENID, OWL, RDF, RDFS, XSD
from virtkg.rdf.table import TermTable

Fact: TypeAlias = tuple[int, int, int]
"""Relation, subject and object; NONE is the object of a member of a class."""

NONE: Final = -1
"""No term."""

ANY: Final = -1
"""The relation of a pattern whose predicate or class is open: its terms are subject, predicate and object."""

LITERAL: Final = 1
"""A kind of term: it can be no subject."""

BUILT_IN: Final = 2
"""A kind of term: what holds of the terms of RDF, RDFS, OWL and XSD themselves is no news."""

ODD: Final = 4
"""A kind of term: no fact can hold a triple term or a literal with a base direction."""

_BLANK: Final = f"<{GENID}blank/"
_BUILT_IN: Final = tuple(f"<{base}".encode() for base in (OWL, RDF, RDFS, XSD))


def of_property(number: int) -> int:
    """Return the relation of a property."""
    return 2 * number


def of_class(number: int) -> int:
    """Return the relation of the members of a class."""
    return 2 * number + 1


def is_class(relation: int) -> bool:
    """Tell whether a relation has members, not pairs."""
    return bool(relation & 1)


def owner(relation: int) -> int:
    """Return the number of the property or class."""
    return relation >> 1


def fact_of(type_: int, subject: int, predicate: int, object: int) -> Fact:
    """Return the fact of three terms; `type_` is rdf:type."""
    if predicate == type_:
        return of_class(object), subject, NONE
    return of_property(predicate), subject, object


def terms_of(type_: int, fact: Fact) -> tuple[int, int, int]:
    """Return the three terms of a fact; `type_` is rdf:type."""
    relation, subject, object_ = fact
    return (subject, type_, owner(relation)) if is_class(relation) else (subject, owner(relation), object_)


def kind_of(text: bytes) -> int:
    """Return what a term in N-Triples is: 0 for a thing, or LITERAL, BUILT_IN, ODD."""
    if text[:1] == b'"':
        return ODD if b'"@' in text and text.rpartition(b'"@')[2].find(b"--") > 0 else LITERAL
    if text[:2] == b"<<":
        return ODD
    return BUILT_IN if text.startswith(_BUILT_IN) else 0


class Terms:
    """The terms of a table as pyoxigraph has them, each made once.

    A blank node of a fact is a thing as any other: it appears under a Skolem
    IRI, since in a rule a blank node is a variable or something new.
    """

    def __init__(self, table: TermTable) -> None:
        self.table = table
        self._numbers: dict[object, int] = {}
        self._terms: dict[int, Any] = {}
        self._kinds: dict[int, int] = {}
        self.type = self.number(NamedNode(RDF + "type"))

    def number(self, term: object) -> int:
        """Return the number of a term, a new one if the table has none."""
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = self.table.intern(_text(term))
            self._terms[number] = term
        return number

    def term(self, number: int) -> Any:
        """Return the term of a number."""
        term = self._terms.get(number)
        if term is None:
            term = self._terms[number] = _parsed(self.table.texts[number])
        return term

    def kind(self, number: int) -> int:
        """Return what a term is; see `kind_of`."""
        kind = self._kinds.get(number)
        if kind is None:
            kind = self._kinds[number] = kind_of(self.table.texts[number])
        return kind

    def fact(self, triple: Triple) -> Fact:
        """Return a triple as a fact."""
        return fact_of(self.type, *(self.number(term) for term in (triple.subject, triple.predicate, triple.object)))

    def facts(self, triples: Iterable[Triple]) -> list[Fact]:
        """Return triples as facts, in order."""
        return [self.fact(triple) for triple in triples]

    def number_all(self, terms: Iterable[object]) -> None:
        """Give numbers to the terms that have none, in the order of their texts."""
        new = {_text(term): term for term in dict.fromkeys(terms) if term not in self._numbers}
        texts = sorted(new)
        for number, text in zip(self.table.intern_all(texts), texts, strict=True):
            self._terms[number] = term = new[text]
            self._numbers[term] = number

    def rows(self, quads: Iterable[tuple[object, object, object, object]]) -> list[tuple[int, int, int, int]]:
        """Return quads as the numbers of subject, predicate, object and graph."""
        # Each term is looked up once as what it is, and then as a number.
        seen: defaultdict[object, int] = defaultdict(count().__next__)
        rows = [(seen[s], seen[p], seen[o], seen[g]) for s, p, o, g in quads]
        self.number_all(seen)
        number = [self._numbers[term] for term in seen]
        return [(number[s], number[p], number[o], number[g]) for s, p, o, g in rows]

    def in_order(self, triples: Iterable[Triple]) -> list[Fact]:
        """Return triples as facts, each once, in an order that does not depend on that in which they come."""
        parts = [(triple.subject, triple.predicate, triple.object) for triple in triples]
        self.number_all(chain.from_iterable(parts))
        number = self._numbers
        return self.facts_of({(number[s], number[p], number[o]) for s, p, o in parts})

    def facts_of(self, rows: Iterable[tuple[int, int, int]]) -> list[Fact]:
        """Return facts, given as subject, predicate and object, in the order of these numbers."""
        return [fact_of(self.type, *row) for row in sorted(rows)]

    def row(self, fact: Fact) -> tuple[int, int, int]:
        """Return a fact as subject, predicate and object."""
        return terms_of(self.type, fact)

    def triple(self, fact: Fact) -> Triple:
        """Return a fact as a triple."""
        return Triple(*map(self.term, terms_of(self.type, fact)))


def _text(term: object) -> bytes:
    text = str(term)
    return (f"_:{text[len(_BLANK) : -1]}" if text.startswith(_BLANK) else text).encode()


def _parsed(text: bytes) -> Any:
    if text[:2] == b"_:":
        return NamedNode(f"{_BLANK[1:]}{text[2:].decode()}")
    if text[:1] == b"<" and text[:2] != b"<<":
        return NamedNode(text[1:-1].decode())
    (quad,) = ox.parse(b"<a:> <a:> " + text + b" .", format=RdfFormat.N_TRIPLES)
    return quad.object

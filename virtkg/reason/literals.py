"""Literals as facts have them, and as the store gives them back.

pyoxigraph keeps a number by its value: "007" comes back as "7", and every
kind of whole number as xsd:integer. A fact that a rule copies must not differ
from the one that it copies, and a premise must be a fact to the letter.

Knows: which form the store gives a literal. Must not know: rules.
"""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, Triple

from virtkg.namespaces import RDF, XSD

_KEPT: Final = frozenset({XSD + "string", RDF + "langString"})
_ANY: Final = NamedNode("urn:any")


class Forms:
    """Remembers the facts whose literal the store writes in another way."""

    def __init__(self) -> None:
        self._normal: dict[Literal, Literal] = {}
        self._written: dict[Triple, Triple] = {}

    def add(self, fact: Triple) -> None:
        """Remember a fact; of two that the store cannot tell apart, the first counts."""
        stored = self.stored(fact)
        if stored is not fact:
            self._written.setdefault(stored, fact)

    def stored(self, fact: Triple) -> Triple:
        """Return a fact as the store gives it back; the same object if it does not differ."""
        value = fact.object
        if not isinstance(value, Literal) or value.datatype.value in _KEPT:
            return fact
        normal = self._normal.get(value)
        if normal is None:
            normal = self._normal[value] = _round_trip(value)
        return fact if normal == value else Triple(fact.subject, fact.predicate, normal)

    def written(self, fact: Triple) -> Triple | None:
        """Return the fact that was added and that the store gives back like this one, or None."""
        return self._written.get(self.stored(fact))


def _round_trip(literal: Literal) -> Literal:
    store = ox.Store()
    store.add(Quad(_ANY, _ANY, literal))
    (quad,) = store
    assert isinstance(quad.object, Literal)
    return quad.object

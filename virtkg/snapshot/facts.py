"""What an answer reads facts from: a snapshot, or whoever else numbers terms and tells facts as it does.

Knows: nothing but the shape. Must not know: where facts are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from virtkg.snapshot.reader import TripleKey
    from virtkg.snapshot.terms import GroundTerm


class Facts(Protocol):
    """Facts over numbered terms; each comes once for each graph in which it stands, in the order of numbers."""

    def term(self, number: int) -> GroundTerm:
        """Return the term with a number."""

    def iri(self, number: int) -> str:
        """Return the IRI with a number."""

    def number(self, term: GroundTerm) -> int | None:
        """Return the number of a term, None if nothing is known of it."""

    def known(self, term: object) -> int:
        """Return the number of a term of which something is known."""

    def iri_number(self, iri: str) -> int | None:
        """Return the number of an IRI, or None."""

    def column(self, predicate: int) -> Iterator[TripleKey]:
        """Yield (subject, object, graph) of every fact with a predicate."""

    def objects(self, subject: int, predicate: int) -> Iterator[tuple[int, int]]:
        """Yield (object, graph) of every fact with a subject and a predicate."""

    def subjects(self, predicate: int, object_: int) -> Iterator[tuple[int, int]]:
        """Yield (subject, graph) of every fact with a predicate and an object."""

    def about(self, subject: int) -> Iterator[TripleKey]:
        """Yield (predicate, object, graph) of every fact with a subject."""

    def pointing_to(self, object_: int) -> Iterator[TripleKey]:
        """Yield (predicate, subject, graph) of every fact with an object."""

    def graphs_of(self, subject: int, predicate: int, object_: int) -> list[int]:
        """Return the graphs in which a fact stands."""

    def derivation(self, fact: TripleKey) -> tuple[int, list[TripleKey], list[int]] | None:
        """Return (rule, premises, absent patterns) of an inferred fact, None if it is not known."""

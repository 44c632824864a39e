"""Facts that cannot all be true under OWL: findings of the closure, at a fact that takes part in them.

Knows: where the facts of a proof stand. Must not know: how a contradiction is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from virtkg.finding import Check, Severity
from virtkg.namespaces import RDF
from virtkg.proof import Proof
from virtkg.validate.checks import Fault, Subject

CHECK: Final = Check(
    "facts-can-all-be-true",
    Severity.ERROR,
    "No facts contradict the axioms of the vocabulary; that sources contradict one another is a dispute, and no fault.",
    "leave out or correct one of these facts",
)


def run(given: Subject) -> Iterator[Fault]:
    """Yield each contradiction, placed where one of its facts stands: in a given file, if one does."""
    own: set[tuple[object, ...]] = {
        row[:3] for file in given.authored.files if file.path in given.given for row in file.rows
    }
    for side in given.graph.contradictions():
        leaves = list(side.proof.leaves())
        said = " and ".join(dict.fromkeys(leaf.text for leaf in leaves)) or "its value"
        at = min(leaves or [side.proof], key=lambda leaf: _rank(leaf, own))
        subject = at.fact.subject.value if isinstance(at.fact.subject, NamedNode) else ""
        graph = at.sources[0] if at.sources else ""
        yield Fault(CHECK, subject, f"cannot be so: {said}", at.fact.predicate.value, graph)


def _rank(leaf: Proof, own: set[tuple[object, ...]]) -> tuple[bool, bool]:
    """Put facts of given files first, then what is more than a class of a thing."""
    fact = leaf.fact
    return (fact.subject, fact.predicate, fact.object) not in own, fact.predicate.value == RDF + "type"

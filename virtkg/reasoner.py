"""A closure of any RDF in Python: triples in and out, proofs, and changes.

Knows: how triples of users become facts and back. Must not know: files'
syntaxes, or how a closure is computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from virtkg.infer import rules_of
from virtkg.namespaces import GENID
from virtkg.rdf.given import read_given
from virtkg.reason.columns import facts_of, grouped
from virtkg.reason.explain import Explained, Explainer
from virtkg.reason.maintain import Maintained
from virtkg.reason.terms import Fact, Terms
from virtkg.record import record

if TYPE_CHECKING:
    from virtkg.reason.maintain import Change

_BLANK = f"{GENID}blank/"


@record
class Reason:
    """Why a triple holds: the rule (IRI) that concludes it from `premises`; a given one has the rule "".

    `absent` are the patterns that match nothing, in N-Triples with ?variables.
    """

    triple: Triple
    rule: str
    premises: tuple[Reason, ...]
    absent: tuple[str, ...]


@record
class Changes:
    """The triples, given or inferred, that hold since a change, and those that no longer do.

    When everything had to be computed anew, as after a change of the schema,
    both are empty and `anew` is true.
    """

    added: frozenset[Triple]
    removed: frozenset[Triple]
    anew: bool


class Reasoner:
    """The closure of RDF files under OWL 2 RL and rules in SPARQL-RL, kept right while triples come and go.

    >>> reasoner = Reasoner(["data.nt"], ["my.srl"])  # doctest: +SKIP
    >>> [str(triple) for triple in reasoner.inferred()]  # doctest: +SKIP

    Triples are pyoxigraph's.
    """

    def __init__(self, paths: Sequence[str], rules: Sequence[str] = (), *, owl: bool = True) -> None:
        """Read and close files; with `owl=False`, under the rules of the given SRL files only.

        Raises RdfError, RuleError, SurroundingsError and LimitReached.
        """
        given = read_given(paths, lambda *_: None)
        self._terms = Terms(given.table)
        facts = grouped(self._terms.type, given.subjects, given.predicates, given.objects)
        self._kept = Maintained(self._terms, facts, rules_of(rules, owl))
        self._explainer: Explainer | None = None

    def __contains__(self, triple: Triple) -> bool:
        return self._fact(triple) in self._kept

    def __len__(self) -> int:
        """Return the number of triples, given and inferred."""
        closed = self._kept.closed
        return sum(len(closed.column(relation)) for relation in closed.relations())

    def inferred(self) -> Iterator[Triple]:
        """Yield each triple that was not given."""
        closed = self._kept.closed
        for relation in closed.relations():
            yield from map(self._triple, facts_of(relation, closed.inferred(relation)))

    def add(self, triples: Iterable[Triple]) -> Changes:
        """Add triples as given ones."""
        return self._changes(self._kept.add([self._fact(triple) for triple in triples]))

    def remove(self, triples: Iterable[Triple]) -> Changes:
        """Remove given triples; what still follows from others stays."""
        return self._changes(self._kept.remove([self._fact(triple) for triple in triples]))

    def why(self, triple: Triple) -> Reason | None:
        """Return a proof of least height, None if the triple does not hold."""
        if self._explainer is None:
            self._explainer = Explainer(self._kept.closed)
        explained = self._explainer.explain(self._fact(triple))
        return None if explained is None else self._reason(explained)

    def contradictions(self) -> Iterator[Reason]:
        """Yield why facts cannot all be true, once for each thing and rule."""
        found = self._kept.closed.findings
        for relation in found.relations():
            for fact in facts_of(relation, found.column(relation)):
                reason = self.why(self._triple(fact))
                assert reason is not None, "a contradiction has a proof"
                yield reason

    def _changes(self, change: Change) -> Changes:
        self._explainer = None
        added, removed = (frozenset(map(self._triple, facts)) for facts in (change.added, change.removed))
        return Changes(added, removed, change.anew)

    def _reason(self, explained: Explained) -> Reason:
        made: dict[int, Reason] = {}
        for part in explained.in_order():
            premises = tuple(made[id(premise)] for premise in part.premises)
            made[id(part)] = Reason(self._triple(part.fact), part.rule, premises, part.absent)
        return made[id(explained)]

    def _fact(self, triple: Triple) -> Fact:
        return self._terms.fact(Triple(_named(triple.subject), triple.predicate, _named(triple.object)))

    def _triple(self, fact: Fact) -> Triple:
        triple = self._terms.triple(fact)
        return Triple(_blank(triple.subject), triple.predicate, _blank(triple.object))


def _named(term: object) -> Any:
    return NamedNode(_BLANK + term.value) if isinstance(term, BlankNode) else term


def _blank(term: object) -> Any:
    if isinstance(term, NamedNode) and term.value.startswith(_BLANK):
        return BlankNode(term.value[len(_BLANK) :])
    assert isinstance(term, NamedNode | Literal)
    return term

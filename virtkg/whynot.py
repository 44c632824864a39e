"""A fact that does not hold → what rules lack to conclude it.

Reads the rules anew, for a snapshot keeps none: nobody but a reader who asks
why something is not so pays for it.

Knows: near misses of the reasoner, and what stands behind facts.
Must not know: how a near miss is found or shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from pyoxigraph import NamedNode, Triple

from virtkg.evidence import Evidence
from virtkg.grounds import Finder
from virtkg.inputs import Inputs, rule_files
from virtkg.language.canonical import Speaker
from virtkg.language.schema import Schema
from virtkg.namespaces import DISPUTED_GRAPH, INFERRED_GRAPH
from virtkg.proof import Proof, Prover
from virtkg.reason.nearest import Denied, Missing, Nearest, NearMiss, Open
from virtkg.record import record
from virtkg.rules.parse import read_rules
from virtkg.snapshot.reader import Snapshot, TripleKey

AT_MOST: Final = 5
"""How many rules are told for a fact."""


@record
class Gap:
    """A premise that no fact gives, as a pattern (N-Triples with ?variables) and in words.

    `rules` (IRIs) could derive it; `against` are proofs of facts that deny it.
    """

    pattern: str
    text: str
    rules: tuple[str, ...]
    against: tuple[Proof, ...]


@record
class Objection:
    """A pattern that no fact may match, with the proofs of facts that do."""

    pattern: str
    text: str
    facts: tuple[Proof, ...]


@record
class Lacking:
    """What a rule (IRI) lacks to conclude `fact`.

    `holds` are the proofs of the premises that are there, axioms first. `absent` are the
    patterns that no fact matches, as it should be, and `conditions` what the
    open variables of the missing premises must satisfy; each is a pair of the
    pattern and its words.
    """

    fact: Triple
    text: str
    rule: str
    holds: tuple[Proof, ...]
    missing: tuple[Gap, ...]
    denied: tuple[Objection, ...]
    absent: tuple[tuple[str, str], ...]
    conditions: tuple[tuple[str, str], ...]


class WhyNot:
    """Finds what is lacking in a snapshot that was made of some inputs."""

    def __init__(
        self, snapshot: Snapshot, schema: Schema, evidence: Evidence, speaker: Speaker, finder: Finder
    ) -> None:
        self._snapshot = snapshot
        self._schema = schema
        self._speaker = speaker
        self._finder = finder
        self._prover = Prover(snapshot, evidence, speaker)

    def lacking(self, facts: Sequence[Triple], inputs: Inputs) -> tuple[Lacking, ...]:
        """Return what comes nearest to each of some facts that do not hold, by the packaged and given rules.

        Raises RuleError if a rule file has changed and is no longer legal.
        """
        if not facts:
            return ()
        rules = [rule for path in (*rule_files(), *inputs.rules) for rule in read_rules(path)]
        nearest = Nearest(self._facts(given=False), rules, self._facts(given=True), self._is_likely)
        return tuple(lacking for fact in facts for lacking in islice(self._lacking(fact, nearest), AT_MOST))

    def _is_likely(self, premise: Open) -> bool:
        """Tell whether the things of a premise are of classes that its property is about."""
        subject, predicate, object_ = premise
        property_ = self._snapshot.number(predicate) if isinstance(predicate, NamedNode) else None
        if property_ is None:
            return True
        ends = (("domain", subject), ("range", object_))
        known = ((side, self._classes(end)) for side, end in ends)
        return all(not classes or self._schema.fits(property_, side, classes) for side, classes in known)

    def _classes(self, term: object) -> frozenset[int]:
        number = self._snapshot.number(term) if isinstance(term, NamedNode) else None
        return frozenset() if number is None else self._schema.types(number)

    def _facts(self, *, given: bool) -> list[Triple]:
        own = {self._snapshot.iri_number(graph) for graph in (INFERRED_GRAPH, DISPUTED_GRAPH)}
        found = {
            (subject, predicate, object_)
            for predicate in self._snapshot.predicates()
            for subject, object_, graph in self._snapshot.column(predicate)
            if not given or graph not in own
        }
        return [Triple(*(self._snapshot.term(term) for term in fact)) for fact in found]  # type: ignore[arg-type]

    def _lacking(self, fact: Triple, nearest: Nearest) -> Iterator[Lacking]:
        """Yield what the rules lack, the nearest first, but for what only says the fact in other terms."""
        text = self._speaker.fact(fact)
        for near in nearest.misses(fact):
            told = self._told(fact, text, near)
            if not near.unlikely and all(gap.text != text for gap in told.missing):
                yield told

    def _told(self, fact: Triple, text: str, near: NearMiss) -> Lacking:
        return Lacking(
            fact,
            text,
            near.rule,
            self._proofs((*near.axioms, *near.holds)),
            tuple(self._gap(part) for part in near.missing),
            tuple(self._objection(part) for part in near.denied),
            tuple((pattern, self._speaker.pattern(pattern)) for pattern in near.absent),
            tuple((pattern, self._speaker.pattern(pattern)) for pattern in near.conditions),
        )

    def _gap(self, missing: Missing) -> Gap:
        against: list[Proof] = []
        if missing.fact is not None:
            against = [proof for key in self._finder.of_fact(missing.fact).contra if (proof := self._prover.prove(key))]
        return Gap(missing.pattern, self._speaker.pattern(missing.pattern), missing.rules, tuple(against))

    def _objection(self, denied: Denied) -> Objection:
        return Objection(denied.pattern, self._speaker.pattern(denied.pattern), self._proofs(denied.facts))

    def _proofs(self, facts: Sequence[Triple]) -> tuple[Proof, ...]:
        return tuple(proof for fact in facts if (proof := self._prover.prove(self._key(fact))) is not None)

    def _key(self, fact: Triple) -> TripleKey:
        numbers = [self._snapshot.number(term) for term in (fact.subject, fact.predicate, fact.object)]  # type: ignore[arg-type]
        subject, predicate, object_ = numbers
        assert subject is not None and predicate is not None and object_ is not None, f"{fact} is a fact"
        return subject, predicate, object_

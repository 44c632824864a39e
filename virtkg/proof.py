"""A fact → Proof: a tree of rule applications whose leaves are stated facts.

Knows: derivations in a snapshot. Must not know: how a proof is shown, or how
the derivations were found.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Triple

from virtkg.evidence import Evidence
from virtkg.language.canonical import Speaker
from virtkg.record import record
from virtkg.snapshot.reader import Snapshot, TripleKey


@record
class Proof:
    """Why a fact holds.

    A leaf is stated: `rule` is "" and `sources` name the graphs (IRIs) that
    state it. A step names the rule (IRI) that concludes `fact` from
    `premises`; `absent` are the patterns that no fact matches (N-Triples with
    ?variables). `disputed` marks a fact that some source denies. `text` says
    the fact in words, `absences` the patterns.
    """

    fact: Triple
    text: str
    rule: str
    premises: tuple[Proof, ...]
    absent: tuple[str, ...]
    sources: tuple[str, ...]
    disputed: bool
    absences: tuple[str, ...] = ()

    def steps(self) -> Iterator[Proof]:
        """Yield the proof and all that it rests on, each once, what a step needs before the step."""
        done: set[int] = set()
        stack = [(self, False)]
        while stack:
            here, is_ready = stack.pop()
            if id(here) in done:
                continue
            if is_ready:
                done.add(id(here))
                yield here
            else:
                stack.append((here, True))
                stack += [(premise, False) for premise in reversed(here.premises)]

    def leaves(self) -> Iterator[Proof]:
        """Yield the stated facts that the proof rests on, each once, from left to right."""
        return (step for step in self.steps() if not step.rule)

    def height(self) -> int:
        """Return the number of rule applications on the longest way to a leaf."""
        heights: dict[int, int] = {}
        for step in self.steps():
            below = max((heights[id(premise)] for premise in step.premises), default=0)
            heights[id(step)] = below + 1 if step.rule else 0
        return heights[id(self)]

    def _repr_html_(self) -> str:
        from virtkg.present.html import proof

        return proof(self)


class Prover:
    """Builds proofs from the derivations of a snapshot; equal facts share one proof."""

    def __init__(self, snapshot: Snapshot, evidence: Evidence, speaker: Speaker) -> None:
        self._snapshot = snapshot
        self._evidence = evidence
        self._speaker = speaker
        self._proofs: dict[TripleKey, Proof] = {}

    def prove(self, fact: TripleKey) -> Proof | None:
        """Return the proof of a fact, or None if it does not hold."""
        if not self._evidence.holds(fact):
            return None
        stack = [fact]
        while stack:
            here = stack[-1]
            open_premises = [premise for premise in self._premises(here) if premise not in self._proofs]
            if open_premises:
                stack += open_premises
            else:
                self._proofs.setdefault(here, self._build(stack.pop()))
        return self._proofs[fact]

    def clash(self, finding: TripleKey, how: tuple[int, list[TripleKey], list[int]]) -> Proof:
        """Return the proof of a finding that facts cannot all be true."""
        rule, premises, _ = how
        for premise in premises:
            self.prove(premise)
        triple = Triple(*(self._snapshot.term(part) for part in finding))  # type: ignore[arg-type]
        below = tuple(self._proofs[premise] for premise in premises)
        return Proof(triple, "these facts cannot all be true", self._snapshot.iri(rule), below, (), (), True)

    def _premises(self, fact: TripleKey) -> list[TripleKey]:
        if self._evidence.graphs(fact):
            return []
        how = self._snapshot.derivation(fact)
        return [] if how is None else how[1]

    def _build(self, fact: TripleKey) -> Proof:
        triple = Triple(*(self._snapshot.term(part) for part in fact))  # type: ignore[arg-type]
        disputed = self._evidence.is_disputed(fact)
        stating = self._evidence.graphs(fact)
        if stating:
            sources = tuple(sorted(self._snapshot.iri(graph) for graph in stating))
            return Proof(triple, self._speaker.fact(triple), "", (), (), sources, disputed)
        how = self._snapshot.derivation(fact)
        assert how is not None, "a fact that nothing states has a derivation"
        rule, premises, absent = how
        patterns = tuple(self._snapshot.term(pattern).value for pattern in absent)
        return Proof(
            triple,
            self._speaker.fact(triple),
            self._snapshot.iri(rule),
            tuple(self._proofs[premise] for premise in premises),
            patterns,
            (),
            disputed,
            tuple(self._speaker.pattern(pattern) for pattern in patterns),
        )

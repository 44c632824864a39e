"""What stands behind a fact: sources, disputes, derivations, values as written.

Knows: the graphs of a snapshot and statement nodes.
Must not know: questions, SPARQL, or how anything is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from virtkg.language.schema import LABEL, TYPE, Schema
from virtkg.namespaces import DISPUTED_GRAPH, INFERRED_GRAPH, OWL, RDF, SKOS, VKG, source_slug
from virtkg.record import record
from virtkg.snapshot.facts import Facts
from virtkg.snapshot.reader import TripleKey

_MAX_RANK: Final = 99


@record
class Remark:
    """What a source adds to a fact: the value as written, where, and notes ("" if not).

    `bounds` say of what, from when and until when the fact holds, and on what it rests.
    """

    source: str
    as_written: str
    locator: str
    note: str
    bounds: str = ""

    @property
    def said(self) -> str:
        """All but the value as written, in one line."""
        return "; ".join(part for part in (self.bounds, self.locator, self.note) if part)


class Evidence:
    """Looks up what stands behind the facts of a snapshot."""

    def __init__(self, snapshot: Facts, schema: Schema) -> None:
        self._snapshot = snapshot
        self._schema = schema
        self._inferred = snapshot.iri_number(INFERRED_GRAPH)
        self._disputed = snapshot.iri_number(DISPUTED_GRAPH)
        self._type = snapshot.iri_number(TYPE)
        self._ontology = snapshot.iri_number(OWL + "Ontology")
        self._ranks: dict[int, int] = {}
        self._modules: dict[int, bool] = {}
        self._leaves: dict[TripleKey, frozenset[int]] = {}

    def graphs(self, fact: TripleKey) -> list[int]:
        """Return the graphs that state a fact; none if it is only inferred."""
        own = (self._inferred, self._disputed)
        return [graph for graph in self._snapshot.graphs_of(*fact) if graph not in own]

    def holds(self, fact: TripleKey) -> bool:
        """Tell whether a fact is stated or inferred."""
        return bool(self._snapshot.graphs_of(*fact))

    def is_disputed(self, fact: TripleKey) -> bool:
        """Tell whether a fact is a side of a dispute, or rests on one."""
        return self._disputed in self._snapshot.graphs_of(*fact)

    def is_inferred(self, fact: TripleKey) -> bool:
        """Tell whether no source states a fact."""
        return not self.graphs(fact)

    def sources(self, fact: TripleKey) -> list[int]:
        """Return the sources that state a fact, or the leaves of its derivation, the most trusted first.

        What only says of which class a thing is, is no citation for a conclusion.
        """
        stating = self.graphs(fact)
        return self.in_order(set(stating) if stating else set(self._rested_on(fact)))

    def _rested_on(self, fact: TripleKey) -> frozenset[int]:
        """Return the sources of the leaves of a derivation; what is passed on step by step has most of it in common."""
        stack = [fact]
        while stack:
            here = stack[-1]
            how = self._snapshot.derivation(here)
            premises = how[1] if how is not None else []
            inferred = [premise for premise in premises if not self.graphs(premise)]
            missing = [premise for premise in inferred if premise not in self._leaves]
            if missing:
                stack += missing
                continue
            stating = {graph for premise in premises if premise[1] != self._type for graph in self.graphs(premise)}
            self._leaves[stack.pop()] = frozenset(stating).union(*(self._leaves[premise] for premise in inferred))
        return self._leaves[fact]

    def in_order(self, graphs: set[int]) -> list[int]:
        """Return the graphs that are sources, the most trusted first; modules of the vocabulary are none."""
        sources = [graph for graph in graphs if not self._is_module(graph)]
        return sorted(sources, key=lambda graph: (self._rank(graph), self._snapshot.iri(graph)))

    def cited(self, facts: Iterable[TripleKey]) -> tuple[str, ...]:
        """Return the names of the sources of some facts, the most trusted first."""
        return self.slugs({graph for fact in facts for graph in self.sources(fact)})

    def slugs(self, graphs: set[int]) -> tuple[str, ...]:
        """Return the names of the graphs that are sources, the most trusted first."""
        return tuple(map(self.slug, self.in_order(graphs)))

    def slug(self, graph: int) -> str:
        """Return the name by which a source is cited."""
        return source_slug(self._snapshot.iri(graph))

    def noted(self, thing: int) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield what sources note of a thing in their words, each text with those that do."""
        note = self._snapshot.iri_number(SKOS + "scopeNote")
        stated = [] if note is None else list(self._snapshot.objects(thing, note))
        for text in dict.fromkeys(text for text, _ in stated):
            yield self._schema.text_of(text), self.slugs({graph for found, graph in stated if found == text})

    def title(self, graph: int) -> str:
        """Return the label of a source, or its slug."""
        texts = self._schema.texts(graph, LABEL)
        return texts[0] if texts else self.slug(graph)

    def remarks(self, fact: TripleKey) -> Iterator[Remark]:
        """Yield what the statement nodes of a fact add, source by source."""
        parts = [self._snapshot.iri_number(RDF + name) for name in ("subject", "predicate", "object")]
        if None in parts:
            return
        subject, predicate, object_ = parts
        assert subject is not None and predicate is not None and object_ is not None
        for node, graph in self._snapshot.subjects(subject, fact[0]):
            if (fact[1], graph) in self._snapshot.objects(node, predicate) and (
                fact[2],
                graph,
            ) in self._snapshot.objects(node, object_):
                written, locator, note = (
                    "; ".join(self._schema.texts(node, VKG + name)) for name in ("asWritten", "locator", "note")
                )
                yield Remark(self.slug(graph), written, locator, note, self._bounds(node))

    def _bounds(self, node: int) -> str:
        """Return in words what bounds a statement: each bound by the label of its annotation."""
        said = []
        for annotation in self._schema.having(VKG + "boundsStatements"):
            found = [self._schema.text_of(object_) for object_, _ in self._snapshot.objects(node, annotation)]
            if found:
                form = next(iter(self._schema.texts(annotation, VKG + "boundsStatements")))
                said.append(f"{form} {', '.join(sorted(dict.fromkeys(found)))}")
        return "; ".join(said)

    def _is_module(self, graph: int) -> bool:
        if graph not in self._modules:
            known = self._type is not None and self._ontology is not None
            self._modules[graph] = known and bool(self._snapshot.graphs_of(graph, self._type or 0, self._ontology or 0))
        return self._modules[graph]

    def _rank(self, graph: int) -> int:
        if graph not in self._ranks:
            self._ranks[graph] = self._find_rank(graph)
        return self._ranks[graph]

    def _find_rank(self, graph: int) -> int:
        kind, rank = self._snapshot.iri_number(VKG + "sourceKind"), self._snapshot.iri_number(VKG + "trustRank")
        if kind is None or rank is None:
            return _MAX_RANK
        for of_kind, _ in self._snapshot.objects(graph, kind):
            for number, _ in self._snapshot.objects(of_kind, rank):
                text = self._snapshot.term(number).value
                return int(text) if text.isascii() and text.isdigit() else _MAX_RANK
        return _MAX_RANK

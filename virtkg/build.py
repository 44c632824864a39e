"""Inputs → snapshot: read, infer, judge, collect the words.

Knows: the order of the stages. Must not know: how any of them works.
"""

from __future__ import annotations

import gc
from difflib import get_close_matches
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from virtkg.diagnostics import UnknownTerm
from virtkg.inputs import Inputs, fact_files, rule_files, vocabulary_files
from virtkg.language.lexicon import word_rows
from virtkg.language.parse import grammar_tables
from virtkg.namespaces import DISPUTED_GRAPH, INFERRED_GRAPH, OWL, RDF, SRC, source_slug
from virtkg.rdf.read import read_file, read_files
from virtkg.reason.closure import Closure, close
from virtkg.reason.disputes import judge
from virtkg.rules.parse import read_rules
from virtkg.rules.syntax import Rule
from virtkg.snapshot.writer import Contents, write

_TYPE: Final = NamedNode(RDF + "type")
_ONTOLOGY: Final = NamedNode(OWL + "Ontology")


def build(inputs: Inputs, key: bytes) -> bytes:
    """Return the snapshot of the packaged graph with some inputs.

    Raises RdfError, RuleError, SurroundingsError, and UnknownTerm for a source
    that no graph has.
    """
    gc.enable()
    given = _quads(inputs)
    quads = _believed(given, inputs.sources)
    rules = [rule for path in (*rule_files(), *inputs.rules) for rule in read_rules(path)]
    facts = sorted({Triple(quad.subject, quad.predicate, quad.object) for quad in quads}, key=str)
    judged = judge(facts, rules, _close(facts, rules, inputs.engine))
    inferred, disputed = NamedNode(INFERRED_GRAPH), NamedNode(DISPUTED_GRAPH)
    every = [*quads]
    every += [_in_graph(fact, inferred) for fact in judged.closure.inferred]
    every += [_in_graph(fact, disputed) for fact in judged.disputed]
    # A thing keeps its name when the sources that say what it is are left out.
    types = [quad for quad in given if quad.predicate == _TYPE]
    contents = Contents(
        frozenset(every), judged.closure.inferred, judged.closure.clashes, word_rows([*every, *types]), grammar_tables()
    )
    return write(contents, key)


def _in_graph(fact: Triple, graph: NamedNode) -> Quad:
    return Quad(fact.subject, fact.predicate, fact.object, graph)


def _close(facts: list[Triple], rules: list[Rule], engine: str) -> Closure:
    if engine == "owlrl":
        from virtkg.reason.owlrl_engine import close_with_owlrl

        return close_with_owlrl(facts, rules)
    return close(facts, rules)


def _quads(inputs: Inputs) -> list[Quad]:
    quads: list[Quad] = []
    for path in vocabulary_files():
        quads += _in_module(read_file(path))
    for path in fact_files():
        quads += read_file(path)
    return quads + read_files(inputs.data)


def _in_module(quads: list[Quad]) -> list[Quad]:
    """Move the facts of a vocabulary file into the graph of the ontology that it declares."""
    modules = [quad.subject for quad in quads if quad.predicate == _TYPE and quad.object == _ONTOLOGY]
    if not modules or not isinstance(modules[0], NamedNode):
        return quads
    return [Quad(quad.subject, quad.predicate, quad.object, modules[0]) for quad in quads]


def _believed(quads: list[Quad], slugs: tuple[str, ...]) -> list[Quad]:
    """Keep the facts of the chosen sources, and the vocabulary."""
    if not slugs:
        return quads
    graphs = {graph.value for quad in quads if isinstance(graph := quad.graph_name, NamedNode)}
    known = {source_slug(graph): graph for graph in graphs if graph.startswith(SRC)}
    for slug in slugs:
        if slug not in known:
            near = get_close_matches(slug, known, n=3)
            raise UnknownTerm(
                "E201",
                f"no source is called “{slug}”",
                hint="see the sources with: virtkg query sources",
                suggestions=tuple(near),
            )
    chosen = {known[slug] for slug in slugs}
    return [
        quad
        for quad in quads
        if isinstance(quad.graph_name, NamedNode)
        and (quad.graph_name.value in chosen or not quad.graph_name.value.startswith(SRC))
    ]

"""Inputs → snapshot: read, infer, judge, collect the words.

Knows: the order of the stages. Must not know: how any of them works.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable
from itertools import chain
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Triple

from virtkg.diagnostics import UnknownTerm
from virtkg.inputs import Inputs, fact_files, rule_files, vocabulary_files
from virtkg.language.grammar import grammar_tables
from virtkg.language.lexicon import word_rows
from virtkg.namespaces import DISPUTED_GRAPH, INFERRED_GRAPH, OWL, RDF, SRC, source_slug
from virtkg.rdf.read import Row, read_file, read_files
from virtkg.rdf.table import TermTable
from virtkg.reason.closure import Derivation, evaluate, numbered
from virtkg.reason.disputes import judge
from virtkg.reason.terms import Fact, Terms
from virtkg.rules.parse import read_rules
from virtkg.rules.syntax import Rule
from virtkg.snapshot.reader import TripleKey
from virtkg.snapshot.writer import Contents, write

_TYPE: Final = NamedNode(RDF + "type")
_ONTOLOGY: Final = NamedNode(OWL + "Ontology")

_Derivations: TypeAlias = "dict[TripleKey, Derivation[TripleKey]]"
_Row: TypeAlias = tuple[int, int, int, int]
"""Subject, predicate, object, and the graph that states the fact."""


def build(inputs: Inputs, key: bytes) -> bytes:
    """Return the snapshot of the packaged graph with some inputs.

    Raises RdfError, RuleError, SurroundingsError, and UnknownTerm for a source
    that no graph has.
    """
    terms = Terms(TermTable())
    given = _rows(inputs, terms)
    rows = _believed(given, inputs.sources, terms)
    rules = [rule for path in (*rule_files(), *inputs.rules) for rule in read_rules(path)]
    facts = terms.facts_of({row[:3] for row in rows})
    run = evaluate(terms, facts, rules)
    judged = judge(run, terms)
    derivations, clashes = (numbered(steps, run, terms) for steps in (judged.steps, run.clashes))
    if inputs.engine == "owlrl":
        derivations, clashes = _by_owlrl(facts, rules, terms, derivations)
    every = {*rows, *_in_graph(derivations, INFERRED_GRAPH, terms)}
    every.update(_in_graph((terms.row(fact) for fact in judged.disputed), DISPUTED_GRAPH, terms))
    # A thing keeps its name when the sources that say what it is are left out.
    types = [row for row in given if row[1] == terms.type]
    words = word_rows(((s, p, o) for s, p, o, _ in chain(every, types)), terms)
    return write(Contents(terms.term, every, derivations, clashes, words, grammar_tables()), key)


def _in_graph(facts: Iterable[TripleKey], graph: str, terms: Terms) -> list[_Row]:
    number = terms.number(NamedNode(graph))
    return [(*fact, number) for fact in facts]


def _by_owlrl(
    facts: list[Fact], rules: list[Rule], terms: Terms, own: _Derivations
) -> tuple[_Derivations, _Derivations]:
    """Return what the reference engine infers and finds; it tells of no fact how, so that its own derivation stays."""
    from virtkg.reason.owlrl_engine import close_with_owlrl

    gc.enable()  # rdflib leaves much garbage that holds itself

    def row(fact: Triple) -> TripleKey:
        return terms.row(terms.fact(fact))

    closure = close_with_owlrl([terms.triple(fact) for fact in facts], rules)
    inferred, clashes = (
        {row(fact): Derivation(how.rule, tuple(map(row, how.premises)), how.absent) for fact, how in found.items()}
        for found in (closure.inferred, closure.clashes)
    )
    return {fact: own.get(fact, how) for fact, how in inferred.items()}, clashes


def _rows(inputs: Inputs, terms: Terms) -> list[_Row]:
    """Return what is stated, each term as a number."""
    rows: list[Row] = []
    for path in vocabulary_files():
        rows += in_module(read_file(path))
    for path in fact_files():
        rows += read_file(path)
    return terms.rows(rows + read_files(inputs.data))


def in_module(rows: list[Row]) -> list[Row]:
    """Return the facts of a file in the graph of the ontology that it declares, as they are if it declares none."""
    modules = [row[0] for row in rows if row[2] == _ONTOLOGY and row[1] == _TYPE]
    return [(*row[:3], modules[0]) for row in rows] if modules else rows


def _believed(rows: list[_Row], slugs: tuple[str, ...], terms: Terms) -> list[_Row]:
    """Keep the facts of the chosen sources, and the vocabulary."""
    if not slugs:
        return rows
    graphs = {number: terms.term(number).value for number in {row[3] for row in rows}}
    sources = {number: graph for number, graph in graphs.items() if graph.startswith(SRC)}
    known = {source_slug(graph): number for number, graph in sources.items()}
    for slug in slugs:
        if slug not in known:
            from difflib import get_close_matches

            near = get_close_matches(slug, known, n=3)
            raise UnknownTerm(
                "E201",
                f"no source is called “{slug}”",
                hint="see the sources with: virtkg query sources",
                suggestions=tuple(near),
            )
    left_out = sources.keys() - {known[slug] for slug in slugs}
    return [row for row in rows if row[3] not in left_out]

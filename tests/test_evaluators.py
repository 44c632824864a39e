"""Many generated questions, each judged by virtkg's query, by the closure without SPARQL, and by rdflib.

VIRTKG_MANY says how many, a few hundred if it does not, and VIRTKG_SEED which. rdflib, which takes
nearly all the time, is asked every third.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

import pytest
from any_question import Asker
from naive import Closure
from pyoxigraph import Literal, NamedNode
from rdflib import Dataset, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Identifier

from virtkg.columns import run
from virtkg.graph import KnowledgeGraph
from virtkg.language.algebra import Select, write
from virtkg.language.categories import Category
from virtkg.language.conditions import ComparedWith, Junction, Member, Not, Related, ResolvedNoun
from virtkg.language.resolved import ResolvedAsk, ResolvedList
from virtkg.language.schema import Schema
from virtkg.language.translate import DISPUTED, NO, UNKNOWN, YES, translate
from virtkg.namespaces import DISPUTED_GRAPH, ID, RDF, VKG
from virtkg.snapshot.reader import Snapshot
from virtkg.snapshot.terms import GroundTerm
from virtkg.snapshot.writer import Contents
from virtkg.snapshot.writer import write as write_snapshot

MANY: Final = int(os.environ.get("VIRTKG_MANY", "300"))
SEED: Final = int(os.environ.get("VIRTKG_SEED", "1"))
KEY: Final = bytes(32)
LINES: Final = ("xenserver", "rhev", "microsoft-hyper-v")
"""Whose versions are in the small graph."""


def spoken(whole: Snapshot, snapshot: Snapshot) -> dict[Category, set[int]]:
    """Return the terms that each category of words names, as a snapshot numbers them; the words are the whole's."""
    found: dict[Category, set[int]] = {category: set() for category in Category}
    for _, meanings in whole.phrases():
        for category, _, term in meanings:
            number = snapshot.iri_number(whole.iri(term))
            if number is not None:
                found[Category(category)].add(number)
    return found


def verdicts(query: Select, snapshot: Snapshot) -> dict[int, int]:
    """Return the verdict of each thing in the rows of a query."""
    found = {}
    for row in run(query, snapshot):
        thing = snapshot.number(row[0])
        assert thing is not None and thing not in found and isinstance(row[-1], Literal)
        found[thing] = int(row[-1].value)
    return found


def judged(meant: ResolvedList | ResolvedAsk, closure: Closure, snapshot: Snapshot) -> dict[int, int]:
    """Return the verdict on each thing that a question is about, found without a query."""
    if isinstance(meant, ResolvedAsk):
        thing = snapshot.number(meant.subject)
        assert thing is not None
        return {thing: closure.truth(meant.condition, thing)}
    return {thing: closure.truth(meant.noun.condition, thing) for thing in closure.things(meant.noun.class_)}


def test_the_query_and_the_closure_agree(kg: KnowledgeGraph) -> None:
    snapshot, closure = kg.snapshot, Closure(kg.snapshot)
    asker = Asker(snapshot, kg.asker.schema, spoken(snapshot, snapshot), SEED)
    seen: Counter[int] = Counter()
    about = set()
    for number, (topic, meant) in enumerate(islice(asker.questions(), MANY)):
        ours = verdicts(translate(meant), snapshot)
        assert ours == judged(meant, closure, snapshot), (number, meant)
        seen.update(ours.values())
        about.add(topic)
    assert MANY < 300 or (about == set(asker.abouts) and set(seen) == {YES, DISPUTED, UNKNOWN, NO})


def _vkg(name: str) -> NamedNode:
    return NamedNode(VKG + name)


TECHNIQUE: Final = Related(
    _vkg("cpuVirtualization"), inverse=False, object=NamedNode(ID + "paravirtualization"), contraries=(), single=True
)
PARAVIRTUALIZING: Final = Member(_vkg("ParavirtualizingSuite"), TECHNIQUE)
DISPUTED_OF_ONE: Final = Related(_vkg("cpuVirtualization"), True, NamedNode(ID + "hyper-v-2012"), (), single=False)
TECHNIQUE_OF_ONE: Final = Related(
    _vkg("usesTechnique"), False, ResolvedNoun(_vkg("Technique"), DISPUTED_OF_ONE), (), single=False
)
NOTHING_KNOWN: Final = Related(_vkg("manages"), False, NamedNode(ID + "nova-ironic"), (), single=False)
FOUND: Final = {
    "the scope of a part does not count when the part itself is asked": ResolvedNoun(
        _vkg("Profile"),
        ComparedWith(
            _vkg("maxMemoryPerHost"), ">=", NamedNode(ID + "hyper-v-2012"), (_vkg("profileOf"), _vkg("hasScope"))
        ),
    ),
    "not what leads to something disputed": ResolvedNoun(
        _vkg("Release"),
        Related(_vkg("introducesMode"), False, ResolvedNoun(_vkg("Mode"), Not(TECHNIQUE_OF_ONE)), (), single=False),
    ),
    "not one of what is disputed and what is unknown": ResolvedNoun(
        _vkg("Hypervisor"),
        Related(
            _vkg("usesHypervisor"),
            True,
            ResolvedNoun(_vkg("Suite"), Not(Junction("or", (Not(PARAVIRTUALIZING), NOTHING_KNOWN)))),
            (),
            single=False,
        ),
    ),
}
"""What generated questions brought to light."""


@pytest.mark.parametrize("case", FOUND)
def test_what_once_differed_agrees(case: str, kg: KnowledgeGraph) -> None:
    noun, closure = FOUND[case], Closure(kg.snapshot)
    meant = ResolvedList(noun, or_unknown=False)
    ours = verdicts(translate(meant), kg.snapshot)
    assert ours == judged(meant, closure, kg.snapshot)
    # What is shown has something to cite.
    for row in kg.asker.answer("", meant).rows:
        assert row.sources, row.label


@pytest.fixture(scope="module")
def small(kg: KnowledgeGraph) -> Snapshot:
    """The vocabulary, the versions of some lines, what points to them and what they relate to: rdflib is slow."""
    whole = kg.snapshot
    quads = [(s, p, o, g) for p in whole.predicates() for s, o, g in whole.column(p)]
    of, about = (whole.iri_number(iri) for iri in (VKG + "releaseOf", RDF + "subject"))
    lines = {whole.iri_number(ID + name) for name in LINES}
    versions = {s for s, p, o, _ in quads if p == of and o in lines}
    chosen = {o for s, _, o, _ in quads if s in versions}
    chosen |= versions | {s for s, p, o, _ in quads if o in versions and p != about}
    kept = [quad for quad in quads if quad[0] in chosen or whole.iri(quad[0]).startswith(VKG)]
    return Snapshot(memoryview(write_snapshot(Contents(whole.term, kept, {}, {}, (), b""), KEY)), KEY)


@pytest.fixture(scope="module")
def dataset(small: Snapshot) -> Dataset:
    """The small graph as an endpoint holds it: all facts in the default graph, the disputed ones in their own too."""
    dataset = Dataset()
    disputed = dataset.graph(URIRef(DISPUTED_GRAPH))
    for predicate in small.predicates():
        for subject, object_, graph in small.column(predicate):
            fact = tuple(_rdflib(small.term(number)) for number in (subject, predicate, object_))
            dataset.add(fact)  # type: ignore[arg-type]
            if small.iri(graph) == DISPUTED_GRAPH:
                disputed.add(fact)  # type: ignore[arg-type]
    return dataset


def _rdflib(term: GroundTerm) -> Identifier:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    return RdflibLiteral(term.value, lang=term.language, datatype=None if term.language else term.datatype.value)


@pytest.fixture
def deep() -> Iterator[None]:
    """The parser of rdflib calls itself some hundred times for each bracket in a bracket."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(before)


def test_rdflib_agrees_with_both(kg: KnowledgeGraph, small: Snapshot, dataset: Dataset, deep: None) -> None:
    closure = Closure(small)
    asker = Asker(small, Schema(small), spoken(kg.snapshot, small), SEED)
    seen: Counter[int] = Counter()
    for number, (_, meant) in enumerate(islice(asker.questions(), MANY // 3)):
        query = translate(meant)
        ours = verdicts(query, small)
        assert ours == judged(meant, closure, small), (number, meant)
        theirs = {small.iri_number(str(row[0])): int(row[-1]) for row in dataset.query(write(query))}  # type: ignore[index, arg-type]
        assert theirs == ours, (number, meant)
        seen.update(ours.values())
    assert MANY < 300 or set(seen) >= {YES, UNKNOWN, NO}

"""Many generated questions, each judged by virtkg's query, by the closure without SPARQL, and by rdflib.

VIRTKG_MANY says how many, over the whole graph without rdflib and over a small one with it, and
VIRTKG_SEED which. If it does not, rdflib, which takes nearly all the time, is asked a third of as many.
"""

from __future__ import annotations

import os
from itertools import islice
from typing import Final

import pytest
from any_question import Asked, Asker
from engines import Oxigraph, Rdflib, query_of, quick_parsing
from naive import DISPUTED, NO, UNKNOWN, YES, Closure
from pyoxigraph import NamedNode
from shapes import ALL, Tried

from virtkg.graph import KnowledgeGraph
from virtkg.language.categories import Category
from virtkg.language.conditions import ComparedWith, Condition, Junction, Member, Not, Related, ResolvedNoun
from virtkg.language.resolved import ResolvedCount, ResolvedList
from virtkg.language.schema import Schema
from virtkg.namespaces import ID, RDF, VKG
from virtkg.snapshot.reader import Snapshot
from virtkg.snapshot.writer import Contents
from virtkg.snapshot.writer import write as write_snapshot

MANY: Final = int(os.environ.get("VIRTKG_MANY", "300"))
OF_RDFLIB: Final = int(os.environ.get("VIRTKG_MANY", "100"))
SHARES: Final = 2
"""In how many parts rdflib is asked: pytest -n 2 asks them at once."""
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


def test_the_query_and_the_closure_agree(kg: KnowledgeGraph) -> None:
    snapshot, closure, oxigraph = kg.snapshot, Closure(kg.snapshot), Oxigraph(kg.snapshot)
    asker = Asker(snapshot, kg.asker.schema, spoken(snapshot, snapshot), SEED)
    tried, about = Tried(), set()
    for topic, meant in islice(asker.questions(), MANY):
        tried.add(meant, oxigraph.answer(query_of(meant)), closure.answer(meant))
        about.add(topic)
    print(tried.told())
    assert not tried.differing, tried.differing[:5]
    assert MANY < 300 or (about == set(asker.abouts) and tried.verdicts() == {YES, DISPUTED, UNKNOWN, NO})
    assert MANY < 300 or set(tried.shapes) == ALL


def _vkg(name: str) -> NamedNode:
    return NamedNode(VKG + name)


def _listed(class_: str, condition: Condition) -> ResolvedList:
    return ResolvedList(ResolvedNoun(_vkg(class_), condition), or_unknown=False)


TECHNIQUE: Final = Related(
    _vkg("cpuVirtualization"), inverse=False, object=NamedNode(ID + "paravirtualization"), contraries=(), single=True
)
PARAVIRTUALIZING: Final = Member(_vkg("ParavirtualizingSuite"), TECHNIQUE)
DISPUTED_OF_ONE: Final = Related(_vkg("cpuVirtualization"), True, NamedNode(ID + "hyper-v-2012"), (), single=False)
TECHNIQUE_OF_ONE: Final = Related(
    _vkg("usesTechnique"), False, ResolvedNoun(_vkg("Technique"), DISPUTED_OF_ONE), (), single=False
)
NOTHING_KNOWN: Final = Related(_vkg("manages"), False, NamedNode(ID + "nova-ironic"), (), single=False)
NOT_BOTH: Final = Not(Junction("or", (Not(PARAVIRTUALIZING), NOTHING_KNOWN)))
FOUND: Final[dict[str, Asked]] = {
    "a value that is disputed does not make the others of a thing so": ResolvedCount(
        ResolvedNoun(_vkg("Suite"), None), _vkg("supports")
    ),
    "the scope of a part does not count when the part itself is asked": _listed(
        "Profile",
        ComparedWith(
            _vkg("maxMemoryPerHost"), ">=", NamedNode(ID + "hyper-v-2012"), (_vkg("profileOf"), _vkg("hasScope"))
        ),
    ),
    "equal is surely so of one part alone": _listed(
        "Version",
        ComparedWith(_vkg("maxVcpusPerVm"), "=", NamedNode(ID + "rhel-5-xen"), (_vkg("profileOf"), _vkg("hasScope"))),
    ),
    "not what leads to something disputed": _listed(
        "Release",
        Related(_vkg("introducesMode"), False, ResolvedNoun(_vkg("Mode"), Not(TECHNIQUE_OF_ONE)), (), single=False),
    ),
    "not one of what is disputed and what is unknown": _listed(
        "Hypervisor",
        Related(_vkg("usesHypervisor"), True, ResolvedNoun(_vkg("Suite"), NOT_BOTH), (), single=False),
    ),
}
"""What generated questions brought to light."""


@pytest.mark.parametrize("case", FOUND)
def test_what_once_differed_agrees(case: str, kg: KnowledgeGraph) -> None:
    meant = FOUND[case]
    assert Oxigraph(kg.snapshot).answer(query_of(meant)) == Closure(kg.snapshot).answer(meant)
    # What is listed has something to cite.
    for row in kg.asker.answer("", meant).rows if isinstance(meant, ResolvedList) else ():
        assert row.sources, row.label


@pytest.fixture(scope="module")
def small(kg: KnowledgeGraph) -> Snapshot:
    """The vocabulary, the versions of some lines, what points to them and what they relate to: rdflib is slow."""
    whole = kg.snapshot
    quads = [(s, p, o, g) for p in whole.predicates() for s, o, g in whole.column(p)]
    of, about, scope = (whole.iri_number(iri) for iri in (VKG + "releaseOf", RDF + "subject", VKG + "hasScope"))
    lines = {whole.iri_number(ID + name) for name in LINES}
    versions = {s for s, p, o, _ in quads if p == of and o in lines}
    chosen = {o for s, _, o, _ in quads if s in versions}
    chosen |= versions | {s for s, p, o, _ in quads if o in versions and p != about}
    # Scopes say which parts are vouched for.
    chosen |= {o for s, p, o, _ in quads if p == scope and s in chosen}
    kept = [quad for quad in quads if quad[0] in chosen or whole.iri(quad[0]).startswith(VKG)]
    return Snapshot(memoryview(write_snapshot(Contents(whole.term, kept, {}, {}, (), b""), KEY)), KEY)


@pytest.mark.parametrize("share", range(SHARES))
def test_rdflib_agrees_with_both(share: int, kg: KnowledgeGraph, small: Snapshot) -> None:
    closure, oxigraph, rdflib, tried = Closure(small), Oxigraph(small), Rdflib(small), Tried()
    asker = Asker(small, Schema(small), spoken(kg.snapshot, small), SEED)
    with quick_parsing():
        # A run of them, since every other one could be about one half of the vocabulary only.
        first, last = (part * OF_RDFLIB // SHARES for part in (share, share + 1))
        for _, meant in islice(asker.questions(), first, last):
            query = query_of(meant)
            tried.add(meant, oxigraph.answer(query), closure.answer(meant), rdflib.answer(query))
    print(tried.told())
    assert not tried.differing, tried.differing[:5]
    assert OF_RDFLIB < 100 or tried.verdicts() >= {YES, UNKNOWN, NO}
    assert OF_RDFLIB < 2000 or set(tried.shapes) == ALL


def test_rdflib_finds_the_same_cells(kg: KnowledgeGraph) -> None:
    """The small graph has no cells, so that its questions of how something is done find none."""
    snapshot, tried = kg.snapshot, Tried()
    closure, oxigraph, rdflib = Closure(snapshot), Oxigraph(snapshot), Rdflib(snapshot)
    asker = Asker(snapshot, kg.asker.schema, spoken(snapshot, snapshot), SEED)
    cells = [about for about in asker.abouts if about.kind == "how"]
    with quick_parsing():
        for meant in (asker.question(about) for about in cells for _ in range(20)):
            query = query_of(meant)
            tried.add(meant, oxigraph.answer(query), closure.answer(meant), rdflib.answer(query))
    assert not tried.differing, tried.differing[:5]
    assert tried.found_something("how")

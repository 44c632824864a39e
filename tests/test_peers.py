"""Other engines and laws judge the closure of generated ontologies: owlrl, sparq and reasonable.

The number of ontologies is in the environment variable VIRTKG_ONTOLOGIES. What
the others do differently stands in this file, each with its reason.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import owlrl  # type: ignore[import-untyped]
import pyoxigraph as ox
import pytest
import rdflib
from ontologies import FIRST, NIL, REST, SIZE, THING, TYPE, E, Facts, ontology, shrunk, written
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from virtkg.inputs import rule_files
from virtkg.namespaces import OWL, OWLRL, RDFS
from virtkg.reason.closure import Closure, close
from virtkg.reason.compile import is_noise
from virtkg.rules.parse import read_rules
from virtkg.rules.specialise import LIST_NODES, whole_lists

COUNT: Final = int(os.environ.get("VIRTKG_ONTOLOGIES", "500"))
BATCH: Final = 25
BATCHES: Final = [range(start, min(start + BATCH, COUNT)) for start in range(0, COUNT, BATCH)]

OWL_RULES: Final = read_rules(rule_files()[0])


@lru_cache(maxsize=2000)
def closure_of(facts: Facts) -> Closure:
    return close(facts, OWL_RULES)


def closed(seed: int) -> tuple[Facts, Closure]:
    facts = ontology(seed)
    return facts, closure_of(facts)


def clashed(closure: Closure) -> set[str]:
    return {how.rule.removeprefix(OWLRL) for how in closure.clashes.values()}


def agree(seeds: Iterable[int], fails: Callable[[Facts], bool]) -> None:
    """Fail with the first ontology that fails, and with the least part of it that still does."""
    for seed in seeds:
        facts = ontology(seed)
        if fails(facts):
            # Without its declaration a class is another matter: these triples stay.
            fixed = frozenset(fact for fact in facts if fact.object == NamedNode(OWL + "Class"))
            least = shrunk(facts - fixed, lambda rest, fixed=fixed: fails(rest | fixed))
            pytest.fail(f"ontology({seed}) fails; so does, with its classes declared:\n{written(least)}")


# ---- owlrl

PAIRWISE: Final = {OWL + "AllDifferent", OWL + "AllDisjointProperties"}
LISTED: Final = {OWL + "members", OWL + "distinctMembers"}
BY_LITERALS: Final = {"prp-fp-diff", "cls-maxc2-diff"}
"""Contradictions of two values: owlrl goes on and swaps the literals, which RDF cannot state as equal.

It does not find that a number is no text, which these find.
"""
ANYTHING: Final = {"cls-nothing2"}
"""owlrl puts a member of owl:Nothing into every class."""


def for_owlrl(facts: Facts) -> set[Triple]:
    """Write the last member of some lists twice: owlrl 7.6 never looks at it (range(0, n - 1)).

    That holds of the properties of a key, and of what is all different or all
    disjoint, but not of all disjoint classes. The meaning is the same.
    """
    rest = {fact.subject: fact.object for fact in facts if fact.predicate == REST}
    first = {fact.subject: fact.object for fact in facts if fact.predicate == FIRST}
    pairwise = {fact.subject for fact in facts if fact.predicate == TYPE and _iri(fact.object) in PAIRWISE}
    known = set(facts)
    for fact in facts:
        is_pairwise = fact.predicate.value in LISTED and fact.subject in pairwise
        if (fact.predicate.value == OWL + "hasKey" or is_pairwise) and fact.object in rest:
            cell: Any = fact.object
            while rest[cell] != NIL:
                cell = rest[cell]
            again = NamedNode(cell.value + "-again")
            known -= {Triple(cell, REST, NIL)}
            known |= {Triple(cell, REST, again), Triple(again, FIRST, first[cell]), Triple(again, REST, NIL)}
    return known


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def by_owlrl(facts: Facts) -> tuple[set[Triple], bool]:
    """Return what owlrl adds, without noise, and whether it found a contradiction."""
    whole = {cell for cells in whole_lists(set(facts)).values() for cell in cells}
    given = for_owlrl(frozenset(f for f in facts if f.predicate not in LIST_NODES or f.subject in whole))
    graph = rdflib.Graph().parse(data="".join(f"{fact} .\n" for fact in given), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    found = {fact for fact in from_rdflib(graph) if not fact.subject.value.endswith("-again")}  # type: ignore[union-attr]
    return without_noise(found, given), any(str(predicate).endswith("#error") for _, predicate, _ in graph)


def from_rdflib(triples: Iterable[Any]) -> set[Triple]:
    lines = "".join(
        f"{s.n3()} {p.n3()} {o.n3()} .\n"
        for s, p, o in triples
        if isinstance(s, rdflib.URIRef) and isinstance(p, rdflib.URIRef) and not isinstance(o, rdflib.BNode)
    )
    return {quad.triple for quad in ox.parse(lines, format=RdfFormat.N_TRIPLES)}


def without_noise(found: Iterable[Triple], given: Iterable[Triple]) -> set[Triple]:
    known = set(given)
    return {fact for fact in found if fact not in known and not is_noise(fact)}


def differs_from_owlrl(facts: Facts) -> bool:
    closure = closure_of(facts)
    own, ours = set(closure.inferred), clashed(closure)
    other, theirs = by_owlrl(facts)
    if own - other:
        return True
    if bool(ours) != theirs and not (ours and ours <= BY_LITERALS):
        return True
    return bool(other - own) and not ours & (BY_LITERALS | ANYTHING)


@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_owlrl_has_the_same_closure(seeds: range) -> None:
    agree(seeds, differs_from_owlrl)


def test_what_all_are_part_of_is_followed() -> None:
    """There a class is found to have everything as a part, and more follows from that."""
    agree([2870], differs_from_owlrl)
    assert any(fact.subject == THING for fact in closed(2870)[1].inferred)


NOT_GENERATED: Final = {
    *("prp-eqp1", "prp-eqp2", "cax-eqc1", "cax-eqc2", "cls-int2"),  # scm-eqp1, scm-eqc1 and scm-int come first
    *("eq-diff2-same", "eq-diff3-same"),  # nobody is listed twice as different
    "scm-dp-same",  # data properties are never the same
    *("dt-not-type", "prp-rng-literal", "cls-avf-literal", "cls-svf1-literal"),  # see test_datatypes.py
    *("cls-maxqc1-literal", "cls-maxqc3-literal"),
}


def test_the_ontologies_reach_the_rules() -> None:
    """The comparison bites: every rule fires somewhere, and some ontologies are contradictory."""
    seeds = range(max(COUNT, 500))
    fired: set[str] = set()
    contradictory = 0
    for facts, closure in map(closed, seeds):
        assert len(facts) <= SIZE
        fired |= {how.rule.removeprefix(OWLRL) for how in (*closure.inferred.values(), *closure.clashes.values())}
        contradictory += bool(closure.clashes)
    idle = {rule.name.removeprefix(OWLRL) for rule in OWL_RULES} - fired
    assert len(idle - NOT_GENERATED) <= 5, idle - NOT_GENERATED
    assert len(seeds) / 10 < contradictory < len(seeds) * 9 / 10


@pytest.mark.parametrize("missing", ["prp-trp", "scm-svf1-thing", "cls-maxc2", "cax-dw", "prp-npa2", "prp-adp"])
def test_the_comparison_finds_a_missing_rule(missing: str) -> None:
    """The twin that must fail: without one rule, some generated ontology has another closure."""
    rest = [rule for rule in OWL_RULES if rule.name != OWLRL + missing]

    def differs(seed: int) -> bool:
        facts, closure = closed(seed)
        poorer = close(facts, rest)
        return (poorer.inferred.keys(), poorer.clashes.keys()) != (closure.inferred.keys(), closure.clashes.keys())

    assert any(differs(seed) for seed in range(500))


def test_what_fails_is_shrunk() -> None:
    facts = ontology(7)
    wanted = frozenset(sorted(facts, key=str)[3:5])
    assert shrunk(facts, lambda rest: wanted <= rest) == wanted
    with pytest.raises(pytest.fail.Exception) as caught:
        agree([7], lambda rest: wanted <= rest)
    assert "ontology(7)" in str(caught.value)


# ---- peers that are not complete: what they find has to be found


def unknown(facts: Facts, found: Iterable[Triple]) -> set[Triple]:
    return without_noise(found, facts) - set(closure_of(facts).inferred)


BEYOND: Final = {OWL + "differentFrom", RDFS + "domain", RDFS + "range"}
"""sparq says these of the symmetric differentFrom, of all that are different, and of inverses; the tables do not."""


def is_more_by_sparq(facts: Facts) -> bool:
    import sparq  # type: ignore[import-not-found]

    graph = sparq.Graph.load("".join(f"{fact} .\n" for fact in sorted(facts, key=str)), format="nt")
    graph.reason("owl")
    found = {_from_sparq(*terms) for terms in graph.construct("CONSTRUCT WHERE { ?s ?p ?o }")} - {None}
    ours = clashed(closure_of(facts))
    if graph.inconsistencies() and not ours:
        return not_by_literals(facts)
    more = {fact for fact in unknown(facts, found) if fact.predicate.value not in BEYOND}  # type: ignore[arg-type]
    return bool(more) and not ours


def not_by_literals(facts: Facts) -> bool:
    return not any(isinstance(fact.object, Literal) for fact in facts)


def _from_sparq(subject: Any, predicate: Any, value: Any) -> Triple | None:
    if subject.kind != "uri" or value.kind not in ("uri", "literal"):
        return None
    iris = NamedNode(subject.value), NamedNode(predicate.value)
    if value.kind == "uri":
        return Triple(*iris, NamedNode(value.value))
    return Triple(*iris, Literal(value.value, datatype=NamedNode(value.datatype)))


@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_sparq_finds_no_more(seeds: range) -> None:
    pytest.importorskip("sparq")
    agree(seeds, is_more_by_sparq)


UNSOUND: Final = NamedNode(OWL + "InverseFunctionalProperty")
"""reasonable 0.4.4 takes any two subjects of an inverse functional property for the same, whatever the values."""


def is_more_by_reasonable(facts: Facts, file: Path) -> bool:
    import reasonable  # type: ignore[import-not-found]

    # Where all are in a class, it puts properties and values there too, which the tables do not.
    if any(fact.object == UNSOUND or fact.subject == THING for fact in facts):
        return False
    file.write_text("".join(f"{fact} .\n" for fact in sorted(facts, key=str)), encoding="utf-8")
    engine = reasonable.PyReasoner()
    engine.load_file(str(file))
    return bool(unknown(facts, from_rdflib(engine.reason()))) and not closure_of(facts).clashes


@pytest.mark.parametrize("seeds", BATCHES, ids=str)
def test_reasonable_finds_no_more(seeds: range, tmp_path: Path) -> None:
    pytest.importorskip("reasonable")
    agree(seeds, lambda facts: is_more_by_reasonable(facts, tmp_path / "facts.ttl"))


def test_what_the_peers_miss_is_missed_still(tmp_path: Path) -> None:
    """Why they are not asked for more: the comparison with owlrl is the complete one."""
    sparq, reasonable = pytest.importorskip("sparq"), pytest.importorskip("reasonable")
    head = f"@prefix : <{E}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . "
    file = tmp_path / "facts.ttl"
    file.write_text(head + ":a owl:differentFrom :a .")
    graph = sparq.Graph.load(file.read_text(), format="turtle")
    graph.reason("owl")
    assert graph.inconsistencies() == []
    file.write_text(head + ":p a owl:InverseFunctionalProperty . :a :p :c . :b :p :d .")
    engine = reasonable.PyReasoner()
    engine.load_file(str(file))
    assert (rdflib.URIRef(E + "a"), rdflib.OWL.sameAs, rdflib.URIRef(E + "b")) in set(engine.reason())


# ---- laws that every closure keeps

LAW_SEEDS: Final = range(0, COUNT, 5)


def outcome(facts: Iterable[Triple]) -> tuple[set[Triple], set[Triple]]:
    closure = close(facts, OWL_RULES)
    return set(closure.inferred), set(closure.clashes)


def test_order_and_repetition_do_not_matter() -> None:
    for seed in LAW_SEEDS:
        facts, closure = closed(seed)
        mixed = sorted(facts, key=str) * 2
        random.Random(seed).shuffle(mixed)
        again = close(iter(mixed), OWL_RULES)
        assert (again.inferred, again.clashes) == (closure.inferred, closure.clashes), seed


def test_names_do_not_matter() -> None:
    """Names that sort the other way round: the same facts follow, under the new names."""
    for seed in LAW_SEEDS:
        facts, closure = closed(seed)
        names = sorted({term for fact in facts for term in fact if _iri(term).startswith(E)}, key=str)
        new: dict[object, Any] = {name: NamedNode(f"{E}{len(names) - place:03}") for place, name in enumerate(names)}

        def renamed(found: Iterable[Triple], new: dict[object, Any] = new) -> set[Triple]:
            return {Triple(*(new.get(term, term) for term in fact)) for fact in found}

        expected = renamed(closure.inferred), renamed(closure.clashes)
        assert outcome(renamed(facts)) == expected, seed


def without_swapped_members(facts: Iterable[Triple]) -> set[Triple]:
    """Leave out what eq-rep-o says of lists: given back, a cell with two members is no list any more."""
    return {fact for fact in facts if fact.predicate != FIRST}


def test_a_closure_is_closed() -> None:
    for seed in LAW_SEEDS:
        facts, closure = closed(seed)
        inferred, clashes = outcome([*facts, *without_swapped_members(closure.inferred)])
        assert (without_swapped_members(inferred), clashes) == (set(), set(closure.clashes)), seed


def test_more_facts_never_take_a_fact_away() -> None:
    for seed in LAW_SEEDS:
        facts, closure = closed(seed)
        fewer = random.Random(seed).sample(sorted(facts, key=str), len(facts) * 3 // 4)
        inferred, clashes = outcome(fewer)
        assert inferred <= facts | set(closure.inferred) and clashes <= set(closure.clashes), seed


def test_facts_may_come_in_parts() -> None:
    """The closure of one part, with the other part added, has the closure of both."""
    for seed in LAW_SEEDS:
        facts, closure = closed(seed)
        part = random.Random(seed).sample(sorted(facts, key=str), len(facts) // 2)
        known = {*facts, *without_swapped_members(close(part, OWL_RULES).inferred)}
        inferred, clashes = outcome(known)
        assert (inferred | known, clashes) == (facts | set(closure.inferred), set(closure.clashes)), seed


def test_every_derivation_rests_on_what_came_before() -> None:
    for seed in LAW_SEEDS:
        facts, closure = closed(seed)
        known = set(facts)
        for fact, how in closure.inferred.items():
            assert known.issuperset(how.premises), (seed, fact)
            known.add(fact)
        assert all(known.issuperset(how.premises) for how in closure.clashes.values()), seed

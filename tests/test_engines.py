"""Two engines, one closure: virtkg's own and owlrl agree on the packaged graph and on rules with exceptions.

Differences that are known stand in this file, each with its reason. Generated
ontologies are compared in test_peers.py.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode, Triple

from virtkg.build import build
from virtkg.inputs import Inputs, key
from virtkg.namespaces import DISPUTED_GRAPH, INFERRED_GRAPH, OWLRL, RDFS
from virtkg.reason.closure import close
from virtkg.reason.owlrl_engine import close_with_owlrl, entail
from virtkg.rules.parse import parse_rules
from virtkg.rules.syntax import Rule
from virtkg.snapshot.reader import Snapshot

E: Final = "https://example.org/"
THINGS: Final = [NamedNode(E + name) for name in "abcd"]


# ---- the packaged graph

ONLY_OWN: Final[set[Triple]] = set()
ONLY_OWLRL: Final[set[Triple]] = set()
"""Known differences on the packaged graph: there are none."""


def test_owl_rules_agree_on_the_packaged_graph(stated: frozenset[Triple], rules: tuple[Rule, ...]) -> None:
    own = set(close(stated, [rule for rule in rules if rule.name.startswith(OWLRL)]).inferred)
    other = entail(stated)
    assert len(own) > 100
    assert (own - other, other - own) == (ONLY_OWN, ONLY_OWLRL)


def test_the_whole_closure_is_the_same_by_owlrl(inferred: frozenset[Triple], disputed: frozenset[Triple]) -> None:
    inputs = Inputs(engine="owlrl")
    name = key(inputs)
    snapshot = Snapshot(memoryview(build(inputs, name)), name)
    assert _in_graph(snapshot, INFERRED_GRAPH) == inferred
    assert _in_graph(snapshot, DISPUTED_GRAPH) == disputed


def _in_graph(snapshot: Snapshot, graph: str) -> set[Triple]:
    number = snapshot.iri_number(graph)
    return {
        Triple(snapshot.term(subject), snapshot.term(predicate), snapshot.term(object_))  # type: ignore[arg-type]
        for predicate in snapshot.predicates()
        for subject, object_, found in snapshot.column(predicate)
        if found == number
    }


# ---- rules with exceptions


def test_owlrl_takes_part_in_rules_with_exceptions() -> None:
    """Neither engine may use what a rule said before OWL denied it."""
    rules = parse_rules(
        f"""PREFIX : <{E}> RULE :guess {{ ?x :may ?y }} WHERE {{ ?x :wants ?y NOT {{ ?x :mustNot ?y }} }}
        RULE :no {{ ?x :mustNot ?y }} WHERE {{ ?x :hasNo ?y NOT {{ ?x :excused ?y }} }}""",
        "t.srl",
    )
    e = {name: NamedNode(E + name) for name in ("may", "might", "wants", "mustNot", "forbidden", "hasNo", "lacks")}
    given = [
        Triple(e["may"], NamedNode(RDFS + "subPropertyOf"), e["might"]),
        Triple(e["forbidden"], NamedNode(RDFS + "subPropertyOf"), e["mustNot"]),
        Triple(e["lacks"], NamedNode(RDFS + "subPropertyOf"), e["hasNo"]),
        *(Triple(thing, e["wants"], THINGS[3]) for thing in THINGS[:3]),
        Triple(THINGS[0], e["forbidden"], THINGS[3]),
        Triple(THINGS[1], e["lacks"], THINGS[3]),
    ]
    spo = parse_rules(
        f"""PREFIX owlrl: <{OWLRL}> PREFIX rdfs: <{RDFS}>
        RULE owlrl:prp-spo1 {{ ?x ?q ?y }} WHERE {{ ?p rdfs:subPropertyOf ?q . ?x ?p ?y }}""",
        "o.srl",
    )
    own, other = (engine(given, [*spo, *rules]) for engine in (close, close_with_owlrl))
    assert own.inferred.keys() == other.inferred.keys()
    allowed = {fact.subject for fact in other.inferred if fact.predicate in (e["may"], e["might"])}
    assert allowed == {THINGS[2]}

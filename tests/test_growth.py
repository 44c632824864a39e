"""Work per closed triple does not grow when the input does: counted, not timed.

Each case closes an input and one four times as large, under all OWL 2 RL rules.
Four counters are compared: rows that joins gave, rules after specialising, calls
that Python made, and what was sorted; the last two see what is done outside of
joins. Cases that grow today are marked, each with the rule or the step that is
to blame.

For every case a twin adds a rule that joins facts which have nothing to do with
each other, and must be caught.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pyoxigraph as ox
import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple

from virtkg.build import build
from virtkg.inputs import Inputs, rule_files
from virtkg.namespaces import GENID, ID, OWL, RDF, RDFS, VKG, XSD
from virtkg.rdf.table import TermTable
from virtkg.reason.columns import FactColumns, columns_of
from virtkg.reason.materialise import materialise
from virtkg.reason.terms import Terms
from virtkg.reason.work import Work
from virtkg.rules.parse import parse_rules, read_rules
from virtkg.rules.syntax import Rule

LEAST: Final = 2
TIMES: Final = 4
LIMIT: Final = 1.1
"""How much more a closed triple may cost: a larger input has relatively fewer ends."""

LIMITS: Final = {"sorted": 1.45}
"""Paths that grow edge by edge are kept in runs, and to merge these costs a logarithm."""

PREFIXES: Final = f"@prefix : <https://example.org/> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . "
ONE: Final = f'"1"^^<{XSD}nonNegativeInteger>'
RULES: Final = tuple(read_rules(rule_files()[0]))


@dataclass(frozen=True)
class Case:
    """An input that grows: text that stays, text for each number `{i}` and its next `{j}`, members of LIST.

    `squares` tells that the closure grows with the square of the numbers.
    """

    fixed: str
    each: str = ""
    listed: str = ""
    size: int = 50
    squares: bool = False

    def text(self, size: int) -> str:
        members = " ".join(self.listed.format(i=i) for i in range(size))
        return self.fixed.replace("LIST", f"({members})") + "".join(self.each.format(i=i, j=i + 1) for i in range(size))


TRANSITIVE: Final = ":p a owl:TransitiveProperty . "
BOTH_WAYS: Final = TRANSITIVE + ":p a owl:SymmetricProperty . "
FUNCTIONAL: Final = ":p a owl:FunctionalProperty . "
CHAIN: Final = ":a{i} :p :a{j} . "

CASES: Final = {
    # properties
    "transitive chain": Case(TRANSITIVE, CHAIN, size=30, squares=True),
    "transitive ring": Case(TRANSITIVE, CHAIN + ":a{j} :p :a0 . ", size=30, squares=True),
    "many transitive chains": Case(TRANSITIVE, "".join(f":a{{i}}-{k} :p :a{{i}}-{k + 1} . " for k in range(9))),
    "transitive over a subproperty": Case(
        TRANSITIVE + ":q rdfs:subPropertyOf :p . ", ":a{i} :q :a{j} . ", size=30, squares=True
    ),
    "symmetric star": Case(":p a owl:SymmetricProperty . ", ":h :p :a{i} . "),
    "symmetric and transitive chain": Case(BOTH_WAYS, CHAIN, size=10, squares=True),
    "symmetric and transitive star": Case(BOTH_WAYS, ":h :p :a{i} . ", size=20, squares=True),
    "small cliques": Case(BOTH_WAYS, ":a{i} :p :b{i} . :b{i} :p :c{i} . :c{i} :p :d{i} . "),
    "transitive both ways": Case(
        TRANSITIVE + ":p owl:inverseOf :q . :q a owl:TransitiveProperty . ", CHAIN, size=20, squares=True
    ),
    "many transitive properties": Case("", ":p{i} a owl:TransitiveProperty . :a :p{i} :b . :b :p{i} :c . ", size=20),
    "many symmetric properties": Case("", ":p{i} a owl:SymmetricProperty . :a :p{i} :b . ", size=20),
    "many inverses": Case("", ":p{i} owl:inverseOf :q{i} . :a :p{i} :b . ", size=20),
    "inverse": Case(":p owl:inverseOf :q . ", CHAIN),
    "long property chain": Case(":p owl:propertyChainAxiom LIST . ", ":a{i} :q{i} :a{j} . ", ":q{i}", size=40),
    "property chain over much": Case(":p owl:propertyChainAxiom (:q :q :q) . ", ":a{i} :q :a{j} . "),
    "recursive property chain": Case(
        ":p owl:propertyChainAxiom (:p :q) . :q rdfs:subPropertyOf :p . ", ":a{i} :q :a{j} . ", size=30, squares=True
    ),
    "property chain through a hub": Case(
        ":p owl:propertyChainAxiom (:q :r) . ", ":a{i} :q :h . :h :r :b{i} . ", size=20, squares=True
    ),
    "many property chains": Case(
        "", ":p{i} owl:propertyChainAxiom (:q{i} :r{i}) . :a :q{i} :b . :b :r{i} :c . ", size=20
    ),
    "deep subproperties": Case("", ":p{i} rdfs:subPropertyOf :p{j} . :a :p0 :b . ", size=8, squares=True),
    "domains and ranges": Case("", ":p{i} rdfs:domain :C{i} ; rdfs:range :D{i} . :a{i} :p{i} :b{i} . ", size=20),
    "disjoint properties at a hub": Case(":p owl:propertyDisjointWith :q . ", ":h :p :a{i} . :h :q :b{i} . "),
    "asymmetric at a hub": Case(":p a owl:AsymmetricProperty . ", ":h :p :a{i} . :b{i} :p :h . "),
    "many disjoint properties": Case(
        "[] a owl:AllDisjointProperties ; owl:members LIST . ", ":a{i} :p{i} :b . ", ":p{i}", 8
    ),
    # equality
    "one class of equals": Case("", ":a{i} owl:sameAs :a{j} . ", size=30, squares=True),
    "many pairs of equals": Case("", ":a{i} owl:sameAs :b{i} . :a{i} :p :a{j} . :b{i} :q {i} . "),
    "equal properties": Case("", ":p owl:sameAs :q . :a{i} :p :b{i} . "),
    "functional, two values": Case(FUNCTIONAL, ":a{i} :p :b{i} , :c{i} . "),
    "functional, many values": Case(FUNCTIONAL, ":a :p :b{i} . ", size=20, squares=True),
    "functional, many numbers": Case(FUNCTIONAL, ":a :p {i} . ", size=25),
    "functional, a value of all": Case(FUNCTIONAL, ":a{i} :p 1 . "),
    "functional, one leads to the next": Case(
        FUNCTIONAL + ":a0 owl:sameAs :b0 . ", ":a{i} :p :a{j} . :b{i} :p :b{j} . ", size=20
    ),
    "many functional properties": Case("", ":p{i} a owl:FunctionalProperty . :a :p{i} :b . ", size=10),
    "inverse functional": Case(":p a owl:InverseFunctionalProperty . ", ":a{i} :p :b{i} . "),
    "at most one": Case(f":C owl:maxCardinality {ONE} ; owl:onProperty :p . ", ":a{i} a :C ; :p :b{i} , :c{i} . "),
    "at most one, and a hub": Case(
        f":C owl:maxCardinality {ONE} ; owl:onProperty :p . :z a :C ; :p :w . ", ":a :p :b{i} . "
    ),
    "key": Case(":C owl:hasKey (:k) . ", ":a{i} a :C ; :k {i} . "),
    "key, the second part tells": Case(":C owl:hasKey (:l :k) . ", ":a{i} a :C ; :k {i} ; :l 0 . "),
    "key, the first part tells": Case(":C owl:hasKey (:k :l) . ", ":a{i} a :C ; :k {i} ; :l 0 . "),
    "key, shared outside of its class": Case(":C owl:hasKey (:k) . :z a :C ; :k 1 . ", ":a{i} :k 0 . "),
    "many keys": Case("", ":C{i} owl:hasKey (:k{i}) . :a a :C{i} ; :k{i} 1 . ", size=10),
    "all different": Case("[] a owl:AllDifferent ; owl:distinctMembers LIST . ", listed=":a{i}", size=250),
    "all different, and two equals": Case(
        ":x owl:sameAs :y . [] a owl:AllDifferent ; owl:members LIST . ", listed=":a{i}", size=250
    ),
    "all different, and each has an equal": Case(
        "[] a owl:AllDifferent ; owl:members LIST . ", ":a{i} owl:sameAs :b{i} . ", ":a{i}"
    ),
    "many small all different": Case(
        ":x owl:sameAs :y . ", "[] a owl:AllDifferent ; owl:members (:a{i} :b{i} :c{i}) . "
    ),
    "equal to numbers": Case(FUNCTIONAL, ":a{i} :p :b{i} , {i} . :c :q :b{i} . "),
    "equal to numbers, in many properties": Case(FUNCTIONAL, ":a{i} :p :b{i} , {i} . :c :q{i} :b{i} . ", size=20),
    "many equal properties": Case("", ":p{i} owl:sameAs :q{i} . :a :p{i} :b . ", size=10),
    "many equal classes": Case("", ":C{i} owl:sameAs :D{i} . :a a :C{i} . ", size=10),
    "equals in many properties": Case("", ":a{i} owl:sameAs :b{i} . :a{i} :p{i} :c . ", size=20),
    # classes
    "deep classes": Case(":a a :C0 . ", ":C{i} rdfs:subClassOf :C{j} . ", size=8, squares=True),
    "wide classes": Case("", ":C{i} rdfs:subClassOf :D{i} . :D{i} rdfs:subClassOf :E , :F . :a{i} a :C{i} . ", size=20),
    "much below deep classes": Case(
        "".join(f":C{k} rdfs:subClassOf :C{k + 1} . " for k in range(6)), ":a{i} a :C0 . ", size=200
    ),
    "equivalent classes": Case(":a a :C0 . ", ":C{i} owl:equivalentClass :C{j} . ", size=5, squares=True),
    "many disjoint classes": Case("[] a owl:AllDisjointClasses ; owl:members LIST . ", ":a{i} a :C{i} . ", ":C{i}", 8),
    "disjoint classes, two by two": Case("", ":C{i} owl:disjointWith :C{j} . :a{i} a :C{i} . ", size=20),
    "much in disjoint classes": Case(
        "[] a owl:AllDisjointClasses ; owl:members (:C :D :E) . ", ":a{i} a :C . :b{i} a :D . "
    ),
    "wide union": Case(":C owl:unionOf LIST . ", ":a{i} a :C{i} . ", ":C{i}"),
    "wide intersection": Case(":C owl:intersectionOf LIST . :a a :C . ", ":b a :C{i} . ", ":C{i}", 12),
    "much in an intersection": Case(":C owl:intersectionOf (:D :E :F) . ", ":a{i} a :D , :E , :F . :b{i} a :D . "),
    "many unions": Case("", ":C{i} owl:unionOf (:D{i} :E{i}) . :a a :D{i} . ", size=20),
    "many intersections": Case("", ":C{i} owl:intersectionOf (:D{i} :E{i}) . :a a :D{i} , :E{i} . ", size=20),
    "many members": Case(":C owl:oneOf LIST . ", listed=":a{i}"),
    "some values at a hub": Case(":R owl:someValuesFrom :C ; owl:onProperty :p . :h a :C . ", ":a{i} :p :h . "),
    "some values, one after another": Case(
        ":R owl:someValuesFrom :C ; owl:onProperty :p ; rdfs:subClassOf :C . :a0 a :C . ", ":a{j} :p :a{i} . "
    ),
    "all values, one after another": Case(":C owl:allValuesFrom :C ; owl:onProperty :p . :a0 a :C . ", CHAIN),
    "many restrictions": Case(
        "", ":R{i} owl:someValuesFrom :C{i} ; owl:onProperty :p . :a{i} :p :b{i} . :b{i} a :C{i} . ", size=20
    ),
    "many restrictions to one class": Case("", ":R{i} owl:allValuesFrom :C ; owl:onProperty :p{i} . ", size=25),
    "many limits": Case(
        "", f":C{{i}} owl:maxCardinality {ONE} ; owl:onProperty :p{{i}} . :a a :C{{i}} ; :p{{i}} :b . ", size=10
    ),
    "many denials": Case(
        "", "[] owl:sourceIndividual :a{i} ; owl:assertionProperty :p ; owl:targetIndividual :b . :a{i} :p :c . "
    ),
    "many values": Case("", ":C{i} owl:hasValue :v{i} ; owl:onProperty :p . :a{i} a :C{i} . ", size=10),
}

GROWS: Final = {
    "long property chain": "the atoms of a body are ordered by asking all that are left, each time",
    "deep subproperties": "the facts of each property are all asked for again when the one below has more",
    "deep classes": "the same of classes",
    "many disjoint properties": "prp-adp is specialised for every two members of the list",
    "many disjoint classes": "cax-adc is specialised for every two members of the list",
    "functional, many numbers": "prp-fp and prp-fp-diff join every two values, which are never made equal",
    "functional, one leads to the next": "after each merge the facts of two equal things are looked for in all columns",
    "many values": "the rules that a value has a class from are matched with each other",
    "wide intersection": "cls-int1 is run for each of its parts when all are new",
}
"""Cases that cost more with every triple, each with what is to blame."""


@dataclass(frozen=True)
class Cost:
    closed: int
    rows: int
    rules: int
    calls: int
    sorted: int


def facts(text: str, terms: Terms) -> FactColumns:
    def term(node: Any) -> Any:
        return NamedNode(f"{GENID}blank/{node.value}") if isinstance(node, BlankNode) else node

    columns = FactColumns(terms.type)
    quads = ox.parse(PREFIXES + text, format=RdfFormat.TURTLE)
    triples = [Triple(term(quad.subject), quad.predicate, term(quad.object)) for quad in quads]
    for relation, column in columns_of(terms.fact(triple) for triple in triples):
        columns.put(relation, column)
    return columns


def cost(text: str, rules: tuple[Rule, ...]) -> Cost:
    terms, work = Terms(TermTable()), Work()
    given = facts(text, terms)
    calls = ordered = 0

    def count(_: FrameType, event: str, called: Any) -> None:
        nonlocal calls, ordered
        calls += 1
        if event == "c_call" and called.__name__ in ("sort", "argsort"):
            ordered += len(called.__self__)

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        closure = materialise(terms, given, rules, work)
    finally:
        sys.setprofile(before)
    closed = sum(len(closure.column(relation)) for relation in closure.relations())
    return Cost(closed, work.rows, work.rules, calls, ordered)


def growth(case: Case, rules: tuple[Rule, ...] = RULES, more: str = "") -> dict[str, float]:
    """Return by how much each counter grows for a closed triple; `more` stands for each number too.

    What the least input costs already is left out: it is the same for all sizes.
    """
    extra = Case("", more)
    least, small, large = (
        cost(case.text(size) + extra.text(size), rules) for size in (LEAST, case.size, case.size * TIMES)
    )
    stated = TIMES**2 if case.squares else TIMES
    if not more and not 0.7 < large.closed / small.closed / stated < 1.1:
        raise ValueError(f"the closure does not grow as the case states: {small.closed} to {large.closed}")

    def each(found: Cost, name: str) -> float:
        count = getattr(found, name) - getattr(least, name)
        # A tenth of a row is none.
        return max(count / (found.closed - least.closed), 0.1)

    return {name: each(large, name) / each(small, name) for name in ("rows", "rules", "calls", "sorted")}


def too_much(grown: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in grown.items() if value > LIMITS.get(name, LIMIT)}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(raises=AssertionError, reason=GROWS[name]))
        if name in GROWS
        else name
        for name in CASES
    ],
)
def test_the_work_does_not_grow(name: str) -> None:
    assert too_much(growth(CASES[name])) == {}


def test_what_grows_is_a_case() -> None:
    assert GROWS.keys() <= CASES.keys()


@pytest.mark.parametrize("name", [name for name in CASES if name not in GROWS])
def test_a_senseless_join_is_found(name: str) -> None:
    """The twin that must fail: facts joined two by two (three by three) for a conclusion about each."""
    third = " ?e :waste ?f ." if CASES[name].squares else ""
    head, body = "{ ?a :wasted ?a }", f"{{ ?a :waste ?b . ?c :waste ?d .{third} }}"
    twin = parse_rules(f"PREFIX : <https://example.org/> RULE :waste {head} WHERE {body}", "twin.srl")
    assert "rows" in too_much(growth(CASES[name], (*RULES, *twin), ":v{i} :waste :w{i} . "))


# ---- a whole build, from files to the snapshot

WASTE: Final = """PREFIX : <https://example.org/>
RULE :waste { ?a :wasted ?a } WHERE { ?a :in ?b . ?c :in ?d }"""


def lines_of_releases(count: int) -> str:
    """Return so many lines of releases, each of which keeps what the first one introduced; one fact is noted."""
    text = [f"@prefix : <https://example.org/> . @prefix vkg: <{VKG}> . @prefix id: <{ID}> . @prefix rdf: <{RDF}> . "]
    for line in range(count):
        text.append(f':n{line} a rdf:Statement ; rdf:subject :l{line}-0 ; vkg:note "A note on line {line}." . ')
        text.append(f":l{line}-0 vkg:introducesMode id:hvm . ")
        for number in range(10):
            text.append(f':l{line}-{number} a vkg:Hypervisor , vkg:Release ; <{RDFS}label> "Line {line} {number}" . ')
            text.append(f":l{line}-{number + 1} vkg:follows :l{line}-{number} ; :in :l{line} . ")
    return "".join(text)


def calls_of_build(count: int, folder: Path, rules: tuple[str, ...] = ()) -> int:
    file = folder / "lines.ttl"
    file.write_text(lines_of_releases(count))
    calls = 0

    def counted(_: FrameType, event: str, __: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    inputs = Inputs(data=(str(file),), rules=rules)
    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        build(inputs, bytes(32))
    finally:
        sys.setprofile(before)
    return calls


def growth_of_build(folder: Path, rules: tuple[str, ...] = ()) -> float:
    least, small, large = (calls_of_build(count, folder, rules) for count in (1, 20, 80))
    return (large - least) / 79 / ((small - least) / 19)


def test_a_build_does_not_cost_more_with_every_release(tmp_path: Path) -> None:
    assert growth_of_build(tmp_path) < LIMIT


def test_a_senseless_join_of_a_build_is_found(tmp_path: Path) -> None:
    rules = tmp_path / "waste.srl"
    rules.write_text(WASTE)
    assert growth_of_build(tmp_path, (str(rules),)) > LIMIT

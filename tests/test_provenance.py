"""Proofs as Turtle (PROV-O) and as JSON: read back, they are the same proofs; and `render` gives every format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from command import run
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from virtkg import Answer, Proof, QueryError, Side, Verdict, render
from virtkg.graph import KnowledgeGraph
from virtkg.namespaces import BASE, DISPUTED_GRAPH, PROV, RDF, RDFS, RULE, SRC
from virtkg.present import html, provenance, tree
from virtkg.rdf.turtle import format_text

STATEMENTS = [
    "XenServer 6 runs PV",
    "id:hvm vkg:requires id:hardware-extensions",
    "id:xen-4.10 vkg:runsMode id:pv",
    "RHEV 3 supports page sharing",
    "id:hyper-v-2012 vkg:cpuVirtualization id:hardware-virtualization",
    "XCP-ng 8.3 runs PV",
    "id:xenserver-6 rdf:type vkg:PVCapableSuite",
]

Told = tuple[Any, ...]
"""What a proof says, whatever the order in which it says it."""


def told(proof: Proof) -> Told:
    below = frozenset(told(premise) for premise in proof.premises)
    return proof.fact, proof.text, proof.rule, below, frozenset(proof.absent), frozenset(proof.sources), proof.disputed


# ---- Turtle


class Graph:
    """PROV-O read by a reader that knows nothing of virtkg: rdflib's triples, each pattern asked once."""

    def __init__(self, text: str) -> None:
        self.graph = rdflib.Graph().parse(data=text, format="turtle")

    def objects(self, subject: str, predicate: str) -> list[Any]:
        return list(self.graph.objects(rdflib.URIRef(subject), rdflib.URIRef(predicate)))

    def one(self, subject: str, predicate: str) -> Any:
        (found,) = self.objects(subject, predicate)
        return found

    def roots(self) -> list[str]:
        (answer,) = [node for node in set(self.graph.subjects()) if str(node).startswith(provenance.ANSWER)]
        return sorted(map(str, self.objects(answer, PROV + "wasDerivedFrom")))

    def told(self, statement: str) -> Told:
        """The proof of a statement, in the shape that `told` gives."""
        assert rdflib.URIRef(RDF + "Statement") in self.objects(statement, RDF + "type")
        parts = [self.one(statement, RDF + name).n3() for name in ("subject", "predicate", "object")]
        (quad,) = ox.parse(" ".join(parts) + " .", format=RdfFormat.TURTLE)
        disputed = rdflib.URIRef(statement) in self.objects(DISPUTED_GRAPH, PROV + "hadMember")
        text = str(self.one(statement, RDFS + "label"))
        premises = frozenset(map(str, self.objects(statement, PROV + "wasDerivedFrom")))
        activities = self.objects(statement, PROV + "wasGeneratedBy")
        sources = frozenset(map(str, self.objects(statement, PROV + "wasQuotedFrom")))
        if not activities:
            assert sources and not premises
            return quad.triple, text, "", frozenset(), frozenset(), sources, disputed
        (activity,) = activities
        assert not sources and frozenset(map(str, self.objects(activity, PROV + "used"))) == premises
        assert str(self.one(activity, PROV + "generated")) == statement
        association = self.one(activity, PROV + "qualifiedAssociation")
        assert self.one(association, PROV + "agent") == self.one(activity, PROV + "wasAssociatedWith")
        rule = self.one(association, PROV + "hadPlan")
        assert rdflib.URIRef(PROV + "Plan") in self.objects(rule, RDF + "type")
        comments = map(str, self.objects(activity, RDFS + "comment"))
        absent = frozenset(comment.removeprefix(provenance.NOTHING_SAYS) for comment in comments)
        below = frozenset(self.told(premise) for premise in premises)
        return quad.triple, text, str(rule), below, absent, frozenset(), disputed


@pytest.mark.parametrize("statement", STATEMENTS)
def test_turtle_read_back_is_the_same_proof(statement: str, kg: KnowledgeGraph) -> None:
    answer = kg.why(statement)
    graph = Graph(render(answer, "turtle"))
    assert answer.sides
    expected = {told(side.proof) for side in answer.sides}
    assert {graph.told(root) for root in graph.roots()} == expected
    changed = {told(tampered(side.proof)) for side in answer.sides}
    assert changed != expected


def tampered(proof: Proof) -> Proof:
    """The same proof with another source at its first leaf."""
    if not proof.rule:
        return replace(proof, sources=(SRC + "nobody",))
    return replace(proof, premises=(tampered(proof.premises[0]), *proof.premises[1:]))


@pytest.mark.parametrize("statement", STATEMENTS)
def test_turtle_is_canonical_and_every_reader_reads_it_alike(statement: str, kg: KnowledgeGraph) -> None:
    text = render(kg.why(statement), "turtle")
    assert format_text(text, trig=False, path="proof.ttl") == text
    assert text == render(kg.why(statement), "turtle")
    store = {quad.triple for quad in ox.parse(text, format=RdfFormat.TURTLE)}
    lines = rdflib.Graph().parse(data=text, format="turtle").serialize(format="nt")
    assert store == {quad.triple for quad in ox.parse(lines, format=RdfFormat.N_TRIPLES)}
    assert not any(isinstance(end, ox.BlankNode) for triple in store for end in (triple.subject, triple.object))


DOMAINS = {
    "wasDerivedFrom": ("Entity", "Entity"),
    "wasQuotedFrom": ("Entity", "Entity"),
    "wasGeneratedBy": ("Entity", "Activity"),
    "generated": ("Activity", "Entity"),
    "used": ("Activity", "Entity"),
    "hadMember": ("Collection", "Entity"),
    "wasAssociatedWith": ("Activity", "SoftwareAgent"),
    "qualifiedAssociation": ("Activity", "Association"),
    "agent": ("Association", "SoftwareAgent"),
    "hadPlan": ("Association", "Plan"),
    "value": ("Entity", ""),
}
"""The class at each end of each property of PROV-O (its domain and range, or a subclass)."""


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_end_has_the_class_that_prov_asks_for(statement: str, kg: KnowledgeGraph) -> None:
    triples = {quad.triple for quad in ox.parse(render(kg.why(statement), "turtle"), format=RdfFormat.TURTLE)}
    assert _wrong(triples) == []
    one = next(t for t in sorted(triples, key=str) if t.predicate.value == RDF + "type" and "Entity" in str(t.object))
    assert _wrong(triples - {one})


def _wrong(triples: set[Triple]) -> list[Triple]:
    classes = {(t.subject, str(t.object)[1:-1]) for t in triples if t.predicate.value == RDF + "type"}
    found = []
    for triple in triples:
        if triple.predicate.value.startswith(PROV):
            ends = zip((triple.subject, triple.object), DOMAINS[triple.predicate.value[len(PROV) :]], strict=True)
            found += [triple for end, class_ in ends if class_ and (end, PROV + class_) not in classes]
    return found


def test_what_is_disputed_is_marked(kg: KnowledgeGraph) -> None:
    members = Graph(render(kg.why("RHEV 3 supports page sharing"), "turtle")).objects(
        DISPUTED_GRAPH, PROV + "hadMember"
    )
    assert len(members) == 2
    assert not Graph(render(kg.why("XenServer 6 runs PV"), "turtle")).objects(DISPUTED_GRAPH, PROV + "hadMember")


def test_what_has_no_proof_is_told_without_one(kg: KnowledgeGraph) -> None:
    graph = Graph(render(kg.why("vSphere 5.1 runs PV"), "turtle"))
    assert graph.roots() == [] and len(graph.graph) == 3
    (node,) = set(graph.graph.subjects())
    assert str(graph.one(node, PROV + "value")) == "unknown"


def test_equal_facts_have_one_iri_and_others_another() -> None:
    one = Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal("1"))
    assert provenance.statement(one) == provenance.statement(Triple(one.subject, one.predicate, one.object))
    other = Triple(one.subject, one.predicate, Literal(1))
    assert provenance.statement(one) != provenance.statement(other)
    assert provenance.statement(one).value.startswith(BASE)


# ---- JSON


def read(shape: dict[str, Any]) -> Proof:
    """The proof that a JSON document holds; a step that is `elsewhere` is looked up by its fact."""
    known: dict[Triple, dict[str, Any]] = {}
    for start in (shape["proof"], *shape.get("continued", [])):
        for step in _every(start):
            known.setdefault(_triple(step), step)
    made: dict[Triple, Proof] = {}

    def build(step: dict[str, Any]) -> Proof:
        fact = _triple(step)
        if fact in made:
            return made[fact]
        here = known[fact]
        assert here["disputed"] == step["disputed"] and here["text"] == step["text"]
        sources = tuple(source if ":" in source else SRC + source for source in here.get("sources", ()))
        premises = tuple(build(premise) for premise in here.get("premises", ()))
        absent, absences = tuple(here.get("absent", ())), tuple(here.get("absences", ()))
        made[fact] = Proof(
            fact, here["text"], here.get("rule", ""), premises, absent, sources, here["disputed"], absences
        )
        return made[fact]

    return build(shape["proof"])


def _every(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "elsewhere" not in step:
        yield step
    for premise in step.get("premises", ()):
        yield from _every(premise)


def _triple(step: dict[str, Any]) -> Triple:
    fact = step["fact"]
    (quad,) = ox.parse(f"{fact['subject']} {fact['predicate']} {fact['object']} .", format=RdfFormat.N_TRIPLES)
    return quad.triple


@pytest.mark.parametrize("statement", STATEMENTS)
def test_json_read_back_is_the_same_proof(statement: str, kg: KnowledgeGraph) -> None:
    answer = kg.why(statement)
    shapes = json.loads(render(answer, "json"))["proofs"]
    assert [Side(shape["supports"], read(shape)) for shape in shapes] == list(answer.sides)
    assert [read(shape) for shape in shapes] != [tampered(side.proof) for side in answer.sides]


# ---- proofs that are deep or share steps


def deep(levels: int) -> Proof:
    """A chain in which each step rests on the last one twice removed too: written out as a tree it has no end."""
    proofs = [_step(0), _step(1)]
    for level in range(2, levels):
        proofs.append(_step(level, proofs[-1], proofs[-2]))
    return proofs[-1]


def _step(level: int, *premises: Proof) -> Proof:
    fact = Triple(NamedNode(f"urn:s:{level}"), NamedNode("urn:p"), NamedNode("urn:o"))
    rule, sources = (RULE + "own", ()) if premises else ("", (SRC + "one",))
    return Proof(fact, f"s{level} p o", rule, premises, (), sources, False)


def explained(proof: Proof) -> Answer:
    return Answer("?", "?", "explanation", Verdict.YES, (), 0, (), "", (), (Side(True, proof),))


WRITERS: dict[str, Callable[[Proof], str]] = {
    "tree": lambda proof: "\n".join(tree.tree(proof)),
    "html": html.proof,
    "json": lambda proof: render(explained(proof), "json"),
    "turtle": lambda proof: render(explained(proof), "turtle"),
    "md": lambda proof: render(explained(proof), "md"),
}


@pytest.mark.parametrize("format", WRITERS)
def test_a_deep_proof_is_written_whole_and_each_step_once(format: str) -> None:
    proof = deep(1200)
    assert proof.height() == 1198 and len(list(proof.leaves())) == 2 and len(list(proof.steps())) == 1200
    text = WRITERS[format](proof)
    for level in (0, 1, 2, 600, 1199):
        assert f"s{level} p o" in text
    assert text.count("s600 p o") <= 3


def test_deep_json_can_be_read_back() -> None:
    shape = json.loads(render(explained(deep(90)), "json"))["proofs"][0]
    assert len(shape["continued"]) > 1 and "elsewhere" in json.dumps(shape)
    assert told_once(read(shape)) == told_once(deep(90))
    assert told_once(read(shape)) != told_once(deep(91))


def told_once(proof: Proof) -> set[Told]:
    return {(step.fact, step.rule, frozenset(below.fact for below in step.premises)) for step in proof.steps()}


# ---- formats by name


def test_every_format_has_its_own_text(kg: KnowledgeGraph) -> None:
    answer = kg.why("XenServer 6 runs PV")
    names = ("table", "json", "csv", "tsv", "md", "html", "turtle", "sparql")
    texts = {name: render(answer, name) for name in names}
    assert len(set(texts.values())) == len(names) and all(texts.values())
    assert render(answer) == texts["table"]
    with pytest.raises(QueryError) as caught:
        render(answer, "pdf")
    assert caught.value.code == "Q309"


def test_the_command_writes_what_render_gives(kg: KnowledgeGraph) -> None:
    for name in ("table", "json", "md", "html", "turtle"):
        ended = run("why", "RHEV 3 supports page sharing", "--format", name)
        assert ended.code == 4
        assert ended.out == render(kg.why("RHEV 3 supports page sharing"), name).rstrip("\n") + "\n"
    assert run("show", "Xen", "--format", "turtle").code == 2

"""The Python interface: load, ask, why, show, compare, sparql, query, export, and how answers look in a notebook."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple

import virtkg
from virtkg import KnowledgeGraph, Limits, Verdict
from virtkg.answer import Answer
from virtkg.namespaces import DISPUTED_GRAPH, ID, INFERRED_GRAPH, RDF, SRC, VKG

LIST = "suites with page sharing"
PREFIXES = """@prefix vkg: <https://w3id.org/virtkg/ns#> .
@prefix id: <https://w3id.org/virtkg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def write(path: Path, turtle: str) -> str:
    path.write_text(PREFIXES + turtle, encoding="utf-8")
    return str(path)


# answers


def test_a_question_has_rows_with_sources(kg: KnowledgeGraph) -> None:
    answer = kg.ask(LIST)
    assert (answer.kind, answer.verdict, answer.reading) == ("list", None, LIST)
    assert [row.label for row in answer.rows][-1] == "RHEV 3"
    for row in answer.rows:
        assert row.iri.startswith(ID)
        assert row.sources and set(row.sources) <= {slug for slug, _ in answer.titles}
    assert answer.count(Verdict.YES) + answer.count(Verdict.DISPUTED) == len(answer.rows)
    assert answer.count(Verdict.UNKNOWN) == answer.unknown > 0


@pytest.mark.parametrize(
    ("question", "verdict", "code"),
    [
        ("does XenServer 6 run PV", Verdict.YES, 0),
        ("does XenServer 6 support page sharing", Verdict.NO, 1),
        ("does vSphere 5.1 run PVHVM", Verdict.UNKNOWN, 4),
        ("does RHEV 3 support page sharing", Verdict.DISPUTED, 4),
    ],
)
def test_the_four_verdicts(kg: KnowledgeGraph, question: str, verdict: Verdict, code: int) -> None:
    answer = kg.ask(question)
    assert (answer.verdict, answer.exit_code) == (verdict, code)


def test_an_answer_cannot_be_changed(kg: KnowledgeGraph) -> None:
    answer = kg.ask(LIST)
    with pytest.raises((FrozenInstanceError, AttributeError)):
        answer.unknown = 0  # type: ignore[misc]
    assert answer == kg.ask(LIST)
    assert hash(answer) == hash(kg.ask(LIST))
    assert answer != kg.ask("modes")


def test_why_proves_an_inferred_fact_from_stated_ones(kg: KnowledgeGraph) -> None:
    answer = kg.why("XenServer 6 runs PV")
    (side,) = answer.sides
    assert answer.verdict is Verdict.YES and side.supports
    assert side.proof.height() >= 1
    assert side.proof.rule
    leaves = list(side.proof.leaves())
    assert leaves and all(leaf.sources and not leaf.rule and not leaf.premises for leaf in leaves)
    assert any(source.startswith(SRC) for leaf in leaves for source in leaf.sources)


def test_why_takes_three_terms_too(kg: KnowledgeGraph) -> None:
    in_words = kg.why("XenServer 6 runs PV").sides
    assert kg.why("id:xenserver-6 vkg:runsMode id:pv").sides == in_words
    assert kg.why(f"<{ID}xenserver-6> <{VKG}runsMode> <{ID}pv> .").sides == in_words
    assert kg.why("id:xenserver-6 vkg:runsMode id:nothing").verdict is Verdict.UNKNOWN


def test_why_takes_a_literal_as_object(kg: KnowledgeGraph) -> None:
    (stated, *_) = [q for q in all_quads(kg, "asserted") if isinstance(q.object, Literal) and q.object.language is None]
    answer = kg.why(f"{stated.subject} {stated.predicate} {stated.object}")
    assert answer.verdict in (Verdict.YES, Verdict.DISPUTED)
    assert answer.sides[0].proof.fact == Triple(stated.subject, stated.predicate, stated.object)


def test_a_dispute_has_two_sides(kg: KnowledgeGraph) -> None:
    answer = kg.why("RHEV 3 supports page sharing")
    assert answer.verdict is Verdict.DISPUTED
    assert {side.supports for side in answer.sides} == {True, False}


@pytest.mark.parametrize(
    "term", ["XenServer 6", "xenserver 6", "id:xenserver-6", f"<{ID}xenserver-6>", f"{ID}xenserver-6"]
)
def test_show_takes_a_label_a_curie_or_an_iri(kg: KnowledgeGraph, term: str) -> None:
    answer = kg.show(term)
    assert (answer.kind, answer.rows[0].label, answer.rows[0].iri) == ("description", "XenServer 6", ID + "xenserver-6")
    assert any(value.text == "Xen" for field in answer.rows[0].fields for value in field.values)
    assert kg.find(term) == NamedNode(ID + "xenserver-6")


def test_show_says_all_that_is_stated(kg: KnowledgeGraph) -> None:
    said = {value.value for field in kg.show("id:xenserver-6").rows[0].fields for value in field.values}
    thing = NamedNode(ID + "xenserver-6")
    names = (
        RDF + "type",
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://www.w3.org/2004/02/skos/core#definition",
    )
    objects = {
        q.object.value  # type: ignore[union-attr]
        for q in all_quads(kg, "asserted")
        if q.subject == thing and q.predicate.value.startswith(VKG) and q.predicate.value not in names
    }
    assert objects and objects <= said


def test_compare_puts_what_differs_first(kg: KnowledgeGraph) -> None:
    answer = kg.compare("XenServer 6", "vSphere 5.1", "Hyper-V 2012")
    assert answer.kind == "comparison"
    # How a row stands: its values differ, are the same, or are not known for all.
    groups = []
    for row in answer.rows:
        assert [field.label for field in row.fields] == ["XenServer 6", "vSphere 5.1", "Hyper-V 2012"]
        texts = [" ".join(sorted(value.text for value in field.values)) for field in row.fields]
        groups.append(2 if "not known" in texts else 1 if len(set(texts)) == 1 else 0)
    assert groups == sorted(groups)
    assert {0, 1} <= set(groups)


def test_errors_are_the_documented_ones(kg: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(virtkg.QuestionError, match="pge") as unknown:
        kg.ask("suites with pge sharing")
    assert (unknown.value.column, unknown.value.suggestions) == (13, (LIST,))
    for error, call in (
        (virtkg.UnknownTerm, lambda: kg.show("nobody")),
        (virtkg.QueryError, lambda: kg.sparql("SELEC")),
        (virtkg.QueryError, lambda: kg.query("nope")),
        (virtkg.QueryError, lambda: kg.export("nq", "half")),
        (virtkg.RdfError, lambda: kg.export("docx")),
        (virtkg.LimitReached, lambda: kg.sparql("SELECT * { ?s ?p ?o }", limits=Limits(rows=5))),
        (virtkg.SurroundingsError, lambda: virtkg.load([str(tmp_path / "missing.ttl")])),
        (virtkg.RdfError, lambda: virtkg.load([write(tmp_path / "bad.ttl", "id:a id:b .")])),
        (virtkg.UnknownTerm, lambda: virtkg.load(sources=["nobody"])),
        (virtkg.RuleError, lambda: virtkg.load(rules=[write(tmp_path / "bad.srl", "RULE")])),
    ):
        with pytest.raises(error) as raised:
            call()  # type: ignore[no-untyped-call, unused-ignore]
        assert isinstance(raised.value, virtkg.VirtkgError)
        assert re.fullmatch(r"[A-Z]\d{3}", raised.value.code)


# SPARQL and stored queries


def test_sparql_gives_terms(kg: KnowledgeGraph) -> None:
    found = kg.sparql(f"SELECT ?hypervisor {{ <{ID}xenserver-6> <{VKG}usesHypervisor> ?hypervisor }} LIMIT 1")
    assert (found.variables, found.rows) == (("hypervisor",), ((NamedNode(ID + "xen"),),))
    assert kg.sparql(f"ASK {{ <{ID}xen> ?p ?o }}").boolean is True
    (triple,) = kg.sparql(f"CONSTRUCT {{ <{ID}xen> <urn:p> 1 }} {{}}").triples
    assert triple.subject == NamedNode(ID + "xen")


def test_sparql_sees_each_fact_in_its_graph_and_once_in_all(kg: KnowledgeGraph) -> None:
    in_graphs = kg.sparql("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").rows[0][0]
    together = kg.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0][0]
    quads = all_quads(kg, "all")
    disputed = kg.sparql(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{DISPUTED_GRAPH}> {{ ?s ?p ?o }} }}").rows[0][0]
    assert isinstance(in_graphs, Literal) and isinstance(together, Literal) and isinstance(disputed, Literal)
    assert int(in_graphs.value) == len(quads) + int(disputed.value)
    assert int(together.value) == len({(q.subject, q.predicate, q.object) for q in quads})


def test_sparql_may_name_each_graph(kg: KnowledgeGraph) -> None:
    graphs = kg.graphs()
    assert graphs == sorted(set(graphs))
    assert {INFERRED_GRAPH, DISPUTED_GRAPH} <= set(graphs)
    assert sum(graph.startswith(SRC) for graph in graphs) > 3
    for graph in graphs[:: len(graphs) // 5]:
        assert kg.sparql(f"ASK FROM <{graph}> {{ ?s ?p ?o }}").boolean is True


def test_a_stored_query_binds_its_parameters(kg: KnowledgeGraph) -> None:
    found = kg.query("history", {"line": "Xen"})
    assert found.rows == kg.query("history", {"line": "id:xen"}).rows
    assert found.rows and found.rows != kg.query("history", {"line": "KVM"}).rows


def test_vocabulary_lists_what_can_be_said(kg: KnowledgeGraph) -> None:
    every = kg.vocabulary()
    some = kg.vocabulary("Page-Sharing")
    assert ("page sharing", "entity", "id:page-sharing") in some
    assert set(some) < set(every)
    assert kg.vocabulary("nobody says this") == []
    assert kg.vocabulary("without")[0] == ("without", "word", "")


# export

FORMATS = {
    "turtle": (RdfFormat.TURTLE, "turtle", False),
    "trig": (RdfFormat.TRIG, "trig", True),
    "nt": (RdfFormat.N_TRIPLES, "nt", False),
    "nq": (RdfFormat.N_QUADS, "nquads", True),
    "jsonld": (RdfFormat.JSON_LD, "json-ld", True),
    "rdfxml": (RdfFormat.RDF_XML, "xml", False),
}


def all_quads(kg: KnowledgeGraph, part: str) -> set[Quad]:
    """Return the quads of a part, read where they lie."""
    inferred, disputed = NamedNode(INFERRED_GRAPH), NamedNode(DISPUTED_GRAPH)
    found = set()
    for predicate in kg.snapshot.predicates():
        for subject, object_, graph in kg.snapshot.column(predicate):
            quad = Quad(*(kg.snapshot.term(n) for n in (subject, predicate, object_, graph)))  # type: ignore[arg-type]
            if quad.graph_name != disputed and part in (
                "all",
                "inferred" if quad.graph_name == inferred else "asserted",
            ):
                found.add(quad)
    return found


def from_rdflib(dataset: rdflib.Dataset) -> set[Quad]:
    def term(node: object) -> NamedNode | Literal:
        if isinstance(node, rdflib.URIRef):
            return NamedNode(str(node))
        assert isinstance(node, rdflib.Literal), node
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))

    found = set()
    for subject, predicate, value, graph in dataset.quads():
        named = DefaultGraph() if graph is None or str(graph) == "urn:x-rdflib:default" else NamedNode(str(graph))
        found.add(Quad(term(subject), term(predicate), term(value), named))  # type: ignore[arg-type]
    return found


@pytest.fixture
def lexical(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rdflib keep literals as they are written."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.mark.parametrize("part", ["asserted", "inferred", "all"])
@pytest.mark.parametrize("format", FORMATS)
def test_an_export_loads_elsewhere_with_the_same_content(
    format: str, part: str, kg: KnowledgeGraph, lexical: None
) -> None:
    parser, name, keeps_graphs = FORMATS[format]
    data = kg.export(format, part)
    assert data == kg.export(format, part)
    expected = all_quads(kg, part)
    if not keeps_graphs:
        expected = {Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in expected}
    assert len(expected) > 50
    assert set(pyoxigraph.parse(data, format=parser)) == expected
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=name)
    assert from_rdflib(dataset) == expected


def test_the_parts_of_an_export_make_the_whole(kg: KnowledgeGraph) -> None:
    lines = {part: set(kg.export("nq", part).splitlines()) for part in ("asserted", "inferred", "all")}
    assert lines["asserted"] | lines["inferred"] == lines["all"]
    assert not lines["asserted"] & lines["inferred"]
    assert len(lines["all"]) == len(kg)
    assert all(f"<{INFERRED_GRAPH}>".encode() in line for line in lines["inferred"])


def test_an_export_has_no_blank_nodes(kg: KnowledgeGraph) -> None:
    quads = list(pyoxigraph.parse(kg.export("nq"), format=RdfFormat.N_QUADS))
    assert quads and not any(isinstance(term, BlankNode) for quad in quads for term in quad)


@pytest.mark.parametrize("part", ["inferred", "all"])
def test_to_rdflib_keeps_each_fact_in_its_graph(part: str, kg: KnowledgeGraph, lexical: None) -> None:
    dataset = kg.to_rdflib(part)
    assert isinstance(dataset, rdflib.Dataset)
    assert from_rdflib(dataset) == all_quads(kg, part)


# more facts, fewer sources, other rules


@pytest.fixture(scope="module")
def two_files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two files from which together a third fact follows."""
    folder = tmp_path_factory.mktemp("two")
    thing = 'id:other-suite a vkg:Suite ; rdfs:label "Other Suite"@en .\n'
    return [
        write(folder / "uses.ttl", thing + "id:other-suite vkg:usesHypervisor id:other ."),
        write(folder / "runs.ttl", 'id:other a vkg:Hypervisor ; rdfs:label "Other"@en ; vkg:runsMode id:pv .'),
    ]


def test_facts_of_a_file_are_cited_by_it(two_files: list[str]) -> None:
    graph = virtkg.load(two_files)
    answer = graph.ask("does Other Suite run PV")
    assert (answer.verdict, answer.rows[0].inferred) == (Verdict.YES, True)
    assert set(answer.rows[0].sources) == {"file/uses.ttl", "file/runs.ttl"}
    proof = graph.why("Other Suite runs PV").sides[0].proof
    assert {SRC + "file/uses.ttl", SRC + "file/runs.ttl"} <= {s for leaf in proof.leaves() for s in leaf.sources}


def test_without_a_source_its_facts_and_what_follows_from_them_are_gone(two_files: list[str]) -> None:
    both = ["file/uses.ttl", "file/runs.ttl"]
    assert virtkg.load(two_files, sources=both).ask("does Other Suite run PV").verdict is Verdict.YES
    one = virtkg.load(two_files, sources=both[:1])
    assert one.ask("which hypervisor does Other Suite use").rows
    assert one.why("id:other-suite vkg:runsMode id:pv").verdict is Verdict.UNKNOWN
    assert {graph for graph in one.graphs() if graph.startswith(SRC)} == {SRC + both[0]}


def test_with_one_source_there_is_no_dispute_between_sources(kg: KnowledgeGraph) -> None:
    believed = virtkg.load(sources=["cmu-virtualization-suites"])
    assert kg.ask("does RHEV 3 support page sharing").verdict is Verdict.DISPUTED
    assert believed.ask("does RHEV 3 support page sharing").verdict is Verdict.NO
    assert len(believed) < len(kg)
    answer = believed.ask(LIST)
    assert {slug for row in answer.rows for slug in row.sources} == {"cmu-virtualization-suites"}


def test_labels_stay_when_all_sources_that_speak_of_a_thing_are_left_out(kg: KnowledgeGraph) -> None:
    believed = virtkg.load(sources=["red-hat-rhev-3.6-rest-api"])
    assert kg.ask("does XenServer 6 run PV").verdict is Verdict.YES
    assert believed.why("id:xenserver-6 vkg:runsMode id:pv").verdict is Verdict.UNKNOWN
    assert believed.show("id:xenserver-6").rows[0].label == "XenServer 6"
    assert believed.show("XenServer 6").rows[0].label == "XenServer 6"


def test_a_rule_of_ones_own_is_applied_and_named(tmp_path: Path) -> None:
    rules = tmp_path / "own.srl"
    rules.write_text(
        "PREFIX vkg: <https://w3id.org/virtkg/ns#>\nPREFIX id: <https://w3id.org/virtkg/id/>\n"
        "PREFIX own: <https://example.org/rules#>\n"
        "RULE own:sharing { ?s vkg:supports id:live-migration } WHERE { ?s vkg:supports id:page-sharing }\n"
    )
    graph = virtkg.load(rules=[str(rules)])
    supported = {row.iri for row in graph.ask("suites with live migration").rows}
    assert {row.iri for row in graph.ask(LIST).rows} <= supported
    proofs = [graph.why(f"<{iri}> vkg:supports id:live-migration").sides[0].proof for iri in sorted(supported)]
    assert "https://example.org/rules#sharing" in {proof.rule for proof in proofs}


def test_facts_that_cannot_all_be_true_are_found_and_proved(kg: KnowledgeGraph, tmp_path: Path) -> None:
    assert kg.contradictions() == ()
    graph = virtkg.load([write(tmp_path / "clash.ttl", "id:odd a vkg:Suite , vkg:Hypervisor .")])
    (finding,) = graph.contradictions()
    assert "cax-dw" in finding.proof.rule
    odd = [leaf for leaf in finding.proof.leaves() if leaf.sources == (SRC + "file/clash.ttl",)]
    assert len(odd) == 2


def test_a_graph_without_a_cache_is_the_same(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTKG_CACHE", str(tmp_path / "unused"))
    assert virtkg.load(cache=False).export("nq") == kg.export("nq")
    assert not (tmp_path / "unused").exists()


# hostile labels

HOSTILE = "<script>alert(\"1\")</script> & 'x' | `y` [z](javascript:a) <img src=q onerror=w>"


class Strict(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    escaped = HOSTILE.replace('"', '\\"')
    data = f"""
        id:hostile a vkg:Suite ; rdfs:label "{escaped}"@en ; vkg:supports id:page-sharing ; vkg:usesHypervisor id:evil ;
            vkg:note "{escaped}" .
        id:evil a vkg:Hypervisor ; rdfs:label "Evil {escaped}"@en ; vkg:runsMode id:pv .
        <https://w3id.org/virtkg/source/file/hostile.ttl> rdfs:label "Title {escaped}"@en .
    """
    return virtkg.load([write(tmp_path_factory.mktemp("hostile") / "hostile.ttl", data)])


def hostile_answers(graph: KnowledgeGraph) -> list[Answer]:
    return [
        graph.ask(LIST),
        graph.ask(LIST, proofs=True),
        graph.ask("hypervisors of suites with page sharing"),
        graph.show("id:hostile"),
        graph.compare("id:hostile", "id:xenserver-6"),
        graph.why("id:hostile vkg:runsMode id:pv"),
    ]


def test_no_label_reaches_html_raw(hostile: KnowledgeGraph) -> None:
    for answer in hostile_answers(hostile):
        page = answer._repr_html_()
        parser = Strict()
        parser.feed(page)
        allowed = {
            "div",
            "p",
            "em",
            "strong",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "ul",
            "li",
            "details",
            "ol",
            "summary",
        }
        assert parser.tags <= allowed
        assert parser.attributes <= {("class", "virtkg-answer"), ("open", None)}
        assert HOSTILE in parser.text
        assert "<script" not in page and "<img" not in page


def test_no_label_reaches_markdown_raw(hostile: KnowledgeGraph) -> None:
    from virtkg.present.markup import markdown

    for answer in hostile_answers(hostile):
        outside, *fences = re.split(r"^```$", markdown(answer), flags=re.MULTILINE)[::2]
        text = "".join([outside, *fences])
        assert not re.search(r"(?<!\\)<", text)
        assert not re.search(r"(?<!\\)\](?:\(|\[)", text)
        rows = [line for line in text.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1
    assert "\\<script\\>" in markdown(hostile.ask(LIST))


def test_a_notebook_shows_an_answer(kg: KnowledgeGraph) -> None:
    parser = Strict()
    parser.feed(kg.ask(LIST)._repr_html_())
    assert {"table", "tr", "td"} <= parser.tags
    for row in kg.ask(LIST).rows:
        assert row.label in parser.text

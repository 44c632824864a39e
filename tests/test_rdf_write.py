"""What is written is the same bytes for the same quads, and two libraries read the same quads from it."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat

from virtkg.diagnostics import RdfError
from virtkg.namespaces import DCT, ID, PREFIXES, RDF, RDFS, SRC, VKG, XSD
from virtkg.rdf.read import read_files
from virtkg.rdf.write import FORMATS, serialize

# Noise of rdflib's own, about its own parsers.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib", "ignore:Parsing weird boolean")

ROOT = Path(__file__).parents[1]
FIXTURES = Path(__file__).parent / "rdf"
Row: TypeAlias = tuple[str, ...]


@pytest.fixture(autouse=True)
def exact_rdflib(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # rdflib rewrites "007" to "7" and complains of odd lexical forms, unless told not to.
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("rdflib.term").setLevel(logging.NOTSET)


# ---- quads of all kinds

LOCALS = st.one_of(
    st.from_regex(r"[a-z0-9][A-Za-z0-9_.-]{0,8}", fullmatch=True),
    st.text(alphabet="aZ09._-~%/:é\u00d7一'(),;=@!$&*+\U00020000", min_size=1, max_size=8),
)


def _is_iri(text: str) -> bool:
    try:
        return NamedNode(text).value == text
    except ValueError:
        return False


IRIS = (
    st.tuples(st.sampled_from([*PREFIXES.values(), "http://example.org/", "urn:x:", "id:", "vkg:"]), LOCALS)
    .map("".join)
    .filter(_is_iri)
)
# Predicates that every syntax, RDF/XML too, can express.
PREDICATES = st.tuples(
    st.sampled_from([VKG, ID, RDFS, "http://example.org/a/", "urn:x:", RDF + "x"]),
    st.from_regex(r"[a-z_é][A-Za-z0-9_.é-]{0,8}", fullmatch=True),
).map("".join) | st.just(RDF + "type")

# Every character that XML can hold; the others are tried where RDF/XML is not asked.
XML_CHARS = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff") | st.sampled_from(
    "\n\t\r\"'\\<>&#"
)
XML_TEXT = st.text(XML_CHARS.filter(lambda char: char >= " " or char in "\t\n\r"), max_size=12)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.sampled_from(
    ["007", "7", "-0", "0", "+1", "1.50", "1.", ".5", "-0.0", "0.00000001", "1e0", "true", "1", "9" * 30, "x"]
)
DATATYPES = st.sampled_from(
    [XSD + name for name in ("integer", "decimal", "double", "boolean", "date", "gYear", "dateTime", "anyURI")]
    + [VKG + "bytes", "http://example.org/type", "urn:x:type"]
)
LANGUAGES = st.sampled_from(["en", "de-AT", "zh-Hans", "x-private"])


def literals(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Literal]:
    return st.one_of(
        texts.map(Literal),
        st.builds(lambda text, language: Literal(text, language=language), texts, LANGUAGES),
        st.builds(lambda text, kind: Literal(text, datatype=NamedNode(kind)), texts | NUMBERS, DATATYPES),
    )


def quads(texts: st.SearchStrategy[str], predicates: st.SearchStrategy[str]) -> st.SearchStrategy[list[Quad]]:
    nodes = IRIS.map(NamedNode)
    graphs = st.none() | st.sampled_from([SRC + "one", SRC + "file/a%20b.ttl", "http://example.org/g", "id:g"])
    return st.lists(
        st.builds(
            lambda subject, predicate, value, graph: Quad(
                subject, NamedNode(predicate), value, NamedNode(graph) if graph else DefaultGraph()
            ),
            nodes,
            predicates,
            nodes | literals(texts),
            graphs,
        ),
        max_size=6,
    )


# ---- one form of what two libraries read


def expected(given_quads: list[Quad], format: str) -> set[Row]:
    keeps = FORMATS[format].keeps_graphs
    return {_oxigraph_row(quad, keeps) for quad in given_quads}


def _oxigraph_row(quad: Quad, keeps_graphs: bool) -> Row:
    value = quad.object
    assert isinstance(quad.subject, NamedNode)
    if isinstance(value, Literal):
        ends: Row = (value.value, value.datatype.value, value.language or "")
    else:
        assert isinstance(value, NamedNode)
        ends = (value.value,)
    graph = quad.graph_name.value if keeps_graphs and isinstance(quad.graph_name, NamedNode) else ""
    return (graph, quad.subject.value, quad.predicate.value, *ends)


def through_oxigraph(data: bytes, format: str) -> set[Row]:
    parser = getattr(RdfFormat, FORMATS[format].parser)
    return {_oxigraph_row(quad, True) for quad in pyoxigraph.parse(data, format=parser)}


RDFLIB_NAMES = {"turtle": "turtle", "trig": "trig", "nt": "nt", "nq": "nquads", "jsonld": "json-ld", "rdfxml": "xml"}


def through_rdflib(data: bytes, format: str) -> set[Row]:
    dataset = rdflib.Dataset()
    target: Any = dataset if FORMATS[format].keeps_graphs else dataset.default_graph
    target.parse(data=data, format=RDFLIB_NAMES[format])
    return {_rdflib_row(*quad) for quad in dataset.quads((None, None, None, None))}


def _rdflib_row(subject: Any, predicate: Any, value: Any, graph: Any) -> Row:
    if isinstance(value, rdflib.Literal):
        kind = RDF + "langString" if value.language else str(value.datatype or XSD + "string")
        ends: Row = (str(value), kind, (value.language or "").lower())
    else:
        ends = (str(value),)
    name = "" if graph is None or str(graph) == "urn:x-rdflib:default" else str(graph)
    return (name, str(subject), str(predicate), *ends)


# ---- the tests


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=40, deadline=None)
@given(quads(XML_TEXT, PREDICATES), st.randoms())
def test_round_trip_and_order(format: str, given_quads: list[Quad], chance: random.Random) -> None:
    data = serialize(given_quads, format)
    shuffled = [*given_quads, *given_quads[:2]]
    chance.shuffle(shuffled)
    assert serialize(shuffled, format) == data
    assert through_oxigraph(data, format) == expected(given_quads, format)


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=40, deadline=None)
@given(quads(XML_TEXT, PREDICATES))
def test_rdflib_reads_the_same(format: str, given_quads: list[Quad]) -> None:
    assert through_rdflib(serialize(given_quads, format), format) == expected(given_quads, format)


@pytest.mark.parametrize("format", [name for name in FORMATS if name != "rdfxml"])
@settings(max_examples=40, deadline=None)
@given(quads(ANY_TEXT, IRIS))
def test_round_trip_of_any_character_and_predicate(format: str, given_quads: list[Quad]) -> None:
    assert through_oxigraph(serialize(given_quads, format), format) == expected(given_quads, format)


@settings(max_examples=40, deadline=None)
@given(quads(ANY_TEXT, IRIS))
def test_rdfxml_is_faithful_or_refused(given_quads: list[Quad]) -> None:
    data, code = None, None
    try:
        data = serialize(given_quads, "rdfxml")
    except RdfError as error:
        code = error.code
    assert code == "D307" if data is None else through_oxigraph(data, "rdfxml") == expected(given_quads, "rdfxml")


SAMPLE = [
    Quad(NamedNode(ID + "xen-4.0.1"), NamedNode(RDF + "type"), NamedNode(VKG + "Release"), NamedNode(SRC + "b")),
    Quad(
        NamedNode(ID + "xen-4.0.1"),
        NamedNode(VKG + "code"),
        Literal("007", datatype=NamedNode(XSD + "integer")),
        NamedNode(SRC + "a"),
    ),
    Quad(NamedNode(ID + "xen-4.0.1"), NamedNode(VKG + "code"), Literal(7), NamedNode(SRC + "a")),
    Quad(
        NamedNode(ID + "xen-4.0.1"),
        NamedNode(RDFS + "label"),
        Literal("Xen 4.0.1", language="en"),
        NamedNode(SRC + "a"),
    ),
    Quad(
        NamedNode(ID + "xen-4.0.1"),
        NamedNode(RDFS + "label"),
        Literal("Xen 4.0.1", language="en"),
        NamedNode(SRC + "b"),
    ),
    Quad(NamedNode(SRC + "a"), NamedNode(RDFS + "label"), Literal("A")),
]


def test_turtle_text() -> None:
    assert serialize(SAMPLE, "turtle").decode() == (
        "@prefix id: <https://w3id.org/virtkg/id/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix src: <https://w3id.org/virtkg/source/> .\n"
        "@prefix vkg: <https://w3id.org/virtkg/ns#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "\n"
        "id:xen-4.0.1 a vkg:Release ;\n"
        '    rdfs:label "Xen 4.0.1"@en ;\n'
        '    vkg:code "007"^^xsd:integer , 7 .\n'
        "\n"
        'src:a rdfs:label "A" .\n'
    )


def test_trig_text() -> None:
    text = serialize(SAMPLE, "trig").decode()
    assert text.endswith(
        'src:a rdfs:label "A" .\n'
        "\n"
        "src:a {\n"
        '    id:xen-4.0.1 rdfs:label "Xen 4.0.1"@en ;\n'
        '        vkg:code "007"^^xsd:integer , 7 .\n'
        "}\n"
        "\n"
        "src:b {\n"
        "    id:xen-4.0.1 a vkg:Release ;\n"
        '        rdfs:label "Xen 4.0.1"@en .\n'
        "}\n"
    )


def test_the_class_stands_first() -> None:
    rows: list[tuple[str, NamedNode | Literal]]
    rows = [(RDF + "type", NamedNode(VKG + "B")), ("http://example.org/a", Literal("x")), (DCT + "title", Literal("y"))]
    text = serialize([Quad(NamedNode(ID + "a"), NamedNode(name), value) for name, value in rows], "turtle").decode()
    assert text.endswith('\n\nid:a a vkg:B ;\n    <http://example.org/a> "x" ;\n    dct:title "y" .\n')


@pytest.mark.parametrize("format", FORMATS)
def test_many_values_are_sorted(format: str) -> None:
    numbers = list(range(1000, 1200))
    random.Random(format).shuffle(numbers)
    text = serialize((Quad(NamedNode(ID + "a"), NamedNode(VKG + "b"), Literal(number)) for number in numbers), format)
    assert [int(found) for found in re.findall(rb"\b1[01][0-9][0-9]\b", text)] == sorted(numbers)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("kind", ["integer", "decimal", "double", "boolean"])
def test_lexical_forms_survive_in_both_libraries(format: str, kind: str) -> None:
    forms = ["007", "7", "-0", "+1", "1.50", ".5", "-0.0", "0.00000001", "1e0", "1E22", "1", "0", "true", "9" * 5_000]
    quads = [
        Quad(NamedNode(ID + "a"), NamedNode(VKG + "b"), Literal(form, datatype=NamedNode(XSD + kind))) for form in forms
    ]
    data = serialize(quads, format)
    assert through_oxigraph(data, format) == expected(quads, format)
    assert through_rdflib(data, format) == expected(quads, format)


def test_lines_are_sorted() -> None:
    for name, count in (("nt", 5), ("nq", 6)):
        lines = serialize(SAMPLE, name).decode().splitlines()
        assert len(lines) == count
        assert lines == sorted(lines)


def test_jsonld_text() -> None:
    document = json.loads(serialize(SAMPLE, "jsonld"))
    assert list(document) == ["@context", "@graph"]
    assert document["@context"] == {name: PREFIXES[name] for name in ("id", "rdfs", "src", "vkg", "xsd")}
    label = {"@language": "en", "@value": "Xen 4.0.1"}
    assert document["@graph"] == [
        {"@id": "src:a", "rdfs:label": "A"},
        {
            "@id": "src:a",
            "@graph": [
                {"@id": "id:xen-4.0.1", "rdfs:label": label, "vkg:code": [{"@type": "xsd:integer", "@value": "007"}, 7]}
            ],
        },
        {"@id": "src:b", "@graph": [{"@id": "id:xen-4.0.1", "@type": "vkg:Release", "rdfs:label": label}]},
    ]


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_is_a_legal_document(format: str) -> None:
    data = serialize([], format)
    assert through_oxigraph(data, format) == through_rdflib(data, format) == set()


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_written_can_be_read_again(format: str, tmp_path: Path) -> None:
    path = tmp_path / f"export{FORMATS[format].endings[0]}"
    path.write_bytes(serialize(SAMPLE, format))
    again = [Quad(*row) for row in read_files([str(path)])]
    file_graph = f"{SRC}file/{path.name}"
    rows = expected(SAMPLE, format)
    assert {_oxigraph_row(quad, True) for quad in again} == {(row[0] or file_graph, *row[1:]) for row in rows}
    assert len(again) == len(rows)


PROGRAM = """
import hashlib, random, sys
from pyoxigraph import Quad
from virtkg.rdf.read import read_files
from virtkg.rdf.write import FORMATS, serialize
quads = [Quad(*row) for row in read_files(sys.argv[1:])]
random.shuffle(quads)
print([hashlib.sha256(serialize(quads, name)).hexdigest() for name in FORMATS])
"""


def test_bytes_do_not_depend_on_the_process() -> None:
    paths = [str(FIXTURES / name) for name in ("tidy.trig", "same.nt")]
    outputs = set()
    for seed in ("0", "1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", PROGRAM, *paths]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        outputs.add(done.stdout)
    quads_here = [Quad(*row) for row in read_files(paths)]
    assert len(quads_here) > 40
    assert outputs == {f"{[hashlib.sha256(serialize(quads_here, name)).hexdigest() for name in FORMATS]}\n"}


def refusal(quad: Quad, format: str) -> RdfError:
    with pytest.raises(RdfError) as caught:
        serialize([*SAMPLE, quad], format)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    "predicate",
    [
        "http://example.org/1",
        "http://example.org/",
        "http://example.org/%41",
        "http://example.org/Ω",
        "http://www.w3.org/2000/xmlns/a",
        RDF + "li",
        RDF + "about",
    ],
)
def test_rdfxml_names_the_predicate_that_it_cannot_express(predicate: str) -> None:
    quad = Quad(NamedNode(ID + "a"), NamedNode(predicate), Literal("x"))
    error = refusal(quad, "rdfxml")
    assert error.code == "D307"
    assert f"<{predicate}>" in error.message
    assert "another format" in error.hint
    assert through_oxigraph(serialize([quad], "turtle"), "turtle") == expected([quad], "turtle")


@pytest.mark.parametrize("character", ["\0", "\x01", "\x1f", "\ufffe", "\uffff"])
def test_rdfxml_names_the_character_that_it_cannot_hold(character: str) -> None:
    error = refusal(Quad(NamedNode(ID + "a"), NamedNode(VKG + "b"), Literal(f"a{character}b")), "rdfxml")
    assert (error.code, f"U+{ord(character):04X}" in error.message) == ("D307", True)
    assert error.message.isprintable()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "quad",
    [
        Quad(pyoxigraph.BlankNode(), NamedNode(VKG + "b"), Literal("x")),
        Quad(NamedNode(ID + "a"), NamedNode(VKG + "b"), pyoxigraph.BlankNode()),
        Quad(
            NamedNode(ID + "a"),
            NamedNode(VKG + "b"),
            pyoxigraph.Triple(NamedNode(ID + "a"), NamedNode(VKG + "b"), Literal("x")),
        ),
        Quad(
            NamedNode(ID + "a"),
            NamedNode(VKG + "b"),
            Literal("x", language="en", direction=pyoxigraph.BaseDirection.LTR),
        ),
    ],
    ids=["subject", "object", "triple", "direction"],
)
def test_terms_that_are_never_written(format: str, quad: Quad) -> None:
    assert refusal(quad, format).code == "D307"


@pytest.mark.parametrize("format", [name for name, syntax in FORMATS.items() if syntax.keeps_graphs])
def test_a_blank_graph_is_never_written(format: str) -> None:
    quad = Quad(NamedNode(ID + "a"), NamedNode(VKG + "b"), Literal("x"), pyoxigraph.BlankNode())
    assert refusal(quad, format).code == "D307"


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RdfError, match='unknown RDF format "n3"') as caught:
        serialize([], "n3")
    assert caught.value.code == "D302"
    assert caught.value.hint == "known formats: turtle, trig, nt, nq, jsonld, rdfxml"


def test_the_names_of_the_formats_cost_no_library() -> None:
    program = (
        "import sys; from virtkg.rdf.write import FORMATS;"
        "print(len(FORMATS), *(name in sys.modules for name in ('pyoxigraph', 'rdflib')))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "6 False False\n"

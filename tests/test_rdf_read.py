"""Files are read into quads with a source, or refused with one error; nothing hangs, nothing crashes."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virtkg.diagnostics import ExitCode, LimitReached, RdfError, SurroundingsError, VirtkgError
from virtkg.namespaces import DISPUTED_GRAPH, GENID, INFERRED_GRAPH, SRC
from virtkg.rdf import apart, files
from virtkg.rdf.hostile import JSON_DEPTH, XML_DEPTH
from virtkg.rdf.read import Row, file_name, read_file, read_files

FIXTURES = Path(__file__).parent / "rdf"
SAME = sorted(FIXTURES.glob("same.*"))
RDF_HEAD = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="http://u/">'

Make = Callable[[str, bytes], str]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write(name: str, content: bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return str(path)

    return write


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


def refusal(path: str) -> VirtkgError:
    with at_most(5), pytest.raises(VirtkgError) as caught:
        read_file(path)
    return caught.value


def nquads(rows: list[Row]) -> list[str]:
    return [" ".join(map(str, row)) for row in rows]


# ---- what comes out


def test_every_syntax_reads_to_the_same_quads() -> None:
    assert len(SAME) == 9, "the fixtures are gone"
    source = SRC + "one"
    expected = set(read_file(str(FIXTURES / "same.nt"), source=source))
    assert len(expected) == 6
    assert any('"007"^^' in line for line in nquads(list(expected)))
    for path in SAME:
        assert set(read_file(str(path), source=source)) == expected, path.name


def test_a_file_is_the_source_of_quads_without_a_graph(make: Make) -> None:
    path = make("my guests (é).ttl", b"<http://a> <http://b> 1 .")
    ((*_, graph),) = read_file(path)
    assert graph == pyoxigraph.NamedNode(SRC + "file/my%20guests%20%28%C3%A9%29.ttl")


def test_a_given_source_is_the_graph_and_a_named_graph_is_kept(make: Make) -> None:
    path = make("a.trig", b"<http://a> <http://b> 1 . GRAPH <http://g> { <http://a> <http://b> 2 }")
    assert [graph.value for *_, graph in read_file(path, source=SRC + "x")] == [SRC + "x", "http://g"]


def test_relative_iris_stand_beside_the_source(make: Make) -> None:
    path = make("a.ttl", b"<> <http://b> <#c> .")
    ((*fact, _),) = read_file(path)
    assert " ".join(map(str, fact)) == f"<{SRC}file/a.ttl> <http://b> <{SRC}file/a.ttl#c>"


def test_files_of_one_name_get_different_iris(make: Make) -> None:
    content = b"<> <http://b> _:x ."
    paths = [make("one/a.ttl", content), make("two/a.ttl", content), make("two/b.ttl", content)]
    quads = read_files([*paths, paths[0], str(Path(paths[1]).parent / ".." / "two" / "a.ttl")])
    names = ["a.ttl", "a.ttl-2", "b.ttl"]
    assert [str(graph) for *_, graph in quads] == [f"<{SRC}file/{name}>" for name in names]
    assert [str(value) for _, _, value, _ in quads] == [f"<{GENID}{name}/b1>" for name in names]
    assert nquads(quads) == nquads(read_files(paths))


def test_no_files_are_no_quads() -> None:
    assert read_files([]) == []


def test_blank_nodes_become_numbered_iris(make: Make) -> None:
    path = make("a.trig", b"_:z <http://p> _:y . _:y <http://p> [] . _:g { _:z <http://p> 1 }")
    b1, b2, b3, b4 = (f"<{GENID}a.trig/b{number}>" for number in (1, 2, 3, 4))
    graph = f"<{SRC}file/a.trig>"
    assert nquads(read_file(path)) == [
        f"{b1} <http://p> {b2} {graph}",
        f"{b2} <http://p> {b3} {graph}",
        f'{b1} <http://p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> {b4}',
    ]


@pytest.mark.parametrize("name", ["b.ttl", "b.jsonld", "b.rdf"])
def test_the_same_bytes_give_the_same_iris(make: Make, name: str) -> None:
    content = {
        "b.ttl": b"<http://a> <http://p> [ <http://q> [] , ( 1 [] ) ] .",
        "b.jsonld": b'{"http://p": [{"http://q": {}}, {"http://r": [{"@list": [1, {}]}]}], "http://s": {"@id": "_:x"}}',
        "b.rdf": RDF_HEAD + b"<rdf:Description><u:p><u:C><u:q><u:D/></u:q></u:C></u:p></rdf:Description></rdf:RDF>",
    }[name]
    path = make(name, content)
    first = nquads(read_file(path))
    assert len(first) >= 3
    assert "_:" not in "".join(first)
    assert all(nquads(read_file(path)) == first for _ in range(3))


def test_blank_nodes_of_other_files_and_sources_stay_apart(make: Make) -> None:
    paths = [make("one/a.ttl", b"[] <http://p> 1 ."), make("two/a.ttl", b"[] <http://p> 2 .")]
    sources = [f"{SRC}one", f"{SRC}two"]
    subjects = {read_file(path, source=source)[0][0] for path, source in zip(paths, sources, strict=True)}
    assert len(subjects) == 2


def test_an_iri_already_taken_is_not_given_to_a_blank_node(make: Make) -> None:
    path = make("a.nt", f"<{GENID}a.nt/b1> <http://p> <{GENID}a.nt/b2> .\n_:x <http://p> <http://o> .".encode())
    assert str(read_file(path)[1][0]) == f"<{GENID}a.nt/b3>"


def test_a_byte_order_mark_is_skipped(make: Make) -> None:
    assert len(read_file(make("a.ttl", b"\xef\xbb\xbf<http://a> <http://b> 1 ."))) == 1


@given(st.lists(st.text(alphabet="ab .%é#/\\?&\U0001f600", min_size=1), min_size=2, max_size=2, unique=True))
def test_different_names_give_different_legal_segments(names: list[str]) -> None:
    first, second = (file_name(name.replace("/", "")) for name in names)
    assert (first == second) == (names[0].replace("/", "") == names[1].replace("/", ""))
    assert pyoxigraph.NamedNode(SRC + "file/" + first).value.endswith(first)


# ---- refusals, each with its code and its place


@pytest.mark.parametrize(
    ("name", "content", "code", "message"),
    [
        ("a.ttl", b"<http://a> <http://b> 1 .\n<http://a> <http://b> <c d> .", "D301", ":2:23: Invalid IRI code point"),
        ("a.nt", b"<http://a> <http://b> 1 .", "D301", ":1:23: "),
        ("a.nq", b"<http://a> <http://b> <c> .", "D301", ":1:23: No scheme found"),
        ("a.trig", b"<http://a> {\n<http://b> <http://c>", "D301", ":2:"),
        ("a.jsonld", b'{"http://a":\n [1,}', "D301", ":2:5: "),
        ("a.jsonld", b'{"@id": 5}', "D301", ": @id value must be a string"),
        ("a.rdf", RDF_HEAD + b"\n<a></rdf:RDF>", "D301", ":2:6: not well-formed XML: mismatched tag"),
        ("a.owl", RDF_HEAD + b"\n<v:a/></rdf:RDF>", "D301", ":2:1: not well-formed XML: unbound prefix"),
        ("a.xml", b"<a/>", "D301", ": XML namespaces are required in RDF/XML"),
        ("a.xml", b"", "D301", ":1:1: not well-formed XML: no element found"),
        ("a.ttl", "<http://é> <http://b>\n 'é' , '".encode() + b"\xe9' .", "D301", ":2:9: not UTF-8 (byte 0xe9)"),
        ("a.json", b'{"http://a": "\xff"}', "D301", ":1:15: not UTF-8 (byte 0xff)"),
        ("a.rdf", RDF_HEAD.decode().encode("utf-16"), "D301", ":1:1: not UTF-8 (byte 0xff)"),
        ("a.ttl", RDF_HEAD.decode().encode("utf-16-be"), "D301", ":1:1: "),
        ("a.doc", b"", "D302", 'the ending ".doc" stands for no RDF format'),
        ("noending", b"", "D302", "without an ending"),
        ("a.ttl", b"<http://a> <http://b> 'x'@en--ltr .", "D304", "base direction"),
        ("a.ttl", b"<http://a> <http://b>\n <<( <http://a> <http://b> 1 )>> .", "D304", ":2:2: a triple term"),
        ("a.ttl", b"'<<' <http://b> # <<\n << <http://a> <http://b> 1 >> .", "D304", ":2:2: a triple term"),
        (
            "a.jsonld",
            b'{"http://a": {"@value": "x", "@language": "en", "@direction": "rtl"}}',
            "D304",
            "base direction",
        ),
        (
            "a.rdf",
            RDF_HEAD.replace(b">", b' rdf:version="1.2">')
            + b'<rdf:Description rdf:about="http://x"><u:a rdf:parseType="Triple"><rdf:Description rdf:about="http://x">'
            b"<u:b>1</u:b></rdf:Description></u:a></rdf:Description></rdf:RDF>",
            "D304",
            ": the triple term of <http://u/a>",
        ),
        ("a.rdf", b"<!-- x -->\n<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "D305", ":2:"),
        ("a.jsonld", b'{"@context": "http://example.org/c", "http://a": 1}', "D306", "remote document"),
        ("a.jsonld", b'{"@context": {"@import": "file:///etc/passwd"}, "http://a": 1}', "D306", "remote document"),
    ],
)
def test_bad_content_is_refused_with_its_place(make: Make, name: str, content: bytes, code: str, message: str) -> None:
    path = make(name, content)
    error = refusal(path)
    assert isinstance(error, RdfError)
    assert error.exit_code == ExitCode.NOT_UNDERSTOOD
    assert (error.code, error.hint != "") == (code, True)
    assert error.message.startswith(path)
    assert message in error.message
    assert error.message.isprintable()


def test_the_known_endings_are_listed(make: Make) -> None:
    error = refusal(make("a.doc", b""))
    assert error.hint == "known endings: .ttl .trig .nt .nq .jsonld .json .rdf .owl .xml"


def test_an_ending_is_known_in_any_case(make: Make) -> None:
    assert len(read_file(make("A.TTL", b"<http://a> <http://b> 1 ."))) == 1


@pytest.mark.parametrize("graph", [INFERRED_GRAPH, DISPUTED_GRAPH])
def test_graphs_that_virtkg_fills_are_refused(make: Make, graph: str) -> None:
    path = make("a.trig", f"GRAPH <{graph}> {{ <http://a> <http://b> 1 }}".encode())
    assert (refusal(path).code, graph in refusal(path).message) == ("D303", True)
    with pytest.raises(RdfError, match="filled by virtkg itself") as caught:
        read_file(make("a.ttl", b"<http://a> <http://b> 1 ."), source=graph)
    assert caught.value.code == "D303"
    assert len(read_file(make("b.trig", f"GRAPH <{graph}-not> {{ <http://a> <http://b> 1 }}".encode()))) == 1


def test_a_source_must_be_an_iri(make: Make) -> None:
    path = make("a.ttl", b"<http://a> <http://b> 1 .")
    with pytest.raises(RdfError, match="is not an IRI") as caught:
        read_file(path, source="my source")
    assert caught.value.code == "D310"


def test_the_first_bad_file_of_several_is_named(make: Make) -> None:
    with pytest.raises(RdfError, match=r"bad\.ttl:1:1") as caught:
        read_files([make("good.ttl", b""), make("bad.ttl", b"nonsense"), make("worse.ttl", b"nonsense")])
    assert caught.value.code == "D301"


# ---- surroundings


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.ttl", "No such file"),
        ("", "a folder"),
        ("pipe.ttl", "not a regular file"),
        ("loop.ttl", "symbolic links"),
        ("a" * 300 + ".ttl", "too long"),
        ("nul\0.ttl", "not a possible path"),
        ("lone\ud800.ttl", "not a possible path"),
    ],
)
def test_what_is_no_readable_file_is_the_surroundings(tmp_path: Path, name: str, message: str) -> None:
    os.mkfifo(tmp_path / "pipe.ttl")
    (tmp_path / "loop.ttl").symlink_to("loop.ttl")
    path = f"{tmp_path}/{name}"
    for read in (read_file, lambda path: read_files([path])):
        with at_most(2), pytest.raises(SurroundingsError, match=message) as caught:
            read(path)
        assert (caught.value.code, caught.value.exit_code) == ("S602", ExitCode.SURROUNDINGS)
        assert caught.value.hint
        assert caught.value.message.isprintable()


def test_a_file_without_permission_is_the_surroundings(make: Make) -> None:
    path = make("secret.ttl", b"<http://a> <http://b> 1 .")
    os.chmod(path, 0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        with pytest.raises(SurroundingsError, match="Permission denied") as caught:
            read_file(path)
    finally:
        if root:
            os.seteuid(0)
    assert caught.value.code == "S602"


def test_a_parser_that_cannot_be_started_is_the_surroundings(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make("a.jsonld", b"{}")
    assert read_file(path) == []
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    error = refusal(path)
    assert (error.code, error.exit_code) == ("S603", ExitCode.SURROUNDINGS)


# ---- hostile texts


def test_a_file_over_the_size_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.nt"
    with path.open("wb") as file:
        file.truncate(files.SIZE_LIMIT + 1)
    error = refusal(str(path))
    assert isinstance(error, LimitReached)
    assert (error.code, error.exit_code) == ("E501", ExitCode.LIMIT)
    assert "200 MB" in error.message


def xml_nest(depth: int) -> bytes:
    pairs, odd = divmod(depth - 1, 2)
    inner = b"<rdf:Description/>" * odd
    return RDF_HEAD + b"<rdf:Description><u:a>" * pairs + inner + b"</u:a></rdf:Description>" * pairs + b"</rdf:RDF>"


def json_nest(depth: int) -> bytes:
    return b'{"@id":"http://x","http://y":' * depth + b"1" + b"}" * depth


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("deep.rdf", xml_nest(200_001), "D305"),
        ("deep.rdf", xml_nest(XML_DEPTH + 1), "D305"),
        ("deep.jsonld", json_nest(JSON_DEPTH + 1), "D305"),
        ("deep.jsonld", b"[" * 1_000_000, "D305"),
        ("deep.jsonld", b'{"http://a":[' * 100_000, "D305"),
        ("deep.nt", b"<http://a> <http://b> " + b"<<( <http://a> <http://b> " * 100_000, "D304"),
        ("deep.ttl", b"<http://a> <http://b> " + b"[" * 1_000_000, "D301"),
        ("deep.ttl", b"<http://a> <http://b> " + b"(" * 200_000, "D301"),
        ("quotes.ttl", b"<<" + b"\"'" * 500_000, "D304"),
        ("quotes.ttl", b'"""' + b"<<'''\\" * 300_000, "D301"),
        ("brackets.ttl", b"< " + b"<a" * 500_000, "D301"),
        ("quotes.json", b'"' + b"\\" * 1_000_001, "D301"),
        ("comments.xml", b"<!--" * 500_000, "D301"),
        (
            "laughs.rdf",
            b'<!DOCTYPE a [<!ENTITY a0 "ha">'
            + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
            + b"]><a>&a11;</a>",
            "D305",
        ),
        ("external.rdf", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "D305"),
        (
            "abort.jsonld",
            b'{"@context":{"a":{"@container":["@graph","@id"]}},"@graph":[{"a":{"k":{"@list":[]}}}]}',
            "D305",
        ),
        (
            "chain.jsonld",
            json.dumps(
                {
                    "@context": {f"t{n}": {"@id": f"http://a/{n}", "@type": f"t{n + 1}"} for n in range(50_000)},
                    "t0": "x",
                }
            ).encode(),
            "D305",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_texts_are_refused_quickly(make: Make, name: str, content: bytes, code: str) -> None:
    error = refusal(make(name, content))
    assert error.code == code
    assert len(error.message) < 600


@pytest.mark.parametrize(
    ("name", "content", "quads"),
    [
        ("deep.rdf", xml_nest(XML_DEPTH), 499),
        ("deep.jsonld", json_nest(JSON_DEPTH), JSON_DEPTH),
        ("brackets.jsonld", b'{"http://a": "' + b"[{" * 10_000 + b'\\"[[["}', 1),
        ("comment.rdf", RDF_HEAD + b"<!-- " + b"<a>" * 5_000 + b" --></rdf:RDF>", 0),
        ("digits.ttl", b"<http://a> <http://b> " + b"9" * 5_000 + b" .", 1),
        ("digits.jsonld", b'{"http://a": ' + b"9" * 5_000 + b"}", 1),
        ("nul.ttl", b"<http://a> <http://b> 'a\0\\u0000b' .", 1),
        ("shifts.ttl", b"<http://a> <http://b> '<<' , \"<<\" , '''<<\n<<''' . # <<", 3),
    ],
)
def test_what_only_looks_hostile_is_read(make: Make, name: str, content: bytes, quads: int) -> None:
    with at_most(5):
        assert len(read_file(make(name, content))) == quads


def test_a_parser_out_of_time_is_stopped(make: Make) -> None:
    context = {f"t{n}": f"http://a/{n}" for n in range(9_000)}
    nodes = [{"@context": {"z": "http://z"}, "z": n} for n in range(9_000)]
    data = json.dumps({"@context": context, "@graph": nodes}).encode()
    with at_most(4), pytest.raises(LimitReached, match="not read within 1 seconds") as caught:
        apart.nquads(data, "jsonld", "http://base/", "slow.jsonld", seconds=1)
    assert caught.value.code == "E501"


def test_a_parser_that_says_too_much_is_stopped(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make("a.rdf", RDF_HEAD + b"<u:C/>" * 10_000 + b"</rdf:RDF>")
    assert len(read_file(path)) == 10_000
    monkeypatch.setattr(apart, "OUTPUT_LIMIT", 100_000)
    assert (refusal(path).code, refusal(path).exit_code) == ("E501", ExitCode.LIMIT)


SEED = FIXTURES / "same.trig"
MUTATIONS = st.lists(
    st.tuples(
        st.integers(0, 700), st.integers(0, 12), st.sampled_from([b"", b"<<", b'"', b"'''", b"\\", b"\xff", b"{"])
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(MUTATIONS)
def test_a_damaged_file_is_read_or_refused_but_never_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, mutations: list[tuple[int, int, bytes]]
) -> None:
    text = SEED.read_bytes()
    for start, length, insert in mutations:
        text = text[:start] + insert + text[start + length :]
    path = tmp_path_factory.getbasetemp() / "damaged.trig"
    path.write_bytes(text)
    rows, code = [], None
    try:
        rows = read_file(str(path))
    except RdfError as error:
        code = error.code
    assert code in (None, "D301", "D304")
    assert all(isinstance(graph, pyoxigraph.NamedNode) for *_, graph in rows)

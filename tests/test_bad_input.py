"""Bad input and bad surroundings: one clear error and a documented code, and nothing is damaged."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from command import Ended, Environment, run, start

from virtkg.diagnostics import QuestionError, VirtkgError
from virtkg.graph import KnowledgeGraph, load
from virtkg.inputs import Inputs, key
from virtkg.present.plain import answer as plain
from virtkg.snapshot import layout
from virtkg.snapshot.cache import open_or_build
from virtkg.snapshot.reader import Snapshot

LIST = "suites with page sharing"
PREFIXES = """@prefix vkg: <https://w3id.org/virtkg/ns#> .
@prefix id: <https://w3id.org/virtkg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A warm cache for this file alone."""
    folder = tmp_path_factory.mktemp("bad") / "cache"
    before, os.environ["VIRTKG_CACHE"] = os.environ["VIRTKG_CACHE"], str(folder)
    assert run("ask", LIST).code == 0
    yield folder
    os.environ["VIRTKG_CACHE"] = before


@pytest.fixture(scope="module")
def answer(cache: Path) -> Ended:
    return run("ask", LIST)


@pytest.fixture(autouse=True)
def undamaged(cache: Path, answer: Ended) -> Iterator[None]:
    """After each test the packaged graph answers as before, from the same snapshot, and no rubbish lies about."""
    file = snapshot_file(cache)
    before = file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino
    yield
    assert (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino) == before
    assert [path.name for path in cache.iterdir() if path.suffix != ".snapshot"] == []
    assert plain(load().ask(LIST)) + "\n" == answer.out
    assert file.stat().st_mtime_ns == before[1]


def snapshot_file(folder: Path) -> Path:
    """Return the snapshot of the packaged graph in a cache folder."""
    return folder / f"{key(Inputs()).hex()[:32]}.snapshot"


def check(ended: Ended, code: str, exit_code: int) -> str:
    """Check that there is one error of a code and nothing else; return its first line."""
    first = ended.err.splitlines()[0] if ended.err else ""
    assert first.startswith(f"error[{code}]: "), ended
    assert ended.err.count("error[") == 1
    assert (ended.code, ended.raw) == (exit_code, b"")
    assert all(line.startswith("  ") for line in ended.err.splitlines()[1:])
    assert (
        re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", ended.err)
        == []
    )
    return first


# questions

QUESTIONS = [
    ("E201", "suites with xyzzy"),
    ("E201", "suites with pge sharing"),
    ("E101", ""),
    ("E101", "   "),
    ("E101", "???"),
    ("E101", '""'),
    ("E101", "word " * 10_000),
    ("E101", "a" * 401),
    ("E101", "a " * 65),
    ("E201", "suites\x1b[31m with\x07 page sharing"),
    ("E201", "suites with page\u202esharing"),
    ("E201", "SELECT * { ?s ?p ?o }"),
    ("E201", "suites using Xen } UNION { ?s ?p ?o"),
    ("E201", "suites using Xen } ; DROP ALL ; SELECT * {"),
    ("E201", "'; DROP TABLE suites; --"),
    ("E201", 'suites using <https://w3id.org/virtkg/id/xen> "'),
    ("E201", "suites from Citrix's vendor's"),
    ("E201", "```"),
    ("E201", "%s %d {0} $(id) `id`"),
    ("E201", "../../etc/passwd"),
    ("E102", "suites with"),
    ("E203", "modes introduced by Xen 4.0.2"),
    ("E306", "suites with at least 1.5 vCPUs"),
]


@pytest.mark.parametrize(("code", "question"), QUESTIONS, ids=lambda text: ascii(text)[:40])
def test_a_question_that_is_not_understood(code: str, question: str) -> None:
    check(run("ask", question), code, 3)


@pytest.mark.parametrize(
    "number",
    ["9" * 30, "9" * 300, "1" + "0" * 60 + " TB", "9,999,999,999,999,999,999,999 GB", "0.00000000000000000001 TB"],
)
@pytest.mark.parametrize("measure", ["vCPUs", "memory per VM"])
def test_numbers_beyond_measure(number: str, measure: str) -> None:
    ended = run("ask", f"suites with max {measure} >= {number}")
    assert ended.code in (1, 3)


def test_bytes_that_are_no_text() -> None:
    assert "not UTF-8" in check(run("ask", b"suites with \xff"), "E101", 3)
    check(run("show", b"\xff"), "E101", 3)
    check(run("why", b'id:pv vkg:note "\xff"'), "E101", 3)
    check(run("query", "history", "--line", b"\xff"), "E101", 3)
    check(run("query", b"\xff"), "Q306", 3)
    check(run("sparql", b"ASK { \xff }"), "Q301", 3)
    check(run("ask", LIST, "--data", b"\xff.ttl"), "S602", 6)
    check(run("ask", LIST, "--source", b"\xff"), "E201", 3)
    check(run("ask", LIST, "-o", b"/nowhere/\xff"), "S605", 6)


CATEGORIES: dict[str, list[str]] = {}
for _code in (*range(1, 0x3000), *range(0x3000, 0x110000, 97)):
    _found = CATEGORIES.setdefault(unicodedata.category(chr(_code)), [])
    if len(_found) < 5 or _code % 1009 == 0:
        _found.append(chr(_code))
WITHOUT_SURROGATES = sorted(set(CATEGORIES) - {"Cs"})


def test_there_are_all_thirty_categories() -> None:
    assert len(CATEGORIES) == 30


@pytest.mark.parametrize("category", WITHOUT_SURROGATES)
def test_characters_of_every_category_through_the_command(category: str) -> None:
    some = "".join(CATEGORIES[category][:4])
    ended = run("ask", f"suites {some}with page{some[0]}sharing {some[-1]}")
    if ended.code:
        check(ended, ended.err[6:10], 3)


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_characters_of_every_category_are_refused_or_understood(category: str, kg: KnowledgeGraph) -> None:
    tried, refused = 0, []
    for character in CATEGORIES[category][:12]:
        for question in (f"suites {character}", f"describe Xen{character}"):
            tried += 1
            try:
                assert kg.ask(question).reading
            except QuestionError as error:
                refused.append((question, error))
    assert tried
    for question, why in refused:
        assert re.fullmatch(r"E\d{3}", why.code)
        assert why.column is None or 1 <= why.column <= len(question) + 1


LABELS = ["O'Brien's \"Suite\"", "it's", "a\\b", "} UNION {", "?x", "100% <b>", "名前", "ŉ"]


def test_labels_with_signs_can_be_shown_and_asked_for_or_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "labels.ttl"
    literals = [label.replace("\\", "\\\\").replace('"', '\\"') for label in LABELS]
    things = [f'id:thing-{n} a vkg:Suite ; rdfs:label "{text}"@en .' for n, text in enumerate(literals)]
    file.write_text(PREFIXES + "\n".join(things))
    for number, label in enumerate(LABELS):
        shown = run("show", f"id:thing-{number}", "--data", str(file))
        assert (shown.code, shown.out.splitlines()[1]) == (0, label)
        ended = run("ask", f"describe {label}", "--data", str(file))
        if ended.code:
            check(ended, ended.err[6:10], 3)


# terms and stored queries


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "nobody"],
        ["show", ""],
        ["show", '"'],
        ["show", "id:nobody"],
        ["show", "<https://example.org/nobody>"],
        ["show", "<a b>"],
        ["show", "http://[bad"],
        ["show", "id:a b"],
        ["show", "x" * 10_000],
        ["compare", "Xen", "nobody"],
        ["compare", "Xen", "<"],
        ["why", "id:hvm vkg:requires <"],
        ["why", "id:hvm vkg:requires []"],
        ["why", "id:hvm vkg:requires id:pv , id:pvh"],
        ["why", 'id:hvm vkg:requires "open'],
        ["why", 'id:a"b vkg:requires id:pv'],
        ["why", "id:hvm vkg:requires <a b>"],
        ["why", "id:hvm vkg:requires <<( id:a id:b id:c )>>"],
        ["ask", LIST, "--source", "nobody"],
        ["ask", LIST, "--source", ""],
        ["query", "history", "--line", "nobody"],
        ["query", "history", "--line", "id:xen } UNION { ?s ?p ?o"],
        ["query", "history", "--line", 'x" . ?s ?p ?o #'],
        ["query", "history", "--line", "9" * 5000],
    ],
    ids=lambda arguments: " ".join(arguments)[:50],
)
def test_a_term_that_nothing_has(arguments: list[str]) -> None:
    check(run(*arguments), "E201", 3)


def test_a_near_name_is_suggested() -> None:
    sources = run("ask", LIST, "--source", "cmu-virtualization-suite")
    check(sources, "E201", 3)
    assert "    cmu-virtualization-suites\n" in sources.err
    queries = run("query", "source")
    check(queries, "Q306", 3)
    assert "    sources\n" in queries.err
    terms = run("show", "XenServr 6")
    check(terms, "E201", 3)
    assert "    XenServer 6\n" in terms.err


def test_a_parameter_that_the_query_does_not_have() -> None:
    ended = run("query", "history", "--suite", "Xen")
    assert "--suite" in check(ended, "Q307", 3)
    assert "--line" in ended.err


def test_a_parameter_without_a_value_is_wrong_usage() -> None:
    ended = run("query", "history", "--line")
    assert (ended.code, ended.raw) == (2, b"")
    assert "Error: --line: " in ended.err


# SPARQL


@pytest.mark.parametrize(
    ("code", "query"),
    [
        ("Q302", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"),
        ("Q302", "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }"),
        ("Q302", "LOAD <http://127.0.0.1:9/>"),
        ("Q302", "LOAD <file:///etc/passwd>"),
        ("Q302", "INSERT DATA { <urn:a> <urn:b> <urn:c> }"),
        ("Q302", "DELETE WHERE { ?s ?p ?o }"),
        ("Q302", "ASK {} ; DROP ALL"),
        ("Q303", "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"),
        ("Q303", "SELECT * FROM NAMED <http://127.0.0.1:9/> { ?s ?p ?o }"),
        ("Q304", "ASK { " + "{" * 500 + "}" * 500 + " }"),
        ("Q304", "ASK { " + " " * 70_000 + "}"),
        ("Q301", "SELECT"),
        ("Q301", "SELECT * { ?s ?p }"),
        ("Q301", "ASK { ?s nope:p ?o }"),
        ("Q305", ""),
        ("Q305", "# nothing"),
    ],
    ids=lambda text: text[:40],
)
def test_a_query_that_is_refused(code: str, query: str) -> None:
    check(run("sparql", query), code, 3)


def test_a_query_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "query.rq"
    file.write_bytes(b"ASK { \xff }")
    assert str(file) in check(run("sparql", "-f", str(file)), "Q301", 3)
    check(run("sparql", "-f", "-", stdin=b"ASK { \xff }"), "Q301", 3)
    check(run("sparql", "-f", str(tmp_path)), "S602", 6)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        "ASK { ?a (!<urn:x>|^!<urn:x>)* ?b . ?c (!<urn:x>|^!<urn:x>)* ?d FILTER(?a = ?d && ?b = 1) }",
    ],
)
def test_an_endless_query_ends_with_the_timeout(query: str) -> None:
    assert "1 s" in check(run("sparql", query, "--timeout", "1", timeout=10), "E501", 5)


def test_too_many_rows() -> None:
    check(run("sparql", "SELECT * { ?s ?p ?o }", "--limit", "10"), "E501", 5)
    assert run("sparql", "SELECT * { ?s ?p ?o } LIMIT 10", "--limit", "10").code == 0


# files

BROKEN = {
    "bad.ttl": ("<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> ; .", 2),
    "bad.trig": ("<urn:g> { <urn:a> <urn:b> <urn:c> }\n<urn:g> { <urn:a> <urn:b> ", 2),
    "bad.nt": ("<urn:a> <urn:b> <urn:c> .\n<urn:a> nope .", 2),
    "bad.nq": ("<urn:a> <urn:b> <urn:c> <urn:d> .\n<urn:a> nope .", 2),
    "bad.jsonld": ('{"@id": "urn:a",\n "urn:b": [1, }', 2),
    "bad.json": ('{"@id": "urn:a",\n "urn:b": [1, }', 2),
    "bad.rdf": (
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n\n<r:Description></r:RDF>', 3
    ),
    "bad.owl": ("<a>\n<b></a>", 2),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_line_and_column(name: str, tmp_path: Path) -> None:
    text, line = BROKEN[name]
    file = tmp_path / name
    file.write_text(text)
    first = check(run("ask", LIST, "--data", str(file)), "D301", 3)
    assert re.match(rf"error\[D301\]: {re.escape(str(file))}:{line}:\d+: \S", first), first


def test_every_format_has_a_broken_file() -> None:
    from virtkg.rdf.formats import FORMATS, name_for

    assert {name_for(name) for name in BROKEN} == set(FORMATS)


@pytest.mark.parametrize(
    ("code", "exit_code", "name", "content"),
    [
        ("D301", 3, "utf16.ttl", "<urn:a> <urn:b> <urn:c> .".encode("utf-16")),
        ("D302", 3, "data.foo", b""),
        ("D302", 3, "data", b""),
        ("D303", 3, "own.trig", b"<https://w3id.org/virtkg/graph/inferred> { <urn:a> <urn:b> <urn:c> }"),
        ("D303", 3, "own.nq", b"<urn:a> <urn:b> <urn:c> <https://w3id.org/virtkg/graph/disputed> ."),
        ("D306", 3, "remote.jsonld", b'{"@context": "http://127.0.0.1:9/", "@id": "urn:a", "p": 1}'),
        ("D305", 3, "laughs.rdf", b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>'),
    ],
)
def test_a_file_that_is_refused(code: str, exit_code: int, name: str, content: bytes, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert str(file) in check(run("ask", LIST, "--data", str(file)), code, exit_code)


def _little_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe.ttl"
    os.mkfifo(fifo)
    for path in (tmp_path / "missing.ttl", tmp_path, fifo, Path("/dev/zero"), tmp_path / ("x" * 300)):
        for option in ("--data", "--rules"):
            ended = run("ask", LIST, option, str(path), timeout=5, before=_little_memory)
            assert str(path) in check(ended, "S602", 6)
    check(run("ask", LIST, "--data", ""), "S602", 6)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    file = tmp_path / "secret.ttl"
    file.write_text("")
    file.chmod(0)
    assert "Permission denied" in check(run("ask", LIST, "--data", str(file)), "S602", 6)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("R301", "RULE x { "),
        ("R301", "PREFIX : <urn:>\nRULE :r { ?a :p ?b } WHERE { ?a :q ?b"),
        ("R302", "PREFIX : <urn:>\nRULE :r { ?a :p ?c } WHERE { ?a :q ?b }"),
        ("R303", "PREFIX v: <https://w3id.org/virtkg/ns#>\n"
                 "RULE v:r { ?a v:supports ?b } WHERE { ?a v:lacks ?b NOT { ?a v:supports ?b } }"),
    ],
)  # fmt: skip
def test_a_broken_rule_file_is_refused_with_its_line(code: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.srl"
    file.write_text(text)
    assert re.search(r"bad\.srl:\d", check(run("ask", LIST, "--rules", str(file)), code, 3))


def test_facts_that_cannot_all_be_true_are_a_warning_with_a_proof(tmp_path: Path) -> None:
    file = tmp_path / "clash.ttl"
    file.write_text(f'{PREFIXES}id:odd a vkg:Suite , vkg:Hypervisor ; rdfs:label "Odd \\u001b[31m"@en .')
    ended = run("ask", "modes", "--data", str(file))
    assert (ended.code, ended.out) == (0, run("ask", "modes").out)
    warning = ended.err.splitlines()
    assert warning[0] == "warning: these facts cannot all be true"
    assert any("OWL 2 RL cax-dw" in line for line in warning)
    assert sum("stated by file/clash.ttl" in line for line in warning) == 2
    assert "\x1b" not in ended.err
    assert run("ask", LIST, "--data", str(file), "--quiet").err == ""


# snapshots

FLIPPED = sorted({*range(layout.HEADER.size), *(int(n * n * 101) for n in range(52))})


def content(snapshot: Snapshot) -> object:
    """Return what a snapshot says, as far as answers need it."""
    return [list(snapshot.column(p)) for p in snapshot.predicates()], list(snapshot.phrases()), list(snapshot.derived())


def test_a_flipped_byte_is_noticed_and_the_snapshot_replaced(cache: Path, tmp_path: Path) -> None:
    good, name = snapshot_file(cache).read_bytes(), key(Inputs())
    expected = content(Snapshot(memoryview(good), name))
    built = 0

    def build() -> bytes:
        nonlocal built
        built += 1
        return good

    file = tmp_path / snapshot_file(cache).name
    for position in FLIPPED:
        bad = bytearray(good)
        bad[position % len(good)] ^= 0x10
        file.write_bytes(bad)
        file.chmod(0o600)
        before = built
        assert content(open_or_build(name, build, folder=str(tmp_path))) == expected, position
        assert built == before + 1, position
        assert file.read_bytes() == good
    assert built > 90
    open_or_build(name, build, folder=str(tmp_path))
    assert built == len(FLIPPED)  # a good one is used


def _with(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


BAD_SNAPSHOTS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda good: b"",
    "truncated": lambda good: good[: len(good) // 2],
    "only a header": lambda good: good[: layout.HEADER.size],
    "another version": lambda good: _with(good, 8, b"\x07\x00"),
    "another byte order": lambda good: _with(good, 10, b"\x07\x00"),
    "another key": lambda good: _with(good, 20, b"\x00" * 32),
    "more sections": lambda good: _with(good, 16, b"\xff"),
    "many more sections": lambda good: _with(good, 19, b"\xff"),
    "fewer sections": lambda good: _with(good, 16, b"\x0b"),
    "a changed fact": lambda good: _with(good, len(good) // 2, bytes([good[len(good) // 2] ^ 1])),
    "text": lambda good: b"hello",
}


@pytest.fixture
def broken(cache: Path, tmp_path: Path) -> Path:
    """Where a snapshot of the packaged graph would be looked for, in a folder of the test's own."""
    return tmp_path / snapshot_file(cache).name


@pytest.mark.parametrize("name", BAD_SNAPSHOTS)
def test_a_bad_snapshot_is_replaced(name: str, cache: Path, broken: Path) -> None:
    good = snapshot_file(cache).read_bytes()
    broken.write_bytes(BAD_SNAPSHOTS[name](good))
    broken.chmod(0o600)
    found = open_or_build(key(Inputs()), lambda: good, folder=str(broken.parent))
    assert content(found) == content(Snapshot(memoryview(good), key(Inputs())))
    assert broken.read_bytes() == good
    assert [path.name for path in broken.parent.iterdir()] == [broken.name]


@pytest.mark.parametrize("name", ["empty", "fewer sections", "a changed fact"])
def test_a_bad_snapshot_does_not_change_the_answer(name: str, cache: Path, broken: Path, answer: Ended) -> None:
    broken.write_bytes(BAD_SNAPSHOTS[name](snapshot_file(cache).read_bytes()))
    broken.chmod(0o600)
    assert run("ask", LIST, env={"VIRTKG_CACHE": str(broken.parent)}) == answer


DOUBTS = {"group may write": 0o660, "all may write": 0o606, "foreign owner": 0o600, "a folder": 0o700}


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_snapshot_that_another_user_may_have_written_is_not_trusted(doubt: str, cache: Path, broken: Path) -> None:
    if doubt == "foreign owner" and os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    good = snapshot_file(cache).read_bytes()
    if doubt == "a folder":
        broken.mkdir()
    else:
        broken.write_bytes(lying(good))
        broken.chmod(DOUBTS[doubt])
    if doubt == "foreign owner":
        os.chown(broken, 65534, 65534)
    found = open_or_build(key(Inputs()), lambda: good, folder=str(broken.parent))
    assert content(found) == content(Snapshot(memoryview(good), key(Inputs())))
    if doubt != "a folder":
        assert (broken.stat().st_uid, broken.stat().st_mode & 0o777) == (os.geteuid(), 0o600)


def test_a_lying_snapshot_of_ones_own_would_be_believed(cache: Path, broken: Path) -> None:
    broken.write_bytes(lying(snapshot_file(cache).read_bytes()))
    broken.chmod(0o600)
    found = open_or_build(key(Inputs()), lambda: pytest.fail("not built"), folder=str(broken.parent))
    assert found.fact_count == 0


def lying(good: bytes) -> bytes:
    """Return a whole snapshot of other content under the same key."""
    from virtkg.snapshot.writer import Contents, write

    grammar = bytes(Snapshot(memoryview(good), key(Inputs())).section(layout.GRAMMAR))
    return write(Contents(str, (), {}, {}, (), grammar), key(Inputs()))


# surroundings


def _unwritable(tmp_path: Path) -> dict[str, Environment]:
    plain_file = tmp_path / "file"
    plain_file.write_text("not a folder")
    nowhere = dict.fromkeys(("VIRTKG_CACHE", "XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"))
    found: dict[str, Environment] = {
        "a file": {"VIRTKG_CACHE": str(plain_file)},
        "below a file": {"VIRTKG_CACHE": str(plain_file / "cache")},
        "no name": nowhere,
        "empty names": dict.fromkeys(nowhere, ""),
        "a home that is not there": {**nowhere, "HOME": "/nowhere/at/all\x7f"},
    }
    if os.path.isdir("/proc/self"):
        found["a read-only file system"] = {"VIRTKG_CACHE": "/proc/virtkg"}
    if os.geteuid() != 0:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
        found["a read-only folder"] = {"VIRTKG_CACHE": str(closed)}
    return found


def test_without_a_place_for_the_cache_the_answer_is_the_same(tmp_path: Path, answer: Ended) -> None:
    places = _unwritable(tmp_path)
    assert len(places) >= 5
    for place, env in places.items():
        if place == "a home that is not there" and os.geteuid() == 0:
            continue  # root may make it
        assert run("ask", LIST, env=env) == answer, place
    assert (tmp_path / "file").read_text() == "not a folder"


def test_a_snapshot_in_a_read_only_folder_is_used(cache: Path, tmp_path: Path, answer: Ended) -> None:
    file = tmp_path / "cache" / snapshot_file(cache).name
    file.parent.mkdir()
    file.write_bytes(snapshot_file(cache).read_bytes())
    file.chmod(0o400)
    file.parent.chmod(0o500)
    before = file.stat().st_mtime_ns
    assert run("ask", LIST, env={"VIRTKG_CACHE": str(file.parent)}) == answer
    assert file.stat().st_mtime_ns == before
    file.parent.chmod(0o700)


@pytest.mark.parametrize(
    ("variable", "below"), [("HOME", ".cache/virtkg"), ("XDG_CACHE_HOME", "virtkg"), ("VIRTKG_CACHE", "")]
)
@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="other places there")
def test_where_the_cache_is_and_that_it_is_private(variable: str, below: str, tmp_path: Path, answer: Ended) -> None:
    home = tmp_path / "home"
    env = {**dict.fromkeys(("VIRTKG_CACHE", "XDG_CACHE_HOME", "HOME")), variable: str(home)}
    assert run("ask", LIST, env=env) == answer
    (file,) = (home / below).iterdir()
    assert file.name == snapshot_file(home).name
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def _full_disk() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def test_a_full_disk_costs_the_cache_but_not_the_answer(tmp_path: Path, answer: Ended) -> None:
    folder = tmp_path / "cache"
    assert run("ask", LIST, env={"VIRTKG_CACHE": str(folder)}, before=_full_disk) == answer
    assert list(folder.iterdir()) == []


def _few_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))


def test_few_open_files_are_enough(answer: Ended) -> None:
    assert run("ask", LIST, before=_few_files) == answer
    assert run("sparql", "ASK { id:xen ?p ?o }", before=_few_files).out == "yes\n"


def test_no_cache_neither_reads_nor_writes(cache: Path, tmp_path: Path, answer: Ended) -> None:
    file = tmp_path / snapshot_file(cache).name
    file.write_bytes(lying(snapshot_file(cache).read_bytes()))
    file.chmod(0o600)
    before = file.read_bytes()
    assert run("ask", LIST, "--no-cache", env={"VIRTKG_CACHE": str(tmp_path)}) == answer
    assert (file.read_bytes(), len(list(tmp_path.iterdir()))) == (before, 1)


def test_processes_that_build_at_once_agree(tmp_path: Path, answer: Ended) -> None:
    processes = [start("ask", LIST, env={"VIRTKG_CACHE": str(tmp_path)}) for _ in range(3)]
    ended = [(*process.communicate(timeout=60), process.returncode) for process in processes]
    assert ended == [(answer.raw, b"", 0)] * 3
    (file,) = tmp_path.iterdir()
    assert content(Snapshot(memoryview(file.read_bytes()), key(Inputs())))
    assert file.name == snapshot_file(tmp_path).name


def test_what_a_killed_process_left_is_removed_but_not_what_a_running_one_writes(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, written = tmp_path / f"a.snapshot.{dead.pid}.tmp", tmp_path / f"b.snapshot.{os.getpid()}.tmp"
    other = tmp_path / "mine.tmp"
    for path in (left, written, other):
        path.write_text("")
    open_or_build(b"k" * 32, lambda: lying_under(b"k" * 32), folder=str(tmp_path))
    assert not left.exists()
    assert written.exists() and other.exists()


def lying_under(name: bytes) -> bytes:
    from virtkg.snapshot.writer import Contents, write

    return write(Contents(str, (), {}, {}, (), b""), name)


def test_only_the_snapshots_that_were_used_last_are_kept(tmp_path: Path) -> None:
    names = [bytes([number]) * 32 for number in range(20)]
    files = [tmp_path / f"{name.hex()[:32]}.snapshot" for name in names]
    for number, (name, file) in enumerate(zip(names, files, strict=True)):
        open_or_build(name, partial(lying_under, name), folder=str(tmp_path))
        os.utime(file, (1_000_000 + number, 1_000_000 + number))
        open_or_build(names[0], lambda: pytest.fail("the first one was in use"), folder=str(tmp_path))
    kept = {file for file in files if file.exists()}
    assert 3 <= len(kept) <= 10
    assert kept == {files[0], *files[1 - len(kept) :]}


def test_the_time_of_use_is_kept_where_the_system_does_not_keep_it(tmp_path: Path) -> None:
    name = b"k" * 32
    open_or_build(name, partial(lying_under, name), folder=str(tmp_path))
    (file,) = tmp_path.iterdir()
    later = time.time() + 1000
    os.utime(file, (later, 1_000_000))  # no system moves an access time back
    open_or_build(name, lambda: pytest.fail("not built"), folder=str(tmp_path))
    assert file.stat().st_atime < later - 500
    assert file.stat().st_mtime == 1_000_000


def test_threads_may_open_one_graph_at_once(kg: KnowledgeGraph) -> None:
    expected = [row.label for row in kg.ask(LIST).rows]
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append([row.label for row in kg.ask(LIST).rows])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


def test_an_error_of_virtkg_is_always_one_of_its_own(kg: KnowledgeGraph) -> None:
    calls: list[Callable[[], object]] = [
        lambda: kg.ask("\ud800"),
        lambda: kg.show("\ud800"),
        lambda: kg.why("\udfff is PV"),
        lambda: kg.query("history", {"line": "\ud800"}),
        lambda: kg.sparql("ASK { \ud800 }"),
        lambda: kg.export("docx"),
        lambda: kg.export("nt", "half"),
        lambda: kg.ask(LIST, reading=0),
    ]
    for call in calls:
        with pytest.raises(VirtkgError):
            call()

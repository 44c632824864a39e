"""`--endpoint`: the answers of a service, and what it may do wrong; the service runs in this process."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import services
from command import run
from pyoxigraph import Literal, NamedNode, RdfFormat, Store
from services import JSON, Behaviour, answering, send, served
from test_questions import CORPUS, names

import virtkg
from virtkg.answer import Answer, Verdict
from virtkg.graph import EVERYTHING, KnowledgeGraph
from virtkg.language.resolved import ResolvedAccording, ResolvedAsk
from virtkg.remote import RemoteAsker

LIST = "suites with page sharing"
CITED = re.compile(r" by [^;]*")
SELECT = "SELECT ?s WHERE { ?s ?p ?o }"
ONE = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:x"}}]}}'


@pytest.fixture(scope="module")
def store(kg: KnowledgeGraph) -> Store:
    store = Store()
    store.load(kg.export("nq", EVERYTHING), format=RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="module")
def url(store: Store) -> Iterator[str]:
    with served(answering(store)) as address:
        yield address


@pytest.fixture(scope="module")
def remote(kg: KnowledgeGraph, url: str) -> RemoteAsker:
    return RemoteAsker(kg.asker, kg.snapshot, virtkg.Endpoint(url))


def told(answer: Answer) -> object:
    rows = [(row.label, row.iri, row.verdict) for row in answer.rows]
    return answer.question, answer.reading, answer.kind, answer.verdict, rows, answer.unknown, answer.sparql


def told_in_full(answer: Answer) -> object:
    """Return all that an endpoint can tell of rows, values and notes: not who is behind a conclusion."""
    rows = [
        (
            row.verdict,
            row.inferred,
            row.tally,
            [(f.label, [replace(v, sources=()) for v in f.values]) for f in row.fields],
        )
        for row in answer.rows
    ]
    notes = [(note.code, CITED.sub("", note.message)) for note in answer.notes]
    notes = [note for note in notes if note[0] != "I722" and "built-in engine" not in note[1]]
    return rows, notes, answer.tally, answer.unknown, answer.lines


def cited(answer: Answer) -> list[set[str]]:
    """Return who is cited for each row and each value."""
    return [
        set(source)
        for row in answer.rows
        for source in (row.sources, *(v.sources for f in row.fields for v in f.values))
    ]


# the same answers


BEYOND_ONE_QUERY = {
    "does RHEV support page sharing": "I730",
    "is VMware vSphere supported on 2026-11-26": "I730",
    "max vCPUs per VM of RHEV": "I730",
    "release date of XCP-ng": "I730",
    "max vCPUs per VM of Hyper-V 2016 for generation 2": "max vCPUs per VM",
    "max vCPUs per VM of KVM for generation 2": "I706",
    "max vCPUs per VM of Hyper-V for generation 2": "I736",
    "suites with max vCPUs per VM >= 1000 for generation 2": "max vCPUs per VM",
    "does Hyper-V 2016 have max vCPUs per VM > 100 for generation 1": "max vCPUs per VM",
    "release date and end of support of XCP-ng": "I706",
    "release date and max vCPUs per VM of suites with page sharing": "I706",
    "max vCPUs per VM and max memory per VM of Hyper-V 2016 for generation 2": "max memory per VM",
    "release date of suites with page sharing and made by Citrix": "I701",
    "does XCP-ng 8.3 support nested virtualization": "level",
    "which suites run PVH guests": "I731",
    "suites running PV-capable guests": "level",
}
"""What is told by version, within a scope, at a level or as a table, and a note or a column that tells it so."""

ASKED = [
    *CORPUS,
    "latest release of vSphere",
    "is vSphere 7.0 still supported",
    "vendors of suites with at least 160 vCPUs",
    "suites losing support in 2027",
    "count suites",
    "how many suites have page sharing",
    "count suites without page sharing by hypervisor",
    "count releases of Xen by release date",
    "suites by max memory per VM",
    "bottom 2 suites by max vCPUs per VM",
    "suites with the most vCPUs",
    "earliest suites with live migration",
    "differences between PVHVM and PVH",
    "what do KVM and Xen have in common",
    "what does vSphere 5.1 support that XenServer 6 does not support",
    "since when does Xen support PVH guests",
    "until when is vSphere 7.0 supported",
    "how long is vSphere 7.0 supported",
    "describe page sharing",
    "history of live migration",
    "suites with page sharing and made by Citrix",
    "count suites with page sharing and made by Citrix",
    *BEYOND_ONE_QUERY,
]


@pytest.mark.parametrize("question", ASKED, ids=names)
def test_an_endpoint_answers_as_the_engine_here(question: str, kg: KnowledgeGraph, remote: RemoteAsker) -> None:
    here, meant = kg.ask(question), kg.asker.reader.understand(question)
    if isinstance(meant, ResolvedAccording) or (isinstance(meant, ResolvedAsk) and meant.why):
        with pytest.raises(virtkg.QueryError, match="which an endpoint does not give") as error:
            remote.ask(question)
        assert error.value.code == "Q311" and error.value.hint
        return
    there = remote.ask(question)
    assert told(there) == told(here)
    assert told_in_full(there) == told_in_full(here)
    assert all(theirs <= ours for theirs, ours in zip(cited(there), cited(here), strict=True))
    assert any(note.code == "I723" and "built-in engine" in note.message for note in there.notes)


@pytest.mark.parametrize("question", BEYOND_ONE_QUERY, ids=names)
def test_what_takes_more_than_one_query_is_told(question: str, remote: RemoteAsker) -> None:
    there = remote.ask(question)
    told = {note.code for note in there.notes} | {field.label for row in there.rows for field in row.fields}
    assert BEYOND_ONE_QUERY[question] in told


def test_versions_of_a_line_come_together(kg: KnowledgeGraph, remote: RemoteAsker) -> None:
    question = "suites with live migration"
    assert remote.ask(question).lines == kg.ask(question).lines != ()


@pytest.mark.parametrize(
    "question",
    [
        LIST,
        "suites without page sharing",
        "does RHEV 3 support page sharing",
        "disputes",
        "modes",
        "max memory per VM of XenServer 6",
        "compare vSphere 5.1 and XenServer 6",
        "describe Xen",
        "top 3 suites by max memory per VM",
    ],
)
def test_what_sources_state_is_cited(question: str, kg: KnowledgeGraph, remote: RemoteAsker) -> None:
    here, there = kg.ask(question), remote.ask(question)
    for ours, theirs in zip(here.rows, there.rows, strict=True):
        assert ours.inferred or ours.fields or theirs.sources == ours.sources
        for field, other in zip(ours.fields, theirs.fields, strict=True):
            stated = [value for value in field.values if not value.inferred]
            assert [value for value in other.values if not value.inferred] == stated
    assert set(there.titles) <= set(here.titles)


def test_certain_leaves_out_what_is_disputed(kg: KnowledgeGraph, remote: RemoteAsker) -> None:
    assert told(remote.ask(LIST, certain=True)) == told(kg.ask(LIST, certain=True))


def test_facts_are_those_of_the_endpoint_and_never_those_here(kg: KnowledgeGraph) -> None:
    other = Store()
    other.load(
        b"""PREFIX vkg: <https://w3id.org/virtkg/ns#> PREFIX id: <https://w3id.org/virtkg/id/>
        PREFIX src: <https://w3id.org/virtkg/source/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        src:elsewhere { id:xenserver-6 a vkg:Suite ; vkg:supports id:page-sharing .
            <https://example.org/zorb> a vkg:Suite ; rdfs:label "Zorb 9" ; vkg:supports id:page-sharing .
            <https://example.org/nameless> a vkg:Suite ; vkg:lacks id:page-sharing . }
        <https://w3id.org/virtkg/graph/inferred> { id:xenserver-6 a vkg:Platform . }""",
        format=RdfFormat.TRIG,
    )
    with served(answering(other)) as address:
        answer = kg.ask(LIST, endpoint=virtkg.Endpoint(address))
        denied = kg.ask("suites without page sharing", endpoint=virtkg.Endpoint(address))
    assert [(row.label, row.sources) for row in answer.rows] == [
        ("XenServer 6", ("elsewhere",)),
        ("Zorb 9", ("elsewhere",)),
    ]
    assert [(row.label, row.iri) for row in denied.rows] == [("nameless", "https://example.org/nameless")]


ELSEWHERE = b"""PREFIX vkg: <https://w3id.org/virtkg/ns#> PREFIX id: <https://w3id.org/virtkg/id/>
    PREFIX src: <https://w3id.org/virtkg/source/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    PREFIX x: <https://example.org/>
    src:elsewhere { id:xenserver-6 a vkg:Suite ; vkg:supports id:page-sharing ; vkg:usesHypervisor id:kvm .
        x:zorb a vkg:Suite ; rdfs:label "Zorb 9" ; vkg:maxVcpusPerVm %s ; vkg:releaseDate %s .
        x:yorb a vkg:Suite ; rdfs:label "Yorb" ; vkg:maxVcpusPerVm 7 . [] a vkg:Event ; vkg:supports id:page-sharing }
    <https://w3id.org/virtkg/graph/inferred> { id:xenserver-6 a vkg:Platform . }"""


def elsewhere(vcpus: bytes = b"900", date: bytes = b"'2031-05-01'") -> Store:
    store = Store()
    store.load(ELSEWHERE % (vcpus, date), format=RdfFormat.TRIG)
    return store


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("count suites by hypervisor", ["KVM", "not known"]),
        ("top 1 suites by max vCPUs per VM", ["Zorb 9"]),
        ("bottom 1 suites by max vCPUs per VM", ["Yorb"]),
        ("suites released after 2030", ["Zorb 9"]),
        ("describe XenServer 6", ["XenServer 6"]),
    ],
)
def test_every_kind_of_answer_is_of_the_endpoint_alone(question: str, labels: list[str], kg: KnowledgeGraph) -> None:
    with served(answering(elsewhere())) as address:
        answer = kg.ask(question, endpoint=virtkg.Endpoint(address))
    assert [row.label for row in answer.rows] == labels
    named = {slug for row in answer.rows for slug in row.sources}
    named |= {slug for row in answer.rows for field in row.fields for value in field.values for slug in value.sources}
    assert named == {"elsewhere"}


def test_the_versions_of_a_line_are_those_of_the_endpoint(kg: KnowledgeGraph) -> None:
    store = elsewhere()
    store.load(
        b"""PREFIX vkg: <https://w3id.org/virtkg/ns#> PREFIX id: <https://w3id.org/virtkg/id/>
        PREFIX src: <https://w3id.org/virtkg/source/> PREFIX x: <https://example.org/>
        src:elsewhere { x:zorb a vkg:Version ; vkg:releaseOf id:rhev ; vkg:supports id:page-sharing .
            x:yorb a vkg:Version ; vkg:releaseOf id:rhev ; vkg:lacks id:page-sharing . }""",
        format=RdfFormat.TRIG,
    )
    with served(answering(store)) as address:
        verdicts, values = (
            kg.ask(question, endpoint=virtkg.Endpoint(address))
            for question in ("does RHEV support page sharing", "max vCPUs per VM of RHEV")
        )
    assert [(row.label, row.verdict, row.sources) for row in verdicts.rows] == [
        ("Yorb", Verdict.NO, ("elsewhere",)),
        ("Zorb 9", Verdict.YES, ("elsewhere",)),
    ]
    assert verdicts.verdict is Verdict.UNKNOWN
    assert "; of its 2 it is so of 1, not so of 1" in " ".join(note.message for note in verdicts.notes)
    assert [(row.label, row.fields[0].values[0].value) for row in values.rows] == [("Yorb", "7"), ("Zorb 9", "900")]


@pytest.mark.parametrize("bad", [{"vcpus": b"'many'"}, {"vcpus": b"-3"}, {"vcpus": b"4.5"}, {"date": b"'soon'"}])
def test_a_number_or_a_date_that_is_none_is_refused(bad: dict[str, bytes], kg: KnowledgeGraph) -> None:
    with served(answering(elsewhere(**bad))) as address, pytest.raises(virtkg.SurroundingsError) as error:
        question = "latest suites" if "date" in bad else "suites by max vCPUs per VM"
        kg.ask(question, endpoint=virtkg.Endpoint(address))
    assert error.value.code == "S612" and next(iter(bad.values())).decode().strip("'") in error.value.message


# which graphs a service must have


def test_a_default_graph_that_is_not_the_union_is_made_so(kg: KnowledgeGraph, store: Store) -> None:
    asked: list[dict[str, list[str]]] = []
    with served(answering(store, union=False, asked=asked)) as address:
        assert told(kg.ask(LIST, endpoint=virtkg.Endpoint(address))) == told(kg.ask(LIST))
    assert set(asked[-1]["default-graph-uri"]) == set(asked[-1]["named-graph-uri"]) == set(kg.graphs())


@pytest.mark.parametrize(("part", "lacks"), [("asserted", "inferred"), ("all", "disputed"), (None, "inferred")])
def test_an_export_without_a_graph_that_verdicts_need_is_refused(
    part: str | None, lacks: str, kg: KnowledgeGraph
) -> None:
    store = Store()
    if part is not None:
        store.load(kg.export("nq", part), format=RdfFormat.N_QUADS)
    with served(answering(store)) as address, pytest.raises(virtkg.SurroundingsError, match=f"graph/{lacks}") as error:
        kg.ask(LIST, endpoint=virtkg.Endpoint(address))
    assert error.value.code == "S614" and "--graph everything" in error.value.hint


# the command line


def test_the_commands_ask_an_endpoint(url: str) -> None:
    here, there = run("ask", LIST, "--format", "csv"), run("ask", LIST, "--format", "csv", "--endpoint", url)
    assert there.code == here.code == 0
    names_of = [line.split(",")[:2] for line in there.out.splitlines()]
    assert names_of == [line.split(",")[:2] for line in here.out.splitlines()]
    assert run("ask", "does XenServer 6 support page sharing", "--endpoint", url).code == 1
    assert run("ask", "does RHEV 3 support page sharing", "--endpoint", url).code == 4
    assert run("ask", LIST, "--format", "sparql", "--endpoint", url) == run("ask", LIST, "--format", "sparql")


@pytest.mark.parametrize(
    "arguments",
    [
        ["sparql", "SELECT DISTINCT ?s { ?s a vkg:Suite }", "--format", "json"],
        ["sparql", "ASK { id:xen a vkg:Hypervisor }"],
        ["sparql", "ASK { id:xen a vkg:Suite }"],
        ["query", "pv-capable-suites"],
        ["query", "limits", "--suite", "XenServer 6"],
    ],
)
def test_a_query_gives_the_same_at_an_endpoint(arguments: list[str], url: str) -> None:
    if arguments[0] == "query" and run(*arguments).code == 3:
        arguments = arguments[:2]
    here, there = run(*arguments), run(*arguments, "--endpoint", url)
    assert (there.code, there.out) == (here.code, here.out)


@pytest.mark.parametrize(
    ("code", "arguments", "said"),
    [
        (2, ["ask", LIST, "--endpoint", "ftp://x/"], "no address of HTTP or HTTPS"),
        (2, ["ask", LIST, "--endpoint", "localhost:7878"], "no address of HTTP or HTTPS"),
        (2, ["ask", LIST, "--endpoint", "http://me:secret@host/"], "user name"),
        (2, ["ask", LIST, "--endpoint", "http://host/a b"], "blank or a control character"),
        (2, ["ask", LIST, "--endpoint", "http://host\r\nX: y/"], "blank or a control character"),
        (2, ["ask", LIST, "--endpoint", "http://host:port/"], "no address"),
        (2, ["ask", LIST, "--endpoint", "http://localhost/", "--why"], "no proofs"),
        (2, ["ask", LIST, "--endpoint", "http://localhost/", "--source", "x"], "--source"),
        (2, ["ask", LIST, "--timeout", "3"], "--endpoint"),
        (3, ["sparql", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "--endpoint", "http://localhost/"], "use SELECT or ASK"),
        (3, ["sparql", "DROP ALL", "--endpoint", "http://localhost/"], "Q302"),
    ],
)
def test_what_cannot_be_asked_is_said_before_anything_is_sent(code: int, arguments: list[str], said: str) -> None:
    ended = run(*arguments)
    assert ended.code == code and said in ended.err


# a service that misbehaves


def fails(behaviour: Behaviour, **limits: float) -> virtkg.VirtkgError:
    with served(behaviour) as address, pytest.raises(virtkg.VirtkgError) as error:
        virtkg.Endpoint(address, **limits).query(SELECT)  # type: ignore[arg-type]
    assert error.value.hint
    return error.value


def plain(body: bytes, **how: object) -> Behaviour:
    return lambda handler, form: send(handler, body, **how)  # type: ignore[arg-type]


def drip(handler: BaseHTTPRequestHandler, form: object) -> None:
    """Send a byte now and then, so that no single wait is long."""
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def drip_headers(handler: BaseHTTPRequestHandler, form: object) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        handler.wfile.write(b"X-%d: y\r\n" % number)
        time.sleep(0.05)


def endless(handler: BaseHTTPRequestHandler, form: object) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b" " * 65536)


def cut_off(handler: BaseHTTPRequestHandler, form: object) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Content-Length", str(len(ONE) + 7))
    handler.end_headers()
    handler.wfile.write(ONE)


def cut_chunks(handler: BaseHTTPRequestHandler, form: object) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n")
    handler.wfile.write(b"Transfer-Encoding: chunked\r\n\r\n")
    handler.wfile.write(b"%x\r\n%s\r\n" % (len(ONE), ONE))


def hang_up(handler: BaseHTTPRequestHandler, form: object) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def no_http(handler: BaseHTTPRequestHandler, form: object) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")


@pytest.mark.parametrize("behaviour", [drip, drip_headers, lambda handler, form: time.sleep(2)])
def test_a_slow_service_is_left_in_time(behaviour: Behaviour) -> None:
    begun = time.monotonic()
    error = fails(behaviour, seconds=0.5)
    assert time.monotonic() - begun < 5
    assert (error.code, error.exit_code) == ("E501", 5) and "within 0.5 s" in error.message


def test_an_answer_that_is_too_large_is_not_read_to_its_end() -> None:
    error = fails(endless, output_bytes=100_000)
    assert (error.code, error.exit_code) == ("E501", 5) and "100,000 bytes" in error.message
    assert fails(plain(ONE), rows=0).code == "E501"


@pytest.mark.parametrize("header", [{"X_SPARQL_MaxRows": "50"}, {"X_SQL_State": "S1TAT"}])
def test_an_answer_that_the_service_has_cut_is_no_answer(header: dict[str, str]) -> None:
    error = fails(plain(ONE, **header))
    assert error.code == "E501" and "only a part of the rows" in error.message


@pytest.mark.parametrize("behaviour", [cut_off, cut_chunks, hang_up, no_http])
def test_an_answer_that_breaks_off_is_no_answer(behaviour: Behaviour) -> None:
    error = fails(behaviour)
    assert (error.code, error.exit_code) == ("S613", 6) and "broke off" in error.message


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_a_refusal_is_told_in_the_words_of_the_service_escaped(status: int) -> None:
    error = fails(plain(b"\n bad \x1b[31mquery\xff \nat Foo.java:12", status=status, kind="text/plain"))
    assert (error.code, error.exit_code) == ("S611", 6)
    assert error.message.endswith(f"HTTP {status}, bad \\u001b[31mquery\N{REPLACEMENT CHARACTER}")


def test_of_a_page_the_first_words_are_told() -> None:
    page = b"<html><head><style>b {}</style><title>Bad Gateway</title></head><body>" + b"x" * 10**6
    assert fails(plain(page, status=502, kind="text/html")).message.endswith("HTTP 502, Bad Gateway")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirection_is_followed(status: int) -> None:
    error = fails(plain(b"", status=status, Location="file:///etc/passwd"))
    assert error.code == "S611" and "has moved to file:///etc/passwd" in error.message


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"[" * 100_000,
        b'{"head":{"vars":["s"]}}',
        b'{"head":{"vars":"s"},"results":{"bindings":[]}}',
        b'{"head":{"vars":["s"]},"results":{"bindings":[7]}}',
        b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":7}]}}',
        b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri"}}]}}',
        b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"no iri"}}]}}',
        b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"triple","value":{}}}]}}',
        b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"odd","value":"x"}}]}}',
        b'{"boolean":true}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_result_is_refused(body: bytes) -> None:
    error = fails(plain(body))
    assert (error.code, error.exit_code) == ("S612", 6) and "no SPARQL result" in error.message


def test_another_format_is_refused() -> None:
    assert "it sends text/html" in fails(plain(ONE, kind="text/html; charset=utf-8")).message
    assert "compressed" in fails(plain(ONE, Content_Encoding="gzip")).message


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('{"thing":{"type":"uri","value":"urn:x"},"truth1":{"type":"literal","value":"7"}}', "lacks"),
        (
            '{"thing":{"type":"uri","value":"urn:x"},"truth1":{"type":"literal","value":"3"},'
            '"truth":{"type":"literal","value":"9"}}',
            "truth or a thing",
        ),
    ],
)
def test_rows_that_are_no_verdicts_are_refused(rows: str, said: str, kg: KnowledgeGraph) -> None:
    def behave(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        if form["query"][0].startswith("ASK"):
            send(handler, b'{"boolean":%s}' % (b"false" if "FILTER" in form["query"][0] else b"true"))
        else:
            head = '{"head":{"vars":["thing","truth1","truth"]},"results":{"bindings":['
            send(handler, f"{head}{rows}]}}}}".encode())

    with served(behave) as address, pytest.raises(virtkg.SurroundingsError, match=said) as error:
        kg.ask(LIST, endpoint=virtkg.Endpoint(address))
    assert error.value.code == "S612"


@pytest.mark.parametrize("question", ["does XenServer 6 support page sharing", "does Xen support page sharing"])
@pytest.mark.parametrize("rows", ["", '{"thing":{"type":"uri","value":"urn:x"},"truth1":%s,"truth":%s}'])
def test_a_verdict_on_another_thing_or_none_is_refused(rows: str, question: str, kg: KnowledgeGraph) -> None:
    yes = '{"type":"literal","value":"3"}'

    def behave(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        if form["query"][0].startswith("ASK"):
            send(handler, b'{"boolean":%s}' % (b"false" if "FILTER" in form["query"][0] else b"true"))
        else:
            head = '{"head":{"vars":["thing","truth1","truth"]},"results":{"bindings":['
            send(handler, f"{head}{rows.replace('%s', yes)}]}}}}".encode())

    with served(behave) as address, pytest.raises(virtkg.SurroundingsError, match="one row asked for") as error:
        kg.ask(question, endpoint=virtkg.Endpoint(address))
    assert error.value.code == "S612"


def test_the_older_spelling_of_literals_and_truths_is_read() -> None:
    typed = b"""{"head":{"link":[],"vars":["a","b","c"]},"results":{"bindings":[{
        "a":{"type":"typed-literal","datatype":"http://www.w3.org/2001/XMLSchema#integer","value":"3"},
        "b":{"type":"literal","xml:lang":"en","value":"x"}}]}}"""
    with served(plain(typed)) as address:
        found = virtkg.Endpoint(address).query(SELECT)
    assert found.variables == ("a", "b", "c") and found.rows == ((Literal(3), Literal("x", language="en"), None),)
    for value, truth in ((b"1", True), (b"0", False)):
        old = b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[{"__ASK_RETVAL":{"value":"%s"}}]}}' % value
        with served(plain(old)) as address:
            assert virtkg.Endpoint(address).query("ASK {}").boolean is truth


def test_rows_are_sorted_unless_the_query_orders_them() -> None:
    body = ONE.replace(b"}}]", b'}},{"s":{"type":"uri","value":"urn:a"}}]')
    with served(plain(body)) as address:
        endpoint = virtkg.Endpoint(address)
        assert endpoint.query(SELECT).rows == ((NamedNode("urn:a"),), (NamedNode("urn:x"),))
        assert endpoint.query(SELECT + " ORDER BY DESC(?s)").rows[0] == (NamedNode("urn:x"),)


def test_where_nobody_listens_is_said() -> None:
    ended = run("sparql", "ASK {}", "--endpoint", f"http://127.0.0.1:{services.free_port()}/query")
    assert ended.code == 6 and "error[S610]: no connection" in ended.err
    ended = run("ask", LIST, "--endpoint", "http://nowhere.invalid/query", "--format", "json")
    assert ended.code == 6 and '"code": "S610"' in ended.err


def test_a_certificate_is_checked(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    try:
        subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("openssl, which makes the certificate, is not installed")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with served(plain(ONE), context) as address, pytest.raises(virtkg.SurroundingsError) as error:
        virtkg.Endpoint(address).query(SELECT)
    assert error.value.code == "S610" and "certificate is not valid" in error.value.message


# a real one


ONE_OF_EACH = (
    LIST,
    "does RHEV 3 support page sharing",
    "suites with at least 160 vCPUs",
    "modes",
    "count suites by hypervisor",
    "top 3 suites by max memory per VM",
    "latest release of vSphere",
    "compare KVM and Xen",
    "differences between PVHVM and PVH",
    "since when does Xen support PVH guests",
    "until when is vSphere 7.0 supported",
    "how long is vSphere 7.0 supported",
    "history of Xen",
    "suites with page sharing and made by Citrix",
)


def tell_the_same(address: str, kg: KnowledgeGraph) -> None:
    asker = RemoteAsker(kg.asker, kg.snapshot, virtkg.Endpoint(address))
    for question in ONE_OF_EACH:
        here, there = kg.ask(question), asker.ask(question)
        assert (told(there), told_in_full(there)) == (told(here), told_in_full(here)), question


@pytest.fixture
def export(kg: KnowledgeGraph, tmp_path: Path) -> Path:
    path = tmp_path / "all.nq"
    path.write_bytes(kg.export("nq", EVERYTHING))
    return path


@pytest.mark.parametrize("options", [(), ("--union-default-graph",)])
def test_oxigraph_answers(options: tuple[str, ...], kg: KnowledgeGraph, export: Path) -> None:
    if services.oxigraph_binary() is None:
        pytest.skip("the oxigraph server is not installed: pip install oxigraph")
    with services.oxigraph(export, export.parent / "store", *options) as address:
        tell_the_same(address, kg)
    assert kg.ask("does RHEV 3 support page sharing").verdict is Verdict.DISPUTED


def test_virtuoso_answers(kg: KnowledgeGraph, export: Path) -> None:
    if shutil.which("virtuoso-t") is None or shutil.which("isql-vt") is None:
        pytest.skip("Virtuoso is not installed: apt-get install virtuoso-opensource-7")
    with services.virtuoso(export, export.parent / "virtuoso") as address:
        tell_the_same(address, kg)

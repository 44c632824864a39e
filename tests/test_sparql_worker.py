"""The query worker: right answers, and no text that hangs, kills or leaves this process."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple

from virtkg.diagnostics import ExitCode, LimitReached, QueryError, RdfError, SurroundingsError, VirtkgError
from virtkg.sparql import run
from virtkg.sparql.guard import Outline, QueryForm, outline_of
from virtkg.sparql.results import QueryResult, serialize_results
from virtkg.sparql.run import Limits, NQuads, run_query
from virtkg.sparql.wire import Job

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "PREFIX : <http://example.org/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "

TRIG = """
@prefix : <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:g1 { :xen-4.0.1 a :Suite ; rdfs:label "Xen 4.0.1"@en ; :year 2010 ; :mode :hvm , :pv . }
:g2 { :kvm a :Suite ; rdfs:label "KVM" , "it's \\"kvm\\"\\n\\t\\\\"@de-AT ; :year 2007 ; :mode :hvm ; :price 1.5 . }
:g3 { :kvm :mode :hvm ; :after :xen-4.0.1 . :xen-4.0.1 :after :vmware . :vmware :after :cp67 . :bochs a :Suite . }
"""


def nquads(trig: str) -> NQuads:
    store = Store()
    store.load(trig.encode(), format=RdfFormat.TRIG)
    return NQuads(store.dump(format=RdfFormat.N_QUADS) or b"")


GRAPH = nquads(TRIG)
RING = NQuads(
    b"".join(
        b"<http://example.org/%d> <http://example.org/next> <http://example.org/%d> .\n" % (i, (i + 1) % 300)
        for i in range(300)
    )
)


def in_process(text: str) -> list[tuple[object, ...]]:
    store = Store()
    store.load(GRAPH.data, format=RdfFormat.N_QUADS)
    if "FROM" not in text:
        # The engine's own union gives a triple once for each graph; SPARQL's default graph is a set.
        store.extend([Quad(quad.subject, quad.predicate, quad.object) for quad in store])
    found = store.query(text)
    assert isinstance(found, QuerySolutions)
    return [tuple(row) for row in found]


def as_text(rows: object) -> list[list[str]]:
    return [[str(term) for term in row] for row in rows]  # type: ignore[attr-defined]


def test_a_triple_of_two_graphs_is_one_row() -> None:
    text = "SELECT ?s { ?s <http://example.org/mode> <http://example.org/hvm> }"
    assert as_text(run_query(GRAPH, text).rows) == [["<http://example.org/kvm>"], ["<http://example.org/xen-4.0.1>"]]


ORDINARY = [
    "SELECT * { ?s ?p ?o }",
    EX + "SELECT ?s ?label { ?s a :Suite OPTIONAL { ?s rdfs:label ?label } }",
    EX + "SELECT DISTINCT ?m { ?s :mode ?m }",
    EX + "SELECT ?m (COUNT(?s) AS ?n) (GROUP_CONCAT(STR(?s); SEPARATOR=', ') AS ?all) { ?s :mode ?m } GROUP BY ?m",
    EX + "SELECT ?s { ?s :year ?y FILTER(?y<2010&&?y>1990) }",
    EX + "SELECT ?s { ?s a :Suite MINUS { ?s :year ?y } }",
    EX + "SELECT ?s { ?s a :Suite FILTER NOT EXISTS { ?s :mode :pv } }",
    EX + "SELECT ?a ?b { ?a :after+ ?b }",
    EX + "SELECT ?a ?b { ?a :after/^:after|(:after?/:mode)* ?b . ?a !(:mode|^:after) ?c }",
    EX + "SELECT ?g ?s { GRAPH ?g { ?s a :Suite } }",
    EX + "SELECT ?s ?o FROM :g1 { ?s :mode ?o }",
    EX + "SELECT ?s ?g FROM NAMED :g2 FROM NAMED :g3 { GRAPH ?g { ?s :mode ?o } }",
    EX + "SELECT (STRLEN(?l) AS ?n) (UCASE(?l) AS ?u) (LANG(?l) AS ?g) (MD5(STR(?l)) AS ?h) { ?s rdfs:label ?l }",
    EX + "SELECT ?x ?y { VALUES (?x ?y) { (1 UNDEF) (:a 'b'@en) (<http://e/it's#> true) } }",
    EX + "SELECT ?s { { ?s :year 2010 } UNION { SELECT ?s { ?s :price ?p } ORDER BY ?p LIMIT 1 } }",
    "BASE <http://example.org/> SELECT (IRI('x') AS ?i) ?o { <kvm> <mode> ?o }",
    "SELECT ?x {}",
    "SELECT * {}",
    EX + "SELECT ?s { ?s a :Nothing }",
    EX + "SELECT (-1 AS ?a) (?y-1 AS ?b) (1+?y*2 AS ?c) { ?s :year ?y } # a comment",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_answers_as_the_engine_does_sorted(text: str) -> None:
    result = run_query(GRAPH, text)
    assert result.form is QueryForm.SELECT
    assert sorted(as_text(result.rows)) == sorted(as_text(in_process(text)))
    cells = [["" if term is None else str(term) for term in row] for row in result.rows]
    assert cells == sorted(cells)


def test_ordinary_queries_have_answers() -> None:
    assert sum(bool(in_process(text)) for text in ORDINARY) == len(ORDINARY) - 1


@pytest.mark.parametrize("order", ["?y", "DESC(?y) ?m", "STRLEN(STR(?s))"])
def test_keeps_the_order_that_was_asked_for(order: str) -> None:
    text = EX + f"SELECT ?s ?y ?m {{ ?s :year ?y ; :mode ?m }} ORDER BY {order}"
    assert as_text(run_query(GRAPH, text).rows) == as_text(in_process(text))


def test_an_inner_order_is_not_the_order_of_the_rows() -> None:
    text = EX + "SELECT ?s ?y { { SELECT ?s ?y { ?s :year ?y } ORDER BY DESC(STR(?s)) } }"
    rows = as_text(run_query(GRAPH, text).rows)
    assert rows == sorted(as_text(in_process(text)))
    assert rows != as_text(in_process(text))


def test_terms_arrive_unchanged() -> None:
    result = run_query(GRAPH, EX + "SELECT ?l ?none ?p ?y { :kvm rdfs:label ?l ; :price ?p ; :year ?y } ORDER BY ?l")
    assert result.variables == ("l", "none", "p", "y")
    price, year = (
        Literal("1.5", datatype=NamedNode(XSD + "decimal")),
        Literal("2007", datatype=NamedNode(XSD + "integer")),
    )
    assert set(result.rows) == {
        (Literal("KVM"), None, price, year),
        (Literal('it\'s "kvm"\n\t\\', language="de-at"), None, price, year),
    }


def test_local_names_may_have_several_dots() -> None:
    result = run_query(GRAPH, EX + "ASK { :xen-4.0.1 a :Suite }")
    assert result.boolean is True
    assert run_query(GRAPH, EX + "ASK { :xen-4.0.2 a :Suite }").boolean is False


def test_ask_construct_and_describe() -> None:
    assert run_query(GRAPH, "ASK { ?s ?p ?o }") == QueryResult(QueryForm.ASK, boolean=True)
    built = run_query(GRAPH, EX + "CONSTRUCT { ?m :of ?s } { ?s :mode ?m }")
    example, kvm, xen = "http://example.org/", "kvm", "xen-4.0.1"
    assert built.form is QueryForm.CONSTRUCT
    assert built.triples == tuple(
        Triple(NamedNode(example + mode), NamedNode(example + "of"), NamedNode(example + suite))
        for mode, suite in [("hvm", kvm), ("hvm", xen), ("pv", xen)]
    )
    described = run_query(GRAPH, EX + "DESCRIBE :bochs")
    assert described.form is QueryForm.DESCRIBE
    assert [str(triple.subject) for triple in described.triples] == ["<http://example.org/bochs>"]


def test_blank_nodes_are_numbered_in_the_order_of_the_answer() -> None:
    data = NQuads(b'_:x <http://e/p> "_:x" .\n_:y <http://e/p> <http://e/_:y> .\n<http://e/z> <http://e/p> _:x .\n')
    rows = run_query(data, "SELECT ?s ?o { ?s ?p ?o }").rows
    assert rows == (
        (NamedNode("http://e/z"), BlankNode("b0")),
        (BlankNode("b0"), Literal("_:x")),
        (BlankNode("b1"), NamedNode("http://e/_:y")),
    )
    built = run_query(GRAPH, EX + "CONSTRUCT { ?s :part [ :mode ?m ] } { ?s :mode ?m ; :year 2010 }").triples
    assert [str(triple.subject) for triple in built[:2]] == ["<http://example.org/xen-4.0.1>"] * 2
    assert {str(triple.subject) for triple in built[2:]} == {"_:b0", "_:b1"}
    assert [str(triple.object) for triple in built[:2]] == ["_:b0", "_:b1"]


# Syntax errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ("SELECT ?o\nWHERE { ?s ?p }", 2, 15, "'}'"),
        ("SELECT * { ?s ?p ?o } LIMIT -1", 1, 29, "'-'"),
        ("SELECT * { ?s ?p ?o ?x }", 1, 21, "'?x'"),
        ("ASK {} ASK {}", 1, 8, "'ASK'"),
        ("ASK { ?s ?p 'é' FILTER(STRLEN() > 1) }", 1, 31, "')'"),
        (EX + "\nASK { ?s :p }", 2, 13, "'}'"),
        ("SELECT ?s (COUNT(*) AS ?c) { ?s ?p ?o }", 1, 1, "GROUP BY"),
        ("ASK { { SELECT ?s ?s { ?s ?p ?o } } }", 1, 35, "SELECT"),
        ("SELECT ?s ?s { ?s ?p ?o }", 1, 1, "twice"),
        ("ASK { ?s ?p ?o BIND(1 AS ?s) }", 1, 30, "BIND"),
        ("ASK { VALUES (?a ?b) { (1) } }", 1, 28, "VALUES"),
        ("SELECT * { ?s ?p ?o } LIMIT 99999999999999999999999", 1, 29, "LIMIT"),
        ("SELECT * { ?s <http://[> ?o }", 1, 15, "IRI"),
        ("SELECT * { ?s ?p 'a'@notalanguagetag }", 1, 21, "language"),
        ("ASK { ?s ?p <http://e/x y> }", 1, 13, "'<'"),
        ("ASK { << ?s ?p ?o >> ?q ?r }", 1, 7, "'<'"),
        ("ASK { ?s ?p ?o {| ?q ?r |} }", 1, 17, "'|'"),
        ("DESCRIBE", 1, 9, "too early"),
    ],
)
def test_names_the_place_of_a_syntax_error(text: str, line: int, column: int, word: str) -> None:
    with pytest.raises(QueryError) as caught:
        run_query(GRAPH, text)
    error = caught.value
    assert error.code == "Q301"
    assert f"(line {line}, column {column})" in error.message
    assert word in error.message
    assert "\n" not in error.message
    assert error.column == column


def test_a_function_that_the_engine_lacks_is_refused() -> None:
    with pytest.raises(QueryError, match="http://e/f") as caught:
        run_query(GRAPH, "SELECT (<http://e/f>(1) AS ?x) {}")
    assert caught.value.code == "Q302"


def test_a_term_that_rdf_lacks_is_refused() -> None:
    term = "STRDT('a', <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>)"
    with pytest.raises(QueryError, match="RDF does not have") as caught:
        run_query(GRAPH, f"CONSTRUCT {{ <http://e/a> <http://e/b> ?x }} {{ BIND({term} AS ?x) }}")
    assert caught.value.code == "Q302"


# Hostile texts -----------------------------------------------------------------------------------

SIZE = 65_000
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"


def filled(head: str, unit: str, tail: str) -> str:
    return head + unit * ((SIZE - len(head) - len(tail)) // len(unit)) + tail


def chained(count: int, first: str, step: str) -> str:
    steps = " ".join(f"BIND({step.replace('@', f'?x{i}')} AS ?x{i + 1})" for i in range(count))
    return f"SELECT (STRLEN(?x{count}) AS ?n) {{ BIND({first} AS ?x0) {steps} }}"


HOSTILE = {
    "nested groups": "SELECT * " + "{" * 32_000 + "}" * 32_000,
    "nested groups, allowed": "SELECT * " + "{" * 128 + "}" * 128,
    "nested parentheses": "ASK { FILTER(" + "(" * 30_000 + "1" + ")" * 30_000 + ") }",
    "nested collections": EX + "ASK { ?s :p " + "(" * 30_000 + ")" * 30_000 + " }",
    "nested blank nodes": EX + "ASK { ?s :p " + "[:p " * 8_000 + "1" + "]" * 8_000 + " }",
    "unclosed groups": "SELECT * " + "{" * 65_000,
    "chain of !": filled("ASK { FILTER(", "!", "true) }"),
    "chain of -": filled("ASK { FILTER(", "- ", "1 = 1) }"),
    "chain of ||": filled("ASK { FILTER(true", "||true", ") }"),
    "chain of &&": filled("ASK { FILTER(?x", "&&?x", ") }"),
    "chain of +": filled("ASK { FILTER(1", "+1", " > 0) }"),
    "chain of /": EX + filled("ASK { ?s :p", "/:p", " ?o }")[: SIZE - len(EX)].rpartition("/")[0] + " ?o }",
    "2,660 triples": EX + "SELECT * { " + "".join(f"?a{i} :p{i} ?b{i} . " for i in range(2_660)) + "}",
    "many unions": filled("SELECT * { {}", " UNION {}", " }"),
    "1,000 path steps": EX + "SELECT * { ?s :p" + "/:p" * 1_000 + " ?o }",
    "1,000 optionals": EX
    + "SELECT * { ?s :p ?o "
    + "".join(f"OPTIONAL {{ ?s :p{i} ?o{i} }} " for i in range(1_000))
    + "}",
    "joined unions": EX + "SELECT * { " + "".join(f"{{ ?s :p ?o }} UNION {{ ?s :q ?o{i} }} " for i in range(100)) + "}",
    "cross product, counted": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "cross product, ordered": f"SELECT * {{ {CROSS} }} ORDER BY ?a ?l LIMIT 1",
    "cross product, distinct": f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {CROSS} }}",
    "cross product, grouped": f"SELECT ?a ?d ?g ?j (COUNT(*) AS ?n) {{ {CROSS} }} GROUP BY ?a ?d ?g ?j",
    "cross product, given out": f"SELECT * {{ {CROSS} }}",
    "cross product, built": f"CONSTRUCT {{ ?a ?e ?i }} {{ {CROSS} }}",
    "cross product, same triple": f"CONSTRUCT {{ ?a ?b ?c }} {{ {CROSS} }}",
    "cross product, filtered": f"ASK {{ {CROSS} FILTER(STRLEN(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j))) = 3) }}",
    "doubling CONCAT": chained(40, "'xxxxxxxxxx'", "CONCAT(@, @)"),
    "growing REPLACE": chained(9, f"'{'a' * 1_000}'", "REPLACE(@, 'a', 'aaaaaaaaaa')"),
    "long GROUP_CONCAT": f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?t) {{ {CROSS} }}",
    "stars in stars": EX + "SELECT (COUNT(*) AS ?n) { ?a (((:next*)*)*)* ?b . ?c (:next*)* ?d }",
    "star there and back": EX + "SELECT (COUNT(*) AS ?n) { ?a (:next|^:next)* ?b . ?c (:next|^:next)* ?d }",
    "negated stars": EX + "SELECT (COUNT(*) AS ?n) { ?a (!:q/!:q)* ?b . ?c !:q* ?d . ?e ?f ?g }",
    "not exists": f"SELECT * {{ ?x ?y ?z FILTER NOT EXISTS {{ {CROSS} FILTER(?a = ?j && ?z = 1) }} }}",
    "many values": "SELECT * { " + "".join(f"VALUES ?v{i} {{ {'1 ' * 1_000}}} " for i in range(25)) + "}",
    "huge repetition": "SELECT (REGEX('a', '((a{500}){500}){500}') AS ?r) {}",
    "long IN": filled("ASK { FILTER(1 IN (2", ",2", ")) }"),
    "60,000 digits": f"SELECT (1{'0' * 60_000} AS ?x) {{}}",
    "long prefix": f"PREFIX p: <http://e/{'x' * 60_000}> ASK {{ ?s ?p p:a, p:b, p:c, p:d }}",
}
SECONDS = 1.0
MAY_ANSWER = {
    "nested groups, allowed",
    "chain of !",
    "chain of ||",
    "chain of &&",
    "chain of +",
    "many unions",
    "huge repetition",
} | {
    "long IN",
    "60,000 digits",
    "long prefix",
}


def attempt(text: str) -> tuple[float, QueryResult | VirtkgError]:
    started = time.monotonic()
    try:
        outcome: QueryResult | VirtkgError = run_query(
            RING, text, limits=Limits(seconds=SECONDS, memory_bytes=300 << 20)
        )
    except VirtkgError as error:
        outcome = error
    return time.monotonic() - started, outcome


@pytest.fixture(scope="module")
def attempts() -> dict[str, Future[tuple[float, QueryResult | VirtkgError]]]:
    """Start all hostile queries, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return {name: pool.submit(attempt, text) for name, text in HOSTILE.items()}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_ends_in_time(
    name: str, attempts: dict[str, Future[tuple[float, QueryResult | VirtkgError]]]
) -> None:
    assert len(HOSTILE[name].encode()) <= 65_536
    seconds, outcome = attempts[name].result()
    assert seconds < SECONDS + 4  # a busy machine starts and ends processes late
    if isinstance(outcome, QueryResult):
        assert name in MAY_ANSWER
    else:
        assert isinstance(outcome, QueryError | LimitReached)
        assert outcome.code in ("Q301", "Q304", "E501")
        assert "broke" not in outcome.message


def test_afterwards_an_ordinary_query_is_answered() -> None:
    assert run_query(RING, "ASK { ?s ?p ?o }").boolean is True


# Limits ------------------------------------------------------------------------------------------


def limit_of(text: str, limits: Limits) -> LimitReached:
    with pytest.raises(LimitReached) as caught:
        run_query(RING, text, limits=limits)
    assert caught.value.code == "E501"
    assert caught.value.exit_code is ExitCode.LIMIT
    return caught.value


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"])
def test_rows_have_one_border(text: str) -> None:
    whole = run_query(RING, text, limits=Limits(rows=300))
    assert len(whole.rows or whole.triples) == 300
    error = limit_of(text, Limits(rows=299))
    assert "299" in error.message
    assert "LIMIT" in error.hint


def test_triples_are_counted_once() -> None:
    result = run_query(RING, EX + "CONSTRUCT { :a :b :c } { ?s ?p ?o }", limits=Limits(rows=1))
    assert len(result.triples) == 1


@pytest.mark.parametrize("text", ["SELECT ?s { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"])
def test_bytes_have_one_border(text: str) -> None:
    low, high = 1, 1_000_000
    while high - low > 1:
        middle = (low + high) // 2
        try:
            result = run_query(RING, text, limits=Limits(output_bytes=middle))
        except LimitReached:
            low = middle
        else:
            assert len(result.rows or result.triples) == 300
            high = middle
    assert f"{low:,} bytes" in limit_of(text, Limits(output_bytes=low)).message
    whole = run_query(RING, text)
    lines = ["?s", *(str(row[0]) for row in whole.rows)] if whole.rows else [f"{triple} ." for triple in whole.triples]
    assert high == sum(len(line) + 1 for line in lines)


def test_time_is_named() -> None:
    started = time.monotonic()
    error = limit_of(f"SELECT (COUNT(*) AS ?n) {{ {CROSS} . ?m ?n ?o }}", Limits(seconds=0.5))
    assert 0.5 <= time.monotonic() - started < 1.5
    assert "0.5 s" in error.message
    assert "--timeout" in error.hint


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not limit the address space")
def test_memory_is_named_and_beyond_what_the_graph_takes() -> None:
    big = b"".join(b'<http://e/%d> <http://e/p> "%d%s" .\n' % (i, i, b"x" * 1_000) for i in range(60_000))
    limits = Limits(seconds=30, memory_bytes=40 << 20)
    assert run_query(NQuads(big), "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", limits=limits).rows
    error = limit_of(chained(40, "'xxxxxxxxxx'", "CONCAT(@, @)"), limits)
    assert "40 MiB of memory" in error.message


# Processes ---------------------------------------------------------------------------------------

LINUX = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
SLOW = f"SELECT (COUNT(*) AS ?n) {{ {CROSS} . ?m ?n ?o }}"


def children(pid: int) -> list[int]:
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def until(condition: object, seconds: float = 5.0) -> bool:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def script(body: str, **kwargs: object) -> subprocess.Popen[bytes]:
    """Start Python with a graph `ring`, Limits and run_query at hand."""
    head = f"""
        import sys; sys.path.insert(0, {str(ROOT)!r})
        from virtkg.sparql.run import Limits, NQuads, run_query
        ring = NQuads({RING.data!r})
        slow = {SLOW!r}
    """
    code = textwrap.dedent(head) + textwrap.dedent(body)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kwargs)  # type: ignore[call-overload,no-any-return]


def worker_of(process: subprocess.Popen[bytes]) -> int:
    """Return the process id of the worker once it evaluates (its memory limit is set then)."""

    def limited() -> bool:
        return any("unlimited" not in line for pid in children(process.pid) for line in address_space(pid))

    assert until(limited)
    return children(process.pid)[0]


def address_space(pid: int) -> list[str]:
    try:
        return [line for line in Path(f"/proc/{pid}/limits").read_text().split("\n") if "address space" in line]
    except OSError:
        return []


@LINUX
def test_interrupting_ends_the_worker_and_is_passed_on() -> None:
    process = script(
        """
        try:
            run_query(ring, slow, limits=Limits(seconds=60))
        except KeyboardInterrupt:
            print("interrupted")
        """
    )
    worker = worker_of(process)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=5)
    assert output.strip() == b"interrupted"
    assert errors == b""
    assert not alive(worker)


@LINUX
def test_interrupting_the_whole_group_leaves_no_trace() -> None:
    process = script(
        """
        try:
            run_query(ring, slow, limits=Limits(seconds=60))
        except KeyboardInterrupt:
            print("interrupted")
        """,
        start_new_session=True,
    )
    worker = worker_of(process)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=5)
    assert (output.strip(), errors) == (b"interrupted", b"")
    assert not alive(worker)


@LINUX
def test_the_parent_alone_decides_what_an_interrupt_means() -> None:
    process = script(
        """
        import signal
        from virtkg.diagnostics import LimitReached
        signal.signal(signal.SIGINT, lambda *_: None)
        try:
            run_query(ring, slow, limits=Limits(seconds=1.5))
        except LimitReached as error:
            print(error.message)
        """,
        start_new_session=True,
    )
    worker = worker_of(process)
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.2)
    assert alive(worker)
    output, errors = process.communicate(timeout=10)
    assert (output.strip(), errors) == (b"the query took longer than 1.5 s", b"")


@LINUX
def test_the_worker_is_not_given_the_environment() -> None:
    process = script("run_query(ring, slow, limits=Limits(seconds=60))", env={**os.environ, "SECRET_TOKEN": "1"})
    found = Path(f"/proc/{worker_of(process)}/environ").read_bytes()
    process.kill()
    process.communicate(timeout=5)
    assert b"TZ=UTC" in found
    assert b"SECRET_TOKEN" not in found


@LINUX
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_worker_ends_with_its_parent(number: signal.Signals) -> None:
    process = script("run_query(ring, slow, limits=Limits(seconds=60))")
    worker = worker_of(process)
    assert alive(worker)
    process.send_signal(number)
    process.communicate(timeout=5)
    assert until(lambda: not alive(worker), 2)


@LINUX
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGSEGV, "engine broke on this query (SIGSEGV)"),
        (signal.SIGABRT, "memory"),
        (signal.SIGKILL, "memory"),
        (signal.SIGXCPU, "longer than 60 s"),
    ],
)
def test_says_how_a_worker_died(number: signal.Signals, words: str) -> None:
    process = script(
        """
        from virtkg.diagnostics import LimitReached
        try:
            run_query(ring, slow, limits=Limits(seconds=60))
        except LimitReached as error:
            print(error.code, error.message)
        """
    )
    os.kill(worker_of(process), number)
    output, errors = process.communicate(timeout=5)
    assert errors == b""
    assert output.startswith(b"E501 ")
    assert words in output.decode()


@LINUX
def test_leaves_no_zombie_and_no_descriptor() -> None:
    process = script(
        """
        import os
        from virtkg.diagnostics import VirtkgError
        def descriptors():
            return sorted(os.listdir("/proc/self/fd"))
        run_query(ring, "ASK {}")
        before = descriptors()
        for text in ("ASK {}", "ASK { ?s ?p }", slow, "SELECT * { ?s ?p ?o }"):
            try:
                run_query(ring, text, limits=Limits(seconds=0.5, rows=10))
            except VirtkgError as error:
                print(error.code)
        assert descriptors() == before
        try:
            print(os.waitpid(-1, os.WNOHANG))
        except ChildProcessError:
            print("no child")
        """
    )
    output, errors = process.communicate(timeout=20)
    assert errors == b""
    assert output.split(b"\n") == [b"Q301", b"E501", b"E501", b"no child", b""]


def bare_worker(text: str, seconds: int, before: str = "pass") -> subprocess.Popen[bytes]:
    """Start a worker that no parent watches, but that has its input."""
    job = Job(
        text_size=len(text),
        data_size=len(RING.data),
        union=True,
        ordered=False,
        seconds=seconds,
        memory_bytes=1 << 30,
        rows=1_000,
        output_bytes=1_000_000,
    )
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {before}; import virtkg.sparql.worker as worker"
    command = [sys.executable, "-c", f"{code}; worker.main(sys.argv[1:])", *job.arguments()]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    process.stdin.write(text.encode() + RING.data)
    process.stdin.flush()
    return process


@LINUX
def test_the_worker_limits_itself() -> None:
    with bare_worker(SLOW, 1) as process:
        assert until(lambda: any("unlimited" not in line for line in address_space(process.pid)))
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        found = {line[:25].strip(): line[25:].split()[:2] for line in limits.split("\n")}
        assert found["Max core file size"] == ["0", "0"]
        assert int(found["Max open files"][1]) <= len(os.listdir(f"/proc/{process.pid}/fd"))
        assert 1 << 30 < int(found["Max address space"][1]) < 3 << 30
        started = time.monotonic()
        assert process.wait(10) == -signal.SIGXCPU
        assert time.monotonic() - started < 8


def test_a_system_without_limits_still_answers() -> None:
    with bare_worker("ASK { ?s ?p ?o }", 5, before="sys.modules['resource'] = None") as process:
        assert process.stdout
        assert process.stdout.read() == b"B1"
        assert process.wait(5) == 0


def test_output_is_the_same_in_each_run() -> None:
    body = """
        from virtkg.sparql.results import serialize_results
        prefix = "PREFIX : <http://example.org/> "
        for text in (
            "SELECT * { ?s ?p ?o }",
            "SELECT (BNODE() AS ?b) ?s { ?s :next ?o }",
            "SELECT ?b (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY (BNODE(STR(?p)) AS ?b) ?s",
            "SELECT DISTINCT ?p { ?s ?p ?o }",
            "SELECT ?s { ?s ?p ?o } LIMIT 7",
        ):
            sys.stdout.buffer.write(serialize_results(run_query(ring, prefix + text), "json"))
        print(run_query(ring, prefix + "CONSTRUCT { ?s :x [ :y ?o, [] ] } { ?s :next ?o }").triples)
    """
    runs = [
        script(body, env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone})
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    (first, no_errors), (second, _) = [run.communicate(timeout=30) for run in runs]
    assert no_errors == b""
    assert len(first) > 10_000
    assert first == second


# Surroundings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("executable", ["/nonexistent/python", "", str(ROOT)])
def test_a_missing_python_is_named(executable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    with pytest.raises(SurroundingsError, match="Python") as caught:
        run_query(GRAPH, "ASK {}")
    assert caught.value.code == "S602"
    assert caught.value.hint


def test_a_python_that_fails_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho 'no such module' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    with pytest.raises(SurroundingsError, match="no such module") as caught:
        run_query(GRAPH, "ASK {}")
    assert caught.value.code == "S602"


def test_lack_of_memory_for_a_process_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(subprocess, "Popen", full)
    with pytest.raises(SurroundingsError, match="Cannot allocate memory"):
        run_query(GRAPH, "ASK {}")


def test_a_graph_that_is_no_nquads_is_named() -> None:
    with pytest.raises(RdfError) as caught:
        run_query(NQuads(b"<http://e/a> <http://e/b> .\n"), "ASK {}")
    assert caught.value.code == "D601"
    assert caught.value.message.isprintable()


def test_neither_folder_nor_environment_changes_the_worker(tmp_path: Path) -> None:
    for name in ("pyoxigraph", "threading", "resource", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('wrong module')\n")
    process = script(
        """
        import os, pyoxigraph, threading
        os.chdir(sys.argv[1] if len(sys.argv) > 1 else os.environ["BAD"])
        os.environ.update(PYTHONPATH=os.environ["BAD"], PYTHONSTARTUP="x", PYTHONHOME="/nonexistent")
        print(run_query(ring, "ASK { ?s ?p ?o }").boolean)
        """,
        env={**os.environ, "BAD": str(tmp_path)},
    )
    output, errors = process.communicate(timeout=10)
    assert (output.strip(), errors) == (b"True", b"")


# No connection -----------------------------------------------------------------------------------


class Listener:
    """Counts connections to a port of this machine."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):  # shutdown is what wakes accept()
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


def calls_out(url: str) -> list[str]:
    return [
        f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
        f"PREFIX : <{url}> PREFIX service: <http://e/> ASK {{ service:x {{}} }}",
        f"PREFIX x: <http://e/> ASK {{ ?s ?p x:a.b.SERVICE <{url}> {{}} }}",
        f"ASK {{ FILTER(?a<'>')SERVICE <{url}> {{}} }} #'",
        f"LOAD <{url}>",
        f"SELECT * FROM <{url}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"SELECT * {{ GRAPH <{url}> {{ ?s ?p ?o }} }}",
    ]


def test_no_query_opens_a_connection(listener: Listener) -> None:
    refusals = 0
    for text in calls_out(listener.url):
        try:
            run_query(RING, text)
        except QueryError:
            refusals += 1
    assert refusals == 6
    assert listener.connections == 0


def test_the_listener_would_have_seen_one(listener: Listener) -> None:
    with pytest.raises((OSError, RuntimeError, SyntaxError)):
        list(Store().query(calls_out(listener.url)[0]))  # type: ignore[arg-type]
    assert until(lambda: listener.connections == 1)


def test_the_worker_cannot_connect_even_if_asked_to(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the guard off, the engine in the worker has no descriptor left for a socket."""
    heads = outline_of("SELECT * { ?s ?p ?o }").heads[:1]

    def blind(text: str) -> Outline:
        return Outline(QueryForm.SELECT, False, (), (text,), heads)

    monkeypatch.setattr(run, "outline_of", blind)
    with pytest.raises(VirtkgError) as caught:
        run_query(RING, calls_out(listener.url)[0])
    assert caught.value.code == "Q302"
    assert run_query(RING, "SELECT * { ?s ?p ?o } LIMIT 1").rows
    assert listener.connections == 0


# Formats -----------------------------------------------------------------------------------------

AWKWARD = QueryResult(
    QueryForm.SELECT,
    variables=("a", "b"),
    rows=(
        (Literal('x, "y"\r\n\t<&>]]>'), NamedNode("http://e/?x=1&y='2'")),
        (Literal(" é ", language="en-gb"), None),
        (Literal("007", datatype=NamedNode(XSD + "integer")), BlankNode("b0")),
        (Literal(""), Literal("\U0001f600\u2028")),
    ),
)
VALUES = [
    ['x, "y"\r\n\t<&>]]>', "http://e/?x=1&y='2'"],
    [" é ", ""],
    ["007", "_:b0"],
    ["", "\U0001f600\u2028"],
]


def test_json() -> None:
    found = json.loads(serialize_results(AWKWARD, "json"))
    assert found["head"]["vars"] == ["a", "b"]
    first, second, third, fourth = found["results"]["bindings"]
    assert first["a"] == {"type": "literal", "value": VALUES[0][0]}
    assert first["b"] == {"type": "uri", "value": VALUES[0][1]}
    assert second == {"a": {"type": "literal", "value": " é ", "xml:lang": "en-gb"}}
    assert third["a"] == {"type": "literal", "value": "007", "datatype": XSD + "integer"}
    assert third["b"] == {"type": "bnode", "value": "b0"}
    assert fourth["b"]["value"] == VALUES[3][1]


def test_xml_keeps_line_ends() -> None:
    root = ElementTree.fromstring(serialize_results(AWKWARD, "xml"))
    space = "{http://www.w3.org/2005/sparql-results#}"
    assert [variable.get("name") for variable in root.iter(space + "variable")] == ["a", "b"]
    found = [{binding.get("name"): binding[0] for binding in row} for row in root.iter(space + "result")]
    assert [[(row[name].text or "") if name in row else "" for name in "ab"] for row in found] == [
        [value.removeprefix("_:") for value in row] for row in VALUES
    ]
    assert found[1]["a"].get("{http://www.w3.org/XML/1998/namespace}lang") == "en-gb"


def test_csv_follows_rfc_4180() -> None:
    written = serialize_results(AWKWARD, "csv")
    assert written.startswith(b"a,b\r\n")
    assert list(csv.reader(io.StringIO(written.decode(), newline=""), strict=True))[1:] == VALUES


def test_tsv_has_one_line_a_row() -> None:
    lines = serialize_results(AWKWARD, "tsv").decode().split("\n")
    assert lines == [
        "?a\t?b",
        '"x, \\"y\\"\\r\\n\\t<&>]]>"\t<http://e/?x=1&y=\'2\'>',
        '" é "@en-gb\t',
        "007\t_:b0",
        '""\t"\U0001f600\u2028"',
        "",
    ]


@pytest.mark.parametrize(
    ("format", "wanted"),
    [("json", b'"boolean":true'), ("xml", b"<boolean>true</boolean>"), ("csv", b"true"), ("tsv", b"true")],
)
def test_ask_results(format: str, wanted: bytes) -> None:
    assert wanted in serialize_results(QueryResult(QueryForm.ASK, boolean=True), format)
    assert wanted not in serialize_results(QueryResult(QueryForm.ASK, boolean=False), format)


def test_xml_refuses_what_it_cannot_carry() -> None:
    result = QueryResult(QueryForm.SELECT, variables=("x",), rows=((Literal("fine"),), (Literal("a\x01b"),)))
    with pytest.raises(QueryError, match=r"row 2, \?x.*U\+0001") as caught:
        serialize_results(result, "xml")
    assert caught.value.code == "Q309"
    assert json.loads(serialize_results(result, "json"))["results"]["bindings"][1]["x"]["value"] == "a\x01b"


def test_a_graph_is_no_table() -> None:
    with pytest.raises(QueryError, match="graph") as caught:
        serialize_results(QueryResult(QueryForm.CONSTRUCT), "csv")
    assert "turtle" in caught.value.suggestions
    with pytest.raises(QueryError, match="turtle"):
        serialize_results(AWKWARD, "turtle")


def test_results_without_columns_or_rows() -> None:
    nothing = QueryResult(QueryForm.SELECT, variables=("x",))
    assert serialize_results(nothing, "csv") == b"x\r\n"
    unit = QueryResult(QueryForm.SELECT, rows=((),))
    assert json.loads(serialize_results(unit, "json"))["results"]["bindings"] == [{}]

"""The command line as cli.md fixes it: output, formats, exit codes, files, terminals, signals."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import select
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from command import Ended, run, start
from pyoxigraph import RdfFormat, parse

import virtkg
from virtkg.graph import KnowledgeGraph
from virtkg.inputs import Inputs, key
from virtkg.snapshot import layout
from virtkg.snapshot.reader import Snapshot

COMMANDS = (
    *("ask", "why", "show", "compare", "spectrum", "history", "sparql", "query", "export", "reason", "validate"),
    *("vocabulary", "completion"),
)
LIST = "suites with page sharing"
LONG_QUERY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

TWINS = """
@prefix vkg: <https://w3id.org/virtkg/ns#> .
@prefix id: <https://w3id.org/virtkg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
id:twin-1 a vkg:Suite ; rdfs:label "Twin"@en ; vkg:supports id:page-sharing .
id:twin-2 a vkg:Suite ; rdfs:label "Twin"@en ; vkg:lacks id:page-sharing .
"""


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file with two things of one name."""
    path = tmp_path_factory.mktemp("data") / "twins.ttl"
    path.write_text(TWINS)
    return str(path)


# commands and exit codes


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version") == Ended(0, f"virtkg {virtkg.__version__}\n".encode(), "")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_lists_every_command(option: str) -> None:
    ended = run(option)
    listed = re.findall(r"^  (\w+)  ", ended.out.partition("Commands:")[2], re.MULTILINE)
    assert (ended.code, tuple(listed)) == (0, COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command: str) -> None:
    ended = run(command, "--help")
    assert ended.code == 0
    assert ended.out.startswith(f"Usage: virtkg {command} ")


EXITS = [
    (0, ["ask", LIST]),
    (0, ["ask", "does", "XenServer", "6", "run", "PV"]),
    (0, ["why", "XenServer 6 runs PV guests"]),
    (0, ["why", "id:hvm vkg:requires id:hardware-extensions"]),
    (0, ["show", "Xen"]),
    (0, ["show", "https://w3id.org/virtkg/id/xen"]),
    (0, ["compare", "Xen", "KVM"]),
    (0, ["sparql", "ASK { id:xen ?p ?o }"]),
    (0, ["sparql", "CONSTRUCT { ?s a vkg:Mode } { ?s a vkg:Mode }"]),
    (0, ["query"]),
    (0, ["query", "sources"]),
    (0, ["export"]),
    (0, ["vocabulary"]),
    (0, ["vocabulary", "page", "sharing"]),
    (0, ["completion", "zsh"]),
    (1, ["ask", "does XenServer 6 support page sharing"]),
    (1, ["ask", "suites with at least 100000 vCPUs"]),
    (1, ["why", "XenServer 6 supports page sharing"]),
    (1, ["sparql", "ASK { id:xen a id:xen }"]),
    (1, ["sparql", "SELECT ?x { ?x a ?x }"]),
    (1, ["sparql", "CONSTRUCT { ?s a ?s } { ?s a ?s }"]),
    (1, ["vocabulary", "nobody says this"]),
    (2, ["nonsense"]),
    (2, ["ask"]),
    (2, ["ask", LIST, "--format", "nope"]),
    (2, ["ask", LIST, "--reading", "first"]),
    (2, ["ask", LIST, "--nope"]),
    (2, ["why"]),
    (2, ["show"]),
    (2, ["compare", "Xen"]),
    (2, ["sparql"]),
    (2, ["sparql", "ASK {}", "-f", "query.rq"]),
    (2, ["sparql", "ASK {}", "--timeout", "0"]),
    (2, ["sparql", "ASK {}", "--limit", "0"]),
    (2, ["query", "history", "--line"]),
    (2, ["query", "history", "line"]),
    (2, ["export", "--graph", "half"]),
    (2, ["completion", "tcsh"]),
    (3, ["ask", "suites with pge sharing"]),
    (3, ["ask", "modes", "--reading", "7"]),
    (3, ["show", "nobody"]),
    (3, ["compare", "Xen", "nobody"]),
    (3, ["sparql", "SELEC"]),
    (3, ["sparql", "ASK {}", "--format", "turtle"]),
    (3, ["sparql", "CONSTRUCT WHERE { ?s a vkg:Mode }", "--format", "csv"]),
    (3, ["query", "nope"]),
    (4, ["ask", "does RHEV 3 support page sharing"]),
    (4, ["ask", "does vSphere 5.1 run PVHVM"]),
    (4, ["why", "RHEV 3 supports page sharing"]),
    (4, ["why", "id:nothing vkg:requires id:hardware-extensions"]),
    (5, ["sparql", "SELECT * { ?s ?p ?o }", "--limit", "3"]),
    (5, ["sparql", LONG_QUERY, "--timeout", "0.5"]),
    (6, ["sparql", "-f", "/nowhere/query.rq"]),
    (6, ["ask", LIST, "--data", "/nowhere/data.ttl"]),
    (6, ["ask", LIST, "-o", "/nowhere/answer.txt"]),
]


@pytest.mark.parametrize(
    ("code", "arguments"), EXITS, ids=lambda part: " ".join(part) if isinstance(part, list) else ""
)
def test_exit_code(code: int, arguments: list[str]) -> None:
    ended = run(*arguments)
    assert ended.code == code, ended
    if code in (2, 3, 5, 6):
        assert ended.raw == b""
        assert re.search(r"^(error\[[A-Z][0-9]{3}\]|Error): \S", ended.err, re.MULTILINE), ended.err
    else:
        assert ended.err == ""
        assert ended.out.strip() or "CONSTRUCT" in arguments[1]


def test_every_exit_code_of_the_contract_is_tried() -> None:
    assert {code for code, _ in EXITS} == {0, 1, 2, 3, 4, 5, 6}


def test_a_question_with_several_meanings_is_not_answered_by_chance(twins: str) -> None:
    ended = run("ask", "does Twin support page sharing", "--data", twins)
    assert (ended.code, ended.raw) == (4, b"")
    assert ended.err.startswith("error[E301]: ")
    assert re.findall(r"^  (\d)\. ", ended.err, re.MULTILINE) == ["1", "2"]
    chosen = [run("ask", "does Twin support page sharing", "--data", twins, "--reading", n).code for n in "12"]
    assert sorted(chosen) == [0, 1]
    shown = run("show", "Twin", "--data", twins)
    assert shown.code == 4
    assert "id:twin-1" in shown.err and "id:twin-2" in shown.err


def test_a_question_may_be_several_words_or_one_argument() -> None:
    assert run("ask", *LIST.split()) == run("ask", LIST)


def test_certain_leaves_out_what_is_disputed_and_says_so() -> None:
    rows = [{row["verdict"] for row in asked(LIST, *options)["rows"]} for options in ((), ("--certain",))]
    assert rows == [{"yes", "disputed"}, {"yes"}]
    assert "disputed" in run("ask", LIST, "--certain").out


def test_a_limit_shows_the_first_rows_and_says_how_many_more() -> None:
    every, some = asked(LIST), asked(LIST, "--limit", "2")
    assert some["rows"] == every["rows"][:2]
    left_out = len(every["rows"]) - 2
    assert any(str(left_out) in note["message"] and note not in every["notes"] for note in some["notes"])
    assert asked(LIST, "--limit", "1000") == every
    assert run("ask", LIST, "--limit", "0").code == 2


def test_why_adds_a_proof_for_each_row() -> None:
    assert "proofs" not in asked(LIST)
    proofs = asked(LIST, "--why")["proofs"]
    assert len(proofs) > len(asked(LIST)["rows"])  # a disputed row has two sides
    assert {proof["supports"] for proof in proofs} == {True, False}


# formats


def asked(question: str, *options: str) -> Any:
    return json.loads(run("ask", question, "--format", "json", *options).out)


@pytest.fixture(scope="module")
def labels() -> list[str]:
    found = [row["label"] for row in asked(LIST)["rows"]]
    assert len(found) >= 3
    return found


def test_table_names_the_rows_in_order(labels: list[str]) -> None:
    lines = run("ask", LIST, "--each", "--format", "table").out.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("name "))
    column = lines[start].index("answer")
    assert [line[:column].strip() for line in lines[start + 1 : start + 1 + len(labels)]] == labels
    assert lines[start + 1 + len(labels)] == ""


@pytest.mark.parametrize(("format", "delimiter", "ending"), [("csv", ",", "\r\n"), ("tsv", "\t", "\n")])
def test_csv_and_tsv_have_the_rows(labels: list[str], format: str, delimiter: str, ending: str) -> None:
    out = run("ask", LIST, "--format", format).out
    rows = list(csv.DictReader(io.StringIO(out, newline=""), delimiter=delimiter))
    assert [row["label"] for row in rows] == labels
    assert [row["iri"] for row in rows] == [row["iri"] for row in asked(LIST)["rows"]]
    assert out.count(ending) == len(labels) + 1
    assert out.count("\r") == (len(labels) + 1 if format == "csv" else 0)


def test_markdown_has_the_rows(labels: list[str]) -> None:
    rows = [line for line in run("ask", LIST, "--each", "--format", "md").out.splitlines() if line.startswith("|")]
    assert [row.split("|")[1].strip() for row in rows[2:]] == labels
    assert len({row.count(" |") for row in rows}) == 1


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "td":
            self.cells.append(data)


@pytest.mark.parametrize(
    "arguments", [["ask", LIST], ["why", "XenServer 6 runs PV"], ["show", "Xen"], ["compare", "Xen", "KVM"]]
)
def test_html_is_well_formed(arguments: list[str]) -> None:
    parser = _Cells()
    parser.feed(run(*arguments, "--format", "html").out)
    assert parser.open == []
    assert parser.cells


def test_html_has_the_rows(labels: list[str]) -> None:
    parser = _Cells()
    parser.feed(run("ask", LIST, "--each", "--format", "html").out)
    assert [cell for cell in parser.cells if cell in labels] == labels


def test_the_query_that_is_shown_gives_the_answer() -> None:
    query = run("ask", LIST, "--format", "sparql").out
    assert query.strip() == asked(LIST)["sparql"].strip()
    found = json.loads(run("sparql", query, "--format", "json").out)
    truths = {row["thing"]["value"]: row["truth"]["value"] for row in found["results"]["bindings"]}
    rows = {row["iri"]: row["verdict"] for row in asked(LIST)["rows"]}
    assert {iri: {"yes": "3", "disputed": "2"}[verdict] for iri, verdict in rows.items()} == {
        iri: truth for iri, truth in truths.items() if truth in ("2", "3")
    }


ANSWER_KEYS = {
    "question": str, "reading": str, "kind": str, "verdict": str | None, "rows": list, "count": dict, "notes": list,
    "sparql": str,
}  # fmt: skip
ROW_KEYS = {"label": str, "iri": str, "verdict": str, "inferred": bool, "sources": list, "values": dict}
VALUE_KEYS = {"value": str, "unit": str, "sources": list, "verdict": str}
VERDICTS = {"yes", "no", "unknown", "disputed"}


def check_shape(found: dict[str, Any], keys: dict[str, Any], also: set[str]) -> None:
    assert set(keys) <= set(found) <= set(keys) | also
    for name, kind in keys.items():
        assert isinstance(found[name], kind), name


@pytest.mark.parametrize(
    ("kind", "verdict", "arguments"),
    [
        ("list", None, ["ask", LIST]),
        ("list", None, ["ask", "suites with at least 160 vCPUs", "--why"]),
        ("verdict", "no", ["ask", "does XenServer 6 support page sharing"]),
        ("value", None, ["ask", "max memory per VM of RHEV 3"]),
        ("value", None, ["ask", "how does PVHVM virtualize disk?"]),
        ("comparison", None, ["compare", "XenServer 6", "vSphere 5.1", "Hyper-V 2012"]),
        ("description", None, ["show", "XenServer 6"]),
        ("explanation", "yes", ["why", "XenServer 6 runs PV"]),
        ("explanation", "yes", ["why", "id:hvm vkg:requires id:hardware-extensions"]),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_json_has_the_shape_of_the_contract(kind: str, verdict: str | None, arguments: list[str]) -> None:
    found = json.loads(run(*arguments, "--format", "json").out)
    check_shape(found, ANSWER_KEYS, {"sources", "proofs"})
    assert (found["kind"], found["verdict"]) == (kind, verdict)
    assert list(found["count"]) == ["yes", "disputed", "unknown"]
    for name in ("yes", "disputed"):
        assert found["count"][name] == sum(row["verdict"] == name for row in found["rows"])
    values = 0
    for row in found["rows"]:
        check_shape(row, ROW_KEYS, set())
        assert row["verdict"] in VERDICTS
        for value in row["values"].values():
            for one in value if isinstance(value, list) else [value]:
                check_shape(one, VALUE_KEYS, {"text", "inferred"})
                values += 1
                assert one["verdict"] in VERDICTS
                assert set(one["sources"]) <= set(found["sources"])
        assert set(row["sources"]) <= set(found["sources"])
    assert values or kind in ("list", "verdict", "explanation")
    for note in found["notes"]:
        check_shape(note, {"code": str, "message": str}, set())
        assert re.fullmatch(r"[IW]\d{3}", note["code"])


def test_rows_that_are_yes_come_before_disputed_ones_and_unknown_ones_are_counted_in_a_note() -> None:
    found = asked(LIST)
    verdicts = [row["verdict"] for row in found["rows"]]
    assert verdicts == sorted(verdicts, reverse=True) and set(verdicts) == {"yes", "disputed"}
    assert found["count"]["unknown"] > 0
    assert any(note["message"].startswith(f"{found['count']['unknown']} unknown: ") for note in found["notes"])
    more = asked(LIST + " or unknown")
    assert [row["verdict"] for row in more["rows"]].count("unknown") == found["count"]["unknown"]


@pytest.mark.parametrize(
    ("code", "column", "suggested", "arguments"),
    [
        ("E201", 13, True, ["ask", "suites with pge sharing", "--format", "json"]),
        ("E201", 13, True, ["ask", "suites with pge sharing", "--format=json"]),
        ("E101", None, False, ["ask", "", "--format", "json"]),
        ("E201", None, True, ["show", "Xem", "--format", "json"]),
        ("Q301", 1, True, ["sparql", "SELEC", "--format", "json"]),
        ("Q306", None, True, ["query", "source", "--format", "json"]),
        ("S602", None, False, ["ask", LIST, "--data", "/nowhere.ttl", "--format", "json"]),
        ("E501", None, False, ["sparql", "SELECT * { ?s ?p ?o }", "--limit", "1", "--format", "json"]),
    ],
)
def test_an_error_is_one_json_object_on_standard_error(
    code: str, column: int | None, suggested: bool, arguments: list[str]
) -> None:
    ended = run(*arguments)
    assert ended.raw == b""
    found = json.loads(ended.err)
    assert set(found) == {"error"}
    check_shape(
        found["error"], {"code": str, "message": str, "column": int | None, "suggestions": list}, {"hint", "offers"}
    )
    assert (found["error"]["code"], found["error"]["column"]) == (code, column)
    assert bool(found["error"]["suggestions"]) is suggested


def test_a_suggestion_is_accepted() -> None:
    suggestions = json.loads(run("ask", "suites with pge sharing", "--format", "json").err)["error"]["suggestions"]
    assert [run("ask", suggestion).code for suggestion in suggestions] == [0]


# output

PIPED = [
    ["ask", LIST],
    ["ask", LIST, "--why"],
    ["ask", LIST, "--format", "md"],
    ["why", "XenServer 6 runs PV"],
    ["show", "Xen"],
    ["compare", "Xen", "KVM"],
    ["sparql", "SELECT * { ?s a vkg:Mode } LIMIT 3"],
    ["query"],
    ["query", "sources"],
    ["vocabulary", "page"],
]


@pytest.mark.parametrize("arguments", PIPED, ids=" ".join)
def test_without_a_terminal_there_are_no_escapes_and_no_boxes(arguments: list[str]) -> None:
    ended = run(*arguments, env={"TERM": "xterm-256color", "FORCE_COLOR": "1", "COLUMNS": "20"})
    assert ended.code == 0
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2500-\u259f]", ended.out) == []


STABLE = [
    ["ask", LIST, "--why"],
    ["show", "XenServer 6"],
    ["compare", "XenServer 6", "vSphere 5.1"],
    ["sparql", "SELECT ?s ?o { ?s vkg:runsMode ?o }"],
    ["export", "--format", "nq"],
    ["vocabulary"],
]
SURROUNDINGS = [
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Kathmandu"},
    {
        "PYTHONHASHSEED": "77",
        "LC_ALL": "tr_TR.UTF-8",
        "TZ": "America/St_Johns",
        "LANG": "de_DE.UTF-8",
        "PYTHONUTF8": "1",
    },
]


@pytest.mark.parametrize("arguments", STABLE, ids=" ".join)
def test_the_same_bytes_everywhere(arguments: list[str]) -> None:
    first, second = (run(*arguments, env=surroundings) for surroundings in SURROUNDINGS)
    assert first == second
    assert first.raw


def test_the_same_snapshot_everywhere(tmp_path: Path) -> None:
    snapshots = []
    for number, surroundings in enumerate(SURROUNDINGS):
        folder = tmp_path / str(number)
        assert run("ask", LIST, env={"VIRTKG_CACHE": str(folder), **surroundings}).code == 0
        (file,) = folder.iterdir()
        snapshots.append(Snapshot(memoryview(file.read_bytes()), key(Inputs())))
    names = [value for name, value in vars(layout).items() if name.isupper() and isinstance(value, str)]
    assert len(names) > 10
    first, second = ([bytes(snapshot.section(name)) for name in names] for snapshot in snapshots)
    assert first == second


def test_output_goes_into_a_file_whole(tmp_path: Path) -> None:
    file = tmp_path / "answer.md"
    file.write_text("older and much longer than nothing")
    file.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to(file)
    assert run("ask", LIST, "--format", "md", "-o", str(link)) == Ended(0, b"", "")
    assert file.read_bytes() == run("ask", LIST, "--format", "md").raw
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answer.md", "link.md"]


def _small_files() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "graph.nt"
    file.write_text("old")
    ended = run("export", "--format", "nt", "-o", str(file), before=_small_files)
    assert ended.code == 6
    assert ended.err.startswith(f"error[S605]: {file}: ")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("graph.nt", "old")]


def test_a_refused_question_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "answer.txt"
    file.write_text("old")
    assert run("ask", "suites with pge sharing", "-o", str(file)).code == 3
    assert file.read_text() == "old"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(fifo.read_bytes()), daemon=True)
    reader.start()
    assert run("ask", LIST, "-o", str(fifo)).code == 0
    reader.join(10)
    assert stat.S_ISFIFO(fifo.stat().st_mode)
    assert read == [run("ask", LIST).raw]


@pytest.mark.parametrize("arguments", [["export"], ["ask", LIST], ["query"], ["sparql", "SELECT * { ?s ?p ?o }"]])
def test_a_closed_pipe_is_no_error(arguments: list[str]) -> None:
    process = start(*arguments)
    assert process.stdout and process.stderr and process.stdin
    process.stdout.close()  # nobody reads, as after `| head -0`
    assert (process.stderr.read(), process.wait(60)) == (b"", 0)
    process.stderr.close()
    process.stdin.close()


def test_head_gets_its_line_and_no_traceback() -> None:
    process = start("export", "--format", "nt")
    assert process.stdout and process.stderr and process.stdin
    assert process.stdout.readline().startswith(b"<")
    process.stdout.close()
    assert (process.stderr.read(), process.wait(60)) == (b"", 0)
    process.stderr.close()
    process.stdin.close()


def test_closed_standard_output_is_an_error_of_the_surroundings(tmp_path: Path) -> None:
    def close() -> None:
        os.close(1)

    ended = run("ask", LIST, before=close)
    assert (ended.code, ended.err.splitlines()[0]) == (6, "error[S604]: standard output is closed")
    file = tmp_path / "answer.txt"
    assert run("ask", LIST, "-o", str(file), before=close).code == 0
    assert file.read_bytes() == run("ask", LIST).raw


def test_with_closed_standard_error_no_error_lands_in_the_output() -> None:
    assert run("ask", "suites with pge sharing", before=lambda: os.close(2)) == Ended(3, b"", "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["ask", LIST], ["--version"], ["export"]])
def test_a_full_device_is_an_error_of_the_surroundings(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        process = start(*arguments, stdout=full.fileno())
        _, err = process.communicate(timeout=60)
    assert process.returncode == 6
    assert re.match(rb"error\[S604\]: \S", err)
    assert b"Traceback" not in err


# terminals


def on_terminal(*arguments: str, **changes: str) -> tuple[int, str]:
    """Run the command with a terminal as its output; return its code and what the terminal gets."""
    ours, its = pty.openpty()
    process = start(*arguments, stdout=its, env={"TERM": "xterm-256color", **changes})
    os.close(its)
    parts = []
    while select.select([ours], [], [], 60)[0]:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(ours)
    _, err = process.communicate(timeout=60)
    assert err == b""
    return process.returncode, b"".join(parts).decode()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


COLOUR = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]")


@pytest.mark.parametrize("options", [[], ["--format", "table"]])
def test_a_terminal_gets_colour_and_the_content_of_plain_text(options: list[str], labels: list[str]) -> None:
    code, shown = on_terminal("ask", LIST, *options)
    assert code == 0
    assert COLOUR.search(shown)
    words = plain(shown).split()
    assert words == run("ask", LIST).out.split()


def test_no_color_is_honoured() -> None:
    _, shown = on_terminal("ask", LIST, NO_COLOR="1")
    assert COLOUR.search(shown) is None
    assert plain(shown).split() == run("ask", LIST).out.split()


def test_a_dumb_terminal_gets_no_escapes() -> None:
    _, shown = on_terminal("ask", LIST, TERM="dumb")
    assert "\x1b" not in shown


def test_a_proof_is_drawn_on_a_terminal() -> None:
    _, shown = on_terminal("why", "XenServer 6 runs PV")
    assert "└─" in shown
    assert "└─" not in run("why", "XenServer 6 runs PV").out


def test_a_terminal_that_knows_only_ascii_gets_escapes_for_the_rest() -> None:
    code, shown = on_terminal("ask", LIST, PYTHONIOENCODING="ascii")
    assert code == 0
    assert "unknown\\u201d to list them" in " ".join(plain(shown).split())


@pytest.mark.parametrize("arguments", [["ask", LIST, "--format", "json"], ["sparql", "ASK {}"], ["query"]])
def test_other_formats_are_the_same_on_a_terminal(arguments: list[str]) -> None:
    _, shown = on_terminal(*arguments)
    assert shown.replace("\r\n", "\n") == run(*arguments).out


# signals


def _children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in found.stdout.split()]


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["to the command", "to its group, as Ctrl-C does"])
def test_an_interrupt_ends_a_long_query_and_its_worker(send: Callable[[int, int], None]) -> None:
    process = start("sparql", LONG_QUERY, "--timeout", "300", own_group=True)
    deadline = time.monotonic() + 20
    while not (workers := _children(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    assert workers and process.poll() is None
    sent = time.monotonic()
    send(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert time.monotonic() - sent < 2
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert not any(_runs(worker) for worker in workers)


def test_an_interrupt_while_the_graph_is_built_leaves_nothing_behind(tmp_path: Path) -> None:
    process = start("ask", LIST, env={"VIRTKG_CACHE": str(tmp_path / "cache")}, own_group=True)
    time.sleep(0.4)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert not (tmp_path / "cache").exists() or not list((tmp_path / "cache").iterdir())


# sparql, query, export, vocabulary, completion

ROWS = "SELECT ?s ?l { ?s a vkg:Vendor ; rdfs:label ?l } ORDER BY ?l LIMIT 2"


def test_sparql_reads_a_query_from_an_argument_a_file_and_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "query.rq"
    file.write_text(ROWS)
    ended = [run("sparql", ROWS), run("sparql", "-f", str(file)), run("sparql", "-f", "-", stdin=ROWS.encode())]
    assert ended[0].code == 0
    assert ended[0] == ended[1] == ended[2]
    assert len(ended[0].out.splitlines()) == 3


@pytest.mark.parametrize(
    ("format", "read"),
    [
        ("json", lambda text: len(json.loads(text)["results"]["bindings"])),
        ("csv", lambda text: len(list(csv.DictReader(io.StringIO(text))))),
        ("tsv", lambda text: len(text.splitlines()) - 1),
        ("xml", lambda text: text.count("<result>")),
        ("md", lambda text: len(text.splitlines()) - 2),
        ("table", lambda text: len(text.splitlines()) - 1),
    ],
)
def test_sparql_rows_in_every_format(format: str, read: Callable[[str], int]) -> None:
    assert read(run("sparql", ROWS, "--format", format).out) == 2


@pytest.mark.parametrize("format", ["table", "turtle", "trig", "nt", "nq", "jsonld", "rdfxml"])
def test_sparql_graphs_in_every_format(format: str) -> None:
    text = run("sparql", "CONSTRUCT { ?s a vkg:Mode } { ?s a vkg:Mode }", "--format", format).raw
    triples = {(quad.subject, quad.object) for quad in parse(text, format=RDF[format])}
    assert len(triples) == int(run("sparql", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a vkg:Mode }").out.split()[1])


RDF = {
    "table": RdfFormat.TURTLE, "turtle": RdfFormat.TURTLE, "trig": RdfFormat.TRIG, "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS, "jsonld": RdfFormat.JSON_LD, "rdfxml": RdfFormat.RDF_XML,
}  # fmt: skip


def test_sparql_counts_each_fact_once() -> None:
    every = run("sparql", "SELECT (COUNT(?s) AS ?n) { ?s a vkg:Mode }").out.split()[1]
    different = run("sparql", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a vkg:Mode }").out.split()[1]
    assert every == different


def test_sparql_has_the_prefixes_of_virtkg_unless_the_query_has_its_own() -> None:
    assert run("sparql", "#PREFIX id: <urn:>\nASK { id:xen ?p ?o }").out == "yes\n"
    assert run("sparql", "PREFIX id: <urn:x:> ASK { id:xen ?p ?o }").out == "no\n"
    assert run("sparql", 'ASK { FILTER(STRLEN("id: vkg:") = 8) }').out == "yes\n"


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * { ?s a vkg:Mode . ?s nope:x id:pv }", 1, 31),
        ("SELECT *\n{ ?s a vkg:Mode .\n  ?s ?? id:pv }", 3, 6),
        ("SELEC * { ?s a vkg:Mode }", 1, 1),
    ],
)
def test_an_error_in_a_query_is_placed_in_what_the_user_wrote(query: str, line: int, column: int) -> None:
    err = run("sparql", query).err
    assert f"(line {line}, column {column})" in err.splitlines()[0]
    assert err.splitlines()[1] == "  " + query.splitlines()[line - 1]
    assert err.splitlines()[2].index("^") == 2 + column - 1


def test_query_lists_names_with_their_parameters() -> None:
    listed = run("query").out.splitlines()
    assert any(re.match(r"sources: \S", line) for line in listed)
    assert any(re.match(r"    --line  \S.*\(default: ", line) for line in listed)


def test_a_parameter_may_be_written_in_two_ways() -> None:
    assert run("query", "history", "--line", "Xen") == run("query", "history", "--line=id:xen")
    assert run("query", "history", "--line", "Xen").code == 0


@pytest.mark.parametrize("part", ["asserted", "inferred", "all"])
def test_export_writes_the_part_that_is_asked_for(part: str, kg: KnowledgeGraph) -> None:
    ended = run("export", "--graph", part, "--format", "nq")
    assert ended.raw == kg.export("nq", part)
    assert ended.raw


def test_vocabulary_can_be_narrowed() -> None:
    every, some = run("vocabulary").out.splitlines(), run("vocabulary", "page sharing").out.splitlines()
    assert 1 < len(some) < len(every) / 10
    assert all("page" in line or "merging" in line for line in some[1:])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str) -> None:
    script = run("completion", shell)
    assert script.code == 0
    assert f"_VIRTKG_COMPLETE={shell}_complete" in script.out


def test_completion_completes_commands_and_options() -> None:
    words = {"_VIRTKG_COMPLETE": "bash_complete", "COMP_CWORD": "1"}
    assert "plain,compare" in run(env={**words, "COMP_WORDS": "virtkg comp"}).out.splitlines()
    words["COMP_CWORD"] = "2"
    assert "plain,--certain" in run(env={**words, "COMP_WORDS": "virtkg ask --cer"}).out.splitlines()

"""What starting costs: which modules a command imports, and that a question touches only what it names."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pytest
from command import environment, run

import virtkg
from virtkg.answer import Answer
from virtkg.graph import KnowledgeGraph, load
from virtkg.snapshot.reader import Snapshot

LIST = "suites with page sharing"

HEAVY = (
    "lark",
    "rdflib",
    "owlrl",
    "numpy",
    "rich",
    "rapidfuzz",
    "pyparsing",
    "asyncio",
    "multiprocessing",
    "json",
    "csv",
    "html",
    "pyshacl",
    "http",
    "ssl",
)
BUILDING = (
    "virtkg.language.grammar",
    "virtkg.build",
    "virtkg.reason",
    "virtkg.rules",
    "virtkg.rdf",
    "virtkg.sparql",
    "virtkg.snapshot.writer",
)
LATER = (
    "virtkg.proof",
    "virtkg.profile",
    "virtkg.coverage",
    "virtkg.finding",
    "virtkg.validate",
    "virtkg.language.repair",
    "virtkg.present.console",
    "virtkg.present.document",
    "virtkg.present.provenance",
    "virtkg.whynot",
    "virtkg.remote",
    "virtkg.remote_facts",
    "virtkg.why_empty",
    "virtkg.language.leaving_out",
)


def imported(*arguments: str, env: dict[str, str | None] | None = None) -> set[str]:
    """Return the modules that a command imports (`-X importtime` lists each when it is imported)."""
    return _listed(["-P", "-m", "virtkg", *arguments], env)


def _listed(arguments: list[str], env: dict[str, str | None] | None = None) -> set[str]:
    command = [sys.executable, "-X", "importtime", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, env=environment(env), check=True)
    lines = [line for line in ended.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines[1:]}


def within(modules: set[str], names: tuple[str, ...]) -> set[str]:
    return {module for module in modules if any(module == name or module.startswith(name + ".") for name in names)}


@pytest.fixture(scope="module")
def warm() -> set[str]:
    assert run("ask", LIST).code == 0
    return imported("ask", LIST)


def test_a_warm_question_imports_nothing_heavy(warm: set[str]) -> None:
    assert {"click", "pyoxigraph", "virtkg.ask", "virtkg.snapshot.reader"} <= warm
    assert within(warm, HEAVY) == set()
    assert within(warm, BUILDING) == set()
    assert within(warm, LATER) == set()


def test_each_of_these_is_imported_when_it_is_needed(tmp_path: Path) -> None:
    cold = imported("ask", LIST, env={"VIRTKG_CACHE": str(tmp_path)})
    query = imported("sparql", "ASK {}")
    told = imported("ask", LIST, "--format", "json") | imported("ask", LIST, "--why") | imported("show", "Xen")
    spread = imported("ask", LIST, "--format", "csv") | imported("ask", LIST, "--format", "html")
    found = cold | query | told | spread
    assert {name for name in BUILDING if not within(found, (name,))} == set()
    assert {"virtkg.proof", "virtkg.profile", "virtkg.present.document"} <= found
    assert {"json", "csv", "html"} <= found
    assert "lark" in cold
    assert within(cold, ("rdflib", "owlrl", "numpy", "rich")) == set()


def test_the_version_and_the_help_need_neither_grammar_nor_engine() -> None:
    for arguments in (["--version"], ["--help"]):
        found = imported(*arguments)
        assert "click" in found
        assert within(found, ("pyoxigraph", *HEAVY)) <= {"json"}


def test_importing_virtkg_imports_none_of_its_modules() -> None:
    found = within(_listed(["-c", "import virtkg"]), ("virtkg",))
    assert found == {"virtkg"}
    assert "virtkg.snapshot.reader" in _listed(["-c", "import virtkg; virtkg.load"])


def test_every_public_name_is_there() -> None:
    assert len(virtkg.__all__) > 10
    for name in virtkg.__all__:
        assert getattr(virtkg, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        virtkg.nothing  # noqa: B018


def test_a_second_question_reads_the_snapshot_and_leaves_it_alone(tmp_path: Path) -> None:
    env: dict[str, str | None] = {"VIRTKG_CACHE": str(tmp_path)}
    first = run("ask", LIST, env=env)
    (file,) = tmp_path.iterdir()
    before = file.stat().st_ino, file.stat().st_mtime_ns, file.read_bytes()
    assert within(imported("ask", LIST, env=env), BUILDING) == set()
    assert run("ask", LIST, env=env) == first
    assert (file.stat().st_ino, file.stat().st_mtime_ns, file.read_bytes()) == before
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


# What a question costs


def loaded(graph: KnowledgeGraph, question: str) -> tuple[Answer, list[int]]:
    """Return the answer to a question and how many facts each query engine was given for it."""
    real = pyoxigraph.Store
    counts: list[int] = []

    class Counting:
        def __init__(self) -> None:
            self.store = real()
            counts.append(0)

        def extend(self, quads: Iterable[pyoxigraph.Quad]) -> None:
            every = list(quads)
            counts[-1] += len(every)
            self.store.extend(every)

        def query(self, text: str) -> object:
            return self.store.query(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pyoxigraph, "Store", Counting)
        answer = graph.ask(question)
    return answer, counts


def test_facts_that_a_question_does_not_name_cost_it_nothing(kg: KnowledgeGraph, tmp_path: Path) -> None:
    alone, counts = loaded(kg, LIST)
    assert counts and all(0 < count < len(kg) / 5 for count in counts)
    file = tmp_path / "many.nt"
    file.write_text("".join(f'<urn:thing:{n}> <urn:property> "{n}" .\n' for n in range(20_000)))
    larger = load([str(file)])
    assert len(larger) == len(kg) + 20_000
    assert loaded(larger, LIST) == (alone, counts)


def test_facts_that_a_question_names_are_loaded(kg: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "suite.ttl"
    file.write_text(
        "@prefix vkg: <https://w3id.org/virtkg/ns#> . @prefix id: <https://w3id.org/virtkg/id/> .\n"
        "id:new a vkg:Suite ; vkg:supports id:page-sharing ."
    )
    assert sum(loaded(load([str(file)]), LIST)[1]) > sum(loaded(kg, LIST)[1])


@pytest.mark.parametrize("question", [LIST, "does XenServer 6 support page sharing", "modes", "vendors of suites"])
def test_no_question_loads_the_whole_graph(question: str, kg: KnowledgeGraph) -> None:
    _, counts = loaded(kg, question)
    assert counts and max(counts) < len(kg) / 5


def test_a_graph_with_many_facts_is_as_quick_to_ask(tmp_path: Path) -> None:
    """Not by the clock: the engine of a process is given no more, and nothing is parsed."""
    file = tmp_path / "many.nt"
    file.write_text("".join(f'<urn:thing:{n}> <urn:property> "{n}" .\n' for n in range(2_000)))
    env: dict[str, str | None] = {"VIRTKG_CACHE": str(tmp_path / "cache")}
    cold = imported("ask", LIST, "--data", str(file), "--quiet", env=env)
    warm = imported("ask", LIST, "--data", str(file), "--quiet", env=env)
    assert within(cold, BUILDING) and not within(warm, BUILDING)
    assert os.path.getsize(file) > 50_000


def looked_up(length: int, folder: Path) -> int:
    """Return how many derivations are looked up to list a line of so many releases, each with its sources."""
    file = folder / f"line-{length}.ttl"
    prefixes = "@prefix : <https://example.org/> . @prefix vkg: <https://w3id.org/virtkg/ns#> . "
    first = ":r0 vkg:introducesMode <https://w3id.org/virtkg/id/hvm> . "
    line = (f":r{n} a vkg:Hypervisor , vkg:Release . :r{n + 1} vkg:follows :r{n} . " for n in range(length))
    file.write_text(prefixes + first + "".join(line))
    graph = load([str(file)], cache=False)
    real, calls = Snapshot.derivation, 0

    def counted(self: Snapshot, fact: tuple[int, int, int]) -> object:
        nonlocal calls
        calls += 1
        return real(self, fact)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Snapshot, "derivation", counted)
        assert len(graph.ask("hypervisors that run HVM").rows) > length
    return calls


def test_what_is_passed_on_along_a_line_is_looked_up_once(tmp_path: Path) -> None:
    least, small, large = (looked_up(length, tmp_path) for length in (1, 20, 80))
    assert (large - least) / 79 < 1.1 * (small - least) / 19

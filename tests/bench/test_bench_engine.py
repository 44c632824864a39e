"""The engine beside its peers on LUBM: CPU and memory of cold processes, from text to closure.

Run with: pytest tests/bench --benchmark-only
Each round starts one process of each engine in turn, so that a busy machine
slows all alike; read the ratios of the medians. CPU is user and system time
of the whole process, all threads and the start of the interpreter included.

The data is looked for as in test_lubm.py. VIRTKG_BENCH_ROUNDS says how many
rounds (7); VIRTKG_BENCH_QUICK=1 leaves out the two peers that take a minute.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from shared import SHARED

FOLDER: Final = SHARED / "bench" / "lubm"
PROGRAM: Final = Path(__file__).with_name("peers.py")
ROUNDS: Final = int(os.environ.get("VIRTKG_BENCH_ROUNDS", "7"))

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the LUBM data is not here: {FOLDER}")
slow = pytest.mark.skipif(os.environ.get("VIRTKG_BENCH_QUICK") == "1", reason="VIRTKG_BENCH_QUICK is set")


@dataclass(frozen=True)
class Run:
    """What one process cost: CPU seconds in all and of its parts, peak memory in KiB, and its counts."""

    total: float
    parts: dict[str, float]
    peak: int
    counts: dict[str, int]


Runs = dict[str, list[Run]]
Show = Callable[[str], None]


@pytest.fixture(scope="module")
def lubm(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """The data of a size, unpacked; named as Turtle, since one peer goes by the name."""
    folder = tmp_path_factory.mktemp("lubm")

    def unpacked(size: int) -> Path:
        path = folder / f"lubm-{size}.ttl"
        if not path.exists():
            with gzip.open(FOLDER / f"lubm-{size}.nt.gz") as packed, path.open("wb") as file:
                shutil.copyfileobj(packed, file)
        return path

    return unpacked


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, lubm: Callable[[int], Path]) -> Callable[[str, int], Run]:
    # As an installed package is: compiled, but in a folder of its own.
    compiled = str(tmp_path_factory.mktemp("compiled"))
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def one(engine: str, size: int) -> Run:
        arguments = [sys.executable, str(PROGRAM), engine, str(lubm(size))]
        with subprocess.Popen(
            arguments, env=surroundings | {"PYTHONPYCACHEPREFIX": compiled}, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            said = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        found = json.loads(said)
        return Run(usage.ru_utime + usage.ru_stime, found.pop("parts"), found.pop("peak"), found)

    return one


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Show:
    def line(text: str) -> None:
        with capsys.disabled():
            print(text)

    return line


def middle(values: Iterable[float]) -> float:
    return statistics.median(values)


def spread(values: Iterable[float]) -> str:
    ordered = sorted(values)
    return f"{middle(ordered):6.2f} s ({ordered[0]:.2f} to {ordered[-1]:.2f})"


def needed(*engines: str) -> None:
    for engine in engines:
        pytest.importorskip(engine)


def measured(benchmark, run: Callable[[str, int], Run], engines: Iterable[str], size: int, rounds: int) -> Runs:
    runs: Runs = {engine: [] for engine in engines}

    def one_round() -> None:
        for engine, found in runs.items():
            found.append(run(engine, size))

    run("virtkg", 1)  # compiles what is imported
    benchmark.pedantic(one_round, rounds=rounds, iterations=1)
    return runs


def table(runs: Runs, show: Show) -> None:
    show("")
    for engine, found in runs.items():
        parts = ", ".join(f"{part} {middle(run.parts[part] for run in found):.3f}" for part in found[0].parts)
        memory = middle(run.peak for run in found) / 1024
        show(f"{engine:12} {spread(run.total for run in found):28} {memory:6.0f} MiB  {parts}  {found[0].counts}")


def total(runs: list[Run]) -> float:
    return middle(run.total for run in runs)


def part(runs: list[Run], *names: str) -> float:
    return middle(sum(run.parts[name] for name in names) for run in runs)


def compared(benchmark, show: Show, name: str, ratio: float, goal: float) -> None:
    show(f"{name}: {ratio:.4f} (goal: at most {goal:.4f}, {'reached' if ratio <= goal else 'MISSED'})")
    benchmark.extra_info[name] = ratio


@pytest.mark.benchmark(group="engine")
def test_lubm_10_beside_sparq(benchmark, run: Callable[[str, int], Run], show: Show) -> None:
    needed("sparq")
    runs = measured(benchmark, run, ["virtkg", "sparq", "pyoxigraph", "interpreter"], 10, ROUNDS)
    table(runs, show)
    ours, theirs = runs["virtkg"], runs["sparq"]
    assert ours[0].counts["given"] == theirs[0].counts["given"] == 1_272_868
    compared(benchmark, show, "CPU to sparq", total(ours) / total(theirs), 0.7)
    paired = middle(one.total / other.total for one, other in zip(ours, theirs, strict=True))
    compared(benchmark, show, "CPU to sparq, median of the rounds' ratios", paired, 0.7)
    # Our rules find contradictions as they run; sparq looks for them on request.
    whole, own = part(theirs, "reason", "contradictions"), part(ours, "reason")
    compared(benchmark, show, "reasoning to sparq", own / whole, 0.1)
    compared(benchmark, show, "reasoning to sparq's without contradictions", own / part(theirs, "reason"), 0.1)
    compared(benchmark, show, "grouping and reasoning to sparq", part(ours, "group", "reason") / whole, 0.1)
    compared(benchmark, show, "memory to sparq", middle(r.peak for r in ours) / middle(r.peak for r in theirs), 0.5)


@pytest.mark.benchmark(group="engine")
@slow
def test_lubm_10_beside_reasonable(benchmark, run: Callable[[str, int], Run], show: Show) -> None:
    needed("reasonable")
    runs = measured(benchmark, run, ["virtkg", "reasonable"], 10, 1)
    table(runs, show)
    compared(benchmark, show, "CPU to reasonable", total(runs["virtkg"]) / total(runs["reasonable"]), 0.1)


@pytest.mark.benchmark(group="engine")
@slow
def test_lubm_1_beside_owlrl(benchmark, run: Callable[[str, int], Run], show: Show) -> None:
    runs = measured(benchmark, run, ["virtkg", "owlrl"], 1, 1)
    # One process of ours is short, and the other takes its minute once.
    runs["virtkg"] += [run("virtkg", 1) for _ in range(ROUNDS - 1)]
    table(runs, show)
    ours, theirs = runs["virtkg"], runs["owlrl"]
    compared(benchmark, show, "CPU to owlrl", total(ours) / total(theirs), 1 / 200)
    after_start = part(ours, "parse", "group", "reason") / part(theirs, "parse", "reason")
    compared(benchmark, show, "CPU to owlrl after imports and rules", after_start, 1 / 200)
    compared(benchmark, show, "reasoning to owlrl", part(ours, "reason") / part(theirs, "reason"), 1 / 200)


@pytest.mark.benchmark(group="memory")
def test_memory_for_each_closed_triple(benchmark, run: Callable[[str, int], Run], show: Show) -> None:
    runs = measured(benchmark, run, ["interpreter", "virtkg"], 10, 3)
    bare = middle(found.peak for found in runs["interpreter"])
    peak = middle(found.peak for found in runs["virtkg"])
    closed = runs["virtkg"][0].counts["closed"]
    show(f"\npeak {peak / 1024:.1f} MiB, of which the interpreter {bare / 1024:.1f}; {closed} triples closed")
    compared(benchmark, show, "bytes for each closed triple", (peak - bare) * 1024 / closed, 130)


@pytest.mark.benchmark(group="growth")
def test_growth_from_lubm_1_to_lubm_10(benchmark, run: Callable[[str, int], Run], show: Show) -> None:
    runs: dict[int, list[Run]] = {1: [], 10: []}

    def one_round() -> None:
        for size, found in runs.items():
            found.append(run("virtkg", size))

    benchmark.pedantic(one_round, rounds=5, iterations=1)
    table({f"LUBM({size})": found for size, found in runs.items()}, show)
    small, large = runs[1][0].counts, runs[10][0].counts
    rows = (large["rows"] / large["closed"]) / (small["rows"] / small["closed"])
    compared(benchmark, show, "rows joined for each closed triple, LUBM(10) to LUBM(1)", rows, 1.1)
    after_start = ("parse", "group", "reason")
    time = (part(runs[10], *after_start) / large["closed"]) / (part(runs[1], *after_start) / small["closed"])
    show(f"CPU for each closed triple after imports and rules, LUBM(10) to LUBM(1): {time:.2f}")
    benchmark.extra_info["CPU for each closed triple"] = time


@pytest.mark.benchmark(group="changes")
def test_changes_and_explanations_on_lubm_10(benchmark, run: Callable[[str, int], Run], show: Show) -> None:
    runs = measured(benchmark, run, ["changes"], 10, 3)["changes"]
    show("")
    for name, goal in (("remove", 10), ("add", 10), ("explain", 1)):
        compared(benchmark, show, f"{name}, median milliseconds", part(runs, name) * 1000, goal)

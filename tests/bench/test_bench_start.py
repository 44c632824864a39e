"""How long a whole `virtkg` process takes, beside a bare interpreter in the same run.

Run with: pytest tests/bench --benchmark-only
Each round starts one process of each kind in turn, so that a busy machine
slows all alike; read the ratios of the medians.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROUNDS = 25

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import click, pyoxigraph": ["-c", "import click, pyoxigraph"],
    "virtkg --version": ["-m", "virtkg", "--version"],
    "virtkg ask, warm": ["-m", "virtkg", "ask", "suites with page sharing"],
}


def run(arguments: list[str], cache: Path) -> float:
    """Run one process and return its wall time in seconds."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        env=kept | {"VIRTKG_CACHE": str(cache)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


@pytest.mark.benchmark(group="start")
def test_start_beside_a_bare_interpreter(benchmark, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(COMMANDS["virtkg ask, warm"], tmp_path)
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}

    def one_round() -> None:
        for name, arguments in COMMANDS.items():
            times[name].append(run(arguments, tmp_path))

    benchmark.pedantic(one_round, rounds=ROUNDS, iterations=1)
    medians = {name: statistics.median(found) for name, found in times.items()}
    bare = medians["python -c pass"]
    with capsys.disabled():
        print()
        for name, median in medians.items():
            print(f"{name:32} {median * 1000:7.1f} ms {median / bare:6.2f} x")
    benchmark.extra_info |= {name: median / bare for name, median in medians.items()}


@pytest.mark.benchmark(group="first run")
def test_first_run_without_a_snapshot(benchmark, tmp_path: Path) -> None:
    rounds = iter(range(1000))
    benchmark.pedantic(lambda: run(COMMANDS["virtkg ask, warm"], tmp_path / str(next(rounds))), rounds=5, iterations=1)


@pytest.mark.benchmark(group="memory")
def test_peak_memory_of_a_warm_ask(benchmark, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(COMMANDS["virtkg ask, warm"], tmp_path)
    # The command leaves by os._exit, so a process around it has to ask.
    measure = (
        "import resource, subprocess, sys\n"
        "subprocess.run([sys.executable, '-m', 'virtkg', 'ask', 'suites with page sharing'], check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)"
    )

    def peak() -> int:
        done = subprocess.run(
            [sys.executable, "-c", measure],
            env=os.environ | {"VIRTKG_CACHE": str(tmp_path)},
            check=True,
            capture_output=True,
            text=True,
        )
        return int(done.stderr.split()[-1])

    kilobytes = benchmark.pedantic(peak, rounds=5, iterations=1)
    with capsys.disabled():
        print(f"\npeak memory of a warm ask: {kilobytes / 1024:.1f} MiB")
    benchmark.extra_info["peak KiB"] = kilobytes

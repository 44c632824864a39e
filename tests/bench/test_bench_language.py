"""How long it takes to understand a question, with the packaged words and with 20,000 labels more.

Run with: pytest tests/bench --benchmark-only (add -n 0 where pytest-xdist is installed)
The questions are those of tests/questions.txt, each read in a process that has read
those before it. CPU time, since the machine may be busy.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest

import virtkg
from virtkg.graph import KnowledgeGraph
from virtkg.inputs import Inputs, key
from virtkg.language.vocabulary import Vocabulary
from virtkg.language.words import split
from virtkg.snapshot.cache import cache_folder, open_or_build

LABELS: Final = 20_000
ROUNDS: Final = 5
OPENINGS: Final = 15
HEAD: Final = """@prefix id: <https://w3id.org/virtkg/id/> . @prefix vkg: <https://w3id.org/virtkg/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
LINES: Final = (Path(__file__).parents[1] / "questions.txt").read_text().splitlines()
CORPUS: Final = [line for line in LINES if not line.startswith("#")]


@pytest.fixture(scope="module")
def more_words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of features whose labels begin and end as those of the packaged graph do."""
    path = tmp_path_factory.mktemp("words") / "words.ttl"
    ends = ("sharing", "migration", "protection", "memory", "disk", "network", "guest tools", "scheduling")
    starts = ("page", "live", "nested", "virtual", "encrypted")
    lines = [
        f'id:made-{n} a vkg:Feature ; rdfs:label "{starts[n % len(starts)]} {n:x} {ends[n % len(ends)]}"@en .\n'
        for n in range(LABELS)
    ]
    path.write_text(HEAD + "".join(lines))
    return path


def times_of(kg: KnowledgeGraph) -> tuple[list[float], list[float]]:
    """Return the CPU time to understand each question at first and again (a median), in seconds, in order."""
    first, again = [], []
    for question in CORPUS:
        rounds = []
        for _ in range(ROUNDS):
            start = time.thread_time()
            kg.asker.reader.meanings(question)
            rounds.append(time.thread_time() - start)
        first.append(rounds[0])
        again.append(statistics.median(rounds[1:]))
    return sorted(first), sorted(again)


def show(capsys: pytest.CaptureFixture[str], benchmark, name: str, milliseconds: float) -> None:
    benchmark.extra_info[name] = milliseconds
    with capsys.disabled():
        print(f"\n{name}: {milliseconds:.2f} ms")


@pytest.mark.parametrize("labels", ["packaged", "20,000 more"])
@pytest.mark.benchmark(group="understand")
def test_understanding_a_question(benchmark, labels: str, more_words: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kg = virtkg.load([str(more_words)] if labels != "packaged" else [])
    timed = benchmark.pedantic(times_of, args=(kg,), rounds=1, iterations=1)
    for when, found in zip(("at first", "again"), timed, strict=True):
        for part in (50, 95):
            said = f"{labels}, {len(found)} questions, {when}, p{part}"
            show(capsys, benchmark, said, found[len(found) * part // 100] * 1000)


@pytest.mark.benchmark(group="open")
def test_opening_a_large_lexicon(benchmark, more_words: Path, capsys: pytest.CaptureFixture[str]) -> None:
    virtkg.load([str(more_words)])
    name = key(Inputs((str(more_words),)))

    def opened() -> bool:
        snapshot = open_or_build(name, lambda: pytest.fail("it is in the cache"), folder=cache_folder())
        return bool(Vocabulary(snapshot).senses(split("page sharing")))

    assert benchmark.pedantic(opened, rounds=OPENINGS, iterations=1)
    show(capsys, benchmark, "lexicon opened and one word found", benchmark.stats.stats.median * 1000)


@pytest.mark.benchmark(group="memory")
def test_peak_memory_with_a_large_lexicon(benchmark, more_words: Path, capsys: pytest.CaptureFixture[str]) -> None:
    virtkg.load([str(more_words)])
    measure = (
        "import resource, subprocess, sys\n"
        "subprocess.run([sys.executable, '-m', 'virtkg', 'ask', 'suites with page sharing', '--data', sys.argv[1]], "
        "check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)"
    )

    def peak() -> int:
        command = [sys.executable, "-c", measure, str(more_words)]
        done = subprocess.run(command, env=os.environ, check=True, capture_output=True, text=True)
        return int(done.stderr.split()[-1])

    kilobytes = benchmark.pedantic(peak, rounds=3, iterations=1)
    benchmark.extra_info["peak KiB"] = kilobytes
    with capsys.disabled():
        print(f"\npeak memory of a warm ask: {kilobytes / 1024:.1f} MiB")

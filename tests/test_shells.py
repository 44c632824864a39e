"""Completion as shells do it: what the functions of the scripts offer, and what bash makes of a line."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import environment, run
from test_start import HEAVY, _listed, within


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with `virtkg` in it, as a shell finds it."""
    folder = tmp_path_factory.mktemp("bin")
    command = folder / "virtkg"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m virtkg "$@"\n')
    command.chmod(0o755)
    assert run("ask", "modes").code == 0  # the snapshot is there
    return str(folder)


def surroundings(programs: str) -> dict[str, str]:
    return environment({"PATH": programs + os.pathsep + os.environ["PATH"], "TERM": "dumb"})


def in_shell(shell: str, script: str, programs: str) -> list[str]:
    command = {"bash": ["bash", "--norc", "-c"], "fish": ["fish", "--no-config", "-c"]}[shell]
    ended = subprocess.run(
        [*command, script], capture_output=True, text=True, env=surroundings(programs), timeout=60, check=True
    )
    assert ended.stderr == ""
    return ended.stdout.splitlines()


def bash(programs: str, *words: str) -> list[str]:
    """Return what the function offers for the last of some words, as they stand in the line."""
    listed = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    script = f"""
        eval "$(virtkg completion bash)"
        COMP_WORDS=({listed}) COMP_CWORD={len(words) - 1}
        _virtkg_completion virtkg "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD-1]}}"
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    return in_shell("bash", script, programs)


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_completes_a_question_in_quotes_and_without(programs: str) -> None:
    quoted = bash(programs, "virtkg", "ask", '"suites with pag')
    # What can follow is offered too, or bash would close the quotes after the only one.
    assert quoted[0] == "suites with page sharing"
    assert "suites with page sharing and" in quoted
    assert bash(programs, "virtkg", "ask", "'suites with pag") == quoted
    assert bash(programs, "virtkg", "ask", "suites", "with", "pag")[0] == r"page\ sharing"
    assert bash(programs, "virtkg", "ask", "suites", "with", "page", "sh")[0] == "sharing"
    assert bash(programs, "virtkg", "ask", "--why", '"suites with pag')[0] == "suites with page sharing"
    assert bash(programs, "virtkg", "ask", '"suites with foobar ') == [""]
    assert bash(programs, "virtkg", "ask", '"suites"', "--cer") == ["--certain"]


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_what_is_typed_is_not_taken_back(programs: str) -> None:
    """Bash puts what all values begin with in the place of the word: “Xen” and “xl” would leave nothing of “x”."""
    many = bash(programs, "virtkg", "show", "x")
    assert len(many) > 10
    assert all(value.startswith("x") for value in many)
    assert bash(programs, "virtkg", "show", "XENSOURC") == ["XenSource"]


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize("command", ["show", "history", "compare", "why"])
def test_bash_completes_labels(command: str, programs: str) -> None:
    earlier = ["Xen"] if command == "compare" else []
    assert r"XenServer\ 6" in bash(programs, "virtkg", command, *earlier, r"XenServer\ ")
    assert "XenServer 6" in bash(programs, "virtkg", command, *earlier, '"XenServer ')


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_special_characters_are_quoted(programs: str, tmp_path: Path) -> None:
    file = tmp_path / "odd.ttl"
    file.write_text(
        "@prefix vkg: <https://w3id.org/virtkg/ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<https://example.org/odd> a vkg:Suite ; rdfs:label "Zzyzx (a $HOME * `x`, it\'s)"@en .'
    )
    line = ("virtkg", "show", "--data", str(file))
    (plain,) = bash(programs, *line, "Zzy")
    (double,) = bash(programs, *line, '"Zzy')
    (single,) = bash(programs, *line, "'Zzy")
    script = f"printf '%s\\n' {plain} \"{double}\" '{single}'"
    assert in_shell("bash", script, programs) == ["Zzyzx (a $HOME * `x`, it's)"] * 3


@pytest.mark.skipif(not shutil.which("fish"), reason="needs fish")
def test_fish_completes(programs: str) -> None:
    script = "virtkg completion fish | source; complete -C 'virtkg ask \"suites with pag'"
    found = in_shell("fish", script, programs)
    assert "suites with page sharing\tovercommit mechanism" in found
    assert any(line.startswith("suites with page sharing ,") for line in found)


def test_a_line_for_zsh_has_the_kind() -> None:
    env = {"_VIRTKG_COMPLETE": "zsh_complete", "COMP_WORDS": 'virtkg ask "suites with pag', "COMP_CWORD": "2"}
    assert run(env=env).out.splitlines()[:3] == ["plain", "suites with page sharing", "overcommit mechanism"]


def test_a_file_that_is_not_there_completes_nothing() -> None:
    env = {"_VIRTKG_COMPLETE": "zsh_complete", "COMP_WORDS": "virtkg ask --data nowhere suit", "COMP_CWORD": "4"}
    ended = run(env=env)
    assert (ended.out.strip(), ended.err) == ("", "")


def test_completing_imports_nothing_heavy(programs: str) -> None:
    env = {"_VIRTKG_COMPLETE": "bash_complete", "COMP_WORDS": 'virtkg\nask\n"suites with pag', "COMP_CWORD": "2"}
    found = _listed(["-P", "-m", "virtkg"], env)
    assert "virtkg.language.complete" in found
    assert within(found, (*HEAVY, "prompt_toolkit", "virtkg.build", "virtkg.language.repair")) == set()


# a line in bash


def typed(keys: str, wanted: str, programs: str) -> str:
    """Type into an interactive bash, and return the line once it has a text."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], surroundings(programs))
    shown = ""

    def read(until: str) -> None:
        nonlocal shown
        deadline = time.monotonic() + 30
        while until not in shown and time.monotonic() < deadline:
            if select.select([terminal], [], [], 0.2)[0]:
                shown += os.read(terminal, 65536).decode(errors="replace").replace("\a", "")

    try:
        os.write(
            terminal, b"PS1='rea''dy> '; bind 'set enable-bracketed-paste off'; eval \"$(virtkg completion bash)\"\n"
        )
        read("ready> ")
        shown = ""
        os.write(terminal, keys.encode())
        read(wanted)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)
    return shown


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_the_quotes_stay_open_until_a_question_cannot_go_on(programs: str) -> None:
    assert typed('virtkg ask "suites with pag\t', "page sharing", programs) == 'virtkg ask "suites with page sharing'
    assert typed("virtkg show 'page sha\t", "sharing", programs).startswith("virtkg show 'page sharing")

"""`virtkg ask` without a question: a prompt on a terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command import environment, run
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from virtkg.cli.prompt import _Words, converse
from virtkg.diagnostics import AmbiguousQuestion, QuestionError
from virtkg.graph import KnowledgeGraph

TWINS = """
@prefix vkg: <https://w3id.org/virtkg/ns#> .
@prefix id: <https://w3id.org/virtkg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
id:twin-1 a vkg:Suite ; rdfs:label "Twin"@en ; vkg:supports id:page-sharing .
id:twin-2 a vkg:Suite ; rdfs:label "Twin"@en ; vkg:lacks id:page-sharing .
"""


PROMPT = "ask> a question"


class Terminal:
    """The command with a terminal as its input and output."""

    def __init__(self, *arguments: str, **changes: str | None) -> None:
        self._ours, its = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, *([] if "PYTHONPATH" in changes else ["-P"]), "-m", "virtkg", *arguments],
            stdin=its,
            stdout=its,
            stderr=its,
            env=environment({"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", **changes}),
            start_new_session=True,
        )
        os.close(its)
        self.shown = ""

    def type(self, keys: str) -> None:
        self.shown = ""
        os.write(self._ours, keys.encode())

    def wait(self, text: str, then: str = "") -> str:
        """Read until the terminal shows a text, and another after it; return what it shows."""
        deadline = time.monotonic() + 60
        while then not in self.shown.partition(text)[2] or text not in self.shown:
            if time.monotonic() > deadline:
                break
            if select.select([self._ours], [], [], 0.2)[0]:
                try:
                    part = os.read(self._ours, 65536).decode(errors="replace")
                except OSError:  # Linux says so when the other end is closed
                    break
                self.shown += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", part)
        assert text in self.shown and then in self.shown.partition(text)[2], self.shown
        return self.shown

    def ended(self) -> int:
        return self.process.wait(timeout=60)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.fixture
def on_terminal() -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(*arguments: str, **changes: str | None) -> Terminal:
        opened.append(Terminal("ask", *arguments, **changes))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


# on a terminal


def test_questions_are_answered_until_the_end_of_input(on_terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    terminal = on_terminal(VIRTKG_CACHE=str(tmp_path))
    terminal.wait(PROMPT)
    terminal.type("does XenServer 6 run PV\r")
    assert "yes (inferred)" in terminal.wait("[1] cmu", PROMPT)
    terminal.type("suites with page-shairng\r")
    shown = terminal.wait("suites with page sharing", PROMPT)
    assert "error[E201]: I do not know “page-shairng”" in shown
    terminal.type("\x04")
    assert terminal.ended() == 0
    file = tmp_path / "questions"
    assert re.findall(r"^\+(.*)", file.read_text(), re.MULTILINE) == [
        "does XenServer 6 run PV",
        "suites with page-shairng",
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = on_terminal(VIRTKG_CACHE=str(tmp_path))
    again.wait(PROMPT)
    again.type("\x1b[A\x1b[A")  # twice up
    again.wait("does XenServer 6 run PV")


def test_tab_completes_and_shows_kinds(on_terminal: Callable[..., Terminal]) -> None:
    terminal = on_terminal("--no-cache")
    terminal.wait(PROMPT)
    terminal.type("suites with ba\t")
    shown = terminal.wait("ballooning")
    assert "overcommit mechanism" in shown
    terminal.type("\x03")  # Ctrl-C gives up a line
    terminal.wait(PROMPT)
    terminal.type("\x04")
    assert terminal.ended() == 0


def test_a_meaning_is_chosen_by_its_number(on_terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    file = tmp_path / "twins.ttl"
    file.write_text(TWINS)
    terminal = on_terminal("--data", str(file))
    terminal.wait(PROMPT)
    verdicts = []
    for number in "12":
        terminal.type("does Twin support page sharing\r")
        shown = terminal.wait("which one?")
        assert "1. does Twin" in shown and "2. does Twin" in shown
        terminal.type(f"{number}\r")
        shown = terminal.wait("[1] ", PROMPT)
        verdicts.append("Yes." in shown)
    assert sorted(verdicts) == [False, True]
    terminal.type("does Twin support page sharing\r")
    terminal.wait("which one?")
    terminal.type("seven\r")
    terminal.wait("there is no reading")


def test_without_the_extra_a_terminal_is_told_what_to_install(
    on_terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    missing = tmp_path / "prompt_toolkit"
    missing.mkdir()
    (missing / "__init__.py").write_text("raise ModuleNotFoundError(name='prompt_toolkit')")
    terminal = on_terminal(PYTHONPATH=f"{tmp_path}{os.pathsep}{environment()['PYTHONPATH']}")
    shown = terminal.wait("QUESTION\r\n")
    assert shown.startswith("error[S606]: ")
    assert "pip install 'virtkg[prompt]'" in shown
    assert terminal.ended() == 6


@pytest.mark.parametrize("options", [["--reading", "1"], ["-o", "answer.txt"]])
def test_options_of_one_question_need_one(options: list[str], on_terminal: Callable[..., Terminal]) -> None:
    terminal = on_terminal(*options)
    terminal.wait("give a QUESTION")
    assert terminal.ended() == 2


def test_what_is_no_terminal_gets_no_prompt() -> None:
    ended = run("ask", stdin=b"suites with page sharing\n")
    assert (ended.code, ended.raw) == (2, b"")
    assert "Missing argument 'QUESTION...'" in ended.err


# its parts


def conversed(keys: str, answer: Callable[[str, int | None], object], *, keep: bool = False) -> None:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        pipe.send_text(keys)
        converse(answer, lambda text, cursor: [], keep=keep)


def test_empty_lines_ask_nothing() -> None:
    asked: list[tuple[str, int | None]] = []
    conversed("\r  \rmodes\r\x04", lambda text, reading: asked.append((text, reading)))
    assert asked == [("modes", None)]


def test_enter_chooses_no_meaning_and_what_is_no_number_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[tuple[str, int | None]] = []

    def answer(text: str, reading: int | None) -> None:
        asked.append((text, reading))
        if reading is None:
            raise AmbiguousQuestion("E301", "the question has 2 meanings", suggestions=("one", "two"))
        if reading == 0:
            raise QuestionError("E301", "there is no reading 0")

    conversed("a\r\rb\r2\rc\rsecond\rd\r\x04\x04", answer)
    assert asked == [("a", None), ("b", None), ("b", 2), ("c", None), ("c", 0), ("d", None)]
    err = capsys.readouterr().err
    assert "  1. one\n  2. two\n  choose one by its number" in err
    assert err.count("there is no reading 0") == 1


def test_a_history_that_cannot_be_written_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VIRTKG_CACHE", str(tmp_path / "file" / "below"))
    asked: list[str] = []
    conversed("modes\r\x04", lambda text, reading: asked.append(text), keep=True)
    assert asked == ["modes"]


def test_completions_take_the_place_of_what_is_typed(kg: KnowledgeGraph) -> None:
    (found,) = _Words(kg.complete).get_completions(Document("suites with pag"), CompleteEvent())
    assert (found.text, found.start_position) == ("page sharing", -3)
    assert found.display_meta_text == "overcommit mechanism"
    assert list(_Words(kg.complete).get_completions(Document("\udcff"), CompleteEvent())) == []

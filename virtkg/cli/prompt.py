"""`virtkg ask` without a question: one question after another on a terminal.

Knows: prompt_toolkit, keys, the file of questions asked before.
Must not know: how a question is answered or completed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Protocol, TypeAlias

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer
from prompt_toolkit.completion import Completion as Offered
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory

from virtkg.cli import report
from virtkg.diagnostics import AmbiguousQuestion, VirtkgError
from virtkg.language.complete import Completion
from virtkg.snapshot.cache import cache_folder

Answer: TypeAlias = Callable[[str, int | None], object]
"""Answers a question, perhaps in one of its readings, and shows the answer."""

Complete: TypeAlias = Callable[[str, int], list[Completion]]
"""Completes a text at a cursor."""

_FILE = "questions"


class Converse(Protocol):
    """The type of `converse`."""

    def __call__(self, answer: Answer, complete: Complete, *, keep: bool) -> None: ...


def converse(answer: Answer, complete: Complete, *, keep: bool) -> None:
    """Answer questions until the end of input (Ctrl-D); `keep` those asked for the next time, beside the snapshots."""
    folder = cache_folder() if keep else None
    history = InMemoryHistory() if folder is None else _Asked(os.path.join(folder, _FILE))
    questions = PromptSession[str](
        "ask> ",
        history=history,
        completer=_Words(complete),
        complete_while_typing=False,
        placeholder="a question; Tab completes, Ctrl-D ends",
    )
    numbers = PromptSession[str]("which one? ")
    while True:
        try:
            text = questions.prompt()
            if text.strip():
                _answer(text, answer, numbers)
        except EOFError:
            return
        except KeyboardInterrupt:
            continue


def _answer(text: str, answer: Answer, numbers: PromptSession[str]) -> None:
    try:
        answer(text, None)
    except AmbiguousQuestion as error:
        error.hint = "choose one by its number, or none with Enter"
        report(error)
        with suppress(EOFError):
            _choose(text, answer, numbers)
    except VirtkgError as error:
        report(error)


def _choose(text: str, answer: Answer, numbers: PromptSession[str]) -> None:
    number = numbers.prompt().strip()
    if not number:
        return
    try:
        # What is no number is no reading either, and the error says how many there are.
        answer(text, int(number) if number.isdecimal() else 0)
    except VirtkgError as error:
        report(error)


class _Words(Completer):
    """Completions in the form of prompt_toolkit, each with its kind beside it."""

    def __init__(self, complete: Complete) -> None:
        self._complete = complete

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Offered]:  # noqa: ARG002
        cursor = document.cursor_position
        with suppress(VirtkgError):
            for found in self._complete(document.text, cursor):
                yield Offered(found.text, found.start - cursor, display=found.text.strip(), display_meta=found.kind)


class _Asked(FileHistory):
    """The questions asked before, in a file that only its owner reads; that it cannot be written is no error."""

    def load_history_strings(self) -> Iterator[str]:
        with suppress(OSError):
            yield from super().load_history_strings()

    def store_string(self, string: str) -> None:
        with suppress(OSError):
            os.makedirs(os.path.dirname(os.fspath(self.filename)), mode=0o700, exist_ok=True)
            os.close(os.open(self.filename, os.O_WRONLY | os.O_CREAT, 0o600))
            super().store_string(string)

"""What can go wrong, as data: a code, a place, a reason and a next step.

Knows: the exit codes of the command line and the one shape of an error.
Must not know: who raises it, or how it is printed.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """The exit codes of the `virtkg` command; scripts depend on them."""

    DONE = 0
    NEGATIVE = 1
    USAGE = 2
    NOT_UNDERSTOOD = 3
    UNDECIDED = 4
    LIMIT = 5
    SURROUNDINGS = 6
    BUG = 70


class VirtkgError(Exception):
    """Base of all errors that a user can cause or mend.

    `code` is stable (`E201`); `message` is one sentence that names the place;
    `hint` is a next step; `suggestions` are inputs that would have been
    accepted and may be what was meant; `offers` are accepted too, but leave
    something of the text out; `column` counts characters from 1 in the text given.
    """

    exit_code = ExitCode.NOT_UNDERSTOOD

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str = "",
        column: int | None = None,
        length: int = 1,
        text: str = "",
        suggestions: tuple[str, ...] = (),
        offers: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.column = column
        self.length = length
        self.text = text
        self.suggestions = suggestions
        self.offers = offers


class QuestionError(VirtkgError):
    """A question or statement in words was not understood (`E1xx`-`E4xx`).

    `instead` are words to try in the place that the error names: some may be suggested, in the whole text.
    """

    def __init__(self, code: str, message: str, *, instead: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(code, message, **more)
        self.instead = instead


class AmbiguousQuestion(QuestionError):
    """A question has several meanings; `suggestions` are their canonical texts (`E301`)."""

    exit_code = ExitCode.UNDECIDED


class QueryError(VirtkgError):
    """A SPARQL text or a stored query was refused (`Q...`)."""


class RdfError(VirtkgError):
    """An RDF file was refused; the message has file, line and column (`D...`)."""


class RuleError(VirtkgError):
    """A rule file was refused; the message has file and line (`R...`)."""


class UnknownTerm(VirtkgError):
    """No thing in the graph has this label, CURIE or IRI (`E201`)."""


class LimitReached(VirtkgError):
    """Time, memory or rows ran out before the end; nothing partial is shown (`E501`)."""

    exit_code = ExitCode.LIMIT


class SurroundingsError(VirtkgError):
    """Disk, permission or another service failed (`S...`)."""

    exit_code = ExitCode.SURROUNDINGS

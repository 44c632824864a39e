"""Whether files are written as they should be: in canonical form.

Knows: what the formatter refuses, and how two texts are compared.
Must not know: what a file says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from virtkg.diagnostics import RdfError
from virtkg.finding import Check, Severity
from virtkg.rdf.files import load
from virtkg.rdf.turtle import check_files, format_text
from virtkg.validate.authored import Place
from virtkg.validate.checks import Fault, Subject

CHECK: Final = Check(
    "file-is-canonical",
    Severity.ERROR,
    "Turtle and TriG files are in canonical form, so that a difference between two versions is one of facts.",
    "each subject once in a graph, its predicates in order, four blanks of indentation",
)
_FORMATTED: Final = (".ttl", ".trig")
_PLACE: Final = re.compile(r":(\d+):\d+: ")


def run(given: Subject) -> Iterator[Fault]:
    """Yield one fault for each Turtle or TriG file that is not in canonical form."""
    for file in given.authored.files:
        if file.path.endswith(_FORMATTED):
            yield from _faults(file.path)


def _faults(path: str) -> Iterator[Fault]:
    try:
        if not check_files([path]):
            return
        text = load(path).decode()
        line, wanted = _first_difference(text, format_text(text, trig=path.endswith(".trig"), path=path))
    except RdfError as error:
        # What it refuses was read as RDF: a comment or a blank node in a place that formatting cannot keep.
        at = _PLACE.search(error.message)
        said = error.message.rpartition(": ")[2]
        yield Fault(CHECK, "", said, place=Place(path, int(at[1]) if at else 1), example=error.hint)
        return
    yield Fault(CHECK, "", "is not in canonical form from this line on", place=Place(path, line), example=wanted)


def _first_difference(text: str, canonical: str) -> tuple[int, str]:
    """Return the first line that differs, and what should stand there."""
    pairs = zip_longest(text.split("\n"), canonical.split("\n"))
    for number, (is_, should) in enumerate(pairs, 1):
        if is_ != should:
            return number, (
                should or ""
            ).strip() or "(an empty line)" if should is not None else "(the end of the file)"
    return 1, ""

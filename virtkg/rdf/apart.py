"""Parses a file in a process of its own, for the syntaxes whose parser can be brought down.

Knows: that legal-looking JSON-LD can end the process that parses it (an abort
on some containers, a stack overflow on long chains of terms), and that JSON-LD
contexts and XML namespaces can make a small file take gigabytes or minutes.
Must not know: which files these are, or what becomes of the quads.
"""

from __future__ import annotations

import os
import sys
from typing import Final

from virtkg.diagnostics import LimitReached, SurroundingsError
from virtkg.rdf.files import fault, syntax_fault
from virtkg.rdf.formats import format_named, shown

SYNTAXES: Final = ("jsonld", "rdfxml")
"""The syntaxes that are parsed apart; the Turtle family has no such trap once triple terms are refused."""

SECONDS: Final = 60
OUTPUT_LIMIT: Final = 1_000_000_000
MEMORY_LIMIT: Final = 4_000_000_000

_CHILD: Final = os.path.join(os.path.dirname(os.path.abspath(__file__)), "apart_child.py")
_BAD_INPUT: Final = 3
_TOO_MUCH: Final = 5


def nquads(data: bytes, format_name: str, base_iri: str, path: str, *, seconds: int = SECONDS) -> bytes:
    """Return the content of an RDF text as N-Quads, in the order of the text.

    Raises RdfError D301 (bad content), D305 (the text brought the parser
    down), D306 (a remote JSON-LD context); LimitReached E501 (time or size);
    SurroundingsError S603 (no process could be started).
    """
    import subprocess

    limits = [str(OUTPUT_LIMIT), str(MEMORY_LIMIT), str(seconds + 5)]
    # -P: the folder of the program must not hide modules of the standard library.
    command = [sys.executable, "-P", _CHILD, format_named(format_name).parser, base_iri, *limits]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise LimitReached(
            "E501", f"{shown(path)}: not read within {seconds} seconds", hint="split the file, or convert it to Turtle"
        ) from None
    except (OSError, ValueError) as error:
        raise SurroundingsError(
            "S603",
            f"{shown(path)}: no process could be started to read it ({error})",
            hint="convert the file to Turtle",
        ) from None
    if done.returncode == 0:
        return done.stdout
    if done.returncode == _TOO_MUCH:
        raise LimitReached(
            "E501", f"{shown(path)}: its content needs more than {OUTPUT_LIMIT // 10**9} GB", hint="split the file"
        )
    raise _failure(done.returncode, done.stderr, format_name, path)


def _failure(code: int, report: bytes, format_name: str, path: str) -> Exception:
    import json

    try:
        reason, line, column = json.loads(report) if code == _BAD_INPUT else ("", None, None)
    except ValueError:
        reason, line, column = "", None, None
    if not reason:
        return fault("D305", path, "the parser broke down on this file", hint="convert the file to Turtle or N-Quads")
    if "LoadDocumentCallback" in reason:
        return fault(
            "D306",
            path,
            "its JSON-LD @context is a remote document, and virtkg fetches none",
            hint="write the content of the context into the file",
        )
    hint = (
        "an XML file must be RDF/XML; convert OWL/XML and others to it or to Turtle" if format_name == "rdfxml" else ""
    )
    return syntax_fault(reason, path, line, column, hint=hint)

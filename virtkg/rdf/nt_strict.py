"""Lines of N-Triples and N-Quads as pyoxigraph reads them, and the errors it finds.

Knows: pyoxigraph's strict parser, how lines are counted, and what of RDF 1.2
it would accept. Must not know: files, ids, or how plain lines are read faster.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import DefaultGraph, Literal, Quad, RdfFormat, parse

from virtkg.diagnostics import LimitReached
from virtkg.rdf.files import fault, rdf12_fault, syntax_fault
from virtkg.rdf.formats import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

Statement: TypeAlias = tuple[bytes, bytes, bytes, bytes | None]
"""The canonical spellings of subject, predicate, object and graph; no graph is the default graph."""

_LINE_END: Final = re.compile(rb"\r\n|\n|\r")
# Perhaps a triple term (nested ones overflow pyoxigraph's stack), a version or a base direction.
_PERHAPS_RDF12: Final = (b"<<", b"VERSION", b"--")
_VERSION: Final = re.compile(rb"[ \t]*+VERSION\b")
_TOKEN: Final = re.compile(
    rb'"(?:[^"\\\r\n]++|\\.)*+"?|<[^\x00-\x20<>"{}|^`]*+>|\#[^\r\n]*+|(?P<triple><<)',
)


def line_count(text: bytes) -> int:
    """Return how many line ends a text has: LF, CR LF, or CR alone."""
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")


def statements(text: bytes, quads: bool, path: str, line: int) -> list[Statement]:
    """Return the statements of whole lines, the first of which is line number `line` of the file.

    Raises RdfError D301 (syntax, encoding) and D304 (RDF 1.2) for the first
    line that is refused, LimitReached E501 for a line that pyoxigraph cannot hold.
    """
    if not any(sign in text for sign in _PERHAPS_RDF12):
        try:
            text.decode()
            return [_spelled(quad) for quad in _parsed(text, quads)]
        except (SyntaxError, UnicodeDecodeError, MemoryError):
            # A mistake is often noticed a line too late; each line alone tells its own.
            pass
    found: list[Statement] = []
    for number, one in enumerate(_LINE_END.split(text), line):
        found += _of_line(one, quads, path, number)
    return found


def _parsed(text: bytes, quads: bool) -> Iterable[Quad]:
    return parse(text, format=RdfFormat.N_QUADS if quads else RdfFormat.N_TRIPLES, rename_blank_nodes=False)


def _spelled(quad: Quad) -> Statement:
    graph = quad.graph_name
    return (
        str(quad.subject).encode(),
        str(quad.predicate).encode(),
        str(quad.object).encode(),
        None if isinstance(graph, DefaultGraph) else str(graph).encode(),
    )


def _of_line(line: bytes, quads: bool, path: str, number: int) -> list[Statement]:
    _refuse_other_encodings(line, path, number)
    _refuse_triple_terms(line, path, number)
    try:
        parsed = list(_parsed(line, quads))
    except SyntaxError as error:
        raise syntax_fault(error.msg, path, number, error.offset) from None
    except MemoryError:
        reason = f"{shown(path)}:{number}: a line of {len(line) // 1_000_000} MB is too long for the strict parser"
        raise LimitReached("E501", reason, hint="write its long literal without escapes, or shorten it") from None
    for quad in parsed:
        if isinstance(quad.object, Literal) and quad.object.direction is not None:
            column = _column(line, line.rindex(b'"'))
            raise rdf12_fault(f"the base direction of {quad.object}", path, number, column)
    return [_spelled(quad) for quad in parsed]


def _refuse_other_encodings(line: bytes, path: str, number: int) -> None:
    try:
        line.decode()
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 (byte 0x{line[error.start]:02x})"
        column = _column(line, error.start)
        raise fault("D301", path, reason, number, column, hint="save the file as UTF-8") from None


def _refuse_triple_terms(line: bytes, path: str, number: int) -> None:
    version = _VERSION.match(line)
    if version is not None:
        raise rdf12_fault("a VERSION line", path, number, version.end() - len("VERSION") + 1)
    if b"<<" not in line:
        return
    for found in _TOKEN.finditer(line):
        if found.lastgroup == "triple":
            raise rdf12_fault("a triple term", path, number, _column(line, found.start()))


def _column(line: bytes, offset: int) -> int:
    return len(line[:offset].decode("utf-8", "replace")) + 1

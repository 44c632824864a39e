"""Looks at a file before any RDF parser does, and refuses what would hurt one.

Knows: which texts crash or stall pyoxigraph: nested triple terms and nested
JSON overflow the stack, XML entities and deep XML take memory and time.
Must not know: quads, graphs, or where the file came from.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from virtkg.rdf.files import fault, line_and_column, rdf12_fault, syntax_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON_DEPTH: Final = 500
XML_DEPTH: Final = 1_000

# A string or comment that never ends is matched to the end of the text, and
# every repetition is possessive, so that no text is scanned twice.
_JSON_TOKEN: Final = re.compile(rb'"(?:[^"\\]++|\\.?)*+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)

_TURTLE_TOKEN: Final = re.compile(
    rb'"""(?:[^"\\]++|\\.?|"(?!""))*+(?:"""|\Z)'
    rb"|'''(?:[^'\\]++|\\.?|'(?!''))*+(?:'''|\Z)"
    rb'|"(?:[^"\\\r\n]++|\\.?)*+"'
    rb"|'(?:[^'\\\r\n]++|\\.?)*+'"
    rb'|<[^\x00-\x20<>"{}|^`]*+>'
    rb"|\\."
    rb"|(?P<comment>#[^\r\n]*+)"
    rb"|(?P<triple><<)",
    re.DOTALL,
)


def refuse_hostile(data: bytes, format_name: str, path: str) -> None:
    """Raise RdfError if the text must not reach a parser.

    D304: a triple term of RDF 1.2. D305: a DOCTYPE, or deeper nesting than
    `JSON_DEPTH` and `XML_DEPTH` levels. D301: XML that is not well formed.
    """
    if format_name == "jsonld":
        _refuse_deep_json(data, path)
    elif format_name == "rdfxml":
        _refuse_hostile_xml(data, path)
    else:
        _refuse_triple_terms(data, path)


def comments(data: bytes) -> Iterator[int]:
    """Yield the byte offsets of the comments of a legal Turtle or TriG text."""
    return (found.start() for found in _TURTLE_TOKEN.finditer(data) if found.lastgroup == "comment")


def _refuse_triple_terms(data: bytes, path: str) -> None:
    if b"<<" not in data:
        return
    for found in _TURTLE_TOKEN.finditer(data):
        if found.lastgroup == "triple":
            raise rdf12_fault("a triple term", path, *line_and_column(data, found.start()))


def _refuse_deep_json(data: bytes, path: str) -> None:
    depth = 0
    for found in _JSON_TOKEN.finditer(data):
        byte = data[found.start()]
        if byte in b"[{":
            depth += 1
            if depth > JSON_DEPTH:
                place = line_and_column(data, found.start())
                raise fault("D305", path, f"JSON nested over {JSON_DEPTH} levels", *place, hint="flatten the JSON-LD")
        elif byte in b"]}":
            depth -= 1


def _refuse_hostile_xml(data: bytes, path: str) -> None:
    from xml.parsers import expat

    # The encoding is fixed, so that no declaration can show expat another text
    # than the RDF parser sees.
    parser = expat.ParserCreate("utf-8", " ")
    depth = 0

    def place() -> tuple[int, int]:
        return parser.CurrentLineNumber, parser.CurrentColumnNumber + 1

    def doctype(*_: object) -> None:
        hint = "remove the DOCTYPE and write its entities out, or convert the file to Turtle"
        raise fault("D305", path, "a DOCTYPE is refused, for its entities can be a trap", *place(), hint=hint)

    def opened(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > XML_DEPTH:
            raise fault("D305", path, f"XML nested over {XML_DEPTH} levels", *place(), hint="flatten the RDF/XML")

    def closed(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = f"not well-formed XML: {expat.ErrorString(error.code)}"
        raise syntax_fault(reason, path, error.lineno, error.offset + 1) from None

"""RDF terms ⇄ the byte strings by which a snapshot keeps and sorts them.

Knows: IRIs and literals. Must not know: blank nodes (there are none), files.
"""

from __future__ import annotations

from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from virtkg.namespaces import XSD

GroundTerm: TypeAlias = "NamedNode | Literal"


def encode(term: GroundTerm) -> bytes:
    """Return the bytes of a term: a kind letter, then IRI, text, or tag, NUL and text."""
    if isinstance(term, NamedNode):
        return b"<" + term.value.encode()
    if term.language is not None:
        return b"@" + term.language.encode() + b"\x00" + term.value.encode()
    if term.datatype.value == XSD + "string":
        return b'"' + term.value.encode()
    return b"^" + term.datatype.value.encode() + b"\x00" + term.value.encode()


def decode(data: bytes) -> GroundTerm:
    """Return the term of some bytes; the inverse of `encode`."""
    text = data.decode()
    kind, rest = text[0], text[1:]
    if kind == "<":
        return NamedNode(rest)
    if kind == '"':
        return Literal(rest)
    tag, _, value = rest.partition("\x00")
    if kind == "@":
        return Literal(value, language=tag)
    return Literal(value, datatype=NamedNode(tag))

"""Writes RDF/XML (RDF 1.1 XML Syntax): one rdf:Description for each subject.

Knows: which predicates and characters XML can hold.
Must not know: how quads are grouped and sorted, or any other syntax.
"""

from __future__ import annotations

import re
from string import ascii_letters
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from pyoxigraph import Literal

from virtkg.diagnostics import RdfError
from virtkg.namespaces import PREFIXES, RDF, XSD
from virtkg.rdf.formats import shown
from virtkg.rdf.grouped import BLANK, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from virtkg.rdf.grouped import Statements, Value

# ASCII and Latin letters: names that XML parsers of every edition accept.
_NAME_STARTS: Final = frozenset(
    "_" + ascii_letters + "".join(chr(code) for code in range(0xC0, 0x100) if code not in (0xD7, 0xF7))
)
_NAME_CHARS: Final = _NAME_STARTS | frozenset("0123456789.-")
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Names with a meaning of their own in the syntax (RDF 1.1 XML Syntax, 5.1, and rdf:li).
_SYNTAX_NAMES: Final = frozenset(
    {
        RDF + "Description",
        RDF + "ID",
        RDF + "RDF",
        RDF + "about",
        RDF + "aboutEach",
        RDF + "aboutEachPrefix",
        RDF + "bagID",
        RDF + "datatype",
        RDF + "li",
        RDF + "nodeID",
        RDF + "parseType",
        RDF + "resource",
    }
)
_XMLNS: Final = "http://www.w3.org/2000/xmlns/"
_HINT: Final = "use another format, for example turtle"


def document(statements: Statements) -> bytes:
    """Return grouped statements as RDF/XML.

    Raises RdfError D307 for a predicate that has no XML name and for a
    literal with a character that XML cannot hold.
    """
    elements = _Elements(sorted({predicate for rows in statements.values() for predicate in rows}))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<rdf:RDF" + elements.declarations() + ">"]
    for subject, rows in statements.items():
        lines.append(f"  <rdf:Description {_reference('about', subject)}>")
        lines += [
            f"    {_element(elements.name(predicate), value)}" for predicate, values in rows.items() for value in values
        ]
        lines.append("  </rdf:Description>")
    lines.append("</rdf:RDF>\n")
    return "\n".join(lines).encode("utf-8")


class _Elements:
    """The element names of predicates, and the namespaces that they need."""

    def __init__(self, predicates: Iterable[str]) -> None:
        self._prefixes = {namespace: prefix for prefix, namespace in PREFIXES.items()}
        self._used = {RDF}
        self._names: dict[str, str] = {}
        numbered = 0
        for predicate in predicates:
            namespace, local = _split(predicate)
            if namespace not in self._prefixes:
                numbered += 1
                self._prefixes[namespace] = f"ns{numbered}"
            self._used.add(namespace)
            self._names[predicate] = f"{self._prefixes[namespace]}:{local}"

    def name(self, predicate: str) -> str:
        return self._names[predicate]

    def declarations(self) -> str:
        pairs = sorted((self._prefixes[namespace], namespace) for namespace in self._used)
        return "".join(f'\n    xmlns:{prefix}="{_text(namespace)}"' for prefix, namespace in pairs)


def _split(predicate: str) -> tuple[str, str]:
    """Return the namespace and the local name, which is the longest end that is an XML name."""
    start = len(predicate)
    while start and predicate[start - 1] in _NAME_CHARS:
        start -= 1
    while start < len(predicate) and predicate[start] not in _NAME_STARTS:
        start += 1
    namespace, local = predicate[:start], predicate[start:]
    if not local or namespace == _XMLNS or predicate in _SYNTAX_NAMES:
        raise RdfError("D307", f"RDF/XML has no element name for the predicate <{predicate}>", hint=_HINT)
    return namespace, local


def _element(name: str, value: Value) -> str:
    if not isinstance(value, Literal):
        return f"<{name} {_reference('resource', name_of(value))}/>"
    datatype = value.datatype.value
    attribute = ""
    if value.language is not None:
        attribute = f' xml:lang="{value.language}"'
    elif datatype != XSD + "string":
        attribute = f' rdf:datatype="{_text(datatype)}"'
    return f"<{name}{attribute}>{_text(value.value)}</{name}>"


def _reference(attribute: str, name: str) -> str:
    if name.startswith(BLANK):
        return f'rdf:nodeID="{_text(name[len(BLANK) :])}"'
    return f'rdf:{attribute}="{_text(name)}"'


def _text(text: str) -> str:
    found = _NOT_XML.search(text)
    if found:
        place = shown(text[max(0, found.start() - 20) : found.end()])
        raise RdfError("D307", f'XML cannot hold the character U+{ord(found[0]):04X} in "{place}"', hint=_HINT)
    # A carriage return would be read back as a line feed (XML 1.0, 2.11).
    return escape(text, {"\r": "&#13;", '"': "&quot;"})

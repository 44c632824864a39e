"""The RDF syntaxes by name and by the ending of a file.

Knows: names, media types, endings, and which syntaxes keep named graphs.
Must not know: how a syntax is read or written (and so imports no RDF library).
"""

from __future__ import annotations

import os
from typing import Final, NamedTuple

from virtkg.diagnostics import RdfError


class Format(NamedTuple):
    """One RDF syntax: `endings[0]` is the one that is written; `parser` is pyoxigraph's name of it."""

    media_type: str
    endings: tuple[str, ...]
    keeps_graphs: bool
    parser: str


FORMATS: Final[dict[str, Format]] = {
    "turtle": Format("text/turtle", (".ttl",), False, "TURTLE"),
    "trig": Format("application/trig", (".trig",), True, "TRIG"),
    "nt": Format("application/n-triples", (".nt",), False, "N_TRIPLES"),
    "nq": Format("application/n-quads", (".nq",), True, "N_QUADS"),
    "jsonld": Format("application/ld+json", (".jsonld", ".json"), True, "JSON_LD"),
    "rdfxml": Format("application/rdf+xml", (".rdf", ".owl", ".xml"), False, "RDF_XML"),
}
"""The syntaxes that can be read and written, under the names of `--format`."""


def format_named(name: str) -> Format:
    """Return the syntax of that name. Raises RdfError D302 if there is none."""
    found = FORMATS.get(name)
    if found is None:
        raise RdfError("D302", f'unknown RDF format "{name}"', hint="known formats: " + ", ".join(FORMATS))
    return found


def name_for(path: str) -> str:
    """Return the name of the syntax that a file's ending stands for.

    Raises RdfError D302, which lists the endings, if there is none.
    """
    ending = os.path.splitext(path)[1].lower()
    for name, syntax in FORMATS.items():
        if ending in syntax.endings:
            return name
    known = " ".join(ending for syntax in FORMATS.values() for ending in syntax.endings)
    raise RdfError(
        "D302",
        f'{shown(path)}: the ending "{shown(ending)}" stands for no RDF format'
        if ending
        else f"{shown(path)}: a file name without an ending does not tell its RDF format",
        hint=f"known endings: {known}",
    )


def shown(path: str) -> str:
    """Return a path as it can be printed: bytes that are no text and control characters are escaped."""
    text = path.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)

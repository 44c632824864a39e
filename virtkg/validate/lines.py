"""On which line of a Turtle or TriG text a thing is spoken of.

A look at the tokens, not a parser: the text was parsed before. N-Triples and
N-Quads are seen as Turtle, a line of quads without its graph.

Knows: tokens, prefixes, braces. Must not know: the vocabulary, or what is
wrong on a line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin

from virtkg.namespaces import RDF

_TOKEN: Final = re.compile(
    r"""
      \s+ | \#[^\n]*
    | (?P<string> \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
                | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    | (?P<iri> <[^<>\s]*> )
    | (?P<mark> [{}()\[\];,.] | \^\^ )
    | (?P<word> (?: [^\s<>"'{}()\[\];,#^.\\] | \\. | \.(?=[^\s<>"'{}()\[\];,#^]) )+ )
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_PREFIX: Final = re.compile(r"(?:^|(?<=[\s.]))@?prefix\s+([^\s:]*):\s*<([^>\s]*)>", re.IGNORECASE)
_DIRECTIVES: Final = ("@prefix", "prefix", "@base", "base")
_NAMELESS: Final = ""
"""Stands for every blank node."""


class Lines:
    """The lines of one text on which graphs open, subjects begin and their predicates stand."""

    def __init__(self, text: str, base: str = "") -> None:
        """Look through a text; `base` is the IRI against which relative ones are resolved."""
        self._text = text
        self._base = base
        self._prefixes: dict[str, str] = dict(_PREFIX.findall(text))
        self._breaks = [found.start() for found in re.finditer("\n", text)]
        self._found: dict[tuple[str | None, ...], int] = {}
        self._first = 0
        self._look()

    def line(self, subject: str, predicate: str = "", graph: str = "") -> int:
        """Return the line of a subject or of one of its predicates, in a graph if it stands there.

        What is spoken of nowhere is given the line of the first statement.
        """
        keys = [(graph, subject, predicate), (None, subject, predicate), (graph, subject), (None, subject)]
        keys += [(subject,)]
        return next((self._found[key] for key in keys if key in self._found), 0) or self._mentioned(subject)

    def unnamed(self, graph: str = "") -> int:
        """Return the line of the first blank node, in a graph if one stands there."""
        return self.line(_NAMELESS, graph=graph)

    def _mentioned(self, subject: str) -> int:
        at = self._text.find(subject) if subject else -1
        return self._line_at(at) if at >= 0 else self._first or 1

    def _line_at(self, offset: int) -> int:
        return bisect_right(self._breaks, offset - 1) + 1

    def _note(self, line: int, graph: str, *rest: str) -> None:
        for key in ((graph, *rest), (None, *rest)):
            self._found.setdefault(key, line)

    def _tokens(self) -> Iterator[tuple[str, int]]:
        for found in _TOKEN.finditer(self._text):
            if found.lastgroup is not None:
                yield found[0], self._line_at(found.start())

    def _look(self) -> None:
        graph, tokens = "", self._tokens()
        for text, line in tokens:
            if text == "{":
                self._found.setdefault((graph,), line)
            elif text == "}":
                graph = ""
            elif text.lower() in _DIRECTIVES:
                next((True for token, _ in tokens if token.startswith("<")), False)
            elif text != "." and text.lower() != "graph":
                graph = self._statement(text, line, graph, tokens)

    def _statement(self, first: str, line: int, graph: str, tokens: Iterator[tuple[str, int]]) -> str:
        """Look through one statement, or the head of a graph; return the graph that is open after it."""
        subject = self._iri(first)
        depth, awaits, begun = int(first in "[("), first not in "[(", False
        for text, here in tokens:
            if text == "{" and not begun:
                self._found.setdefault((subject,), line)
                return subject
            if not begun:
                begun = True
                self._first = self._first or line
                self._note(line, graph, subject)
            if text in "[(":
                depth += 1
                self._note(here, graph, _NAMELESS)
            elif text in "])":
                depth -= 1
                awaits = awaits or (depth == 0 and first in "[(" and not subject)
            elif depth == 0 and text in (".", "}"):
                return graph if text == "." else ""
            elif depth == 0 and text == ";":
                awaits = True
            elif depth == 0 and awaits:
                awaits = False
                self._note(here, graph, subject, self._iri(text))
            elif text.startswith("_:"):
                self._note(here, graph, _NAMELESS)
        return graph

    def _iri(self, token: str) -> str:
        if token.startswith("<"):
            iri = token[1:-1]
            return iri if ":" in iri.partition("/")[0] or not self._base else urljoin(self._base, iri)
        if token == "a":  # noqa: S105 (a word of Turtle)
            return RDF + "type"
        prefix, colon, local = token.partition(":")
        if not colon or prefix == "_":
            return _NAMELESS
        return self._prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)

"""Labels of blank nodes in answers that are the same in each run.

Knows: where a blank node stands in a term written as N-Triples.
Must not know: SPARQL, or in which order an answer is given.
"""

from __future__ import annotations

import re

_PARTS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|<[^<>\s]*>|_:[^\s<>()"]+')
"""Strings and IRIs are matched so that what looks like a blank node within them is passed over."""


class Labels:
    """Gives blank nodes the labels b0, b1 … in the order in which they are met."""

    __slots__ = ("known",)

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def renamed(self, text: str) -> str:
        """Return a term, or a line of N-Triples, with the new labels."""
        return _PARTS.sub(self._new, text) if "_:" in text else text

    @staticmethod
    def hidden(text: str) -> str:
        """Return a term, or a line of N-Triples, with one label for all its blank nodes."""
        return _PARTS.sub(lambda match: "_:" if match[0][0] == "_" else match[0], text) if "_:" in text else text

    def _new(self, match: re.Match[str]) -> str:
        part = match[0]
        if part[0] != "_":
            return part
        return self.known.setdefault(part, f"_:b{len(self.known)}")

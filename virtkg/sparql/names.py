"""The BASE and PREFIX lines of a query, and the IRIs that its names stand for.

Knows: IRI resolution and prefixed names (SPARQL 1.1 Query, 4.1.1).
Must not know: what the IRIs are used for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from virtkg.namespaces import PREFIXES
from virtkg.sparql.lexer import IRI_TEXT, SCHEME, Token, refusal, shown

if TYPE_CHECKING:
    from virtkg.diagnostics import QueryError


class Names:
    """What `<…>` and `prefix:name` mean in one query; `end` is the index of the first token after the prologue."""

    __slots__ = ("base", "cache", "end", "prefixes", "text")

    def __init__(self, text: str, tokens: list[Token]) -> None:
        """Read the prologue. Raises QueryError Q301 if one of its lines is not well formed."""
        self.text = text
        self.base: str | None = None
        self.prefixes: dict[str, str] = {}
        self.cache: dict[str, str] = {}
        self.end = 0
        while self.end < len(tokens) and tokens[self.end].is_word("BASE", "PREFIX"):
            self._line(tokens)

    def _line(self, tokens: list[Token]) -> None:
        first, *rest = tokens[self.end : self.end + 3]
        kinds = [token.kind for token in rest]
        if first.is_word("BASE") and kinds[:1] == ["iri"]:
            self.base = self.iri(rest[0])
            self.cache.clear()
            self.end += 2
        elif first.is_word("PREFIX") and kinds == ["pname", "iri"] and rest[0].text.find(":") == len(rest[0].text) - 1:
            self.prefixes[rest[0].text[:-1]] = self.iri(rest[1])
            self.end += 3
        else:
            form = "BASE <iri>" if first.is_word("BASE") else "PREFIX name: <iri>"
            raise refusal("Q301", f"this is not of the form {form}", self.text, first.start, len(first.text))

    def iri(self, token: Token) -> str:
        """Return the absolute IRI that an iri or pname token stands for.

        It holds no character that could end it when written as `<iri>`.
        Raises QueryError Q301 if the prefix is not declared, or no absolute IRI results.
        """
        if token.kind == "pname":
            return self._prefixed(token)
        if token.text not in self.cache:
            self.cache[token.text] = self._absolute(token)
        return self.cache[token.text]

    def _prefixed(self, token: Token) -> str:
        prefix, _, local = token.text.partition(":")
        base = self.prefixes.get(prefix)
        if base is None:
            raise refusal(
                "Q301",
                f"the prefix '{shown(prefix)}:' is not declared",
                self.text,
                token.start,
                len(prefix) + 1,
                hint=f"start the query with PREFIX {shown(prefix)}: <{PREFIXES.get(prefix, '…')}>",
            )
        return base + re.sub(r"\\(.)", r"\1", local)

    def _absolute(self, token: Token) -> str:
        written = re.sub(
            r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})",
            lambda match: chr(int(match[1] or match[2], 16)),
            token.text[1:-1],
        )
        if not re.fullmatch(IRI_TEXT, written):
            raise self._no_iri(token, "this is not an IRI")
        if self.base is None and not re.match(SCHEME, written):
            raise self._no_iri(token, "this IRI is relative, and the query has no BASE")
        found = written if self.base is None else _resolved(written, self.base)
        if found is None:
            raise self._no_iri(token, "this is not an IRI")
        return found

    def _no_iri(self, token: Token, what: str) -> QueryError:
        return refusal("Q301", what, self.text, token.start, len(token.text), hint="write the IRI in full")


def _resolved(iri: str, base: str) -> str | None:
    """Return an IRI resolved as the engine does it (RFC 3986, 5.2), or None if it is none."""
    from pyoxigraph import NamedNode, RdfFormat, parse

    try:
        [quad] = parse(f"<{iri}> <x:y> <x:y> .", RdfFormat.TURTLE, base_iri=base)
    except (SyntaxError, ValueError):
        return None
    return quad.subject.value if isinstance(quad.subject, NamedNode) else None

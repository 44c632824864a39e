"""What a SPARQL text asks for, whether virtkg evaluates it at all, and in what form.

Knows: which features are refused (updates, calls to other services, graphs that
are not here), and how the engine's reading of a text differs from the standard's.
Must not know: the graph's content, or how a query is evaluated.

The engine is never given the text itself. Its parser has no lexer: it tries one
reading after another, so that it finds `SERVICE` in `trueSERVICE`, in
`service:x {}` and, behind a comparison, in what is a string for everyone else.
It gets the tokens found here, one a line, with all names written as full IRIs:
each of them can be read in one way only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from virtkg.diagnostics import QueryError
from virtkg.sparql.lexer import Token, refusal, shown, tokenize
from virtkg.sparql.names import Names
from virtkg.sparql.words import CALLS_OUT, FORMS, KNOWN, UPDATES, similar

if TYPE_CHECKING:
    from collections.abc import Container

MAX_BYTES = 64 * 1024
MAX_EXPANDED = 2 * 1024 * 1024


class QueryForm(Enum):
    """The four forms of a SPARQL query."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


@dataclass(frozen=True, slots=True)
class Outline:
    """What a text says about itself, and the same query as the engine is to read it.

    `ordered`: the query has an ORDER BY of its own, not only in a subquery.
    `graphs`: the IRI and the token of each FROM and FROM NAMED. `lines`: the
    query for the engine. `heads`: for each line, the token that it starts with.
    """

    form: QueryForm
    ordered: bool
    graphs: tuple[tuple[str, Token], ...]
    lines: tuple[str, ...]
    heads: tuple[Token, ...]


def check_query(text: str, *, known_graphs: Container[str]) -> QueryForm:
    """Return the form of a query that may be evaluated.

    Raises QueryError: Q301 not SPARQL 1.1, Q302 a refused feature, Q303 FROM a
    graph that is not in `known_graphs` (IRIs), Q304 over MAX_BYTES of UTF-8 or
    nested too deep, Q305 empty. The message names line and column.
    """
    outline = outline_of(text)
    for iri, token in outline.graphs:
        if iri not in known_graphs:
            raise refusal(
                "Q303",
                f"there is no graph <{shown(iri)}> here, and virtkg fetches none",
                text,
                token.start,
                len(token.text),
                hint="SELECT DISTINCT ?g { GRAPH ?g {} } lists the graphs; --data adds a file",
            )
    return outline.form


def outline_of(text: str) -> Outline:
    """Return what a query text says about itself. Raises QueryError as check_query does, but never Q303."""
    _measure(text)
    tokens = tokenize(text)
    names = Names(text, tokens)
    tokens = tokens[names.end :]
    if not tokens:
        raise QueryError("Q305", "the query is empty", hint="for example: SELECT * { ?s ?p ?o } LIMIT 10")
    _check_words(text, tokens)
    first = tokens[0]
    if not first.is_word(*FORMS):
        what = f"a query starts with SELECT, ASK, CONSTRUCT or DESCRIBE, not '{shown(first.text)}'"
        raise refusal("Q301", what, text, first.start, len(first.text))
    ordered = any(token.depth == 0 and token.is_word("ORDER") for token in tokens)
    lines, heads = _expanded(names, tokens)
    return Outline(QueryForm(first.text.upper()), ordered, tuple(_graphs(names, tokens)), tuple(lines), tuple(heads))


def _measure(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise refusal("Q301", "the query is not valid UTF-8", text, error.start) from None
    if size > MAX_BYTES:
        raise QueryError(
            "Q304",
            f"the query has {size:,} bytes; at most {MAX_BYTES:,} are accepted",
            hint="put long lists of values into a file and add it with --data",
        )


def _check_words(text: str, tokens: list[Token]) -> None:
    for token in tokens:
        if token.kind != "word":
            continue
        word = token.text.upper()
        if word in UPDATES:
            what, hint, code = f"{word} would change the graph; virtkg reads only", "add facts with --data FILE", "Q302"
        elif word in CALLS_OUT:
            what, code = f"{word} would ask another service; virtkg opens no connection for a query", "Q302"
            hint = "fetch the data first and add it with --data FILE"
        elif word not in KNOWN:
            what, hint, code = f"'{shown(token.text)}' is not a word of SPARQL 1.1", "", "Q301"
        else:
            continue
        found = similar(word) if code == "Q301" else ()
        raise refusal(code, what, text, token.start, len(token.text), hint=hint, suggestions=found)


def _expanded(names: Names, tokens: list[Token]) -> tuple[list[str], list[Token]]:
    """Return the lines for the engine, and the token that each starts with.

    A word and a `(` after it share a line, since the engine knows some functions
    only so. BASE stays, since the function IRI() needs it.
    """
    lines, heads, left = [], [], MAX_EXPANDED
    if names.base is not None:
        lines, heads = [f"BASE <{names.base}>"], [tokens[0]]
    for index, token in enumerate(tokens):
        if token.kind in ("iri", "pname"):
            line = f"<{names.iri(token)}>"
        elif token.kind == "string":
            line = token.text.replace("\n", "\\n").replace("\r", "\\r")
        else:
            line = token.text
        left -= len(line) + 1
        if left < 0:
            hint = "declare shorter prefixes, or split the query"
            raise refusal(
                "Q304", "with its prefixes written out, the query is too large", names.text, token.start, hint=hint
            )
        if line == "(" and index and tokens[index - 1].kind == "word":
            lines[-1] += line
        else:
            lines.append(line)
            heads.append(token)
    return lines, heads


def _graphs(names: Names, tokens: list[Token]) -> list[tuple[str, Token]]:
    """Return the IRI and the token of each FROM and FROM NAMED."""
    found = []
    for index, word in enumerate(tokens):
        if not word.is_word("FROM"):
            continue
        at = index + 1
        if at < len(tokens) and tokens[at].is_word("NAMED"):
            at += 1
        if at >= len(tokens) or tokens[at].kind not in ("iri", "pname"):
            raise refusal("Q301", "FROM needs the IRI of a graph", names.text, word.start, len(word.text))
        found.append((names.iri(tokens[at]), tokens[at]))
    return found

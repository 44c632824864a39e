"""Stored queries: the .rq files, what they say of themselves, their parameters.

A file begins with comment lines: first what the query answers, then one line
for each parameter, `# parameter NAME: what it is`, and for its default
`# default NAME: value`. A parameter is a variable of the query; its value is
bound as a term in a VALUES clause, never as text.

Knows: the form of these files. Must not know: the graph, or who runs a query.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pyoxigraph import Literal, NamedNode

from virtkg.diagnostics import QueryError
from virtkg.resources import data_folder, files_below

_NUMBER: Final = r"-?[0-9]{1,18}"
"""What fits into the engine's whole numbers (64 bits)."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a stored query; without a default it may be left open."""

    name: str
    meaning: str
    default: str | None


@dataclass(frozen=True, slots=True)
class StoredQuery:
    """A query file: its name, what it answers, its parameters and its text."""

    name: str
    title: str
    parameters: tuple[Parameter, ...]
    text: str


def stored_queries() -> dict[str, StoredQuery]:
    """Return the stored queries by name; what lies in folders below theirs has other uses."""
    folder = data_folder("queries")
    found = (_read(path) for path in files_below(folder, ".rq") if os.path.dirname(path) == folder)
    return {query.name: query for query in found}


def stored_query(name: str) -> StoredQuery:
    """Return a stored query. Raises QueryError Q306 for a name that none has."""
    queries = stored_queries()
    if name not in queries:
        near = tuple(get_close_matches(name, queries, n=3))
        said = f"no stored query is called “{name}”"
        raise QueryError("Q306", said, hint="list them with: virtkg query", suggestions=near)
    return queries[name]


def bind(query: StoredQuery, values: Mapping[str, str], find: Callable[[str], NamedNode]) -> str:
    """Return the query text with its parameters bound to terms.

    `find` turns a label, CURIE or IRI into a thing; a value that is a number
    stands for itself. Raises QueryError Q307 for a parameter that the query
    does not have, and what `find` raises.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in values:
        if name not in known:
            have = ", ".join(f"--{parameter}" for parameter in known) or "none"
            said = f"the query {query.name} has no parameter --{name}"
            raise QueryError("Q307", said, hint=f"its parameters: {have}")
    bound: dict[str, NamedNode | Literal] = {}
    for parameter in query.parameters:
        value = values.get(parameter.name, parameter.default)
        if value is not None:
            bound[parameter.name] = Literal(int(value)) if re.fullmatch(_NUMBER, value) else find(value)
    if not bound:
        return query.text
    names = " ".join(f"?{name}" for name in bound)
    terms = " ".join(str(term) for term in bound.values())
    return f"{query.text.rstrip()}\nVALUES ({names}) {{ ({terms}) }}\n"


def _read(path: str) -> StoredQuery:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    comments = [line[1:].strip() for line in text.splitlines() if line.startswith("#")]
    titles = [line for line in comments if not re.match(r"(parameter|default) \w+:", line)]
    defaults = dict(_named(comments, "default"))
    parameters = tuple(Parameter(name, meaning, defaults.get(name)) for name, meaning in _named(comments, "parameter"))
    return StoredQuery(os.path.basename(path)[:-3], " ".join(titles), parameters, text)


def _named(comments: list[str], kind: str) -> list[tuple[str, str]]:
    found = (re.fullmatch(rf"{kind} (\w+): *(.*)", line) for line in comments)
    return [(match.group(1), match.group(2)) for match in found if match]

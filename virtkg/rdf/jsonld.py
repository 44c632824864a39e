"""Writes JSON-LD 1.1: one context of prefixes, then every node with all that is said of it.

Knows: which IRIs a JSON-LD processor would take for something else.
Must not know: how quads are grouped and sorted, or any other syntax.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import Literal

from virtkg.namespaces import PREFIXES, XSD
from virtkg.rdf.grouped import DEFAULT_GRAPH, name_of
from virtkg.rdf.terms import RDF_TYPE, Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from virtkg.rdf.grouped import Statements, Value

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json]"

# Safe in every reader as a JSON number: within the integers that a double holds.
_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
_INTEGER: Final = XSD + "integer"
_BOOLEAN: Final = XSD + "boolean"
_STRING: Final = XSD + "string"


def document(graphs: dict[str, Statements]) -> bytes:
    """Return grouped quads as a JSON-LD document; named graphs follow the default graph."""
    taken = {iri.partition(":")[0] for iri in _iris(graphs)}
    # An IRI whose scheme is a prefix ("id:x") would be expanded by that prefix.
    names = Names({name: namespace for name, namespace in PREFIXES.items() if name not in taken})
    short = _Short(names)
    nodes: list[Json] = []
    for graph, statements in graphs.items():
        written: list[Json] = [short.node(subject, rows) for subject, rows in statements.items()]
        nodes += written if graph == DEFAULT_GRAPH else [{"@id": short.iri(graph), "@graph": written}]
    context: Json = {name: PREFIXES[name] for name in names.used()}
    text = json.dumps({"@context": context, "@graph": nodes}, ensure_ascii=False, indent=2)
    return text.encode("utf-8") + b"\n"


class _Short:
    """Writes terms with the prefixes of the context."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def iri(self, iri: str) -> str:
        return self._names.iri(iri).strip("<>")

    def node(self, subject: str, rows: dict[str, list[Value]]) -> Json:
        node: dict[str, Json] = {"@id": self.iri(subject)}
        for predicate, values in rows.items():
            classes = [value for value in values if not isinstance(value, Literal)] if predicate == RDF_TYPE else []
            others = [value for value in values if predicate != RDF_TYPE or isinstance(value, Literal)]
            if classes:
                node["@type"] = _one_or_many([self.iri(name_of(value)) for value in classes])
            if others:
                node[self.iri(predicate)] = _one_or_many([self.value(value) for value in others])
        return node

    def value(self, value: Value) -> Json:
        if not isinstance(value, Literal):
            return {"@id": self.iri(name_of(value))}
        if value.language is not None:
            return {"@language": value.language, "@value": value.value}
        datatype = value.datatype.value
        if datatype == _STRING:
            return value.value
        if datatype == _INTEGER and _NUMBER.fullmatch(value.value):
            return int(value.value)
        if datatype == _BOOLEAN and value.value in ("true", "false"):
            return value.value == "true"
        return {"@type": self.iri(datatype), "@value": value.value}


def _one_or_many(values: list[Json]) -> Json:
    return values[0] if len(values) == 1 else values


def _iris(graphs: dict[str, Statements]) -> Iterator[str]:
    for graph, statements in graphs.items():
        yield graph
        for subject, rows in statements.items():
            yield subject
            for predicate, values in rows.items():
                yield predicate
                for value in values:
                    yield value.datatype.value if isinstance(value, Literal) else name_of(value)

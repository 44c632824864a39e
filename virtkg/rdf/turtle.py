"""The canonical form of Turtle and TriG files that people write.

Knows: blank nodes that form trees, comments, and the order that an author
chose for subjects. Must not know: the vocabulary, but for the three words that
stand first on every term (label, alternative label, definition).

A formatted text holds the same graphs (up to the names of blank nodes) and is
its own formatted text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Triple, parse

from virtkg.diagnostics import RdfError
from virtkg.namespaces import RDF, RDFS, SKOS
from virtkg.rdf.files import fault, line_and_column, load, rdf12_fault, syntax_fault
from virtkg.rdf.formats import name_for, shown
from virtkg.rdf.hostile import comments, refuse_hostile
from virtkg.rdf.layout import Items, Node, Object, Row, flat, graph_block, statement
from virtkg.rdf.terms import RDF_TYPE, Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DEPTH: Final = 50
"""How deep blank nodes and lists may be nested in one another."""

_INDENT: Final = 4
_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_NIL: Final = NamedNode(RDF + "nil")
_LEADING: Final = {RDF_TYPE: 0, RDFS + "label": 1, SKOS + "altLabel": 2, SKOS + "definition": 3}
_COMMENT_LINES: Final = re.compile(rb"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|[\r\n]|\Z))*")
_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")

_Subject: TypeAlias = NamedNode | BlankNode
_Value: TypeAlias = NamedNode | BlankNode | Literal
_Graph: TypeAlias = NamedNode | DefaultGraph
# The values are dictionaries for their order and for the quick test of membership.
_Statements: TypeAlias = dict[_Subject, dict[NamedNode, dict[_Value, None]]]


def format_text(text: str, *, trig: bool, path: str) -> str:
    """Return the canonical form of a Turtle (or TriG) text; `path` is for messages only.

    Raises RdfError: D301 syntax (relative IRIs without @base included), D304
    RDF 1.2, D308 blank nodes that do not form trees, D309 a comment after the
    first statement, which would be lost.
    """
    data = _utf8(text.removeprefix("\ufeff"), path)
    graphs, prefixes = _parsed(data, "trig" if trig else "turtle", path)
    leading = _leading_comment(data, path)
    names = Names(prefixes)
    trees = _Trees(graphs, path)
    blocks = []
    for graph, statements in graphs.items():
        if isinstance(graph, DefaultGraph):
            blocks += list(trees.written(statements, names, 0))
        else:
            blocks.append(graph_block(names.iri(graph.value), list(trees.written(statements, names, _INDENT))))
    trees.refuse_cycles()
    parts = [part for part in (leading, "\n".join(names.declarations()), *blocks) if part]
    return "\n\n".join(parts) + ("\n" if parts else "")


def check_files(paths: Sequence[str]) -> list[str]:
    """Return those of the Turtle and TriG files whose text is not canonical.

    Raises what `format_text` and `files.load` raise, and RdfError D302 for a
    file that is neither Turtle nor TriG.
    """
    return [path for path in paths if not _is_canonical(path)]


def _is_canonical(path: str) -> bool:
    data = load(path)
    name = name_for(path)
    if name not in ("turtle", "trig"):
        raise RdfError("D302", f"{shown(path)}: neither Turtle nor TriG", hint="give files that end in .ttl or .trig")
    text = data.decode("utf-8")
    return format_text(text, trig=name == "trig", path=path) == text


def _utf8(text: str, path: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise fault("D301", path, "a lone surrogate is no character", line, hint="save the file as UTF-8") from None


def _parsed(data: bytes, format_name: str, path: str) -> tuple[dict[_Graph, _Statements], Mapping[str, str]]:
    refuse_hostile(data, format_name, path)
    graphs: dict[_Graph, _Statements] = {DefaultGraph(): {}}
    parser = parse(data, format=RdfFormat.TRIG if format_name == "trig" else RdfFormat.TURTLE)
    try:
        for quad in parser:
            subject, value, graph = quad.subject, quad.object, quad.graph_name
            if isinstance(graph, BlankNode):
                raise fault("D308", path, f"the blank node {graph} names a graph", hint="name the graph with an IRI")
            if isinstance(subject, Triple) or isinstance(value, Triple):
                raise rdf12_fault(f"the triple term of {quad.predicate}", path)
            if isinstance(value, Literal) and value.direction is not None:
                raise rdf12_fault(f"the base direction of {value}", path)
            graphs.setdefault(graph, {}).setdefault(subject, {}).setdefault(quad.predicate, {})[value] = None
    except SyntaxError as error:
        hint = "write the whole IRI, or declare @base" if "No scheme found" in error.msg else ""
        raise syntax_fault(error.msg, path, error.lineno, error.offset, hint=hint) from None
    except ValueError as error:
        raise syntax_fault(str(error), path, None, None) from None
    return graphs, parser.prefixes


def _leading_comment(data: bytes, path: str) -> str:
    """Return the comment block at the top of a legal text. Raises RdfError D309 for any other comment."""
    found = _COMMENT_LINES.match(data)
    end = found.end() if found else 0
    for offset in comments(data):
        if offset >= end:
            hint = "move it to the block at the top of the file, or write it as an annotation"
            reason = "formatting would lose this comment"
            raise fault("D309", path, reason, *line_and_column(data, offset), hint=hint)
    lines = _LINE_BREAK.split(data[:end].decode("utf-8"))
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(lines)


class _Trees:
    """Writes statements with their blank nodes nested, each exactly once."""

    def __init__(self, graphs: Mapping[_Graph, _Statements], path: str) -> None:
        """Raise RdfError D308 for a blank node with two places to stand in."""
        self._path = path
        self._nested: set[BlankNode] = set()
        self._unwritten: set[BlankNode] = set()
        home: dict[BlankNode, _Graph] = {}
        for graph, statements in graphs.items():
            for subject, value in _ends(statements):
                for node in (subject, value):
                    if isinstance(node, BlankNode) and home.setdefault(node, graph) != graph:
                        raise self._refused(node, "stands in two graphs")
                if isinstance(value, BlankNode):
                    if value in self._nested:
                        raise self._refused(value, "is used twice")
                    self._nested.add(value)
            self._unwritten |= {subject for subject in statements if isinstance(subject, BlankNode)}

    def written(self, statements: _Statements, names: Names, indent: int) -> Iterator[str]:
        """Yield the statement of each subject of a graph that is not nested in another, in their order."""
        for subject in statements:
            if isinstance(subject, NamedNode):
                yield statement(names.iri(subject.value), self._rows(subject, statements, names, 0), indent)
            elif subject not in self._nested:
                yield statement("[]", self._rows(subject, statements, names, 0), indent)

    def refuse_cycles(self) -> None:
        """Raise RdfError D308 if a blank node was not written, for then it can only be part of a cycle."""
        for node in sorted(self._unwritten, key=str):
            raise self._refused(node, "is part of a cycle")

    def _rows(self, subject: _Subject, statements: _Statements, names: Names, depth: int) -> tuple[Row, ...]:
        if isinstance(subject, BlankNode):
            self._unwritten.discard(subject)
        rows = []
        for predicate, values in statements.get(subject, {}).items():
            objects = sorted((self._object(value, statements, names, depth) for value in values), key=flat)
            rows.append((_LEADING.get(predicate.value, 4), Row(names.predicate(predicate.value), tuple(objects))))
        return tuple(row for _, row in sorted(rows, key=lambda ranked: (ranked[0], ranked[1].predicate)))

    def _object(self, value: _Value, statements: _Statements, names: Names, depth: int) -> Object:
        if isinstance(value, Literal):
            return names.literal(value)
        if isinstance(value, NamedNode):
            return names.iri(value.value) if value != _NIL else Items(())
        if depth >= DEPTH:
            raise self._refused(value, f"is nested over {DEPTH} levels")
        members = self._members(value, statements)
        if members is None:
            return Node(self._rows(value, statements, names, depth + 1))
        return Items(tuple(self._object(member, statements, names, depth + 1) for member in members))

    def _members(self, head: BlankNode, statements: _Statements) -> list[_Value] | None:
        """Return the members of a well-formed list (RDF Schema 1.1, 5.2), or None."""
        members: list[_Value] = []
        cells: set[_Value] = set()
        cell: _Value = head
        while cell != _NIL:
            rows = statements.get(cell, {}) if isinstance(cell, BlankNode) and cell not in cells else {}
            first, rest = rows.get(_FIRST, {}), rows.get(_REST, {})
            if len(rows) != 2 or len(first) != 1 or len(rest) != 1:
                return None
            cells.add(cell)
            members += first
            (cell,) = rest
        self._unwritten -= cells
        return members

    def _refused(self, node: BlankNode, reason: str) -> RdfError:
        return fault("D308", self._path, f"the blank node {node} {reason}", hint="give it an IRI")


def _ends(statements: _Statements) -> Iterator[tuple[_Subject, _Value]]:
    for subject, rows in statements.items():
        for values in rows.values():
            for value in values:
                yield subject, value

"""Files to facts, each in the named graph of its source.

Knows: which IRI stands for a file and for a blank node, and which graphs only
virtkg itself fills. Must not know: the vocabulary, or what a fact means.

What comes out has IRIs and literals only: no blank nodes (RDF 1.1 Concepts,
3.5), no default graph, no triple terms and no base directions (RDF 1.2).
`read_as_written` alone leaves blank nodes and the default graph as they are.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from virtkg.diagnostics import LimitReached, VirtkgError
from virtkg.namespaces import DISPUTED_GRAPH, GENID, INFERRED_GRAPH, SRC, source_slug
from virtkg.rdf import apart
from virtkg.rdf.files import fault, load, rdf12_fault, syntax_fault
from virtkg.rdf.formats import format_named, name_for, shown
from virtkg.rdf.hostile import refuse_hostile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Row: TypeAlias = "tuple[NamedNode, NamedNode, NamedNode | Literal, NamedNode]"
"""A quad as subject, predicate, object and graph: most are only looked at, and a Quad copies its parts each time."""

_RESERVED: Final = frozenset((INFERRED_GRAPH, DISPUTED_GRAPH))
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

_NUMBERED: Final = re.compile(rb"[^0-9A-Za-z]b([0-9]+)")


def read_files(paths: Sequence[str]) -> list[Row]:
    """Return the quads of several files, file by file, each in the order of its text.

    A file given twice is read once. Two files of one base name get different
    IRIs: the second in the order of `paths` ends in `-2`, and so on.
    Raises what `read_file` raises, for the first file that is refused.
    """
    quads: list[Row] = []
    seen: set[str] = set()
    names: dict[str, int] = {}
    for path in paths:
        file = _real(path)
        if file in seen:
            continue
        seen.add(file)
        name = file_name(path)
        names[name] = names.get(name, 0) + 1
        name = name if names[name] == 1 else f"{name}-{names[name]}"
        quads += _read(path, name, _file_graph(name))
    return quads


def read_file(path: str, *, source: str | None = None) -> list[Row]:
    """Return the quads of one file, in the order of its text.

    `source` is the IRI of the graph for quads that stand in none; without it,
    that is the IRI of the file. Relative IRIs are resolved against that graph.

    Raises RdfError (exit code 3): D301 syntax or encoding, D302 unknown
    ending, D303 a graph that virtkg fills itself, D304 RDF 1.2, D305 a text
    that would harm the parser, D306 a remote JSON-LD context, D310 a source
    that is no IRI. Raises SurroundingsError S602 (file not readable) and S603
    (no process for the parser), LimitReached E501 (too large, too slow).
    """
    name = file_name(path)
    if source is None:
        return _read(path, name, _file_graph(name))
    # Two files of one name may be given different sources: their blank nodes stay apart.
    return _read(path, f"{_quoted(source_slug(source))}/{name}", source)


def file_name(path: str) -> str:
    """Return the base name of a path, percent-encoded as one segment of an IRI (RFC 3986, 2.1)."""
    return _quoted(os.path.basename(path))


def read_as_written(path: str) -> tuple[list[Quad], dict[str, str]]:
    """Return the quads of one file with its blank nodes and its default graph, and the prefixes that it declares.

    Relative IRIs are resolved against the address of the file. Raises what `read_file` raises.
    """
    with _one_error(path):
        base = "file://" + "/".join(map(_quoted, os.path.abspath(path).split(os.sep)))
        parsed = _parsed(*_checked(path), base, path)
        quads = []
        for quad in parsed:
            _refuse(quad, path)
            quads.append(quad)
        return quads, dict(getattr(parsed, "prefixes", {}))


def _file_graph(name: str) -> str:
    return f"{SRC}file/{name}"


def _quoted(text: str) -> str:
    return "".join(
        chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass")
    )


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:
        return path


def _read(path: str, slug: str, graph_iri: str) -> list[Row]:
    with _one_error(path):
        data, format_name = _checked(path)
        graph = _graph(graph_iri, path)
        parsed = _parsed(data, format_name, graph_iri, path)
        return _settled(parsed, graph, _Skolem(slug, data), path)


@contextmanager
def _one_error(path: str) -> Iterator[None]:
    """Make every error of a parser an error that names the file."""
    try:
        yield
    except VirtkgError:
        raise
    except SyntaxError as error:
        raise syntax_fault(error.msg, path, error.lineno, error.offset) from None
    except MemoryError:
        raise LimitReached("E501", f"{shown(path)}: not enough memory to read it", hint="split the file") from None
    except (ValueError, RecursionError, OSError) as error:
        raise syntax_fault(f"cannot be read as RDF: {error}", path, None, None) from None


def _checked(path: str) -> tuple[bytes, str]:
    """Return the bytes of a file that can be given to a parser, and the name of its syntax."""
    data = load(path)
    format_name = name_for(path)
    refuse_hostile(data, format_name, path)
    return data, format_name


def _graph(iri: str, path: str) -> NamedNode:
    try:
        graph = NamedNode(iri)
    except ValueError as error:
        reason = f'the source "{iri}" is not an IRI: {error}'
        raise fault("D310", path, reason, hint="give an absolute IRI, such as https://example.org/source") from None
    refuse_reserved(iri, path)
    return graph


def refuse_reserved(iri: str, path: str) -> None:
    """Raise RdfError D303 if a graph is one that only virtkg itself fills."""
    if iri not in _RESERVED:
        return
    hint = "give these facts a graph of their own; virtkg infers again when it loads"
    raise fault("D303", path, f"the graph <{iri}> is filled by virtkg itself and cannot be read from a file", hint=hint)


def _parsed(data: bytes, format_name: str, base_iri: str, path: str) -> Iterable[Quad]:
    if format_name in apart.SYNTAXES:
        data = apart.nquads(data, format_name, base_iri, path)
        format_name = "nq"
    return parse(data, format=getattr(RdfFormat, format_named(format_name).parser), base_iri=base_iri)


class _Skolem:
    """The IRIs that replace the blank nodes of one file: `<genid>/<slug>/b1`, `b2`, ... as they appear."""

    def __init__(self, slug: str, data: bytes) -> None:
        self._prefix = f"{GENID}{slug}/b"
        # A file that was exported and is read again may hold such IRIs already.
        self._taken = frozenset(_NUMBERED.findall(data) if b"/genid/" in data else ())
        self._count = 0
        self._iris: dict[BlankNode, NamedNode] = {}

    def iri(self, node: BlankNode) -> NamedNode:
        """Return the IRI of a blank node, the same for the same node."""
        iri = self._iris.get(node)
        if iri is None:
            self._count += 1
            while str(self._count).encode() in self._taken:
                self._count += 1
            iri = self._iris[node] = NamedNode(f"{self._prefix}{self._count}")
        return iri


def _settled(quads: Iterable[Quad], graph: NamedNode, skolem: _Skolem, path: str) -> list[Row]:
    # Runs once for every quad of every file: the usual quad takes the short way.
    settled: list[Row] = []
    graphs: dict[object, NamedNode] = {DefaultGraph(): graph}
    for quad in quads:
        subject, value, own = quad.subject, quad.object, graphs.get(quad.graph_name)
        if (
            own is not None
            and type(subject) is NamedNode
            and (type(value) is NamedNode or (type(value) is Literal and value.direction is None))
        ):
            settled.append((subject, quad.predicate, value, own))
        else:
            settled.append(_settled_quad(quad, graph, skolem, path))
            graphs[quad.graph_name] = settled[-1][3]
    return settled


def _refuse(quad: Quad, path: str) -> None:
    """Raise RdfError for what no quad may hold: D304, terms of RDF 1.2; D303, a graph of virtkg."""
    subject, value, named = quad.subject, quad.object, quad.graph_name
    if isinstance(value, Triple) or isinstance(subject, Triple):
        raise rdf12_fault(f"the triple term of {quad.predicate}", path)
    if isinstance(value, Literal) and value.direction is not None:
        raise rdf12_fault(f"the base direction of {value}", path)
    if isinstance(named, NamedNode):
        refuse_reserved(named.value, path)


def _settled_quad(quad: Quad, graph: NamedNode, skolem: _Skolem, path: str) -> Row:
    _refuse(quad, path)
    subject, value, named = quad.subject, quad.object, quad.graph_name
    assert not isinstance(subject, Triple) and not isinstance(value, Triple)
    if isinstance(named, DefaultGraph):
        named = graph
    return (
        skolem.iri(subject) if isinstance(subject, BlankNode) else subject,
        quad.predicate,
        skolem.iri(value) if isinstance(value, BlankNode) else value,
        skolem.iri(named) if isinstance(named, BlankNode) else named,
    )

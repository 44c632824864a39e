"""What is authored: the packaged files and those of a contributor, each fact in its graph, and where it is written.

Knows: which file states what. Must not know: any check, or the closure.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from pyoxigraph import NamedNode, Quad, Store

from virtkg.build import in_module
from virtkg.inputs import fact_files, vocabulary_files
from virtkg.namespaces import GENID, SRC
from virtkg.rdf.files import load
from virtkg.rdf.read import Row, file_name, read_file
from virtkg.record import record
from virtkg.validate.lines import Lines


@record
class Place:
    """A line of a file."""

    file: str
    line: int


class AuthoredFile:
    """One file: its facts, and the lines they stand on."""

    def __init__(self, path: str) -> None:
        """Read a file. Raises RdfError and SurroundingsError."""
        self.path = path
        self.rows: list[Row] = in_module(read_file(path))

    @cached_property
    def about(self) -> frozenset[tuple[str, str]]:
        """What it speaks of: a subject, or a graph, with each predicate and with ""."""
        found = set()
        for subject, predicate, _, graph in self.rows:
            found |= {(subject.value, ""), (subject.value, predicate.value), (graph.value, "")}
        return frozenset(found)

    @cached_property
    def lines(self) -> Lines:
        """The lines of the text."""
        return Lines(load(self.path).decode(), f"{SRC}file/{file_name(self.path)}")


class Authored:
    """Files and the named graphs that they fill."""

    def __init__(self, files: Sequence[AuthoredFile]) -> None:
        self.files = tuple(files)

    @cached_property
    def store(self) -> Store:
        """All facts in one query engine."""
        made = Store()
        made.extend(Quad(*row) for row in self.rows())
        return made

    def rows(self) -> Iterator[Row]:
        """Yield all facts, file by file."""
        for file in self.files:
            yield from file.rows

    def place(self, subject: str, predicate: str = "", graph: str = "", prefer: Iterable[str] = ()) -> Place:
        """Return where a subject is spoken of, with a predicate and in a graph if it is, in a preferred file if there.

        A thing that no file speaks of stands nowhere: line 1 of the first
        preferred file, or of the first of all.
        """
        preferred = frozenset(prefer)
        found = [file for file in self.files if (subject, "") in file.about]
        found.sort(key=lambda file: (file.path not in preferred, (subject, predicate) not in file.about))
        if graph:
            found.sort(key=lambda file: (graph, "") not in file.about)
        if not found:
            return Place(next(iter(prefer), self.files[0].path), 1)
        lines = found[0].lines
        if subject.startswith(GENID):
            return Place(found[0].path, lines.unnamed(graph))
        return Place(found[0].path, lines.line(subject, predicate, graph))


def packaged_files() -> list[str]:
    """Return the paths of all packaged files of facts and words."""
    return [*vocabulary_files(), *fact_files()]


def authored(paths: Iterable[str]) -> Authored:
    """Read files. Raises RdfError and SurroundingsError for the first that is refused."""
    return Authored([AuthoredFile(path) for path in paths])


def beside_packaged(paths: Sequence[str]) -> list[str]:
    """Return those of some paths that are no packaged files, each once."""
    packaged = set(map(os.path.realpath, packaged_files()))
    found: dict[str, str] = {}
    for path in paths:
        real = os.path.realpath(path)
        if real not in packaged:
            found.setdefault(real, path)
    return list(found.values())


def graph_names(given: Authored) -> set[NamedNode]:
    """Return the graphs in which a fact stands."""
    return {row[3] for row in given.rows()}

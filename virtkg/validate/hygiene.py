"""Checks that are SPARQL: each file of queries/hygiene selects what is wrong.

A file begins with comment lines: what it asks for, `# severity: error`,
`# message: …` and `# example: …`, in which `{name}` stands for a variable. The
query runs over the named graphs and their union. Of what it selects,
?subject is what the finding is about; ?predicate and ?graph say where.

Knows: the form of these files. Must not know: any single check.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions

from virtkg.finding import Check, Severity
from virtkg.record import record
from virtkg.resources import data_folder, files_below
from virtkg.validate.checks import Fault, Subject, filled, shown

FOLDER: Final = os.path.join("queries", "hygiene")
_KEYS: Final = ("severity", "message", "example")


@record
class HygieneQuery:
    """A check that is a query; `message` is filled in with what it selects."""

    check: Check
    message: str
    text: str


def hygiene_queries(folder: str = "") -> list[HygieneQuery]:
    """Return the checks of a folder, by default the packaged one, in the order of their names."""
    return [_read(path) for path in files_below(folder or os.path.join(data_folder("queries"), "hygiene"), ".rq")]


def run(query: HygieneQuery, given: Subject) -> Iterator[Fault]:
    """Yield what a query selects."""
    found = given.authored.store.query(query.text, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    for row in found:
        yield _fault(query, names, row)


def _fault(query: HygieneQuery, names: list[str], row: QuerySolution) -> Fault:
    iris = {name: term.value for name in names if isinstance(term := row[name], NamedNode)}
    values = {name: shown(iri) for name, iri in iris.items()}
    values |= {name: term.value for name in names if isinstance(term := row[name], Literal)}
    example = filled(query.check.example, values)
    message = filled(query.message, values)
    return Fault(query.check, iris["subject"], message, iris.get("predicate", ""), iris.get("graph", ""), None, example)


def _read(path: str) -> HygieneQuery:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    comments = [line[1:].strip() for line in text.splitlines() if line.startswith("#")]
    said = {found[1]: found[2] for line in comments if (found := re.fullmatch(r"(\w+): (.+)", line))}
    title = " ".join(line for line in comments if line.partition(":")[0] not in _KEYS)
    check = Check(os.path.basename(path)[:-3], Severity[said["severity"].upper()], title, said["example"])
    return HygieneQuery(check, said["message"], text)

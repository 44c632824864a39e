"""Whether every term of the vocabulary is reached: by a question, a query, a rule or the program.

Knows: where each of them names terms. Must not know: what a term means.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from virtkg.finding import Check, Severity
from virtkg.inputs import rule_files
from virtkg.namespaces import OWL, RDF, VKG, expand
from virtkg.resources import data_folder, files_below
from virtkg.validate.checks import Fault, Subject, filled, shown
from virtkg.validate.hygiene import FOLDER

CHECK: Final = Check(
    "term-is-reached",
    Severity.WARNING,
    "Every class and property is reached by a question, a query, a rule or the program.",
    'a query with {subject} in queries/, a rule in ontology/rules/, or words: {subject} vkg:noun "guest kind"@en .',
)
_PACKAGE: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_KINDS: Final = frozenset(OWL + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty"))
_BOUND: Final = VKG + "boundsStatements"
"""What has this annotation is shown with every statement that has it."""


def run(given: Subject) -> Iterator[Fault]:
    """Yield the declared terms that nothing reaches."""
    terms, bounds = set(), set()
    for subject, predicate, value, _ in given.authored.rows():
        if subject.value.startswith(VKG) and predicate.value == RDF + "type" and value.value in _KINDS:
            terms.add(subject.value)
        elif predicate.value == _BOUND:
            bounds.add(subject.value)
    reached = bounds | _named() | _spoken(given)
    for term in sorted(terms - reached):
        example = filled(CHECK.example, {"subject": shown(term)})
        yield Fault(CHECK, term, "is reached by no question, query, rule or part of the program", example=example)


def _spoken(given: Subject) -> set[str]:
    snapshot = given.graph.snapshot
    return {snapshot.iri(term) for _, meanings in snapshot.phrases() for _, _, term in meanings}


@cache
def _named() -> frozenset[str]:
    """Return the terms that rules, queries and the program name; queries of hygiene ask for everything."""
    queries = files_below(data_folder("queries"), ".rq")
    texts = [_text(path) for path in (*rule_files(), *(path for path in queries if FOLDER not in path))]
    curies = {word for text in texts for word in re.findall(r"\bvkg:\w+", text)}
    modules = (_text(path) for path in files_below(_PACKAGE, ".py"))
    words = {word for text in modules for word in re.findall(r"[\"'](\w+)[\"']", text)}
    return frozenset(filter(None, map(expand, curies))) | {VKG + word for word in words}


def _text(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()

"""The closure of the Lehigh University Benchmark: its size, its equality with other engines', and its cost in rows.

The data is not part of the project. It is looked for in the folder `shared`
beside the repository; the variable VIRTKG_SHARED names another one. With
VIRTKG_LUBM=10 ten universities are closed as well, which takes a minute.

owlrl takes a minute for one university and is not run here. Its closure was
compared once: but for what says nothing (compile.is_noise) it is the same
triple by triple, the schema included.
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
from shared import SHARED

from virtkg.inputs import rule_files
from virtkg.namespaces import OWL, OWLRL, RDF, RDFS, XSD
from virtkg.rdf.ntriples import read_columns
from virtkg.rdf.table import TermTable
from virtkg.reason.closed import Materialised
from virtkg.reason.columns import FactColumns, facts_of, grouped
from virtkg.reason.materialise import materialise
from virtkg.reason.terms import Terms, terms_of
from virtkg.reason.work import Work
from virtkg.rules.parse import read_rules
from virtkg.rules.syntax import Rule

FOLDER: Final = SHARED / "bench" / "lubm"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the LUBM data is not here: {FOLDER}")
ten = pytest.mark.skipif(os.environ.get("VIRTKG_LUBM") != "10", reason="VIRTKG_LUBM is not 10")
SIZES: Final = [1, pytest.param(10, marks=ten)]

GIVEN: Final = {1: 100_836, 10: 1_272_868}
CLOSED: Final = {1: 138_478, 10: 1_744_897}
"""The numbers of triples, given and in the cleaned closure, that the data's README states."""

Triples: TypeAlias = set[tuple[bytes, bytes, bytes]]

ONTOLOGY: Final = b"http://swat.cse.lehigh.edu/onto/univ-bench.owl"
TYPE: Final = f"<{RDF}type>".encode()
SAME: Final = f"<{OWL}sameAs>".encode()
THING: Final = f"<{OWL}Thing>".encode()
W3C: Final = b"<http://www.w3.org/"
STRING: Final = f"^^<{XSD}string>".encode()


def term(name: str) -> bytes:
    return b"<" + ONTOLOGY + b"#" + name.encode() + b">"


# ---- our closure


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lubm")


def data(size: int, folder: Path) -> Path:
    # N-Triples is Turtle too, and one peer goes by the name.
    path = folder / f"lubm-{size}.ttl"
    if not path.exists():
        with gzip.open(FOLDER / f"lubm-{size}.nt.gz") as packed, path.open("wb") as file:
            shutil.copyfileobj(packed, file)
    return path


def read(path: Path) -> tuple[Terms, FactColumns]:
    table = TermTable()
    columns = read_columns(str(path), table)
    terms = Terms(table)
    return terms, grouped(terms.type, columns.subjects, columns.predicates, columns.objects)


def closed(path: Path, rules: list[Rule]) -> Materialised:
    terms, given = read(path)
    return materialise(terms, given, rules, Work())


def triples(closure: Materialised) -> Triples:
    texts, type_ = closure.terms.table.texts, closure.terms.type
    return {
        tuple(texts[number] for number in terms_of(type_, fact))  # type: ignore[misc]
        for relation in closure.relations()
        for fact in facts_of(relation, closure.column(relation))
    }


def size_of(closure: Materialised) -> int:
    return sum(len(closure.column(relation)) for relation in closure.relations())


@lru_cache(maxsize=1)
def ours(size: int, folder: Path) -> Triples:
    return triples(closed(data(size, folder), read_rules(rule_files()[0])))


def cleaned(found: Iterable[tuple[bytes, bytes, bytes]]) -> Triples:
    """Leave out what the data's README does: the schema, `x owl:sameAs x`, and types in blank-node classes."""
    return {
        (subject, predicate, object_)
        for subject, predicate, object_ in found
        if subject.startswith(b"<")
        and ONTOLOGY not in subject
        and not (predicate == SAME and subject == object_)
        and not (predicate == TYPE and object_.startswith(b"_:"))
    }


def named(found: Triples) -> Triples:
    """Leave out what has blank nodes, whose labels are an engine's own."""
    return {triple for triple in found if not any(part.startswith(b"_:") for part in triple)}


@pytest.mark.parametrize("size", SIZES)
def test_the_closure_has_the_stated_size(size: int, folder: Path) -> None:
    _, given = read(data(size, folder))
    assert len(given) == GIVEN[size]
    assert len(cleaned(ours(size, folder))) == CLOSED[size]


def test_a_missing_rule_changes_the_size(folder: Path) -> None:
    """The twin that must fail: scm-svf1 makes 547 research assistants employees."""
    rest = [rule for rule in read_rules(rule_files()[0]) if rule.name != OWLRL + "scm-svf1"]
    poorer = cleaned(triples(closed(data(1, folder), rest)))
    assert len(poorer) == CLOSED[1] - UNPAID
    assert poorer < cleaned(ours(1, folder))


# ---- the peers'

INVERSES: Final = {
    (term(inverse), f"<{RDFS}{predicate}>".encode(), term(class_))
    for inverse in ("headOf", "memberOf", "worksFor")
    for predicate, class_ in (("domain", "Person"), ("range", "Organization"))
}
"""sparq gives the inverse of a property, and what is below it, its range as domain; no rule of the tables does."""


@pytest.mark.parametrize("size", SIZES)
def test_sparq_has_the_same_closure(size: int, folder: Path) -> None:
    sparq = pytest.importorskip("sparq")
    graph = sparq.Graph.load(str(data(size, folder)), format="ntriples")
    assert len(graph) == GIVEN[size]
    graph.reason("owl")
    theirs, own = set(from_sparq(graph)), ours(size, folder)
    assert cleaned(theirs) == cleaned(own)
    assert named(theirs) - named(own) == INVERSES
    assert not named(own) - named(theirs)
    assert len(theirs - named(theirs)) == len(own - named(own))


def from_sparq(graph: Any) -> Iterator[tuple[bytes, bytes, bytes]]:
    # One predicate at a time: each term it returns is a Python object.
    for row in graph.query("SELECT DISTINCT ?p WHERE { ?s ?p ?o }").rows:
        for found in graph.construct(f"CONSTRUCT WHERE {{ ?s <{row['p'].value}> ?o }}"):
            subject, predicate, object_ = map(_from_sparq, found)
            yield subject, predicate, object_


def _from_sparq(found: Any) -> bytes:
    if found.kind == "uri":
        return f"<{found.value}>".encode()
    if found.kind == "bnode":
        return f"_:{found.value}".encode()
    # The data has plain literals without escapes only.
    assert found.language is None and found.datatype in (None, XSD + "string")
    return f'"{found.value}"'.encode()


UNPAID: Final = 547
"""reasonable 0.4.4 has no scm-svf1: to work for a research group is to work for an organization."""
MISSED: Final = {"subClassOf": 18, "subPropertyOf": 1, "range": 12, "domain": 10}
"""Nor has it scm-sco, scm-spo, scm-rng1 and scm-dom1, which matter to the schema only."""


def test_reasonable_has_no_more_and_misses_what_is_known(folder: Path) -> None:
    reasonable = pytest.importorskip("reasonable")
    engine = reasonable.PyReasoner()
    engine.load_file(str(data(1, folder)))
    theirs = {tuple(part.n3().encode().removesuffix(STRING) for part in found) for found in engine.reason()}
    own = ours(1, folder)
    # That everything is a Thing is no news, nor is what holds of the terms of OWL.
    more = cleaned(theirs) - own
    assert not {triple for triple in more if triple[2] != THING and not triple[0].startswith(W3C)}
    missed = cleaned(own) - theirs
    assert {triple[1:] for triple in missed} == {(TYPE, term("Employee"))} and len(missed) == UNPAID
    of_schema = Counter(predicate for _, predicate, _ in named(own) - theirs - missed)
    assert of_schema == {f"<{RDFS}{name}>".encode(): count for name, count in MISSED.items()}


# ---- growth, in rows and not in seconds


def departments(size: int, path: Path) -> Path:
    """Write the data of the first departments, and the ontology."""
    others = tuple(f"<http://www.Department{number}." for number in range(size, 15))
    part = path.with_name(f"departments-{size}.ttl")
    with path.open(encoding="utf-8") as whole, part.open("w", encoding="utf-8") as file:
        file.writelines(line for line in whole if not line.startswith(others))
    return part


def rows_per_triple(path: Path, rules: list[Rule]) -> float:
    closure = closed(path, rules)
    return closure.work.rows / size_of(closure)


def growth(large: Path, small: Path, rules: list[Rule]) -> float:
    return rows_per_triple(large, rules) / rows_per_triple(small, rules)


def test_rows_grow_as_the_closure_does(folder: Path) -> None:
    whole = data(1, folder)
    assert growth(whole, departments(2, whole), read_rules(rule_files()[0])) < 1.1


@ten
def test_rows_grow_as_the_closure_does_to_ten_universities(folder: Path) -> None:
    assert growth(data(10, folder), data(1, folder), read_rules(rule_files()[0])) < 1.1

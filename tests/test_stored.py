"""The stored queries: each file is as documented and runs; parameters are terms, never text."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from virtkg import stored
from virtkg.diagnostics import QueryError, UnknownTerm
from virtkg.graph import KnowledgeGraph
from virtkg.resources import data_folder
from virtkg.sparql.guard import QueryForm, outline_of
from virtkg.stored import StoredQuery, bind, stored_queries, stored_query

FOLDER = data_folder("queries")
FOLDERS = {"competency", "hygiene", "questions"}
"""They hold queries of other uses and questions in words, which are not listed."""

NAMES = sorted(name[:-3] for name in os.listdir(FOLDER) if name.endswith(".rq"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of queries of the test's own in place of the packaged one."""
    monkeypatch.setattr(stored, "data_folder", lambda name: str(tmp_path))
    return tmp_path


# each file


def faults(query: StoredQuery) -> list[str]:
    """Return what is wrong with the form of a stored query."""
    found = []
    lines = query.text.splitlines()
    if not lines or not lines[0].startswith("# ") or len(query.title.split()) < 3:
        found.append("no title comment")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", query.name):
        found.append("a name that is hard to type")
    try:
        outline = outline_of(query.text)
    except QueryError as error:
        return [*found, f"not readable: {error.message}"]
    if not outline.ordered and outline.form is QueryForm.SELECT:
        found.append("no order of its own")
    comments = re.findall(r"^# *(?:parameter|default)\b.*", query.text, re.MULTILINE)
    if len(comments) != len(query.parameters) + sum(p.default is not None for p in query.parameters):
        found.append("a parameter or default line that is not read")
    for parameter in query.parameters:
        if len(parameter.meaning.split()) < 2:
            found.append(f"--{parameter.name} is not explained")
        if not re.search(rf"\?{parameter.name}\b", re.sub(r"^#.*", "", query.text, flags=re.MULTILINE)):
            found.append(f"?{parameter.name} does not occur")
    return found


def test_there_are_stored_queries() -> None:
    assert len(NAMES) >= 5
    assert sorted(stored_queries()) == NAMES
    for root, folders, names in os.walk(FOLDER):
        assert set(folders) == (FOLDERS if root == FOLDER else set()), root
        assert names and all(name.endswith((".rq", ".md", ".tsv")) for name in names), root


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_query_is_well_formed(name: str) -> None:
    assert faults(stored_query(name)) == []


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("no title comment", "ASK {}"),
        ("not readable", "# Says all of a thing.\nSELEC"),
        ("not readable", "# Says all of a thing.\nINSERT DATA { <urn:a> <urn:b> <urn:c> }"),
        ("no order", "# Says all of a thing.\nSELECT * { ?s ?p ?o }"),
        ("is not read", "# Says all of a thing.\n# parameter: s\nASK { ?s ?p ?o }"),
        ("is not read", "# Says all of a thing.\n# default s: id:xen\nASK { ?s ?p ?o }"),
        ("not explained", "# Says all of a thing.\n# parameter s:\nASK { ?s ?p ?o }"),
        ("does not occur", "# Says all of a thing.\n# parameter suite: a suite\nASK { ?s ?p ?o }"),
    ],
)
def test_a_bad_query_file_is_found(fault: str, text: str, folder: Path) -> None:
    (folder / "bad.rq").write_text(text)
    assert any(fault in found for found in faults(stored_query("bad")))


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_query_has_rows_without_parameters(name: str, kg: KnowledgeGraph) -> None:
    found = kg.query(name)
    assert found.rows or found.triples or found.boolean
    assert kg.query(name) == found
    assert len(set(found.rows)) == len(found.rows)


@pytest.mark.parametrize("name", [name for name in NAMES if stored_query(name).parameters])
def test_a_default_is_what_is_bound_when_nothing_is_given(name: str, kg: KnowledgeGraph) -> None:
    defaults = {p.name: p.default for p in stored_query(name).parameters if p.default is not None}
    assert kg.query(name, defaults) == kg.query(name)


@pytest.mark.parametrize("name", [name for name in NAMES if stored_query(name).parameters])
def test_a_parameter_changes_the_answer(name: str, kg: KnowledgeGraph) -> None:
    for parameter in stored_query(name).parameters:
        nothing = kg.query(name, {parameter.name: "<http://www.w3.org/2000/01/rdf-schema#label>"})
        assert nothing != kg.query(name)


def test_some_queries_have_parameters() -> None:
    assert any(query.parameters for query in stored_queries().values())
    assert any(parameter.default for query in stored_queries().values() for parameter in query.parameters)


# names and parameters


def test_a_wrong_name_is_refused_with_near_names(kg: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="sourcs") as raised:
        kg.query("sourcs")
    assert (raised.value.code, raised.value.suggestions[0]) == ("Q306", "sources")
    with pytest.raises(QueryError) as raised:
        kg.query("../queries/sources")
    assert raised.value.code == "Q306"


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_parameter_is_refused(name: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="--nobody") as raised:
        kg.query(name, {"nobody": "Xen"})
    assert raised.value.code == "Q307"
    assert all(f"--{parameter.name}" in raised.value.hint for parameter in stored_query(name).parameters)


TEXT = "# Names the things of a class.\n# parameter class: a class\nSELECT ?s { ?s a ?class } ORDER BY ?s"
INJECTIONS = [
    "id:xen } UNION { ?s ?p ?o",
    "<urn:x> } } ; DROP ALL #",
    "<urn:x>) } VALUES (?s) { (<urn:y>",
    '"x" } SERVICE <http://127.0.0.1/> { ?s ?p ?o',
    "?p",
    "UNDEF",
    "1 2",
    "1)} #",
    "٣٤ }",
    "Xen\n} UNION {",
    "\\u003E } UNION {",
]


@pytest.mark.parametrize("value", INJECTIONS)
def test_sparql_in_a_value_never_reaches_the_query(value: str, kg: KnowledgeGraph, folder: Path) -> None:
    (folder / "things.rq").write_text(TEXT)
    with pytest.raises(UnknownTerm) as raised:
        kg.query("things", {"class": value})
    assert raised.value.code == "E201"


def test_what_is_bound_is_one_term_whatever_finds_it(folder: Path) -> None:
    (folder / "things.rq").write_text(TEXT)
    query = stored_query("things")
    for value in INJECTIONS:
        bound = bind(query, {"class": value}, lambda text: NamedNode("urn:found"))
        assert bound == f"{TEXT}\nVALUES (?class) {{ (<urn:found>) }}\n"
        assert value not in bound.removeprefix(TEXT)
    assert bind(query, {}, lambda text: NamedNode("urn:found")) == TEXT


@pytest.mark.parametrize("number", ["0", "-5", "64", "9" * 18])
def test_a_whole_number_stands_for_itself(number: str, folder: Path, kg: KnowledgeGraph) -> None:
    (folder / "numbers.rq").write_text("# Gives a number back.\n# parameter n: a number\nSELECT ?n {} ORDER BY ?n")
    ((found,),) = kg.query("numbers", {"n": number}).rows
    assert getattr(found, "value", None) == number
    assert str(found).endswith("^^<http://www.w3.org/2001/XMLSchema#integer>")


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5000, "٣", "1.5", "--1"])
def test_what_is_no_number_of_the_engine_is_looked_up(number: str, folder: Path, kg: KnowledgeGraph) -> None:
    (folder / "numbers.rq").write_text("# Gives a number back.\n# parameter n: a number\nSELECT ?n {} ORDER BY ?n")
    with pytest.raises(UnknownTerm):
        kg.query("numbers", {"n": number})


def test_several_parameters_are_bound_together(folder: Path, kg: KnowledgeGraph) -> None:
    (folder / "pair.rq").write_text(
        "# Tells whether a suite runs a mode.\n# parameter suite: a suite\n# default suite: XenServer 6\n"
        "# parameter mode: a mode\nSELECT ?suite ?mode {\n  ?suite <https://w3id.org/virtkg/ns#runsMode> ?mode }\n"
        "ORDER BY ?suite ?mode # the last line may be a comment"
    )
    assert len(kg.query("pair", {"mode": "PV"}).rows) == 1
    assert len(kg.query("pair").rows) > 1
    assert kg.query("pair", {"mode": "PV", "suite": "id:xen"}) != kg.query("pair", {"mode": "PV"})


def test_a_default_that_nothing_has_is_an_error(folder: Path, kg: KnowledgeGraph) -> None:
    (folder / "bad.rq").write_text(TEXT.replace("\nSELECT", "\n# default class: nobody\nSELECT"))
    with pytest.raises(UnknownTerm, match="nobody"):
        kg.query("bad")

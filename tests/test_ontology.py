"""The versions that ontology, package and project state; what else is authored, `virtkg validate` checks."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

import virtkg
from virtkg.inputs import vocabulary_files
from virtkg.namespaces import BASE, OWL
from virtkg.rdf.read import Row, read_file

ROOT = Path(__file__).parent.parent
UMBRELLA = NamedNode(BASE.rstrip("/"))


def wrong_version(rows: list[Row], version: str) -> list[str]:
    """Return what the umbrella ontology states of its version, if it is not this one."""
    stated = {
        predicate.value.removeprefix(OWL): value
        for subject, predicate, value, _ in rows
        if subject == UMBRELLA and predicate.value.startswith(OWL + "version")
    }
    wanted = {"versionInfo": Literal(version), "versionIRI": NamedNode(BASE + version)}
    return [] if stated == wanted else sorted(map(str, stated.values()))


@pytest.fixture(scope="module")
def vocabulary() -> list[Row]:
    return [row for path in vocabulary_files() for row in read_file(path)]


def test_the_ontology_has_the_version_of_the_package(vocabulary: list[Row]) -> None:
    assert wrong_version(vocabulary, virtkg.__version__) == []


def test_another_version_is_noticed(vocabulary: list[Row]) -> None:
    assert wrong_version(vocabulary, "9.9")
    assert wrong_version([row for row in vocabulary if row[1].value != OWL + "versionIRI"], virtkg.__version__)


def test_package_and_project_have_one_version() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == virtkg.__version__


def test_shapes_are_no_facts() -> None:
    assert not [path for path in vocabulary_files() if "shapes" in path] and len(vocabulary_files()) > 20

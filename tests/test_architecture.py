"""The house: sizes, what modules say of themselves, no domain words in code, and a README that is true."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import virtkg
from virtkg.graph import KnowledgeGraph
from virtkg.namespaces import RDFS, SKOS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "virtkg"
MODULES = sorted(PACKAGE.rglob("*.py"))
README = (ROOT / "README.md").read_text()

MODULE_LINES = 400
FUNCTION_LINES = 60


def functions() -> Iterator[tuple[str, int]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def test_modules_are_small() -> None:
    assert len(MODULES) > 40
    assert not [path for path in MODULES if len(path.read_text().splitlines()) > MODULE_LINES]


def test_functions_are_small() -> None:
    sizes = dict(functions())
    assert not [name for name, size in sizes.items() if size > FUNCTION_LINES]
    assert statistics.median(sizes.values()) <= 12
    assert statistics.quantiles(sizes.values(), n=10)[-1] <= 35


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_says_what_it_knows_and_must_not_know(path: Path) -> None:
    text = ast.get_docstring(ast.parse(path.read_text()))
    assert text
    if path.name not in ("__init__.py", "__main__.py"):
        assert "Knows" in text and "Must not know" in text


def test_no_thing_of_the_graph_is_named_in_code(kg: KnowledgeGraph) -> None:
    """A name in a string would be an answer, or a rule, that no fact supports."""
    rows = kg.sparql(
        f"""SELECT DISTINCT ?name {{
            ?thing <{RDFS}isDefinedBy> ?module ; <{RDFS}label>|<{SKOS}altLabel> ?name .
            FILTER(STRSTARTS(STR(?module), "https://w3id.org/virtkg/things/")) }}"""
    ).rows
    names = {name for (literal,) in rows if len(name := literal.value.casefold()) > 3}  # type: ignore[union-attr]
    assert len(names) > 200
    for path in MODULES:
        tree = ast.parse(path.read_text())
        docs = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                said = node.value.casefold()
                found = [name for name in names if name in said and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said)]
                assert not found, f"{path.relative_to(ROOT)}:{node.lineno} names {found}"


def _has_docstring(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return isinstance(body, list) and bool(body) and isinstance(body[0], ast.Expr)


# the README


def test_the_stage_table_is_the_tree() -> None:
    rows = re.findall(r"^\| \w+ \| .* \| (.*) \|$", README, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([\w/.]+)`", row)}
    assert len(named) > 15
    assert not [name for name in named if not (ROOT / name).exists()]
    folders = {f"virtkg/{path.name}/" for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert folders <= named


def test_every_command_is_in_the_readme() -> None:
    listed = subprocess.run([sys.executable, "-m", "virtkg", "--help"], capture_output=True, text=True, check=True)
    commands = re.findall(r"^  (\w+)  ", listed.stdout, re.MULTILINE)
    assert len(commands) == 13
    assert not [command for command in commands if f"`virtkg {command}" not in README]


EXAMPLES = re.findall(r"^\$ (virtkg .*)\n((?:(?!\$ |```).*\n)*)", README, re.MULTILINE)


def test_the_readme_has_examples() -> None:
    assert len(EXAMPLES) >= 4


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_the_readme_shows_what_is_printed(command: str, output: str) -> None:
    done = subprocess.run(
        ["bash", "-c", command.replace("virtkg", f"{sys.executable} -m virtkg", 1)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout + done.stderr).strip() == output.strip()


def test_versions_agree() -> None:
    assert f'version = "{virtkg.__version__}"' in (ROOT / "pyproject.toml").read_text()
    assert f"version: {virtkg.__version__}" in (ROOT / "CITATION.cff").read_text()
    assert f"## {virtkg.__version__}" in (ROOT / "CHANGELOG.md").read_text()

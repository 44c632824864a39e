"""The wheel, an editable install and a plain checkout hold what they need and give the same answer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from importlib.util import find_spec
from pathlib import Path

import pytest
from command import ROOT, environment

import virtkg
from virtkg.resources import files_below

QUESTION = "suites with page sharing"
NEEDED = ("hatchling", "build", "pip")

pytestmark = pytest.mark.skipif(
    any(not os.path.isdir(os.path.join(sysconfig.get_path("purelib"), name)) for name in NEEDED),
    reason=f"needs {', '.join(NEEDED)} beside the running Python",
)


def call(*command: str | Path, cwd: Path, **env: str | None) -> subprocess.CompletedProcess[bytes]:
    """Run a command away from the checkout, without a network."""
    away = {"PYTHONPATH": None, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_FIND_LINKS": None}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment({**away, **env}), capture_output=True, check=False
    )


def succeeded(ended: subprocess.CompletedProcess[bytes]) -> bytes:
    assert ended.returncode == 0, ended.stderr.decode()
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout, built without touching it."""
    folder = tmp_path_factory.mktemp("wheel")
    before = set(os.listdir(ROOT))
    succeeded(call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, ROOT, cwd=folder))
    assert set(os.listdir(ROOT)) == before
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        assert archive.testzip() is None
        return sorted(archive.namelist())


def empty_environment(folder: Path) -> Path:
    """Make an environment that has the dependencies of the running Python, but not virtkg; return its scripts."""
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    of_venv = succeeded(
        call(scripts / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder)
    )
    purelib = Path(of_venv.decode().strip())
    # Later on the path than what is installed here; .pth files there are not followed, so no editable virtkg either.
    (purelib / "dependencies.pth").write_text(
        sysconfig.get_path("purelib") + "\n" + sysconfig.get_path("platlib") + "\n"
    )
    return scripts


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment with the wheel."""
    scripts = empty_environment(tmp_path_factory.mktemp("installed") / "venv")
    succeeded(call(scripts / "python", "-m", "pip", "install", "--no-deps", "--ignore-installed", wheel, cwd=scripts))
    return scripts


@pytest.fixture(scope="module")
def editable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The scripts of an environment with the checkout as an editable install."""
    if "dev-mode-dirs" not in (ROOT / "pyproject.toml").read_text() and find_spec("editables") is None:
        pytest.skip("hatchling needs the package editables for this")
    scripts = empty_environment(tmp_path_factory.mktemp("editable") / "venv")
    before = set(os.listdir(ROOT))
    options = ("--no-deps", "--no-build-isolation", "-e")
    succeeded(call(scripts / "python", "-m", "pip", "install", *options, ROOT, cwd=scripts))
    yield scripts
    assert set(os.listdir(ROOT)) == before


# what is in the wheel


def test_the_wheel_has_all_data(names: list[str]) -> None:
    for folder in ("ontology", "queries"):
        expected = [os.path.relpath(path, ROOT) for path in files_below(str(ROOT / folder), "")]
        assert expected
        inside = [name.removeprefix("virtkg/_data/") for name in names if name.startswith(f"virtkg/_data/{folder}/")]
        assert sorted(inside) == sorted(path.replace(os.sep, "/") for path in expected)


def test_the_wheel_has_all_modules_and_the_files_beside_them(names: list[str]) -> None:
    suffixes = (".py", ".lark", ".srl", ".tsv", ".typed")
    expected = [
        os.path.relpath(path, ROOT).replace(os.sep, "/") for path in files_below(str(ROOT / "virtkg"), *suffixes)
    ]
    assert {"virtkg/py.typed", "virtkg/rules/owl2rl.srl"} <= set(expected)
    assert [name for name in names if name.startswith("virtkg/") and "/_data/" not in name] == expected


def test_the_wheel_has_the_licences_and_nothing_that_is_not_for_users(names: list[str]) -> None:
    info = f"virtkg-{virtkg.__version__}.dist-info"
    assert {f"{info}/licenses/LICENSE", f"{info}/licenses/LICENSE-DATA"} <= set(names)
    assert {name.split("/")[0] for name in names} == {"virtkg", info}
    assert not [name for name in names if re.search(r"(^|[/_])tests?[_./]|/\.|__pycache__", name.lower())]


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    info = f"virtkg-{virtkg.__version__}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        metadata = Parser().parsestr(archive.read(f"{info}/METADATA").decode())
        entries = archive.read(f"{info}/entry_points.txt").decode()
    assert (metadata["Name"], metadata["Version"]) == ("virtkg", virtkg.__version__)
    assert metadata["Requires-Python"] == ">=3.11"
    needed = {
        line.split(">")[0].split("<")[0] for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line
    }
    assert {"click", "lark", "pyoxigraph", "rdflib", "owlrl", "rich", "rapidfuzz"} <= needed
    assert "virtkg = virtkg.cli:main" in entries
    assert "# " in str(metadata.get_payload())  # the README


def test_two_wheels_are_the_same(wheel: Path, tmp_path: Path) -> None:
    succeeded(
        call(
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "-o",
            tmp_path,
            ROOT,
            cwd=tmp_path,
            TZ="Asia/Tokyo",
        )
    )
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


# what it answers


@pytest.fixture(scope="module")
def from_checkout(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The answer of the plain checkout, asked from elsewhere."""
    folder = tmp_path_factory.mktemp("checkout")
    command = (sys.executable, "-m", "virtkg", "ask", QUESTION)
    answer = succeeded(call(*command, cwd=folder, PYTHONPATH=str(ROOT), VIRTKG_CACHE=str(folder / "cache")))
    assert answer.count(b"\n") > 5
    return answer


@pytest.mark.parametrize("kind", ["installed", "editable"])
def test_every_way_to_install_gives_the_same_answer(
    kind: str, from_checkout: bytes, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    scripts: Path = request.getfixturevalue(kind)
    cache = str(tmp_path / "cache")
    assert succeeded(call(scripts / "virtkg", "ask", QUESTION, cwd=tmp_path, VIRTKG_CACHE=cache)) == from_checkout
    module = (scripts / "python", "-m", "virtkg", "ask", QUESTION)
    assert succeeded(call(*module, cwd=tmp_path, VIRTKG_CACHE=cache)) == from_checkout
    for arguments in (["sparql", "ASK { id:xen ?p ?o }"], ["query", "sources"], ["why", "XenServer 6 runs PV"]):
        succeeded(call(scripts / "virtkg", *arguments, cwd=tmp_path, VIRTKG_CACHE=cache))
    where = (scripts / "python", "-c", "import virtkg; print(virtkg.__file__)")
    home = Path(succeeded(call(*where, cwd=tmp_path)).decode().strip())
    assert home.is_relative_to(ROOT) is (kind == "editable")
    assert home.is_relative_to(scripts.parent) is (kind == "installed")


def test_an_installation_does_not_read_what_lies_about(installed: Path, from_checkout: bytes, tmp_path: Path) -> None:
    for folder in ("ontology", "queries"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "bad.ttl").write_text("this is no Turtle")
    answer = call(installed / "virtkg", "ask", QUESTION, "--no-cache", cwd=tmp_path)
    assert succeeded(answer) == from_checkout


def test_an_installation_without_its_data_says_so(installed: Path, tmp_path: Path) -> None:
    data = next(installed.parent.rglob("virtkg/_data"))
    moved = tmp_path / "moved"
    shutil.move(data, moved)
    try:
        ended = call(installed / "virtkg", "ask", QUESTION, cwd=tmp_path)
    finally:
        shutil.move(moved, data)
    assert (ended.returncode, ended.stdout) == (6, b"")
    assert ended.stderr.startswith(b"error[S601]: ")


def test_a_missing_dependency_is_not_hidden(installed: Path, tmp_path: Path) -> None:
    """The environments of these tests see the dependencies only through their own path file."""
    path = next(installed.parent.rglob("dependencies.pth"))
    text = path.read_text()
    path.write_text("")
    try:
        ended = call(installed / "python", "-c", "import pyoxigraph", cwd=tmp_path)
    finally:
        path.write_text(text)
    assert ended.returncode == 1

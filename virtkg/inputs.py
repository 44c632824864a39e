"""What a graph is made of: the files and choices that name it, and their key.

Knows: which files the packaged graph has, and how inputs are hashed.
Must not know: what the files say, or how a graph is built from them.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from importlib.util import find_spec

import pyoxigraph

from virtkg.diagnostics import RdfError, SurroundingsError
from virtkg.record import record
from virtkg.resources import data_folder, files_below
from virtkg.snapshot.layout import FORMAT

try:
    # What `hashlib` gives; that would load OpenSSL too, which takes 3 ms.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


@record
class Inputs:
    """What a graph is made of, beside the packaged files.

    `data` are paths of RDF files, `rules` of SRL files; `sources` the slugs of
    the only sources to believe (none: all); `engine` is "virtkg" or "owlrl".
    """

    data: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    engine: str = "virtkg"


def vocabulary_files() -> list[str]:
    """Return the packaged files whose facts stand in the graph of the module."""
    shapes = set(shape_files())
    return [path for path in files_below(data_folder("ontology"), ".ttl") if path not in shapes]


def shape_files() -> list[str]:
    """Return the packaged shapes, which say how facts should look and are none themselves."""
    return files_below(os.path.join(data_folder("ontology"), "shapes"), ".ttl")


def fact_files() -> list[str]:
    """Return the packaged files whose facts stand in the graphs of their sources."""
    return files_below(data_folder("ontology"), ".trig")


def rule_files() -> list[str]:
    """Return the packaged rules: OWL 2 RL, then the domain's."""
    return [os.path.join(_PACKAGE, "rules", "owl2rl.srl"), *files_below(data_folder("ontology"), ".srl")]


def key(inputs: Inputs) -> bytes:
    """Return 32 bytes that differ whenever the graph of some inputs could differ.

    Raises RdfError or SurroundingsError when an input cannot be read.
    """
    digest = blake2b(digest_size=32)  # takes half as long as SHA-256
    for part in _parts(inputs):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def _parts(inputs: Inputs) -> Iterator[bytes]:
    versions = (FORMAT, sys.version_info[:2], pyoxigraph.__version__, inputs.engine, inputs.sources)
    yield repr(versions).encode()
    yield _bytes(_lark())
    for root, folders, names in os.walk(_PACKAGE):
        # A checkout changes without a new version; content would cost more than a stat.
        folders[:] = sorted(name for name in folders if name not in ("__pycache__", "_data") and name[0] != ".")
        for name in sorted(names):
            if not name.endswith(".pyc"):
                status = os.stat(os.path.join(root, name))
                yield f"{name} {status.st_size} {status.st_mtime_ns}".encode()
    for path in (*vocabulary_files(), *fact_files(), *rule_files(), *inputs.data, *inputs.rules):
        yield os.path.basename(path).encode("utf-8", "surrogateescape")
        yield _bytes(path)


def _lark() -> str:
    """Return the file of lark that says its version: importing lark for that would take a quarter of a warm `ask`."""
    found = find_spec("lark")
    assert found is not None and found.origin is not None
    return found.origin


def _bytes(path: str) -> bytes:
    try:
        # A pipe can be read once only, and an input is read for the key and again for its facts.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise SurroundingsError("S602", f"{path}: not a regular file", hint="save the input to a file first")
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise SurroundingsError(
            "S602", f"{path}: {error.strerror}", hint="check the path and its permissions"
        ) from None
    except ValueError as error:
        raise RdfError("D301", f"{path!r}: not a path ({error})", hint="check the path") from None

"""HermiT finds the vocabulary consistent with each single source, and agrees on the members of defined classes.

HermiT sees the authored files, with blank class expressions, but without dates:
it refuses the datatypes xsd:date, xsd:gYearMonth and xsd:gYear (OWL 2
Structural Specification, 4). The union of all sources is not judged: sources
may contradict each other.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import owlready2  # type: ignore[import-untyped]
import pyoxigraph as ox
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from virtkg.inputs import fact_files, vocabulary_files
from virtkg.namespaces import ID, OWL, OWLRL, PREFIXES, RDF, RDFS, SKOS, SRC, VKG, XSD
from virtkg.reason.closure import close
from virtkg.rules.syntax import Rule

needs_java = pytest.mark.skipif(
    shutil.which("java") is None, reason="HermiT is a Java program, and java is not installed"
)

DATES = {XSD + name for name in ("date", "gYearMonth", "gYear", "dateTime")}
HEAD = "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())
SAID = {RDFS + "label", SKOS + "altLabel", SKOS + "definition", VKG + "note", VKG + "asWritten", VKG + "locator"}
"""Annotations with texts, of which no axiom speaks; they are half of what HermiT would have to read."""

BATCH = 60
DEFINED = ("PVCapableSuite", "HardwareAssistedMode", "ParavirtualizingSuite")


def read(path: str, syntax: RdfFormat) -> list[ox.Quad]:
    return list(ox.parse(Path(path).read_bytes(), format=syntax))


@pytest.fixture(scope="module")
def vocabulary() -> list[Triple]:
    """The modules and the things as authored."""
    return [quad.triple for path in vocabulary_files() for quad in read(path, RdfFormat.TURTLE)]


@pytest.fixture(scope="module")
def sources() -> dict[str, list[Triple]]:
    """The facts of each source as authored."""
    found: dict[str, list[Triple]] = {}
    for path in fact_files():
        for quad in read(path, RdfFormat.TRIG):
            assert isinstance(quad.graph_name, NamedNode)
            found.setdefault(quad.graph_name.value, []).append(quad.triple)
    return found


def parted(vocabulary: list[Triple]) -> tuple[list[Triple], dict[str, list[Triple]]]:
    """Return what is said of classes and properties, and what is said of each thing."""
    axioms: list[Triple] = []
    things: dict[str, list[Triple]] = {}
    for fact in vocabulary:
        name = str(fact.subject)
        if name.startswith(f"<{ID}"):
            things.setdefault(name, []).append(fact)
        else:
            axioms.append(fact)
    return axioms, things


def about(facts: Iterable[Triple], things: dict[str, list[Triple]]) -> list[Triple]:
    """Return what the vocabulary says of the things that facts name, and of those that this names in turn.

    What it says of others cannot contradict the facts, and HermiT would judge it again for each source.
    """
    found: dict[str, list[Triple]] = {}
    reached = [str(term) for fact in facts for term in (fact.subject, fact.object)]
    while reached:
        name = reached.pop()
        if name in things and name not in found:
            found[name] = things[name]
            reached += [str(fact.object) for fact in things[name]]
    return [fact for group in found.values() for fact in group]


def planted(text: str) -> list[Triple]:
    return [quad.triple for quad in ox.parse(HEAD + text, format=RdfFormat.TURTLE)]


def hermit(folder: Path, graphs: Sequence[Iterable[Triple]], *options: str) -> tuple[list[str], str]:
    """Run HermiT once over several graphs, each by itself; it stops at the first inconsistent one.

    Returns the lines that it printed, and what it said on stderr.
    """
    files = []
    for number, graph in enumerate(graphs):
        file = folder / f"{number}.nt"
        file.write_text("".join(f"{fact} .\n" for fact in graph if is_for_hermit(fact)), encoding="utf-8")
        files.append(file.as_uri())
    home = os.path.join(os.path.dirname(owlready2.__file__), "hermit")
    classes = os.pathsep.join([home, os.path.join(home, "HermiT.jar")])
    command = ["java", "-Xmx1000M", "-cp", classes, "org.semanticweb.HermiT.cli.CommandLine", *options, *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return done.stdout.splitlines(), done.stderr


def is_for_hermit(fact: Triple) -> bool:
    if fact.predicate.value in SAID or fact.predicate.value == OWL + "imports":
        return False
    return not (isinstance(fact.object, Literal) and fact.object.datatype.value in DATES)


def inconsistent(folder: Path, graphs: dict[str, list[Triple]]) -> str | None:
    """Return the name of the first graph that is inconsistent, or None."""
    lines, said = hermit(folder, list(graphs.values()), "-k")
    judged = [line for line in lines if line == f"{OWL}Thing is satisfiable."]
    if len(judged) == len(graphs):
        return None
    assert "InconsistentOntologyException" in said, said
    return list(graphs)[len(judged)]


@needs_java
def test_each_source_is_consistent(vocabulary: list[Triple], sources: dict[str, list[Triple]], tmp_path: Path) -> None:
    assert len(sources) > 300 and all(name.startswith(SRC) for name in sources)
    axioms, things = parted(vocabulary)
    graphs = {name: axioms + about(facts, things) + facts for name, facts in sources.items()}
    names = list(graphs)
    for first in range(0, len(names), BATCH):
        batch = {name: graphs[name] for name in names[first : first + BATCH]}
        assert inconsistent(tmp_path, batch) is None


@needs_java
def test_the_vocabulary_is_consistent(vocabulary: list[Triple], tmp_path: Path) -> None:
    assert inconsistent(tmp_path, {"the vocabulary": vocabulary}) is None


CONTRADICTIONS = [
    "id:pv a vkg:Resource .",
    "id:xenserver-6 vkg:supports id:hvm .",
    "id:xen vkg:usesHypervisor id:kvm .",
    "id:pvhvm-disk vkg:hasPerformance id:disk .",
    "id:xen a [ a owl:Class ; owl:complementOf [ owl:onProperty vkg:runsMode ; owl:hasValue id:pv ] ] .",
    'id:vsphere-5.1 vkg:maxVcpusPerVm "many" .',
]


@needs_java
@pytest.mark.parametrize("text", CONTRADICTIONS)
def test_a_contradiction_in_one_source_is_found(
    text: str, vocabulary: list[Triple], sources: dict[str, list[Triple]], tmp_path: Path
) -> None:
    seed = SRC + "cmu-virtualization-suites"
    graphs = {name: vocabulary + sources[name] for name in (SRC + "xen-tags", seed, SRC + "xcp-ng-glossary")}
    graphs[seed] = graphs[seed] + planted(text)
    assert inconsistent(tmp_path, graphs) == seed


def members(triples: Iterable[Triple]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in DEFINED}
    for fact in triples:
        class_ = fact.object.value.removeprefix(VKG) if isinstance(fact.object, NamedNode) else ""
        if fact.predicate.value == RDF + "type" and class_ in found:
            found[class_].add(str(fact.subject)[1:-1].removeprefix(ID))
    return found


@needs_java
def test_hermit_finds_the_members_of_defined_classes(
    vocabulary: list[Triple],
    sources: dict[str, list[Triple]],
    stated: frozenset[Triple],
    rules: tuple[Rule, ...],
    tmp_path: Path,
) -> None:
    facts = [fact for graph in sources.values() for fact in graph]
    lines, said = hermit(tmp_path, [vocabulary + facts], "-c", "-I")
    types = re.findall(r"^Type\( <([^>]*)> <([^>]*)> \)$", "\n".join(lines), re.MULTILINE)
    assert types, said
    by_hermit = members(Triple(NamedNode(s), NamedNode(RDF + "type"), NamedNode(class_)) for s, class_ in types)
    own = close(stated, [rule for rule in rules if rule.name.startswith(OWLRL)])
    assert by_hermit == members(own.inferred)
    assert "xenserver-6.5" in by_hermit["PVCapableSuite"]
    assert {"hvm", "hvm-with-pv-drivers", "pvh", "pvhvm"} <= by_hermit["HardwareAssistedMode"]
    assert {"hyper-v-2012", "xenserver-6"} <= by_hermit["ParavirtualizingSuite"]


@needs_java
def test_every_class_can_have_members(vocabulary: list[Triple], tmp_path: Path) -> None:
    assert unsatisfiable(vocabulary, tmp_path) == []
    impossible = planted("vkg:Impossible a owl:Class ; rdfs:subClassOf vkg:Mode , vkg:Resource .")
    assert unsatisfiable(vocabulary + impossible, tmp_path) == [VKG + "Impossible"]


def unsatisfiable(graph: list[Triple], folder: Path) -> list[str]:
    lines, said = hermit(folder, [graph], "-U")
    assert lines and "Exception" not in said, said
    found = re.findall(r"\S*[:/#]\S+", "\n".join(lines[1:]))
    return [name for name in (word.strip("<>") for word in found) if name not in (OWL + "Nothing", "owl:Nothing")]

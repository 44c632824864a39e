"""Checks that are SHACL: each named shape of ontology/shapes is one.

A shape says with sh:message what is needed, with sh:severity how much it
matters, and with skos:example how it should look. The data are all facts in
one graph; beside them, each named graph with facts is an sd:NamedGraph, so
that shapes can speak of graphs.

Knows: pyshacl, which is imported when it is used and need not be installed.
Must not know: any single shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from virtkg.finding import Check, Severity
from virtkg.inputs import shape_files
from virtkg.namespaces import RDF, SKOS
from virtkg.validate.authored import Authored, graph_names
from virtkg.validate.checks import Fault, Subject, filled, shown

if TYPE_CHECKING:
    import rdflib

SHAPE: Final = "https://w3id.org/virtkg/shape/"
SH: Final = "http://www.w3.org/ns/shacl#"
MISSING: Final = "shapes not checked: pyshacl is not installed; install it with: pip install 'virtkg[shacl]'"

_TYPE: Final = NamedNode(RDF + "type")
_NAMED_GRAPH: Final = NamedNode("http://www.w3.org/ns/sparql-service-description#NamedGraph")
_SEVERITIES: Final = {SH + "Violation": Severity.ERROR, SH + "Warning": Severity.WARNING, SH + "Info": Severity.INFO}
_COUNTS: Final = {
    SH + "MinCountConstraintComponent": "none is stated",
    SH + "MaxCountConstraintComponent": "several are",
}


def installed() -> bool:
    """Tell whether there is something that runs shapes."""
    return find_spec("pyshacl") is not None


def shape_checks() -> list[Check]:
    """Return the shapes as checks, in the order of their names."""
    said: dict[str, dict[str, str]] = {}
    for path in shape_files():
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(SHAPE):
                value = quad.object.value if isinstance(quad.object, NamedNode | Literal) else ""
                said.setdefault(quad.subject.value, {})[quad.predicate.value] = value
    return [_check(shape.removeprefix(SHAPE), said[shape]) for shape in sorted(said)]


def _check(name: str, said: dict[str, str]) -> Check:
    severity = _SEVERITIES[said.get(SH + "severity", SH + "Violation")]
    return Check(name, severity, said[SH + "message"], said[SKOS + "example"])


def run(given: Subject) -> Iterator[Fault]:
    """Yield what breaks a shape, each thing once for each shape, in the order of both names."""
    import pyshacl
    import rdflib

    shapes = rdflib.Graph()
    for path in shape_files():
        shapes.parse(path, format="turtle")
    # Every fact is in the graph already: no inference, and nothing is added that would ask for a copy.
    _, results, _ = pyshacl.validate(_data(given.authored), shacl_graph=shapes, inference="none", inplace=True)
    assert isinstance(results, rdflib.Graph)
    checks = {check.name: check for check in shape_checks()}
    faults: dict[tuple[str, str], Fault] = {}
    for result in results.subjects(rdflib.RDF.type, rdflib.URIRef(SH + "ValidationResult")):
        fault = _fault(results, result, checks)
        # One that names a wrong value says more than one that counts.
        if fault.message >= faults.get((fault.check.name, fault.subject), fault).message:
            faults[fault.check.name, fault.subject] = fault
    yield from (faults[key] for key in sorted(faults))


def _data(given: Authored) -> rdflib.Graph:
    """Return all facts in one graph, with the names of the graphs in which they stand."""
    import rdflib

    facts = {Triple(*row[:3]) for row in given.rows()}
    facts |= {Triple(graph, _TYPE, _NAMED_GRAPH) for graph in graph_names(given)}
    graph = rdflib.Graph()
    graph.parse(data=serialize(facts, format=RdfFormat.N_TRIPLES), format="nt")
    return graph


def _fault(results: rdflib.Graph, result: rdflib.term.Node, checks: dict[str, Check]) -> Fault:
    import rdflib

    def said(name: str) -> str:
        value = results.value(result, rdflib.URIRef(SH + name))
        return "" if value is None else str(value)

    check, subject, value = checks[said("sourceShape").removeprefix(SHAPE)], said("focusNode"), said("value")
    path = results.value(result, rdflib.URIRef(SH + "resultPath"))
    predicate = str(path) if isinstance(path, rdflib.URIRef) else ""
    more = _COUNTS.get(said("sourceConstraintComponent"), "")
    if value and value != subject:
        more = f"{shown(value) if ':' in value else value} is none"
    message = f"{check.title}: {more}" if more else check.title
    return Fault(check, subject, message, predicate, "", None, filled(check.example, {"subject": shown(subject)}))

"""The W3C tests of SPARQL 1.2 RL, where they are: syntax, well-formedness, stratification and evaluation.

The files are not part of the project. They are looked for in the folder
`shared` beside the repository; the variable VIRTKG_SHARED names another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest
import rdflib
from pyoxigraph import Triple
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from shared import SHARED

from virtkg.diagnostics import RdfError, RuleError
from virtkg.namespaces import GENID
from virtkg.rdf.read import read_file
from virtkg.reason.closure import close
from virtkg.rules.parse import parse_rule_set, read_rules
from virtkg.rules.stratify import components
from virtkg.rules.wellformed import check_well_formed

FOLDER: Final = SHARED / "testsuites" / "srl"
COUNT: Final = 111
MF: Final = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SRLT: Final = rdflib.Namespace("http://www.w3.org/ns/sparql-rl-tests#")

MISSED: Final = {
    "link-path-1": "needs triple terms in facts; a fact has IRIs and literals only, and R304 says so",
}
"""Tests that are not passed, each with its reason."""

needs_suite = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the W3C tests are not here: {FOLDER}")


@dataclass(frozen=True)
class Case:
    """One test: `data` and `result` only for an evaluation, `positive` for all others."""

    name: str
    kind: str
    positive: bool
    rules: Path
    data: Path | None = None
    result: Path | None = None


def collect(manifest: Path) -> Iterator[Case]:
    """Yield the tests of a manifest and of those that it includes, in order."""
    graph = rdflib.Graph().parse(manifest, format="turtle", publicID=manifest.as_uri())
    here = rdflib.URIRef(manifest.as_uri())
    for included in graph.objects(here, MF.include):
        for other in Collection(graph, included):
            yield from collect(local(other))
    for entries in graph.objects(here, MF.entries):
        for entry in Collection(graph, entries):
            yield case(graph, entry)


def local(iri: object) -> Path:
    return Path(str(iri).removeprefix("file://"))


def case(graph: rdflib.Graph, entry: rdflib.term.Node) -> Case:
    (type_,) = graph.objects(entry, rdflib.RDF.type)
    (name,) = graph.objects(entry, MF.name)
    (action,) = graph.objects(entry, MF.action)
    kind = str(type_).removeprefix(str(SRLT)).removeprefix("Rules").removesuffix("Test")
    if kind == "Eval":
        (rules,), (data,) = graph.objects(action, SRLT.ruleset), graph.objects(action, SRLT.data)
        (result,) = graph.objects(entry, MF.result)
        return Case(str(name), kind, True, local(rules), local(data), local(result))
    sign = "Positive" if kind.startswith("Positive") else "Negative"
    return Case(str(name), kind.removeprefix(sign), sign == "Positive", local(action))


def fault(case: Case) -> str:
    """Say what is wrong with the outcome of a test, "" if it is passed."""
    if case.kind == "Eval":
        return compare(case)
    text = case.rules.read_text(encoding="utf-8")
    if case.kind == "Syntax":
        code = code_of(lambda: parse_rule_set(text, case.rules.name))
        return judged(case, code, "R301")
    rules = parse_rule_set(text, case.rules.name).rules
    if case.kind == "WellFormedness":
        return judged(case, code_of(lambda: [check_well_formed(rule) for rule in rules]), "R302")
    assert case.kind == "Stratification", case
    return judged(case, code_of(lambda: components(rules)), "R303")


def code_of(check: object) -> str:
    try:
        check()  # type: ignore[operator]
    except RuleError as error:
        return error.code
    return ""


def judged(case: Case, code: str, wanted: str) -> str:
    if case.positive:
        return f"refused with {code}" if code else ""
    return "" if code == wanted else f"not refused with {wanted} but {code or 'accepted'}"


def compare(case: Case) -> str:
    assert case.data is not None and case.result is not None
    given = [Triple(*row[:3]) for row in read_file(str(case.data))]
    found = unskolemised(close(given, read_rules(str(case.rules))).inferred)
    expected = rdflib.Graph().parse(case.result, format="turtle")
    return "" if isomorphic(found, expected) else f"found {found.serialize()}, not {expected.serialize()}"


def unskolemised(facts: object) -> rdflib.Graph:
    """Return facts as a graph in which the IRIs that stand for blank nodes are blank nodes again."""
    graph = rdflib.Graph()
    for fact in facts:  # type: ignore[attr-defined]
        assert isinstance(fact, Triple)
        line = f"{fact.subject} {fact.predicate} {fact.object} ."
        graph.parse(data=line, format="nt")
    blank = {node: rdflib.BNode() for node in graph.all_nodes() if str(node).startswith(GENID)}
    result = rdflib.Graph()
    for subject, predicate, object_ in graph:
        result.add((blank.get(subject, subject), predicate, blank.get(object_, object_)))
    return result


CASES: Final = list(collect(FOLDER / "manifest-sparql-rl.ttl")) if FOLDER.is_dir() else []


@needs_suite
def test_all_tests_are_found() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= COUNT
    kinds = Counter(case.kind + "+-"[not case.positive] for case in CASES)
    assert kinds["Syntax+"] >= 65 and kinds["Syntax-"] >= 19 and kinds["Eval+"] >= 15
    assert min(kinds[kind] for kind in ("WellFormedness+", "Stratification+")) >= 2
    assert min(kinds[kind] for kind in ("WellFormedness-", "Stratification-")) >= 3
    assert set(MISSED) <= {case.name for case in CASES}


@needs_suite
@pytest.mark.parametrize("case", [case for case in CASES if case.name not in MISSED], ids=lambda case: case.name)
def test_w3c(case: Case) -> None:
    assert fault(case) == ""


@needs_suite
@pytest.mark.parametrize("case", [case for case in CASES if case.name in MISSED], ids=lambda case: case.name)
def test_what_is_missed_is_refused(case: Case) -> None:
    """A missed test ends with a message, not with a wrong result."""
    assert case.kind == "Eval" and case.data is not None
    with pytest.raises(RuleError) as caught:
        read_rules(str(case.rules))
    assert caught.value.code == "R304" and caught.value.hint
    with pytest.raises(RdfError) as refused:
        read_file(str(case.data))
    assert refused.value.code == "D304"


# ---- the judge itself, with files of its own

RULES: Final = """PREFIX : <https://example.org/>
DATA { :a :p :b }
RULE { [] :of ?x } WHERE { ?x :p ?y }
"""
OWN: Final = {
    "Syntax": (RULES, "RULE :r { } WHERE { }"),
    "WellFormedness": (RULES, "PREFIX : <u:> RULE { ?x :p ?y } WHERE { ?x :q ?z }"),
    "Stratification": (RULES, "PREFIX : <u:> RULE { ?x :p :y } WHERE { ?x :q ?z NOT { ?x :p :y } }"),
}


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("positive", [True, False])
def test_a_wrong_outcome_is_noticed(kind: str, positive: bool, tmp_path: Path) -> None:
    path = tmp_path / "own.srl"
    path.write_text(OWN[kind][not positive])
    own = Case("own", kind, positive, path)
    assert fault(own) == ""
    assert fault(replace(own, positive=not positive)) != ""


def test_a_wrong_result_is_noticed(tmp_path: Path) -> None:
    names = ("own.srl", "data.ttl", "same.ttl", "renamed.ttl", "other.ttl")
    rules, data, same, renamed, other = (tmp_path / name for name in names)
    prefix = "@prefix : <https://example.org/> . "
    rules.write_text(RULES)
    data.write_text(prefix + "_:x :p _:y .")
    same.write_text(prefix + ":a :p :b . _:n :of :a . _:m :of _:k .")
    renamed.write_text(prefix + ":a :p :b . _:z :of :a . [] :of [] .")
    other.write_text(prefix + ":a :p :b . _:n :of :a , _:k .")
    own = Case("own", "Eval", True, rules, data, same)
    assert fault(own) == fault(replace(own, result=renamed)) == ""
    assert fault(replace(own, result=other)) != ""


def test_every_test_of_a_manifest_is_found(tmp_path: Path) -> None:
    head = f"@prefix mf: <{MF}> . @prefix t: <{SRLT}> . "
    (tmp_path / "all.ttl").write_text(f"{head} <> mf:include ( <one.ttl> ) .")
    (tmp_path / "one.ttl").write_text(
        f"""{head} <> mf:entries ( <#a> <#b> ) .
        <#a> a t:RulesNegativeSyntaxTest ; mf:name "a" ; mf:action <a.srl> .
        <#b> a t:RulesEvalTest ; mf:name "b" ; mf:action [ t:ruleset <b.srl> ; t:data <d.ttl> ] ; mf:result <r.ttl> ."""
    )
    here = tmp_path
    assert list(collect(tmp_path / "all.ttl")) == [
        Case("a", "Syntax", False, here / "a.srl"),
        Case("b", "Eval", True, here / "b.srl", here / "d.ttl", here / "r.ttl"),
    ]

"""The evaluator in columns finds what the one in rounds finds, on every kind of input there is."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any, Final

import mixtures
import ontologies
import pytest
import test_column_cases
import test_rule_semantics as semantics
import test_rules
from both import OWL_RULES, Outcome, by_columns, by_rounds, difference, outcome, told
from mixtures import RULES, Mixture, facts
from pyoxigraph import NamedNode, Triple
from rdflib.compare import isomorphic

from virtkg.namespaces import GENID, OWL, RDFS
from virtkg.rdf.ntriples import read_columns
from virtkg.rdf.table import TermTable
from virtkg.reason.columns import FactColumns, columns_of, grouped
from virtkg.reason.materialise import materialise
from virtkg.reason.terms import Terms
from virtkg.rules.parse import parse_rules
from virtkg.rules.syntax import Rule

WORLDS: Final = 250
ONTOLOGIES: Final = 80
MIXTURES: Final = 150

TELLS_APART: Final = ("parts", "asked")
"""What a mixture must not have for one of equal things to stand for the others."""


# ---- inputs that other tests have


@pytest.mark.parametrize("rule", test_rules.RULES, ids=test_rules.local_name)
def test_cases_of_rules(rule: Rule) -> None:
    given, then = (
        test_rules.facts(test_rules.FOLDER / test_rules.local_name(rule) / p) for p in ("given.ttl", "then.ttl")
    )
    found = by_columns(sorted(given, key=str), test_rules.RULES)
    assert then <= found.inferred | found.clashes
    assert told(by_rounds(given, test_rules.RULES), found) == ""


def test_packaged_graph(stated: frozenset[Triple], inferred: frozenset[Triple], rules: tuple[Rule, ...]) -> None:
    found = by_columns(sorted(stated, key=str), rules)
    assert len(found.inferred) > 300
    assert (found.inferred, found.clashes) == (inferred, frozenset())


def test_worlds_of_rules() -> None:
    worlds = semantics.worlds()[:WORLDS]
    assert len(worlds) == WORLDS
    for world, rules in worlds:
        one, other = by_rounds(world.given, rules), by_columns(world.given, rules)
        assert not one.error and not other.error
        same = isomorphic(semantics.of(one.inferred), semantics.of(other.inferred))
        assert same, f"{world.text}\n{world.given}\n{told(one, other)}"


def differing(given: Collection[Triple]) -> bool:
    return difference(given, OWL_RULES) != ""


def test_ontologies() -> None:
    found: Counter[str] = Counter()
    for seed in range(ONTOLOGIES):
        given = ontologies.ontology(seed)
        result = by_rounds(given, OWL_RULES)
        other = by_columns(sorted(given, key=str), OWL_RULES)
        assert result == other, f"{seed}: {ontologies.written(ontologies.shrunk(given, differing))}"
        found["clash"] += bool(result.clashes)
        found["equal"] += any(fact.predicate.value == OWL + "sameAs" for fact in result.inferred)
        found["schema"] += any(fact.predicate.value == RDFS + "subClassOf" for fact in result.inferred)
        found["many"] += len(result.inferred) > 25
    assert len(found) == 4 and min(found.values()) > ONTOLOGIES / 10, found


# ---- OWL and rules of one's own over one vocabulary


@cache
def mixtures_without(*avoid: str) -> list[tuple[Mixture, tuple[Rule, ...], Outcome]]:
    """Return mixtures, each with all rules and what the rounds find."""
    found = []
    for seed in range(MIXTURES):
        mixture = Mixture(seed, avoid)
        rules = OWL_RULES + parse_rules(mixture.rules, "mixture.srl")
        found.append((mixture, rules, by_rounds(mixture.facts(), rules)))
    return found


def differ(data: str, rules: str) -> str:
    return difference(facts(data), OWL_RULES + parse_rules(rules, "mixture.srl"))


def first_difference(*avoid: str) -> str:
    for number, (mixture, rules, expected) in enumerate(mixtures_without(*avoid)):
        found = by_columns(sorted(mixture.facts(), key=str), rules)
        if told(expected, found):
            data, text = mixtures.shrunk(mixture.data, mixture.rules, lambda *both: differ(*both) != "")
            return f"{number}:\n{data}\n{text.removeprefix(RULES)}\n{differ(data, text)}"
    return ""


def test_mixtures_that_tell_no_equals_apart() -> None:
    assert first_difference(*TELLS_APART) == ""


def test_mixtures() -> None:
    assert first_difference() == ""


def test_mixtures_have_everything_in_them() -> None:
    found: Counter[str] = Counter()
    for mixture, _, result in mixtures_without():
        found["R303"] += result.error == "R303" and len(result.named) > 0
        found["clash"] += bool(result.clashes)
        found["equal"] += len([fact for fact in result.inferred if fact.predicate.value == OWL + "sameAs"]) > 2
        if not result.error:
            for number in range(3):
                found["rule fires"] += any(fact.predicate.value == f"{mixtures.E}h{number}" for fact in result.inferred)
            for word in ("NOT", "FILTER", "SET", "DATA", "[", "owl:sameAs ?"):
                found[word] += word in mixture.rules
    assert len(found) == 10 and min(found.values()) >= 8, found


# ---- order and numbers


def shuffled(given: Collection[Triple], seed: int) -> list[Triple]:
    ordered = sorted(given, key=str)
    random.Random(seed).shuffle(ordered)
    return ordered


def renamed(term: Any) -> Any:
    """Turn the alphabet of the names of examples round, so that other terms come first in every order."""
    if isinstance(term, NamedNode) and term.value.startswith(mixtures.E):
        name = term.value[len(mixtures.E) :]
        return NamedNode(mixtures.E + "".join(chr(219 - ord(c)) if "a" <= c <= "z" else c for c in name))
    return term


def of_renamed(found: Collection[Triple]) -> frozenset[Triple]:
    return frozenset(Triple(*(renamed(term) for term in (f.subject, f.predicate, f.object))) for f in found)


def test_names_are_renamed_both_ways() -> None:
    given = ontologies.ontology(1)
    assert of_renamed(given) != given and of_renamed(of_renamed(given)) == given


def test_order_and_names_do_not_matter() -> None:
    for seed in range(30):
        given = ontologies.ontology(seed)
        expected = by_columns(sorted(given, key=str), OWL_RULES)
        assert by_columns(shuffled(given, seed), OWL_RULES) == expected, seed
        other = by_columns(shuffled(of_renamed(given), seed), OWL_RULES)
        assert Outcome(of_renamed(other.inferred), of_renamed(other.clashes)) == expected, seed


def test_numbers_of_terms_do_not_matter() -> None:
    """Terms that nothing uses push the others up, and the type is not number 0."""
    given = sorted(ontologies.ontology(3), key=str)
    expected = by_columns(given, OWL_RULES)
    table = TermTable()
    for number in range(5000):
        table.intern(f"<https://example.org/unused{number}>".encode())
    terms = Terms(table)
    columns = FactColumns(terms.type)
    for fact in terms.facts(given):
        ((relation, column),) = columns_of([fact])
        columns.add(relation, column)
    assert outcome(materialise(terms, columns, OWL_RULES)) == expected and expected.inferred


# ---- edges

NOTHING: Final[tuple[Rule, ...]] = ()


@pytest.mark.parametrize("rules", [NOTHING, OWL_RULES], ids=["no rules", "rules"])
@pytest.mark.parametrize(
    "data",
    [
        "",
        ":a :p :b .",
        ":a a :A .",
        ':a :p "text" .',
        ":a owl:sameAs :a .",
        "owl:Thing a owl:Class ; rdfs:subClassOf owl:Thing . rdfs:label a owl:AnnotationProperty .",
        "rdf:type rdfs:domain rdfs:Resource . rdfs:label rdfs:domain rdfs:Resource ; rdfs:label 'label' .",
        "owl:Nothing rdfs:subClassOf owl:Thing . :a a owl:Thing .",
    ],
)
def test_little(data: str, rules: tuple[Rule, ...]) -> None:
    assert by_columns(facts(data), rules) == Outcome()
    assert difference(facts(data), rules) == ""


def test_rules_without_facts() -> None:
    rules = test_column_cases.own(
        "DATA { :a :p :b . :p a owl:TransitiveProperty . :b :p :c } RULE :r { :x a :Lonely } WHERE { NOT { :x :p :x } }"
    )
    assert len(by_columns([], rules).inferred) == 4
    assert len(by_columns([], (*OWL_RULES, *rules)).inferred) == 5
    assert difference([], rules) == difference([], (*OWL_RULES, *rules)) == ""


# ---- from a file


def test_from_a_file(tmp_path: Path) -> None:
    """Blank nodes keep their labels, and are things as any other."""
    given = ontologies.ontology(8) | facts(test_column_cases.CASES["unusual names"][0])
    path = tmp_path / "facts.nt"
    text = re.sub(f"<{GENID}blank/([^>]+)>", r"_:\1", "".join(f"{fact} .\n" for fact in shuffled(given, 1)))
    assert "_:b.1-x" in text
    path.write_text(text, "utf-8")
    table = TermTable()
    columns = read_columns(str(path), table)
    terms = Terms(table)
    found = materialise(terms, grouped(terms.type, columns.subjects, columns.predicates, columns.objects), OWL_RULES)
    expected = by_rounds(given, OWL_RULES)
    assert len(expected.inferred) > 10 and f"{GENID}blank/" in str(expected.inferred)
    assert told(expected, outcome(found)) == ""

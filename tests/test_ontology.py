"""Hygiene of the authored files. Each check is a method of Hygiene and has a fault that it must find."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple

import virtkg
from virtkg.inputs import fact_files, rule_files, vocabulary_files
from virtkg.namespaces import BASE, DCT, ID, OWL, PREFIXES, RDF, RDFS, SKOS, SRC, VKG, compact
from virtkg.rdf.turtle import check_files
from virtkg.rules.parse import parse_rules, read_rules
from virtkg.rules.syntax import Atom, Rule

ROOT: Final = Path(__file__).parent.parent
HEAD: Final = "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())
UMBRELLA: Final = NamedNode(BASE.rstrip("/"))
CELLS: Final = NamedNode(BASE + "things/cells")
STRUCTURAL: Final = frozenset(NamedNode(VKG + kind) for kind in ("Cell", "Profile", "Release", "Series", "Signal"))
PROPERTY_KINDS: Final = tuple(OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"))


def iri(base: str, name: str) -> NamedNode:
    return NamedNode(base + name)


TYPE, LABEL, DEFINED = iri(RDF, "type"), iri(RDFS, "label"), iri(RDFS, "isDefinedBy")
ALT_LABEL, DEFINITION = iri(SKOS, "altLabel"), iri(SKOS, "definition")


class Hygiene:
    """What is authored, and what is wrong with it; a check yields one sentence for each fault."""

    def __init__(self, vocabulary: list[Triple], facts: list[Quad], rules: list[Rule], version: str) -> None:
        self.vocabulary = vocabulary
        self.facts = facts
        self.rules = rules
        self.version = version
        self._about: dict[object, list[Triple]] = {}
        for fact in vocabulary:
            self._about.setdefault(fact.subject, []).append(fact)
        self.terms = [subject for subject in self._about if str(subject).startswith((f"<{VKG}", f"<{ID}"))]

    def objects(self, subject: object, predicate: NamedNode) -> list[object]:
        return [fact.object for fact in self._about.get(subject, []) if fact.predicate == predicate]

    def subjects(self, predicate: NamedNode, value: NamedNode) -> list[object]:
        return [fact.subject for fact in self.vocabulary if fact.predicate == predicate and fact.object == value]

    def is_property(self, term: object) -> bool:
        return any(str(kind)[1:-1] in PROPERTY_KINDS for kind in self.objects(term, TYPE))

    def terms_say_what_they_are(self) -> list[str]:
        found = []
        ontologies = set(self.subjects(TYPE, iri(OWL, "Ontology")))
        for term in self.terms:
            labels, definitions = self.objects(term, LABEL), self.objects(term, DEFINITION)
            modules = self.objects(term, DEFINED)
            wanted = 0 if self._named_by_its_parts(term) else 1
            if len(labels) != 1 or not all(getattr(label, "language", "") == "en" for label in labels):
                found.append(f"{name(term)} has the labels {[str(label) for label in labels]}")
            if len(definitions) != wanted or not all(getattr(text, "language", "") == "en" for text in definitions):
                found.append(f"{name(term)} has {len(definitions)} definitions")
            needed = str(term).startswith(f"<{VKG}")
            if len(modules) > 1 or len(modules) < needed or not set(modules) <= ontologies:
                found.append(f"{name(term)} is defined by {[name(module) for module in modules]}")
        return found

    def _named_by_its_parts(self, term: object) -> bool:
        """A cell is named by its mode and resource, a version by its line and number: nothing is left to define."""
        return self.objects(term, DEFINED) == [CELLS] or any(kind in STRUCTURAL for kind in self.objects(term, TYPE))

    def used_terms_are_defined(self) -> list[str]:
        used = {term for quad in self.facts for term in (quad.subject, quad.predicate, quad.object)}
        used |= {term for fact in self.vocabulary for term in (fact.predicate, fact.object)}
        own = {term for term in used if str(term).startswith((f"<{VKG}", f"<{ID}"))}
        return sorted(f"{name(term)} is defined nowhere" for term in own - set(self.terms))

    def labels_are_unique_within_a_class(self) -> list[str]:
        classes: dict[object, set[object]] = {}
        for fact in [*self.vocabulary, *(quad.triple for quad in self.facts)]:
            if fact.predicate == TYPE:
                classes.setdefault(fact.object, set()).add(fact.subject)
        found = []
        for class_, members in classes.items():
            labels = [str(getattr(label, "value", "")).casefold() for m in members for label in self.objects(m, LABEL)]
            found += [f"{n} of {name(class_)} are called {text}" for text, n in Counter(labels).items() if n > 1]
        return found

    def labels_are_no_keywords(self) -> list[str]:
        with (ROOT / "virtkg" / "language" / "keywords.tsv").open(encoding="utf-8", newline="") as file:
            rows = csv.reader(
                (line for line in file if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
            )
            keywords = {row[0].casefold() for row in rows}
        assert len(keywords) > 50
        return [
            f"{name(fact.subject)} is called {fact.object.value}, which is a keyword"
            for fact in self.vocabulary
            if fact.predicate in (LABEL, ALT_LABEL) and isinstance(fact.object, Literal)
            if fact.object.value.casefold() in keywords
            # The label of a relation is shown and never spoken; its verb is.
            if iri(OWL, "ObjectProperty") not in self.objects(fact.subject, TYPE)
        ]

    def verbs_have_both_ends(self) -> list[str]:
        return [
            f"{name(term)} has a verb and no {side}"
            for term in self.terms
            if self.objects(term, iri(VKG, "verb"))
            for side in ("domain", "range")
            if not self.objects(term, iri(RDFS, side))
        ]

    def graphs_are_described(self) -> list[str]:
        needed = [LABEL, iri(DCT, "title"), iri(DCT, "publisher"), iri(VKG, "sourceKind")]
        found = []
        for graph in sorted({quad.graph_name for quad in self.facts}, key=str):
            if iri(VKG, "Source") not in self.objects(graph, TYPE) or not str(graph).startswith(f"<{SRC}"):
                found.append(f"{name(graph)} is no source")
            found += [f"{name(graph)} has no {name(term)}" for term in needed if not self.objects(graph, term)]
        return found

    def sources_have_facts(self) -> list[str]:
        graphs = {quad.graph_name for quad in self.facts}
        return [
            f"{name(source)} states nothing"
            for source in self.subjects(TYPE, iri(VKG, "Source"))
            if source not in graphs
        ]

    def statement_nodes_match_a_fact(self) -> list[str]:
        quads = set(self.facts)
        nodes: dict[tuple[object, object], dict[str, list[object]]] = {}
        for quad in self.facts:
            part = quad.predicate.value.removeprefix(RDF)
            if part in ("subject", "predicate", "object"):
                nodes.setdefault((quad.subject, quad.graph_name), {}).setdefault(part, []).append(quad.object)
        found = []
        for (node, graph), parts in nodes.items():
            values = [parts.get(part, []) for part in ("subject", "predicate", "object")]
            whole = [value[0] for value in values if len(value) == 1]
            if len(whole) != 3 or Quad(whole[0], whole[1], whole[2], graph) not in quads:  # type: ignore[arg-type]
                found.append(f"{name(node)} stands for no fact of its graph")
            elif not str(node).startswith(f"{str(graph)[:-1]}/"):
                found.append(f"{name(node)} is not named after its graph")
        return found

    def facts_have_no_blank_nodes(self) -> list[str]:
        parts = {part for quad in self.facts for part in (quad.subject, quad.object, quad.graph_name)}
        return [f"blank node {part}" for part in parts if isinstance(part, BlankNode)]

    def umbrella_imports_all(self) -> list[str]:
        imported = set(self.objects(UMBRELLA, iri(OWL, "imports")))
        modules = set(self.subjects(TYPE, iri(OWL, "Ontology"))) - {UMBRELLA}
        found = [f"{name(module)} is not imported" for module in sorted(modules - imported, key=str)]
        return found + [f"{name(module)} is imported and not there" for module in sorted(imported - modules, key=str)]

    def umbrella_has_the_version(self) -> list[str]:
        stated = self.objects(UMBRELLA, iri(OWL, "versionInfo")) + self.objects(UMBRELLA, iri(OWL, "versionIRI"))
        wanted: list[object] = [Literal(self.version), NamedNode(BASE + self.version)]
        return [] if stated == wanted else [f"the umbrella says {[str(value) for value in stated]}, not {self.version}"]

    def rules_use_the_vocabulary(self) -> list[str]:
        found = []
        for rule in self.rules:
            denied = [atom for part in rule.negations() for atom in part.atoms]
            for atom in [*rule.head, *rule.atoms(), *denied]:
                found += [
                    f"{name(NamedNode(rule.name))} uses {name(term)}" for term in named(atom) if not self._has(term)
                ]
        return found

    def _has(self, term: NamedNode) -> bool:
        return term == TYPE or self.is_property(term) or iri(OWL, "Class") in self.objects(term, TYPE)


def named(atom: Atom) -> list[NamedNode]:
    """The predicate of an atom, and its class."""
    terms = [atom.predicate, atom.object] if atom.predicate == TYPE else [atom.predicate]
    return [term for term in terms if isinstance(term, NamedNode)]


def name(term: object) -> str:
    return compact(term.value) if isinstance(term, NamedNode) else str(term)


def hygiene(vocabulary: str = "", facts: str = "", rules: str = "", drop: str = "", version: str = "") -> Hygiene:
    """The authored files with something planted, or without the triples that `drop` is part of."""
    own = [quad.triple for path in vocabulary_files() for quad in ox.parse(path=path, format=RdfFormat.TURTLE)]
    own += [quad.triple for quad in ox.parse(HEAD + vocabulary, format=RdfFormat.TURTLE)]
    quads = [quad for path in fact_files() for quad in ox.parse(path=path, format=RdfFormat.TRIG)]
    quads += list(ox.parse(HEAD + facts, format=RdfFormat.TRIG))
    found = [rule for path in rule_files()[1:] for rule in read_rules(path)]
    prefixes = "".join(f"PREFIX {short}: <{base}>\n" for short, base in PREFIXES.items())
    found += parse_rules(prefixes + rules, "planted.srl")
    with (ROOT / "pyproject.toml").open("rb") as file:
        version = version or tomllib.load(file)["project"]["version"]
    left = [
        fact
        for fact in own
        if not drop or drop not in f"{name(fact.subject)} {name(fact.predicate)} {name(fact.object)}"
    ]
    assert len(left) < len(own) or not drop
    return Hygiene(left, quads, found, version)


CHECKS: Final = [
    check for check in vars(Hygiene) if not check.startswith("_") and "_" in check and check != "is_property"
]


@pytest.fixture(scope="module")
def authored() -> Hygiene:
    return hygiene()


@pytest.mark.parametrize("check", CHECKS)
def test_authored_files_are_clean(check: str, authored: Hygiene) -> None:
    assert len(authored.terms) > 150 and len(authored.facts) > 1000 and len(authored.rules) > 10
    assert getattr(authored, check)() == []


SOURCE = "src:xen-tags {"
NODE = f"<{SRC}xen-tags/x> rdf:subject id:pv ; rdf:predicate vkg:runsMode ; rdf:object"
FAULTS: Final[list[tuple[str, Callable[[], Hygiene], str]]] = [
    ("terms_say_what_they_are", lambda: hygiene('id:pv rdfs:label "PV again"@en .'), "id:pv has the labels"),
    ("terms_say_what_they_are", lambda: hygiene(drop="vkg:Mode rdfs:label"), "vkg:Mode has the labels []"),
    ("terms_say_what_they_are", lambda: hygiene(drop="id:pv skos:definition"), "id:pv has 0 definitions"),
    ("terms_say_what_they_are", lambda: hygiene('id:pv-disk skos:definition "x"@en .'), "id:pv-disk has 1 definitions"),
    ("terms_say_what_they_are", lambda: hygiene('id:pv skos:definition "x" .'), "id:pv has 2 definitions"),
    ("terms_say_what_they_are", lambda: hygiene(drop="vkg:Mode rdfs:isDefinedBy"), "vkg:Mode is defined by []"),
    ("terms_say_what_they_are", lambda: hygiene("id:pv rdfs:isDefinedBy id:pv ."), "id:pv is defined by"),
    (
        "used_terms_are_defined",
        lambda: hygiene(facts=SOURCE + "id:pv vkg:variantOf id:none }"),
        "id:none is defined nowhere",
    ),
    ("used_terms_are_defined", lambda: hygiene("id:pv vkg:none id:hvm ."), "vkg:none is defined nowhere"),
    (
        "labels_are_unique_within_a_class",
        lambda: hygiene('id:x a vkg:Mode ; rdfs:label "pv"@en .'),
        "2 of vkg:Mode are called pv",
    ),
    ("labels_are_no_keywords", lambda: hygiene('id:x skos:altLabel "At least"@en .'), "id:x is called At least"),
    ("verbs_have_both_ends", lambda: hygiene(drop="vkg:supports rdfs:range"), "vkg:supports has a verb and no range"),
    ("verbs_have_both_ends", lambda: hygiene(drop="vkg:requires rdfs:domain"), "vkg:requires has a verb and no domain"),
    ("graphs_are_described", lambda: hygiene(facts="src:none { id:pv a vkg:Mode }"), "src:none is no source"),
    ("graphs_are_described", lambda: hygiene(facts="id:pv { id:pv a vkg:Mode }"), "id:pv is no source"),
    ("graphs_are_described", lambda: hygiene(drop="src:xen-tags dct:publisher"), "src:xen-tags has no dct:publisher"),
    ("sources_have_facts", lambda: hygiene("src:none a vkg:Source ."), "src:none states nothing"),
    ("statement_nodes_match_a_fact", lambda: hygiene(facts=f"{SOURCE} {NODE} id:pv }}"), "stands for no fact"),
    ("statement_nodes_match_a_fact", lambda: hygiene(facts=f"{SOURCE} {NODE} id:pv , id:hvm }}"), "stands for no fact"),
    (
        "statement_nodes_match_a_fact",
        lambda: hygiene(facts=f"{SOURCE} {NODE.replace('xen-tags', 'xen')} id:pv . id:pv vkg:runsMode id:pv }}"),
        "is not named after its graph",
    ),
    ("facts_have_no_blank_nodes", lambda: hygiene(facts=SOURCE + "id:pv vkg:note [] }"), "blank node"),
    (
        "umbrella_imports_all",
        lambda: hygiene(drop=f"owl:imports <{BASE}things/modes>"),
        "things/modes> is not imported",
    ),
    (
        "umbrella_imports_all",
        lambda: hygiene("<https://w3id.org/virtkg> owl:imports id:x ."),
        "id:x is imported and not",
    ),
    ("umbrella_has_the_version", lambda: hygiene(version="9.9"), "not 9.9"),
    ("umbrella_has_the_version", lambda: hygiene(drop="owl:versionInfo"), "the umbrella says"),
    (
        "rules_use_the_vocabulary",
        lambda: hygiene(rules="RULE rule:x { ?a vkg:by ?b } WHERE { ?a vkg:none ?b NOT { ?a a vkg:None } }"),
        "rule:x uses vkg:None",
    ),
]


@pytest.mark.parametrize(
    ("check", "planted", "expected"), FAULTS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_fault_is_found(check: str, planted: Callable[[], Hygiene], expected: str) -> None:
    found = getattr(planted(), check)()
    assert any(expected in fault for fault in found), found


def test_each_check_has_a_fault() -> None:
    assert {check for check, _, _ in FAULTS} == set(CHECKS) and len(CHECKS) == 12


def test_files_are_canonical(tmp_path: Path) -> None:
    files = [*vocabulary_files(), *fact_files()]
    assert len(files) > 20 and check_files(files) == []
    untidy = tmp_path / "untidy.ttl"
    untidy.write_text(Path(files[0]).read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    assert check_files([*files, str(untidy)]) == [str(untidy)]


def test_package_and_project_have_one_version() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == virtkg.__version__

"""Checks of the vocabulary that no query can make: its OWL profile, words that are keywords, terms of rules.

Knows: what OWL axioms, words and rules are compared with. Must not know: facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from virtkg.finding import Check, Severity
from virtkg.inputs import rule_files
from virtkg.language.vocabulary import keywords
from virtkg.language.words import phrase
from virtkg.namespaces import OWL, RDF, RDFS, SKOS, SRC, VKG
from virtkg.rdf.read import Row
from virtkg.rules.parse import read_rules
from virtkg.rules.syntax import Atom, Rule
from virtkg.validate.authored import Authored, Place
from virtkg.validate.checks import Fault, Subject, filled, shown
from virtkg.validate.profile import Profile

PROFILE: Final = Check(
    "ontology-is-owl-2-rl",
    Severity.ERROR,
    "The vocabulary is in the profiles OWL 2 DL and OWL 2 RL.",
    "{subject} rdfs:subClassOf [ a owl:Restriction ; owl:onProperty vkg:requires ; owl:allValuesFrom vkg:Resource ] .",
)
KEYWORD: Final = Check(
    "label-is-no-keyword",
    Severity.ERROR,
    "No thing is called what is a keyword of the question language.",
    '{subject} skos:altLabel "another name"@en .',
)
RULE_TERM: Final = Check(
    "rule-uses-the-vocabulary",
    Severity.ERROR,
    "Rules use classes and properties that are declared.",
    '{subject} a owl:ObjectProperty ; rdfs:label "requires"@en .',
)
_TYPE: Final = NamedNode(RDF + "type")
_KINDS: Final = frozenset(
    NamedNode(OWL + kind) for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
_NAMES: Final = frozenset((RDFS + "label", SKOS + "altLabel"))


def profile(given: Subject) -> Iterator[Fault]:
    """Yield what OWL 2 RL or OWL 2 DL does not allow in what stands in no source's graph."""
    triples = (Triple(*row[:3]) for row in given.authored.rows() if _is_vocabulary(row))
    for text, subject in Profile(triples).found:
        example = filled(PROFILE.example, {"subject": shown(subject) or "vkg:Mode"})
        yield Fault(PROFILE, subject, f"is not in the profile: {text}", example=example)


def _is_vocabulary(row: Row) -> bool:
    """Tell whether a fact belongs to a module, or to a given file that names neither a module nor a source."""
    graph = row[3].value
    return not graph.startswith(SRC) or graph.startswith(f"{SRC}file/")


def keyword(given: Subject) -> Iterator[Fault]:
    """Yield the names that are keywords; labels of relations and annotations are shown and never spoken."""
    words = set(keywords())
    rows = list(given.authored.rows())
    silent = {NamedNode(OWL + kind) for kind in ("ObjectProperty", "AnnotationProperty")}
    unspoken = {row[0] for row in rows if row[1].value == RDF + "type" and row[2] in silent}
    for subject, predicate, name, graph in rows:
        if predicate.value in _NAMES and isinstance(name, Literal) and subject not in unspoken:
            if name.value.casefold() in words or phrase(name.value) in words:
                said = f"is called “{name.value}”, which is a keyword of the question language"
                example = filled(KEYWORD.example, {"subject": shown(subject.value)})
                yield Fault(KEYWORD, subject.value, said, predicate.value, graph.value, example=example)


def rule_terms(given: Subject) -> Iterator[Fault]:
    """Yield the terms of virtkg that a rule uses and no file declares."""
    declared = _declared(given.authored)
    for path in rule_files()[1:]:
        for rule in read_rules(path):
            for term in _named(rule):
                if term not in declared:
                    place = Place(path, int(rule.place.rpartition(":")[2]))
                    said = f"is used by {shown(rule.name)} and declared nowhere"
                    example = filled(RULE_TERM.example, {"subject": shown(term)})
                    yield Fault(RULE_TERM, term, said, place=place, example=example)


def _declared(given: Authored) -> set[str]:
    return {subject.value for subject, predicate, kind, _ in given.rows() if predicate == _TYPE and kind in _KINDS}


def _named(rule: Rule) -> list[str]:
    """Return the terms of virtkg that a rule has as a predicate or class, each once, in order."""
    denied = (atom for part in rule.negations() for atom in part.atoms)
    terms = (term for atom in (*rule.head, *rule.atoms(), *denied) for term in _terms(atom))
    return list(dict.fromkeys(term for term in terms if term.startswith(VKG)))


def _terms(atom: Atom) -> list[str]:
    terms = (atom.predicate, atom.object) if atom.predicate == _TYPE else (atom.predicate,)
    return [term.value for term in terms if isinstance(term, NamedNode)]

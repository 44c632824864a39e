"""Rules + schema → the specialised rules that facts can reach.

Knows: which predicates and classes can have facts, and which conclusions say nothing.
Must not know: how facts are kept, or how rules are evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from pyoxigraph import NamedNode, Triple, Variable

from virtkg.diagnostics import RuleError
from virtkg.namespaces import OWL, OWLRL, RDF, RDFS, XSD, compact
from virtkg.reason.terms import BUILT_IN, Fact, Terms, is_class, of_property, owner
from virtkg.rules.specialise import DATA, FILLED, LIST_NODES, Schema, Vocabulary, meta_variables, specialise
from virtkg.rules.stratify import components
from virtkg.rules.syntax import Atom, Expression, Rule

Key: TypeAlias = tuple[str, str]
"""The IRI of a predicate, and for rdf:type the class as N-Triples or ""."""

_TYPE: Final = NamedNode(RDF + "type")
_SAME: Final = NamedNode(OWL + "sameAs")
_BUILT_IN: Final = (OWL, RDF, RDFS, XSD)

REFLEXIVE: Final = tuple(
    NamedNode(iri)
    for iri in (
        *(OWL + "sameAs", OWL + "equivalentClass", OWL + "equivalentProperty"),
        *(RDFS + "subClassOf", RDFS + "subPropertyOf"),
    )
)
"""Properties that everything has with itself."""

IDLE: Final = tuple(NamedNode(iri) for iri in (OWL + "Thing", RDFS + "Resource", RDFS + "Literal"))
"""To be one of these, or below it, is no news."""

_OPEN: Final = frozenset(
    {
        *(OWL + name for name in ("sameAs", "differentFrom", "versionInfo", "deprecated")),
        *(RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")),
    }
)
"""Properties of RDFS and OWL that any rule may conclude."""

ALL_IS_PART: Final = (NamedNode(OWL + "Thing"), NamedNode(RDFS + "subClassOf"))
"""Subject and predicate of what is news, although the subject is a built-in term."""


def check_rules(rules: Iterable[Rule]) -> None:
    """Refuse rules that no order suits, whatever the facts, and those that decide what the rules of OWL are.

    A rule over any property or class is only judged when it is specialised.
    Raises RuleError (R303, R305).
    """
    known = list(rules)
    components(r for r in known if r.body and not r.name.startswith(OWLRL) and not meta_variables(r))
    if not any(rule.name.startswith(OWLRL) for rule in known):
        return
    for rule in known:
        wrong = [atom for atom in rule.head if _is_axiom(atom)] if rule.body else []
        if wrong and not rule.name.startswith(OWLRL):
            told = wrong[0].object if wrong[0].predicate == _TYPE else wrong[0].predicate
            assert isinstance(told, NamedNode)
            shown = f"{rule.place}: {compact(rule.name)} derives {compact(told.value)}"
            raise RuleError(
                "R305",
                f"{shown}, which decides what the rules of OWL are",
                hint="state it in the data or in a DATA block, or leave the rules of OWL out",
            )


def _is_axiom(atom: Atom) -> bool:
    """Tell whether a head says something about the schema, other than a note or that things are equal."""
    if atom.predicate in LIST_NODES:
        return True
    if atom.predicate == _TYPE:
        return isinstance(atom.object, NamedNode) and atom.object.value.startswith((OWL, RDFS))
    return (
        isinstance(atom.predicate, NamedNode)
        and atom.predicate.value.startswith((OWL, RDFS))
        and atom.predicate.value not in _OPEN
    )


def compile_rules(rules: Sequence[Rule], schema: Schema, reached: set[Key]) -> list[Rule]:
    """Return the specialised rules that facts of some keys can reach, and add the keys that these rules make."""
    done: dict[int, list[Rule]] = {}
    while True:
        before = len(reached)
        vocabulary = Vocabulary(
            frozenset(NamedNode(predicate) for predicate, class_ in reached if not class_),
            frozenset(NamedNode(class_[1:-1]) for _, class_ in reached if class_.startswith("<")),
        )
        begun = [rule for rule in rules if _has_facts(rule, reached)]
        special = [rule for rule in specialise(begun, schema, vocabulary, done) if not all(map(is_idle, rule.head))]
        live = _reachable(special, reached)
        if len(reached) == before:
            return live


def tells_apart(rule: Rule) -> bool:
    """Tell whether a rule can treat equal things differently, so that one cannot stand for the others."""
    denials = rule.negations()
    return (
        rule.makes_terms()
        or any(isinstance(element, Expression) for element in rule.body)
        or any(denial.data or denial.filters for denial in denials)
        or any(atom.predicate == _SAME for atom in (*rule.atoms(), *(a for denial in denials for a in denial.atoms)))
    )


def contents(rules: Iterable[Rule]) -> set[tuple[object, ...]]:
    """Return what tells one set of specialised rules from another."""
    return {rule.content() for rule in rules}


def is_noise(fact: Triple) -> bool:
    """Tell whether a fact holds in every graph or says nothing that a reader could use.

    These are: x equal to or part of itself; everything is a Thing; an IRI is a
    number or text; what holds of the terms of RDF, RDFS, OWL and XSD themselves,
    other than that all is part of a class.
    """
    subject, predicate, object_ = fact.subject, fact.predicate, fact.object
    if not isinstance(subject, NamedNode):
        return True
    if subject.value.startswith(_BUILT_IN) and (subject, predicate) != ALL_IS_PART:
        return True
    if predicate in REFLEXIVE and subject == object_:
        return True
    return isinstance(object_, NamedNode) and is_idle(Atom(subject, predicate, object_))


class NoiseOf:
    """Tells of facts in numbers what `is_noise` tells of triples; a literal is the subject of none."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._thing, part = (terms.number(name) for name in ALL_IS_PART)
        self._part = of_property(part)
        self._reflexive = frozenset(of_property(terms.number(name)) for name in REFLEXIVE)
        self._idle = frozenset(terms.number(name) for name in IDLE)
        self._classes: dict[int, bool] = {}

    def holds(self, fact: Fact) -> bool:
        """Tell whether a fact holds in every graph or says nothing that a reader could use."""
        relation, subject, object_ = fact
        if self._terms.kind(subject) & BUILT_IN and (subject, relation) != (self._thing, self._part):
            return True
        if not is_class(relation):
            return object_ in self._idle or (relation in self._reflexive and subject == object_)
        idle = self._classes.get(relation)
        if idle is None:
            idle = self._classes[relation] = idle_class(self._terms.term(owner(relation)))
        return idle


def _reachable(rules: list[Rule], reached: set[Key]) -> list[Rule]:
    """Return the rules that can fire, and add to `reached` the keys that they make."""
    live: dict[int, Rule] = {}
    size = -1
    while size != len(live):
        size = len(live)
        for index, rule in enumerate(rules):
            if index not in live and _has_facts(rule, reached):
                live[index] = rule
                for atom in rule.head:
                    reached.update(fact_keys(atom))
    return [live[index] for index in sorted(live)]


def _has_facts(rule: Rule, keys: set[Key]) -> bool:
    """Tell whether every pattern of the body has a fact of its predicate and class; an open class can be any."""
    for atom in rule.atoms():
        if atom.predicate == _TYPE and isinstance(atom.object, Variable):
            continue
        if isinstance(atom.predicate, NamedNode) and not atom.predicate.value.startswith(FILLED):
            is_class = atom.predicate == _TYPE and isinstance(atom.object, NamedNode)
            if is_class and str(atom.object).startswith(f"<{DATA}"):
                continue
            if (atom.predicate.value, str(atom.object) if is_class else "") not in keys:
                return False
    return True


def fact_keys(fact: Triple | Atom) -> Iterator[Key]:
    """Yield the keys of a fact, or of the facts that a head makes."""
    if isinstance(fact.predicate, NamedNode):
        yield fact.predicate.value, ""
    if fact.predicate == _TYPE and isinstance(fact.object, NamedNode):
        yield _TYPE.value, str(fact.object)


def is_idle(atom: Atom) -> bool:
    """Tell whether whatever a head atom derives is noise."""
    return atom.object in IDLE or (atom.predicate == _TYPE and idle_class(atom.object))


def idle_class(class_: object) -> bool:
    """Tell whether it is no news that something is a member of a class."""
    return class_ in IDLE or (isinstance(class_, NamedNode) and class_.value.startswith(XSD))

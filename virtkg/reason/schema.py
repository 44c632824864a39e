"""The facts that rules are specialised to.

Knows: which facts schema atoms can match, and what the engine fills.
Must not know: single OWL rules, or how the other facts are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode, Triple, Variable

from virtkg.namespaces import OWL, RDF, RDFS
from virtkg.reason.factset import FactSet
from virtkg.reason.match import in_order, instance, solve
from virtkg.reason.plan import Planner
from virtkg.reason.terms import NONE, Fact, Terms, of_class, of_property, owner
from virtkg.record import record
from virtkg.rules.specialise import DATA, FILLED, is_schema, list_members, meta_variables
from virtkg.rules.syntax import Atom, AtomTerm, Rule

_TYPE = NamedNode(RDF + "type")
DEFINING: Final = frozenset(NamedNode(OWL + name) for name in ("intersectionOf", "unionOf", "equivalentClass"))
"""Properties that define data ranges."""

_FILLED = tuple(f"<{base}".encode() for base in FILLED)


@record
class SchemaKeys:
    """The predicates and classes of the facts that can be schema; `everything` if rules leave that open."""

    predicates: frozenset[NamedNode]
    classes: frozenset[NamedNode]
    everything: bool


def schema_keys(rules: Iterable[Rule]) -> SchemaKeys:
    """Return what the schema atoms of rules can match, and what rules about the schema conclude."""
    predicates = {NamedNode(RDF + "first"), NamedNode(RDF + "rest")}
    classes: set[NamedNode] = set()
    everything = False
    for rule in rules:
        meta = meta_variables(rule)
        predicates |= _asked_of_classes(rule)
        # What other rules conclude is schema only if some rule asks for it.
        for atom in (*rule.atoms(), *(rule.head if about_schema(rule) else ())):
            if str(atom.predicate).startswith(f"<{DATA}"):
                predicates |= DEFINING
            if isinstance(atom.predicate, Variable):
                ends = {end.value for end in (atom.subject, atom.object) if isinstance(end, Variable)}
                everything |= bool(ends & meta_variables(rule)) and atom in rule.body
            elif is_schema(atom, meta) or about_schema(rule):
                assert isinstance(atom.predicate, NamedNode)
                if atom.predicate != _TYPE:
                    predicates.add(atom.predicate)
                elif isinstance(atom.object, NamedNode):
                    classes.add(atom.object)
                else:
                    everything = True
    return SchemaKeys(frozenset(predicates), frozenset(classes), everything)


def _asked_of_classes(rule: Rule) -> set[NamedNode]:
    """Return the predicates that a body asks of the objects of an open predicate: it can be rdf:type, they classes."""
    open_ = {atom.object for atom in rule.atoms() if isinstance(atom.predicate, Variable)}
    return {
        atom.predicate
        for atom in rule.atoms()
        if isinstance(atom.predicate, NamedNode) and atom.predicate != _TYPE and open_ & {atom.subject, atom.object}
    }


def schema_relations(rules: Iterable[Rule], terms: Terms) -> frozenset[int] | None:
    """Return the relations whose facts can be schema; None if rules leave that open."""
    keys = schema_keys(rules)
    if keys.everything:
        return None
    properties = {of_property(terms.number(name)) for name in keys.predicates}
    return frozenset(properties.union(of_class(terms.number(name)) for name in keys.classes))


def about_schema(rule: Rule) -> bool:
    """Tell whether a rule derives schema from schema, so that it can run before rules are specialised.

    A rule with NOT waits until all that it denies is known.
    """
    return (
        bool(rule.head)
        and all(isinstance(a.predicate, NamedNode) and a.predicate.value.startswith((OWL, RDFS)) for a in rule.head)
        and all(isinstance(atom.predicate, NamedNode) for atom in rule.atoms())
        and not rule.negations()
        and not any(atom.predicate == NamedNode(OWL + "sameAs") for atom in rule.head)
    )


class SchemaFacts:
    """Matches schema atoms against a set of facts (see rules.specialise.Schema)."""

    def __init__(self, facts: FactSet, terms: Terms, triples: Iterable[Triple]) -> None:
        """Take the facts; the lists are those of `triples`."""
        self.facts = facts
        self.direct: FactSet | None = None
        """Facts to match instead where those of a transitive predicate that are no paths of others will do."""
        self._terms = terms
        self._planner = Planner(terms)
        self._lists = list_members(triples)

    def rows(
        self, atoms: tuple[Atom, ...], direct: bool = False
    ) -> list[tuple[dict[str, AtomTerm], tuple[Triple, ...]]]:
        """Return each solution with the facts that the atoms matched, in a fixed order."""
        rule = Rule("", atoms[:1], atoms, "")
        plan = self._planner.plan(rule)
        if plan is None:
            return []
        view, terms = (self.direct if direct and self.direct is not None else self.facts), self._terms
        ordered = in_order(plan.body, (), view)
        found = []
        for row in solve(view, terms.type, ordered, [NONE] * plan.slots):
            values = {name: terms.term(row[slot]) for slot, name in enumerate(plan.names)}
            used = [instance(terms.type, view, pattern, row) for pattern in plan.body]
            found.append((values, tuple(terms.triple(fact) for fact in used if not self._is_filled(fact))))
        return sorted(found, key=lambda pair: [str(value) for _, value in sorted(pair[0].items())])

    def _is_filled(self, fact: Fact) -> bool:
        return self._terms.table.texts[owner(fact[0])].startswith(_FILLED)

    def members(self, head: NamedNode) -> tuple[AtomTerm, ...]:
        """Return the members of the list with this first cell."""
        return self._lists.get(head, ())

    def height(self, axioms: Iterable[Triple]) -> int:
        """Return the height of the highest proof of some facts."""
        return max((self.facts.heights.get(self._terms.fact(axiom), 0) for axiom in axioms), default=0)

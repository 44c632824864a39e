"""Rules + schema → rules whose predicates and classes are constants.

Partial evaluation: the atoms of a rule that speak of the schema are matched
against it, and each match gives one specialised rule that keeps the name and
the matched facts as axioms. Without this step a rule such as prp-spo1 unifies
with every fact, and no rule with NOT could stand beside it.

Knows: which atoms are schema, RDF lists, and what the engine fills. Must not know: single OWL rules, the
domain, or how rules are evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Protocol

from pyoxigraph import Literal, NamedNode, Triple, Variable

from virtkg.namespaces import OWL, RDF, RDFS, RULE
from virtkg.record import record
from virtkg.rules.expressions import with_terms
from virtkg.rules.scopes import substitute
from virtkg.rules.syntax import Assignment, Atom, AtomTerm, Element, Expression, Negation, Rule

LIST: Final = RULE + "list/"
DATA: Final = RULE + "data/"
FILLED: Final = (LIST, DATA)
"""What the predicates and classes begin with that the engine fills (see owl2rl.srl)."""

DIFFERS: Final = NamedNode(DATA + "differs")
"""A predicate that has no facts: it is computed for each two literals."""

_TYPE: Final = NamedNode(RDF + "type")
_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_NIL: Final = NamedNode(RDF + "nil")
_THING: Final = NamedNode(OWL + "Thing")
_MEMBERS: Final = NamedNode(OWL + "members")
_ALL_DIFFERENT: Final = NamedNode(OWL + "AllDifferent")
_INSTANCE_LEVEL: Final = frozenset({OWL + "sameAs", OWL + "differentFrom"})
LIST_NODES: Final = frozenset({_FIRST, _REST})


@record
class Vocabulary:
    """The predicates and classes in use, over which a variable that no schema atom binds is expanded."""

    predicates: frozenset[NamedNode]
    classes: frozenset[NamedNode]


class Schema(Protocol):
    """The facts and the list facts (see `list_facts`) that schema atoms can match."""

    def rows(
        self, atoms: tuple[Atom, ...], direct: bool = False
    ) -> Iterable[tuple[dict[str, AtomTerm], tuple[Triple, ...]]]:
        """Return each solution with the facts that the atoms matched, in a fixed order.

        With `direct`, of a transitive predicate the facts that are no paths of others will do.
        """

    def members(self, head: NamedNode) -> Sequence[AtomTerm]:
        """Return the members of the list with this first cell."""

    def height(self, axioms: Iterable[Triple]) -> int:
        """Return the height of the highest proof of some facts."""


def specialise(
    rules: Iterable[Rule], schema: Schema, vocabulary: Vocabulary, done: dict[int, list[Rule]] | None = None
) -> list[Rule]:
    """Return the rules specialised to a saturated schema; of those that say the same, the one with the shortest proof.

    The rest of them are its `others`. What does not depend on the vocabulary is
    kept in `done`, by the id of the rule, for a larger one.
    """
    found: dict[tuple[object, ...], list[Rule]] = {}
    known = list(rules)
    done = {} if done is None else done
    passing = {rule.name for rule in passing_on(known)}
    for rule in known:
        specials = done.get(id(rule))
        if specials is None:
            specials = list(_specialise_one(rule, schema, vocabulary, rule.name in passing))
            if not _is_open(rule):
                done[id(rule)] = specials
        for special in specials:
            if not set(special.head) <= set(special.body):
                found.setdefault(special.content(), []).append(special)
    return [_shortest(same, schema) if len(same) > 1 else same[0] for same in found.values()]


def passing_on(rules: Iterable[Rule]) -> list[Rule]:
    """Return the rules that pass facts on along a transitive predicate, as from a class to those above it.

    Step by step they conclude the same as at once.
    """
    known = list(rules)
    transitive = {rule.head[0].predicate for rule in known if _is_transitivity(rule)}
    return [rule for rule in known if _passes_on(rule, transitive)]


def _is_transitivity(rule: Rule) -> bool:
    if rule.data or len(rule.head) != 1 or len(rule.body) != 2 or len(rule.atoms()) != 2:
        return False
    (head,), (one, two) = rule.head, rule.atoms()
    ends = (one.subject, one.object, two.object)
    same = one.predicate == two.predicate == head.predicate and isinstance(head.predicate, NamedNode)
    variables = all(isinstance(end, Variable) for end in ends) and len(set(ends)) == 3
    return same and variables and one.object == two.subject and (head.subject, head.object) == (ends[0], ends[2])


def _passes_on(rule: Rule, transitive: set[AtomTerm]) -> bool:
    if rule.data or len(rule.head) != 1 or len(rule.body) != 2 or len(rule.atoms()) != 2:
        return False
    (head,), (step, fact) = rule.head, rule.atoms()
    if step.predicate not in transitive or not isinstance(step.subject, Variable):
        return False
    if not isinstance(step.object, Variable) or step.object in fact.variables():
        return False
    return step.subject in (fact.predicate, fact.object) and head == substitute(fact, {step.subject.value: step.object})


def _shortest(same: list[Rule], schema: Schema) -> Rule:
    best = min(same, key=lambda rule: schema.height(rule.axioms))
    return replace(best, others=tuple(rule for rule in same if rule is not best))


def list_facts(facts: Iterable[Triple]) -> Iterator[Triple]:
    """Yield the list: facts (see owl2rl.srl) for every well-formed RDF list.

    Those that compare two cells grow with the square of a list: no list of individuals has them.
    """
    known = list(facts)
    first = {fact.subject: fact.object for fact in known if fact.predicate == _FIRST}
    used = _used_by_owl(known)
    different = {fact.subject for fact in known if fact.object == _ALL_DIFFERENT}
    compared = {fact.object for fact in known if fact.predicate == _MEMBERS and fact.subject not in different}
    for head, cells in whole_lists(known).items():
        for member in dict.fromkeys(first[cell] for cell in cells):
            yield Triple(head, NamedNode(LIST + "member"), member)
        for kind in ("chain", "all", "key"):
            yield Triple(head, NamedNode(LIST + kind), NamedNode(f"{LIST}{kind}/{head.value}"))
        last: dict[object, NamedNode] = {}
        for number, cell in enumerate(cells if head in used else ()):
            yield Triple(head, NamedNode(LIST + "cell"), cell)
            if first[cell] in last:
                yield Triple(last[first[cell]], NamedNode(LIST + "again"), cell)
            last[first[cell]] = cell
            if head in compared:
                yield from (Triple(cell, NamedNode(LIST + "after"), later) for later in cells[number + 1 :])


def whole_lists(facts: Iterable[Triple]) -> dict[NamedNode, list[NamedNode]]:
    """Return the cells of each well-formed list (RDF Schema 1.1, 5.2) by its first cell.

    A cell begins a list if no other leads to it, or if OWL uses it.
    """
    known = list(facts)
    first: dict[NamedNode, list[object]] = {}
    rest: dict[NamedNode, list[object]] = {}
    for fact in known:
        if isinstance(fact.subject, NamedNode) and fact.predicate in LIST_NODES:
            (first if fact.predicate == _FIRST else rest).setdefault(fact.subject, []).append(fact.object)
    inner = {tail for found in rest.values() for tail in found} - _used_by_owl(known)
    lists = {head: _cells(head, first, rest) for head in first if head not in inner}
    return {head: cells for head, cells in lists.items() if cells}


def list_members(facts: Iterable[Triple]) -> dict[NamedNode, tuple[NamedNode | Literal, ...]]:
    """Return the members of each well-formed list by its first cell."""
    known = list(facts)
    first = {fact.subject: fact.object for fact in known if fact.predicate == _FIRST}
    return {head: tuple(first[cell] for cell in cells) for head, cells in whole_lists(known).items()}  # type: ignore[misc]


def _used_by_owl(facts: Iterable[Triple]) -> set[object]:
    return {fact.object for fact in facts if fact.predicate.value.startswith(OWL)}


def _cells(
    head: NamedNode, first: dict[NamedNode, list[object]], rest: dict[NamedNode, list[object]]
) -> list[NamedNode]:
    cells: dict[NamedNode, None] = {}
    cell: object = head
    while cell != _NIL:
        if not isinstance(cell, NamedNode) or cell in cells:
            return []
        if len(first.get(cell, ())) != 1 or len(rest.get(cell, ())) != 1:
            return []
        cells[cell] = None
        (cell,) = rest[cell]
    return list(cells)


def _specialise_one(rule: Rule, schema: Schema, vocabulary: Vocabulary, direct: bool = False) -> Iterator[Rule]:
    meta = meta_variables(rule)
    atoms = tuple(atom for atom in rule.atoms() if is_schema(atom, meta)) if meta else ()
    for row, axioms in schema.rows(atoms, direct) if atoms else [({}, ())]:
        rest = tuple(element for element in rule.body if element not in atoms)
        special = _substitute_rule(replace(rule, body=rest, axioms=rule.axioms + axioms), row, schema)
        if special is not None:
            yield from _bind_open(special, schema, vocabulary)


def _substitute_rule(rule: Rule, row: dict[str, AtomTerm], schema: Schema) -> Rule | None:
    """Return the rule with a row put in, None if it then asks or says what no fact can say."""
    head = tuple(substitute(atom, row) for atom in rule.head)
    body = tuple(part for element in rule.body for part in _expand(element, row, schema))
    if not all(_can_be_fact(part) for part in (*head, *body) if isinstance(part, Atom)):
        return None
    kept = (part for part in body if not isinstance(part, Negation) or all(map(_can_be_fact, part.atoms)))
    return replace(rule, head=head, body=tuple(kept))


def _can_be_fact(atom: Atom) -> bool:
    return not isinstance(atom.subject, Literal) and not isinstance(atom.predicate, Literal)


def _bind_open(rule: Rule, schema: Schema, vocabulary: Vocabulary) -> Iterator[Rule]:
    """Bind what the schema leaves open: a predicate to each in use, then a class.

    Only the replacement of equals is written that way.
    """
    predicates = sorted(atom.predicate.value for atom in rule.atoms() if isinstance(atom.predicate, Variable))
    classes = sorted(
        atom.object.value for atom in rule.atoms() if atom.predicate == _TYPE and isinstance(atom.object, Variable)
    )
    if predicates:
        for predicate in sorted(vocabulary.predicates, key=str):
            special = _substitute_rule(rule, {predicates[0]: predicate}, schema)
            if special is not None:
                yield from _specialise_one(special, schema, vocabulary)
    elif classes:
        for class_ in sorted(vocabulary.classes, key=str):
            special = _substitute_rule(rule, {classes[0]: class_}, schema)
            if special is not None:
                yield from _bind_open(special, schema, vocabulary)
    else:
        yield rule


def _is_open(rule: Rule) -> bool:
    """Tell whether a pattern of the body has a predicate or class that no schema atom binds."""
    meta = meta_variables(rule)
    bound = {variable.value for atom in rule.atoms() if is_schema(atom, meta) for variable in atom.variables()}
    return any(
        isinstance(term, Variable) and term.value not in bound
        for atom in rule.atoms()
        for term in (atom.predicate, atom.object if atom.predicate == _TYPE else _TYPE)
    )


def meta_variables(rule: Rule) -> set[str]:
    """Return the variables that stand for a predicate, or for the class of a type atom."""
    atoms = list(rule.head) + list(rule.atoms()) + [atom for negation in rule.negations() for atom in negation.atoms]
    meta: set[str] = set()
    for atom in atoms:
        if isinstance(atom.predicate, Variable):
            meta.add(atom.predicate.value)
        elif atom.predicate == _TYPE and isinstance(atom.object, Variable):
            meta.add(atom.object.value)
    return meta


def is_schema(atom: Atom, meta: set[str]) -> bool:
    if isinstance(atom.predicate, Variable):
        return False
    if isinstance(atom.subject, Variable) and atom.subject.value in meta:
        return True
    if atom.predicate == _TYPE:
        return isinstance(atom.object, NamedNode) and atom.object.value.startswith((OWL, RDFS))
    if isinstance(atom.object, Variable) and atom.object.value in meta:
        return True
    assert isinstance(atom.predicate, NamedNode)
    predicate = atom.predicate.value
    if predicate in _INSTANCE_LEVEL:
        return False
    return predicate.startswith((OWL, RDFS, LIST)) or atom.predicate in LIST_NODES


def _expand(element: Element, row: dict[str, AtomTerm], schema: Schema) -> Iterator[Element]:
    match element:
        case Atom() if element.predicate == DIFFERS:
            yield _computed(substitute(element, row))
        case Atom():
            yield from _expand_list(substitute(element, row), schema)
        case Expression():
            yield with_terms(element, row)
        case Negation():
            parts = (substitute(p, row) if isinstance(p, Atom) else with_terms(p, row) for p in element.body)
            yield Negation(tuple(parts), element.data)
        case Assignment():
            yield Assignment(element.variable, with_terms(element.expression, row))


def _computed(atom: Atom) -> Expression:
    ends = [atom.subject, atom.object]
    names = frozenset(end.value for end in ends if isinstance(end, Variable))
    return Expression(f"{atom.predicate}({', '.join(map(str, ends))})", names)


def _expand_list(atom: Atom, schema: Schema) -> Iterator[Atom]:
    """Replace a chain, intersection or key of a list by the atoms it stands for."""
    kind, members = _list_members(atom.predicate, schema)
    if kind == "chain":
        joints = [atom.subject, *(Variable(f"joint{n}") for n in range(1, len(members))), atom.object]
        for n, member in enumerate(members):
            yield Atom(joints[n], member, joints[n + 1])
    elif kind == "key":
        for n, member in enumerate(members):
            yield Atom(atom.subject, member, Variable(f"shared{n}"))
            yield Atom(atom.object, member, Variable(f"shared{n}"))
    else:
        kind, members = _list_members(atom.object, schema) if atom.predicate == _TYPE else ("", ())
        if kind == "all":
            for member in members:
                if member != _THING or len(members) == 1:
                    yield Atom(atom.subject, _TYPE, member)
        else:
            yield atom


def _list_members(term: AtomTerm, schema: Schema) -> tuple[str, Sequence[AtomTerm]]:
    if not isinstance(term, NamedNode) or not term.value.startswith(LIST):
        return "", ()
    kind, _, head = term.value[len(LIST) :].partition("/")
    return (kind, schema.members(NamedNode(head))) if head else ("", ())

"""Every inferred fact has a proof, and a checker that shares no code with the reasoner can follow each step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from ontologies import ontology
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, Variable

from virtkg.graph import KnowledgeGraph, load
from virtkg.inputs import rule_files
from virtkg.namespaces import GENID, ID, OWL, RDF, RDFS, RULE, SRC, VKG, XSD, compact
from virtkg.proof import Proof
from virtkg.rdf.read import read_file
from virtkg.reason.closure import Closure, Derivation, close
from virtkg.rules.parse import read_rules
from virtkg.rules.syntax import Assignment, Atom, Element, Expression, Negation, Rule

CASES = Path(__file__).parent / "rules"
RULES = {rule.name: rule for path in rule_files() for rule in read_rules(path)}
LIST = RULE + "list/"
DATA = RULE + "data/"
DIFFERS = NamedNode(DATA + "differs")
TYPE = NamedNode(RDF + "type")
Row = dict[str, Any]


# ---- the checker


class Index:
    """Facts by the terms at two of their places."""

    def __init__(self, facts: Iterable[Triple]) -> None:
        self._found: dict[tuple[object, object, object], list[Triple]] = {}
        for fact in facts:
            s, p, o = fact.subject, fact.predicate, fact.object
            for key in ((s, p, o), (s, p, None), (None, p, o), (s, None, None), (None, None, o), (None, p, None)):
                self._found.setdefault(key, []).append(fact)
            self._found.setdefault((None, None, None), []).append(fact)

    def fitting(self, atom: Atom, row: Row) -> list[Triple]:
        """The facts that could match an atom in a row."""
        s, p, o = (row.get(term.value) if isinstance(term, Variable) else term for term in _terms(atom))
        if p is None and None not in (s, o):
            s = None
        return self._found.get((s, p, o), [])


class Checker:
    """Judges single steps against the written rules and all facts of a graph."""

    def __init__(self, facts: Iterable[Triple], lists: Iterable[Triple] | None = None) -> None:
        """Take all facts; lists are as `lists` state them, for what follows about a cell does not change its list."""
        self.facts = frozenset(facts)
        self._store = ox.Store()
        self._store.extend(Quad(fact.subject, fact.predicate, fact.object, DefaultGraph()) for fact in self.facts)
        told = self.facts if lists is None else frozenset(lists)
        self._first = {fact.subject: fact.object for fact in told if fact.predicate.value == RDF + "first"}
        self._rest = {fact.subject: fact.object for fact in told if fact.predicate.value == RDF + "rest"}
        self._parts = {fact.subject: fact.object for fact in told if fact.predicate.value == OWL + "intersectionOf"}
        self._ill = {fact.predicate for fact in told if isinstance(fact.object, Literal) and is_ill(fact.object)}

    def fault(self, rule_name: str, conclusion: Triple, premises: tuple[Triple, ...], absent: tuple[str, ...]) -> str:
        """Say what is wrong with a step, "" if nothing."""
        rule = RULES.get(rule_name)
        if rule is None:
            return f"there is no rule {rule_name}"
        if unknown := [premise for premise in premises if premise not in self.facts]:
            return f"{unknown[0]} is no fact"
        faults = ["no substitution makes the rule say this"]
        for row, used in self._rows(list(rule.body), {}, premises, frozenset(), {}):
            if not any(conclusion == self._triple(atom, row) for atom in rule.head):
                continue
            if used != set(premises):
                faults.append("a premise is not used")
            elif absent != tuple(_text(negation, row) for negation in rule.negations()):
                faults.append("the absent patterns are not those of the rule")
            elif present := [text for text in absent if self._asks(f"ASK {{ {text} }}")]:
                faults.append(f"what should be absent is there: {present[0]}")
            else:
                return ""
        return faults[-1]

    def instances(self, rule: Rule, index: Index) -> Iterator[tuple[list[Triple], frozenset[Triple]]]:
        """Yield what each instance of a rule concludes, with its premises, among the facts of an index."""
        for row, used in self._rows(list(rule.body), {}, index, frozenset(), {}):
            if not any(self._asks(f"ASK {{ {_text(negation, row)} }}") for negation in rule.negations()):
                yield [fact for atom in rule.head if (fact := self._triple(atom, row)) is not None], used

    def _rows(
        self, body: list[Element], row: Row, premises: tuple[Triple, ...] | Index, used: frozenset[Triple], kinds: Row
    ) -> Iterator[tuple[Row, frozenset[Triple]]]:
        """Yield each substitution that satisfies the body, with the premises that it uses."""
        if not body:
            yield row, used
            return
        element, rest = body[0], body[1:]
        match element:
            case Atom() if str(element.predicate).startswith(f"<{LIST}"):
                for extended in self._list(element, row, kinds):
                    yield from self._rows(rest, extended, premises, used, kinds)
            case Atom() if element.predicate == DIFFERS:
                if differ(row[element.subject.value], row[element.object.value]):  # type: ignore[union-attr]
                    yield from self._rows(rest, row, premises, used, kinds)
            case Atom() if str(element.predicate).startswith(f"<{DATA}"):
                if self._data(element, row, kinds):
                    yield from self._rows(rest, row, premises, used, kinds)
            case Atom() if (judged := self._judged(element, row, kinds)) is not None:
                if judged:
                    yield from self._rows(rest, row, premises, used, kinds)
            case Atom() if (expanded := self._expanded(element, row, kinds)) is not None:
                yield from self._rows([*expanded, *rest], row, premises, used, kinds)
            case Atom():
                for premise in premises.fitting(element, row) if isinstance(premises, Index) else premises:
                    extended_or_none = _unify(element, premise, row)
                    if extended_or_none is not None:
                        yield from self._rows(rest, extended_or_none, premises, used | {premise}, kinds)
            case Expression():
                if self._value(element.text, element.variables, row) == Literal(True):
                    yield from self._rows(rest, row, premises, used, kinds)
            case Assignment():
                value = self._value(element.expression.text, element.expression.variables, row)
                if value is not None:
                    yield from self._rows(rest, {**row, element.variable.value: value}, premises, used, kinds)
            case Negation():
                yield from self._rows(rest, row, premises, used, kinds)

    def _list(self, atom: Atom, row: Row, kinds: Row) -> Iterator[Row]:
        """Yield the rows that a list: atom allows (see owl2rl.srl); chain, all and key are only remembered."""
        assert isinstance(atom.subject, Variable) and isinstance(atom.object, Variable)
        kind, subject, name = str(atom.predicate)[1 + len(LIST) : -1], row[atom.subject.value], atom.object.value
        cells = self._cells(subject)
        if kind in ("chain", "all", "key"):
            kinds[name] = (kind, [self._first[cell] for cell in cells])
            yield row
            return
        again = [cell for cell in cells[1:] if self._first[cell] == self._first[subject]]
        members = [self._first[cell] for cell in cells]
        found = {"member": members, "cell": cells, "after": cells[1:], "again": again}[kind]
        for value in found:
            if row.get(name, value) == value:
                yield {**row, name: value}

    def _data(self, atom: Atom, row: Row, kinds: Row) -> bool:
        """Tell whether a data: atom holds (see owl2rl.srl); the class that it names is only remembered."""
        assert isinstance(atom.subject, Variable) and isinstance(atom.object, Variable)
        way, subject = str(atom.predicate)[1 + len(DATA) : -1], row.get(atom.subject.value)
        kinds[atom.object.value] = ("data", way, atom.subject.value)
        if way == "ill":
            return True
        return subject in self._parts or str(subject)[1:-1] in KNOWN_DATATYPES

    def _judged(self, atom: Atom, row: Row, kinds: Row) -> bool | None:
        """Tell whether a literal is in a class that a data: atom named, None for another atom."""
        found = kinds.get(atom.object.value) if isinstance(atom.object, Variable) and atom.predicate == TYPE else None
        if not isinstance(found, tuple) or found[0] != "data":
            return None
        _, way, named = found
        literal = row[atom.subject.value]  # type: ignore[union-attr]
        if not isinstance(literal, Literal):
            return False
        if way == "ill":
            return is_ill(literal) and row[named] in self._ill
        return self._in(literal, row[named]) is (way == "in")

    def _in(self, literal: Literal, range_: Any) -> bool | None:
        parts = self._cells(self._parts[range_]) if range_ in self._parts else []
        found = [self._in(literal, self._first[cell]) for cell in parts] or [is_in(literal, range_.value)]
        return False if False in found else None if None in found else True

    def _cells(self, cell: Any) -> list[Any]:
        cells: list[Any] = []
        while cell in self._first and cell not in cells:
            cells.append(cell)
            cell = self._rest[cell]
        return cells

    def _expanded(self, atom: Atom, row: Row, kinds: Row) -> list[Element] | None:
        """Return what an atom with the word of a chain, key or intersection stands for, None for another atom."""
        word = atom.object if atom.predicate == TYPE else atom.predicate
        found = kinds.get(word.value) if isinstance(word, Variable) else None
        if not isinstance(found, tuple):
            return None
        kind, members = found[:2]
        if kind == "all":
            return [Atom(atom.subject, TYPE, member) for member in members if member != NamedNode(OWL + "Thing")]
        ends: list[Any] = [Variable(f"between{number}") for number in range(len(members) + 1)]
        if kind == "key":
            pairs = [(subject, n) for n in range(len(members)) for subject in (atom.subject, atom.object)]
            return [Atom(subject, members[n], ends[n]) for subject, n in pairs]
        ends[0], ends[-1] = atom.subject, atom.object
        return [Atom(ends[n], member, ends[n + 1]) for n, member in enumerate(members)]

    def _triple(self, atom: Atom, row: Row) -> Triple | None:
        terms = [row.get(term.value) if isinstance(term, Variable) else term for term in _terms(atom)]
        if not isinstance(terms[0], NamedNode) or not isinstance(terms[1], NamedNode) or terms[2] is None:
            return None
        return Triple(*terms)  # type: ignore[arg-type]

    def _value(self, text: str, variables: frozenset[str], row: Row) -> object:
        names = sorted(variables)
        values = " ".join(str(row[name]) for name in names)
        heads = " ".join(f"?{name}" for name in names)
        answer = ox.Store().query(f"SELECT ({text} AS ?result) WHERE {{ VALUES ({heads}) {{ ({values}) }} }}")
        assert isinstance(answer, ox.QuerySolutions)
        return next(iter(answer))["result"]

    def _asks(self, query: str) -> bool:
        return bool(self._store.query(query))


# What the checker knows of literals, by way of rdflib; values of other datatypes are not known to it.

BOUNDS = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "nonPositiveInteger": (None, 0),
    "byte": (-128, 127),
    "positiveInteger": (1, None),
    "long": (-(2**63), 2**63 - 1),
}
KNOWN_DATATYPES = {RDFS + "Literal", *(XSD + name for name in (*BOUNDS, "decimal", "string", "double"))}


def value(literal: Literal) -> tuple[str, Any] | None:
    """The kind and the value of a literal, None if it is not known."""
    if literal.language is not None:
        return "tagged", (literal.value, literal.language.lower())
    found = rdflib.Literal(literal.value, datatype=rdflib.URIRef(literal.datatype.value), normalize=False).value
    kind = literal.datatype.value.removeprefix(XSD)
    if kind in BOUNDS or kind == "decimal":
        return ("number", Fraction(found)) if isinstance(found, int | Decimal) else None
    if kind in ("string", "token"):
        return "string", literal.value
    return ("double", repr(found)) if kind == "double" and isinstance(found, float) else None


def is_in(literal: Literal, datatype: str) -> bool | None:
    known, name = value(literal), datatype.removeprefix(XSD)
    if datatype == RDFS + "Literal":
        return True
    if known is None or is_ill(literal):
        return None
    if name not in BOUNDS:
        return known[0] == {"decimal": "number"}.get(name, name)
    low, high = BOUNDS[name]
    number = known[1]
    is_whole = known[0] == "number" and number.denominator == 1
    return is_whole and (low is None or number >= low) and (high is None or number <= high)


def is_ill(literal: Literal) -> bool:
    if literal.language is not None or not literal.datatype.value.startswith(XSD):
        return False
    kind, known = literal.datatype.value.removeprefix(XSD), value(literal)
    if kind in BOUNDS and known is not None:
        low, high = BOUNDS[kind]
        return (low is not None and known[1] < low) or (high is not None and known[1] > high)
    return bool(rdflib.Literal(literal.value, datatype=rdflib.URIRef(literal.datatype.value)).ill_typed)


def differ(one: Any, other: Any) -> bool:
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return False
    return value(one) is not None and value(other) is not None and value(one) != value(other)


def _terms(atom: Atom) -> tuple[object, object, object]:
    return atom.subject, atom.predicate, atom.object


def _unify(atom: Atom, fact: Triple, row: Row) -> Row | None:
    row = dict(row)
    for term, value in zip(_terms(atom), (fact.subject, fact.predicate, fact.object), strict=True):
        if isinstance(term, Variable):
            if row.setdefault(term.value, value) != value:
                return None
        elif term != value:
            return None
    return row


def _text(negation: Negation, row: Row) -> str:
    patterns = []
    for atom in negation.atoms:
        words = (row.get(t.value, f"?{t.value}") if isinstance(t, Variable) else t for t in _terms(atom))
        patterns.append(" ".join(map(str, words)))
    assert not negation.filters, "no packaged rule has a FILTER in a NOT"
    return " . ".join(patterns)


def faults(proof: Proof, checker: Checker, stating: dict[str, set[Triple]], disputed: frozenset[Triple]) -> list[str]:
    """Say what is wrong anywhere in a proof."""
    found: list[str] = []
    done: set[Triple] = set()

    def visit(step: Proof, below: frozenset[Triple]) -> None:
        if step.fact in below:
            found.append(f"{step.fact} rests on itself")
            return
        if step.fact in done:
            return
        done.add(step.fact)
        if step.disputed != (step.fact in disputed):
            found.append(f"{step.fact} is not told to be {'' if step.disputed else 'un'}disputed")
        if not step.rule:
            if not step.sources or not all(step.fact in stating.get(source, set()) for source in step.sources):
                found.append(f"{step.fact} does not stand in {step.sources}")
            if step.premises or step.absent:
                found.append(f"{step.fact} is stated and derived")
            return
        if step.sources:
            found.append(f"{step.fact} is derived and stated")
        premises = tuple(premise.fact for premise in step.premises)
        if fault := checker.fault(step.rule, step.fact, premises, step.absent):
            found.append(f"{step.fact} by {compact(step.rule)}: {fault}")
        if not step.disputed and not is_finding(step.fact):
            found.extend(f"{step.fact} rests on a disputed fact" for premise in step.premises if premise.disputed)
        for premise in step.premises:
            visit(premise, below | {step.fact})

    visit(proof, frozenset())
    return found


def is_finding(fact: Triple) -> bool:
    return "/dispute/" in str(fact.subject) or "clash" in fact.predicate.value


@pytest.fixture(scope="module")
def checker(stated: frozenset[Triple], inferred: frozenset[Triple]) -> Checker:
    return Checker(stated | inferred)


@pytest.fixture(scope="module")
def stating(quads: frozenset[Quad]) -> dict[str, set[Triple]]:
    """The facts of each graph but those that virtkg fills."""
    found: dict[str, set[Triple]] = {}
    for quad in quads:
        if "/graph/" not in str(quad.graph_name):
            found.setdefault(str(quad.graph_name)[1:-1], set()).add(quad.triple)
    return found


def prove(kg: KnowledgeGraph, fact: Triple | str) -> Proof:
    statement = fact if isinstance(fact, str) else f"{fact.subject} {fact.predicate} {fact.object}"
    (side,) = [side for side in kg.why(statement).sides if side.supports]
    assert isinstance(side.proof, Proof)
    return side.proof


# ---- the packaged graph


def test_every_inferred_fact_has_a_proof_that_can_be_followed(
    kg: KnowledgeGraph,
    inferred: frozenset[Triple],
    disputed: frozenset[Triple],
    checker: Checker,
    stating: dict[str, set[Triple]],
) -> None:
    assert len(inferred) > 300
    for fact in sorted(inferred, key=str):
        proof = prove(kg, fact)
        assert proof.fact == fact and proof.rule and proof.height() > 0
        assert faults(proof, checker, stating, disputed) == []
        assert all(leaf.sources for leaf in proof.leaves())


GOLDEN = {
    "xenserver-6-runs-pv": ["id:xenserver-6 vkg:runsMode id:pv"],
    "xcp-ng-8.3-runs-pvhvm": ["id:xcp-ng-8.3 vkg:runsMode id:pvhvm"],
    "xcp-ng-8.3-runs-hvm-with-pv-drivers": ["id:xcp-ng-8.3 vkg:runsMode id:hvm-with-pv-drivers"],
    "pvhvm-requires-hardware-extensions": ["id:pvhvm vkg:requires id:hardware-extensions"],
    "hyper-v-2012-cpu-virtualization": [
        "id:hyper-v-2012 vkg:cpuVirtualization id:paravirtualization",
        "id:hyper-v-2012 vkg:cpuVirtualization id:hardware-virtualization",
    ],
    "rhev-3-page-sharing": ["id:rhev-3 vkg:supports id:page-sharing", "id:rhev-3 vkg:lacks id:page-sharing"],
}


@pytest.mark.parametrize("name", GOLDEN)
def test_proofs_are_as_judged(name: str, kg: KnowledgeGraph, check_golden: Callable[[str, str], None]) -> None:
    check_golden(f"proofs/{name}.txt", "\n".join(written(prove(kg, statement)) for statement in GOLDEN[name]))


def written(proof: Proof) -> str:
    """A proof as indented text; unnamed classes and lists are numbered as they appear."""
    numbers: dict[str, str] = {}

    def term(value: object) -> str:
        if isinstance(value, NamedNode) and value.value.startswith(GENID):
            return numbers.setdefault(value.value, f"_:{len(numbers) + 1}")
        return compact(value.value) if isinstance(value, NamedNode) else str(value)

    def lines(step: Proof, depth: int) -> Iterator[str]:
        fact = " ".join(term(part) for part in (step.fact.subject, step.fact.predicate, step.fact.object))
        why = f"by {compact(step.rule)}" if step.rule else "in " + " ".join(map(compact, step.sources))
        yield f"{'  ' * depth}{fact} -- {why}{' (disputed)' if step.disputed else ''}\n"
        for pattern in step.absent:
            words = [term(NamedNode(word[1:-1])) if word.startswith("<") else word for word in pattern.split()]
            yield f"{'  ' * depth}  not: {' '.join(words)}\n"
        for premise in step.premises:
            yield from lines(premise, depth + 1)

    return "".join(lines(proof, 0))


# ---- the checker can refuse


@pytest.fixture
def sound(kg: KnowledgeGraph) -> Proof:
    """A proof with a step that has absent patterns, and one with a list below it."""
    return prove(kg, "id:xenserver-6 rdf:type vkg:PVCapableSuite")


def tampered(proof: Proof, how: str, other: Proof) -> Proof:
    """Spoil the deepest step that a tampering applies to."""
    for number, premise in enumerate(proof.premises):
        changed = tampered(premise, how, other)
        if changed is not premise:
            return replace(proof, premises=(*proof.premises[:number], changed, *proof.premises[number + 1 :]))
    if how == "source" and not proof.rule:
        return replace(proof, sources=(SRC + "xen-tags",))
    if how == "no source" and not proof.rule:
        return replace(proof, sources=())
    if how == "mark" and not proof.rule:
        return replace(proof, disputed=not proof.disputed)
    if not proof.rule or (how.startswith("absent") and not proof.absent):
        return proof
    match how:
        case "rule":
            return replace(proof, rule=RULE + "series-runs-what-a-release-runs")
        case "unknown rule":
            return replace(proof, rule=RULE + "no-such-rule")
        case "fewer premises":
            return replace(proof, premises=proof.premises[1:])
        case "more premises":
            return replace(proof, premises=(*proof.premises, other))
        case "another premise":
            return replace(proof, premises=(*proof.premises[:-1], other))
        case "conclusion":
            return replace(proof, fact=other.fact)
        case "absent, fewer":
            return replace(proof, absent=proof.absent[1:])
        case "absent, another":
            return replace(proof, absent=(proof.absent[0].replace("doesNotRunMode", "runsMode"), *proof.absent[1:]))
        case "circle":
            return replace(proof, premises=(replace(proof.premises[0], fact=proof.fact), *proof.premises[1:]))
    return proof


TAMPERINGS = {
    "source": "does not stand in",
    "no source": "does not stand in",
    "mark": "disputed",
    "rule": "no substitution",
    "unknown rule": "there is no rule",
    "fewer premises": "no substitution",
    "more premises": "a premise is not used",
    "another premise": "no substitution",
    "conclusion": "no substitution",
    "absent, fewer": "the absent patterns are not those of the rule",
    "absent, another": "the absent patterns are not those of the rule",
    "circle": "rests on itself",
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_a_tampered_proof_is_refused(
    how: str,
    kg: KnowledgeGraph,
    sound: Proof,
    checker: Checker,
    stating: dict[str, set[Triple]],
    disputed: frozenset[Triple],
) -> None:
    assert faults(sound, checker, stating, disputed) == []
    false = tampered(sound, how, prove(kg, "id:xen-4.1 vkg:follows id:xen-4.0.1"))
    found = faults(false, checker, stating, disputed)
    assert found and any(TAMPERINGS[how] in fault for fault in found), found


def test_a_fact_that_should_be_absent_is_noticed(
    sound: Proof, checker: Checker, stating: dict[str, set[Triple]]
) -> None:
    denied = Triple(sound.premises[-1].fact.subject, NamedNode(VKG + "doesNotRunMode"), NamedNode(ID + "pv"))
    found = faults(sound, Checker(checker.facts | {denied}), stating, frozenset())
    assert any("what should be absent is there" in fault for fault in found), found


def test_a_disputed_premise_is_noticed(
    kg: KnowledgeGraph, checker: Checker, stating: dict[str, set[Triple]], disputed: frozenset[Triple]
) -> None:
    proof = prove(kg, "id:hyper-v-2012 rdf:type vkg:ParavirtualizingSuite")
    assert proof.disputed and faults(proof, checker, stating, disputed) == []
    found = faults(replace(proof, disputed=False), checker, stating, disputed - {proof.fact})
    assert found == [f"{proof.fact} rests on a disputed fact"]


# ---- no proof is higher than it has to be


def least_heights(
    given: frozenset[Triple], facts: frozenset[Triple], denying: frozenset[Triple] = frozenset()
) -> dict[Triple, int]:
    """The height of the lowest proof of each fact, found from all instances of all rules, over and over (Bellman-Ford).

    `facts` are the given ones and all that follow; an axiom is a premise like
    any other. A NOT asks those of `denying` too.
    """
    checker, index = Checker(facts | denying, given), Index(facts)
    steps = [
        (fact, used)
        for rule in RULES.values()
        if not any(is_clash(atom.predicate) for atom in rule.head)
        for made, used in checker.instances(rule, index)
        for fact in made
        if fact in facts and fact not in given
    ]
    heights = dict.fromkeys(given, 0)
    changed = True
    while changed:
        changed = False
        for fact, used in steps:
            if all(premise in heights for premise in used):
                height = 1 + max((heights[premise] for premise in used), default=0)
                if height < heights.get(fact, height + 1):
                    heights[fact] = height
                    changed = True
    return heights


def is_clash(term: object) -> bool:
    return "clash" in str(term)


def heights_of(given: frozenset[Triple], closure: Closure) -> dict[Triple, int]:
    """The heights of the proofs that the derivations of a closure make."""
    heights = dict.fromkeys(given, 0)
    for fact, how in closure.inferred.items():
        heights[fact] = 1 + max((heights[premise] for premise in how.premises), default=0)
    return heights


def compared(given: frozenset[Triple]) -> tuple[dict[Triple, int], dict[Triple, int]]:
    closure = close(given, list(RULES.values()))
    return heights_of(given, closure), least_heights(given, given.union(closure.inferred))


@pytest.mark.parametrize("decade", range(6))
def test_proofs_of_generated_ontologies_are_of_least_height(decade: int) -> None:
    deepest = 0
    for seed in range(decade * 10, decade * 10 + 10):
        found, least = compared(ontology(seed))
        wrong = {fact: (found[fact], least.get(fact)) for fact in found if found[fact] != least.get(fact)}
        assert wrong == {}, f"seed {seed}"
        deepest = max(deepest, *found.values())
    assert deepest > 2


def test_proofs_of_the_packaged_graph_are_of_least_height(stated: frozenset[Triple]) -> None:
    found, least = compared(stated)
    assert found == least and max(found.values()) > 4


def test_proofs_without_disputed_facts_are_of_least_height(
    kg: KnowledgeGraph, stated: frozenset[Triple], inferred: frozenset[Triple], disputed: frozenset[Triple]
) -> None:
    firm = frozenset(fact for fact in inferred - disputed if not is_finding(fact))
    least = least_heights(stated - disputed, (stated | firm) - disputed, disputed)
    proofs = {fact: prove(kg, fact) for fact in firm}
    assert {fact: proof.height() for fact, proof in proofs.items()} == {fact: least[fact] for fact in firm}
    assert not any(step.disputed for proof in proofs.values() for step in proof.steps())


def test_a_proof_that_is_too_high_is_noticed() -> None:
    """The checker of heights bites: a derivation by a detour is not the least."""
    given = frozenset(
        quad.triple
        for quad in ox.parse(
            """@prefix : <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
            :A rdfs:subClassOf :B . :B rdfs:subClassOf :C . :C rdfs:subClassOf :D . :x a :A .""",
            format=RdfFormat.TURTLE,
        )
    )
    closure = close(given, list(RULES.values()))
    least = least_heights(given, given.union(closure.inferred))
    assert heights_of(given, closure) == least
    is_a = {fact.object: fact for fact in closure.inferred if fact.predicate == TYPE}
    c, d = (is_a[NamedNode(f"https://example.org/{name}")] for name in "CD")
    below_d = Triple(c.object, NamedNode(RDFS + "subClassOf"), d.object)
    others = {fact: how for fact, how in closure.inferred.items() if fact != d}
    detour = Closure(others | {d: Derivation(RULE + "owl2rl/cax-sco", (below_d, c), ())}, {})
    assert (heights_of(given, detour)[d], least[d]) == (3, 2)


# ---- every rule


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_each_rule_can_be_followed(name: str) -> None:
    """The derivations of all rule cases, those with lists and contradictions too."""
    given = {Triple(*row[:3]) for row in read_file(str(CASES / name / "given.ttl"))}
    closure = close(given, list(RULES.values()))
    every = Checker(given.union(closure.inferred))
    steps = [*closure.inferred.items(), *closure.clashes.items()]
    assert steps
    for fact, how in steps:
        assert every.fault(how.rule, fact, how.premises, how.absent) == "", (fact, how)
        assert every.fault(how.rule, fact, how.premises[1:], how.absent) or not how.premises


def test_a_contradiction_has_a_proof(tmp_path: Path) -> None:
    path = tmp_path / "wrong.ttl"
    path.write_text(f"<{ID}pv> <{VKG}lacks> <{ID}page-sharing> ; a <{VKG}Resource> .")
    kg = load((str(path),))
    sides = kg.contradictions()
    assert {compact(side.proof.rule) for side in sides if side.proof is not None} >= {"owlrl:cax-dw"}
    facts = {quad.triple for quad in ox.parse(kg.export("nq"), format=RdfFormat.N_QUADS)}
    for side in sides:
        assert side.proof is not None
        premises = tuple(premise.fact for premise in side.proof.premises)
        assert Checker(facts).fault(side.proof.rule, side.proof.fact, premises, ()) == ""
        assert all(leaf.sources for leaf in side.proof.leaves())


def test_numbers_in_any_form_can_be_proved(tmp_path: Path) -> None:
    """The store writes 007 as 7 and 1.50 as 1.5; a proof quotes the fact as its source writes it."""
    path = tmp_path / "odd.ttl"
    path.write_text(
        """@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        :p rdfs:subPropertyOf :q . :a :p 7 . :b :p "007"^^xsd:integer . :c :p 1.50 . :d a :R .
        :R owl:onProperty :p ; owl:hasValue "08"^^xsd:integer ."""
    )
    kg = load((str(path),))
    facts = {quad.triple for quad in ox.parse(kg.export("nq"), format=RdfFormat.N_QUADS)}
    for fact in facts:
        if fact.predicate.value == "https://example.org/q":
            proof = prove(kg, fact)
            assert proof.premises[-1].fact.object == fact.object
            assert {premise.fact for premise in proof.premises} <= facts
    assert {str(f.object) for f in facts if f.predicate.value == "https://example.org/q"} == {
        f'"{text}"^^<http://www.w3.org/2001/XMLSchema#{kind}>'
        for text, kind in (("7", "integer"), ("007", "integer"), ("1.50", "decimal"), ("08", "integer"))
    }


def test_a_source_of_a_strange_kind_is_cited_last(tmp_path: Path) -> None:
    path = tmp_path / "odd.trig"
    path.write_text(
        f"""<{SRC}odd> {{ <{SRC}odd> <{VKG}sourceKind> <urn:kind> . <urn:kind> <{VKG}trustRank> "high" .
        <{ID}vsphere-5.1> <{VKG}supports> <{ID}page-sharing> . }}"""
    )
    (row,) = [row for row in load((str(path),)).ask("suites with page sharing").rows if row.label == "vSphere 5.1"]
    assert row.sources == ("cmu-virtualization-suites", "odd")

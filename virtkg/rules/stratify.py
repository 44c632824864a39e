"""Specialised rules → components in the order in which they must be evaluated.

Knows: which rule depends on which, by triples that can match patterns
(SPARQL-RL, dependency graph), and the stratification condition.
Must not know: data, or how a component is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Variable

from virtkg.diagnostics import RuleError
from virtkg.namespaces import RDF, compact
from virtkg.record import record
from virtkg.rules.scopes import substitute
from virtkg.rules.syntax import Atom, AtomTerm, Rule
from virtkg.rules.unify import may_match

_TYPE: Final = NamedNode(RDF + "type")
_ANY: Final = ""

_Key = tuple[str, str]
"""A predicate, and a class for type atoms."""


@record
class Component:
    """Rules that depend on each other; `recursive` when a second round can find more."""

    rules: tuple[Rule, ...]
    recursive: bool


def components(rules: Iterable[Rule], negation: bool = True) -> list[Component]:
    """Return the dependency components, each after all it depends on.

    Written rules are judged at the grain of the draft. Without `negation`, a
    NOT asks facts that no rule makes and depends on none.
    Raises RuleError (R303) when a cycle of dependencies contains a NOT, a SET
    or a blank node in a head: the outcome would depend on the order of evaluation.
    """
    graph = _Graph(list(rules), negation)
    found: list[Component] = []
    for members in tarjan(graph.edges):
        inside = set(members)
        ordered = sorted(index for index in members if index < len(graph.rules))
        for index in ordered:
            if graph.closed[index] & inside:
                cycle = _shortest_cycle(index, graph.closed[index] & inside, graph.edges, inside)
                raise _not_stratified([graph.rules[member] for member in cycle if member < len(graph.rules)])
        if ordered:
            found.append(Component(tuple(graph.rules[index] for index in ordered), len(members) > 1))
    return found


class _Graph:
    """Rules, and between a rule and those it needs the patterns of its body and of their heads.

    Rules have many patterns in common but for the names of variables: with
    nodes of their own, a thousand rules that all make and need one kind of
    fact have no million edges. `closed` are the patterns that a rule needs
    complete, by the number of the rule.
    """

    def __init__(self, rules: list[Rule], negation: bool) -> None:
        self.rules = rules
        self.edges: list[list[int]] = [[] for _ in rules]
        self.closed: list[set[int]] = [set() for _ in rules]
        self._nodes: dict[tuple[bool, Atom], int] = {}
        self._heads: dict[_Key, list[Atom]] = {}
        for index, rule in enumerate(rules):
            for atom in rule.head:
                self._make(index, _renamed(atom))
        for index, rule in enumerate(rules):
            if not rule.data:
                self._need(index, rule, negation)

    def _make(self, index: int, head: Atom) -> None:
        node = self._node(False, head)
        if not self.edges[node]:
            predicate, class_ = _key(head)
            for key in {(predicate, class_), (predicate, _ANY), (_ANY, _ANY)}:
                self._heads.setdefault(key, []).append(head)
            if class_ == _ANY:
                self._heads.setdefault((predicate, "*"), []).append(head)
        self.edges[node].append(index)

    def _need(self, index: int, rule: Rule, negation: bool) -> None:
        positive = {self._pattern(atom) for atom in rule.atoms()}
        denied = [atom for part in rule.negations() if not part.data for atom in part.atoms] if negation else []
        negative = {self._pattern(atom) for atom in denied}
        self.closed[index] = positive | negative if rule.makes_terms() else negative
        self.edges[index] = sorted(positive | negative)

    def _pattern(self, atom: Atom) -> int:
        pattern = _renamed(atom)
        known = len(self.edges)
        node = self._node(True, pattern)
        if node == known:
            self.edges[node] = sorted({self._nodes[False, head] for head in self._matching(pattern)})
        return node

    def _matching(self, pattern: Atom) -> Iterator[Atom]:
        predicate, class_ = _key(pattern)
        for key in {(predicate, class_), (predicate, "*"), (_ANY, "*")}:
            yield from (head for head in self._heads.get(key, ()) if may_match(pattern, head))

    def _node(self, is_body: bool, atom: Atom) -> int:
        node = self._nodes.get((is_body, atom))
        if node is None:
            node = self._nodes[is_body, atom] = len(self.edges)
            self.edges.append([])
        return node


def _renamed(atom: Atom) -> Atom:
    """Return an atom with its variables called by the order in which they stand in it."""
    names: dict[str, AtomTerm] = {}
    for variable in atom.variables():
        names.setdefault(variable.value, Variable(f"v{len(names)}"))
    return substitute(atom, names)


def _not_stratified(cycle: list[Rule]) -> RuleError:
    first = cycle[0]
    reason = "a NOT"
    if first.makes_terms():
        reason = "a SET" if not any(atom.makes_things() for atom in first.head) else "a blank node in a head"
    names = ", ".join(dict.fromkeys(f"{compact(rule.name)} ({rule.place})" for rule in cycle))
    if reason == "a NOT":
        hint = "let the negated fact be derived by rules that do not need the conclusion, or write NOT DATA"
    else:
        hint = "let the conclusion have a predicate that the body does not need, or write WHERE DATA"
    return RuleError("R303", f"these rules depend on each other through {reason}: {names}", hint=hint)


def _shortest_cycle(start: int, first: set[int], edges: list[list[int]], inside: set[int]) -> list[int]:
    """Return a cycle that leaves `start` by one of its first edges, in order."""
    before: dict[int, int] = dict.fromkeys(sorted(first), start)
    queue = list(before)
    for index in queue:
        if index == start:
            break
        for target in edges[index]:
            if target in inside and target not in before:
                before[target] = index
                queue.append(target)
    cycle = [start]
    while (index := before[cycle[-1]]) != start:
        cycle.append(index)
    return [start, *reversed(cycle[1:])]


def _key(atom: Atom) -> _Key:
    """Return (predicate, class); the class only for type atoms, "" for what is no IRI."""
    if isinstance(atom.predicate, Variable):
        return _ANY, _ANY
    if atom.predicate == _TYPE and isinstance(atom.object, NamedNode):
        return _TYPE.value, str(atom.object)
    return str(getattr(atom.predicate, "value", "")), _ANY


def tarjan(edges: list[list[int]]) -> list[list[int]]:
    """Return the strongly connected components in reverse topological order (Tarjan 1972), without recursion."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    on_stack: set[int] = set()
    stack: list[int] = []
    found: list[list[int]] = []
    for root in range(len(edges)):
        work = [(root, 0)] if root not in index else []
        while work:
            node, position = work.pop()
            if position == 0:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
            for offset in range(position, len(edges[node])):
                target = edges[node][offset]
                if target not in index:
                    work += [(node, offset + 1), (target, 0)]
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                if low[node] == index[node]:
                    found.append(_pop_component(node, stack, on_stack))
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
    return found


def _pop_component(node: int, stack: list[int], on_stack: set[int]) -> list[int]:
    members: list[int] = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        members.append(member)
        if member == node:
            return members

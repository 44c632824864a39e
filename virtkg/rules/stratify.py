"""Specialised rules → components in the order in which they must be evaluated.

Knows: which rule depends on which, by triples that can match patterns
(SPARQL-RL, dependency graph), and the stratification condition.
Must not know: data, or how a component is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Variable

from virtkg.diagnostics import RuleError
from virtkg.namespaces import RDF, compact
from virtkg.rules.syntax import Atom, Rule
from virtkg.rules.unify import may_match

_TYPE: Final = NamedNode(RDF + "type")
_ANY: Final = ""

_Makers = dict[tuple[str, str], list[tuple[int, Atom]]]
"""The head atoms that can make facts of a key, with the numbers of their rules."""


@dataclass(frozen=True, slots=True)
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
    ordered = list(rules)
    makers = _makers(ordered)
    needs = [_needs(rule, makers, negation) for rule in ordered]
    edges = [sorted(open_ | closed) for open_, closed in needs]
    found: list[Component] = []
    for members in tarjan(edges):
        inside = set(members)
        for index in sorted(members):
            if needs[index][1] & inside:
                cycle = _shortest_cycle(index, needs[index][1] & inside, edges, inside)
                raise _not_stratified([ordered[member] for member in cycle])
        recursive = len(members) > 1 or bool(needs[members[0]][0] & inside)
        found.append(Component(tuple(ordered[index] for index in sorted(members)), recursive))
    return found


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


def _key(atom: Atom) -> tuple[str, str]:
    """Return (predicate, class); the class only for type atoms, "" for what is no IRI."""
    if isinstance(atom.predicate, Variable):
        return _ANY, _ANY
    if atom.predicate == _TYPE and isinstance(atom.object, NamedNode):
        return _TYPE.value, str(atom.object)
    return str(getattr(atom.predicate, "value", "")), _ANY


def _makers(rules: list[Rule]) -> _Makers:
    makers: _Makers = {}
    for index, rule in enumerate(rules):
        for atom in rule.head:
            predicate, class_ = _key(atom)
            for key in {(predicate, class_), (predicate, _ANY), (_ANY, _ANY)}:
                makers.setdefault(key, []).append((index, atom))
            if class_ == _ANY:
                makers.setdefault((predicate, "*"), []).append((index, atom))
    return makers


def _matching(atom: Atom, makers: _Makers) -> Iterator[int]:
    predicate, class_ = _key(atom)
    for key in {(predicate, class_), (predicate, "*"), (_ANY, "*")}:
        for index, made in makers.get(key, ()):
            if may_match(atom, made):
                yield index


def _needs(rule: Rule, makers: _Makers, negation: bool) -> tuple[set[int], set[int]]:
    """Return the rules that a rule needs: by open and by closed dependencies."""
    if rule.data:
        return set(), set()
    positive = {index for atom in rule.atoms() for index in _matching(atom, makers)}
    denied = [atom for part in rule.negations() if not part.data for atom in part.atoms] if negation else []
    negative = {index for atom in denied for index in _matching(atom, makers)}
    if rule.makes_terms():
        return set(), positive | negative
    return positive, negative


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

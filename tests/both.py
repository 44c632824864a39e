"""Runs both evaluators of rules on the same facts, so that tests can compare what they find.

Knows: how each is called. Must not know: rules or facts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest
from mixtures import RULES, facts
from pyoxigraph import Triple

from virtkg.diagnostics import RuleError
from virtkg.inputs import rule_files
from virtkg.rdf.table import TermTable
from virtkg.reason.closed import Materialised
from virtkg.reason.closure import close
from virtkg.reason.columns import FactColumns, columns_of, facts_of
from virtkg.reason.materialise import materialise
from virtkg.reason.terms import Terms
from virtkg.rules.parse import parse_rules, read_rules
from virtkg.rules.syntax import Rule

OWL_RULES: tuple[Rule, ...] = tuple(read_rules(rule_files()[0]))

Case: TypeAlias = tuple[str, str, int]
"""Facts in Turtle, rules beside those of OWL, and how many facts follow."""


@dataclass(frozen=True)
class Outcome:
    """What follows and what contradicts, or the code of the error and the rules that it names."""

    inferred: frozenset[Triple] = frozenset()
    clashes: frozenset[Triple] = frozenset()
    error: str = ""
    named: frozenset[str] = frozenset()


def failed(error: RuleError) -> Outcome:
    # Which rules of OWL a cycle leads through depends on the steps that an evaluator takes.
    named = (name for name in re.findall(r"\(([\w.]+:\d+)\)", error.message) if not name.startswith("owl2rl.srl"))
    return Outcome(error=error.code, named=frozenset(named))


def by_rounds(facts: Iterable[Triple], rules: Sequence[Rule]) -> Outcome:
    try:
        closure = close(facts, rules)
    except RuleError as error:
        return failed(error)
    return Outcome(frozenset(closure.inferred), frozenset(closure.clashes))


def by_columns(facts: Iterable[Triple], rules: Sequence[Rule]) -> Outcome:
    """Return what the columns hold; facts are numbered in the order given."""
    terms = Terms(TermTable())
    given = FactColumns(terms.type)
    for relation, column in columns_of(terms.facts(facts)):
        given.put(relation, column)
    try:
        return outcome(materialise(terms, given, rules))
    except RuleError as error:
        return failed(error)


def outcome(found: Materialised) -> Outcome:
    triple, findings = found.terms.triple, found.findings
    inferred = {triple(fact) for relation in found.relations() for fact in facts_of(relation, found.inferred(relation))}
    clashes = {
        triple(fact) for relation in findings.relations() for fact in facts_of(relation, findings.column(relation))
    }
    return Outcome(frozenset(inferred), frozenset(clashes))


def difference(facts: Iterable[Triple], rules: Sequence[Rule]) -> str:
    """Say how the two differ, "" if they agree."""
    ordered = sorted(set(facts), key=str)
    return told(by_rounds(ordered, rules), by_columns(ordered, rules))


def told(one: Outcome, other: Outcome) -> str:
    if one == other:
        return ""
    if one.error or other.error:
        return f"rounds: {one.error} {sorted(one.named)}, columns: {other.error} {sorted(other.named)}"
    missing = (one.inferred - other.inferred) | (one.clashes - other.clashes)
    extra = (other.inferred - one.inferred) | (other.clashes - one.clashes)
    return "\n".join(
        [*(f"- {fact}" for fact in sorted(missing, key=str)), *(f"+ {fact}" for fact in sorted(extra, key=str))]
    )


def params(cases: Collection[str], known: Collection[str] = ()) -> list[Any]:
    """Return the names of cases, those that are known to fail marked: once fixed, they are marked no more."""
    bug = pytest.mark.xfail(reason="known bug", strict=True)
    return [pytest.param(name, marks=bug) if name in known else name for name in cases]


def check(case: Case) -> None:
    data, text, count = case
    rules = (*OWL_RULES, *(parse_rules(RULES + text, "own.srl") if text else ()))
    found = by_rounds(facts(data), rules)
    assert (found.error, len(found.inferred)) == ("", count)
    assert difference(facts(data), rules) == ""

"""Each rule has a case: what it must derive, and what it must not.

A case is a folder of tests/rules with the local name of its rule: given.ttl,
then.ttl (must follow) and not.ttl (must not). For a rule whose conclusion is
false, then.ttl holds the clash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Triple

from virtkg.inputs import rule_files
from virtkg.rdf.read import read_file
from virtkg.rdf.turtle import check_files
from virtkg.reason.closure import close
from virtkg.rules.parse import parse_rules, read_rules
from virtkg.rules.syntax import Negation, Rule

FOLDER = Path(__file__).parent / "rules"
PARTS = ("given.ttl", "then.ttl", "not.ttl")
RULES = [rule for path in rule_files() for rule in read_rules(path)]


def local_name(rule: Rule) -> str:
    return rule.name.rpartition("/")[2]


def faults(names: Sequence[str], folder: Path) -> list[str]:
    """Say what is wrong with the cases of some rules: missing, doubled, without a rule, incomplete, empty."""
    folders = {path.name for path in folder.iterdir()}
    found = [f"the rule {name} has no case" for name in names if name not in folders]
    found += [f"the case {name} has no rule" for name in sorted(folders - set(names))]
    found += [f"{count} rules are called {name}" for name, count in Counter(names).items() if count > 1]
    for name in sorted(folders & set(names)):
        files = sorted(path.name for path in (folder / name).iterdir())
        if files != sorted(PARTS):
            found.append(f"the case {name} has the files {files}")
        else:
            found += [f"{name}/{part} is empty" for part in PARTS if not facts(folder / name / part)]
    return found if names else ["there are no rules"]


def facts(path: Path) -> set[Triple]:
    return {Triple(*row[:3]) for row in read_file(str(path))}


def follows(given: set[Triple], rules: Sequence[Rule]) -> set[Triple]:
    closure = close(given, rules)
    return {*closure.inferred, *closure.clashes}


def test_each_rule_has_a_case() -> None:
    assert len(RULES) > 80
    assert faults([local_name(rule) for rule in RULES], FOLDER) == []


def test_missing_and_empty_cases_are_found(tmp_path: Path) -> None:
    for name in ("whole", "stray", "short", "empty"):
        (tmp_path / name).mkdir()
    for part in PARTS:
        (tmp_path / "whole" / part).write_text("<u:a> <u:b> <u:c> .")
        (tmp_path / "empty" / part).write_text("<u:a> <u:b> <u:c> ." if part != "not.ttl" else "")
    (tmp_path / "short" / "given.ttl").write_text("<u:a> <u:b> <u:c> .")
    assert faults(["whole"] * 2 + ["short", "empty", "none"], tmp_path) == [
        "the rule none has no case",
        "the case stray has no rule",
        "2 rules are called whole",
        "empty/not.ttl is empty",
        "the case short has the files ['given.ttl']",
    ]
    assert faults([], tmp_path)[-1] == "there are no rules"


def test_cases_are_written_canonically() -> None:
    files = sorted(str(path) for path in FOLDER.rglob("*.ttl"))
    assert len(files) == len(PARTS) * len(RULES)
    assert check_files(files) == []


@pytest.mark.parametrize("rule", RULES, ids=local_name)
def test_rule(rule: Rule) -> None:
    given, then, never = (facts(FOLDER / local_name(rule) / part) for part in PARTS)
    found = follows(given, RULES)
    assert then <= found
    assert not never & (found | given)
    others = [other for other in RULES if other is not rule]
    if then <= follows(given, others):
        assert then <= follows(given, [rule]), "others derive the same, and the rule alone does not"


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.negations()], ids=local_name)
def test_each_exception_has_a_fact(rule: Rule) -> None:
    given, never = (facts(FOLDER / local_name(rule) / part) for part in ("given.ttl", "not.ttl"))
    for number in range(len(rule.negations())):
        assert never & follows(given, [without_exception(rule, number)]), f"no fact for exception {number + 1}"


def without_exception(rule: Rule, number: int) -> Rule:
    dropped = [element for element in rule.body if isinstance(element, Negation)][number]
    return replace(rule, body=tuple(element for element in rule.body if element is not dropped))


def test_a_case_bites_only_with_its_rule() -> None:
    """The two checks of `test_rule` can fail: a rule that does nothing, and one that does too much."""
    given, then, never = (facts(FOLDER / "cax-sco" / part) for part in PARTS)
    prefix = "PREFIX e: <https://example.org/> "
    idle = parse_rules(prefix + "RULE e:r { ?x a e:C } WHERE { ?x a e:D }", "idle")
    wild = parse_rules(prefix + "RULE e:r { ?x a e:A , e:B } WHERE { ?x a ?any }", "wild")
    assert not then <= follows(given, idle)
    assert then <= follows(given, wild) and never & follows(given, wild)

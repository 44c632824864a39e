"""Why a fact does not hold: the rules that come nearest, and that each of them is told rightly."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable

import pyoxigraph as ox
import pytest
from command import environment, run
from ontologies import CLASSES, PROPERTIES, THINGS, TYPE, ontology
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from virtkg import Verdict, render
from virtkg.graph import KnowledgeGraph, load
from virtkg.namespaces import ID, OWL, RDFS, RULE, VKG
from virtkg.reason.closure import close
from virtkg.reason.nearest import Nearest, NearMiss
from virtkg.rules.parse import parse_rules
from virtkg.rules.syntax import Rule

E = "https://example.org/"
HEAD = (
    f"@prefix : <{E}> . @prefix vkg: <{VKG}> . @prefix id: <{ID}> . @prefix rdfs: <{RDFS}> . @prefix owl: <{OWL}> .\n"
)


def facts(text: str) -> list[Triple]:
    return [quad.triple for quad in ox.parse(HEAD + text, format=RdfFormat.TURTLE)]


def rules_of(text: str) -> list[Rule]:
    return list(parse_rules(f"PREFIX : <{E}>\n{text}", "t.srl"))


def near(given: Iterable[Triple], rules: Iterable[Rule], goal: Triple) -> tuple[NearMiss, ...]:
    """The near misses of a goal among given facts and all that follows from them."""
    known, every = list(given), list(rules)
    return Nearest([*known, *close(known, every).inferred], every, known).misses(goal)


# ---- a near miss is right: with what is missing and without what is denied, the goal follows


def bound(pattern: str, values: dict[str, NamedNode | Literal]) -> Triple:
    """A pattern as a fact, each variable a thing of its own unless it has a value."""
    words = pattern.split(" ", 2)
    terms = [str(values.get(word[1:], NamedNode(f"{E}new-{word[1:]}"))) if word[0] == "?" else word for word in words]
    (quad,) = ox.parse(" ".join(terms) + " .", format=RdfFormat.N_TRIPLES)
    return quad.triple


def added(miss: NearMiss) -> set[Triple]:
    """What is missing, as facts; in these tests a condition on an open variable is that a number is large."""
    values: dict[str, NamedNode | Literal] = {"n": Literal(1000)}
    return {bound(part.pattern, values) for part in miss.missing}


def removed(miss: NearMiss) -> set[Triple]:
    return {fact for part in miss.denied for fact in part.facts}


def follows(given: Iterable[Triple], rules: list[Rule], goal: Triple, without: Iterable[Triple] = ()) -> bool:
    gone = frozenset(without)
    kept = set(given) - gone
    return goal in kept or goal in close(kept, rules, blocked=gone).inferred


def misspelt(found: Iterable[Triple]) -> set[Triple]:
    """The same facts with a predicate that no rule has."""
    return {Triple(fact.subject, NamedNode(E + "unheard-of"), fact.object) for fact in found}


@pytest.mark.parametrize("seed", range(0, 120, 4))
def test_what_is_missing_in_a_generated_ontology_is_all_that_is_missing(seed: int, rules: tuple[Rule, ...]) -> None:
    every, given = list(rules), ontology(seed)
    known = given.union(close(given, every).inferred)
    number = random.Random(seed)
    pairs = (Triple(one, property_, other) for one in THINGS for property_ in PROPERTIES for other in THINGS)
    types = (Triple(thing, TYPE, class_) for thing in THINGS for class_ in CLASSES)
    open_ = sorted((fact for fact in (*pairs, *types) if fact not in known), key=str)
    for goal in number.sample(open_, k=min(3, len(open_))):
        misses = Nearest(known, every).misses(goal)
        for miss in misses[:6]:
            assert set(miss.holds) | set(miss.axioms) <= known and not miss.denied
            assert not added(miss) & known
            assert follows(given | added(miss), every, goal), miss
            assert not follows(given | misspelt(added(miss)), every, goal)


def test_generated_ontologies_have_near_misses(rules: tuple[Rule, ...]) -> None:
    """The property above is not empty: many rules come near somewhere, some with several premises."""
    names, most = set(), 0
    for seed in range(0, 40, 2):
        given = ontology(seed)
        known = given.union(close(given, rules).inferred)
        nearest = Nearest(known, list(rules))
        for one, other in ((THINGS[0], THINGS[1]), (THINGS[2], THINGS[0])):
            for goal in (*(Triple(one, p, other) for p in PROPERTIES), *(Triple(one, TYPE, c) for c in CLASSES)):
                for miss in nearest.misses(goal):
                    names.add(miss.rule)
                    most = max(most, len(miss.missing))
    assert len(names) > 10 and most > 1


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_a_fact_that_lost_a_premise_is_as_far_away_as_its_rule(seed: int, rules: tuple[Rule, ...]) -> None:
    """The instance that derived the fact before is among those looked at, so that no other is told that is farther."""
    every, given = list(rules), ontology(seed)
    derived = close(given, every).inferred
    for goal, how in sorted(derived.items(), key=str)[:: max(1, len(derived) // 4)]:
        lost = [fact for fact in how.premises if fact in given and not _is_schema(fact)]
        for gone in lost[:1]:
            rest = given - {gone}
            known = rest.union(close(rest, every).inferred)
            away = [fact for fact in how.premises if fact not in known]
            if goal in known or any(map(_is_schema, away)) or not away:
                continue
            misses = Nearest(known, every).misses(goal)
            assert misses and misses[0].distance()[0] <= len(away), (goal, gone)


def _is_schema(fact: Triple) -> bool:
    return str(fact.predicate)[1:].startswith((OWL, RDFS)) or str(fact.object)[1:].startswith((OWL, RDFS))


OWN = """
RULE :reach { ?x :far ?z } WHERE { ?x :p ?y . ?y :q ?z NOT { ?x :r ?z } }
RULE :good { ?x :good ?y } WHERE { ?x :p ?y FILTER (?x != ?y) NOT { ?y :r ?w . ?w :q ?x } }
RULE :big { ?x a :Big } WHERE { ?x :size ?n FILTER (?n > 3) }
RULE :goodAndBig { ?x :far ?y } WHERE { ?x :good ?y . ?y a :Big NOT { ?x :s ?y } }
RULE :lone { ?x :lone ?y } WHERE { ?x :p ?y NOT { ?x :p ?z FILTER (?z != ?y) } }
RULE :never { ?x :never ?y } WHERE { ?x :p ?y . ?y :q ?w NOT { ?x :p ?z . ?z :q ?v FILTER (?z = ?y) } }
RULE :data { ?x :direct ?y } WHERE { ?x :p ?y NOT DATA { ?y :p ?x } }
"""


@pytest.mark.parametrize("seed", range(40))
def test_what_is_denied_is_all_that_stands_against_it(seed: int) -> None:
    every, number = rules_of(OWN), random.Random(seed)
    things = [NamedNode(E + name) for name in "abc"]
    drawn = {
        Triple(number.choice(things), NamedNode(E + number.choice("pqrs")), number.choice(things))
        for _ in range(number.choice([2, 5, 9]))
    }
    given = drawn | {Triple(thing, NamedNode(E + "size"), Literal(number.randint(1, 6))) for thing in things[:2]}
    known = given | set(close(given, every).inferred)
    nearest = Nearest(known, every, given)
    pairs = [
        Triple(one, NamedNode(E + p), other)
        for p in ("far", "good", "direct", "lone")
        for one in things
        for other in things
    ]
    for goal in (*pairs, *(Triple(thing, TYPE, NamedNode(E + "Big")) for thing in things)):
        for miss in nearest.misses(goal):
            assert goal not in known
            assert miss.missing or miss.denied
            assert set(miss.holds) | removed(miss) <= known and not added(miss) & known
            assert follows(given | added(miss), every, goal, without=removed(miss)), (goal, miss)
            if miss.denied:
                how = close(given | added(miss), every).inferred.get(goal)
                assert how is None or how.rule != miss.rule
            if miss.missing:
                assert not follows(given | misspelt(added(miss)), every, goal) or miss.distance()[0] > 1


def test_some_are_denied_and_some_have_conditions() -> None:
    every = rules_of(OWN)
    given = facts(":a :p :b ; :r :c . :b :q :c ; :size 2 .")
    (miss, *_) = near(given, every, facts(":a :far :c .")[0])
    assert (miss.rule, miss.missing) == (E + "reach", ())
    assert removed(miss) == set(facts(":a :r :c .")) and set(miss.holds) == set(facts(":a :p :b . :b :q :c ."))
    (big,) = near(given, every, Triple(NamedNode(E + "b"), TYPE, NamedNode(E + "Big")))
    assert [part.pattern for part in big.missing] == [f"<{E}b> <{E}size> ?n"]
    assert big.conditions == ("FILTER(?n > 3)",) or "?n" in big.conditions[0]
    (direct, *_) = near(facts(":a :p :b . :b :p :a ."), every, facts(":a :direct :b .")[0])
    assert direct.denied[0].pattern.startswith("DATA ") and removed(direct) == set(facts(":b :p :a ."))


def test_a_rule_that_its_own_premises_deny_is_not_near() -> None:
    every = rules_of(OWN)
    goal = facts(":a :never :b .")[0]
    for given in (":a :p :b ; :q :c . :b :q :c .", ":a :p :b .", ":b :q :c ."):
        assert near(facts(given), every, goal) == ()
    (miss,) = near(facts(":a :p :b , :c ."), every, facts(":a :lone :b .")[0])
    assert removed(miss) == set(facts(":a :p :c .")) and set(miss.holds) == set(facts(":a :p :b ."))
    (miss,) = near(facts(":c :s :a ."), every, facts(":a :lone :b .")[0])
    assert added(miss) == set(facts(":a :p :b .")) and not miss.denied


def test_a_fact_that_holds_has_no_near_miss() -> None:
    every, given = rules_of(OWN), facts(":a :p :b . :b :q :c .")
    assert near(given, every, facts(":a :p :b .")[0]) == ()
    assert near(given, every, facts(":a :far :c .")[0]) == ()
    assert near(given, every, facts(":a :far :b .")[0]) != ()


def test_a_rule_is_not_near_by_its_own_conclusion() -> None:
    every = rules_of("RULE :back { ?x :p ?y } WHERE { ?y :p ?x } RULE :self { ?x :q ?y } WHERE { ?x :q ?y . ?x :p ?y }")
    (miss,) = near(facts(":a :s :b ."), every, facts(":a :p :b .")[0])
    assert [part.pattern for part in miss.missing] == [f"<{E}b> <{E}p> <{E}a>"]
    assert near(facts(":a :p :b ."), every, facts(":a :q :b .")[0]) == ()


def test_nothing_is_told_to_be_the_same_as_another_thing(rules: tuple[Rule, ...]) -> None:
    given = facts(":a :p :b . :c :q :d . :q rdfs:subPropertyOf :p .")
    patterns = [part.pattern for miss in near(given, rules, facts(":c :p :b .")[0]) for part in miss.missing]
    assert patterns == [f"<{E}c> <{E}q> <{E}b>"]


def test_a_rule_of_which_nothing_holds_is_not_near() -> None:
    every = rules_of("RULE :r { ?x :goal ?z } WHERE { ?x :p ?y . ?y :q ?z }")
    goal = facts(":a :goal :c .")[0]
    assert near(facts(":d :s :e ."), every, goal) == ()
    (miss,) = near(facts(":b :q :c ."), every, goal)
    assert set(miss.holds) == set(facts(":b :q :c .")) and set(added(miss)) == set(facts(":a :p :b ."))


def test_of_a_missing_premise_it_is_told_which_rules_could_give_it() -> None:
    every = rules_of(
        """RULE :last { ?x :goal ?z } WHERE { ?x :p ?y . ?y :q ?z } RULE :first { ?x :p ?y } WHERE { ?y :t ?x }
        RULE :other { ?x :p :elsewhere } WHERE { ?x a :Odd }
        RULE :circle { ?x :p ?y } WHERE { ?x :goal :c . ?y :s ?x }"""
    )
    (miss,) = near(facts(":b :q :c ."), every, facts(":a :goal :c .")[0])
    assert miss.missing[0].rules == (E + "first",)


# ---- the packaged graph

STATEMENTS = {
    "xcp-ng-8.3-runs-pv": "XCP-ng 8.3 runs PV guests",
    "vsphere-5.1-runs-pv": "vSphere 5.1 runs PV",
    "xcp-ng-8.3-is-pv-capable": "XCP-ng 8.3 is a PV-capable suite",
    "xen-4.1-does-not-run-pv": "Xen 4.1 does not run PV",
    "hvm-paravirtualizes-disk": "id:hvm vkg:paravirtualizes id:disk",
    "vsphere-5.1-has-128-vcpus": "id:vsphere-5.1 vkg:maxVcpusPerVm 128",
    "rhev-3-page-sharing": "id:rhev-3 vkg:supports id:page-sharing",
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_answers_are_as_judged(name: str, kg: KnowledgeGraph, check_golden: Callable[[str, str], None]) -> None:
    check_golden(f"why/{name}.txt", render(kg.why(STATEMENTS[name])) + "\n")


@pytest.mark.parametrize("name", ["xcp-ng-8.3-runs-pv", "vsphere-5.1-runs-pv", "xen-4.1-does-not-run-pv"])
def test_what_is_lacking_in_the_packaged_graph_is_right(
    name: str, kg: KnowledgeGraph, stated: frozenset[Triple], inferred: frozenset[Triple], rules: tuple[Rule, ...]
) -> None:
    answer = kg.why(STATEMENTS[name])
    assert 0 < len(answer.lacking) <= 5
    known = stated | inferred
    for lacking in answer.lacking:
        missing = {bound(gap.pattern, {}) for gap in lacking.missing}
        against = {proof.fact for objection in lacking.denied for proof in objection.facts}
        assert lacking.fact not in known and not missing & known and against <= known
        assert {proof.fact for proof in lacking.holds} <= known
        # What the facts deny is looked up among those without the ones that stand against it.
        closure = close(stated | missing, list(rules), absent_from=known - against)
        assert lacking.fact in closure.inferred
    assert lacking.fact not in close(stated, list(rules), absent_from=known).inferred


def test_the_nearest_comes_first_and_the_rest_of_the_rules_are_farther(kg: KnowledgeGraph) -> None:
    distances = [len(one.missing) + len(one.denied) for one in kg.why("XCP-ng 8.3 runs PV guests").lacking]
    assert distances == sorted(distances) and distances[0] == 1
    (first, *_) = kg.why("XCP-ng 8.3 runs PV guests").lacking
    assert first.rule == RULE + "suite-runs-what-its-hypervisor-runs"
    assert [proof.text for objection in first.denied for proof in objection.facts] == [
        "XCP-ng 8.3 does not run mode PV"
    ]
    assert all(proof.sources for objection in first.denied for proof in objection.facts)


def test_a_premise_whose_contrary_is_stated_is_denied(kg: KnowledgeGraph) -> None:
    (one,) = [
        lacking for lacking in kg.why("XCP-ng 8.3 is a PV-capable suite").lacking if lacking.rule.endswith("cls-int1")
    ]
    (gap,) = one.missing
    assert [proof.text for proof in gap.against] == ["XCP-ng 8.3 does not run mode PV"]
    (other, *_) = kg.why("vSphere 5.1 runs PV").lacking
    assert other.missing and not other.missing[0].against


def test_what_holds_or_is_disputed_lacks_nothing(kg: KnowledgeGraph) -> None:
    assert kg.why("XenServer 6 runs PV").lacking == ()
    assert kg.why("RHEV 3 supports page sharing").lacking == ()
    assert kg.ask("does XCP-ng 8.3 run PV").lacking == ()


@pytest.mark.parametrize(
    ("statement", "verdict", "sides"),
    [
        ("id:xenserver-6 vkg:runsMode id:pv", Verdict.YES, {True}),
        ("id:xcp-ng-8.3 vkg:runsMode id:pv", Verdict.NO, {False}),
        ("id:xcp-ng-8.3 vkg:doesNotRunMode id:pv", Verdict.YES, {True}),
        ("id:xcp-ng-8.3 rdf:type vkg:PVCapableSuite", Verdict.NO, {False}),
        ("id:rhev-3 vkg:supports id:page-sharing", Verdict.DISPUTED, {True, False}),
        ("id:rhev-3 vkg:lacks id:page-sharing", Verdict.DISPUTED, {True, False}),
        ("id:vsphere-5.1 vkg:maxVcpusPerVm 160", Verdict.DISPUTED, {True, False}),
        ("id:vsphere-5.1 vkg:maxVcpusPerVm 161", Verdict.NO, {False}),
        ("id:vsphere-5.1 vkg:runsMode id:pv", Verdict.UNKNOWN, set()),
        ("id:nothing vkg:runsMode id:pv", Verdict.UNKNOWN, set()),
        ("id:xen vkg:noSuchProperty id:pv", Verdict.UNKNOWN, set()),
    ],
)
def test_three_terms_have_the_verdict_that_words_have(
    statement: str, verdict: Verdict, sides: set[bool], kg: KnowledgeGraph
) -> None:
    answer = kg.why(statement)
    assert (answer.verdict, {side.supports for side in answer.sides}) == (verdict, sides)


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("XCP-ng 8.3 runs PV", "id:xcp-ng-8.3 vkg:runsMode id:pv"),
        ("vSphere 5.1 runs PV", "id:vsphere-5.1 vkg:runsMode id:pv"),
        ("XenServer 6 supports page sharing", "id:xenserver-6 vkg:supports id:page-sharing"),
    ],
)
def test_words_and_terms_lack_the_same(words: str, terms: str, kg: KnowledgeGraph) -> None:
    one, other = kg.why(words), kg.why(terms)
    assert one.lacking and one.lacking == other.lacking
    assert (one.verdict, one.sides) == (other.verdict, other.sides)


def test_rules_that_were_given_come_near_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("own")
    (folder / "own.srl").write_text(
        f"PREFIX : <{E}> PREFIX vkg: <{VKG}>\nRULE :own {{ ?x a :Fast }} WHERE {{ ?x vkg:supports ?f . ?f a :Quick }}"
    )
    graph = load(rules=[str(folder / "own.srl")])
    answer = graph.why(f"<{ID}vsphere-5.1> rdf:type <{E}Fast>")
    assert [lacking.rule for lacking in answer.lacking] == [E + "own"]
    assert answer.lacking[0].missing[0].text.endswith("is a <https://example.org/Quick>")


# ---- every format, and what it costs


@pytest.mark.parametrize("format", ["table", "md", "html"])
def test_every_format_says_what_is_lacking(format: str, kg: KnowledgeGraph) -> None:
    shown = render(kg.why("XCP-ng 8.3 runs PV guests"), format)
    for text in (
        "what comes nearest",
        "by suite runs what its hypervisor runs",
        "holds: Xen 4.17 runs mode PV, stated by xen-support-4.17",
        "denied: XCP-ng 8.3 does not run mode PV, stated by xcp-ng-8.3-release-notes",
        "missing: XCP-ng 8.3 introduces mode PV",
    ):
        assert text in shown
    assert "what comes nearest" not in render(kg.why("XenServer 6 runs PV"), format)


def test_json_says_what_is_lacking(kg: KnowledgeGraph) -> None:
    (first, *rest) = json.loads(render(kg.why("vSphere 5.1 runs PV"), "json"))["lacking"]
    assert first["rule"] == RULE + "suite-runs-what-its-hypervisor-runs"
    assert [premise["text"] for premise in first["holds"]] == ["vSphere 5.1 uses hypervisor ESXi"]
    assert first["holds"][0]["sources"] and not first["denied"]
    assert [gap["text"] for gap in first["missing"]] == ["ESXi runs mode PV"]
    assert first["missing"][0]["rules"] and first["absences"] and len(rest) < 5
    assert "lacking" not in json.loads(render(kg.why("XenServer 6 runs PV"), "json"))


def test_the_exit_codes_are_those_of_the_verdicts() -> None:
    assert run("why", "XCP-ng 8.3 runs PV").code == 1
    assert run("why", "id:xcp-ng-8.3 vkg:runsMode id:pv").code == 1
    assert run("why", "vSphere 5.1 runs PV").code == 4
    assert run("why", "id:rhev-3 vkg:lacks id:page-sharing").code == 4
    assert run("why", "id:xenserver-6 vkg:runsMode id:pv").code == 0


COUNTED = """
import sys, virtkg
kg = virtkg.load()
print(virtkg.render({question}) != "", *sorted(sys.modules))
"""


def modules(question: str) -> set[str]:
    command = [sys.executable, "-P", "-c", COUNTED.format(question=question)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment())
    first, *names = done.stdout.split()
    assert first == "True"
    return set(names)


def test_only_a_why_not_reads_the_rules() -> None:
    cheap = modules("kg.ask('modes')") | modules("kg.why('XenServer 6 runs PV')")
    dear = modules("kg.why('vSphere 5.1 runs PV')")
    assert {"virtkg.whynot", "virtkg.reason.nearest", "virtkg.rules.parse"} <= dear - cheap
    assert not {name for name in dear if name.partition(".")[0] in ("numpy", "rdflib", "owlrl")}

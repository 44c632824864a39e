"""Questions of all and any, of several things, of first versions, and of what came with a version, on small graphs."""

from __future__ import annotations

from pathlib import Path

import pytest

import virtkg
from virtkg.answer import Answer, Verdict
from virtkg.diagnostics import ExitCode
from virtkg.graph import KnowledgeGraph

FACTS = """
@prefix id: <https://w3id.org/virtkg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix vkg: <https://w3id.org/virtkg/ns#> .

id:acme a vkg:Vendor ; rdfs:label "Acme"@en .
id:nobody a vkg:Vendor ; rdfs:label "Nobody Inc"@en .
id:line a vkg:Platform , vkg:ProductLine ; rdfs:label "Wonderbox"@en ; vkg:productOf id:acme .
id:one a vkg:Release , vkg:Suite ; rdfs:label "Wonderbox 1"@en ; vkg:releaseOf id:line ;
    vkg:supports id:time-travel ; vkg:introducesMode id:early .
id:two a vkg:Release , vkg:Suite ; rdfs:label "Wonderbox 2"@en ; vkg:releaseOf id:line ; vkg:follows id:one ;
    vkg:supports id:time-travel ; vkg:introducesMode id:middle .
id:three a vkg:Release , vkg:Suite ; rdfs:label "Wonderbox 3"@en ; vkg:releaseOf id:line ; vkg:follows id:two ;
    vkg:supports id:time-travel , id:mind-reading ; vkg:lacks id:teleporting ; vkg:introducesMode id:late .
id:time-travel a vkg:Feature ; rdfs:label "time travel"@en .
id:mind-reading a vkg:Feature ; rdfs:label "mind reading"@en .
id:teleporting a vkg:Feature ; rdfs:label "teleporting"@en .
id:early a vkg:Mode ; rdfs:label "early mode"@en .
id:middle a vkg:Mode ; rdfs:label "middle mode"@en .
id:late a vkg:Mode ; rdfs:label "late mode"@en .
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path: Path = tmp_path_factory.mktemp("all-and-any") / "wonderbox.ttl"
    path.write_text(FACTS)
    return virtkg.load(data=[path])


def rows(answer: Answer, verdict: Verdict = Verdict.YES) -> list[str]:
    return [row.label for row in answer.rows if row.verdict is verdict]


@pytest.mark.parametrize(
    ("question", "verdict", "code"),
    [
        ("do all versions of Wonderbox support time travel", Verdict.YES, ExitCode.DONE),
        ("does every version of Wonderbox support teleporting", Verdict.NO, ExitCode.NEGATIVE),
        ("does every version of Wonderbox support mind reading", Verdict.UNKNOWN, ExitCode.UNDECIDED),
        ("do all suites from Nobody Inc support time travel", Verdict.UNKNOWN, ExitCode.UNDECIDED),
        ("are all versions of Wonderbox from Acme", Verdict.YES, ExitCode.DONE),
        ("is there a version of Wonderbox with mind reading", Verdict.YES, ExitCode.DONE),
        ("does any version of Wonderbox support teleporting", Verdict.UNKNOWN, ExitCode.UNDECIDED),
        ("is any mode hardware-assisted", Verdict.YES, ExitCode.DONE),
    ],
)
def test_the_verdict_is_kleenes(question: str, verdict: Verdict, code: ExitCode, small: KnowledgeGraph) -> None:
    answer = small.ask(question)
    assert answer.verdict is verdict
    assert answer.exit_code is code


def test_what_decides_is_shown(small: KnowledgeGraph) -> None:
    against = small.ask("does every version of Wonderbox support teleporting")
    assert [row.label for row in against.rows] == ["Wonderbox 3"]
    open_ = small.ask("does every version of Wonderbox support mind reading")
    assert rows(open_, Verdict.UNKNOWN) == ["Wonderbox 1", "Wonderbox 2"]
    none = small.ask("do all suites from Nobody Inc support time travel")
    assert none.rows == ()
    assert any("no such suite is known" in note.message for note in none.notes)


def test_nothing_said_of_all_is_refused(small: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError) as caught:
        small.ask("are all suites with page sharing")
    assert caught.value.code == "E102"


def test_only_what_no_other_is_known_to_have_is_listed(small: KnowledgeGraph) -> None:
    answer = small.ask("features only Wonderbox 3 supports")
    assert rows(answer, Verdict.UNKNOWN) == ["mind reading"]
    assert "time travel" not in {row.label for row in answer.rows}
    assert answer.exit_code is ExitCode.UNDECIDED


def test_what_came_with_versions_is_in_their_order(small: KnowledgeGraph) -> None:
    assert rows(small.ask("modes since Wonderbox 1")) == ["early mode", "middle mode", "late mode"]
    assert rows(small.ask("modes after Wonderbox 1")) == ["middle mode", "late mode"]
    assert rows(small.ask("modes until Wonderbox 2")) == ["early mode", "middle mode"]
    before = small.ask("modes before Wonderbox 2 or unknown")
    assert rows(before) == ["early mode"]
    named = {row.label for row in before.rows}
    assert "PVHVM" in named, "a mode of another line is unknown"
    assert not {"middle mode", "late mode"} & named


def test_a_first_version_is_not_called_so_without_the_unknown_before_it(small: KnowledgeGraph) -> None:
    answer = small.ask("since when does Wonderbox support mind reading")
    asked = small.ask("in which version did Wonderbox get mind reading")
    assert asked.reading == answer.reading
    assert rows(asked) == ["Wonderbox 3"]
    assert any("before that: unknown of Wonderbox 1, Wonderbox 2" in note.message for note in asked.notes)


def test_who_did_something_is_who_makes_what_did(small: KnowledgeGraph) -> None:
    assert rows(small.ask("who introduced middle mode")) == ["Acme"]
    assert rows(small.ask("what introduced middle mode")) == ["Wonderbox 2"]
    assert rows(small.ask("what is the successor of Wonderbox 2")) == ["Wonderbox 3"]
    assert rows(small.ask("what came before Wonderbox 2")) == ["Wonderbox 1"]


def test_of_what_nothing_is_known_is_told(small: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError) as caught:
        small.ask("what is the successor of Wonderbox 3")
    assert caught.value.code == "E305"
    for suggestion in caught.value.suggestions:
        assert small.ask(suggestion)


def test_a_comparison_is_of_what_is_asked(small: KnowledgeGraph) -> None:
    by = small.ask("compare Wonderbox 1 and Wonderbox 3 by mind reading and teleporting")
    assert {row.label for row in by.rows} == {"supports mind reading", "supports teleporting"}
    assert small.ask("compare mind reading of Wonderbox 1 and Wonderbox 3").rows

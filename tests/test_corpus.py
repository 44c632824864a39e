"""The questions of `queries/questions`: none is answered wrongly, and no fewer are answered than before.

`python tests/test_corpus.py` prints how many fared how, in each set.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from corpus import FOLDER, TODAY, Case, Judged, Outcome, cases, judge, table
from shared import SHARED

import virtkg
from virtkg.diagnostics import VirtkgError
from virtkg.graph import KnowledgeGraph

CASES: Final = cases()

# Right at the first try; raise it when more are.
FLOOR: Final = 423

QUESTIONS: Final = SHARED / "questions" / "questions.tsv"
RECORDED: Final = Path(__file__).parent / "shared_questions.tsv"


@pytest.fixture(scope="module")
def judged(kg: KnowledgeGraph) -> dict[str, Judged]:
    return {case.name: judge(case, kg) for case in CASES}


def test_the_corpus_is_there() -> None:
    assert len(CASES) >= 200
    assert len({case.name for case in CASES}) == len({case.question for case in CASES}) == len(CASES)
    assert sum(case.kind == "refusal" for case in CASES) * 5 >= len(CASES)
    assert {case.kind for case in CASES} == {"answer", "refusal", "choice"}
    assert all(case.expected for case in CASES if case.kind == "answer")


def test_the_blind_questions_are_all_recorded() -> None:
    blind = [case.name for case in CASES if case.set == "blind"]
    assert [row[0] for row in table(FOLDER / "first_try.tsv")] == blind
    assert len(blind) == 50


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_answer_is_wrong(case: Case, judged: dict[str, Judged]) -> None:
    found = judged[case.name]
    assert found.outcome is not Outcome.WRONG, found.why


def test_as_many_are_right_as_before(judged: dict[str, Judged]) -> None:
    assert sum(found.outcome is Outcome.RIGHT for found in judged.values()) >= FLOOR


def _shared_questions() -> dict[str, str]:
    if not QUESTIONS.exists():
        pytest.skip(f"{QUESTIONS} is not there: the questions are no part of the project")
    found = {row[0]: row[1] for row in table(QUESTIONS)}
    assert found, f"{QUESTIONS} holds no question"
    return found


def test_every_shared_question_fares_as_it_was_judged(kg: KnowledgeGraph) -> None:
    """An answer that nobody has judged is counted as wrong; an error in place of another is not."""
    asked = _shared_questions()
    recorded = {row[0]: row[1:] for row in table(RECORDED)}
    assert recorded.keys() == asked.keys()
    assert all(outcome in ("right", "led", "stuck") for outcome, _ in recorded.values())
    for name, question in asked.items():
        try:
            found = kg.ask(question, as_of=TODAY).reading
        except VirtkgError:
            continue
        assert found == recorded[name][1], f"{name} is answered anew: judge it by {QUESTIONS}, and record it"


def report() -> str:
    """Return how many questions of each set fared how, and what is wrong."""
    kg = virtkg.load()
    found = {case.name: judge(case, kg) for case in CASES}
    lines = [f"{'set':<12}{'questions':>10}" + "".join(f"{outcome:>8}" for outcome in Outcome)]
    for set_ in (*dict.fromkeys(case.set for case in CASES), "all"):
        of_set = [found[case.name].outcome for case in CASES if set_ in (case.set, "all")]
        counts = Counter(of_set)
        lines.append(f"{set_:<12}{len(of_set):>10}" + "".join(f"{counts[outcome]:>8}" for outcome in Outcome))
    first = Counter(row[1] for row in table(FOLDER / "first_try.tsv"))
    lines.append("blind before any fix: " + ", ".join(f"{first[outcome]} {outcome}" for outcome in Outcome))
    wrong = [case for case in CASES if found[case.name].outcome is Outcome.WRONG]
    lines += [f"wrong: {case.name} {case.question[:80]!r}: {found[case.name].why}" for case in wrong]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())

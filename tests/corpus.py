"""A corpus of questions: what each means and what its answer must contain, and how one fared.

Knows: the file of the corpus, and how an outcome is judged.
Must not know: how a question is understood or answered.
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Final

from virtkg.answer import Answer, Verdict
from virtkg.diagnostics import AmbiguousQuestion, VirtkgError
from virtkg.graph import KnowledgeGraph
from virtkg.record import record

FOLDER: Final = Path(__file__).parents[1] / "queries" / "questions"
TODAY: Final = "2026-11-26"


class Outcome(StrEnum):
    """How a question fared, the best first."""

    RIGHT = "right"
    LED = "led"
    STUCK = "stuck"
    WRONG = "wrong"


@record
class Case:
    """One question; `readings` are canonical texts, one of them if anything, or the code of a refusal."""

    name: str
    set: str
    question: str
    kind: str
    readings: tuple[str, ...]
    expected: tuple[str, ...]
    must_not: tuple[str, ...]


@record
class Judged:
    """The outcome of a case, and why it is not right."""

    outcome: Outcome
    why: str = ""


def table(path: Path) -> list[list[str]]:
    """Return the rows of a table with tabs, without the comments and the head."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [line.split("\t") for line in lines[1:]]


def cases() -> list[Case]:
    """Return the corpus."""
    found = []
    for name, set_, question, kind, readings, expected, must_not in table(FOLDER / "corpus.tsv"):
        parts = (_parts(readings, " || "), _parts(expected, " | "), _parts(must_not, " | "))
        found.append(Case(name, set_, _plain(question), kind, *parts))
    return found


def _parts(text: str, mark: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(mark) if part)


def _plain(text: str) -> str:
    r"""Write out what a line of a table cannot hold: `\u202e`, and `{3×and }` for “and and and ”."""
    text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"\{(\d+)×([^}]*)\}", lambda found: int(found[1]) * found[2], text)


def judge(case: Case, kg: KnowledgeGraph) -> Judged:
    """Ask a question and judge what comes back."""
    try:
        answer = kg.ask(case.question, as_of=TODAY)
    except VirtkgError as error:
        return _refused(case, error, kg)
    if case.kind != "answer":
        return Judged(Outcome.WRONG, f"answered as “{answer.reading}”")
    return _answered(case, answer)


def _answered(case: Case, answer: Answer) -> Judged:
    if case.readings and answer.reading not in case.readings:
        return Judged(Outcome.WRONG, f"read as “{answer.reading}”")
    for item in case.must_not:
        if _holds(item, answer):
            return Judged(Outcome.WRONG, f"{item} must not be there")
    missing = [item for item in case.expected if not _holds(item, answer)]
    if not missing:
        return Judged(Outcome.RIGHT)
    # “Not known” says nothing that is false; a thing that is missing from the rows without a word does.
    if answer.verdict is Verdict.UNKNOWN or (answer.unknown and not answer.rows):
        return Judged(Outcome.STUCK, f"not known: {', '.join(missing)}")
    return Judged(Outcome.WRONG, f"missing: {', '.join(missing)}")


def _refused(case: Case, error: VirtkgError, kg: KnowledgeGraph) -> Judged:
    said = f"{error.code}: {error.message}"
    if case.kind == "choice":
        offered = isinstance(error, AmbiguousQuestion) and all(
            any(text.startswith(item) for text in error.suggestions) for item in case.expected
        )
        return Judged(Outcome.RIGHT) if offered else Judged(Outcome.STUCK, said)
    if case.kind == "refusal":
        named = error.code in case.readings and all(item in error.message for item in case.expected)
        return Judged(Outcome.RIGHT) if named else Judged(Outcome.STUCK, said)
    for suggestion in (*error.suggestions, *error.offers):
        try:
            judged = _answered(case, kg.ask(suggestion, as_of=TODAY))
        except VirtkgError:
            continue
        if judged.outcome is Outcome.RIGHT:
            return Judged(Outcome.LED, suggestion)
    return Judged(Outcome.STUCK, said)


def _holds(item: str, answer: Answer) -> bool:
    """Tell whether an answer has what an item of `expected` or `must_not` says."""
    yes = [row.label for row in answer.rows if row.verdict is Verdict.YES]
    key, equals, text = item.partition("=")
    if key == "verdict":
        return answer.verdict is Verdict(text)
    if key == "value":
        return text in {value.text for row in answer.rows for field in row.fields for value in field.values}
    if key == "rows>":
        return len(yes) >= int(text)
    if key == "rows":
        return len(yes) == int(text)
    if key in ("count", "possible"):
        return answer.tally is not None and str({"count": answer.tally.yes}.get(key, answer.tally.possible)) == text
    if item.startswith("~"):
        return any(row.label == item[1:] and row.verdict is Verdict.DISPUTED for row in answer.rows)
    assert not equals, f"“{item}” says nothing"
    return item in yes

"""The grammars have no conflicts, so that a question has no more readings than its words."""

from __future__ import annotations

from pathlib import Path

import pytest
from lark import Lark

import virtkg.language
import virtkg.rules
from virtkg.language.lattice import ARTICLE, NOISE
from virtkg.language.parse import QUESTION, STATEMENT
from virtkg.language.vocabulary import keywords

pytest.importorskip("interegular", reason="lark needs it to prove this: pip install '.[dev]'")

LANGUAGE = Path(virtkg.language.__path__[0])
RULES = Path(virtkg.rules.__path__[0])
READ_BY_THE_LATTICE = {ARTICLE, NOISE}
"""What the lattice uses up before the grammar sees it."""


def strictly(text: str, **options: object) -> Lark:
    return Lark(text, parser="lalr", strict=True, **options)


def test_the_question_grammar_has_no_conflict() -> None:
    text = (LANGUAGE / "grammar.lark").read_text()
    assert strictly(text, lexer="basic", start=[QUESTION, STATEMENT])


def test_a_conflict_would_be_found() -> None:
    text = (
        (LANGUAGE / "grammar.lark")
        .read_text()
        .replace("np: _named contact? mods? where?", "np: _named contact? mods? where? | _named mods? mods?")
    )
    with pytest.raises(Exception, match=r"(?i)conflict|collision"):
        strictly(text, lexer="basic", start=[QUESTION, STATEMENT])


def test_the_rule_grammar_has_no_conflict() -> None:
    text = (RULES / "srl.lark").read_text()
    assert Lark(text, parser="lalr", lexer="contextual")


def test_every_keyword_is_a_terminal_of_the_grammar() -> None:
    declared = next(
        line for line in (LANGUAGE / "grammar.lark").read_text().splitlines() if line.startswith("%declare")
    ).split()[1:]
    used = {terminal for terminals in keywords().values() for terminal in terminals}
    assert used - READ_BY_THE_LATTICE <= set(declared)
    assert used >= READ_BY_THE_LATTICE
    assert len(keywords()) > 50

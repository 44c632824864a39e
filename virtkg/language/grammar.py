"""grammar.lark → parse tables. Only a snapshot that is built needs this.

Knows: lark. Must not know: what a rule of the grammar stands for, or who walks the tables.
"""

from __future__ import annotations

import os
from typing import Any, Final

from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from virtkg.language import tables
from virtkg.language.parse import QUESTION, STATEMENT

_STARTS: Final = (QUESTION, STATEMENT)


def question_grammar() -> Lark:
    """Return the grammar of questions and statements."""
    path = os.path.join(os.path.dirname(__file__), "grammar.lark")
    with open(path, encoding="utf-8") as file:
        return Lark(file.read(), parser="lalr", lexer="basic", start=list(_STARTS))


def grammar_tables() -> bytes:
    """Return the parse tables of the grammar, the same bytes each time."""
    return tables.dumped(compiled(question_grammar()))


def compiled(grammar: Lark) -> tables.Stored:
    """Return the tables of a grammar as plain data."""
    data, memo = grammar.memo_serialize([TerminalDef, Rule])
    table = data["parser"]["parser"]
    found = _Numbered(table["states"], table["tokens"])
    first = {start: found.state(table["start_states"][start]) for start in _STARTS}
    rows = found.rows()
    starts = {start: (state, found.state(table["end_states"][start])) for start, state in first.items()}
    return rows, [_rule(memo[number]) for number in found.rules], starts


class _Numbered:
    """States and rules, numbered as they are come upon: lark numbers them by the order of its sets."""

    def __init__(self, states: dict[int, dict[int, Any]], symbols: dict[int, str]) -> None:
        self._states = states
        self._symbols = symbols
        self._numbers: dict[int, int] = {}
        self.rules: dict[int, int] = {}

    def state(self, state: int) -> int:
        return self._numbers.setdefault(state, len(self._numbers))

    def rows(self) -> list[tables.Row]:
        """Return the row of every state that the known ones lead to, in the order of their numbers."""
        rows: list[tables.Row] = []
        while len(rows) < len(self._numbers):
            row = self._states[list(self._numbers)[len(rows)]]
            steps = sorted((self._symbols[symbol], step) for symbol, step in row.items())
            rows.append({symbol: self._step(*step) for symbol, step in steps})
        return rows

    def _step(self, reduces: int, argument: Any) -> int:
        if not reduces:
            return self.state(argument)
        return ~self.rules.setdefault(argument["@"], len(self.rules))


def _rule(rule: dict[str, Any]) -> tables.Rule:
    """Return how the node of a rule is made, which lark's ParseTreeBuilder says in code."""
    options, expansion, origin = rule["options"], rule["expansion"], str(rule["origin"]["name"])
    assert not any(options["empty_indices"]), f"{origin}: brackets, which leave None in their place, are not provided"
    kept = tuple(
        (place, symbol["__type__"] == "NonTerminal" and symbol["name"].startswith("_"))
        for place, symbol in enumerate(expansion)
        if options["keep_all_tokens"] or not symbol.get("filter_out")
    )
    as_it_is = kept == tuple((place, False) for place in range(len(expansion)))
    alias = rule["alias"]
    single = bool(options["expand1"]) and not alias
    return origin, len(expansion), str(alias or origin), None if as_it_is else kept, single

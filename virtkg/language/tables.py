"""The tables of an LALR(1) grammar, and how a stack of states walks them.

Here and not in lark, whose import would take a quarter of the time of a `virtkg ask`.

Knows: states, and which of them follow a symbol. Must not know: lark, any rule of the grammar, words.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable
from typing import Final, TypeAlias

from virtkg.language.nodes import Token, Tree

END: Final = "$END"
"""The terminal after the last word."""

_PLAIN: Final = 2
"""The version of marshal's format in which equal values are equal bytes; later ones tell which objects are the same."""

Stack: TypeAlias = tuple[int, ...]

Row: TypeAlias = dict[str, int]
"""For each symbol that can follow a state: the next state, or `~rule` where a rule ends before the symbol."""

Rule: TypeAlias = tuple[str, int, str, "tuple[tuple[int, bool], ...] | None", bool]
"""The symbol that a rule makes, of how many; the name of its node; which of the symbols are children of that, each with
whether its own children stand in its place (None: all, as they are); and whether an only child stands for the node."""

Stored: TypeAlias = tuple[list[Row], list[Rule], dict[str, tuple[int, int]]]
"""A row for each state, the rules, and for each start symbol the states before and after it."""


class _Rows(dict[int, Row]):
    """The rows by their states, each read when it is first asked for: a question comes upon some thirty of 857."""

    def __init__(self, dumped: list[bytes]) -> None:
        super().__init__()
        self._dumped = dumped

    def __missing__(self, state: int) -> Row:
        row: Row = marshal.loads(self._dumped[state])
        self[state] = row
        return row


class Tables:
    """The tables of a grammar, as `dumped` has written them."""

    def __init__(self, dumped: bytes) -> None:
        rows, self._rules, self._starts = marshal.loads(dumped)
        self._rows = _Rows(rows)
        self._ends = dict(self._starts.values())

    def start(self, symbol: str) -> Stack:
        """Return the stack before the first word of what a start symbol stands for."""
        return (self._starts[symbol][0],)

    def after(self, stack: Stack, terminal: str) -> Stack | None:
        """Return the stack after one more terminal, None where it cannot stand."""
        states = list(stack)
        return None if self._walk(states, terminal) is None else tuple(states)

    def accepted(self, stack: Stack) -> set[str]:
        """Return the terminals that can follow; END is one of them when the text can end here."""
        return {symbol for symbol in self._rows[stack[-1]] if symbol.isupper() and self.after(stack, symbol)}

    def tree(self, start: str, tokens: Iterable[Token]) -> Tree:
        """Return the parse tree over the tokens of a whole text, which must be one."""
        states = list(self.start(start))
        nodes: list[Tree | Token] = []
        for token in (*tokens, Token(END, -1)):
            ended = self._walk(states, token.type)
            assert ended is not None, token
            for rule in ended:
                self._close(rule, nodes)
            nodes.append(token)
        root = nodes[0]
        assert isinstance(root, Tree) and len(nodes) == 2
        return root

    def _walk(self, states: list[int], terminal: str) -> list[int] | None:
        """Move a stack over a terminal; returns the rules that end before it, None where it cannot stand."""
        ended: list[int] = []
        while True:
            step = self._rows[states[-1]].get(terminal)
            if step is None:
                return None
            if step >= 0:
                states.append(step)
                return ended
            symbol, length, *_ = self._rules[~step]
            if length:
                del states[-length:]
            states.append(self._rows[states[-1]][symbol])
            ended.append(~step)
            if terminal == END and states[-1] == self._ends[states[0]]:
                return ended

    def _close(self, rule: int, nodes: list[Tree | Token]) -> None:
        """Put the node of a rule in the place of those it is made of."""
        _, length, name, kept, single = self._rules[rule]
        first = len(nodes) - length
        children = nodes[first:]
        if kept is not None:
            children = [part for place, inline in kept for part in _parts(children[place], inline)]
        nodes[first:] = [children[0] if single and len(children) == 1 else Tree(name, tuple(children))]


def _parts(node: Tree | Token, inline: bool) -> tuple[Tree | Token, ...]:
    return node.children if inline and isinstance(node, Tree) else (node,)


def dumped(stored: Stored) -> bytes:
    """Return tables in a form that loads in a tenth of a millisecond, the same bytes for the same tables."""
    rows, rules, starts = stored
    return marshal.dumps(([marshal.dumps(row, _PLAIN) for row in rows], rules, starts), _PLAIN)

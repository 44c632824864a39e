"""The parts of a node of a parse tree.

Knows: that a child is a tree or a token. Must not know: what a rule of the grammar stands for.
"""

from __future__ import annotations

from lark import Token, Tree


def trees(tree: Tree[Token]) -> list[Tree[Token]]:
    """Return the children that are trees."""
    return [child for child in tree.children if isinstance(child, Tree)]


def tokens(tree: Tree[Token]) -> list[Token]:
    """Return the children that are tokens."""
    return [child for child in tree.children if isinstance(child, Token)]


def child(tree: Tree[Token], *names: str) -> Tree[Token]:
    """Return the first child by one of some rules."""
    return next(child for child in trees(tree) if str(child.data) in names)


def joint(conj: Tree[Token]) -> str:
    """Return "and" or "or", or "," where only a comma stands and the chain decides."""
    return {"OR": "or", "AND": "and"}.get(tokens(conj)[-1].type, ",")

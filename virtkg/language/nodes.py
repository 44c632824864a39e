"""Parse trees, and the parts of a node.

Knows: that a child is a tree or a token. Must not know: what a rule of the grammar stands for.
"""

from __future__ import annotations

from virtkg.record import record


@record
class Token:
    """A terminal in a text: the category `type` and the number of its edge in the path that was parsed."""

    type: str
    edge: int


@record
class Tree:
    """What a rule of the grammar, or one of its alternatives, was read from."""

    data: str
    children: tuple[Tree | Token, ...]


def trees(tree: Tree) -> list[Tree]:
    """Return the children that are trees."""
    return [child for child in tree.children if isinstance(child, Tree)]


def tokens(tree: Tree) -> list[Token]:
    """Return the children that are tokens."""
    return [child for child in tree.children if isinstance(child, Token)]


def child(tree: Tree, *names: str) -> Tree:
    """Return the first child by one of some rules."""
    return next(child for child in trees(tree) if child.data in names)


def joint(conj: Tree) -> str:
    """Return "and" or "or", or "," where only a comma stands and the chain decides."""
    return {"OR": "or", "AND": "and"}.get(tokens(conj)[-1].type, ",")

"""Trees of expressions → the text of SPARQL expressions, and variables in that text.

Knows: how expressions are written, and which variables they have.
Must not know: what a function computes, or where an expression stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from lark import Token, Tree
from pyoxigraph import Variable

from virtkg.rules.functions import BUILT_INS, arguments_wanted
from virtkg.rules.syntax import AtomTerm, Expression
from virtkg.rules.terms import Names

_WORDS: Final = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>\s]*>|\?[\w\u00b7\u0300-\u036f\u203f\u2040]+')
"""Strings, IRIs and variables in the text of an expression."""


def expression(node: Tree[Token] | Token, names: Names) -> Expression:
    """Return the expression of a tree. Raises RuleError (R301)."""
    if isinstance(node, Tree) and node.data == "bracketed":
        node = node.children[0]
    speller = _Speller(names)
    return Expression(speller.spell(node), frozenset(speller.variables))


def with_terms(given: Expression, terms: Mapping[str, AtomTerm]) -> Expression:
    """Return an expression with the variables of a row replaced by their values."""
    if given.variables.isdisjoint(terms):
        return given
    replaced = _replaced(given.text, lambda name: terms.get(name, Variable(name)))
    kept = given.variables - set(terms)
    return Expression(replaced, kept | {term.value for term in terms.values() if isinstance(term, Variable)})


def with_constant(given: Expression, call: str, constant: str) -> Expression:
    """Return an expression with each call of a function without arguments, as `NOW()`, replaced by a constant."""
    if call not in given.text:
        return given
    pieces = _outside(given.text, lambda text: text.replace(call, constant))
    return Expression(pieces, given.variables)


def _replaced(text: str, value: Callable[[str], AtomTerm]) -> str:
    def replace(found: re.Match[str]) -> str:
        word = found.group()
        return str(value(word[1:])) if word[0] == "?" else word

    return _WORDS.sub(replace, text)


def _outside(text: str, change: Callable[[str], str]) -> str:
    """Change what is no string, IRI or variable of a text."""
    pieces, start = [], 0
    for found in _WORDS.finditer(text):
        pieces += [change(text[start : found.start()]), found.group()]
        start = found.end()
    return "".join([*pieces, change(text[start:])])


class _Speller:
    """Writes one expression and notes its variables."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self.variables: set[str] = set()

    def spell(self, node: Tree[Token] | Token) -> str:
        if isinstance(node, Token):
            return self._word(node)
        match node.data:
            case "bracketed":
                return f"({self.spell(node.children[0])})"
            case "builtin":
                return self._built_in(node)
            case "call":
                return f"{self.spell(node.children[0])}({self._arguments(node.children[1])})"
            case "member":
                return f"IN ({self._arguments(node.children[0])})"
            case "no_member":
                return f"NOT IN ({self._arguments(node.children[1])})"
            case "triple":
                return self._triple(node)
            case _:
                return " ".join(self.spell(child) for child in node.children)

    def _word(self, token: Token) -> str:
        match token.type:
            case "VAR":
                self.variables.add(token[1:])
                return f"?{token[1:]}"
            case "IRI" | "A":
                return str(self._names.iri(token))
            case "LITERAL":
                return str(self._names.literal(token)) if token[0] in "\"'" else token.lower()
            case "BLANK":
                raise self._names.unexpected(token, "a triple term in an expression has no blank nodes")
            case _:
                return str(token)

    def _built_in(self, node: Tree[Token]) -> str:
        name, arguments = node.children
        assert isinstance(name, Token) and isinstance(arguments, Tree)
        written, least, most = BUILT_INS[name.upper()]
        count = len(_given(arguments))
        if not least <= count <= most:
            wanted = arguments_wanted(least, most)
            raise self._names.fault(name, f"{written} takes {wanted}, not {count}", "see SPARQL 1.2, section 17")
        return f"{written}({self._arguments(arguments)})"

    def _arguments(self, node: Tree[Token] | Token) -> str:
        assert isinstance(node, Tree)
        return ", ".join(self.spell(child) for child in _given(node))

    def _triple(self, node: Tree[Token]) -> str:
        if isinstance(node.children[0], Tree):
            first = next(iter(node.children[0].scan_values(lambda value: isinstance(value, Token))))
            raise self._names.unexpected(first, "the subject of a triple term in an expression is no triple term")
        return f"<<( {' '.join(self.spell(child) for child in node.children)} )>>"


def _given(arguments: Tree[Token]) -> list[Tree[Token] | Token]:
    return [child for child in arguments.children if not (isinstance(child, Token) and child.type == "NIL")]

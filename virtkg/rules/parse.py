"""SRL text → rules.

Knows: the grammar (srl.lark), prefixes, and when a rule is well-formed.
Must not know: OWL, any vocabulary, or how a rule is evaluated.

The language is SPARQL 1.2 RL, Editor's Draft of DRAFT_DATE; read here are
PREFIX, RULE, FILTER, NOT and SET.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Final

import pyoxigraph as ox
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput
from pyoxigraph import Literal, NamedNode, Variable

from virtkg.diagnostics import RuleError, SurroundingsError
from virtkg.namespaces import RDF, XSD, compact
from virtkg.rules.syntax import Assignment, Atom, AtomTerm, Element, Expression, Negation, Rule

DRAFT_DATE: Final = "2026-08-25"

_TYPE: Final = NamedNode(RDF + "type")


def read_rules(path: str) -> tuple[Rule, ...]:
    """Return the rules of an SRL file in order.

    Raises RuleError (R301 syntax, R302 not well-formed) with `path:line`, and
    SurroundingsError when the file cannot be read.
    """
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except UnicodeDecodeError as error:
        raise RuleError("R301", f"{path}: not UTF-8 text ({error.reason})", hint="save the file as UTF-8") from error
    except OSError as error:
        raise SurroundingsError("S602", f"{path}: {error.strerror}", hint="check the path") from error
    return parse_rules(text, os.path.basename(path))


def parse_rules(text: str, name: str) -> tuple[Rule, ...]:
    """Return the rules of an SRL text; `name` stands for the file in messages."""
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        found = _found(error)
        raise RuleError(
            "R301",
            f"{name}:{error.line}:{error.column}: {found} is not expected here",
            hint="a rule is written RULE prefix:name { head } WHERE { body }",
        ) from error
    reader = _Reader(name)
    return tuple(rule for child in _trees(tree) if (rule := reader.statement(child)) is not None)


def _found(error: UnexpectedInput) -> str:
    token = getattr(error, "token", None)
    if token is not None and token.type == "$END":
        return "the end of the text"
    return repr(str(token if token is not None else getattr(error, "char", "this")))


@cache
def _parser() -> Lark:
    path = os.path.join(os.path.dirname(__file__), "srl.lark")
    with open(path, encoding="utf-8") as file:
        return Lark(file.read(), parser="lalr", lexer="contextual", keep_all_tokens=False)


class _Reader:
    """Turns the trees of one file into rules; remembers its prefixes."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._prefixes: dict[str, str] = {}
        self._names: set[str] = set()

    def statement(self, tree: Tree[Token]) -> Rule | None:
        if tree.data == "prefix":
            prefix, iri = tree.children
            self._prefixes[str(prefix)[:-1]] = str(iri)[1:-1]
            return None
        return self._rule(tree)

    def _rule(self, tree: Tree[Token]) -> Rule:
        named, head, body = _trees(tree)
        place = f"{self._name}:{_first_token(named).line}"
        name = self._iri(named).value
        if name in self._names:
            raise RuleError("R302", f"{place}: a second rule is named {compact(name)}", hint="give it another name")
        self._names.add(name)
        rule = Rule(
            name,
            tuple(atom for triples in _trees(head) for atom in self._atoms(triples)),
            tuple(part for tree in _trees(body) for part in self._elements(tree)),
            place,
        )
        _check_well_formed(rule)
        return rule

    def _elements(self, tree: Tree[Token]) -> list[Element]:
        match tree.data:
            case "triples":
                return list(self._atoms(tree))
            case "filter":
                return [self._expression(_trees(tree)[0])]
            case "assignment":
                variable, *rest = tree.children
                return [Assignment(Variable(str(variable)[1:]), self._expression(Tree("expression", rest)))]
            case _:
                parts = [part for child in _trees(tree) for part in self._elements(child)]
                atoms = tuple(part for part in parts if isinstance(part, Atom))
                return [Negation(atoms, tuple(part for part in parts if isinstance(part, Expression)))]

    def _atoms(self, tree: Tree[Token]) -> Iterator[Atom]:
        subject, *properties = tree.children
        for property_ in properties:
            assert isinstance(property_, Tree)
            predicate, *objects = property_.children
            for object_ in objects:
                yield Atom(self._term(subject), self._term(predicate), self._term(object_))

    def _term(self, node: Tree[Token] | Token) -> AtomTerm:
        if isinstance(node, Token):
            return Variable(str(node)[1:])
        match node.data:
            case "iri":
                return self._iri(node)
            case "rdf_type":
                return _TYPE
            case "number":
                return _number(str(node.children[0]))
            case _:
                return self._literal(node)

    def _literal(self, tree: Tree[Token]) -> Literal:
        first, *rest = tree.children
        assert isinstance(first, Token)
        try:
            text = _unquote(str(first))
            if not rest:
                return Literal(text)
            if isinstance(rest[0], Token):
                return Literal(text, language=str(rest[0])[1:])
        except ValueError as error:
            raise self._illegal(first, "a literal", error) from error
        return Literal(text, datatype=self._iri(rest[0]))

    def _iri(self, tree: Tree[Token]) -> NamedNode:
        token = _first_token(tree)
        iri = self._expand(token)
        try:
            return NamedNode(iri)
        except ValueError as error:
            raise self._illegal(token, "an absolute IRI", error) from error

    def _illegal(self, token: Token, wanted: str, error: ValueError) -> RuleError:
        return RuleError(
            "R301",
            f"{self._name}:{token.line}:{token.column}: {token} is not {wanted} ({error})",
            hint="see RDF 1.1 Concepts, sections 3.2 and 3.3",
        )

    def _expand(self, token: Token) -> str:
        text = str(token)
        if text.startswith("<"):
            return text[1:-1]
        prefix, _, local = text.partition(":")
        if prefix not in self._prefixes:
            raise RuleError(
                "R301",
                f"{self._name}:{token.line}:{token.column}: the prefix {prefix}: is not declared",
                hint=f"add PREFIX {prefix}: <...> above",
            )
        return self._prefixes[prefix] + local

    def _expression(self, tree: Tree[Token]) -> Expression:
        words: list[str] = []
        variables: set[str] = set()
        for token in tree.scan_values(lambda value: isinstance(value, Token)):
            if token.type == "VAR":
                variables.add(str(token)[1:])
        self._spell(tree, words)
        expression = Expression(_join(words), frozenset(variables))
        self._check_expression(expression, _first_token(tree))
        return expression

    def _spell(self, tree: Tree[Token], words: list[str]) -> None:
        nested = tree.data == "expression"
        for child in tree.children:
            if isinstance(child, Tree):
                words.append("(")
                self._spell(child, words)
                words.append(")")
            elif nested and child.type in ("PNAME", "IRIREF"):
                words.append(f"<{self._expand(child)}>")
            else:
                words.append(str(child))

    def _check_expression(self, expression: Expression, token: Token) -> None:
        query = f"SELECT * WHERE {{ FILTER ( {expression.text} ) }}"
        try:
            ox.Store().query(query)
        except (SyntaxError, ValueError) as error:
            raise RuleError(
                "R301",
                f"{self._name}:{token.line}: not a SPARQL expression: {expression.text}",
                hint="see the expressions of SPARQL 1.1, section 17",
            ) from error


def _trees(tree: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _first_token(tree: Tree[Token]) -> Token:
    return next(iter(tree.scan_values(lambda value: isinstance(value, Token))))


def _join(words: list[str]) -> str:
    """Join words by blanks, with none at brackets: pyoxigraph 0.5 refuses `IRI (`."""
    text = ""
    for word in words:
        text += word if word in "()" or text.endswith("(") or not text else f" {word}"
    return text


def _number(text: str) -> Literal:
    """Return a number as SPARQL 1.1, 4.1.2 types it."""
    kind = "double" if "e" in text.lower() else "decimal" if "." in text else "integer"
    return Literal(text, datatype=NamedNode(XSD + kind))


_ESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_DIGITS: Final = {"u": 4, "U": 8}


def _unquote(text: str) -> str:
    pieces: list[str] = []
    characters = iter(text[1:-1])
    for character in characters:
        if character == "\\":
            escaped = next(characters)
            digits = "".join(next(characters) for _ in range(_DIGITS.get(escaped, 0)))
            pieces.append(chr(int(digits, 16)) if digits else _ESCAPES.get(escaped, escaped))
        else:
            pieces.append(character)
    return "".join(pieces)


def _check_well_formed(rule: Rule) -> None:
    """Check the four conditions of SPARQL-RL on bound variables."""
    bound: set[str] = set()
    for element in rule.body:
        match element:
            case Atom():
                bound.update(variable.value for variable in element.variables())
            case Expression():
                _require(element.variables, bound, rule, "FILTER")
            case Assignment():
                _require(element.expression.variables, bound, rule, "SET")
                if element.variable.value in bound:
                    raise RuleError(
                        "R302",
                        f"{rule.place}: {compact(rule.name)}: SET gives ?{element.variable.value} a second value",
                        hint="use another variable",
                    )
                bound.add(element.variable.value)
            case Negation():
                inner = bound | {variable.value for atom in element.atoms for variable in atom.variables()}
                for expression in element.filters:
                    _require(expression.variables, inner, rule, "FILTER in NOT")
    head = frozenset(variable.value for atom in rule.head for variable in atom.variables())
    _require(head, bound, rule, "the head")


def _require(needed: frozenset[str], bound: set[str], rule: Rule, where: str) -> None:
    missing = sorted(needed - bound)
    if missing:
        raise RuleError(
            "R302",
            f"{rule.place}: {compact(rule.name)}: ?{missing[0]} in {where} is not bound before it",
            hint="bind it by a triple pattern that stands earlier in the body",
        )

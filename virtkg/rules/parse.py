"""SRL text → rules.

The language is SPARQL 1.2 RL (SPARQL-RL, SRL), Editor's Draft of DRAFT_DATE:
all of its grammar. `parse_rule_set` reads it; `parse_rules` reads rules that
are to be used on facts and refuses what rules/refused.py lists.

There are no aggregates, as in the draft: a count that a rule depends on would
have to wait until nothing can be added to what it counts. Counts and sums are
queries on the closed graph (queries/*.rq).

A blank node of a DATA block, and one that a head makes, is an IRI below
namespaces.GENID (RDF 1.1 Concepts, 3.5), as those of data files are: isBLANK
is false of it. Relative IRIs need a BASE.

Knows: the grammar (srl.lark) and the statements of a text.
Must not know: OWL, any vocabulary, or how a rule is evaluated.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Final

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedToken
from pyoxigraph import Variable

from virtkg.diagnostics import RuleError, SurroundingsError
from virtkg.namespaces import RULE
from virtkg.rules.expressions import expression
from virtkg.rules.refused import check_usable
from virtkg.rules.scopes import keep_apart
from virtkg.rules.syntax import Assignment, Atom, Element, Expression, Negation, Rule, RuleSet
from virtkg.rules.terms import Names, shown
from virtkg.rules.tokens import MAX_DEPTH, TOO_DEEP, Tokens
from virtkg.rules.triples import Body, Data, Head, Triples
from virtkg.rules.wellformed import check_well_formed

DRAFT_DATE: Final = "2026-08-25"

_FORM: Final = "a rule is written RULE prefix:name { head } WHERE { body }"
_NO_AGGREGATES: Final = "rules do not count or sum: ask a query of the closed graph"
_HINTS: Final = {
    "BIND": "write SET (?variable := expression)",
    "CONSTRUCT": _FORM,
    "EXISTS": "write the patterns without a keyword, or NOT { patterns }",
    "MINUS": "write NOT { patterns }",
    "OPTIONAL": "write one rule with the pattern and one without",
    "UNION": "write a rule for each case",
    **dict.fromkeys(("AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM"), _NO_AGGREGATES),
}
"""What to write for words of SPARQL that SRL does not have."""


def read_rules(path: str) -> tuple[Rule, ...]:
    """Return the rules of an SRL file in order, its DATA blocks as rules without a body.

    Raises RuleError (R301 syntax, R302 not well-formed, R304 not usable here)
    with `path:line`, and SurroundingsError when the file cannot be read.
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
    """Return the rules of an SRL text that can be used on facts; `name` stands for the file in messages.

    Raises RuleError (R301, R302, R304).
    """
    found = parse_rule_set(text, name)
    for rule in found.rules:
        check_well_formed(rule)
    check_usable(found)
    return found.rules


def parse_rule_set(text: str, name: str) -> RuleSet:
    """Return what an SRL text says, well-formed or not. Raises RuleError (R301)."""
    try:
        tree = _parser().parse(text)
    except UnexpectedToken as error:
        raise _syntax_error(error, name) from error
    reader = _Reader(name, text)
    for statement in _trees(tree):
        reader.statement(statement)
    return RuleSet(tuple(reader.rules), tuple(reader.imports), tuple(reader.versions))


def _syntax_error(error: UnexpectedToken, name: str) -> RuleError:
    token: Token = error.token
    where = f"{name}:{error.line}:{error.column}"
    if token.type == TOO_DEEP:
        what = f"more than {MAX_DEPTH} brackets are open here"
        return RuleError("R301", f"{where}: {what}", hint="split the rule or the expression")
    found = "the end of the text" if token.type == "$END" else repr(shown(token))
    return RuleError("R301", f"{where}: {found} is not expected here", hint=_HINTS.get(token.upper(), _FORM))


@cache
def _parser() -> Lark:
    path = os.path.join(os.path.dirname(__file__), "srl.lark")
    with open(path, encoding="utf-8") as file:
        return Lark(file.read(), parser="lalr", lexer=Tokens)


class _Reader:
    """Takes the statements of one text in order."""

    def __init__(self, file: str, text: str) -> None:
        self.rules: list[Rule] = []
        self.imports: list[tuple[str, str]] = []
        self.versions: list[tuple[str, str]] = []
        self._names = Names(file)
        self._data = Triples(self._names, Data(text))
        self._unnamed: dict[int, int] = {}

    def statement(self, tree: Tree[Token]) -> None:
        match tree.data:
            case "rule":
                self.rules.append(self._rule(tree))
            case "data":
                keyword, block = tree.children
                assert isinstance(keyword, Token) and isinstance(block, Tree)
                atoms = [atom for triples in _trees(block) for atom in self._data.atoms(triples)]
                self.rules.append(Rule(self._new_name(keyword), tuple(atoms), (), self._place(keyword)))
            case "imports":
                keyword, iri = _tokens(tree)
                self.imports.append((self._names.iri(iri).value, f"{self._place(keyword)}:{keyword.column}"))
            case _:
                self._prologue(tree)

    def _prologue(self, tree: Tree[Token]) -> None:
        first, *rest = _tokens(tree)
        if tree.data == "prefix":
            self._names.declare(first, rest[0])
        elif tree.data == "base":
            self._names.set_base(first)
        else:
            if first[0] not in "\"'" or first[-1] != first[0] or first[:3] in ('"""', "'''"):
                raise self._names.unexpected(first, 'a version is written VERSION "1.2"')
            self.versions.append((self._names.literal(first).value, f"{self._place(first)}:{first.column}"))

    def _rule(self, tree: Tree[Token]) -> Rule:
        keyword, *rest = tree.children
        assert isinstance(keyword, Token)
        name = self._names.iri(rest[0]).value if isinstance(rest[0], Token) else self._new_name(keyword)
        block, body = _trees(tree)
        head = Triples(self._names, Head())
        place = Body(lambda: {str(token)[1:] for token in _all_tokens(tree) if token.type == "VAR"})
        elements = tuple(part for part in self._elements(body, Triples(self._names, place)))
        return Rule(
            name,
            tuple(atom for triples in _trees(block) for atom in head.atoms(triples)),
            keep_apart(elements, place.fresh),
            self._place(keyword),
            data=any(isinstance(part, Token) and part.type == "DATA" for part in rest),
            base=self._names.base,
        )

    def _elements(self, body: Tree[Token], triples: Triples) -> list[Element]:
        found: list[Element] = []
        for tree in _trees(body):
            match tree.data:
                case "triples":
                    found += triples.atoms(tree)
                case "filter":
                    found.append(expression(tree.children[0], self._names))
                case "assignment":
                    _, variable, value = tree.children
                    assert isinstance(variable, Token)
                    found.append(Assignment(Variable(variable[1:]), expression(value, self._names)))
                case _:
                    found.append(self._negation(tree, triples))
        return found

    def _negation(self, tree: Tree[Token], triples: Triples) -> Negation:
        (body,) = _trees(tree)
        for inner in _trees(body):
            if inner.data in ("negation", "assignment"):
                raise self._names.unexpected(_tokens(inner)[0], "a NOT holds triples and FILTERs")
        parts = self._elements(body, triples)
        kept = tuple(part for part in parts if isinstance(part, Atom | Expression))
        return Negation(kept, any(token.type == "DATA" for token in _tokens(tree)))

    def _new_name(self, keyword: Token) -> str:
        """Return the name of a statement without one: its file and line, and a number from the second on."""
        from urllib.parse import quote

        line = keyword.line or 0
        file = quote(self._names.file.encode("utf-8", "surrogateescape"), safe="")
        count = self._unnamed[line] = self._unnamed.get(line, 0) + 1
        return f"{RULE}{file}-line-{line}{f'-{count}' if count > 1 else ''}"

    def _place(self, token: Token) -> str:
        return f"{self._names.file}:{token.line}"


def _trees(tree: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _tokens(tree: Tree[Token]) -> list[Token]:
    return [child for child in tree.children if isinstance(child, Token)]


def _all_tokens(tree: Tree[Token]) -> list[Token]:
    return list(tree.scan_values(lambda value: isinstance(value, Token)))

"""Tokens of terms → IRIs, literals and variables, by the prefixes and the base of one text.

Knows: how RDF terms are written (SPARQL 1.2, section 4.1). Must not know:
where in a rule a term stands.
"""

from __future__ import annotations

import re
from typing import Final

import pyoxigraph as ox
from lark import Token
from pyoxigraph import BaseDirection, Literal, NamedNode, Variable

from virtkg.diagnostics import RuleError
from virtkg.namespaces import RDF, XSD

RDF_TYPE: Final = NamedNode(RDF + "type")

_ESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_STRING: Final = re.compile(
    r"""(\"{3}|'{3}|\"|')((?:(?!\1)(?:[^\\]|\\.))*+)\1"""
    r"""(?:[ \t\r\n]|\#[^\r\n]*+)*+"""
    r"""(?:@([A-Za-z0-9-]+?)(?:--([A-Za-z]+))?|\^\^(?:[ \t\r\n]|\#[^\r\n]*+)*+(.+))?""",
    re.DOTALL,
)
_NOT_IN_IRI: Final = re.compile(r"""[<>"{}|^`\\\x00-\x20]""")
_CODE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_DIRECTIONS: Final = {"ltr": BaseDirection.LTR, "rtl": BaseDirection.RTL}
_LONGEST: Final = 40
_BOOLEAN: Final = NamedNode(XSD + "boolean")


class Names:
    """The prefixes and the base in force at a place of a text; `file` stands for the text in messages."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.base = ""
        self._prefixes: dict[str, str] = {}
        self._known: dict[str, NamedNode] = {}

    def declare(self, prefix: Token, iri: Token) -> None:
        """Bind a prefix (`ex:`) from here on. Raises RuleError (R301)."""
        if prefix.startswith("<") or prefix.index(":") + 1 != len(prefix):
            raise self.unexpected(prefix, "a prefix is written PREFIX ex: <http://...>")
        self._prefixes[prefix[:-1]] = self._reference(iri)
        self._known.clear()

    def set_base(self, iri: Token) -> None:
        """Resolve relative IRIs against another base from here on. Raises RuleError (R301)."""
        self.base = self._reference(iri)
        self._known.clear()

    def iri(self, token: Token) -> NamedNode:
        """Return the IRI of `<iri>`, of a prefixed name or of `a`. Raises RuleError (R301)."""
        if token.type == "A":
            return RDF_TYPE
        return self._iri(str(token), token)

    def literal(self, token: Token) -> Literal:
        """Return the literal of a token. Raises RuleError (R301)."""
        text = str(token)
        try:
            if text[0] not in "\"'":
                return _number(text) if text[0] in "+-.0123456789" else Literal(text.lower(), datatype=_BOOLEAN)
            return self._string(token)
        except ValueError as error:
            raise self._illegal(token, "a literal", error) from error

    def term(self, token: Token) -> NamedNode | Literal | Variable:
        """Return the term of any token but a blank node. Raises RuleError (R301)."""
        if token.type == "VAR":
            return Variable(token[1:])
        return self.iri(token) if token.type in ("IRI", "A") else self.literal(token)

    def fault(self, token: Token, what: str, hint: str, code: str = "R301") -> RuleError:
        """Return an error at a token."""
        return RuleError(code, f"{self.file}:{token.line}:{token.column}: {what}", hint=hint)

    def unexpected(self, token: Token, hint: str) -> RuleError:
        """Return the error that a token cannot stand where it does."""
        return self.fault(token, f"{shown(token)!r} is not expected here", hint)

    def _string(self, token: Token) -> Literal:
        found = _STRING.fullmatch(token)
        assert found is not None
        _, text, language, direction, datatype = found.groups()
        value = _unescape(text)
        if datatype:
            return Literal(value, datatype=self._iri(datatype, token))
        if not language:
            return Literal(value)
        if not direction:
            return Literal(value, language=language)
        if direction not in _DIRECTIONS:
            raise self.fault(token, f"{direction} is not a base direction", "write --ltr or --rtl")
        return Literal(value, language=language, direction=_DIRECTIONS[direction])

    def _iri(self, text: str, token: Token) -> NamedNode:
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._new_iri(text, token)
        return found

    def _new_iri(self, text: str, token: Token) -> NamedNode:
        iri = self._expand(text, token)
        try:
            return NamedNode(iri)
        except ValueError as error:
            if self.base and text.startswith("<") and not _NOT_IN_IRI.search(iri):
                return self._resolve(iri, token)
            raise self._illegal(token, "an absolute IRI", error) from error

    def _resolve(self, iri: str, token: Token) -> NamedNode:
        try:
            solutions = ox.Store().query(f"SELECT (<{iri}> AS ?iri) {{}}", base_iri=self.base)
        except (SyntaxError, ValueError) as error:
            raise self._illegal(token, "an IRI", error) from error
        assert isinstance(solutions, ox.QuerySolutions)
        found = next(iter(solutions))["iri"]
        assert isinstance(found, NamedNode)
        return found

    def _expand(self, text: str, token: Token) -> str:
        if text.startswith("<"):
            return _unescape(text[1:-1]) if "\\" in text else text[1:-1]
        prefix, _, local = text.partition(":")
        if prefix not in self._prefixes:
            raise self.fault(token, f"the prefix {prefix}: is not declared", f"add PREFIX {prefix}: <...> above")
        return self._prefixes[prefix] + (local.replace("\\", "") if "\\" in local else local)

    def _reference(self, token: Token) -> str:
        if not token.startswith("<"):
            raise self.unexpected(token, "write the IRI in full: <http://...>")
        return self.iri(token).value

    def _illegal(self, token: Token, wanted: str, error: Exception) -> RuleError:
        message = f"{shown(token)} is not {wanted} ({error})"
        return self.fault(token, message, "see RDF 1.1 Concepts, sections 3.2 and 3.3")


def shown(token: Token) -> str:
    """Return a token for a message, cut if it is long."""
    return str(token) if len(token) <= _LONGEST else f"{token[:_LONGEST]}..."


def _number(text: str) -> Literal:
    """Return a number as SPARQL 1.1, 4.1.2 types it."""
    kind = "double" if "e" in text.lower() else "decimal" if "." in text else "integer"
    return Literal(text, datatype=NamedNode(XSD + kind))


def _unescape(text: str) -> str:
    return _CODE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    short, long, single = found.groups()
    if single is None:
        return chr(int(short or long, 16))
    return _ESCAPES.get(single, single)

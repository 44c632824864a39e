"""SRL text → the tokens of the grammar, each with its line and column.

A literal with its language tag or datatype is one token, and so is a prefixed
name or an IRI: less for the grammar to tell apart.

Knows: the terminals of SPARQL 1.2 (section 19.8) and how deep brackets may be.
Must not know: prefixes, or what a token stands for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from lark import Token
from lark.common import LexerConf
from lark.lexer import Lexer, PatternStr

from virtkg.rules.functions import BUILT_INS

MAX_DEPTH: Final = 60
"""Of brackets in brackets; the SPARQL engine dies of some hundreds."""

TOO_DEEP: Final = "TOO_DEEP"
"""Type of a bracket that opens below MAX_DEPTH; the grammar has no such terminal."""

_HEX: Final = "[0-9A-Fa-f]"
_CODE: Final = rf"\\u{_HEX}{{4}}|\\U00(?:0{_HEX}|10){_HEX}{{4}}"
_ESCAPE: Final = rf"\\[tbnrf\\\"']|{_CODE}"
_DIGITS: Final = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+"
_PERCENT: Final = rf"%{_HEX}{{2}}|\\[_~.\-!$&'()*+,;=/?#@%]"
_SPACE: Final = r"(?:[ \t\r\n]|\#[^\r\n]*+)"
_TAG: Final = r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?"

_LETTERS: Final = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARKS: Final = "\u00b7\u0300-\u036f\u203f-\u2040"

_COMPARISONS: Final = frozenset(("=", "!=", "<", ">", "<=", ">="))
_OPENING: Final = frozenset(("(", "[", "{|", "<<", "<<("))
_CLOSING: Final = frozenset((")", "]", "|}", ">>", ")>>"))


@cache
def _pattern(ascii_only: bool) -> re.Pattern[str]:
    """Return the pattern of a token; the letters of all scripts take long to compile and are seldom needed."""
    letters, marks = ("", "") if ascii_only else (_LETTERS, _MARKS)
    start = rf"A-Za-z{letters}"
    inside = rf"{start}_0-9\-{marks}"
    local = rf"(?:[{start}_0-9:]|{_PERCENT})(?:\.*(?:[{inside}:]|{_PERCENT}))*+"
    iri = rf"<(?:[^<>\"{{}}|^`\\\x00-\x20]|{_CODE})*+>|(?:[{start}](?:\.*[{inside}])*+:|:(?!=))(?:{local})?"
    strings = (
        rf"\"\"\"(?:\"{{0,2}}(?:[^\"\\]|{_ESCAPE}))*+\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|{_ESCAPE}))*+'''"
        rf"|\"(?:[^\"\\\n\r]|{_ESCAPE})*+\"|'(?:[^'\\\n\r]|{_ESCAPE})*+'"
    )
    return re.compile(
        rf"(?P<SPACE>{_SPACE}++)"
        rf"|(?P<VAR>[?$][{start}_0-9][{start}_0-9{marks}]*)"
        rf"|(?P<IRI>{iri})"
        rf"|(?P<WORD>[A-Za-z][A-Za-z0-9_]*)"
        rf"|(?P<LITERAL>(?:{strings})(?:{_SPACE}*+(?:{_TAG}|\^\^{_SPACE}*+(?:{iri})))?|{_DIGITS})"
        rf"|(?P<BLANK>_:[{start}_0-9](?:\.*[{inside}])*|\[[ \t\r\n]*\])"
        rf"|(?P<NIL>\([ \t\r\n]*\))"
        rf"|(?P<SIGNED>[+-](?:{_DIGITS}))"
        rf"|(?P<SYMBOL><<\(|\)>>|<<|>>|\{{\||\|\}}|:=|&&|\|\||!=|<=|>=|[{{}}().;,\[\]=<>!+\-*/~^])"
        rf"|(?P<UNKNOWN>(?s:.))"
    )


class Tokens(Lexer):
    """Finds tokens; made by lark, which tells the names of the words and symbols of the grammar."""

    def __init__(self, grammar: LexerConf) -> None:
        self._types = dict.fromkeys(_COMPARISONS, "COMPARISON") | {"+": "SIGN", "-": "SIGN"}
        self._types |= dict.fromkeys(BUILT_INS, "BUILTIN") | dict.fromkeys(("TRUE", "FALSE"), "LITERAL")
        self._types |= {t.pattern.value: t.name for t in grammar.terminals if isinstance(t.pattern, PatternStr)}

    def lex(self, text: str) -> Iterator[Token]:  # type: ignore[override]  # lark passes a custom lexer the text
        """Yield the tokens of a text; what is no token comes as one of the type UNKNOWN."""
        line, line_start, depth = 1, 0, 0
        types = self._types
        for found in _pattern(text.isascii()).finditer(text):
            kind, value, start = found.lastgroup or "", found.group(), found.start()
            if kind == "SYMBOL":
                kind = types.get(value, "UNKNOWN")
                if value in _OPENING:
                    depth += 1
                    kind = kind if depth <= MAX_DEPTH else TOO_DEEP
                elif value in _CLOSING:
                    depth -= 1
            elif kind == "WORD":
                kind = types.get(value) or types.get(value.upper(), "UNKNOWN")
            if kind != "SPACE":
                yield Token(kind, value, start, line, start - line_start + 1)
            if "\n" in value:
                line += value.count("\n")
                line_start = start + value.rindex("\n") + 1

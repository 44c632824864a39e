"""The words and signs of a SPARQL text, each with its place.

Knows: the terminals of SPARQL 1.1 Query (grammar, section 19.8).
Must not know: which words are allowed, what a query means, or the engine. The
time is linear in the length of the text.
"""

from __future__ import annotations

import re
from functools import cache

from virtkg.diagnostics import QueryError

MAX_NESTING = 128

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_START = _BASE + "_0-9"
_MARKS = "\u00b7\u0300-\u036f\u203f\u2040"
_NAME = _START + _MARKS + r"\-"
_CODE = r"\\u(?![dD][89a-fA-F])[0-9A-Fa-f]{4}|\\U00(?:0[0-9A-Fa-f]|10)(?!(?<=00)[dD][89a-fA-F])[0-9A-Fa-f]{4}"
_ESCAPE = r"\\[tbnrf\"'\\]|" + _CODE
_LOCAL = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"

IRI_TEXT = r'[^<>"{}|^`\\\x00-\x20]*'
"""The pattern of what may stand between < and >, apart from code points written as `\\u`."""

SCHEME = r"[A-Za-z][A-Za-z0-9+.\-]*:"
"""The pattern of the start of an absolute IRI (RFC 3987, 2.2)."""

_CLOSES = {"}": "{", ")": "(", "]": "["}


class Token:
    """One word or sign: what it is, its text, where it starts (from 0) and how many brackets enclose it."""

    __slots__ = ("depth", "kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int, depth: int) -> None:
        self.kind = kind
        self.text = text
        self.start = start
        self.depth = depth

    def is_word(self, *words: str) -> bool:
        """Tell whether this is one of these keywords (given in capitals)."""
        return self.kind == "word" and self.text.upper() in words


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a query text in order, without comments and white space.

    Kinds: word, var, iri, pname, bnode, string, lang, number, sign. Brackets of
    an accepted text match. Raises QueryError Q301 (not SPARQL, or a `<` with two
    readings) or Q304 (brackets deeper than MAX_NESTING).
    """
    return _Lexer(text).run()


def refusal(
    code: str,
    what: str,
    text: str,
    start: int,
    length: int = 1,
    *,
    hint: str = "",
    suggestions: tuple[str, ...] = (),
) -> QueryError:
    """Return a QueryError that names line and column of a place in a query (start counts from 0).

    Its `text` is the line, so that its `column` fits both the message and the line.
    """
    before = text.rfind("\n", 0, start) + 1
    after = text.find("\n", start)
    line_text = text[before : after if after >= 0 else len(text)].rstrip("\r")
    line, column = text.count("\n", 0, start) + 1, start - before + 1
    return QueryError(
        code,
        f"{what} (line {line}, column {column})",
        hint=hint,
        column=column,
        length=max(1, min(length, len(line_text) - column + 1)),
        text=line_text,
        suggestions=suggestions,
    )


def shown(text: str) -> str:
    """Return a piece of a query as an error message may print it: short, no control characters."""
    clean = "".join(char if char.isprintable() else f"\\u{ord(char):04X}" for char in text[:60])
    return clean + ("…" if len(text) > 60 else "")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of (most tokens, prefix, local name, IRI); built on first use, for they cost 10 ms.

    Repeats are written `plain*(?:special plain*)*`, so that a failing match cannot be tried in two ways.
    """

    def long(quote: str) -> str:
        plain = rf"[^{quote}\\]*"
        return rf"{quote * 3}{plain}(?:(?:{_ESCAPE}|{quote}{quote}?(?!{quote})){plain})*{quote * 3}"

    def short(quote: str) -> str:
        plain = rf"[^{quote}\\\r\n]*"
        return rf"{quote}(?!{quote}{quote}){plain}(?:(?:{_ESCAPE}){plain})*{quote}"

    main = re.compile(
        r"(?P<space>[ \t\r\n]+|\#[^\r\n]*)"
        rf"|(?P<var>[?$][{_START}][{_START}{_MARKS}]*)"
        rf"|(?P<string>{long(chr(34))}|{short(chr(34))}|{long(chr(39))}|{short(chr(39))})"
        rf"|(?P<bnode>_:[{_START}][{_NAME}.]*)"
        r"|(?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
        r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)"
        r"|(?P<word>[A-Za-z][A-Za-z0-9_]*)"
        r"|(?P<sign>\^\^|&&|\|\||!=|>=|[{}()\[\].,;=>!+\-*/|^?])"
    )
    prefix = re.compile(rf"(?:[{_BASE}][{_NAME}.]*)?")
    local = re.compile(rf"(?:[{_START}:]|{_LOCAL})[{_NAME}.:]*(?:(?:{_LOCAL})[{_NAME}.:]*)*")
    iri = re.compile(rf"<{IRI_TEXT}(?:(?:{_CODE}){IRI_TEXT})*>")
    return main, prefix, local, iri


class _Lexer:
    """One pass over one text; holds the open brackets and the prefixes met so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.open: list[Token] = []
        self.prefixes: set[str] = set()
        self.has_base = False
        self.no_colon_before = 0

    def run(self) -> list[Token]:
        text, main, at = self.text, _patterns()[0], 0
        while at < len(text):
            if text[at] == "<":
                at = self._angle(at)
                continue
            end = self._prefixed_name(at)
            if end > at:
                at = end
                continue
            match = main.match(text, at)
            if match is None:
                raise self._unreadable(at)
            kind = match.lastgroup or ""
            end = match.end()
            if kind == "bnode":
                end = self._without_dots(at, end)
            if kind != "space":
                self._add(kind, at, end)
            at = end
        if self.open:
            last = self.open[-1]
            raise refusal("Q301", f"{last.text!r} is never closed", text, last.start)
        return self.tokens

    def _add(self, kind: str, start: int, end: int) -> None:
        token = Token(kind, self.text[start:end], start, len(self.open))
        if kind == "sign":
            self._bracket(token)
        elif kind == "pname" and self.tokens and self.tokens[-1].is_word("PREFIX"):
            self.prefixes.add(token.text[:-1])
        elif token.is_word("BASE"):
            self.has_base = True
        self.tokens.append(token)

    def _bracket(self, token: Token) -> None:
        sign = token.text
        if sign in "{([":
            self.open.append(token)
            if len(self.open) > MAX_NESTING:
                raise refusal(
                    "Q304",
                    f"brackets are nested more than {MAX_NESTING} deep",
                    self.text,
                    token.start,
                    hint="split the query, or flatten its groups",
                )
        elif sign in _CLOSES:
            if not self.open or self.open[-1].text != _CLOSES[sign]:
                raise refusal("Q301", f"{sign!r} closes no {_CLOSES[sign]!r}", self.text, token.start)
            self.open.pop()
            token.depth -= 1

    def _prefixed_name(self, at: int) -> int:
        """Add a prefixed name that starts here and return its end, or return `at`."""
        text = self.text
        if at < self.no_colon_before:
            return at
        _, prefix, local, _ = _patterns()
        run = prefix.match(text, at)
        colon = run.end() if run else at
        if colon >= len(text) or text[colon] != ":" or (colon > at and text[colon - 1] == "."):
            # A long run of names and dots must not be searched again from each of its names.
            self.no_colon_before = colon
            return at
        match = local.match(text, colon + 1)
        end = self._without_dots(colon + 2, match.end()) if match else colon + 1
        self._add("pname", at, end)
        return end

    def _without_dots(self, start: int, end: int) -> int:
        """Return the end of a name without the dots that end a triple and not the name."""
        while end > start and self.text[end - 1] == "." and self.text[end - 2] != "\\":
            end -= 1
        return end

    def _angle(self, at: int) -> int:
        """Add the IRI or the comparison that starts here and return its end."""
        match, after_value = _patterns()[3].match(self.text, at), self._after_value()
        if match is not None and not (after_value and self._compares(match.group()[1:-1], at)):
            self._add("iri", at, match.end())
            return match.end()
        if not after_value:
            raise refusal(
                "Q301", "'<' starts no IRI here", self.text, at, hint="an IRI holds no spaces, quotes or brackets"
            )
        end = at + (2 if self.text.startswith("<=", at) else 1)
        self._add("sign", at, end)
        return end

    def _compares(self, content: str, at: int) -> bool:
        """Tell whether `<content>` after a value is a comparison such as `<?b&&?c>` and no IRI.

        By the longest match it is an IRI always; but there an IRI can stand only
        in a list, and people mean a comparison.
        """
        found = re.match(SCHEME, content)
        if found is None and not self.has_base:
            return True
        if found and (found[0][:-1] not in self.prefixes or content.startswith("//", found.end())):
            return False
        raise refusal(
            "Q301",
            "'<' could start an IRI or a comparison",
            self.text,
            at,
            hint="put a space after '<' to compare, or write the IRI in full",
        )

    def _after_value(self) -> bool:
        """Tell whether a comparison can stand here: the innermost bracket is a ( and the last token ends a value."""
        if not self.open or self.open[-1].text != "(":
            return False
        last = self.tokens[-1]
        if last.kind == "sign":
            return last.text in "})]"
        return last.kind != "word" or last.is_word("TRUE", "FALSE")

    def _unreadable(self, at: int) -> QueryError:
        char = self.text[at]
        if char in "\"'":
            what = "this string is not closed, or holds a wrong \\ escape"
        elif char == "\\":
            what = "'\\' can stand only in strings, IRIs and prefixed names"
        else:
            what = f"unexpected character '{shown(char)}'"
        return refusal("Q301", what, self.text, at)

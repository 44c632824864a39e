"""One term of N-Triples: legal beyond doubt, or asked of pyoxigraph.

Knows: the shapes of terms, and a part of the IRIs, language tags and labels
that pyoxigraph certainly accepts and prints unchanged.
Must not know: lines, files, the places of terms in a statement, or ids.
"""

from __future__ import annotations

import re
from itertools import filterfalse
from typing import TYPE_CHECKING, Final

from pyoxigraph import RdfFormat, Triple, parse

if TYPE_CHECKING:
    from collections.abc import Iterable

# No port, no userinfo, no percent sign, nothing beyond ASCII: all these have rules of their own.
_SEGMENTS: Final = rb"A-Za-z0-9._~!$&'()*+,;=:@/-"
_PLAIN_IRI: Final = (
    rb"<[A-Za-z][A-Za-z0-9+.-]*+:(?://[A-Za-z0-9.-]*+(?=[/?#>])|(?!//))"
    rb"[%(path)b]*+(?:\?[?%(path)b]*+)?(?:\#[?%(path)b]*+)?>"
) % {b"path": _SEGMENTS}
# xsd:string is left out when a literal is printed; rdf:langString and rdf:dirLangString need a language.
_SPECIAL: Final = rb"<http://www\.w3\.org/(?:2001/XMLSchema\#string|1999/02/22-rdf-syntax-ns\#)"
_PLAIN: Final = re.compile(
    rb"%(iri)b"
    rb'|"[^"\\\x00-\x1f\x7f]*+"(?:@[a-z]{2,3}(?:-[a-z]{2})?|\^\^(?!%(special)b)%(iri)b)?'
    rb"|_:[A-Za-z0-9_]++" % {b"iri": _PLAIN_IRI, b"special": _SPECIAL}
)
_UNPRINTED: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")

_IRI: Final = rb'<[^\x00-\x20<>"{}|^`]*+>'
_ONE_TERM: Final = re.compile(
    rb"%(iri)b"
    rb'|"(?:[^"\\\r\n]++|\\.)*+"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^%(iri)b)?'
    rb'|_:[^\x00-\x20<>"]++' % {b"iri": _IRI}
)

_MOST_REMEMBERED: Final = 50_000
_LONGEST_REMEMBERED: Final = 1_000


def is_clean(text: bytes) -> bool:
    """True if a text is UTF-8 and has no character beyond ASCII that pyoxigraph prints as an escape."""
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return not any(noncharacter in text for noncharacter in _UNPRINTED)


def doubtful(texts: Iterable[bytes]) -> list[bytes]:
    """Return those texts that are not, beyond doubt, legal terms in their canonical spelling.

    Each text must be a part of a clean text.
    """
    return list(filterfalse(_PLAIN.fullmatch, texts))


class Spellings:
    """The canonical spellings of terms that are not plain, as pyoxigraph prints them."""

    def __init__(self) -> None:
        self._known: dict[bytes, bytes] = {}

    def of(self, texts: list[bytes]) -> dict[bytes, bytes] | None:
        """Return each text that is not canonical with its canonical spelling; None if a text is not one legal term."""
        known = self._known
        others = {text: known[text] for text in texts if text in known}
        asked = [text for text in texts if text not in others]
        printed = _printed(asked)
        if printed is None:
            return None
        for text, spelling in zip(asked, printed, strict=True):
            if spelling != text:
                # The spelling of a blank node is its label: a difference means that more than a label was read.
                if text.startswith(b"_"):
                    return None
                others[text] = spelling
                if len(text) <= _LONGEST_REMEMBERED and len(known) < _MOST_REMEMBERED:
                    known[text] = spelling
        return others


def _printed(texts: list[bytes]) -> list[bytes] | None:
    """Return what pyoxigraph prints for texts that are terms; None if one of them is none."""
    # Only what is one term in its shape may stand between the other terms of a line.
    if not all(map(_ONE_TERM.fullmatch, texts)):
        return None
    lines = b"".join(b"<x:s> <x:p> %b .\n" % text for text in texts)
    try:
        parsed = parse(lines, format=RdfFormat.N_TRIPLES, rename_blank_nodes=False)
        printed = [str(quad.object).encode() for quad in parsed if not isinstance(quad.object, Triple)]
    except (SyntaxError, MemoryError):
        # The parser says MemoryError of a term over 16 MiB; the line decides.
        return None
    return printed if len(printed) == len(texts) else None

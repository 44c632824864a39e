"""Text → words, and the form in which words are compared.

Knows: Unicode, hyphens, plural endings, numbers.
Must not know: keywords, labels, or what a word means.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from virtkg.record import record

_PIECES: Final = re.compile(
    r'"[^"]*"|\d{4}-\d\d(?:-\d\d)?(?![\w-])|\d{1,3}(?:,\d{3})+(?![\d.])|[<>]=|[<>=≥≤&]|[(),]|\d+(?:[.,]\d+)*(?=[^\W\d_]{1,3}(?![\w.]))|[^\s(),<>=≥≤&"?!;]+'
)

_QUOTED: Final = re.compile(r"[^\s-]+")
_PARTED: Final = re.compile(r"\d{4}-\d\d(?:-\d\d)?$|[^-]+")


@record
class Word:
    """A word of a question: its normal form, and where it stands (columns from 0)."""

    normal: str
    start: int
    end: int


def split(text: str) -> list[Word]:
    """Return the words of a text. Hyphens part words; versions (4.0.1) and dates (2012-06-30) stay whole."""
    words: list[Word] = []
    for piece in _PIECES.finditer(text):
        found, start = piece.group(), piece.start()
        if found.startswith('"'):
            found, start = found[1:-1], start + 1
            words += _parts(found, start, _QUOTED)
        else:
            words += _parts(found.rstrip(".:"), start, _PARTED)
    return words


def _parts(text: str, start: int, pattern: re.Pattern[str]) -> list[Word]:
    if not text.strip("-"):
        return []
    return [Word(fold(part.group()), start + part.start(), start + part.end()) for part in pattern.finditer(text)]


def fold(text: str) -> str:
    """Return text in compatibility form, without case."""
    return unicodedata.normalize("NFKC", text).replace("\u2019", "'").casefold()


# A word of letters, perhaps with digits after, or a number, each before one space: most labels.
_PLAIN: Final = re.compile(r"(?:(?:[A-Za-z][A-Za-z0-9]*|\d+(?:\.\d+)*) )*(?:[A-Za-z][A-Za-z0-9]*|\d+(?:\.\d+)*)")


def normal(text: str) -> str:
    """Return the words of a text, folded, joined by blanks."""
    return text.lower() if _PLAIN.fullmatch(text) else " ".join(word.normal for word in split(text))


def phrase(label: str) -> str:
    """Return the form by which a label is found: its words, folded, without plural endings."""
    if _PLAIN.fullmatch(label):
        return " ".join(map(stem, label.lower().split(" ")))
    return " ".join(stem(word.normal) for word in split(label))


def stem(word: str) -> str:
    """Return a folded word without its plural ending; applied to both sides, so that it need not be a word."""
    if len(word) < 4 or not word.isalpha() or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


def with_article(noun: str) -> str:
    """Return a noun phrase with its indefinite article, by its first letter."""
    return f"{'an' if noun[:1].casefold() in 'aeio' else 'a'} {noun}"


def listed(names: list[str], most: int = 8) -> str:
    """Return the first of some names, and how many more there are.

    >>> listed(["A", "B", "C"], most=2)
    'A, B and 1 more'
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def plural(noun: str) -> str:
    """Return the regular plural of an English noun phrase.

    >>> plural("cloud service"), plural("hypervisor"), plural("series")
    ('cloud services', 'hypervisors', 'series')
    """
    if noun.endswith("s"):
        return noun
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("ch", "sh", "x")) else "s")

"""A block of whole lines to raw terms, where the layout of the lines is plain.

Knows: white space, comment lines and the dots at the ends of lines.
Must not know: which terms are legal, nor ids. Every byte that is not white
space, a comment or a final dot is in one of the raw terms: if each of those is
one legal term, the block is legal.
"""

from __future__ import annotations

import re
from itertools import chain, repeat
from typing import Final, NamedTuple

import numpy as np

_LINE_FEED: Final = 10
_DOT: Final = 46
_ENDS: Final = (b" .\n", b"\t.\n", b".\n")
_OBJECT_AND_GRAPH: Final = re.compile(
    rb'("(?:[^"\\]++|\\.)*+"[^ \t"]*+|[^ \t"]++)(?:[ \t]++([^ \t"]++))?[ \t]*+', re.DOTALL
)


class RawStatements(NamedTuple):
    """Subject, predicate and object of each statement in one list, and graphs (None: the default graph)."""

    terms: list[bytes]
    graphs: list[bytes | None] | None


def raw_statements(block: bytes, quads: bool) -> RawStatements | None:
    """Return the raw terms of lines that end in LF; None if their layout is not plain."""
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    # bytes.split takes these for white space; N-Triples does not.
    if b"\r" in block or b"\x0b" in block or b"\x0c" in block:
        return None
    lines, ended = _line_ends(block)
    if lines != ended:
        block = b"".join(line + b"\n" for line in block.split(b"\n") if line and not line.startswith(b"#"))
        lines, ended = _line_ends(block)
        if lines != ended:
            return None
    # From here on the last byte of each line is a dot.
    words = block.split()
    if len(words) < 3 * lines:
        return None
    return _of_words(words, lines, quads) or _of_lines(block, lines, quads)


def _line_ends(block: bytes) -> tuple[int, int]:
    """Return the number of line feeds, and of those after a dot."""
    # For two bytes this is four times as fast as bytes.count.
    octets = np.frombuffer(block, np.uint8)
    ends = octets == _LINE_FEED
    return int(np.count_nonzero(ends)), int(np.count_nonzero(ends[1:] & (octets[:-1] == _DOT)))


def _of_words(words: list[bytes], lines: int, quads: bool) -> RawStatements | None:
    """Return the statements if no term holds white space and all lines have equally many."""
    # As many lone dots as lines end in a dot, each after three or four words, are the ends of the lines.
    if len(words) == 4 * lines and words[3::4].count(b".") == lines:
        del words[3::4]
        return RawStatements(words, None)
    if quads and len(words) == 5 * lines and words[4::5].count(b".") == lines:
        del words[4::5]
        graphs: list[bytes | None] = [*words[3::4]]
        del words[3::4]
        return RawStatements(words, graphs)
    return None


def _of_lines(block: bytes, lines: int, quads: bool) -> RawStatements | None:
    """Return the statements if only objects hold white space."""
    end = next((end for end in _ENDS if block.endswith(end)), b"\n")
    terms = list(chain.from_iterable(map(bytes.split, block.split(end), repeat(None), repeat(2))))
    # So many only if each line was cut off, and gave three.
    if len(terms) != 3 * lines:
        return None
    if not quads:
        return RawStatements(terms, None)
    found = [_OBJECT_AND_GRAPH.fullmatch(rest) for rest in terms[2::3]]
    divided = [match.groups() for match in found if match is not None]
    if len(divided) != lines:
        return None
    terms[2::3] = [term for term, _ in divided]
    return RawStatements(terms, [graph for _, graph in divided])

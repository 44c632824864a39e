"""How a snapshot file is laid out.

    header    magic, format version, byte order, checksum, key, number of sections
    directory name, offset and length of each section
    sections  arrays of 32-bit integers, or UTF-8 text

Knows: bytes. Must not know: RDF, where the file lies, or who reads it.
"""

from __future__ import annotations

import struct
import sys
from typing import Final

MAGIC: Final = b"virtkg\x00\x01"
FORMAT: Final = 1
ORDER: Final = 1 if sys.byteorder == "little" else 2

HEADER: Final = struct.Struct("=8sHHII32s")
"""magic, format, byte order, crc32 of all that follows the header, sections, key."""

ENTRY: Final = struct.Struct("=16sQQ")
"""name, offset from the start of the file, length in bytes."""

ALIGNMENT: Final = 8

TERM_OFFSETS: Final = "term-offsets"
TERM_TEXT: Final = "term-text"
PREDICATES: Final = "predicates"
BY_PREDICATE: Final = "by-predicate"
BY_OBJECT: Final = "by-object"
DERIVED: Final = "derived"
DERIVATIONS: Final = "derivations"
CLASHES: Final = "clashes"
WORD_OFFSETS: Final = "word-offsets"
WORD_TEXT: Final = "word-text"
WORD_ROWS: Final = "word-rows"
GRAMMAR: Final = "grammar"
META: Final = "meta"

SECTIONS: Final = (
    *(TERM_OFFSETS, TERM_TEXT, PREDICATES, BY_PREDICATE, BY_OBJECT, DERIVED, DERIVATIONS, CLASHES),
    *(WORD_OFFSETS, WORD_TEXT, WORD_ROWS, GRAMMAR, META),
)
"""The sections of a file, each exactly once."""

"""An open snapshot: terms, facts, derivations and words, read where they lie.

Numbers inside, terms outside: nothing is decoded before it is asked for, so
that opening costs the same for any size (but for the checksum).

Knows: the layout. Must not know: what a fact means, or where the file is kept.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from virtkg.snapshot import layout
from virtkg.snapshot.terms import GroundTerm, decode, encode

TripleKey = tuple[int, int, int]


class BrokenSnapshot(Exception):
    """The bytes are not a snapshot of this version, or are damaged; rebuild it."""


class Snapshot:
    """A graph with its closure. A term is a number from 0, in the order of the table.

    Raises BrokenSnapshot when the bytes are not whole or have another key.
    """

    def __init__(self, data: memoryview, key: bytes) -> None:
        self._sections = _sections(data, key)
        self._term_offsets = self._numbers(layout.TERM_OFFSETS)
        self._term_text = self._sections[layout.TERM_TEXT]
        self._predicates = self._numbers(layout.PREDICATES)
        self._by_predicate = self._numbers(layout.BY_PREDICATE)
        self._subjects = self._by_predicate[::3]
        self._by_object = self._numbers(layout.BY_OBJECT)
        self._derived = self._numbers(layout.DERIVED)
        self._derivations = self._numbers(layout.DERIVATIONS)
        self._decoded: dict[int, GroundTerm] = {}
        self._ranges: dict[int, tuple[int, int]] = {}
        self._found: dict[GroundTerm, int | None] = {}

    def _numbers(self, name: str) -> memoryview:
        return self._sections[name].cast("I")

    def section(self, name: str) -> memoryview:
        """Return the bytes of a section."""
        return self._sections[name]

    @property
    def term_count(self) -> int:
        return len(self._term_offsets) - 1

    @property
    def fact_count(self) -> int:
        """The number of quads, with the copies in the disputed graph."""
        return len(self._by_predicate) // 3

    # terms

    def term(self, number: int) -> GroundTerm:
        """Return the term with a number."""
        term = self._decoded.get(number)
        if term is None:
            term = self._decoded[number] = decode(self._raw(number))
            self._found[term] = number
        return term

    def iri(self, number: int) -> str:
        """Return the IRI with a number."""
        return self._raw(number)[1:].decode()

    def number(self, term: GroundTerm) -> int | None:
        """Return the number of a term, or None if no fact or word has it."""
        # The same few are asked for with every fact, and those that a query gives back were decoded for it.
        if term not in self._found:
            self._found[term] = self._search(term)
        return self._found[term]

    def known(self, term: object) -> int:
        """Return the number of a term that is in the graph."""
        number = self.number(term)  # type: ignore[arg-type]
        assert number is not None, f"{term} is not in the graph"
        return number

    def _search(self, term: GroundTerm) -> int | None:
        wanted = encode(term)
        low, high = 0, self.term_count
        while low < high:
            middle = (low + high) // 2
            if self._raw(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < self.term_count and self._raw(low) == wanted else None

    def iri_number(self, iri: str) -> int | None:
        """Return the number of an IRI, or None."""
        return self.number(NamedNode(iri))

    def _raw(self, number: int) -> bytes:
        return bytes(self._term_text[self._term_offsets[number] : self._term_offsets[number + 1]])

    # facts

    def predicates(self) -> Iterator[int]:
        """Yield the predicates in use."""
        yield from self._predicates[::2]

    def column(self, predicate: int) -> Iterator[TripleKey]:
        """Yield (subject, object, graph) of every fact with a predicate, in order."""
        start, end = self._column_range(predicate)
        rows = self._by_predicate
        for at in range(start * 3, end * 3, 3):
            yield rows[at], rows[at + 1], rows[at + 2]

    def objects(self, subject: int, predicate: int) -> Iterator[tuple[int, int]]:
        """Yield (object, graph) of every fact with a subject and a predicate."""
        start, end = self._column_range(predicate)
        rows, subjects = self._by_predicate, self._subjects
        at = bisect_left(subjects, subject, start, end)
        while at < end and subjects[at] == subject:
            yield rows[at * 3 + 1], rows[at * 3 + 2]
            at += 1

    def subjects(self, predicate: int, object_: int) -> Iterator[tuple[int, int]]:
        """Yield (subject, graph) of every fact with a predicate and an object."""
        rows = self._by_object
        end = len(rows) // 4
        at = _first(rows, 4, 0, end, (object_, predicate))
        while at < end and rows[at * 4] == object_ and rows[at * 4 + 1] == predicate:
            yield rows[at * 4 + 2], rows[at * 4 + 3]
            at += 1

    def about(self, subject: int) -> Iterator[TripleKey]:
        """Yield (predicate, object, graph) of every fact with a subject."""
        for predicate in self.predicates():
            for object_, graph in self.objects(subject, predicate):
                yield predicate, object_, graph

    def pointing_to(self, object_: int) -> Iterator[TripleKey]:
        """Yield (predicate, subject, graph) of every fact with an object."""
        rows = self._by_object
        end = len(rows) // 4
        at = _first(rows, 4, 0, end, (object_,))
        while at < end and rows[at * 4] == object_:
            yield rows[at * 4 + 1], rows[at * 4 + 2], rows[at * 4 + 3]
            at += 1

    def graphs_of(self, subject: int, predicate: int, object_: int) -> list[int]:
        """Return the graphs in which a fact stands."""
        return [graph for found, graph in self.objects(subject, predicate) if found == object_]

    def _column_range(self, predicate: int) -> tuple[int, int]:
        found = self._ranges.get(predicate)
        if found is None:
            found = self._ranges[predicate] = self._find_range(predicate)
        return found

    def _find_range(self, predicate: int) -> tuple[int, int]:
        rows = self._predicates
        count = len(rows) // 2
        at = _first(rows, 2, 0, count, (predicate,))
        if at == count or rows[at * 2] != predicate:
            return 0, 0
        return rows[at * 2 + 1], rows[at * 2 + 3] if at + 1 < count else self.fact_count

    # derivations

    def derivation(self, fact: TripleKey) -> tuple[int, list[TripleKey], list[int]] | None:
        """Return (rule, premises, absent patterns) of an inferred fact, or None."""
        count = len(self._derived) // 4
        at = _first(self._derived, 4, 0, count, fact)
        if at == count or tuple(self._derived[at * 4 : at * 4 + 3]) != fact:
            return None
        return _record(self._derivations, self._derived[at * 4 + 3])

    def derived(self) -> Iterator[TripleKey]:
        """Yield every inferred fact."""
        rows = self._derived
        for at in range(0, len(rows), 4):
            yield rows[at], rows[at + 1], rows[at + 2]

    def clashes(self) -> Iterator[tuple[TripleKey, tuple[int, list[TripleKey], list[int]]]]:
        """Yield every finding that facts cannot all be true, with its derivation."""
        rows = self._numbers(layout.CLASHES)
        at = 0
        while at < len(rows):
            yield (rows[at], rows[at + 1], rows[at + 2]), _record(rows, at + 4)
            at += 4 + rows[at + 3]

    # words

    def meanings(self, phrase: str) -> list[TripleKey]:
        """Return (category, quality, term) of every meaning of a normalised phrase."""
        offsets, text = self._numbers(layout.WORD_OFFSETS), self._sections[layout.WORD_TEXT]
        wanted = phrase.encode()
        found = self._first_phrase(wanted)
        if found == len(offsets) - 1 or bytes(text[offsets[found] : offsets[found + 1]]) != wanted:
            return []
        return self._word_rows(found)

    def phrases(self, prefix: str = "") -> Iterator[tuple[str, list[TripleKey]]]:
        """Yield every phrase that begins with a prefix, with its meanings, in the order of its bytes."""
        offsets, text = self._numbers(layout.WORD_OFFSETS), self._sections[layout.WORD_TEXT]
        for number in range(self._first_phrase(prefix.encode()), len(offsets) - 1):
            phrase = bytes(text[offsets[number] : offsets[number + 1]]).decode()
            if not phrase.startswith(prefix):
                return
            yield phrase, self._word_rows(number)

    def _first_phrase(self, wanted: bytes) -> int:
        """Return the number of the first phrase that does not sort before some bytes."""
        offsets, text = self._numbers(layout.WORD_OFFSETS), self._sections[layout.WORD_TEXT]
        low, high = 0, len(offsets) - 1
        while low < high:
            middle = (low + high) // 2
            if bytes(text[offsets[middle] : offsets[middle + 1]]) < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def _word_rows(self, number: int) -> list[TripleKey]:
        table = self._numbers(layout.WORD_ROWS)
        base = 1 + table[0]
        rows = table[base + table[1 + number] : base + table[2 + number]]
        return [(rows[at], rows[at + 1], rows[at + 2]) for at in range(0, len(rows), 3)]


_MINIMUM: Final = layout.HEADER.size


def _sections(data: memoryview, key: bytes) -> dict[str, memoryview]:
    if len(data) < _MINIMUM:
        raise BrokenSnapshot("too short")
    magic, version, order, checksum, count, found_key = layout.HEADER.unpack_from(data)
    if (magic, version, order) != (layout.MAGIC, layout.FORMAT, layout.ORDER):
        raise BrokenSnapshot("of another version or machine")
    if found_key != key:
        raise BrokenSnapshot("of other inputs")
    # The header is not in the checksum: what it says of the rest is compared.
    if count != len(layout.SECTIONS) or zlib.crc32(data[_MINIMUM:]) != checksum:
        raise BrokenSnapshot("damaged")
    sections: dict[str, memoryview] = {}
    for number in range(count):
        name, offset, length = layout.ENTRY.unpack_from(data, _MINIMUM + number * layout.ENTRY.size)
        sections[name.rstrip(b"\x00").decode()] = data[offset : offset + length]
    return sections


def _first(rows: memoryview, width: int, low: int, high: int, wanted: tuple[int, ...]) -> int:
    """Return the first row, of those from low to high, that does not sort before `wanted`."""
    for number, value in enumerate(wanted):
        column = rows[number::width]
        low = bisect_left(column, value, low, high)
        high = bisect_right(column, value, low, high)
    return low


def _record(rows: memoryview, at: int) -> tuple[int, list[TripleKey], list[int]]:
    rule, premises, absent = rows[at], rows[at + 1], rows[at + 2]
    facts = [(rows[n], rows[n + 1], rows[n + 2]) for n in range(at + 3, at + 3 + premises * 3, 3)]
    start = at + 3 + premises * 3
    return rule, facts, list(rows[start : start + absent])

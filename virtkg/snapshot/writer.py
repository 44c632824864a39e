"""Facts, derivations, words → the bytes of a snapshot.

Knows: the layout and its orders. Must not know: what a fact means, how it was
derived, or where the file is kept.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Triple

from virtkg.reason.closure import Derivation
from virtkg.snapshot import layout
from virtkg.snapshot.terms import GroundTerm, encode


@dataclass(frozen=True, slots=True)
class WordRow:
    """What one phrase can mean: its category, the term, and a quality (0 is best)."""

    phrase: str
    category: int
    term: NamedNode
    quality: int


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a snapshot holds. Every fact stands in the graph that states it."""

    quads: frozenset[Quad]
    derivations: Mapping[Triple, Derivation]
    clashes: Mapping[Triple, Derivation]
    words: tuple[WordRow, ...]
    grammar: bytes
    meta: bytes = b""


def write(contents: Contents, key: bytes) -> bytes:
    """Return the file for some contents; `key` (32 bytes) names the inputs."""
    terms = _Terms(contents)
    sections = {
        layout.TERM_OFFSETS: terms.offsets(),
        layout.TERM_TEXT: terms.text(),
        **_facts(contents.quads, terms),
        **_derivations(contents.derivations, terms),
        layout.CLASHES: _clashes(contents.clashes, terms),
        **_words(contents.words, terms),
        layout.GRAMMAR: contents.grammar,
        layout.META: contents.meta,
    }
    return _assemble(sections, key)


class _Terms:
    """The sorted term table; a term's number is its place."""

    def __init__(self, contents: Contents) -> None:
        terms: set[GroundTerm] = set()
        for quad in contents.quads:
            assert isinstance(quad.graph_name, NamedNode)
            terms.update((_ground(quad.subject), quad.predicate, _ground(quad.object), quad.graph_name))
        for conclusions in (contents.derivations, contents.clashes):
            for fact, how in conclusions.items():
                for part in (fact, *how.premises):
                    terms.update((_ground(part.subject), part.predicate, _ground(part.object)))
                terms.add(NamedNode(how.rule))
                terms.update(Literal(pattern) for pattern in how.absent)
        terms.update(row.term for row in contents.words)
        self._sorted = sorted(encode(term) for term in terms)
        self._number = {data: number for number, data in enumerate(self._sorted)}

    def __getitem__(self, term: object) -> int:
        assert isinstance(term, NamedNode | Literal)
        return self._number[encode(term)]

    def fact(self, fact: Triple) -> tuple[int, int, int]:
        return self[fact.subject], self[fact.predicate], self[fact.object]

    def offsets(self) -> bytes:
        return _offsets(self._sorted)

    def text(self) -> bytes:
        return b"".join(self._sorted)


def _ground(term: object) -> GroundTerm:
    if not isinstance(term, NamedNode | Literal):
        raise TypeError(f"a snapshot holds IRIs and literals, not {term}")
    return term


def _offsets(pieces: list[bytes]) -> bytes:
    offsets = array("I", [0])
    for piece in pieces:
        offsets.append(offsets[-1] + len(piece))
    return offsets.tobytes()


def _facts(quads: Iterable[Quad], terms: _Terms) -> dict[str, bytes]:
    rows = [(terms[q.predicate], terms[q.subject], terms[q.object], terms[q.graph_name]) for q in quads]
    rows.sort()
    by_predicate, predicates = array("I"), array("I")
    for number, (predicate, subject, object_, graph) in enumerate(rows):
        if not predicates or predicates[-2] != predicate:
            predicates.extend((predicate, number))
        by_predicate.extend((subject, object_, graph))
    by_object = array("I")
    for object_, predicate, subject, graph in sorted((o, p, s, g) for p, s, o, g in rows):
        by_object.extend((object_, predicate, subject, graph))
    return {
        layout.PREDICATES: predicates.tobytes(),
        layout.BY_PREDICATE: by_predicate.tobytes(),
        layout.BY_OBJECT: by_object.tobytes(),
    }


def _derivation(how: Derivation, terms: _Terms) -> list[int]:
    record = [terms[NamedNode(how.rule)], len(how.premises), len(how.absent)]
    for premise in how.premises:
        record += terms.fact(premise)
    return record + [terms[Literal(pattern)] for pattern in how.absent]


def _derivations(derivations: Mapping[Triple, Derivation], terms: _Terms) -> dict[str, bytes]:
    derived, records = array("I"), array("I")
    for numbers, fact in sorted(((terms.fact(fact), fact) for fact in derivations), key=lambda pair: pair[0]):
        derived.extend((*numbers, len(records)))
        records.extend(_derivation(derivations[fact], terms))
    return {layout.DERIVED: derived.tobytes(), layout.DERIVATIONS: records.tobytes()}


def _clashes(clashes: Mapping[Triple, Derivation], terms: _Terms) -> bytes:
    records = array("I")
    for fact, how in clashes.items():
        record = _derivation(how, terms)
        records.extend((*terms.fact(fact), len(record), *record))
    return records.tobytes()


def _words(words: Iterable[WordRow], terms: _Terms) -> dict[str, bytes]:
    rows: dict[bytes, list[tuple[int, int, int]]] = {}
    for row in words:
        rows.setdefault(row.phrase.encode(), []).append((row.category, row.quality, terms[row.term]))
    phrases = sorted(rows)
    table = array("I")
    starts = array("I")
    for phrase in phrases:
        starts.append(len(table))
        for meaning in sorted(rows[phrase]):
            table.extend(meaning)
    starts.append(len(table))
    return {
        layout.WORD_OFFSETS: _offsets(phrases),
        layout.WORD_TEXT: b"".join(phrases),
        layout.WORD_ROWS: array("I", [len(starts)]).tobytes() + starts.tobytes() + table.tobytes(),
    }


def _assemble(sections: Mapping[str, bytes], key: bytes) -> bytes:
    start = layout.HEADER.size + layout.ENTRY.size * len(sections)
    directory, payload = bytearray(), bytearray()
    for name, data in sections.items():
        payload += b"\x00" * (-(start + len(payload)) % layout.ALIGNMENT)
        directory += layout.ENTRY.pack(name.encode(), start + len(payload), len(data))
        payload += data
    body = bytes(directory + payload)
    header = layout.HEADER.pack(layout.MAGIC, layout.FORMAT, layout.ORDER, zlib.crc32(body), len(sections), key)
    return header + body

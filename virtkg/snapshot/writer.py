"""Facts, derivations, words → the bytes of a snapshot.

Knows: the layout and its orders. Must not know: what a fact means, how it was
derived, or where the file is kept.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import accumulate, chain

from pyoxigraph import Literal, NamedNode

from virtkg.reason.closure import Derivation
from virtkg.record import record
from virtkg.snapshot import layout
from virtkg.snapshot.reader import TripleKey
from virtkg.snapshot.terms import GroundTerm, encode


@record
class WordRow:
    """What one phrase can mean: its category, the term, and a quality (0 is best)."""

    phrase: str
    category: int
    term: int
    quality: int


@record
class Contents:
    """All that a snapshot holds. A term is any number, and `term` tells which one it is.

    A quad is subject, predicate, object and the graph that states it; there are no two alike.
    """

    term: Callable[[int], object]
    quads: Collection[tuple[int, ...]]
    derivations: Mapping[TripleKey, Derivation[TripleKey]]
    clashes: Mapping[TripleKey, Derivation[TripleKey]]
    words: tuple[WordRow, ...]
    grammar: bytes
    meta: bytes = b""


def write(contents: Contents, key: bytes) -> bytes:
    """Return the file for some contents; `key` (32 bytes) names the inputs."""
    terms = _Terms(contents)
    sections = {
        layout.TERM_OFFSETS: _offsets(terms.texts),
        layout.TERM_TEXT: b"".join(terms.texts),
        **_facts(contents.quads, terms),
        **_derivations(contents.derivations, terms),
        layout.CLASHES: _clashes(contents.clashes, terms),
        **_words(contents.words, terms),
        layout.GRAMMAR: contents.grammar,
        layout.META: contents.meta,
    }
    return _assemble(sections, key)


class _Terms:
    """The sorted term table, and the places in it of the terms, rules and patterns of the contents."""

    def __init__(self, contents: Contents) -> None:
        used = set(chain.from_iterable(contents.quads))
        used.update(row.term for row in contents.words)
        derivations = [*contents.derivations.values(), *contents.clashes.values()]
        used.update(chain.from_iterable((*contents.derivations, *contents.clashes)))
        used.update(chain.from_iterable(chain.from_iterable(how.premises for how in derivations)))
        encoded = {number: encode(_ground(contents.term(number))) for number in used}
        rules = {rule: encode(NamedNode(rule)) for rule in {how.rule for how in derivations}}
        absent = set(chain.from_iterable(how.absent for how in derivations))
        patterns = {pattern: encode(Literal(pattern)) for pattern in absent}
        self.texts = sorted({*encoded.values(), *rules.values(), *patterns.values()})
        place = {text: number for number, text in enumerate(self.texts)}
        self.place = {number: place[text] for number, text in encoded.items()}
        self.rule = {rule: place[text] for rule, text in rules.items()}
        self.pattern = {pattern: place[text] for pattern, text in patterns.items()}


def _ground(term: object) -> GroundTerm:
    if not isinstance(term, NamedNode | Literal):
        raise TypeError(f"a snapshot holds IRIs and literals, not {term}")
    return term


def _offsets(pieces: list[bytes]) -> bytes:
    return array("I", accumulate(map(len, pieces), initial=0)).tobytes()


def _facts(quads: Iterable[tuple[int, ...]], terms: _Terms) -> dict[str, bytes]:
    place = terms.place
    rows = sorted([(place[p], place[s], place[o], place[g]) for s, p, o, g in quads])
    predicates = array("I")
    last = None
    for number, row in enumerate(rows):
        if row[0] != last:
            last = row[0]
            predicates.extend((last, number))
    by_object = sorted([(o, p, s, g) for p, s, o, g in rows])
    return {
        layout.PREDICATES: predicates.tobytes(),
        layout.BY_PREDICATE: array("I", [part for _, *rest in rows for part in rest]).tobytes(),
        layout.BY_OBJECT: array("I", chain.from_iterable(by_object)).tobytes(),
    }


def _derivation(how: Derivation[TripleKey], terms: _Terms) -> list[int]:
    record = [terms.rule[how.rule], len(how.premises), len(how.absent)]
    record += [terms.place[part] for premise in how.premises for part in premise]
    return record + [terms.pattern[pattern] for pattern in how.absent]


def _derivations(derivations: Mapping[TripleKey, Derivation[TripleKey]], terms: _Terms) -> dict[str, bytes]:
    place = terms.place
    ordered = sorted([((place[s], place[p], place[o]), (s, p, o)) for s, p, o in derivations])
    derived, records = array("I"), array("I")
    for numbers, fact in ordered:
        derived.extend((*numbers, len(records)))
        records.extend(_derivation(derivations[fact], terms))
    return {layout.DERIVED: derived.tobytes(), layout.DERIVATIONS: records.tobytes()}


def _clashes(clashes: Mapping[TripleKey, Derivation[TripleKey]], terms: _Terms) -> bytes:
    records = array("I")
    for fact, how in clashes.items():
        record = _derivation(how, terms)
        records.extend((*(terms.place[part] for part in fact), len(record), *record))
    return records.tobytes()


def _words(words: Iterable[WordRow], terms: _Terms) -> dict[str, bytes]:
    rows: dict[bytes, list[tuple[int, int, int]]] = {}
    for row in words:
        rows.setdefault(row.phrase.encode(), []).append((row.category, row.quality, terms.place[row.term]))
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

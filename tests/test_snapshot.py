"""The snapshot: what is written is read, whatever the order; damage is refused."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from command import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from virtkg.reason.closure import Derivation
from virtkg.snapshot import layout
from virtkg.snapshot.reader import BrokenSnapshot, Snapshot
from virtkg.snapshot.terms import GroundTerm, decode, encode
from virtkg.snapshot.writer import Contents, WordRow, write

KEY = bytes(range(32))
Key = tuple[int, int, int]


@dataclass(frozen=True)
class Said:
    """What a snapshot shall hold; words are (phrase, category, term, quality)."""

    quads: frozenset[Quad]
    derivations: dict[Triple, Derivation[Triple]]
    clashes: dict[Triple, Derivation[Triple]]
    words: tuple[tuple[str, int, NamedNode, int], ...]
    grammar: bytes
    meta: bytes = b""

    def contents(self) -> Contents:
        terms: list[object] = []
        numbers: dict[object, int] = {}

        def number(term: object) -> int:
            if term not in numbers:
                numbers[term] = len(terms)
                terms.append(term)
            return numbers[term]

        def fact(triple: Triple | Quad) -> Key:
            return number(triple.subject), number(triple.predicate), number(triple.object)

        def derived(found: dict[Triple, Derivation[Triple]]) -> dict[Key, Derivation[Key]]:
            return {
                fact(triple): Derivation(how.rule, tuple(map(fact, how.premises)), how.absent)
                for triple, how in found.items()
            }

        quads = [(*fact(quad), number(quad.graph_name)) for quad in self.quads]
        words = tuple(WordRow(phrase, category, number(term), rank) for phrase, category, term, rank in self.words)
        return Contents(
            terms.__getitem__, quads, derived(self.derivations), derived(self.clashes), words, self.grammar, self.meta
        )

    def write(self) -> bytes:
        return write(self.contents(), KEY)


XSD = "http://www.w3.org/2001/XMLSchema#"
MANY = settings(max_examples=150, deadline=None, database=None)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
names = st.text(st.sampled_from("abZ09-._~éß中🜁"), max_size=4)
iris = st.builds(lambda base, name: NamedNode(base + name), st.sampled_from(["urn:a:", "https://e.org/", "x:"]), names)
tags = st.sampled_from(["en", "de-AT", "zh-Hant-TW", "x-private"])
datatypes = st.one_of(
    st.sampled_from(["integer", "decimal", "double", "boolean", "dateTime", "date", "gYear", "nonNegativeInteger"]).map(
        lambda name: NamedNode(XSD + name)
    ),
    iris,
)
lexical = st.one_of(
    texts, st.sampled_from(["007", "1.50", "1e0", "INF", "true", "2014-02-30", "-0", "", " ", "\n\t\r"])
)
literals = st.one_of(
    lexical.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), lexical, tags),
    st.builds(lambda text, kind: Literal(text, datatype=kind), lexical, datatypes),
)
few_iris = st.sampled_from([NamedNode(f"urn:few:{letter}") for letter in "abcdefg"])
things = st.one_of(few_iris, iris)
quads = st.builds(Quad, things, few_iris, st.one_of(things, literals), st.one_of(few_iris, iris))
triples = st.builds(Triple, things, few_iris, st.one_of(things, literals))
derivations = st.builds(
    lambda rule, premises, absent: Derivation(rule.value, tuple(premises), tuple(absent)),
    iris,
    st.lists(triples, max_size=4),
    st.lists(texts, max_size=3),
)
words = st.tuples(texts, st.integers(0, 12), iris, st.integers(0, 3))
contents = st.builds(
    Said,
    st.frozensets(quads, max_size=25),
    st.dictionaries(triples, derivations, max_size=6),
    st.dictionaries(triples, derivations, max_size=3),
    st.lists(words, max_size=8).map(tuple),
    st.binary(max_size=20),
    st.binary(max_size=20),
)


def opened(said: Said) -> Snapshot:
    return Snapshot(memoryview(said.write()), KEY)


def spoken(snapshot: Snapshot, numbers: tuple[int, ...]) -> tuple[GroundTerm, ...]:
    return tuple(snapshot.term(number) for number in numbers)


def quads_of(snapshot: Snapshot) -> list[Quad]:
    return [
        Quad(*spoken(snapshot, (subject, predicate, object_, graph)))  # type: ignore[arg-type]
        for predicate in snapshot.predicates()
        for subject, object_, graph in snapshot.column(predicate)
    ]


# round trips


@MANY
@given(st.one_of(iris, literals))
def test_a_term_is_the_same_after_a_round_trip(term: GroundTerm) -> None:
    assert decode(encode(term)) == term


@MANY
@given(st.lists(st.one_of(iris, literals), min_size=2, max_size=12))
def test_different_terms_have_different_bytes(terms: list[GroundTerm]) -> None:
    assert len({encode(term) for term in terms}) == len(set(terms))


@MANY
@given(contents)
def test_every_quad_is_found_again_and_no_other(given_contents: Said) -> None:
    snapshot = opened(given_contents)
    found = quads_of(snapshot)
    assert len(found) == len(set(found)) == snapshot.fact_count
    assert set(found) == given_contents.quads


@MANY
@given(contents, st.one_of(iris, literals))
def test_terms_have_numbers_and_others_have_none(given_contents: Said, other: GroundTerm) -> None:
    snapshot = opened(given_contents)
    terms = [snapshot.term(number) for number in range(snapshot.term_count)]
    assert len(set(terms)) == len(terms)
    for number, term in enumerate(terms):
        assert snapshot.number(term) == number
        if isinstance(term, NamedNode):
            assert snapshot.iri(number) == term.value
            assert snapshot.iri_number(term.value) == number
    assert (snapshot.number(other) is not None) is (other in terms)
    assert {quad.object for quad in given_contents.quads} <= set(terms)


@MANY
@given(contents)
def test_lookups_agree_with_a_search_through_all_quads(given_contents: Said) -> None:
    snapshot = opened(given_contents)
    number = {snapshot.term(n): n for n in range(snapshot.term_count)}
    rows = [
        (number[q.subject], number[q.predicate], number[q.object], number[q.graph_name])  # type: ignore[index]
        for q in given_contents.quads
    ]
    by_sp, by_po, by_s, by_o, by_p, by_spo = (defaultdict(list) for _ in range(6))
    for s, p, o, g in rows:
        by_sp[s, p].append((o, g))
        by_po[p, o].append((s, g))
        by_s[s].append((p, o, g))
        by_o[o].append((p, s, g))
        by_p[p].append((s, o, g))
        by_spo[s, p, o].append(g)
    assert list(snapshot.predicates()) == sorted(by_p)
    every = range(snapshot.term_count)
    for one in every:
        assert list(snapshot.column(one)) == sorted(by_p.get(one, []))
        assert list(snapshot.about(one)) == sorted(by_s.get(one, []))
        assert list(snapshot.pointing_to(one)) == sorted(by_o.get(one, []))
    for s, p, o, _ in rows:
        assert list(snapshot.objects(s, p)) == sorted(by_sp[s, p])
        assert list(snapshot.subjects(p, o)) == sorted(by_po[p, o])
        assert sorted(snapshot.graphs_of(s, p, o)) == sorted(by_spo[s, p, o])
        for other in every:
            assert list(snapshot.objects(other, p)) == sorted(by_sp.get((other, p), []))
            assert list(snapshot.subjects(p, other)) == sorted(by_po.get((p, other), []))
            assert sorted(snapshot.graphs_of(s, p, other)) == sorted(by_spo.get((s, p, other), []))


def derivation(snapshot: Snapshot, how: tuple[int, list[Key], list[int]]) -> Derivation:
    rule, premises, absent = how
    facts = tuple(Triple(*spoken(snapshot, premise)) for premise in premises)  # type: ignore[arg-type]
    return Derivation(snapshot.iri(rule), facts, tuple(snapshot.term(pattern).value for pattern in absent))


@MANY
@given(contents)
def test_derivations_and_clashes_are_found_again(given_contents: Said) -> None:
    snapshot = opened(given_contents)
    found: dict[Triple, Derivation] = {}
    for fact in snapshot.derived():
        how = snapshot.derivation(fact)
        assert how is not None
        found[Triple(*spoken(snapshot, fact))] = derivation(snapshot, how)  # type: ignore[arg-type]
    assert found == given_contents.derivations
    clashes = [
        (Triple(*spoken(snapshot, fact)), derivation(snapshot, how))  # type: ignore[arg-type]
        for fact, how in snapshot.clashes()
    ]
    assert clashes == list(given_contents.clashes.items())
    derived = set(snapshot.derived())
    for quad in given_contents.quads:
        numbers = tuple(snapshot.number(term) for term in (quad.subject, quad.predicate, quad.object))  # type: ignore[arg-type]
        if numbers not in derived:
            assert snapshot.derivation(numbers) is None  # type: ignore[arg-type]


@MANY
@given(contents, texts)
def test_words_have_their_meanings_and_others_have_none(given_contents: Said, other: str) -> None:
    snapshot = opened(given_contents)
    expected = defaultdict(list)
    for phrase, category, term, quality in given_contents.words:
        number = snapshot.number(term)
        assert number is not None
        expected[phrase].append((category, quality, number))
    assert dict(snapshot.phrases()) == {phrase: sorted(rows) for phrase, rows in expected.items()}
    for phrase in [*expected, other]:
        assert snapshot.meanings(phrase) == sorted(expected.get(phrase, []))


@MANY
@given(contents)
def test_the_other_sections_are_kept_to_the_byte(given_contents: Said) -> None:
    snapshot = opened(given_contents)
    assert bytes(snapshot.section(layout.GRAMMAR)) == given_contents.grammar
    assert bytes(snapshot.section(layout.META)) == given_contents.meta


@MANY
@given(contents, st.randoms())
def test_the_bytes_do_not_depend_on_the_order(given_contents: Said, chance: random.Random) -> None:
    quads_, words_ = list(given_contents.quads), list(given_contents.words)
    derivations_ = list(given_contents.derivations.items())
    for part in (quads_, words_, derivations_):
        chance.shuffle(part)
    other = Said(
        frozenset(quads_),
        dict(derivations_),
        given_contents.clashes,
        tuple(words_),
        given_contents.grammar,
        given_contents.meta,
    )
    assert other.write() == given_contents.write()


@MANY
@given(contents, contents)
def test_other_contents_have_other_bytes(one: Said, other: Said) -> None:
    assert (one.write() == other.write()) is (content(opened(one)) == content(opened(other)))


def test_a_blank_node_is_no_term_of_a_snapshot() -> None:
    bad = Quad(NamedNode("urn:s"), NamedNode("urn:p"), BlankNode("b"), NamedNode("urn:g"))
    with pytest.raises(TypeError):
        Said(frozenset([bad]), {}, {}, (), b"").write()


# damage

S, P, G = (NamedNode(f"urn:{letter}") for letter in "spg")
FACT = Triple(S, P, Literal("x", language="en"))
SMALL = Said(
    frozenset([Quad(S, P, FACT.object, G), Quad(S, P, Literal("1", datatype=NamedNode(XSD + "integer")), G)]),
    {Triple(S, P, G): Derivation("urn:rule", (FACT,), ("?a ?b ?c",))},
    {Triple(S, P, S): Derivation("urn:clash", (FACT, FACT), ())},
    (("page sharing", 1, S, 0), ("xen", 2, P, 1)),
    b"tables",
    b"meta",
).write()


def content(snapshot: Snapshot) -> list[object]:
    """Return all that a snapshot says."""
    return [
        sorted(str(quad) for quad in quads_of(snapshot)),
        [(fact, snapshot.derivation(fact)) for fact in snapshot.derived()],
        list(snapshot.clashes()),
        list(snapshot.phrases()),
        [str(snapshot.term(number)) for number in range(snapshot.term_count)],
        *(bytes(snapshot.section(name)) for name in (layout.GRAMMAR, layout.META)),
    ]


def damaged() -> Iterator[tuple[str, bytes]]:
    for position in range(len(SMALL)):
        for mask in (0x01, 0x80, 0xFF):
            yield (
                f"byte {position} ^ {mask}",
                SMALL[:position] + bytes([SMALL[position] ^ mask]) + SMALL[position + 1 :],
            )
    for length in range(len(SMALL)):
        yield f"cut to {length}", SMALL[:length]
    for more in (b"\x00", b"\xff" * 8, SMALL):
        yield f"{len(more)} bytes more", SMALL + more


def test_any_damage_is_refused_or_harmless() -> None:
    expected = content(Snapshot(memoryview(SMALL), KEY))
    tried, harmless = 0, []
    for name, data in damaged():
        tried += 1
        try:
            found = content(Snapshot(memoryview(data), KEY))
        except BrokenSnapshot:
            continue
        assert found == expected, name
        harmless.append(name)
    assert tried > 3 * len(SMALL)
    assert harmless == []  # stricter than needed: every byte of a small file is covered by a check


def test_another_key_is_refused() -> None:
    Snapshot(memoryview(SMALL), KEY)
    with pytest.raises(BrokenSnapshot, match="other inputs"):
        Snapshot(memoryview(SMALL), KEY[::-1])


@pytest.mark.parametrize(("at", "reason"), [(0, "another version"), (8, "another version"), (10, "another version")])
def test_the_header_says_what_does_not_fit(at: int, reason: str) -> None:
    bad = bytearray(SMALL)
    bad[at] ^= 0xFF
    with pytest.raises(BrokenSnapshot, match=reason):
        Snapshot(memoryview(bad), KEY)


# cost


def test_reading_a_snapshot_imports_no_heavy_library(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("snapshot") / "small.snapshot"
    file.write_bytes(SMALL)
    program = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from virtkg.snapshot.reader import Snapshot
snapshot = Snapshot(memoryview(open({str(file)!r}, "rb").read()), bytes(range(32)))
assert [snapshot.term(number) for number in range(snapshot.term_count)]
assert list(snapshot.phrases()) and list(snapshot.derived())
print(*sys.modules)
"""
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "pyoxigraph" in loaded and "virtkg.snapshot.reader" in loaded
    assert {"numpy", "rdflib", "owlrl", "lark", "virtkg.snapshot.writer"} & set(loaded) == set()

"""Large N-Triples and N-Quads: the verdict and the terms of pyoxigraph's strict parser, and the right place."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virtkg.diagnostics import LimitReached, RdfError, SurroundingsError
from virtkg.rdf import ntriples
from virtkg.rdf.ntriples import Columns, read_columns
from virtkg.rdf.table import TermTable

Row = tuple[str, ...]
Read = Callable[..., list[Row]]
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    path = tmp_path_factory.mktemp("ntriples") / "a.nt"

    def run(text: bytes, quads: bool = False, terms: TermTable | None = None) -> list[Row]:
        path.write_bytes(text)
        table = TermTable() if terms is None else terms
        return rows(read_columns(str(path), table, quads), table)

    return run


def rows(columns: Columns, table: TermTable) -> list[Row]:
    """Return the statements as text, and check the columns and the table."""
    assert len(table.texts) == len(table.ids) == len(table)
    assert all(table.get(text) == number for number, text in enumerate(table.texts))
    assert table.get(b"never seen") is None
    with pytest.raises(KeyError):
        table.ids[b"never seen"]
    parts = [columns.subjects, columns.predicates, columns.objects]
    if columns.graphs is not None:
        parts.append(columns.graphs)
    assert all(part.dtype == np.int32 and part.shape == columns.subjects.shape for part in parts)
    texts = [text.decode() for text in table.texts]
    return [tuple("" if one == -1 else texts[one] for one in row) for row in zip(*parts, strict=True)]


def expected(text: bytes, quads: bool = False) -> list[Row]:
    """Return what pyoxigraph's strict parser reads, or raise SyntaxError."""
    syntax = pyoxigraph.RdfFormat.N_QUADS if quads else pyoxigraph.RdfFormat.N_TRIPLES
    found = []
    for quad in pyoxigraph.parse(text, format=syntax, rename_blank_nodes=False):
        row = (str(quad.subject), str(quad.predicate), str(quad.object))
        if quads:
            default = isinstance(quad.graph_name, pyoxigraph.DefaultGraph)
            row += ("" if default else str(quad.graph_name),)
        found.append(row)
    return found


def refusal(read: Read, text: bytes, quads: bool = False) -> RdfError:
    with pytest.raises(RdfError) as caught:
        read(text, quads)
    assert caught.value.hint
    assert caught.value.message.isprintable()
    return caught.value


# ---- the table


def test_the_table_numbers_spellings_in_the_order_of_their_coming() -> None:
    table = TermTable()
    assert [table.intern(text) for text in (b"_:a", b"_:b", b"_:a")] == [0, 1, 0]
    assert list(table.draft([b"_:b", b"_:c", b"_:d", b"_:c"])) == [1, 2, 3, 2]
    assert table.drafted() == [b"_:c", b"_:d"]
    table.withdraw()
    assert (len(table), table.get(b"_:c"), len(table.ids)) == (2, None, 2)
    assert list(table.draft([b"_:d", b"_:a"])) == [2, 0]
    table.settle(table.drafted())
    assert (table.texts, table.get(b"_:d")) == ([b"_:a", b"_:b", b"_:d"], 2)


# ---- legal lines

PLAIN = b"<http://a/> <http://p> <http://b/#c> .\n"
LEGAL_OBJECTS = [
    "<http://a>",
    "<urn:uuid:1-2>",
    "<mailto:a@b.example>",
    "<HTTP://A.B/c?d=e/f#g>",
    "<http://user@a:80/b>",
    "<http://a/%20?%41#%7E>",
    "<http://é/ü#\u4e2d>",
    "<http://[::1]/>",
    "<file:///a/b>",
    "<http:>",
    "<http:///a>",
    "<x:a//b>",
    r"<http://a/\u00e9\U0001F600>",
    '""',
    '"a b"',
    '"a . b .#c <d> "',
    '"é \U0001f600 \u2028 \x85"',
    '"\ufffe\uffff\ufffd"',
    '"a\tb\x00\x07\x0b\x0c\x1f\x7f"',
    r'"\t\b\n\r\f\"\'\\"',
    r'"\u0041\U00000042\u00e9\uFFFF\u0000"',
    '"--ltr VERSION << "',
    '"a"@en',
    '"a"@EN-gb',
    '"a b"@de-Latn-DE-1996-x-Mine',
    '"a"@zzz-zz',
    f'"007"^^<{XSD}integer>',
    f'"a"^^<{XSD}string>',
    f'"a b"^^<{XSD}string>',
    f'"a"^^<{XSD}strings>',
    r'"a"^^<http://\u0061/b>',
    '"a"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML>',
    "_:a",
    "_:0",
    "_:00ff",
    "_:AB_c-d.e",
    "_:é",
]


@pytest.mark.parametrize("term", LEGAL_OBJECTS)
def test_a_legal_object_is_spelled_as_pyoxigraph_prints_it(read: Read, term: str) -> None:
    line = f"<http://s> <http://p> {term} .\n".encode()
    assert read(line) == expected(line)
    assert read(PLAIN * 40 + line * 3 + PLAIN) == expected(PLAIN * 40 + line * 3 + PLAIN)
    quad = f"<http://s> <http://p> {term} _:g .\n".encode()
    assert read(quad + line + quad, quads=True) == expected(quad + line + quad, quads=True)


@pytest.mark.parametrize("term", ["<http://a>", "<http://a/%20>", "_:a", "_:a.b"])
def test_a_legal_subject_and_graph(read: Read, term: str) -> None:
    line = f"{term} <http://p> {term} {term} .\n".encode()
    assert read(line, quads=True) == [(term, "<http://p>", term, term)]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        b"# only a comment",
        b"\n\n \t\n# a .\n#\r\n",
        PLAIN.rstrip(b"\n"),
        PLAIN.replace(b"\n", b"\r\n") * 3,
        PLAIN.replace(b"\n", b"\r") * 3,
        PLAIN.replace(b"\n", b"\n\r\r\n") * 3,
        PLAIN.replace(b" ", b"\t") * 3,
        PLAIN.replace(b" ", b" \t ") * 3,
        PLAIN.replace(b" ", b"") * 3,
        PLAIN.replace(b" .", b".") * 3,
        b" \t" + PLAIN,
        b"\xef\xbb\xbf" + PLAIN,
        PLAIN.replace(b"\n", b" # <http://c> .\n") * 3,
        PLAIN + b"# <http://a> <http://p> <http://b> .\n\n" + PLAIN,
        PLAIN + b'_:a<http://p>"a b"@en.#\n' + PLAIN,
        PLAIN + b"_:a <http://p> _:b.\n" + PLAIN.replace(b" .", b".") * 2,
        b'<http://s> <http://p> "x" @en .\n<http://s> <http://p> "x"^^ <http://a> .\n',
    ],
)
def test_legal_layouts(read: Read, text: bytes) -> None:
    assert read(text) == expected(text.removeprefix(b"\xef\xbb\xbf"))


def test_two_spellings_of_one_term_are_one_id(read: Read) -> None:
    table = TermTable()
    text = b'<x:s> <x:p> "A"@en .\n<x:s> <x:p> "\\u0041"@EN .\n<x:s> <\\u0078:p> "A"@eN .\n'
    assert len(set(read(text, terms=table))) == 1
    assert len(table) == 3


def test_several_files_share_a_table(read: Read) -> None:
    table = TermTable()
    read(PLAIN, terms=table)
    known = list(table.texts)
    assert read(PLAIN + b"<http://a/> <http://q> <http://b/#c> .\n", terms=table)[1][1] == "<http://q>"
    assert table.texts == [*known, b"<http://q>"]


def test_named_and_default_graphs(read: Read) -> None:
    lines = [
        b"<x:a> <x:p> <x:b> <x:g> .",
        b'<x:a> <x:p> "a b" .',
        b'<x:a> <x:p> "a \\" <b>"@en _:g .',
        b"<x:a> <x:p> <x:b> .",
        b'<x:a> <x:p> "a"<x:g>.',
    ]
    for chosen in (lines, lines[:1] * 3, lines[3:4] * 3, lines[:4], lines[1:2] * 2):
        text = b"\n".join(chosen)
        assert read(text, quads=True) == expected(text, quads=True)


# ---- illegal lines

ILLEGAL = [
    (b"<a> <http://p> <http://o> .", 1),
    (b"<http://s> <p> <http://o> .", 12),
    (b"<http://s> <http://p> </o> .", 23),
    (b"<http://s> <http://p> <> .", 23),
    (b"<http://s> <http://p> <http://a b> .", None),
    (b"<http://s> <http://p> <http://a\\u0020b> .", 23),
    (b"<http://s> <http://p> <http://a\\nb> .", None),
    (b"<http://s> <http://p> <http://a{b}> .", None),
    (b"<http://s> <http://p> <http://a%zz> .", 23),
    (b"<http://s> <http://p> <http://a:b> .", 23),
    (b"<http://s> <http://p> <http://a#b#c> .", 23),
    (b"<http://s> <http://p> <http://o>", None),
    (b"<http://s> <http://p> .", 23),
    (b"<http://s> .", 12),
    (b".", 1),
    (b"<http://s> <http://p> <http://o> <http://g> .", 34),
    (b"<http://s> <http://p> <http://o> . <http://s> <http://p> <http://o> .", None),
    (b"<http://s> <http://p> <http://o> . .", None),
    (b"<http://s> <http://p> <http://o> , <http://b> .", None),
    (b"<http://s> <http://p> <http://o> ;", None),
    (b'"s" <http://p> <http://o> .', 1),
    (b'<http://s> "p" <http://o> .', 12),
    (b"<http://s> _:p <http://o> .", 12),
    (b"<http://s> a <http://o> .", 12),
    (b"<http://s> <http://p> o:o .", None),
    (b"<http://s> <http://p> 1 .", 23),
    (b"<http://s> <http://p> true .", 23),
    (b"<http://s> <http://p> 'o' .", 23),
    (b'<http://s> <http://p> """o""" .', None),
    (b'<http://s> <http://p> "o .', None),
    (b'<http://s> <http://p> "\\a" .', 24),
    (b'<http://s> <http://p> "\\u00g0" .', None),
    (b'<http://s> <http://p> "\\u12" .', None),
    (b'<http://s> <http://p> "\\uD800" .', 24),
    (b'<http://s> <http://p> "\\uD83D\\uDE00" .', 24),
    (b'<http://s> <http://p> "\\U00110000" .', 24),
    (b'<http://s> <http://p> "o"@ .', None),
    (b'<http://s> <http://p> "o"@1 .', 27),
    (b'<http://s> <http://p> "o"@en- .', None),
    (b'<http://s> <http://p> "o"@en_us .', None),
    (b'<http://s> <http://p> "o"@abcdefghi .', 27),
    (b'<http://s> <http://p> "o"^^_:d .', 28),
    (b'<http://s> <http://p> "o"^<http://d> .', None),
    (b'<http://s> <http://p> "o"^^<d> .', 28),
    (b'<http://s> <http://p> "o"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> .', 28),
    (b"<http://s> <http://p> _: .", 23),
    (b"<http://s> <http://p> _:-a .", 23),
    (b"<http://s> <http://p> _:a: .", None),
    (b"<http://s>\x0b<http://p> <http://o> .", 11),
    (b"<http://s> <http://p>\x0c<http://o> .", 22),
    (b"<http://s>\xc2\xa0<http://p> <http://o> .", 11),
    (b"@prefix a: <http://a> .", 1),
    (b"BASE <http://a>", 1),
    (b"nonsense", 1),
    ("<http://s> <http://é> é .".encode(), 23),
]


@pytest.mark.parametrize(("line", "column"), ILLEGAL)
@pytest.mark.parametrize(("before", "after"), [(b"", b""), (PLAIN * 200 + b"\r\n# c .\r\n", b"\n" + PLAIN * 200)])
def test_an_illegal_line_is_named(read: Read, line: bytes, column: int | None, before: bytes, after: bytes) -> None:
    with pytest.raises(SyntaxError):
        expected(line)
    error = refusal(read, before + line + after)
    number = before.count(b"\n") + 1
    assert error.code == "D301"
    assert f"a.nt:{number}:" in error.message
    assert "Parser error" not in error.message
    assert error.hint == "correct the file; nothing of it was read"
    if column is not None:
        assert f"a.nt:{number}:{column}: " in error.message
        assert error.column == column


def test_a_statement_over_two_lines_is_an_error_of_the_first(read: Read) -> None:
    assert "a.nt:2:" in refusal(read, PLAIN + b"<http://s> <http://p>\n<http://o> .\n" + PLAIN).message
    assert "a.nt:2:" in refusal(read, PLAIN + b'<http://s> <http://p> "a\nb" .\n').message
    assert "a.nt:2:" in refusal(read, PLAIN + b"<http://s> <http://p> <http://o>\n" + PLAIN * 300).message


def test_lines_are_counted_as_an_editor_counts_them(read: Read) -> None:
    text = b"#\r#\r\n#\n\n\r" + PLAIN.replace(b"\n", b"\r") * 2 + PLAIN * 300
    assert "a.nt:308:1: " in refusal(read, text + b"x").message
    assert "a.nt:308:1: " in refusal(read, b"\xef\xbb\xbf" + text + b"x .\n").message


def test_a_line_end_between_two_chunks_is_counted_once(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ntriples, "CHUNK", 10)
    assert "a.nt:2:1: " in refusal(read, b"#aaaaaaaa\r\nx").message
    assert "a.nt:3:1: " in refusal(read, b"#aaaaaaa\r\rx").message


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (b'<http://\xc3\xa9> <http://p> "\xc3\xa9\xff" .', 25),
        (b'<http://s> <http://p> "\xed\xa0\x80" .', 24),
        (b'<http://s> <http://p> "a" . # \xc3', 31),
        (b"<http://s> <http://\xc0\x80> <http://o> .", 20),
    ],
)
def test_what_is_not_utf8_is_named(read: Read, line: bytes, column: int) -> None:
    error = refusal(read, PLAIN * 300 + line + b"\n" + PLAIN * 3)
    assert (error.code, error.hint) == ("D301", "save the file as UTF-8")
    assert f"a.nt:301:{column}: not UTF-8 (byte 0x" in error.message


@pytest.mark.parametrize(
    ("line", "place", "what"),
    [
        (b"<http://s> <http://p> <<( <http://s> <http://p> <http://o> )>> .", ":3:23: ", "a triple term"),
        (b"<http://s> <http://p> " + b"<<( <http://s> <http://p> " * 100_000, ":3:23: ", "a triple term"),
        (b'<http://s> <http://p> "<<" . # <<\n<< <http://s>', ":4:1: ", "a triple term"),
        (b'<http://s> <http://p> "--a"@en--ltr .', ":3:27: ", "the base direction"),
        (b' VERSION "1.2"', ":3:2: ", "a VERSION line"),
    ],
)
def test_rdf12_is_refused_by_name(read: Read, line: bytes, place: str, what: str) -> None:
    error = refusal(read, PLAIN * 2 + line + b"\n" + PLAIN)
    assert error.code == "D304"
    assert place + what in error.message
    assert "(RDF 1.2) is not supported" in error.message


@pytest.mark.parametrize(
    "line",
    [
        b'<x:s> <x:p> <x:o> "g" .',
        b"<x:s> <x:p> <x:o> <g> .",
        b"<x:s> <x:p> <x:o> <x:g> <x:h> .",
        b'<x:s> <x:p> "a b" "g" .',
        b'<x:s> <x:p> "a"@en "g"@en .',
        b"<x:s> <x:p> .",
        b'"s" <x:p> <x:o> <x:g> .',
        b"<x:s> _:p <x:o> <x:g> .",
    ],
)
def test_illegal_quads(read: Read, line: bytes) -> None:
    good = b"<x:s> <x:p> <x:o> <x:g> .\n" * 300
    assert ":301:" in refusal(read, good + line + b"\n" + good, quads=True).message
    assert ":1:" in refusal(read, line, quads=True).message


def test_words_that_only_add_up_are_refused(read: Read) -> None:
    """Two mistakes that cancel each other out in a count of words, dots or lines are still two mistakes."""
    for text in (
        b"<x:a> <x:p> .\n<x:b> <x:c> <x:d> <x:e> .\n",
        b"<x:a> <x:p>\n<x:b> .\n",
        b"<x:a> <x:p> <x:b>\n.\n",
        b"<x:a> <x:p> <x:b> . <x:a> <x:p> <x:b> .\n\n",
        b"<x:a> <x:p> <x:b> . <x:a>\n<x:p> <x:b> .\n",
        b"<x:a> <x:p> <x:b> .\n. <x:a> <x:p> <x:b>\n",
        b"<x:a> <x:p> _:b. .\n",
        b"_:a.#x <x:p> <x:b> .\n",
        b"<x:a>\r<x:p> <x:b> .\n",
        b"<x:a> <x:p> <x:b>\r.\n",
        b"<x:a> <x:p> <x:b> <x:c>.\n",
        b"<x:a> <x:p> _:b..\n<x:a> <x:p> <x:b>.\n",
    ):
        refusal(read, text)
    for text in (
        b"<x:a> <x:p> <x:b> <x:g> <x:h> .\n<x:a> <x:p> <x:b> .\n",
        b"<x:a> <x:p> <x:b> <x:g> <x:h>.\n",
        b"<x:a> <x:p> <x:b> . .\n",
    ):
        refusal(read, text, quads=True)


# ---- any text at all: the verdict and the terms of pyoxigraph

SCHEMES = st.sampled_from(["http:", "http://", "x:", "urn:a:", "file:///", "http://a/", "HTTP://b.c", "", "1:", "a+b:"])
IRI_TEXT = st.text(alphabet="ab0.-_~:/?#[]@!$&'()*+,;=%2 é\ue000\ufffe<>\"{\\", max_size=6)
IRIS = st.builds("<{}{}>".format, SCHEMES, st.one_of(st.just("a"), IRI_TEXT))
ESCAPES = st.sampled_from(
    ["\\n", "\\t", '\\"', "\\\\", "\\'", "\\u0041", "\\u00e9", "\\U0001F600", "\\uD800", "\\x", "\\"]
)
CHARACTERS = st.characters(exclude_categories=["Cs"])
CONTENTS = st.lists(
    st.one_of(st.sampled_from(["a", "b c", " ", ".", " .", "<x:a>", "#"]), ESCAPES, CHARACTERS), max_size=4
)
TAGS = st.one_of(st.sampled_from(["en", "EN-us", "de-Latn-x-y", "i-klingon", "a"]), st.text("aB1-", max_size=10))
LITERALS = st.builds(
    '"{}"{}'.format,
    CONTENTS.map("".join),
    st.one_of(
        st.just(""),
        TAGS.map("@{}".format),
        IRIS.map("^^{}".format),
        st.sampled_from([f"^^<{XSD}string>", f"^^<{XSD}integer>"]),
    ),
)
BLANKS = st.text(alphabet="ab01AF_-.:é·", max_size=5).map("_:{}".format)
TERMS = st.one_of(IRIS, IRIS, LITERALS, BLANKS)
GOOD_TERMS = st.sampled_from(["<http://a>", "<http://a/%20>", '"a b"', '"\\u0041"', '"a"@EN', '"é"', "_:b"])
SPACES = st.sampled_from([" ", " ", " ", "\t", "", "  ", "\r"])
ENDS = st.sampled_from([" .\n", " .\n", ".\n", " . # c\n", " .\r\n", " .\r", "\n", " .", "\t.\n\n", ".. \n"])
LINES = st.one_of(
    st.sampled_from(["\n", "# c\n", "# <x:a> <x:p> <x:b> .\n", " \n"]),
    st.builds("{}{}{}{}{}{}".format, IRIS, SPACES, st.just("<x:p>"), SPACES, TERMS, ENDS),
    st.builds("<x:s> <x:p> {}{}{}{}".format, GOOD_TERMS, SPACES, GOOD_TERMS, ENDS),
    st.builds("{} {} {} .\n".format, TERMS, TERMS, TERMS),
    st.builds("{} <x:p> {} .\n".format, BLANKS, LITERALS),
    st.builds("<x:s> <x:p> {} .\n".format, TERMS),
    st.builds("<x:s> <x:p> {} <x:g> .\n".format, TERMS),
    st.builds("<x:s> <x:p> {} .\n".format, GOOD_TERMS),
)
DOCUMENTS = st.lists(LINES, max_size=5).map("".join).map(str.encode)
MUTATIONS = st.lists(
    st.tuples(
        st.integers(0, 400),
        st.integers(0, 3),
        st.one_of(st.binary(max_size=2), st.sampled_from([b"\n", b" .\n", b" ", b'"', b"\\", b"<", b">", b".", b"#"])),
    ),
    min_size=1,
    max_size=3,
)
MANY = b"".join(
    b"%b <http://p/%d> %b .\n" % (subject, number, value)
    for number in range(3)
    for subject, value in [(b"<http://s>", b"<http://o#%d>" % number), (b"_:b", b'"a b"@en'), (b"_:c", b'"c"')]
)


def same_as_pyoxigraph(read: Read, text: bytes, quads: bool) -> None:
    rdf12 = b"<<" in text or b"--" in text or b"VERSION" in text
    try:
        text.decode()
        wanted: list[Row] | None = expected(text, quads)
    except (SyntaxError, UnicodeDecodeError):
        wanted = None
    table = TermTable()
    try:
        found: list[Row] | None = read(text, quads, table)
    except RdfError as error:
        if rdf12 and error.code == "D304":
            return
        found = None
    assert found == wanted
    if found is not None:
        assert {term.encode() for row in found for term in row if term} == set(table.texts)


@settings(max_examples=500, deadline=None)
@given(DOCUMENTS, st.booleans())
def test_generated_documents(read: Read, text: bytes, quads: bool) -> None:
    same_as_pyoxigraph(read, text, quads)


@settings(max_examples=300, deadline=None)
@given(TERMS, st.booleans())
def test_generated_terms_between_plain_lines(read: Read, term: str, quads: bool) -> None:
    same_as_pyoxigraph(read, MANY + f"<x:s> <x:p> {term} .\n".encode() + MANY, quads)


@settings(max_examples=300, deadline=None)
@given(MUTATIONS, st.booleans())
def test_damaged_documents(read: Read, mutations: list[tuple[int, int, bytes]], quads: bool) -> None:
    text = MANY
    for start, length, insert in mutations:
        text = text[:start] + insert + text[start + length :]
    same_as_pyoxigraph(read, text, quads)


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS, st.integers(1, 40), st.integers(1, 60), st.booleans())
def test_borders_between_chunks_change_nothing(read: Read, text: bytes, chunk: int, piece: int, quads: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ntriples, "CHUNK", chunk)
        patch.setattr(ntriples, "PIECE", piece)
        same_as_pyoxigraph(read, text, quads)


@pytest.mark.parametrize("code", range(0x110000 // 0x8000))
def test_every_character_in_a_literal(read: Read, code: int) -> None:
    letters = [chr(one) for one in range(code * 0x8000, (code + 1) * 0x8000) if not 0xD800 <= one < 0xE000]
    text = "".join(f'<x:s> <x:p> "{one}" .\n' for one in letters if one not in '\n\r"\\').encode()
    assert read(text) == expected(text)


def test_every_language_of_two_or_three_letters(read: Read) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    short = [one + two for one in letters for two in letters]
    tags = short + [tag + one for tag in short for one in letters] + [f"en-{tag}" for tag in short]
    text = "".join(f'<x:s> <x:p> "a"@{tag} .\n' for tag in tags).encode()
    assert read(text) == expected(text)


# ---- size and surroundings


@pytest.mark.parametrize("chunk", [1_000, 128 * 1024])
def test_many_lines_of_all_kinds(read: Read, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(ntriples, "CHUNK", chunk)
    lines = []
    for number in range(20_000):
        term = LEGAL_OBJECTS[number % len(LEGAL_OBJECTS)] if number % 300 < 40 else f"<http://o/{number}>"
        lines.append(f"<http://s/{number // 4}> <http://p/{number % 7}> {term} .\n")
        if number % 997 == 0:
            lines.append("# comment\n\n")
    text = "".join(lines).encode()
    assert read(text) == expected(text)
    assert f":{len(lines) + text.count(b'comment') + 1}:1: " in refusal(read, text + b"x").message


def test_a_very_long_line(read: Read) -> None:
    long = b'<x:s> <x:p> "' + b"x y " * 5_000_000 + b'" .\n'
    ((_, _, value),) = read(long)
    assert len(value) == 20_000_002
    escaped = b'<x:s> <x:p> "' + b"x\\\\y" * 500_000 + b'" .\n'
    ((_, _, value),) = read(escaped)
    assert len(value) == 2_000_002
    with pytest.raises(LimitReached, match=r"a\.nt:2: a line of 20 MB is too long") as caught:
        read(PLAIN + long.replace(b"x y ", b"x\\\\y"))
    assert caught.value.code == "E501"


def test_progress_is_told_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.nt"
    path.write_bytes(PLAIN * 1_000)
    monkeypatch.setattr(ntriples, "CHUNK", 1_000)
    monkeypatch.setattr(ntriples, "_PROGRESS", 10_000)
    told: list[int] = []
    columns = read_columns(str(path), TermTable(), progress=told.append)
    assert told == sorted(told)
    assert len(told) >= 3
    assert told[-1] == path.stat().st_size
    assert len(columns.subjects) == 1_000


@pytest.mark.parametrize("enabled", [True, False])
def test_garbage_collection_is_as_before(read: Read, enabled: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        read(PLAIN)
        refusal(read, b"x")
        assert gc.isenabled() == enabled
    finally:
        (gc.enable if before else gc.disable)()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.nt", "No such file"),
        ("", "a folder"),
        ("pipe.nt", "not a regular file"),
        ("nul\0.nt", "not a possible path"),
    ],
)
def test_what_is_no_readable_file_is_the_surroundings(tmp_path: Path, name: str, message: str) -> None:
    os.mkfifo(tmp_path / "pipe.nt")
    with pytest.raises(SurroundingsError, match=message) as caught:
        read_columns(f"{tmp_path}/{name}", TermTable())
    assert (caught.value.code, caught.value.hint != "") == ("S602", True)

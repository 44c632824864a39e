"""Formatting keeps every statement, says it in one way, and refuses what it would lose."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from virtkg.diagnostics import RdfError, SurroundingsError
from virtkg.namespaces import RDF
from virtkg.rdf.turtle import DEPTH, check_files, format_text

FIXTURES = Path(__file__).parent / "rdf"
HEAD = "@prefix : <http://u/> .\n\n"


def graphs(text: str, syntax: RdfFormat = RdfFormat.TRIG) -> set[pyoxigraph.Quad]:
    """The quads of a text under canonical names of their blank nodes."""
    text = text.removeprefix("\ufeff")
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(text, format=syntax))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)


def formatted(text: str, *, trig: bool = True) -> str:
    """Format, and check what must always hold."""
    result = format_text(text, trig=trig, path="test.trig")
    assert format_text(result, trig=trig, path="test.trig") == result
    syntax = RdfFormat.TRIG if trig else RdfFormat.TURTLE
    assert graphs(result, syntax) == graphs(text, syntax)
    return result


def refusal(text: str, *, trig: bool = True) -> RdfError:
    with pytest.raises(RdfError) as caught:
        format_text(text, trig=trig, path="a.trig")
    assert caught.value.message.startswith("a.trig:")
    assert caught.value.hint
    return caught.value


# ---- the form


def test_the_whole_form() -> None:
    untidy = (FIXTURES / "untidy.trig").read_text(encoding="utf-8")
    assert formatted(untidy) == (FIXTURES / "tidy.trig").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("", ""),
        ("\n\n", ""),
        ("# only\n#  a comment", "# only\n#  a comment\n"),
        (
            "\n # first\r\n\r\n# second \r\n\r\nprefix : <http://u/> :a :b :c .",
            f" # first\n\n# second \n\n{HEAD}:a :b :c .\n",
        ),
        (
            "prefix : <http://u/> prefix : <http://v/> <http://u/a> <http://v/b> :c .",
            "@prefix : <http://v/> .\n\n<http://u/a> :b :c .\n",
        ),
        ("@base <http://u/x/> . <a> <#b> <../c> .", "<http://u/x/a> <http://u/x/#b> <http://u/c> .\n"),
        ("prefix : <http://u/> :z :b :c . :a :b :c . :z :a :c .", f"{HEAD}:z :a :c ;\n    :b :c .\n\n:a :b :c .\n"),
        ("prefix : <http://u/> :a :b :c , :c , 'c' , \"c\" .", f'{HEAD}:a :b "c" , :c .\n'),
        ("prefix : <http://u/> :a :b [] , [] , () .", f"{HEAD}:a :b () , [] , [] .\n"),
        ("prefix : <http://u/> [ :b :c ] :d [ :e _:f ] .", f"{HEAD}[] :b :c ;\n    :d [ :e [] ] .\n"),
        (
            "prefix : <http://u/> (1) :b () .",
            f"{HEAD}[] :b () ;\n    <{RDF}first> 1 ;\n    <{RDF}rest> () .\n",
        ),
        ("prefix : <http://u/> :g { :a :b 1 } :a :b 2 .", f"{HEAD}:a :b 2 .\n\n:g {{\n    :a :b 1 .\n}}\n"),
        (
            "prefix c: <http://u/x-> prefix b: <http://u/x-> prefix a: <http://u/> a:x-1 a:p a:x- .",
            "@prefix a: <http://u/> .\n@prefix b: <http://u/x-> .\n\nb:1 a:p a:x- .\n",
        ),
        ("\ufeffprefix : <http://u/> :a :b :c .", f"{HEAD}:a :b :c .\n"),
        ("prefix : <http://u/> :a :b 'tab\\t', '''line\nline''' .", f'{HEAD}:a :b "line\\nline" , "tab\\t" .\n'),
        (
            "prefix : <http://u/> :a :xen-4.0.1 :1 , :b\\. , :_x , <http://u/-y> .",
            f"{HEAD}:a :xen-4.0.1 :1 , :_x , <http://u/-y> , <http://u/b.> .\n",
        ),
    ],
)
def test_small_texts(text: str, result: str) -> None:
    assert formatted(text) == result


@pytest.mark.parametrize(
    ("written", "result"),
    [
        ("7", "7"),
        ("-7", "-7"),
        ("007", '"007"^^x:integer'),
        ("+7", '"+7"^^x:integer'),
        ("-0", '"-0"^^x:integer'),
        ("1.50", "1.50"),
        (".5", '".5"^^x:decimal'),
        ("1e0", '"1e0"^^x:double'),
        ("true", "true"),
        ('"1"^^x:boolean', '"1"^^x:boolean'),
        ('"1."^^x:decimal', '"1."^^x:decimal'),
        ('"7"^^x:int', '"7"^^x:int'),
        ('"7"^^x:string', '"7"'),
        ('"a"@EN-gb', '"a"@en-gb'),
    ],
)
def test_literals_keep_their_lexical_form(written: str, result: str) -> None:
    head = "@prefix x: <http://www.w3.org/2001/XMLSchema#> .\n"
    text = formatted(f"{head}<http://a> <http://b> {written} .")
    assert text == (f"{head}\n" if "x:" in result else "") + f"<http://a> <http://b> {result} .\n"


def test_a_line_holds_120_characters_and_no_more() -> None:
    def text(length: int) -> str:
        return f'prefix : <http://u/> :a :b "x" , "{"y" * length}" .'

    fits, over = formatted(text(104)), formatted(text(105))
    assert max(map(len, fits.splitlines())) == 120
    assert "\n        " not in fits
    assert '\n        "x" ,\n        "yy' in over


def test_nested_nodes_break_only_when_they_must() -> None:
    short = "prefix : <http://u/> :a :b [ :c ( :d [ :e :f ] ) ] ; :g :h ."
    assert formatted(short) == f"{HEAD}:a :b [ :c ( :d [ :e :f ] ) ] ;\n    :g :h .\n"
    long = short.replace(":f", f'"{"f" * 110}"')
    assert formatted(long) == (
        f"{HEAD}:a :b [\n        :c (\n            :d\n            [\n                :e"
        f' "{"f" * 110}"\n            ]\n        )\n    ] ;\n    :g :h .\n'
    )


def test_lists_that_are_not_well_formed_stay_nodes() -> None:
    head = "prefix : <http://u/> prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
    for odd in (
        "[ rdf:first 1 ]",
        "[ rdf:rest () ]",
        "[ rdf:first 1 , 2 ; rdf:rest () ]",
        "[ rdf:first 1 ; rdf:rest () ; :also 1 ]",
        "[ rdf:first 1 ; rdf:rest :elsewhere ]",
        "[ a rdf:List ; rdf:first 1 ; rdf:rest () ]",
    ):
        assert "[ " in formatted(f"{head} :a :b {odd} .")
    assert formatted(f"{head} :a :b [ rdf:first 1 ; rdf:rest ( 2 ) ] .") == f"{HEAD}:a :b ( 1 2 ) .\n"


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_rdflib_reads_the_formatted_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    untidy = (FIXTURES / "untidy.trig").read_text(encoding="utf-8")
    dataset = rdflib.Dataset()
    dataset.parse(data=formatted(untidy), format="trig")
    lines = dataset.serialize(format="nquads").replace(" <urn:x-rdflib:default> .", " .")
    assert len(graphs(untidy)) > 50
    assert graphs(lines, RdfFormat.N_QUADS) == graphs(untidy)


# ---- what is refused


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("prefix : <http://u/>\n# here\n:a :b :c .", ":2:1"),
        ("prefix : <http://u/>\n:a :b :c . # here", ":2:12"),
        ("# top\nprefix : <http://u/> # é\n:a :b :c .", ":2:22"),
        ("prefix : <http://u/> :a :b '#' , \"#\" , '''\n'#''' , <http://u#u> # here\n .", ":2:22"),
        ("prefix : <http://u/> :a :b 'a\\'#' , :c\\',:d#here\n .", ":1:44"),
        ("prefix : <http://u/> :g { :a :b :c\n#\n}", ":2:1"),
        ("prefix : <http://u/> :a :b :c\\' # here '\n .", ":1:33"),
        ("prefix : <http://u/> :a :b :c .\r# here", ":1:33"),
    ],
)
def test_a_comment_that_would_be_lost_is_refused(text: str, place: str) -> None:
    error = refusal(text)
    assert error.code == "D309"
    assert f"a.trig{place}: " in error.message


@pytest.mark.parametrize(
    "text",
    [
        "prefix : <http://u/#> :a :b :c .",
        "prefix : <http://u/> :a :b '#' , \"\\\"#\" , '''#\n''#''' , \"\"\"\"#\"\"\" , <http://u#u> .",
        "prefix : <http://u/> :a :b :c\\,d , '\\\\' , '# # #' .",
    ],
)
def test_a_sign_that_is_no_comment_is_kept(text: str) -> None:
    assert "#" in formatted(text) or "\\," in text


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (":a :b _:x , [ :c _:x ] .", "D308", "_:x is used twice"),
        (":a :b _:x ; :c _:x .", "D308", "_:x is used twice"),
        ("_:x :b _:y . _:y :b _:x .", "D308", "_:x is part of a cycle"),
        ("_:x :b _:x .", "D308", "_:x is part of a cycle"),
        (":g { :a :b _:x } _:x :b 1 .", "D308", "_:x stands in two graphs"),
        (":g { _:x :a 1 } :h { _:x :a 2 }", "D308", "_:x stands in two graphs"),
        ("_:x { :a :b 1 }", "D308", "_:x names a graph"),
        (f":a :b {'[ :c ' * (DEPTH + 1)}[] {'] ' * (DEPTH + 1)} .", "D308", "nested over"),
        (":a :b <c> .", "D301", "No scheme found"),
        (":a :b\n:c", "D301", "a.trig:2:"),
        (":a :b x:c .", "D301", "prefix"),
        (":a :b '\ud800' .", "D301", "lone surrogate"),
        (":a :b <<( :a :b :c )>> .", "D304", "a.trig:1:28: a triple term"),
        (":a :b 'x'@en--rtl .", "D304", "base direction"),
    ],
)
def test_what_cannot_be_formatted_is_refused(text: str, code: str, message: str) -> None:
    error = refusal("prefix : <http://u/> " + text)
    assert error.code == code
    assert message in error.message


def test_turtle_has_no_graphs() -> None:
    assert refusal("prefix : <http://u/> :g { :a :b 1 }", trig=False).code == "D301"


def test_the_deepest_nesting_that_is_allowed() -> None:
    for opened, closed in (("[ :c ", "] "), ("( ", ") ")):
        text = f"prefix : <http://u/> :a :b {opened * DEPTH}1 {closed * DEPTH} ."
        formatted(text)
        assert refusal(text.replace("1", f"{opened}1 {closed}")).code == "D308"


def test_large_texts_take_little_time() -> None:
    members = " ".join(f":m{number}" for number in range(20_000))
    facts = "\n".join(f":s{number} :p {number} ." for number in range(10_000))
    start = time.process_time()
    text = format_text(f"prefix : <http://u/> :a :b ( {members} ) .\n{facts}", trig=False, path="large.ttl")
    assert text.count("\n") > 40_000
    for hostile in ("[ :c " * 100_000, "( " * 50_000, "_:x :b " + "_:y ; :c " * 2):
        assert refusal(f"prefix : <http://u/> :a :b {hostile}").code in ("D301", "D308")
    assert time.process_time() - start < 30


# ---- files


def test_check_files_names_those_that_are_not_canonical(tmp_path: Path) -> None:
    tidy, untidy = str(FIXTURES / "tidy.trig"), str(FIXTURES / "untidy.trig")
    assert check_files([tidy]) == []
    windows = tmp_path / "windows.ttl"
    windows.write_bytes(f"{HEAD}:a :b :c .\n".replace("\n", "\r\n").encode())
    good = tmp_path / "good.ttl"
    good.write_bytes(f"{HEAD}:a :b :c .\n".encode())
    assert check_files([untidy, tidy, str(windows), str(good)]) == [untidy, str(windows)]
    assert check_files([]) == []


def test_check_files_refuses_what_it_cannot_format(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError, match="No such file"):
        check_files([str(tmp_path / "missing.ttl")])
    with pytest.raises(RdfError, match="neither Turtle nor TriG") as caught:
        check_files([str(FIXTURES / "same.nt")])
    assert caught.value.code == "D302"
    bad = tmp_path / "bad.ttl"
    bad.write_text("nonsense")
    with pytest.raises(RdfError, match=r"bad\.ttl:1:1"):
        check_files([str(bad)])


# ---- any tree


TERMS = st.sampled_from(
    [":a", ":b", ":c-1.0", "<http://u/x/y>", "7", "'x'@en", "'#'", '"a\\nb\\"c"', "007", "'x'^^:t", "true"]
)
OBJECTS: st.SearchStrategy[str] = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda members: f"( {' '.join(members)} )"),
        st.lists(st.tuples(st.sampled_from([":p", ":q", "a"]), inner), max_size=3).map(
            lambda rows: f"[ {' ; '.join(' '.join(row) for row in rows)} ]"
        ),
    ),
    max_leaves=12,
)
SUBJECTS = st.sampled_from([":a", ":b", "<http://u/x/y>", "[]", "[ :p 1 ]"])
STATEMENTS = st.builds(
    lambda subject, predicate, values: f"{subject} {predicate} {' , '.join(values)} .\n",
    SUBJECTS,
    st.sampled_from([":p", ":q", "a", "<http://www.w3.org/2000/01/rdf-schema#label>"]),
    st.lists(OBJECTS, min_size=1, max_size=3),
)
BLOCKS = st.builds(
    lambda graph, statements: f"{graph} {{ {''.join(statements)} }}\n" if graph else "".join(statements),
    st.sampled_from(["", ":a", "GRAPH :g"]),
    st.lists(STATEMENTS, max_size=4),
)
COMMENTS = st.sampled_from(["", "# one\n", "\n# one\n\n#two\n"])


@settings(max_examples=150, deadline=None)
@given(COMMENTS, st.lists(BLOCKS, max_size=4))
def test_any_tree_is_kept_and_canonical(comments: str, blocks: list[str]) -> None:
    result = formatted(f"{comments}prefix : <http://u/> prefix x: <http://u/x/>\n{''.join(blocks)}")
    assert all(line.rstrip() == line for line in result.splitlines())
    assert result.startswith(comments.strip())


@settings(max_examples=100, deadline=None)
@given(st.lists(STATEMENTS, max_size=5), st.randoms())
def test_the_order_within_a_subject_does_not_matter(statements: list[str], chance: random.Random) -> None:
    head = "prefix : <http://u/> :first :p 0 . :a :p 0 . :b :p 0 . <http://u/x/y> :p 0 . "
    named = [text for text in statements if not text.startswith("[")]
    expected = formatted(head + "".join(named))
    chance.shuffle(named)
    assert formatted(head + "".join(named)) == expected

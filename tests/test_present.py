"""Answers, proofs and errors as text, tables, JSON and HTML: of small ones that are made by hand."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from virtkg.answer import Answer, Field, Note, Row, Side, Value, Verdict
from virtkg.diagnostics import AmbiguousQuestion, QuestionError, VirtkgError
from virtkg.namespaces import BASE, OWLRL, RULE, SRC
from virtkg.present import document, html, markup, plain, problem, sheet, tree
from virtkg.proof import Proof

MANY = settings(max_examples=150, deadline=None, database=None)
anything = st.text(st.characters(), max_size=20)
unicode_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)

STEERING = "\x00\x07\x1b\x7f\x9b\u00ad\u061c\u200b\u200e\u2028\u2029\u202e\u2066\ufeff\ue000\ud800\U000e0041\U000f0000"


def value(text: str, *, disputed: bool = False, inferred: bool = False, sources: tuple[str, ...] = ("one",)) -> Value:
    return Value(text, text, "", Verdict.DISPUTED if disputed else Verdict.YES, inferred, sources)


def row(label: str, *fields: Field, verdict: Verdict = Verdict.YES, inferred: bool = False) -> Row:
    return Row(label, "https://e.org/" + str(len(label)), verdict, inferred, ("one", "two"), fields)


def answer(*rows: Row, kind: str = "list", sides: tuple[Side, ...] = (), notes: tuple[Note, ...] = ()) -> Answer:
    titles = (("one", "Title one"), ("two", "Title two"))
    return Answer("what", "what was read", kind, None, rows, 2, notes, "SELECT", titles, sides)


LISTED = answer(
    row("Xen", Field("size", (value("64"), value("128", disputed=True, sources=("two",))))),
    row("名前 Suite", Field("size", (value("1 TB", inferred=True),)), inferred=True),
    row("e\u0301 KVM", verdict=Verdict.DISPUTED),
    notes=(Note("I703", "2 unknown: A, B"),),
)


# plain text


def test_plain_text_of_a_list() -> None:
    assert plain.answer(LISTED).split("\n") == [
        "what was read",
        "2 yes, 1 disputed, 2 unknown",
        "",
        "name        answer          size                        sources",
        "Xen         yes             64 [1]; 128 (disputed) [2]  [1][2]",
        "名前 Suite  yes (inferred)  1 TB (inferred) [1]         [1][2]",
        "e\u0301 KVM       disputed                                    [1][2]",
        "",
        "2 unknown: A, B",
        "",
        "[1] one: Title one",
        "[2] two: Title two",
    ]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("名前", 4),
        ("ｆｕｌｌ", 8),
        ("e\u0301", 1),  # a combining accent
        ("ก็", 1),  # a Thai vowel sign
        ("❤\ufe0f", 1),  # a variation selector
        ("a\u20dd", 1),  # an enclosing circle
        ("ß–“”", 4),
    ],
)
def test_width_in_columns_of_a_terminal(text: str, columns: int) -> None:
    assert plain.width(text) == columns


@MANY
@given(st.lists(anything, max_size=5))
def test_the_columns_of_a_table_begin_below_each_other(names: list[str]) -> None:
    lines = list(plain.table(("name", "END"), [(name, "END") for name in names]))
    assert len(lines) == len(names) + 1
    assert len({plain.width(line.removesuffix("END")) for line in lines}) == 1


@MANY
@given(anything)
def test_safe_text_can_steer_no_terminal(text: str) -> None:
    shown = plain.safe(text)
    assert not set(shown) & set(STEERING)
    assert "\n" not in shown and "\r" not in shown and "\t" not in shown
    assert shown == text or not text.isprintable()


def test_each_steering_character_is_shown_by_its_code() -> None:
    for character in STEERING:
        code = ord(character)
        assert plain.safe(f"a{character}b") == (f"a\\u{code:04x}b" if code < 0x10000 else f"a\\U{code:08x}b")
    assert plain.safe("naïve 名前 “x” \u00a0") == "naïve 名前 “x” \u00a0"


# every format with hostile text

HOSTILE = [
    "<script>alert(1)</script>",
    "a | b",
    "a\\",
    "`code` *bold* _x_ [l](javascript:x) # ~~~ &lt;",
    '"quoted", with comma; and semicolon',
    "line\r\nbreak\ttab",
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2",
    "@SUM(A1)",
    "＝1+1",
    "\x1b[31mred\x1b[0m",
    "right\u202eleft",
    "\ud800",
    "}}{{%s {0}",
    "```",
]


def hostile_answers(text: str) -> Iterator[Answer]:
    field = Field(text, (Value(text, text, text, Verdict.YES, False, (text,)),))
    fact = Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal("x"))
    leaf = Proof(fact, text, "", (), (), (SRC + "one",), False)
    proof = Proof(fact, text + "!", RULE + "r", (leaf,), (text,), (), True, (text,))
    sides = (Side(True, proof), Side(False, leaf))
    for kind in ("list", "verdict", "value", "comparison", "description", "explanation"):
        made = Row(text, "https://e.org/x", Verdict.YES, False, (text,), (field,))
        yield Answer(text, text, kind, None, (made, made), 1, (Note("I701", text),), text, ((text, text),), sides)


WRITERS: dict[str, Callable[[Answer], str]] = {
    "plain": plain.answer,
    "markdown": markup.markdown,
    "csv": lambda given: markup.separated(given, ","),
    "tsv": lambda given: markup.separated(given, "\t"),
    "html": html.answer,
    "json": document.answer,
}


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
@pytest.mark.parametrize("format", WRITERS)
def test_no_text_steers_a_terminal_in_any_format(format: str, text: str) -> None:
    for made in hostile_answers(text):
        written = WRITERS[format](made)
        assert not set(written) & set(STEERING)
        assert written.encode()
        lines = written.count("\n")
        assert lines == WRITERS[format](next(a for a in hostile_answers("harmless") if a.kind == made.kind)).count("\n")


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_html_shows_the_text_and_has_no_tags_of_it(text: str) -> None:
    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.tags: list[str] = []
            self.text: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.tags.append(tag)
            assert all(attribute in (("class", "virtkg-answer"), ("open", None)) for attribute in attrs)

        def handle_data(self, data: str) -> None:
            self.text.append(data)

    for made in hostile_answers(text):
        reader, harmless = Reader(), Reader()
        reader.feed(html.answer(made))
        harmless.feed(html.answer(next(a for a in hostile_answers("harmless") if a.kind == made.kind)))
        assert reader.tags == harmless.tags
        assert plain.safe(text) in "".join(reader.text)


def _cells(line: str) -> list[str]:
    """Return the cells of a line of a Markdown table, as GitHub parts and unescapes them."""
    parts = re.split(r"(?<!\\)(?:\\\\)*\|", line.strip().strip("|"))
    return [re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", part.strip()) for part in parts]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_markdown_tables_keep_their_columns_and_texts(text: str) -> None:
    for made in hostile_answers(text):
        rows = [line for line in markup.markdown(made).splitlines() if line.startswith("| ")]
        expected = sheet.sheet(made)
        assert len(rows) == len(expected.rows) + 2  # the head and its line
        for line in (rows[0], *rows[2:]):
            bars = len(re.findall(r"\|", re.sub(r"\\.", "", line)))
            assert bars == len(expected.header) + 1
        assert not re.search(r"(?<!\\)[<>`*]", "".join(re.sub(r"\\\\", "", row) for row in rows))


def test_markdown_of_a_list() -> None:
    assert markup.markdown(answer(row("a|b", Field("size", (value("64"),))))).splitlines() == [
        "*what was read*",
        "",
        "**1 yes, 2 unknown**",
        "",
        "| name | answer | size | sources |",
        "| --- | --- | --- | --- |",
        "| a\\|b | yes | 64 \\[1\\] | \\[1\\]\\[2\\] |",
        "",
        "- \\[1\\] one: Title one",
        "- \\[2\\] two: Title two",
    ]


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_separated_values_are_read_back_and_are_no_formulas(text: str, delimiter: str) -> None:
    for made in hostile_answers(text):
        written = markup.separated(made, delimiter)
        rows = list(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter))
        assert len({len(cells) for cells in rows}) == 1
        assert all(
            not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
            for cells in rows
            for cell in cells
        )
        shown = plain.safe(text)
        assert any(cell in (shown, "'" + shown) for cells in rows[1:] for cell in cells)


def test_csv_ends_its_lines_as_rfc_4180_says_and_tsv_as_unix_does() -> None:
    assert markup.separated(answer(row("a,b")), ",") == (
        'label,iri,verdict,inferred,sources\r\n"a,b",https://e.org/3,yes,false,one two\r\n'
    )
    assert markup.separated(answer(row("a,b")), "\t") == (
        "label\tiri\tverdict\tinferred\tsources\na,b\thttps://e.org/3\tyes\tfalse\tone two\n"
    )


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_json_gives_the_same_text_back(text: str) -> None:
    for made in hostile_answers(text):
        found = json.loads(document.answer(made))
        assert (found["question"], found["rows"][0]["label"]) == (text, text)
        assert found["rows"][0]["values"][text] == {
            "value": text, "text": text, "unit": text, "verdict": "yes", "inferred": False, "sources": [text],
        }  # fmt: skip
        assert found["notes"] == [{"code": "I701", "message": text}]


@MANY
@given(anything)
def test_json_of_any_text_can_be_read(text: str) -> None:
    made = next(hostile_answers(text))
    assert json.loads(document.answer(made))["reading"] == text
    error = QuestionError("E201", text, hint=text, column=3, suggestions=(text,))
    assert json.loads(problem.as_json(error)) == {
        "error": {"code": "E201", "message": text, "hint": text, "column": 3, "suggestions": [text]}
    }


# proofs


def fact(name: str) -> Triple:
    return Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal(name))


def leaf(name: str, *sources: str, disputed: bool = False) -> Proof:
    return Proof(fact(name), name, "", (), (), sources or (SRC + "one",), disputed)


def step(name: str, *premises: Proof, rule: str = RULE + "some-rule", absences: tuple[str, ...] = ()) -> Proof:
    return Proof(fact(name), name, rule, premises, absences, (), False, absences)


AXIOM = leaf("every a is b", BASE + "features")
SHARED = step("s holds", leaf("x is so", SRC + "one", SRC + "two"), leaf("y is so", disputed=True))


def test_a_proof_is_a_tree_whose_leaves_name_their_sources() -> None:
    proof = step("c holds", SHARED, AXIOM, absences=("z is so",))
    assert list(tree.tree(proof)) == [
        "  c holds, by some rule",
        "  - s holds, by some rule",
        "    - x is so, stated by one, two",
        "    - y is so (disputed), stated by one",
        "  - no fact says: z is so",
        "  (1 axiom of the vocabulary not shown)",
    ]
    assert list(tree.tree(proof, drawn=True))[:5] == [
        "  c holds, by some rule",
        "  ├─ s holds, by some rule",
        "  │  ├─ x is so, stated by one, two",
        "  │  └─ y is so (disputed), stated by one",
        "  └─ no fact says: z is so",
    ]


def test_a_whole_proof_has_its_axioms() -> None:
    lines = list(tree.tree(step("c holds", SHARED, AXIOM), whole=True))
    assert f"  - every a is b, stated by {BASE}features" in lines
    assert not any("not shown" in line for line in lines)


def test_a_shared_premise_is_shown_once() -> None:
    proof = step("top", step("left", SHARED), step("right", SHARED))
    lines = [line.strip() for line in tree.tree(proof)]
    assert lines.count("- x is so, stated by one, two") == 1
    assert lines.count("- s holds, by some rule") == 2
    assert lines.count("(shown above)") == 1
    assert lines.index("(shown above)") > lines.index("- x is so, stated by one, two")


def test_a_step_that_restates_is_left_out() -> None:
    restated = step("x is so", leaf("x is so"), AXIOM, rule=OWLRL + "prp-eqp1")
    assert list(tree.tree(restated)) == ["  x is so, stated by one", "  (1 axiom of the vocabulary not shown)"]
    assert "  x is so, by OWL 2 RL prp-eqp1" in list(tree.tree(restated, whole=True))


def stair(steps: int) -> Proof:
    """A fact passed on from version 0 step by step, each by the same rule."""
    proof = leaf("version 0 has it")
    for number in range(1, steps + 1):
        proof = step(f"version {number} has it", proof, AXIOM, absences=(f"version {number} lost it",))
    return proof


def test_a_long_run_of_one_rule_is_folded_and_says_how_long_it_is() -> None:
    lines = list(tree.tree(step("suite has it", stair(9), rule=RULE + "another")))
    assert lines == [
        "  suite has it, by another",
        "  - version 9 has it, by some rule",
        "    - and so on, 7 more steps by this rule, from:",
        "    - version 1 has it, by some rule",
        "      - version 0 has it, stated by one",
        "      - no fact says: version 1 lost it",
        "    - no fact says: version 9 lost it",
        "  (9 axioms of the vocabulary not shown)",
    ]


def test_a_short_run_and_a_whole_proof_are_not_folded() -> None:
    assert not any("and so on" in line for line in tree.tree(stair(2)))
    whole = list(tree.tree(stair(9), whole=True))
    assert sum("has it" in line for line in whole) == 10
    assert not any("and so on" in line for line in whole)


def test_the_sides_of_a_dispute_are_told_apart() -> None:
    lines = list(tree.sides((Side(False, leaf("not so")), Side(True, leaf("so")))))
    assert lines == ["because:", "  so, stated by one", "against it:", "  not so, stated by one"]
    assert list(tree.sides(())) == []


def test_html_proofs_are_nested_lists() -> None:
    made = html.proof(step("c < d", SHARED, AXIOM, absences=("z",)))
    assert made.count("<ul>") == made.count("</ul>") == 5
    assert "c &lt; d, by some rule" in made and "every a is b" not in made


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        (OWLRL + "cax-sco", "OWL 2 RL cax-sco"),
        (RULE + "suite-runs-what-its-hypervisor-runs", "suite runs what its hypervisor runs"),
        ("https://e.org/rule#own", "https://e.org/rule#own"),
    ],
)
def test_names_of_rules(iri: str, name: str) -> None:
    assert tree.rule_name(iri) == name


# errors


def caret(error: VirtkgError) -> tuple[str, str]:
    """Return the line of an error that shows the text, and the one that marks a place in it."""
    _, text, marks, *_ = problem.as_text(error).splitlines()
    return text, marks


@pytest.mark.parametrize(
    ("text", "column", "length", "marked"),
    [
        ("suites with pge sharing", 13, 3, "pge"),
        ("名前 with pge", 9, 3, "pge"),
        ("e\u0301e\u0301 with pge", 11, 3, "pge"),
        ("with 名前 and", 6, 2, "名前"),
        ("\x1b[31m pge", 7, 3, "pge"),
        ("a\u202eb pge", 5, 3, "pge"),
        ("a \x07 b", 3, 1, "\\u0007"),
        ("suites with", 12, 1, ""),
    ],
    ids=ascii,
)
def test_carets_stand_below_what_they_mark(text: str, column: int, length: int, marked: str) -> None:
    shown, marks = caret(QuestionError("E201", "wrong", column=column, length=length, text=text))
    assert shown == "  " + plain.safe(text)
    blanks, carets = re.fullmatch(rf"( +)(\^+) column {column}", marks).groups()  # type: ignore[union-attr]
    place = shown.index(marked) if marked else len(shown)
    assert len(blanks) == plain.width(shown[:place])
    assert len(carets) == max(1, plain.width(marked))


@MANY
@given(unicode_text.filter(bool), st.data())
def test_carets_stand_below_any_place_of_any_text(text: str, data: st.DataObject) -> None:
    column = data.draw(st.integers(1, len(text)))
    shown, marks = caret(QuestionError("E201", "wrong", column=column, text=text))
    assert len(marks) - len(marks.lstrip()) == 2 + plain.width(plain.safe(text[: column - 1]))
    assert plain.width(shown) == 2 + plain.width(plain.safe(text))


def test_an_error_says_what_would_be_understood_and_what_to_do() -> None:
    error = QuestionError("E201", "I do not know “x”", hint="say y", suggestions=("y", "z"))
    assert problem.as_text(error) == "error[E201]: I do not know “x”\n  did you mean:\n    y\n    z\n  say y"
    several = AmbiguousQuestion("E301", "two meanings", hint="choose", suggestions=("y", "z"))
    assert problem.as_text(several) == "error[E301]: two meanings\n  1. y\n  2. z\n  choose"
    assert problem.as_text(QuestionError("E101", "empty")) == "error[E101]: empty"


@MANY
@given(anything)
def test_an_error_of_any_text_has_its_lines_and_no_more(text: str) -> None:
    error = QuestionError("E201", text, hint=text, column=1, text=text, suggestions=(text,))
    lines = problem.as_text(error).split("\n")
    assert len(lines) == 2 + (2 if text else 0) + 1 + (1 if text else 0)
    assert not any(set(line) & set(STEERING) for line in lines)


# the sheet


def test_sources_are_numbered_in_the_order_of_their_citation() -> None:
    made = sheet.sheet(answer(replace(row("a"), sources=("two",)), replace(row("b"), sources=("one", "two"))))
    assert [cells[-1] for cells in made.rows] == ["[1]", "[2][1]"]
    assert made.sources == ("[1] two: Title two", "[2] one: Title one")


def test_what_is_disputed_or_inferred_is_marked() -> None:
    both = value("x", disputed=True, inferred=True)
    made = sheet.sheet(answer(row("a", Field("f", (both, value("disputed", disputed=True)))), kind="description"))
    assert [cells[1] for cells in made.rows] == ["x (disputed, inferred)", "disputed"]


@pytest.mark.parametrize("kind", ["list", "verdict", "value", "comparison", "explanation"])
def test_an_answer_without_rows_can_be_shown_in_every_format(kind: str) -> None:
    empty = answer(kind=kind, notes=(Note("I701", "nothing is known to satisfy this"),))
    for name, write in WRITERS.items():
        written = write(empty)
        assert "nothing is known" in written or name in ("csv", "tsv")

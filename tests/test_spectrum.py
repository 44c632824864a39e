"""The spectrum: what is chosen, what is known, who disagrees, and every layout of it."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from command import run, start
from hypothesis import given, settings
from hypothesis import strategies as st

import virtkg
from virtkg.answer import Value, Verdict
from virtkg.diagnostics import QueryError, QuestionError, UnknownTerm
from virtkg.graph import KnowledgeGraph, load
from virtkg.present.spectrum import FORMATS, Page, plain, render, wrap
from virtkg.present.spectrum_ink import Style, fitted
from virtkg.spectrum import Cell, Heading, Sign, Spectrum

SEED = ("cmu-virtualization-suites", "liu-fosdem-2016")
FIGURE = ("full virtualization", "HVM", "HVM with PV drivers", "PVHVM", "PVH", "PV")
SVG = "{http://www.w3.org/2000/svg}"

DATA = """
@prefix ex: <https://example.org/> .
@prefix id: <https://w3id.org/virtkg/id/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix src: <https://w3id.org/virtkg/source/> .
@prefix vkg: <https://w3id.org/virtkg/ns#> .

src:liu-fosdem-2016 {
    ex:new a vkg:Mode ; rdfs:label "new mode" .
    ex:old a vkg:Mode ; rdfs:label "old mode" ; vkg:variantOf ex:new .
    ex:disk a vkg:Cell ; vkg:ofMode ex:new ; vkg:ofResource id:disk ;
        vkg:by id:paravirtualization , id:shadow-paging ; vkg:hasPerformance id:optimal .
    ex:part a vkg:Resource ; rdfs:label "spindle" ; vkg:partOf id:disk .
    ex:part-of-disk a vkg:Cell ; vkg:ofMode ex:new ; vkg:ofResource ex:part ; vkg:by id:paravirtualization .
    ex:n1 a rdf:Statement ; rdf:subject ex:disk ; rdf:predicate vkg:by ; rdf:object id:shadow-paging ;
        vkg:hasScope ex:setting ; vkg:locator "page 7" ; vkg:note "Only then." .
    ex:setting a vkg:Condition ; rdfs:label "in the morning" .
}
src:other { ex:disk vkg:hasPerformance id:poor . }
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("data") / "new.trig"
    path.write_text(DATA)
    return str(path)


@pytest.fixture(scope="module")
def seed() -> KnowledgeGraph:
    """The figure as its two first sources give it."""
    return load(sources=SEED)


@pytest.fixture(scope="module")
def one(file: str) -> KnowledgeGraph:
    return load([file], sources=SEED)


@pytest.fixture(scope="module")
def two(file: str) -> KnowledgeGraph:
    """The same with a source that disagrees."""
    return load([file], sources=[*SEED, "other"])


def labels(headings: tuple[Heading, ...]) -> list[str]:
    return [heading.label for heading in headings]


def only(spectrum: Spectrum) -> Cell:
    ((cell,),) = spectrum.cells
    return cell


# what is chosen


def test_the_figure_is_in_the_order_of_the_graph(seed: KnowledgeGraph) -> None:
    spectrum = seed.spectrum()
    assert labels(spectrum.modes) == list(FIGURE)
    assert labels(spectrum.resources) == [
        "disk", "network", "interrupts", "timers", "motherboard", "legacy boot", "privileged instructions",
        "page tables",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["HVM", "hvm", "hardware virtual machine", "id:hvm", "https://w3id.org/virtkg/id/hvm", " HVM "]
)
def test_a_mode_is_named_as_anything_is(seed: KnowledgeGraph, name: str) -> None:
    assert labels(seed.spectrum([name], ["disk"]).modes) == ["HVM"]


def test_the_order_of_names_is_kept_and_each_stands_once(seed: KnowledgeGraph) -> None:
    spectrum = seed.spectrum(["PV", "HVM", "PV mode"], ["id:timers", "disk"])
    assert labels(spectrum.modes) == ["PV", "HVM"]
    assert labels(spectrum.resources) == ["timers", "disk"]


@pytest.mark.parametrize(
    ("name", "message", "suggestion"),
    [
        ("HVMM", "no mode is called “HVMM”", "HVM"),
        ("disk", "“disk” is not a mode", None),
        ("id:disk", "“id:disk” is not a mode", None),
        ("", "no mode is called “”", None),
        ("http://[", "no mode is called “http://[”", None),
    ],
)
def test_an_unknown_name_is_one_clear_error(
    seed: KnowledgeGraph, name: str, message: str, suggestion: str | None
) -> None:
    with pytest.raises(UnknownTerm) as caught:
        seed.spectrum([name])
    assert (caught.value.code, caught.value.message) == ("E201", message)
    assert (suggestion in caught.value.suggestions) == (suggestion is not None)
    with pytest.raises(UnknownTerm, match="is not a resource"):
        seed.spectrum(None, ["HVM"])


def test_a_name_that_is_no_text_is_an_error(seed: KnowledgeGraph) -> None:
    with pytest.raises(QuestionError, match="not UTF-8"):
        seed.spectrum(["\udcff"])


def test_all_has_each_variant_behind_its_mode(one: KnowledgeGraph) -> None:
    modes = labels(one.spectrum(["all"], ["disk"]).modes)
    assert len(modes) == len(set(modes)) > len(FIGURE)
    assert [mode for mode in modes if mode in FIGURE] == list(FIGURE)
    assert modes.index("old mode") == modes.index("new mode") + 1
    resources = labels(one.spectrum(["HVM"], ["all"]).resources)
    assert resources[:2] == ["disk", "floppy drive"]
    assert {"spindle", "whole machine", "network"} <= set(resources)


def test_detail_opens_the_parts_of_which_something_is_known(one: KnowledgeGraph) -> None:
    opened = one.spectrum(["new mode"], ["disk", "timers"], detail=True)
    assert [(heading.label, heading.within) for heading in opened.resources] == [
        ("disk", ""), ("spindle", "disk"), ("timers", ""),
    ]  # fmt: skip
    assert [note.code for note in opened.notes] == ["I721"]
    assert labels(one.spectrum(["HVM"], ["disk", "timers"], detail=True).resources) == ["disk", "timers"]
    assert labels(one.spectrum(["new mode"], ["disk", "timers"]).resources) == ["disk", "timers"]


def test_a_part_that_is_chosen_stands_where_it_was_chosen(one: KnowledgeGraph) -> None:
    assert labels(one.spectrum(["new mode"], ["disk", "network", "spindle"], detail=True).resources) == [
        "disk", "network", "spindle",
    ]  # fmt: skip


# what is known


def test_a_dispute_shows_both_sides_and_without_it_there_is_one(one: KnowledgeGraph, two: KnowledgeGraph) -> None:
    sure, doubtful = (only(graph.spectrum(["new mode"], ["disk"])) for graph in (one, two))
    assert (sure.verdict, doubtful.verdict) == (Verdict.YES, Verdict.DISPUTED)
    assert [value.text for value in sure.classes] == ["optimal"]
    assert [(value.text, value.sources, value.verdict) for value in doubtful.classes] == [
        ("optimal", ("liu-fosdem-2016",), Verdict.DISPUTED),
        ("poor", ("other",), Verdict.DISPUTED),
    ]
    shown = {name: render(two.spectrum(["new mode"], ["disk"]), name) for name in FORMATS}
    other = {name: render(one.spectrum(["new mode"], ["disk"]), name) for name in FORMATS}
    for name in set(FORMATS) - {"svg"}:
        assert "disputed" in shown[name] and "disputed" not in other[name], name
    assert shown["svg"].count(">disputed<") == 1 + other["svg"].count(">disputed<") == 2  # the legend has one
    assert shown["svg"].count('stroke-dasharray="7 4"') == 1 + other["svg"].count('stroke-dasharray="7 4"')


def test_nothing_is_guessed_of_a_cell_of_which_nothing_is_known(one: KnowledgeGraph) -> None:
    unknown = one.spectrum(["new mode"], ["timers"])
    assert only(unknown) == Cell("new mode: timers", Verdict.UNKNOWN, (), (), ())
    assert unknown.count(Verdict.UNKNOWN) == 1
    known = one.spectrum(["new mode"], ["disk"])
    assert known.count(Verdict.UNKNOWN) == 0
    for name in ("table", "md", "html"):
        assert "not known" in render(unknown, name) and "not known" not in render(known, name)


def test_several_techniques_stand_in_one_cell_with_what_their_sources_add(one: KnowledgeGraph) -> None:
    spectrum = one.spectrum(["new mode"], ["disk"])
    assert [str(line) for line in Page(spectrum).rows[0][0]] == ["PV [1]", "VS [1]", "optimal [1]"]
    (remark,) = only(spectrum).remarks
    assert remark.startswith("shadow paging, liu-fosdem-2016: ")
    assert "in the morning" in remark and remark.endswith("; page 7; Only then.")
    assert "in the morning" in plain(spectrum)
    assert "in the morning" in render(spectrum, "svg")


def test_every_cell_cites_who_states_it(kg: KnowledgeGraph) -> None:
    spectrum = kg.spectrum(["all"], ["all"])
    titles = dict(spectrum.titles)
    known = [cell for row in spectrum.cells for cell in row if cell.verdict is not Verdict.UNKNOWN]
    assert len(known) > 48
    for cell in known:
        assert cell.techniques or cell.classes
        for value in (*cell.techniques, *cell.classes):
            assert value.sources and set(value.sources) <= titles.keys(), cell


# layouts


@pytest.mark.parametrize(("format", "name"), [("table", "txt"), ("md", "md"), ("svg", "svg"), ("html", "html")])
def test_the_figure(seed: KnowledgeGraph, check_golden: Callable[[str, str], None], format: str, name: str) -> None:
    check_golden(f"spectrum/figure.{name}", render(seed.spectrum(), format).rstrip("\n") + "\n")


@pytest.mark.parametrize("format", FORMATS)
def test_each_layout_is_the_same_each_time(seed: KnowledgeGraph, format: str) -> None:
    assert virtkg.render(seed.spectrum(), format) == render(load(sources=SEED, cache=False).spectrum(), format)


def test_there_is_no_other_format(seed: KnowledgeGraph) -> None:
    with pytest.raises(QueryError, match="no format turtle"):
        virtkg.render(seed.spectrum(), "turtle")


def test_json_and_csv_have_each_cell(two: KnowledgeGraph) -> None:
    spectrum = two.spectrum(["new mode", "HVM"], ["disk", "timers"])
    shape = json.loads(render(spectrum, "json"))
    assert [cell["verdict"] for cell in shape["cells"]] == ["disputed", "unknown", "yes", "yes"]
    assert [side["sources"] for side in shape["cells"][0]["performance"]] == [["liu-fosdem-2016"], ["other"]]
    for name, delimiter in (("csv", ","), ("tsv", "\t")):
        rows = list(csv.DictReader(io.StringIO(render(spectrum, name)), delimiter=delimiter))
        assert [row["verdict"] for row in rows] == ["disputed", "unknown", "yes", "yes"]
        assert rows[0]["performance"] == "optimal; poor"
        assert rows[2]["shown"] == "VS"


def test_a_plain_table_is_not_wider_than_a_page(kg: KnowledgeGraph) -> None:
    table = plain(kg.spectrum(["all"], ["all"])).partition("\n\nabsent")[0]
    assert max(map(len, table.splitlines())) <= 110


@pytest.mark.parametrize(
    ("text", "lines"),
    [("PV [1][2][3]", ["PV [1][2]", "[3]"]), ("inter-processor", ["inter-", "processor"]), ("", [""])],
)
def test_text_is_broken_where_it_may_be(text: str, lines: list[str]) -> None:
    assert wrap(text, 10) == lines


# the picture


def texts(root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter(f"{SVG}text"):
        assert element.text is not None
        yield element.text


def test_the_picture_stands_alone(kg: KnowledgeGraph) -> None:
    picture = render(kg.spectrum(["all"], detail=True), "svg")
    root = ElementTree.fromstring(picture)
    assert root.tag == f"{SVG}svg" and root.get("role") == "img"
    names = {element.get("id"): element.text for element in root if element.tag in (f"{SVG}title", f"{SVG}desc")}
    assert all(names[name] for name in (root.get("aria-labelledby") or "").split())
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg", "title", "desc", "defs", "pattern", "rect", "path", "g", "text",
    }  # fmt: skip
    assert not re.search(r"href|@import|url\((?!#)|\son\w+=|style=", picture)


def test_the_legend_explains_all_that_is_drawn(kg: KnowledgeGraph) -> None:
    spectrum = kg.spectrum(["all"], detail=True)
    shown = list(texts(ElementTree.fromstring(render(spectrum, "svg"))))
    legend = " ".join(shown[-len(shown) // 8 :])
    for sign in (*spectrum.techniques, *spectrum.classes):
        assert sign.label in legend, sign
    assert {"no class stated", "not known", "disputed"} <= set(shown)
    used = {value.value for row in spectrum.cells for cell in row for value in (*cell.techniques, *cell.classes)}
    assert used <= {sign.iri for sign in (*spectrum.techniques, *spectrum.classes)}


def test_no_text_leaves_its_place(kg: KnowledgeGraph) -> None:
    """Each line in a cell fits between its walls, as wide as the widest usual font makes it."""
    root = ElementTree.fromstring(render(kg.spectrum(["all"], detail=True), "svg"))
    width = float(root.get("width", ""))
    for element in root.iter(f"{SVG}text"):
        style = Style(float(element.get("font-size", "")), bold=element.get("font-weight") == "bold")
        size = style.measure(element.text or "")
        if element.get("text-anchor") == "middle":
            assert size <= 116 - 8
        else:
            assert float(element.get("x", "")) + size <= width


@settings(max_examples=100, deadline=None, database=None)
@given(st.text(st.characters(), max_size=60), st.sampled_from([40.0, 96.0]))
def test_any_text_fits(text: str, size: float) -> None:
    style = Style(12, bold=True)
    for line in fitted(text, size, style):
        assert style.measure(line) <= size


HOSTILE = "<script>alert(1)</script>\x1b[31m\x00\ufffe]]>&\u202e|`" + "W" * 200


def hostile() -> Spectrum:
    value = Value(HOSTILE, "urn:t", "", Verdict.DISPUTED, False, (HOSTILE,))
    cell = Cell(HOSTILE, Verdict.DISPUTED, (value,), (replace(value, value="urn:c"),), (HOSTILE,))
    heading = Heading(HOSTILE, "urn:m", HOSTILE, HOSTILE)
    signs = tuple(Sign(HOSTILE, iri, HOSTILE, "", "") for iri in ("urn:t", "urn:c"))
    return Spectrum(HOSTILE, (heading,), (heading,), ((cell,),), signs[:1], signs[1:], (), ((HOSTILE, HOSTILE),))


def test_no_name_can_do_anything() -> None:
    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag != "script"

    for name in FORMATS:
        shown = render(hostile(), name)
        assert not set("\x1b\x00\u202e") & set(shown), name
    ElementTree.fromstring(render(hostile(), "svg"))
    Tags().feed(render(hostile(), "html"))
    assert json.loads(render(hostile(), "json"))["title"] == HOSTILE


def test_a_notebook_shows_a_table(seed: KnowledgeGraph) -> None:
    assert seed.spectrum()._repr_html_() == render(seed.spectrum(), "html")


# the command


def test_the_command_prints_and_writes(kg: KnowledgeGraph, tmp_path: Path) -> None:
    assert run("spectrum").out == render(kg.spectrum(), "table") + "\n"
    path = tmp_path / "spectrum.svg"
    assert run("spectrum", "--modes", "HVM, PV", "--detail", "--format", "svg", "-o", str(path)).raw == b""
    assert path.read_text() == render(kg.spectrum(["HVM", "PV"], detail=True), "svg")


def test_the_command_knows_no_other_name() -> None:
    ended = run("spectrum", "--modes", "HVM,HVMM")
    assert (ended.code, ended.raw) == (3, b"")
    assert ended.err.startswith("error[E201]: no mode is called “HVMM”\n  did you mean:\n    HVM\n")
    assert run("spectrum", "--modes", "HVM").code == 0


def test_a_terminal_gets_the_content_of_plain_text() -> None:
    ours, its = pty.openpty()
    process = start("spectrum", "--modes", "PVHVM,HVM", stdout=its, env={"TERM": "xterm-256color", "COLUMNS": "110"})
    os.close(its)
    parts = []
    try:
        while part := os.read(ours, 65536):
            parts.append(part)
    except OSError:  # Linux says so when the other end is closed
        pass
    os.close(ours)
    assert process.communicate(timeout=60)[1] == b""
    shown = b"".join(parts).decode()
    assert "\x1b[33mdisputed" in shown and "\x1b[1mPV" in shown
    words = re.sub(r"\x1b\[[0-9;]*m", "", shown).split()
    assert words == run("spectrum", "--modes", "PVHVM,HVM").out.split()

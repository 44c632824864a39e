"""Spectrum → a picture in SVG that stands alone: no script, no style sheet, no font from elsewhere.

Each cell shows the letters of its techniques in a white box on the hatching
of its performance class; what sources add is its tooltip.

Knows: where things stand in the picture. Must not know: the graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from virtkg.answer import Verdict
from virtkg.present.spectrum import UNGRADED, UNKNOWN, Line, Page, Part, grade
from virtkg.present.spectrum_ink import (
    FONT,
    INK,
    PAPER,
    SOFT,
    Box,
    Style,
    clean,
    define,
    fitted,
    hatched,
    number,
    rectangle,
    write,
)
from virtkg.spectrum import Cell, Heading, Spectrum

_MARGIN: Final = 16.0
_FIRST: Final = 150.0
_COLUMN: Final = 116.0
_EDGE: Final = 8.0
_INSET: Final = 4.0
_LEAST: Final = 620.0
"""The least width of a picture, so that legend and sources have room."""
_AGAIN: Final = 12
"""After so many rows the names of the columns are repeated."""

_TITLE: Final = Style(18, bold=True)
_PLAIN: Final = Style(11)
_NAME: Final = Style(12, bold=True)
_COLUMN_NAME: Final = Style(11.5, bold=True, middle=True)
_PART_OF: Final = Style(9.5, colour=SOFT, middle=True)
_LETTERS: Final = Style(15, bold=True, middle=True)
_WORD: Final = Style(11.5, bold=True, middle=True)
_CLASS: Final = Style(10.5, middle=True)
_CITES: Final = Style(8.5, colour=SOFT, middle=True)
_STATE: Final = Style(10.5, bold=True, middle=True)
_SILENT: Final = Style(10.5, colour=SOFT, middle=True)


def picture(given: Spectrum) -> str:
    """Return a spectrum as an SVG document, the same bytes each time."""
    return _Picture(Page(given)).drawn()


class _Picture:
    """Draws from top to bottom; `_y` is where the next thing begins."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._given = page.given
        self._width = max(_LEAST, 2 * _MARGIN + _FIRST + _COLUMN * len(self._given.resources))
        self._svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img"})
        self._y = _MARGIN

    def drawn(self) -> str:
        self._described()
        define(self._svg)
        paper = rectangle(self._svg, Box(0, 0, self._width, 0), PAPER)
        self._texts([self._given.title], _TITLE)
        self._texts([self._page.headline], _PLAIN)
        self._y += 8
        self._matrix()
        self._legend()
        for group in (self._page.notes, self._page.sources):
            self._y += 8 if group else 0
            self._texts(group, _PLAIN)
        height = number(self._y + _MARGIN)
        paper.set("height", height)
        size = {"width": number(self._width), "height": height}
        for name, value in {**size, "viewBox": f"0 0 {size['width']} {height}", "font-family": FONT}.items():
            self._svg.set(name, value)
        return tostring(self._svg, encoding="unicode") + "\n"

    def _described(self) -> None:
        names = {"title": self._given.title, "desc": self._page.headline}
        for name, text in names.items():
            SubElement(self._svg, name, {"id": f"virtkg-spectrum-{name}"}).text = clean(text)
        self._svg.set("aria-labelledby", " ".join(f"virtkg-spectrum-{name}" for name in names))

    def _texts(self, texts: Iterable[str], style: Style) -> None:
        for text in texts:
            for line in fitted(text, self._width - 2 * _MARGIN, style):
                write(self._svg, _MARGIN, self._y, line, style)
                self._y += style.height

    # matrix

    def _matrix(self) -> None:
        for place, mode in enumerate(self._given.modes):
            if place % _AGAIN == 0:
                self._column_names()
            self._row(mode, self._given.cells[place], self._page.rows[place])
        self._y += 12

    def _column_names(self) -> None:
        names = [_named(resource) for resource in self._given.resources]
        height = max((_height(lines) for lines in names), default=0) + 10
        for place, (resource, lines) in enumerate(zip(self._given.resources, names, strict=True)):
            group = _tipped(self._svg, [resource.label, resource.definition])
            x = _MARGIN + _FIRST + place * _COLUMN
            _stacked(group, x + _COLUMN / 2, self._y + height - 5 - _height(lines), lines)
        self._y += height

    def _row(self, mode: Heading, cells: tuple[Cell, ...], rows: tuple[tuple[Line, ...], ...]) -> None:
        contents = [_content(lines) for lines in rows]
        name = [(line, _NAME) for line in fitted(mode.label, _FIRST - 10, _NAME)]
        height = max(46.0, *(_height(lines) + 2 * _EDGE + 8 for lines in (*contents, name)))
        # The sides of a dispute need more of the ground to be seen.
        height += 12 if any(cell.verdict is Verdict.DISPUTED for cell in cells) else 0
        _stacked(
            _tipped(self._svg, [mode.label, mode.definition]), _MARGIN, self._y + (height - _height(name)) / 2, name
        )
        for place, (cell, lines) in enumerate(zip(cells, contents, strict=True)):
            box = Box(_MARGIN + _FIRST + place * _COLUMN, self._y, _COLUMN, height)
            self._cell(box, cell, lines)
        self._y += height

    def _cell(self, box: Box, cell: Cell, lines: list[tuple[str, Style]]) -> None:
        said = (f"{cell.label}: {', '.join(str(line) for line in self._page_lines(cell))}", *cell.remarks)
        group = _tipped(self._svg, said)
        self._ground(group, box, [grade(colour) for colour in self._page.grades(cell)], cell.verdict)
        height = _height(lines)
        top = box.y + (box.height - height) / 2
        if cell.verdict is not Verdict.UNKNOWN:
            inner = Box(box.x + _EDGE, top - _INSET, box.width - 2 * _EDGE, height + 2 * _INSET)
            rectangle(group, inner, PAPER, rx="3")
        _stacked(group, box.x + box.width / 2, top, lines)

    def _page_lines(self, cell: Cell) -> list[str]:
        values = [*cell.techniques, *cell.classes]
        states = [] if cell.verdict is Verdict.YES else [UNKNOWN if cell.verdict is Verdict.UNKNOWN else cell.verdict]
        return [*(value.text for value in values), *(str(state) for state in states)]

    def _ground(self, group: Element, box: Box, grades: list[int], verdict: Verdict) -> None:
        """Fill a cell with the hatching of its class; classes that are in dispute share it."""
        for place, found in enumerate(grades):
            part = box.width / len(grades)
            rectangle(group, Box(box.x + place * part, box.y, part, box.height), hatched(found))
        if verdict is Verdict.DISPUTED:
            rectangle(group, box, "none", stroke="#8a8a8a")
            inner = Box(box.x + 2.5, box.y + 2.5, box.width - 5, box.height - 5)
            rectangle(group, inner, "none", stroke=INK, stroke_width="3", stroke_dasharray="7 4")
        elif verdict is Verdict.UNKNOWN:
            rectangle(group, box, "#fafafa", stroke="#8a8a8a", stroke_dasharray="2 3")
        else:
            rectangle(group, box, PAPER if not grades else "none", stroke="#8a8a8a")

    # legend

    def _legend(self) -> None:
        for letters, label in self._page.techniques:
            self._technique(letters, label)
        self._y += 4
        samples = [(sign.label, Verdict.YES, [grade(sign.shown)]) for sign in self._page.classes]
        samples += [(UNGRADED, Verdict.YES, []), (UNKNOWN, Verdict.UNKNOWN, [])]
        samples.append((str(Verdict.DISPUTED), Verdict.DISPUTED, []))
        x = _MARGIN
        for label, verdict, grades in samples:
            size = 34 + 8 + _PLAIN.measure(label) + 18
            if x + size > self._width - _MARGIN and x > _MARGIN:
                x = _MARGIN
                self._y += 30
            self._ground(self._svg, Box(x, self._y, 34, 22), grades, verdict)
            write(self._svg, x + 42, self._y + 5, label, _PLAIN)
            x += size
        self._y += 34

    def _technique(self, letters: str, label: str) -> None:
        style = Style(_PLAIN.size, bold=True)
        write(self._svg, _MARGIN, self._y, letters, style)
        indent = max(34.0, style.measure(letters) + 10)
        for line in fitted(label, self._width - 2 * _MARGIN - indent, _PLAIN):
            write(self._svg, _MARGIN + indent, self._y, line, _PLAIN)
            self._y += _PLAIN.height


def _named(resource: Heading) -> list[tuple[str, Style]]:
    lines = [(line, _COLUMN_NAME) for line in fitted(resource.label, _COLUMN - 8, _COLUMN_NAME)]
    if resource.within:
        lines += [(line, _PART_OF) for line in fitted(f"part of {resource.within}", _COLUMN - 8, _PART_OF)]
    return lines


def _content(lines: tuple[Line, ...]) -> list[tuple[str, Style]]:
    """Return the lines of a cell, broken so that none leaves the white box."""
    room = _COLUMN - 2 * _EDGE - 4
    found: list[tuple[str, Style]] = []
    for line in lines:
        style = _style(line)
        found += [(text, style) for text in fitted(line.text, room, style)]
        if line.cited:
            found += [(text, _CITES) for text in fitted(line.cites, room, _CITES)]
    return found


def _style(line: Line) -> Style:
    match line.part:
        case Part.TECHNIQUE:
            return _LETTERS if len(line.text) <= 3 else _WORD
        case Part.CLASS:
            return _CLASS
        case Part.STATE:
            return _SILENT if line.text == UNKNOWN else _STATE


def _height(lines: list[tuple[str, Style]]) -> float:
    return sum(style.height for _, style in lines)


def _stacked(parent: Element, x: float, y: float, lines: list[tuple[str, Style]]) -> None:
    for text, style in lines:
        write(parent, x, y, text, style)
        y += style.height


def _tipped(parent: Element, texts: Iterable[str]) -> Element:
    """Add a group with a tooltip of some lines."""
    group = SubElement(parent, "g")
    SubElement(group, "title").text = "\n".join(clean(text) for text in texts if text)
    return group

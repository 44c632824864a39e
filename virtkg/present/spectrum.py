"""Spectrum → what every layout of it shares: lines of a cell, legend, numbered sources; and the plain layout.

Knows: how citations are numbered, how a cell and the legend are worded, columns of characters.
Must not know: the graph, terminals, markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Final

from virtkg.answer import Value, Verdict
from virtkg.diagnostics import QueryError
from virtkg.present.plain import safe, table, width
from virtkg.record import record
from virtkg.spectrum import Cell, Heading, Sign, Spectrum

FORMATS: Final = ("table", "json", "csv", "tsv", "md", "html", "svg")
GRADES: Final = ("green", "yellow", "red")
"""The colours of figures from the best performance class to the worst; each layout draws them in its own way."""

UNKNOWN: Final = "not known"
UNGRADED: Final = "no class stated"
_WIDE: Final = 110
"""A plain table that is wider is cut into tables of fewer columns."""
_CELL: Final = 18


class Part(StrEnum):
    """What a line of a cell says."""

    TECHNIQUE = "technique"
    CLASS = "class"
    STATE = "state"


@record
class Line:
    """A line of a cell, with the numbers of the sources that say it."""

    part: Part
    text: str
    cited: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.text} {self.cites}".rstrip()

    @property
    def cites(self) -> str:
        """The numbers of the sources, in brackets."""
        return "".join(f"[{number}]" for number in self.cited)


class Page:
    """The words of a spectrum. Sources are numbered in the order in which the cells cite them."""

    def __init__(self, given: Spectrum) -> None:
        self.given = given
        self._numbers: dict[str, int] = {}
        self._signs = {sign.iri: sign for sign in (*given.techniques, *given.classes)}
        self.rows = tuple(tuple(self._lines(cell) for cell in row) for row in given.cells)

    def _lines(self, cell: Cell) -> tuple[Line, ...]:
        if cell.verdict is Verdict.UNKNOWN:
            return (Line(Part.STATE, UNKNOWN, ()),)
        lines = [*self._grouped(cell.techniques, Part.TECHNIQUE), *self._grouped(cell.classes, Part.CLASS)]
        if cell.verdict is Verdict.DISPUTED:
            lines.append(Line(Part.STATE, str(cell.verdict), ()))
        return tuple(lines)

    def _grouped(self, values: tuple[Value, ...], part: Part) -> Iterator[Line]:
        """Yield a line for each letter; forms of one technique share it, with the sources of all."""
        cited: dict[str, dict[int, None]] = {}
        for value in values:
            sign = self.sign(value)
            text = value.text if sign is None or part is Part.CLASS else sign.shown or sign.label
            numbers = (self._numbers.setdefault(slug, len(self._numbers) + 1) for slug in value.sources)
            cited.setdefault(text, {}).update(dict.fromkeys(numbers))
        for text, sources in cited.items():
            yield Line(part, text, tuple(sorted(sources)))

    def sign(self, value: Value) -> Sign | None:
        """Return the sign of a value."""
        return self._signs.get(value.value)

    def grades(self, cell: Cell) -> tuple[str, ...]:
        """Return the colours by which figures show the classes of a cell, the best first."""
        shown = [sign.shown for value in cell.classes if (sign := self.sign(value)) is not None]
        return tuple(sorted(dict.fromkeys(shown), key=grade))

    @property
    def headline(self) -> str:
        """How many cells there are, and of how many sources disagree or are silent."""
        given = self.given
        total = sum(len(row) for row in given.cells)
        counts = [(verdict, given.count(verdict)) for verdict in (Verdict.DISPUTED, Verdict.UNKNOWN)]
        return ", ".join([f"{total} cells", *(f"{count} {verdict}" for verdict, count in counts if count)])

    @property
    def techniques(self) -> tuple[tuple[str, str], ...]:
        """The techniques of the legend: (letters or label, what they stand for and which forms share them)."""
        rows = []
        for sign in self.given.techniques:
            if not sign.general:
                forms = [form.label for form in self.given.techniques if form.general == sign.iri]
                label = sign.label if sign.shown else sign.definition or sign.label
                also = f" (also {', '.join(forms)})" if forms else ""
                rows.append((sign.shown or sign.label, label + also))
        return tuple(rows)

    @property
    def classes(self) -> tuple[Sign, ...]:
        """The performance classes of the legend, the best first."""
        return tuple(sorted(self.given.classes, key=lambda sign: (grade(sign.shown), sign.label)))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What sources add to the cells in which more than one thing is said."""
        return tuple(
            f"{cell.label}: {remark}"
            for row, lined in zip(self.given.cells, self.rows, strict=True)
            for cell, lines in zip(row, lined, strict=True)
            if cell.verdict is Verdict.DISPUTED or sum(line.part is Part.TECHNIQUE for line in lines) > 1
            for remark in cell.remarks
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes of the spectrum."""
        return tuple(note.message for note in self.given.notes)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources by their numbers."""
        titles = dict(self.given.titles)
        return tuple(f"[{number}] {slug}: {titles.get(slug, slug)}" for slug, number in self._numbers.items())


def grade(colour: str) -> int:
    """Return the place of a colour of a performance class, the best first; others come last."""
    return GRADES.index(colour) if colour in GRADES else len(GRADES)


def heading(given: Heading) -> str:
    """Return the words of a heading; a part says of what it is one."""
    return f"{given.label} (of {given.within})" if given.within else given.label


def render(given: Spectrum, format: str = "table") -> str:
    """Return a spectrum as text: `table` (plain text), `json`, `csv`, `tsv`, `md`, `html` or `svg`.

    Raises QueryError Q309 for another format.
    """
    match format:
        case "table":
            return plain(given)
        case "svg":
            from virtkg.present.spectrum_svg import picture

            return picture(given)
        case "json":
            from virtkg.present.spectrum_data import document

            return document(given)
        case "csv" | "tsv":
            from virtkg.present.spectrum_data import separated

            return separated(given, "," if format == "csv" else "\t")
        case "md":
            from virtkg.present.spectrum_markup import markdown

            return markdown(given)
        case "html":
            from virtkg.present.spectrum_markup import html

            return html(given)
        case _:
            raise QueryError("Q309", f"a spectrum has no format {format}", hint="use " + ", ".join(FORMATS))


# plain text


def plain(given: Spectrum) -> str:
    """Return a spectrum as plain text: tables of as many columns as a page is wide, legend, sources."""
    page = Page(given)
    parts = [[given.title, page.headline]]
    for columns in blocks(page, _WIDE):
        parts.append(list(table(*_block(page, columns))))
    parts += [list(group) for group in after(page)]
    return "\n\n".join("\n".join(safe(line) for line in part) for part in parts if part)


def after(page: Page) -> Iterator[tuple[str, ...]]:
    """Yield the groups of lines that stand below the matrix."""
    size = max((width(letters) for letters, _ in page.techniques), default=0)
    yield tuple(f"{letters}{' ' * (size - width(letters))}  {label}" for letters, label in page.techniques)
    yield (f"performance, the best first: {', '.join(sign.label for sign in page.classes)}",)
    yield page.remarks
    yield page.notes
    yield page.sources


def blocks(page: Page, wide: int) -> list[list[int]]:
    """Return the columns of the matrix in groups, each of which fits a width together with the modes."""
    first = max((width(safe(mode.label)) for mode in page.given.modes), default=0)
    found: list[list[int]] = []
    room = 0
    for number, resource in enumerate(page.given.resources):
        cells = [line for row in page.rows for line in _wrapped(row[number])]
        size = 2 + max(width(safe(text)) for text in (*wrap(heading(resource), _CELL), *cells, ""))
        if not found or size > room:
            found.append([])
            room = wide - first
        found[-1].append(number)
        room -= size
    return found


def _block(page: Page, columns: list[int]) -> tuple[list[str], list[list[str]]]:
    """Return header and lines of a plain table; a cell of several lines takes several of the table."""
    names = [[""], *(wrap(heading(page.given.resources[number]), _CELL) for number in columns)]
    height = max(map(len, names))
    head = _level([[""] * (height - len(name)) + name for name in names])  # names stand on their columns
    lines = [*head[1:]]
    for mode, row in zip(page.given.modes, page.rows, strict=True):
        lines += [[""] * (len(columns) + 1), *_level([[mode.label], *(_wrapped(row[number]) for number in columns)])]
    return head[0], lines


def _level(cells: list[list[str]]) -> list[list[str]]:
    """Return the lines of cells side by side."""
    height = max(len(cell) for cell in cells)
    return [[cell[number] if number < len(cell) else "" for cell in cells] for number in range(height)]


def _wrapped(lines: Iterable[Line]) -> list[str]:
    return [piece for line in lines for piece in wrap(str(line), _CELL)]


def wrap(text: str, size: float = _CELL, measure: Callable[[str], float] = width) -> list[str]:
    """Return a text in lines that are not wider than a size, unless a word is; citations part at their brackets."""
    lines = [""]
    for piece in re.split(r"(?<=\])(?=\[)|(?<=\w-)(?=\w)|(?=\s)", text):
        longer = (lines[-1] + piece).strip()
        if lines[-1] and measure(longer) > size:
            lines.append(piece.strip())
        else:
            lines[-1] = longer
    return lines

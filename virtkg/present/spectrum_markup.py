"""Spectrum → Markdown and HTML.

Knows: both syntaxes. Must not know: the graph, style sheets.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from virtkg.answer import Verdict
from virtkg.present.markup import escaped, grid
from virtkg.present.plain import safe
from virtkg.present.spectrum import Page, heading
from virtkg.spectrum import Cell, Heading, Spectrum


def markdown(given: Spectrum) -> str:
    """Return a spectrum as GitHub-flavoured Markdown."""
    page = Page(given)
    header = ("", *(heading(resource) for resource in given.resources))
    rows = [
        (mode.label, *("; ".join(str(line) for line in lines) for lines in row))
        for mode, row in zip(given.modes, page.rows, strict=True)
    ]
    parts = [f"*{escaped(given.title)}*", f"**{escaped(page.headline)}**", grid(header, rows)]
    for group in _groups(page):
        parts.append("\n".join(f"- {escaped(text)}" for text in group))
    return "\n\n".join(part for part in parts if part)


def html(given: Spectrum) -> str:
    """Return a spectrum as a fragment: one table, legend, notes, sources; what sources add to a cell is its tooltip."""
    page = Page(given)
    head = "".join(f'<th scope="col"{_tip([resource.definition])}>{_text(heading(resource))}</th>'
                   for resource in given.resources)  # fmt: skip
    rows = "".join(
        f"<tr>{_row_head(mode)}{''.join(map(_cell, cells, lines))}</tr>"
        for mode, cells, lines in zip(given.modes, given.cells, page.rows, strict=True)
    )
    parts = [
        f"<p><em>{_text(given.title)}</em></p><p><strong>{_text(page.headline)}</strong></p>",
        f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>",
        *(f"<ul>{''.join(f'<li>{_text(text)}</li>' for text in group)}</ul>" for group in _groups(page) if group),
    ]
    return f'<div class="virtkg-spectrum">{"".join(parts)}</div>'


def _groups(page: Page) -> tuple[tuple[str, ...], ...]:
    classes = ", ".join(sign.label for sign in page.classes)
    legend = (*(f"{letters}: {label}" for letters, label in page.techniques), f"performance, the best first: {classes}")
    return legend, page.remarks, page.notes, page.sources


def _row_head(mode: Heading) -> str:
    return f'<th scope="row"{_tip([mode.definition])}>{_text(mode.label)}</th>'


def _cell(cell: Cell, lines: Iterable[object]) -> str:
    marked = "" if cell.verdict is Verdict.YES else f' class="{cell.verdict}"'
    return f"<td{marked}{_tip(cell.remarks)}>{'<br>'.join(_text(str(line)) for line in lines)}</td>"


def _tip(texts: Iterable[str]) -> str:
    said = "&#10;".join(_text(text) for text in texts if text)
    return f' title="{said}"' if said else ""


def _text(text: str) -> str:
    return escape(safe(text))

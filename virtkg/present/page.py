"""A page of tables in the layouts that any table has: plain text, Markdown, HTML, CSV and TSV.

Knows: those layouts. Must not know: what the tables are about.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from html import escape

from virtkg.present.markup import escaped, grid, unsteered
from virtkg.present.plain import safe, table
from virtkg.record import record


@record
class Table:
    """Rows under a header; `title` says what they are."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@record
class Page:
    """A headline, tables, and remarks below them."""

    headline: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()


def plain(page: Page) -> str:
    """Return a page as plain text."""
    parts = [safe(page.headline)]
    for given in page.tables:
        title = [safe(given.title)] if given.title else []
        parts.append("\n".join([*title, *table(given.header, given.rows)]))
    parts += ["\n".join(safe(note) for note in page.notes)] if page.notes else []
    return "\n\n".join(parts)


def markdown(page: Page) -> str:
    """Return a page as GitHub-flavoured Markdown."""
    parts = [f"**{escaped(page.headline)}**"]
    for given in page.tables:
        parts += [f"*{escaped(given.title)}*"] if given.title else []
        parts.append(grid(given.header, given.rows))
    parts += ["\n".join(f"- {escaped(note)}" for note in page.notes)] if page.notes else []
    return "\n\n".join(parts)


def html(page: Page) -> str:
    """Return a page as a fragment."""
    parts = [f"<p><strong>{_text(page.headline)}</strong></p>"]
    for given in page.tables:
        parts += [f"<p><em>{_text(given.title)}</em></p>"] if given.title else []
        head = "".join(f"<th>{_text(cell)}</th>" for cell in given.header)
        body = "".join("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in given.rows)
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    parts += ["<ul>" + "".join(f"<li>{_text(note)}</li>" for note in page.notes) + "</ul>"] if page.notes else []
    return f'<div class="virtkg-page">{"".join(parts)}</div>'


def separated(header: Sequence[str], rows: Iterable[Sequence[str]], format: str) -> str:
    """Return rows as CSV (RFC 4180) or TSV, no cell of which a spreadsheet takes for a formula."""
    output = io.StringIO()
    delimiter, end = (",", "\r\n") if format == "csv" else ("\t", "\n")
    writer = csv.writer(output, delimiter=delimiter, lineterminator=end)
    writer.writerow(header)
    writer.writerows([unsteered(cell) for cell in row] for row in rows)
    return output.getvalue()


def _text(text: str) -> str:
    return escape(safe(text))

"""Tables and colour for a terminal, by rich; the content is that of plain text.

Knows: rich. Must not know: the graph. Imported only when output is a terminal.
"""

from __future__ import annotations

import io
import os
import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from virtkg.answer import Answer
from virtkg.present import nearest
from virtkg.present.plain import safe
from virtkg.present.sheet import sheet
from virtkg.present.tree import sides

_STYLES = {"yes": "green", "no": "red", "disputed": "yellow", "unknown": "dim"}


def show(answer: Answer) -> None:
    """Print an answer on the terminal; what its encoding does not have is escaped."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    console = Console(no_color="NO_COLOR" in os.environ, highlight=False)
    _show(answer, console)
    for other in answer.further:
        console.print()
        _show(other, console)


def _show(answer: Answer, console: Console) -> None:
    page = sheet(answer)
    console.print(Text(safe(page.reading), style="italic dim"))
    if page.unread:
        console.print(Text(safe(page.unread), style="yellow"))
    if page.headline:
        console.print(Text(safe(page.headline), style="bold"))
    if page.rows:
        table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
        for name in page.header:
            table.add_column(name, overflow="fold")
        for row in page.rows:
            table.add_row(*(_cell(text) for text in row))
        console.print()
        console.print(table)
    near = nearest.lines(answer.lacking, drawn=True)
    for lines in (sides(answer.sides, drawn=True), near, page.notes, page.sources):
        shown = [safe(line) for line in lines]
        if shown:
            console.print()
            for line in shown:
                console.print(Text(line, style="dim" if lines is page.sources else ""))


def _cell(text: str) -> Text:
    first = text.partition(" ")[0]
    return Text(safe(text), style=_STYLES.get(first, "yellow" if "(disputed" in text else ""))

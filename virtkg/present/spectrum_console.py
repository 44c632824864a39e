"""The spectrum on a terminal, by rich; the content is that of plain text.

Knows: rich. Must not know: the graph. Imported only when output is a terminal.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from virtkg.answer import Verdict
from virtkg.present.plain import safe
from virtkg.present.spectrum import Line, Page, Part, after, blocks, heading, wrap
from virtkg.spectrum import Spectrum

_STYLES: Final = {Part.TECHNIQUE: "bold", Part.CLASS: "", Part.STATE: "dim"}


def show(given: Spectrum) -> None:
    """Print a spectrum on the terminal; what its encoding does not have is escaped."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    console = Console(no_color="NO_COLOR" in os.environ, highlight=False)
    page = Page(given)
    console.print(Text(safe(given.title), style="italic dim"))
    console.print(Text(safe(page.headline), style="bold"))
    for columns in blocks(page, console.width):
        console.print()
        console.print(_table(page, columns))
    for group in after(page):
        if group:
            console.print()
            for line in group:
                console.print(Text(safe(line), style="dim" if group is page.sources else ""))


def _table(page: Page, columns: list[int]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False, padding=(0, 2, 1, 0))
    table.add_column("", overflow="fold", style="bold")
    for number in columns:
        table.add_column(Text("\n".join(map(safe, wrap(heading(page.given.resources[number]))))), overflow="fold")
    for mode, row in zip(page.given.modes, page.rows, strict=True):
        table.add_row(Text(safe(mode.label)), *(_cell(row[number]) for number in columns))
    return table


def _cell(lines: Iterable[Line]) -> Text:
    text = Text()
    for number, line in enumerate(lines):
        disputed = line.text == Verdict.DISPUTED
        text.append("\n" if number else "")
        text.append("\n".join(map(safe, wrap(str(line)))), style="yellow" if disputed else _STYLES[line.part])
    return text

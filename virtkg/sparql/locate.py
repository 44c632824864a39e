"""Which line of a query the engine cannot read.

Knows: how to ask the engine whether lines could still become a query.
Must not know: the grammar, limits, or processes.

The engine's own places are too far on, by up to the length of the keyword that
it tried last. So the first line that cannot follow those before it is searched for.
"""

from __future__ import annotations

import re

from pyoxigraph import Store

_MARK = "\n" * 32 + "\x01"
"""More lines than any keyword has letters, then a sign that no query holds, so that no probe is ever evaluated."""


def first_bad(lines: list[str]) -> int:
    """Return the index of the first line after which no query can follow, or the number of lines.

    Asks the engine about as often as the number of lines has binary digits.
    """
    good, bad = 0, len(lines) + 1
    while bad - good > 1:
        middle = (good + bad) // 2
        if _may_go_on(lines[:middle]):
            good = middle
        else:
            bad = middle
    return bad - 1


def line_of(message: str) -> int:
    """Return the line, from 0, of the engine's message `error at line:column: …`, or 0."""
    match = re.match(r"error at (\d+):", message)
    return int(match[1]) - 1 if match else 0


def _may_go_on(lines: list[str]) -> bool:
    """Tell whether the engine can read these lines to their end."""
    try:
        Store().query("\n".join(lines) + _MARK)
    except SyntaxError as error:
        return line_of(str(error)) >= len(lines) - 1 + len(_MARK) - 1
    return True

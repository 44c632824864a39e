"""Parse tree of a day, month or year → Moment.

Knows: the rule `moment` of grammar.lark, and the months. Must not know: the graph, or what is dated.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from typing import Final

from lark import Token, Tree

from virtkg.language.nodes import tokens
from virtkg.language.syntax import Moment, Phrase
from virtkg.language.words import fold

_MONTHS: Final = tuple(calendar.month_name[number].casefold() for number in range(1, 13))


def moment(tree: Tree[Token], phrase: Callable[[Token], Phrase]) -> Moment:
    """Return the moment that a tree stands for."""
    parts = [(token.type, phrase(token)) for token in tokens(tree)]
    texts = {kind: said.text for kind, said in parts}
    date = fold(texts.get("DATE", ""))
    if "MONTH" in texts:
        date = f"{date[:4]}-{_MONTHS.index(fold(texts['MONTH'])) + 1:02}"
    if "NUMBER" in texts:
        date += f"-{texts['NUMBER']:0>2}"
    return Moment(date, parts[0][1].start, parts[-1][1].end)

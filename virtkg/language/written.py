"""Dates and numbers of things as they are written in a parse tree → their values.

Knows: months, numerals. Must not know: what they are said of.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from virtkg.language.nodes import Token, Tree, tokens
from virtkg.language.syntax import Amount, Moment, Phrase
from virtkg.language.vocabulary import keywords
from virtkg.language.words import fold

_MONTHS: Final = tuple(calendar.month_name[number].casefold() for number in range(1, 13))


def amount(tree: Tree, phrase: Callable[[Token], Phrase]) -> Amount:
    """Return a number of things, in figures or as a word."""
    said = phrase(tokens(tree)[0])
    written = said.text.replace(",", "")
    if said.terminal == "NUMERAL":
        # Numerals stand in the list of keywords in their order, from one.
        numerals = [word for word, terminals in keywords().items() if said.terminal in terminals]
        written = str(numerals.index(fold(said.text)) + 1)
    return Amount(Decimal(written), said.start, said.end)


def moment(tree: Tree, phrase: Callable[[Token], Phrase]) -> Moment:
    """Return a day, month or year."""
    parts = [(token.type, phrase(token)) for token in tokens(tree)]
    texts = {kind: said.text for kind, said in parts}
    date = fold(texts.get("DATE", ""))
    if "MONTH" in texts:
        date = f"{date[:4]}-{_MONTHS.index(fold(texts['MONTH'])) + 1:02}"
    if "NUMBER" in texts:
        date += f"-{texts['NUMBER']:0>2}"
    return Moment(date, parts[0][1].start, parts[-1][1].end)

"""A text that is no question → questions about what it mentions, those about most of it first.

Knows: the table of such questions. Must not know: what they mean, or what a text lacked.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise, permutations, product
from typing import Final

from virtkg.language.lattice import lattice
from virtkg.language.mentions import Mention, mentions
from virtkg.language.vocabulary import Vocabulary
from virtkg.language.words import Word, split
from virtkg.record import record

_DENIALS: Final = frozenset({"BENOT", "DONOT", "LACK", "NOT", "WITHOUT"})

_ASKING: Final = frozenset(
    {"BENOT", "COUNT", "DO", "DONOT", "HOW", "HOWLONG", "SINCEWHEN", "UNTILWHEN", "WH", "WHEN", "WHERE", "WHY"}
)
"""What a question begins with, and nothing that “and” joins within one."""

_ENDS: Final = re.compile(r"(?<=[.?!])\s+|[;:,]\s+|\s+[-\u2013\u2014]\s+")
_IT: Final = re.compile(r"\bit\b", re.IGNORECASE)

_SENTENCES: Final = 6
"""The most sentences of a text that are tried: each is answered, to see what it gives."""

_ALIKE: Final = "{ENT[0]} and {ENT[1]}"
"""What a question says of two things whose order is all one."""

_HOW: Final = "FVERB"
"""The verb of a question of how, whichever the graph has."""

_MOST: Final = 4
"""The most mentions of one kind that are tried in their orders."""


@record
class Gist:
    """A question about `size` of the things that a text mentions."""

    size: int
    text: str


@record
class _Template:
    """What a text must mention and say for a question to be about it; `denies` is None if that is all one."""

    mentioned: tuple[str, ...]
    marks: frozenset[str]
    denies: bool | None
    question: str


def gists(words: list[Word], vocabulary: Vocabulary) -> list[Gist]:
    """Return questions about what a text mentions, those about most of it first."""
    found = mentions(words, vocabulary, guess=True)
    said = {edge.terminal for edges in lattice(words, vocabulary) for edge in edges if not edge.senses}
    denies = bool(said & _DENIALS)
    how = next((phrase for phrase, terminal in vocabulary.phrases() if terminal == _HOW), "")
    fitting = [
        Gist(len(template.mentioned), text)
        for template in sorted(_templates(), key=lambda template: not template.marks)
        if (not template.marks or template.marks & said) and template.denies in (None, denies)
        for text in _filled(template, found, how)
    ]
    return sorted(dict.fromkeys(fitting), key=lambda gist: -gist.size)


def sentences(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the sentences of a text of several; “it” in one is also the one thing that the others mention."""
    parts = [part for whole in _ENDS.split(text) for part in _joined(whole, vocabulary) if part.strip()][:_SENTENCES]
    for place, part in enumerate(parts if len(parts) > 1 else ()):
        others = " ".join(other for at, other in enumerate(parts) if at != place)
        names = {found.written for found in mentions(split(others), vocabulary) if found.terminal == "ENT"}
        if _IT.search(part) and len(names) == 1:
            yield names.pop().join(_IT.split(part))
        yield part


def _joined(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the questions that “and” joins in a sentence, before a word that asks."""
    words = split(text)
    edges = lattice(words, vocabulary)
    begin = 0
    for here, after in pairwise(range(len(words))):
        starts = {edge.terminal for edge in edges[after] if not edge.senses}
        if begin < words[here].start and any(edge.terminal == "AND" for edge in edges[here]) and starts & _ASKING:
            yield text[begin : words[here].start]
            begin = words[after].start
    yield text[begin:]


def _filled(template: _Template, found: list[Mention], how: str) -> Iterator[str]:
    """Yield the question about each choice of the mentions that it needs, in the order of the text first."""
    needed = Counter(template.mentioned)
    choose = combinations if _ALIKE in template.question else permutations
    orders = []
    for terminal, count in needed.items():
        texts = list(dict.fromkeys(mention.written for mention in found if mention.terminal == terminal))
        orders.append(list(choose(texts[:_MOST], count)))
    for chosen in product(*orders):
        yield template.question.format_map(dict(zip(needed, chosen, strict=True)) | {_HOW: how})


@cache
def _templates() -> tuple[_Template, ...]:
    path = os.path.join(os.path.dirname(__file__), "gists.tsv")
    with open(path, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    either = {"yes": True, "no": False, "either": None}
    return tuple(
        _Template(tuple(mentioned.split()), frozenset(filter(None, marks.split("|"))), either[denies], question)
        for mentioned, marks, denies, question in rows
    )

"""A text that is no question → questions about what it mentions, those about most of it first.

Knows: the table of such questions. Must not know: what they mean, or what a text lacked.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations, permutations, product
from typing import Final

from virtkg.language.lattice import lattice
from virtkg.language.mentions import Mention, mentions
from virtkg.language.vocabulary import Vocabulary
from virtkg.language.words import Word
from virtkg.record import record

_DENIALS: Final = frozenset({"BENOT", "DONOT", "LACK", "NOT", "WITHOUT"})

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

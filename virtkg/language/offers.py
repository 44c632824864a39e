"""A text about what is not held → questions about the same things that are answered.

Knows: the templates of the topics. Must not know: what an offered question means, or how it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice, permutations, product, zip_longest
from typing import Final

from virtkg.language.mentions import mentions
from virtkg.language.topics import Topic
from virtkg.language.vocabulary import Vocabulary
from virtkg.language.words import Word

_ORDERS: Final = 6


def offers(topics: list[Topic], words: list[Word], vocabulary: Vocabulary) -> list[list[str]]:
    """Return what each template of topics offers about the things of a text, of each topic the first, then the next."""
    found = mentions(words, vocabulary)
    things, classes = (
        list(dict.fromkeys(mention.written for mention in found if mention.terminal == terminal))
        for terminal in ("ENT", "CLASS")
    )
    of_each = zip_longest(*(topic.offers for topic in topics))
    return [list(_filled(text, things, classes)) for offered in of_each for text in offered if text]


def _filled(template: str, things: list[str], classes: list[str]) -> Iterator[str]:
    count = template.count("{thing}")
    alike = "{thing} and {thing}" in template
    orders = islice((combinations if alike else permutations)(things, count), _ORDERS)
    for chosen, class_ in product(orders, classes if "{class}" in template else [""]):
        text = template.replace("{class}", class_)
        for thing in chosen:
            text = text.replace("{thing}", thing, 1)
        yield text

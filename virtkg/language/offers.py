"""A text about what is not held → questions about the same things that are answered.

Knows: the templates of the topics, and how the things of a text are found.
Must not know: what an offered question means, or how it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice, permutations, product, zip_longest
from typing import Final

from virtkg.language.lattice import lattice
from virtkg.language.topics import Topic
from virtkg.language.vocabulary import Vocabulary
from virtkg.language.words import Word, plural, stem

_ORDERS: Final = 6


def offers(topics: list[Topic], words: list[Word], vocabulary: Vocabulary) -> list[list[str]]:
    """Return what each template of topics offers about the things of a text, of each topic the first, then the next."""
    things, classes = _spoken_of(words, vocabulary)
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


def _spoken_of(words: list[Word], vocabulary: Vocabulary) -> tuple[list[str], list[str]]:
    """Return the names of the things and the plurals of the classes in a text, in its order."""
    edges = lattice(words, vocabulary)
    things: list[str] = []
    classes: list[str] = []
    place = 0
    while place < len(words):
        found = next((edge for edge in edges[place] if edge.terminal in ("ENT", "CLASS")), None)
        place += 1
        if found is not None:
            name = vocabulary.name_for(" ".join(stem(word.normal) for word in words[found.start : found.end]))
            if found.terminal == "ENT":
                things.append(name)
            else:
                classes.append(plural(name))
            place = found.end
    return list(dict.fromkeys(things)), list(dict.fromkeys(classes))

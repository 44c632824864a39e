"""Texts in the words of a graph and in the order of the grammar, most of which mean nothing, as a seed decides.

Each is derived from the rules of grammar.lark, with words of the vocabulary for its
terminals. The things that a text names are mostly neighbours in the graph, so that
some of what is asked has an answer; some texts are spoilt afterwards.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Final

from lark.grammar import NonTerminal, Symbol

from virtkg.language.categories import TERMINALS, Category
from virtkg.language.grammar import question_grammar
from virtkg.language.lattice import NOISE
from virtkg.language.parse import MAX_CHARACTERS, QUESTION
from virtkg.language.vocabulary import Vocabulary, keywords
from virtkg.language.words import plural
from virtkg.snapshot.reader import Snapshot

_DEEP: Final = (4, 10)
"""From some depth of these on the shortest way out of a rule is taken."""

_WRITTEN: Final = {
    "NUMBER": ("0", "1", "3", "16", "1.5", "1,024", "4096", "31", "9999999999"),
    "DATE": ("2012", "2020-06", "2012-06-30", "2012-13", "1899", "2019-02-30"),
}
_STRANGE: Final = ("9.9", "zorb", "(", ")", "?", '"', "-", "2.0.0.1", "not", "or", "’", "<", "TB")
_NEAR: Final = 0.8
"""How often a word is one of those for a thing, its neighbours, and what relates them."""


class Writer:
    """Writes texts over the vocabulary of a snapshot."""

    def __init__(self, snapshot: Snapshot, seed: int) -> None:
        self._snapshot = snapshot
        self._chance = random.Random(seed)
        self._vocabulary = Vocabulary(snapshot)
        self.rules: dict[str, list[list[Symbol]]] = {}
        """What each rule of the grammar can be."""
        for rule in question_grammar().rules:
            self.rules.setdefault(str(rule.origin.name), []).append(list(rule.expansion))
        self._depths = self._all_depths()
        self._words = self._all_words()
        self._named: dict[int, list[tuple[str, str]]] = {}
        for phrase, meanings in snapshot.phrases():
            for category, _, term in meanings:
                self._named.setdefault(term, []).append((TERMINALS[Category(category)], phrase))
        self._things = [term for term, names in self._named.items() if names[0][0] == "ENT"]
        self._theme: dict[str, list[str]] = {}
        self._deep = 0
        self.derived = Counter[str]()
        """How often each rule was derived."""

    def texts(self) -> Iterator[str]:
        """Yield texts without end."""
        while True:
            self._theme = self._neighbours()
            self._deep = self._chance.randint(*_DEEP)
            words = self._derived(self._chance.choice((QUESTION, "sentence", "sentence")), 0)
            while self._chance.random() < 0.15:
                words = self._spoilt(words)
            yield " ".join(words)[: MAX_CHARACTERS + 1]

    def _all_depths(self) -> dict[str, int]:
        """Return for each rule how deep its shallowest tree is."""
        depths: dict[str, int] = {}
        while len(depths) < len(self.rules):
            for name, expansions in self.rules.items():
                known = [found for one in expansions if (found := self._depth(one, depths)) is not None]
                if known:
                    depths[name] = min(known)
        return depths

    def _depth(self, expansion: list[Symbol], depths: dict[str, int]) -> int | None:
        inner = [depths.get(str(symbol.name)) for symbol in expansion if isinstance(symbol, NonTerminal)]
        return None if None in inner else 1 + max((depth for depth in inner if depth is not None), default=0)

    def _all_words(self) -> dict[str, list[str]]:
        words: dict[str, list[str]] = {terminal: list(written) for terminal, written in _WRITTEN.items()}
        for phrase, terminals in keywords().items():
            for terminal in terminals:
                words.setdefault(terminal, []).append(phrase)
        for phrase, terminal in self._vocabulary.phrases():
            words.setdefault(terminal, []).append(phrase)
        words["CNOUN"] = [text for text in words["NOUN"] if text in set(words["CLASS"])]
        return {terminal: sorted(found) for terminal, found in words.items()}

    def _neighbours(self) -> dict[str, list[str]]:
        """Return the words for a thing, for what it is related to, and for what relates them, by terminal."""
        thing = self._chance.choice(self._things)
        facts = self._snapshot.about(thing)
        found: dict[str, list[str]] = {}
        for term in dict.fromkeys((thing, *(term for predicate, object_, _ in facts for term in (predicate, object_)))):
            for terminal, phrase in self._named.get(term, ()):
                found.setdefault(terminal, []).append(phrase)
        return found

    def _derived(self, rule: str, depth: int) -> list[str]:
        expansions = self.rules[rule]
        if depth > self._deep:
            least = self._depths[rule]
            expansions = [one for one in expansions if (self._depth(one, self._depths) or 0) <= least]
        self.derived[rule] += 1
        words: list[str] = []
        for symbol in self._chance.choice(expansions):
            name = str(symbol.name)
            words += self._derived(name, depth + 1) if isinstance(symbol, NonTerminal) else [self._word(name)]
        return words

    def _word(self, terminal: str) -> str:
        near = terminal in self._theme and self._chance.random() < _NEAR
        word = self._chance.choice((self._theme if near else self._words)[terminal])
        if terminal in ("CLASS", "NUMPROP", "ENT"):
            word = self._written(word)
            return plural(word) if terminal == "CLASS" and self._chance.random() < 0.7 else word
        return word

    def _written(self, phrase: str) -> str:
        return self._vocabulary.label_for(phrase) if self._chance.random() < 0.7 else phrase

    def _spoilt(self, words: list[str]) -> list[str]:
        """Return words with one less, more, twice, misspelt or in another place."""
        place = self._chance.randrange(len(words) + 1)
        before, after = words[:place], words[place:]
        match self._chance.randrange(6):
            case 0:
                return [*before, *after[1:]] if len(words) > 1 else words
            case 1:
                return [*before, *after[:1], *after]
            case 2:
                return [*before, self._chance.choice(_STRANGE), *after]
            case 3:
                terminal = self._chance.choice([name for name in self._words if name != NOISE])
                return [*before, self._word(terminal), *after]
            case 4 if after and after[0]:
                at = self._chance.randrange(len(after[0]))
                return [*before, after[0][:at] + after[0][at + 1 :], *after[1:]]
            case _:
                return [*after, *before]

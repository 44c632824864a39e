"""A question without rows → the fewest of its conditions to leave out so that there are some.

What one condition is, `language.leaving_out` says. Of sets of as many conditions all are
found that help; a whole phrase is not named where a part of it is enough.

Knows: how truths fold, and how many sets are worth trying.
Must not know: how a row is found, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, permutations
from math import comb
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from virtkg.answer import Note
from virtkg.extreme import is_dated
from virtkg.language.conditions import Besides, Condition, Every, Junction, Not, ResolvedNoun
from virtkg.language.leaving_out import Place, atoms, is_inside, places, without
from virtkg.language.resolved import Listing, ResolvedExtreme, ResolvedList, ResolvedRanked
from virtkg.language.translate import DISPUTED, NO, UNKNOWN, YES, translate
from virtkg.record import record, replace

if TYPE_CHECKING:
    from virtkg.grounds import Finder
    from virtkg.language.algebra import Select
    from virtkg.language.resolved import ResolvedQuestion
    from virtkg.snapshot.facts import Facts
    from virtkg.snapshot.terms import GroundTerm
    from virtkg.values import Values

_MOST_SETS: Final = 256
"""How many sets of conditions are tried: all of two among twenty-two. Each costs folding truths that are known."""
_SHOWN: Final = 3
_NUMBERS: Final = ("none", "one", "two", "three", "four", "five")
_NONE: Final = "is known to satisfy this"
_CERTAIN: Final = frozenset({YES})
_POSSIBLE: Final = frozenset({YES, DISPUTED})
_SWAPPED: Final = {YES: NO, NO: YES}
_BESIDES: Final = {YES: NO, DISPUTED: DISPUTED}


@record
class Emptied:
    """A question without rows: `wanted` are the truths that would make one, `plain` says that there is none.

    `could_be` tells of what satisfies it, by its IRI, whether it can be a row; `rows` counts the
    rows of a question, None where each thing that satisfies it is one.
    """

    meant: Listing
    wanted: frozenset[int]
    plain: str
    could_be: Callable[[str], bool] = lambda _: True
    rows: Callable[[Listing], int] | None = None


class WhyEmpty:
    """Finds what empties questions.

    `run` gives the rows of a query, `say` the canonical text of a question, `means` tells
    whether a text means just a question.
    """

    def __init__(
        self,
        facts: Facts,
        *,
        run: Callable[[Select], Sequence[tuple[GroundTerm, ...]]],
        finder: Finder,
        values: Values,
        say: Callable[[ResolvedQuestion], str],
        means: Callable[[str, ResolvedQuestion], bool],
    ) -> None:
        self._facts = facts
        self._run = run
        self._finder = finder
        self._values = values
        self._say = say
        self._means = means

    def notes(self, meant: Listing, rows: Callable[[Listing], int], *, certain: bool) -> tuple[Note, ...]:
        """Return the note that says what empties a question; `rows` counts the rows of another one of its kind."""
        match meant:
            case ResolvedExtreme():
                return self._notes(Emptied(meant, _POSSIBLE, f"nothing with a date {_NONE}", self._dated(meant), rows))
            case ResolvedRanked(property=property_):
                said = f"nothing with a known {self._values.label(property_)} {_NONE}"
                return self._notes(Emptied(meant, _POSSIBLE, said, self._measured(meant), rows))
            case _:
                open_ = isinstance(meant, ResolvedList) and meant.or_unknown
                wanted = _CERTAIN if certain else _POSSIBLE | {UNKNOWN} if open_ else _POSSIBLE
                return self._notes(Emptied(meant, wanted, f"nothing {_NONE}"))

    def _dated(self, meant: ResolvedExtreme) -> Callable[[str], bool]:
        date = self._facts.known(meant.property)
        return lambda thing: is_dated(self._values.values(self._number(thing), date), meant)

    def _measured(self, meant: ResolvedRanked) -> Callable[[str], bool]:
        return lambda thing: bool(self._finder.stated(meant, self._number(thing)))

    def _number(self, thing: str) -> int:
        return self._facts.known(NamedNode(thing))

    def _notes(self, emptied: Emptied) -> tuple[Note, ...]:
        table = _Table(emptied, self._run)
        condition = emptied.meant.noun.condition
        if table.count(emptied.meant.noun):
            return ()
        parts = condition.parts if isinstance(condition, Junction) and condition.joint == "and" else ()
        head = "nothing satisfies all conditions" if parts and emptied.rows is None else emptied.plain
        bare = table.weaker([()])
        if not table.count(bare):
            said = [self._by_itself(table, [bare])] if condition is not None else []
        else:
            said = [self._by_itself(table, [replace(bare, condition=part) for part in parts]), *self._enough(table)]
        return (Note("I701", "; ".join([head, *filter(None, said)])),)

    def _by_itself(self, table: _Table, nouns: Iterable[ResolvedNoun]) -> str:
        """Say which of some nouns have no members, "" if all have some."""
        empty = [noun for noun in nouns if not table.count(noun)]
        texts = [f"“{text}”" for noun in empty if (text := self._text(table.emptied, noun))]
        more = f" or {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
        return f"nothing satisfies {' or '.join(texts[:_SHOWN])}{more} by itself" if texts else ""

    def _enough(self, table: _Table) -> Iterator[str]:
        """Say what gives rows with the fewest conditions left out."""
        size, found = _smallest(table)
        counted = sorted(((self._rows(table, noun), noun) for noun in found), key=lambda pair: -pair[0])
        told = [(text, rows) for rows, noun in counted if rows and (text := self._text(table.emptied, noun))]
        yield from (f"“{text}” gives {rows:,}" for text, rows in told[:_SHOWN])
        if len(told) > _SHOWN:
            yield f"{len(told) - _SHOWN} more ways to leave out {_NUMBERS[size]} give rows too"
        if not found and size:
            yield (
                f"no {_NUMBERS[size]} conditions left out give rows" if size > 1 else "no condition left out gives rows"
            )

    def _rows(self, table: _Table, noun: ResolvedNoun) -> int:
        rows = table.emptied.rows
        return table.count(noun) if rows is None else rows(replace(table.emptied.meant, noun=noun))

    def _text(self, emptied: Emptied, noun: ResolvedNoun) -> str:
        """Return the text of a question with another noun, "" if it would be read otherwise."""
        meant = replace(emptied.meant, noun=noun)
        return text if self._means(text := self._say(meant), meant) else ""


def _smallest(table: _Table) -> tuple[int, list[ResolvedNoun]]:
    """Return the nouns that have members with the fewest conditions left out, and how many those are.

    Without any, the number is that up to which all sets were tried, 0 if there is nothing more to try.
    That only the class is left is no answer.
    """
    noun = table.emptied.meant.noun
    every = list(places(noun.condition))
    tried = 0
    for size in range(1, len(every)):
        tried += comb(len(every), size)
        if tried > _MOST_SETS or size >= len(_NUMBERS):
            return size - 1, []
        nouns = {left_out: table.weaker(left_out) for left_out in combinations(every, size) if _are_apart(left_out)}
        nouns = {left_out: weaker for left_out, weaker in nouns.items() if weaker.condition is not None}
        table.learn(nouns.values())
        helping = {left_out: weaker for left_out, weaker in nouns.items() if table.count(weaker)}
        if helping:
            least = [way for way in helping if not any(_is_less(other, way) for other in helping)]
            return size, list(dict.fromkeys(helping[way] for way in least))
    return 0, []


def _are_apart(left_out: tuple[Place, ...]) -> bool:
    return not any(is_inside(one, other) for one, other in permutations(left_out, 2))


def _is_less(one: tuple[Place, ...], other: tuple[Place, ...]) -> bool:
    """Tell whether a set leaves out less than another: only parts of what that leaves out."""
    return one != other and all(any(is_inside(place, whole) for whole in other) for place in one)


class _Table:
    """The truths of atoms for each thing of a class, found in few queries; nouns over the class fold them."""

    def __init__(self, emptied: Emptied, run: Callable[[Select], Sequence[tuple[GroundTerm, ...]]]) -> None:
        self.emptied = emptied
        self._run = run
        self._atoms: dict[Condition, list[int]] = {}
        noun = emptied.meant.noun
        query = translate(ResolvedList(replace(noun, condition=None), or_unknown=False))
        self._things = [thing for row in run(query) if emptied.could_be(thing := row[0].value)]
        self.learn([noun])

    def learn(self, nouns: Iterable[ResolvedNoun]) -> None:
        """Ask for the truths of those atoms that are new, all at once."""
        found = dict.fromkeys(atom for noun in nouns for atom in atoms(noun.condition))
        new = [atom for atom in found if atom not in self._atoms]
        if not new:
            return
        condition = new[0] if len(new) == 1 else Junction("and", tuple(new))
        noun = replace(self.emptied.meant.noun, condition=condition)
        rows = self._run(translate(ResolvedList(noun, or_unknown=False)))
        for number, atom in enumerate(new, 1):
            found_of = {row[0].value: int(row[number].value) for row in rows}
            self._atoms[atom] = [found_of.get(thing, UNKNOWN) for thing in self._things]

    def weaker(self, left_out: Iterable[Place]) -> ResolvedNoun:
        """Return the noun without some of its conditions."""
        noun = self.emptied.meant.noun
        return replace(noun, condition=without(noun.condition, left_out) if noun.condition is not None else None)

    def count(self, noun: ResolvedNoun) -> int:
        """Return how many things are members of a noun whose atoms are known."""
        return sum(truth in self.emptied.wanted for truth in self._truths(noun.condition))

    def _truths(self, condition: Condition | None) -> list[int]:
        """Return the truths of a condition, thing by thing."""
        match condition:
            case None:
                return [YES] * len(self._things)
            case Every(_, _, part):
                return self._truths(part)
            case Not(part):
                return [_SWAPPED.get(truth, truth) for truth in self._truths(part)]
            case Besides(part):
                return [_BESIDES.get(truth, YES) for truth in self._truths(part)]
            case Junction(joint, parts):
                fold = min if joint == "and" else max
                return list(map(fold, *map(self._truths, parts)))
            case _:
                return self._atoms[condition]

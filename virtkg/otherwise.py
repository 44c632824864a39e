"""A list of what does not have a thing, and of which no source says so → what some are known to have instead.

“Cloud services that do not use Xen”: that a source names another hypervisor denies
nothing, since a service may use two; but it is what is known.

Knows: that one relation may lead to several things. Must not know: how a list is found or shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeGuard

from pyoxigraph import NamedNode

from virtkg.answer import Note
from virtkg.evidence import Evidence
from virtkg.language.algebra import Select
from virtkg.language.conditions import Condition, Not, Related, conjuncts
from virtkg.language.logic import one
from virtkg.language.resolved import Listing, ResolvedAsk, ResolvedList, ResolvedQuestion
from virtkg.language.schema import Schema
from virtkg.language.translate import YES, translate
from virtkg.language.words import listed
from virtkg.record import replace
from virtkg.snapshot.facts import Facts

_SHOWN: Final = 12


class Otherwise:
    """Finds what things of an empty list are related to; `truths` gives the truth of each thing of a query."""

    def __init__(
        self, facts: Facts, schema: Schema, evidence: Evidence, truths: Callable[[Select], dict[int, int]]
    ) -> None:
        self._number = facts.known
        self._schema = schema
        self._evidence = evidence
        self._truths = truths

    def notes(self, meant: ResolvedQuestion) -> tuple[Note, ...]:
        """Return a note for each relation of which nothing is known in a question, on the other things by it."""
        if isinstance(meant, ResolvedAsk):
            return (*(() if meant.why else self._of_one(meant)), *self._noted(meant))
        return self._of_list(meant) if isinstance(meant, Listing) else ()

    def _of_list(self, meant: Listing) -> tuple[Note, ...]:
        """Return a note for each relation that is denied in the list, on those that have other things by it."""
        parts = conjuncts(meant.noun.condition)
        relations = [part.part for part in parts if isinstance(part, Not) and _leads_to_thing(part.part)]
        if not relations:
            return ()
        rest = [part for part in parts if not (isinstance(part, Not) and part.part in relations)]
        noun = replace(meant.noun, condition=one(rest, "and") if rest else None)
        truths = self._truths(translate(ResolvedList(noun, or_unknown=False)))
        things = self._schema.in_order(thing for thing, truth in truths.items() if truth == YES)
        return tuple(
            note
            for property_ in dict.fromkeys(part.property for part in relations)
            for note in self._note(things, property_, [part for part in relations if part.property == property_])
        )

    def _of_one(self, meant: ResolvedAsk) -> tuple[Note, ...]:
        """Return a note on what a thing is known to have instead, where nothing could deny what is asked of it."""
        asked = meant.condition
        if not _leads_to_thing(asked) or asked.contraries:
            return ()
        number = self._number(asked.property)
        had = self._schema.things_of(self._number(meant.subject), number) if self._schema.forms(number, "noun") else []
        if not had:
            return ()
        label = self._schema.label
        said = f"{label(self._number(meant.subject))} {label(number)} {listed([*map(label, had)], _SHOWN)}"
        return (Note("I741", f"what is known: {said}; that denies no other"),)

    def _noted(self, meant: ResolvedAsk) -> Iterator[Note]:
        """Yield what sources note of the one of two things in a question and say of the other by its name."""
        asked = meant.condition.part if isinstance(meant.condition, Not) else meant.condition
        if not isinstance(asked, Related) or not isinstance(asked.object, NamedNode):
            return
        ends = self._number(meant.subject), self._number(asked.object)
        for thing, other in (ends, ends[::-1]):
            name = re.compile(rf"\b{re.escape(self._schema.label(other))}\b")
            for text, slugs in self._evidence.noted(thing):
                if name.search(text):
                    yield Note("I747", f"noted of {self._schema.label(thing)}: {text} ({', '.join(slugs)})")

    def _note(self, things: list[int], property_: NamedNode, denied: list[Related]) -> tuple[Note, ...]:
        number = self._number(property_)
        unwanted = {self._number(part.object) for part in denied if isinstance(part.object, NamedNode)}
        known = [(thing, self._schema.things_of(thing, number)) for thing in things]
        other = [(thing, had) for thing, had in known if had and unwanted.isdisjoint(had)]
        if not other:
            return ()
        label = self._schema.label
        said = listed([f"{label(thing)} ({listed([*map(label, had)], 3)})" for thing, had in other], _SHOWN)
        told = f"no source denies it; of {len(other)}, “{label(number)}” is known with another: {said}"
        return (Note("I741", told),)


def _leads_to_thing(condition: Condition) -> TypeGuard[Related]:
    return isinstance(condition, Related) and not condition.inverse and isinstance(condition.object, NamedNode)

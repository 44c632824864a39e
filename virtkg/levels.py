"""How far a thing has something that is asked for: in part, as an experiment, deprecated.

Knows: that some properties tell at what level another holds, or nearly does.
Must not know: verdicts, words, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from pyoxigraph import NamedNode

from virtkg.answer import LEVEL, Field, Note, Value
from virtkg.evidence import Evidence
from virtkg.language.conditions import Condition, Every, Junction, Not, Related
from virtkg.language.schema import Schema
from virtkg.language.words import listed
from virtkg.namespaces import VKG
from virtkg.record import record
from virtkg.snapshot.facts import Facts
from virtkg.snapshot.reader import TripleKey
from virtkg.values import Values

Levelled: TypeAlias = "list[tuple[Related, list[int]]]"
"""Relations asked for, each with the properties that tell a level of it."""


@record
class Level:
    """A fact that tells a level of something, and its words; `short` if the thing itself does not hold for that."""

    name: str
    fact: TripleKey
    short: bool


class Levels:
    """Finds the levels at which things satisfy conditions."""

    def __init__(self, facts: Facts, schema: Schema, evidence: Evidence, values: Values) -> None:
        self._facts = facts
        self._schema = schema
        self._evidence = evidence
        self._values = values

    def _of(self, levelled: Levelled, thing: int) -> list[Level]:
        """Return the levels that sources give for what is asked of a thing."""
        found: list[Level] = []
        for related, levels in levelled:
            assert isinstance(related.object, NamedNode)
            asked, object_ = self._facts.known(related.property), self._facts.known(related.object)
            about = f"{self._schema.label(object_)}: " if len(levelled) > 1 else ""
            subject, object_ = (object_, thing) if related.inverse else (thing, object_)
            held = [level for level in levels if self._evidence.holds((subject, level, object_))]
            short = bool(held) and not self._evidence.holds((subject, asked, object_))
            for level in held:
                name = self._schema.texts(level, VKG + "levelName")[0]
                found.append(Level(about + name, (subject, level, object_), short))
        return found

    def _levelled(self, condition: Condition | None) -> Levelled:
        """Return the relations that a condition asks for and that have levels, with these."""
        pairs = [(part, self._levels_of(self._facts.known(part.property))) for part in _relations(condition)]
        return [pair for pair in pairs if pair[1]]

    def fields(self, condition: Condition | None, thing: int) -> list[Field]:
        """Return the levels as a column of an answer, nothing if no source gives one."""
        values: list[Value] = []
        for level in self._of(self._levelled(condition), thing):
            subject, property_, object_ = level.fact
            stated = self._values.value(subject, property_, object_)
            values.append(Value(level.name, level.name, "", stated.verdict, stated.inferred, stated.sources))
        return [Field(LEVEL, tuple(dict.fromkeys(values)))] if values else []

    def remarks(self, condition: Condition, thing: int) -> list[Note]:
        """Return what sources add to the statements of a level."""
        return [
            Note("I705", f"{remark.source}: {remark.said}")
            for level in self._of(self._levelled(condition), thing)
            for remark in self._evidence.remarks(level.fact)
            if remark.said
        ]

    def note(self, condition: Condition | None, things: Iterable[int]) -> list[Note]:
        """Say which of some things that are not known to satisfy a condition nearly do, and how far."""
        near = []
        levelled = self._levelled(condition)
        for thing in things if levelled else ():
            names = dict.fromkeys(level.name for level in self._of(levelled, thing) if level.short)
            if names:
                near.append(f"{self._schema.label(thing)} ({', '.join(names)})")
        return [Note("I731", f"not counted as yes: {listed(near)}")] if near else []

    def _levels_of(self, property_: int) -> list[int]:
        levels = self._schema.having(VKG + "levelOf")
        return [level for level in levels if property_ in self._schema.values_of(level, VKG + "levelOf")]


def _relations(condition: Condition | None) -> Iterator[Related]:
    """Yield the conditions on one named thing."""
    match condition:
        case Related(_, _, NamedNode(), steps=""):
            yield condition
        case Not(part):
            yield from _relations(part)
        case Junction(_, parts):
            for part in parts:
                yield from _relations(part)
        case Every(_, _, part):
            yield from _relations(part)
        case _:
            return

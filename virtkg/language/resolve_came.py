"""Places in the order of versions → conditions on what versions brought or gave up: `modes since Xen 3.0`.

Knows: which relations of versions are events, and what orders versions.
Must not know: the text's grammar, dates, or SPARQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from virtkg.language.conditions import Came, Related, ResolvedNoun
from virtkg.language.schema import Schema
from virtkg.language.syntax import Modifier, Phrase, Timing
from virtkg.namespaces import VKG

STEPS: Final = {"after": (False, "+"), "since": (False, "*"), "before": (True, "+"), "until": (True, "*")}
"""How a word leads from a version along the order: against it or with it, and whether the version counts."""

BACK: Final = {"+": "*", "*": "+"}
"""How a way back leads that denies one along an order."""


def came(schema: Schema, modifier: Modifier, classes: frozenset[int]) -> Iterator[Came]:
    """Yield the meanings of a place in the order of versions, said of things of some classes.

    Without a word for what happened, the default events are meant.
    """
    timing = modifier.object
    assert isinstance(timing, Timing)
    if timing.operator not in STEPS or not isinstance(timing.first, Phrase):
        return
    said = modifier.relation.senses if modifier.governor == "event" and modifier.relation is not None else None
    events = schema.having(VKG + "defaultEvent") if said is None else [sense.term for sense in said]
    for event in events:
        if schema.ranges(event) and schema.fits(event, "range", classes):
            for order, version in _ordered(schema, timing.first):
                yield _came(schema, event, order, version, timing.operator)


def _ordered(schema: Schema, version: Phrase) -> Iterable[tuple[int, int]]:
    """Yield each version that a phrase names with what orders it among others."""
    for order in schema.having(VKG + "ordersVersions"):
        for sense in version.senses:
            if schema.lines(sense.term) and schema.accepts(order, "domain", schema.types(sense.term)):
                yield order, sense.term


def _came(schema: Schema, event: int, order: int, version: int, operator: str) -> Came:
    inverse, steps = STEPS[operator]
    iri = schema.iri

    def at(turned: bool, far: str) -> Related:
        place = Related(iri(order), turned, iri(version), (), False, far)
        return Related(
            iri(event), True, ResolvedNoun(iri(schema.narrowest(schema.domains(event))[0]), place), (), False
        )

    return Came(at(inverse, steps), at(not inverse, BACK[steps]))

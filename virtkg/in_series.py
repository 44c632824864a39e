"""What is asked of a series → with which of its releases it came or went.

“Xen 3.0 runs it” may be so from its release 3.0.3 on.

Knows: releases of a series, and events of versions. Must not know: words, verdicts, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from virtkg.answer import Note
from virtkg.evidence import Evidence
from virtkg.language.conditions import Condition, Related
from virtkg.language.schema import Schema
from virtkg.namespaces import VKG
from virtkg.snapshot.facts import Facts
from virtkg.values import Values


class InSeries:
    """Finds the releases of a series that brought or lost a thing."""

    def __init__(self, facts: Facts, schema: Schema, evidence: Evidence, values: Values) -> None:
        self._facts = facts
        self._schema = schema
        self._evidence = evidence
        self._values = values

    def notes(self, series: int, condition: Condition) -> Iterator[Note]:
        """Yield what sources say of the releases of a series that did something with what is asked of it."""
        if not isinstance(condition, Related) or condition.inverse or not isinstance(condition.object, NamedNode):
            return
        thing = self._facts.known(condition.object)
        events = [event for event in self._schema.having(VKG + "eventOfVersion") if self._schema.is_spoken(event)]
        for release in self._schema.in_order(self._values.releases(series)):
            for event in events:
                if self._evidence.cited([(release, event, thing)]):
                    yield from self._said(release, event, thing)

    def _said(self, release: int, event: int, thing: int) -> Iterator[Note]:
        said = f"its release {self._schema.label(release)} {self._schema.label(event)} {self._schema.label(thing)}"
        fact = release, event, thing
        remarks = [f"{remark.source}: {remark.note}" for remark in self._evidence.remarks(fact) if remark.note]
        slugs = ", ".join(self._evidence.slug(graph) for graph in self._evidence.sources(fact))
        yield Note("I743", f"{said} ({'; '.join(remarks) or slugs})")

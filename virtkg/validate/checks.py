"""What a check is that this package runs, and what it comes upon before a place is known.

Knows: the form of both, and how a message is filled in. Must not know: any check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from virtkg.finding import Check
from virtkg.namespaces import compact
from virtkg.record import record

if TYPE_CHECKING:
    from virtkg.graph import KnowledgeGraph
    from virtkg.validate.authored import Authored, Place

_NAME: Final = re.compile(r"\{(\w+)\}")


@record
class Fault:
    """What a check came upon: the IRI of what it is about, and a message.

    `predicate` and `graph` narrow the place down; `place` is the place itself,
    where a check knows it. `example` replaces that of the check.
    """

    check: Check
    subject: str
    message: str
    predicate: str = ""
    graph: str = ""
    place: Place | None = None
    example: str = ""


@record
class Subject:
    """What is checked: the files, the closure of the same facts, and the paths that were given."""

    authored: Authored
    graph: KnowledgeGraph
    given: tuple[str, ...]


@record
class Runner:
    """Checks that are run together."""

    checks: tuple[Check, ...]
    run: Callable[[Subject], Iterable[Fault]]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a message or example with the values for its `{names}`; a name without a value stays."""
    return _NAME.sub(lambda found: values.get(found[1], found[0]), text)


def shown(iri: str) -> str:
    """Return how an IRI is written in messages: a CURIE, nothing for none."""
    return compact(iri) if iri else ""

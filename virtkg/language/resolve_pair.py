"""Two things beside each other → whether one has the other, or how: `XenServer 6 page sharing`, `HVM disk`.

Knows: the kinds of both. Must not know: the grammar, or SPARQL.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TypeAlias

from virtkg.diagnostics import QuestionError
from virtkg.language.resolve_how import hows
from virtkg.language.resolved import ResolvedQuestion
from virtkg.language.schema import Schema
from virtkg.language.syntax import Modifier, Phrase, terms
from virtkg.namespaces import VKG
from virtkg.record import replace

_Asks: TypeAlias = "Callable[[Phrase, Modifier], list[ResolvedQuestion]]"


def pairs(schema: Schema, first: Phrase, second: Phrase, asks: _Asks) -> list[ResolvedQuestion]:
    """Return the questions how one of two things has the other, or else whether it has, of whichever can be asked.

    Raises QuestionError E303 if one could stand for the other, and E102 if one only makes things: a brand.
    """
    first, second = (_without_makers(schema, phrase) for phrase in (first, second))
    if not (first.senses and second.senses):
        said = f"it is not said what is asked of “{first.text} {second.text}”"
        raise QuestionError("E102", said, column=second.end + 1)
    if _are_alike(schema, first, second):
        said = f"“{first.text}” and “{second.text}” are of one kind, and neither has the other"
        place, versus = second.start + 1, f"{first.text} vs {second.text}"
        raise QuestionError("E303", said, column=place, length=second.end - second.start, suggestions=(versus,))
    try:
        return _either_way(first, second, lambda subject, other: hows(schema, subject, None, other))
    except QuestionError:
        return _either_way(
            first, second, lambda subject, other: asks(subject, Modifier("", "with", False, None, other))
        )


def _either_way(
    first: Phrase, second: Phrase, asked: Callable[[Phrase, Phrase], list[ResolvedQuestion]]
) -> list[ResolvedQuestion]:
    """Return what can be asked of one thing and the other, or the other way round. Raises what the first way does."""
    found: list[ResolvedQuestion] = []
    errors: list[QuestionError] = []
    for subject, other in ((first, second), (second, first)):
        try:
            found += asked(subject, other)
        except QuestionError as error:
            errors.append(error)
    if not found:
        raise errors[0]
    return found


def _without_makers(schema: Schema, phrase: Phrase) -> Phrase:
    """Return a phrase without those who make things among what it can mean."""
    makers = frozenset(schema.having(VKG + "askedAs"))
    return replace(
        phrase, senses=tuple(sense for sense in phrase.senses if makers.isdisjoint(schema.types(sense.term)))
    )


def _are_alike(schema: Schema, first: Phrase, second: Phrase) -> bool:
    """Tell whether two things are alternatives to each other by their kind, or one is a version of the other."""
    kinds = frozenset(schema.having(VKG + "hasAlternatives"))
    own, other = (frozenset[int]().union(*map(schema.types, terms(phrase))) for phrase in (first, second))
    chosen = product(terms(first), terms(second))
    return bool(kinds & own & other) or any(a in schema.lines(b) or b in schema.lines(a) for a, b in chosen)

"""Questions for values → SPARQL algebra: what cells say, what values a thing has, a thing itself.

Knows: which patterns bind them. Must not know: conditions, words, or the snapshot.
"""

from __future__ import annotations

from pyoxigraph import NamedNode, Variable

from virtkg.language.algebra import Pattern, Select
from virtkg.language.resolved import ResolvedHow, ResolvedValue
from virtkg.language.schema import TYPE
from virtkg.language.translate import THING


def translate_how(question: ResolvedHow) -> Select:
    """Return the query of the cells that a how-question is about."""
    cell = Variable("cell")
    return Select(
        ("cell",),
        (
            Pattern(cell, NamedNode(TYPE), question.cell),
            Pattern(cell, question.subject_property, question.subject),
            Pattern(cell, question.aspect_property, question.aspect),
        ),
    )


def translate_value(question: ResolvedValue) -> Select:
    """Return the query of the values of a property of a thing, and of the parts that speak for it."""
    bearer, value = Variable("bearer"), Variable("value")
    if question.parts is None:
        return Select(("value",), (Pattern(question.subject, question.property, value),))
    speaks, scopes = question.parts
    of_bearer = Pattern(bearer, question.property, value)
    if question.scope is None:
        return Select(("value",), (Pattern(bearer, speaks, question.subject, steps="?"), of_bearer))
    within = Pattern(bearer, scopes, question.scope)
    return Select(("value",), (Pattern(bearer, speaks, question.subject), within, of_bearer))


def translate_thing(thing: NamedNode) -> Select:
    """Return the query that gives a thing itself."""
    return Select((THING,), (), ((THING, thing),))

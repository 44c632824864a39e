"""A name that stands for several things together → each of them: “the four suites”.

Knows: which property leads from such a name to its things. Must not know: what is said of them, or the text's grammar.
"""

from __future__ import annotations

from virtkg.language.schema import Schema
from virtkg.language.syntax import Phrase, terms
from virtkg.language.vocabulary import Sense
from virtkg.namespaces import VKG
from virtkg.record import replace


def spread(schema: Schema, phrase: Phrase) -> list[Phrase]:
    """Return phrases for the things that a phrase names together, or the phrase alone if it names one."""
    leading = schema.having(VKG + "standsForAll")
    things = [thing for term in terms(phrase) for property_ in leading for thing in schema.things_of(term, property_)]
    category = phrase.senses[0].category if phrase.senses else None
    if not things or category is None:
        return [phrase]
    return [replace(phrase, text=schema.label(thing), senses=(Sense(category, thing),)) for thing in things]

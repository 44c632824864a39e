"""What things are grouped by when they are counted → the properties that it can mean.

Knows: which properties things of a class can have, and their nouns.
Must not know: conditions, the text's grammar, or SPARQL.
"""

from __future__ import annotations

from typing import Final

from virtkg.diagnostics import QuestionError
from virtkg.language.conditions import ResolvedNoun
from virtkg.language.resolved import ResolvedCount
from virtkg.language.schema import Schema
from virtkg.language.syntax import Phrase
from virtkg.namespaces import VKG

_NAMED: Final = 8
"""How many nouns a hint names."""


def counts(schema: Schema, head: Phrase, nouns: list[ResolvedNoun], key: Phrase | None) -> list[ResolvedCount]:
    """Return the meanings of a count of nouns, grouped by what a key can mean for them.

    Raises QuestionError E303 when things of none can have such a property.
    """
    if key is None:
        return [ResolvedCount(noun, None) for noun in nouns]
    found = [
        ResolvedCount(noun, schema.iri(property_))
        for noun in nouns
        for property_ in _keys(schema, _classes(schema, noun), key)
    ]
    if not found:
        known = _nouns(schema, frozenset().union(*(_classes(schema, noun) for noun in nouns)))
        raise QuestionError(
            "E303",
            f"“{head.text}” cannot be grouped by “{key.text}”",
            hint=f"they can be grouped by {', '.join(known[:_NAMED])}" if known else "",
            column=key.start + 1,
            length=key.end - key.start,
        )
    return found


def _classes(schema: Schema, noun: ResolvedNoun) -> frozenset[int]:
    number = schema.named(noun.class_.value)
    assert number is not None, f"{noun.class_} is not in the graph"
    return schema.superclasses(number)


def _keys(schema: Schema, classes: frozenset[int], key: Phrase) -> list[int]:
    """Return the properties that a key names and some classes can have, the most special that fit if any do."""
    meant = dict.fromkeys(sense.term for sense in key.senses)
    allowed = [property_ for property_ in meant if schema.accepts(property_, "domain", classes)]
    fitting = [property_ for property_ in allowed if schema.fits(property_, "domain", classes)] or allowed
    return [property_ for property_, _ in schema.without_general((property_, False) for property_ in fitting)]


def _nouns(schema: Schema, classes: frozenset[int]) -> list[str]:
    """Return the nouns of the properties that things of some classes certainly can have."""
    spoken = schema.having(VKG + "noun")
    fitting = [property_ for property_ in spoken if schema.fits(property_, "domain", classes)]
    return list(dict.fromkeys(schema.texts(property_, VKG + "noun")[0] for property_ in fitting))

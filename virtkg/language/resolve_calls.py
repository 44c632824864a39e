"""What somebody calls a thing → whose statements can tell it.

Knows: the properties by whose nouns a thing names its maker or line. Must not know: statements, or names.
"""

from __future__ import annotations

from virtkg.diagnostics import QuestionError
from virtkg.language.resolved import ResolvedCalls, ResolvedQuestion
from virtkg.language.schema import Schema
from virtkg.language.syntax import Phrase, terms
from virtkg.namespaces import VKG


def calls(schema: Schema, speaker: Phrase, thing: Phrase) -> list[ResolvedQuestion]:
    """Return the meanings of `what does A call B`.

    Raises QuestionError E303 if they are the same thing.
    """
    nouns = schema.having(VKG + "noun")
    iri = schema.iri
    found: list[ResolvedQuestion] = []
    for who in terms(speaker):
        # A name is given by a thing itself, or by what has it as its maker, line or the like.
        properties = tuple(iri(property_) for property_ in nouns if schema.subjects_of(who, property_))
        found += [ResolvedCalls(iri(who), iri(what), properties) for what in terms(thing) if what != who]
    if not found:
        said = f"“{speaker.text}” and “{thing.text}” are the same"
        raise QuestionError("E303", said, column=thing.start + 1, length=thing.end - thing.start)
    return found

"""What one thing has and another has not → its meanings; and which properties a verb means of both.

Knows: verbs and the kinds of things that can have their properties.
Must not know: conditions, the text's grammar, or SPARQL.
"""

from __future__ import annotations

from itertools import product

from virtkg.language.categories import INVERSE
from virtkg.language.questions import SurplusQuestion
from virtkg.language.resolved import ResolvedSurplus
from virtkg.language.schema import Schema
from virtkg.language.syntax import Phrase, terms
from virtkg.language.unrelated import no_path


def surpluses(schema: Schema, asked: SurplusQuestion) -> list[ResolvedSurplus]:
    """Return the meanings of a question for what one thing has and another has not.

    Raises QuestionError E303 when the verbs mean nothing of both, or not the same.
    """
    verbs = [verb for verb in (asked.verb, asked.lacking) if verb is not None]
    found: list[ResolvedSurplus] = []
    for thing, other in product(terms(asked.subject), terms(asked.other)):
        kinds = schema.types(thing), schema.types(other)
        meant = [spoken(schema, verb, kinds) for verb in verbs]
        own = meant[0] if asked.verb is not None else set()
        if all(read and read == own for read in meant):
            properties = tuple(schema.iri(property_) for property_ in sorted(own))
            found.append(ResolvedSurplus(schema.iri(thing), schema.iri(other), properties))
    if not found:
        raise no_path(schema, asked.subject, asked.verb or asked.lacking, asked.other)
    return found


def spoken(schema: Schema, verb: Phrase, sides: tuple[frozenset[int], ...]) -> set[int]:
    """Return the properties that a verb means of things of some classes.

    Of properties for which it is the first word or a further one, it means the former.
    """
    meant = {
        sense.term
        for sense in verb.senses
        if sense.category not in INVERSE and all(schema.accepts(sense.term, "domain", side) for side in sides)
    }
    return {term for term in meant if schema.is_first_form(term, "verb", verb.text)} or meant

"""How-questions → the cells that they are about.

Knows: classes of cells and their facets. Must not know: other questions, or what a cell says.
"""

from __future__ import annotations

from virtkg.language.resolved import ResolvedHow, ResolvedQuestion
from virtkg.language.schema import Schema
from virtkg.language.syntax import Phrase, terms
from virtkg.language.unrelated import no_path
from virtkg.namespaces import VKG


def hows(schema: Schema, subject: Phrase, verb: Phrase | None, aspect: Phrase) -> list[ResolvedQuestion]:
    """Return the meanings of `how does A verb B`, or of `how does A boot`, whose verb names the aspect.

    Raises QuestionError E303 if no class of cells joins them.
    """
    found: list[ResolvedQuestion] = []
    for cell in schema.having(VKG + "facetVerb") if verb is None else terms(verb):
        facets = schema.facets(cell)
        if facets is None:
            continue
        of_subject, of_aspect, values = facets
        for thing in terms(subject):
            for other in terms(aspect):
                if schema.accepts(of_subject, "range", schema.types(thing)) and schema.accepts(
                    of_aspect, "range", schema.types(other)
                ):
                    iri = schema.iri
                    found.append(
                        ResolvedHow(
                            iri(cell),
                            iri(thing),
                            iri(of_subject),
                            iri(other),
                            iri(of_aspect),
                            tuple(iri(value) for value in values),
                        )
                    )
    if not found:
        raise no_path(schema, subject, verb, aspect)
    return found

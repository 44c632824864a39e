"""A phrase that names a source → its slugs.

Knows: what a source is called. Must not know: the question that is answered from it.
"""

from __future__ import annotations

from virtkg.diagnostics import QuestionError
from virtkg.language.schema import Schema
from virtkg.language.syntax import Phrase, terms
from virtkg.namespaces import SRC


def slugs_of(schema: Schema, source: Phrase) -> list[str]:
    """Return the slugs of the sources that a phrase names. Raises QuestionError E303 if it names none."""
    iris = [schema.iri(term).value for term in terms(source)]
    slugs = [iri.removeprefix(SRC) for iri in iris if iri.startswith(SRC)]
    if not slugs:
        raise QuestionError(
            "E303",
            f"“{source.text}” is no source",
            hint="list them with: virtkg query sources",
            column=source.start + 1,
            length=source.end - source.start,
        )
    return slugs

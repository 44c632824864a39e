"""Since when, until when, how long → the versions and dates that answer it.

Knows: which property leads from a version to its line, and which dates end a span.
Must not know: the text's grammar, or how an answer is found.
"""

from __future__ import annotations

from collections.abc import Iterable

from virtkg.diagnostics import QuestionError
from virtkg.language.resolved import ResolvedAsk, ResolvedQuestion, ResolvedSince, ResolvedSpan
from virtkg.language.schema import Schema
from virtkg.language.syntax import Phrase, terms
from virtkg.language.unrelated import no_path
from virtkg.namespaces import VKG


def sinces(schema: Schema, subject: Phrase, asks: Iterable[ResolvedQuestion]) -> list[ResolvedQuestion]:
    """Return, for each meaning of a yes-or-no question on a thing, since when it is so.

    Raises QuestionError E303 if the thing is itself a version, or has none.
    """
    of = schema.named(VKG + "releaseOf")
    found: list[ResolvedQuestion] = []
    hint = ""
    uses = schema.having(VKG + "versionsMeant")
    for asked in asks:
        assert isinstance(asked, ResolvedAsk)
        thing = schema.named(asked.subject.value)
        assert thing is not None
        if of is None or not any(schema.subjects_of(thing, property_) for property_ in (of, *uses)):
            lines = [] if of is None else schema.things_of(thing, of)
            hint = (
                f"it is a version of {schema.label(lines[0])}: ask of that, or leave out “since when”" if lines else ""
            )
            continue
        version = schema.domains(of)[0]
        date = next(
            date
            for date in schema.having(VKG + "defaultDate")
            if schema.accepts(date, "domain", schema.superclasses(version))
        )
        order = schema.having(VKG + "ordersVersions")
        iri = schema.iri
        found.append(
            ResolvedSince(
                asked.subject,
                asked.condition,
                iri(version),
                iri(of),
                tuple(map(iri, uses)),
                tuple(map(iri, order)),
                iri(date),
            )
        )
    if not found:
        said = f"“{subject.text}” has no versions of which one could be the first"
        raise QuestionError("E303", said, hint=hint, column=subject.start + 1, length=subject.end - subject.start)
    return found


def spans(schema: Schema, subject: Phrase, form: Phrase, length: bool) -> list[ResolvedQuestion]:
    """Return the meanings of a question on the end of a span, or its length. Raises QuestionError E303."""
    found: list[ResolvedQuestion] = []
    iri = schema.iri
    for sense in form.senses:
        begins = schema.values_of(sense.term, VKG + "begunBy")
        for thing in terms(subject):
            if begins and schema.accepts(sense.term, "domain", schema.types(thing)):
                after = [
                    p for p in schema.having(VKG + "endsAfter") if sense.term in schema.values_of(p, VKG + "endsAfter")
                ]
                kinds = tuple(map(iri, (*schema.forms_of(sense.term), *after)))
                found.append(ResolvedSpan(iri(thing), iri(sense.term), kinds, iri(begins[0]), length))
    if not found:
        raise no_path(schema, form, None, subject)
    return found

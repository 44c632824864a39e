"""Since when, until when, how long → the versions and dates that answer it.

Knows: which property leads from a version to its line, and which dates end a span.
Must not know: the text's grammar, or how an answer is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from pyoxigraph import NamedNode

from virtkg.diagnostics import QuestionError
from virtkg.language.conditions import ResolvedNoun
from virtkg.language.questions import OrderQuestion
from virtkg.language.resolved import (
    ResolvedAsk,
    ResolvedLongest,
    ResolvedOrder,
    ResolvedQuestion,
    ResolvedSince,
    ResolvedSpan,
    ResolvedSpans,
)
from virtkg.language.schema import Schema
from virtkg.language.syntax import Phrase, Superlative, terms
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


def orders(schema: Schema, asked: OrderQuestion) -> list[ResolvedQuestion]:
    """Return the meanings of a question on which of some things came first. Raises QuestionError E303."""
    choices = []
    for thing in asked.things:
        dated = [term for term in terms(thing) if _is_dated(schema, term)]
        if not dated:
            said = f"“{thing.text}” is nothing that has a date"
            raise QuestionError("E303", said, column=thing.start + 1, length=thing.end - thing.start)
        choices.append(dated)
    apart = [chosen for chosen in product(*choices) if len(set(chosen)) == len(chosen)]
    if not apart:
        first, last = asked.things[0], asked.things[-1]
        said = f"“{first.text}” and “{last.text}” are one thing"
        raise QuestionError("E303", said, column=last.start + 1, length=last.end - last.start)
    return [ResolvedOrder(tuple(map(schema.iri, chosen)), asked.latest, asked.asked) for chosen in apart]


def _is_dated(schema: Schema, thing: int) -> bool:
    """Tell whether a thing, or what is a version of it, can have a date."""
    kinds = [schema.types(thing), *map(schema.types, schema.versions(thing)[:1])]
    return any(schema.fits(date, "domain", kind) for date in schema.having(VKG + "defaultDate") for kind in kinds)


def longest(schema: Schema, by: Superlative, nouns: list[ResolvedNoun], count: int) -> list[ResolvedQuestion]:
    """Return the meanings of a question for the things of which a span is longest, or shortest."""
    found: list[ResolvedQuestion] = []
    for noun in nouns:
        classes = schema.superclasses(schema.named(noun.class_.value) or 0)
        found += [ResolvedLongest(noun, *span, by.highest, count) for span in _spans(schema, by.measure, classes)]
    return found


def spans_of(schema: Schema, form: Phrase, length: bool, nouns: Iterable[ResolvedNoun]) -> list[ResolvedQuestion]:
    """Return the meanings of a question on the ends of a span of all things of a noun, or on its lengths."""
    found: list[ResolvedQuestion] = []
    for noun in nouns:
        classes = schema.superclasses(schema.named(noun.class_.value) or 0)
        for span, kinds, begins in _spans(schema, form, classes):
            found.append(ResolvedSpans(noun, span, kinds, begins, length))
    return found


def _spans(
    schema: Schema, form: Phrase, classes: frozenset[int]
) -> Iterator[tuple[NamedNode, tuple[NamedNode, ...], NamedNode]]:
    """Yield each span that a form names and things of some classes can have: its property, kinds of ends, beginning."""
    for sense in form.senses:
        begins = schema.values_of(sense.term, VKG + "begunBy")
        if begins and schema.accepts(sense.term, "domain", classes):
            yield schema.iri(sense.term), _kinds(schema, sense.term), schema.iri(begins[0])


def _kinds(schema: Schema, span: int) -> tuple[NamedNode, ...]:
    """Return the kinds of ends that a span has, and the dates that come after it."""
    after = [date for date in schema.having(VKG + "endsAfter") if span in schema.values_of(date, VKG + "endsAfter")]
    return tuple(map(schema.iri, (*schema.forms_of(span), *after)))


def spans(schema: Schema, subject: Phrase, form: Phrase, length: bool) -> list[ResolvedQuestion]:
    """Return the meanings of a question on the end of a span, or its length. Raises QuestionError E303."""
    found: list[ResolvedQuestion] = [
        ResolvedSpan(schema.iri(thing), *span, length)
        for thing in terms(subject)
        for span in _spans(schema, form, schema.types(thing))
    ]
    if not found:
        raise no_path(schema, form, None, subject)
    return found

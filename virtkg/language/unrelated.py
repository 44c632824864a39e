"""Two phrases that no property joins → the error that says so.

Knows: the kinds of things, and that the order of two may be turned. Must not know: how properties were looked for.
"""

from __future__ import annotations

from virtkg.diagnostics import QuestionError
from virtkg.language.categories import Category
from virtkg.language.schema import LABEL, Schema
from virtkg.language.syntax import Comparison, Everything, Modifier, Phrase, Superlative, Than, Timing
from virtkg.language.words import with_article


def no_path(
    schema: Schema,
    head: Phrase,
    relation: Phrase | None,
    target: Phrase | Comparison | Than | Superlative | Timing | Everything,
) -> QuestionError:
    """Return the error for things that nothing joins: E303, or E305 if “everything” is nothing."""
    thing = target.measure if isinstance(target, Comparison | Than | Superlative) else target
    if isinstance(thing, Everything):
        said = f"nothing is known that “{thing.subject.text}” {thing.verb.text} and “{head.text}” could"
        return QuestionError("E305", said, column=thing.start + 1, length=thing.end - thing.start)
    if isinstance(thing, Timing):
        said = f"“{head.text}” has no date that this could mean"
        return QuestionError("E303", said, column=thing.start + 1, length=thing.end - thing.start)
    joined = f" by “{relation.text}”" if relation is not None else ""
    kinds = _kinds(schema, thing)
    return QuestionError(
        "E303",
        f"“{head.text}” and “{thing.text}” are not related{joined}",
        hint=f"“{thing.text}” is {kinds}" if kinds else "",
        column=thing.start + 1,
        length=thing.end - thing.start,
    )


def no_doer(schema: Schema, predicate: Modifier, thing: Phrase) -> QuestionError:
    """Return the error for what nothing can do to a thing, E303; it asks what the thing does, if that can be meant."""
    said = "“has”" if predicate.relation is None else f"“{predicate.relation.text}”"
    said = f"is {said}" if predicate.relation and predicate.relation.terminal == "PART" else said
    kinds = _kinds(schema, thing)
    return QuestionError(
        "E303",
        f"no kind of thing {said} “{thing.text}”",
        hint=f"“{thing.text}” is {kinds}" if kinds else "",
        column=thing.start + 1,
        length=thing.end - thing.start,
        suggestions=turned_round(predicate, thing),
    )


def turned_round(predicate: Modifier, thing: Phrase) -> tuple[str, ...]:
    """Return the question what a thing does, for one of what does so to it; none if no verb says so."""
    if thing.terminal != "ENT" or predicate.negated or (predicate.relation or thing).terminal not in ("ENT", "VERB"):
        return ()
    return (f"what does {thing.text} {predicate.relation.text if predicate.relation else 'have'}",)


def _kinds(schema: Schema, phrase: Phrase) -> str:
    names: list[str] = []
    for sense in phrase.senses:
        if sense.category is Category.CLASS:
            names.append("a class")
        else:
            types = [class_ for class_ in schema.types(sense.term) if schema.is_spoken(class_)]
            labels = sorted(label for class_ in types for label in schema.texts(class_, LABEL))
            names += [with_article(label) for label in labels[:3]]
    return " or ".join(dict.fromkeys(names))

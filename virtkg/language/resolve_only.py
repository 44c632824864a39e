"""What only some things have → its meanings: `features only vSphere 5.1 supports`.

Knows: which things can stand in for each other. Must not know: the text's grammar, or how the others are looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from virtkg.diagnostics import QuestionError
from virtkg.language.conditions import Condition, Related, ResolvedNoun
from virtkg.language.resolved import ResolvedOnly, ResolvedQuestion
from virtkg.language.schema import LABEL, Schema
from virtkg.language.syntax import Modifier, Noun, Owners, Phrase, terms
from virtkg.namespaces import VKG


def only_in(noun: Noun) -> Owners | None:
    """Return the things that alone are to have something, if that is said last of a noun."""
    last = noun.modifiers[-1].object if noun.modifiers else None
    return last if isinstance(last, Owners) else None


def only(
    schema: Schema,
    noun: Noun,
    owners: Owners,
    nouns: Callable[[Noun], list[ResolvedNoun]],
    conditions: Callable[[Modifier, frozenset[int], Phrase], list[Condition]],
) -> list[ResolvedQuestion]:
    """Return the meanings of a list of what only some things have.

    Raises QuestionError E303 if no kind of things is known among which they are the only ones.
    """
    *before, said = noun.modifiers
    found: list[ResolvedQuestion] = []
    errors: list[QuestionError] = []
    for sense in noun.head.senses:
        head = Phrase(noun.head.text, noun.head.start, noun.head.end, noun.head.terminal, (sense,))
        try:
            bases = nouns(Noun(head, tuple(before)))
            each = [
                conditions(Modifier("", said.governor, False, said.relation, thing, turned=True), classes, head)
                for classes in [schema.superclasses(sense.term)]
                for thing in owners.things
            ]
        except QuestionError as error:
            errors.append(error)
            continue
        kinds = _kinds(schema, owners)
        for base, chosen, kind in product(bases, product(*each), kinds):
            related = tuple(part for part in chosen if isinstance(part, Related))
            if len({(part.property, part.inverse) for part in related}) == 1 and len(related) == len(chosen):
                found.append(ResolvedOnly(base, related, schema.iri(kind)))
    if not found:
        raise errors[0] if errors else _no_kind(owners)
    return found


def _kinds(schema: Schema, owners: Owners) -> list[int]:
    """Return the class of the owners: of things that can stand in for each other, or else the narrowest they share."""
    shared = frozenset.intersection(*(frozenset().union(*map(schema.types, terms(thing))) for thing in owners.things))
    spoken = [class_ for class_ in shared if schema.is_spoken(class_) and schema.texts(class_, LABEL)]
    alike = [class_ for class_ in spoken if schema.marks(class_, VKG + "hasAlternatives")]
    return sorted(schema.narrowest(alike or spoken))[:1]


def _no_kind(owners: Owners) -> QuestionError:
    said = "the things named are of no one kind among which they could be the only ones"
    return QuestionError("E303", said, column=owners.start + 1, length=owners.end - owners.start)


def not_last(owners: Owners) -> QuestionError:
    """Return the error for things that alone are to have something, where a list cannot end with them."""
    said = "what only some things have can be listed, and said last of a noun alone"
    hint = "ask as: features only A supports"
    return QuestionError("E308", said, hint=hint, column=owners.start + 1, length=owners.end - owners.start)

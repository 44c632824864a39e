"""Things side by side → their meanings, and what they are to be compared by.

Knows: names with several things, and which values and features belong to which things.
Must not know: the text's grammar, or how a comparison is made.
"""

from __future__ import annotations

from itertools import product

from pyoxigraph import NamedNode

from virtkg.diagnostics import QuestionError
from virtkg.language.categories import Category
from virtkg.language.groups import spread
from virtkg.language.questions import CompareQuestion
from virtkg.language.resolved import ResolvedCompare, ResolvedDescribe, ResolvedQuestion
from virtkg.language.schema import Schema
from virtkg.language.syntax import Phrase, terms
from virtkg.language.unrelated import no_path
from virtkg.language.words import phrase
from virtkg.record import replace


def compares(schema: Schema, asked: CompareQuestion) -> list[ResolvedQuestion]:
    """Return the comparisons that a question can mean; of one thing alone, its description.

    Raises QuestionError E102 if one thing alone is named, E303 if the things can have no value of what they are to be
    compared by.
    """
    subjects = [each for subject in asked.subjects for each in spread(schema, subject)]
    if len(subjects) == 1:
        said = f"“{subjects[0].text}” is one thing, and a comparison needs two"
        raise QuestionError("E102", said, hint="ask as: compare A and B", column=subjects[0].end + 1)
    rows = list(product(*(terms(subject) for subject in subjects)))
    kinds = [schema.types(thing) for subject in subjects for thing in terms(subject)]
    aspects = dict.fromkeys(term for aspect in asked.aspects for term in _meant(schema, aspect, kinds, asked))
    spread_ = replace(asked, subjects=tuple(subjects))
    return [_compared(schema, row, spread_, tuple(map(schema.iri, aspects))) for row in rows]


def _compared(
    schema: Schema, row: tuple[int, ...], asked: CompareQuestion, aspects: tuple[NamedNode, ...]
) -> ResolvedQuestion:
    """Return the comparison of some things, each once, with the names of one that was named by several.

    A name that another thing has too would not tell it, so that its label stands for it.
    """
    named: dict[int, dict[str, str]] = {}
    for thing, subject in zip(row, asked.subjects, strict=True):
        name = _as_written(schema, thing, subject.text) if len(terms(subject)) == 1 else schema.label(thing)
        named.setdefault(thing, {}).setdefault(phrase(name), name)
    several = [tuple(names.values()) if len(names) > 1 else () for names in named.values()]
    if len(named) == 1 and not aspects:
        return ResolvedDescribe(schema.iri(row[0]), several[0])
    if len(named) == 1:
        # By its own name twice too: a comparison has two names.
        several = [several[0] or (*named[row[0]].values(),) * 2]
    things = tuple(map(schema.iri, named))
    return ResolvedCompare(things, asked.part, aspects, tuple(several) if any(several) else ())


def _as_written(schema: Schema, thing: int, name: str) -> str:
    """Return a name of a thing as the graph writes it."""
    return next((known for known in schema.names(thing) if phrase(known) == phrase(name)), name)


def _meant(schema: Schema, aspect: Phrase, kinds: list[frozenset[int]], asked: CompareQuestion) -> list[int]:
    """Return the senses of an aspect that some of the things can have."""
    meant = {
        sense.term: None
        for sense in aspect.senses
        if sense.category not in (Category.MEASURE, Category.NOUN)
        or any(schema.accepts(sense.term, "domain", kind) for kind in kinds)
    }
    if not meant:
        raise no_path(schema, asked.subjects[0], None, aspect)
    return list(meant)

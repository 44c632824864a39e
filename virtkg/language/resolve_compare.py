"""Things side by side → their meanings, and what they are to be compared by.

Knows: names with several things, and which values and features belong to which things.
Must not know: the text's grammar, or how a comparison is made.
"""

from __future__ import annotations

from itertools import product

from virtkg.diagnostics import QuestionError
from virtkg.language.categories import Category
from virtkg.language.groups import spread
from virtkg.language.questions import CompareQuestion
from virtkg.language.resolved import ResolvedCompare, ResolvedDescribe, ResolvedQuestion
from virtkg.language.schema import Schema
from virtkg.language.syntax import Phrase, terms
from virtkg.language.unrelated import no_path


def compares(schema: Schema, asked: CompareQuestion) -> list[ResolvedQuestion]:
    """Return the comparisons that a question can mean; of one thing alone, its description.

    Raises QuestionError E102 if one thing alone is named, E303 if the things can have no value of what they are to be
    compared by.
    """
    subjects = [each for subject in asked.subjects for each in spread(schema, subject)]
    if len(subjects) == 1:
        said = f"“{subjects[0].text}” is one thing, and a comparison needs two"
        raise QuestionError("E102", said, hint="ask as: compare A and B", column=subjects[0].end + 1)
    rows = list(product(*(map(schema.iri, terms(subject)) for subject in subjects)))
    kinds = [schema.types(thing) for subject in subjects for thing in terms(subject)]
    aspects = tuple(schema.iri(term) for aspect in asked.aspects for term in _meant(schema, aspect, kinds, asked))
    return [
        ResolvedCompare(row, asked.part, aspects) if len(set(row)) > 1 else ResolvedDescribe(row[0]) for row in rows
    ]


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

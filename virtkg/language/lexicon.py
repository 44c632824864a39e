"""The words of a graph: facts → word rows.

A term is spoken of by its label and alternative labels; a property by the
forms that the annotations of the vocabulary give it.

Knows: which annotation makes which category of word.
Must not know: any word, the grammar, or how words are found again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from virtkg.language.categories import FORMS, LOOSE, LOOSE_LABEL, NUMBERS, Category
from virtkg.language.words import phrase
from virtkg.namespaces import OWL, RDFS, SKOS, VKG
from virtkg.reason.terms import Terms
from virtkg.snapshot.reader import TripleKey
from virtkg.snapshot.writer import WordRow

_LABELS: Final = {RDFS + "label": 0, SKOS + "altLabel": 1, SKOS + "hiddenLabel": 2, LOOSE_LABEL: LOOSE}

_UNSPOKEN: Final = VKG + "unspoken"

_CLASS, _OBJECT, _DATA = OWL + "Class", OWL + "ObjectProperty", OWL + "DatatypeProperty"
_SILENT: Final = frozenset(OWL + name for name in ("Ontology", "AnnotationProperty", "ObjectProperty", "Restriction"))


def word_rows(facts: Iterable[TripleKey], terms: Terms) -> tuple[WordRow, ...]:
    """Return the words of a graph without repetitions; facts are subject, predicate and object."""
    spoken = {terms.number(NamedNode(iri)): iri for iri in (*_LABELS, *FORMS)}
    range_ = terms.number(NamedNode(RDFS + "range"))
    unspoken = terms.number(NamedNode(_UNSPOKEN))
    types: dict[int, set[int]] = {}
    ranges: dict[int, int] = {}
    texts: dict[TripleKey, None] = {}
    for subject, predicate, object_ in facts:
        if predicate == terms.type:
            types.setdefault(subject, set()).add(object_)
        elif predicate in spoken:
            texts[subject, predicate, object_] = None
        elif predicate == range_:
            ranges[subject] = object_
        elif predicate == unspoken:
            types.setdefault(subject, set()).add(unspoken)
    known: dict[tuple[int, frozenset[int], int | None], tuple[Category, ...]] = {}
    rows: dict[tuple[str, Category, int], int] = {}
    for subject, predicate, object_ in texts:
        if key := _spoken(terms.term(object_)):
            # Thousands of things are of a few kinds.
            kind = predicate, frozenset(types.get(subject, ())), ranges.get(subject)
            if kind not in known:
                known[kind] = tuple(_categories(spoken[predicate], _iris(kind[1], terms), _iris({kind[2]}, terms)))
            quality = _LABELS.get(spoken[predicate], 0)
            for category in known[kind]:
                row = key, category, subject
                rows[row] = min(quality, rows.get(row, quality))
    return tuple(WordRow(*row, quality) for row, quality in rows.items())


def _spoken(text: object) -> str:
    """Return the form by which a label is found, "" for one that is not English."""
    if not isinstance(text, Literal) or (text.language or "en").split("-")[0] != "en":
        return ""
    return phrase(text.value)


def _iris(numbers: Collection[int | None], terms: Terms) -> set[str]:
    named = (terms.term(number) for number in numbers if number is not None)
    return {term.value for term in named if isinstance(term, NamedNode)}


def _categories(predicate: str, types: set[str], ranges: set[str]) -> Iterator[Category]:
    if _UNSPOKEN in types:
        return
    if predicate in FORMS:
        yield FORMS[predicate]
    elif _DATA in types:
        yield Category.MEASURE if ranges & NUMBERS else Category.NOUN
    elif _CLASS in types:
        yield Category.CLASS
    elif not types & _SILENT:
        if types:
            yield Category.ENTITY
        if VKG + "Unit" in types:
            yield Category.UNIT

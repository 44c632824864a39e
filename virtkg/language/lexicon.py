"""The words of a graph: quads → word rows.

A term is spoken of by its label and alternative labels; a property by the
forms that the annotations of the vocabulary give it.

Knows: which annotation makes which category of word.
Must not know: any word, the grammar, or how words are found again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from virtkg.language.categories import Category
from virtkg.language.words import phrase
from virtkg.namespaces import OWL, RDF, RDFS, SKOS, VKG, XSD
from virtkg.snapshot.writer import WordRow

_LABELS: Final = {RDFS + "label": 0, SKOS + "altLabel": 1, SKOS + "hiddenLabel": 2}

_FORMS: Final = {
    VKG + "verb": Category.VERB,
    VKG + "inverseVerb": Category.INVERSE_VERB,
    VKG + "participle": Category.PARTICIPLE,
    VKG + "preposition": Category.PARTICIPLE,
    VKG + "passive": Category.PASSIVE,
    VKG + "noun": Category.NOUN,
    VKG + "facetVerb": Category.FACET_VERB,
}

_NUMBERS: Final = frozenset(XSD + name for name in ("integer", "decimal", "nonNegativeInteger", "positiveInteger"))

_CLASS, _OBJECT, _DATA = OWL + "Class", OWL + "ObjectProperty", OWL + "DatatypeProperty"
_SILENT: Final = frozenset(OWL + name for name in ("Ontology", "AnnotationProperty", "ObjectProperty", "Restriction"))


def word_rows(quads: Iterable[Quad]) -> tuple[WordRow, ...]:
    """Return the words of a graph, best first and without repetitions."""
    types: dict[NamedNode, set[str]] = {}
    ranges: dict[NamedNode, str] = {}
    spoken: list[tuple[NamedNode, str, Literal]] = []
    for quad in quads:
        subject, predicate, object_ = quad.subject, quad.predicate.value, quad.object
        assert isinstance(subject, NamedNode)
        if isinstance(object_, NamedNode):
            if predicate == RDF + "type":
                types.setdefault(subject, set()).add(object_.value)
            elif predicate == RDFS + "range":
                ranges[subject] = object_.value
        elif isinstance(object_, Literal) and (predicate in _LABELS or predicate in _FORMS):
            spoken.append((subject, predicate, object_))
    rows: dict[tuple[str, Category, NamedNode], int] = {}
    for term, predicate, text in spoken:
        if (text.language or "en").split("-")[0] != "en" or not (key := phrase(text.value)):
            continue
        for category in _categories(predicate, types.get(term, set()), ranges.get(term, "")):
            quality = _LABELS.get(predicate, 0)
            rows[key, category, term] = min(quality, rows.get((key, category, term), quality))
    return tuple(
        WordRow(key, category, term, quality)
        for (key, category, term), quality in sorted(rows.items(), key=lambda item: (item[0][:2], str(item[0][2])))
    )


def _categories(predicate: str, types: set[str], range_: str) -> Iterator[Category]:
    if predicate in _FORMS:
        yield _FORMS[predicate]
    elif _DATA in types:
        yield Category.MEASURE if range_ in _NUMBERS else Category.NOUN
    elif _CLASS in types:
        yield Category.CLASS
    elif not types & _SILENT:
        if types:
            yield Category.ENTITY
        if VKG + "Unit" in types:
            yield Category.UNIT

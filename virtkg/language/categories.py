"""The categories of words, the terminals of the grammar they become, and the annotations they come from.

Knows: these lists. Must not know: any word.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from virtkg.namespaces import VKG, XSD

NUMBERS: Final = frozenset(XSD + name for name in ("integer", "decimal", "nonNegativeInteger", "positiveInteger"))
"""The datatypes of which a property is a measure."""


LOOSE_LABEL: Final = VKG + "looseLabel"
LOOSE: Final = 3
"""The quality of a loose label in a snapshot; that of other labels is less."""


class Category(IntEnum):
    """What a word from the graph can be; the numbers stand in snapshots."""

    CLASS = 1
    ENTITY = 2
    MEASURE = 3
    """A property with numbers as values."""
    VERB = 4
    """Reads a property from subject to object."""
    INVERSE_VERB = 5
    PARTICIPLE = 6
    """Reads a property from subject to object after a noun; prepositions too."""
    PASSIVE = 7
    """Reads a property from object to subject after a noun."""
    NOUN = 8
    """Names the object of a property."""
    UNIT = 9
    FACET_VERB = 10
    """Joins the subject and the aspect of a class of cells."""
    LASTING = 11
    """Says that the date of a property is not over yet."""
    ASKED_AS = 12
    """Asks for the things of a class: who."""
    RESULT = 13
    """Reads a property from object to subject without naming the subject: where its memory is shared."""
    SPAN = 14
    """Names what lasts until the date of a property: support."""
    EVENT = 20
    """Reads a property from object to subject by the subject's place in the order of versions: introduced since."""
    SUBJECT_ROLE = 21
    """Names the subject of a property: the successor of a version."""
    OBJECT_ROLE = 22
    """Names the object of a property, which a list and not a value is of: the predecessor of a version."""
    FACET_PARTICIPLE = 23
    """Says of the aspect of a class of cells what its subject does: how is a part handled in a thing."""
    DEED = 24
    """Says that something has a thing: to do what that is."""
    ENDED = 25
    """Says that the date of a property is over: end of life."""


TERMINALS: Final = {
    Category.CLASS: "CLASS",
    Category.ENTITY: "ENT",
    Category.MEASURE: "NUMPROP",
    Category.VERB: "VERB",
    Category.INVERSE_VERB: "VERB",
    Category.PARTICIPLE: "PART",
    Category.PASSIVE: "PART",
    Category.NOUN: "NOUN",
    Category.UNIT: "UNIT",
    Category.FACET_VERB: "FVERB",
    Category.LASTING: "STILL",
    Category.ASKED_AS: "WHO",
    Category.RESULT: "RESULT",
    Category.SPAN: "SPAN",
    Category.DEED: "DEED",
    Category.ENDED: "ENDED",
    Category.EVENT: "EVENT",
    Category.SUBJECT_ROLE: "ROLE",
    Category.OBJECT_ROLE: "ROLE",
    Category.FACET_PARTICIPLE: "FPART",
}

FORMS: Final = {
    VKG + "verb": Category.VERB,
    VKG + "inverseVerb": Category.INVERSE_VERB,
    VKG + "participle": Category.PARTICIPLE,
    VKG + "preposition": Category.PARTICIPLE,
    VKG + "passive": Category.PASSIVE,
    VKG + "noun": Category.NOUN,
    VKG + "facetVerb": Category.FACET_VERB,
    VKG + "askedAs": Category.ASKED_AS,
    VKG + "lastingForm": Category.LASTING,
    VKG + "result": Category.RESULT,
    VKG + "spanNoun": Category.SPAN,
    VKG + "eventForm": Category.EVENT,
    VKG + "subjectRole": Category.SUBJECT_ROLE,
    VKG + "objectRole": Category.OBJECT_ROLE,
    VKG + "facetParticiple": Category.FACET_PARTICIPLE,
    VKG + "deed": Category.DEED,
    VKG + "endedForm": Category.ENDED,
}
"""The annotations that give a property the forms of its words."""

INVERSE: Final = frozenset({Category.INVERSE_VERB, Category.PASSIVE, Category.OBJECT_ROLE})

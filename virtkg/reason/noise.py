"""Facts that say nothing, in columns (see compile.is_noise for one fact).

Knows: which facts no reader could use, by number. Must not know: rules.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from virtkg.rdf import table
from virtkg.reason.columns import EMPTY, Ids, Mask, objects_of, subjects_of
from virtkg.reason.compile import ALL_IS_PART, IDLE, REFLEXIVE, idle_class
from virtkg.reason.equality import Equality
from virtkg.reason.terms import BUILT_IN, LITERAL, ODD, Terms, is_class, kind_of, of_property, owner


class Kinds:
    """What each term of a table is, as a column that grows with the table (see terms.kind_of)."""

    def __init__(self, terms: table.TermTable) -> None:
        self._table = terms
        self._kinds: npt.NDArray[np.uint8] = np.empty(0, dtype=np.uint8)

    def of(self, numbers: Ids) -> npt.NDArray[np.uint8]:
        """Return the kinds of many terms."""
        self._grow()
        kinds: npt.NDArray[np.uint8] = self._kinds[numbers]
        return kinds

    def _grow(self) -> None:
        size, texts = len(self._kinds), self._table.texts
        if size == len(texts):
            return
        marks = np.frombuffer(bytes(self._table.marks[size:]), dtype=np.uint8)
        kinds = marks & np.uint8(LITERAL)
        # Only these can be more than a thing or a plain literal, and most tables have few.
        for number in np.flatnonzero(marks & np.uint8(table.W3C)).tolist():
            kinds[number] = kind_of(texts[size + number])
        if size:
            # What a file may not hold a rule can make: triple terms, and literals with a base direction.
            kinds[:] = [kind_of(text) for text in texts[size:]]
        self._kinds = np.concatenate((self._kinds, kinds))


class Noise:
    """Tells which facts of a relation are worth keeping."""

    def __init__(self, terms: Terms, kinds: Kinds, equality: Equality) -> None:
        self._terms = terms
        self._equality = equality
        self._kinds = kinds
        self._reflexive = {of_property(terms.number(name)) for name in REFLEXIVE}
        self._thing, part = (terms.number(name) for name in ALL_IS_PART)
        self._part = of_property(part)
        self._idle = np.array(sorted(terms.number(name) for name in IDLE), dtype=np.int64)

    def legal(self, subjects: Ids, objects: Ids | None) -> Mask:
        """Tell which facts can be: no literal as subject, no triple term as object."""
        mask: Mask = (self._kinds.of(subjects) & np.uint8(LITERAL | ODD)) == 0
        return mask if objects is None else mask & ((self._kinds.of(objects) & np.uint8(ODD)) == 0)

    def kept(self, relation: int, column: Ids) -> Ids:
        """Return the facts of a relation that say something."""
        if is_class(relation):
            if idle_class(self._terms.term(owner(relation))):
                return EMPTY
            members: Ids = column[(self._kinds.of(column) & np.uint8(BUILT_IN)) == 0]
            return members
        subjects, objects = subjects_of(column), objects_of(column)
        keep = (self._kinds.of(subjects) & np.uint8(BUILT_IN)) == 0
        if relation == self._part:
            keep |= subjects == self._thing
        keep &= ~np.isin(objects, self._idle)
        if relation in self._reflexive:
            # Of equal things only one is told of: that they are part of each other is part of itself.
            keep &= (subjects != objects) | np.isin(subjects, self._equality.representatives())
        pairs: Ids = column[keep]
        return pairs

    def said(self, relation: int, column: Ids) -> Ids:
        """Return the facts of a relation that say something of a thing itself, not as a representative."""
        kept = self.kept(relation, column)
        return kept[subjects_of(kept) != objects_of(kept)] if relation in self._reflexive else kept

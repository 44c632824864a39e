"""The numbers of terms: each distinct spelling has one dense integer.

Knows: bytes and integers, and how to number many spellings in one pass.
Must not know: whether a spelling is a legal term, or where it was read.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import count, islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LITERAL: Final = 1
BLANK: Final = 2
TYPED: Final = 4
"""A literal with a datatype other than xsd:string."""

W3C: Final = 8
"""An IRI of the W3C, as those of RDF and OWL are."""

_W3C: Final = b"www.w3.org"


class TermTable:
    """Term <-> dense integer id (0, 1, 2 ...), by canonical N-Triples spelling as bytes.

    `texts[id]` is the spelling of an id, `ids[spelling]` the id of a spelling,
    `marks[id]` what kind of term it is: 0 for an IRI, or some of LITERAL, BLANK,
    TYPED and W3C.

    >>> table = TermTable()
    >>> table.intern(b"<http://a>"), table.intern(b"_:x"), table.intern(b"<http://a>")
    (0, 1, 0)
    """

    __slots__ = ("ids", "marks", "texts")

    texts: list[bytes]
    marks: bytearray
    ids: dict[bytes, int]

    def __init__(self) -> None:
        self.texts = []
        self.marks = bytearray()
        self.ids = defaultdict()

    def __len__(self) -> int:
        return len(self.texts)

    def intern(self, text: bytes) -> int:
        """Return the id of a spelling, a new one if it has none."""
        found = self.ids.get(text)
        if found is None:
            found = self.ids[text] = len(self.texts)
            self.texts.append(text)
            self.marks += _marks((text,))
        return found

    def intern_all(self, texts: Iterable[bytes]) -> list[int]:
        """Return the ids of many spellings, as `intern` does of one."""
        found = list(self.draft(texts))
        self.settle(self.drafted())
        return found

    def get(self, text: bytes) -> int | None:
        """Return the id of a spelling, or None."""
        return self.ids.get(text)

    def draft(self, texts: Iterable[bytes]) -> Iterator[int]:
        """Yield the ids of many spellings; the new ones are provisional.

        After the last one, `drafted` tells the new spellings, and one of
        `settle` and `withdraw` must follow before anything else is asked.
        """
        # A missing key costs no Python call this way: hundreds of thousands are numbered in a row.
        ids = self.ids
        assert isinstance(ids, defaultdict)
        ids.default_factory = count(len(self.texts)).__next__
        return map(ids.__getitem__, texts)

    def drafted(self) -> list[bytes]:
        """Return the new spellings of the last draft, in the order of their ids."""
        new = list(islice(reversed(self.ids), len(self.ids) - len(self.texts)))
        new.reverse()
        return new

    def settle(self, drafted: list[bytes]) -> None:
        """Keep the new spellings of the last draft, which are `drafted()`."""
        self._close()
        self.texts += drafted
        self.marks += _marks(drafted)

    def withdraw(self) -> None:
        """Forget the new spellings of the last draft."""
        self._close()
        while len(self.ids) > len(self.texts):
            self.ids.popitem()

    def _close(self) -> None:
        assert isinstance(self.ids, defaultdict)
        self.ids.default_factory = None


def _marks(texts: Iterable[bytes]) -> bytes:
    return bytes(
        [
            (LITERAL | TYPED if text[-1] == 62 else LITERAL)  # 62 is ">", 60 is "<", 34 is a quotation mark
            if (first := text[0]) == 34
            else (W3C if text[8:18] == _W3C else 0)
            if first == 60
            else BLANK
            for text in texts
        ]
    )

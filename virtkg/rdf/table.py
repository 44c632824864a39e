"""The numbers of terms: each distinct spelling has one dense integer.

Knows: bytes and integers, and how to number many spellings in one pass.
Must not know: whether a spelling is a legal term, or where it was read.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import count, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class TermTable:
    """Term <-> dense integer id (0, 1, 2 ...), by canonical N-Triples spelling as bytes.

    `texts[id]` is the spelling of an id, `ids[spelling]` the id of a spelling.

    >>> table = TermTable()
    >>> table.intern(b"<http://a>"), table.intern(b"_:x"), table.intern(b"<http://a>")
    (0, 1, 0)
    """

    __slots__ = ("ids", "texts")

    texts: list[bytes]
    ids: dict[bytes, int]

    def __init__(self) -> None:
        self.texts = []
        self.ids = defaultdict()

    def __len__(self) -> int:
        return len(self.texts)

    def intern(self, text: bytes) -> int:
        """Return the id of a spelling, a new one if it has none."""
        found = self.ids.get(text)
        if found is None:
            found = self.ids[text] = len(self.texts)
            self.texts.append(text)
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

    def withdraw(self) -> None:
        """Forget the new spellings of the last draft."""
        self._close()
        while len(self.ids) > len(self.texts):
            self.ids.popitem()

    def _close(self) -> None:
        assert isinstance(self.ids, defaultdict)
        self.ids.default_factory = None

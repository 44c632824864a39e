"""A file that is written whole or not at all, piece by piece.

Knows: how a file takes the place of another. Must not know: what is written.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from virtkg.diagnostics import SurroundingsError


@contextmanager
def whole(output: str) -> Iterator[BinaryIO]:
    """Give a file to write to; at the end of the block it is `output`, and after an error `output` is as it was.

    Raises SurroundingsError S605.
    """
    try:
        if os.path.exists(output) and not os.path.isfile(output):
            # A device or a pipe is written to; replacing it would remove it.
            with open(output, "wb") as device:
                yield device
            return
        yield from _beside(os.path.realpath(output) if output else output)
    except OSError as error:
        said = f"{output or 'an empty name'}: {error.strerror}"
        raise SurroundingsError("S605", said, hint="choose another file with -o") from None


def _beside(target: str) -> Iterator[BinaryIO]:
    temporary = f"{target}.{os.getpid()}.tmp"
    try:
        with open(temporary, "xb") as file:
            yield file
            file.flush()
            # Else a power failure could leave the new name with nothing in it.
            os.fsync(file.fileno())
        if os.path.exists(target):
            os.chmod(temporary, os.stat(target).st_mode & 0o7777)
        os.replace(temporary, target)
    finally:
        with suppress(FileNotFoundError):
            os.remove(temporary)

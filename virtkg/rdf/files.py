"""One file's bytes, and errors that say where in a file something is wrong.

Knows: the size limit, UTF-8, lines and columns.
Must not know: any RDF syntax.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from typing import Final

from virtkg.diagnostics import LimitReached, RdfError, SurroundingsError
from virtkg.rdf.formats import shown

SIZE_LIMIT: Final = 200_000_000
"""The largest RDF file that is read, in bytes."""

_BOM: Final = b"\xef\xbb\xbf"
_LONGEST_REASON: Final = 300
_NO_RDF12: Final = "state it in RDF 1.1, for example with a named rdf:Statement"
_PARSER_PLACE: Final = re.compile(r"^Parser error (?:at|between) line [\w ]+: ")


@contextmanager
def opened(path: str) -> Iterator[FileIO]:
    """Open a regular file to read its bytes as they are. Raises SurroundingsError S602, also while it is read."""
    try:
        # A named pipe would block for ever and a device has no end.
        if not stat.S_ISREG(os.stat(path).st_mode):
            kind = "a folder" if os.path.isdir(path) else "not a regular file"
            raise SurroundingsError("S602", f"{shown(path)}: {kind}", hint="give the path of an RDF file")
        with open(path, "rb", buffering=0) as file:
            yield file
    except OSError as error:
        raise SurroundingsError(
            "S602", f"{shown(path)}: {error.strerror or error}", hint="check the path and its permissions"
        ) from None
    except ValueError:
        raise SurroundingsError("S602", f"{shown(path)}: not a possible path", hint="check the path") from None


def load(path: str) -> bytes:
    """Return the bytes of a UTF-8 file, without a byte order mark.

    Raises SurroundingsError S602 (missing, not a regular file, not readable),
    LimitReached E501 (too large), RdfError D301 (not UTF-8).
    """
    with opened(path) as file:
        if os.fstat(file.fileno()).st_size > SIZE_LIMIT:
            raise too_large(path)
        data = file.read(SIZE_LIMIT + 1)
    if len(data) > SIZE_LIMIT:
        raise too_large(path)
    return checked_text(data.removeprefix(_BOM), path)


def too_large(path: str) -> LimitReached:
    """Return the error for a file over the size limit."""
    return LimitReached(
        "E501",
        f"{shown(path)}: larger than the limit of {SIZE_LIMIT // 1_000_000} MB for one RDF file",
        hint="split the file",
    )


def checked_text(data: bytes, path: str) -> bytes:
    """Return data that is UTF-8 unchanged. Raises RdfError D301 at the first byte that is not."""
    if data.isascii():
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = line_and_column(data, error.start)
        raise fault(
            "D301", path, f"not UTF-8 (byte 0x{data[error.start]:02x})", line, column, hint="save the file as UTF-8"
        ) from None
    return data


def line_and_column(data: bytes, offset: int) -> tuple[int, int]:
    """Return the line and the column (characters) of a byte offset, both counted from 1."""
    start = data.rfind(b"\n", 0, offset) + 1
    return data.count(b"\n", 0, offset) + 1, len(data[start:offset].decode("utf-8", "replace")) + 1


def fault(
    code: str, path: str, reason: str, line: int | None = None, column: int | None = None, *, hint: str = ""
) -> RdfError:
    """Return an RdfError whose message is `path:line:column: reason`, as far as the place is known."""
    place = shown(path)
    if line is not None:
        place += f":{line}" if column is None else f":{line}:{column}"
    reason = shown(reason)
    if len(reason) > _LONGEST_REASON:
        reason = reason[:_LONGEST_REASON] + "…"
    return RdfError(code, f"{place}: {reason}", hint=hint, column=column)


def syntax_fault(reason: str, path: str, line: int | None, column: int | None, *, hint: str = "") -> RdfError:
    """Return the error D301 for what pyoxigraph says of a text; its own words for the place are left out."""
    hint = hint or "correct the file; nothing of it was read"
    return fault("D301", path, _PARSER_PLACE.sub("", reason), line, column, hint=hint)


def rdf12_fault(what: str, path: str, line: int | None = None, column: int | None = None) -> RdfError:
    """Return the error D304 for a term that RDF 1.1 does not have."""
    return fault("D304", path, f"{what} (RDF 1.2) is not supported", line, column, hint=_NO_RDF12)

"""An error for a reader: code, sentence, the place in the text, what to do next.

Knows: the one shape of an error. Must not know: who raised it.
"""

from __future__ import annotations

from virtkg.diagnostics import AmbiguousQuestion, VirtkgError
from virtkg.present.plain import safe, width


def as_text(error: VirtkgError) -> str:
    """Return an error as lines of text."""
    lines = [f"error[{error.code}]: {safe(error.message)}"]
    if error.text and error.column is not None:
        before = safe(error.text[: error.column - 1])
        marked = safe(error.text[error.column - 1 : error.column - 1 + error.length]) or " "
        lines.append(f"  {safe(error.text)}")
        lines.append("  " + " " * width(before) + "^" * max(1, width(marked)) + f" column {error.column}")
    if isinstance(error, AmbiguousQuestion):
        lines += [f"  {number}. {safe(text)}" for number, text in enumerate(error.suggestions, 1)]
    elif error.suggestions:
        lines.append("  did you mean:")
        lines += [f"    {safe(text)}" for text in error.suggestions]
    if error.offers:
        lines.append("  you could ask:")
        lines += [f"    {safe(text)}" for text in error.offers]
    if error.hint:
        lines.append(f"  {safe(error.hint)}")
    return "\n".join(lines)


def as_json(error: VirtkgError) -> str:
    """Return an error as one JSON object."""
    from virtkg.present.document import error as document

    return document(error)

"""Compares a text with a golden file; with `--accept` the file is written anew."""

from __future__ import annotations

import difflib
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"
_SHOWN = 40


def compare(name: str, text: str, *, accept: bool, folder: Path = FOLDER) -> None:
    """Fail unless the golden file `name` below the folder holds exactly the text."""
    path = folder / name
    if accept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        return
    assert path.is_file(), f"{path.name} is missing: look at what it would hold, then run pytest with --accept"
    expected = path.read_text(encoding="utf-8")
    if text != expected:
        lines = list(
            difflib.unified_diff(expected.splitlines(), text.splitlines(), "golden", "found", lineterm="", n=1)
        )
        more = f"\n... and {len(lines) - _SHOWN} lines more" if len(lines) > _SHOWN else ""
        raise AssertionError(f"{name} differs:\n" + "\n".join(lines[:_SHOWN]) + more)

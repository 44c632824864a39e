"""Where the packaged ontology and queries stand on this machine.

Knows: that a wheel carries them in `virtkg/_data` and a checkout beside the
package. Must not know: what the files mean.
"""

from __future__ import annotations

import os
from typing import Final

from virtkg.diagnostics import SurroundingsError

_PACKAGE: Final = os.path.dirname(os.path.abspath(__file__))


def data_folder(name: str) -> str:
    """Return the absolute path of `ontology` or `queries`.

    A checkout (plain or installed as editable) is tried before the packaged
    copy only if no packaged copy exists: a wheel must never read a folder that
    happens to lie beside site-packages.

    Raises SurroundingsError when neither exists.
    """
    for candidate in (os.path.join(_PACKAGE, "_data", name), os.path.join(os.path.dirname(_PACKAGE), name)):
        if os.path.isdir(candidate):
            return candidate
    raise SurroundingsError(
        "S601",
        f"virtkg's {name} folder is missing from this installation",
        hint="reinstall virtkg with pip",
    )


def files_below(folder: str, *suffixes: str) -> list[str]:
    """Return the files below a folder that end in one of the suffixes, sorted by path."""
    found = []
    for root, folders, names in os.walk(folder):
        folders.sort()
        found += [os.path.join(root, name) for name in names if name.endswith(suffixes)]
    return sorted(found)

"""Where test data lies that is no part of the project: in `shared` beside the repository, or as VIRTKG_SHARED says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

SHARED: Final = Path(os.environ.get("VIRTKG_SHARED") or Path(__file__).parents[2] / "shared")

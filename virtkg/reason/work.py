"""How much work an evaluation was.

Knows: what is counted. Must not know: what is evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Work:
    """Counters that grow with an evaluation.

    `rows` counts the rows that joins gave, `rounds` the rounds of all
    components, `rules` the specialised rules, `compilations` how often the
    rules were specialised to the schema.
    """

    rows: int = 0
    rounds: int = 0
    rules: int = 0
    compilations: int = 0

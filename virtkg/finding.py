"""What a check of the graph is, and what it finds.

Knows: severities, checks, findings, and what they add up to.
Must not know: how anything is checked, or how a finding is shown.
"""

from __future__ import annotations

from enum import IntEnum

from virtkg.record import record


class Severity(IntEnum):
    """How much a finding matters: an error is a fault, a warning a doubt, info a gap that is worth knowing."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """Return the name of the level as users write it."""
        return self.name.lower()


@record
class Check:
    """A check by its name (`version-has-a-line`), what it asks for, and an example of how that should look.

    In the example, `{subject}` stands for what a finding is about, and
    `{name}` for what else the check found.
    """

    name: str
    severity: Severity
    title: str
    example: str


@record
class Finding:
    """What is wrong, where: `line` counts from 1, `subject` is a CURIE or IRI, or "" for a whole file."""

    severity: Severity
    check: str
    file: str
    line: int
    subject: str
    message: str
    example: str


@record
class Report:
    """The findings, the worst first; `files` and `checks` are counts, `unchecked` says what was left out, and why."""

    findings: tuple[Finding, ...]
    files: int
    checks: int
    unchecked: tuple[str, ...] = ()

    def count(self, severity: Severity) -> int:
        """Return how many findings are of a severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def fails(self, level: Severity) -> bool:
        """Tell whether a finding is of a level or above it."""
        return any(finding.severity >= level for finding in self.findings)

"""Report → text: a line for each finding as compilers write it, a table, JSON.

Knows: how findings are laid out. Must not know: checks, or where the text goes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

from virtkg.finding import Finding, Report, Severity
from virtkg.present import page
from virtkg.present.document import written
from virtkg.present.plain import safe
from virtkg.record import replace

_HEADER: Final = ("severity", "check", "file", "line", "subject", "message", "example")


def render(report: Report, format: str, show: Severity) -> str:
    """Return a report in a format: `table` (plain text), `json`, `csv`, `tsv`, `md` or `html`.

    Findings below the level `show` are counted and not listed.
    """
    shown = tuple(replace(one, file=_near(one.file)) for one in report.findings if one.severity >= show)
    match format:
        case "json":
            return _json(report, shown)
        case "csv" | "tsv":
            return page.separated(_HEADER, map(_cells, shown), format)
        case "md" | "html":
            tables = (page.Table("", _HEADER, tuple(map(_cells, shown))),) if shown else ()
            made = page.Page(_summary(report), tables, (*_hidden(report, show), *report.unchecked))
            return page.markdown(made) if format == "md" else page.html(made)
        case _:
            return "\n".join(_lines(report, shown, show))


def _lines(report: Report, shown: tuple[Finding, ...], show: Severity) -> Iterator[str]:
    told = set()
    for one in shown:
        about = f"{one.subject} " if one.subject else ""
        yield safe(f"{one.file}:{one.line}: {one.severity.word}: {about}{one.message} [{one.check}]")
        # One example teaches what a check wants; sixty would hide the findings.
        if one.check not in told:
            told.add(one.check)
            yield safe(f"    for example: {one.example}")
    yield _summary(report)
    yield from _hidden(report, show)


def _summary(report: Report) -> str:
    counts = ", ".join(_counted(report.count(severity), severity) for severity in sorted(Severity, reverse=True))
    files = "1 file" if report.files == 1 else f"{report.files} files"
    unchecked = "; shapes not checked" if report.unchecked else ""
    return f"{counts}: {report.checks} checks of {files}{unchecked}"


def _counted(number: int, severity: Severity) -> str:
    return f"{number} {severity.word}{'' if number == 1 or severity is Severity.INFO else 's'}"


def _hidden(report: Report, show: Severity) -> list[str]:
    hidden = [severity for severity in sorted(Severity, reverse=True) if severity < show and report.count(severity)]
    if not hidden:
        return []
    return [f"not listed: {', '.join(severity.word for severity in hidden)}; add --show {hidden[-1].word}"]


def _cells(one: Finding) -> tuple[str, ...]:
    return one.severity.word, one.check, one.file, str(one.line), one.subject, one.message, one.example


def _json(report: Report, shown: tuple[Finding, ...]) -> str:
    names = ("check", "file", "line", "subject", "message", "example")
    findings = [{"severity": one.severity.word, **{name: getattr(one, name) for name in names}} for one in shown]
    count = {severity.word: report.count(severity) for severity in sorted(Severity, reverse=True)}
    shape = {"findings": findings, "count": count, "checks": report.checks, "files": report.files}
    return written({**shape, "unchecked": list(report.unchecked)}, indent=1)


def _near(path: str) -> str:
    """Return a path as seen from the current folder if it is below it, otherwise as it is."""
    try:
        near = os.path.relpath(path)
    except (OSError, ValueError):  # the folder is gone, or on another drive
        return path
    return path if near.startswith(os.pardir) else near

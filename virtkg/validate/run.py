"""All checks over the packaged files and those of a contributor → Report.

What is found with the given files and not without them is theirs, wherever it
stands; so is what stands in them.

Knows: which checks there are, and which findings are told.
Must not know: what any check looks for, or how a finding is shown.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from virtkg.finding import Check, Finding, Report
from virtkg.graph import load
from virtkg.validate import contradictions, hygiene, ontology, reached, shapes, written
from virtkg.validate.authored import Authored, AuthoredFile, authored, beside_packaged, packaged_files
from virtkg.validate.checks import Fault, Runner, Subject, shown


def runners() -> tuple[Runner, ...]:
    """Return all checks that can be run here: shapes are left out where nothing runs them."""
    return (*((shape_runner(),) if shapes.installed() else ()), *_queries(), *_in_python())


def shape_runner() -> Runner:
    """Return the checks that are shapes."""
    return Runner(tuple(shapes.shape_checks()), shapes.run)


def _queries() -> Iterator[Runner]:
    for query in hygiene.hygiene_queries():
        yield Runner((query.check,), lambda given, query=query: hygiene.run(query, given))  # type: ignore[misc]


def _in_python() -> tuple[Runner, ...]:
    return (
        Runner((written.CHECK,), written.run),
        Runner((ontology.PROFILE,), ontology.profile),
        Runner((ontology.KEYWORD,), ontology.keyword),
        Runner((ontology.RULE_TERM,), ontology.rule_terms),
        Runner((contradictions.CHECK,), contradictions.run),
        Runner((reached.CHECK,), reached.run),
    )


def all_checks() -> tuple[Check, ...]:
    """Return every check, those that cannot be run here too."""
    return tuple(check for runner in (shape_runner(), *_queries(), *_in_python()) for check in runner.checks)


def validate(paths: Sequence[str] = ()) -> Report:
    """Check the packaged files, or what some files are and break beside them.

    Raises RdfError and SurroundingsError for a file that cannot be read.
    """
    used = runners()
    extra = beside_packaged(paths)
    added = [AuthoredFile(path) for path in extra]
    packaged = authored(packaged_files())
    given = _given(paths, packaged, added)
    whole = Authored([*packaged.files, *added])
    faults = _faults(used, Subject(whole, load(extra), given))
    if paths:
        known = {_key(fault) for fault in _faults(used, Subject(packaged, load(), given))} if added else set()
        faults = [
            fault for fault in faults if (added and _key(fault) not in known) or _file(fault, whole, given) in given
        ]
    findings = {_finding(fault, whole, given): None for fault in faults}
    ordered = sorted(findings, key=lambda it: (-it.severity, it.check, it.file, it.line, it.subject, it.message))
    checks = sum(len(runner.checks) for runner in used)
    unchecked = () if shapes.installed() else (shapes.MISSING,)
    return Report(tuple(ordered), len(given) or len(packaged.files), checks, unchecked)


def _given(paths: Sequence[str], packaged: Authored, added: list[AuthoredFile]) -> tuple[str, ...]:
    """Return the given files by the paths under which they were read, in order."""
    wanted = [os.path.realpath(path) for path in paths]
    known = {os.path.realpath(file.path): file.path for file in (*packaged.files, *added)}
    return tuple(dict.fromkeys(known[path] for path in wanted))


def _faults(used: Sequence[Runner], given: Subject) -> list[Fault]:
    return [fault for runner in used for fault in runner.run(given)]


def _key(fault: Fault) -> tuple[object, ...]:
    return fault.check.name, fault.subject, fault.message, fault.place


def _file(fault: Fault, whole: Authored, given: tuple[str, ...]) -> str:
    return _finding(fault, whole, given).file


def _finding(fault: Fault, whole: Authored, given: tuple[str, ...]) -> Finding:
    place = fault.place or whole.place(fault.subject, fault.predicate, fault.graph, given)
    example = fault.example or fault.check.example
    check = fault.check
    return Finding(check.severity, check.name, place.file, place.line, shown(fault.subject), fault.message, example)

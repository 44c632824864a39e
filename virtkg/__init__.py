"""virtkg: a citable knowledge graph of machine virtualization.

    >>> import virtkg
    >>> kg = virtkg.load()
    >>> kg.ask("suites with page sharing").rows[0].label
    'RHEV 3.6'

Everything public is here; it is imported when it is first used, so that
`import virtkg` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from virtkg.answer import Answer, Field, Note, Row, Side, Value, Verdict
    from virtkg.diagnostics import (
        AmbiguousQuestion,
        ExitCode,
        LimitReached,
        QueryError,
        QuestionError,
        RdfError,
        RuleError,
        SurroundingsError,
        UnknownTerm,
        VirtkgError,
    )
    from virtkg.graph import KnowledgeGraph, load
    from virtkg.language.complete import Completion
    from virtkg.present.written import render
    from virtkg.proof import Proof
    from virtkg.reasoner import Changes, Reason, Reasoner
    from virtkg.sparql.endpoint import Endpoint
    from virtkg.sparql.results import QueryResult
    from virtkg.sparql.run import Limits
    from virtkg.spectrum import Cell, Heading, Sign, Spectrum
    from virtkg.whynot import Gap, Lacking, Objection

__version__: Final = "0.1.0"

_HOMES: Final = {
    "reasoner": ("Changes", "Reason", "Reasoner"),
    "answer": ("Answer", "Field", "Note", "Row", "Side", "Value", "Verdict"),
    "diagnostics": (
        "AmbiguousQuestion",
        "ExitCode",
        "LimitReached",
        "QueryError",
        "QuestionError",
        "RdfError",
        "RuleError",
        "SurroundingsError",
        "UnknownTerm",
        "VirtkgError",
    ),
    "graph": ("KnowledgeGraph", "load"),
    "language.complete": ("Completion",),
    "present.written": ("render",),
    "proof": ("Proof",),
    "sparql.endpoint": ("Endpoint",),
    "sparql.results": ("QueryResult",),
    "sparql.run": ("Limits",),
    "spectrum": ("Cell", "Heading", "Sign", "Spectrum"),
    "whynot": ("Gap", "Lacking", "Objection"),
}

__all__ = [
    "AmbiguousQuestion",
    "Answer",
    "Cell",
    "Changes",
    "Completion",
    "Endpoint",
    "ExitCode",
    "Field",
    "Gap",
    "Heading",
    "KnowledgeGraph",
    "Lacking",
    "LimitReached",
    "Limits",
    "Note",
    "Objection",
    "Proof",
    "QueryError",
    "QueryResult",
    "QuestionError",
    "RdfError",
    "Reason",
    "Reasoner",
    "Row",
    "RuleError",
    "Side",
    "Sign",
    "Spectrum",
    "SurroundingsError",
    "UnknownTerm",
    "Value",
    "Verdict",
    "VirtkgError",
    "load",
    "render",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

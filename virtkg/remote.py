"""A question in words → Answer, of what a SPARQL endpoint holds.

The question is understood with the words of the graph here; rows, verdicts, values and
sources are the endpoint's alone. Whether a condition holds, the endpoint finds by the
query that is printed; the rest is told of its facts as of those here.

Knows: what an endpoint cannot tell. Must not know: HTTP, or how an answer is found or shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from virtkg.answer import Answer, Note
from virtkg.ask import Asker
from virtkg.diagnostics import QueryError
from virtkg.language.resolved import ResolvedAccording, ResolvedAsk, ResolvedQuestion
from virtkg.record import replace
from virtkg.remote_dataset import dataset
from virtkg.remote_facts import RemoteFacts
from virtkg.several import in_turn

if TYPE_CHECKING:
    from virtkg.snapshot.reader import Snapshot
    from virtkg.sparql.endpoint import Endpoint

_NOT_THERE: Final = "proofs, and the sources of what is inferred, come only from the built-in engine"
_OWN: Final = "I722"
"""That nobody is cited for a row: of what is inferred, an endpoint does not tell who is."""


class RemoteAsker:
    """Answers questions by the facts of an endpoint."""

    def __init__(self, asker: Asker, snapshot: Snapshot, endpoint: Endpoint) -> None:
        """Take what understands a question. Raises what `dataset` raises: the endpoint is asked what it holds."""
        facts = RemoteFacts(dataset(endpoint), snapshot)
        self._reader = asker.reader
        self._speaker = asker.speaker
        self._asker = asker.over(facts, facts.rows)

    def ask(self, text: str, *, reading: int | None = None, certain: bool = False) -> Answer:
        """Answer a question. Raises QueryError Q311 for one that needs more than the facts."""
        return in_turn(self._reader, text, reading, lambda said, meant: self.answer(said, meant, certain=certain))

    def answer(self, text: str, meant: ResolvedQuestion, *, certain: bool = False) -> Answer:
        """Answer a question that is understood."""
        why = _beyond(meant)
        if why:
            said = f"“{self._speaker.say(meant)}” needs {why}, which an endpoint does not give"
            raise QueryError("Q311", said, hint="leave out --endpoint")
        answer = self._asker.answer(text, meant, certain=certain)
        notes = [note for note in answer.notes if note.code != _OWN]
        return replace(answer, notes=(*notes, Note("I723", _NOT_THERE)))


def _beyond(meant: ResolvedQuestion) -> str:
    """Return what a question needs beside facts, "" for nothing."""
    match meant:
        case ResolvedAsk(why=True):
            return "a proof"
        case ResolvedAccording():
            return "what follows from one source alone"
        case _:
            return ""

"""What names a product or vendor gives to a thing → Answer, from the nodes of statements.

Knows: statement nodes and the annotation for names on them. Must not know: words, or how an answer is shown.
"""

from __future__ import annotations

from pyoxigraph import NamedNode

from virtkg.answer import Answer, Field, Note, Row, Value, Verdict
from virtkg.evidence import Evidence
from virtkg.language.resolved import ResolvedCalls
from virtkg.language.schema import Schema
from virtkg.namespaces import RDF, VKG
from virtkg.snapshot.facts import Facts


class Called:
    """Finds names in a snapshot."""

    def __init__(
        self,
        snapshot: Facts,
        schema: Schema,
        evidence: Evidence,
    ) -> None:
        self._snapshot = snapshot
        self._number = snapshot.known
        self._schema = schema
        self._evidence = evidence

    def answer(self, text: str, meant: ResolvedCalls, reading: str) -> Answer:
        """Return one row for each thing that has a name of its own for what is asked about."""
        names = self._names(self._number(meant.thing))
        speaking = self._speaking(meant)
        rows = tuple(self._row(user, names[user]) for user in self._schema.in_order(set(names) & speaking))
        notes: tuple[Note, ...] = ()
        if not rows:
            said = f"{self._label(meant.speaker)} calls {self._label(meant.thing)}"
            notes = (Note("I706", f"no source in the graph states what {said}"),)
        return Answer(text, reading, "value", None if rows else Verdict.UNKNOWN, rows, 0, notes, "")

    def _speaking(self, meant: ResolvedCalls) -> set[int]:
        """Return a thing with all that have it as their maker, line or the like."""
        who = self._number(meant.speaker)
        return {who}.union(*(self._schema.subjects_of(who, self._number(property_)) for property_ in meant.properties))

    def _names(self, thing: int) -> dict[int, dict[str, set[int]]]:
        """Return the names of a thing by whom statements are about, each with the sources that give it."""
        found: dict[int, dict[str, set[int]]] = {}
        subject, object_, calls = (self._schema.named(iri) for iri in (RDF + "subject", RDF + "object", VKG + "calls"))
        if subject is None or object_ is None or calls is None:
            return found
        for node, graph in self._snapshot.subjects(object_, thing):
            for name, where in self._snapshot.objects(node, calls):
                for user, _ in self._snapshot.objects(node, subject):
                    if where == graph:
                        found.setdefault(user, {}).setdefault(self._schema.text_of(name), set()).add(graph)
        return found

    def _row(self, user: int, names: dict[str, set[int]]) -> Row:
        values = tuple(
            Value(name, name, "", Verdict.YES, False, self._evidence.slugs(names[name])) for name in sorted(names)
        )
        sources = tuple(dict.fromkeys(source for value in values for source in value.sources))
        label = self._schema.label(user)
        return Row(label, self._snapshot.iri(user), Verdict.YES, False, sources, (Field("calls it", values),))

    def _label(self, term: NamedNode) -> str:
        return self._schema.label(self._number(term))

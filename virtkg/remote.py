"""A question in words → Answer, of what a SPARQL endpoint holds.

The question is understood with the words of the graph here; rows, verdicts,
values and sources are the endpoint's alone.

Knows: which query gives what, and what an endpoint cannot tell.
Must not know: HTTP, or how an answer is shown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode, Variable

from virtkg.answer import Answer, Field, Note, Row, Verdict
from virtkg.ask import Asker
from virtkg.diagnostics import QueryError, SurroundingsError
from virtkg.language.algebra import Pattern, write
from virtkg.language.conditions import deniable
from virtkg.language.resolved import (
    ResolvedAsk,
    ResolvedExtreme,
    ResolvedHow,
    ResolvedList,
    ResolvedQuestion,
    ResolvedValue,
)
from virtkg.language.schema import LABEL, TYPE
from virtkg.language.translate import DISPUTED, UNKNOWN, YES, translate
from virtkg.language.translate_value import translate_how, translate_value
from virtkg.listing import VERDICTS, unknown_note
from virtkg.natural import natural
from virtkg.remote_dataset import dataset
from virtkg.remote_facts import Atom, Fact, Graphs, RemoteFacts, agrees, atoms, deciding, is_inferred, speaks, valued

if TYPE_CHECKING:
    from virtkg.language.algebra import Node, Select
    from virtkg.snapshot.reader import Snapshot
    from virtkg.sparql.endpoint import Endpoint

_TYPE: Final = NamedNode(TYPE)
_THING: Final = Variable("thing")


class RemoteAsker:
    """Answers questions by the rows of an endpoint."""

    def __init__(self, asker: Asker, snapshot: Snapshot, endpoint: Endpoint) -> None:
        """Take what understands a question. Raises what `dataset` raises: the endpoint is asked what it holds."""
        self._asker = asker
        self._schema = asker.schema
        self._facts = RemoteFacts(dataset(endpoint), snapshot, asker.schema, asker.evidence, asker.values)
        self._labels: dict[str, str] = {}

    def ask(self, text: str, *, reading: int | None = None, certain: bool = False) -> Answer:
        """Answer a question. Raises QueryError Q311 for one that is no single query."""
        return self.answer(text, self._asker.reader.understand(text, reading=reading), certain=certain)

    def answer(self, text: str, meant: ResolvedQuestion, *, certain: bool = False) -> Answer:
        """Answer a question that is understood."""
        match meant:
            case ResolvedList():
                answer = self._listed(text, meant, certain)
            case ResolvedAsk(subject, why=False) if not self._has_versions(subject):
                answer = self._asked(text, meant)
            case ResolvedHow():
                answer = self._how(text, meant)
            case ResolvedValue(_, subject, None) if not self._has_versions(subject):
                answer = self._value(text, meant)
            case ResolvedExtreme():
                answer = self._extreme(text, meant)
            case _:
                said = f"“{self._asker.speaker.say(meant)}” is more than one query, which an endpoint is not asked"
                raise QueryError("Q311", said, hint="leave out --endpoint")
        return self._complete(answer)

    def _has_versions(self, thing: NamedNode) -> bool:
        """Tell whether a thing is told by version, which takes a query for each."""
        number = self._schema.named(thing.value)
        return number is not None and bool(self._schema.versions(number))

    def _listed(self, text: str, meant: ResolvedList, certain: bool) -> Answer:
        query = translate(meant)
        truths = self._truths(query)
        things = self._in_order(truths, query.patterns)
        atoms_ = () if meant.noun.condition is None else tuple(atoms(meant.noun.condition))
        wanted = [YES] if certain else [YES, DISPUTED, *([UNKNOWN] if meant.or_unknown else [])]
        cites = _Citing(self._facts, _THING, query.patterns, atoms_, meant.noun.class_)
        rows = tuple(
            cites.row(thing, self._label(thing), truths[thing])
            for truth in wanted
            for thing in things
            if truths[thing][-1] == truth
        )
        open_ = meant.noun.condition is not None and deniable(meant.noun.condition)
        unknown = {thing: self._label(thing) for thing in things if truths[thing][-1] == UNKNOWN} if open_ else {}
        notes = [unknown_note(unknown)] if unknown and not meant.or_unknown else []
        left_out = sum(truth[-1] == DISPUTED for truth in truths.values()) if certain else 0
        if left_out:
            notes.append(Note("I704", f"{left_out} disputed left out by --certain"))
        if not rows:
            notes.append(Note("I701", "nothing is known to satisfy this"))
        reading = self._asker.speaker.say(meant)
        return Answer(text, reading, "list", None, rows, len(unknown), tuple(notes), write(query))

    def _asked(self, text: str, meant: ResolvedAsk) -> Answer:
        query = translate(meant)
        truths = self._truths(query)
        if set(truths) != {meant.subject.value}:
            raise self._odd("has not the one row asked for")
        found = truths[meant.subject.value]
        cites = _Citing(self._facts, meant.subject, (), tuple(atoms(meant.condition)), None)
        row = cites.row(meant.subject.value, self._facts.label(meant.subject), found)
        reading = self._asker.speaker.say(meant)
        return Answer(text, reading, "verdict", row.verdict, (row,), 0, (), write(query))

    def _how(self, text: str, meant: ResolvedHow) -> Answer:
        query = translate_how(meant)
        cell = Variable(query.variables[0])
        cells = sorted({row[0].value for row in self._facts.rows(query)})
        fields: dict[str, list[Field]] = {found: [] for found in cells}
        for property_ in meant.values:
            for thing, values in self._facts.of(cell, query.patterns, Fact(property_)).items():
                fields.setdefault(thing, []).append(self._facts.field(property_, values))
        rows = tuple(_value_row(thing, self._facts.label(NamedNode(thing)), tuple(fields[thing])) for thing in cells)
        return self._of_values(text, meant, rows, query, ())

    def _value(self, text: str, meant: ResolvedValue) -> Answer:
        query = translate_value(meant)
        found = self._facts.of(meant.subject, (), Fact(meant.property))
        rows = tuple(
            _value_row(thing, self._facts.label(meant.subject), (self._facts.field(meant.property, values),))
            for thing, values in found.items()
        )
        notes = []
        if not rows:
            notes.append(Note("I706", f"no source at the endpoint states {self._asker.speaker.say(meant)}"))
        number = self._schema.named(meant.property.value)
        if number is not None and self._schema.is_measure(number):
            notes.append(Note("I724", "what is said of parts of a thing comes only from the built-in engine"))
        return self._of_values(text, meant, rows, query, tuple(notes))

    def _of_values(
        self, text: str, meant: ResolvedQuestion, rows: tuple[Row, ...], query: Select, notes: tuple[Note, ...]
    ) -> Answer:
        verdict = None if rows else Verdict.UNKNOWN
        return Answer(text, self._asker.speaker.say(meant), "value", verdict, rows, 0, notes, write(query))

    def _extreme(self, text: str, meant: ResolvedExtreme) -> Answer:
        from virtkg.extreme import at_the_end

        listed = ResolvedList(meant.noun, or_unknown=False)
        whole = self._listed(text, listed, certain=False)
        found = self._facts.of(_THING, translate(listed).patterns, Fact(meant.property))
        dates = {
            row.iri: self._facts.field(meant.property, found[row.iri]) if row.iri in found else None
            for row in whole.rows
        }
        return replace(at_the_end(whole, dates, meant), reading=self._asker.speaker.say(meant))

    def _truths(self, query: Select) -> dict[str, tuple[int, ...]]:
        """Return the truths of each thing: of the atoms in order, then of the whole."""
        truths: dict[str, tuple[int, ...]] = {}
        for thing, *found in self._facts.rows(query):
            texts = [term.value for term in found]
            if not isinstance(thing, NamedNode) or not set(texts) <= {"0", "1", "2", "3"}:
                raise self._odd("has a truth or a thing that is none")
            if truths.setdefault(thing.value, read := tuple(map(int, texts))) != read:
                raise self._odd("contradicts itself")
        return truths

    def _odd(self, why: str) -> SurroundingsError:
        said = f"the answer of the endpoint {self._facts.endpoint.url} {why}"
        return SurroundingsError("S612", said, hint="the service may not evaluate SPARQL 1.1 as it is written")

    def _in_order(self, things: dict[str, tuple[int, ...]], base: tuple[Pattern, ...]) -> list[str]:
        """Return things in the order of their labels; those unknown here are asked for their labels."""
        if any(self._schema.named(thing) is None for thing in things):
            label = Fact(NamedNode(LABEL))
            for thing, labels in self._facts.of(_THING, base, label).items():
                self._labels[thing] = min(term.value for term in labels)
        return sorted(things, key=lambda thing: (natural(self._label(thing)), thing))

    def _label(self, thing: str) -> str:
        if thing in self._labels and self._schema.named(thing) is None:
            return self._labels[thing]
        return self._facts.label(NamedNode(thing))

    def _complete(self, answer: Answer) -> Answer:
        """Add the titles of sources, as far as they are known here, and say what an endpoint cannot tell."""
        values = [value for row in answer.rows for field in row.fields for value in field.values]
        slugs = {slug for row in answer.rows for slug in row.sources} | {slug for v in values for slug in v.sources}
        titles = tuple((slug, self._asker.values.title(slug)) for slug in sorted(slugs))
        said = "proofs, remarks and doubts on units, and sources of what is inferred come only from the built-in engine"
        notes = (*answer.notes, Note("I723", said))
        return replace(answer, notes=notes, titles=titles)


class _Citing:
    """Makes rows with the facts that decide them, each kind of fact asked once."""

    def __init__(
        self,
        facts: RemoteFacts,
        thing: Node,
        base: tuple[Pattern, ...],
        atoms_: tuple[tuple[Atom, bool], ...],
        class_: NamedNode | None,
    ) -> None:
        self._facts = facts
        self._thing = thing
        self._base = base
        self._atoms = atoms_
        self._class = class_
        self._found: dict[Fact, dict[str, Graphs]] = {}

    def row(self, thing: str, label: str, truths: tuple[int, ...]) -> Row:
        """Return the row of a thing by the truths of its atoms and of the whole."""
        whole = truths[-1]
        stated: list[frozenset[str]] = []
        fields = []
        if not self._atoms and self._class is not None:
            stated += self._of(Fact(_TYPE, object=self._class)).get(thing, {}).values()
        for (atom, positive), truth in zip(self._atoms, truths, strict=False):
            if speaks(truth, positive, whole):
                for kind in deciding(atom, truth):
                    values = self._of(kind).get(thing, {})
                    stated += [graphs for value, graphs in values.items() if agrees(atom, truth, value)]
            for property_ in valued(atom):
                values = self._of(Fact(property_)).get(thing, {})
                if values:
                    fields.append(self._facts.field(property_, values))
        return Row(
            label,
            thing,
            VERDICTS[whole],
            any(is_inferred(graphs) for graphs in stated),
            self._facts.sources(frozenset().union(*stated)),
            tuple(dict.fromkeys(fields)),
        )

    def _of(self, kind: Fact) -> dict[str, Graphs]:
        if kind not in self._found:
            self._found[kind] = self._facts.of(self._thing, self._base, kind)
        return self._found[kind]


def _value_row(thing: str, label: str, fields: tuple[Field, ...]) -> Row:
    every = [value for field in fields for value in field.values]
    disputed = any(value.verdict is Verdict.DISPUTED for value in every)
    return Row(
        label,
        thing,
        Verdict.DISPUTED if disputed else Verdict.YES,
        bool(every) and all(value.inferred for value in every),
        tuple(dict.fromkeys(source for value in every for source in value.sources)),
        fields,
    )

"""RDF files + rules → their closure, ready to be written: any graph, not the one of virtkg.

Knows: the order of the stages, which rules are used, and how the terms of an
engine are spelled in what users read. Must not know: syntaxes, options, or how
a closure is computed.
"""

from __future__ import annotations

import gc
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from pyoxigraph import NamedNode, Triple

from virtkg.inputs import rule_files
from virtkg.namespaces import GENID, INFERRED_GRAPH
from virtkg.rdf.given import Given, Reading, read_given
from virtkg.rdf.lines_export import NO_GRAPH, SortedLines
from virtkg.rdf.table import BLANK
from virtkg.reason.columns import FactColumns, Ids, columns_of, facts_of, grouped, objects_of, subjects_of
from virtkg.reason.terms import Fact, Terms, fact_of, is_class, owner, terms_of
from virtkg.rules.parse import read_rules

if TYPE_CHECKING:
    from virtkg.reason.closed import Materialised
    from virtkg.reason.closure import Derivation
    from virtkg.reason.explain import Explained, Explainer
    from virtkg.rules.syntax import Rule

Report: TypeAlias = Callable[[str], None]

_MADE: Final = f"<{GENID}rule/".encode()
_REMEMBERED: Final = 20_000
"""Proofs after which the explainer may forget: it keeps all that it ever looked at."""

_BLANK: Final = re.compile(f"<{GENID}(?:blank/|(rule)/)([^>]*)>")


@dataclass(frozen=True, slots=True)
class Step:
    """One fact and why it holds: all facts in N-Triples, without the full stop.

    `rule` is the IRI of the rule, "" for a fact that was given; `absent` are
    the patterns that matched nothing.
    """

    fact: str
    rule: str
    premises: tuple[str, ...]
    absent: tuple[str, ...]


class Inferred(ABC):
    """What was given and what follows from it."""

    def __init__(self, given: Given, terms: Terms, rules: int) -> None:
        """Take what was read, and how many rules there are; the terms may be more than those that were read."""
        self.given = given
        self.rules = rules
        self._terms = terms
        self._read = len(terms.table)
        self._columns: tuple[Ids, Ids, Ids] | None = None
        self.findings: list[Fact] = []
        """The contradictions, sorted."""

    @abstractmethod
    def _relations(self) -> Iterator[tuple[int, Ids]]:
        """Yield the relations, each with its facts that were not given."""

    @abstractmethod
    def proof(self, fact: Fact) -> list[Step]:
        """Return the steps to a fact, premises first, each once."""

    @abstractmethod
    def _step(self, fact: Fact) -> Step:
        """Return the last step to a fact."""

    def __len__(self) -> int:
        """Return how many facts were inferred."""
        return len(self._inferred()[0])

    def steps(self) -> Iterator[Step]:
        """Yield the last step to each inferred fact and to each contradiction, in the order of their lines."""
        none = np.full(len(self), NO_GRAPH)
        for subjects, predicates, objects, _ in SortedLines(self._texts(), *self._inferred(), none).blocks():
            for row in zip(subjects.tolist(), predicates.tolist(), objects.tolist(), strict=True):
                yield self._step(fact_of(self._terms.type, row[0], row[1], row[2]))
        for fact in self.findings:
            yield self._step(fact)

    def sorted_lines(self, part: str, *, graphs: bool, plain_labels: bool = False) -> SortedLines:
        """Return the asserted facts, the inferred ones or all, as N-Triples, or as N-Quads with the graph of each.

        Inferred facts stand in a graph of their own. With `plain_labels`, blank
        nodes are numbered anew, so that every syntax can hold their labels.
        """
        given = self.given
        rows: list[tuple[Ids, Ids, Ids, Ids]] = []
        if part != "inferred":
            named = given.graphs if graphs else np.full(len(given), NO_GRAPH)
            rows.append((given.subjects, given.predicates, given.objects, named))
        if part != "asserted":
            graph = self._terms.number(NamedNode(INFERRED_GRAPH)) if graphs else NO_GRAPH
            rows.append((*self._inferred(), np.full(len(self), graph)))
        columns = [np.concatenate(column) for column in zip(*rows, strict=True)]
        texts = self._texts()
        return SortedLines(self._numbered(texts, columns) if plain_labels else texts, *columns)

    def _inferred(self) -> tuple[Ids, Ids, Ids]:
        if self._columns is None:
            type_, parts = self._terms.type, [np.empty((3, 0), dtype=np.int64)]
            for relation, column in self._relations():
                of = np.full(len(column), owner(relation))
                if is_class(relation):
                    parts.append(np.stack((column, np.full(len(column), type_), of)))
                else:
                    parts.append(np.stack((subjects_of(column), of, objects_of(column))))
            subjects, predicates, objects = np.concatenate(parts, axis=1)
            self._columns = subjects, predicates, objects
        return self._columns

    def _texts(self) -> list[bytes]:
        """Return the terms as users read them: what a rule made without a name is a blank node."""
        texts = self._terms.table.texts
        news = (_in_words(text) if text.startswith(_MADE) else text for text in texts[self._read :])
        return [*texts[: self._read], *news]

    def _numbered(self, texts: list[bytes], columns: list[Ids]) -> list[bytes]:
        marks = np.frombuffer(bytes(self._terms.table.marks), dtype=np.uint8)
        used = np.zeros(len(texts) + 1, dtype=np.bool_)
        for column in columns:
            used[column] = True
        blank = {n for n in np.flatnonzero(used[:-1]).tolist() if texts[n][:2] == b"_:" or marks[n] & BLANK}
        for number, blank_node in enumerate(sorted(blank, key=texts.__getitem__), 1):
            texts[blank_node] = b"_:b%d" % number
        return texts

    def told(self, fact: Fact) -> str:
        """Return a fact in N-Triples, without the full stop."""
        texts = self._terms.table.texts
        return " ".join(
            (_in_words(text) if number >= self._read and text.startswith(_MADE) else text).decode()
            for number in terms_of(self._terms.type, fact)
            for text in (texts[number],)
        )


def _in_words(text: bytes) -> bytes:
    return _with_blank_nodes(text.decode()).encode()


def _with_blank_nodes(text: str) -> str:
    return _BLANK.sub(lambda found: f"_:{'r' if found[1] else ''}{found[2]}", text)


class _Columns(Inferred):
    """By virtkg's own engine; proofs are found when they are asked for."""

    def __init__(self, given: Given, terms: Terms, rules: Sequence[Rule], report: Report) -> None:
        from virtkg.reason.materialise import materialise

        super().__init__(given, terms, len(rules))
        facts = _facts(terms, given)
        self._closed: Materialised = materialise(terms, facts, rules, report=report)
        work = self._closed.work
        report(f"{work.rows:,} rows joined in {work.rounds:,} rounds")
        self._explainer: Explainer | None = None
        self._proofs = 0
        found = self._closed.findings
        facts_found = [fact for relation in found.relations() for fact in facts_of(relation, found.column(relation))]
        self.findings = sorted(facts_found, key=self.told)

    def _relations(self) -> Iterator[tuple[int, Ids]]:
        for relation in self._closed.relations():
            yield relation, self._closed.inferred(relation)

    def proof(self, fact: Fact) -> list[Step]:
        return [self._as_step(part) for part in self._explained(fact).in_order()]

    def _step(self, fact: Fact) -> Step:
        return self._as_step(self._explained(fact))

    def _explained(self, fact: Fact) -> Explained:
        from virtkg.reason.explain import Explainer

        if self._explainer is None or self._proofs % _REMEMBERED == 0:
            self._explainer = Explainer(self._closed)
        self._proofs += 1
        explained = self._explainer.explain(fact)
        assert explained is not None, f"no proof of {self.told(fact)}"
        return explained

    def _as_step(self, part: Explained) -> Step:
        premises = tuple(self.told(premise.fact) for premise in part.premises)
        return Step(self.told(part.fact), part.rule, premises, tuple(map(_with_blank_nodes, part.absent)))


class _Reference(Inferred):
    """By owlrl, for small graphs: a second opinion."""

    def __init__(self, given: Given, terms: Terms, rules: Sequence[Rule], report: Report) -> None:
        from virtkg.reason.owlrl_engine import close_with_owlrl

        super().__init__(given, terms, len(rules))
        gc.enable()  # rdflib leaves much garbage that holds itself
        report("closing with owlrl, which takes minutes for a hundred thousand facts")
        facts = _facts(terms, given)
        triples = [
            terms.triple(fact) for relation in facts.relations() for fact in facts_of(relation, facts.column(relation))
        ]
        closure = close_with_owlrl(triples, rules)
        self._derived: dict[Fact, Derivation[Triple]] = {
            terms.fact(triple): how for found in (closure.inferred, closure.clashes) for triple, how in found.items()
        }
        self.findings = sorted((terms.fact(triple) for triple in closure.clashes), key=self.told)

    def _relations(self) -> Iterator[tuple[int, Ids]]:
        clashes = set(self.findings)
        yield from columns_of(fact for fact in self._derived if fact not in clashes)

    def proof(self, fact: Fact) -> list[Step]:
        found: dict[Fact, Step] = {}
        stack = [fact]
        while stack:
            here = stack.pop()
            if here not in found:
                found[here] = self._step(here)
                stack += self._premises(here)
        return list(found.values())[::-1]

    def _premises(self, fact: Fact) -> list[Fact]:
        how = self._derived.get(fact)
        return self._terms.facts(how.premises) if how else []

    def _step(self, fact: Fact) -> Step:
        how = self._derived.get(fact)
        if how is None:
            return Step(self.told(fact), "", (), ())
        premises = tuple(self.told(premise) for premise in self._premises(fact))
        return Step(self.told(fact), how.rule, premises, tuple(map(_with_blank_nodes, how.absent)))


def _facts(terms: Terms, given: Given) -> FactColumns:
    return grouped(terms.type, given.subjects, given.predicates, given.objects)


def _unsaid(*_: object) -> None:
    """Nobody wants to be told."""


def rules_of(paths: Sequence[str], owl: bool) -> list[Rule]:
    """Return the rules of SRL files, with those of OWL 2 RL before them if they are wanted."""
    files = [*rule_files()[:1], *paths] if owl else paths
    return [rule for path in files for rule in read_rules(path)]


def infer(
    paths: Sequence[str],
    rules: Sequence[str] = (),
    *,
    owl: bool = True,
    engine: str = "virtkg",
    reading: Reading | None = None,
    report: Report | None = None,
) -> Inferred:
    """Return the closure of RDF files under OWL 2 RL and the rules of SRL files.

    `owl` is false if only the files' rules are to be used; `engine` is "virtkg"
    or "owlrl". `reading` and `report` are told what is being done.

    Raises RdfError, RuleError, SurroundingsError, and LimitReached for a file
    that is too large.
    """
    report = report or _unsaid
    used = rules_of(rules, owl)
    given = read_given(paths, reading or _unsaid)
    report(f"{len(given):,} statements with {len(given.table):,} terms read")
    terms = Terms(given.table)
    made: type[_Columns | _Reference] = _Reference if engine == "owlrl" else _Columns
    return made(given, terms, used, report)

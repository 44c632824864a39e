"""KnowledgeGraph: what a program, the command line or a notebook works with.

Knows: how the parts are put together. Must not know: files of any format, SPARQL text
of its own, or how a result is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from virtkg.answer import Answer, Side
from virtkg.ask import Asker
from virtkg.dates import is_date
from virtkg.diagnostics import QueryError, QuestionError, UnknownTerm
from virtkg.inputs import Inputs, key
from virtkg.language.categories import Category
from virtkg.language.parse import QUESTION, STATEMENT
from virtkg.language.resolved import ResolvedCompare, ResolvedDescribe
from virtkg.language.vocabulary import Sense, keywords
from virtkg.language.words import phrase
from virtkg.namespaces import DISPUTED_GRAPH, INFERRED_GRAPH, compact, expand
from virtkg.snapshot.cache import cache_folder, open_or_build
from virtkg.snapshot.reader import Snapshot
from virtkg.terms import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    import rdflib

    from virtkg.language.complete import Completer, Completion
    from virtkg.sparql.endpoint import Endpoint
    from virtkg.sparql.results import QueryResult
    from virtkg.sparql.run import Limits
    from virtkg.spectrum import Spectrum

PARTS: Final = ("asserted", "inferred", "all")
"""What can be exported: what sources state, what follows, both."""

EVERYTHING: Final = "everything"


class KnowledgeGraph:
    """A graph with its closure: asked in words or SPARQL, proved, exported.

    Facts are read where they lie; nothing can be changed.
    """

    def __init__(self, snapshot: Snapshot, inputs: Inputs | None = None, *, cached: bool = True) -> None:
        """Take a snapshot, what it was made of beside the packaged files, and whether such are kept."""
        self._cached = cached
        self.snapshot = snapshot
        self._inputs = inputs or Inputs()
        self._asker: Asker | None = None

    @property
    def asker(self) -> Asker:
        """The stages of the question language over this graph."""
        if self._asker is None:
            self._asker = self._asking()
        return self._asker

    def _asking(self, today: str = "", source: str = "") -> Asker:
        def believing(source: str) -> Asker:
            only = load(
                self._inputs.data, sources=(source,), rules=self._inputs.rules, engine=self._inputs.engine,
                cache=self._cached,
            )  # fmt: skip
            return only._asking(today, source)

        return Asker(self.snapshot, self._inputs, believing, today, source)

    def ask(
        self,
        question: str,
        *,
        reading: int | None = None,
        certain: bool = False,
        proofs: bool = False,
        as_of: str | None = None,
        endpoint: Endpoint | None = None,
    ) -> Answer:
        """Answer a question in words, or each of several in a text; `as_of` is the ISO day that counts as today.

        With `endpoint` the facts are those of a SPARQL service, and the words
        are those of this graph; proofs are not to be had from there.
        Raises QuestionError when it is not understood, AmbiguousQuestion when
        it has several meanings (`reading` chooses one, from 1).
        """
        asker = self.asker if as_of is None else self._asking(_day(as_of))
        if endpoint is not None:
            from virtkg.remote import RemoteAsker

            return RemoteAsker(asker, self.snapshot, endpoint).ask(_checked(question), reading=reading, certain=certain)
        return asker.ask(_checked(question), reading=reading, certain=certain, proofs=proofs)

    def why(self, statement: str, *, reading: int | None = None) -> Answer:
        """Prove a statement: in words, or as three terms (CURIEs, IRIs or a literal in N-Triples form).

        Of one that does not hold, the answer's `lacking` says which rules come nearest to it.
        """
        fact = self._fact(_checked(statement))
        if fact is None:
            return self.asker.why(statement, reading=reading)
        return self.asker.why_fact(statement, fact)

    def show(self, term: str) -> Answer:
        """Say all about a thing, given by label, CURIE or IRI."""
        return self.asker.about.described(ResolvedDescribe(self.find(term)), term)

    def history(self, term: str) -> Answer:
        """Tell what happened to a thing, given by label, CURIE or IRI, in order of time."""
        return self.asker.about.history(self.find(term), term)

    def spectrum(
        self, modes: Sequence[str] | None = None, resources: Sequence[str] | None = None, detail: bool = False
    ) -> Spectrum:
        """Return the matrix of modes and resources; by default those of the figure.

        They are given by label, CURIE or IRI, or as `["all"]`; `detail` adds
        the parts of each resource. Raises UnknownTerm E201.
        """
        from virtkg.spectrum import Spectrograph

        for name in (*(modes or ()), *(resources or ())):
            _checked(name)
        asker = self.asker
        return Spectrograph(self.snapshot, asker.schema, asker.evidence, asker.values).spectrum(
            modes, resources, detail=detail
        )

    def compare(self, *terms: str) -> Answer:
        """Put two or more things side by side, what differs first."""
        return self.asker.about.compared(ResolvedCompare(tuple(self.find(term) for term in terms)))

    def complete(self, text: str, cursor: int | None = None, *, statement: bool = False) -> list[Completion]:
        """Return how a question, or a statement for `why`, can go on at the cursor, by default at its end."""
        return self._completer.complete(_checked(text), cursor, STATEMENT if statement else QUESTION)

    def complete_label(self, text: str) -> list[Completion]:
        """Return the labels that begin with a text."""
        return self._completer.labels(_checked(text))

    @cached_property
    def _completer(self) -> Completer:
        from virtkg.language.complete import Completer

        reader = self.asker.reader
        return Completer(reader.parser, reader.vocabulary, self.asker.schema, reader.fits)

    def find(self, term: str) -> NamedNode:
        """Return the thing with a label, CURIE or IRI; UnknownTerm or AmbiguousQuestion if there is not one."""
        try:
            return find(_checked(term), self.snapshot, self.asker.reader.vocabulary)
        except ValueError as error:
            raise _no_iri(term, error) from None

    def sparql(self, query: str, *, limits: Limits | None = None) -> QueryResult:
        """Run a SPARQL 1.1 query over the union of all graphs, in a process of its own.

        Raises QueryError when the query is refused, LimitReached when time,
        memory, rows or bytes run out.
        """
        from virtkg.rdf.write import serialize
        from virtkg.sparql.guard import check_query
        from virtkg.sparql.run import NQuads, run_query

        check_query(query, known_graphs=frozenset(self.graphs()))
        return run_query(NQuads(serialize(self._quads(EVERYTHING), "nq")), query, limits=limits)

    def query(
        self,
        name: str,
        parameters: Mapping[str, str] | None = None,
        *,
        limits: Limits | None = None,
        endpoint: Endpoint | None = None,
    ) -> QueryResult:
        """Run a stored query with its parameters bound to things or numbers, here or at a SPARQL service."""
        from virtkg.stored import bind, stored_query

        text = bind(stored_query(name), parameters or {}, self.find)
        return self.sparql(text, limits=limits) if endpoint is None else endpoint.query(text)

    def export(self, format: str, part: str = "all") -> bytes:
        """Return the asserted facts, the inferred ones or all, in an RDF format; the same bytes each time.

        EVERYTHING adds the disputed graph, which marks facts that are in the
        others already; the queries of `ask` need it.
        """
        from virtkg.rdf.write import serialize

        if part not in (*PARTS, EVERYTHING):
            raise QueryError("Q308", f"there is no part “{part}”", hint="the parts are " + ", ".join(PARTS))
        return serialize(self._quads(part), format)

    def to_rdflib(self, part: str = "all") -> rdflib.Dataset:
        """Return the facts as an rdflib Dataset, each in its graph."""
        import rdflib

        dataset = rdflib.Dataset()
        dataset.parse(data=self.export("nq", part).decode(), format="nquads")
        return dataset

    def graphs(self) -> list[str]:
        """Return the IRIs of all named graphs."""
        return sorted({self.snapshot.iri(graph) for _, _, _, graph in self._rows()})

    def vocabulary(self, word: str = "") -> list[tuple[str, str, str]]:
        """Return (phrase, what it is, CURIE of what it names) of every phrase, or of those that contain a word.

        Function words, which name nothing, come first.
        """
        wanted, vocabulary = phrase(word), self.asker.reader.vocabulary
        rows = [(text, "word", "") for text in keywords() if wanted in phrase(text)]
        for text, meanings in self.snapshot.phrases():
            if wanted in text:
                for category, _, term in meanings:
                    kind = Category(category).name.lower().replace("_", " ")
                    written = vocabulary.written(text, Sense(Category(category), term))
                    rows.append((written, kind, compact(self.snapshot.iri(term))))
        return rows

    def contradictions(self) -> tuple[Side, ...]:
        """Return the findings that facts cannot all be true under OWL, each with its proof."""
        ask = self.asker
        from virtkg.proof import Prover

        prover = Prover(self.snapshot, ask.evidence, ask.speaker)
        return tuple(Side(True, prover.clash(fact, how)) for fact, how in self.snapshot.clashes())

    def __len__(self) -> int:
        """The number of facts, stated and inferred, each once for each graph that states it."""
        return sum(1 for _ in self._quads("all"))

    def _rows(self) -> Iterator[tuple[int, int, int, int]]:
        for predicate in self.snapshot.predicates():
            for subject, object_, graph in self.snapshot.column(predicate):
                yield subject, predicate, object_, graph

    def _quads(self, part: str) -> Iterator[Quad]:
        inferred, disputed = (self.snapshot.iri_number(graph) for graph in (INFERRED_GRAPH, DISPUTED_GRAPH))
        left_out = {
            "asserted": (inferred, disputed),
            "all": (disputed,),
            EVERYTHING: (),
        }.get(part)
        for subject, predicate, object_, graph in self._rows():
            if (graph == inferred) if left_out is None else (graph not in left_out):
                terms = (self.snapshot.term(term) for term in (subject, predicate, object_, graph))
                yield Quad(*terms)  # type: ignore[arg-type]

    def _fact(self, statement: str) -> Triple | None:
        """Return the fact that three terms stand for, or None if the statement is in words."""
        parts = statement.strip().rstrip(".").split(None, 2)
        if len(parts) != 3:
            return None
        subject, predicate = expand(parts[0]), expand(parts[1])
        if subject is None or predicate is None:
            return None
        try:
            return Triple(NamedNode(subject), NamedNode(predicate), _object(parts[2].strip()))
        except ValueError as error:
            raise _no_iri(statement, error) from None


def _object(text: str) -> NamedNode | Literal:
    iri = expand(text)
    if iri is not None and not text.startswith('"'):
        return NamedNode(iri)
    from pyoxigraph import RdfFormat, parse

    with suppress(SyntaxError, ValueError):
        (quad,) = parse(f"<urn:s> <urn:p> {text} .", format=RdfFormat.TURTLE)
        if isinstance(quad.object, NamedNode | Literal):
            return quad.object
    raise UnknownTerm("E201", f"{text} is no CURIE, IRI or literal", hint='for example id:pv or "64"')


def _no_iri(text: str, reason: ValueError) -> UnknownTerm:
    return UnknownTerm("E201", f"“{text}” is not an IRI: {reason}", hint="name a thing by its label, CURIE or IRI")


def _day(text: str) -> str:
    """Return an ISO day. Raises QuestionError E307 for any other text."""
    if len(text) != 10 or not is_date(text):
        raise QuestionError("E307", f"“{text}” is no day of the calendar", hint="write it as 2012-06-30")
    return text


def _checked(text: str) -> str:
    """Return a text. Raises QuestionError E101 if a part of it is no character (bytes that are not UTF-8)."""
    if text.isascii():
        return text
    for column, character in enumerate(text, 1):
        if "\ud800" <= character <= "\udfff":
            raise QuestionError("E101", "this is no text: it is not UTF-8", column=column, text=text)
    return text


def load(
    data: Sequence[str] = (),
    *,
    sources: Sequence[str] = (),
    rules: Sequence[str] = (),
    engine: str = "virtkg",
    cache: bool = True,
) -> KnowledgeGraph:
    """Load the packaged graph with some RDF files beside it, and its closure.

    `sources` are the slugs of the only sources to believe, `rules` paths of
    further SRL files; `engine` is "virtkg" or "owlrl". With `cache` the
    closure is kept for the next time.
    Raises RdfError, RuleError, SurroundingsError, UnknownTerm.
    """
    inputs = Inputs(tuple(data), tuple(rules), tuple(sources), engine)
    name = key(inputs)

    def build() -> bytes:
        from virtkg.build import build

        return build(inputs, name)

    return KnowledgeGraph(open_or_build(name, build, folder=cache_folder() if cache else None), inputs, cached=cache)

"""The spectrum: modes against resources, by which technique and how well, and who says so.

Knows: cells, the order of the figure, parts and variants, what counts as known.
Must not know: questions, or how the matrix is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from virtkg.answer import Note, Value, Verdict
from virtkg.diagnostics import UnknownTerm
from virtkg.language.vocabulary import Vocabulary
from virtkg.namespaces import BASE, DCT, RDF, SKOS, VKG, compact, expand
from virtkg.record import record

if TYPE_CHECKING:
    from virtkg.evidence import Evidence
    from virtkg.language.schema import Schema
    from virtkg.snapshot.reader import Snapshot, TripleKey
    from virtkg.values import Values

EVERY: Final = "all"
"""Chooses every mode or resource of the graph."""

_LAST: Final = 1 << 30
"""The position of what has none."""


@record
class Heading:
    """A mode or a resource; `within` is the label of the larger thing below whose column it was opened, or ""."""

    label: str
    iri: str
    definition: str
    within: str


@record
class Sign:
    """A technique or a performance class, and how figures show it: a letter, a colour, "" for neither.

    `general` is the IRI of the technique of which this is one form, or "";
    it is shown as that one.
    """

    label: str
    iri: str
    definition: str
    shown: str
    general: str


@record
class Cell:
    """What is said of one resource in one mode; `remarks` are what sources add, one sentence for each."""

    label: str
    verdict: Verdict
    techniques: tuple[Value, ...]
    classes: tuple[Value, ...]
    remarks: tuple[str, ...]


@record
class Spectrum:
    """The matrix: `cells` has one row for each mode, and in it one cell for each resource.

    `techniques` and `classes` are the signs that a legend explains: those with
    a letter or a colour, and those that are used. `titles` are the (slug,
    label) pairs of every source cited.
    """

    title: str
    modes: tuple[Heading, ...]
    resources: tuple[Heading, ...]
    cells: tuple[tuple[Cell, ...], ...]
    techniques: tuple[Sign, ...]
    classes: tuple[Sign, ...]
    notes: tuple[Note, ...]
    titles: tuple[tuple[str, str], ...]

    def count(self, verdict: Verdict) -> int:
        """Return how many cells have a verdict."""
        return sum(cell.verdict is verdict for row in self.cells for cell in row)

    def _repr_html_(self) -> str:
        from virtkg.present.spectrum import render

        return render(self, "html")


class Spectrograph:
    """Makes the spectrum of a snapshot."""

    def __init__(self, snapshot: Snapshot, schema: Schema, evidence: Evidence, values: Values) -> None:
        self._snapshot = snapshot
        self._schema = schema
        self._evidence = evidence
        self._values = values

    def spectrum(
        self, modes: Sequence[str] | None = None, resources: Sequence[str] | None = None, *, detail: bool = False
    ) -> Spectrum:
        """Return the matrix of some modes and resources, given by label, CURIE or IRI.

        Without names they are those of the figure; EVERY names all. `detail`
        adds the parts of each resource of which something is known.
        Raises UnknownTerm E201.
        """
        rows = self._chosen(modes, "Mode", "variantOf")
        chosen = self._chosen(resources, "Resource", "partOf")
        within, left_out = self._opened(chosen, rows) if detail else (dict.fromkeys(chosen), 0)
        cells = tuple(tuple(self._cell(mode, resource) for resource in within) for mode in rows)
        notes = [Note("I721", f"{left_out} parts are left out: nothing is known of them here")] if left_out else []
        return Spectrum(
            self._title(),
            tuple(self._heading(mode, None) for mode in rows),
            tuple(self._heading(resource, larger) for resource, larger in within.items()),
            cells,
            self._signs("Technique", [value for row in cells for cell in row for value in cell.techniques]),
            self._signs("PerformanceClass", [value for row in cells for cell in row for value in cell.classes]),
            tuple(notes),
            self._titles(value for row in cells for cell in row for value in (*cell.techniques, *cell.classes)),
        )

    # what is chosen

    def _chosen(self, names: Sequence[str] | None, class_: str, larger: str) -> list[int]:
        members = self._members(class_)
        if names is None:
            figure = sorted((self._position(thing), thing) for thing in members)
            found = [thing for position, thing in figure if position < _LAST]
            return found or self._in_order(members, larger)
        if [name.strip().casefold() for name in names] == [EVERY]:
            return self._in_order(members, larger)
        return list(dict.fromkeys(self._named(name.strip(), members, class_) for name in names))

    def _members(self, class_: str) -> frozenset[int]:
        type_, number = self._snapshot.iri_number(RDF + "type"), self._snapshot.iri_number(VKG + class_)
        if type_ is None or number is None:
            return frozenset()
        return frozenset(thing for thing, _ in self._snapshot.subjects(type_, number))

    def _named(self, name: str, members: frozenset[int], class_: str) -> int:
        """Return the one member of a class that a label, CURIE or IRI names. Raises UnknownTerm E201."""
        iri = expand(name) or (name if "://" in name else None)
        try:
            number = None if iri is None else self._snapshot.iri_number(iri)
        except ValueError:  # no IRI at all
            number = None
        known = [number] if number is not None else Vocabulary(self._snapshot).named(name)
        fitting = [term for term in known if term in members]
        if len(fitting) == 1:
            return fitting[0]
        raise self._unknown(name, known, fitting, members, class_)

    def _unknown(
        self, name: str, known: list[int], fitting: list[int], members: frozenset[int], class_: str
    ) -> UnknownTerm:
        kind = self._class_label(class_)
        hint = f"name each {kind} by its label, CURIE or IRI, with commas between; “{EVERY}” is every {kind}"
        if fitting:
            curies = tuple(sorted(compact(self._snapshot.iri(term)) for term in fitting))
            return UnknownTerm("E201", f"“{name}” names {len(fitting)} things", hint=hint, suggestions=curies)
        said = f"“{name}” is not a {kind}" if known else f"no {kind} is called “{name}”"
        return UnknownTerm("E201", said, hint=hint, suggestions=self._near(name, members))

    def _near(self, name: str, members: frozenset[int]) -> tuple[str, ...]:
        from rapidfuzz import process

        labels = sorted(
            {text for term in members for text in (self._label(term), *self._schema.alternative_labels(term))}
        )
        near = process.extract(name.casefold(), labels, processor=str.casefold, limit=3, score_cutoff=70)
        return tuple(label for label, _, _ in near)

    def _class_label(self, class_: str) -> str:
        number = self._snapshot.iri_number(VKG + class_)
        return class_.lower() if number is None else self._schema.label(number)

    # order

    def _in_order(self, things: Iterable[int], larger: str) -> list[int]:
        """Return things in the order of the figure, each with its variants or parts behind it, then the others."""
        remaining = set(things)
        starts = sorted(remaining, key=self._key)
        found: dict[int, None] = {}
        figure = [thing for thing in starts if self._position(thing) < _LAST]
        others = [thing for thing in starts if not self._objects(thing, VKG + larger)]
        for start in (*figure, *others, *starts):
            for thing in self._below(start, larger, lambda part: self._position(part) < _LAST):
                if thing in remaining:
                    found.setdefault(thing)
        return list(found)

    def _below(self, start: int, larger: str, stops: Callable[[int], bool]) -> Iterator[int]:
        """Yield a thing and what is below it, the nearest first; a loop in the data ends."""
        predicate = self._snapshot.iri_number(VKG + larger)
        seen, stack = set[int](), [start]
        while stack:
            here = stack.pop()
            if here in seen:
                continue
            seen.add(here)
            yield here
            if predicate is not None:
                below = {part for part, _ in self._snapshot.subjects(predicate, here)}
                stack += sorted((part for part in below if not stops(part)), key=self._key, reverse=True)

    def _opened(self, resources: list[int], modes: list[int]) -> tuple[dict[int, int | None], int]:
        """Return each resource and its parts, with the larger resource of each part; and how many parts are left out.

        A part that is a column of its own stands where it was chosen.
        """
        within: dict[int, int | None] = {}
        left_out = set[int]()
        for resource in resources:
            within.setdefault(resource)
            for part in self._below(resource, "partOf", lambda part: part in resources):
                if part in within:
                    continue
                if any(self._facts(mode, part) for mode in modes):
                    within[part] = self._objects(part, VKG + "partOf")[0]
                else:
                    left_out.add(part)
        return within, len(left_out - within.keys())

    def _key(self, thing: int) -> tuple[int, str, str]:
        return self._position(thing), self._label(thing).casefold(), self._snapshot.iri(thing)

    def _position(self, thing: int) -> int:
        texts = [self._snapshot.term(number).value for number in self._objects(thing, VKG + "spectrumPosition")]
        return min((int(text) for text in texts if text.isascii() and text.isdigit()), default=_LAST)

    # cells

    def _cell(self, mode: int, resource: int) -> Cell:
        facts = self._facts(mode, resource)
        by, performance = (
            tuple(self._values.value(*fact) for fact in facts if self._snapshot.iri(fact[1]) == VKG + name)
            for name in ("by", "hasPerformance")
        )
        label = f"{self._label(mode)}: {self._label(resource)}"
        if not facts:
            return Cell(label, Verdict.UNKNOWN, (), (), ())
        disputed = any(value.verdict is Verdict.DISPUTED for value in (*by, *performance))
        verdict = Verdict.DISPUTED if disputed else Verdict.YES
        remarks = dict.fromkeys(remark for fact in facts for remark in self._remarks(fact))
        return Cell(label, verdict, _once(by), _once(performance), tuple(remarks))

    def _facts(self, mode: int, resource: int) -> list[TripleKey]:
        """Return the facts about the technique and the performance of a resource in a mode, in a fixed order."""
        of_mode, of_resource = (self._snapshot.iri_number(VKG + name) for name in ("ofMode", "ofResource"))
        if of_mode is None or of_resource is None:
            return []
        cells = {cell for cell, _ in self._snapshot.subjects(of_mode, mode)}
        cells &= {cell for cell, _ in self._snapshot.subjects(of_resource, resource)}
        found = []
        for name in ("by", "hasPerformance"):
            predicate = self._snapshot.iri_number(VKG + name)
            if predicate is not None:
                pairs = {(cell, value) for cell in cells for value, _ in self._snapshot.objects(cell, predicate)}
                ordered = sorted(pairs, key=lambda pair: (self._label(pair[1]), self._snapshot.iri(pair[0])))
                found += [(cell, predicate, value) for cell, value in ordered]
        return found

    def _remarks(self, fact: TripleKey) -> Iterator[str]:
        """Yield what sources add to a fact: where they say it, under which condition, and a note."""
        about = self._label(fact[2])
        for remark in self._evidence.remarks(fact):
            if remark.said:
                yield f"{about}, {remark.source}: {remark.said}"

    # headings and signs

    def _title(self) -> str:
        """Return what the vocabulary of the spectrum calls itself."""
        module = self._snapshot.iri_number(BASE + "spectrum")
        return "" if module is None else (self._schema.texts(module, DCT + "title") or [self._label(module)])[0]

    def _heading(self, thing: int, larger: int | None) -> Heading:
        within = "" if larger is None else self._label(larger)
        return Heading(self._label(thing), self._snapshot.iri(thing), self._definition(thing), within)

    def _signs(self, class_: str, used: list[Value]) -> tuple[Sign, ...]:
        """Return the signs with a letter or colour of their own, those used, and what these are forms of."""
        numbers = {self._snapshot.iri_number(value.value) for value in used} - {None}
        wanted = {number for number in numbers if number is not None}
        wanted |= {general for number in wanted for general in self._generals(number)}
        wanted |= {number for number in self._members(class_) if self._shown(number)}
        return tuple(self._sign(number) for number in sorted(wanted, key=self._key))

    def _sign(self, number: int) -> Sign:
        generals = [] if self._shown(number) else self._generals(number)
        lettered = next((general for general in generals if self._shown(general)), None)
        shown = self._shown(number) or ("" if lettered is None else self._shown(lettered))
        general = "" if lettered is None else self._snapshot.iri(lettered)
        return Sign(self._label(number), self._snapshot.iri(number), self._definition(number), shown, general)

    def _generals(self, number: int) -> list[int]:
        """Return the techniques of which one is a form, the nearest first."""
        found: dict[int, None] = {}
        queue = [number]
        for here in queue:
            for general in sorted(self._objects(here, VKG + "techniqueKind"), key=self._key):
                if general not in found and general != number:
                    found[general] = None
                    queue.append(general)
        return list(found)

    def _shown(self, number: int) -> str:
        """Return the letter or colour of a sign; of several the longest, which says most."""
        return (self._schema.texts(number, VKG + "shownAs") or [""])[-1]

    def _titles(self, values: Iterable[Value]) -> tuple[tuple[str, str], ...]:
        slugs = sorted({slug for value in values for slug in value.sources})
        return tuple((slug, self._values.title(slug)) for slug in slugs)

    def _label(self, thing: int) -> str:
        return self._schema.label(thing)

    def _definition(self, thing: int) -> str:
        return (self._schema.texts(thing, SKOS + "definition") or [""])[0]

    def _objects(self, thing: int, predicate: str) -> list[int]:
        return self._schema.values_of(thing, predicate)


def _once(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return values without those that two cells of one place both have: the first, with the sources of all."""
    found: dict[str, Value] = {}
    for value in values:
        before = found.get(value.value)
        if before is None:
            found[value.value] = value
        else:
            sources = tuple(dict.fromkeys((*before.sources, *value.sources)))
            worse = Verdict.DISPUTED if Verdict.DISPUTED in (before.verdict, value.verdict) else before.verdict
            inferred = before.inferred and value.inferred
            found[value.value] = Value(before.text, before.value, before.unit, worse, inferred, sources)
    return tuple(found.values())

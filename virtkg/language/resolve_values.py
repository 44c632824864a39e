"""Values asked for → properties of things, and the scope in which they are to hold.

Knows: which properties are said of what, which things are scopes.
Must not know: the text's grammar, conditions, or SPARQL.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from virtkg.diagnostics import QuestionError
from virtkg.language.conditions import ResolvedNoun
from virtkg.language.questions import TableQuestion
from virtkg.language.resolved import ResolvedQuestion, ResolvedTable, ResolvedValue
from virtkg.language.schema import Schema
from virtkg.language.syntax import Comparison, Modifier, Noun, Phrase, terms
from virtkg.language.unrelated import no_path
from virtkg.namespaces import VKG
from virtkg.record import replace


class ValueResolver:
    """Resolves questions for values."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def of_thing(self, key: Phrase, subject: Phrase) -> list[ResolvedValue]:
        """Return the meanings of a question for one value. Raises QuestionError E303."""
        # “When was A made” asks for a date, though what is made by somebody is said by the same word.
        asked = [term for term in terms(key) if key.terminal != "PART" or self._schema.is_date(term)]
        pairs = [(term, thing) for term in asked for thing in terms(subject)]
        allowed = [pair for pair in pairs if self._schema.accepts(pair[0], "domain", self._schema.types(pair[1]))]
        fitting = [pair for pair in allowed if self._schema.fits(pair[0], "domain", self._schema.types(pair[1]))]
        if not allowed:
            raise no_path(self._schema, key, None, subject)
        iri = self._schema.iri
        return [ResolvedValue(iri(key_), iri(thing), None, self._parts(key_)) for key_, thing in fitting or allowed]

    def _parts(self, property_: int) -> tuple[NamedNode, NamedNode] | None:
        leading = self._schema.speaking_part() if self._schema.is_number(property_) else None
        return None if leading is None else (self._schema.iri(leading[0]), self._schema.iri(leading[1]))

    def of_things(self, asked: TableQuestion, nouns: Iterable[ResolvedNoun]) -> list[ResolvedTable]:
        """Return the meanings of a question for several values. Raises QuestionError E303."""
        if isinstance(asked.things, Phrase):
            rows = [self.of_thing(key, asked.things) for key in asked.keys]
            subjects = dict.fromkeys(meant.subject for row in rows for meant in row)
            return [
                ResolvedTable(properties, subject)
                for subject in subjects
                for properties in _each([[m.property for m in row if m.subject == subject] for row in rows])
            ]
        found: list[ResolvedTable] = []
        for noun in nouns:
            class_ = self._schema.named(noun.class_.value)
            assert class_ is not None
            columns = [self._columns(key, asked.things.head, class_) for key in asked.keys]
            found += [ResolvedTable(properties, noun) for properties in _each(columns)]
        return found

    def _columns(self, key: Phrase, head: Phrase, class_: int) -> list[NamedNode]:
        classes = self._schema.superclasses(class_)
        # A noun that stands for a relation names the things it leads to: “hypervisors of suites” lists those.
        measures = [sense.term for sense in key.senses if self._schema.is_measure(sense.term)]
        found = [measure for measure in measures if self._schema.accepts(measure, "domain", classes)]
        if not found:
            raise no_path(self._schema, key, None, head)
        return [self._schema.iri(property_) for property_ in found]

    def scopes(self, scope: Phrase) -> list[NamedNode]:
        """Return the scopes that a phrase can name. Raises QuestionError E303 if none."""
        found = [self._schema.iri(thing) for thing in terms(scope) if self._is_scope(thing)]
        if not found:
            raise _error(f"“{scope.text}” is no scope for which measures are stated", scope)
        return found

    def scoped(self, meanings: Iterable[ResolvedQuestion], scope: Phrase) -> list[ResolvedValue | ResolvedTable]:
        """Return meanings within each scope that a phrase can name. Raises QuestionError E303 if one asks no value."""
        found: list[ResolvedValue | ResolvedTable] = []
        for meant in meanings:
            if not isinstance(meant, ResolvedValue | ResolvedTable):
                raise _error(f"only measures are stated for a scope such as “{scope.text}”", scope)
            found += [replace(meant, scope=scope_) for scope_ in self.scopes(scope)]
        return found

    def folded(self, noun: Noun) -> Noun:
        """Return a noun whose comparisons have the scopes that follow them: “max vCPUs >= 9 for generation 2”."""
        modifiers: list[Modifier] = []
        for modifier in noun.modifiers:
            before = modifiers[-1].object if modifiers else None
            if isinstance(before, Comparison) and self._scopes_before(modifier):
                assert isinstance(modifier.object, Phrase)
                modifiers[-1] = replace(modifiers[-1], object=before.within(modifier.object))
            else:
                modifiers.append(modifier)
        return replace(noun, modifiers=tuple(modifiers))

    def _scopes_before(self, modifier: Modifier) -> bool:
        said = modifier.object
        return (
            modifier.governor == "of"
            and not modifier.joint
            and isinstance(said, Phrase)
            and said.terminal == "ENT"
            and all(map(self._is_scope, terms(said)))
        )

    def _is_scope(self, thing: int) -> bool:
        properties = self._schema.having(VKG + "scopesParts")
        return any(self._schema.fits(property_, "range", self._schema.types(thing)) for property_ in properties)


def _each(columns: list[list[NamedNode]]) -> list[tuple[NamedNode, ...]]:
    """Return each choice of one property for each column."""
    chosen: list[tuple[NamedNode, ...]] = [()]
    for column in columns:
        chosen = [(*before, property_) for before in chosen for property_ in column]
    return chosen


def _error(said: str, place: Phrase) -> QuestionError:
    return QuestionError("E303", said, column=place.start + 1, length=place.end - place.start)

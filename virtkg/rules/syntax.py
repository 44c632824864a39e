"""What a rule is.

Knows: the shape of a rule, written or specialised to a schema.
Must not know: rule text, SPARQL, or any data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Triple, Variable

AtomTerm: TypeAlias = "NamedNode | Literal | Variable"


@dataclass(frozen=True, slots=True)
class Atom:
    """A triple pattern."""

    subject: AtomTerm
    predicate: AtomTerm
    object: AtomTerm

    def variables(self) -> Iterator[Variable]:
        """Yield each variable of the atom, with repetitions."""
        for term in (self.subject, self.predicate, self.object):
            if isinstance(term, Variable):
                yield term


@dataclass(frozen=True, slots=True)
class Expression:
    """A SPARQL expression with every prefixed name expanded."""

    text: str
    variables: frozenset[str]


@dataclass(frozen=True, slots=True)
class Negation:
    """`NOT { ... }`: the row survives if nothing matches."""

    atoms: tuple[Atom, ...]
    filters: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """`SET (?variable := expression)`: an error drops the row."""

    variable: Variable
    expression: Expression


Element: TypeAlias = "Atom | Expression | Negation | Assignment"


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule: for every row that satisfies `body` in order, `head` holds.

    `axioms` are the schema facts that were used up when the rule was
    specialised; a written rule has none. `place` is `file:line`.
    """

    name: str
    head: tuple[Atom, ...]
    body: tuple[Element, ...]
    place: str
    axioms: tuple[Triple, ...] = ()

    def atoms(self) -> tuple[Atom, ...]:
        """Return the positive triple patterns of the body, in order."""
        return tuple(element for element in self.body if isinstance(element, Atom))

    def negations(self) -> tuple[Negation, ...]:
        """Return the NOT elements of the body, in order."""
        return tuple(element for element in self.body if isinstance(element, Negation))

    def makes_terms(self) -> bool:
        """Tell whether the rule can make terms that are in no fact (it has a SET)."""
        return any(isinstance(element, Assignment) for element in self.body)

"""What a rule is.

Knows: the shape of a rule, written or specialised to a schema.
Must not know: rule text, SPARQL, or any data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from virtkg.record import record

AtomTerm: TypeAlias = "NamedNode | Literal | Variable | BlankNode | Atom"
"""A blank node stands in heads only: a new thing for each row. An Atom is a triple term."""


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
            elif isinstance(term, Atom):
                yield from term.variables()

    def makes_things(self) -> bool:
        """Tell whether a blank node stands in the atom."""
        return any(
            isinstance(term, BlankNode) or (isinstance(term, Atom) and term.makes_things())
            for term in (self.subject, self.predicate, self.object)
        )


@dataclass(frozen=True, slots=True)
class Expression:
    """A SPARQL expression with every prefixed name expanded."""

    text: str
    variables: frozenset[str]


@record
class Negation:
    """`NOT { ... }`: the row survives if nothing matches.

    With `data` (`NOT DATA`) only the facts as they were given are asked.
    """

    body: tuple[Atom | Expression, ...]
    data: bool = False

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """The triple patterns, in order."""
        return tuple(part for part in self.body if isinstance(part, Atom))

    @property
    def filters(self) -> tuple[Expression, ...]:
        """The conditions of the FILTERs, in order."""
        return tuple(part for part in self.body if isinstance(part, Expression))


@record
class Assignment:
    """`SET (?variable := expression)`: an error drops the row."""

    variable: Variable
    expression: Expression


Element: TypeAlias = "Atom | Expression | Negation | Assignment"


@record
class Rule:
    """A named rule: for every row that satisfies `body` in order, `head` holds.

    A DATA block is a rule without a body. With `data` (`WHERE DATA`) the body
    asks the facts as they were given only. `axioms` are the schema facts that
    were used up when the rule was specialised; a written rule has none.
    `place` is `file:line`; `base` is the IRI against which IRI() resolves, or "".
    `others` are specialised rules that say the same because of other axioms.
    """

    name: str
    head: tuple[Atom, ...]
    body: tuple[Element, ...]
    place: str
    axioms: tuple[Triple, ...] = ()
    data: bool = False
    base: str = ""
    others: tuple[Rule, ...] = ()

    def atoms(self) -> tuple[Atom, ...]:
        """Return the positive triple patterns of the body, in order."""
        return tuple(element for element in self.body if isinstance(element, Atom))

    def negations(self) -> tuple[Negation, ...]:
        """Return the NOT elements of the body, in order."""
        return tuple(element for element in self.body if isinstance(element, Negation))

    def content(self) -> tuple[object, ...]:
        """Return what tells the rule from another one that is specialised from any rule.

        Two that have used up different axioms say the same, unless they make things: then each makes its own.
        """
        return (self.head, self.body, self.axioms if self.makes_terms() else ())

    def makes_terms(self) -> bool:
        """Tell whether the rule can make terms that are in no fact: it runs once, on complete facts."""
        return any(isinstance(element, Assignment) for element in self.body) or any(
            atom.makes_things() for atom in self.head
        )


@record
class RuleSet:
    """What one text says: its rules and DATA blocks in order, and what it asks for.

    `imports` (IRIs) and `versions` are pairs of a value and its `file:line:column`.
    """

    rules: tuple[Rule, ...]
    imports: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, str], ...]

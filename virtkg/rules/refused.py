"""What SRL allows and rules that are used on facts cannot have here.

- IMPORTS, which the draft lets a processor refuse: rule files are named one by one.
- VERSION other than "1.2".
- Triple terms, base directions, and literals as subjects: facts have none of
  them. An expression may take a triple term apart, but not make one.
- Functions that the SPARQL engine does not have.
- Two rules of one name, and rules that are too large for the SPARQL engine.

Knows: what facts and the SPARQL engine can hold. Must not know: rule text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import pyoxigraph as ox
from pyoxigraph import Literal

from virtkg.diagnostics import RuleError
from virtkg.namespaces import compact
from virtkg.rules.syntax import Assignment, Atom, AtomTerm, Element, Expression, Negation, Rule, RuleSet

VERSION: Final = "1.2"
MAX_PARTS: Final = 100
"""Of a body: the SPARQL engine plans the join of some hundred patterns for minutes."""

_MAKES_TRIPLE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>\s]*>|(\bTRIPLE\(|<<\()')


def check_usable(rule_set: RuleSet) -> None:
    """Raise RuleError (R304; R302 for a second rule of a name) for the first thing that cannot be used."""
    for iri, place in rule_set.imports:
        hint = "give the imported file to --rules as well, and take IMPORTS out"
        raise RuleError("R304", f"{place}: IMPORTS <{iri}> is not followed", hint=hint)
    for version, place in rule_set.versions:
        if version != VERSION:
            what = f"{place}: VERSION {version!r} is not known"
            raise RuleError("R304", what, hint=f'write the rules for VERSION "{VERSION}"')
    names: set[str] = set()
    for rule in rule_set.rules:
        if rule.name in names:
            what = f"{rule.place}: a second rule is named {compact(rule.name)}"
            raise RuleError("R302", what, hint="give it another name")
        names.add(rule.name)
        _check_rule(rule)


def _check_rule(rule: Rule) -> None:
    parts = list(_parts(rule.body))
    if len(parts) > MAX_PARTS:
        raise _refused(rule, f"its body has more than {MAX_PARTS} parts", "split the rule in two")
    for name in sorted(_variables(rule)):
        if not name.isascii() and max(name) > "\uffff":
            raise _refused(rule, f"the SPARQL engine takes no variable ?{name}", "name it in letters up to U+FFFF")
    for part in (*rule.head, *parts):
        if isinstance(part, Atom):
            _check_atom(part, rule)
        else:
            _check_expression(part, rule)


def _parts(body: tuple[Element, ...]) -> Iterator[Atom | Expression]:
    for element in body:
        match element:
            case Negation():
                yield from element.body
            case Assignment():
                yield element.expression
            case _:
                yield element


def _variables(rule: Rule) -> set[str]:
    """Return the variables of the body; a well-formed head has no others."""
    atoms = [*rule.atoms(), *(atom for part in rule.negations() for atom in part.atoms)]
    made = {element.variable.value for element in rule.body if isinstance(element, Assignment)}
    return made | {variable.value for atom in atoms for variable in atom.variables()}


def _check_atom(atom: Atom, rule: Rule) -> None:
    if isinstance(atom.subject, Literal):
        raise _refused(rule, f"the literal {atom.subject} is a subject", "no fact has one: turn the triple round")
    for term in (atom.subject, atom.object):
        if isinstance(term, Atom):
            what = "a reifier, an annotation or a triple term stands in its triples"
            raise _refused(rule, what, "facts have no triple terms: use a thing with a property for each part")
        if _has_direction(term):
            raise _refused(rule, f"{term} has a base direction", "facts have none: write the language only")


def _has_direction(term: AtomTerm) -> bool:
    return isinstance(term, Literal) and term.direction is not None


def _check_expression(expression: Expression, rule: Rule) -> None:
    if any(found.group(1) for found in _MAKES_TRIPLE.finditer(expression.text)):
        what = f"a triple term is made in {expression.text}"
        raise _refused(rule, what, "facts have no triple terms: use a thing with a property for each part")
    if _engine_takes(expression.text):
        return
    for function in re.findall(r"(<[^<>\s]*>)\(", expression.text):
        if not _engine_takes(f"{function}(1)"):
            raise _refused(rule, f"the function {function} is not known", "see SPARQL 1.2, section 17")
    raise _refused(rule, f"the SPARQL engine refuses {expression.text}", "see SPARQL 1.2, section 17")


@cache
def _engine_takes(text: str) -> bool:
    try:
        ox.Store().query(f"SELECT * WHERE {{ FILTER ( {text} ) }}")
    except (SyntaxError, ValueError, RuntimeError):
        return False
    return True


def _refused(rule: Rule, what: str, hint: str) -> RuleError:
    return RuleError("R304", f"{rule.place}: {compact(rule.name)}: {what}", hint=hint)

"""Proof → the lines of a tree, condensed or whole.

Condensed, a proof leaves out the axioms of the vocabulary and steps that only
restate a fact; what is left out is counted.

Knows: proofs. Must not know: the graph, terminals, markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from virtkg.answer import Side
from virtkg.namespaces import OWLRL, RULE, SRC, source_slug
from virtkg.proof import Proof

_LONG: Final = 3
"""The steps of a run from which on it is worth a line to leave them out."""


def sides(given: tuple[Side, ...], *, whole: bool = False, drawn: bool = False) -> Iterator[str]:
    """Yield the proofs for what was asked, then those against it, as `tree` does."""
    for supports, headline in ((True, "because"), (False, "against it")):
        proofs = [side.proof for side in given if side.supports is supports]
        if proofs:
            yield f"{headline}:"
        for proof in proofs:
            yield from tree(proof, whole=whole, drawn=drawn)


def tree(proof: Proof, *, whole: bool = False, drawn: bool = False) -> Iterator[str]:
    """Yield the lines of a proof, the conclusion first; a proof that was shown is not shown again.

    `drawn` shows the branches by the box-drawing characters of a terminal.
    """
    drawing = _Drawing(proof, whole, drawn)
    yield from drawing.lines(proof)
    if drawing.left_out:
        axioms = "axiom" if drawing.left_out == 1 else "axioms"
        yield f"  ({drawing.left_out} {axioms} of the vocabulary not shown)"


class _Drawing:
    """One tree while it is drawn."""

    def __init__(self, proof: Proof, whole: bool, drawn: bool) -> None:
        self.left_out = 0
        self._axioms: frozenset[int] = frozenset() if whole else axioms(proof)
        self._whole = whole
        self._inner, self._last = (("├─ ", "│  "), ("└─ ", "   ")) if drawn else (("- ", "  "), ("- ", "  "))

    def lines(self, proof: Proof) -> Iterator[str]:
        # Proofs can be deeper than Python lets functions call themselves.
        seen: set[int] = set()
        stack: list[tuple[Proof | str, str, str]] = [(proof, "  ", "  ")]
        while stack:
            here, lead, indent = stack.pop()
            if isinstance(here, str):
                yield lead + here
                continue
            shown = here if self._whole else self._without_restatement(here)
            yield lead + line(shown)
            if id(shown) in seen and shown.premises:
                yield f"{indent}   (shown above)"
                continue
            seen.add(id(shown))
            stack += reversed(list(self._below(shown, indent)))

    def _below(self, proof: Proof, indent: str) -> Iterator[tuple[Proof | str, str, str]]:
        premises = self._premises(proof)
        self.left_out += len(proof.premises) - len(premises)
        below: list[Proof | str] = [*premises, *(f"no fact says: {absence}" for absence in proof.absences)]
        end, steps = self._end_of_run(proof)
        if steps:
            below[:1] = [f"and so on, {steps} more steps by this rule, from:", end]
        for number, part in enumerate(below):
            head, rest = self._last if number == len(below) - 1 else self._inner
            yield part, indent + head, indent + rest

    def _end_of_run(self, proof: Proof) -> tuple[Proof, int]:
        """Return where a run of steps by one rule ends, each with one premise, and how many steps that leaves out.

        What is passed on along a line of versions would be a stair as long as the line.
        """
        end, steps = proof, -1
        while not self._whole and len(premises := self._premises(end)) == 1 and premises[0].rule == proof.rule:
            end, steps = premises[0], steps + 1
        if steps < _LONG:
            return proof, 0
        self.left_out += steps * (len(proof.premises) - 1)
        return end, steps

    def _premises(self, proof: Proof) -> list[Proof]:
        return [premise for premise in proof.premises if id(premise) not in self._axioms]

    def _without_restatement(self, proof: Proof) -> Proof:
        """Return the premise that a step merely restates in other terms, if it has just that one."""
        premises = self._premises(proof)
        while len(premises) == 1 and premises[0].text == proof.text:
            self.left_out += len(proof.premises) - 1
            proof = premises[0]
            premises = self._premises(proof)
        return proof


def line(proof: Proof) -> str:
    """Return one fact of a proof with its rule or its sources."""
    said = f"{proof.text} (disputed)" if proof.disputed else proof.text
    if proof.rule:
        return f"{said}, by {rule_name(proof.rule)}"
    return f"{said}, stated by {', '.join(source_slug(source) for source in proof.sources)}"


def axioms(proof: Proof) -> frozenset[int]:
    """Return the `id` of each step that says something of the vocabulary alone."""
    found: set[int] = set()
    for step in proof.steps():
        if step.rule:
            is_axiom = bool(step.premises) and all(id(premise) in found for premise in step.premises)
        else:
            is_axiom = not any(source.startswith(SRC) for source in step.sources)
        if is_axiom:
            found.add(id(step))
    return frozenset(found)


def rule_name(iri: str) -> str:
    """Return how a rule is called: W3C names with the table's name, others by their own."""
    if iri.startswith(OWLRL):
        return f"OWL 2 RL {iri[len(OWLRL) :]}"
    return iri[len(RULE) :].replace("-", " ") if iri.startswith(RULE) else iri

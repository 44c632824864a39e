"""Proof → the lines of a tree, condensed or whole.

Condensed, a proof leaves out the axioms of the vocabulary and steps that only
restate a fact; what is left out is counted.

Knows: proofs. Must not know: the graph, terminals, markup.
"""

from __future__ import annotations

from collections.abc import Iterator

from virtkg.answer import Side
from virtkg.namespaces import OWLRL, RULE, SRC, source_slug
from virtkg.proof import Proof


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
    drawing = _Drawing(whole, drawn)
    yield from drawing.branch(proof, "  ", "  ")
    if drawing.left_out:
        axioms = "axiom" if drawing.left_out == 1 else "axioms"
        yield f"  ({drawing.left_out} {axioms} of the vocabulary not shown)"


class _Drawing:
    """One tree while it is drawn."""

    def __init__(self, whole: bool, drawn: bool) -> None:
        self.left_out = 0
        self._whole = whole
        self._inner, self._last = (("├─ ", "│  "), ("└─ ", "   ")) if drawn else (("- ", "  "), ("- ", "  "))
        self._seen: set[int] = set()

    def branch(self, proof: Proof, lead: str, indent: str) -> Iterator[str]:
        if not self._whole:
            proof = self._without_restatement(proof)
        yield lead + line(proof)
        if id(proof) in self._seen and proof.premises:
            yield f"{indent}   (shown above)"
            return
        self._seen.add(id(proof))
        premises = [premise for premise in proof.premises if self._whole or not is_axiom(premise)]
        self.left_out += len(proof.premises) - len(premises)
        below: list[Proof | str] = [*premises, *proof.absences]
        for number, premise in enumerate(below):
            head, rest = self._last if number == len(below) - 1 else self._inner
            if isinstance(premise, str):
                yield f"{indent}{head}no fact says: {premise}"
            else:
                yield from self.branch(premise, indent + head, indent + rest)

    def _without_restatement(self, proof: Proof) -> Proof:
        """Return the premise that a step merely restates in other terms, if it has just that one."""
        premises = [premise for premise in proof.premises if not is_axiom(premise)]
        while len(premises) == 1 and premises[0].text == proof.text:
            self.left_out += len(proof.premises) - 1
            proof = premises[0]
            premises = [premise for premise in proof.premises if not is_axiom(premise)]
        return proof


def line(proof: Proof) -> str:
    """Return one fact of a proof with its rule or its sources."""
    said = f"{proof.text} (disputed)" if proof.disputed else proof.text
    if proof.rule:
        return f"{said}, by {rule_name(proof.rule)}"
    return f"{said}, stated by {', '.join(source_slug(source) for source in proof.sources)}"


def is_axiom(proof: Proof) -> bool:
    """Tell whether a proof says something of the vocabulary alone."""
    if proof.rule:
        return all(is_axiom(premise) for premise in proof.premises) and bool(proof.premises)
    return not any(source.startswith(SRC) for source in proof.sources)


def rule_name(iri: str) -> str:
    """Return how a rule is called: W3C names with the table's name, others by their own."""
    if iri.startswith(OWLRL):
        return f"OWL 2 RL {iri[len(OWLRL) :]}"
    return iri[len(RULE) :].replace("-", " ") if iri.startswith(RULE) else iri

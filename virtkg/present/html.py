"""Answers and proofs as HTML fragments, for notebooks and pages.

Knows: HTML and its escaping. Must not know: the graph, style sheets.
"""

from __future__ import annotations

from html import escape

from virtkg.answer import Answer
from virtkg.present.plain import safe
from virtkg.present.sheet import sheet
from virtkg.present.tree import is_axiom, line
from virtkg.proof import Proof


def answer(given: Answer) -> str:
    """Return an answer as a fragment: reading, table, proofs, notes, sources."""
    page = sheet(given)
    parts = [f"<p><em>{_text(page.reading)}</em></p>"]
    if page.headline:
        parts.append(f"<p><strong>{_text(page.headline)}</strong></p>")
    if page.rows:
        head = "".join(f"<th>{_text(cell)}</th>" for cell in page.header)
        body = "".join("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in page.rows)
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    for side in given.sides:
        parts.append(f"<p>{'because' if side.supports else 'against it'}</p>{proof(side.proof)}")
    for group in (page.notes, page.sources):
        if group:
            parts.append("<ul>" + "".join(f"<li>{_text(text)}</li>" for text in group) + "</ul>")
    return f'<div class="virtkg-answer">{"".join(parts)}</div>'


def proof(given: Proof) -> str:
    """Return a proof as nested lists that open and close."""
    premises = [premise for premise in given.premises if not is_axiom(premise)]
    if not premises and not given.absences:
        return f"<ul><li>{_text(line(given))}</li></ul>"
    below = "".join(proof(premise) for premise in premises)
    below += "".join(f"<ul><li>no fact says: {_text(absent)}</li></ul>" for absent in given.absences)
    return f"<ul><li><details open><summary>{_text(line(given))}</summary>{below}</details></li></ul>"


def _text(text: str) -> str:
    return escape(safe(text))

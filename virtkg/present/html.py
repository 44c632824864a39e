"""Answers and proofs as HTML fragments, for notebooks and pages.

Knows: HTML and its escaping. Must not know: the graph, style sheets.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from virtkg.answer import Answer
from virtkg.present import nearest
from virtkg.present.plain import safe
from virtkg.present.sheet import sheet
from virtkg.present.tree import axioms, line
from virtkg.proof import Proof

if TYPE_CHECKING:
    from virtkg.whynot import Lacking


def answer(given: Answer) -> str:
    """Return an answer as a fragment: reading, table, proofs, notes, sources."""
    page = sheet(given)
    parts = [f"<p><em>{_text(page.reading)}</em></p>"]
    if page.unread:
        parts.append(f"<p>{_text(page.unread)}</p>")
    if page.headline:
        parts.append(f"<p><strong>{_text(page.headline)}</strong></p>")
    if page.rows:
        head = "".join(f"<th>{_text(cell)}</th>" for cell in page.header)
        body = "".join("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in page.rows)
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    for side in given.sides:
        parts.append(f"<p>{'because' if side.supports else 'against it'}</p>{proof(side.proof)}")
    if given.lacking:
        parts.append(f"<p>{nearest.HEADLINE}</p>{''.join(_lacking(given.lacking))}")
    if page.notes:
        parts.append("<ul>" + "".join(f"<li>{_text(text)}</li>" for text in page.notes) + "</ul>")
    if page.sources:
        # A list that numbers them as they are cited; a bullet before a number would be a second mark.
        titles = (source.partition("] ")[2] for source in page.sources)
        parts.append("<ol>" + "".join(f"<li>{_text(title)}</li>" for title in titles) + "</ol>")
    return f'<div class="virtkg-answer">{"".join(parts)}</div>{"".join(map(answer, given.further))}'


def _lacking(given: tuple[Lacking, ...]) -> Iterator[str]:
    several = len({lacking.fact for lacking in given}) > 1
    for lacking in given:
        below = "".join(f"<li>{_text(part)}</li>" for part in nearest.parts(lacking))
        yield f"<ul><li>{_text(nearest.title(lacking, several))}<ul>{below}</ul></li></ul>"


def proof(given: Proof) -> str:
    """Return a proof as nested lists that open and close; a step that was shown is not shown again."""
    # Proofs can be deeper than Python lets functions call themselves.
    left_out, seen = axioms(given), set[int]()
    parts: list[str] = []
    stack: list[Proof | str] = [given]
    while stack:
        here = stack.pop()
        if isinstance(here, str):
            parts.append(here)
            continue
        below: list[Proof | str] = [premise for premise in here.premises if id(premise) not in left_out]
        below += [f"<ul><li>no fact says: {_text(absent)}</li></ul>" for absent in here.absences]
        if not below:
            parts.append(f"<ul><li>{_text(line(here))}</li></ul>")
        elif id(here) in seen:
            parts.append(f"<ul><li>{_text(line(here))} (shown above)</li></ul>")
        else:
            seen.add(id(here))
            parts.append(f"<ul><li><details open><summary>{_text(line(here))}</summary>")
            stack += ["</details></li></ul>", *reversed(below)]
    return "".join(parts)


def _text(text: str) -> str:
    return escape(safe(text))

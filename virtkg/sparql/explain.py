"""Why the engine refused a query, in words that help.

Knows: the engine's messages, and the place in the text that a line came from.
Must not know: processes, or how the place was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkg.sparql.lexer import refusal, shown

if TYPE_CHECKING:
    from virtkg.diagnostics import QueryError
    from virtkg.sparql.guard import Outline

_SELECT_REASONS = {
    "The SELECT contains a variable that is unbound": "SELECT has a variable that GROUP BY does not keep",
    "The SELECT contains an expression with a variable that is unbound": (
        "SELECT has an expression with a variable that GROUP BY does not keep"
    ),
    "Duplicated variable name in SELECT": "SELECT names a variable twice",
    "The SELECT overrides an existing variable using an expression": "AS names a variable that already has a value",
    "SELECT * is not authorized with GROUP BY": "SELECT * cannot be used with GROUP BY or an aggregate",
}
_REASONS = _SELECT_REASONS | {
    "The VALUES clause rows should have exactly the same number of values as there are variables": (
        "each row of VALUES needs one value, or UNDEF, for each variable"
    ),
    "The query limit should be a non negative integer": "LIMIT needs a whole number",
    "The query offset should be a non negative integer": "OFFSET needs a whole number",
    "IRI parsing failed": "this is not an IRI",
    "language tag parsing failed": "this is not a language tag",
}


def syntax_error(text: str, outline: Outline, bad: int, message: str) -> QueryError:
    """Return the Q301 for a query of which the engine cannot read line `bad`, with the engine's message."""
    reason = next((words for phrase, words in _REASONS.items() if phrase in message), "")
    token = outline.heads[bad] if bad < len(outline.heads) else None
    if any(phrase in message for phrase in _SELECT_REASONS):
        token = outline.heads[0]  # the engine gives these reasons for the outer SELECT alone
    if token is None:
        what = reason or "the query ends too early, or its parts do not fit together"
        return refusal("Q301", what, text, len(text.rstrip()))
    if not reason:
        reason = f"'{shown(token.text)}' cannot stand here"
        if token.text == "}":
            reason += "; its group is incomplete, or a SELECT, BIND or VALUES in it does not fit"
    return refusal("Q301", reason, text, token.start, len(token.text))

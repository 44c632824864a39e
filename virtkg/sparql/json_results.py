"""SPARQL 1.1 Query Results JSON → rows. It comes from a stranger, so that everything in it may be missing or wrong.

Knows: that format, and the older spelling of literals that some services still use.
Must not know: where the text came from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from virtkg.diagnostics import VirtkgError
from virtkg.sparql.guard import QueryForm
from virtkg.sparql.results import QueryResult

if TYPE_CHECKING:
    from virtkg.sparql.wire import Term


_VIRTUOSO: Final = "__ASK_RETVAL"
"""The column of the one row that older versions of Virtuoso give in place of a truth."""


def read(body: bytes, form: QueryForm, wrong: Callable[[str], VirtkgError]) -> QueryResult:
    """Return the result that a document holds, or raise what `wrong` makes of the reason."""
    import json

    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise wrong(f"no JSON ({type(error).__name__}: {error})") from None
    try:
        if form is QueryForm.ASK:
            return QueryResult(form, boolean=_truth(document))
        names = tuple(_typed(name, str) for name in _typed(document["head"]["vars"], list))
        bindings = _typed(document["results"]["bindings"], list)
        rows = tuple(tuple(_term(_typed(row, dict).get(name)) for name in names) for row in bindings)
    except KeyError as error:
        raise wrong(f"the member {error} is missing") from None
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise wrong(str(error)) from None
    return QueryResult(form, variables=names, rows=rows)


def _truth(document: Any) -> bool:
    if _typed(document, dict).get("head", {}).get("vars") == [_VIRTUOSO]:
        return any(row[_VIRTUOSO]["value"] != "0" for row in document["results"]["bindings"])
    truth: bool = _typed(document["boolean"], bool)
    return truth


def _typed(value: Any, type_: type) -> Any:
    if not isinstance(value, type_):
        raise TypeError(f"a {type_.__name__} is wanted where a {type(value).__name__} stands")
    return value


def _term(cell: Any) -> Term | None:
    from pyoxigraph import BlankNode, Literal, NamedNode

    if cell is None:
        return None
    kind, value = cell["type"], _typed(cell["value"], str)
    match kind:
        case "uri":
            return NamedNode(value)
        case "bnode":
            return BlankNode(value)
        case "literal" | "typed-literal":
            if "xml:lang" in cell:
                return Literal(value, language=_typed(cell["xml:lang"], str))
            if "datatype" in cell:
                return Literal(value, datatype=NamedNode(_typed(cell["datatype"], str)))
            return Literal(value)
        case _:
            raise ValueError(f"a term of type {kind!r:.40} is unknown")

"""Terms as Turtle writes them, each in exactly one way.

Knows: prefixes, the short forms of numbers and booleans (RDF 1.1 Turtle, 2.4
and 2.5). Must not know: statements, files, or the order of anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from virtkg.namespaces import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyoxigraph import Literal

RDF_TYPE: Final = RDF + "type"
_XSD_STRING: Final = XSD + "string"

# Narrower than the grammar's PN_LOCAL on purpose: every reader agrees on these.
_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")

# Short enough that no reader that makes numbers of them changes their text.
_SHORT_FORMS: Final = {
    XSD + "boolean": re.compile(r"true|false"),
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,17}"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,6}"),
}


class Names:
    """Shortens IRIs by a set of prefixes, and remembers which of them were used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Take prefixes by name; of two that fit, the longer namespace wins, then the first name."""
        self._prefixes = dict(prefixes)
        self._candidates = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._short: dict[str, str] = {}
        self._used: set[str] = set()

    def iri(self, iri: str) -> str:
        """Return the CURIE of an IRI if its local part needs no escapes, else `<iri>`; a blank node as it is."""
        short = self._short.get(iri)
        if short is None:
            short = self._short[iri] = self._shortened(iri)
        return short

    def predicate(self, iri: str) -> str:
        """Return an IRI as a predicate: `a` for rdf:type."""
        return "a" if iri == RDF_TYPE else self.iri(iri)

    def literal(self, literal: Literal) -> str:
        """Return a literal; its lexical form is kept to the letter."""
        datatype = literal.datatype.value
        if literal.language is not None or datatype == _XSD_STRING:
            return str(literal)
        short_form = _SHORT_FORMS.get(datatype)
        if short_form is not None and short_form.fullmatch(literal.value):
            return literal.value
        quoted = str(literal)[: -len(datatype) - 2]
        return quoted + self.iri(datatype)

    def declarations(self) -> list[str]:
        """Return the `@prefix` lines of the prefixes used so far, sorted by name."""
        return [f"@prefix {name}: <{self._prefixes[name]}> ." for name in self.used()]

    def used(self) -> list[str]:
        """Return the names of the prefixes used so far, sorted."""
        return sorted(self._used)

    def _shortened(self, iri: str) -> str:
        for name, namespace in self._candidates:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                self._used.add(name)
                return f"{name}:{iri[len(namespace) :]}"
        return iri if iri.startswith("_:") else f"<{iri}>"

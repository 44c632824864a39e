"""The functions that SRL takes from SPARQL 1.2 (section 17), and how many arguments each has.

Knows: names and numbers of arguments. Must not know: what a function does.
"""

from __future__ import annotations

from typing import Final

ANY_NUMBER: Final = 1 << 30

_ARGUMENTS: Final = (
    ("NOW UUID STRUUID", 0, 0),
    ("BNODE", 0, 1),
    ("STR LANG LANGDIR DATATYPE IRI URI ABS CEIL FLOOR ROUND STRLEN UCASE LCASE ENCODE_FOR_URI", 1, 1),
    ("YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ SUBJECT PREDICATE OBJECT", 1, 1),
    ("isIRI isURI isBLANK isLITERAL isNUMERIC isTRIPLE hasLANG hasLANGDIR", 1, 1),
    ("LANGMATCHES CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER STRLANG STRDT sameTerm", 2, 2),
    ("SUBSTR REGEX", 2, 3),
    ("IF STRLANGDIR TRIPLE", 3, 3),
    ("REPLACE", 3, 4),
    ("CONCAT", 0, ANY_NUMBER),
)

BUILT_INS: Final[dict[str, tuple[str, int, int]]] = {
    name.upper(): (name, least, most) for names, least, most in _ARGUMENTS for name in names.split()
}
"""Name as SPARQL writes it, least and largest number of arguments, by the name in capitals."""


def arguments_wanted(least: int, most: int) -> str:
    """Return how many arguments a function takes, in words."""
    if least == most:
        return "no arguments" if most == 0 else "1 argument" if most == 1 else f"{most} arguments"
    return f"{least} or {most} arguments"

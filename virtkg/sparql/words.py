"""Every bare word of SPARQL 1.1, and what each group of them is allowed to do here.

Knows: the keywords and functions of SPARQL 1.1 Query (grammar, section 19.8)
and the verbs of SPARQL 1.1 Update. Must not know: where a word stands in a text.
"""

from __future__ import annotations

FORMS = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))

CALLS_OUT = frozenset(("SERVICE",))
"""Words that make the engine open a connection to a place that the query names."""

_UPDATES = "INSERT DELETE CLEAR DROP CREATE ADD MOVE COPY LOAD WITH DATA INTO TO USING ALL DEFAULT"
UPDATES = frozenset(_UPDATES.split())
"""Words that occur only in SPARQL Update."""

_KNOWN = """
    BASE PREFIX DISTINCT REDUCED AS WHERE FROM NAMED GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET VALUES UNDEF
    OPTIONAL GRAPH BIND MINUS UNION FILTER A TRUE FALSE EXISTS NOT IN SEPARATOR
    COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT
    STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE
    ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ
    NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL
    ISNUMERIC REGEX SUBSTR REPLACE
"""
KNOWN = FORMS | frozenset(_KNOWN.split())
"""Words that a query may hold, in capitals.

The list is closed because the engine reads keywords without looking at what
follows: for it `trueSERVICE` is `true SERVICE`. A word that is not listed is
never valid SPARQL 1.1, so refusing it loses nothing.
"""


def similar(word: str) -> tuple[str, ...]:
    """Return at most three known words that look like an unknown one."""
    # difflib takes longer to import than a good query takes to check.
    from difflib import get_close_matches

    return tuple(get_close_matches(word.upper(), sorted(KNOWN), n=3, cutoff=0.7))

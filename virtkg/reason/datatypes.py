"""The datatypes of OWL 2 RL (OWL 2 Profiles, 4.2.1): which forms are legal, and which value a form has.

Two forms have one value if XML Schema 1.1 (part 2) calls their values
identical, as OWL 2 asks: zero and minus zero are two values, and so is one
instant told at two offsets (OWL 2 Structural Specification, 4.2 and 4.7). A
form with white space around it is not legal (RDF 1.1 Semantics, its test
xmlsch-02). Forms and IRIs are bytes, as N-Triples writes them between the
quotation marks and the angle brackets.

Knows: lexical spaces, value spaces, and which datatype is part of which.
Must not know: graphs, rules, or how literals are numbered.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Final, TypeAlias

from virtkg.namespaces import RDF, RDFS, XSD

Value: TypeAlias = tuple[str, object]
"""A value space and a value in it; no two spaces share a value."""

ILL: Final[Value] = ("", None)
"""What a form has that is not legal."""

STRING: Final = f"{XSD}string".encode()
TAGGED: Final = f"{RDF}langString".encode()
LITERAL: Final = f"{RDFS}Literal".encode()

_PLAIN: Final = f"{RDF}PlainLiteral".encode()
_DIGITS: Final = 4000
"""Python reads no longer number as an integer."""

_BITS: Final = (("long", 64), ("int", 32), ("short", 16), ("byte", 8))
_BOUNDS: Final[dict[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    **{name: (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for name, bits in _BITS},
    **{f"unsigned{name.capitalize()}": (0, 2**bits - 1) for name, bits in _BITS},
}
_PARTS: Final = (
    "decimal integer nonPositiveInteger negativeInteger",
    "integer long int short byte",
    "integer nonNegativeInteger positiveInteger",
    "nonNegativeInteger unsignedLong unsignedInt unsignedShort unsignedByte",
    "string normalizedString token language",
    "token NMTOKEN",
    "token Name NCName",
    "dateTime dateTimeStamp",
)
"""Each datatype with those that are defined as parts of it."""

# ---- numbers

_INTEGER: Final = re.compile(rb"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(rb"([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))")
_FLOAT: Final = re.compile(rb"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_TRUTH: Final = {b"true": True, b"1": True, b"false": False, b"0": False}


def _whole(form: bytes) -> int | Decimal:
    return int(form) if len(form) < _DIGITS else Decimal(form.decode())


def _decimal(form: bytes) -> Value:
    found = _DECIMAL.fullmatch(form)
    if found is None:
        return ILL
    sign, whole, part, only = found.groups()
    # A whole number is an int, so that one look at a value tells it from others.
    if (part or only or b"").strip(b"0"):
        return "decimal", Decimal(form.decode())
    return "decimal", _whole(sign + (whole or b"0"))


def _integer(low: int | None, high: int | None) -> Callable[[bytes], Value]:
    def read(form: bytes) -> Value:
        if not form.isdigit() and not _INTEGER.fullmatch(form):
            return ILL
        number = int(form) if len(form) < _DIGITS else Decimal(form.decode())
        if (low is None or number >= low) and (high is None or number <= high):
            return "decimal", number
        return ILL

    return read


def _double(form: bytes) -> Value:
    # The text of a float tells minus zero from zero, and NaN is one value.
    return ("double", repr(float(form))) if _FLOAT.fullmatch(form) else ILL


def _float(form: bytes) -> Value:
    return ("float", repr(_single(form))) if _FLOAT.fullmatch(form) else ILL


def _single(form: bytes) -> float:
    """Return the number of single precision that is nearest to a form."""
    value = float(form)
    bits = struct.unpack("<q", struct.pack("<d", value))[0]
    if bits & 0x1FFFFFFF == 0x10000000 and abs(value) != float("inf"):
        # Half way between two: which is nearer, the rest of the digits tells. One bit more or less says so.
        rest = Decimal(form.decode()) - Decimal(value)
        bits += (rest > 0) - (rest < 0) if value > 0 else (rest < 0) - (rest > 0)
        value = struct.unpack("<d", struct.pack("<q", bits))[0]
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _boolean(form: bytes) -> Value:
    return ("boolean", _TRUTH[form]) if form in _TRUTH else ILL


# ---- texts

_START: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MORE: Final = _START + "0-9.\u00b7\u0300-\u036f\u203f\u2040-"
_TAG: Final = "[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*"
_FORMS: Final = {
    f"{XSD}{name}".encode(): pattern
    for name, pattern in {
        "normalizedString": r"[^\t\n\r]*",
        "token": r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?",
        "language": _TAG,
        "NMTOKEN": f"[:{_MORE}]+",
        "Name": f"[:{_START}][:{_MORE}]*",
        "NCName": f"[{_START}][{_MORE}]*",
    }.items()
}
_TAGGED: Final = re.compile(f"(.*)@({_TAG})?".encode(), re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_SIXES: Final = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)?")
_PAIRS: Final = re.compile(rb"(?:[0-9A-Fa-f]{2})*")


def unescaped(form: bytes) -> str:
    """Return the characters that a form in N-Triples stands for."""
    text = form.decode()
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    short, long, single = found.groups()
    return chr(int(short or long, 16)) if single is None else _SHORT.get(single, single)


def _text(kind: bytes) -> Callable[[bytes], Value]:
    # The letters of all scripts take long to compile, and are seldom asked for.
    pattern = _FORMS.get(kind)
    return lambda form: ("string", form) if pattern is None or re.fullmatch(pattern, unescaped(form)) else ILL


def _plain(form: bytes) -> Value:
    found = _TAGGED.fullmatch(form)
    if found is None:
        return ILL
    text, tag = found.groups()
    return ("tagged", (text, tag.lower())) if tag else ("string", text)


def _uri(form: bytes) -> Value:
    return "anyURI", form


def _hexadecimal(form: bytes) -> Value:
    return ("hexBinary", form.lower()) if _PAIRS.fullmatch(form) else ILL


def _base64(form: bytes) -> Value:
    if b"  " in form or form.strip(b" ") != form:
        return ILL
    compact = form.replace(b" ", b"")
    return ("base64Binary", compact) if _SIXES.fullmatch(compact) else ILL


def _xml(form: bytes) -> Value:
    from xml.parsers import expat

    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(f"<x>{unescaped(form)}</x>".encode(), True)
    except (expat.ExpatError, UnicodeEncodeError):
        return ILL
    return "XMLLiteral", form


# ---- instants

_INSTANT: Final = re.compile(
    rb"(-?(?:[1-9][0-9]{3,}|0[0-9]{3}))-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    rb"T(?:([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]+))?|24:00:00(?:\.0+)?)"
    rb"(Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
)
_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _instant(form: bytes) -> Value | None:
    found = _INSTANT.fullmatch(form)
    if found is None:
        return ILL
    years, months, days, hours, minutes, seconds, fraction, zone = found.groups()
    if len(years) > _DIGITS:
        return None
    year, month, day = int(years), int(months), int(days)
    if day > _days(year, month):
        return ILL
    if hours is None:
        hours = minutes = seconds = b"00"
        year, month, day = _after(year, month, day)
    return "dateTime", (year, month, day, hours, minutes, seconds, (fraction or b"").rstrip(b"0"), _offset(zone))


def _days(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _DAYS[month - 1]


def _after(year: int, month: int, day: int) -> tuple[int, int, int]:
    if day < _days(year, month):
        return year, month, day + 1
    return (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)


def _offset(zone: bytes | None) -> int | None:
    if zone is None:
        return None
    if zone == b"Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return -minutes if zone[:1] == b"-" else minutes


def _stamp(form: bytes) -> Value | None:
    value = _instant(form)
    return ILL if value is not None and not _has_offset(value) else value


def _has_offset(value: Value) -> bool:
    return isinstance(value[1], tuple) and value[1][-1] is not None


# ---- all of them

_READERS: Final[dict[bytes, Callable[[bytes], Value | None]]] = {
    **{f"{XSD}{name}".encode(): _integer(*bounds) for name, bounds in _BOUNDS.items()},
    **{kind: _text(kind) for kind in (STRING, *_FORMS)},
    _PLAIN: _plain,
    TAGGED: lambda _: ILL,  # a tag is no part of a form
    f"{RDF}XMLLiteral".encode(): _xml,
    **{
        f"{XSD}{name}".encode(): reader
        for name, reader in {
            "decimal": _decimal,
            "double": _double,
            "float": _float,
            "boolean": _boolean,
            "anyURI": _uri,
            "hexBinary": _hexadecimal,
            "base64Binary": _base64,
            "dateTime": _instant,
            "dateTimeStamp": _stamp,
        }.items()
    },
}

DATATYPES: Final = frozenset((*_READERS, LITERAL))
"""The IRIs of the datatypes."""

_ABOVE: Final = {
    f"{XSD}{part}".encode(): f"{XSD}{whole}".encode()
    for chain in map(str.split, _PARTS)
    for whole, part in pairwise(chain)
} | {STRING: _PLAIN, TAGGED: _PLAIN}


def read(kind: bytes, form: bytes) -> Value | None:
    """Return the value of a form of a datatype: ILL if it is not legal, None if that is not known."""
    reader = _READERS.get(kind)
    return None if reader is None else reader(form)


def within(part: bytes, whole: bytes) -> bool | None:
    """Tell whether all values (True) or no value (False) of a datatype are in another; None if some may be."""
    if whole == LITERAL or whole in _ancestors(part):
        return True
    return None if part in _ancestors(whole) or _space(part) == _space(whole) else False


def _space(kind: bytes) -> bytes:
    # What is tagged is no string, although both are plain literals.
    return next(above for above in reversed(_ancestors(kind)) if above != _PLAIN or above == kind)


def _ancestors(kind: bytes) -> list[bytes]:
    found = [kind]
    while found[-1] in _ABOVE:
        found.append(_ABOVE[found[-1]])
    return found


def holds(kind: bytes, value: Value) -> bool:
    """Tell whether a value is in a datatype."""
    space, content = value
    name = kind.decode().rpartition("#")[2]
    if name in _BOUNDS:
        low, high = _BOUNDS[name]
        if space != "decimal" or not _is_whole(content):
            return False
        return (low is None or content >= low) and (high is None or content <= high)  # type: ignore[operator]
    if kind in _FORMS:
        return space == "string" and re.fullmatch(_FORMS[kind], unescaped(content)) is not None  # type: ignore[arg-type]
    if name == "dateTimeStamp":
        return space == "dateTime" and _has_offset(value)
    if kind == _PLAIN:
        return space in ("string", "tagged")
    return kind == LITERAL or space == ("tagged" if kind == TAGGED else name)


def _is_whole(content: object) -> bool:
    return isinstance(content, int) or (isinstance(content, Decimal) and content.as_tuple().exponent == 0)


def differ(one: Value | None, other: Value | None) -> bool | None:
    """Tell whether two values are different; None if that is not known."""
    if one is None or other is None or ILL in (one, other):
        return None
    # Two texts can be one XML fragment: that is not looked into.
    return None if one != other and one[0] == other[0] == "XMLLiteral" else one != other

"""What a picture of the spectrum is drawn with: shapes, colours, hatching, and widths of text.

The colours are light tints of a palette that colour-blind readers can tell
apart (Okabe and Ito); printed in black and white, the hatching tells the
classes apart. No font can be asked how wide its letters are, so each letter
counts as wide as in the widest of the usual fonts.

Knows: SVG. Must not know: the graph, or what is drawn.
"""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement

from virtkg.present.plain import safe
from virtkg.record import record

INK: Final = "#1a1a1a"
SOFT: Final = "#555555"
PAPER: Final = "#ffffff"
FONT: Final = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_PREFIX: Final = "virtkg-spectrum-"

_NARROW: Final = frozenset(" iljtfrI.,:;'|!()[]/")
_WIDE: Final = frozenset("mwMW@%&—")
_NOT_IN_XML: Final = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}


@record
class Hatching:
    """A tint, and the lines drawn over it, as the path of one tile of 8 × 8."""

    tint: str
    lines: str
    colour: str


HATCHINGS: Final = (
    Hatching("#d3e8f6", "M2,2 h1.2 M6,6 h1.2", "#2a6f9e"),
    Hatching("#f6e08a", "M-2,2 L2,-2 M0,8 L8,0 M6,10 L10,6", "#7d6600"),
    Hatching("#f0a77c", "M0,0 L8,8 M8,0 L0,8", "#8a3800"),
    Hatching("#eeeeee", "M4,0 L4,8", "#777777"),
)
"""The hatchings of performance classes, the best first; the last is of any other."""


def define(svg: Element) -> None:
    """Add the hatchings to the definitions of a picture."""
    definitions = SubElement(svg, "defs")
    for number, hatching in enumerate(HATCHINGS):
        tile = {"width": "8", "height": "8", "patternUnits": "userSpaceOnUse"}
        pattern = SubElement(definitions, "pattern", {"id": f"{_PREFIX}{number}", **tile})
        SubElement(pattern, "rect", {"width": "8", "height": "8", "fill": hatching.tint})
        if hatching.lines:
            stroke = {"stroke": hatching.colour, "stroke-width": "1"}
            SubElement(pattern, "path", {"d": hatching.lines, "fill": "none", **stroke})


def hatched(place: int) -> str:
    """Return the fill of the performance class at a place, the best first."""
    return f"url(#{_PREFIX}{min(place, len(HATCHINGS) - 1)})"


@record
class Box:
    """A rectangle of the picture."""

    x: float
    y: float
    width: float
    height: float


def rectangle(parent: Element, box: Box, fill: str, **stroke: str) -> Element:
    """Add a rectangle; `stroke_width` and the like become attributes."""
    shape = {"x": number(box.x), "y": number(box.y), "width": number(box.width), "height": number(box.height)}
    lines = {name.replace("_", "-"): value for name, value in stroke.items()}
    return SubElement(parent, "rect", {**shape, "fill": fill, **lines})


@record
class Style:
    """How a line of text is set."""

    size: float
    bold: bool = False
    colour: str = INK
    middle: bool = False

    @property
    def height(self) -> float:
        """The distance from line to line."""
        return round(self.size * 1.3, 1)

    def measure(self, text: str) -> float:
        """Return a width that a text does not exceed in any usual font."""
        return sum(map(_em, text)) * self.size * (1.1 if self.bold else 1.0)


def write(parent: Element, x: float, y: float, text: str, style: Style) -> None:
    """Add a line of text whose top is at `y`."""
    place = {"x": number(x), "y": number(y + style.size)}
    look = {"font-size": number(style.size), "fill": style.colour}
    look |= {"font-weight": "bold"} if style.bold else {}
    look |= {"text-anchor": "middle"} if style.middle else {}
    SubElement(parent, "text", {**place, **look}).text = clean(text)


def fitted(text: str, size: float, style: Style) -> list[str]:
    """Return a text in lines that are not wider than a size; a word that is wider is cut."""
    from virtkg.present.spectrum import wrap

    lines = []
    for line in wrap(clean(text), size, style.measure):
        rest = line
        while style.measure(rest) > size and len(rest) > 1:
            end = next(end for end in range(len(rest) - 1, 0, -1) if end == 1 or style.measure(rest[:end]) <= size)
            lines.append(rest[:end])
            rest = rest[end:]
        lines.append(rest)
    return lines


def clean(text: str) -> str:
    """Return a text without characters that XML does not have."""
    return safe(text).translate(_NOT_IN_XML)


def number(value: float) -> str:
    """Return a number of few digits."""
    return f"{value:.1f}".removesuffix(".0")


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.42
    if not character.isascii() and character not in "“”–·":
        return 1.1
    if character in _WIDE:
        return 1.05
    return 0.8 if character.isupper() else 0.68

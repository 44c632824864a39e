"""Spectrum → JSON, and CSV or TSV with one line for each cell, for programs and spreadsheets.

Knows: their shapes. Must not know: the graph, or any layout for a reader.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from virtkg.answer import Value
from virtkg.present.document import Json, written
from virtkg.present.markup import unsteered
from virtkg.spectrum import Cell, Heading, Sign, Spectrum


def document(given: Spectrum) -> str:
    """Return a spectrum as a JSON document; `cells` are in the order of the matrix, row by row."""
    shape: dict[str, Json] = {
        "title": given.title,
        "modes": [_heading(mode) for mode in given.modes],
        "resources": [_heading(resource) for resource in given.resources],
        "cells": [_cell(mode, resource, cell) for mode, resource, cell in _cells(given)],
        "techniques": [_sign(sign) for sign in given.techniques],
        "performance": [_sign(sign) for sign in given.classes],
        "notes": [{"code": note.code, "message": note.message} for note in given.notes],
        "sources": dict(given.titles),
    }
    return written(shape, indent=1)


def separated(given: Spectrum, delimiter: str) -> str:
    """Return the cells of a spectrum as CSV (RFC 4180) or TSV."""
    output = io.StringIO()
    writer = csv.writer(output, delimiter=delimiter, lineterminator="\r\n" if delimiter == "," else "\n")
    writer.writerow(
        ["mode", "mode_iri", "resource", "resource_iri", "verdict", "shown", "technique", "performance", "sources"]
    )
    signs = {sign.iri: sign for sign in given.techniques}
    for mode, resource, cell in _cells(given):
        letters = dict.fromkeys(signs[value.value].shown or value.text for value in cell.techniques)
        sources = dict.fromkeys(slug for value in (*cell.techniques, *cell.classes) for slug in value.sources)
        texts = (
            "; ".join(letters),
            "; ".join(value.text for value in cell.techniques),
            "; ".join(value.text for value in cell.classes),
            " ".join(sources),
        )
        about = (mode.label, mode.iri, resource.label, resource.iri, str(cell.verdict))
        writer.writerow([unsteered(text) for text in (*about, *texts)])
    return output.getvalue()


def _cells(given: Spectrum) -> Iterator[tuple[Heading, Heading, Cell]]:
    for mode, row in zip(given.modes, given.cells, strict=True):
        for resource, cell in zip(given.resources, row, strict=True):
            yield mode, resource, cell


def _cell(mode: Heading, resource: Heading, cell: Cell) -> Json:
    return {
        "mode": mode.iri,
        "resource": resource.iri,
        "verdict": str(cell.verdict),
        "techniques": [_value(value) for value in cell.techniques],
        "performance": [_value(value) for value in cell.classes],
        "remarks": list(cell.remarks),
    }


def _value(value: Value) -> Json:
    return {
        "value": value.value,
        "text": value.text,
        "verdict": str(value.verdict),
        "inferred": value.inferred,
        "sources": list(value.sources),
    }


def _heading(heading: Heading) -> Json:
    return {
        "label": heading.label,
        "iri": heading.iri,
        "definition": heading.definition,
        "within": heading.within or None,
    }


def _sign(sign: Sign) -> Json:
    return {
        "label": sign.label,
        "iri": sign.iri,
        "definition": sign.definition,
        "shown": sign.shown or None,
        "form_of": sign.general or None,
    }

"""Coverage → text: tables of counts, JSON, and as CSV or TSV every cell.

Knows: how a survey is laid out. Must not know: the graph, or where the text goes.
"""

from __future__ import annotations

from typing import Final

from virtkg.coverage import Coverage, Known, Tally
from virtkg.present import page
from virtkg.present.document import written

_HEADER: Final = ("platform", "iri", "product line", "property", "thing", "state", "value")
_COUNTS: Final = ("yes", "no", "value", "disputed", "unknown")


def render(survey: Coverage, format: str) -> str:
    """Return a survey in a format: `table` (plain text), `json`, `csv`, `tsv`, `md` or `html`."""
    match format:
        case "json":
            return _json(survey)
        case "csv" | "tsv":
            return page.separated(_HEADER, map(_cells, survey.cells), format)
        case "md":
            return page.markdown(_page(survey))
        case "html":
            return page.html(_page(survey))
        case _:
            return page.plain(_page(survey))


def _page(survey: Coverage) -> page.Page:
    total = survey.total
    known = total.yes + total.no + total.value
    headline = f"{survey.platforms:,} platforms, {total.cells:,} cells: {known:,} known, {total.disputed:,} disputed"
    tables = (_table("property", survey.properties), _table("product line", survey.lines))
    note = "a cell is a platform with a property, and with a thing where the property is one that can be denied"
    return page.Page(f"{headline}, {total.unknown:,} unknown", tables, (note, "--format csv lists every cell"))


def _table(name: str, tallies: tuple[Tally, ...]) -> page.Table:
    rows = tuple((tally.name, *(str(getattr(tally, count)) for count in _COUNTS)) for tally in tallies)
    return page.Table(f"by {name}", (name, *_COUNTS), rows)


def _cells(cell: Known) -> tuple[str, ...]:
    return cell.platform, cell.iri, cell.line, cell.property, cell.thing, str(cell.state), cell.value


def _json(survey: Coverage) -> str:
    shape = {
        "platforms": survey.platforms,
        "total": _counts(survey.total),
        "properties": {tally.name: _counts(tally) for tally in survey.properties},
        "lines": {tally.name: _counts(tally) for tally in survey.lines},
    }
    return written(shape, indent=1)


def _counts(tally: Tally) -> dict[str, int]:
    return {count: getattr(tally, count) for count in _COUNTS}

"""An answer in a format, by its name.

Knows: which module writes which format. Must not know: any one format, or where the text goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from virtkg.answer import Answer
from virtkg.diagnostics import QueryError

if TYPE_CHECKING:
    from virtkg.spectrum import Spectrum

FORMATS: Final = ("table", "json", "csv", "tsv", "md", "html", "sparql", "turtle")
_OF_ONE: Final = ("csv", "tsv", "sparql", "turtle")


def render(answer: Answer | Spectrum, format: str = "table") -> str:
    """Return an answer as text: `table` (plain text), `json`, `csv`, `tsv`, `md`, `html`, `sparql` or `turtle`.

    `sparql` is the query that an answer rests on, `turtle` its proofs as PROV-O.
    A spectrum has `svg` in place of these two.
    Raises QueryError Q309 for another format, Q313 where that holds one answer and these are several.
    """
    if not isinstance(answer, Answer):
        from virtkg.present import spectrum

        return spectrum.render(answer, format)
    if answer.further and format in _OF_ONE:
        said = f"the text holds {1 + len(answer.further)} questions, and {format} the answer to one"
        raise QueryError("Q313", said, hint="ask them one at a time, or use --format json")
    match format:
        case "table":
            from virtkg.present import plain

            return plain.answer(answer)
        case "json":
            from virtkg.present import document

            return document.answer(answer)
        case "csv" | "tsv":
            from virtkg.present import markup

            return markup.separated(answer, "," if format == "csv" else "\t")
        case "md":
            from virtkg.present import markup

            return markup.markdown(answer)
        case "html":
            from virtkg.present import html

            return html.answer(answer)
        case "turtle":
            from virtkg.present import provenance

            return provenance.answer(answer)
        case "sparql":
            if not answer.sparql:
                said = f"no single query answers “{answer.reading}”"
                raise QueryError("Q312", said, hint="use --format json for the facts that are behind it")
            return answer.sparql
        case _:
            raise QueryError("Q309", f"an answer has no format {format}", hint="use " + ", ".join(FORMATS))

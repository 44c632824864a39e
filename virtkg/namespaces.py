"""The IRI bases and prefixes that every stage shares.

Knows: the three bases of design (vocabulary, things, sources), the graph names
that virtkg itself fills, and how to shorten an IRI for a reader.
Must not know: any term of the vocabulary, files, or an RDF library.
"""

from __future__ import annotations

from typing import Final

BASE: Final = "https://w3id.org/virtkg/"
VKG: Final = BASE + "ns#"
ID: Final = BASE + "id/"
SRC: Final = BASE + "source/"
RULE: Final = BASE + "rule/"
GRAPH: Final = BASE + "graph/"

INFERRED_GRAPH: Final = GRAPH + "inferred"
"""Holds every fact that a rule derived and no source states."""

DISPUTED_GRAPH: Final = GRAPH + "disputed"
"""Holds a copy of every fact that is disputed, stated or inferred."""

GENID: Final = BASE + ".well-known/genid/"
"""Skolem IRIs (RDF 1.1 Concepts, 3.5) that replace blank nodes when files are read."""

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCT: Final = "http://purl.org/dc/terms/"
PROV: Final = "http://www.w3.org/ns/prov#"
OWLRL: Final = BASE + "rule/owl2rl/"

PREFIXES: Final[dict[str, str]] = {
    "dct": DCT,
    "id": ID,
    "owl": OWL,
    "owlrl": OWLRL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "rule": RULE,
    "skos": SKOS,
    "src": SRC,
    "vkg": VKG,
    "xsd": XSD,
}

_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))


def compact(iri: str) -> str:
    """Return the CURIE of an IRI, or the IRI in angle brackets if no prefix fits.

    >>> compact("https://w3id.org/virtkg/id/xen-4.0.1")
    'id:xen-4.0.1'
    """
    for prefix, base in _LONGEST_FIRST:
        if iri.startswith(base):
            local = iri[len(base) :]
            if local and local.replace("-", "").replace("_", "").replace(".", "").isalnum() and local[-1] != ".":
                return f"{prefix}:{local}"
    return f"<{iri}>"


def expand(curie: str) -> str | None:
    """Return the IRI of a CURIE or of `<iri>`, or None if it is neither."""
    if curie.startswith("<") and curie.endswith(">"):
        return curie[1:-1]
    prefix, colon, local = curie.partition(":")
    if colon and prefix in PREFIXES and local:
        return PREFIXES[prefix] + local
    return None


def source_slug(iri: str) -> str:
    """Return the short name by which a source is cited: its IRI without the base."""
    return iri[len(SRC) :] if iri.startswith(SRC) else iri

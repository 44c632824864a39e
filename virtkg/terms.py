"""A label, CURIE or IRI that a user wrote → the thing it names.

Knows: how a thing can be named outside a question.
Must not know: questions, or what is done with the thing.
"""

from __future__ import annotations

from pyoxigraph import NamedNode

from virtkg.diagnostics import AmbiguousQuestion, UnknownTerm
from virtkg.language.vocabulary import Vocabulary
from virtkg.language.words import phrase
from virtkg.namespaces import compact, expand
from virtkg.snapshot.reader import Snapshot


def find(text: str, snapshot: Snapshot, vocabulary: Vocabulary) -> NamedNode:
    """Return the thing that a label, CURIE or IRI names.

    Raises UnknownTerm (E201) with near labels, or AmbiguousQuestion (E301)
    with the CURIEs of the things that share a label.
    """
    iri = expand(text.strip()) or (text.strip() if "://" in text else None)
    if iri is not None and snapshot.iri_number(iri) is not None:
        return NamedNode(iri)
    found = vocabulary.named(text)
    if len(found) == 1:
        return NamedNode(snapshot.iri(found[0]))
    if found:
        names = tuple(compact(snapshot.iri(term)) for term in found)
        said, hint = f"“{text}” names {len(found)} things", "name one of them by its CURIE"
        raise AmbiguousQuestion("E301", said, hint=hint, text=text, suggestions=names)
    from rapidfuzz import process

    near = process.extract(phrase(text), [known for known, _ in snapshot.phrases()], limit=3, score_cutoff=70)
    raise UnknownTerm(
        "E201",
        f"nothing in the graph is called “{text}”",
        hint="name a thing by its label, CURIE or IRI",
        text=text,
        suggestions=tuple(vocabulary.label_for(known) for known, _, _ in near),
    )

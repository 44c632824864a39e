"""A question about a line that names no version → the same question about its versions.

Knows: what the vocabulary says leads to a line. Must not know: words, facts of versions, or answers.
"""

from __future__ import annotations

from typing import TypeAlias

from pyoxigraph import NamedNode

from virtkg.language.conditions import Condition, Junction, Related, ResolvedNoun
from virtkg.language.resolved import ResolvedCount, ResolvedExtreme, ResolvedList
from virtkg.language.schema import Schema
from virtkg.namespaces import VKG
from virtkg.record import replace

Asked: TypeAlias = ResolvedList | ResolvedCount | ResolvedExtreme


def of_versions(schema: Schema, asked: Asked) -> Asked | None:
    """Return what is asked with “versions of” before each line that its conditions name; None if they name none.

    What is denied of a line is left as it is: its versions can differ.
    """
    if asked.noun.condition is None:
        return None
    condition = _condition(schema, asked.noun.condition)
    if condition == asked.noun.condition:
        return None
    return replace(asked, noun=replace(asked.noun, condition=condition))


def _condition(schema: Schema, condition: Condition) -> Condition:
    match condition:
        case Junction(joint, parts):
            return Junction(joint, tuple(_condition(schema, part) for part in parts))
        case Related(object=NamedNode() as named) if not condition.steps:
            return replace(condition, object=_versions(schema, condition, named))
        case _:
            return condition


def _versions(schema: Schema, said: Related, named: NamedNode) -> NamedNode | ResolvedNoun:
    line = schema.named(named.value)
    for leading in schema.having(VKG + "leadsToLine"):
        if line is None or said.property == schema.iri(leading) or not schema.subjects_of(line, leading):
            continue
        contraries = tuple(map(schema.iri, schema.contraries(leading)))
        of_line = Related(schema.iri(leading), False, named, contraries, schema.is_single(leading))
        for class_ in schema.narrowest(schema.domains(leading)):
            return ResolvedNoun(schema.iri(class_), of_line)
    return named

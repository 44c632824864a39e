"""A question about a line that names no version → the same about its versions; of a mode, about its variants.

Knows: what the vocabulary says leads to a line, or to a more general thing.
Must not know: words, facts of versions, or answers.
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

    Of more general things, their special forms take that place. What is denied of a line is left as it is: its
    versions can differ. What is latest is asked of versions only.
    """
    if asked.noun.condition is None:
        return None
    leading = schema.having(VKG + "leadsToLine")
    if not isinstance(asked, ResolvedExtreme):
        leading += schema.having(VKG + "leadsToGeneral")
    condition = _condition(schema, asked.noun.condition, leading)
    if condition == asked.noun.condition:
        return None
    return replace(asked, noun=replace(asked.noun, condition=condition))


def _condition(schema: Schema, condition: Condition, leading: list[int]) -> Condition:
    match condition:
        case Junction(joint, parts):
            return Junction(joint, tuple(_condition(schema, part, leading) for part in parts))
        case Related(object=NamedNode() as named) if not condition.steps:
            return replace(condition, object=_versions(schema, condition, named, leading))
        case Related(object=ResolvedNoun(_, inner) as noun) if inner is not None and not condition.steps:
            return replace(condition, object=replace(noun, condition=_condition(schema, inner, leading)))
        case _:
            return condition


def _versions(schema: Schema, said: Related, named: NamedNode, leading: list[int]) -> NamedNode | ResolvedNoun:
    line = schema.named(named.value)
    for property_ in leading:
        if line is None or said.property == schema.iri(property_) or not schema.subjects_of(line, property_):
            continue
        contraries = tuple(map(schema.iri, schema.contraries(property_)))
        of_line = Related(schema.iri(property_), False, named, contraries, schema.is_single(property_))
        for class_ in schema.narrowest(schema.domains(property_)):
            return ResolvedNoun(schema.iri(class_), of_line)
    return named

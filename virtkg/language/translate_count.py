"""ResolvedCount → SPARQL algebra: the rows of the list, summed by verdict.

A thing belongs to the group of a value no more surely than it has the value:
what is yes of it is disputed in a group where the value is. A thing without a
value is in the group without a key.

Knows: how truth is summed. Must not know: how a condition is decided, words,
or the snapshot.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode, Variable

from virtkg.language.algebra import Exists, Operation, Pattern, Totals
from virtkg.language.resolved import ResolvedCount, ResolvedList
from virtkg.language.translate import DISPUTED, NO, THING, TRUTH, UNKNOWN, YES, translate
from virtkg.namespaces import DISPUTED_GRAPH
from virtkg.record import replace

KEY: Final = "key"
_COUNTED: Final = "counted"


def translate_count(question: ResolvedCount) -> Totals:
    """Return the query of a count.

    Its rows bind `key` if things are grouped, and how many are `yes`,
    `disputed` and, unless nothing bounds it, `unknown`. A group of which
    nothing counts has no row.
    """
    thing, key, truth = Variable(THING), Variable(KEY), Variable(TRUTH)
    rows = translate(ResolvedList(question.noun, or_unknown=True))
    if question.noun.condition is None:
        # Virtuoso 7 cannot sum over a variable that is one number in every row, and does not see that this is one.
        rows = replace(rows, bindings=((TRUTH, Operation("IF", (Operation("=", (thing, thing)), YES, NO))),))
    if question.by is None:
        rows = replace(rows, variables=(THING, TRUTH))
    else:
        doubtful = Exists((Pattern(thing, question.by, key, NamedNode(DISPUTED_GRAPH)),))
        surely = Operation("&&", (Operation("=", (truth, YES)), doubtful))
        rows = replace(
            rows,
            variables=(THING, KEY, _COUNTED),
            optional=(Pattern(thing, question.by, key),),
            bindings=(*rows.bindings, (_COUNTED, Operation("IF", (surely, DISPUTED, truth)))),
        )
    counted = truth if question.by is None else Variable(_COUNTED)
    least = DISPUTED if question.open else UNKNOWN
    names = {YES: "yes", DISPUTED: "disputed", UNKNOWN: "unknown"}
    tests = tuple((name, Operation("=", (counted, value))) for value, name in names.items() if value >= least)
    return Totals(rows, "" if question.by is None else KEY, Operation(">=", (counted, least)), tests)

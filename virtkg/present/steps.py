"""Steps of a closure of any graph: as JSON Lines, as comments of N-Triples, and contradictions as text.

Knows: what a step says. Must not know: how it was found, or where it is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from virtkg.present.plain import safe
from virtkg.present.tree import rule_name

if TYPE_CHECKING:
    from virtkg.infer import Step


def json_lines(steps: Iterable[Step]) -> Iterator[bytes]:
    """Yield one JSON object a line: fact, rule, premises (N-Triples), absent (patterns that matched nothing)."""
    for step in steps:
        told = {
            "fact": f"{step.fact} .",
            "rule": step.rule,
            "premises": [f"{premise} ." for premise in step.premises],
            "absent": list(step.absent),
        }
        yield json.dumps(told, ensure_ascii=False).encode() + b"\n"


def comments(steps: Iterable[Step]) -> Iterator[bytes]:
    """Yield the steps as comments, so that a reader of N-Triples or Turtle skips them."""
    for step in steps:
        lines = [f"# {step.fact} .", f"#   by {rule_name(step.rule)}"]
        lines += [f"#   from {premise} ." for premise in step.premises]
        lines += [f"#   no fact says: {' '.join(pattern.split())}" for pattern in step.absent]
        yield "".join(f"{line}\n" for line in lines).encode()


def contradiction(proof: Sequence[Step]) -> Iterator[str]:
    """Yield the lines of a contradiction, given the steps to it: the rule, then the facts that cannot all be true."""
    steps = {step.fact: step for step in proof}
    final = proof[-1]
    yield safe(f"contradiction of {final.fact.partition(' ')[0]}, by {rule_name(final.rule)}:")
    told: set[str] = set()
    stack = [(premise, 1) for premise in reversed(final.premises)]
    while stack:
        fact, depth = stack.pop()
        step = steps[fact]
        by = f", by {rule_name(step.rule)}" if step.rule else ""
        again = " (shown above)" if fact in told and step.premises else ""
        yield safe(f"{'  ' * depth}{fact}{by}{again}")
        if not again:
            told.add(fact)
            yield from (safe(f"{'  ' * depth}  no fact says: {pattern}") for pattern in step.absent)
            stack += [(premise, depth + 1) for premise in reversed(step.premises)]
    yield from (safe(f"  no fact says: {pattern}") for pattern in final.absent)

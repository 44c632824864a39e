"""One engine in a cold process: a file of N-Triples → its OWL 2 RL closure, and what each part cost.

Run as: python peers.py ENGINE FILE
It prints one line of JSON: CPU seconds of each part, user and system and all
threads; the triples read and closed; the peak memory in KiB. Nothing is written.
Each engine imports what it needs inside its function, as part of what it costs.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Costs:
    """What the parts of a run cost; `marked` ends a part."""

    parts: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    _last: float = field(default_factory=time.process_time)

    def marked(self, part: str) -> None:
        now = time.process_time()
        self.parts[part] = now - self._last
        self._last = now


def virtkg(path: str, costs: Costs) -> None:
    # Only developers have this package, and where it is lark compares all terminals with each other.
    sys.modules["interegular"] = None  # type: ignore[assignment]
    from virtkg.inputs import rule_files
    from virtkg.rdf.ntriples import read_columns
    from virtkg.rdf.table import TermTable
    from virtkg.reason.columns import grouped
    from virtkg.reason.materialise import materialise
    from virtkg.reason.terms import Terms
    from virtkg.reason.work import Work
    from virtkg.rules.parse import read_rules

    costs.marked("import")
    rules = read_rules(rule_files()[0])
    costs.marked("rules")
    table = TermTable()
    read = read_columns(path, table)
    costs.marked("parse")
    terms = Terms(table)
    given = grouped(terms.type, read.subjects, read.predicates, read.objects)
    del read
    costs.marked("group")
    work = Work()
    closure = materialise(terms, given, rules, work)
    costs.marked("reason")
    closed = sum(len(closure.column(relation)) for relation in closure.relations())
    costs.counts |= {"given": len(given), "closed": closed, "rows": work.rows, "rounds": work.rounds}


def changes(path: str, costs: Costs) -> None:
    """Median wall seconds to remove one student with all its facts, to add it again, and to explain one fact."""
    import os
    import random
    import statistics
    import tempfile
    from collections.abc import Iterable

    from pyoxigraph import NamedNode, Triple

    from virtkg.rdf.table import BLANK
    from virtkg.reason.columns import facts_of
    from virtkg.reason.explain import Explainer
    from virtkg.reasoner import Reasoner

    def timed(act: Callable[[], object]) -> float:
        start = time.perf_counter()
        assert act()
        return time.perf_counter() - start

    # The data is named as Turtle for a peer, and Turtle of this size is refused.
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(path, named := os.path.join(folder, "lubm.nt"))
        reasoner = Reasoner([named])
    kept, terms = reasoner._kept, reasoner._terms
    closed = kept.closed
    chance = random.Random(0)
    takes = NamedNode("http://swat.cse.lehigh.edu/onto/univ-bench.owl#takesCourse")
    students = sorted({s for s, _ in closed.given.pairs(terms.fact(Triple(takes, takes, takes))[0])})

    def said_of(thing: int) -> Iterable[tuple[int, int, int]]:
        for relation in closed.given.relations():
            if relation & 1:
                yield from [(relation, thing, -1)] if closed.given.has(relation, thing) else []
            else:
                yield from ((relation, thing, value) for value in closed.given.objects(relation, thing))
                yield from ((relation, other, thing) for other, _ in closed.given.subjects(relation, thing))

    known = {student: list(dict.fromkeys(said_of(student))) for student in chance.sample(students, 200)}
    costs.parts["remove"] = statistics.median(timed(lambda f=f: not kept.remove(f).anew) for f in known.values())  # type: ignore[misc]
    costs.parts["add"] = statistics.median(timed(lambda f=f: not kept.add(f).anew) for f in known.values())  # type: ignore[misc]
    closed = kept.closed
    relations = [relation for relation in closed.relations() if len(closed.inferred(relation))]
    inferred = [
        fact
        for relation in chance.choices(relations, k=200)
        for fact in chance.sample(facts_of(relation, closed.inferred(relation)[:5000]), 1)
        if not terms.table.marks[fact[1]] & BLANK
    ]
    explainer = Explainer(closed)
    costs.parts["explain"] = statistics.median(timed(lambda f=f: explainer.explain(f)) for f in inferred)  # type: ignore[misc]


def sparq(path: str, costs: Costs) -> None:
    """Load by path, validated (it refuses bad IRIs, escapes and UTF-8), and the whole of its OWL 2 RL profile."""
    import sparq as engine

    costs.marked("import")
    graph = engine.Graph.load(path, format="ntriples")
    given = len(graph)
    costs.marked("parse")
    graph.reason("owl")
    costs.marked("reason")
    # That a closure is contradictory is part of ours; there it is asked for apart.
    assert graph.inconsistencies() == []
    costs.marked("contradictions")
    costs.counts |= {"given": given, "closed": len(graph)}


def reasonable(path: str, costs: Costs) -> None:
    """It reads Turtle only, of which N-Triples is a part, and returns a list of all triples as rdflib terms."""
    import reasonable as engine

    costs.marked("import")
    reasoner = engine.PyReasoner()
    reasoner.load_file(path)
    costs.marked("parse")
    closed = reasoner.reason()
    costs.marked("reason")
    costs.counts["closed"] = len(closed)


def owlrl(path: str, costs: Costs) -> None:
    """Without axiomatic triples, which are no news."""
    import owlrl as engine
    import rdflib

    costs.marked("import")
    graph = rdflib.Graph().parse(path, format="nt")
    given = len(graph)
    costs.marked("parse")
    engine.DeductiveClosure(engine.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    costs.marked("reason")
    costs.counts |= {"given": given, "closed": len(graph)}


def pyoxigraph(path: str, costs: Costs) -> None:
    """Parse only, for reference: one Python object for each triple, dropped at once."""
    import pyoxigraph as engine

    costs.marked("import")
    given = sum(1 for _ in engine.parse(path=path, format=engine.RdfFormat.N_TRIPLES))
    costs.marked("parse")
    costs.counts["given"] = given


def interpreter(_: str, costs: Costs) -> None:
    """Nothing but the interpreter and the imports of this file."""


ENGINES: dict[str, Callable[[str, Costs], None]] = {
    engine.__name__: engine for engine in (virtkg, changes, sparq, reasonable, owlrl, pyoxigraph, interpreter)
}


def peak() -> int:
    """Return the peak memory of this process in KiB.

    Not ru_maxrss where there is better: it counts what the parent held when it started this process.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:"))
    except OSError:
        import resource

        kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return kibibytes // 1024 if sys.platform == "darwin" else kibibytes


def main(name: str, path: str) -> None:
    costs = Costs()
    ENGINES[name](path, costs)
    print(json.dumps({"parts": costs.parts, "peak": peak(), **costs.counts}))


if __name__ == "__main__":
    main(*sys.argv[1:])

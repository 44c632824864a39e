"""What the graph must be able to answer: each question in words and in SPARQL, with the rows that were judged.

A file of queries/competency begins with `# question:` and the words; its query
was written by hand and shares nothing with the translation of the words. Both
must give the same things, and the golden file of its name holds them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from virtkg.answer import Answer, Verdict
from virtkg.graph import KnowledgeGraph
from virtkg.namespaces import PREFIXES, RDFS, VKG

QUERIES: Final = Path(__file__).parent.parent / "queries"
FILES: Final = sorted((QUERIES / "competency").glob("*.rq"))
NAMES: Final = [path.stem for path in FILES]


def words(text: str) -> str:
    found = re.match(r"# question: (.+)\n", text)
    assert found, "the file does not begin with its question"
    return found[1]


def things(answer: Answer) -> list[str]:
    """What an answer in words names: its rows, the values of its one row, or its verdict."""
    if answer.kind == "verdict":
        return [str(answer.verdict)]
    if answer.kind == "value" and answer.reading.startswith("how"):
        return sorted(row.label for row in answer.rows)
    if answer.kind == "value":
        return sorted(value.value for row in answer.rows for field in row.fields for value in field.values)
    return sorted(row.label for row in answer.rows)


def found(query: str, store: ox.Store) -> list[str]:
    result = store.query(query, use_default_graph_as_union=True)
    if isinstance(result, ox.QueryBoolean):
        return ["yes" if result else "no"]
    assert isinstance(result, ox.QuerySolutions)
    terms = {row[0] for row in result}
    return sorted(term.value for term in terms if isinstance(term, Literal | NamedNode))


def same(answer: Answer, rows: list[str]) -> bool:
    """Tell whether words and query agree; a query says yes of what is disputed and no of what is unknown."""
    if answer.kind == "verdict":
        yes = answer.verdict in (Verdict.YES, Verdict.DISPUTED)
        return rows == ["yes" if yes else "no"]
    return things(answer) == rows


@pytest.fixture(scope="module")
def store(quads: frozenset[Quad]) -> ox.Store:
    """Everything in one query engine: the command runs each query in a process of its own, which takes its time."""
    made = ox.Store()
    made.extend(quads)
    return made


def test_there_are_enough() -> None:
    assert len(NAMES) >= 60 and len(set(NAMES)) == len(NAMES)
    questions = [words(path.read_text(encoding="utf-8")) for path in FILES]
    assert len(set(questions)) == len(questions)


@pytest.mark.parametrize("name", NAMES)
def test_words_and_query_agree(
    name: str, kg: KnowledgeGraph, store: ox.Store, check_golden: Callable[[str, str], None]
) -> None:
    text = (QUERIES / "competency" / f"{name}.rq").read_text(encoding="utf-8")
    answer, rows = kg.ask(words(text)), found(text, store)
    assert same(answer, rows), f"words: {things(answer)}\nquery: {rows}"
    assert things(answer), "nothing is found, so nothing is tested"
    check_golden(f"competency/{name}", "\n".join([words(text), *things(answer)]) + "\n")


def test_a_wrong_query_is_noticed(kg: KnowledgeGraph, store: ox.Store) -> None:
    every = f"SELECT ?name {{ ?x a <{VKG}Suite> ; <{RDFS}label> ?name }}"
    assert not same(kg.ask("suites with page sharing"), found(every, store))
    assert not same(kg.ask("does XenServer 6 run PV"), found("ASK { <urn:a> <urn:b> <urn:c> }", store))


NOT_ASKED: Final = {
    # The bridges of the vocabulary: they are asked by what they bridge.
    "hasCell", "SingleValued", "DateProperty", "keepsMode", "keepsFeature", "staysWithoutMode",
    "staysWithoutFeature", "VirtualizationType", "Version",
    # What importers of guests and pictures read.
    "Signal", "SignalFormat", "inFormat", "setting", "settingValue", "signalsResource", "signalsTechnique",
    "signalsMode", "signalsHypervisor", "signature", "shownAs", "spectrumPosition",
}  # fmt: skip
"""Terms that no stored query names, and why."""


def test_every_class_and_property_is_asked_for(kg: KnowledgeGraph) -> None:
    """Every limit is asked by the stored query of limits, which names their class."""
    rows = kg.sparql(
        f"""PREFIX owl: <{PREFIXES["owl"]}>
        SELECT DISTINCT ?term {{
            VALUES ?kind {{ owl:Class owl:ObjectProperty owl:DatatypeProperty }} ?term a ?kind
            FILTER(STRSTARTS(STR(?term), "{VKG}"))
            FILTER NOT EXISTS {{ ?term a owl:DatatypeProperty , <{VKG}SingleValued> }} }}"""
    ).rows
    terms = {row[0].value.removeprefix(VKG) for row in rows if isinstance(row[0], NamedNode)}
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in QUERIES.rglob("*.rq") if path.parent.name != "hygiene"
    )
    named = set(re.findall(r"\bvkg:(\w+)", text))
    assert len(terms) > 100 and NOT_ASKED - {"spectrumPosition"} <= terms
    assert sorted(terms - named - NOT_ASKED) == []
    assert sorted(named & NOT_ASKED - {"SingleValued"}) == []

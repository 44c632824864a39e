"""`virtkg reason`: what it writes for graphs of any kind, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import random
import re
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyoxigraph as ox
import pytest
from command import Ended, environment, run, start
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat

from virtkg.inputs import rule_files
from virtkg.namespaces import GENID, INFERRED_GRAPH, OWLRL
from virtkg.rdf import lines_export
from virtkg.rdf.formats import FORMATS
from virtkg.rdf.lines_export import NO_GRAPH, SortedLines
from virtkg.reason.closure import close
from virtkg.rules.parse import parse_rules, read_rules

F = "https://example.org/family#"
HEAD = f"""@prefix : <{F}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
FAMILY = f"""{HEAD}
:ancestor a owl:TransitiveProperty .
:parent rdfs:subPropertyOf :ancestor .
:Parent owl:equivalentClass [ a owl:Restriction ; owl:onProperty :child ; owl:someValuesFrom owl:Thing ] .
:child owl:inverseOf :parent .
:ada :parent :bea ; :born 1840 .
:bea :parent :cleo ; :born 1815 .
:cleo :knows [ :name "Dora"@en ] .
"""
RULES = f"""PREFIX : <{F}>
RULE :last {{ ?x a :Last }} WHERE {{ ?y :parent ?x NOT {{ ?x :parent ?z }} }}
RULE :older {{ ?y :olderBy ?years }} WHERE {{ ?x :parent ?y ; :born ?b . ?y :born ?c SET(?years := ?b - ?c) }}
RULE :household {{ _:home :of ?x ; :with ?y }} WHERE {{ ?x :parent ?y ; :born ?b }}
"""
INFERRED = """
:Parent <http://www.w3.org/2000/01/rdf-schema#subClassOf> _:b1
:ada :ancestor :bea
:ada :ancestor :cleo
:bea a :Parent
:bea a _:b1
:bea :ancestor :cleo
:bea :child :ada
:bea :olderBy "25"^^<http://www.w3.org/2001/XMLSchema#integer>
:cleo a :Last
:cleo a :Parent
:cleo a _:b1
:cleo :child :bea
_:b1 <http://www.w3.org/2000/01/rdf-schema#subClassOf> :Parent
_:b1 <http://www.w3.org/2002/07/owl#equivalentClass> :Parent
_:r1 :of :bea
_:r1 :with :cleo
_:r2 :of :ada
_:r2 :with :bea
"""


@pytest.fixture
def family(tmp_path: Path) -> str:
    file = tmp_path / "family.ttl"
    file.write_text(FAMILY)
    return str(file)


@pytest.fixture
def rules(tmp_path: Path) -> str:
    file = tmp_path / "my.srl"
    file.write_text(RULES)
    return str(file)


def written(path: Path, text: str | bytes) -> str:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def lines_of(ended: Ended) -> list[str]:
    """Return the lines of a run that found no contradiction, in short: names of the family, numbered homes."""
    assert (ended.code, ended.err) == (0, ""), ended
    made = sorted(set(re.findall(r"_:r[0-9a-f]{24}-b0", ended.out)))
    text = re.sub(rf"<{re.escape(F)}(\w+)>", r":\1", ended.out)
    text = text.replace("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "a")
    for number, node in enumerate(made, 1):
        text = text.replace(node, f"_:r{number}")
    return [line.removesuffix(" .") for line in text.splitlines()]


def canonical(text: bytes, syntax: str) -> str:
    quads = ox.Dataset(ox.parse(text, format=getattr(RdfFormat, FORMATS[syntax].parser), base_iri="urn:base"))
    quads.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return "\n".join(sorted(map(str, quads)))


# what is written


def test_the_closure_of_a_family(family: str, rules: str) -> None:
    assert lines_of(run("reason", family, "--rules", rules, "--graph", "inferred")) == INFERRED.split("\n")[1:-1]


def test_all_is_what_was_asserted_and_what_was_inferred(family: str, rules: str) -> None:
    parts = {
        part: run("reason", family, "--rules", rules, "--graph", part).out.splitlines()
        for part in ("asserted", "inferred", "all")
    }
    assert sorted(parts["asserted"] + parts["inferred"]) == parts["all"]
    assert not set(parts["asserted"]) & set(parts["inferred"])
    assert run("reason", family, "--rules", rules).out.splitlines() == parts["all"]
    assert canonical("\n".join(parts["asserted"]).encode(), "nt") == canonical(FAMILY.encode(), "turtle")


def test_the_rules_of_a_user_can_run_alone(family: str, rules: str) -> None:
    found = lines_of(run("reason", family, "--rules", rules, "--no-owl", "--graph", "inferred"))
    assert ":cleo a :Last" in found
    assert not any(word in line for line in found for word in ("ancestor", "Parent", "child"))
    assert len(found) == 6  # no more than the three rules say


def test_rules_of_several_files_work_together(family: str, tmp_path: Path) -> None:
    head = f"PREFIX : <{F}>\n"
    one = written(tmp_path / "1.srl", f"{head}RULE :a {{ ?x a :One }} WHERE {{ ?x :parent ?y }}")
    two = written(tmp_path / "2.srl", f"{head}RULE :b {{ ?x a :Two }} WHERE {{ ?x a :One }}")
    found = lines_of(run("reason", family, "--rules", two, "--rules", one, "--no-owl", "--graph", "inferred"))
    assert found == [f":{name} a :{kind}" for name in ("ada", "bea") for kind in ("One", "Two")]


def test_nothing_of_virtkg_is_added(family: str, rules: str) -> None:
    for syntax in ("nt", "turtle", "rdfxml"):
        assert "virtkg" not in run("reason", family, "--rules", rules, "--format", syntax).out


def test_nothing_to_infer_is_no_failure(tmp_path: Path) -> None:
    assert run("reason", written(tmp_path / "empty.ttl", "")) == Ended(0, b"", "")
    assert run("reason", written(tmp_path / "empty.nt", "")) == Ended(0, b"", "")
    line = b"<urn:a> <urn:b> <urn:c> .\n"
    assert run("reason", written(tmp_path / "one.nt", line)) == Ended(0, line, "")
    assert run("reason", str(tmp_path / "one.nt"), "--graph", "inferred") == Ended(0, b"", "")


def test_relative_iris_are_addresses_of_files(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    file = written(tmp_path / "a b" / "data.ttl", "<#x> <p> <> .")
    base = f"file://{tmp_path}/a%20b"
    assert run("reason", file).out == f"<{base}/data.ttl#x> <{base}/p> <{base}/data.ttl> .\n"


def test_equal_things_have_each_others_facts(tmp_path: Path) -> None:
    file = written(tmp_path / "same.ttl", f"{HEAD} :a owl:sameAs :b . :b owl:sameAs :c . :c :p :d .")
    found = lines_of(run("reason", file))
    assert [line for line in found if ":p" in line] == [f":{name} :p :d" for name in "abc"]
    assert sum("sameAs" in line for line in found) == 6


def test_the_same_bytes_each_time(family: str, rules: str) -> None:
    for options in (["--proofs"], ["--format", "trig"], ["--engine", "owlrl"]):
        found = {run("reason", family, "--rules", rules, *options, env={"PYTHONHASHSEED": seed}) for seed in "01"}
        assert len(found) == 1


# formats


@pytest.mark.parametrize("syntax", FORMATS)
def test_each_format_says_the_same(syntax: str, family: str, rules: str) -> None:
    ended = run("reason", family, "--rules", rules, "--format", syntax)
    assert (ended.code, ended.err) == (0, "")
    by = "nq" if FORMATS[syntax].keeps_graphs else "nt"
    told = run("reason", family, "--rules", rules, "--format", by)
    assert canonical(ended.raw, syntax) == canonical(told.raw, by)


def test_the_ending_of_the_file_names_the_format(family: str, tmp_path: Path) -> None:
    for name, syntax in (("out.ttl", "turtle"), ("out.jsonld", "jsonld"), ("out.txt", "nt"), ("out", "nt")):
        assert run("reason", family, "-o", str(tmp_path / name)) == Ended(0, b"", "")
        assert (tmp_path / name).read_bytes() == run("reason", family, "--format", syntax).raw
    run("reason", family, "-o", str(tmp_path / "out.ttl"), "--format", "nt")
    assert (tmp_path / "out.ttl").read_bytes() == run("reason", family).raw


def test_turtle_has_the_prefixes_of_the_files(family: str) -> None:
    out = run("reason", family, "--format", "turtle").out
    assert out.startswith(f"@prefix : <{F}> .\n")
    assert ":ancestor a owl:TransitiveProperty ." in out


@pytest.mark.parametrize("name", ["graphs.trig", "graphs.nq"])
def test_each_given_fact_stays_in_its_graph(name: str, tmp_path: Path) -> None:
    sub = "<http://www.w3.org/2000/01/rdf-schema#subPropertyOf>"
    quads = f"<urn:p> {sub} <urn:q> .\n<urn:a> <urn:p> <urn:b> <urn:g> .\n<urn:a> <urn:p> <urn:b> _:g .\n"
    text = quads
    if name.endswith("trig"):
        text = f"<urn:p> {sub} <urn:q> . <urn:g> {{ <urn:a> <urn:p> <urn:b> }} _:g {{ <urn:a> <urn:p> <urn:b> }}"
    file = written(tmp_path / name, text)
    ended = run("reason", file, "--format", "nq")
    expected = f"{quads}<urn:a> <urn:q> <urn:b> <{INFERRED_GRAPH}> .\n"
    assert canonical(ended.raw, "nq") == canonical(expected.encode(), "nq")
    assert run("reason", file, "--format", "nt").out.count("<urn:a> <urn:p> <urn:b> .") == 1
    again = run("reason", written(tmp_path / "again.nq", ended.raw))
    assert (again.code, again.err.startswith("error[D303]: ")) == (3, True)


def test_blank_nodes_come_back(tmp_path: Path) -> None:
    sub = "<http://www.w3.org/2000/01/rdf-schema#subPropertyOf>"
    one = written(tmp_path / "1.nt", f"_:x.1 <urn:p> _:y-2 .\n<urn:p> {sub} <urn:q> .\n")
    assert run("reason", one, "--graph", "inferred").out == "_:x.1 <urn:q> _:y-2 .\n"
    two = written(tmp_path / "2.nq", "_:x.1 <urn:p> <urn:two> <urn:g> .\n")
    three = written(tmp_path / "3.ttl", "_:x <urn:p> <urn:three> . [] <urn:p> <urn:three> .")
    found = run("reason", one, two, three, one, "--graph", "inferred").out.splitlines()
    subjects = [line.split()[0] for line in found]
    assert len(found) == len(set(subjects)) == 4
    assert all(subject.startswith("_:") for subject in subjects)
    turtle = run("reason", one, two, three, "--format", "turtle")
    assert canonical(turtle.raw, "turtle") == canonical(run("reason", one, two, three).raw, "nt")


def test_an_iri_of_the_data_that_looks_like_a_made_one_stays(tmp_path: Path) -> None:
    line = f"<{GENID}rule/0-x> <urn:p> <{GENID}file.ttl/b1> .\n"
    assert run("reason", written(tmp_path / "odd.nt", line)).out == line
    assert run("reason", written(tmp_path / "odd.ttl", line)).out == line


def test_a_file_that_is_named_twice_is_read_once(family: str, tmp_path: Path) -> None:
    link = tmp_path / "link.ttl"
    link.symlink_to(family)
    assert run("reason", family, family, str(link)) == run("reason", family)


TERMS = st.sampled_from(
    [b"<urn:a>", b"<urn:ab>", b"_:a", b"_:ab", b"_:a.b", b"_:a-b", b'"a"', b'"a"@en', b'"a"@en-us', b'"a b"',
     b'"a"^^<urn:d>', b'"\xc3\xa9"', b'""', b'"a\\"b"', b"<urn:\xc3\xa9>"]
)  # fmt: skip
GRAPHS = TERMS.filter(lambda term: term[:1] != b'"')


@pytest.mark.parametrize("widest", [1 << 63, 1])
@given(rows=st.lists(st.tuples(TERMS, TERMS, TERMS, st.none() | GRAPHS)), seed=st.integers(0, 9))
def test_lines_are_sorted_as_bytes_are(
    rows: list[tuple[bytes, bytes, bytes, bytes | None]], seed: int, widest: int
) -> None:
    texts = sorted({term for row in rows for term in row if term is not None})
    random.Random(seed).shuffle(texts)
    ids = np.array([[NO_GRAPH if term is None else texts.index(term) for term in row] for row in rows], dtype=np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines_export, "_WIDEST", widest)
        lines = SortedLines(texts, *ids.reshape(-1, 4).T)
    expected = sorted({b" ".join(term for term in (*row, b".") if term is not None) + b"\n" for row in rows})
    assert b"".join(lines.lines()) == b"".join(expected)
    assert len(lines) == len(expected)


# contradictions

CLASH = f"{HEAD} :Person owl:disjointWith :Ship . :Yacht rdfs:subClassOf :Ship . :bea a :Person , :Yacht ."


def test_a_contradiction_is_told_with_its_facts(tmp_path: Path) -> None:
    file = written(tmp_path / "clash.ttl", CLASH)
    ended = run("reason", file)
    assert ended.code == 1
    assert f"<{F}bea> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{F}Ship> .\n" in ended.out
    assert OWLRL not in ended.out
    told = ended.err.replace(F, "").replace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:").splitlines()
    assert told == [
        "contradiction of <bea>, by OWL 2 RL cax-dw:",
        "  <Person> <http://www.w3.org/2002/07/owl#disjointWith> <Ship>",
        "  <bea> <rdf:type> <Person>",
        "  <bea> <rdf:type> <Ship>, by OWL 2 RL cax-sco",
        "    <Yacht> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <Ship>",
        "    <bea> <rdf:type> <Yacht>",
        "1 contradiction: these facts cannot all be true",
    ]
    assert run("reason", file, "--quiet") == Ended(1, ended.raw, "")
    owlrl = run("reason", file, "--engine", "owlrl")
    assert (owlrl.code, owlrl.out, owlrl.err.splitlines()[-1]) == (1, ended.out, told[-1])


def test_many_contradictions_are_counted(tmp_path: Path) -> None:
    file = written(tmp_path / "clash.ttl", CLASH + "".join(f":x{n} a :Person , :Ship ." for n in range(29)))
    err = run("reason", file).err
    assert err.count("contradiction of ") == 10
    assert err.endswith(
        "30 contradictions: these facts cannot all be true; the first 10 are shown, --proofs writes all\n"
    )
    run("reason", file, "--proofs", "-o", str(tmp_path / "out.nt"))
    assert (tmp_path / "out.nt.proofs.jsonl").read_text().count(f"<{OWLRL}clash>") == 30


# proofs


def test_every_proof_can_be_replayed(family: str, rules: str, tmp_path: Path) -> None:
    out = tmp_path / "out.nt"
    ended = run("reason", family, "--rules", rules, "-o", str(out), "--proofs")
    assert (ended.code, ended.raw, ended.err) == (0, b"", f"proofs: {out}.proofs.jsonl\n")
    steps = [json.loads(line) for line in Path(f"{out}.proofs.jsonl").read_text().splitlines()]
    asserted = set(run("reason", family, "--graph", "asserted").out.splitlines())
    inferred = run("reason", family, "--rules", rules, "--graph", "inferred").out.splitlines()
    assert [step["fact"] for step in steps] == inferred
    every = (*read_rules(rule_files()[0]), *parse_rules(RULES, "my.srl"))
    known, left = set(asserted), steps
    while left:
        now = [step for step in left if known.issuperset(step["premises"])]
        assert now, "the proofs go in circles"
        left = [step for step in left if step not in now]
        known.update(step["fact"] for step in now)
    for step in steps:
        named = [rule for rule in every if rule.name == step["rule"]]
        assert named, step
        closure = close(triples(step["premises"]), named)
        (fact,) = triples([step["fact"]])
        assert fact in closure.inferred or "_:r" in step["fact"], step
    (last,) = [step for step in steps if step["rule"] == f"{F}last"]
    assert last["absent"] == [f"<{F}cleo> <{F}parent> ?z"]


def triples(lines: list[str]) -> list[ox.Triple]:
    text = re.sub(r"_:(\S+)", rf"<{GENID}blank/\1>", "\n".join(lines))
    return [ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(text, format=RdfFormat.N_TRIPLES)]


def test_proofs_without_a_file_are_comments(family: str, rules: str) -> None:
    plain, proved = (run("reason", family, "--rules", rules, *options) for options in ([], ["--proofs"]))
    assert proved.out.startswith(plain.out)
    proofs = proved.out.removeprefix(plain.out).splitlines()
    assert all(line.startswith("# ") for line in proofs)
    assert f"#   no fact says: <{F}cleo> <{F}parent> ?z" in proofs
    assert "#   by OWL 2 RL prp-trp" in proofs
    assert canonical(proved.raw, "nt") == canonical(plain.raw, "nt")
    turtle = run("reason", family, "--rules", rules, "--proofs", "--format", "turtle")
    assert canonical(turtle.raw, "turtle") == canonical(plain.raw, "nt")


def test_an_odd_filter_stays_in_its_comment(family: str, tmp_path: Path) -> None:
    text = (
        f"PREFIX : <{F}>\nRULE :r {{ ?x a :Odd }} WHERE {{ ?x :born ?b NOT {{ ?x :born ?c FILTER(?c >\n\n 1900) }} }}"
    )
    ended = run("reason", family, "--rules", written(tmp_path / "odd.srl", text), "--no-owl", "--proofs")
    assert "FILTER" in ended.out
    assert canonical(ended.raw, "nt")


# the other engine


def test_both_engines_agree(family: str, rules: str, tmp_path: Path) -> None:
    one = run("reason", family, "--rules", rules)
    assert run("reason", family, "--rules", rules, "--engine", "owlrl") == one
    out = tmp_path / "out.nt"
    run("reason", family, "--rules", rules, "--engine", "owlrl", "--proofs", "-o", str(out))
    assert out.read_bytes() == one.raw
    steps = [json.loads(line) for line in Path(f"{out}.proofs.jsonl").read_text().splitlines()]
    assert {step["rule"] for step in steps} == {f"{OWLRL}owlrl", f"{F}last", f"{F}older", f"{F}household"}


# errors

BAD = [
    ("D301", 3, "bad.nt", "<urn:a> <urn:b> <urn:c> .\n<urn:a> nope .", r":2:\d+: \S"),
    ("D301", 3, "bad.nq", "<urn:a> <urn:b> <urn:c> <urn:d> .\n<urn:a> nope .", r":2:\d+: \S"),
    ("D301", 3, "bad.ttl", "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> ; .", r":2:\d+: \S"),
    ("D301", 3, "bad.trig", "<urn:g> { <urn:a> <urn:b> <urn:c> }\n<urn:g> { <urn:a>", r":2:\d+: \S"),
    ("D301", 3, "bad.jsonld", '{"@id": "urn:a",\n "urn:b": [1, }', r":2:\d+: \S"),
    ("D301", 3, "bad.owl", "<a>\n<b></a>", r":2:\d+: \S"),
    ("D301", 3, "bytes.nt", b'<urn:a> <urn:b> "\xff" .', r":1:\d+: not UTF-8"),
    ("D301", 3, "bytes.ttl", b'<urn:a> <urn:b> "\xff" .', r":1:\d+: not UTF-8"),
    ("D302", 3, "data.foo", "", ": the ending"),
    ("D302", 3, "data", "", ": a file name without an ending"),
    ("D303", 3, "own.trig", f"<{INFERRED_GRAPH}> {{ <urn:a> <urn:b> <urn:c> }}", f": the graph <{INFERRED_GRAPH}>"),
    ("D303", 3, "own.nq", f"<urn:a> <urn:b> <urn:c> <{INFERRED_GRAPH}> .", f": the graph <{INFERRED_GRAPH}>"),
    ("D304", 3, "star.nt", "<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .", r":1:\d+: a triple term"),
    ("D304", 3, "way.nt", '<urn:a> <urn:b> "x"@en--ltr .', r":1:\d+: the base direction"),
    ("D304", 3, "way.ttl", '<urn:a> <urn:b> "x"@en--ltr .', ": the base direction"),
    ("D305", 3, "laughs.rdf", '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>', ""),
    ("D306", 3, "far.jsonld", '{"@context": "http://127.0.0.1:9/", "@id": "urn:a", "p": 1}', ""),
    ("R301", 3, "bad.srl", "PREFIX : <urn:>\nRULE :r { ?a :p ?b } WHERE { ?a :q ?b", ""),
    ("R301", 3, "bytes.srl", b"\xff", ""),
    ("R302", 3, "free.srl", "PREFIX : <urn:>\nRULE :r { ?a :p ?c } WHERE { ?a :q ?b }", ":2"),
    ("R303", 3, "not.srl", "PREFIX : <urn:>\nRULE :r { ?a :q ?b } WHERE { ?a :p ?b NOT { ?a :q ?b } }", r"not\.srl:2"),
    ("R303", 3, "new.srl", "PREFIX : <urn:>\nRULE :r { ?x :p _:b } WHERE { ?z :p ?x }", r"new\.srl:2"),
    ("R303", 3, "set.srl",
     "PREFIX : <urn:>\nRULE :r { ?x :p ?m } WHERE { ?x :p ?n SET(?m := ?n + 1) }", r"set\.srl:2"),
    ("R304", 3, "far.srl", "IMPORTS <urn:other>", ""),
]  # fmt: skip


@pytest.mark.parametrize(("code", "exit_code", "name", "content", "place"), BAD, ids=[f"{b[0]} {b[2]}" for b in BAD])
def test_one_error_with_its_place_and_no_output(
    code: str, exit_code: int, name: str, content: str | bytes, place: str, tmp_path: Path
) -> None:
    good = written(tmp_path / "good.nt", "<urn:a> <urn:p> <urn:q> .\n")
    bad = written(tmp_path / name, content)
    old = tmp_path / "out.nt"
    old.write_text("old")
    files = [good, "--rules", bad] if name.endswith("srl") else [good, bad]
    ended = run("reason", *files, "-o", str(old), "--proofs")
    first = check(ended, code, exit_code)
    assert name in first and re.search(place, first), first
    assert old.read_text() == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"good.nt", name, "out.nt"}


def check(ended: Ended, code: str, exit_code: int) -> str:
    first = ended.err.splitlines()[0]
    assert first.startswith(f"error[{code}]: "), ended
    assert (ended.code, ended.raw, ended.err.count("error[")) == (exit_code, b"", 1)
    assert all(line.startswith("  ") for line in ended.err.splitlines()[1:])
    return first


def test_files_that_cannot_be_read(family: str, tmp_path: Path) -> None:
    fifo = tmp_path / "pipe.nt"
    os.mkfifo(fifo)
    (tmp_path / "folder.nt").mkdir()
    for path in (tmp_path / "missing.nt", tmp_path / "missing.ttl", tmp_path / "folder.nt", fifo):
        assert str(path) in check(run("reason", family, str(path), timeout=20), "S602", 6)
    check(run("reason", family, "--rules", str(tmp_path / "missing.srl")), "S602", 6)


def test_an_output_that_cannot_be_written_is_known_before_the_work(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.nt")
    check(run("reason", missing, "-o", str(tmp_path / "nowhere" / "out.nt")), "S605", 6)
    check(run("reason", missing, "-o", str(tmp_path)), "S605", 6)


def _small_files() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))


def test_a_full_disk_leaves_the_old_file(family: str, tmp_path: Path) -> None:
    out = tmp_path / "out.nt"
    out.write_text("old")
    check(run("reason", family, "-o", str(out), "--proofs", before=_small_files), "S605", 6)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"family.ttl": FAMILY, "out.nt": "old"}


def test_the_output_may_be_the_input(tmp_path: Path) -> None:
    file = tmp_path / "data.ttl"
    file.write_text(FAMILY)
    file.chmod(0o640)
    expected = run("reason", str(file), "--format", "turtle").raw
    assert run("reason", str(file), "-o", str(file)) == Ended(0, b"", "")
    assert file.read_bytes() == expected
    assert file.stat().st_mode & 0o777 == 0o640


WRONG = [
    [],
    ["-"],
    ["FAMILY", "-"],
    ["FAMILY", "--no-owl"],
    ["FAMILY", "--no-owl", "--rules", "RULES", "--engine", "owlrl"],
    ["FAMILY", "--quiet", "--verbose"],
    ["FAMILY", "--proofs", "--format", "jsonld"],
    ["FAMILY", "--proofs", "-o", "/dev/null"],
    ["FAMILY", "--timeout", "0"],
    ["FAMILY", "--memory", "0"],
    ["FAMILY", "--format", "json"],
    ["FAMILY", "--engine", "pellet"],
    ["FAMILY", "--graph", "half"],
]


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_usage(arguments: list[str], family: str, rules: str) -> None:
    ended = run("reason", *({"FAMILY": family, "RULES": rules}.get(word, word) for word in arguments))
    assert (ended.code, ended.raw) == (2, b"")
    assert re.search(r"^Error: \S", ended.err, re.MULTILINE)


# limits


@pytest.fixture
def cross(tmp_path: Path) -> list[str]:
    """A graph and a rule with a hundred million conclusions."""
    type_ = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    file = written(tmp_path / "many.nt", "".join(f"<urn:{n}> {type_} <urn:T> .\n" for n in range(10_000)))
    rule = written(tmp_path / "cross.srl", "PREFIX : <urn:>\nRULE :r { ?x :p ?y } WHERE { ?x a :T . ?y a :T }")
    return [file, "--rules", rule]


@pytest.mark.parametrize(("option", "most"), [("--timeout", "0.5"), ("--memory", "300")])
def test_a_limit_ends_it_with_nothing_written(option: str, most: str, cross: list[str], tmp_path: Path) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    ended = run("reason", *cross, "-o", str(tmp_path / "out.nt"), "--proofs", option, most)
    first = check(ended, "E501", 5)
    assert most in first
    assert f"with {option}" in ended.err
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_limit_that_is_not_reached_changes_nothing(family: str) -> None:
    assert run("reason", family, "--timeout", "50", "--memory", "2000") == run("reason", family)


def test_a_slow_reference_engine_is_ended(tmp_path: Path) -> None:
    chain = "".join(f":n{a} :next :n{b} ." for a, b in pairwise(range(300)))
    file = written(tmp_path / "chain.ttl", f"{HEAD} :next a owl:TransitiveProperty . {chain}")
    began = time.monotonic()
    check(run("reason", file, "--engine", "owlrl", "--timeout", "1"), "E501", 5)
    assert time.monotonic() - began < 10


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    chain = "".join(f":n{a} :next :n{b} ." for a, b in pairwise(range(300)))
    file = written(tmp_path / "chain.ttl", f"{HEAD} :next a owl:TransitiveProperty . {chain}")
    process = start("reason", file, "--engine", "owlrl", "-o", str(tmp_path / "out.nt"), own_group=True)
    deadline = time.monotonic() + 20
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err.strip()) == (130, b"", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["chain.ttl"]


# progress


def test_progress_is_told_when_asked(family: str, rules: str) -> None:
    ended = run("reason", family, "--rules", rules, "--verbose")
    assert (ended.code, ended.raw) == (0, run("reason", family, "--rules", rules).raw)
    told = [re.sub(r"^ +\d+\.\d\d s  ", "", line) for line in ended.err.splitlines()]
    assert told[0] == "reading family.ttl, 0.0 MB"
    assert re.fullmatch(r"\d+ statements with \d+ terms read", told[1])
    assert re.fullmatch(r"13 facts given, 18 inferred by \d+ rules", told[-1])


def on_terminal(*arguments: str) -> str:
    """Run the command with a terminal as its standard error; return what that gets."""
    ours, its = pty.openpty()
    command = [sys.executable, "-P", "-m", "virtkg", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=its, env=environment({"TERM": "xterm"}))
    os.close(its)
    parts = []
    while True:
        try:
            parts.append(os.read(ours, 65536))
        except OSError:
            break
        if not parts[-1]:
            break
    os.close(ours)
    process.wait(30)
    return b"".join(parts).decode()


def test_a_terminal_sees_a_bar_and_a_summary(family: str) -> None:
    shown = on_terminal("reason", family)
    assert "\x1b[2K" in shown
    assert re.search(r"\d+ facts given, \d+ inferred by \d+ rules in \d+\.\d s\r\n$", shown)
    assert shown.endswith("\n")
    assert on_terminal("reason", family, "--quiet") == ""


def test_help_says_what_the_codes_are() -> None:
    said = " ".join(run("reason", "--help").out.split())
    for word in ("--no-owl", "--proofs", "OUT.proofs.jsonl", "Exit code: 1", INFERRED_GRAPH, "the same bytes"):
        assert word in said


def test_options_and_files_are_completed() -> None:
    words = {"_VIRTKG_COMPLETE": "bash_complete", "COMP_CWORD": "2"}
    assert "plain,--no-owl" in run(env={**words, "COMP_WORDS": "virtkg reason --no"}).out.splitlines()
    assert run(env={**words, "COMP_WORDS": "virtkg reason fam"}).out.startswith("file,")


def test_asking_imports_nothing_of_it() -> None:
    command = [sys.executable, "-X", "importtime", "-P", "-m", "virtkg", "ask", "modes"]
    listed = subprocess.run(command, capture_output=True, text=True, env=environment(), check=True).stderr
    assert not re.search(r"virtkg\.(infer|limits|cli\.reason|cli\.whole|present\.steps|present\.progress)\b", listed)
    assert NamedNode(INFERRED_GRAPH).value == INFERRED_GRAPH


# rules as SPARQL


def test_rules_are_printed_as_sparql(rules: str, tmp_path: Path) -> None:
    own = run("reason", "--rules", rules, "--no-owl", "--as-sparql")
    assert own.code == 0 and own.err == ""
    with_owl = run("reason", "--rules", rules, "--as-sparql")
    assert with_owl.out.endswith(own.out) and "# owlrl:prp-trp, owl2rl.srl:" in with_owl.out
    queries = [part.split("\n", 1) for part in own.out.split("\n\n") if part]
    assert [name.split(",")[0][2:] for name, _ in queries] == [f"<{rule.name}>" for rule in read_rules(rules)]
    for _, query in queries:
        assert isinstance(ox.Store().query(query), ox.QueryTriples)
    out = tmp_path / "rules.rq"
    assert run("reason", "--rules", rules, "--no-owl", "--as-sparql", "-o", str(out)).code == 0
    assert out.read_text(encoding="utf-8") == own.out


def test_without_a_file_there_is_nothing_to_close() -> None:
    ended = run("reason")
    assert ended.code == 2 and "no FILE to close" in ended.err

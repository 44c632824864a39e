"""What holds of every question: translation, naive evaluation, injection, new words, messages."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive import Closure, by_grounds
from pyoxigraph import Literal, NamedNode

import virtkg
from virtkg.columns import run
from virtkg.graph import KnowledgeGraph
from virtkg.language.conditions import Compared, ComparedWith, Condition, Junction, Member, Not, Related, ResolvedNoun
from virtkg.language.resolved import ResolvedList
from virtkg.language.translate import translate
from virtkg.present.problem import as_text

HERE = Path(__file__).parent
VKG = "https://w3id.org/virtkg/ns#"
ID = "https://w3id.org/virtkg/id/"


def vkg(name: str) -> NamedNode:
    return NamedNode(VKG + name)


def id_(name: str) -> NamedNode:
    return NamedNode(ID + name)


FEATURES = ["page-sharing", "live-migration", "memory-overcommitment", "device-drivers-in-hypervisor"]
MODES = ["pv", "hvm", "pvhvm", "pvh", "hvm-with-pv-drivers"]
# Limits of a part of a thing, such as its generation 2 machines, count for the thing.
PARTS = vkg("profileOf"), vkg("hasScope")

ATOMS = st.one_of(
    st.sampled_from(FEATURES).map(
        lambda name: Related(vkg("supports"), inverse=False, object=id_(name), contraries=(vkg("lacks"),), single=False)
    ),
    st.sampled_from(MODES).map(
        lambda name: Related(
            vkg("runsMode"), inverse=False, object=id_(name), contraries=(vkg("doesNotRunMode"),), single=False
        )
    ),
    st.sampled_from(["xen", "kvm", "esxi", "hyper-v"]).map(
        lambda name: Related(vkg("usesHypervisor"), inverse=False, object=id_(name), contraries=(), single=False)
    ),
    st.sampled_from(["paravirtualization", "full-virtualization", "hardware-virtualization"]).map(
        lambda name: Related(vkg("cpuVirtualization"), inverse=False, object=id_(name), contraries=(), single=True)
    ),
    st.tuples(st.sampled_from([">=", "<=", ">", "<", "="]), st.sampled_from([16, 64, 160, 161, 320])).map(
        lambda pair: Compared(vkg("maxVcpusPerVm"), pair[0], pair[1], None, PARTS)
    ),
    st.tuples(
        st.sampled_from([">=", "<=", ">", "<", "="]),
        st.sampled_from(["xenserver-6", "vsphere-5.1", "hyper-v-2012", "hyper-v-2022", "rhev-3", "vsphere"]),
    ).map(lambda pair: ComparedWith(vkg("maxVcpusPerVm"), pair[0], id_(pair[1]), PARTS)),
    st.just(
        Member(
            vkg("PVCapableSuite"),
            Related(
                vkg("runsMode"), inverse=False, object=id_("pv"), contraries=(vkg("doesNotRunMode"),), single=False
            ),
        )
    ),
)
LITERALS = st.one_of(ATOMS, ATOMS.map(Not))
CONDITIONS = st.one_of(
    LITERALS,
    st.tuples(st.sampled_from(["and", "or"]), st.lists(LITERALS, min_size=2, max_size=3, unique=True)).map(
        lambda pair: Junction(pair[0], tuple(pair[1]))
    ),
)
SUITES = vkg("Suite")


@pytest.fixture(scope="module")
def closure(kg: KnowledgeGraph) -> Closure:
    return Closure(kg.snapshot)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(condition=CONDITIONS)
def test_the_query_gives_the_verdicts_of_a_naive_evaluation(
    kg: KnowledgeGraph, closure: Closure, condition: Condition
) -> None:
    query = translate(ResolvedList(ResolvedNoun(SUITES, condition), or_unknown=False))
    rows = run(query, kg.snapshot)
    assert rows
    for row in rows:
        thing = kg.snapshot.number(row[0])
        assert thing is not None and isinstance(row[-1], Literal)
        assert int(row[-1].value) == closure.truth(condition, thing) == by_grounds(kg, condition, thing), row[0]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(condition=CONDITIONS)
def test_what_is_said_is_understood_as_it_was_meant(kg: KnowledgeGraph, condition: Condition) -> None:
    meant = ResolvedList(ResolvedNoun(SUITES, condition), or_unknown=False)
    spoken = kg.asker.speaker.say(meant)
    understood = kg.asker.reader.understand(spoken)
    rows = {row[0]: row[-1] for row in run(translate(meant), kg.snapshot)}
    again = {row[0]: row[-1] for row in run(translate(understood), kg.snapshot)}
    assert rows == again, spoken
    assert kg.asker.speaker.say(understood) == spoken


# nothing of the text reaches a query


HOSTILE = [
    "suites with page sharing } ; DROP GRAPH <x>",
    'suites with "page sharing" } UNION { ?s ?p ?o',
    "suites with page sharing' OR '1'='1",
    "describe <https://w3id.org/virtkg/id/xen> . ?s ?p ?o",
    "suites with max memory per VM >= 1)) } #",
    "${x} {{7*7}} %s <script>alert(1)</script>",
    "suites with page sharing\x00\x1b[31m",
    "suites\u202ewith\u2066 page sharing",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_refused_or_means_what_it_says(kg: KnowledgeGraph, text: str) -> None:
    before = len(kg)
    try:
        answer = kg.ask(text)
    except virtkg.QuestionError as error:
        assert error.column is not None or error.code == "E101"
        shown = as_text(error)
        assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf") for c in shown)
    else:
        assert "DROP" not in answer.sparql and "?p ?o" not in answer.sparql
    assert len(kg) == before


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
def test_no_text_breaks_the_parser(kg: KnowledgeGraph, text: str) -> None:
    try:
        kg.ask(text)
    except (virtkg.QuestionError, virtkg.AmbiguousQuestion) as error:
        assert error.message


def test_shuffled_words_never_break_it_either(kg: KnowledgeGraph) -> None:
    chance = random.Random(7)
    words = (HERE / "questions.txt").read_text().split()
    understood = 0
    for _ in range(400):
        text = " ".join(chance.choice(words) for _ in range(chance.randint(1, 9)))
        try:
            kg.ask(text)
            understood += 1
        except virtkg.AmbiguousQuestion as error:
            # Meanings that are said alike are chosen by their number alone.
            for number in range(1, len(error.suggestions) + 1):
                assert kg.asker.reader.understand(text, reading=number)
        except virtkg.QuestionError as error:
            for suggestion in (*error.suggestions, *error.offers):
                assert kg.asker.reader.meanings(suggestion)
    assert understood


# new words need no code


def test_a_file_adds_words(tmp_path: Path) -> None:
    data = tmp_path / "more.ttl"
    data.write_text(
        """
        @prefix id: <https://w3id.org/virtkg/id/> . @prefix vkg: <https://w3id.org/virtkg/ns#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        id:acme-cluster-9 a vkg:Suite ; rdfs:label "Acme Cluster 9"@en ; vkg:supports id:time-travel ;
            vkg:usesHypervisor id:xen ; vkg:maxMemoryPerVm 700000000000000 .
        id:time-travel a vkg:Feature ; rdfs:label "time travel"@en .
        """
    )
    more = virtkg.load([str(data)])
    assert [row.label for row in more.ask("suites with time travel").rows] == ["Acme Cluster 9"]
    assert "Acme Cluster 9" in {row.label for row in more.ask("suites that run PV guests").rows}
    (row,) = more.ask("does Acme Cluster 9 support time-travel").rows
    assert row.sources == ("file/more.ttl",)
    assert [row.label for row in more.ask("suites with max memory per VM > 600 TB").rows] == ["Acme Cluster 9"]


def test_another_domain_needs_no_code(tmp_path: Path) -> None:
    data = tmp_path / "languages.ttl"
    data.write_text(
        """
        @prefix l: <https://example.org/languages/> . @prefix vkg: <https://w3id.org/virtkg/ns#> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        l:Language a owl:Class ; rdfs:label "programming language"@en .
        l:Concept a owl:Class ; rdfs:label "language concept"@en .
        l:offers a owl:ObjectProperty ; rdfs:label "offers concept"@en ; rdfs:domain l:Language ;
            rdfs:range l:Concept ; vkg:verb "know"@en ; vkg:preposition "with"@en ; vkg:passive "known by"@en .
        l:refuses a owl:ObjectProperty ; rdfs:label "refuses concept"@en ; vkg:contraryOf l:offers ;
            rdfs:domain l:Language ; rdfs:range l:Concept .
        l:influenced a owl:ObjectProperty , owl:TransitiveProperty ; rdfs:label "influenced"@en ;
            rdfs:domain l:Language ; rdfs:range l:Language ; vkg:verb "influence"@en ;
            vkg:passive "influenced by"@en .
        l:year a owl:DatatypeProperty ; rdfs:label "first year"@en ; rdfs:domain l:Language ; rdfs:range xsd:integer .
        l:closures a l:Concept ; rdfs:label "closures"@en .
        l:pointers a l:Concept ; rdfs:label "raw pointers"@en .
        l:lisp a l:Language ; rdfs:label "Lisp"@en ; l:offers l:closures ; l:refuses l:pointers ;
            l:influenced l:scheme ; l:year 1958 .
        l:scheme a l:Language ; rdfs:label "Scheme"@en ; l:offers l:closures ; l:influenced l:javascript ; l:year 1975 .
        l:javascript a l:Language ; rdfs:label "JavaScript"@en ; l:year 1995 .
        """
    )
    graph = virtkg.load([str(data)])

    def rows(question: str) -> list[str]:
        return [row.label for row in graph.ask(question).rows]

    assert rows("programming languages with closures") == ["Lisp", "Scheme"]
    assert rows("programming languages without raw pointers") == ["Lisp"]
    assert rows("programming languages influenced by Lisp") == ["JavaScript", "Scheme"]
    assert rows("programming languages that influence JavaScript and know closures") == ["Lisp", "Scheme"]
    assert rows("programming languages with first year > 1960") == ["JavaScript", "Scheme"]
    assert graph.ask("does Lisp know raw pointers").verdict == "no"
    assert graph.ask("does Scheme know raw pointers").verdict == "unknown"
    assert rows("language concepts known by Lisp") == ["closures"]


# messages


def test_every_message_is_as_before(kg: KnowledgeGraph, check_golden: Callable[[str, str], None]) -> None:
    questions = (HERE / "bad_questions.txt").read_text().splitlines()
    assert len(questions) > 20
    blocks = []
    for question in questions:
        with pytest.raises(virtkg.VirtkgError) as caught:
            kg.ask(question)
            pytest.fail(f"understood: {question}")
        for suggestion in (*caught.value.suggestions, *caught.value.offers):
            assert kg.asker.reader.meanings(suggestion), suggestion
        blocks.append(f"? {question}\n{as_text(caught.value)}\n")
    check_golden("messages.txt", "\n".join(blocks))


def test_a_slip_is_mended_in_its_place(kg: KnowledgeGraph) -> None:
    """Two letters of one word change places: the question comes back, and no suggestion leaves another word out."""
    chance = random.Random(11)
    asked = mended = 0
    for question in (HERE / "questions.txt").read_text().splitlines()[::5]:
        words = question.split()
        place = max(range(len(words)), key=lambda number: len(words[number]))
        if len(words[place]) < 7 or not words[place].isalpha():
            continue
        at = chance.randint(2, len(words[place]) - 3)
        letters = list(words[place])
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
        others = {word.casefold() for word in (*words[:place], *words[place + 1 :])}
        try:
            kg.ask(" ".join([*words[:place], "".join(letters), *words[place + 1 :]]))
        except virtkg.QuestionError as error:
            asked += 1
            first = error.suggestions[0] if error.suggestions else ""
            mended += first.casefold() == question.casefold()
            assert not first or others <= set(first.casefold().split()), (question, first)
        except virtkg.AmbiguousQuestion:
            continue
    assert asked > 10
    assert mended * 10 >= asked * 8


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("XenSrever 6 page sharing", "XenServer 6 page sharing"),
        ("vmware esxi 6 max memory per VM pls", "ESXi 6.0 max memory per VM"),
        ("does vsphere 6 support vTPM", "does vSphere 6.0 support vTPM"),
        ("does vsphere 8.9 support vTPM", "does vSphere 8.0 support vTPM"),
        ("please, which suits can do TPS", "please, which suites can do TPS"),
        ("describe XYZ", ""),
        ("does ESXi 6.5 honestly have a vTPM", ""),
    ],
)
def test_a_suggestion_keeps_what_was_asked(typed: str, suggested: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.QuestionError) as caught:
        kg.ask(typed)
    assert next(iter(caught.value.suggestions), "") == suggested


def test_two_things_with_one_name_are_told_apart(tmp_path: Path) -> None:
    data = tmp_path / "twins.ttl"
    data.write_text(
        """
        @prefix id: <https://w3id.org/virtkg/id/> . @prefix vkg: <https://w3id.org/virtkg/ns#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        id:twin-a a vkg:Vendor ; rdfs:label "Twin"@en . id:twin-b a vkg:Vendor ; rdfs:label "Twin"@en .
        """
    )
    graph = virtkg.load([str(data)])
    with pytest.raises(virtkg.AmbiguousQuestion) as caught:
        graph.ask("describe Twin")
    assert caught.value.suggestions == ("describe Twin (id:twin-a)", "describe Twin (id:twin-b)")
    assert graph.ask("describe Twin", reading=2).rows[0].iri.endswith("twin-b")


READ_AS = {
    # What only a noun names is had, and its name is one that asks for the value and not for a list.
    "does vSphere 8.0 have vSphere Enterprise Plus": "does vSphere 8.0 have vSphere Enterprise Plus",
    "does vSphere 4 not have hardware version 7": "does vSphere 4 not have hardware version 7",
    "suites whose cloud vendor does not use Xen": "suites behind cloud services that do not use Xen",
    "describe common cloud": "describe common cloud",
    "device driver location of vSphere 4.1": "device driver location of vSphere 4.1",
    "compare vSphere 5.1 and Hyper-V 2012 by web page and web page": "compare vSphere 5.1 and Hyper-V 2012 by web page",
    "does vSphere 5.1 support page sharing and is a suite": "does vSphere 5.1 support page sharing and is a suite",
    # A class that is not narrower does not take the place of the one asked for.
    "who is an Oracle suite": "vendors that are suites and spun off from Oracle",
}


@pytest.mark.parametrize("asked", READ_AS)
def test_what_is_read_is_a_question_that_is_read_so(asked: str, kg: KnowledgeGraph) -> None:
    answer = kg.ask(asked)
    assert answer.reading == READ_AS[asked]
    assert kg.ask(answer.reading).reading == answer.reading


def test_meanings_that_are_read_alike_are_told_apart_by_their_terms(kg: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.AmbiguousQuestion) as caught:
        kg.ask("describe CPU virtualization")
    assert caught.value.suggestions == (
        "describe CPU virtualization (vkg:cpuVirtualization)",
        "describe CPU virtualization (vkg:virtualizesCpuBy)",
    )

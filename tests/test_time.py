"""Questions about time: before, since, between, latest, still supported, history; dates against a second judge."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import virtkg
from virtkg.answer import Verdict
from virtkg.dates import begins_from, day_after, ends_by, first_day, is_date
from virtkg.graph import EVERYTHING, KnowledgeGraph
from virtkg.sparql.run import NQuads, run_query

HEAD = """@prefix id: <https://w3id.org/virtkg/id/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix src: <https://w3id.org/virtkg/source/> .
@prefix vkg: <https://w3id.org/virtkg/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
LINE = """
src:time-test {
    id:zorb a vkg:ProductLine ; rdfs:label "Zorb"@en ; vkg:hadName "Zirb" .
    id:zorb-1 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 1"@en ; vkg:releaseOf id:zorb ;
        vkg:releaseDate "2010-05-01"^^xsd:date ; vkg:introducesFeature id:snapshots ;
        vkg:endOfGeneralSupport "2013-01-31"^^xsd:date ; vkg:endOfSecuritySupport "2015-01-31"^^xsd:date .
    id:zorb-2 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 2"@en ; vkg:releaseOf id:zorb ; vkg:follows id:zorb-1 ;
        vkg:releaseDate "2012-03"^^xsd:gYearMonth ; vkg:endOfGeneralSupport "2020"^^xsd:gYear .
    id:zorb-3 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 3"@en ; vkg:releaseOf id:zorb ; vkg:follows id:zorb-2 ;
        vkg:releaseDate "2014"^^xsd:gYear ; vkg:removesFeature id:snapshots ; vkg:brought "a new look"@en .
    id:zorb-4 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 4"@en ; vkg:releaseOf id:zorb ; vkg:follows id:zorb-3 .
    <https://w3id.org/virtkg/source/time-test/zorb/hadName> a rdf:Statement ; rdf:subject id:zorb ;
        rdf:predicate vkg:hadName ; rdf:object "Zirb" ; vkg:validUntil "2011"^^xsd:gYear .
}
src:other-test {
    id:zorb-1 vkg:endOfExtendedSupport "2016-06-30"^^xsd:date .
    id:zorb-2 vkg:endOfGeneralSupport "2022"^^xsd:gYear .
}
"""


@pytest.fixture(scope="module")
def zorb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path = tmp_path_factory.mktemp("time") / "zorb.trig"
    path.write_text(HEAD + LINE, encoding="utf-8")
    return virtkg.load([str(path)])


LISTS = {
    "releases of Zorb released before 2012-03": "1",
    "releases of Zorb released before 2012-04": "1 2",
    "releases of Zorb released after 2012-02-29": "2 3",
    "releases of Zorb since March 2012": "2 3",
    "releases of Zorb until 2012": "1 2",
    "releases of Zorb in 2012": "2",
    "releases of Zorb between 1 May 2010 and 2013": "1 2",
    "releases of Zorb between 2 May 2010 and 2013": "2",
    "versions after Zorb 2": "3 4",
    "versions since Zorb 2": "2 3 4",
    "versions before Zorb 3": "1 2",
    "versions until Zorb 3": "1 2 3",
    "latest release of Zorb": "3",
    "earliest release of Zorb": "1",
    "latest release of Zorb with snapshots": "2",
    "releases of Zorb still supported on 2012-12-31": "1 2",
    "releases of Zorb still supported on 2014-06-01": "1 2",
    "releases of Zorb still supported on 2016-06-30": "1 2",
    "releases of Zorb still supported on 2016-07-01": "2",
    "releases of Zorb still supported on 2009-01-01": "",
    "releases of Zorb that are not still supported on 2016-07-01": "1",
    "releases of Zorb that were not released before 2012": "2 3",
}


@pytest.mark.parametrize("question", LISTS)
def test_lists_by_time(question: str, zorb: KnowledgeGraph) -> None:
    answer = zorb.ask(question)
    assert [row.label.removeprefix("Zorb ") for row in answer.rows if row.verdict is Verdict.YES] == sorted(
        LISTS[question].split()
    )
    # What was understood, asked again, means the same.
    assert [row.label for row in zorb.ask(answer.reading).rows] == [row.label for row in answer.rows]


VERDICTS = {
    "is Zorb 1 still supported on 2013-01-31": Verdict.YES,
    "is Zorb 1 still supported on 2016-06-30": Verdict.YES,
    "is Zorb 1 still supported on 2016-07-01": Verdict.NO,
    "is Zorb 1 still supported on 2010-04-30": Verdict.NO,
    "is Zorb 1 still supported": Verdict.NO,
    "isn't Zorb 1 still supported on 2016-07-01": Verdict.YES,
    "is Zorb 2 still supported on 2019-12-31": Verdict.YES,
    "is Zorb 2 still supported on 2021-06-01": Verdict.DISPUTED,
    "is Zorb 2 still supported on 2022-06-01": Verdict.UNKNOWN,
    "is Zorb 2 still supported on 2023-01-01": Verdict.NO,
    "is Zorb 3 still supported on 2015-01-01": Verdict.UNKNOWN,
    "is Zorb 3 released before 2014-06-01": Verdict.UNKNOWN,
    "is Zorb 3 released before 2014": Verdict.NO,
    "does Zorb 2 support snapshots": Verdict.YES,
    "does Zorb 4 support snapshots": Verdict.NO,
}


@pytest.mark.parametrize("question", VERDICTS)
def test_verdicts_by_time(question: str, zorb: KnowledgeGraph) -> None:
    answer = zorb.ask(question)
    assert answer.verdict is VERDICTS[question], answer.reading
    assert answer.rows[0].sources or VERDICTS[question] is Verdict.UNKNOWN


def test_today_is_an_input(zorb: KnowledgeGraph) -> None:
    assert zorb.ask("is Zorb 1 still supported", as_of="2012-12-31").verdict is Verdict.YES
    assert "2012-12-31" in zorb.ask("is Zorb 1 still supported", as_of="2012-12-31").reading
    assert [row.label for row in zorb.ask("latest release of Zorb", as_of="2013-01-01").rows] == ["Zorb 2"]
    with pytest.raises(virtkg.VirtkgError, match="no day"):
        zorb.ask("latest release of Zorb", as_of="2013-02-30")


def test_the_query_gives_the_same_answer(zorb: KnowledgeGraph) -> None:
    """The printed SPARQL, run by the query worker over everything, has the verdicts of the answer."""
    for question in LISTS:
        answer = zorb.ask(question)
        if answer.reading.startswith(("latest", "earliest")):
            continue
        rows = run_query(NQuads(zorb.export("nq", EVERYTHING)), answer.sparql).rows
        found = {row[0].value for row in rows if int(row[-1].value) == 3}  # type: ignore[union-attr]
        assert found == {row.iri for row in answer.rows if row.verdict is Verdict.YES}, question


def test_a_history_has_dates_events_and_spans(zorb: KnowledgeGraph) -> None:
    answer = zorb.history("Zorb")
    events = [(row.label, row.fields[0].values[0].text) for row in answer.rows]
    assert ("2010-05-01", "Zorb 1 introduces feature snapshots") in events
    assert ("2010-05-01", "Zorb 1: release date") in events
    assert ("2011", "Zorb name over time Zirb, until then") in events
    assert ("2014", "Zorb 3 removes feature snapshots") in events
    assert ("2014", "Zorb 3 brought a new look") in events
    assert [date for date, _ in events] == sorted((date for date, _ in events), key=first_day)
    assert all(row.sources for row in answer.rows)
    of_feature = {row.fields[0].values[0].text for row in zorb.ask("history of snapshots").rows}
    assert {"Zorb 1 introduces feature snapshots", "Zorb 3 removes feature snapshots"} <= of_feature


ERRORS = {
    "releases in 2012-13": "E307",
    "releases of Zorb released before 2012-02-30": "E307",
    "features since 2010": "E303",
    "latest feature": "E303",
    "modes still supported": "E303",
    "vendors since Zorb 1": "E303",
}


@pytest.mark.parametrize("question", ERRORS)
def test_what_has_no_date_is_told(question: str, zorb: KnowledgeGraph) -> None:
    with pytest.raises(virtkg.VirtkgError) as caught:
        zorb.ask(question)
    assert caught.value.code == ERRORS[question]


# ---- the calendar, against the standard library's

DATES = st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)).flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
)
DAYS = st.dates(datetime.date(1901, 1, 1), datetime.date(2198, 12, 31))


def days(date: str) -> list[datetime.date]:
    """Every day of a date, one by one."""
    day = datetime.date.fromisoformat((date + "-01-01")[:10])
    found = []
    while day.isoformat().startswith(date):
        found.append(day)
        day += datetime.timedelta(days=1)
    return found


@given(DATES, DAYS)
def test_dates_are_the_days_in_them(date: str, day: datetime.date) -> None:
    inside = days(date)
    assert is_date(date)
    assert first_day(date) == inside[0].isoformat()
    assert day_after(date) == (inside[-1] + datetime.timedelta(days=1)).isoformat()
    assert begins_from(date, day.isoformat()) == all(other >= day for other in inside)
    assert ends_by(date, day.isoformat()) == all(other < day for other in inside)


@given(st.from_regex(r"\d{4}(-\d\d(-\d\d)?)?", fullmatch=True))
def test_only_days_that_exist_are_dates(text: str) -> None:
    try:
        exists = 1900 <= datetime.date.fromisoformat((text + "-01-01")[:10]).year <= 2199
    except ValueError:
        exists = False
    assert is_date(text) == exists


# ---- what a profile and a complete table say

PROFILES = """
src:profile-test {
    id:zorb a vkg:ProductLine ; rdfs:label "Zorb"@en .
    id:zorb-1 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 1"@en ; vkg:releaseOf id:zorb .
    id:zorb-2 a vkg:Release , vkg:Suite ; rdfs:label "Zorb 2"@en ; vkg:releaseOf id:zorb ; vkg:maxVcpusPerVm 32 .
    id:zorb-1-small a vkg:Profile ; rdfs:label "Zorb 1 small"@en ; vkg:profileOf id:zorb-1 ;
        vkg:hasScope id:vm-generation-1 ; vkg:maxVcpusPerVm 64 .
    id:zorb-1-large a vkg:Profile ; rdfs:label "Zorb 1 large"@en ; vkg:profileOf id:zorb-1 ;
        vkg:hasScope id:vm-generation-2 ; vkg:maxVcpusPerVm 1999 .
    id:zorb-1-dream a vkg:Profile ; rdfs:label "Zorb 1 dream"@en ; vkg:profileOf id:zorb-1 ;
        vkg:hasScope id:theoretical-limit ; vkg:maxVcpusPerVm 99999 .
    id:zorb-table a vkg:CompleteTable ; rdfs:label "Zorb table"@en ; vkg:completeFor id:zorb-1 ;
        vkg:completeOn vkg:supports ; vkg:completeAmong id:snapshots , id:fault-tolerance .
    id:zorb-1 vkg:supports id:snapshots .
}
"""


@pytest.fixture(scope="module")
def profiles(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    path: Path = tmp_path_factory.mktemp("profiles") / "zorb.trig"
    path.write_text(HEAD + PROFILES, encoding="utf-8")
    return virtkg.load([str(path)])


def test_a_profile_answers_for_its_platform_within_its_scope(profiles: KnowledgeGraph) -> None:
    assert not profiles.contradictions()
    value = profiles.ask("max vCPUs per VM of Zorb 1").rows[0].fields[0]
    assert [v.text for v in value.values] == ["64 (generation 1)", "1999 (generation 2)", "99999 (theoretical limit)"]
    assert [row.label for row in profiles.ask("versions of Zorb with at least 1999 vCPUs").rows] == ["Zorb 1"]
    assert [row.label for row in profiles.ask("versions of Zorb with more than 1999 vCPUs").rows] == []
    assert [row.label for row in profiles.ask("versions of Zorb with at least 32 vCPUs").rows] == ["Zorb 1", "Zorb 2"]
    assert profiles.ask("does Zorb 1 have more than 1999 vCPUs").verdict is Verdict.NO


def test_what_a_complete_table_leaves_out_is_no(profiles: KnowledgeGraph) -> None:
    answer = profiles.ask("does Zorb 1 support fault tolerance")
    assert answer.verdict is Verdict.NO and answer.rows[0].sources == ("profile-test",)
    assert profiles.ask("does Zorb 1 support snapshots").verdict is Verdict.YES
    assert profiles.ask("does Zorb 1 support nested virtualization").verdict is Verdict.UNKNOWN
    assert profiles.ask("does Zorb 2 support fault tolerance").verdict is Verdict.UNKNOWN
    assert "Zorb 1" in [row.label for row in profiles.ask("suites without fault tolerance").rows]

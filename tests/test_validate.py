"""`virtkg validate`: the packaged graph has no error, and every check finds what is planted for it, where it stands."""

from __future__ import annotations

import csv
import io
import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from command import PACKAGE_HOME, run

from virtkg.answer import Verdict
from virtkg.coverage import Coverage, State, Surveyor
from virtkg.finding import Finding, Report, Severity
from virtkg.graph import KnowledgeGraph, load
from virtkg.inputs import rule_files
from virtkg.namespaces import ID, PREFIXES, RDF, SRC, VKG
from virtkg.present.findings import render
from virtkg.validate import hygiene, ontology, shapes
from virtkg.validate.authored import authored, packaged_files
from virtkg.validate.checks import Subject, filled
from virtkg.validate.lines import Lines
from virtkg.validate.run import all_checks, validate

HEAD: Final = " ".join(f"@prefix {name}: <{base}> ." for name, base in PREFIXES.items()) + "\n"
INCOMPLETE: Final = str(Path(__file__).parent / "validate" / "incomplete.trig")
MARK: Final = "«"
"""Stands in a planted text on the line of the finding."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A text that a check must find a fault in; what has braces is TriG."""

    check: str
    text: str
    subject: str
    said: str = ""

    @property
    def line(self) -> int:
        assert self.text.count(MARK) == 1
        return 1 + self.head.count("\n") + self.text[: self.text.index(MARK)].count("\n")

    @property
    def head(self) -> str:
        return "" if self.text.startswith("@prefix") else HEAD

    def write(self, folder: Path, number: int) -> Path:
        path = folder / f"twin-{number}-{self.check}.{'trig' if '{' in self.text else 'ttl'}"
        path.write_text(self.head + self.text.replace(MARK, "") + "\n", encoding="utf-8")
        return path


def in_source(text: str) -> str:
    return f"src:xen-tags {{\n{text}\n}}"


NODE: Final = f"<{SRC}xen-tags/twin/x>"
WHOLE: Final = "rdf:subject id:pv ; rdf:predicate vkg:requires ; rdf:object id:vt-x"
TWINS: Final = [
    # shapes
    Twin("fact-in-a-source", "\n«src:twin-none { id:pv vkg:note 'x' . }", "src:twin-none"),
    Twin("fact-in-a-source", "«id:pv vkg:note 'no graph at all' .", f"<{SRC}file/"),
    Twin("source-has-a-label", "«src:twin-label a vkg:Source .", "src:twin-label", "none is stated"),
    Twin(
        "source-has-a-label",
        "src:twin-labels a vkg:Source ;\n«rdfs:label 'A'@en , 'B'@en .", "src:twin-labels", "several",
    ),
    Twin("source-has-a-title", "«src:twin-title a vkg:Source .", "src:twin-title"),
    Twin("source-has-a-publisher", "«src:twin-publisher a vkg:Source .", "src:twin-publisher"),
    Twin(
        "source-has-a-kind",
        "src:twin-kind a vkg:Source ;\n\n«vkg:sourceKind id:pv .", "src:twin-kind", "id:pv is none",
    ),
    Twin("source-has-terms-of-use", "«src:twin-terms a vkg:Source .", "src:twin-terms"),
    Twin("source-can-be-found", "«src:twin-place a vkg:Source .", "src:twin-place"),
    Twin("source-has-a-date-or-a-note", "«src:twin-date a vkg:Source .", "src:twin-date"),
    Twin("statement-has-a-subject", in_source(f"«{NODE[:-1]}1> a rdf:Statement ."), f"{NODE[:-1]}1>"),
    Twin("statement-has-a-predicate", in_source(f"«{NODE[:-1]}2> a rdf:Statement ."), f"{NODE[:-1]}2>"),
    Twin("statement-has-an-object", in_source(f"«{NODE[:-1]}3> a rdf:Statement ."), f"{NODE[:-1]}3>"),
    Twin("cell-has-a-mode", "«id:twin-cell a vkg:Cell .", "id:twin-cell"),
    Twin(
        "cell-has-a-resource",
        "id:twin-cell-2 a vkg:Cell ;\n«vkg:ofResource id:pv .", "id:twin-cell-2", "id:pv is none",
    ),
    Twin("signal-has-a-format", "«id:twin-signal a vkg:Signal .", "id:twin-signal"),
    Twin("signal-has-a-setting", "«id:twin-signal-2 a vkg:Signal .", "id:twin-signal-2"),
    Twin("signal-tells-something", "«id:twin-signal-3 a vkg:Signal .", "id:twin-signal-3"),
    Twin("version-has-a-line", "«id:twin-release a vkg:Release .", "id:twin-release", "none is stated"),
    Twin(
        "version-has-a-line",
        "id:twin-series a vkg:Series ;\n«vkg:releaseOf id:pv .", "id:twin-series", "id:pv is none",
    ),
    Twin("release-has-a-date-or-a-reason", "«id:twin-release-2 a vkg:Release .", "id:twin-release-2"),
    Twin("release-has-a-date", "«id:twin-release-3 a vkg:Release ; vkg:follows id:xen-4.0 .", "id:twin-release-3"),
    Twin("profile-names-what-it-limits", "«id:twin-profile a vkg:Profile .", "id:twin-profile"),
    Twin("profile-has-a-scope", "«id:twin-profile-2 a vkg:Profile .", "id:twin-profile-2"),
    Twin("measure-has-a-unit", "vkg:twinSize a owl:DatatypeProperty ;\n«vkg:measuredIn id:pv .", "vkg:twinSize"),
    Twin("unit-has-a-size", "id:twin-unit a vkg:Unit ;\n«vkg:inBytes 'much' .", "id:twin-unit", "much is none"),
    Twin("unit-has-a-symbol", "«id:twin-unit-2 a vkg:Unit .", "id:twin-unit-2"),
    Twin("cloud-has-an-operator", "«id:twin-cloud a vkg:CloudService .", "id:twin-cloud"),
    Twin("family-has-a-cloud", "«id:twin-family a vkg:InstanceFamily .", "id:twin-family"),
    Twin("driver-has-a-manager", "«id:twin-driver a vkg:ComputeDriver .", "id:twin-driver"),
    Twin("line-has-a-maker", "«id:twin-line a vkg:ProductLine .", "id:twin-line"),
    # queries
    Twin("class-has-members", "«vkg:TwinClass a owl:Class .", "vkg:TwinClass"),
    Twin("property-is-used", "«vkg:twinUnused a owl:ObjectProperty .", "vkg:twinUnused"),
    Twin(
        "date-is-a-date",
        in_source("id:xen-4.0\n«vkg:releaseDate '2011-13'^^xsd:gYearMonth ."), "id:xen-4.0", "2011-13",
    ),
    Twin("date-is-a-date", in_source("id:xen-4.1 vkg:note 'x' ;\n«vkg:releaseDate 'May' ."), "id:xen-4.1", "“May”"),
    Twin("date-is-a-date", "src:twin-day a vkg:Source ;\n«dct:date '2011'^^xsd:date .", "src:twin-day"),
    Twin("fact-has-no-blank-node", in_source("\n«id:pv-disk vkg:note [] ."), "id:pv-disk"),
    Twin(
        "fact-has-no-blank-node",
        in_source("id:pvh vkg:note 'x' .\n«_:b vkg:note 'x' ."), "<https://w3id.org/virtkg/.well-known",
    ),
    Twin(
        "fact-stands-in-a-source",
        "<urn:twin:m> a owl:Ontology .\nid:xen-4.2\n«vkg:supports id:page-sharing .", "id:xen-4.2",
    ),
    Twin("module-is-imported", "«<urn:twin:module> a owl:Ontology .", "<urn:twin:module>"),
    Twin(
        "import-is-a-module",
        "<https://w3id.org/virtkg>\n«owl:imports <urn:twin:none> .", "<https://w3id.org/virtkg>", "<urn:twin:none>",
    ),
    Twin("label-is-english", "id:twin-word a vkg:Mode ;\n«rdfs:label 'Modus'@de .", "id:twin-word", "Modus"),
    Twin("label-is-english", "id:twin-word-2 a vkg:Mode ;\n«skos:definition 'x' .", "id:twin-word-2"),
    Twin(
        "label-is-unique",
        "id:twin-pv a vkg:Mode ;\n«rdfs:label 'pv'@en .", "id:twin-pv", "so is id:pv, which is a vkg:Mode",
    ),
    Twin("term-has-a-label", "«id:twin-nameless a vkg:Mode .", "id:twin-nameless", "0 labels"),
    Twin("term-has-a-label", "id:twin-named a vkg:Mode ;\n«rdfs:label 'A'@en , 'B'@en .", "id:twin-named", "2 labels"),
    Twin("term-has-a-definition", "«id:twin-undefined a vkg:Mode ; rdfs:label 'Twin'@en .", "id:twin-undefined"),
    Twin("part-needs-no-definition", "id:pv-disk a vkg:Cell ;\n«skos:definition 'x'@en .", "id:pv-disk"),
    Twin("term-is-defined", in_source("id:xen\n«vkg:runsMode id:twin-of-none ."), "id:xen", "id:twin-of-none"),
    Twin("term-is-of-a-module", "«vkg:twinLoose a owl:ObjectProperty ; rdfs:label 'loose'@en .", "vkg:twinLoose"),
    Twin("term-is-of-a-module", "id:hvm\n«rdfs:isDefinedBy id:pv , <https://w3id.org/virtkg/limits> .", "id:hvm"),
    Twin(
        "verb-has-both-ends",
        "«vkg:twinVerb vkg:verb 'twin'@en ; rdfs:domain vkg:Mode .", "vkg:twinVerb", "no rdfs:range",
    ),
    Twin("source-states-something", "«src:twin-silent a vkg:Source .", "src:twin-silent"),
    Twin(
        "statement-stands-for-a-fact",
        in_source(f"«{NODE[:-1]}4> {WHOLE} ."), f"{NODE[:-1]}4>", "id:pv vkg:requires id:vt-x",
    ),
    Twin("statement-is-named-after-its-graph", in_source(f"«<urn:twin:node> {WHOLE} ."), "<urn:twin:node>"),
    Twin("limit-is-a-number", in_source("id:xen-4.3\n«vkg:maxVcpusPerVm 'many' ."), "id:xen-4.3", "“many”"),
    Twin("limit-is-a-number", in_source("id:xen-4.4\n«vkg:maxVcpusPerVm 1.5 ."), "id:xen-4.4"),
    Twin(
        "limit-is-of-a-platform",
        in_source("id:twin-feature a vkg:Feature ;\n«vkg:maxVcpusPerVm 1 ."), "id:twin-feature",
    ),
    Twin("size-says-its-unit", in_source("id:xen-4.5\n«vkg:maxMemoryPerHost 12 ."), "id:xen-4.5", "12"),
    Twin(
        "unit-is-not-lost",
        in_source(f"{NODE[:-1]}5> rdf:predicate vkg:maxVcpusPerVm ;\n«vkg:asWritten '12 TB' ."), f"{NODE[:-1]}5>",
    ),
    Twin(
        "value-fits-its-property",
        in_source("id:xen-4.6\n«vkg:runsMode id:citrix ."), "id:xen-4.6", "id:citrix, which is a vkg:Vendor",
    ),
    Twin("thing-fits-its-property", in_source("id:disk\n«vkg:runsMode id:pv ."), "id:disk", "vkg:Platform"),
    Twin(
        "support-ends-after-the-release",
        in_source("id:twin-old vkg:releaseDate '2020'^^xsd:gYear ;\n«vkg:endOfSupport '2019-05'^^xsd:gYearMonth ."),
        "id:twin-old",
    ),
    Twin(
        "release-does-not-follow-itself",
        "id:twin-ring\n«vkg:follows id:twin-gnir .\nid:twin-gnir vkg:follows id:twin-ring .", "id:twin-ring",
    ),
    Twin(
        "release-follows-its-line",
        "id:twin-next vkg:releaseOf id:xen ;\n«vkg:follows id:vsphere-5.1 .", "id:twin-next",
    ),
    Twin(
        "source-agrees-with-itself",
        in_source("id:xen-4.7 vkg:supports id:page-sharing ;\n«vkg:lacks id:page-sharing ."), "id:xen-4.7",
    ),
    Twin("source-agrees-with-itself", in_source("id:xen-4.8\n«vkg:maxVcpusPerVm 1 , 2 ."), "id:xen-4.8", "1 and"),
    Twin("text-is-not-copied", in_source(f"id:xen-4.9\n«vkg:note '{'word ' * 25}end' ."), "id:xen-4.9", "26 words"),
    Twin("thing-is-not-isolated", "«id:twin-alone rdfs:label 'alone'@en .", "id:twin-alone"),
    Twin("release-is-spoken-of", "<urn:twin:m> a owl:Ontology .\n«id:twin-unsaid a vkg:Release .", "id:twin-unsaid"),
    # what no query can say
    Twin("file-is-canonical", "@prefix id: <urn:x:> .\n\nid:a id:b 1 .\n«id:c id:b 1 .", "", "from this line on"),
    Twin("file-is-canonical", "@prefix id: <urn:x:> .\n\nid:a id:b 1 .\n\n  «# said", "", "lose this comment"),
    Twin(
        "ontology-is-owl-2-rl",
        "«vkg:Mode rdfs:subClassOf [ owl:unionOf ( vkg:Cell vkg:Task ) ] .", "vkg:Mode", "unionOf",
    ),
    Twin("label-is-no-keyword", "id:hvm a vkg:Mode ;\n«skos:altLabel 'At least'@en .", "id:hvm", "“At least”"),
    Twin("facts-can-all-be-true", in_source("«id:page-sharing a vkg:Vendor , vkg:Platform ."), "id:page-sharing"),
    Twin("term-is-reached", "«vkg:twinUnreached a owl:AnnotationProperty .", "vkg:twinUnreached"),
]  # fmt: skip
RULE_CHECK: Final = ontology.RULE_TERM.name
"""Its twin is a rule file; a test of its own plants it."""


@pytest.fixture(scope="module")
def packaged() -> Report:
    return validate()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, list[str]]:
    """All twins, each a file of its own, checked together."""
    folder = tmp_path_factory.mktemp("twins")
    paths = [str(twin.write(folder, number)) for number, twin in enumerate(TWINS)]
    return validate(paths), paths


# the packaged graph


def test_the_packaged_graph_has_no_error(packaged: Report) -> None:
    assert [finding for finding in packaged.findings if finding.severity is Severity.ERROR] == []
    assert packaged.checks == len(all_checks()) >= 60 and packaged.files > 60 and not packaged.unchecked
    assert not packaged.fails(Severity.ERROR)


def test_what_is_found_there_has_a_place_and_an_example(packaged: Report) -> None:
    assert packaged.count(Severity.WARNING) and packaged.count(Severity.INFO)
    for finding in packaged.findings:
        assert os.path.isfile(finding.file) and finding.line > 1 and finding.message and finding.example
        assert "{" not in finding.message and "{subject}" not in finding.example
        text = Path(finding.file).read_text(encoding="utf-8").split("\n")[finding.line - 1]
        assert finding.subject.rstrip(">").rpartition("/")[2] in text, finding
    assert list(packaged.findings) == sorted(packaged.findings, key=lambda one: (-one.severity, one.check))


# each check


def test_every_check_has_a_twin() -> None:
    names = [check.name for check in all_checks()]
    assert len(names) == len(set(names))
    assert {twin.check for twin in TWINS} | {RULE_CHECK} == set(names)
    for check in all_checks():
        assert check.title and check.example and check.name == check.name.lower()


@pytest.mark.parametrize("number", range(len(TWINS)), ids=[f"{n}-{twin.check}" for n, twin in enumerate(TWINS)])
def test_a_twin_is_found_at_its_line(number: int, planted: tuple[Report, list[str]]) -> None:
    twin, (report, paths) = TWINS[number], planted
    found = [finding for finding in report.findings if (finding.file, finding.check) == (paths[number], twin.check)]
    assert found, [finding for finding in report.findings if finding.file == paths[number]]
    assert any(
        finding.line == twin.line and finding.subject.startswith(twin.subject) and twin.said in finding.message
        for finding in found
    ), found
    assert all(finding.example and "{subject}" not in finding.example for finding in found)


def test_only_what_is_planted_is_told(planted: tuple[Report, list[str]], packaged: Report) -> None:
    report, paths = planted
    assert not set(report.findings) & set(packaged.findings)
    assert report.files == len(paths) == len(TWINS)


def test_a_rule_with_an_unknown_term_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "planted.srl"
    prefixes = "".join(f"PREFIX {name}: <{base}>\n" for name, base in PREFIXES.items())
    file.write_text(prefixes + "RULE rule:x { ?a vkg:by ?b } WHERE { ?a vkg:none ?b NOT { ?a a vkg:None } }")
    monkeypatch.setattr(ontology, "rule_files", lambda: [*rule_files(), str(file)])
    found = list(ontology.rule_terms(Subject(authored(packaged_files()), load(), ())))
    assert [fault.subject for fault in found] == [VKG + "none", VKG + "None"]
    assert {(fault.place.file, fault.place.line) for fault in found if fault.place} == {(str(file), len(PREFIXES) + 1)}


def test_what_a_file_breaks_elsewhere_is_told(tmp_path: Path) -> None:
    """A second label for a thing that a packaged file names: its other name is not unique any more."""
    file = tmp_path / "second.ttl"
    file.write_text(HEAD + "id:twin-thing a vkg:Mode ; rdfs:label 'PVH'@en .\n")
    found = [finding for finding in validate([str(file)]).findings if finding.check == "label-is-unique"]
    assert {os.path.basename(finding.file) for finding in found} == {"second.ttl", "modes.ttl"}


def test_a_packaged_file_is_checked_in_its_place(packaged: Report) -> None:
    (path,) = (path for path in packaged_files() if path.endswith("things/scopes.ttl"))
    report = validate([path])
    assert report.findings == tuple(finding for finding in packaged.findings if finding.file == path) != ()
    assert report.files == 1


def test_checks_are_collected_from_their_folder(tmp_path: Path) -> None:
    assert len(hygiene.hygiene_queries()) > 20 and len(shapes.shape_checks()) > 20
    assert hygiene.hygiene_queries(str(tmp_path)) == []
    (tmp_path / "new.rq").write_text("# A new check.\n# severity: info\n# message: is {x}\n# example: {x} .\nSELECT *")
    (query,) = hygiene.hygiene_queries(str(tmp_path))
    assert (query.check.name, query.check.severity, query.check.title) == ("new", Severity.INFO, "A new check.")


def test_messages_are_filled_in() -> None:
    assert filled("{a} and {b}", {"a": "{b}"}) == "{b} and {b}"


# lines

TEXT: Final = """# @prefix id: <urn:wrong/> is a comment with id:first .
@prefix id: <https://w3id.org/virtkg/id/> .
PREFIX vkg: <https://w3id.org/virtkg/ns#>
@base <urn:base/> .

id:first a vkg:Mode ; vkg:note "id:inner ; . } \\" '", 'a' ;
    vkg:requires [ vkg:note id:deep ; vkg:by "x" ] , ( id:a id:b ) ;
    vkg:asWritten \"\"\"id:second
.\"\"\" .
<https://w3id.org/virtkg/id/second> vkg:by 4.19 . id:xen-4.19 vkg:by id:x .
GRAPH <urn:g> {
    id:first
        vkg:by 1
}
<urn:h> { id:es\\,caped vkg:by 1 . [] vkg:by 2 }
"""


@pytest.mark.parametrize(
    ("subject", "predicate", "graph", "line"),
    [
        (ID + "first", "", "", 6),
        (ID + "first", RDF + "type", "", 6),
        (ID + "first", VKG + "requires", "", 7),
        (ID + "first", VKG + "by", "", 13),
        (ID + "first", VKG + "asWritten", "", 8),
        (ID + "second", "", "", 10),
        (ID + "xen-4.19", VKG + "by", "", 10),
        (ID + "first", "", "urn:g", 12),
        ("urn:g", "", "", 11),
        ("urn:h", "", "", 15),
        (ID + "es,caped", "", "urn:h", 15),
        ("urn:nowhere", "", "", 6),
    ],
)
def test_a_line_is_found(subject: str, predicate: str, graph: str, line: int) -> None:
    assert Lines(TEXT).line(subject, predicate, graph) == line


def test_a_blank_node_is_found() -> None:
    assert Lines(TEXT).unnamed("urn:h") == 15
    assert Lines(TEXT).unnamed() == 7
    assert Lines("").line("urn:x") == 1


def test_the_lines_of_all_packaged_files_are_found() -> None:
    files = authored(packaged_files()).files
    for file in files:
        text = Path(file.path).read_text(encoding="utf-8").split("\n")
        for subject, predicate, _, graph in file.rows[::7]:
            if not subject.value.startswith("https://w3id.org/virtkg/.well-known/"):
                line = text[file.lines.line(subject.value, predicate.value, graph.value) - 1]
                name = predicate.value.rpartition("/")[2].rpartition("#")[2]
                assert name in line or (name == "type" and " a " in line), (file.path, line)


# the command


def test_an_incomplete_fact_fails() -> None:
    ended = run("validate", INCOMPLETE)
    assert ended.code == 1 and not ended.err
    assert f"{os.path.relpath(INCOMPLETE)}:9: error: id:xen-9.9 needs one product line: none is stated" in ended.out
    assert "for example: id:xen-9.9 vkg:releaseOf id:xen ." in ended.out


def test_json_is_as_documented(check_golden: Callable[[str, str], None]) -> None:
    ended = run("validate", INCOMPLETE, "--format", "json")
    assert ended.code == 1 and set(json.loads(ended.out)) == {"findings", "count", "checks", "files", "unchecked"}
    check_golden("validate-incomplete.json", ended.out)


def test_the_level_that_fails_can_be_chosen(tmp_path: Path) -> None:
    file = tmp_path / "warning.trig"
    file.write_text(
        "@prefix id: <https://w3id.org/virtkg/id/> .\n@prefix src: <https://w3id.org/virtkg/source/> .\n"
        "@prefix vkg: <https://w3id.org/virtkg/ns#> .\n\n"
        "src:xen-tags {\n    id:xen-4.7 vkg:lacks id:page-sharing ;\n        vkg:supports id:page-sharing .\n}\n"
    )
    plain = run("validate", str(file))
    assert plain.code == 0 and "0 errors, 1 warning, 0 info" in plain.out and ": warning: id:xen-4.7" in plain.out
    for level, code in (("warning", 1), ("info", 1)):
        assert run("validate", str(file), "--fail-on", level).code == code
    hidden = run("validate", str(file), "--show", "error")
    assert "id:xen-4.7" not in hidden.out and "not listed: warning; add --show warning" in hidden.out
    assert run("validate", "--fail-on", "nothing").code == 2


def test_every_format_has_the_same_findings(packaged: Report) -> None:
    wanted = [finding for finding in packaged.findings if finding.severity is Severity.WARNING]
    assert len(list(csv.DictReader(io.StringIO(render(packaged, "csv", Severity.WARNING))))) == len(wanted) > 50
    assert len(render(packaged, "tsv", Severity.WARNING).splitlines()) == len(wanted) + 1
    assert len(json.loads(render(packaged, "json", Severity.WARNING))["findings"]) == len(wanted)
    assert render(packaged, "md", Severity.WARNING).count("\n| warning |") == len(wanted)
    assert render(packaged, "html", Severity.WARNING).count("<td>warning</td>") == len(wanted)
    assert render(packaged, "table", Severity.WARNING).count(": warning: ") == len(wanted)


def test_output_goes_to_a_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "found.csv"
    assert run("validate", INCOMPLETE, "--format", "csv", "-o", str(target)).code == 1
    assert target.read_bytes().startswith(b"severity,check,file,line,subject,message,example\r\n")


def test_names_cannot_steer_a_terminal() -> None:
    hostile = Finding(Severity.ERROR, "x", "a\x1b[31m.ttl", 1, "id:x", "\x1b]0;title\x07", "\u202e")
    for layout in ("table", "md", "html", "csv", "json"):
        assert "\x1b" not in render(Report((hostile,), 1, 1), layout, Severity.INFO)


def test_without_pyshacl_the_rest_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "installed", lambda: False)
    report = validate([INCOMPLETE])
    assert report.unchecked == (shapes.MISSING,) and "pip install 'virtkg[shacl]'" in shapes.MISSING
    checks = Counter(finding.check for finding in report.findings)
    assert checks["limit-is-a-number"] and not checks["version-has-a-line"]
    assert "shapes not checked" in render(report, "table", Severity.ERROR).splitlines()[-1]


def test_the_command_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['pyshacl'] = None\n")
    ended = run("validate", INCOMPLETE, env={"PYTHONPATH": f"{tmp_path}{os.pathsep}{PACKAGE_HOME}"})
    assert (ended.code, ended.err) == (1, f"note: {shapes.MISSING}\n")
    assert "limit-is-a-number" in ended.out and "version-has-a-line" not in ended.out


# bad input


def test_what_cannot_be_read_is_one_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ttl")
    (tmp_path / "folder.ttl").mkdir()
    (tmp_path / "note.txt").write_text("not RDF")
    (tmp_path / "latin.ttl").write_bytes(b"# caf\xe9\n")
    (tmp_path / "wrong.trig").write_text("@prefix id: <urn:x:> .\n\nid:a id:b id:c ;;; id:d .\nid:e {")
    (tmp_path / "undeclared.ttl").write_text("\n\nid:xen vkg:runsMode id:pv .\n")
    cases = {
        "pipe.ttl": (6, "not a regular file"),
        "folder.ttl": (6, "folder.ttl"),
        "none.ttl": (6, "No such file"),
        "note.txt": (3, "note.txt"),
        "latin.ttl": (3, "latin.ttl:1:6: not UTF-8"),
        "wrong.trig": (3, "wrong.trig:3:"),
        "undeclared.ttl": (3, "undeclared.ttl:3:1: The prefix id:"),
    }
    for name, (code, said) in cases.items():
        for more in ((), ("--coverage",)):
            ended = run("validate", str(tmp_path / name), *more)
            assert (ended.code, ended.out) == (code, ""), ended
            assert ended.err.startswith("error[") and said in ended.err and ended.err.count("error[") == 1


# coverage


@pytest.fixture(scope="module")
def survey(kg: KnowledgeGraph) -> Coverage:
    return Surveyor(kg.snapshot, kg.asker.schema, kg.asker.evidence).coverage()


def test_the_counts_add_up(survey: Coverage) -> None:
    assert survey.platforms > 500 and survey.total.cells == len(survey.cells) > 100_000
    for tallies in (survey.properties, survey.lines):
        assert sum(tally.cells for tally in tallies) == survey.total.cells
        assert sum(tally.disputed for tally in tallies) == survey.total.disputed > 0
        assert sum(tally.unknown for tally in tallies) == survey.total.unknown
    assert len({(cell.iri, cell.property, cell.thing) for cell in survey.cells}) == len(survey.cells)


@pytest.mark.parametrize("platform", ["XenServer 6", "vSphere 5.1", "RHEV 3", "Xen 4.0"])
def test_a_cell_says_what_an_answer_says(platform: str, survey: Coverage, kg: KnowledgeGraph) -> None:
    cells = [cell for cell in survey.cells if cell.platform == platform]
    relations = [cell for cell in cells if cell.property in ("supports", "runs mode")]
    seen = set()
    for state in (State.YES, State.NO, State.DISPUTED, State.UNKNOWN):
        for cell in [cell for cell in relations if cell.state is state][:6]:
            verb = {"supports": "support", "runs mode": "run"}[cell.property]
            answer = kg.ask(f"does {platform} {verb} {cell.thing}")
            assert answer.verdict is Verdict(str(state)), cell
            seen.add(state)
    assert State.UNKNOWN in seen and len(seen) > 1


def test_a_value_is_the_one_of_the_answer(survey: Coverage, kg: KnowledgeGraph) -> None:
    found = [cell for cell in survey.cells if cell.property == "max vCPUs per VM"]
    known = [cell for cell in found if cell.state is State.VALUE][:10]
    assert len(known) == 10
    for cell in known:
        fields = [field for row in kg.ask(f"max vCPUs per VM of {cell.platform}").rows for field in row.fields]
        values = {value.value for field in fields for value in field.values}
        assert values == set(cell.value.split("; ")), cell
    disputed = next(cell for cell in found if cell.state is State.DISPUTED)
    rows = kg.ask(f"max vCPUs per VM of {disputed.platform}").rows
    assert any(value.verdict is Verdict.DISPUTED for row in rows for field in row.fields for value in field.values)


def test_the_survey_is_shown(survey: Coverage) -> None:
    plain = run("validate", "--coverage")
    assert plain.code == 0 and plain.out.startswith(f"{survey.platforms:,} platforms, {survey.total.cells:,} cells: ")
    assert "by property" in plain.out and "by product line" in plain.out
    rows = list(csv.DictReader(io.StringIO(run("validate", "--coverage", "--format", "csv").raw.decode())))
    assert len(rows) == len(survey.cells)
    assert Counter(row["state"] for row in rows)["disputed"] == survey.total.disputed
    shape = json.loads(run("validate", "--coverage", "--format", "json").out)
    assert shape["total"]["unknown"] == survey.total.unknown and len(shape["lines"]) == len(survey.lines)


def test_a_file_adds_to_the_survey(tmp_path: Path, survey: Coverage) -> None:
    file = tmp_path / "more.ttl"
    file.write_text(HEAD + "id:twin-suite a vkg:Suite ; rdfs:label 'Twin Suite'@en ; vkg:supports id:page-sharing .\n")
    rows = list(csv.DictReader(io.StringIO(run("validate", str(file), "--coverage", "--format", "csv").raw.decode())))
    own = {(row["property"], row["thing"]): row["state"] for row in rows if row["platform"] == "Twin Suite"}
    assert (
        own["supports", "page sharing"] == own["supports", "memory overcommitment"] == "yes"
        and Counter(own.values())["unknown"] == len(own) - 2 > 100
    )
    assert len(rows) == len(survey.cells) + len(own)

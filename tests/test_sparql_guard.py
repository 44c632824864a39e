"""The guard: what it refuses, where it says so, and that it reads a text as the engine does."""

from __future__ import annotations

import random
import re
import time

import pytest
from pyoxigraph import Store

from virtkg.diagnostics import ExitCode, QueryError
from virtkg.sparql.guard import MAX_BYTES, MAX_EXPANDED, QueryForm, check_query, outline_of
from virtkg.sparql.lexer import MAX_NESTING

GRAPH = "http://example.org/graph"
EX = "PREFIX ex: <http://example.org/> "


def refused(text: str, known_graphs: frozenset[str] = frozenset()) -> QueryError:
    with pytest.raises(QueryError) as caught:
        check_query(text, known_graphs=known_graphs)
    return caught.value


def accepted(text: str) -> QueryForm:
    return check_query(text, known_graphs={GRAPH})


def refusal_of(text: str) -> QueryError | None:
    try:
        outline_of(text)
    except QueryError as error:
        return error
    return None


def engine_reads(text: str) -> bool:
    """Tell whether the engine takes a text for SPARQL; over an empty store, where nothing can be fetched."""
    try:
        Store().query(text)
    except SyntaxError:
        return False
    except (RuntimeError, OSError):
        return True
    return True


def engine_uses(word: str, text: str) -> bool:
    """Tell whether the engine reads a word as a keyword: then another word in its place is not SPARQL."""
    last = str.maketrans(word[-1] + word[-1].lower(), "Xx")
    changed = re.sub(f"(?i){word}", lambda match: match[0][:-1] + match[0][-1].translate(last), text)
    return engine_reads(text) and not engine_reads(changed)


def as_engine_gets_it(text: str) -> str:
    return "\n".join(outline_of(text).lines)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * { ?s ?p ?o }", QueryForm.SELECT),
        ("select * where { ?s ?p ?o } order by ?s limit 3", QueryForm.SELECT),
        ("# a comment\n\tASK {}", QueryForm.ASK),
        (EX + "CONSTRUCT { ?s a ex:C } WHERE { ?s ?p ?o }", QueryForm.CONSTRUCT),
        ("BASE <http://example.org/> DESCRIBE <x>", QueryForm.DESCRIBE),
        (f"SELECT * FROM <{GRAPH}> FROM NAMED <{GRAPH}> {{ ?s ?p ?o }}", QueryForm.SELECT),
    ],
)
def test_tells_the_form(text: str, form: QueryForm) -> None:
    assert accepted(text) is form


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "word"),
    [
        ("SELECT * { SERVICE <http://x/> {} }", "Q302", 1, 12, "SERVICE"),
        ("SELECT * {\n  service silent <http://x/> {}\n}", "Q302", 2, 3, "SERVICE"),
        ("LOAD <file:///etc/passwd>", "Q302", 1, 1, "LOAD"),
        ("INSERT DATA { <a:a> <a:a> <a:a> }", "Q302", 1, 1, "INSERT"),
        (EX + "\nDELETE WHERE { ?s ?p ?o }", "Q302", 2, 1, "DELETE"),
        ("CLEAR ALL", "Q302", 1, 1, "CLEAR"),
        ("DROP DEFAULT", "Q302", 1, 1, "DROP"),
        ("CREATE GRAPH <a:a>", "Q302", 1, 1, "CREATE"),
        ("ADD <a:a> TO <a:b>", "Q302", 1, 1, "ADD"),
        ("MOVE <a:a> TO <a:b>", "Q302", 1, 1, "MOVE"),
        ("COPY <a:a> TO <a:b>", "Q302", 1, 1, "COPY"),
        ("WITH <a:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "Q302", 1, 1, "WITH"),
        ("SELECT * { ?s ?p ?o } ; LOAD <a:a>", "Q302", 1, 25, "LOAD"),
        ("SELECT * { ?s <p> ?o }", "Q301", 1, 15, "relative"),
        ("SELECT * { ?s <http://e/\\u003E> ?o }", "Q301", 1, 15, "IRI"),
        ("BASE <b>\nSELECT * {}", "Q301", 1, 6, "relative"),
        ("BASE <http://b/> ASK { VALUES (?a ?b) { (<a> <b>) } }", "Q301", 1, 46, "comparison"),
        ("PREFIX x: <http://e/> ASK { ?s ?p ?a FILTER(?a<x:b&&?c>1) }", "Q301", 1, 47, "comparison"),
        ("SELECT * FROM <http://nowhere/> {}", "Q303", 1, 15, "http://nowhere/"),
        ("SELECT *\nFROM NAMED <file:///etc/passwd> {}", "Q303", 2, 12, "file:///etc/passwd"),
        (EX + "\nASK FROM ex:other {}", "Q303", 2, 10, "http://example.org/other"),
        ("SELCT * {}", "Q301", 1, 1, "SELCT"),
        ("SELECT * { ?s nope:p ?o }", "Q301", 1, 15, "nope:"),
        ("SELECT * { ?s ?p ?o", "Q301", 1, 10, "never closed"),
        ("SELECT * { ?s ?p ?o )}", "Q301", 1, 21, "closes no"),
        ("SELECT * { ?s ?p 'a\nb' }", "Q301", 1, 18, "string"),
        ("SELECT * { ?s ?p '\\q' }", "Q301", 1, 18, "escape"),
        ("SELECT * { ?s ?p '\\uD800' }", "Q301", 1, 18, "escape"),
        ("SELECT * { ?s ?p '\\U0000dfff' }", "Q301", 1, 18, "escape"),
        ("SELECT * { ?s ?p '\\U00110000' }", "Q301", 1, 18, "escape"),
        ("SELECT * { ?s ?p \x1b }", "Q301", 1, 18, "\\u001B"),
        ("SELECT * { \\u0053ERVICE ?x {} }", "Q301", 1, 12, "\\"),
        ("SELECT * { ?s ?p '\udc80' }", "Q301", 1, 19, "UTF-8"),
        ("PREFIX ex <http://example.org/> ASK {}", "Q301", 1, 1, "PREFIX name:"),
        ("{ ?s ?p ?o }", "Q301", 1, 1, "starts with SELECT"),
        ("SELECT * FROM ?g {}", "Q301", 1, 10, "FROM"),
        ("SELECT * " + "{" * 129 + "}" * 129, "Q304", 1, 138, "128"),
    ],
)
def test_refuses_with_code_and_place(text: str, code: str, line: int, column: int, word: str) -> None:
    error = refused(text)
    assert (error.code, error.column) == (code, column)
    assert f"(line {line}, column {column})" in error.message
    assert word in error.message
    assert error.text == text.split("\n")[line - 1]
    assert error.exit_code is ExitCode.NOT_UNDERSTOOD
    assert error.message.isprintable()


@pytest.mark.parametrize("text", ["", " \n\t", "# only a comment", "PREFIX a: <http://a/> BASE <http://b/>"])
def test_refuses_an_empty_query(text: str) -> None:
    assert refused(text).code == "Q305"


def test_says_that_it_reads_only_and_what_to_do() -> None:
    error = refused("INSERT DATA { <a:a> <a:a> <a:a> }")
    assert "virtkg reads only" in error.message
    assert "--data" in error.hint


def test_suggests_words_and_prefix_lines() -> None:
    assert "CONSTRUCT" in refused("CONSTRUC { ?s ?p ?o } WHERE { ?s ?p ?o }").suggestions
    assert "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>" in refused("ASK { ?s skos:broader ?o }").hint


HARMLESS = [
    "SELECT * { ?s ?p 'SERVICE <http://x/> {}' }",
    'SELECT * { ?s ?p "LOAD <x>" , """DROP\n"ALL" ""CLEAR""" , \'\'\'it\'s INSERT\'\'\' }',
    'SELECT * { ?s ?p "\\" SERVICE ?x {} " }',
    "SELECT * { ?s ?p '\\u0027 SERVICE ?x {} ' }",
    "SELECT * { ?s ?p ?o } # SERVICE <http://x/> {} INSERT",
    "# LOAD <x>\r\nSELECT * { ?s ?p ?o }",
    "SELECT * { ?s ?p <http://example.org/SERVICE/LOAD#INSERT> }",
    EX + "SELECT * { ex:service ex:LOAD ex:a.service.b }",
    "PREFIX service: <http://s/> PREFIX load: <http://l/> SELECT * { service:x load:y ?o . GRAPH service:g {} }",
    "SELECT ?load $service { ?load ?insert $service . _:service ?with _:clear.drop }",
    "SELECT * { ?s ?p 'x'@service , 'y'@en-load }",
    EX + "SELECT * { ?s ex:service\\#x ?o ; ex:it\\'s ?x }",
    "PREFIX from: <http://f/> DESCRIBE from:x from:y",
    "PREFIX from: <http://f/> SELECT (from:x AS ?x) { ?s from:p ?o } ORDER BY from:x(?s)",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_words_inside_other_things_are_no_keywords(text: str) -> None:
    accepted(text)
    assert engine_reads(as_engine_gets_it(text))


@pytest.mark.parametrize("word", ["SERVICE", "LOAD", "INSERT", "WITH"])
def test_the_same_words_outside_are_refused(word: str) -> None:
    assert refused(f"SELECT * {{ ?s ?p 'x' {word} <http://x/> {{}} }}").code == "Q302"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ASK { ?s ?p ?a , ?b FILTER(?a<?b) }", "FILTER( ?a < ?b )"),
        ("ASK { ?s ?p ?a , ?b FILTER(?a<?b&&?b>?a) }", "FILTER( ?a < ?b && ?b > ?a )"),
        ("ASK { ?s ?p ?a FILTER(true<now()&&?a>?a) }", "FILTER( true < now( ) && ?a > ?a )"),
        ("ASK { ?s ?p ?a FILTER(?a<=5 || ?a >= 7 || (?a<-5)) }", "FILTER( ?a <= 5 || ?a >= 7 || ( ?a < - 5 ) )"),
        ("ASK { ?s ?p ?a FILTER(?a<<http://e/x>) }", "FILTER( ?a < <http://e/x> )"),
        ("ASK { VALUES (?a ?b) { (<http://e/#a's><http://e/(b)#>) } }", "( <http://e/#a's> <http://e/(b)#> )"),
        ("BASE <http://b/> ASK { ?s <c> (true <http://e/x#1>) }", "<http://b/c> ( true <http://e/x#1> )"),
        ("ASK { ?s ?p <http://e/Bell's_theorem> }", "<http://e/Bell's_theorem>"),
        (EX + "ASK { ?s ex:p+/^ex:q?|!(ex:r|a)* ?o }", "+ / ^ <http://example.org/q> ? | ! ( <http://example.org/r>"),
        (
            EX + "ASK { ?s ?p ex:v-4.0.1.ex:v-4\\.0\\.1 a ex:C.D. }",
            "<http://example.org/v-4.0.1.ex:v-4.0.1> a <http://example.org/C.D> .",
        ),
        (EX + "ASK { ex:a.b.c ?p 1.5 , 1. ex:%41\\% ?p 1.e5 }", "1.5 , 1 . <http://example.org/%41%> ?p 1.e5"),
        ('ASK { ?s ?p """it\'s\n"so""\r""" }', '"""it\'s\\n"so""\\r"""'),
        ("ASK { _:a.b.c. ?p ?o. }", "{ _:a.b.c . ?p ?o . }"),
        ("PREFIX : <http://e/> ASK { ?s ?p true.:x ?p ?o }", "true . <http://e/x>"),
        (EX + "ASK { ?s ?p ex:a\\. . }", "<http://example.org/a.> . }"),
        ("PREFIX http: <http://e/> ASK { ?s ?p (1 <http://e/#x>) }", "( 1 <http://e/#x> )"),
        ("ASK { ?s ?p '\\uFFFD\\uD7FF\\U0000E000\\U0010FFFF' }", "'\\uFFFD\\uD7FF\\U0000E000\\U0010FFFF'"),
    ],
)
def test_gives_the_engine_one_token_a_line(text: str, wanted: str) -> None:
    assert wanted in " ".join(outline_of(text).lines)


HIDDEN = [
    "ASK { ?s ?p trueSERVICE?x{} }",
    "ASK { ?s ?p 1SERVICE?x{} }",
    "ASK { ?s ?p 1.SERVICE?x{} }",
    "ASK { SERVICESILENT?x{} }",
    "PREFIX : <http://e/> ASK { SERVICE:x {} }",
    "PREFIX : <http://e/> PREFIX service: <http://s/> ASK { service:x {} }",
    "PREFIX : <http://e/> PREFIX service: <http://s/> ASK { ?s ?p ?o . service:x # {\n {} }",
    "PREFIX y: <http://e/> PREFIX servicey: <http://s/> ASK { servicey:x {} }",
    "ASK { FILTER(?a<'>')SERVICE ?x {} #'\n}",
    'ASK { FILTER(?a<?b)#>"""\n SERVICE ?x {} #"""\n}',
    'ASK { FILTER(?a<?b#>"""\n) SERVICE ?x {} #"""\n}',
    "ASK { FILTER(?a<?b)SERVICE#>\n?x {} }",
    "ASK { FILTER(?a<?b&&(?c>?d) && ?e<'>') SERVICE ?x {} #'\n}",
    "PREFIX http: <http://e/> ASK { FILTER(?a<<http:#>)SERVICE ?x {}\n) }",
    'ASK { <<?a#>"""\n?b ?c>> ?p ?q . SERVICE ?x {} #"""\n}',
    'ASK { VALUES ?x {"""a" "b"} SERVICE ?x {} # \\q """\n}',
    'ASK { VALUES ?x {"""a" "b"} SERVICE ?x {} # \\uD800 """\n}',
    "PREFIX x: <http://e/> ASK { ?s ?p x:a.b.SERVICE ?x {} }",
    "PREFIX x: <http://e:8> ASK { ?s ?p x:SERVICE ?x {} }",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_no_keyword_hides_in_a_second_reading(text: str) -> None:
    error = refusal_of(text)
    if error is None:
        assert not engine_uses("SERVICE", as_engine_gets_it(text))
    else:
        assert error.code in ("Q301", "Q302")


def test_the_hidden_keywords_are_real() -> None:
    """The engine would find nearly all of these in the text as written; the others only look like it."""
    real = [text for text in HIDDEN if engine_uses("SERVICE", text)]
    assert len(real) >= 15


def test_no_from_hides_in_a_prefixed_name() -> None:
    text = "PREFIX : <http://e/> PREFIX FROM: <http://f/> SELECT * FROM:x {}"
    assert engine_uses("FROM", text)
    assert not engine_reads(as_engine_gets_it(text))
    assert refused("ASKFROM<http://e/x>{}").code == "Q301"


SEPARATED_PIECES = (
    "?a|?b|<|<=|'>'|'|\"|\"\"\"|'''|>|#|\n|\r| |(|)|{|}|[|]|.|;|,|SERVICE|service|SERVICE ?x{}|SERVICE:x{}|service:x|:x"
    "|x:|x:y|true|1|1.|1e5|\\u0022|\\'|\\#|\\q|\\|x:a\\'b|<http://h/#a>|<#>|<x:#>|<b>|@en|_:b|?|*|-|/|&&|!|=|FILTER("
    "|x:a.b.SERVICE?x{}|p:SERVICE?x{}|x:y*|x:y?|BNODE (|1-1|<<|x:a.b.c"
    "|FILTER(?a<|OPTIONAL{|{}|VALUES ?a{|EXISTS{|IN(|AS|FROM|FROM:x|FROM<http://h/>|GRAPH|DISTINCT|%41|x:%41|$"
)
PIECES = SEPARATED_PIECES.split("|")
SEEDS = [
    "ASK{FILTER(?a<?b)?a ?b ?c}",
    "ASK{FILTER(?a<'>')}#'",
    'ASK{?a ?b """x""" . ?a ?b \'y\'}',
    "ASK{VALUES(?a ?b){(<http://h/#a> <b>)}}",
    "SELECT*{?a x:y ?b . GRAPH service:x{?a ?b ?c}}",
    "SELECT * {?a ?b ?c}ORDER BY(?a<?b)",
    "CONSTRUCT{?a ?b ?c}FROM<http://h/>WHERE{?a ?b ?c#\n}",
    "ASK{FILTER(?a IN(<b>,'x',?b<1))SERVICE ?x{}}",
    'ASK{FILTER(?a<?b)#>"""\n SERVICE ?x {} #"""\n}',
    "ASK{?a ?b x:a.b.SERVICE?x{}}",
    "ASK{?a ?b p:SERVICE?x{}}",
    "ASK{FILTER(?a<?b)service:x{}?a ?b ?c}",
]
PROLOGUES = [
    "",
    "PREFIX : <http://e/> PREFIX x: <http://e/> PREFIX p: <http://e:8> ",
    "BASE <http://b/> PREFIX : <http://e/> PREFIX x: <http://e/> PREFIX service: <http://e/> PREFIX FROM: <http://e/> ",
]


def mutant(chance: random.Random) -> str:
    text = chance.choice(SEEDS)
    for _ in range(chance.randint(1, 5)):
        at = chance.randint(0, len(text))
        gone = chance.choice((0, 0, 1, 3))
        text = text[:at] + chance.choice(PIECES) + text[at + gone :]
    return chance.choice(PROLOGUES) + text


def test_reads_mutants_as_the_standard_does() -> None:
    """Whatever is accepted, the engine finds no SERVICE in it, and no FROM that the guard has not seen."""
    chance = random.Random(20_241)
    read = with_words = hidden = 0
    for _ in range(25_000):
        text = mutant(chance)
        try:
            outline = outline_of(text)
        except QueryError:
            continue
        given = "\n".join(outline.lines)
        if "service" in text.lower():
            hidden += engine_uses("SERVICE", text)
            with_words += 1
            assert not engine_uses("SERVICE", given), text
        if not outline.graphs:
            assert not engine_uses("FROM", given), text
        read += engine_reads(given)
    assert read > 150
    assert with_words > 500
    assert hidden > 0, "no mutant had a keyword that only the engine sees, so nothing was tried"


def test_size_has_one_border() -> None:
    head, tail = "ASK { ?s ?p '", "' }"
    fitting = head + "é" * ((MAX_BYTES - len(head) - len(tail)) // 2) + tail
    fitting = fitting.ljust(fitting.count("\0") + len(fitting) + MAX_BYTES - len(fitting.encode()))
    assert len(fitting.encode()) == MAX_BYTES
    accepted(fitting)
    assert refused(fitting + " ").code == "Q304"


@pytest.mark.parametrize(("opener", "closer"), ["{}", "()", "[]"])
def test_nesting_has_one_border(opener: str, closer: str) -> None:
    def nested(depth: int) -> str:
        return "ASK " + opener * depth + closer * depth

    accepted(nested(MAX_NESTING))
    error = refused(nested(MAX_NESTING + 1))
    assert (error.code, error.column) == ("Q304", 4 + MAX_NESTING + 1)


def test_expansion_has_a_border() -> None:
    def expanding(names: int) -> str:
        return f"PREFIX p: <http://e/{'x' * 30_000}> ASK {{ ?s ?p {', '.join(['p:'] * names)} }}"

    accepted(expanding(MAX_EXPANDED // 30_100))
    assert refused(expanding(MAX_EXPANDED // 29_900)).code == "Q304"


LONG = {
    "dotted names": "a.",
    "digits": "1",
    "decimals": "1.",
    "open angles": "<a",
    "dots": ".",
    "quotes": '"',
    "escapes": "\\t",
    "empty strings": "'' ",
    "long strings": "'''''\\t",
    "colons": "a:.",
    "blank nodes": "_:a.",
    "variables": "?a",
    "spaced angles": "< ",
    "words": "a-",
    "comments": "#\n",
    "percents": "%41",
    "at signs": "@a-",
    "comparisons": "(?a<a)",
    "lines": "\n",
    "letters": "é",
}


@pytest.mark.parametrize("unit", LONG.values(), ids=LONG.keys())
def test_takes_linear_time(unit: str) -> None:
    text = "DESCRIBE " + unit * ((MAX_BYTES - 9) // len(unit.encode()))
    assert len(text.encode()) > MAX_BYTES - 10
    started = time.process_time()
    error = refusal_of(text)
    assert time.process_time() - started < 1
    assert error is None or error.code in ("Q301", "Q302", "Q304")


def test_many_names_of_one_prefix_take_linear_time() -> None:
    text = "PREFIX from: <http://f/> DESCRIBE " + "from:a " * 9_000
    started = time.process_time()
    accepted(text)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("BASE <http://b/c/> ASK FROM <d> {}", "http://b/c/d"),
        ("BASE <http://b/c/> BASE <../e/> ASK FROM <d> {}", "http://b/e/d"),
        ("BASE <http://b/> PREFIX p: <q/> ASK FROM NAMED p:r {}", "http://b/q/r"),
        ("BASE <http://b/x/y> ASK FROM <../z/./w> {}", "http://b/z/w"),
        ("PREFIX p: <http://p/> PREFIX p: <http://q/> ASK FROM p:a\\,b {}", "http://q/a,b"),
        ("PREFIX : <http://p/> ASK FROM : {}", "http://p/"),
        ("ASK FROM <http://\\u0070/> {}", "http://p/"),
    ],
)
def test_compares_whole_iris_of_graphs(text: str, iri: str) -> None:
    assert check_query(text, known_graphs={iri}) is QueryForm.ASK
    error = refused(text, frozenset({iri + "x"}))
    assert error.code == "Q303"
    assert f"<{iri}>" in error.message

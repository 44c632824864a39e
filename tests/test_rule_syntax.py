"""How SRL is written: every construct of the grammar, what is refused and where, and that no text breaks the reader."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from pathlib import Path

import pytest
from lark import Lark
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Variable

import virtkg.rules
from virtkg.diagnostics import RuleError
from virtkg.inputs import rule_files
from virtkg.namespaces import GENID, RDF, RULE, XSD
from virtkg.rules.functions import BUILT_INS
from virtkg.rules.parse import parse_rule_set, parse_rules
from virtkg.rules.refused import MAX_PARTS
from virtkg.rules.sparql import construct
from virtkg.rules.stratify import components
from virtkg.rules.syntax import Assignment, Atom, Expression, Negation, Rule
from virtkg.rules.tokens import MAX_DEPTH, Tokens
from virtkg.rules.wellformed import check_well_formed

E = "https://example.org/"
PREFIX = f"PREFIX : <{E}> PREFIX xsd: <{XSD}> "


def read(text: str) -> tuple[Rule, ...]:
    return parse_rule_set(PREFIX + text, "t.srl").rules


def body(text: str) -> tuple[object, ...]:
    (rule,) = read(f"RULE {{ }} WHERE {{ {text} }}")
    return rule.body


def head(text: str) -> tuple[Atom, ...]:
    (rule,) = read(f"RULE {{ {text} }} WHERE {{ }}")
    return rule.head


def data(text: str) -> tuple[Atom, ...]:
    (rule,) = read(f"DATA {{ {text} }}")
    assert rule.body == ()
    return rule.head


def refusal(text: str) -> RuleError:
    with pytest.raises(RuleError) as caught:
        parse_rules(text, "t.srl")
    assert caught.value.hint
    return caught.value


def test_the_grammar_has_no_conflict() -> None:
    text = (Path(virtkg.rules.__path__[0]) / "srl.lark").read_text()
    assert Lark(text, parser="lalr", lexer=Tokens, strict=True)
    with pytest.raises(Exception, match=r"(?i)conflict|collision"):
        Lark(text.replace("?path: step", "?path: path SLASH path | step"), parser="lalr", lexer=Tokens, strict=True)


# ---- triples

SAME_BODY = {
    "?x :p/:q ?y": "?x :p ?joint1 . ?joint1 :q ?y",
    "?x ^:p ?y": "?y :p ?x",
    "?x ^(:p/:q) ?y": "?y :p ?joint1 . ?joint1 :q ?x",
    "?x :p/^:q/a ?y , ?z": "?x :p ?joint1 . ?joint2 :q ?joint1 . ?joint2 a ?y . "
    "?x :p ?joint3 . ?joint4 :q ?joint3 . ?joint4 a ?z",
    "?x ((:p)/(:q/:r)) ?y": "?x :p ?joint1 . ?joint1 :q ?joint2 . ?joint2 :r ?y",
    "?joint1 :p/:q ?y": "?joint1 :p ?joint2 . ?joint2 :q ?y",
    "[ :p ?x ; :q [] ]": "?node1 :p ?x . ?node1 :q ?node2",
    "[ :p ?x ] :q ?y": "?node1 :p ?x . ?node1 :q ?y",
    "?x :p [ :q ?y ]": "?x :p ?node1 . ?node1 :q ?y",
    "_:a :p _:b . _:b :q _:a": "?node1 :p ?node2 . ?node2 :q ?node1",
    "?x :p ()": f"?x :p <{RDF}nil>",
    "?x :p (?y 1)": f"?x :p ?node1 . ?node1 <{RDF}first> ?y . ?node1 <{RDF}rest> ?node2 . "
    f"?node2 <{RDF}first> 1 . ?node2 <{RDF}rest> <{RDF}nil>",
    "?x :p ?y ~ :r": f"?x :p ?y . :r <{RDF}reifies> <<( ?x :p ?y )>>",
    "?x :p ?y ~ :r {| :q 1 |} {| :q 2 |}": f"?x :p ?y . :r <{RDF}reifies> <<( ?x :p ?y )>> . :r :q 1 . "
    f"?node1 <{RDF}reifies> <<( ?x :p ?y )>> . ?node1 :q 2",
    "<< ?x a ?y ~ ?r >> :q ?z": f"?r <{RDF}reifies> <<( ?x a ?y )>> . ?r :q ?z",
    "<< << :a :b :c >> :q :d >>": f"?node2 <{RDF}reifies> <<( ?node1 :q :d )>> . "
    f"?node1 <{RDF}reifies> <<( :a :b :c )>>",
    "?x :p ?y ; ; :q ?z ;": "?x :p ?y . ?x :q ?z",
}


@pytest.mark.parametrize("short", SAME_BODY)
def test_abbreviations_in_bodies(short: str) -> None:
    elements = body(short)
    assert sorted(map(str, elements)) == sorted(map(str, body(SAME_BODY[short]))) and elements


def test_a_blank_node_of_a_head_is_made_and_one_of_a_body_is_asked() -> None:
    (rule,) = read("RULE { _:a :p [ :q _:a ] } WHERE { _:a :p ?node1 . NOT { _:a :q _:b } }")
    assert rule.head == (
        Atom(BlankNode("b0"), NamedNode(E + "p"), BlankNode("b1")),
        Atom(BlankNode("b1"), NamedNode(E + "q"), BlankNode("b0")),
    )
    first, negation = rule.body
    assert isinstance(first, Atom) and isinstance(negation, Negation)
    assert first.subject == negation.atoms[0].subject == Variable("node2") and rule.makes_terms()


def test_lists_in_heads_and_data() -> None:
    for atoms in (head(":a :p ( 1 ( ) )"), data(":a :p ( 1 ( ) )")):
        owner, *cells = atoms
        assert [str(cell.predicate).rpartition("#")[2] for cell in cells] == ["first>", "rest>"] * 2
        assert cells[0].subject == owner.object and cells[1].object == cells[2].subject
        assert cells[2].object == cells[3].object == NamedNode(RDF + "nil")


def test_blank_nodes_of_data_are_the_same_in_all_blocks_of_a_text_only() -> None:
    one, other = read("DATA { _:x :p _:y } DATA { _:x :q [] }")
    assert one.head[0].subject == other.head[0].subject
    nodes = {one.head[0].subject, one.head[0].object, other.head[0].object}
    assert len(nodes) == 3 and all(str(node).startswith(f"<{GENID}") for node in nodes)
    assert read("DATA { _:x :p _:y } DATA { _:x :q [] }")[0] == one
    assert data("_:x :p _:y")[0].subject != one.head[0].subject


def test_literals() -> None:
    text = '''"""a "b" \\"""" , \'\'\'it's
    '' so\'\'\' , "\\u00e9\\t" , "x"@en-GB , "y"@ar--rtl , "1" # one
    ^^ # integer
    xsd:integer , .5 , 1.e0 , -2 , TRUE , "d'e"^^<u:f'g>'''
    objects = [atom.object for atom in data(f":a :p {text}")]
    assert objects == [
        Literal('a "b" "'),
        Literal("it's\n    '' so"),
        Literal("\u00e9\t"),
        Literal("x", language="en-gb"),
        Literal("y", language="ar", direction=BaseDirection.RTL),
        *(Literal(text, datatype=NamedNode(XSD + kind)) for text, kind in (("1", "integer"), (".5", "decimal"))),
        *(Literal(text, datatype=NamedNode(XSD + kind)) for text, kind in (("1.e0", "double"), ("-2", "integer"))),
        Literal("true", datatype=NamedNode(XSD + "boolean")),
        Literal("d'e", datatype=NamedNode("u:f'g")),
    ]


def test_names() -> None:
    prefix = "\u00e9.\u00f1-1:"
    triples = f":a.b :\u0440 :c%20d\\~\\& . {prefix}x {prefix} :1:2 . <u:\\u0041> a ?\u4e2d1"
    (rule,) = read(f"PREFIX {prefix} <u:n/> RULE {{ }} WHERE {{ {triples} }}")
    assert [(atom.subject, atom.predicate, atom.object) for atom in rule.atoms()] == [
        (NamedNode(E + "a.b"), NamedNode(E + "\u0440"), NamedNode(E + "c%20d~&")),
        (NamedNode("u:n/x"), NamedNode("u:n/"), NamedNode(E + "1:2")),
        (NamedNode("u:A"), NamedNode(RDF + "type"), Variable("\u4e2d1")),
    ]


def test_base_resolves_relative_iris() -> None:
    text = "BASE <http://b.org/x/y> DATA { <z> <#p> <../q> } BASE <other/> PREFIX o: <o#> DATA { <> o:p <u:a> }"
    one, other = (rule.head[0] for rule in parse_rule_set(text, "t.srl").rules)
    iris = [term.value for atom in (one, other) for term in (atom.subject, atom.predicate, atom.object)]  # type: ignore[union-attr]
    assert iris[:3] == ["http://b.org/x/z", "http://b.org/x/y#p", "http://b.org/q"]
    assert iris[3:] == ["http://b.org/x/other/", "http://b.org/x/other/o#p", "u:a"]


# ---- statements and conditions


def test_statements() -> None:
    text = """version "1.2" imports :other
    rule :named { } where data { ?x :p ?y . not data { ?y :q ?x filter(?x != ?y) . ?x :r ?z } . }
    RULE { } WHERE { } RULE { } WHERE { }
    data { }"""
    found = parse_rule_set(PREFIX + "\n" + text, "own file.srl")
    names = [rule.name.removeprefix(RULE) for rule in found.rules]
    assert names == [E + "named", *(f"own%20file.srl-line-{line}" for line in ("4", "4-2", "5"))]
    assert [rule.place for rule in found.rules] == [f"own file.srl:{line}" for line in (3, 4, 4, 5)]
    assert found.imports == ((E + "other", "own file.srl:2:15"),)
    assert found.versions == (("1.2", "own file.srl:2:9"),)
    named, other, *_ = found.rules
    assert named.data and not other.data and named.negations()[0].data
    assert [type(part) for part in named.negations()[0].body] == [Atom, Expression, Atom]


EXPRESSIONS = {
    "?x+1": "?x +1",
    "?x + 1*-?y": "?x + 1 * - ?y",
    "?x-1*2/3 -4": "?x -1 * 2 / 3 -4",
    "(?x||!?y)&&?x<=?y": "(?x || ! ?y) && ?x <= ?y",
    "?x in(1,:a)": f"?x IN (1, <{E}a>)",
    "?x NOT IN ()": "?x NOT IN ()",
    "isiri(?x) = TRUE": "isIRI(?x) = true",
    "xsd:integer('1')": f'<{XSD}integer>("1")',
    "concat()": "CONCAT()",
    "strlangdir($x, 'en', \"l't\\n\")": 'STRLANGDIR(?x, "en", "l\'t\\n")',
    "if(?x, a:b, ?y)": "IF(?x, <u:b>, ?y)",
    "<<( ?x a <<( ?y :q 1 )>> )>>": f"<<( ?x <{RDF}type> <<( ?y <{E}q> 1 )>> )>>",
}


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expressions(text: str) -> None:
    (rule,) = read(f"PREFIX a: <u:> RULE {{ }} WHERE {{ ?x :p ?y FILTER ({text}) }}")
    (_, found) = rule.body
    assert isinstance(found, Expression) and found.text == EXPRESSIONS[text]
    assert found.variables == {name for name in "xy" if f"?{name}" in found.text}


def test_filters_without_brackets_and_set() -> None:
    found = body("FILTER regex('a', 'b') FILTER :f(1) . SET (?v := bnode() )")
    assert found[0] == Expression('REGEX("a", "b")', frozenset())
    assert found[1] == Expression(f"<{E}f>(1)", frozenset())
    assert found[2] == Assignment(Variable("v"), Expression("BNODE()", frozenset()))


def test_every_built_in_of_the_draft_is_known_to_the_engine() -> None:
    assert len(BUILT_INS) == 53
    for name, (written, least, most) in BUILT_INS.items():
        for count in {least, min(most, 4)}:
            call = f"{name.lower()}({', '.join(['?x'] * count)})"
            if name != "TRIPLE":
                (rule,) = parse_rules(f"{PREFIX} RULE {{ }} WHERE {{ ?x :p ?y FILTER({call}) }}", "t.srl")
                assert written in construct(rule)


def test_a_variable_of_a_not_that_is_bound_later_is_another_one() -> None:
    negation, atom = body("NOT { ?x :p ?y . ?z :p ?x FILTER(?y > 1 && STR(?x) != '?y') } ?y :q ?x")
    assert isinstance(negation, Negation) and isinstance(atom, Atom)
    inner = {variable.value for part in negation.atoms for variable in part.variables()}
    assert inner == {"x1", "y1", "z"} and not inner & {variable.value for variable in atom.variables()}
    assert negation.filters == (Expression('?y1 > 1 && STR(?x1) != "?y"', frozenset({"x1", "y1"})),)
    (rule,) = read("RULE { } WHERE { ?y :q ?x NOT { ?x :p ?y } }")
    assert {variable.value for variable in rule.negations()[0].atoms[0].variables()} == {"x", "y"}


# ---- what is refused

R = "RULE :r { ?x :p ?y } WHERE { ?x :q ?y "
REFUSED = [
    ("R301 1:10: '}' is not expected", "DATA { } } WHERE { }", "a rule is written"),
    ("R301 1:11: the variable ?p cannot", "DATA { :a ?p 1 }", "RULE"),
    ("R301 1:11: a path cannot stand in a head", "RULE { ?x :p/:q ?y } WHERE { ?x :q ?y }", "each step"),
    ("R301 1:12: a path cannot stand in a head", "RULE { ?x (:p) ?y } WHERE { ?x :q ?y }", "each step"),
    ("R301 1:12: a path cannot stand in DATA", "DATA { :a ^:p 1 }", "each step"),
    ("R301 1:21: what a path says cannot be noted", "RULE { } WHERE { ?x :p/:q ?y {| :since 1 |} }", "each step"),
    ("R301 1:21: '\"p\"' is not expected", 'RULE { } WHERE { :a "p" 1 }', "a rule"),
    ("R301 1:27: '?b' is not expected", "RULE { } WHERE { ?x ?p ?y ?b ?c ?d }", "a rule"),
    ("R301 1:24: 'NOT' is not expected", "RULE { } WHERE { NOT { NOT { ?x :q ?y } } }", "triples and FILTERs"),
    ("R301 1:24: 'SET' is not expected", "RULE { } WHERE { NOT { SET(?x := 1) } }", "triples and FILTERs"),
    ("R301 1:39: 'BIND' is not expected", R + "BIND(1 AS ?z) }", "SET (?variable := expression)"),
    (
        "R301 1:39: 'OPTIONAL' is not expected",
        R + "OPTIONAL { ?x :q ?z } }",
        "one rule with the pattern and one without",
    ),
    ("R301 1:50: 'COUNT' is not expected", R + "SET (?z := COUNT(?y)) }", "do not count or sum"),
    ("R301 1:46: STR takes 1 argument, not 2", R + "FILTER(STR(?x, ?y)) }", "section 17"),
    ("R301 1:46: NOW takes no arguments, not 1", R + "FILTER(NOW(?x)) }", "section 17"),
    ("R301 1:46: REGEX takes 2 or 3 arguments, not 1", R + "FILTER(REGEX(?x)) }", "section 17"),
    ("R301 1:53: '=' is not expected", R + "FILTER(?x = 1 = 2) }", "a rule"),
    ("R301 1:50: '_:b' is not expected", R + "FILTER(<<( _:b :p 1 )>> = 1) }", "no blank nodes"),
    ("R301 1:14: left is not a base direction", 'DATA { :a :p "x"@en--left }', "ltr"),
    ("R301 1:9: \"'''1.2'''\" is not expected", "VERSION '''1.2'''", 'VERSION "1.2"'),
    ("R301 1:8: 'ex:a' is not expected", "PREFIX ex:a <u:b>", "PREFIX ex:"),
    ("R301 1:6: ':' is not expected", "BASE :", "in full"),
    ("R301 1:8: <a> is not an absolute IRI", "DATA { <a> :p 1 }", "3.2"),
    ("R301 1:8: <\\u0020> is not an absolute IRI", "DATA { <\\u0020> :p 1 }", "3.2"),
    ("R304 1:1: IMPORTS <u:other> is not followed", "IMPORTS <u:other>", "--rules"),
    ("R304 1:9: VERSION '1.3' is not known", "VERSION '1.3'", 'VERSION "1.2"'),
    ("R304 1: t:r: a reifier, an annotation or a triple term", R + "~ ?r }", "no triple terms"),
    ("R304 1: t:r: a reifier, an annotation or a triple term", R + "; :q <<( ?x :q ?y )>> }", "no triple terms"),
    ("R304 1: t:r: a triple term is made in TRIPLE(", R + "SET(?t := TRIPLE(?x, :p, ?y)) }", "no triple terms"),
    ("R304 1: t:r: a triple term is made in ?y = <<(", R + "FILTER(?y = <<( ?x :p ?y )>>) }", "no triple terms"),
    ('R304 1: t:r: "x"@en--ltr has a base direction', R + '; :q "x"@en--ltr }', "language only"),
    ('R304 1: t:r: the literal "x" is a subject', R + '. "x" :q ?x }', "turn the triple round"),
    ("R304 1: t:r: the function <t:f> is not known", R + "FILTER :f(?x) }", "section 17"),
    ("R304 1: t:r: the SPARQL engine takes no variable ?\U00020000", R + ". ?x :p ?\U00020000 }", "U+FFFF"),
    (f"R304 1: t:r: its body has more than {MAX_PARTS} parts", R + ". ?x :p ?y " * MAX_PARTS + "}", "in two"),
]


@pytest.mark.parametrize(("expected", "text", "hint"), REFUSED, ids=[expected for expected, *_ in REFUSED])
def test_refusals(expected: str, text: str, hint: str) -> None:
    error = refusal(PREFIX + "\n" + text)
    code, place, words = expected.split(" ", 2)
    line, *column = place.rstrip(":").split(":")
    wanted = ":".join(["t.srl", str(int(line) + 1), *column])
    message = error.message.replace(f"<{E}r>", "t:r").replace(E, "t:")
    assert (error.code, message[: len(f"{wanted}: {words}")]) == (code, f"{wanted}: {words}"), message
    assert hint in error.hint


def test_brackets_may_be_deep_but_not_endless() -> None:
    def nested(depth: int) -> str:
        return f"{PREFIX} {R} FILTER({'(' * depth}?x = ?y{')' * depth}) }}"

    # The filter and the body have a bracket of their own; braces do not count.
    assert construct(parse_rules(nested(MAX_DEPTH - 1), "t.srl")[0])
    for deep in (nested(MAX_DEPTH), nested(100_000), PREFIX + "DATA { " + "[ :p " * 100_000):
        assert f"more than {MAX_DEPTH} brackets are open" in refusal(deep).message


def test_a_long_token_is_cut_in_a_message() -> None:
    assert len(refusal(f"DATA {{ '{'x' * 10_000}' }}").message) < 120


def test_the_well_formed_are_told_apart() -> None:
    order = "RULE { } WHERE { NOT { FILTER(?y = 1) ?x :p ?y } }"
    (rule,) = read(order)
    with pytest.raises(RuleError, match="in NOT is not bound before it"):
        check_well_formed(rule)
    check_well_formed(read(order.replace("FILTER(?y = 1) ?x :p ?y", "?x :p ?y FILTER(?y = 1)"))[0])


def test_a_cycle_names_its_rules_only() -> None:
    rules = read(
        """RULE :a { ?x :p ?y } WHERE { ?x :q ?y NOT { ?x :r ?y } }
        RULE :b { ?x :r ?y } WHERE { ?x :s ?y } RULE :c { ?x :s ?y } WHERE { ?x :p ?y }
        RULE :near { ?x :p ?y } WHERE { ?x :s ?y } RULE :far { ?x :t ?y } WHERE { ?x :p ?y }"""
    )
    with pytest.raises(RuleError) as caught:
        components(rules)
    assert caught.value.code == "R303"
    assert re.findall(r"org/(\w+)>", caught.value.message) == ["a", "b", "c"]
    assert "through a NOT:" in caught.value.message and "NOT DATA" in caught.value.hint
    components([rule for rule in rules if not rule.name.endswith("/c")])


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("a SET", "RULE { ?x :p ?z } WHERE { ?x :p ?y SET(?z := ?y + 1) }"),
        ("a blank node in a head", "RULE { ?x :p [ :q ?y ] } WHERE { ?x :p ?y }"),
        ("a blank node in a head", "RULE { ?x :p ( ?y ) } WHERE { ?x :p ?y }"),
    ],
)
def test_what_makes_terms_may_not_feed_itself(reason: str, text: str) -> None:
    with pytest.raises(RuleError, match=f"through {reason}: rule:t.srl-line-1 "):
        components(read(text))
    components(read(text.replace("WHERE", "WHERE DATA")))


# ---- any text

RICH = f"""{PREFIX} BASE <http://b.org/x/> VERSION "1.2"
DATA {{ :a :p '''long 'x' string'''@en-GB , "x"^^xsd:int , -1.5e3 , true ; a <rel> . ( 1 ( 2 ) [ :q [] ] ) :r _:b0 . }}
RULE :r {{ ?x :q [ :v ?z ; :w ( ?y 1 ) ] . _:n :p ?x }} WHERE DATA {{
  ?x :p/^(:q/a) ?y . FILTER (?y > 1 && ?y NOT IN (1, -2, "a") || !isIRI(?x))
  NOT DATA {{ ?y :q ?w FILTER REGEX(STR(?w), "^a.b", "i") }} .
  SET (?z := IF(?y = 1, IRI(CONCAT("x", ENCODE_FOR_URI(STR(?x)))), xsd:integer(?y) + 1 * -2)) ?z :p _:c ; :q _:c . }}
RULE {{ << ?s :p ?o ~ :r >> :q <<( :a :b "c"@ar--rtl )>> {{| :z 1 ; a :C |}} }} WHERE {{ ?s :p ?o ~ _:r {{| :d ?d |}} }}
"""
PIECES = [
    *" \n{}()[]<>.,;:?$@\"'\\^/|&!=+-*~#_aA0e\u00e9\u200d\ud800\U0001f600\x00",
    *(
        "<<",
        ">>",
        "<<(",
        ")>>",
        "{|",
        "|}",
        ":=",
        "^^",
        "()",
        "[]",
        "_:b",
        "@en",
        "--ltr",
        "\\u0041",
        "\\uD800",
        "1e999",
    ),
    *("RULE", "WHERE", "DATA", "NOT", "SET", "FILTER", "IN", "PREFIX", "BASE", "IMPORTS", "NOW()", "<u:f>(", "((((((("),
]


def seeds() -> list[str]:
    found = [RICH] * 20
    for path in rule_files():
        prologue, *rules = re.split(r"(?m)^(?=RULE )", Path(path).read_text())
        found += ["".join(re.findall(r"PREFIX.*\n", prologue)) + rule for rule in rules]
    return found


def mutated(text: str, choices: random.Random) -> str:
    for _ in range(choices.choice([1, 1, 2, 4])):
        words = re.findall(r"\s+|\w+|.", text, re.DOTALL) or [""]
        one, other = sorted(choices.randrange(len(words)) for _ in range(2))
        match choices.randrange(5):
            case 0:
                words[one] = choices.choice(PIECES)
            case 1:
                words.insert(one, choices.choice(PIECES))
            case 2:
                del words[one]
            case 3:
                words[one], words[other] = words[other], words[one]
            case _:
                words[one:one] = words[one : min(other, one + 20)]
        text = "".join(words)
    return text


def test_mutated_rules_are_read_or_refused() -> None:
    """10,000 spoilt texts: each is read, or refused with its place and a next step."""
    choices, texts = random.Random(7), seeds()
    assert len(texts) > 100
    found: dict[str, int] = {}
    for _ in range(10_000):
        text = mutated(choices.choice(texts), choices)
        try:
            rules = parse_rules(text, "f.srl")
        except RuleError as error:
            assert re.match(r"f\.srl:\d+", error.message) and error.hint, error.message
            found[error.code] = found.get(error.code, 0) + 1
        else:
            assert all(one.name != other.name for one, other in pairwise(rules))
            found["read"] = found.get("read", 0) + 1
    assert min(found[code] for code in ("R301", "R302", "R304", "read")) > 15, found

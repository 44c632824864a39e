"""Random small graphs with OWL axioms and rules of their own over one vocabulary, each from a number.

Few things and many ways to make them equal, so that classes of equal things grow
in several waves; rules with NOT, FILTER, SET and blank nodes ask about the same.

Knows: how OWL and rules are written. Must not know: any engine that is tested with them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from typing import Any, Final

import pyoxigraph as ox
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple

from virtkg.namespaces import GENID, OWL, RDF, RDFS, XSD

E: Final = "https://example.org/"
_NAMES: Final = {"": E, "rdf": RDF, "rdfs": RDFS, "owl": OWL, "xsd": XSD}
TURTLE: Final = "".join(f"@prefix {name}: <{base}> .\n" for name, base in _NAMES.items())
RULES: Final = "".join(f"PREFIX {name}: <{base}>\n" for name, base in _NAMES.items())

THINGS: Final = [":a", ":b", ":c", ":d"]
CLASSES: Final = [":A", ":B", ":C"]
PROPERTIES: Final = [":p", ":q", ":r"]
PLAIN: Final = ["7", "8", '"7"', '"7"@en']
FORMS: Final = [*PLAIN, '"07"^^xsd:integer', "7.0", '"7.00"^^xsd:decimal', '"7"^^xsd:byte', "7.0e0", "true"]
FORMS_OF_TRUTH: Final = ['"1"^^xsd:boolean', '"true"^^xsd:boolean']

EQUALITIES: Final = [
    *("functional", "inverse functional", "key", "max", "same", "same term", "hasValue", "oneOf", "different"),
]
PATHS: Final = ["transitive", "symmetric", "inverse", "below", "chain", "domain", "range", "subclass", "equivalent"]


def facts(text: str) -> frozenset[Triple]:
    """Return the facts of a text in Turtle; blank nodes have IRIs, as after reading a file."""
    labels: dict[str, int] = {}

    def named(term: Any) -> Any:
        if not isinstance(term, BlankNode):
            return term
        return NamedNode(f"{GENID}blank/b.{labels.setdefault(term.value, len(labels))}-x")

    return frozenset(
        Triple(named(quad.subject), quad.predicate, named(quad.object))
        for quad in ox.parse(TURTLE + text, format=RdfFormat.TURTLE)
    )


class Mixture:
    """The graph and the rules that a number stands for: `data` in Turtle, `rules` in SRL.

    `avoid` holds what it shall not have: "parts" (equal things told apart by FILTER, SET or NOT DATA) and
    "asked" (owl:sameAs in a body).
    """

    def __init__(self, seed: int, avoid: Collection[str] = ()) -> None:
        self._random = random.Random(seed)
        self._avoid = avoid
        self._literals = [*FORMS, *FORMS_OF_TRUTH]
        axioms = [self._axiom(self._one(*EQUALITIES, *PATHS)) for _ in range(self._random.randint(2, 6))]
        given = [self._fact() for _ in range(self._random.randint(4, 12))]
        self.data = "\n".join([*axioms, *given])
        self.rules = RULES + "\n".join(self._rule(n) for n in range(self._random.randint(0, 3)))

    def facts(self) -> frozenset[Triple]:
        return facts(self.data)

    def _one(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _chance(self, part: float) -> bool:
        return self._random.random() < part

    def _thing(self) -> str:
        return self._one(*THINGS)

    def _property(self) -> str:
        return self._one(*PROPERTIES)

    def _class(self) -> str:
        return self._one(*CLASSES)

    def _value(self) -> str:
        return self._thing() if self._chance(0.7) else self._one(*self._literals)

    def _fact(self) -> str:
        if self._chance(0.2):
            return f"{self._thing()} a {self._class()} ."
        if self._chance(0.1):
            return f"{self._thing()} :v {self._one(*self._literals)} ."
        return f"{self._thing()} {self._property()} {self._value()} ."

    # ---- axioms

    def _axiom(self, kind: str) -> str:
        one, other = self._property(), self._property()
        match kind:
            case "functional" | "inverse functional" | "transitive" | "symmetric":
                return f"{one} a owl:{kind.title().replace(' ', '')}Property ."
            case "inverse":
                return f"{one} owl:inverseOf {other} ."
            case "below":
                return f"{one} rdfs:subPropertyOf {other} ."
            case "chain":
                path = " ".join(self._property() for _ in range(self._random.randint(2, 5)))
                return f"{one} owl:propertyChainAxiom ( {path} ) ."
            case "domain" | "range":
                return f"{one} rdfs:{kind} {self._class()} ."
            case "key":
                return f"{self._class()} owl:hasKey ( {self._one(one, f'{one} {other}')} ) ."
            case _:
                return self._about_things(kind, one)

    def _about_things(self, kind: str, property_: str) -> str:
        match kind:
            case "max":
                most = '"1"^^xsd:nonNegativeInteger'
                return f"{self._class()} owl:onProperty {property_} ; owl:maxCardinality {most} ."
            case "hasValue":
                return f"{self._class()} owl:onProperty {property_} ; owl:hasValue {self._value()} ."
            case "oneOf":
                return f"{self._class()} owl:oneOf ( {self._thing()} {self._thing()} ) ."
            case "same":
                return f"{self._thing()} owl:sameAs {self._thing()} ."
            case "same term":
                return self._one(
                    f"{self._class()} owl:sameAs {self._class()} .", f"{property_} owl:sameAs {self._property()} ."
                )
            case "different":
                all_ = f"[] a owl:AllDifferent ; owl:members ( {self._thing()} {self._thing()} {self._thing()} ) ."
                return self._one(f"{self._thing()} owl:differentFrom {self._thing()} .", all_)
            case "subclass":
                return f"{self._class()} rdfs:subClassOf {self._class()} ."
            case _:
                return f"{self._class()} owl:equivalentClass {self._class()} ."

    # ---- rules

    def _rule(self, number: int) -> str:
        if self._chance(0.08):
            return f"DATA {{ {self._stated()} }}"
        parts = "parts" not in self._avoid
        asked = "DATA" if self._chance(0.1) else ""
        body = [self._pattern("?x", "?y")] + [
            self._pattern("?x", "?y", "?z") for _ in range(self._random.choice([0, 1, 1]))
        ]
        known = [name for name in ("?x", "?y", "?z") if name in " ".join(body)] or [":a"]
        for _ in range(self._random.choice([0, 0, 1, 1, 2])):
            body.append(self._test(known))
        if self._chance(0.2) and parts:
            body.append(f"SET(?v := {self._made(self._one(*known))})")
            known = [*known, "?v", "?v"]
            if self._chance(0.4):
                body.append(self._pattern(*known))
        return f"RULE :rule{number} {{ {self._head(known, number)} }} WHERE {asked} {{ {' '.join(body)} }}"

    def _stated(self) -> str:
        return self._axiom(self._one("same", "transitive", "below"))

    def _pattern(self, *names: str) -> str:
        subject, object_ = (self._one(*names, *names, *THINGS[:2]) for _ in range(2))
        choice = self._random.random()
        if choice < 0.05:
            return f"{subject} ?p {object_} ."
        if choice < 0.08:
            return f"{subject} a ?k ."
        if choice < 0.25:
            return f"{subject} a {self._class()} ."
        if choice < 0.35 and "asked" not in self._avoid:
            return f"{subject} owl:sameAs {object_} ."
        if choice < 0.45:
            return f"{subject} {self._one(':h0', ':h1')} {object_} ."
        if choice < 0.55:
            return f"{subject} :v {self._one(object_, object_, *self._literals[:5])} ."
        value = self._one(*self._literals) if self._chance(0.1) else object_
        return f"{subject} {self._property()} {value} ."

    def _test(self, known: list[str]) -> str:
        parts = "parts" not in self._avoid
        if self._chance(0.45) or not parts:
            inner = self._one("", "", f"FILTER({self._asked([*known, *known])})" if parts else "")
            return f"NOT {self._one('', '', 'DATA' if parts else '')} {{ {self._pattern(*known, '?w')} {inner} }}"
        return f"FILTER({self._asked(known)})"

    def _asked(self, known: list[str]) -> str:
        one, other = self._one(*known), self._one(*known)
        return self._one(
            *(f"{one} = {self._thing()}", f"{one} != {other}", f'STR({one}) < "{E}c"', f"isIRI({one})"),
            *(f"{one} > 7", f"SAMETERM({one}, {self._thing()})"),
        )

    def _made(self, one: str) -> str:
        return self._one(one, f"STR({one})", self._thing(), f'IRI(CONCAT(STR({one}), "1"))', f"{one} + 1", "7.0")

    def _head(self, known: list[str], number: int) -> str:
        subject, object_ = self._one(*known), self._one(*known, *known, ":a", *self._literals[:5])
        choice = self._random.random()
        if choice < 0.6:
            return f"{subject} :h{number} {object_} ."
        if choice < 0.7:
            return f"{subject} a {self._class()} ."
        if choice < 0.8:
            return f"{subject} owl:sameAs {object_} ."
        if choice < 0.88:
            return f"{subject} :h{number} [ :made {object_} ] ."
        if choice < 0.92:
            return f"{subject} {self._one(*known)} {object_} ."
        return f"{subject} {self._property()} {object_} ."


Fails = Callable[[str, str], bool]


def shrunk(data: str, rules: str, fails: Fails) -> tuple[str, str]:
    """Return lines of data and rules that still fail, and none of which can be left out."""
    again = True
    while again:
        again = False
        for line in data.splitlines():
            fewer = "\n".join(other for other in data.splitlines() if other != line)
            if fails(fewer, rules):
                data, again = fewer, True
        for line in [line for line in rules.splitlines() if not line.startswith("PREFIX")]:
            fewer = "\n".join(other for other in rules.splitlines() if other != line)
            if fails(data, fewer):
                rules, again = fewer, True
    return data, rules

"""Trees of triples → atoms: lists, nodes without a name, paths and reifiers are spelled out.

Knows: what each abbreviation of SPARQL 1.2 (section 4) stands for, and what
may stand in a DATA block, a head and a body.
Must not know: prefixes, conditions, or how rules are evaluated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Final

from lark import Token, Tree
from pyoxigraph import BlankNode, NamedNode, Variable

from virtkg.namespaces import GENID, RDF
from virtkg.rules.syntax import Atom, AtomTerm
from virtkg.rules.terms import Names

_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_NIL: Final = NamedNode(RDF + "nil")
_REIFIES: Final = NamedNode(RDF + "reifies")

_Node = Tree[Token] | Token


class Data:
    """DATA blocks: a blank node is an IRI, the same for a label in all blocks of a text."""

    title = "DATA"

    def __init__(self, text: str) -> None:
        self._text = text
        self._digest = b""
        self._count = 0

    def blank(self, label: str) -> NamedNode:
        """Return an IRI that no other text gives to its blank nodes; "" is a node without a label."""
        self._digest = self._digest or hashlib.sha256(self._text.encode("utf-8", "surrogatepass")).digest()
        self._count += not label
        # A label cannot begin with a blank.
        key = (label or f" {self._count}").encode()
        return NamedNode(f"{GENID}data/{hashlib.sha256(self._digest + key).hexdigest()[:24]}")


class Head:
    """The head of one rule: a blank node is made anew for each row."""

    title = "a head"

    def __init__(self) -> None:
        self._nodes: dict[str, BlankNode] = {}

    def blank(self, label: str) -> BlankNode:
        """Return a blank node, numbered in order; "" is a node without a label."""
        number = len(self._nodes)
        return self._nodes.setdefault(label or f" {number}", BlankNode(f"b{number}"))


class Body:
    """The body of one rule: a blank node is a variable that the rule does not name.

    `named` returns the variables that it names.
    """

    title = "a body"

    def __init__(self, named: Callable[[], set[str]]) -> None:
        self._named = named
        self._taken: set[str] | None = None
        self._numbers: dict[str, int] = {}
        self._nodes: dict[str, Variable] = {}

    def blank(self, label: str) -> Variable:
        """Return the variable of a label; "" is a node without a label."""
        if not label:
            return self.fresh("node")
        if label not in self._nodes:
            self._nodes[label] = self.fresh("node")
        return self._nodes[label]

    def fresh(self, stem: str) -> Variable:
        """Return a variable that the rule has not yet: a stem and a number."""
        if self._taken is None:
            self._taken = self._named()
        while True:
            number = self._numbers[stem] = self._numbers.get(stem, 0) + 1
            if f"{stem}{number}" not in self._taken:
                return Variable(f"{stem}{number}")


class Triples:
    """Reads the triples of one place."""

    def __init__(self, names: Names, place: Data | Head | Body) -> None:
        self._names = names
        self._place = place

    def atoms(self, tree: Tree[Token]) -> list[Atom]:
        """Return the atoms of a `triples` tree, in the order of its text. Raises RuleError (R301)."""
        first, *properties = tree.children
        subject, below = self._node(first)
        return [*below, *self._properties(subject, properties)]

    def _properties(self, subject: AtomTerm, properties: list[_Node]) -> Iterator[Atom]:
        for property_ in properties:
            assert isinstance(property_, Tree)
            verb, *objects = property_.children
            for object_ in objects:
                yield from self._object(subject, verb, object_)

    def _object(self, subject: AtomTerm, verb: _Node, node: _Node) -> Iterator[Atom]:
        notes: list[_Node] = []
        if isinstance(node, Tree) and node.data == "object":
            node, *notes = node.children
        object_, below = self._node(node)
        yield from self._link(subject, verb, object_)
        yield from below
        if not notes:
            return
        if isinstance(verb, Tree):
            raise self._names.fault(_token(verb), "what a path says cannot be noted", "write a triple for each step")
        yield from self._notes(Atom(subject, self._term(verb), object_), notes)

    def _notes(self, noted: Atom, notes: list[_Node]) -> Iterator[Atom]:
        """Yield what reifiers and annotation blocks say; a block speaks of the reifier just before it."""
        about: AtomTerm | None = None
        for note in notes:
            assert isinstance(note, Tree)
            if note.data == "reifier":
                about = self._reifier(note)
                yield Atom(about, _REIFIES, noted)
                continue
            if about is None:
                about = self._place.blank("")
                yield Atom(about, _REIFIES, noted)
            yield from self._properties(about, note.children)
            about = None

    def _reifier(self, tree: Tree[Token]) -> AtomTerm:
        return self._term(_token(tree)) if tree.children else self._place.blank("")

    def _link(self, subject: AtomTerm, verb: _Node, object_: AtomTerm) -> Iterator[Atom]:
        """Yield the atoms of a path; a joint between two steps is a new variable."""
        if isinstance(verb, Token):
            yield Atom(subject, self._term(verb), object_)
            return
        if not isinstance(self._place, Body):
            raise self._names.fault(
                _token(verb), f"a path cannot stand in {self._place.title}", "write a triple for each step"
            )
        if verb.data == "group":
            yield from self._link(subject, verb.children[0], object_)
            return
        if verb.data == "inverse":
            yield from self._link(object_, verb.children[0], subject)
            return
        steps = [step for step in verb.children if not (isinstance(step, Token) and step.type == "SLASH")]
        joints = [subject, *(self._place.fresh("joint") for _ in steps[1:]), object_]
        for number, step in enumerate(steps):
            yield from self._link(joints[number], step, joints[number + 1])

    def _node(self, node: _Node) -> tuple[AtomTerm, list[Atom]]:
        """Return the term that a node is, and the atoms that its writing implies."""
        if isinstance(node, Token):
            return self._term(node), []
        match node.data:
            case "triple":
                return self._triple(node), []
            case "collection":
                return self._collection(node)
            case "reified":
                return self._reified(node)
            case _:
                about = self._place.blank("")
                return about, list(self._properties(about, node.children))

    def _triple(self, tree: Tree[Token]) -> Atom:
        subject, predicate, object_ = (
            self._triple(part) if isinstance(part, Tree) else self._term(part) for part in tree.children
        )
        return Atom(subject, predicate, object_)

    def _reified(self, tree: Tree[Token]) -> tuple[AtomTerm, list[Atom]]:
        subject, below = self._node(tree.children[0])
        predicate, _ = self._node(tree.children[1])
        object_, more = self._node(tree.children[2])
        last = tree.children[3] if len(tree.children) > 3 else None
        about = self._reifier(last) if isinstance(last, Tree) else self._place.blank("")
        return about, [Atom(about, _REIFIES, Atom(subject, predicate, object_)), *below, *more]

    def _collection(self, tree: Tree[Token]) -> tuple[AtomTerm, list[Atom]]:
        cells = [self._place.blank("") for _ in tree.children]
        atoms: list[Atom] = []
        for cell, rest, child in zip(cells, [*cells[1:], _NIL], tree.children, strict=True):
            member, below = self._node(child)
            atoms += [Atom(cell, _FIRST, member), Atom(cell, _REST, rest), *below]
        return cells[0], atoms

    def _term(self, token: Token) -> AtomTerm:
        match token.type:
            case "NIL":
                return _NIL
            case "BLANK":
                return self._place.blank(token[2:] if token.startswith("_:") else "")
            case "VAR" if isinstance(self._place, Data):
                raise self._names.fault(token, f"the variable {token} cannot stand in DATA", "write a RULE")
            case _:
                return self._names.term(token)


def _token(tree: Tree[Token]) -> Token:
    return next(iter(tree.scan_values(lambda value: isinstance(value, Token))))

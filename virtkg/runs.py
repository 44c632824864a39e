"""Things of an answer → runs: the versions of a line that stand next to each other and are alike, as one name.

A run is told by its ends, so it may enclose nothing that is not alike: neither
what the order of the line puts between them, nor what it leaves open and a
reader would look for there.

Knows: the order of lines, and how their runs are called. Must not know: the graph, or how an answer is shown.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Final, TypeAlias

from virtkg.answer import Line
from virtkg.natural import natural

Run: TypeAlias = tuple[str, ...]
"""IRIs in the order of their line; of a thing that is no version of one, that thing alone."""

_NAMED: Final = 3
"""So many versions are named each: that takes no more room than both ends and a count."""


def arranged(labels: Mapping[str, str], lines: Iterable[Line], alike: Mapping[str, Hashable]) -> list[list[Run]]:
    """Return the runs of things, those of a line together; `labels` and `alike` are by IRI.

    Lines and things without one are in the order of their first labels.
    """
    of = {iri: line for line in lines for iri in line.versions}
    members: dict[int, list[str]] = {}
    groups: list[list[Run]] = [[(iri,)] for iri in labels if iri not in of]
    for iri in labels:
        if iri in of:
            members.setdefault(id(of[iri]), []).append(iri)
    groups += [runs(of[iris[0]], {iri: alike[iri] for iri in iris}) for iris in members.values()]
    return sorted(groups, key=lambda group: natural(labels[group[0][0]]))


def runs(line: Line, alike: Mapping[str, Hashable]) -> list[Run]:
    """Return the runs of some versions of a line: one ends where the next version is none of them, or another sort."""
    found: list[Run] = []
    taken: set[int] = set()
    for start, iri in enumerate(line.versions):
        if iri in alike and start not in taken:
            places = _run(line, start, alike) - taken
            taken |= places
            found.append(tuple(line.versions[place] for place in sorted(places)))
    return found


def _run(line: Line, start: int, alike: Mapping[str, Hashable]) -> set[int]:
    """Return the places of a run: what comes after its start, and what stands between that by the order of the line."""
    places = {start}
    for place in range(start + 1, len(line.versions)):
        iri = line.versions[place]
        if iri not in alike or alike[iri] != alike[line.versions[start]]:
            break
        if not places.isdisjoint(line.before[place]):
            places.add(place)
    last, count = max(places), 0
    while count < len(places):
        count = len(places)
        for place in range(last, start, -1):
            if place in places:
                places |= {before for before in line.before[place] if before > start}
        places |= {place for place in range(start + 1, last) if not places.isdisjoint(line.before[place])}
    return places


def name(labels: Sequence[str], noun: str = "", *, after: str = "") -> str:
    """Return what a run is called, by the labels of its versions; `noun` is what they are.

    With `after`, the last label of the run before it, what both are versions of is not repeated.

    >>> name(["vSphere 6.0", "vSphere 6.5", "vSphere 6.7", "vSphere 7.0"], "versions")
    'vSphere 6.0 … 7.0 (4 versions)'
    >>> name(["Xen 4.1", "Xen 4.2"]), name(["Xen 4.1", "Xen 4.2"], after="Xen 3.0")
    ('Xen 4.1, 4.2', '4.1, 4.2')
    """
    shown = [_shortened(label, before) for before, label in pairwise((after, *labels))]
    if len(labels) <= _NAMED:
        return ", ".join(shown)
    return f"{shown[0]} … {_shortened(labels[-1], labels[0])} ({f'{len(labels)} {noun}'.rstrip()})"


def _shortened(label: str, after: str) -> str:
    """Return a label without the words before its number, or before its last word, if another begins with them.

    >>> _shortened("vSphere 7.0 Update 1", "vSphere 7.0"), _shortened("vSphere 4.0", "VMware Infrastructure 3.5")
    ('7.0 Update 1', 'vSphere 4.0')
    """
    words = label.split(" ")
    product = "".join(f"{word} " for word in takewhile(lambda word: not any(map(str.isdigit, word)), words[:-1]))
    return label.removeprefix(product) if after.startswith(product) else label


def by_line(labels: Mapping[str, str], lines: Iterable[Line], most: int = 8) -> str:
    """Return the names of things by their IRIs, for so many lines or twice as many runs, and how many are left."""
    texts: list[str] = []
    left = len(labels)
    for group in arranged(labels, lines, dict.fromkeys(labels))[:most]:
        after = ""
        for run in group[: 2 * most - len(texts)]:
            names = [labels[iri] for iri in run]
            texts.append(name(names, after=after))
            after = names[-1]
            left -= len(run)
    return ", ".join(texts) + (f" and {left} more" if left else "")

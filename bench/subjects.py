"""What the queries of the bench ask about: the governments, places and editions that a data set has."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse

from lod.iris import Iris

SAMPLE = 5_000  # of each kind, where there are as many
# Of the beginnings of names, for expressions; made-up names have none of the other letters.
_LETTERS = tuple(f"{consonant}{vowel}" for consonant in "KSTNHMYR" for vowel in "aio")

Subjects = Mapping[str, tuple[str, ...]]
"""Last parts of IRIs, by kind: `government`, `area`, `prefecture`, `edition`; and `letters` of names."""


def read_subjects(path: Path, iris: Iris, seed: int) -> Subjects:
    """Reads from N-Quads which subjects have what the queries ask for; the same ones for the same seed."""
    found: dict[str, set[str]] = {"government": set(), "area": set(), "prefecture": set(), "edition": set()}
    governments, areas, editions = iris.government("").value, iris.area("").value, iris.graph("edition/").value
    with path.open("rb") as file:
        lines = (line for line in file if b"/contactPoint>" in line or b"/containedInPlace>" in line)
        for quad in parse(b"".join(lines), RdfFormat.N_QUADS):
            if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(editions):
                found["edition"].add(quad.graph_name.value.removeprefix(editions))
            elif quad.graph_name == DefaultGraph() and isinstance(quad.subject, NamedNode):
                subject, target = quad.subject.value, getattr(quad.object, "value", "")
                if subject.startswith(governments):
                    found["government"].add(subject.removeprefix(governments))
                elif subject.startswith(areas):
                    found["area"].add(subject.removeprefix(areas))
                    found["prefecture"].add(target.removeprefix(areas))
    return {"letters": _LETTERS} | dict(_sample(found, random.Random(seed)))  # noqa: S311 — not for secrets


def _sample(found: Mapping[str, set[str]], chance: random.Random) -> Iterator[tuple[str, tuple[str, ...]]]:
    for kind, names in found.items():
        yield kind, tuple(chance.sample(sorted(names), min(SAMPLE, len(names))))

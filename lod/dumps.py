"""The dumps: each graph of the data set, and all of them together, in every format that can hold it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from lod.dataset import Dataset
from lod.formats import DATASET_FORMATS, DUMP_FORMATS, JSON_LD_DATASET, Format, Sorted, sort_statements

CURRENT, ALL, RELEASE = "current", "all", "release"  # beside `edition-NNN` and the graphs named in `_SINGLE`
_SINGLE = ("quality", "reference", "catalog")


@dataclass(frozen=True)
class Part:
    """What one family of files holds: one graph, which is the default one where `graph` is None, or every graph."""

    name: str
    quads: tuple[Quad, ...]
    graph: NamedNode | None = None

    @property
    def formats(self) -> tuple[Format, ...]:
        """Several graphs in a format without graph names would mix what was true at different times."""
        return (*DATASET_FORMATS, JSON_LD_DATASET) if self.name == ALL else DUMP_FORMATS


@dataclass(frozen=True)
class Dump:
    """One file: what it holds, in which format, and how many triples (quads, where it names graphs)."""

    name: str
    part: Part
    format: Format
    content: bytes

    @property
    def triples(self) -> int:
        return len(self.part.quads)


def list_parts(dataset: Dataset) -> Iterator[Part]:
    """The families of files of a data set."""
    yield Part(CURRENT, _sort(dataset.default, DefaultGraph()))
    for name in [n for n in sorted(dataset.graphs) if n.startswith("edition/")] + list(_SINGLE):
        yield make_part(name.replace("/", "-"), dataset.graphs[name], dataset.iris.graph(name))
    yield Part(ALL, tuple(q for q in sort_statements(dataset.iterate_quads()) if isinstance(q, Quad)))


def make_part(name: str, triples: Iterable[Triple], graph: NamedNode) -> Part:
    """The family of files of one named graph."""
    return Part(name, _sort(triples, graph), graph)


def write_part(part: Part, prefixes: Mapping[str, str], context: Mapping[str, object]) -> Iterator[Dump]:
    """The part in each of its formats."""
    triples, quads = Sorted(quad.triple for quad in part.quads), Sorted(part.quads)
    for form in part.formats:
        statements = triples if form.is_triples else quads
        yield Dump(f"{part.name}.{form.suffix}", part, form, form.write(statements, prefixes, context))


def _sort(triples: Iterable[Triple], graph: NamedNode | DefaultGraph) -> tuple[Quad, ...]:
    ordered = sort_statements(triples)
    return tuple(Quad(t.subject, t.predicate, t.object, graph) for t in ordered)

"""What the data consist of, counted: the statistics of VoID for each graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from pyoxigraph import NamedNode, QuerySolutions

from server.dataset import Dataset

# Nothing of a request ever goes into these.
_GRAPHS = """SELECT ?graph (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"""
_DEFAULT = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
WHERE { ?s ?p ?o }"""
_CLASSES = "SELECT ?term (COUNT(DISTINCT ?s) AS ?count) WHERE { ?s a ?term } GROUP BY ?term"
_PROPERTIES = "SELECT ?term (COUNT(*) AS ?count) WHERE { ?s ?term ?o } GROUP BY ?term"

NAMED = 1_000  # graphs, classes and properties that are told of, the first by their names


@dataclass(frozen=True)
class Counts:
    """How much there is in a graph."""

    triples: int
    subjects: int
    objects: int


class Statistics:
    """The counts of data that do not change, each computed once, when it is first asked for.

    For 80,000 quads that takes 40 ms, for ten million more than ten seconds: of large data nothing is counted.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._store = dataset.store
        self._is_large = dataset.is_large

    @cached_property
    def graphs(self) -> Mapping[NamedNode, Counts | None]:
        """The named graphs in the order of their names; one named by a blank node cannot be asked for."""
        found: dict[NamedNode, Counts | None] = dict.fromkeys(g for g in self._store.named_graphs() if isinstance(g, NamedNode))
        if not self._is_large:
            found |= {row["graph"]: _read_counts(row) for row in self._ask(_GRAPHS) if isinstance(row["graph"], NamedNode)}
        return {graph: found[graph] for graph in islice(sorted(found, key=str), NAMED)}

    @cached_property
    def default(self) -> Counts | None:
        """The default graph."""
        if self._is_large:
            return None
        return next(_read_counts(row) for row in self._ask(_DEFAULT))

    @cached_property
    def classes(self) -> Mapping[NamedNode, int]:
        """How many things of each class the default graph has; of large data nothing."""
        return {} if self._is_large else self._count_terms(_CLASSES)

    @cached_property
    def properties(self) -> Mapping[NamedNode, int]:
        """How many triples with each property the default graph has; of large data nothing."""
        return {} if self._is_large else self._count_terms(_PROPERTIES)

    def _count_terms(self, query: str) -> Mapping[NamedNode, int]:
        found = {row["term"]: int(row["count"].value) for row in self._ask(query) if isinstance(row["term"], NamedNode)}
        return {term: found[term] for term in sorted(found, key=str)}

    def _ask(self, query: str) -> QuerySolutions:
        result = self._store.query(query)
        assert isinstance(result, QuerySolutions)
        return result


def _read_counts(row: object) -> Counts:
    return Counts(*(int(row[name].value) for name in ("triples", "subjects", "objects")))  # type: ignore[index]

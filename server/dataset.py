"""The opened release as the routes see it: its store, its terms, and its editions in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from typing import Any, TypeVar, cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from lod.iris import Iris
from lod.release import Release

GraphName = NamedNode | BlankNode | DefaultGraph
Term = NamedNode | Literal
DEFAULT = DefaultGraph()
_T = TypeVar("_T")
_MOST = 10_000  # values of one property that are looked at, so that no thing is too large for a page
COUNTED = 2_000_000  # statements up to which all are counted where a page tells how many: that takes two seconds
_REMEMBERED = 4_096  # answers about things, such as their names


@dataclass(frozen=True)
class Edition:
    """One document as a data set."""

    number: str
    title: str
    iri: NamedNode
    graph: NamedNode
    source_graph: NamedNode
    current_for: tuple[str, ...]  # local names of the categories whose current edition it is


@dataclass(frozen=True)
class Dataset:
    """A release that was loaded."""

    release: Release
    store: Store
    iris: Iris
    prefixes: Mapping[str, str]  # for people and their queries
    vocabulary: Mapping[str, str]  # the prefixes of the names that the code uses
    context: Mapping[str, Any]
    editions: tuple[Edition, ...]  # the newest first
    is_large: bool  # too large to be counted while somebody waits: what is not counted is not told

    def term(self, name: str) -> NamedNode:
        """The term that a prefixed name such as `schema:name` means."""
        return self._expand(name)

    def remember(self, find: Callable[[Dataset, NamedNode], _T], thing: NamedNode) -> _T:
        """What the function finds of the thing; asked once, as a release does not change, and again where it was forgotten."""
        return cast(_T, self._find(find, thing))

    def keep(self, make: Callable[[Dataset], _T]) -> _T:
        """What the function makes of the whole release; made once and kept, so that it may take a while."""
        if make not in self._kept:
            self._kept[make] = make(self)
        return cast(_T, self._kept[make])

    def quads(
        self,
        subject: NamedNode | None = None,
        name: str | None = None,
        value: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        """The quads with that subject, predicate (a prefixed name), object and graph; None is any."""
        return iter(self.store.quads_for_pattern(subject, self.term(name) if name else None, value, graph))

    def values(self, subject: NamedNode, name: str, graph: GraphName | None = None) -> list[Any]:
        """The objects of a property, each once, literals in the order of their text."""
        found = {quad.object for quad in islice(self.quads(subject, name, graph=graph), _MOST)}
        return list(found) if len(found) < 2 else sorted(found, key=lambda o: (getattr(o, "value", ""), str(o)))

    def things(self, subject: NamedNode, name: str, graph: GraphName | None = None) -> list[NamedNode]:
        """Those objects of a property that are IRIs: data that are not ours may have anything there."""
        return [o for o in self.values(subject, name, graph) if isinstance(o, NamedNode)]

    def texts(self, subject: NamedNode, name: str, graph: GraphName | None = None) -> list[Literal]:
        """Those objects of a property that are literals."""
        return [o for o in self.values(subject, name, graph) if isinstance(o, Literal)]

    def numbers(self, subject: NamedNode, name: str, graph: GraphName | None = None) -> list[int]:
        """Those objects of a property that count something: no number of a line has more than nine digits."""
        texts = (text.value for text in self.texts(subject, name, graph))
        return sorted(int(text) for text in texts if text.isdecimal() and len(text) < 10)

    def is_current(self, thing: NamedNode) -> bool:
        """Whether anything is stated of it today."""
        return next(self.quads(thing, graph=DEFAULT), None) is not None

    def subjects(self, name: str, value: Term, graph: GraphName | None = None) -> list[NamedNode]:
        """What has that value for a property, each once."""
        quads = islice(self.quads(None, name, value, graph), _MOST)
        found = {q.subject for q in quads if isinstance(q.subject, NamedNode)}
        return sorted(found, key=lambda s: s.value)

    def get_edition(self, graph: GraphName) -> Edition | None:
        """The edition whose facts or lines a graph holds."""
        return self._editions_by_graph.get(graph)

    def find_edition(self, iri: NamedNode) -> Edition | None:
        """The edition of that IRI."""
        return self._editions_by_iri.get(iri)

    @cached_property
    def _expand(self) -> Callable[[str], NamedNode]:
        return lru_cache(maxsize=512)(partial(expand_name, self.vocabulary))  # the names in the code are fewer

    @cached_property
    def _find(self) -> Callable[[Callable[[Dataset, NamedNode], object], NamedNode], object]:
        return lru_cache(maxsize=_REMEMBERED)(lambda find, thing: find(self, thing))

    @cached_property
    def _kept(self) -> dict[Callable[[Dataset], object], object]:
        return {}

    @cached_property
    def _editions_by_iri(self) -> dict[NamedNode, Edition]:
        return {edition.iri: edition for edition in self.editions}

    @cached_property
    def _editions_by_graph(self) -> dict[GraphName, Edition]:
        return {graph: edition for edition in self.editions for graph in (edition.graph, edition.source_graph)}


def expand_name(prefixes: Mapping[str, str], name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(prefixes[prefix] + local)


def load_dataset(release: Release) -> Dataset:
    """Loads all graphs into memory."""
    store, vocabulary = release.load_store(), release.vocabulary
    editions = _find_editions(store, release.iris, vocabulary) if release.is_foreign else _read_editions(release)
    ordered = _order_editions(store, expand_name(vocabulary, "jle:laterThan"), editions)
    is_large = len(store) > COUNTED
    return Dataset(release, store, release.iris, release.prefixes, vocabulary, release.context, ordered, is_large)


def _read_editions(release: Release) -> list[Edition]:
    """The editions that the manifest names."""
    current: dict[str, str] = release.manifest["current"]
    return [
        _make_edition(release.iris, number, str(facts["title"]), [c for c, edition in current.items() if edition == number])
        for number, facts in release.manifest["editions"].items()
    ]


def _find_editions(store: Store, iris: Iris, vocabulary: Mapping[str, str]) -> list[Edition]:
    """The editions in data that are like ours: the members of the series."""
    in_series, title, current = (expand_name(vocabulary, n) for n in ("dcat:inSeries", "dcterms:title", "jle:currentEdition"))
    editions = []
    for iri in {q.subject for q in islice(store.quads_for_pattern(None, in_series, iris.series, None), _MOST)}:
        number = iri.value.removeprefix(iris.edition("").value) if isinstance(iri, NamedNode) else ""
        if not number or iri != iris.edition(number):
            continue
        titles = sorted(q.object.value for q in store.quads_for_pattern(iri, title, None) if isinstance(q.object, Literal))
        categories = {q.subject for q in store.quads_for_pattern(None, current, iri, None)}
        names = sorted(c.value.removeprefix(vocabulary["jle"]) for c in categories if isinstance(c, NamedNode))
        editions.append(_make_edition(iris, number, next(iter(titles), number), names))
    return editions


def _make_edition(iris: Iris, number: str, title: str, categories: list[str]) -> Edition:
    graph, source_graph = iris.graph(f"edition/{number}"), iris.graph(f"source/{number}")
    return Edition(number, title, iris.edition(number), graph, source_graph, tuple(categories))


def _order_editions(store: Store, later_than: NamedNode, editions: list[Edition]) -> tuple[Edition, ...]:
    """The newest first: that with the longest row of editions before it; of the same number those that contradict."""
    known = {edition.iri for edition in editions}
    earlier = {
        iri: {q.object for q in store.quads_for_pattern(iri, later_than, None) if isinstance(q.object, NamedNode)} & known
        for iri in known
    }
    ranks: dict[NamedNode, int] = {}
    try:
        for iri in TopologicalSorter(earlier).static_order():
            ranks[iri] = 1 + max((ranks[e] for e in earlier[iri]), default=0)
    except CycleError:
        ranks = {}
    return tuple(sorted(editions, key=lambda e: (-ranks.get(e.iri, 0), e.number)))

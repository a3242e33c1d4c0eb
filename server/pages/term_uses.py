"""Who uses a term: how often the graphs state it, of what kinds of things, and one statement of each as an example."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Triple

from server.dataset import DEFAULT, Dataset

# Nothing of a request ever goes into these. What two graphs state counts once.
_PROPERTIES = """SELECT ?term (COUNT(*) AS ?statements) (COUNT(DISTINCT ?s) AS ?things)
WHERE { SELECT DISTINCT ?s ?term ?o WHERE { GRAPH ?g { ?s ?term ?o } } } GROUP BY ?term"""
_KINDS = """SELECT ?term ?kind (COUNT(*) AS ?things)
WHERE { SELECT DISTINCT ?s ?term ?kind WHERE { GRAPH ?g { ?s ?term ?o } GRAPH ?h { ?s a ?kind } } } GROUP BY ?term ?kind"""
_CLASSES = """SELECT ?term (COUNT(DISTINCT ?s) AS ?things) WHERE { GRAPH ?g { ?s a ?term } } GROUP BY ?term"""
_NAMED = 6  # kinds of things that are named for one property, the most frequent first
_VISITED = 400  # things that are looked at for examples
_NEIGHBOURS = 40  # of each of them, in each direction
_LISTINGS = 2_000  # that are compared to find the one to start from
_MEASURED = ("jle:measuredCategory", "jle:measuredIssueType")  # a figure about a concept is no use of it
_TRIED = 50  # statements of a property that is nowhere near


_FOLLOWED = (  # from a listing, and from what is there on
    ("schema:about", ("jle:lgCode", "schema:areaServed")),
    ("jle:category", ()),
    ("jle:inEdition", ("jle:laterThan",)),
    ("jle:sourceLine", ()),
    ("jle:unitInCharge", ("schema:parentOrganization", "schema:url")),
    ("jle:contact", ("schema:email",)),
    ("jle:classInformation", ("schema:availableChannel",)),
)


@dataclass(frozen=True)
class Uses:
    """How often a term is stated, and of how many things of which kinds."""

    statements: int = 0
    things: int = 0
    kinds: tuple[tuple[NamedNode, int], ...] = ()
    kinds_left_out: int = 0


@dataclass(frozen=True)
class Examples:
    """One statement for each property, one thing for each class."""

    statements: Mapping[NamedNode, Triple] = field(default_factory=dict)
    things: Mapping[NamedNode, NamedNode] = field(default_factory=dict)


def count_uses(dataset: Dataset) -> dict[NamedNode, Uses]:
    """Of the properties and classes of all named graphs; large data are not counted."""
    if dataset.is_large:
        return {}
    kinds: dict[NamedNode, list[tuple[NamedNode, int]]] = {}
    for row in _ask(dataset, _KINDS):
        if isinstance(row["kind"], NamedNode):
            kinds.setdefault(row["term"], []).append((row["kind"], int(row["things"].value)))
    uses = {}
    for row in _ask(dataset, _PROPERTIES):
        ordered = sorted(kinds.get(row["term"], []), key=lambda k: (-k[1], str(k[0])))
        named, left_out = tuple(ordered[:_NAMED]), max(0, len(ordered) - _NAMED)
        uses[row["term"]] = Uses(int(row["statements"].value), int(row["things"].value), named, left_out)
    for row in _ask(dataset, _CLASSES):
        number = int(row["things"].value)
        uses[row["term"]] = Uses(number, number)
    return uses


def count_concepts(dataset: Dataset, concepts: Iterable[NamedNode]) -> dict[NamedNode, tuple[NamedNode, int] | None]:
    """By which property most things have each concept, and how many; None where nothing has it."""
    vocabulary = dataset.iris.graph("ontology")
    measured = {dataset.term(name) for name in _MEASURED}
    counts: dict[NamedNode, tuple[NamedNode, int] | None] = {}
    for concept in concepts:
        having: dict[NamedNode, set[object]] = {}
        for quad in dataset.quads(value=concept):
            if quad.graph_name not in (vocabulary, DEFAULT) and quad.predicate not in measured:
                having.setdefault(quad.predicate, set()).add(quad.subject)
        counts[concept] = max(((p, len(s)) for p, s in having.items()), key=lambda x: (x[1], str(x[0])), default=None)
    return counts


def find_examples(dataset: Dataset, properties: Iterable[NamedNode], classes: Iterable[NamedNode]) -> Examples:
    """The statements nearest to the listing that says the most: so they tell of one place, as far as they can."""
    statements: dict[NamedNode, Triple] = {}
    things: dict[NamedNode, NamedNode] = {}
    kind = dataset.term("rdf:type")
    for quad in _walk(dataset):
        if isinstance(quad.subject, NamedNode):
            statements.setdefault(quad.predicate, quad.triple)
            if quad.predicate == kind and isinstance(quad.object, NamedNode):
                things.setdefault(quad.object, quad.subject)
    for name in (p for p in properties if p not in statements):
        if found := _find_first(dataset.store.quads_for_pattern(None, name, None)):
            statements[name] = found.triple
    for name in (c for c in classes if c not in things):
        if (found := _find_first(dataset.quads(None, "rdf:type", name))) and isinstance(found.subject, NamedNode):
            things[name] = found.subject
    return Examples(statements, things)


def follow_listing(dataset: Dataset) -> list[tuple[Triple, list[Triple]]]:
    """What a listing says of itself, and with each what the other end says: the model on one example."""
    start = _find_start(dataset)
    found = []
    for name, further in _FOLLOWED if start else ():
        if first := _find_first(dataset.quads(start, name, graph=DEFAULT)):
            end = first.object
            onward = (_find_first(dataset.quads(end, n, graph=DEFAULT)) for n in further) if isinstance(end, NamedNode) else ()
            found.append((first.triple, [quad.triple for quad in onward if quad]))
    return found


def _find_first(quads: Iterable[Quad]) -> Quad | None:
    """The same in every process, as the order of the store is not."""
    named = (q for q in islice(quads, _TRIED) if isinstance(q.subject, NamedNode))
    return min(named, key=lambda q: (str(q.subject), str(q.object)), default=None)


def _walk(dataset: Dataset) -> Iterator[Quad]:
    """What is stated of a listing, then of what it links to and of what links to it, the nearest first."""
    start = _find_start(dataset)
    waiting, seen = deque([start] if start else []), {start}
    while waiting and len(seen) < _VISITED:
        thing = waiting.popleft()
        stated = _sort(islice(dataset.quads(thing), _VISITED))
        pointing = _sort(islice(dataset.quads(value=thing), _NEIGHBOURS))
        yield from stated
        for quad in (*stated, *pointing):
            for neighbour in (quad.object, quad.subject):
                if isinstance(neighbour, NamedNode) and neighbour not in seen and _is_thing(dataset, neighbour):
                    seen.add(neighbour)
                    waiting.append(neighbour)


def _is_thing(dataset: Dataset, thing: NamedNode) -> bool:
    """Not a term of the vocabulary, from which everything is near."""
    return (dataset.iris.strip_base(thing.value) or "").startswith("id/")


def _find_start(dataset: Dataset) -> NamedNode | None:
    """A listing of today with as many properties as any."""
    listings = {q.subject for q in islice(dataset.quads(None, "schema:about", graph=DEFAULT), _LISTINGS)}
    counted = (
        (-len({q.predicate for q in dataset.quads(listing, graph=DEFAULT)}), listing.value, listing)
        for listing in listings
        if isinstance(listing, NamedNode)
    )
    best = min(counted, default=None, key=lambda c: c[:2])
    return best[2] if best else None


def _sort(quads: Iterable[Quad]) -> list[Quad]:
    """Texts in English before the others, so that an example is one that most can read; else by the words."""

    def rank(quad: Quad) -> tuple[bool, str, str]:
        value = quad.object
        is_foreign = isinstance(value, Literal) and value.language not in (None, "en")
        return is_foreign, str(quad.predicate), str(value)

    return sorted((q for q in quads if not isinstance(q.object, BlankNode)), key=rank)


def _ask(dataset: Dataset, query: str) -> QuerySolutions:
    result = dataset.store.query(query)
    assert isinstance(result, QuerySolutions)
    return result

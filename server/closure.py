"""What a DESCRIBE says of things: their own facts, those of their parts and blank nodes, and those of what lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Triple

from server.dataset import Dataset, GraphName
from server.description import PARTS, is_within


def iterate_facts(dataset: Dataset, things: Iterable[NamedNode | BlankNode], graphs: tuple[GraphName, ...]) -> Iterator[Triple]:
    """The triples of those graphs about the things, in turn about their parts; one of several graphs comes several times."""
    part_properties = {dataset.term(name) for name in PARTS}
    about = dataset.term("schema:about")
    pattern = dataset.store.quads_for_pattern
    topics = set(things)
    listings = {q.subject for g in graphs for t in topics for q in pattern(None, about, t, g)}
    seen = {*topics, *(s for s in listings if isinstance(s, NamedNode | BlankNode))}
    waiting = list(seen)
    while waiting:
        thing = waiting.pop()
        for quad in (q for g in graphs for q in pattern(thing, None, None, g)):
            yield quad.triple
            value = quad.object
            if not isinstance(value, NamedNode | BlankNode) or value in seen:
                continue
            if isinstance(value, BlankNode) or quad.predicate in part_properties or is_within(thing, value):
                seen.add(value)
                waiting.append(value)

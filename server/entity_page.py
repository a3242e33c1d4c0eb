"""The page about one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from flask import render_template
from pyoxigraph import NamedNode

from server.dataset import Dataset
from server.facts import SHOWN, ask_for_rest, list_inverse_sections, list_sections
from server.labels import Label, label_term, label_thing
from server.links import Link
from server.listings import find_parents, list_listings
from server.provenance import list_issues, list_source_lines, read_issue

_CRUMBS = 10  # as many as anybody reads; other data may have endless ways up, and things of any number of classes
_FRAGMENTS = 50


@dataclass(frozen=True)
class Crumb:
    """A step of the way to the page."""

    label: Label
    iri: NamedNode


def render_entity_page(dataset: Dataset, topic: NamedNode, links: Sequence[Link]) -> str:
    """Names, listings, facts edition by edition, source lines and issues."""
    listings = list_listings(dataset, topic)
    parents = find_parents(dataset, topic)
    lines = list_source_lines(dataset, [topic] if _has_lines(dataset, topic) else [listing.iri for listing in listings])
    issue = read_issue(dataset, topic)
    if parents:
        issues = list_issues(dataset, parents, lines)
    else:
        issues = [issue] if issue else list_issues(dataset, [topic, *(li.iri for li in listings if li.iri != topic)])
    return render_template(
        "entity.html",
        topic=topic,
        label=label_thing(dataset, topic),
        types=[label_term(dataset, t) for t in dataset.things(topic, "rdf:type")[:_CRUMBS]],
        crumbs=_list_crumbs(dataset, topic, parents),
        listings=listings,
        sections=list_sections(dataset, topic),
        parts=[(part, list_sections(dataset, part)) for part in _list_fragments(dataset, topic)],
        inverse=list_inverse_sections(dataset, topic),
        rest=ask_for_rest(dataset, topic, inverse=False),
        inverse_rest=ask_for_rest(dataset, topic, inverse=True),
        lines=lines,
        issues=issues,
        links=links,
    )


def _has_lines(dataset: Dataset, topic: NamedNode) -> bool:
    return bool(dataset.values(topic, "jle:sourceLine"))


def _list_fragments(dataset: Dataset, topic: NamedNode) -> list[NamedNode]:
    """What this page is also the document of: identifiers, positions, periods."""
    objects = {q.object for q in islice(dataset.quads(topic), SHOWN) if isinstance(q.object, NamedNode)}
    return sorted((o for o in objects if o.value.startswith(f"{topic.value}#")), key=lambda o: o.value)[:_FRAGMENTS]


def _list_crumbs(dataset: Dataset, topic: NamedNode, parents: list[NamedNode]) -> list[Crumb]:
    """Up from the thing by what it belongs to; the thing itself is left out."""
    crumbs: list[Crumb] = []
    seen, current = {topic}, next(iter(parents), None) or _find_whole(dataset, topic)
    while current and current not in seen and len(crumbs) < _CRUMBS:
        seen.add(current)
        crumbs.insert(0, Crumb(label_thing(dataset, current), current))
        current = _find_whole(dataset, current)
    return crumbs


def _find_whole(dataset: Dataset, thing: NamedNode) -> NamedNode | None:
    for name in ("schema:parentOrganization", "jle:inEdition", "schema:containedInPlace"):
        for whole in dataset.things(thing, name):
            return whole
    return _find_prefecture(dataset, thing)


def _find_prefecture(dataset: Dataset, government: NamedNode) -> NamedNode | None:
    """The government of the prefecture in which a city's area lies."""
    if dataset.term("schema:GovernmentOrganization") not in dataset.values(government, "rdf:type"):
        return None
    for area in dataset.things(government, "schema:areaServed"):
        for around in dataset.things(area, "schema:containedInPlace"):
            found = [
                g for g in dataset.subjects("schema:areaServed", around) if g.value.startswith(f"{dataset.iris.base}id/gov/")
            ]
            if found:
                return found[0]
    return None

"""The page about one thing: what it is decides what comes first; all that is stated, and what points to it, comes last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote, urlencode

from flask import render_template, request
from pyoxigraph import NamedNode

from server.dataset import Dataset
from server.description import describe_thing
from server.links import Link
from server.pages.area_page import find_governments
from server.pages.facts import SHOWN, ask_for_rest, list_sections
from server.pages.incoming import read_incoming
from server.pages.labels import Label, label_term, label_thing
from server.pages.listings import find_parents
from server.pages.provenance import split_scripts
from server.pages.structured_data import write_structured_data
from server.pages.thing_pages import (
    show_area,
    show_body,
    show_edition,
    show_government,
    show_issue,
    show_line,
    show_listing,
    show_part,
)

_CRUMBS = 10  # as many as anybody reads; other data may have endless ways up, and things of any number of classes
_FRAGMENTS = 50
_Show = Callable[[Dataset, NamedNode], Mapping[str, object]]
_VIEWS: tuple[tuple[str, str, _Show], ...] = (  # the class of the thing, the template, and what that needs
    ("jle:Listing", "listing.html", show_listing),
    ("jle:SourceLine", "line.html", show_line),
    ("dqv:QualityAnnotation", "issue.html", show_issue),
    ("schema:AdministrativeArea", "area.html", show_area),
    ("schema:ContactPoint", "part.html", show_part),
    ("schema:ServiceChannel", "part.html", show_part),
    ("schema:Service", "part.html", show_part),
    ("schema:GovernmentService", "part.html", show_part),
    ("schema:Organization", "body.html", show_body),
    ("schema:NGO", "body.html", show_body),
)


@dataclass(frozen=True)
class Crumb:
    """A step of the way to the page."""

    label: Label
    iri: NamedNode


def render_entity_page(dataset: Dataset, topic: NamedNode, links: Sequence[Link], document: NamedNode) -> str:
    """What people look for first, then the forms of the document that programs read, then all statements."""
    description = describe_thing(dataset, topic, document)
    assert description is not None  # it was found
    parents = find_parents(dataset, topic)
    template, view = _choose_view(dataset, topic)
    types = dataset.things(topic, "rdf:type")[:_CRUMBS]
    return render_template(
        template,
        topic=topic,
        label=label_thing(dataset, topic),
        types=[label_term(dataset, t) for t in types],
        crumbs=_list_crumbs(dataset, topic, parents),
        sections=list_sections(dataset, topic),
        parts=[(part, list_sections(dataset, part)) for part in _list_fragments(dataset, topic)],
        incoming=read_incoming(dataset, topic, request.args.get("page", "")),
        make_page_address=_make_page_address,
        split_scripts=split_scripts,
        rest=ask_for_rest(dataset, topic),
        links=links,
        structured_data=write_structured_data(dataset, description),
        **view,
    )


def _choose_view(dataset: Dataset, topic: NamedNode) -> tuple[str, Mapping[str, object]]:
    """The template for the thing, and what it needs; the general one for what is of none of our kinds."""
    if dataset.editions:
        if edition := dataset.find_edition(topic):
            return "edition.html", show_edition(dataset, edition)
        types = dataset.values(topic, "rdf:type")
        if dataset.term("schema:GovernmentOrganization") in types:
            if topic.value.startswith(dataset.iris.government("").value):
                return "government.html", show_government(dataset, topic)
            return "body.html", show_body(dataset, topic)
        for name, template, show in _VIEWS:
            if dataset.term(name) in types:
                return template, show(dataset, topic)
    return "entity.html", {}


def _make_page_address(number: int) -> str:
    """This page with another part of what points to it."""
    parameters = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    path = quote(f"{request.script_root}{request.path}", safe="/:@!$&'()*+,;=~._-")
    return f"{path}?{urlencode([*parameters, ('page', str(number))])}#incoming"


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
            if found := find_governments(dataset, around):
                return found[0]
    return None

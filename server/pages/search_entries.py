"""What can be found: places, bodies in charge, e-mail addresses and hosts, each with the listings that name it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode

from server.dataset import DEFAULT, Dataset, Edition, GraphName

PLACE, DEPARTMENT, ASSOCIATION, EMAIL, HOST = "place", "department", "association", "email", "host"
GROUPS = {PLACE: "places", DEPARTMENT: "bodies", ASSOCIATION: "bodies", EMAIL: "addresses", HOST: "addresses"}


class Mention(NamedTuple):
    """That a listing names something: for which government, of which body, with which e-mail address."""

    listing: NamedNode
    edition: Edition
    is_current: bool
    category: str  # its local name
    government: NamedNode
    body: NamedNode | None
    email: str
    url: str


@dataclass(frozen=True)
class Place:
    """An area of the reference table."""

    area: NamedNode
    code: str
    names: dict[str, str]  # by language
    around: NamedNode | None
    identifiers: tuple[str, ...]

    @property
    def short_names(self) -> tuple[str, ...]:
        """Without the word for its kind."""
        japanese, kana, english = (self.names.get(language, "") for language in ("ja", "ja-hrkt", "en"))
        endings = _ENDINGS.get(japanese[-1:], ())
        read = next((kana.removesuffix(e) for e in endings if kana.endswith(e) and kana != e), kana)
        bare = english.rpartition(" ")[0] or english
        return (bare, japanese[:-1] if endings else japanese, read)


@dataclass(frozen=True)
class Entry:
    """Something that can be found."""

    kind: str
    text: str  # of an address itself, else a name
    iri: NamedNode | None  # of what the page of the hit is about
    names: tuple[Literal, ...]
    place: Place | None
    mentions: tuple[Mention, ...]  # those of today first

    @property
    def group(self) -> str:
        return GROUPS[self.kind]

    @cached_property
    def is_current(self) -> bool:
        """Whether a listing of today names it; a place needs none to be there today."""
        return any(m.is_current for m in self.mentions)

    @cached_property
    def editions(self) -> tuple[str, ...]:
        """The numbers of the editions that name it."""
        return tuple(sorted({m.edition.number for m in self.mentions}))

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Today's, or those of the past where there are none today."""
        return tuple(dict.fromkeys(m.category for m in self.mentions if m.is_current == self.is_current))

    @cached_property
    def governments(self) -> tuple[NamedNode, ...]:
        return tuple(dict.fromkeys(m.government for m in self.mentions))


_ENDINGS = {
    "県": ("けん",),
    "府": ("ふ",),
    "都": ("と",),
    "市": ("し",),
    "区": ("く",),
    "町": ("まち", "ちょう"),
    "村": ("むら", "そん"),
}


def list_entries(dataset: Dataset) -> list[Entry]:
    """Everything that can be found, in no order."""
    places = read_places(dataset)
    mentions = [m for edition in dataset.editions for m in _read_mentions(dataset, edition)]
    mentions.sort(key=lambda m: not m.is_current)
    areas = {q.subject: q.object for q in dataset.quads(None, "schema:areaServed", graph=None)}
    of_government: dict[NamedNode, list[Mention]] = defaultdict(list)
    of_body: dict[NamedNode, list[Mention]] = defaultdict(list)
    of_email: dict[str, list[Mention]] = defaultdict(list)
    of_host: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        of_government[mention.government].append(mention)
        if mention.body:
            of_body[mention.body].append(mention)
        if mention.email:
            of_email[mention.email.casefold()].append(mention)
        if host := read_host(mention.url) or mention.email.rpartition("@")[2].casefold():
            of_host[host].append(mention)
    by_area = {areas.get(government): government for government in of_government}
    entries = []
    for place in places.values():
        government = by_area.get(place.area)
        named = tuple(of_government[government]) if government else ()
        text = place.names.get("en", place.code)
        entries.append(Entry(PLACE, text, government or place.area, (), place, named))
    names = _read_names(dataset, of_body)
    units = dataset.iris.unit("", "").value.rstrip("/")
    for body, found in of_body.items():
        kind = DEPARTMENT if body.value.startswith(units) else ASSOCIATION
        own = names.get(body, ())
        entries.append(Entry(kind, own[0].value if own else body.value, body, own, None, tuple(found)))
    entries += [Entry(EMAIL, found[0].email, None, (), None, tuple(found)) for found in of_email.values()]
    entries += [Entry(HOST, host, None, (), None, tuple(found)) for host, found in of_host.items()]
    return entries


def read_places(dataset: Dataset) -> dict[NamedNode, Place]:
    """All areas of the reference table."""
    prefix, graph = dataset.iris.area("").value, dataset.iris.graph("reference")
    names: dict[NamedNode, dict[str, str]] = defaultdict(dict)
    for quad in dataset.quads(None, "schema:name", graph=graph):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal) and quad.subject.value.startswith(prefix):
            names[quad.subject][quad.object.language or ""] = quad.object.value
    codes = _map(dataset, "jle:lgCode", graph)
    around = _map(dataset, "schema:containedInPlace", graph)
    standard = _map(dataset, "jle:standardAreaCode", graph)
    return {
        area: Place(
            area, codes[area].value, found, around.get(area), (standard[area].value.rpartition("/")[2],) * (area in standard)
        )
        for area, found in names.items()
        if area in codes
    }


def read_host(url: str) -> str:
    """The host of a URL; empty where it has none."""
    try:
        return (urlsplit(url).hostname or "").removesuffix(".")
    except ValueError:
        return ""


def _read_mentions(dataset: Dataset, edition: Edition) -> Iterator[Mention]:
    """One for each body of a listing and each of its e-mail addresses, and one for each URL."""
    graph = edition.graph
    categories, emails = _map(dataset, "jle:category", graph), _group(dataset, "schema:email", graph)
    bodies, contacts = _group(dataset, "jle:unitInCharge", graph), _group(dataset, "jle:contact", graph)
    reached = _group(dataset, "schema:contactPoint", graph)
    others = _group(dataset, "jle:relatedOrganization", graph)
    operators, services = _group(dataset, "schema:serviceOperator", graph), _group(dataset, "jle:classInformation", graph)
    channels, links = _group(dataset, "schema:availableChannel", graph), _group(dataset, "schema:serviceUrl", graph)
    printed, own = _group(dataset, "jle:printedUrl", graph), _group(dataset, "schema:url", graph)
    today = {quad.subject for quad in dataset.quads(None, "schema:about", graph=DEFAULT)}
    for listing, government in _map(dataset, "schema:about", graph).items():
        category = categories[listing].value.removeprefix(dataset.vocabulary["jle"]) if listing in categories else ""
        start = (listing, edition, listing in today, category, government)
        of_bodies = [(body, c) for body in bodies[listing] for c in reached[body] if c in contacts[listing]]
        held = {contact for _, contact in of_bodies}
        pairs = [*of_bodies, *((None, c) for c in contacts[listing] if c not in held)]
        pairs.sort(key=lambda pair: (len(pair[1].value), pair[1].value))  # contacts are numbered
        yield from (Mention(*start, body, email.value, "") for body, c in pairs for email in emails[c])
        silent = set(bodies[listing]) - {body for body, c in pairs if emails[c]}
        named = {o for s in services[listing] for o in operators[s]} | set(others[listing])
        yield from (Mention(*start, body, "", "") for body in sorted(silent | named, key=str))
        urls = {u for s in services[listing] for c in channels[s] for u in links[c]} | {*printed[listing], *own[listing]}
        yield from (Mention(*start, None, "", url.value) for url in sorted(urls, key=str))


def _map(dataset: Dataset, name: str, graph: GraphName) -> dict[NamedNode, NamedNode]:
    """The value of a property by subject."""
    return {quad.subject: quad.object for quad in dataset.quads(None, name, graph=graph)}  # type: ignore[misc]


def _group(dataset: Dataset, name: str, graph: GraphName) -> dict[NamedNode, list[NamedNode]]:
    """The values of a property by subject, in their order."""
    found: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for quad in dataset.quads(None, name, graph=graph):
        found[quad.subject].append(quad.object)  # type: ignore[index, arg-type]
    for values in found.values():
        values.sort(key=str)
    return found


def _read_names(dataset: Dataset, things: dict[NamedNode, list[Mention]]) -> dict[NamedNode, tuple[Literal, ...]]:
    """The names of things, each once: several graphs state them."""
    found: dict[NamedNode, dict[Literal, None]] = defaultdict(dict)
    for quad in dataset.quads(None, "schema:name"):
        if quad.subject in things:
            found[quad.subject][quad.object] = None  # type: ignore[index]
    return {thing: tuple(sorted(names, key=str)) for thing, names in found.items()}

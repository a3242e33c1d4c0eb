"""Listings as triples: governments, bodies in charge, contacts and class information as one edition states them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode

from lod.iris import Iris
from lod.listings import Body, Listing, Stated
from lod.names import detect_language, make_slug
from lod.places import Place
from lod.triples import Triples, integer, text

CONTACT_TYPE = "Japanese-language education and international affairs"
SERVICE_TYPE = "Japanese class information"


def add_listings(graph: Triples, iris: Iris, listings: Iterable[Listing]) -> None:
    """Adds what the listings state, and the governments they are about."""
    for listing in listings:
        _ListingWriter(graph, iris, listing).add_listing()


class _ListingWriter:
    def __init__(self, graph: Triples, iris: Iris, listing: Listing) -> None:
        self.graph = graph
        self.iris = iris
        self.listing = listing
        self.number = listing.edition.number
        self.node = iris.listing(self.number, listing.line)
        self.government = iris.government(listing.place.lg_code)
        self.area = iris.area(listing.place.lg_code)

    def add_listing(self) -> None:
        listing, add = self.listing, self.graph.add
        self._add_government(listing.place)
        self.graph.add_types(self.node, "jle:Listing")
        add(self.node, "schema:about", self.government)
        add(self.node, "jle:inEdition", self.iris.edition(self.number))
        add(self.node, "jle:category", self.graph.vocabulary[f"jle:{listing.category}"])
        self._add_provenance(self.node, listing.lines)
        add(self.node, "jle:classInformationStatus", self.graph.vocabulary[f"jle:{listing.class_status}"])
        if listing.status:
            add(self.node, "jle:status", self.graph.vocabulary[f"jle:{listing.status}"])
        self.graph.add_names(self.node, "schema:description", ((n.value, detect_language(n.value)) for n in listing.notes))
        for related in listing.related:
            add(self.node, "jle:relatedOrganization", self._add_organization(related.value, ngo=False))
        add(self.node, "schema:url", *(NamedNode(u.value) for u in listing.urls))
        for body in listing.bodies:
            self._add_body(body)
        self._add_contact(0, listing.emails, None)
        self._add_class_information()

    def _add_government(self, place: Place) -> None:
        self.graph.add_types(self.government, "schema:GovernmentOrganization")
        self.graph.add_names(self.government, "schema:name", ((place.label_en, "en"), (place.name_ja, "ja")))
        self.graph.add(self.government, "jle:lgCode", text(place.lg_code))
        self.graph.add(self.government, "schema:areaServed", self.area)

    def _add_body(self, body: Body) -> None:
        if body.is_association:
            node = self._add_organization(body.name, ngo=body.is_ngo)
        else:
            node = self.iris.unit(self.listing.place.lg_code, body.slug)
            self.graph.add_types(node, "schema:GovernmentOrganization")
            self.graph.add(node, "schema:parentOrganization", self.government)
            self.graph.add(self.government, "schema:department", node)
        self.graph.add_names(node, "schema:name", [(body.name, body.language)])
        if body.of_this_place or not body.is_association:
            self.graph.add(node, "schema:areaServed", self.area)
        self.graph.add(node, "schema:url", *(NamedNode(u.value) for u in body.urls))
        self.graph.add(self.node, "jle:unitInCharge", node)
        self.graph.add(self.node, "jle:printedUrl", *(NamedNode(u.value) for u in body.urls))
        self._add_contact(body.order, body.emails, node)

    def _add_organization(self, name: str, *, ngo: bool) -> NamedNode:
        node = self.iris.organization(make_slug(name))
        self.graph.add_types(node, "schema:Organization", *(["schema:NGO"] if ngo else []))
        self.graph.add_names(node, "schema:name", [(name, detect_language(name))])
        return node

    def _add_contact(self, order: int, emails: Sequence[Stated], body: NamedNode | None) -> None:
        if not emails:
            return
        add, node = self.graph.add, self.iris.contact(self.number, self.listing.line, order)
        self.graph.add_types(node, "schema:ContactPoint")
        add(node, "schema:email", *(text(e.value) for e in emails))
        add(node, "vcard:hasEmail", *(NamedNode(f"mailto:{e.value}") for e in emails))
        add(node, "schema:contactType", text(CONTACT_TYPE, "en"))
        add(node, "schema:areaServed", self.area)
        add(node, "jle:order", integer(order))
        self._add_provenance(node, [e.line for e in emails])
        add(self.node, "jle:contact", node)
        for owner in (self.government, body):
            if owner is not None:
                add(owner, "schema:contactPoint", node)

    def _add_class_information(self) -> None:
        listing, add = self.listing, self.graph.add
        if not listing.channels and not listing.operator:
            return
        node = self.iris.class_information(self.number, listing.line)
        self.graph.add_types(node, "schema:Service", *(["schema:GovernmentService"] if listing.operator else []))
        add(node, "schema:serviceType", text(SERVICE_TYPE, "en"))
        add(node, "schema:areaServed", self.area)
        if listing.operator:
            add(node, "schema:serviceOperator", self._add_organization(listing.operator, ngo=False))
        for order, channel in enumerate(listing.channels, 1):
            link = self.iris.channel(self.number, listing.line, order)
            self.graph.add_types(link, "schema:ServiceChannel")
            add(link, "schema:serviceUrl", NamedNode(channel.url))
            self.graph.add_names(link, "schema:name", [(channel.label, detect_language(channel.label))])
            add(link, "jle:order", integer(order))
            self._add_provenance(link, channel.lines)
            add(node, "schema:availableChannel", link)
        operator_lines = [n.line for n in listing.related if n.value == listing.operator]
        self._add_provenance(node, sorted({*operator_lines, *(line for c in listing.channels for line in c.lines)}))
        add(self.node, "jle:classInformation", node)

    def _add_provenance(self, node: NamedNode, lines: Sequence[int]) -> None:
        self.graph.add(node, "jle:sourceLine", *(integer(line) for line in lines))
        for run in _find_runs(sorted(set(lines)), self.listing.lines):
            self.graph.add(node, "prov:wasDerivedFrom", self.iris.source(self.number, run))


def _find_runs(lines: Sequence[int], neighbours: Sequence[int]) -> list[list[int]]:
    """The lines in runs that no other line of the listing interrupts (blank lines between them do not)."""
    runs: list[list[int]] = []
    order = sorted({*lines, *neighbours})
    for line in lines:
        if runs and order.index(line) == order.index(runs[-1][-1]) + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs

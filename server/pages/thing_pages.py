"""What the pages of our kinds of things show first, each as the names that its template knows it by."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import NamedNode

from server.dataset import Dataset, Edition
from server.pages.ages import read_start
from server.pages.area_page import find_answering, list_within, read_area
from server.pages.counters import Today, read_today
from server.pages.doubts import place_doubts
from server.pages.government_page import read_government, read_listings
from server.pages.labels import Label, label_term, label_thing
from server.pages.listings import find_parents, read_listing
from server.pages.maps import draw_neighbourhood
from server.pages.provenance import SourceLine, find_lost, list_issues, list_source_lines, read_issue, read_line_numbers

_MOST = 300  # listings of an edition, statements of a line
_STATED = {  # what a line states, by class
    "jle:Listing": "listing",
    "schema:ContactPoint": "contact",
    "schema:Service": "classes",
    "schema:GovernmentService": "classes",
    "schema:ServiceChannel": "channel",
}
View = Mapping[str, object]
_Named = tuple[NamedNode, Label]


def show_government(dataset: Dataset, topic: NamedNode) -> View:
    """Today's counters, the history, and where it lies."""
    government = dataset.remember(read_government, topic)
    area = government.area
    return {
        "government": government,
        "neighbourhood": dataset.remember(draw_neighbourhood, area.iri) if area else None,
        "starts": _read_starts(dataset),
    }


def show_area(dataset: Dataset, topic: NamedNode) -> View:
    """Codes, the government that answers, and what lies within."""
    answering = find_answering(dataset, topic)
    return {
        "area": read_area(dataset, topic),
        "answering": [(found, _read_today(dataset, found.government)) for found in answering],
        "own": next((a for a in answering if topic in dataset.things(a.government, "schema:areaServed")), None),
        "within": list_within(dataset, topic),
        "neighbourhood": dataset.remember(draw_neighbourhood, topic),
        "starts": _read_starts(dataset),
    }


def show_body(dataset: Dataset, topic: NamedNode) -> View:
    """The listings that name a department or an association."""
    listings, _, doubts = read_listings(dataset, topic)
    naming = [(li, d, next((b for b in li.bodies if b.iri == topic), None)) for li, d in zip(listings, doubts, strict=True)]
    return {
        "is_association": topic.value.startswith(dataset.iris.organization("").value),
        "naming": naming,
        "is_current": any(listing.is_current for listing in listings),
        "parents": _name_things(dataset, dataset.things(topic, "schema:parentOrganization")[:5]),
        "lost": find_lost(dataset),
    }


def show_listing(dataset: Dataset, topic: NamedNode) -> View:
    """The listing, the lines that it comes from, and the others of its government."""
    listing = read_listing(dataset, topic)
    issues = list_issues(dataset, [topic])
    if listing is None:
        return {"listing": None, "issues": issues, "lines": list_source_lines(dataset, [topic])}
    doubts = place_doubts(issues, listing)
    others = dataset.remember(read_government, listing.government).listings
    return {
        "listing": listing,
        "stated": read_today([(listing, doubts)], []),
        "doubts": doubts,
        "issues": issues,
        "lines": list_source_lines(dataset, [topic]),
        "lost": find_lost(dataset),
        "others": [other for other in others if other.iri != topic],
    }


def show_part(dataset: Dataset, topic: NamedNode) -> View:
    """A contact or class information: what it says, whose it is, and the line that states it."""
    parents = find_parents(dataset, topic)
    listing = read_listing(dataset, parents[0]) if parents else None
    lines = list_source_lines(dataset, [topic])
    return {
        "listing": listing,
        "lines": lines,
        "issues": list_issues(dataset, parents, lines),
        "kind": name_kind(dataset, topic),
        "emails": [email.value for email in dataset.texts(topic, "schema:email")],
        "addresses": [address.value for address in dataset.things(topic, "schema:serviceUrl")],
        "texts": dataset.texts(topic, "schema:name"),
        "channels": _name_things(dataset, dataset.things(topic, "schema:availableChannel")[:_MOST]),
        "operators": _name_things(dataset, dataset.things(topic, "schema:serviceOperator")[:5]),
        "bodies": _name_things(
            dataset, [b for b in dataset.subjects("schema:contactPoint", topic) if not _governs(dataset, b)]
        ),
    }


def show_edition(dataset: Dataset, edition: Edition) -> View:
    """What is known of the document, and its listings by category."""
    return {"edition": edition, **dataset.remember(_read_edition, edition.iri)}


def _read_edition(dataset: Dataset, topic: NamedNode) -> View:
    edition = dataset.find_edition(topic)
    assert edition is not None  # it was found
    listings = dataset.subjects("rdf:type", dataset.term("jle:Listing"), edition.graph)
    by_category: dict[NamedNode, list[tuple[NamedNode, Label]]] = {}
    for iri in sorted(listings, key=lambda li: read_line_numbers(dataset, li, edition.graph))[:_MOST]:
        about = dataset.things(iri, "schema:about", edition.graph)
        for category in dataset.things(iri, "jle:category", edition.graph):
            by_category.setdefault(category, []).append((iri, label_thing(dataset, about[0] if about else iri)))
    return {
        "count": len(listings),
        "issue_count": len(dataset.subjects("jle:inEdition", edition.iri, dataset.iris.graph("quality"))),
        "evidence": dataset.texts(edition.iri, "rdfs:comment"),
        "origin": dataset.texts(edition.iri, "dcterms:description"),
        "earlier": _name_things(dataset, dataset.things(edition.iri, "jle:laterThan")),
        "categories": [(c, label_term(dataset, c), listed) for c, listed in by_category.items()],
    }


def show_issue(dataset: Dataset, topic: NamedNode) -> View:
    """One issue with the line that it is about and those that are its evidence."""
    issue = read_issue(dataset, topic)
    lines = list_source_lines(dataset, [topic])
    return {"issue": issue, "lines": lines, "targets": _name_things(dataset, issue.targets if issue else ())}


def show_line(dataset: Dataset, topic: NamedNode) -> View:
    """A line of a document, what it states, and the lines around it."""
    lines = list_source_lines(dataset, [topic])
    if not lines:
        return {"line": None}
    line = lines[0]
    return {
        "line": line,
        "kinds": _name_terms(dataset, dataset.things(topic, "jle:lineKind")),
        "before": _find_row(dataset, line, -1),
        "after": _find_row(dataset, line, 1),
        "stated": _list_stated(dataset, line),
        "issues": _list_issues_of_line(dataset, line),
    }


def _read_today(dataset: Dataset, government: NamedNode) -> Today:
    return dataset.remember(read_government, government).today


def _read_starts(dataset: Dataset) -> Mapping[str, Mapping[str, str]]:
    """What is inferred of the age of each edition, by its number."""
    return {edition.number: read_start(dataset, edition) for edition in dataset.editions}


def _governs(dataset: Dataset, thing: NamedNode) -> bool:
    return thing.value.startswith(dataset.iris.government("").value)


def _name_things(dataset: Dataset, things: object) -> list[_Named]:
    assert isinstance(things, list | tuple)
    return [(thing, label_thing(dataset, thing)) for thing in things]


def _name_terms(dataset: Dataset, terms: list[NamedNode]) -> list[_Named]:
    return [(term, label_term(dataset, term)) for term in terms]


def _find_row(dataset: Dataset, line: SourceLine, step: int) -> int:
    """The number of the line before or after, 0 where there is none."""
    row = dataset.iris.row(line.edition.number, line.number + step)
    return line.number + step if next(dataset.quads(row), None) else 0


def _list_stated(dataset: Dataset, line: SourceLine) -> list[tuple[str, NamedNode, Label]]:
    """What the edition takes from the line, with what it is."""
    number = next(iter(dataset.texts(line.row, "jle:sourceLine", line.edition.source_graph)), None)
    found = dataset.subjects("jle:sourceLine", number, line.edition.graph)[:_MOST] if number else []
    kinds = [(thing, name_kind(dataset, thing)) for thing in found]
    order = list(_STATED.values())
    stated = sorted(((kind, thing) for thing, kind in kinds if kind), key=lambda pair: (order.index(pair[0]), pair[1].value))
    return [(kind, thing, label_thing(dataset, thing)) for kind, thing in stated]


def name_kind(dataset: Dataset, thing: NamedNode) -> str:
    """Which of the parts of a listing a thing is, or the listing itself; empty for anything else."""
    types = dataset.values(thing, "rdf:type")
    return next((kind for name, kind in _STATED.items() if dataset.term(name) in types), "")


def _list_issues_of_line(dataset: Dataset, line: SourceLine) -> list[object]:
    number = next(iter(dataset.texts(line.row, "jle:sourceLine", line.edition.source_graph)), None)
    issues = dataset.subjects("jle:sourceLine", number, dataset.iris.graph("quality")) if number else []
    read = [read_issue(dataset, iri) for iri in issues[:_MOST] if line.edition.iri in dataset.things(iri, "jle:inEdition")]
    return [issue for issue in read if issue]

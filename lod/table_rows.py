"""The rows of the tables for people, read from the graphs themselves: a table cannot say what they do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lod.dataset import Dataset
from lod.graph_index import GraphIndex

Value = str | int | bool | list[str] | list[int] | None
Row = Mapping[str, Value]
_LANGUAGES = {"": "en", "_ja": "ja", "_romanised": "ja-latn"}  # of names that may be in any of them, by ending of the column


def read_tables(dataset: Dataset) -> dict[str, list[Row]]:
    """The rows of each table by its name, each in the order of the documents or of the codes."""
    tables = _TableReader(dataset)
    listings = [row for number in tables.numbers for row in tables.read_listings(number)]
    return {
        "listings-current": [row for row in listings if row["current"]],
        "listings": listings,
        "links": [row for number in tables.numbers for row in tables.read_links(number)],
        "issues": list(tables.read_issues()),
        "places": list(tables.read_places()),
    }


class _TableReader:
    def __init__(self, dataset: Dataset) -> None:
        self.city = dataset.vocabulary["schema:City"].value
        self.numbers = sorted(n.removeprefix("edition/") for n in dataset.graphs if n.startswith("edition/"))
        graphs = {
            name: GraphIndex(dataset.vocabulary, dataset.graphs[name]) for name in dataset.graphs if "source/" not in name
        }
        self.editions = {number: graphs[f"edition/{number}"] for number in self.numbers}
        self.reference, self.quality, self.terms = graphs["reference"], graphs["quality"], graphs["ontology"]
        self.current = set(GraphIndex(dataset.vocabulary, dataset.default).list_things("jle:Listing"))
        self.ontology = f"{dataset.iris.ontology.value}#"

    def read_listings(self, number: str) -> Iterator[Row]:
        """One row for each body in charge; what is of the listing as a whole stands in a row without a body."""
        graph = self.editions[number]
        for listing in self._sort_listings(graph):
            shared = self._describe_listing(graph, number, listing) | self._describe_classes(graph, listing)
            printed = set(graph.list_values(listing, "jle:printedUrl"))
            contacts = graph.list_values(listing, "jle:contact")
            taken: set[str] = set()
            rows: list[tuple[int, Row]] = []
            for body in graph.list_values(listing, "jle:unitInCharge"):
                own: list[str | None] = [c for c in graph.list_values(body, "schema:contactPoint") if c in contacts]
                urls = [u for u in graph.list_values(body, "schema:url") if u in printed]
                taken.update(c for c in own if c)
                for contact in own or [None]:
                    order = graph.list_numbers(contact, "jle:order")[0] if contact else 99
                    rows.append((order, shared | _describe_body(graph, body, contact, urls)))
            urls = graph.list_values(listing, "schema:url")
            rest: list[str | None] = [c for c in contacts if c not in taken]
            if not rest and (urls or not rows):
                rest = [None]
            rows += [(100, shared | _describe_body(graph, None, contact, urls)) for contact in rest]
            yield from (row for _, row in sorted(rows, key=lambda pair: pair[0]))

    def read_links(self, number: str) -> Iterator[Row]:
        """One row for each link: of a body, of a listing as a whole, to Japanese classes."""
        graph = self.editions[number]
        for listing in self._sort_listings(graph):
            shared = self._describe_listing(graph, number, listing)
            printed = set(graph.list_values(listing, "jle:printedUrl"))
            for body in graph.list_values(listing, "jle:unitInCharge"):
                urls = [u for u in graph.list_values(body, "schema:url") if u in printed]
                yield from (shared | {"body_url": url, "body_iri": body} for url in urls)
            yield from (shared | {"listing_url": url} for url in graph.list_values(listing, "schema:url"))
            for service in graph.list_values(listing, "jle:classInformation"):
                for channel in _sort_channels(graph, service):
                    described = {
                        "class_lines": graph.list_numbers(channel, "jle:sourceLine"),
                        "class_information_iri": service,
                        "channel_iri": channel,
                        **_find_names(graph, channel, "class_label"),
                    }
                    urls = graph.list_values(channel, "schema:serviceUrl")
                    yield from (shared | described | {"class_url": url} for url in urls)

    def read_issues(self) -> Iterator[Row]:
        """One row for each irregularity, with the place that it is about, if any."""
        graph = self.quality
        issues = graph.list_things("dqv:QualityAnnotation")
        for issue in sorted(issues, key=lambda i: (graph.find_value(i, "jle:inEdition"), int(i.rpartition("/")[2]))):
            kind = graph.find_value(issue, "jle:issueType") or ""
            number = (graph.find_value(issue, "jle:inEdition") or "").rpartition("/")[2]
            target = graph.find_value(issue, "oa:hasTarget")
            government = self.editions[number].find_value(target, "schema:about") if number in self.editions else None
            yield {
                "kind": kind.removeprefix(self.ontology),
                "kind_label": self.terms.find_value(kind, "skos:prefLabel", "en"),
                "kind_label_ja": self.terms.find_value(kind, "skos:prefLabel", "ja"),
                "group": (self.terms.find_value(kind, "skos:broader") or "").removeprefix(self.ontology) or None,
                "edition": number,
                "lines": graph.list_numbers(issue, "jle:sourceLine"),
                "verbatim": graph.find_value(issue, "jle:verbatim"),
                "comment": graph.find_value(issue, "rdfs:comment", "en"),
                "comment_ja": graph.find_value(issue, "rdfs:comment", "ja"),
                "suggested": graph.list_values(issue, "jle:suggestedValue"),
                "evidence": graph.list_values(issue, "jle:evidence"),
                "issue_iri": issue,
                "target_iri": target,
                **(self._describe_place(self.editions[number], government) if government else {}),
            }

    def read_places(self) -> Iterator[Row]:
        """One row for each place of the reference table."""
        graph = self.reference
        listed = {
            g.find_value(government, "schema:areaServed"): g.find_value(government, "jle:lgCode")
            for g in self.editions.values()
            for government in g.list_objects("schema:about")
        }
        areas = {graph.find_value(a, "jle:lgCode") or "": a for a in graph.list_things("schema:AdministrativeArea")}
        for code, area in sorted(areas.items()):
            same = graph.list_values(area, "schema:sameAs")
            position = graph.find_value(area, "schema:geo")
            iso = next((i for i in graph.list_values(area, "schema:identifier") if i.endswith("#iso-3166-2")), None)
            yield {
                "code": code,
                "kind": "City" if self.city in graph.list_values(area, "rdf:type") else "AdministrativeArea",
                "place": graph.find_value(area, "schema:name", "en"),
                "place_ja": graph.find_value(area, "schema:name", "ja"),
                "place_kana": graph.find_value(area, "schema:name", "ja-hrkt"),
                "latitude": graph.find_value(position, "schema:latitude"),
                "longitude": graph.find_value(position, "schema:longitude"),
                "iso_3166_2": graph.find_value(iso, "schema:value"),
                "wikidata": next((s for s in same if "wikidata.org" in s), None),
                "geonames": next((s for s in same if "geonames.org" in s), None),
                "estat": graph.find_value(area, "jle:standardAreaCode"),
                "area_iri": area,
                "position_iri": position,
                "iso_3166_2_iri": iso,
                "listed_code": listed.get(area),
                **self._describe_prefecture(area),
            }

    def _sort_listings(self, graph: GraphIndex) -> list[str]:
        """The listings of an edition in the order of their lines."""
        return sorted(graph.list_things("jle:Listing"), key=lambda listing: graph.list_numbers(listing, "jle:sourceLine"))

    def _describe_listing(self, graph: GraphIndex, number: str, listing: str) -> dict[str, Value]:
        category = graph.find_value(listing, "jle:category") or ""
        return {
            **self._describe_place(graph, graph.find_value(listing, "schema:about")),
            "category": category.removeprefix(self.ontology),
            "edition": number,
            "current": listing in self.current,
            "listing_iri": listing,
        }

    def _describe_place(self, graph: GraphIndex, government: str | None) -> dict[str, Value]:
        """Names and code of a government, and its prefecture."""
        area = graph.find_value(government, "schema:areaServed")
        return {
            "place": graph.find_value(government, "schema:name", "en"),
            "place_ja": graph.find_value(government, "schema:name", "ja"),
            "code": graph.find_value(government, "jle:lgCode"),
            "government_iri": government,
            "area_iri": area,
            **self._describe_prefecture(area),
        }

    def _describe_prefecture(self, area: str | None) -> dict[str, Value]:
        """The prefecture that an area lies in, or is."""
        containing = self.reference.find_value(area, "schema:containedInPlace")
        prefecture = containing or area
        return {
            "prefecture": self.reference.find_value(prefecture, "schema:name", "en"),
            "prefecture_ja": self.reference.find_value(prefecture, "schema:name", "ja"),
            "prefecture_code": self.reference.find_value(prefecture, "jle:lgCode"),
            "containing_area_iri": containing,
        }

    def _describe_classes(self, graph: GraphIndex, listing: str) -> dict[str, Value]:
        """What a listing states beside its bodies: notes, lines, and the Japanese classes."""
        service = graph.find_value(listing, "jle:classInformation")
        channels = _sort_channels(graph, service)
        return {
            "class_status": (graph.find_value(listing, "jle:classInformationStatus") or "").removeprefix(self.ontology),
            "class_urls": [url for channel in channels for url in graph.list_values(channel, "schema:serviceUrl")],
            "status": (graph.find_value(listing, "jle:status") or "").removeprefix(self.ontology) or None,
            "notes": graph.list_values(listing, "schema:description", "en"),
            "notes_ja": graph.list_values(listing, "schema:description", "ja"),
            "lines": graph.list_numbers(listing, "jle:sourceLine"),
            "class_information_iri": service,
            "class_operator_iri": graph.find_value(service, "schema:serviceOperator"),
        }


def _describe_body(graph: GraphIndex, body: str | None, contact: str | None, urls: list[str]) -> dict[str, Value]:
    return {
        **_find_names(graph, body, "body"),
        "emails": graph.list_values(contact, "schema:email"),
        "urls": urls,
        "body_iri": body,
        "contact_iri": contact,
        "body_contact_iri": contact if body else None,
    }


def _sort_channels(graph: GraphIndex, service: str | None) -> list[str]:
    channels = graph.list_values(service, "schema:availableChannel")
    return sorted(channels, key=lambda channel: graph.list_numbers(channel, "jle:order"))


def _find_names(graph: GraphIndex, subject: str | None, column: str) -> dict[str, Value]:
    """The names of a thing by language, for the columns that begin alike."""
    return {f"{column}{end}": graph.find_value(subject, "schema:name", tag) for end, tag in _LANGUAGES.items()}

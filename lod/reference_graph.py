"""The reference table as triples: every prefecture and municipality with names, codes, position and links elsewhere."""

from __future__ import annotations

from pyoxigraph import NamedNode

from lod.iris import Iris, part_of
from lod.places import Gazetteer, Place
from lod.triples import Triples, decimal, text

WIKIDATA = "http://www.wikidata.org/entity/"
GEONAMES = "https://sws.geonames.org/"
ESTAT = "http://data.e-stat.go.jp/lod/sac/"


def add_places(graph: Triples, iris: Iris, gazetteer: Gazetteer) -> None:
    """Adds every place of the reference table."""
    for place in gazetteer:
        _add_place(graph, iris, gazetteer, place)


def _add_place(graph: Triples, iris: Iris, gazetteer: Gazetteer, place: Place) -> None:
    area = iris.area(place.lg_code)
    graph.add_types(area, "schema:AdministrativeArea", *([] if place.is_prefecture else ["schema:City"]))
    graph.add_names(area, "schema:name", ((place.label_en, "en"), (place.name_ja, "ja"), (place.kana, "ja-Hrkt")))
    graph.add(area, "jle:lgCode", text(place.lg_code))
    _add_identifier(graph, area, "lg-code", "lg-code", place.lg_code)
    if place.iso_3166_2:
        _add_identifier(graph, area, "iso-3166-2", "ISO 3166-2", place.iso_3166_2)
    if not place.is_prefecture:
        graph.add(area, "schema:containedInPlace", iris.area(gazetteer.get_prefecture_of(place).lg_code))
    if place.lat and place.lon:
        position = part_of(area, "position")
        graph.add_types(position, "schema:GeoCoordinates")
        graph.add(position, "schema:latitude", decimal(place.lat))
        graph.add(position, "schema:longitude", decimal(place.lon))
        graph.add(area, "schema:geo", position)
    if place.wikidata:
        graph.add(area, "schema:sameAs", NamedNode(WIKIDATA + place.wikidata))
    if place.geonames:
        graph.add(area, "schema:sameAs", NamedNode(f"{GEONAMES}{place.geonames}/"))
    if place.estat:
        graph.add(area, "jle:standardAreaCode", NamedNode(ESTAT + place.estat))


def _add_identifier(graph: Triples, area: NamedNode, fragment: str, property_id: str, value: str) -> None:
    node = part_of(area, fragment)
    graph.add_types(node, "schema:PropertyValue")
    graph.add(node, "schema:propertyID", text(property_id))
    graph.add(node, "schema:value", text(value))
    graph.add(area, "schema:identifier", node)

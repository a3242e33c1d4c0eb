"""Listings: what a body is called in the graph, and since which line a listing runs."""

from __future__ import annotations

from conftest import SEEDS

from lod.catalogue import read_catalogue
from lod.listings import Body, Listing
from lod.place_table import read_places


def test_a_body_tells_its_slug_language_and_kind():
    unit = Body(1, "国際課", False, 3)
    ngo = Body(2, "NPO Kashiwa Association", True, 3)
    assert (unit.language, unit.is_ngo) == ("ja", False)
    assert (ngo.slug, ngo.language, ngo.is_ngo) == ("npo-kashiwa-association", "en", True)
    assert not Body(1, "NPO and Multicultural Affairs Division", False, 3).is_ngo


def test_a_listing_is_named_by_its_first_line():
    edition = read_catalogue(SEEDS / "catalogue.toml").editions[0]
    place = read_places(SEEDS / "places.csv").by_code["122173"]
    listing = Listing(edition, "CoreCity", place, [59, 60, 61])
    assert listing.line == 59
    assert (listing.class_status, listing.status, listing.operator) == ("NotGiven", "", "")

"""IRIs are put together as the model says, and every base IRI that cannot work is refused."""

from __future__ import annotations

import pytest

from lod.errors import MadoguchiError
from lod.iris import Iris, check_base, part_of

IRIS = Iris("https://data.example.org/x/")


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (IRIS.government("122173"), "id/gov/122173"),
        (IRIS.area("122173"), "id/area/122173"),
        (IRIS.unit("122173", "a-b"), "id/unit/122173/a-b"),
        (IRIS.organization("k"), "id/org/k"),
        (IRIS.edition("002"), "id/edition/002"),
        (IRIS.listing("002", 105), "id/edition/002/listing/L105"),
        (IRIS.contact("002", 105, 2), "id/edition/002/listing/L105/contact/2"),
        (IRIS.class_information("002", 105), "id/edition/002/listing/L105/class"),
        (IRIS.channel("002", 105, 3), "id/edition/002/listing/L105/class/3"),
        (IRIS.row("002", 105), "id/edition/002/row/L105"),
        (IRIS.issue("002", 7), "id/edition/002/issue/7"),
        (IRIS.graph("edition/002"), "graph/edition/002"),
        (IRIS.ontology, "ontology"),
        (part_of(IRIS.area("122173"), "position"), "id/area/122173#position"),
        (IRIS.source("002"), "source/002.txt"),
    ],
)
def test_iri_is_the_path_under_the_base(iri, path):
    assert iri.value == f"https://data.example.org/x/{path}"
    assert IRIS.strip_base(iri.value) == path


def test_lines_are_positions_as_in_rfc_5147():
    assert IRIS.source("002", [24, 25]).value.endswith("source/002.txt#line=23,25")
    assert IRIS.source("002", [24]).value.endswith("source/002.txt#line=23,24")


def test_strip_knows_what_is_not_ours():
    assert IRIS.strip_base("https://elsewhere.example/id/gov/122173") is None


@pytest.mark.parametrize("base", ["http://localhost:8000/", "https://data.example.org/a/b/", "http://[::1]:8000/"])
def test_good_base_is_kept(base):
    assert check_base(base) == base


@pytest.mark.parametrize(
    "base",
    ["", "localhost:8000/", "ftp://x/", "http://x", "http://x/a", "http:///a/", "http://x/?q=/", "http://x/#/", "http://x y/"],
)
def test_bad_base_is_refused_with_what_to_give(base):
    with pytest.raises(MadoguchiError, match=r"base IRI .*give"):
        check_base(base)

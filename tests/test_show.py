"""`lod show` finds an entity by IRI, code or name and tells what each edition says, and where."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lod.errors import MadoguchiError
from lod.release import Release
from lod.show import show_entity


@pytest.fixture(scope="module", autouse=True)
def _load_store_once(release: Release) -> Iterator[None]:
    """Each call reads the release; here all share what was read, which none of them changes."""
    store = release.load_store()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Release, "load_store", lambda _: store)
        yield


def test_government_by_code_name_or_iri_is_the_same(release: Release):
    by_code = show_entity(release, "122173")
    assert by_code == show_entity(release, "柏市") == show_entity(release, "kashiwa city") == show_entity(release, "12217")
    assert by_code == show_entity(release, f"{release.iris.base}id/gov/122173") == show_entity(release, "id/gov/122173")


def test_government_has_its_listings_in_all_editions_with_values_and_lines(release):
    text = show_entity(release, "柏市")
    assert [line.split()[1] for line in text.splitlines() if line.startswith("edition")] == ["000", "002", "003"]
    assert "  Diversity Relations Promotion Division  info-kysk@city.kashiwa.chiba.jp  https://www.city.kashiwa.lg.jp/" in text
    assert "  classes: https://www.kira-kira.jp/language_jpn.html  NPO Kashiwa International Relations Association" in text
    assert "  line 60: [2] Central Public Hall, Board of Education" in text


def test_issue_has_its_suggestion(release):
    expected = "issue jle:EmailWithBlank: jinken- machi@city.soja.okayama.jp  → perhaps jinken-machi@city.soja.okayama.jp"
    assert expected in show_entity(release, "Soja City")


def test_place_without_listing_has_its_names_and_codes(release):
    text = show_entity(release, "131032")
    assert "id/area/131032" in text.splitlines()[0]
    assert "schema:name  港区" in text


def test_association_has_the_listings_that_name_it(release):
    text = show_entity(release, "Komaki International Association")
    assert "edition 002" in text
    assert "edition 004" in text


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("Nowhere City", "nothing here is called"),
        ("999999", "no place has the local government code"),
        ("http://localhost:8000/id/gov/000000", "nothing here has the IRI"),
        ("http://a b", "is no IRI"),
        ("International Affairs Division", "is the name of 10 things"),
    ],
)
def test_what_cannot_be_shown_is_told(release, wanted, message):
    with pytest.raises(MadoguchiError, match=message):
        show_entity(release, wanted)

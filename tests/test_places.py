"""Places: a printed name finds its place, in any of the spellings that lists use, or nothing at all."""

from __future__ import annotations

import pytest
from conftest import SEEDS

from lod.errors import Refused
from lod.place_table import read_places
from lod.places import Found, Gazetteer, Spelling, fold_long_vowels, fold_name


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return read_places(SEEDS / "places.csv")


def find(gazetteer: Gazetteer, text: str, prefecture: str = "") -> Found:
    return gazetteer.find_municipality(text, gazetteer.find_prefecture(prefecture).place if prefecture else None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("City of HAKODATE", "012025"),
        ("the City of Osaka", "271004"),
        ("Takamatsushi", "372013"),
        ("Takamatsu-shi", "372013"),
        ("Ota-Shi", "102059"),
        ("Oura-gun Oizumi-machi", "105244"),
        ("Oura-gun, Oizumi Town", "105244"),
        ("Oura District Oizumi", "105244"),
        ("kagoshima City", "462012"),
        ("Hamamatsu", "221309"),
        ("Ｋａｓｈｉｗａ City", "122173"),
        ("Kōchi City", "392014"),
        ("Kouchi City", "392014"),
        ("Ohtsu", "252018"),
        ("Minato City", "131032"),
        ("Minato-ku", "131032"),
        ("Town of Oizumi", "105244"),
        ("柏市", "122173"),
        ("大泉町", "105244"),
        ("邑楽郡大泉町", "105244"),
        ("郡山市", "072036"),
    ],
)
def test_spellings_that_lists_use(gazetteer, text, code):
    assert find(gazetteer, text).place.lg_code == code


@pytest.mark.parametrize(
    ("text", "prefecture", "code"),
    [
        ("Sakai City", "Osaka", "271403"),
        ("Sakai City", "Fukui", "182109"),
        ("Ota City", "Gunma", "102059"),
        ("Ota City", "Tokyo", "131113"),
        ("Misato City", "Saitama", "112372"),
        ("Misato Town", "Saitama", "113816"),
        ("Kashiwa City", "Gunma", "122173"),
    ],
)
def test_a_prefecture_narrows_and_a_wrong_one_does_not_hide(gazetteer, text, prefecture, code):
    assert find(gazetteer, text, prefecture).place.lg_code == code


@pytest.mark.parametrize(
    ("text", "prefecture"),
    [
        ("Sakai City", ""),
        ("Sakai City", "Gunma"),
        ("Ota City", ""),
        ("Ota", ""),
        ("Misato", "Saitama"),
        ("Fuchu City", ""),
        ("泊村", "Hokkaido"),
    ],
)
def test_an_ambiguous_name_is_refused(gazetteer, text, prefecture):
    with pytest.raises(Refused, match="is ambiguous") as refusal:
        find(gazetteer, text, prefecture)
    assert refusal.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "Atlantis City",
        "Suwa town",
        "Kashiwa Town",
        "Kashiwa Ward",
        "Naka Ward",
        "",
        "-",
        "City",
        "shi",
        "123",
        "a@b.jp",
        "Chiba Kashiwa City",
    ],
)
def test_an_unknown_name_is_refused(gazetteer, text):
    with pytest.raises(Refused, match="no city, town, village or ward is called"):
        find(gazetteer, text)


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("Kashiwa City", Spelling.EXACT),
        ("Oizumi Town", Spelling.EXACT),
        ("Kashiwa city", Spelling.VARIANT),
        ("City of Kashiwa", Spelling.VARIANT),
        ("Kashiwa", Spelling.VARIANT),
        ("Kashiwashi", Spelling.VARIANT),
        ("柏市", Spelling.VARIANT),
        ("Kouchi City", Spelling.MISSPELT),
    ],
)
def test_how_a_name_differs_from_the_table(gazetteer, text, spelling):
    assert find(gazetteer, text).spelling is spelling


@pytest.mark.parametrize(
    ("text", "name", "spelling"),
    [
        ("Hokkaido", "Hokkaido", Spelling.EXACT),
        ("Chiba", "Chiba", Spelling.EXACT),
        ("Chiba Prefecture", "Chiba", Spelling.EXACT),
        ("chiba", "Chiba", Spelling.VARIANT),
        ("Chiba-ken", "Chiba", Spelling.VARIANT),
        ("Kyoto-fu", "Kyoto", Spelling.VARIANT),
        ("Tokyo-to", "Tokyo", Spelling.VARIANT),
        ("Kōchi", "Kochi", Spelling.VARIANT),
        ("千葉県", "Chiba", Spelling.VARIANT),
        ("京都府", "Kyoto", Spelling.VARIANT),
        ("千葉", "Chiba", Spelling.VARIANT),
        ("京都", "Kyoto", Spelling.VARIANT),
        ("Hyougo", "Hyogo", Spelling.MISSPELT),
        ("Ohsaka", "Osaka", Spelling.MISSPELT),
    ],
)
def test_prefectures(gazetteer, text, name, spelling):
    found = gazetteer.find_prefecture(text)
    assert (found.place.name_en, found.spelling) == (name, spelling)
    assert found.place.is_prefecture


@pytest.mark.parametrize("text", ["", "Chibaa", "Kashiwa City", "柏市", "大泉町", "Prefecture", "県"])
def test_what_is_no_prefecture(gazetteer, text):
    assert not gazetteer.knows_prefecture(text)
    with pytest.raises(Refused, match="no prefecture is called"):
        gazetteer.find_prefecture(text)


def test_no_spelling_of_a_place_finds_another_one(gazetteer):
    """Of all 1,747 municipalities, in every spelling, with and without the prefecture: itself, or refused as ambiguous."""
    suffixes = {"city": "shi", "town": "machi", "village": "mura", "special-ward": "ku"}
    refusals = []
    for place in (p for p in gazetteer if not p.is_prefecture):
        kind = place.label_en.split()[-1]
        bare = (place.name_en, place.name_en.upper())
        full = (
            place.label_en,
            f"{kind} of {place.name_en}",
            f"the {place.label_en}",
            f"{place.name_en}-{suffixes[place.kind]}",
        )
        for text in (*bare, *full, place.name_ja):
            for prefecture in (gazetteer.get_prefecture_of(place), None):
                try:
                    found = gazetteer.find_municipality(text, prefecture).place
                except Refused as refused:
                    refusals.append(str(refused))
                else:
                    assert found == place, text
    assert all("is ambiguous" in r for r in refusals)
    assert 0 < len(refusals) < 1500


def test_a_label_with_its_prefecture_is_the_exact_name_of_all_but_three_pairs(gazetteer):
    refused = set()
    for place in gazetteer:
        if not place.is_prefecture:
            try:
                assert (
                    gazetteer.find_municipality(place.label_en, gazetteer.get_prefecture_of(place)).spelling is Spelling.EXACT
                )
            except Refused:
                refused.add(place.label_en)
    assert refused == {"Esashi Town", "Tomari Village"}  # each twice in Hokkaido


def test_folding():
    assert fold_name("Kōchi-ＣＩＴＹ (1)") == "kochicity1"
    assert fold_long_vowels("Hyougo") == fold_long_vowels("Hyogo")
    assert fold_long_vowels("Ohtsu") == fold_long_vowels("Ootsu") == fold_long_vowels("Otsu")
    assert fold_long_vowels("Kohoku") != fold_long_vowels("Kooku")

"""Names: normal form, language, notes, and what kind of body a name speaks of."""

from __future__ import annotations

import pytest

from lod.names import (
    NamedInNote,
    detect_language,
    find_association_in_note,
    is_association,
    is_ngo,
    looks_like_name,
    make_slug,
    names_an_office,
    normalise_name,
    take_notes,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" A\u00a0 B\t\u3000C ", "A B C"),
        ("Kyo\u0304do\u0304ka", "Kyōdōka"),
        ("A , B", "A , B"),
        ("（A）", "（A）"),
        ("", ""),
    ],
)
def test_normal_form(text, name):
    assert normalise_name(text) == name


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("International Affairs Division", "international-affairs-division"),
        ("International  Affairs\u00a0Division", "international-affairs-division"),
        ("Culture & Sports, Division", "culture-sports-division"),
    ],
)
def test_a_slug_of_an_ascii_name_is_the_name(name, slug):
    assert make_slug(name) == slug


def test_names_that_a_slug_cannot_tell_apart_get_a_hash():
    long = "A" * 70
    slugs = [make_slug(n) for n in ("国際課", "文化課", "Kyōdōka", "Kyodoka", long, f"{long}B", "&&", "!!")]
    assert len(set(slugs)) == len(slugs)
    assert all(len(s) <= 69 and s.isascii() and s == s.lower() for s in slugs)
    assert slugs[2].startswith("kyodoka-")
    assert slugs[3] == "kyodoka"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("国際課", "ja"),
        ("International 課", "ja"),
        ("ｺｸｻｲ", "ja"),
        ("スポーツ", "ja"),
        ("Iida-Shi Kominkan", "ja-Latn"),
        ("Chiiki Shinko-ka", "ja-Latn"),
        ("Machizukuri Kyōdōka", "ja-Latn"),
        ("Kokusai Kōryūka (Honchō)", "ja-Latn"),
        ("International Division", "en"),
        ("A ・ B", "en"),
        ("Kure Association", "en"),
        ("123", "en"),
        ("", "en"),
    ],
)
def test_language_of_a_name(text, language):
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "name", "notes"),
    [
        ("A Division", "A Division", []),
        ("A Division ※By the X Association", "A Division", ["By the X Association"]),
        ("国際課※注記", "国際課", ["注記"]),
        ("国際課 ※一 ※二", "国際課", ["一", "二"]),
        ("A *one *two", "A", ["one", "two"]),
        ("A* one", "A", ["one"]),
        ("A ＊one", "A", ["one"]),
        ("A (*one), B", "A, B", ["one"]),
        ("A（※一）B", "A B", ["一"]),
        ("A (※one) B ※two", "A B", ["one", "two"]),
        ("* one", "", ["one"]),
        ("A*", "A", [""]),
        ("A **", "A", [""]),
        ("2*3 Office", "2*3 Office", []),
        ("A , B", "A , B", []),
    ],
)
def test_notes_leave_the_name(text, name, notes):
    assert take_notes(text) == (name, notes)


@pytest.mark.parametrize(
    ("name", "association"),
    [
        ("Ota International Association", True),
        ("Nonprofit Organization Utsunomiya City International Association", True),
        ("Asahikawa International Committee (Office: International Exchange Division)", True),
        ("Yokkaichi International Center", True),
        ("公益財団法人新潟市国際交流協会", True),
        ("柏市国際交流センター（市民課内）", True),
        ("International Affairs Division", False),
        ("Education Committee Office", False),
        ("Iida-Shi Kominkan", False),
        ("国際課", False),
        ("教育委員会", False),
    ],
)
def test_association_or_unit(name, association):
    assert is_association(name) is association


def test_ngo():
    assert is_ngo("NPO Kashiwa International Relations Association")
    assert is_ngo("Nonprofit Organization X")
    assert not is_ngo("NPOX Association")


@pytest.mark.parametrize(
    ("text", "office"),
    [("Planning Department", True), ("国際課", True), ("X Society", True), ("Home", False), ("トップページ", False)],
)
def test_words_of_offices(text, office):
    assert names_an_office(text) is office


@pytest.mark.parametrize(
    ("text", "name"),
    [("Department of Culture", True), ("[2] Hall", True), ("read more here", False), ("", False), ("---", False)],
)
def test_what_is_written_like_a_name(text, name):
    assert looks_like_name(text) is name


@pytest.mark.parametrize(
    ("note", "named"),
    [
        (
            "Japanese language programs are provided by the Sendai tourism, Convention and International Association",
            NamedInNote("Sendai tourism, Convention and International Association", True),
        ),
        ("Classes are offered by X Foundation.", NamedInNote("X Foundation", True)),
        ("The lounge is run by X Foundation.", NamedInNote("X Foundation", False)),
        ("日本語教室は所管の公益財団法人新潟市国際交流協会が担当", NamedInNote("公益財団法人新潟市国際交流協会", True)),
        ("Osaka International House Foundation", NamedInNote("Osaka International House Foundation", False)),
        ("Classes are offered by volunteers", None),
        ("division in charge of policies on international exchange", None),
        ("see the association's page", None),
    ],
)
def test_association_that_a_note_names(note, named):
    assert find_association_in_note(note) == named

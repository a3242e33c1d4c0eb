"""Spellings of one name, folded to one word."""

from __future__ import annotations

import pytest

from server.pages.search_text import (
    LONGEST,
    MOST_WORDS,
    fold_text,
    join_words,
    read_all_kana,
    read_kana,
    read_question,
    read_words,
)
from server.pages.search_words import Lexicon


@pytest.mark.parametrize(
    "spellings",
    [
        ["Ōsaka", "Osaka", "Oosaka", "Ohsaka", "OSAKA", "ôsaka", "おおさか", "オオサカ", "ｵｵｻｶ", "Ｏｓａｋａ"],
        ["Kōchi", "Kochi", "Kouchi", "Kohchi", "Koochi", "こうち", "コウチ"],
        ["Tōkyō", "Tokyo", "Toukyou", "Tohkyoh", "とうきょう"],
        ["Shimbun", "Shinbun", "しんぶん", "シンブン", "sinbun"],
        ["Fuji", "Huzi", "ふじ", "フジ"],
        ["Jōetsu", "Joetsu", "Zyoetu", "じょうえつ"],
        ["Chūō", "Chuo", "Chuuou", "Tyuo", "ちゅうおう"],
        ["Niigata", "Nīgata", "ニイガタ", "ニーガタ"],
        ["Jun'ichi", "Jun’ichi", "Junichi", "じゅんいち"],
        ["Itchu", "Icchu", "いっちゅう"],
    ],
)
def test_spellings_of_one_name_sound_the_same(spellings: list[str]) -> None:
    assert {join_words(read_words(spelling))[1] for spelling in spellings} == {join_words(read_words(spellings[0]))[1]}


@pytest.mark.parametrize(
    ("one", "other"), [("Kōfu", "Kobe"), ("Mito", "Nito"), ("か", "が"), ("はら", "ばら"), ("Ota", "Oita"), ("Saga", "Saka")]
)
def test_other_names_sound_otherwise(one: str, other: str) -> None:
    assert join_words(read_words(one))[1] != join_words(read_words(other))[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kashiwa-shi, Chiba", ["kashiwa", "shi", "chiba"]),
        ("千葉県　柏市", ["千葉県", "柏市"]),
        ("龍ヶ崎 龍ケ崎", ["龍け崎", "龍け崎"]),
        ("12217 １２２１７３", ["12217", "122173"]),
        ("info@city.example.jp", ["info@city.example.jp"]),
        ("info[at]city.example.jp", ["info@city.example.jp"]),
        ("info ＠city.example.jp", ["info", "@city.example.jp"]),
        ("<mailto:INFO@Example.JP>", ["info@example.jp"]),
        ("https://www.example.jp/path?a=b", ["www.example.jp"]),
        ("kokusai@", ["kokusai@"]),
        ("$ % & @ .", []),
        ("", []),
        ("a\x00b\u202ec\u200bd", ["a", "bcd"]),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert [word.text for word in read_words(text)] == words


def test_a_question_is_no_longer_than_anybody_asks() -> None:
    assert len(read_question("a" * 10_000)[0].text) == LONGEST
    assert len(read_question(" ".join(map(str, range(1000, 2000))))) == MOST_WORDS
    assert [w.text for w in read_question("city of kashiwa city")] == ["city", "kashiwa"]
    assert [w.text for w in read_question("of the")] == ["of", "the"]


def test_kana_are_read_at_once_as_one_by_one() -> None:
    texts = ["かしわし", "いっきょう", "しんいち", "かしわ", "柏"]
    assert read_all_kana(texts) == {text: read_kana(text) for text in texts[:-1]}
    assert read_all_kana([]) == {}


def test_folding_twice_changes_nothing() -> None:
    for text in ("Ōsaka ｵｵｻｶ 龍ヶ崎", "ǅ ﬁ İ ß", "\ud800か\u3099"):
        assert fold_text(fold_text(text)) == fold_text(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("千葉県柏市", ["千葉県", "柏市"]),
        ("柏市教育委員会", ["柏市", "教育委員会"]),
        ("柏教育", ["柏", "教育"]),
        ("国際柏", ["国際", "柏"]),
        ("国際交流課", ["国際", "交流", "課"]),
        ("謎の国際", ["謎の", "国際"]),
        ("", []),
    ],
)
def test_a_japanese_text_is_cut_where_known_words_end(text: str, parts: list[str]) -> None:
    assert Lexicon(["千葉県", "柏市", "柏"]).split(text) == parts

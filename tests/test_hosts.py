"""Hosts, e-mails and URLs: which of them can be right."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode

from lod.hosts import (
    complete_url,
    find_email,
    find_host,
    is_cut_email,
    is_cut_url,
    is_email,
    is_gateway,
    is_public_host,
    is_url,
    unmask_email,
)

EMAILS = [
    "a@city.jp",
    "bun.kou@city.mito.lg.jp",
    "a_b-c+d@x-y.co.jp",
    "0804p_kokusai@pref.kanagawa.jp",
    "a/b@city.jp",
    "A.B@CITY.JP",
]
URLS = [
    "http://www.city.jp",
    "https://www.city.jp:8080/a?b=c&d=e#f",
    "HTTPS://www.city.jp/",
    "https://ja.wikipedia.org/wiki/日本語",
    "https://日本語.jp/",
    "http://www.kitakyushu.jp/",
    "https://www.city.jp/%E8%8B%B1",
    "https://www.city.jp/x(y)",
]


@pytest.mark.parametrize("text", EMAILS)
def test_what_is_an_email(text):
    assert is_email(text)
    assert NamedNode(f"mailto:{text}").value == f"mailto:{text}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "a",
        "a@",
        "@city.jp",
        "a@city",
        "a b@city.jp",
        "a@city. jp",
        ".a@city.jp",
        "a.@city.jp",
        "a..b@city.jp",
        "a@b@city.jp",
        "a@-city.jp",
        "a@city-.jp",
        "a@city.jp.",
        "a@lg.jp",
        "a@city.nosuchtld",
        "mailto:a@city.jp",
        "a{b}@city.jp",
        "a%b@city.jp",
        "a#b@city.jp",
        "a?b@city.jp",
        "名@city.jp",
        "a@city.jp\n",
    ],
)
def test_what_is_no_email(text):
    assert not is_email(text)


@pytest.mark.parametrize("text", URLS)
def test_what_is_a_url(text):
    assert is_url(text)
    assert NamedNode(text).value == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://",
        "http:///x",
        "www.city.jp",
        "ftp://www.city.jp/",
        "javascript:alert(1)",
        "http://city",
        "http://localhost/",
        "http://lg.jp/",
        "http://www.city.jp./",
        "http://www.city.jp:99999/",
        "http://www.city.jp/a b",
        "http://www.city.jp/a\u3000b",
        "http://www.city.jp/a\u00a0b",
        "http://www.city.jp/\u200b",
        "http://www.city.jp/%zz",
        "http://www.city.jp/a[1]",
        "http://www.city.jp/{a}",
        'http://www.city.jp/"',
        "http://www.city.jp/<b>",
        "http://www.city.jp/a\\b",
        "http://www.city.jp/a#b#c",
        "http://www.city.jp/\ue000",
        "http://[::1",
        "http://user@www.city.jp/",
        "http://a@b@www.city.jp/",
    ],
)
def test_what_is_no_url(text):
    assert not is_url(text)


@pytest.mark.parametrize("code", [*range(0x20, 0x100), 0x3000, 0xE000, 0xFEFF, 0xFFFD])
def test_every_url_and_email_that_is_accepted_is_an_iri(code):
    """Whatever sign stands in it: what the reader lets through must not break the graph."""
    url, email = f"http://www.city.jp/a{chr(code)}b", f"a{chr(code)}b@city.jp"
    for accepted, iri in ((is_url(url), url), (is_email(email), f"mailto:{email}")):
        if accepted:
            NamedNode(iri)


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("www.city.jp", True),
        ("city.kashiwa.lg.jp", True),
        ("www.kitakyushu.jp", True),
        ("日本語.jp", True),
        ("CITY.JP", True),
        ("jp", False),
        ("lg.jp", False),
        ("kochi.jp", False),
        ("city", False),
        ("192.168.0.1", False),
        ("www.city.jp.", False),
        ("-a.jp", False),
        ("a_b.jp", False),
        ("", False),
        ("..", False),
    ],
)
def test_which_hosts_can_exist(host, public):
    assert is_public_host(host) is public


@pytest.mark.parametrize("text", ["a@", "@city.jp", "a@city", "a@city.", "a@city-", "a.@", "@", "a@lg.jp"])
def test_a_cut_email_has_the_form_of_a_part(text):
    assert is_cut_email(text)


@pytest.mark.parametrize("text", ["a@city.jp", "a", "a b@", "a@@b", "a..b@c", "{a}@b"])
def test_what_is_no_cut_email(text):
    assert not is_cut_email(text)


@pytest.mark.parametrize(
    "text", ["http://", "https://www", "http://www.takatsuki-intl", "http://a.blog12.", "http:///x", "http://city/x"]
)
def test_a_cut_url_lacks_the_end_of_its_host(text):
    assert is_cut_url(text)


@pytest.mark.parametrize(
    "text", ["http://www.city.jp/", "ftp://www", "http://www.city.jp:99999/", "http://a.jphttps://b", "www"]
)
def test_what_is_no_cut_url(text):
    assert not is_cut_url(text)


def test_a_missing_scheme_becomes_http_and_nothing_else_changes():
    assert complete_url("www.city.jp/A?b") == "http://www.city.jp/A?b"
    assert complete_url("HTTPS://www.city.jp") == "HTTPS://www.city.jp"


def test_host_of_a_broken_authority_is_empty():
    assert find_host("http://[::1") == find_host("http://x.jp:y/") == find_host("x") == ""
    assert find_host("http://WWW.x.jp:80/") == "www.x.jp"


def test_email_in_a_text():
    assert find_email("Division (name[at]city.jp)", "@") == "(name@city.jp)"
    assert find_email("Division at city.jp", "@") == ""
    assert unmask_email("a[at]b＠c", ["[at]", "＠"]) == "a@b@c"


@pytest.mark.parametrize(
    ("url", "gateway"),
    [
        ("https://honyaku.j-server.com/LUC/ns/tl.cgi/x", True),
        ("https://j-server.com/", True),
        ("https://www15j-server.com/x/https%3a//www.city.jp/", True),
        ("https://x.jp/https://www.city.jp/", True),
        ("https://x.jp/https:/www.city.jp/", True),
        ("https://notj-server.com/", False),
        ("https://www.city.jp/https/", False),
    ],
)
def test_a_gateway_is_a_known_host_or_carries_a_url(url, gateway):
    assert is_gateway(url, ["j-server.com"]) is gateway

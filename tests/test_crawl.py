"""Every link on the site works: from the home page on, through the whole real release.

Where there are hundreds of pages of one kind, which are one template, some of them are opened; that there is a page at each
address that is not is then told by the sitemap, which is written from the data, not from the links.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from flask.testing import FlaskClient
from page_kinds import PAGE_KINDS
from test_discovery import PARTS, read_addresses

LINK = re.compile(r'<[a-z][^>]*?\s(?:href|src|action)="([^"]*)"')
IDENTIFIER = re.compile(r'<[a-z][^>]*?\sid="([^"]*)"')
SUFFIX = re.compile(r"\.(?:html|ttl|nt|nq|trig|rdf|jsonld|json|csv|tsv|xml|txt|gz|zst)$")
FORM = re.compile(r"[?&]format=(\w+)")
SAMPLE = 3  # of the addresses of one shape that are the same page in another form, or a later page of one list
# Prefectures are not among them: they say where each municipality is.
THINGS = re.compile(r"/doc/(?:area/(?!\d\d000)|unit/|edition/\d+/(?:row|listing|issue|measurement)/)|/source/\d+/")
FIRST, EVERY = 25, 10  # of the pages of things of one kind these are opened: the first that are found, then every tenth


def name_shape(address: str) -> str:
    """What the addresses of one kind of page have in common."""
    parts = urlsplit(address)
    names = [re.sub(r"\d+", "0", name) for name in parts.path.split("/")]
    if names[1:3] == ["doc", "unit"]:
        names[4:] = ["x"]
    if names[1:3] == ["doc", "edition"]:  # and of what is in one, what is named by words
        names[5:] = [name if name in ("L0", "0", "contact", "class") else "x" for name in names[5:]]
    return "/".join(names) + "?" + "&".join(sorted(re.findall(r"(?:^|&)([^=&]+)", parts.query)))


def name_repetition(address: str) -> str:
    """What it is one more of, where a few are enough: another form, a later page, a query that names another thing."""
    path, _, query = address.partition("?")
    if query.startswith("query=") and not FORM.search(address):
        return re.sub(r"\d+", "0", re.sub(r"%2Fid%2F[\w%-]+|(?<=%3A)[\w%-]+", "x", query, flags=re.ASCII))
    if path.startswith("/language/") or SUFFIX.search(path) or FORM.search(address):
        return f"{name_shape(address)} {SUFFIX.findall(path)} {FORM.findall(address)}"
    return re.sub(r"(?<=page=)\d+", "0", address) if re.search(r"[?&]page=", address) else ""


@dataclass
class Crawl:
    """What was found so far: which address links to which, and what is wrong."""

    client: FlaskClient
    language: str
    seen: dict[str, str] = field(default_factory=dict)  # each address, with the page that links to it first
    waiting: deque[str] = field(default_factory=deque)
    identifiers: dict[str, frozenset[str]] = field(default_factory=dict)
    fragments: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    sampled: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    unopened: list[str] = field(default_factory=list)
    noted: set[str] = field(default_factory=set)  # links as they stand in pages, but for those that depend on the page

    def find(self, address: str, source: str) -> None:
        """Notes a link."""
        if address in self.noted:
            return
        if address.startswith("/"):
            self.noted.add(address)
        path, fragment = urldefrag(urljoin(source, html.unescape(address)))
        if not path.startswith("/"):
            return
        if fragment:
            self.fragments[path].setdefault(unquote(fragment), source)
        if path in self.seen:
            return
        self.seen[path] = source
        if kind := name_repetition(path):
            self.sampled[kind] += 1
            if self.sampled[kind] > SAMPLE:
                return
        elif THINGS.match(path) and not self.is_opened(name_shape(path)):
            self.unopened.append(path)
            return
        self.waiting.append(path)

    def is_opened(self, shape: str) -> bool:
        """Whether the page of one more thing of a kind is."""
        self.sampled[shape] += 1
        return self.sampled[shape] <= FIRST or self.sampled[shape] % EVERY == 0

    def read(self, path: str) -> None:
        """Asks for an address, and finds the links of the page that comes."""
        is_other = SUFFIX.search(path) is not None or FORM.search(path) is not None
        headers = {"Accept": "text/html, */*;q=0.1", "Accept-Language": self.language}
        response = self.client.open(path, method="HEAD" if is_other else "GET", headers=headers)
        expected = 303 if path.startswith(("/id/", "/language/")) else 200
        if response.status_code != expected:
            self.broken.append(f"{path}: {response.status_code} (linked from {self.seen[path]})")
        if response.status_code == 303:
            self.find(response.headers["Location"], path)
        elif response.mimetype == "text/html" and not is_other:
            text = response.text
            self.identifiers[path] = frozenset(IDENTIFIER.findall(text))
            for address in LINK.findall(text):
                self.find(address, path)
        response.close()

    def list_lost_fragments(self) -> Iterator[str]:
        for path, wanted in self.fragments.items():
            there = self.identifiers.get(path)
            if there is not None:
                yield from (f"{path}#{f} is nowhere (linked from {s})" for f, s in wanted.items() if f and f not in there)

    def run(self, starts: list[str]) -> None:
        for start in starts:
            self.find(start, "/")
        while self.waiting:
            self.read(self.waiting.popleft())


def test_every_link_of_the_site_works(client: FlaskClient) -> None:
    crawl = Crawl(client, "en")
    crawl.run(["/"])
    assert crawl.broken == []
    assert list(crawl.list_lost_fragments()) == []
    assert len(crawl.identifiers) + len(crawl.unopened) > 5500  # it did not stop at the door
    assert {k.path for k in PAGE_KINDS if k.status == 200 and "?" not in k.path} <= {*crawl.identifiers, *crawl.unopened}
    listed = {urlsplit(address).path for address in read_addresses(client)}
    assert set(crawl.unopened) <= listed, "there is a page at each address that was not opened"
    parts = tuple(urlsplit(address).path for address in PARTS)
    assert {p for p in crawl.identifiers if "?" not in p and not p.startswith(parts)} <= listed, "the sitemap has all pages"


def test_every_link_of_a_page_of_each_kind_works_in_japanese(client: FlaskClient) -> None:
    crawl = Crawl(client, "ja")
    for kind in PAGE_KINDS:
        if kind.status == 200:
            crawl.seen[kind.path] = "/"
            crawl.read(kind.path)
    shapes: set[str] = set()
    for path in list(crawl.waiting):  # and of all shapes of pages that they link to, one
        if (shape := name_shape(path)) not in shapes:
            shapes.add(shape)
            crawl.read(path)
    assert crawl.broken == []
    assert list(crawl.list_lost_fragments()) == []

"""The static twin under real web servers: the same answers as the server's own, from files."""

from __future__ import annotations

import hashlib
import html
import http.client
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from browser import DESKTOP, open_page
from click.testing import CliRunner
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from serving import Answer, Running
from small_twin import GONE, Served, build_small_release, export_part, serve_with_caddy, serve_with_nginx

from lod.cli import cli
from lod.release import Release
from server.app import create_app
from server.negotiation import choose_media_type
from server.representations import REPRESENTATIONS, TABLE

LINK = re.compile(r'<[a-z][^>]*?\s(?:href|src|action)="([^"]*)"')
TAG_LINK = re.compile(r'(<[a-z][^>]*?\s(?:href|src|action)=")([^"]*)(")')
SAME = ("content-language", "cache-control", "content-location", "link", "access-control-allow-origin",
        "content-security-policy", "access-control-expose-headers", "x-content-type-options", "referrer-policy",
        "cross-origin-resource-policy", "madoguchi-release", "accept-ranges")  # fmt: skip
BROWSERS = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
)
FOREIGN = r"/describe\?iri=(?!http%3A%2F%2Fpublications)"  # of what others describe, a few
MOST = r"/(?:describe|ontology|quality|graph|releases|dumps|catalog|doc/(?:edition|area|build))"
FORMS = ("ttl", "jsonld", "nt", "rdf", "nq", "trig")
ACCEPTS = (
    *BROWSERS,
    "",
    "*/*",
    "text/turtle",
    "text/turtle;q=0.5, application/rdf+xml;q=0.9",
    "text/turtle;q=0.85,application/rdf+xml;q=0.9,*/*;q=0.1",
    "application/rdf+xml;q=0.9,text/turtle;q=0.901",
    "text/*;q=0.3, application/n-triples;q=0.3",
    "text/html;q=0, */*",
    "application/ld+json",
    'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"',
    'application/ld+json; profile="http://www.w3.org/ns/json-ld#flattened", text/turtle;q=0.2',
    "application/*",
    "application/n-quads, text/turtle;q=0.999",
    "application/json",
    "text/n3",
    "application/x-turtle;q=0.9, text/html;q=0.8",
    "text/plain",
    "TEXT/TURTLE ; q=1.0",
    "text/turtle; charset=utf-8",
    "image/png",
    "image/png, text/turtle;q=0",
    "text/csv",
    "text/csv;q=0.4, text/html;q=0.3",
    "application/trig;q=1.000,application/n-quads;q=1",
    "nonsense",
)


class Client:
    """One connection, kept open: thousands of requests are asked."""

    def __init__(self, served: Served) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)

    def ask(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
        self.connection.request(method, path, headers=dict(headers or {}))
        response = self.connection.getresponse()
        found: dict[str, str] = {}
        for name, value in response.getheaders():
            found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
        return Answer(response.status, found, response.read())

    def close(self) -> None:
        self.connection.close()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_small_release(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def twin(small: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("twin") / "twin"
    export_part(small, folder, FOREIGN)
    return folder


@pytest.fixture(scope="module")
def files(twin: Path) -> dict[str, dict[str, str]]:
    """What lies where: each file with its address and type."""
    found: dict[str, dict[str, str]] = json.loads((twin / "twin.json").read_text(encoding="utf-8"))["files"]
    return found


@pytest.fixture(scope="module")
def live(small: Release) -> FlaskClient:
    return create_app(small).test_client(use_cookies=False)


@pytest.fixture(scope="module")
def nginx(twin: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    if shutil.which("nginx", path="/usr/sbin:/usr/bin") is None:
        pytest.skip("nginx is not installed (apt-get install nginx-light)")
    with serve_with_nginx(twin, tmp_path_factory.mktemp("nginx") / "run") as served:
        yield served


@pytest.fixture
def reader(nginx: Served) -> Iterator[Client]:
    with closing(Client(nginx)) as client:
        yield client


@pytest.fixture(scope="module")
def caddy(twin: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    if shutil.which("caddy") is None:
        pytest.skip("caddy is not installed (apt-get install caddy)")
    with serve_with_caddy(twin, tmp_path_factory.mktemp("caddy") / "run") as served:
        yield served


def list_words(header: str) -> set[str]:
    return set(re.split(r",\s*", header)) - {""}


def resolve_page(text: str, file: str, files: Mapping[str, Mapping[str, str]]) -> str:
    """A page of the twin with the addresses that its links lead to, in the place of the links."""

    def change(match: re.Match[str]) -> str:
        target, fragment = urldefrag(urljoin(f"/{file}", html.unescape(match[2])))
        name = unquote(urlsplit(target).path).lstrip("/")
        if name in files and not urlsplit(match[2]).scheme:
            address = files[name]["address"]
            is_found = name.endswith(".html") or (name == f"{address[1:]}.ttl" and f"{address[1:]}.html" not in files)
            target = address if is_found else f"/{name}"
        return f"{match[1]}{target}#{fragment}{match[3]}"

    return TAG_LINK.sub(change, text)


def find_path(file: str) -> str:
    """The address at which the server has what is in a file of another form than HTML."""
    if found := re.fullmatch(
        r"(.*)\.(expanded|flattened)|(quality/\w+|changes|(?:.*/)?(?=index\.))(?:index)?\.(json|csv)", file
    ):
        return f"/{found[1] or found[3]}?format={found[2] or found[4]}"
    if found := re.fullmatch(r"(.*)\.ja(\.\w+)", file):
        return f"/{found[1]}{found[2]}?lang=ja"
    return f"/{file}"


def drop_links(text: str) -> str:
    return re.sub(r'<input type="hidden" name="to"[^>]*>', "", TAG_LINK.sub(r"\1\3", text))


def list_own_links(text: str) -> list[str]:
    """The links of a page that lead to what the twin has too, without what only the server has."""
    targets = [urldefrag(html.unescape(t)) for t in LINK.findall(text) if "?" not in t]
    return [
        f"{t.partition('?')[0].removesuffix('.html')}#{f}"
        for t, f in targets
        if t.startswith("/") and not t.startswith(("/language", "/sparql", "/search"))
    ]


def test_every_form_of_everything_is_served_as_by_the_server(
    live: FlaskClient, reader: Client, files: dict[str, dict[str, str]]
) -> None:
    wrong = []
    for file, about in files.items():
        if (
            file.endswith(".html")
            or "~" in file
            or file.endswith(".problem")
            or re.match(r"\d{3}\.", file)
            or file.startswith(("static/", "gone/"))
        ):
            continue
        path = find_path(file)
        here, there = live.get(path), reader.ask(path)
        assert here.status_code == there.status == 200, path
        if here.data != there.body:
            wrong.append(f"{path}: other bytes")
        if here.headers["Content-Type"] != there.headers["content-type"]:
            wrong.append(f"{path}: {here.headers['Content-Type']} is {there.headers['content-type']}")
        wrong += [
            f"{path}: {n}: {here.headers.get(n)} is {there.headers.get(n)}"
            for n in SAME
            if here.headers.get(n) != there.headers.get(n)
        ]
        if list_words(here.headers.get("Vary", "")) != list_words(there.headers.get("vary", "")):
            wrong.append(f"{path}: Vary {here.headers.get('Vary')} is {there.headers.get('vary')} {about}")
    assert wrong == []


def test_every_page_is_the_servers_with_links_to_files(
    live: FlaskClient, reader: Client, files: dict[str, dict[str, str]]
) -> None:
    wrong = []
    for file, about in files.items():
        if not file.endswith(".html") or file.startswith(("search.", "live.", "gone/")) or re.match(r"\d{3}\.", file):
            continue
        language = "ja" if file.endswith(".ja.html") else "en"
        headers = {"Accept": BROWSERS[0], "Accept-Language": language}
        here, there = live.get(about["address"], headers=headers), reader.ask(about["address"], headers)
        assert (here.status_code, there.status) == (200, 200), about["address"]
        if drop_links(here.text) != drop_links(there.text):
            wrong.append(f"{file}: another text")
        if (own := list_own_links(here.text)) and "~" not in file:
            resolved = list_own_links(resolve_page(there.text, file, files))
            missing = {x for x in own if "/live" not in x} - set(resolved)
            if missing - {x for x in missing if x.startswith(("/static", "/id/", "/graph/", "/dumps"))}:
                wrong.append(f"{file}: lost links {sorted(missing)[:3]}")
        same = [n for n in SAME if not (n == "link" and "~" in file) and not (n == "content-location" and "~" in file)]
        wrong += [
            f"{file}: {n}: {here.headers.get(n)} is {there.headers.get(n)}"
            for n in same
            if here.headers.get(n) != there.headers.get(n)
        ]
        if list_words(here.headers["Vary"]) != list_words(there.headers["vary"]):
            wrong.append(f"{file}: Vary {here.headers['Vary']} is {there.headers['vary']}")
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/doc/gov/102059",
        "/doc/area/102059",
        "/ontology",
        "/ontology/shapes",
        "/ontology/shapes/ListingShape",
        "/source/004",
        "/quality/issues",
        "/quality/report",
        "/catalog",
        "/.well-known/void",
        "/releases/",
        "/dumps/",
    ],
)
def test_accept_decides_as_it_does_on_the_server(live: FlaskClient, reader: Client, path: str) -> None:
    wrong = []
    for accept in ACCEPTS:
        headers = {"Accept": accept} if accept else {}
        here, there = live.get(path, headers=headers), reader.ask(path, headers)
        if (
            here.status_code == 200
            and here.mimetype in ("text/n3", "application/x-turtle", "text/plain")
            and path != "/source/004"
        ):
            assert there.headers["content-type"].startswith(("text/turtle", "application/n-triples")), "under its present name"
        elif (here.status_code, here.mimetype) != (there.status, there.headers["content-type"].partition(";")[0]):
            wrong.append(f"{accept}: {here.status_code} {here.mimetype} is {there.status} {there.headers['content-type']}")
        elif here.status_code == 200 and here.headers.get("Content-Location") != there.headers.get("content-location"):
            wrong.append(f"{accept}: {here.headers.get('Content-Location')} is {there.headers.get('content-location')}")
    assert wrong == []


def test_the_patterns_choose_as_the_servers_function_does(reader: Client) -> None:
    """Weights of one to three digits, in all orders of three types."""
    offers = [r.media_type for r in (*REPRESENTATIONS, TABLE)]
    weights = ("1", "0.9", "0.89", "0.899", "0.1", "0.05", "0")
    for a in weights:
        for b in weights:
            accept = f"application/rdf+xml;q={a}, text/turtle;q={b}, application/trig;q=0.5"
            expected = choose_media_type(accept, offers)
            found = reader.ask("/doc/gov/102059", {"Accept": accept}).headers["content-type"].partition(";")[0]
            assert found == expected, accept


@pytest.mark.parametrize(
    ("languages", "cookie", "query"),
    [
        ("ja", "", ""),
        ("en-US,en;q=0.9,ja;q=0.8", "", ""),
        ("ja-JP,ja;q=0.9,en;q=0.8", "", ""),
        ("fr,de;q=0.5", "", ""),
        ("de, ja;q=0.4, en;q=0.3", "", ""),
        ("de, ja;q=0.3, en;q=0.4", "", ""),
        ("en", "language=ja", ""),
        ("ja", "x=1; language=en", ""),
        ("en", "language=en", "?lang=ja"),
    ],
)
def test_pages_come_in_the_language_that_is_asked_for(
    live: FlaskClient, reader: Client, languages: str, cookie: str, query: str
) -> None:
    headers = {"Accept": BROWSERS[0], "Accept-Language": languages} | ({"Cookie": cookie} if cookie else {})
    for path in ("/", "/doc/gov/102059", "/quality"):
        there = reader.ask(path + query, headers)
        expected = live.get(path + query, headers=headers).headers["Content-Language"]
        assert there.headers["content-language"] == expected
        assert f'<html lang="{expected}">' in there.text


def test_things_lead_to_their_documents_and_nothing_else_does(live: FlaskClient, reader: Client) -> None:
    for path in ("/id/gov/102059", "/id/edition/004", "/id/gov/102059?format=ttl", "/dumps", "/graph"):
        here, there = live.get(path), reader.ask(path)
        assert (here.status_code, here.headers["Location"]) == (there.status, there.headers["location"])
        assert "?" in path or here.headers.get("Link") == there.headers.get("link")
    for path in (
        "/id/gov/999999",
        "/doc/gov/999999",
        "/doc/gov/999999.ttl",
        "/nothing",
        "/doc/gov",
        "/sparql?query=x",
    ):
        for accept in ("text/html", "application/json", "*/*"):
            there = reader.ask(path, {"Accept": accept})
            assert there.status == 404, path
            if not path.startswith("/sparql") and not path.endswith(".ttl"):  # whose ending decides there
                here = live.get(path, headers={"Accept": accept})
                assert there.headers["content-type"] == here.headers["Content-Type"]
            assert there.headers["cache-control"] == "public, max-age=30"
            assert "default-src 'none'" in there.headers["content-security-policy"]
    assert reader.ask("/doc/gov/102059?format=sausage").status == 400
    for path in ("/..%2f..%2fnginx.conf", "/../nginx.conf", "/%2e%2e/twin.json"):
        assert reader.ask(path).status in (400, 404)


def test_what_an_older_release_had_is_gone(live: FlaskClient, reader: Client) -> None:
    for path in (f"/{GONE}", f"/{GONE.replace('id/', 'doc/')}"):
        for accept in (BROWSERS[0], "application/json", "text/plain"):
            here, there = live.get(path, headers={"Accept": accept}), reader.ask(path, {"Accept": accept})
            assert (here.status_code, there.status) == (410, 410)
            same = ("Content-Type", "Link", "Content-Language", "Cache-Control")
            assert [here.headers.get(n) for n in same] == [there.headers.get(n.lower()) for n in same]


def test_conditions_ranges_and_methods(reader: Client, live: FlaskClient) -> None:
    tags = set()
    for path in (
        "/doc/gov/102059.ttl",
        "/doc/gov/102059.html",
        "/doc/gov/102059.ja.html",
        "/doc/gov/102059.nt",
        "/dumps/all.nq",
    ):
        for coding in ("identity", "gzip"):
            whole = reader.ask(path, {"Accept-Encoding": coding})
            assert whole.headers.get("content-encoding", "identity") == coding
            tag = whole.headers["etag"]
            tags.add(tag)
            again = reader.ask(path, {"Accept-Encoding": coding, "If-None-Match": tag})
            assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
            assert reader.ask(path, {"Accept-Encoding": coding, "If-None-Match": '"x"'}).status == 200
    assert len(tags) == 10, "two representations share an entity tag"
    whole = reader.ask("/dumps/all.nq").body
    part = reader.ask("/dumps/all.nq", {"Range": "bytes=100-199"})
    assert (part.status, part.body) == (206, whole[100:200])
    assert reader.ask("/dumps/all.nq", {"Range": f"bytes={len(whole)}-"}).status == 416
    head = reader.ask("/doc/gov/102059", {"Accept": "text/turtle"}, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["content-length"]) == len(live.get("/doc/gov/102059.ttl").data)
    asked = reader.ask("/doc/gov/102059", {"Origin": "https://example.org"}, "OPTIONS")
    assert (asked.status, asked.headers["access-control-allow-origin"]) == (204, "*")
    for method in ("POST", "PUT", "DELETE"):
        refused = reader.ask("/doc/gov/102059", method=method)
        assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_what_machines_find_the_site_by_is_there(live: FlaskClient, reader: Client, files: dict[str, dict[str, str]]) -> None:
    """Each is compared with the server's by the tests of every form and every page: here, that it is among them."""
    release = live.get("/releases/latest").headers["Location"].rstrip("/").rpartition("/")[2]
    expected = {"robots.txt", "sitemap.xml", "opensearch.xml", "llms.txt", "releases/feed.atom", "releases/feed.ja.atom"}
    expected |= {f".well-known/void.{form}" for form in FORMS} | {f"catalog.{form}" for form in ("html", "ja.html", *FORMS)}
    expected |= {f"{stem}.{form}" for stem in ("ontology/shapes", "quality/report") for form in ("html", "ja.html", *FORMS)}
    expected |= {
        "linkset/dataset.json",
        "linkset/dataset.txt",
        "releases/index.html",
        "releases/index.json",
        "dumps/index.json",
    }
    expected |= {f"releases/{release}/{name}" for name in ("index.html", "index.json", "all.nq", "manifest.json", "SHA256SUMS")}
    assert expected - set(files) == set()
    for path in ("/releases", "/releases/latest", "/releases/latest/all.nq", f"/releases/{release}"):
        here, there = live.get(path), reader.ask(path)
        assert (here.status_code, here.headers["Location"]) == (there.status, there.headers["location"]), path
    for language in ("en", "ja"):
        here, there = (ask("/releases/feed.atom", headers={"Accept-Language": language}) for ask in (live.get, reader.ask))
        assert here.data == there.body  # type: ignore[union-attr]
        assert here.headers["Content-Language"] == there.headers["content-language"] == language


def test_a_file_of_the_release_lies_there_once(twin: Path, small: Release) -> None:
    """Under `/dumps/` and under its lasting address it is the same file, and none of the release's own, whose time stays."""
    for name in ("all.nq", "all.nq.gz", "listings.parquet"):
        places = [twin / "site" / folder / name for folder in ("dumps", f"releases/{small.id}")]
        assert len({place.stat().st_ino for place in places}) == 1
        assert places[0].stat().st_ino != (small.path / name).stat().st_ino
        assert places[0].read_bytes() == (small.path / name).read_bytes()


def test_no_link_of_the_folder_is_broken(twin: Path) -> None:
    site = twin / "site"
    broken, foreign = set(), set()
    for page in site.rglob("*.html"):
        name = page.relative_to(site).as_posix()
        is_shown_anywhere = re.match(r"(\d{3}|live)\.|gone/", name)
        for tag, written in re.findall(r'<([a-z]+)[^>]*?\s(?:href|src|action)="([^"]*)"', page.read_text(encoding="utf-8")):
            reference = html.unescape(written)
            if urlsplit(reference).scheme:
                if tag not in ("a", "link"):
                    foreign.add(reference)
                continue
            path = unquote(urlsplit(reference).path)
            if path and (path.startswith("/") != bool(is_shown_anywhere)):
                broken.add(f"{name}: {reference} is not relative")
            target = site / path.lstrip("/") if is_shown_anywhere else page.parent / path
            if path and not target.is_file():
                broken.add(f"{name}: {reference}")
    assert broken == set()
    assert foreign == set()


def test_a_second_export_gives_the_same_bytes_and_takes_the_place_of_the_first(small: Release, tmp_path: Path) -> None:
    twin = tmp_path / "twin"
    export_part(small, twin, MOST, processes=2)

    def read(folder: Path) -> dict[str, tuple[str, int]]:
        paths = (p for p in folder.rglob("*") if p.is_file())
        return {
            p.relative_to(folder).as_posix(): (
                hashlib.sha256(p.read_bytes()).hexdigest(),
                int(p.stat().st_mtime) * ("site" in p.parts),
            )
            for p in paths
        }

    before = read(twin)
    (twin / "site" / "left-over.html").write_text("an older release had this", encoding="utf-8")
    export_part(small, twin, MOST, processes=1)
    assert read(twin) == before
    assert [p for p in twin.parent.iterdir() if p != twin] == []


def test_a_folder_with_other_things_is_refused(small: Release, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    result = CliRunner().invoke(cli, ["export", str(tmp_path), "--out", str(small.path.parent)])
    assert result.exit_code == 1
    assert "thesis.txt" in str(result.exception)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("language", "question", "expected"),
    [
        ("en", "Toyota", "Toyota"),
        ("en", "とよた", "Toyota"),
        ("ja", "豊田", "豊田市"),
        ("ja", "おおさか", "大阪府"),
        ("en", "Ōsaka", "Osaka"),
        ("en", "kyoseikokusai@city.toyohashi.lg.jp", "kyoseikokusai@city.toyohashi.lg.jp"),
        ("en", "International Affairs Division", "International Affairs Division"),
    ],
)
def test_the_search_runs_in_the_browser(chromium: Browser, nginx: Served, language: str, question: str, expected: str) -> None:
    with open_page(chromium, Running(None, nginx.url), language=language, viewport=DESKTOP) as visitor:  # type: ignore[arg-type]
        visitor.visit("/doc/gov/102059")
        box = visitor.page.locator("header.top input[type=search]")
        box.fill(question)
        visitor.page.locator(".search-list [role=option]").first.wait_for()
        assert expected in (visitor.page.locator(".search-list [role=option]").first.text_content() or "")
        box.press("Enter")
        first = visitor.page.locator("#found-here li").first
        first.wait_for()
        assert expected in (first.text_content() or "")
        first.locator("a").click()
        visitor.page.wait_for_load_state()
        assert visitor.page.locator("h1").count() == 1
        assert visitor.page.evaluate("document.documentElement.lang") == language


def test_what_needs_the_live_service_says_so(chromium: Browser, nginx: Served, small: Release) -> None:
    with open_page(chromium, Running(None, nginx.url)) as visitor:  # type: ignore[arg-type]
        visitor.visit("/")
        visitor.page.locator("nav a", has_text="SPARQL").first.click()
        assert visitor.page.locator("#live-address").get_attribute("href") == f"{small.iris.base}sparql"
        visitor.visit("/live.html?to=//evil.example/")
        assert visitor.page.locator("#live-address").get_attribute("href") == small.iris.base


def test_a_page_opened_from_disk_has_its_style_and_its_search(chromium: Browser, twin: Path) -> None:
    page = chromium.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    page.goto((twin / "site" / "doc" / "gov" / "102059.ja.html").as_uri())
    assert page.evaluate("getComputedStyle(document.body).fontFamily") != page.evaluate(
        "(() => { const f = document.createElement('iframe'); return 'Times New Roman'; })()"
    )
    assert page.evaluate("document.styleSheets.length") == 1
    page.locator("a.switch").click()
    assert page.url.endswith("/doc/gov/102059.html")
    page.locator("header.top input[type=search]").fill("おおた")
    page.locator("header.top input[type=search]").press("Enter")
    page.locator("#found-here li").first.wait_for()
    assert "Ota" in (page.locator("#found-here li").first.text_content() or "")
    assert problems == []
    page.close()


def test_without_script_the_search_lists_all_governments(twin: Path, small: Release) -> None:
    text = (twin / "site" / "search.html").read_text(encoding="utf-8")
    assert len(set(re.findall(r'href="(doc/gov/[^"]*)"', text))) == small.manifest["counts"]["governments"]


def test_caddy_serves_the_core_of_it(caddy: Served, live: FlaskClient, files: dict[str, dict[str, str]]) -> None:
    with closing(Client(caddy)) as client:
        wrong = []
        for file in sorted(files):
            if (
                not re.match(r"(?:doc/gov|doc/edition/004/listing|ontology|dumps)", file)
                or "~" in file
                or file.endswith(".html")
            ):
                continue
            if re.search(r"\.(?:expanded|flattened)$", file):
                continue
            here, there = live.get(find_path(file)), client.ask(f"/{file}")
            assert (here.status_code, there.status) == (200, 200), file
            same = ("content-type", "content-language", "link", "access-control-allow-origin", "content-security-policy")
            wrong += [
                f"{file}: {n}: {here.headers.get(n)} is {there.headers.get(n)}"
                for n in same
                if here.headers.get(n) != there.headers.get(n)
            ]
            if here.data != there.body:
                wrong.append(f"{file}: other bytes")
        assert wrong == []
        for accept, kind in (
            ("", "text/html"),
            (BROWSERS[0], "text/html"),
            ("text/turtle", "text/turtle"),
            ("application/rdf+xml", "application/rdf+xml"),
            ("image/png", None),
        ):
            there = client.ask("/doc/gov/102059", {"Accept": accept} if accept else {})
            assert there.status == (200 if kind else 406)
            assert kind is None or there.headers["content-type"].startswith(kind)
        page = client.ask("/doc/gov/102059", {"Accept": BROWSERS[0], "Accept-Language": "ja,en;q=0.5"})
        assert '<html lang="ja">' in page.text
        to = client.ask("/id/gov/102059")
        assert (to.status, to.headers["location"]) == (303, "/doc/gov/102059")
        assert client.ask("/doc/gov/999999", {"Accept": "text/html"}).status == 404
        whole = client.ask("/doc/gov/102059.ttl")
        assert client.ask("/doc/gov/102059.ttl", {"If-None-Match": whole.headers["etag"]}).status == 304
        part = client.ask("/doc/gov/102059.ttl", {"Range": "bytes=10-19"})
        assert (part.status, part.body) == (206, whole.body[10:20])
        assert client.ask("/doc/gov/102059.ttl", {"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"

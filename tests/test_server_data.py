"""Data that are not ours, served in the place of a release: nothing on any page leads nowhere or fails."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from small_data import SMALL_DATA, write_small_data
from test_pages import read_page

from lod.foreign_data import make_data_release
from lod.release import Release, compute_sha256
from server.app import create_app

SUFFIXES = ("ttl", "nt", "rdf", "jsonld")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_small_data(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def data(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_data_release(tmp_path_factory.mktemp("data"), files)


@pytest.fixture(scope="module")
def site(data: Release) -> FlaskClient:
    return create_app(data).test_client()


def get_page(site: FlaskClient, address: str) -> str:
    response = site.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
    assert response.status_code == 200, address
    return response.text


def select(site: FlaskClient, query: str) -> list[dict[str, str]]:
    response = site.get("/sparql", query_string={"query": query, "format": "json"})
    assert response.status_code == 200, response.text
    rows = response.get_json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def describe(iri: str) -> str:
    return f"/describe?iri={quote(iri, safe='')}"


def crawl(site: FlaskClient, start: str) -> dict[str, int]:
    """The status of every address on this site that the pages link to, by following them all."""
    seen: dict[str, int] = {}
    waiting = [start]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        response = site.get(address, headers={"Accept": "text/html"}, buffered=True)
        seen[address] = response.status_code
        found = [response.headers["Location"]] if "Location" in response.headers else []
        if response.mimetype == "text/html" and not address.startswith("/sparql?"):
            found += [unescape(a) for a in re.findall(r'href="([^"]*)"', response.text)]
        for link in found:
            parts = urlsplit(urljoin(f"http://localhost{address}", link))
            if parts.netloc == "localhost" and not parts.path.startswith("/language/"):  # which leads back
                waiting.append(parts._replace(scheme="", netloc="", fragment="").geturl())
    return seen


def test_every_link_on_every_page_leads_somewhere(site: FlaskClient) -> None:
    statuses = crawl(site, "/")
    unsaid = {a for a, status in statuses.items() if status == 406 and "format=" in a}  # what a format cannot say is told
    refused = {address for address, status in statuses.items() if status not in (200, 303)}
    assert refused == unsaid | {"/.well-known/void"}  # which is no page
    assert all("people/ada" in address or "/down" in address or "relative" in address for address in unsaid), unsaid
    assert len(statuses) > 100


def test_every_thing_has_a_document_in_every_format(site: FlaskClient) -> None:
    query = "SELECT DISTINCT ?s { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } FILTER isIRI(?s) }"
    things = [row["s"] for row in select(site, query)]
    assert len(things) > 20
    faults = {}
    for thing in things:
        for form in ("html", *SUFFIXES):
            response = site.get(f"{describe(thing)}&format={form}", follow_redirects=True)
            # what a format cannot say is told, and is no fault
            if response.status_code not in (200, 406) or (response.status_code == 406 and form in ("html", "ttl", "nt")):
                faults[thing, form] = response.status_code
    assert faults == {}


def test_things_are_found_by_their_paths(site: FlaskClient) -> None:
    for path in ("/people/ada", "/people/%E6%9F%8F", "/search?q=%E6%9F%8F&page=2", "/id/thing", "/a%20b/%2F/(c)", "/page"):
        response = site.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
        assert (response.status_code, response.mimetype) == (200, "text/turtle"), path


def test_the_base_iri_is_the_origin_of_most_things(data: Release) -> None:
    assert data.iris.base == "https://data.example.org/"


def test_the_home_page_says_what_is_there(site: FlaskClient) -> None:
    page = get_page(site, "/")
    text = re.sub(r"<[^>]+>|\s+", " ", page)
    assert "https://data.example.org/" in text
    assert re.search(r"person\s+3\b", text)  # three are said to be of that class
    assert "urn:graph:柏" in text
    assert "Kinds of things" in text
    assert "/dumps/people.ttl" in page
    assert "governments" not in text.lower()


def test_what_takes_seconds_to_count_is_not_counted(data: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.dataset.COUNTED", 0)
    site = create_app(data).test_client()
    text = re.sub(r"<[^>]+>|\s+", " ", get_page(site, "/"))
    assert "Linked data with the base IRI" in text
    assert "urn:graph:柏" in text
    assert "person" in text
    assert not re.search(r"person\s+3\b", text)
    assert "statement" not in text.partition("Graphs")[2].partition("Ask")[0]
    described = site.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert "urn:graph:柏" in described
    assert not re.findall(r"void:(?:triples|entities|classes|properties|distinct\w+) ", described)
    assert get_page(site, "/sparql")


def test_a_graph_too_large_for_one_document_has_a_page_that_points_to_the_dumps(
    site: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.documents.MOST", 0)
    response = site.get("/graph/old", headers={"Accept": "text/turtle"})
    assert response.status_code == 406
    assert "/dumps/" in response.text
    assert "/dumps/" in get_page(site, "/graph/old")


def test_a_description_of_the_service_larger_than_a_block_is_whole(site: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = site.get("/sparql", headers={"Accept": "application/n-triples"}).data
    monkeypatch.setattr("server.spool.BLOCK", 100)
    assert site.get("/sparql", headers={"Accept": "application/n-triples"}).data == whole != b""


def test_a_page_shows_facts_by_graph_and_blank_nodes_in_place(site: FlaskClient) -> None:
    page = get_page(site, "/people/ada")
    order = [page.index(text) for text in ("<h3>Stated</h3>", "Stated in https://data.example.org/graph/old"[:9])]
    assert order == sorted(order)
    assert "Ada Byron" in page.partition("Stated in")[2]
    assert "Kashiwa" in page  # of the address, which is a blank node
    assert '<span lang="ar" dir="rtl">آدا</span>' in page
    assert "A book" in page  # the name of what is linked to


def test_what_the_data_say_never_becomes_markup(site: FlaskClient) -> None:
    page = read_page(site, describe("https://data.example.org/people/ada"))
    assert page.mistakes == []
    assert (page.tags.count("script"), page.text_of_scripts) == (1, ""), "that of the site alone"
    for address in page.addresses:
        assert re.match(r"/|#|https?://|mailto:", address), address


def test_a_thing_that_more_points_to_than_a_page_holds_says_so(tmp_path: Path) -> None:
    lines = [f"<http://a.example/{n}> <http://a.example/to> <http://a.example/hub> .\n" for n in range(3000)]
    lines += [f'<http://a.example/hub> <http://a.example/p> "{n}" .\n' for n in range(3000)]
    (tmp_path / "hub.nt").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "release").mkdir()
    site = create_app(make_data_release(tmp_path / "release", [tmp_path / "hub.nt"])).test_client()
    page = get_page(site, describe("http://a.example/hub"))
    assert page.count("<li>") < 2100
    asked = [unescape(a) for a in re.findall(r'href="([^"]*)">ask for all of it', page)]
    assert len(asked) == 2
    assert all(site.get(f"{address}&format=csv").text.count("\n") == 3001 for address in asked)


def test_there_is_no_vocabulary_of_ours(site: FlaskClient) -> None:
    for path in ("/ontology", "/ontology.ttl", "/ontology/shapes"):
        response = site.get(path)
        assert response.status_code == 404
        assert "ontology" in response.text
    assert "/ontology" not in get_page(site, "/")


def test_the_files_are_the_dumps_byte_for_byte(site: FlaskClient, files: list[Path]) -> None:
    page = get_page(site, "/dumps/")
    names = {
        "people.ttl": "text/turtle",
        "graphs.trig": "application/trig",
        "lines.nt": "application/n-triples",
        "lines-2.nt": "application/n-triples",
        "quads.nq": "application/n-quads",
        "描述-1.rdf": "application/rdf+xml",
        "context.jsonld": "application/ld+json",
        "packed.nt.gz": "application/gzip",
    }
    for (name, media_type), path in zip(names.items(), files, strict=True):
        response = site.get(f"/dumps/{name}", headers={"Accept-Encoding": "identity"}, buffered=True)
        assert (response.status_code, response.mimetype) == (200, media_type), name
        assert response.data == path.read_bytes()
        assert compute_sha256(path) in page
        assert f">{name}</a>" in page


def test_blank_nodes_of_different_files_are_different(site: FlaskClient) -> None:
    query = 'SELECT ?n (COUNT(DISTINCT ?s) AS ?c) { ?s foaf:name ?n FILTER STRSTARTS(?n, "blank in") } GROUP BY ?n'
    assert len(select(site, query)) == 2
    assert select(site, 'ASK { ?s foaf:name "blank in lines.nt" , "blank in old/lines.nt" }'.replace("ASK", "SELECT * ")) == []


def test_relative_iris_are_under_the_base_in_every_format(site: FlaskClient) -> None:
    for name in ("people/relative", "described", "json"):
        assert select(site, f"SELECT ?p {{ <https://data.example.org/{name}> ?p ?o }}"), name


def test_examples_find_something(site: FlaskClient) -> None:
    page = get_page(site, "/")
    listed = page.partition('<ul class="examples">')[2].partition("</ul>")[0]
    examples = [unescape(a) for a in re.findall(r'href="(/sparql\?query=[^"]*)"', listed)]
    assert len(examples) == 5
    for example in examples:
        answer = site.get(f"{example}&format={'ttl' if 'CONSTRUCT' in example else 'csv'}")
        assert answer.status_code == 200
        assert answer.text.count("\n") > 2


def test_prefixes_are_those_of_the_files_and_well_known_ones(data: Release) -> None:
    assert data.prefixes["ex"] == "https://data.example.org/"
    assert data.prefixes["schema"] == "http://schema.org/"  # the file's, though ours is another
    assert data.prefixes["skos"] == "http://www.w3.org/2004/02/skos/core#"
    assert "jle" not in data.prefixes
    assert data.context["ex"] == "https://data.example.org/"


def test_sparql_answers_with_named_graphs_kept(site: FlaskClient) -> None:
    graphs = {row["g"] for row in select(site, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")}
    named = {"https://data.example.org/graph/old", "https://elsewhere.example/graph", "urn:graph:柏", "urn:graph:quads"}
    assert named <= graphs
    assert len(graphs) == 5  # and the one without a name
    assert select(site, "SELECT ?n { ex:only foaf:name ?n }") == []


def test_data_without_a_statement_are_served(tmp_path: Path) -> None:
    (tmp_path / "empty.ttl").touch()
    (tmp_path / "release").mkdir()
    site = create_app(make_data_release(tmp_path / "release", [tmp_path / "empty.ttl"])).test_client()
    assert {a: status for a, status in crawl(site, "/").items() if status != 200} == {"/.well-known/void": 406}  # no page


def test_data_like_ours_look_like_ours(release: Release, client: FlaskClient, tmp_path: Path) -> None:
    site = create_app(make_data_release(tmp_path, [release.path / "all.nq"])).test_client()
    for path in ("/doc/gov/122173", "/doc/edition/003/listing/L24", "/doc/edition/003", "/doc/edition/002/issue/30"):
        ours, theirs = (
            re.sub(
                r"(?s)<footer.*?</footer>|<script type=.*?</script>|<a [^>]*>(?:Governments|Vocabulary)</a>|<[^>]+>|\s+",
                " ",
                get_page(c, path),
            ).split()
            for c in (client, site)
        )
        assert theirs.count("today") == ours.count("today")
        assert [w for w in ours if "@" in w] == [w for w in theirs if "@" in w], path


def test_data_like_ours_that_break_its_rules_have_pages(release: Release, tmp_path: Path) -> None:
    """Another's data may say anything with our terms."""
    lines = (release.path / "all.nq").read_text(encoding="utf-8").splitlines()
    odd = ['"<b> x"', '"' + "9" * 5000 + '"', '"1e400"', "<javascript:x>", "<<( <urn:a> <urn:b> <urn:c> )>>"]
    names = (
        "sameAs|standardAreaCode|lgCode|sourceLine|order|latitude|longitude|serviceUrl|email|areaServed|geo|broader|about|range"
    )
    stated = [m for line in lines if (m := re.match(rf"(<\S+> <\S+[#/](?:{names})> ).*( <\S+>) \.$", line))]
    broken = [f"{match[1]}{odd[n % 5]}{match[2]} ." for n, match in enumerate(stated)]
    types = [f'<urn:t{n}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "literal" .' for n in range(3)]
    circles = [re.sub(r"^(<\S+>) (<\S+>) (<\S+>)", r"\3 \2 \1", line) for line in lines if "skos/core#broader>" in line]
    path = tmp_path / "ours.nq"
    path.write_text("\n".join([*lines, *broken, *types, *circles, ""]), encoding="utf-8")
    folder = tmp_path / "release"
    folder.mkdir()
    site = create_app(make_data_release(folder, [path], release.iris.base)).test_client()
    addresses = (
        *("/", "/changes", "/ontology", "/ontology/vocabularies/schema", "/source/003", "/source/003/12", "/doc/edition/003"),
        *(
            "/doc/gov/122173",
            "/doc/area/122173",
            "/doc/area/120006",
            "/doc/edition/003/listing/L12",
            "/doc/area/122173%23position",
        ),
    )
    found = {a: site.get(a, headers={"Accept": "text/html"}, follow_redirects=True).status_code for a in addresses}
    assert {a: status for a, status in found.items() if status >= 500} == {}
    assert site.get("/doc/gov/12217", headers={"Accept": "text/html"}).status_code == 404
    areas = [f"/doc/area/{code}" for code in ("122173", "120006", "014079", "162043", "335860")]
    for address in ("/ontology", *areas):
        assert '<a href="javascript:' not in get_page(site, address), address


def test_small_data_have_every_format() -> None:
    assert {Path(name).suffix for name in SMALL_DATA} == {".ttl", ".trig", ".nt", ".nq", ".owl", ".json"}

"""Kept releases over HTTP: their list, their files for ever under one address, what changed between two, and the feed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from release_pairs import Pair, add_release, copy_pair, share_pair
from serving import serve, wait_until
from test_pages import Outline

from lod.diff import compare_releases
from lod.diff_directory import compare_directories
from lod.prune import prune_releases
from lod.rdf_patch import write_patch
from lod.release import CHECKSUMS, read_checksums
from server.app import create_app
from server.pages.release_words import describe_step

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
DROPPED = "id/edition/002/listing/L160/contact/1"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return share_pair(tmp_path_factory)


@pytest.fixture(scope="module")
def reader(pair: Pair) -> FlaskClient:
    """A client of a server that serves the later release."""
    return create_app(pair.after).test_client(use_cookies=False)


@pytest.fixture(scope="module")
def own(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A copy of the pair in which the earlier release was pruned."""
    copied = copy_pair(pair, tmp_path_factory.mktemp("pruned") / "releases")
    prune_releases(copied.folder, 1, None)
    return copied


@pytest.fixture(scope="module")
def pruned(own: Pair) -> FlaskClient:
    return create_app(own.after).test_client(use_cookies=False)


@pytest.fixture(scope="module")
def returned(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client of a server on which the release of three documents is current again, after that of all five."""
    copied = copy_pair(pair, tmp_path_factory.mktemp("returned") / "releases")
    return create_app(add_release(copied.folder, pair.before)).test_client(use_cookies=False)


def ask(client: FlaskClient, path: str, status: int = 200) -> dict:
    response = client.get(path, headers=JSON)
    assert response.status_code == status, path
    return json.loads(response.data)


def test_the_list_has_all_releases_with_what_changed_and_lasting_links(reader: FlaskClient, pair: Pair) -> None:
    value = ask(reader, "/releases/")
    assert value["served"] == pair.after.id
    assert [(r["id"], r["served"], r["url"]) for r in value["releases"]] == [
        (pair.after.id, True, f"/releases/{pair.after.id}/"),
        (pair.before.id, False, f"/releases/{pair.before.id}/"),
    ]
    latest = value["releases"][0]
    assert latest["published"] == pair.after.published.isoformat()
    for address in (latest["url"], latest["diff"], latest["patch"]):
        assert reader.get(address).status_code == 200
    for language in ("en", "ja"):
        page = Outline()
        page.feed(reader.get("/releases/", headers={**HTML, "Accept-Language": language}).text)
        assert page.mistakes == []
        step = f"/releases/{pair.before.id}/diff/{pair.after.id}"
        assert {latest["url"], step, latest["patch"], "/releases/feed.atom"} <= set(page.addresses)


@pytest.mark.parametrize("which", ["before", "after"])
def test_every_file_of_every_release_is_there_for_ever(reader: FlaskClient, pair: Pair, which: str) -> None:
    release = getattr(pair, which)
    value = ask(reader, f"/releases/{release.id}/")
    digests = read_checksums(release.path)
    assert {f["name"]: f["sha256"] for f in value["files"] if f["name"] != CHECKSUMS} == digests
    for file in value["files"]:
        assert (release.path / file["name"]).stat().st_size == file["size"]
        response = reader.head(file["url"])
        assert (response.status_code, response.headers["Content-Length"]) == (200, str(file["size"])), file["name"]
        assert response.content_type == file["media_type"]
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["ETag"] == f'"{file["sha256"]}"'
    for name in ("current.ttl", "source/000.txt", "ontology/context.jsonld", "manifest.json", CHECKSUMS):
        assert reader.get(f"/releases/{release.id}/{name}").data == (release.path / name).read_bytes()
    page = reader.get(f"/releases/{release.id}/", headers=HTML).text
    assert all(f'href="{file["url"]}"' in page for file in value["files"])


def test_a_file_comes_coded_and_in_ranges(reader: FlaskClient, pair: Pair) -> None:
    address = f"/releases/{pair.before.id}/current.ttl"
    coded = reader.get(address, headers={"Accept-Encoding": "zstd, gzip;q=0.5"})
    assert coded.headers["Content-Encoding"] == "zstd"
    assert coded.data == (pair.before.path / "current.ttl.zst").read_bytes()
    assert coded.content_type == "text/turtle; charset=utf-8"
    assert "Accept-Encoding" in coded.vary
    plain = reader.get(address)
    assert plain.headers["ETag"] != coded.headers["ETag"]
    part = reader.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, plain.data[10:20])
    assert reader.get(address, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304
    packed = reader.get(f"{address}.gz")
    assert hashlib.sha256(packed.data).hexdigest() == read_checksums(pair.before.path)["current.ttl.gz"]
    assert packed.content_type == "application/gzip"


@pytest.mark.parametrize(
    "rest", ["", "all.nq", "source/000.txt", "diff/x.json", "a%20b%22%3Cx%3E", "..%2f..%2fx", "%5C%5Cevil.example"]
)
def test_latest_leads_to_the_release_that_is_served_and_to_no_host(reader: FlaskClient, pair: Pair, rest: str) -> None:
    response = reader.get(f"/releases/latest/{rest}?a=b", headers={"Host": "evil.example"})
    assert response.status_code == 302
    assert response.headers["Location"].startswith(f"/releases/{pair.after.id}/")
    assert response.headers["Location"].endswith("?a=b")
    assert not set('"<>\\ ') & set(response.headers["Location"])
    assert "immutable" not in response.headers["Cache-Control"]


def test_addresses_without_their_slash_lead_to_it(reader: FlaskClient, pair: Pair) -> None:
    for path, target in (("/releases", "/releases/"), (f"/releases/{pair.before.id}", f"/releases/{pair.before.id}/")):
        response = reader.get(path, headers={"Host": "evil.example"})
        assert (response.status_code, response.headers["Location"]) == (308, target)
    assert reader.get("/releases/latest").headers["Location"] == f"/releases/{pair.after.id}/"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/releases/0000000000000000/", 404),
        ("/releases/0000000000000000/all.nq", 404),
        ("/releases/{a}/nothing", 404),
        ("/releases/{a}/../../secret", 404),
        ("/releases/{a}/%2e%2e/journal.jsonl", 404),
        ("/releases/journal.jsonl", 404),
        ("/releases/current/all.nq", 404),
        ("/releases/{a}/diff/0000000000000000", 404),
        ("/releases/{a}/diff/{b}.ttl", 404),
        ("/releases/{a}/diff/{a}", 400),
        ("/releases/{a}/diff/%00", 404),
        ("/changes?from={a}&to={a}", 400),
        ("/changes?from={a}&to=0000000000000000", 404),
    ],
)
def test_what_is_not_there_is_told_in_the_form_asked_for(reader: FlaskClient, pair: Pair, path: str, status: int) -> None:
    path = path.format(a=pair.before.id, b=pair.after.id)
    response = reader.get(path, headers=JSON)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert reader.get(path, headers=HTML).mimetype == "text/html"


def test_what_changed_is_a_page_json_and_a_patch(reader: FlaskClient, pair: Pair) -> None:
    diff = compare_releases(pair.before, pair.after)
    directory = compare_directories(diff)
    address = f"/releases/{pair.before.id}/diff/{pair.after.id}"
    patch = reader.get(f"{address}.rdfpatch")
    assert (patch.mimetype, patch.data) == ("application/rdf-patch", write_patch(diff))
    assert reader.get(address, headers={"Accept": "application/rdf-patch"}).data == patch.data
    value = ask(reader, f"{address}.json")
    assert value["today"]["counts"] == directory.counts
    query = f"/changes?from={pair.before.id}&to={pair.after.id}"
    assert ask(reader, f"{query}&format=json") == value
    for language in ("en", "ja"):
        headers = {**HTML, "Accept-Language": language}
        text = reader.get(address, headers=headers).text
        assert text.partition("<main")[2] == reader.get(query, headers=headers).text.partition("<main")[2]
        page = Outline()
        page.feed(text)
        assert page.mistakes == []
        assert {f"{address}.json", f"{address}.rdfpatch"} <= set(page.addresses)
        for government in directory.governments:
            code = government.iri.rpartition("/")[2]
            assert f'id="gov-{code}"' in text
            assert directory.name(government.iri, language) in text
        emails = [v for g in directory.select("changed") for v in g.values if v.kind == "email"]
        assert all(f'href="mailto:{email}"' in text for v in emails for email in (*v.before, *v.after))
    backward = reader.get(f"/releases/{pair.after.id}/diff/{pair.before.id}", headers=HTML).text
    assert "this is read backwards" in backward
    assert f'href="/changes?from={pair.before.id}' not in backward
    assert query.partition("?")[0] in reader.get("/changes", headers=HTML).text


def test_the_overview_of_changes_offers_the_releases(reader: FlaskClient, pair: Pair) -> None:
    text = reader.get("/changes", headers=HTML).text
    assert f'<option value="{pair.before.id}" selected>' in text
    assert f'<option value="{pair.after.id}" selected>' in text


def test_pages_are_under_the_prefix(reader: FlaskClient, pair: Pair) -> None:
    for path in ("/releases/", f"/releases/{pair.after.id}/", f"/releases/{pair.before.id}/diff/{pair.after.id}"):
        text = reader.get(path, headers=HTML, environ_overrides={"SCRIPT_NAME": "/lod"}).text
        addresses = [piece.partition('"')[0] for name in ("href", "action") for piece in text.split(f'{name}="')[1:]]
        assert [a for a in addresses if a.startswith("/") and not a.startswith("/lod/")] == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_feed_tells_of_releases_and_of_governments(reader: FlaskClient, pair: Pair, language: str) -> None:
    response = reader.get(f"/releases/feed.atom?lang={language}")
    assert response.content_type == "application/atom+xml; charset=utf-8"
    assert response.headers["Content-Language"] == language
    feed = feedparser.parse(response.data)
    assert (feed.bozo, feed.version, feed.feed.language) == (False, "atom10", language)
    assert feed.feed.updated == f"{pair.after.published:%Y-%m-%dT%H:%M:%SZ}"
    assert feed.feed.author == "Madoguchi"
    ids = [entry.id for entry in feed.entries]
    assert len(ids) == len(set(ids))
    directory = compare_directories(compare_releases(pair.before, pair.after))
    base = pair.after.iris.base
    step = f"{base}releases/{pair.before.id}/diff/{pair.after.id}"
    codes = [government.iri.rpartition("/")[2] for government in directory.governments]
    releases = [f"{base}releases/{release.id}/" for release in (pair.after, pair.before)]
    assert ids == [*releases, *(f"{step}#{code}" for code in codes)]
    assert all(entry.title and entry.updated_parsed and entry.summary for entry in feed.entries)
    links = {link.type: link.href for link in feed.entries[0].links if link.rel == "related"}
    assert links == {"text/html": step, "application/rdf-patch": f"{step}.rdfpatch"}
    kashiwa = next(entry for entry in feed.entries if entry.id.endswith("#122173"))
    assert ("柏市" if language == "ja" else "Kashiwa City") in kashiwa.title
    for entry in feed.entries[:5]:
        for link in entry.links:
            assert reader.get(f"/{link.href.removeprefix(base)}", headers=HTML).status_code == 200, link.href
    unchanged = reader.get(f"/releases/feed.atom?lang={language}", headers={"If-None-Match": response.headers["ETag"]})
    assert unchanged.status_code == 304


def test_pages_lead_to_the_feed(reader: FlaskClient) -> None:
    for path in ("/releases/", "/changes"):
        assert "/releases/feed.atom" in reader.get(path, headers=HTML).text


def test_what_the_later_release_dropped_is_gone_with_guesses(reader: FlaskClient, pair: Pair) -> None:
    problem = ask(reader, f"/doc/{DROPPED}".replace("/doc/id/", "/doc/"), 410)
    base = pair.after.iris.base
    assert problem["lastRelease"] == pair.before.id
    assert problem["belongedTo"] == f"{base}id/edition/002/listing/L160"
    assert problem["perhaps"] == [
        f"{base}id/edition/003/listing/L38/contact/1",
        f"{base}id/edition/004/listing/L15/contact/1",
    ]
    emails = {
        line.split(" ", 2)[2].split(" ")[0]
        for release, path in ((pair.before, DROPPED), *((pair.after, iri.removeprefix(base)) for iri in problem["perhaps"]))
        for line in (release.path / "all.nq").read_text().splitlines()
        if line.startswith(f"<{base}{path}> <https://schema.org/email>")
    }
    assert len(emails) == 1
    page = reader.get(f"/{DROPPED}", headers=HTML)
    assert page.status_code == 410
    assert page.text.count('rel="related"') == 2
    assert '<span class="badge guess">a guess</span>' in page.text
    assert 'rel="related"' in page.headers["Link"]


def test_all_that_a_release_had_and_the_next_has_not_is_gone(returned: FlaskClient, pair: Pair) -> None:
    base = pair.after.iris.base
    subjects = [
        {
            line.split(" ", 1)[0][1:-1].partition("#")[0].removeprefix(base)
            for line in (release.path / "all.nq").read_text().splitlines()
            if line.startswith(f"<{base}id/")
        }
        for release in (pair.before, pair.after)
    ]
    dropped = sorted(subjects[1] - subjects[0])
    assert len(dropped) > 500
    for path in dropped[::25]:
        assert returned.get(f"/{path}", headers=JSON).status_code == 410, path
    listing = ask(returned, "/id/edition/003/listing/L38", 410)
    assert listing["perhaps"] == [f"{base}id/edition/002/listing/L114"]  # of the same city, in the same category
    for path in ("dumps/edition-003.ttl", "source/004.txt", "graph/edition/004", "dumps/edition-004.nq.gz"):
        assert ask(returned, f"/{path}", 410)["lastRelease"] == pair.after.id
    kept = ask(returned, "/dumps/edition-003.ttl", 410)["keptAt"]
    assert returned.get(kept).data == (pair.after.path / "edition-003.ttl").read_bytes()


def test_after_a_prune_addresses_still_answer_gone(pruned: FlaskClient, reader: FlaskClient, own: Pair) -> None:
    a, b = own.before.id, own.after.id
    for path in (f"/releases/{a}/", f"/releases/{a}/all.nq", f"/releases/{a}/diff/{b}", f"/changes?from={a}&to={b}"):
        problem = ask(pruned, path, 410)
        assert a in problem["detail"]
    assert ask(pruned, f"/{DROPPED}", 410) == ask(reader, f"/{DROPPED}", 410)
    listed = ask(pruned, "/releases/")["releases"]
    assert [(r["id"], r["pruned"]) for r in listed] == [(b, False), (a, True)]
    assert ">removed<" in pruned.get("/releases/", headers=HTML).text
    assert [e.id for e in feedparser.parse(pruned.get("/releases/feed.atom").data).entries] == [
        f"{own.after.iris.base}releases/{b}/"
    ]


def test_a_release_that_vanishes_while_it_is_served_is_gone(pair: Pair, tmp_path: Path) -> None:
    own = copy_pair(pair, tmp_path / "releases")
    client = create_app(own.after).test_client()
    address = f"/releases/{own.before.id}/diff/{own.after.id}.json"
    assert client.get(f"/releases/{own.before.id}/all.nt").status_code == 404
    (own.before.path / "all.nq").unlink()
    assert client.get(f"/releases/{own.before.id}/all.nq").status_code == 410
    assert client.get(f"/releases/{own.before.id}/", headers=JSON).status_code == 410
    assert client.get(address).status_code == 410
    prune_releases(own.folder, 1, None)
    for path in (address, f"/releases/{own.before.id}/", f"/releases/{own.before.id}/current.ttl"):
        assert client.get(path).status_code == 410


def test_what_became_current_later_is_told_of_when_it_is_served(pair: Pair, tmp_path: Path) -> None:
    own = copy_pair(pair, tmp_path / "releases")
    client = create_app(own.before).test_client()
    assert [r["id"] for r in ask(client, "/releases/")["releases"]] == [own.before.id]
    assert client.get(f"/releases/{own.after.id}/").status_code == 404
    assert client.get("/releases/latest").headers["Location"] == f"/releases/{own.before.id}/"


def test_a_release_that_states_the_same_as_the_one_before_is_said_to(reader: FlaskClient, pair: Pair) -> None:
    older = replace(pair.after, manifest={k: v for k, v in pair.after.manifest.items() if k != "graphs"})
    with reader.application.test_request_context():
        assert describe_step(pair.after, pair.after) == ["the same statements"]
        assert describe_step(older, pair.after) == ["the same counts"]  # without hashes of graphs nobody can tell


def test_a_release_of_older_software_is_shown_too(pair: Pair, tmp_path: Path) -> None:
    own = copy_pair(pair, tmp_path / "releases")
    manifest = {k: v for k, v in own.before.manifest.items() if k not in ("files", "graphs")}
    (own.before.path / "manifest.json").write_text(json.dumps(manifest))
    client = create_app(own.after).test_client()
    files = {f["name"]: f for f in ask(client, f"/releases/{own.before.id}/")["files"]}
    assert files["all.nq"]["media_type"] == "application/n-quads"
    assert files["source/000.txt"]["media_type"] == "text/plain; charset=utf-8"
    assert client.get(f"/releases/{own.before.id}/", headers=HTML).status_code == 200
    quads = parse(client.get(f"/releases/{own.before.id}/edition-000.nq").data, format=RdfFormat.N_QUADS)
    assert len(list(quads)) == own.before.manifest["counts"]["triples"]["edition/000"]


def test_a_running_server_notices_a_prune(pair: Pair, tmp_path: Path) -> None:
    own = copy_pair(pair, tmp_path / "releases")
    address = f"/releases/{own.before.id}/all.nt"
    kept = f"/releases/{own.before.id}/current.nt"
    with serve(own.folder, poll_seconds=0.05) as running:
        for _ in range(2):  # the second answer is one that was kept
            assert running.fetch(kept).body == (own.before.path / "current.nt").read_bytes()
            assert running.fetch("/releases/", headers=JSON).json["releases"][1]["pruned"] is False
            assert running.fetch(address).status == 404
        prune_releases(own.folder, 1, None)
        assert wait_until(lambda: running.fetch("/releases/", headers=JSON).json["releases"][1]["pruned"])
        assert running.fetch(kept, headers=JSON).status == 410
        assert running.fetch(f"/{DROPPED}", headers=JSON).status == 410
        assert running.fetch("/dumps/current.nt").status == 200

"""Writes the twin of a release: everything the site says, as files, and what a web server must know to serve them."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, g, render_template
from pyoxigraph import NamedNode

from lod.release import Release
from server.app import create_app
from server.dataset import Dataset
from server.language_choice import LANGUAGES
from server.pages.error_words import choose_words
from server.pages.labels import Label, label_thing
from server.pages.search_catalogue import Catalogue
from server.problems import make_problem
from server.twin.asking import Site
from server.twin.caddy import write_caddy
from server.twin.crawl import crawl, list_departed, list_starts
from server.twin.fetching import Copy, Found
from server.twin.finishing import Finish, finish_files
from server.twin.folder import open_folder
from server.twin.headers import Knowledge, learn
from server.twin.nginx import list_assets, write_nginx
from server.twin.relinking import LIVE, SEARCH, Places, find_places, name_language
from server.twin.search import write_search_index

_SCRIPTS = Path(__file__).parent / "scripts"
_PROBLEMS = (400, 404, 405, 406)
_SCRIPT, _INDEX, _STYLE = "static/site.js", "static/search-index.js", "static/style.css"


def export_release(release: Release, target: Path, report: Callable[[str], None], processes: int = 0) -> int:
    """Writes the twin into a folder, which is replaced as a whole, and tells how many files it has.

    Raises ReleaseError where the folder holds anything but a twin.
    """
    app = create_app(release)
    dataset = app.extensions["endpoint"].dataset
    prefix = urlsplit(release.iris.base).path.rstrip("/")
    with open_folder(target) as folder:
        site = Site(app, prefix, folder / "site", release.iris.base)
        report("asking for every page and every form of it")
        found = sorted(
            crawl(site, [*list_starts(app, dataset), *list_departed(dataset)], report, processes), key=lambda f: f.address
        )
        found = [*found, *_write_own_pages(app, dataset, site)]
        _write_sources(site, found)
        places = find_places(found, prefix, ())
        places = replace(places, versions=_write_scripts(app, dataset, site, places))
        known = _learn(app, site, found, places)
        report("turning links into relative ones and compressing")
        plain = frozenset(copy.file for one in found for copy in one.copies if not copy.is_coded)
        files = finish_files(Finish(site.folder, places, release.published, _name_pages(found), plain), processes)
        for name, text in {**write_nginx(known), "Caddyfile": write_caddy(known)}.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        _write_summary(folder, release, found)
    return files


def _write_sources(site: Site, found: Iterable[Found]) -> None:
    """The files of the releases, each once: under its other addresses it is a further link to the same file."""
    written: dict[str, Path] = {}
    sources = {copy.file: copy.source for one in found for copy in one.copies if copy.source}
    for file, source in sources.items():
        path = site.locate(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        if first := written.get(source):
            path.hardlink_to(first)
        else:
            shutil.copyfile(source, path)
            written[source] = path


def _write_own_pages(app: Flask, dataset: Dataset, site: Site) -> list[Found]:
    """The pages that only the twin has: the search, what stands for the live service, and the problems."""
    pages: dict[str, tuple[str, Mapping[str, object]]] = {
        SEARCH: ("twin_search.html", {"prefectures": _list_governments}),
        LIVE: ("twin_live.html", {"base": dataset.iris.base}),
    }
    found = [_write_page(app, site, stem, template, values, dataset) for stem, (template, values) in pages.items()]
    for status in _PROBLEMS:
        one = _write_page(app, site, str(status), "twin_problem.html", {"status": status}, dataset)
        problem = make_problem(status)
        for form, content, kind in (
            ("txt", problem.as_text(), "text/plain; charset=utf-8"),
            ("problem", problem.as_json(), "application/problem+json"),
        ):
            site.write(f"{status}.{form}", content)
            one.copies.append(Copy(f"{status}.{form}", one.address, form, kind, {"Content-Language": "en"}))
        found.append(one)
    return found


def _write_page(app: Flask, site: Site, stem: str, template: str, values: Mapping[str, object], dataset: Dataset) -> Found:
    found = Found(f"/{stem}", 200, default="html")
    for language in LANGUAGES:
        with app.test_request_context(f"/{stem}?lang={language}", base_url=f"http://localhost{site.prefix}/"):
            g.language = language
            made = {name: value(dataset) if callable(value) else value for name, value in values.items()}
            if "status" in made:
                made["words"] = choose_words(int(str(made["status"])))
            file = name_language(stem, language)
            site.write(file, render_template(template, **made).encode())
            kind = "text/html; charset=utf-8"
            found.copies.append(Copy(file, f"/{stem}", "html", kind, {"Content-Language": language}))
    return found


def _list_governments(dataset: Dataset) -> list[tuple[Label, list[tuple[NamedNode, Label]]]]:
    """The local governments that any list names, by prefecture, in the order of their codes."""
    catalogue = dataset.keep(Catalogue)
    listed = sorted(
        (e for e in catalogue.entries if e.place and e.mentions and e.iri), key=lambda e: e.place.code if e.place else ""
    )
    groups: dict[NamedNode, list[tuple[NamedNode, Label]]] = {}
    for entry in listed:
        assert entry.place
        assert entry.iri
        groups.setdefault(entry.place.around or entry.place.area, []).append((entry.iri, label_thing(dataset, entry.iri)))
    return [(label_thing(dataset, area), entries) for area, entries in groups.items()]


def _write_scripts(app: Flask, dataset: Dataset, site: Site, places: Places) -> dict[str, str]:
    """The site's script with that of the twin, and the index; the versions in their addresses."""
    own = site.folder / site.prefix.lstrip("/")
    script = b"\n".join([(own / _SCRIPT).read_bytes(), *(path.read_bytes() for path in sorted(_SCRIPTS.glob("*.js")))])
    with app.test_request_context("/", base_url=f"http://localhost{site.prefix}/"):
        index = write_search_index(dataset, places, app.jinja_env.filters["link"])
    site.write(_INDEX, index)
    site.write(_SCRIPT, script)
    # The script asks for the index with its own version: one for both.
    return {_SCRIPT: hashlib.sha256(script + index).hexdigest()[:16]}


def _learn(app: Flask, site: Site, found: Iterable[Found], places: Places) -> Knowledge:
    common: dict[str, dict[str, str]] = {}
    named = ("content-security-policy", "x-content-type-options", "referrer-policy", "cross-origin-resource-policy",
             "access-control-allow-origin", "access-control-expose-headers", "madoguchi-release", "cache-control")  # fmt: skip
    for status, path in (("200", "/"), ("404", "/doc/nothing-of-this-name")):
        headers = site.ask(path).headers
        common[status] = {name: value for name, value in headers.items() if name.lower() in named}
    asked = site.ask("/", method="OPTIONS").headers
    methods = {"Allow": "GET, HEAD, OPTIONS", "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS"}
    common["OPTIONS"] = {n: v for n, v in asked.items() if n.lower() not in ("content-type", "content-length")} | methods
    with app.test_request_context("/"):
        style = str(app.url_for("static", filename="style.css")).rpartition("=")[2]
        icon = str(app.url_for("static", filename="icon.svg")).rpartition("=")[2]
    version = places.versions[_SCRIPT]
    assets = {_SCRIPT: version, _INDEX: version, _STYLE: style, "static/icon.svg": icon}
    known = learn(found, site.prefix, common)
    return replace(known, assets=list_assets({f"{site.prefix}/{file}": v for file, v in assets.items()}))


def _name_pages(found: Iterable[Found]) -> dict[str, str]:
    """The address of each page, by its file."""
    return {copy.file: one.address for one in found for copy in one.copies if copy.form == "html"}


def _write_summary(folder: Path, release: Release, found: Iterable[Found]) -> None:
    """What is where, for programs: each file with the address that it is a form of."""
    files = {c.file: {"address": c.address, "type": c.content_type} for one in found for c in one.copies}
    summary = {"release": release.id, "base": release.iris.base, "published": release.published.isoformat(), "files": files}
    text = json.dumps(summary, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / "twin.json").write_text(f"{text}\n", encoding="utf-8")

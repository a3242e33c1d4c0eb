"""How machines find the site: what crawlers read first, the description of its search, and the links of its data sets."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, NotFound

from server.addresses import list_candidates
from server.dataset import Dataset
from server.discovery_guide import write_guide
from server.discovery_head import list_fixed_paths, register_head
from server.discovery_linkset import list_linkset, write_linkset
from server.discovery_sitemap import MEDIA_TYPE, SIZE, list_pages, write_index, write_sitemap
from server.languages import get_language
from server.links import LINKSETS, list_items
from server.pages.labels import label_thing
from server.pages.search import read_question
from server.pages.search_catalogue import Catalogue

_TEXT = "text/plain; charset=utf-8"
_SUGGESTIONS = "application/x-suggestions+json"
_MOST = 10  # suggestions
_CLOSED = ("/sparql?query=", "/search?q=", "/search?kind=", "/suggest", "/language/")  # endless, or no pages
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"


def make_discovery_routes(dataset: Dataset, size: int = SIZE) -> Blueprint:
    """The routes; `size` is how many pages a file of the sitemap has."""
    routes = Blueprint("discovery", __name__)
    register_head(routes, dataset)
    base, is_foreign = dataset.iris.base, dataset.release.is_foreign

    @routes.get("/robots.txt")
    def show_robots() -> Response:
        """What crawlers may read (RFC 9309); the documents of things elsewhere are part of those of our own."""
        closed = [f"{request.script_root}{path}" for path in (*_CLOSED, *(() if is_foreign else ("/describe",)))]
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {base}sitemap.xml"]
        return Response("\n".join(lines) + "\n", content_type=_TEXT)

    @routes.get("/sitemap.xml")
    def show_sitemap() -> Response:
        pages, changed = list_pages(dataset, list_fixed_paths()), dataset.release.published
        count = -(-len(pages) // size)
        body = write_index(base, count, changed) if count > 1 else write_sitemap(base, pages, changed)
        return Response(body, content_type=MEDIA_TYPE)

    @routes.get("/sitemaps/<int:number>.xml")
    def show_part_of_sitemap(number: int) -> Response:
        pages = list_pages(dataset, list_fixed_paths())
        part = pages[(number - 1) * size : number * size] if number > 0 and len(pages) > size else []
        if not part:
            raise NotFound(f"The sitemap has no part {number}: /sitemap.xml lists all.")
        return Response(write_sitemap(base, part, dataset.release.published), content_type=MEDIA_TYPE)

    @routes.get("/llms.txt")
    def show_guide() -> Response:
        return Response(write_guide(dataset, list_fixed_paths()), content_type=_TEXT)

    @routes.get("/linkset/<path:path>.<any(json, txt):name>")
    def show_linkset(path: str, name: str) -> Response:
        topic = next((t for t in list_candidates(dataset.iris, f"id/{path}") if list_items(dataset, t)), None)
        if topic is None:
            raise NotFound(f"There are no links of id/{path} but those of its document: only data sets with files have more.")
        return Response(write_linkset(list_linkset(dataset, topic), LINKSETS[name]), content_type=LINKSETS[name])

    if not is_foreign:  # which have no search
        _add_search(routes, dataset)
    return routes


def _add_search(routes: Blueprint, dataset: Dataset) -> None:
    """The description of the search for browsers, and what they ask while somebody types."""

    @routes.get("/opensearch.xml")
    def describe_search() -> Response:
        return Response(write_description(dataset.iris.base), content_type="application/opensearchdescription+xml")

    @routes.get("/suggest")
    def suggest() -> Response:
        """What the words may become: names, whole, with the pages of that name (OpenSearch Suggestions 1.1)."""
        question = read_question(request)
        if not question:
            raise BadRequest("Say what to complete: /suggest?q=Kash")
        hits = dataset.keep(Catalogue).answer_question(question).hits
        names: dict[str, str] = {}
        for hit in hits:
            if hit.entry.iri and len(names) < _MOST:
                names.setdefault(label_thing(dataset, hit.entry.iri).choose(get_language())[0], hit.entry.iri.value)
        body = [question, list(names), ["" for _ in names], list(names.values())]
        response = Response(json.dumps(body, ensure_ascii=False), content_type=_SUGGESTIONS)
        response.vary.update(("Accept-Language", "Cookie"))
        return response


def write_description(base: str) -> bytes:
    """What the search is and how it is asked (OpenSearch 1.1), in both languages: the format has one text of each kind."""
    root = ET.Element("OpenSearchDescription", {"xmlns": _OPENSEARCH})
    for name, text in (
        ("ShortName", "Madoguchi 窓口"),
        (
            "Description",
            "Counters of Japan's local governments for Japanese-language education and international affairs. "
            "日本語教育と国際交流を担当する自治体の窓口を探します。",
        ),
        ("Tags", "Japan local-government contacts 自治体 窓口 日本語教育"),
    ):
        ET.SubElement(root, name).text = text
    for media_type, template in (
        ("text/html", "search?q={searchTerms}&page={startPage?}"),
        ("application/json", "search?q={searchTerms}&page={startPage?}&limit={count?}&format=json"),
        (_SUGGESTIONS, "suggest?q={searchTerms}"),
    ):
        ET.SubElement(root, "Url", {"type": media_type, "template": base + template})
    own = {"type": "application/opensearchdescription+xml", "rel": "self", "template": f"{base}opensearch.xml"}
    ET.SubElement(root, "Url", own)
    ET.SubElement(root, "Image", {"width": "32", "height": "32", "type": "image/svg+xml"}).text = f"{base}static/icon.svg"
    ET.SubElement(root, "Query", {"role": "example", "searchTerms": "Kashiwa"})
    for name, text in (("Language", "en"), ("Language", "ja"), ("InputEncoding", "UTF-8"), ("OutputEncoding", "UTF-8")):
        ET.SubElement(root, name).text = text
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))

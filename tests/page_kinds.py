"""One page of each kind that the site has: what the tests of browsers, accessibility, validity and weight go through."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class PageKind:
    """A kind of page by its name, and the address of one of them."""

    name: str
    path: str
    status: int = 200
    has_editor: bool = False


def ask(query: str) -> str:
    return f"/sparql?{urlencode({'query': query})}"


POINTS = "SELECT ?place ?lat ?long { ?place schema:geo ?geo . ?geo schema:latitude ?lat ; schema:longitude ?long } LIMIT 40"
COUNTS = "SELECT ?category (COUNT(*) AS ?listings) { ?l jle:category ?category } GROUP BY ?category"

PAGE_KINDS = (
    PageKind("home", "/"),
    PageKind("search", "/search"),
    PageKind("hits", "/search?q=Kashiwa"),
    PageKind("hits in Japanese", "/search?q=%E6%9F%8F"),
    PageKind("no hits", "/search?q=zzzzzzzzzz"),
    PageKind("government", "/doc/gov/122173"),
    PageKind("government with doubts", "/doc/gov/232114"),
    PageKind("prefecture", "/doc/area/120006"),
    PageKind("department", "/doc/unit/122173/board-of-education-central-public-hall"),
    PageKind("edition", "/doc/edition/003"),
    PageKind("listing", "/doc/edition/003/listing/L24"),
    PageKind("contact", "/doc/edition/003/listing/L24/contact/1"),
    PageKind("class information", "/doc/edition/003/listing/L24/class/1"),
    PageKind("issue", "/doc/edition/002/issue/30"),
    PageKind("row", "/doc/edition/002/row/L105"),
    PageKind("catalogue", "/doc/catalog"),
    PageKind("whole catalogue", "/catalog"),
    PageKind("dataset", "/doc/dataset"),
    PageKind("document", "/source/003"),
    PageKind("quality", "/quality"),
    PageKind("issues", "/quality/issues?edition=003"),
    PageKind("measurement", "/doc/edition/003/measurement/CoreCity/EmailCompleteness"),
    PageKind("report", "/quality/report"),
    PageKind("shapes", "/ontology/shapes"),
    PageKind("shape", "/ontology/shapes/CheckDigitShape"),
    PageKind("changes", "/changes"),
    PageKind("comparison", "/changes?from=000&to=003&category=CoreCity"),
    PageKind("vocabulary", "/ontology"),
    PageKind("graph", "/graph/quality"),
    PageKind("dumps", "/dumps/"),
    PageKind("releases", "/releases/"),
    PageKind("query", "/sparql", has_editor=True),
    PageKind("table of results", ask("SELECT * { ?s schema:name ?name } LIMIT 5"), has_editor=True),
    PageKind("map of results", ask(POINTS), has_editor=True),
    PageKind("chart of results", ask(COUNTS), has_editor=True),
    PageKind("graph of results", ask("DESCRIBE gov:122173"), has_editor=True),
    PageKind("answer yes", ask("ASK {}"), has_editor=True),
    PageKind("mistake in a query", ask("SELECT *\n{ ?s ?p"), status=400, has_editor=True),
    PageKind("nothing there", "/doc/gov/999999", status=404),
    PageKind("gone", "/doc/unit/122173/closed-division", status=410),
    PageKind("wrong parameter", "/quality/issues?edition=999", status=400),
)

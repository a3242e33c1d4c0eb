"""What the head of every page says for machines: by which address it is known, its languages, and what is beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, current_app, request, url_for

from server.dataset import Dataset
from server.language_choice import LANGUAGES
from server.languages import get_language
from server.languages import gettext as _
from server.links import Link, add_language, choose_canonical, merge_links

PICTURE = "share.png"  # the sign of icon.svg and the name, for sites that show a picture and cannot read SVG
VOID = "/.well-known/void"
_LOCALES = {"en": "en_US", "ja": "ja_JP"}  # the Open Graph protocol wants a territory
_OPENSEARCH = "application/opensearchdescription+xml"
_ATOM = "application/atom+xml"


@dataclass(frozen=True)
class Head:
    """What a page says of itself; all addresses but those of companions are absolute, under the base IRI."""

    canonical: str
    links: list[Link]
    languages: list[tuple[str, str]]  # each with the address of the page in it; x-default is the one in the reader's language
    companions: list[Link]  # the feeds and the description of the search
    locales: list[str]  # that of the page first
    picture: str


def register_head(routes: Blueprint, dataset: Dataset) -> None:
    """Makes `find_head` known to the templates."""

    def find_head(links: Sequence[Link]) -> Head:
        base = dataset.iris.base
        own = next((link.target for link in links if link.rel == "canonical"), base + _find_path())
        canonical = choose_canonical(own)
        shown = [Link("canonical", canonical), *(link for link in links if link.rel != "canonical")]
        versions = [(language, add_language(own, language)) for language in LANGUAGES]
        language = get_language()
        locales = [_LOCALES[language], *(_LOCALES[other] for other in LANGUAGES if other != language)]
        picture = base + url_for("static", filename=PICTURE).removeprefix(f"{request.script_root}/")
        companions = _list_companions(is_foreign=dataset.release.is_foreign)
        return Head(canonical, merge_links(shown), [*versions, ("x-default", own)], companions, locales, picture)

    def tell_templates() -> dict[str, Callable[[Sequence[Link]], Head]]:
        return {"find_head": find_head}

    routes.app_context_processor(tell_templates)


def _find_path() -> str:
    """The path of the page without what only filters or pages it, and without its suffix."""
    return quote(request.path.removesuffix(".html").lstrip("/"), safe="/:@!$&'()*+,;=~._-")


def _list_companions(*, is_foreign: bool) -> list[Link]:
    """What is there for the whole site, as far as there are routes for it; other data have neither releases nor a search."""
    root, paths = request.script_root, list_fixed_paths()
    found = []
    if not is_foreign:
        feeds = [path for path in paths if path.endswith(".atom")]
        found += [Link("alternate", f"{root}{path}", _ATOM, _("Releases and changes")) for path in feeds]
        found.append(Link("search", f"{root}/opensearch.xml", _OPENSEARCH, "Madoguchi"))
    if VOID in paths and request.path == "/":
        found.append(Link("describedby", f"{root}{VOID}", "text/turtle", "VoID"))
    return found


def list_fixed_paths() -> list[str]:
    """The paths of all routes that have no part that varies, in order."""
    return sorted({rule.rule for rule in current_app.url_map.iter_rules() if "<" not in rule.rule})

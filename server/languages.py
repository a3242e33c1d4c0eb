"""The pages in two languages: English stands in the templates, and Japanese for it in `translations/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

from babel.messages.pofile import read_po
from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import BadRequest, NotFound

from server.addresses import make_redirection
from server.language_choice import COOKIE, LANGUAGES, choose_language

_FOLDER = Path(__file__).parent / "translations"
_YEAR = 31_536_000  # seconds
_LONGEST = 6_000  # characters of an address that all browsers and this server take
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")  # on this host: with two slashes it would name another


def register_languages(app: Flask) -> None:
    """Makes the texts known to the templates, and adds the switch."""
    app.extensions["texts"] = {"ja": read_translations()}
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    app.jinja_env.filters["number"] = "{:,}".format

    @app.context_processor
    def tell_templates() -> dict[str, object]:
        return {"language": get_language(), "switches": list_switches()}

    @app.get("/language/<language>")
    def switch_language(language: str) -> Response:
        """Back to the page, which from now on comes in that language."""
        if language not in LANGUAGES:
            raise NotFound(f"There are pages in {' and '.join(LANGUAGES)} here.")
        target = request.args.get("to", "/")
        if not _PATH.fullmatch(target):
            raise BadRequest("Give the path of a page of this site: /language/ja?to=/search")
        root = request.script_root
        location = root + quote(target, safe="/:@!$&'()*+,;=~._-?%")
        response = Response(status=303, headers={"Location": location, "Cache-Control": "no-store"})
        response.set_cookie(COOKIE, language, max_age=_YEAR, path=root or "/", httponly=True, samesite="Lax")
        return response


def read_translations() -> dict[str, str]:
    """What stands for each English text; all parts together."""
    texts: dict[str, str] = {}
    for path in sorted(_FOLDER.glob("*.po")):
        with path.open("rb") as file:
            texts |= {_first(m.id): _first(m.string) for m in read_po(file, locale="ja") if m.id and m.string}
    return texts


def get_language() -> str:
    """The language of the page that is being made."""
    if "language" not in g:
        headers = request.headers
        g.language = choose_language(request.args.get("lang"), headers.get("Cookie"), headers.get("Accept-Language"))
    return str(g.language)


def gettext(text: str) -> str:
    """The text in the language of the page."""
    return _get_texts().get(text, text)


def ngettext(one: str, many: str, number: int) -> str:
    """The text that goes with a number; Japanese makes no difference."""
    return _get_texts().get(one, one if number == 1 else many)


def list_switches() -> list[tuple[str, str]]:
    """The other languages, and the address that leads to this page in each; none for the answer to a POST request.

    An address that would be too long inside another one gets the parameter: that page alone comes in the other language.
    """
    if request.method not in ("GET", "HEAD"):
        return []
    parameters = [(name, value) for name, value in request.args.items(multi=True) if name not in ("lang", "format")]
    path = make_redirection("", request.path.removesuffix(".html"))  # the page is the same as that without it
    here = path + (f"?{urlencode(parameters)}" if parameters else "")
    others = [language for language in LANGUAGES if language != get_language()]
    if len(switched := urlencode({"to": here})) > _LONGEST:
        return [(o, f"{request.script_root}{path}?{urlencode([*parameters, ('lang', o)])}") for o in others]
    return [(o, f"{request.script_root}/language/{o}?{switched}") for o in others]


def _get_texts() -> Mapping[str, str]:
    """Looked up once for a page, which asks for them some hundred times."""
    texts: Mapping[str, str] | None = g.get("texts")
    if texts is None:
        texts = g.texts = current_app.extensions["texts"].get(get_language(), {})
    return texts


def _first(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]

"""The links of pages in the twin: relative, to files that exist, or to the page that says what needs the live service."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

from server.twin.fetching import Found
from server.twin.layout import HTML, Address, read_address, relate

LIVE, SEARCH = "live", "search"
_TAG = re.compile(r'<([a-z]+)\b[^>]*?\s(?:href|src|action)="[^>]*>')
_REFERENCE = re.compile(r'(\s(?:href|src|action)=")([^"]*)(")')
_REMEMBERED = 10_000  # links
_SWITCH = re.compile(r"/language/(\w+)$")


@dataclass(frozen=True)
class Places:
    """Which file each address leads to."""

    prefix: str
    pages: Mapping[str, str]  # the file of a page without its ending, by address
    files: frozenset[str]
    forms: Mapping[tuple[str, str], str]  # the file of another form, by address and form
    redirects: Mapping[str, str]
    versions: Mapping[str, str]  # of files whose address has one that is not the server's

    def find(self, target: str, language: str) -> tuple[str, bool]:
        """The file for an address under the prefix, and whether it is what was asked for or the page in its place."""
        return self._find(target, language)

    @cached_property
    def _find(self) -> Callable[[str, str], tuple[str, bool]]:
        return lru_cache(maxsize=_REMEMBERED)(self._look_up)  # every page has the same dozens

    def _look_up(self, target: str, language: str) -> tuple[str, bool]:
        for _ in range(4):
            if found := _SWITCH.match(urlsplit(target).path):
                language, target = found[1], parse_qs(urlsplit(target).query).get("to", ["/"])[0]
                continue
            address = read_address(target)
            if file := self._find_file(address, target, language):
                return file, True
            if str(address) not in self.redirects:
                break
            target = self.redirects[str(address)]
        return name_language(LIVE, language), False

    def _find_file(self, address: Address, target: str, language: str) -> str | None:
        name = str(address)
        language = address.language or language
        if address.path == f"/{SEARCH}":
            return name_language(SEARCH, language)
        if address.form and address.form != HTML:
            return self.forms.get((name, address.form))
        if name in self.pages:
            return name_language(self.pages[name], language)
        plain = unquote(urlsplit(target).path).lstrip("/")
        return plain if plain in self.files else self.forms.get((name, ""))


def name_language(stem: str, language: str) -> str:
    return f"{stem}.html" if language == "en" else f"{stem}.{language}.html"


def find_places(found: Iterable[Found], prefix: str, further: Iterable[str]) -> Places:
    """The places of all that was found; `further` are pages that only the twin has."""
    pages: dict[str, str] = {f"/{stem}": stem for stem in further}
    forms: dict[tuple[str, str], str] = {}
    redirects: dict[str, str] = {}
    files: set[str] = set()
    for one in found:
        if one.location:
            redirects[one.address] = one.location.removeprefix(prefix)
        for copy in one.copies:
            files.add(copy.file)
            if copy.form == HTML:
                stem = copy.file.removesuffix(".html")
                pages.setdefault(one.address, stem)
            else:
                forms.setdefault((one.address, copy.form), copy.file)
                forms.setdefault((one.address, ""), copy.file)
    return Places(prefix, pages, frozenset(files), forms, redirects, {})


def relink(text: str, address: str, file: str, places: Places, *, is_absolute: bool = False) -> str:
    """A page with its links changed; absolute ones, with the prefix, for pages that are shown under any address."""
    language = file.split(".")[-2] if re.search(r"\.\w\w\.html$", file) else "en"

    def change_tag(tag: re.Match[str]) -> str:
        hidden: list[str] = []

        def change(reference: re.Match[str]) -> str:
            new = _change(html.unescape(reference[2]))
            if tag[1] == "form" and new.partition("?")[0].endswith((f"{LIVE}.html", f"{LIVE}.ja.html")):
                hidden.append(f'<input type="hidden" name="to" value="{reference[2]}">')
                new = new.partition("?")[0]
            return f"{reference[1]}{html.escape(new)}{reference[3]}"

        return _REFERENCE.sub(change, tag[0]) + "".join(hidden)

    def _change(reference: str) -> str:
        if not reference or reference.startswith(("#", "https:", "http:")):
            return reference
        whole = reference if reference.startswith("/") else urljoin(places.prefix + address, reference)
        if not whole.startswith(f"{places.prefix}/") or whole.startswith("//"):
            return reference
        target, _, fragment = whole[len(places.prefix) :].partition("#")
        there, is_it = places.find(target, language)
        anchor = f"#{fragment}" if fragment else ""
        if there == file and anchor:
            return anchor
        new = f"{places.prefix}/{quote(there)}" if is_absolute else relate(there, file)
        query = parse_qs(target.partition("?")[2]) if "?" in target else {}
        if not is_it:
            return f"{new}?to={quote(target, safe='/')}"
        if version := query.get("v"):
            new += f"?v={places.versions.get(there, version[0])}"
        elif there.startswith(f"{SEARCH}.") and "q" in query:
            new += f"?q={quote(query['q'][0])}"
        return new + anchor

    return _TAG.sub(change_tag, text)

"""One address of the site and all that is served under it: asked of the application in this process, and written down."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.language_choice import LANGUAGES
from server.twin.layout import HTML, Address, is_written, name_file, name_page, read_address

_LINK = re.compile(r'<[a-z][^>]*?\s(?:href|src|action)="([^"]*)"')
_HEADER_LINK = re.compile(r'<([^>]*)>((?:;\s*[\w-]+="[^"]*")*)')
_HEAD_LINK = re.compile(r'<link rel="alternate"[^>]*? href="([^"]*)"')
_PROFILES = ("expanded", "flattened")
_PAGE = "text/html, */*;q=0.1"
_VOLATILE = frozenset({"etag", "last-modified", "content-length", "accept-ranges", "madoguchi-release", "vary", "content-type"})


@dataclass(frozen=True)
class Copy:
    """One file of the twin, the address that it is a representation of, and the headers that the server gives it."""

    file: str
    address: str
    form: str  # html, ttl, …: what the `format` parameter may be, and the ending of the file
    content_type: str
    headers: Mapping[str, str]


@dataclass
class Found:
    """What was found under one address."""

    address: str
    status: int
    copies: list[Copy] = field(default_factory=list)
    is_negotiated: bool = False
    is_lenient: bool = False  # whether somebody who accepts none of the forms gets one
    default: str = ""  # the form for who has no preference
    location: str = ""  # of a redirection
    headers: dict[str, str] = field(default_factory=dict)  # of a redirection
    links: set[str] = field(default_factory=set)
    located: set[str] = field(default_factory=set)  # the forms whose Content-Location says that they were chosen
    taken: set[str] = field(default_factory=set)  # addresses of other forms, which were asked for already


@dataclass(frozen=True)
class Site:
    """The application to ask, the path at which the site is, and the folder that its files are written into."""

    client: FlaskClient
    prefix: str  # `/lod`, or nothing
    folder: Path
    base: str

    def ask(self, path: str, accept: str = "", language: str = "en") -> TestResponse:
        headers = {"Accept-Language": language} | ({"Accept": accept} if accept else {})
        return self.client.get(path, base_url=f"http://localhost{self.prefix}/", headers=headers)

    def strip(self, path: str) -> str | None:
        """A path on this host without the prefix; None for another's."""
        if path.startswith("//") or not path.startswith(f"{self.prefix}/"):
            return None
        return path[len(self.prefix) :]

    def write(self, file: str, content: bytes) -> None:
        path = self.folder / f"{self.prefix}/{file}".lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def open_site(app: Flask, prefix: str, folder: Path, base: str) -> Site:
    return Site(app.test_client(use_cookies=False), prefix, folder, base)


def fetch(site: Site, text: str) -> Found:
    """Writes every representation of an address, and tells what is there and what it links to."""
    address = read_address(text)
    response = site.ask(text, _PAGE)
    found = Found(text, response.status_code)
    if 300 <= response.status_code < 400:
        found.location = response.headers["Location"]
        found.headers = _keep(response)
        if path := site.strip(found.location):
            found.links.add(path)
        return found
    if response.status_code == HTTPStatus.GONE:
        _take_departed(site, found, address)
    if response.status_code != HTTPStatus.OK:
        return found
    found.is_negotiated = "accept" in re.split(r",\s*", response.headers.get("Vary", "").lower())
    found.default = HTML if response.mimetype == "text/html" else ""
    if response.mimetype == "text/html":
        for language in LANGUAGES:
            page = response if language == "en" else site.ask(text, _PAGE, language)
            _take(site, found, address, page, language)
    else:
        _take(site, found, address, response)
    if found.is_negotiated and "page" not in dict(address.query):  # further pages of a list are of the same document
        _take_others(site, found, address, response)
    return found


def _take_departed(site: Site, found: Found, address: Address) -> None:
    """What is said of something that an older release had, in a folder of its own: it is shown under the old address."""
    stem = f"gone{site.prefix}/{name_page(address)}"
    asked = [("html", _PAGE, language) for language in LANGUAGES]
    for form, accept, language in (*asked, ("txt", "text/plain", "en"), ("problem", "application/json", "en")):
        response = site.ask(found.address, accept, language)
        file = f"{stem}.{form}" if language == "en" else f"{stem}.{language}.{form}"
        site.write(file, response.data)
        found.copies.append(Copy(file, found.address, form, response.content_type or "", _keep(response)))
        found.links.update(list_links(site, response, found.address))


def _take_others(site: Site, found: Found, page: Address, response: TestResponse) -> None:
    """The other forms: those that the Link header names, the profiles of JSON-LD, and what comes without a preference."""
    offered = [path for target in list_alternates(response) if (path := site.strip(target))]
    for text in dict.fromkeys(offered):
        address = read_address(text)
        if address.form == HTML or not is_written(address) or site_address(address) == found.address:
            continue
        found.taken.add(str(address))
        other = site.ask(text)
        if other.status_code == 200 and other.mimetype != "text/html":
            _take(site, found, address, other)
    if any(copy.form == "jsonld" for copy in found.copies):
        for form in _PROFILES:
            text = f"{page}{'&' if page.query else '?'}format={form}"
            other = site.ask(text)
            if other.status_code == 200:
                _take(site, found, read_address(text), other)
    plain = site.ask(found.address)
    if plain.mimetype == "text/html":
        found.located = {copy.form for copy in found.copies if "Content-Location" in response.headers}
        return
    own = site.strip(plain.headers.get("Content-Location", "")) or found.address
    file = name_file(read_address(own), plain.content_type or "")
    if all(copy.file != file for copy in found.copies):  # such as the text of a document
        _take(site, found, read_address(own), plain)
    found.default = next(copy.form for copy in found.copies if copy.file == file)
    found.located = {found.default} if "Content-Location" in plain.headers else set()
    found.is_lenient = site.ask(found.address, "image/x-nothing").status_code == 200


def site_address(address: Address) -> str:
    return str(address) + (f"?format={address.form}" if address.form else "")


def _take(site: Site, found: Found, address: Address, response: TestResponse, language: str = "en") -> None:
    file = name_file(address, response.content_type or "", language)
    content = response.data
    form = HTML if response.mimetype == "text/html" else file.rpartition(".")[2] if "." in file.rpartition("/")[2] else ""
    if all(copy.file != file for copy in found.copies):
        site.write(file, content)
        headers = _keep(response)
        found.copies.append(Copy(file, found.address, form, response.content_type or "", headers))
        found.links.update(list_links(site, response, found.address))


def list_alternates(response: TestResponse) -> list[str]:
    """What the Link header, or the head of the page, names as other forms of the document."""
    links = _HEADER_LINK.findall(response.headers.get("Link", ""))
    headed = _HEAD_LINK.findall(response.text) if response.mimetype == "text/html" else []
    told = [target for target, parameters in links if re.search(r'rel="(?:[^"]* )?alternate(?: [^"]*)?"', parameters)]
    return [*told, *map(html.unescape, headed)]


def list_links(site: Site, response: TestResponse, source: str) -> Iterator[str]:
    """The addresses under this site that a page, or a list for machines such as a sitemap, names."""
    if response.mimetype == "text/html":
        for reference in _LINK.findall(response.text):
            target = urldefrag(urljoin(site.prefix + source, html.unescape(reference)))[0]
            if target.startswith("/") and (path := site.strip(target)) is not None:
                yield path
    elif response.mimetype in ("application/xml", "application/atom+xml"):
        for target in re.findall(rf"{re.escape(site.base)}[^<\"'\s]*", response.text):
            yield f"/{urldefrag(html.unescape(target))[0].removeprefix(site.base)}"
    for target, _ in _HEADER_LINK.findall(response.headers.get("Link", "")):
        if target.startswith("/") and (path := site.strip(urlsplit(target)._replace(fragment="").geturl())) is not None:
            yield path


def _keep(response: TestResponse) -> dict[str, str]:
    """The headers that say something of this file: those of every response are known."""
    return {name: value for name, value in response.headers.items() if name.lower() not in _VOLATILE}

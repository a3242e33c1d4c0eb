"""One address of the site and all that is served under it: asked of the application in this process, and written down."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import urldefrag, urljoin

from server.language_choice import LANGUAGES
from server.twin.asking import Answer, Site
from server.twin.layout import HTML, Address, name_file, name_page, read_address

_LINK = re.compile(r'<[a-z][^>]*?\s(?:href|src|action)="([^"]*)"')
_HEADER_LINK = re.compile(r'<([^>]*)>((?:;\s*[\w-]+="[^"]*")*)')
_HEAD_LINK = re.compile(r'<link rel="(?:[^"]* )?alternate(?: [^"]*)?"[^>]*? href="([^"]*)"')
_ALTERNATE = re.compile(r'rel="(?:[^"]* )?alternate(?: [^"]*)?"')
_PROFILES = ("expanded", "flattened")
_PAGE_TYPE = "text/html"
_PAGE = f"{_PAGE_TYPE}, */*;q=0.1"
_LISTS = ("application/xml", "application/atom+xml")  # of addresses, for machines
_VOLATILE = frozenset({"etag", "last-modified", "content-length", "accept-ranges", "madoguchi-release", "vary", "content-type"})


@dataclass(frozen=True)
class Copy:
    """One file of the twin, the address that it is a representation of, and the headers that the server gives it."""

    file: str
    address: str
    form: str  # html, ttl, …: what the `format` parameter may be, and the ending of the file
    content_type: str
    headers: Mapping[str, str]
    source: str = ""  # the file of the release that it is, which is not written yet
    is_coded: bool = True  # whether the server has it in content codings too


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


def fetch(site: Site, text: str) -> Found:
    """Writes every representation of an address, and tells what is there and what it links to."""
    address = read_address(text)
    answer = site.ask(text, _PAGE)
    found = Found(text, answer.status)
    if 300 <= answer.status < 400:
        found.location = answer.headers["Location"]
        found.headers = _keep(answer)
        if path := site.strip(found.location):
            found.links.add(path)
        return found
    if answer.status == HTTPStatus.GONE:
        _take_departed(site, found, address)
    if answer.status != HTTPStatus.OK:
        return found
    found.is_negotiated = "accept" in answer.varies
    found.default = HTML if answer.media_type == _PAGE_TYPE else ""
    for language in LANGUAGES if "accept-language" in answer.varies else LANGUAGES[:1]:
        own = answer if language == LANGUAGES[0] else site.ask(text, _PAGE, language)
        _take(site, found, address, own, language)
    if found.is_negotiated and "page" not in dict(address.query):  # further pages of a list are of the same document
        _take_others(site, found, address, answer)
    return found


def _take_departed(site: Site, found: Found, address: Address) -> None:
    """What is said of something that an older release had, in a folder of its own: it is shown under the old address."""
    stem = f"gone{site.prefix}/{name_page(address)}"
    asked = [("html", _PAGE, language) for language in LANGUAGES]
    for form, accept, language in (*asked, ("txt", "text/plain", "en"), ("problem", "application/json", "en")):
        answer = site.ask(found.address, accept, language)
        file = f"{stem}.{form}" if language == "en" else f"{stem}.{language}.{form}"
        site.write(file, answer.content)
        found.copies.append(Copy(file, found.address, form, answer.content_type, _keep(answer)))
        found.links.update(list_links(site, answer, found.address))


def _take_others(site: Site, found: Found, page: Address, answer: Answer) -> None:
    """The other forms: those that the Link header or the page names, the profiles of JSON-LD, and what is sent by default."""
    if own := site.strip(answer.headers.get("Content-Location", "")):
        found.taken |= {str(read_address(own))} - {found.address}
    offered = [path for target in list_alternates(answer) if (path := site.strip(target))] + sorted(found.links)
    for text in dict.fromkeys(offered):
        address = read_address(text)
        if address.form == HTML or not _is_form(address, page):
            continue
        address = replace(address, query=page.query)
        found.taken |= {str(address)} - {found.address}
        other = site.ask(text)
        if other.status == HTTPStatus.OK and other.media_type != _PAGE_TYPE:
            _take(site, found, address, other)
    if any(copy.form == "jsonld" for copy in found.copies):
        for form in _PROFILES:
            text = f"{page}{'&' if page.query else '?'}format={form}"
            other = site.ask(text)
            if other.status == HTTPStatus.OK:
                _take(site, found, read_address(text), other)
    _learn_default(site, found, answer)


def _is_form(address: Address, page: Address) -> bool:
    """Whether an alternate is a form of the document: all pages name the feed as one too, which is a document of its own."""
    if sorted(address.query) != sorted(page.query):
        return False
    return bool(address.form) if address.path == page.path else address.path.startswith(f"{page.path}.")


def _learn_default(site: Site, found: Found, answer: Answer) -> None:
    """What comes without a preference, and for who takes none of it: the same for all of a route with these forms."""
    habit = answer.route, tuple(copy.form for copy in found.copies)
    plain = None if habit in site.habits else site.ask(found.address)
    if plain is None or plain.media_type == _PAGE_TYPE:
        site.habits.add(habit)
        found.located = {copy.form for copy in found.copies if "Content-Location" in answer.headers}
        return
    own = site.strip(plain.headers.get("Content-Location", "")) or found.address
    file = name_file(read_address(own), plain.content_type)
    if all(copy.file != file for copy in found.copies):  # such as the text of a document
        _take(site, found, read_address(own), plain)
    found.default = next(copy.form for copy in found.copies if copy.file == file)
    chosen = {copy.form: site.ask(found.address, copy.content_type) for copy in found.copies}
    found.located = {form for form, other in chosen.items() if "Content-Location" in other.headers}
    found.is_lenient = site.ask(found.address, "image/x-nothing").status == HTTPStatus.OK


def _take(site: Site, found: Found, address: Address, answer: Answer, language: str = "en") -> None:
    file = name_file(address, answer.content_type, language)
    is_page = answer.media_type == _PAGE_TYPE
    form = HTML if is_page else file.rpartition(".")[2] if "." in file.rpartition("/")[2] else ""
    if all(copy.file != file for copy in found.copies):
        if not answer.source:
            site.write(file, answer.content)
        found.copies.append(
            Copy(
                file, found.address, form, answer.content_type, _keep(answer), answer.source, "accept-encoding" in answer.varies
            )
        )
        found.links.update(list_links(site, answer, found.address))


def list_alternates(answer: Answer) -> list[str]:
    """What the Link header, or the head of the page, names as other forms of the document."""
    links = _HEADER_LINK.findall(answer.headers.get("Link", ""))
    headed = _HEAD_LINK.findall(answer.text.partition("</head>")[0]) if answer.media_type == _PAGE_TYPE else []
    told = [target for target, parameters in links if _ALTERNATE.search(parameters)]
    return [*told, *map(html.unescape, headed)]


def list_links(site: Site, answer: Answer, source: str) -> Iterator[str]:
    """The addresses under this site that a page, or a list for machines such as a sitemap, names."""
    if answer.media_type == _PAGE_TYPE:
        for reference in set(_LINK.findall(answer.text)):
            target = _resolve(site.prefix + source.partition("?")[0], html.unescape(reference))
            if target.startswith("/") and (path := site.strip(target)) is not None:
                yield path
    elif answer.media_type in _LISTS:
        for target in set(re.findall(rf"{re.escape(site.base)}[^<\"'\s]*", answer.text)):
            yield f"/{urldefrag(html.unescape(target))[0].removeprefix(site.base)}"
    for target, _ in _HEADER_LINK.findall(answer.headers.get("Link", "")):
        if target.startswith("/") and (path := site.strip(target.partition("#")[0])) is not None:
            yield path


def _resolve(source: str, reference: str) -> str:
    """Where a reference leads, without a fragment."""
    target = reference.partition("#")[0]
    if reference.startswith("/"):  # as nearly all do: quicker than by the rules of all URLs
        return target
    return source if not target else urljoin(source, target)


def _keep(answer: Answer) -> dict[str, str]:
    """The headers that say something of this file: those of every response are known."""
    return {name: value for name, value in answer.headers.items() if name.lower() not in _VOLATILE}

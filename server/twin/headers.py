"""What a web server must know to answer as our own does: read from the answers that were written down."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, quote, urlencode

from server.representations import REPRESENTATIONS, TABLE
from server.twin.fetching import Copy, Found
from server.twin.layout import HTML
from server.twin.rules import Rules, choose_common, learn_rules, make_template, split_path

LEARNED = ("Link", "Content-Language", "Cache-Control", "Content-Disposition")  # that differ from file to file
_ORDER = [r.name if r.suffix != r.name and '"' in r.media_type else r.suffix for r in (*REPRESENTATIONS, TABLE)]
NONE = "none"  # in the place of a form
PAGE = "page"  # the class of addresses with nothing to choose but the language


@dataclass(frozen=True)
class OfferClass:
    """Addresses that offer the same forms: their names and media types, the first for who has no preference."""

    name: str
    offers: tuple[tuple[str, str], ...]
    is_negotiated: bool
    otherwise: str  # what comes where Accept takes none: a form, or `none`
    located: tuple[str, ...]  # the forms whose Content-Location says that they were chosen


@dataclass(frozen=True)
class Knowledge:
    """Everything that the configurations say."""

    prefix: str
    classes: tuple[OfferClass, ...]
    members: Rules  # the class of each address, by the path of its page without ending
    kinds: Rules  # paths without ending whose files have the same headers, ending by ending
    headers: Mapping[str, Mapping[str, str]]  # by the name of the header, then by kind and ending: `k3.ttl`
    common: Mapping[str, Mapping[str, str]]  # headers that all answers have alike
    types: Mapping[str, str]  # by the ending of a file
    odd_types: Mapping[str, str]  # of single files
    queries: Mapping[str, str]  # the page for an address with a query, without ending
    wholes: Mapping[str, str]  # the document, without ending, of which such an address is a further page
    redirects: Mapping[str, tuple[int, str]]
    assets: Mapping[str, str]  # addresses with a version that may be kept for good
    spoken: tuple[str, ...]  # addresses of files, no pages, that come in several languages


def learn(found: Iterable[Found], prefix: str, further: Mapping[str, Mapping[str, str]]) -> Knowledge:
    """What the answers have in common, and where they differ."""
    found = sorted(found, key=lambda f: f.address)
    copies = [copy for one in found for copy in one.copies]
    types, odd = _learn_types(copies, prefix)
    by_address = {one.address: one for one in found}
    classes, members = _learn_classes(found, by_address, prefix)
    kinds, headers = _learn_headers(found, prefix)
    return Knowledge(
        prefix,
        classes,
        members,
        kinds,
        headers,
        further,
        types,
        odd,
        {
            f"{prefix}{address}": f"{prefix}/{_stem(one)}"
            for one in found
            if "?" in one.address and one.copies and one.status == HTTPStatus.OK
            for address in (one.address, _respell(one.address))
        },
        {
            f"{prefix}{address}": f"{prefix}/{_stem(whole)}"
            for one in found
            if one.copies and (whole := by_address.get(_find_whole(one.address))) and whole.copies
            for address in (one.address, _respell(one.address))
        },
        {
            f"{prefix}{one.address}": (one.status, one.location)
            for one in found
            if one.location and not one.address.startswith("/id/")
        },
        {},
        tuple(
            f"{prefix}{one.address}"
            for one in found
            if len(one.copies) > 1 and all(c.form != HTML for c in one.copies) and len({c.form for c in one.copies}) == 1
        ),
    )


def _learn_headers(found: Iterable[Found], prefix: str) -> tuple[Rules, dict[str, dict[str, str]]]:
    """Kinds of paths, and what each header is for each kind and ending.

    Documents of what is not ours have no Link: it would be a line for each, as their names say nothing of their addresses.
    """
    said: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    answers = [(f"/{c.file}", c.headers) for one in found for c in one.copies]
    answers += [(one.address, one.headers) for one in found if one.location and one.address.startswith("/id/")]
    usual = choose_common(headers.get("Cache-Control", "") for _, headers in answers)
    for path, headers in answers:
        names, ending = split_path(path)
        told = {name: make_template(path, headers.get(name, "")) or "" for name in LEARNED}
        told["Cache-Control"] = told["Cache-Control"] if told["Cache-Control"] != usual else ""
        if "~" in path and "?" in told["Link"]:
            told["Link"] = ""
        said["/" + "/".join(names)][ending] = tuple(told.values())
    numbers: dict[tuple[tuple[str, tuple[str, ...]], ...], str] = {}
    of_path = {f"{prefix}{p}": numbers.setdefault(tuple(sorted(s.items())), f"k{len(numbers)}") for p, s in said.items()}
    known: dict[str, dict[str, str]] = {name: {} for name in LEARNED}
    for key, kind in numbers.items():
        for ending, values in key:
            for name, value in zip(LEARNED, values, strict=True):
                if value:
                    known[name][f"{kind}{ending}"] = value
    return learn_rules(of_path), known


def _stem(one: Found) -> str:
    return one.copies[0].file.removesuffix(f".{HTML}")


def _respell(address: str) -> str:
    """The address with the signs of an IRI as the site's own links have them."""
    path, _, query = address.partition("?")
    return f"{path}?" + "&".join(f"{name}={quote(value, safe='/:')}" for name, value in parse_qsl(query))


def _learn_types(copies: Iterable[Copy], prefix: str) -> tuple[dict[str, str], dict[str, str]]:
    """The type of each ending, as most files with it have, and those of the others."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    copies = list(copies)
    for copy in copies:
        counts[_ending(copy.file)][copy.content_type] += 1
    types = {ending: choose_common(found.elements()) for ending, found in sorted(counts.items()) if ending}
    odd = {f"{prefix}/{c.file}": c.content_type for c in copies if types.get(_ending(c.file)) != c.content_type}
    return types, odd


def _ending(file: str) -> str:
    name = file.rpartition("/")[2]
    return name.rpartition(".")[2] if "." in name[1:] else ""


def _learn_classes(
    found: Iterable[Found], by_address: Mapping[str, Found], prefix: str
) -> tuple[tuple[OfferClass, ...], Rules]:
    """Addresses are of one class where they offer the same; with nothing but pages to offer they are of the first."""
    known: dict[tuple[tuple[tuple[str, str], ...], bool], OfferClass] = {}
    members: dict[str, str] = {}
    for one in found:
        if one.status != HTTPStatus.OK or not one.copies or one.copies[0].file == one.address.lstrip("/"):
            continue
        whole = by_address.get(_find_whole(one.address), one)
        offers = {c.form: c.content_type.removesuffix("; charset=utf-8") for c in whole.copies}
        order = sorted(offers, key=lambda form: (form != whole.default, _ORDER.index(form) if form in _ORDER else 0, form))
        key = tuple((form, offers[form]) for form in order), one.is_negotiated
        if key[0] == ((HTML, "text/html"),):
            name = PAGE
        else:
            name = known.setdefault(
                key,
                OfferClass(
                    f"c{len(known) + 1}", *key, whole.default if whole.is_lenient else NONE, tuple(sorted(whole.located))
                ),
            ).name
        stem = _stem(one) if one.copies[0].form == HTML else one.copies[0].file.rpartition(".")[0]
        members[f"{prefix}/{stem}"] = "" if name == PAGE else name
    return tuple(known.values()), learn_rules(members)


def _find_whole(address: str) -> str:
    """The address without the number of a page; empty where it has none."""
    path, _, query = address.partition("?")
    pairs = parse_qsl(query)
    if "page" not in dict(pairs):
        return ""
    rest = urlencode([(name, value) for name, value in pairs if name != "page"])
    return path + (f"?{rest}" if rest else "")

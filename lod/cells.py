"""The cells of a table: their markup read, so that text and links are left in the order they were printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

from lod.errors import Refused
from lod.markers import NUMBER_SIGNS
from lod.names import normalise_name

_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>@]*>|<!--", re.IGNORECASE)
_CUT_TAG = re.compile(r"<(?:/?[a-z]|[!?])[^<>]*(?=<|$)", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(rf"&(?!{_ENTITY.pattern[1:]})", re.IGNORECASE)
# A printed URL ends at a blank, at a marker and at the full-width signs that Japanese text sets off words with.
_URL_SIGN = rf"[^\s<>（）「」『』【】［］、。，；•○{NUMBER_SIGNS}]"
_PRINTED_URL = re.compile(rf"(?<![A-Za-z0-9_@./])(?:https?://|www\.){_URL_SIGN}*", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """A link as printed: its target and its text; `is_marked_up` where markup tells its end, not the next blank."""

    target: str
    text: str
    is_marked_up: bool = True


@dataclass(frozen=True)
class DecodedCell:
    """A cell as printed (`raw`), and without its markup: text and links in order, and what markup there was."""

    raw: str
    parts: tuple[str | Link, ...]
    has_entity: bool = False
    has_markup: bool = False

    @property
    def text(self) -> str:
        return normalise_name(" ".join(p if isinstance(p, str) else p.text for p in self.parts))

    @property
    def links(self) -> list[Link]:
        return [p for p in self.parts if isinstance(p, Link)]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was printed in it, neither text nor markup."""
        return not (self.text or self.links or self.has_markup)


class _CellParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str | Link] = []
        self.has_markup = False
        self._target: str | None = None
        self._text = ""
        self._text_goes_on = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if "@" in tag:
            self.handle_data(self.get_starttag_text() or "")  # <name@host> is an e-mail, no tag
            return
        self._text_goes_on = False
        if tag != "a":
            self.has_markup = True
            return
        if self._target is not None:
            raise Refused("a link starts within a link", "close the first link in the document")
        self._target = (dict(attrs).get("href") or "").strip()
        if not self._target:
            raise Refused("a link without target", "add a curation entry or mend the markup")

    def handle_endtag(self, tag: str) -> None:
        self._text_goes_on = False
        if tag == "a" and self._target is not None:
            self.parts.append(Link(self._target, self._text))
            self._target, self._text = None, ""
        else:
            self.has_markup = True

    def handle_data(self, data: str) -> None:
        if self._target is not None:
            self._text += data
        elif self._text_goes_on:
            self.parts[-1] = f"{self.parts[-1]}{data}"
        else:
            self.parts.append(data)
            self._text_goes_on = True

    def handle_comment(self, data: str) -> None:
        self.has_markup = True

    def handle_decl(self, decl: str) -> None:
        self.has_markup = True

    def handle_pi(self, data: str) -> None:
        self.has_markup = True

    def unknown_decl(self, data: str) -> None:
        self.has_markup = True

    def finish(self) -> None:
        self.close()
        if self._target is not None:
            raise Refused(f"the link to {self._target} is not closed", "close it in the document")


def decode_cell(raw: str, *, html: bool) -> DecodedCell:
    """The cell's text and links; entities are decoded once.

    Raises Refused for links that are not well formed, and for markup where the layout has none.
    """
    has_entity = bool(_ENTITY.search(raw))
    if not html:
        if tag := _TAG.search(raw):
            raise Refused(f"the markup {tag[0]}", "state the layout tab-separated-html in catalogue.toml, or remove it")
        text = _ENTITY.sub(lambda entity: unescape(entity[0]), raw)
        return DecodedCell(raw, tuple(_split_printed_links([text])), has_entity)
    if cut := _CUT_TAG.search(raw):
        raise Refused(f"the markup {cut[0][:40]} is not closed", "close it in the document")
    parser = _CellParser()
    parser.feed(_BARE_AMPERSAND.sub("&amp;", raw))
    parser.finish()
    parts = tuple(_split_printed_links(parser.parts))
    return DecodedCell(raw, parts, has_entity, parser.has_markup)


def _split_printed_links(parts: Iterable[str | Link]) -> Iterator[str | Link]:
    """The parts, with the URLs that are printed in a text as links of their own."""
    for part in parts:
        if isinstance(part, Link):
            yield part
            continue
        end = 0
        for match in _PRINTED_URL.finditer(part):
            url = _trim_url(match[0])
            yield from filter(None, [part[end : match.start()]])
            yield Link(url, url, is_marked_up=False)
            end = match.start() + len(url)
        yield from filter(None, [part[end:]])


def _trim_url(url: str) -> str:
    """The URL without the sign that sets off the next one, and without a parenthesis that it shares with the text."""
    opened: list[int] = []
    for index, sign in enumerate(url):
        if sign == "(":
            opened.append(index)
        elif sign == ")" and opened:
            opened.pop()
        elif sign == ")":
            return url[:index].rstrip(",;")
    return url[: opened[0] if opened else len(url)].rstrip(",;")

"""The catalogue of the seeds: which documents there are, how they are laid out, and what is known of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from lod.errors import Problem, Refused, SeedsError
from lod.hosts import is_url
from lod.names import normalise_name
from lod.toml_tables import read_toml, refuse_rest, take_table, take_tables, take_text, take_texts

LAYOUTS = ("tab-separated", "tab-separated-html", "flattened")
CATEGORIES = ("Prefecture", "DesignatedCity", "CoreCity", "CouncilMember")
FIELDS = ("number", "prefecture", "place", "department", "url", "email", "class")
TITLES = ("title_en", "title_ja", "description_en", "description_ja")
RIGHTS = ("documents_en", "documents_ja", "reference_en", "reference_ja", "whole_en", "whole_ja")

T = TypeVar("T")


@dataclass(frozen=True)
class Section:
    """A part of a document whose listings share a category; its heading is as printed, empty where there is none."""

    heading: str
    category: str


@dataclass(frozen=True)
class Evidence:
    """Why one thing is held true of another, in two languages."""

    subject: str
    en: str
    ja: str


@dataclass(frozen=True)
class Edition:
    """One document: its number, file, layout, sections, and what is known of its order, time and origin."""

    number: str
    file: str
    title: str
    layout: str
    at_sign: str
    header: str
    sections: tuple[Section, ...]
    later_than: tuple[Evidence, ...]
    period: Evidence | None
    origin_url: str
    origin_en: str
    origin_ja: str
    publisher: str
    publisher_ja: str

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s.category for s in self.sections))

    @property
    def is_flattened(self) -> bool:
        return self.layout == "flattened"


@dataclass(frozen=True)
class Catalogue:
    """All editions in number order, column names as printed, gateways, titles, and what is known of the rights, if anything."""

    editions: tuple[Edition, ...]
    columns: Mapping[str, str]
    gateway_hosts: tuple[str, ...]
    series: Mapping[str, str]
    reference: Mapping[str, str]
    rights: Mapping[str, str]

    def get_current_editions(self) -> dict[str, str]:
        """The edition of each category that is later than all others; raises Refused where evidence singles none out."""
        later = {e.number: self.find_older_editions(e.number) for e in self.editions}
        current: dict[str, str] = {}
        for category in CATEGORIES:
            having = [e.number for e in self.editions if category in e.categories]
            latest = [n for n in having if all(o == n or o in later[n] for o in having)]
            if having and len(latest) != 1:
                raise Refused(
                    f"which of the editions {', '.join(having)} is the latest for {category} is not stated",
                    "add later_than with its evidence to one of them",
                )
            current |= dict.fromkeys([category], latest[0]) if latest else {}
        return current

    def find_older_editions(self, number: str) -> set[str]:
        """The numbers of all editions that the evidence, taken together, shows to be older."""
        direct = {e.number: [evidence.subject for evidence in e.later_than] for e in self.editions}
        older: set[str] = set()
        todo = list(direct[number])
        while todo:
            if (other := todo.pop()) not in older:
                older.add(other)
                todo += direct.get(other, [])
        return older


def read_catalogue(path: Path) -> Catalogue:
    """Reads `catalogue.toml`; raises SeedsError with everything that is missing, unknown or contradictory."""
    data = read_toml(path)
    refusals: list[Refused] = []

    def attempt(read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except Refused as refused:
            refusals.append(refused)
            return otherwise

    catalogue = Catalogue(
        tuple(sorted(_read_editions(data, refusals), key=lambda e: e.number)),
        attempt(lambda: _read_columns(take_table(data, "columns")), {}),
        attempt(lambda: _read_gateways(take_table(data, "gateways")), ()),
        attempt(lambda: _read_texts(data, "series", TITLES), {}),
        attempt(lambda: _read_texts(data, "reference", ("file", *TITLES)), {}),
        attempt(lambda: _read_texts(data, "rights", RIGHTS) if "rights" in data else {}, {}),
    )
    attempt(lambda: refuse_rest(data), None)
    if not refusals:
        refusals += _compare_editions(catalogue)
    if refusals:
        raise SeedsError([Problem(str(path), 0, str(r), r.remedy) for r in refusals])
    return catalogue


def _read_editions(data: dict[str, Any], refusals: list[Refused]) -> Iterator[Edition]:
    """The editions that can be read; why the others cannot is added to the refusals."""
    try:
        tables = take_tables(data, "edition")
    except Refused as refused:
        refusals.append(refused)
        return
    for table in tables:
        try:
            yield _read_edition(table)
        except Refused as refused:
            refusals.append(refused)


def _compare_editions(catalogue: Catalogue) -> Iterator[Refused]:
    """What the editions, each right by itself, contradict one another in."""
    editions = catalogue.editions
    numbers, files = [e.number for e in editions], [e.file for e in editions]
    if not editions:
        yield Refused("lists no edition", "add an [[edition]] for each document")
    for number in sorted({n for n in numbers if numbers.count(n) > 1}):
        yield Refused(f"edition {number} stands twice", "give each document its own number")
    for file in sorted({f for f in files if files.count(f) > 1}):
        yield Refused(f"file {file} stands twice", "give each edition its own document")
    for edition in editions:
        for older in (o.subject for o in edition.later_than if o.subject not in numbers):
            yield Refused(f"edition {edition.number} is later than {older}, which is not here", "name one of the catalogue")
        if edition.number in catalogue.find_older_editions(edition.number):
            yield Refused(f"edition {edition.number} is later than itself", "correct later_than")
    if len(set(numbers)) == len(numbers):
        try:
            catalogue.get_current_editions()
        except Refused as refused:
            yield refused


def _read_columns(table: dict[str, Any]) -> dict[str, str]:
    columns = {printed: take_text(table, printed) for printed in list(table)}
    for printed, field in columns.items():
        if field not in FIELDS:
            raise Refused(f"column {printed!r} is said to hold {field!r}", f"one of {', '.join(FIELDS)}")
    return columns


def _read_gateways(table: dict[str, Any]) -> tuple[str, ...]:
    hosts = take_texts(table, "hosts")
    refuse_rest(table)
    return hosts


def _read_texts(data: dict[str, Any], name: str, keys: Iterable[str]) -> dict[str, str]:
    table = take_table(data, name)
    try:
        texts = {key: take_text(table, key) for key in keys}
        refuse_rest(table)
    except Refused as refused:
        raise Refused(f"[{name}]: {refused}", refused.remedy) from None
    if blank := [key for key, text in texts.items() if not text.strip()]:
        raise Refused(f"[{name}] has no {blank[0]}", "add it")
    return texts


def _read_edition(table: dict[str, Any]) -> Edition:
    number = table.get("number", "?")
    try:
        period = take_table(table, "period")
        edition = Edition(
            number=take_text(table, "number"),
            file=take_text(table, "file"),
            title=take_text(table, "title"),
            layout=take_text(table, "layout"),
            at_sign=take_text(table, "at_sign", "@"),
            header=normalise_name(take_text(table, "header", "")),
            sections=tuple(_read_section(s) for s in take_tables(table, "section")),
            later_than=tuple(_read_evidence(e, "edition") for e in take_tables(table, "later_than")),
            period=_read_evidence(period, "start") if period else None,
            origin_url=take_text(table, "origin_url", ""),
            origin_en=take_text(table, "origin_en", ""),
            origin_ja=take_text(table, "origin_ja", ""),
            publisher=take_text(table, "publisher", ""),
            publisher_ja=take_text(table, "publisher_ja", ""),
        )
        refuse_rest(table)
        _check_edition(edition)
    except Refused as refused:
        raise Refused(f"edition {number}: {refused}", refused.remedy) from None
    return edition


def _check_edition(edition: Edition) -> None:
    headings = [s.heading for s in edition.sections]
    for wrong, message, remedy in (
        (not re.fullmatch("[0-9]{3}", edition.number), f"number {edition.number!r}", "three digits"),
        (edition.layout not in LAYOUTS, f"layout {edition.layout!r}", f"one of {', '.join(LAYOUTS)}"),
        (edition.is_flattened != bool(edition.header), "header line", "state it for a flattened document, and only there"),
        (Path(edition.file).name != edition.file, f"file {edition.file!r}", "the name of a file beside the catalogue"),
        (not edition.file.endswith(".txt"), f"file {edition.file!r}", "a name that ends in .txt"),
        (not edition.title.strip(), "no title", "state it as text"),
        (not re.fullmatch(r"\S+", edition.at_sign), f"at_sign {edition.at_sign!r}", "the sign as printed, such as @ or [at]"),
        (not headings, "no section", "add [[edition.section]] with heading and category"),
        (len(set(headings)) < len(headings), "a heading that stands twice", "give each section its own heading"),
        (bool(edition.origin_url) and not is_url(edition.origin_url), f"origin_url {edition.origin_url!r}", "a whole URL"),
        (
            edition.period is not None and not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", edition.period.subject),
            "the start of its period",
            "a year, a month or a day: 2012, 2012-04 or 2012-04-01",
        ),
    ):
        if wrong:
            raise Refused(message, remedy)


def _read_section(table: dict[str, Any]) -> Section:
    section = Section(normalise_name(take_text(table, "heading")), take_text(table, "category"))
    refuse_rest(table)
    if section.category not in CATEGORIES:
        raise Refused(f"category {section.category!r}", f"one of {', '.join(CATEGORIES)}")
    return section


def _read_evidence(table: dict[str, Any], subject_key: str) -> Evidence:
    evidence = Evidence(take_text(table, subject_key), take_text(table, "evidence_en"), take_text(table, "evidence_ja"))
    refuse_rest(table)
    return evidence

"""The catalogue of the seeds: which documents there are, how they are laid out, and what is known of them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lod.errors import Problem, Refused, SeedsError

LAYOUTS = ("tab-separated", "tab-separated-html", "flattened")
CATEGORIES = ("Prefecture", "DesignatedCity", "CoreCity", "CouncilMember")
FIELDS = ("number", "prefecture", "place", "department", "url", "email", "class")


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
    """All editions in number order, the printed column names, gateways, and the titles of series and reference table."""

    editions: tuple[Edition, ...]
    columns: Mapping[str, str]
    gateway_hosts: tuple[str, ...]
    series: Mapping[str, str]
    reference: Mapping[str, str]

    def get_current_editions(self) -> dict[str, str]:
        """For each category the number of the edition that is later than all others that have it.

        Raises Refused where the evidence does not single one out.
        """
        later = {e.number: self._close_later_than(e.number) for e in self.editions}
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

    def _close_later_than(self, number: str) -> set[str]:
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
    problems: list[Problem] = []
    editions = []
    for entry in data.get("edition", []):
        try:
            editions.append(_read_edition(entry))
        except Refused as refused:
            problems.append(Problem(str(path), 0, f"edition {entry.get('number', '?')}: {refused}", refused.remedy))
    columns = data.get("columns", {})
    problems += [
        Problem(str(path), 0, f"column {printed!r} is said to hold {field!r}", f"one of {', '.join(FIELDS)}")
        for printed, field in columns.items()
        if field not in FIELDS
    ]
    numbers = [e.number for e in editions]
    problems += [
        Problem(str(path), 0, f"edition {n} stands twice", "give each document its own number")
        for n in sorted({n for n in numbers if numbers.count(n) > 1})
    ]
    problems += [
        Problem(
            str(path), 0, f"edition {e.number} is later than {o.subject}, which is not here", "name an edition of the catalogue"
        )
        for e in editions
        for o in e.later_than
        if o.subject not in numbers and not problems
    ]
    catalogue = Catalogue(
        tuple(sorted(editions, key=lambda e: e.number)),
        columns,
        tuple(data.get("gateways", {}).get("hosts", ())),
        _require_texts(path, data, "series", ("title_en", "title_ja", "description_en", "description_ja"), problems),
        _require_texts(path, data, "reference", ("file", "title_en", "title_ja", "description_en", "description_ja"), problems),
    )
    if not problems:
        try:
            catalogue.get_current_editions()
        except Refused as refused:
            problems.append(Problem(str(path), 0, str(refused), refused.remedy))
    if not editions and not problems:
        problems.append(Problem(str(path), 0, "lists no edition", "add an [[edition]] for each document"))
    if problems:
        raise SeedsError(problems)
    return catalogue


def read_toml(path: Path) -> dict[str, Any]:
    """The file's content; raises SeedsError where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SeedsError([Problem(str(path), 0, f"cannot be read: {error}", "put a TOML file in UTF-8 there")]) from None


def take_text(entry: dict[str, Any], key: str, default: str | None = None) -> str:
    """Removes and returns a text of a TOML table; raises Refused where it is missing or no text."""
    value = entry.pop(key, default)
    if not isinstance(value, str):
        raise Refused(f"{key} is missing" if value is None else f"{key} is {value!r}", "state it as text")
    return value


def refuse_rest(entry: Mapping[str, Any]) -> None:
    """Raises Refused when keys are left over: nothing that is stated goes unread."""
    if entry:
        raise Refused(f"unknown {', '.join(sorted(entry))}", "remove it or correct its name")


def _require_texts(
    path: Path, data: Mapping[str, Any], table: str, keys: Iterable[str], problems: list[Problem]
) -> dict[str, str]:
    texts = {key: data.get(table, {}).get(key) for key in keys}
    problems += [Problem(str(path), 0, f"[{table}] has no {key}", "add it") for key, text in texts.items() if not text]
    return {key: str(text) for key, text in texts.items()}


def _read_edition(entry: dict[str, Any]) -> Edition:
    rest = dict(entry)
    sections = tuple(_read_section(dict(s)) for s in rest.pop("section", []))
    later_than = tuple(_read_evidence(dict(e), "edition") for e in rest.pop("later_than", []))
    period = rest.pop("period", None)
    edition = Edition(
        number=take_text(rest, "number"),
        file=take_text(rest, "file"),
        title=take_text(rest, "title"),
        layout=take_text(rest, "layout"),
        at_sign=take_text(rest, "at_sign", "@"),
        header=take_text(rest, "header", ""),
        sections=sections,
        later_than=later_than,
        period=_read_evidence(dict(period), "start") if period else None,
        origin_url=take_text(rest, "origin_url", ""),
        origin_en=take_text(rest, "origin_en", ""),
        origin_ja=take_text(rest, "origin_ja", ""),
        publisher=take_text(rest, "publisher", ""),
        publisher_ja=take_text(rest, "publisher_ja", ""),
    )
    refuse_rest(rest)
    if not (edition.number.isascii() and edition.number.isdigit() and len(edition.number) == 3):
        raise Refused(f"number {edition.number!r}", "three digits")
    if edition.layout not in LAYOUTS:
        raise Refused(f"layout {edition.layout!r}", f"one of {', '.join(LAYOUTS)}")
    if edition.is_flattened != bool(edition.header):
        raise Refused("header line", "state it for a flattened document, and only there")
    if Path(edition.file).name != edition.file:
        raise Refused(f"file {edition.file!r}", "the name of a file beside the catalogue")
    if not sections:
        raise Refused("no section", "add [[edition.section]] with heading and category")
    return edition


def _read_section(entry: dict[str, Any]) -> Section:
    section = Section(take_text(entry, "heading"), take_text(entry, "category"))
    refuse_rest(entry)
    if section.category not in CATEGORIES:
        raise Refused(f"category {section.category!r}", f"one of {', '.join(CATEGORIES)}")
    return section


def _read_evidence(entry: dict[str, Any], subject_key: str) -> Evidence:
    evidence = Evidence(take_text(entry, subject_key), take_text(entry, "evidence_en"), take_text(entry, "evidence_ja"))
    refuse_rest(entry)
    return evidence

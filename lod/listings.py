"""The listings: what one document states about one place, with every value traced to its line."""

from __future__ import annotations

from dataclasses import dataclass, field

from lod.catalogue import Edition
from lod.names import detect_language, is_ngo, make_slug
from lod.places import Place


@dataclass(frozen=True)
class Stated:
    """A value and the line that states it."""

    value: str
    line: int


@dataclass
class Body:
    """A body in charge: a unit of the government or an association, with the URLs and e-mails stated for it.

    `order` counts from 1 within the listing. `of_this_place` is False for an association that bears another place's name.
    """

    order: int
    name: str
    is_association: bool
    line: int
    number: int | None = None
    of_this_place: bool = True
    urls: list[Stated] = field(default_factory=list)
    emails: list[Stated] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return make_slug(self.name)

    @property
    def language(self) -> str:
        return detect_language(self.name)

    @property
    def is_ngo(self) -> bool:
        return self.is_association and is_ngo(self.name)


@dataclass
class Channel:
    """A link to Japanese-class information with its printed label, and the lines that print it."""

    url: str
    label: str
    lines: list[int]


@dataclass
class Listing:
    """A place's entry in one section of one document.

    `urls` and `emails` are those that no body in charge could be told for. `class_status` is a concept of the vocabulary, as is
    `status`, which is empty for most. `operator` names the association that a note says runs the classes.
    """

    edition: Edition
    category: str
    place: Place
    lines: list[int]
    bodies: list[Body] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    class_status: str = "NotGiven"
    status: str = ""
    notes: list[Stated] = field(default_factory=list)
    related: list[Stated] = field(default_factory=list)
    operator: str = ""
    urls: list[Stated] = field(default_factory=list)
    emails: list[Stated] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.lines[0]

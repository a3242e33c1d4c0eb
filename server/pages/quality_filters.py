"""What the lists of the quality pages are filtered by: parameters of the address, each one of a few values or a text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from server.dataset import Dataset, Edition
from server.pages.labels import Label

TODAY = "today"  # in the place of an edition: what the current edition of its category states
NO_LISTING = "none"  # in the place of a category: what is said of a document as a whole
_LONGEST = 200
_T = TypeVar("_T")


@dataclass(frozen=True)
class Government:
    """Who a listing is about, as filters and tables name it."""

    code: str
    label: Label


@dataclass(frozen=True)
class Page(Generic[_T]):
    """A part of a list that is too long to be read at once."""

    items: Sequence[_T]
    number: int
    last: int
    total: int


def read_choice(args: MultiDict[str, str], name: str, choices: Collection[str]) -> str:
    """The value of a parameter, empty where none is given; raises BadRequest for any other than the choices."""
    value = read_text(args, name)
    if value and value not in choices:
        raise BadRequest(f"“{value}” is not a value of {name} here. Choose one of {', '.join(choices)}, or leave {name} out.")
    return value


def read_text(args: MultiDict[str, str], name: str) -> str:
    """The value of a parameter without blanks around it; raises BadRequest for two, of which only one could be obeyed."""
    values = [value.strip() for value in args.getlist(name) if value.strip()]
    if len(set(values)) > 1:
        raise BadRequest(f"Give {name} once: the list is filtered by one value of each kind.")
    value = values[0] if values else ""
    if len(value) > _LONGEST:
        raise BadRequest(f"Give at most {_LONGEST} characters for {name}.")
    return value


def cut_page(items: Sequence[_T], args: MultiDict[str, str], size: int) -> Page[_T]:
    """The page that the parameter asks for, the first where it is left out."""
    last = max(1, -(-len(items) // size))
    text = read_text(args, "page") or "1"
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= last):
        raise BadRequest(f"There is no page “{text}” of this list: it has pages 1 to {last}.")
    number = int(text)
    return Page(items[(number - 1) * size : number * size], number, last, len(items))


def choose_editions(dataset: Dataset) -> list[str]:
    """The values that a filter by edition takes."""
    return [TODAY, *(edition.number for edition in dataset.editions)]


def is_in_edition(wanted: str, edition: Edition, *, is_current: bool) -> bool:
    return not wanted or (is_current if wanted == TODAY else edition.number == wanted)

"""The example queries that a release brings with it, with their titles in English and Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lod.release import Release, read_checksums
from server.dataset import Dataset

_HEADER = re.compile(r"^# (title|description)@(en|ja): (.*)\n", re.MULTILINE)
_FOLDER = "ontology/queries/"


@dataclass(frozen=True)
class Example:
    """A query that one can click."""

    name: str
    title: str
    title_ja: str
    description: str
    description_ja: str
    query: str  # without the header


def get_examples(dataset: Dataset) -> tuple[Example, ...]:
    """Those of the release that is served, read once."""
    return dataset.keep(_read_own)


def choose_examples(dataset: Dataset, names: Iterable[str]) -> list[Example]:
    """Those with these names, in their order, as far as the release has them."""
    by_name = {example.name: example for example in get_examples(dataset)}
    return [by_name[name] for name in names if name in by_name]


def _read_own(dataset: Dataset) -> tuple[Example, ...]:
    return read_examples(dataset.release)


def read_examples(release: Release) -> tuple[Example, ...]:
    """The examples in the order of their titles."""
    names = [n for n in read_checksums(release.path) if n.startswith(_FOLDER) and n.endswith(".rq")]
    examples = [_read_example(name, release.read_bytes(name).decode()) for name in names]
    return tuple(sorted(examples, key=lambda e: e.title))


def _read_example(name: str, text: str) -> Example:
    header = {(kind, language): value for kind, language, value in _HEADER.findall(text)}
    stem = name.removeprefix(_FOLDER).removesuffix(".rq")
    return Example(
        stem,
        header.get(("title", "en"), stem),
        header.get(("title", "ja"), ""),
        header.get(("description", "en"), ""),
        header.get(("description", "ja"), ""),
        _HEADER.sub("", text).strip() + "\n",
    )

"""The metadata of a table (W3C Metadata Vocabulary for Tabular Data): what its columns are, and the triple of each cell."""

from __future__ import annotations

import re
from typing import Any

from lod.iris import Iris
from lod.table_columns import BOOLEAN, NOT_SAID, Column
from lod.terms import Vocabulary

MEDIA_TYPE = "application/csvm+json"
SUFFIX = "-metadata.json"  # the name that tools look for first (Tabular Data Model, section 5.3)
_PREFIX = re.compile(r"([a-z]+):(?!//)")


def describe_table(
    name: str,
    titles: tuple[str, str],
    descriptions: tuple[str, str],
    columns: tuple[Column, ...],
    iris: Iris,
    terms: Vocabulary,
) -> dict[str, Any]:
    """The metadata of `{name}.csv`, which a converter in minimal mode turns into triples of our graphs."""
    described: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{name}.csv",
        "dc:title": _in_both(titles),
        "dc:description": _in_both(descriptions),
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "lineTerminators": ["\r\n"], "trim": False},
        "tableSchema": {"columns": [_describe_column(column, iris, terms) for column in columns]},
    }
    is_whole = all(column.term for column in columns)
    return described if is_whole else described | {"rdfs:comment": _in_both(NOT_SAID)}


def _describe_column(column: Column, iris: Iris, terms: Vocabulary) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "titles": {"und": [column.name]},  # as in the header, whose language nobody states
        "dc:title": _in_both(column.titles),
        "datatype": {"base": BOOLEAN, "format": "true|false"} if column.kind == BOOLEAN else column.kind,
    }
    if column.language:
        described["lang"] = column.language
    if column.separator:
        described["separator"] = column.separator
    if column.may_be_empty:
        described["null"] = []
    if not column.term:
        return described | {"suppressOutput": True}
    described["aboutUrl"] = _expand(column.about, iris, terms)
    described["propertyUrl"] = terms[column.term].value
    if column.value:
        described["valueUrl"] = _expand(column.value, iris, terms)
    return described


def _expand(template: str, iris: Iris, terms: Vocabulary) -> str:
    """The template with the IRI that its prefix stands for."""
    found = _PREFIX.match(template)
    if found is None:
        return template
    start = iris.make("id/").value if found[1] == "id" else terms.prefixes[found[1]]
    return start + template[found.end() :]


def _in_both(texts: tuple[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for text, language in zip(texts, ("en", "ja"), strict=True)]

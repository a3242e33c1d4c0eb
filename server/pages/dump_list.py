"""What can be downloaded: tables for people, graphs by what they hold, and the rest; for the page, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lod.release import CHECKSUMS
from server.dataset import Dataset

if TYPE_CHECKING:
    from server.files import Dump  # which has the route of this page

FORMATS = ("Turtle", "TriG", "N-Triples", "N-Quads", "JSON-LD", "RDF/XML")  # as the page has them, one beside the other
TABLES, RELEASE, ALL, CURRENT = "tables", "release", "all", "current"
_PARTS = (CURRENT, ALL, "edition", "quality", "reference", "catalog", RELEASE)
_DESCRIPTION = ".csv-metadata.json"


@dataclass(frozen=True)
class TableGroup:
    """A table in its forms, and what its CSVW metadata say of it, by language."""

    name: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    columns: tuple[tuple[str, Mapping[str, str]], ...]  # name and titles
    rows: int
    dumps: tuple[Dump, ...]


@dataclass(frozen=True)
class GraphGroup:
    """A part of the data in its formats: `current`, `edition-002`, …; with the hash of its graph, if that is known."""

    part: str
    triples: int
    sha256: str
    dumps: tuple[Dump, ...]

    @property
    def kind(self) -> str:
        """The part without the number of an edition."""
        return self.part.partition("-")[0]

    @property
    def number(self) -> str:
        """The number of the edition, if it is one."""
        return self.part.partition("-")[2]

    def find_dump(self, form: str) -> Dump | None:
        return next((dump for dump in self.dumps if dump.format == form), None)


@dataclass(frozen=True)
class DumpList:
    """All files, in groups; each is in one of them."""

    tables: tuple[TableGroup, ...]
    graphs: tuple[GraphGroup, ...]
    others: tuple[Dump, ...]
    hashes: Mapping[str, Mapping[str, Any]]  # of each graph by its name: triples and sha256


def group_dumps(dataset: Dataset, dumps: Iterable[Dump]) -> DumpList:
    """The files by what they hold; those that are neither tables nor graphs stand among the others."""
    shown = list(dumps)
    hashes = dataset.release.manifest.get("graphs", {})
    parts: dict[str, list[Dump]] = {}
    for dump in shown:
        if dump.part.partition("-")[0] in _PARTS and dump.triples is not None:
            parts.setdefault(dump.part, []).append(dump)
    order = sorted(parts, key=lambda part: (_PARTS.index(part.partition("-")[0]), part))
    graphs = tuple(_group_graph(part, parts[part], hashes) for part in order)
    tables = tuple(_read_tables(dataset, [dump for dump in shown if dump.part == TABLES]))
    taken = {dump.name for files in (*(t.dumps for t in tables), *(g.dumps for g in graphs)) for dump in files}
    return DumpList(tables, graphs, tuple(dump for dump in shown if dump.name not in taken), hashes)


def write_dump_list(dataset: Dataset, found: DumpList) -> str:
    """The same for programs: every file with its lasting address, size, checksum, and triples or rows."""
    release = dataset.release

    def describe(dump: Dump) -> dict[str, Any]:
        return {
            "name": dump.name,
            "address": dataset.iris.release_file(release.id, dump.name).value,
            "format": dump.format,
            "type": dump.content_type.partition(";")[0],
            "size": dump.size,
            "sha256": dump.sha256,
            **({"triples": dump.triples} if dump.triples is not None else {}),
            **({"rows": dump.rows} if dump.rows is not None else {}),
            "compressed": [{"name": c.name, "coding": c.coding.name, "size": c.size, "sha256": c.sha256} for c in dump.coded],
        }

    facts = {
        "release": release.id,
        "address": dataset.iris.release(release.id).value,
        "checksums": dataset.iris.release_file(release.id, CHECKSUMS).value,
        "tables": [
            {
                "name": table.name,
                "title": table.titles,
                "description": table.descriptions,
                "rows": table.rows,
                "columns": [{"name": name, "title": titles} for name, titles in table.columns],
                "files": [describe(dump) for dump in table.dumps],
            }
            for table in found.tables
        ],
        "data": [
            {
                "part": group.part,
                "triples": group.triples,
                **({"canonical_hash": group.sha256} if group.sha256 else {}),
                "files": [describe(dump) for dump in group.dumps],
            }
            for group in found.graphs
        ],
        "other": [describe(dump) for dump in found.others],
        "graphs": {name: {"triples": g["triples"], "canonical_hash": g["sha256"]} for name, g in found.hashes.items()},
    }
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def _group_graph(part: str, dumps: list[Dump], hashes: Mapping[str, Mapping[str, Any]]) -> GraphGroup:
    name = "default" if part == CURRENT else part.replace("edition-", "edition/", 1)
    ordered = sorted(dumps, key=lambda dump: FORMATS.index(dump.format) if dump.format in FORMATS else len(FORMATS))
    return GraphGroup(part, ordered[0].triples or 0, str(hashes.get(name, {}).get("sha256", "")), tuple(ordered))


def _read_tables(dataset: Dataset, dumps: list[Dump]) -> Iterable[TableGroup]:
    """The tables by their metadata: those of today first, then as their names go."""
    described = sorted(dump.name for dump in dumps if dump.name.endswith(_DESCRIPTION))
    for description in sorted(described, key=lambda name: (not name.startswith("listings"), CURRENT not in name, name)):
        name = description.removesuffix(_DESCRIPTION)
        metadata = json.loads(dataset.release.read_bytes(description))
        files = sorted((d for d in dumps if d.name.partition(".")[0] == name), key=lambda d: (d.rows is None, d.name))
        yield TableGroup(
            name,
            _read_texts(metadata["dc:title"]),
            _read_texts(metadata["dc:description"]),
            tuple((column["name"], _read_texts(column["dc:title"])) for column in metadata["tableSchema"]["columns"]),
            next(d.rows for d in files if d.rows is not None),
            tuple(files),
        )


def _read_texts(values: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {value["@language"]: value["@value"] for value in values}

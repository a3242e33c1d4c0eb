"""A diff of two releases for people and programs: one sentence, tables, and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lod.diff import ADDED, CHANGED, REMOVED
from lod.diff_directory import VALUES, DirectoryDiff
from lod.release import Release

_PLURALS = {"body": "bodies", "email": "e-mail addresses", "url": "web pages", "class link": "class links"}
_SIGNS = {ADDED: "+", REMOVED: "−", CHANGED: "~"}
_SHOWN = 3  # names for each kind and change in the table


def write_sentence(directory: DirectoryDiff) -> str:
    """What changed, in a sentence or two."""
    diff, counts = directory.diff, directory.counts
    if diff.is_empty:
        return f"Releases {diff.before.id} and {diff.after.id} state the same."
    gone, new = compare_editions(diff.before, diff.after)
    parts = [f"edition {n} is gone" for n in gone] + [f"edition {n} is new" for n in new]
    if counts["joined"] or counts["left"]:
        parts.append(
            f"today's directory lists {counts['after']} governments after {counts['before']} "
            f"({counts['joined']} joined, {counts['left']} left)"
        )
    told = [f"{_count_kind(kind)} of {counts[kind]}" for kind in VALUES if counts[kind]]
    if told:
        parts.append(f"of {counts['changed']} that both list, these changed: {', '.join(told)}")
    parts.append(f"{len(diff.removed):,} {'statement was' if len(diff.removed) == 1 else 'statements were'} removed")
    parts[-1] += f" and {len(diff.added):,} added"
    base = "" if diff.has_same_base else f" The base IRI was {diff.before.iris.base} and is {diff.after.iris.base}."
    return f"From release {diff.before.id} to {diff.after.id}: {'; '.join(parts)}.{base}"


def list_tables(directory: DirectoryDiff) -> Iterator[tuple[list[str], list[list[str]]]]:
    """The tables of a diff, each a header and rows: things by kind with some of their names, and statements by graph."""
    diff = directory.diff
    things = [
        [kind, *(str(numbers[change]) for change in (ADDED, REMOVED, CHANGED)), _name_some(directory, kind)]
        for kind, numbers in diff.counts.items()
    ]
    yield ["thing", "added", "removed", "changed", "for example"], things
    yield ["graph", "removed", "added"], [[name, f"{r:,}", f"{a:,}"] for name, (r, a) in diff.graphs.items()]


def write_json(directory: DirectoryDiff) -> str:
    """Everything that the diff tells but the statements themselves, which the patch has."""
    diff = directory.diff
    value = {
        "from": describe_release(diff.before),
        "to": describe_release(diff.after),
        "summary": write_sentence(directory),
        "statements": {"removed": len(diff.removed), "added": len(diff.added)},
        "graphs": {name: {"removed": removed, "added": added} for name, (removed, added) in diff.graphs.items()},
        "counts": diff.counts,
        "today": {"counts": directory.counts, "governments": list(_list_governments(directory))},
        "entities": [
            {
                "iri": entity.iri,
                "kind": entity.kind,
                "change": entity.change,
                "name": directory.describe(entity.iri),
                "properties": [
                    {"property": p.property, "before": list(p.before), "after": list(p.after)} for p in entity.properties
                ],
            }
            for entity in diff.entities
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def describe_release(release: Release) -> dict[str, Any]:
    """What tells a release from others, for programs."""
    return {"id": release.id, "base": release.iris.base, "published": release.published.isoformat()}


def has_same_graphs(before: Release, after: Release) -> bool:
    """Whether the canonical hashes of all graphs are the same: then only the files, or what made them, can differ."""
    graphs = [release.manifest.get("graphs") for release in (before, after)]
    return bool(graphs[0]) and graphs[0] == graphs[1]


def summarize_manifests(before: Release, after: Release) -> list[str]:
    """What changed in a few words, by what the releases count of themselves; without reading their statements."""
    parts = []
    for sign, numbers in zip("−+", compare_editions(before, after), strict=True):
        parts += [f"{sign}edition {number}" for number in numbers]
    for name in ("listings", "issues", "triples"):
        change = count_facts(after, name) - count_facts(before, name)
        parts += [f"{change:+,} {name}".replace("-", "−")] if change else []
    if before.iris.base != after.iris.base:
        parts.append("another base IRI")
    if not parts:
        parts.append("the same statements" if has_same_graphs(before, after) else "the same counts")
    return parts


def count_facts(release: Release, name: str) -> int:
    """How many listings, issues or triples of all graphs, the default one too, a release has; 0 where it does not say."""
    return sum(release.manifest.get("counts", {}).get(name, {}).values())


def compare_editions(before: Release, after: Release) -> tuple[list[str], list[str]]:
    """The numbers of the editions that only the earlier and only the later release has, by their manifests."""
    was, now = (set(release.manifest.get("editions", ())) for release in (before, after))
    return sorted(was - now), sorted(now - was)


def _list_governments(directory: DirectoryDiff) -> Iterator[dict[str, Any]]:
    for government in directory.governments:
        yield {
            "iri": government.iri,
            "name": directory.name(government.iri),
            "name_ja": directory.name(government.iri, "ja"),
            "change": government.change,
            "values": [{"kind": v.kind, "before": list(v.before), "after": list(v.after)} for v in government.values],
        }


def _count_kind(kind: str) -> str:
    return f"the {_PLURALS[kind]}"


def _name_some(directory: DirectoryDiff, kind: str) -> str:
    """The first names of what was added (+), removed (−) and changed (~)."""
    found = []
    for change, sign in _SIGNS.items():
        entities = [e for e in directory.diff.entities if e.kind == kind and e.change == change]
        names = list(dict.fromkeys(filter(None, (directory.describe(entity.iri) for entity in entities))))
        if names:
            found.append(f"{sign} {'; '.join(names[:_SHOWN])}{'; …' if names[_SHOWN:] else ''}")
    return "\n".join(found)

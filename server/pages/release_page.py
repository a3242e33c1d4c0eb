"""The pages of the kept releases: the list of all, and the files of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from lod.codings import CODINGS
from lod.diff_report import count_facts, describe_release, summarize_manifests
from lod.kept_releases import measure_release
from lod.release import CHECKSUMS, MANIFEST, Release, compute_sha256, read_checksums
from lod.release_files import read_files
from server.kept_files import find_content_type
from server.links import Link
from server.pages.dump_page import write_size
from server.pages.release_words import describe_step
from server.representations import HTML, PLAIN_JSON

OFFERS = (HTML, PLAIN_JSON)


@dataclass(frozen=True)
class FileRow:
    """A file of a release with its coded copies, by suffix; what the manifest does not tell is None."""

    name: str
    media_type: str
    size: int
    sha256: str
    triples: int | None
    rows: int | None
    coded: tuple[tuple[str, str, int], ...]  # suffix, name and size


def describe_releases(history: Sequence[Release]) -> dict[str, Any]:
    """The list of all releases for programs; addresses are paths on this host."""
    return {"served": history[0].id if history else None, "releases": [_describe(history, n) for n in range(len(history))]}


def render_releases(history: Sequence[Release], links: list[Link]) -> str:
    """The page that lists them."""
    rows = []
    for place, release in enumerate(history):
        before = history[place + 1] if place + 1 < len(history) else None
        rows.append(
            {
                "release": release,
                "before": None if before is None or before.is_pruned or release.is_pruned else before,
                "changes": describe_step(before, release) if before else [],
                "size": 0 if release.is_pruned else measure_release(release),
                "listings": count_facts(release, "listings"),
                "issues": count_facts(release, "issues"),
                "triples": count_facts(release, "triples"),
            }
        )
    return render_template("releases.html", rows=rows, served=history[0].id, links=links, write_size=write_size)


def list_files(release: Release) -> list[FileRow]:
    """The files of a release with their copies, the manifest and the checksums last; raises OSError where they vanished."""
    told = {file.name: file for file in read_files(release.manifest)}
    digests = {**read_checksums(release.path), CHECKSUMS: compute_sha256(release.path / CHECKSUMS)}
    sizes = {name: (release.path / name).stat().st_size for name in digests}
    suffixes = [coding.suffix for coding in CODINGS]
    copies = {f"{name}.{suffix}" for name in digests for suffix in suffixes if f"{name}.{suffix}" in digests}
    rows = []
    for name in sorted(digests.keys() - copies, key=lambda n: (n in (MANIFEST, CHECKSUMS), "/" in n, n)):
        coded = tuple((s, f"{name}.{s}", sizes[f"{name}.{s}"]) for s in suffixes if f"{name}.{s}" in digests)
        facts = told.get(name)
        counted = (facts.triples, facts.rows) if facts else (None, None)
        rows.append(FileRow(name, find_content_type(release, name), sizes[name], digests[name], *counted, coded))
    return rows


def describe_one(history: Sequence[Release], release: Release) -> dict[str, Any]:
    """One release for programs: what it counts of itself, and every file with its size and SHA-256."""
    digests = read_checksums(release.path)
    files = []
    for row in list_files(release):
        files.append(_describe_file(release, row.name, row.size, row.sha256) | {"triples": row.triples, "rows": row.rows})
        files += [_describe_file(release, name, size, digests[name]) for _, name, size in row.coded]
    return _describe(history, [other.id for other in history].index(release.id)) | {
        "files": [{key: value for key, value in file.items() if value is not None} for file in files]
    }


def render_one(history: Sequence[Release], release: Release, links: list[Link]) -> str:
    """The page of one release."""
    kept = [other for other in history if not other.is_pruned]
    place = [other.id for other in kept].index(release.id)
    return render_template(
        "release.html",
        release=release,
        files=list_files(release),
        is_served=place == 0,
        others=[other for other in kept if other.id != release.id],
        before=kept[place + 1] if place + 1 < len(kept) else None,
        counts={name: count_facts(release, name) for name in ("listings", "issues", "triples")},
        links=links,
        write_size=write_size,
    )


def make_links(base: str, path: str) -> list[Link]:
    """The links of these pages, with the feed (RFC 4287) among them."""
    return [
        Link("canonical", base + path),
        Link("alternate", f"{request.script_root}/{path}?format=json", PLAIN_JSON.media_type, PLAIN_JSON.label),
        Link("alternate", f"{request.script_root}/releases/feed.atom", "application/atom+xml", "Atom"),
    ]


def _describe(history: Sequence[Release], place: int) -> dict[str, Any]:
    release, before = history[place], history[place + 1] if place + 1 < len(history) else None
    root = f"{request.script_root}/releases"
    found = {
        **describe_release(release),
        "served": place == 0,
        "pruned": release.is_pruned,
        **{name: count_facts(release, name) for name in ("listings", "issues", "triples")},
        "changes": summarize_manifests(before, release) if before else [],
        "url": f"{root}/{release.id}/",
    }
    if release.is_pruned:
        return found
    found["size"] = measure_release(release)
    if before and not before.is_pruned:
        step = f"{root}/{before.id}/diff/{release.id}"
        found |= {"diff": f"{step}.json", "patch": f"{step}.rdfpatch"}
    return found


def _describe_file(release: Release, name: str, size: int, sha256: str) -> dict[str, Any]:
    url = f"{request.script_root}/releases/{release.id}/{name}"
    return {"name": name, "url": url, "media_type": find_content_type(release, name), "size": size, "sha256": sha256}

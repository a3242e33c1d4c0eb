"""Finds everything that the site has, from its own pages and from the things of the release, in several processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from flask import Flask
from pyoxigraph import NamedNode, RdfFormat, parse

from server.addresses import make_document_path
from server.dataset import Dataset
from server.gone import list_older_releases
from server.kept_files import list_served_history
from server.twin.asking import Site
from server.twin.fetching import Found, fetch
from server.twin.layout import HTML, is_written, read_address

_BATCH = 24  # addresses that a process is given at once
_STATE: dict[str, Site] = {}  # of this process: a worker is forked with what it works on


def list_starts(app: Flask, dataset: Dataset) -> Iterator[str]:
    """The addresses without a variable part, then the documents and the IRIs of all things, and the graphs."""
    yield "/"
    for rule in app.url_map.iter_rules():
        if not rule.arguments and "GET" in (rule.methods or ()):
            yield rule.rule
    yield from ("/ontology/shapes", "/ontology/context.jsonld", "/dumps/SHA256SUMS")
    for release in list_served_history(dataset):
        yield from (f"/releases/{release.id}", f"/releases/{release.id}/SHA256SUMS")
    things = {q.subject for q in dataset.store.quads_for_pattern(None, None, None, None) if isinstance(q.subject, NamedNode)}
    for thing in sorted(things, key=lambda t: t.value):
        path = dataset.iris.strip_base(thing.value) or ""
        if path.startswith("id/") and "#" not in path and "?" not in path:
            document = make_document_path(dataset.iris, thing)
            yield from (f"/{document}", f"/id/{document.removeprefix('doc/')}")
    for graph in dataset.store.named_graphs():
        if isinstance(graph, NamedNode) and (own := dataset.iris.strip_base(graph.value)):
            yield f"/{own}"


def list_departed(dataset: Dataset) -> Iterator[str]:
    """The documents of things that older releases had and this one has not."""
    base = dataset.iris.base
    for older in list_older_releases(dataset.release):
        try:
            quads = parse(path=str(older.path / "all.nq"), format=RdfFormat.N_QUADS)
            things = {q.subject.value for q in quads if isinstance(q.subject, NamedNode)}
        except (OSError, SyntaxError):  # removed meanwhile, or damaged
            continue
        for iri in sorted(things):
            if iri.startswith(f"{base}id/") and "#" not in iri and next(dataset.quads(NamedNode(iri)), None) is None:
                yield f"/{make_document_path(dataset.iris, NamedNode(iri))}"


def crawl(site: Site, starts: Iterable[str], report: Callable[[str], None], processes: int = 0) -> list[Found]:
    """Everything that can be reached from the starts, each address once."""
    processes = processes or os.cpu_count() or 1
    _STATE["site"] = site
    seen: set[str] = set()
    results: list[Found] = []
    waiting = _select(starts, seen)
    if processes == 1:
        while waiting:
            waiting = _gather(map(fetch_one, waiting), seen, results)
    else:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            while waiting:
                asked = pool.imap_unordered(fetch_one, waiting, _BATCH)
                waiting = _gather(_tell(asked, len(waiting), report), seen, results)
    taken = {address for one in results for address in one.taken}  # some were asked for in the same round
    return [one for one in results if one.address not in taken]


def fetch_one(text: str) -> Found:
    """One address of the site that this process works on."""
    return fetch(_STATE["site"], text)


def _gather(found: Iterator[Found], seen: set[str], results: list[Found]) -> list[str]:
    linked: set[str] = set()
    for one in found:
        results.append(one)
        linked |= one.links
        seen |= one.taken
    return _select(sorted(linked), seen)


def _select(texts: Iterable[str], seen: set[str]) -> list[str]:
    """Those that are to be asked for and have not been: every address in one form, without what chooses a variant."""
    chosen = []
    for text in texts:
        address = read_address(text)
        if not is_written(address) or address.form not in ("", HTML):
            continue
        name = str(address)
        if name not in seen:
            seen.add(name)
            chosen.append(name)
    return chosen


def _tell(found: Iterator[Found], total: int, report: Callable[[str], None]) -> Iterator[Found]:
    done = 0
    while batch := list(islice(found, 500)):
        done += len(batch)
        report(f"{done:,} of {total:,} addresses of this round are written")
        yield from batch

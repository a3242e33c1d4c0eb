"""The guide for language models, `llms.txt` (https://llmstxt.org/): what is here and how to ask for it, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from pyoxigraph import NamedNode

from server.dataset import Dataset
from server.files import list_dumps
from server.pages.examples import get_examples
from server.pages.labels import label_thing

_MOST = 40  # graphs and files that are named
_MARKS = re.compile(r"([\\\[\]()<>*_`#])")
_DOCUMENT = (
    "the IRI of a thing leads to its document: Turtle, JSON-LD, N-Triples, RDF/XML or a page by `Accept`, or by a suffix of "
    "the document's address, such as `.ttl` or `.jsonld`"
)
_EXAMPLES = 6  # the shortest
_MOST_READ = (".ttl", ".csv")


def write_guide(dataset: Dataset, fixed: list[str]) -> str:
    """All that it names is in the release: nothing has to be kept up to date by hand."""
    sections = (
        _introduce(dataset),
        _tell_ways(dataset, fixed),
        _tell_graphs(dataset),
        _tell_examples(dataset),
        _tell_files(dataset),
    )
    return "".join(f"{line}\n" for section in sections for line in section)


def _introduce(dataset: Dataset) -> Iterator[str]:
    release, base = dataset.release, dataset.iris.base
    yield "# Madoguchi"
    yield ""
    if release.is_foreign:
        yield f"> Linked data, {_escape(release.summary)}, with a SPARQL endpoint and a document for each thing."
    else:
        lists = f"from {len(dataset.editions)} published lists"
        yield (
            "> Linked open data of the counters of Japan's prefectures and cities for Japanese-language education and "
            f"international affairs: {release.summary}, {lists}. Every value names the line of the document that states it."
        )
    yield ""
    yield f"This is release {release.id}. All IRIs of these data begin with `{base}`."
    if not release.is_foreign:
        yield (
            "The default graph has what holds today. Older addresses are only in the graphs of their editions: do not take "
            "them for today's. A value that a document prints damaged is in no edition's graph, but stands as printed in "
            "`graph/quality`; a suggestion there is not a fact."
        )
    yield ""


def _tell_ways(dataset: Dataset, fixed: list[str]) -> Iterator[str]:
    base = dataset.iris.base
    yield "## How to ask"
    yield ""
    yield _link(
        "SPARQL endpoint",
        f"{base}sparql",
        "SPARQL 1.1 queries by `?query=` or POST; results as JSON, CSV, TSV or XML by `Accept` or `&format=`",
    )
    if "/search" in fixed:
        yield _link(
            "Search", f"{base}search?q=Kashiwa&format=json", "places, departments and e-mail addresses in any spelling, as JSON"
        )
    if thing := _choose_thing(dataset):
        name = label_thing(dataset, thing).text
        yield _link(
            name,
            thing.value,
            _DOCUMENT,
        )
    if "/ontology" in fixed and not dataset.release.is_foreign:
        yield _link("Vocabulary", f"{base}ontology", "the terms with explanations; `ontology.ttl` as data")
    if "/catalog" in fixed and not dataset.release.is_foreign:
        yield _link("Catalogue", f"{base}catalog", "the data sets, their versions and files")
    if "/releases/" in fixed and not dataset.release.is_foreign:
        yield _link(
            "Releases", f"{base}releases/", "all that are kept, and what changed; `releases/feed.atom` tells of new ones"
        )
    yield ""


def _tell_graphs(dataset: Dataset) -> Iterator[str]:
    found = sorted(g.value for g in dataset.store.named_graphs() if isinstance(g, NamedNode))
    if found:
        yield "## Graphs"
        yield ""
    counts = dataset.release.manifest.get("graphs", {})
    for graph in found[:_MOST]:
        name, edition = dataset.iris.strip_graph(NamedNode(graph)), dataset.get_edition(NamedNode(graph))
        told = [edition.title] if edition else []
        told += ["what the release states of its files and graphs"] if name == "release" else []
        told += [f"{counts[name]['triples']:,} triples"] if name in counts else []
        yield _link(graph, graph, ", ".join(told))
    if found:
        yield ""


def _tell_examples(dataset: Dataset) -> Iterator[str]:
    examples = sorted(get_examples(dataset), key=lambda example: len(example.query))[:_EXAMPLES]
    if examples:
        yield "## Example queries"
        yield ""
    for example in examples:
        yield _link(example.title, f"{dataset.iris.base}sparql?query={quote(example.query, safe='')}", example.description)
    if examples:
        yield ""


def _tell_files(dataset: Dataset) -> Iterator[str]:
    yield "## Dumps"
    yield ""
    dumps = list_dumps(dataset)
    if not dataset.release.is_foreign:  # each part of the data in one form, and all of them
        dumps = tuple(dump for dump in dumps if dump.name.endswith(_MOST_READ) or dump.name.startswith("all."))
    for dump in dumps[:_MOST]:
        yield _link(dump.name, dataset.iris.dump(dump.name).value, f"{dump.format}, {dump.size:,} bytes")
    yield _link("All files", f"{dataset.iris.base}dumps/", "with sizes and checksums, also packed")
    yield ""
    yield "## Optional"
    yield ""
    yield _link("Sitemap", f"{dataset.iris.base}sitemap.xml", "all pages")


def _choose_thing(dataset: Dataset) -> NamedNode | None:
    """A government as an example; of other data none, since nothing is known of their kinds."""
    governments = dataset.subjects("rdf:type", dataset.term("schema:GovernmentOrganization"))
    return next((g for g in governments if g.value.startswith(dataset.iris.government("").value)), None)


def _link(name: str, address: str, told: str) -> str:
    """An item of a list of the format: a link, and what is told of it."""
    return f"- [{_escape(name)}]({address})" + (f": {told}" if told else "")


def _escape(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split()))

"""Files as triples: distributions with their format, size, checksum and addresses (DCAT 3, section 6.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from lod.checksums import add_checksum
from lod.codings import CODINGS
from lod.formats import DUMP_FORMATS
from lod.iris import Iris
from lod.release_files import ReleaseFile
from lod.triples import Triples, integer

MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_W3C_FORMATS = "http://www.w3.org/ns/formats/"


@dataclass(frozen=True)
class Standard:
    """The name that W3C gives a format, and the specification of it."""

    name: str
    specification: str


_STANDARDS: Mapping[str, Standard] = {  # by the labels of our formats
    "Turtle": Standard("Turtle", "https://www.w3.org/TR/turtle/"),
    "TriG": Standard("TriG", "https://www.w3.org/TR/trig/"),
    "N-Triples": Standard("N-Triples", "https://www.w3.org/TR/n-triples/"),
    "N-Quads": Standard("N-Quads", "https://www.w3.org/TR/n-quads/"),
    "RDF/XML": Standard("RDF_XML", "https://www.w3.org/TR/rdf-syntax-grammar/"),
    "JSON-LD": Standard("JSON-LD", "https://www.w3.org/TR/json-ld11/"),
}
_PARTS = {  # what people call the families of files
    "current": ("Data of today", "現行のデータ"),
    "all": ("All graphs", "すべてのグラフ"),
    "quality": ("Irregularities of the documents", "原文書の不規則な記載"),
    "reference": ("Reference table", "参照表"),
    "catalog": ("Catalogue", "カタログ"),
    "report": ("Validation report", "検証結果"),
}


def find_holder(iris: Iris, part: str) -> NamedNode:
    """The data set that a family of files is a distribution of."""
    if part.startswith("edition-"):
        return iris.edition(part.removeprefix("edition-"))
    return iris.graph(part) if part in ("quality", "reference", "catalog") else iris.dataset


def add_file(graph: Triples, iris: Iris, release_id: str, file: ReleaseFile) -> None:
    """Adds one file of a release; a dump of RDF is one for VoID too (section 3.3)."""
    node, holder = iris.dump(file.name), find_holder(iris, file.part)
    graph.add_types(node, "dcat:Distribution")
    graph.add(holder, "dcat:distribution", node)
    if file.part != "report" and file.format in {form.label for form in DUMP_FORMATS}:
        graph.add(holder, "void:dataDump", node)
    graph.add_names(node, "dcterms:title", _name_file(file))
    graph.add(node, "dcat:accessURL", node)
    graph.add(node, "dcat:downloadURL", iris.release_file(release_id, file.name))
    graph.add(node, "dcat:byteSize", integer(file.size))
    add_media_type(graph, node, "dcat:mediaType", file.media_type)
    for coding in (c for c in CODINGS if c.name == file.coding):
        add_media_type(graph, node, "dcat:compressFormat", coding.media_type)
    if standard := _STANDARDS.get(file.format):
        form, specification = NamedNode(_W3C_FORMATS + standard.name), NamedNode(standard.specification)
        graph.add(node, "dcterms:format", form)
        graph.add_types(form, "dcterms:MediaTypeOrExtent")
        add_standard(graph, node, specification, file.format)
    add_checksum(graph, node, file.sha256)


def add_media_type(graph: Triples, node: NamedNode, term: str, media_type: str) -> None:
    """Adds a media type as IANA's registry names it."""
    value = NamedNode(MEDIA_TYPES + media_type.partition(";")[0])
    graph.add(node, term, value)
    graph.add_types(value, "dcterms:MediaType")


def add_standard(graph: Triples, node: NamedNode, standard: NamedNode, title: str, title_ja: str = "") -> None:
    """Adds the specification that something conforms to."""
    graph.add(node, "dcterms:conformsTo", standard)
    graph.add_types(standard, "dcterms:Standard")
    graph.add_names(standard, "dcterms:title", ((title, "en"), (title_ja, "ja")))


def _name_file(file: ReleaseFile) -> tuple[tuple[str, str], ...]:
    """What it holds, and its name, which tells the format and the coding."""
    if file.part.startswith("edition-"):
        number = file.part.removeprefix("edition-")
        return (f"Edition {number}: {file.name}", "en"), (f"版{number}: {file.name}", "ja")
    en, ja = _PARTS.get(file.part, ("Table", "表") if file.rows is not None else ("File", "ファイル"))
    return (f"{en}: {file.name}", "en"), (f"{ja}: {file.name}", "ja")

"""Reads the shapes and the report of a release, in the order of the sections of the shapes' file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import CanonicalizationAlgorithm, Literal, NamedNode, Quad, RdfFormat, Store, parse
from pyoxigraph import Dataset as Quads

from lod.errors import ReleaseError
from server.dataset import DEFAULT, Dataset, GraphName
from server.pages.checks import SEVERITIES, CheckedGraph, Checks, Finding, Part, Result, Section, Shape
from server.pages.constraints import read_constraints
from server.pages.labels import Label, shorten_iri
from server.pages.shapes_graph import (
    RDF_TYPE,
    Node,
    get_name,
    list_items,
    list_of_class,
    list_values,
    read_messages,
    write_path,
)

REPORT = "report.ttl"
_SHAPES = "ontology/shapes"
_USED = NamedNode("http://www.w3.org/ns/prov#used")
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_KINDS = ("NodeShape", "PropertyShape")
_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")


def read_checks(dataset: Dataset) -> Checks | None:
    """The shapes and the report of a release; None where it has not both."""
    try:
        file, report = (dataset.release.read_bytes(name) for name in (f"{_SHAPES}.ttl", REPORT))
    except ReleaseError:
        return None
    base = dataset.iris.ontology.value
    stated, found = (Quads(parse(content, format=RdfFormat.TURTLE, base_iri=base)) for content in (file, report))
    if not any(quad.subject == dataset.iris.report for quad in found):
        return None  # a release of an older program
    stated.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return _Reader(dataset, tuple(stated), tuple(found), file.decode()).read()


class _Reader:
    def __init__(self, dataset: Dataset, shapes: tuple[Quad, ...], report: tuple[Quad, ...], file: str) -> None:
        self.dataset, self.file, self.shapes_quads, self.report_quads = dataset, file, shapes, report
        self.shapes, self.report = Store(), Store()  # for questions only: a store writes 20.0 as 20
        self.shapes.extend(shapes)
        self.report.extend(report)
        self.found_in = NamedNode(f"{dataset.iris.ontology.value}#foundIn")
        used = self.report.quads_for_pattern(dataset.iris.report, _USED, None)
        self.graphs = sorted(self._name_graph(q.object) for q in used)
        self.results = [self._read_result(iri) for iri in list_of_class(self.report, "ValidationResult")]

    def read(self) -> Checks:
        named = sorted({s for kind in _KINDS for s in list_of_class(self.shapes, kind)}, key=str)
        read = {iri: self._read_shape(iri) for iri in named}
        sections = []
        for section in self._list_members(NamedNode(f"{self.dataset.iris.make(_SHAPES).value}#Sections")):
            members = tuple(read.pop(iri) for iri in self._list_members(section) if iri in read)
            sections.append(Section(get_name(section), self._read_label(section), members))
        if read:
            sections.append(Section("Other", Label("Others", "en", "その他"), tuple(read.values())))
        ordered = sorted(self.graphs, key=lambda name: (name == "default", name))
        graphs = tuple(CheckedGraph(name, self._count_severities(name)) for name in ordered)
        return Checks(tuple(sections), graphs, self.shapes_quads, self.report_quads, self.file)

    def _name_graph(self, graph: object) -> str:
        assert isinstance(graph, NamedNode)
        return "default" if graph == self.dataset.iris.dataset else self.dataset.iris.strip_graph(graph)

    def _count_severities(self, name: str) -> dict[str, int]:
        own = [r.severity for r in self.results if r.graph == name]
        return {severity: own.count(severity) for severity in SEVERITIES if severity in own}

    def _read_result(self, iri: NamedNode) -> Result:
        (graph,) = (q.object for q in self.report.quads_for_pattern(iri, self.found_in, None))
        focus, shape, severity = (
            list_values(self.report, iri, name)[0] for name in ("focusNode", "sourceShape", "resultSeverity")
        )
        messages = read_messages(self.report, iri, "resultMessage")
        return Result(focus, shape, get_name(severity), messages, self._name_graph(graph), iri.value.partition("#")[2])

    def _read_shape(self, iri: NamedNode) -> Shape:
        name, own = get_name(iri), [r for r in self.results if r.shape == iri]
        is_property = bool(list_values(self.shapes, iri, "path"))
        nodes = [iri] if is_property else list_values(self.shapes, iri, "property")
        parts = [self._read_part(node) for node in nodes]
        parts.sort(key=lambda part: self._locate(name, part))
        queries = [q for node in (iri, *nodes) for q in list_values(self.shapes, node, "sparql")]
        stated = [read_messages(self.shapes, iri), *(p.messages for p in parts)]
        stated += [read_messages(self.shapes, query) for query in queries]
        severities = [r.severity for r in own] + [self._read_severity(iri), *(part.severity for part in parts), SEVERITIES[0]]
        targets = [(kind, term) for kind in _TARGETS for term in list_values(self.shapes, iri, kind)]
        return Shape(
            iri,
            name,
            next(filter(None, severities)),
            next(filter(None, stated), {}),
            tuple(targets),
            () if is_property else read_constraints(self.shapes, iri, self._shorten),
            tuple(parts),
            self._count_checked(targets),
            _group_results(own),
            self._find_turtle(name),
        )

    def _read_part(self, node: Node) -> Part:
        (path,) = list_values(self.shapes, node, "path")
        return Part(
            write_path(self.shapes, path, self._shorten),
            path if isinstance(path, NamedNode) else None,
            self._read_severity(node),
            read_messages(self.shapes, node),
            read_constraints(self.shapes, node, self._shorten),
        )

    def _locate(self, name: str, part: Part) -> int:
        """Where the part stands in the file: as its author ordered the parts."""
        text = self._find_turtle(name)
        return next((text.find(message) for message in part.messages.values() if message in text), len(text))

    def _find_turtle(self, name: str) -> str:
        """The text about the shape: from its name to the empty line after it."""
        found = re.search(rf"^\w+:{re.escape(name)} .*?(?=\n\n|\Z)", self.file, re.MULTILINE | re.DOTALL)
        return found[0].rstrip() if found else ""

    def _read_severity(self, node: Node) -> str:
        return next((get_name(s) for s in list_values(self.shapes, node, "severity")), "")

    def _count_checked(self, targets: Sequence[tuple[str, NamedNode]]) -> int:
        """The different things in the graphs of the report that the shape is for."""
        graphs = [DEFAULT if name == "default" else self.dataset.iris.graph(name) for name in self.graphs]
        return len({thing for target in targets for graph in graphs for thing in self._list_targeted(*target, graph)})

    def _list_targeted(self, kind: str, term: NamedNode, graph: GraphName) -> Iterator[object]:
        """What SHACL section 2.1.3 takes for the focus nodes."""
        store = self.dataset.store
        if kind == "targetNode":
            yield term
        elif kind == "targetClass":
            yield from (q.subject for q in store.quads_for_pattern(None, RDF_TYPE, term, graph))
        else:
            quads = store.quads_for_pattern(None, term, None, graph)
            yield from (q.subject if kind == "targetSubjectsOf" else q.object for q in quads)

    def _list_members(self, collection: NamedNode) -> list[NamedNode]:
        lists = [q.object for q in self.shapes.quads_for_pattern(collection, NamedNode(f"{_SKOS}memberList"), None)]
        return [m for head in lists for m in list_items(self.shapes, head) if isinstance(m, NamedNode)]

    def _read_label(self, thing: NamedNode) -> Label:
        quads = self.shapes.quads_for_pattern(thing, NamedNode(f"{_SKOS}prefLabel"), None)
        names = {q.object.language: q.object.value for q in quads if isinstance(q.object, Literal)}
        return Label(names.get("en", get_name(thing)), "en", names.get("ja", ""))

    def _shorten(self, term: NamedNode) -> str:
        return shorten_iri(self.dataset, term)


def _group_results(results: Sequence[Result]) -> tuple[Finding, ...]:
    by_focus: dict[NamedNode | Literal, list[Result]] = {}
    for result in sorted(results, key=lambda r: (str(r.focus), r.graph)):
        by_focus.setdefault(result.focus, []).append(result)
    return tuple(Finding(focus, tuple(found)) for focus, found in by_focus.items())

"""The validation report that came with the release: what was checked against the shapes, and what was found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from lod.errors import ReleaseError
from lod.release import Release

REPORT = "report.ttl"
_SHAPES = "ontology/shapes.ttl"
_SH = "http://www.w3.org/ns/shacl#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_PLACE = re.compile(r"\{[?$]\w+\}")
_SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True)
class Finding:
    """What one thing has against a shape, with the graphs in which it has it."""

    focus: NamedNode | Literal
    graphs: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """A shape, one thing that it demands, by language, and what was found against it."""

    name: str
    severity: str
    messages: Mapping[str, str]
    results: int  # the same thing in two graphs counts twice, as in the report
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Checked:
    """A graph that was validated."""

    name: str
    conforms: bool  # as SHACL has it: a warning is enough for it not to
    by_severity: Mapping[str, int]


@dataclass(frozen=True)
class ValidationReport:
    """The whole report."""

    graphs: tuple[Checked, ...]
    shapes: tuple[Shape, ...]  # those with results first

    @property
    def by_severity(self) -> dict[str, int]:
        """How many results there are of each severity, the worst first."""
        return {name: sum(graph.by_severity.get(name, 0) for graph in self.graphs) for name in _SEVERITIES}


def read_report(release: Release) -> ValidationReport | None:
    """The report of a release, None where it has none."""
    store, base = Store(), release.iris.base
    try:
        for name in (REPORT, _SHAPES):
            store.load(release.read_bytes(name), format=RdfFormat.TURTLE, base_iri=release.iris.ontology.value)
    except (ReleaseError, SyntaxError):
        return None
    results = [_read_result(store, result, base) for result in _list(store, _sh("ValidationResult"))]
    graphs = [_read_graph(store, report, base, results) for report in _list(store, _sh("ValidationReport"))]
    shapes = [_read_shape(store, shape, results) for shape in _list(store, _sh("NodeShape"))]
    return ValidationReport(
        tuple(sorted(graphs, key=lambda g: (g.name == "default", g.name))),
        tuple(sorted(shapes, key=lambda s: (-s.results, s.name))),
    )


def _read_result(store: Store, result: NamedNode, base: str) -> dict[str, Any]:
    values = {name: next(_values(store, result, _sh(name)), None) for name in ("focusNode", "sourceShape", "resultSeverity")}
    messages = _read_messages(store, result, "resultMessage")
    graph = result.value.removeprefix(f"{base}report#").rpartition("-")[0].replace("-", "/", 1)
    severity = values["resultSeverity"].value.removeprefix(_SH) if values["resultSeverity"] else ""
    return {**values, "severity": severity, "messages": messages, "graph": graph}


def _read_graph(store: Store, report: NamedNode, base: str, results: list[dict[str, Any]]) -> Checked:
    name = report.value.removeprefix(f"{base}report#").replace("-", "/", 1)
    own = [r["severity"] for r in results if r["graph"] == name]
    conforms = next(_values(store, report, _sh("conforms")), None)
    by_severity = {severity: own.count(severity) for severity in _SEVERITIES if severity in own}
    return Checked(name, conforms is not None and conforms.value == "true", by_severity)


def _read_shape(store: Store, shape: NamedNode, results: list[dict[str, Any]]) -> Shape:
    own = [r for r in results if r["sourceShape"] == shape]
    stated = [m for node in _list_parts(store, shape) if (m := _read_messages(store, node, "message"))]
    severity = next((r["severity"] for r in own), "")
    if not severity:
        given = next(_values(store, shape, _sh("severity")), None)
        severity = given.value.removeprefix(_SH) if isinstance(given, NamedNode) else "Violation"
    graphs: dict[Any, list[str]] = {}
    for result in own:
        graphs.setdefault(result["focusNode"], []).append(result["graph"])
    findings = tuple(Finding(focus, tuple(sorted(names))) for focus, names in sorted(graphs.items(), key=lambda f: str(f[0])))
    messages = next((r["messages"] for r in own), None) or (stated[0] if stated else {})
    return Shape(shape.value.rpartition("#")[2], severity, messages, len(own), findings)


def _list_parts(store: Store, shape: Any) -> list[Any]:
    """The shape, then those within it."""
    parts = [part for name in ("property", "sparql") for part in _values(store, shape, _sh(name))]
    return [shape, *(inner for part in sorted(parts, key=str) for inner in _list_parts(store, part))]


def _list(store: Store, kind: NamedNode) -> list[NamedNode]:
    """The things of a class that have an IRI: of the shapes, those that stand for themselves."""
    return sorted({q.subject for q in store.quads_for_pattern(None, _TYPE, kind) if isinstance(q.subject, NamedNode)}, key=str)


def _read_messages(store: Store, subject: Any, name: str) -> dict[str, str]:
    """The texts by language; where the engine puts a value in, an ellipsis."""
    texts = (m for m in _values(store, subject, _sh(name)) if isinstance(m, Literal))
    return {text.language or "en": _PLACE.sub("…", text.value) for text in texts}


def _values(store: Store, subject: Any, name: NamedNode) -> Any:
    return (quad.object for quad in store.quads_for_pattern(subject, name, None))


def _sh(name: str) -> NamedNode:
    return NamedNode(_SH + name)

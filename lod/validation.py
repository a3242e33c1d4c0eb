"""Validation of the data set against the shapes, graph by graph, and its report.

The engine is the compiled `shacl`; a test holds its verdicts against pySHACL's, on the real data and on every broken shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import shacl
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from lod.dataset import Dataset
from lod.errors import InvalidGraph, MadoguchiError
from lod.iris import Iris
from lod.triples import BOOLEAN

SH = "http://www.w3.org/ns/shacl#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
PROV_USED = NamedNode("http://www.w3.org/ns/prov#used")
DEFAULT = "default"  # the name of the default graph, which comes last


@dataclass(frozen=True, order=True)
class Finding:
    """One validation result; terms are written as in N-Triples, `path` and `value` empty where there is none."""

    graph: str
    severity: str
    focus: str
    shape: str
    component: str
    path: str
    value: str
    messages: tuple[str, ...]

    @property
    def is_violation(self) -> bool:
        return self.severity == "Violation"


@dataclass(frozen=True)
class Report:
    """All findings, by graph; the graphs that were validated, in order."""

    graphs: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def violations(self) -> list[Finding]:
        return [f for f in self.findings if f.is_violation]

    @property
    def warnings(self) -> list[Finding]:
        return [f for f in self.findings if not f.is_violation]


def validate_dataset(dataset: Dataset, shapes_file: Path) -> Report:
    """Validates each named graph, edition graphs together with the reference graph, and then the default graph.

    Raises InvalidGraph when a shape is violated; warnings stay in the report.
    """
    shapes = read_shapes(shapes_file, dataset.iris)
    findings: list[Finding] = []
    parts = list(iterate_graphs(dataset))
    for name, triples in parts:
        findings += validate_graph(name, triples, shapes)
    report = Report(tuple(name for name, _ in parts), tuple(sorted(findings)))
    _refuse_violations(report.violations, (t for _, triples in parts for t in triples))
    return report


def validate_alone(name: str, triples: Iterable[Triple], shapes_file: Path, iris: Iris) -> None:
    """Validates one graph that is made after the report; raises InvalidGraph when a shape is violated."""
    stated = list(triples)
    findings = validate_graph(name, stated, read_shapes(shapes_file, iris))
    _refuse_violations([f for f in findings if f.is_violation], stated)


def _refuse_violations(violations: Sequence[Finding], triples: Iterable[Triple]) -> None:
    if violations:
        telling = _select_telling(violations, triples)
        raise InvalidGraph([describe_violation(f, telling) for f in violations])


def iterate_graphs(dataset: Dataset) -> Iterable[tuple[str, frozenset[Triple]]]:
    """The graphs to validate, each by its name with the triples to judge together."""
    reference = dataset.graphs["reference"]
    for name, triples in sorted(dataset.graphs.items()):
        if name != "ontology":
            yield name, triples | reference if name.startswith("edition/") else triples
    yield DEFAULT, dataset.default


def read_shapes(path: Path, iris: Iris) -> shacl.Shapes:
    """The compiled shapes, their relative IRIs resolved under the base IRI."""
    try:
        return shacl.Shapes.from_turtle(path.read_text(encoding="utf-8"), base=iris.ontology.value)
    except (OSError, ValueError) as error:
        raise MadoguchiError(f"{path} cannot be read: {error}") from None


def validate_graph(name: str, triples: Iterable[Triple], shapes: shacl.Shapes) -> list[Finding]:
    """The findings of one graph."""
    data = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    results = shapes.validate_turtle(data.decode()).results
    return [
        Finding(
            name,
            r.severity,
            r.focus_node,
            r.root_shape or r.source_shape or "",
            r.component,
            r.path or "",
            r.value or "",
            tuple(r.messages),
        )
        for r in results
    ]


def describe_violation(finding: Finding, triples: Iterable[Triple]) -> str:
    """The violation as a sentence: focus node, source line where it or its listing has one, shape and message."""
    focus = finding.focus.strip("<>")
    lines = _find_lines(focus, triples)
    where = f" (source line {', '.join(lines)})" if lines else ""
    value = f", value {finding.value}" if finding.value else ""
    shape = finding.shape.rsplit("#", 1)[-1].strip("<>")
    message = finding.messages[0] if finding.messages else finding.component
    return f"graph {finding.graph}: {focus}{where}: {message} [{shape}{value}]"


def _select_telling(violations: Iterable[Finding], triples: Iterable[Triple]) -> set[Triple]:
    """The triples from which the lines are found: few, as each violation is described by reading them all."""
    focuses = {finding.focus.strip("<>") for finding in violations}
    return {
        t
        for t in triples
        if t.predicate.value.endswith("#sourceLine") or (isinstance(t.object, NamedNode) and t.object.value in focuses)
    }


def _find_lines(focus: str, triples: Iterable[Triple]) -> list[str]:
    owners = {focus}
    found: dict[str, set[int]] = {}
    for t in triples:
        if isinstance(t.object, NamedNode) and t.object.value == focus and isinstance(t.subject, NamedNode):
            owners.add(t.subject.value)
        if isinstance(t.subject, NamedNode) and isinstance(t.object, Literal) and t.predicate.value.endswith("#sourceLine"):
            found.setdefault(t.subject.value, set()).add(int(t.object.value) if t.object.value.isdigit() else 0)
    lines = found.get(focus) or {line for owner in owners for line in found.get(owner, ())}
    return [str(line) for line in sorted(lines)]


def make_report_triples(report: Report, iris: Iris) -> list[Triple]:
    """The report in the SHACL results vocabulary: one sh:ValidationReport (SHACL section 3.6), results with IRIs.

    It says which graphs were validated (prov:used), and each result in which of them it was found; `id/dataset` stands for
    the default graph.
    """
    conforms = Literal("false" if report.findings else "true", datatype=BOOLEAN)
    triples = [
        Triple(iris.report, RDF_TYPE, NamedNode(f"{SH}ValidationReport")),
        Triple(iris.report, NamedNode(f"{SH}conforms"), conforms),
    ]
    for name in report.graphs:
        graph = iris.dataset if name == DEFAULT else iris.graph(name)
        triples.append(Triple(iris.report, PROV_USED, graph))
        findings = [f for f in report.findings if f.graph == name]
        for number, finding in enumerate(findings, 1):
            result = iris.result(name, number)
            triples.append(Triple(iris.report, NamedNode(f"{SH}result"), result))
            triples.append(Triple(result, NamedNode(f"{iris.ontology.value}#foundIn"), graph))
            triples += _make_result_triples(result, finding)
    return triples


def _make_result_triples(result: NamedNode, finding: Finding) -> list[Triple]:
    properties: Mapping[str, Sequence[str]] = {
        "focusNode": [finding.focus],
        "sourceShape": [finding.shape],
        "sourceConstraintComponent": [f"<{SH}{finding.component}>"],
        "resultSeverity": [f"<{SH}{finding.severity}>"],
        "resultPath": [finding.path] if finding.path.startswith("<") else [],
        "value": [finding.value] if finding.value and not finding.value.startswith("_:") else [],
    }
    triples = [Triple(result, RDF_TYPE, NamedNode(f"{SH}ValidationResult"))]
    for name, terms in properties.items():
        triples += [Triple(result, NamedNode(SH + name), _parse_term(term)) for term in terms]
    for message, language in zip(finding.messages, ("en", "ja"), strict=False):
        triples.append(Triple(result, NamedNode(f"{SH}resultMessage"), Literal(message, language=language)))
    return triples


def _parse_term(text: str) -> NamedNode | Literal:
    (quad,) = parse(f"<urn:s> <urn:p> {text} .".encode(), format=RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, NamedNode | Literal)
    return quad.object

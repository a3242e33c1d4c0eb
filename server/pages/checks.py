"""The shapes and what they found in the release, as the pages about them and about the report need it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad

from server.pages.constraints import Constraint
from server.pages.labels import Label
from server.pages.shapes_graph import describe_node

SEVERITIES = ("Violation", "Warning", "Info")  # the worst first
_PREFIX = re.compile(r"^@prefix\s+([\w-]*):\s.*$", re.MULTILINE)


@dataclass(frozen=True)
class Result:
    """One result of the report: what it is about, where it was found, and its place on the page of the report."""

    focus: NamedNode | Literal
    shape: NamedNode
    severity: str
    messages: Mapping[str, str]
    graph: str
    anchor: str


@dataclass(frozen=True)
class Finding:
    """What one thing has against a shape, with the results that say so, each of one graph."""

    focus: NamedNode | Literal
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Part:
    """What a shape demands of the values of one path."""

    path: str
    term: NamedNode | None  # where the path is one property
    severity: str  # empty where it is that of the shape
    messages: Mapping[str, str]
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True)
class Shape:
    """A shape: which things it is for, what it demands of them, how many it was held against, and what was found."""

    iri: NamedNode
    name: str
    severity: str
    messages: Mapping[str, str]  # of the shape, else those of the first thing that it demands
    targets: tuple[tuple[str, NamedNode], ...]
    constraints: tuple[Constraint, ...]
    parts: tuple[Part, ...]
    checked: int
    findings: tuple[Finding, ...]
    turtle: str

    @property
    def results(self) -> int:
        """How many results: the same thing in two graphs counts twice, as in the report."""
        return sum(len(finding.results) for finding in self.findings)


@dataclass(frozen=True)
class Section:
    """Shapes that belong together."""

    anchor: str
    label: Label
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class CheckedGraph:
    """A graph that was validated."""

    name: str
    by_severity: Mapping[str, int]

    @property
    def conforms(self) -> bool:
        """As SHACL has it: a warning is enough for it not to."""
        return not self.by_severity


@dataclass(frozen=True)
class Checks:
    """The shapes and the report of a release."""

    sections: tuple[Section, ...]
    graphs: tuple[CheckedGraph, ...]
    quads: tuple[Quad, ...] = field(repr=False)  # of the shapes; blank nodes are named by what is stated of them
    report: tuple[Quad, ...] = field(repr=False)
    file: str = field(repr=False)

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """All shapes by their names."""
        return tuple(sorted((s for section in self.sections for s in section.shapes), key=lambda s: s.name))

    @property
    def by_severity(self) -> dict[str, int]:
        """How many results there are of each severity, the worst first."""
        return {name: sum(graph.by_severity.get(name, 0) for graph in self.graphs) for name in SEVERITIES}

    def find(self, name: str) -> Shape | None:
        return next((shape for shape in self.shapes if shape.name == name), None)

    def write_turtle(self, base: str, shape: Shape | None = None) -> bytes:
        """The file as it stands, or the part about a shape, with the base that the relative IRIs in it are under."""
        if shape is None:
            return f"@base <{base}> .\n{self.file}".encode()
        prefixes = [m[0] for m in _PREFIX.finditer(self.file) if re.search(rf"(?<![\w-]){m[1]}:", shape.turtle)]
        return "\n".join([f"@base <{base}> .", *prefixes, "", shape.turtle, ""]).encode()

    def list_quads(self, shape: Shape | None = None) -> list[Quad]:
        """What the shapes' file states, or of it what it states of a shape and of the blank nodes within."""
        return list(self.quads) if shape is None else describe_node(self.quads, shape.iri)

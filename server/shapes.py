"""The shapes and the report of the validation against them: documents in every form, with a page for each shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode, Quad
from werkzeug.exceptions import NotFound

from lod.formats import TURTLE
from server.dataset import Dataset
from server.links import Link, complete_document, list_links
from server.pages.checks import Checks, Shape
from server.pages.shape_pages import render_report, render_shape, render_shapes
from server.pages.shape_reader import REPORT, read_checks
from server.pages.shapes_graph import SH
from server.representations import REPRESENTATIONS, choose_representation, is_negotiated, split_suffix
from server.writing import write_statements

_SHAPES = "ontology/shapes"


def make_shape_routes(dataset: Dataset) -> Blueprint:
    """The routes of the shapes and of the report, which data that are not ours do not have."""
    routes = Blueprint("shapes", __name__)
    prefixes = {**dataset.prefixes, "sh": SH, "shape": f"{dataset.iris.make(_SHAPES).value}#"}

    @routes.get("/ontology/shapes", defaults={"suffix": None})
    @routes.get("/ontology/shapes.<suffix>")
    def show_shapes(suffix: str | None) -> Response:
        checks = _get_checks(dataset)
        return _show_shapes(suffix, _SHAPES, None, lambda links: render_shapes(dataset, checks, links))

    @routes.get("/ontology/shapes/<name>")
    def show_shape(name: str) -> Response:
        checks = _get_checks(dataset)
        stem, suffix = (name, None) if checks.find(name) else split_suffix(name)
        shape = checks.find(stem)
        if shape is None:
            raise NotFound(f"There is no shape {stem}: /ontology/shapes lists all.")
        return _show_shapes(suffix, f"{_SHAPES}/{stem}", shape, lambda links: render_shape(dataset, checks, shape, links))

    @routes.get("/quality/report", defaults={"suffix": None})
    @routes.get("/quality/report.<suffix>")
    def show_report(suffix: str | None) -> Response:
        checks = _get_checks(dataset)
        path = dataset.iris.strip_base(dataset.iris.report.value) or ""
        turtle = dataset.release.read_bytes(REPORT)
        return _show(
            suffix, path, dataset.iris.report, checks.report, lambda links: render_report(dataset, checks, links), turtle
        )

    def _show_shapes(suffix: str | None, path: str, shape: Shape | None, render: Callable[[list[Link]], str]) -> Response:
        checks = _get_checks(dataset)
        topic = shape.iri if shape else dataset.iris.make(_SHAPES)
        turtle = checks.write_turtle(dataset.iris.ontology.value, shape)
        return _show(suffix, path, topic, checks.list_quads(shape), render, turtle)

    def _show(
        suffix: str | None,
        path: str,
        topic: NamedNode,
        quads: Iterable[Quad],
        render: Callable[[list[Link]], str],
        turtle: bytes,
    ) -> Response:
        """The statements, which are in no graph, as the document at a path; Turtle is as the release has it."""
        chosen = choose_representation(request, suffix)
        links = list_links(dataset, path, REPRESENTATIONS, topic)
        if chosen.graph_format is None:
            body = render(links).encode()
        elif chosen.graph_format == TURTLE:
            body = turtle
        else:
            statements = (q.triple for q in quads) if chosen.graph_format.is_triples else quads
            body = write_statements(statements, chosen, prefixes, dataset.context)
        response = Response(body, content_type=chosen.content_type)
        complete_document(response, dataset, path, chosen, links, negotiated=is_negotiated(request, suffix))
        return response

    return routes


def _get_checks(dataset: Dataset) -> Checks:
    checks = None if dataset.release.is_foreign else dataset.keep(read_checks)
    if checks is None:
        raise NotFound(
            "These data have neither ontology/shapes.ttl nor a report of validation: they are no release of this site."
        )
    return checks

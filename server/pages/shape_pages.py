"""The pages of the shapes and of the report of what they found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import render_template
from pyoxigraph import NamedNode

from server.dataset import Dataset
from server.languages import gettext as _
from server.links import Link
from server.pages.checks import Checks, Shape
from server.pages.constraints import name_constraints, name_kinds, name_target_kinds
from server.pages.labels import Label, label_term, label_thing
from server.pages.shape_reader import REPORT


def render_shapes(dataset: Dataset, checks: Checks, links: Sequence[Link]) -> str:
    """All shapes by section: whom each is for, what it demands in both languages, and what came of it."""
    return _render("shapes.html", dataset, checks, links)


def render_shape(dataset: Dataset, checks: Checks, shape: Shape, links: Sequence[Link]) -> str:
    """One shape: all its demands in words, its results with links to the things, and its text."""
    words = {"constraints": name_constraints(), "kinds": name_kinds()}
    return _render("shape.html", dataset, checks, links, shape=shape, words=words)


def render_report(dataset: Dataset, checks: Checks, links: Sequence[Link]) -> str:
    """What was checked and what was found, by shape and by graph."""
    return _render("quality_report.html", dataset, checks, links, name=REPORT)


def _render(template: str, dataset: Dataset, checks: Checks, links: Sequence[Link], **shown: Any) -> str:
    return render_template(
        template,
        checks=checks,
        links=links,
        severities={"Violation": _("violation"), "Warning": _("warning"), "Info": _("information")},
        target_kinds=name_target_kinds(),
        label=partial(_label, dataset),
        label_term=partial(label_term, dataset),
        owners=lambda body: dataset.things(body, "schema:parentOrganization")[:1],  # the name of a department alone many have
        **shown,
    )


def _label(dataset: Dataset, term: Any) -> Label:
    return label_thing(dataset, term) if isinstance(term, NamedNode) else Label(str(term))

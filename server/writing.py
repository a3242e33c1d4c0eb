"""Statements as the bytes of a document, or why a form cannot say them."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from pyoxigraph import Quad, Triple
from werkzeug.exceptions import NotAcceptable

from lod.formats import DATASET_FORMATS, N_TRIPLES, RDF_XML, TURTLE
from server.dataset import Dataset
from server.representations import Representation


def write_statements(dataset: Dataset, statements: Iterable[Triple | Quad], representation: Representation) -> bytes:
    """The statements in one form; 406 for what it cannot say: triples about triples, characters that XML does not allow."""
    form = representation.graph_format
    assert form is not None  # pages and tables are no statements
    stated = list(statements)
    if form not in (TURTLE, N_TRIPLES, *DATASET_FORMATS) and any(isinstance(s.object, Triple) for s in stated):
        raise NotAcceptable(f"This document has triples about triples, which {form.label} cannot say: ask for Turtle.")
    try:
        body = form.write(stated, dataset.prefixes, dataset.context)
        if form == RDF_XML:
            ElementTree.fromstring(body)  # noqa: S314 — our own output
    except (ElementTree.ParseError, ValueError) as error:
        raise NotAcceptable(f"This document cannot be said in {form.label} ({error}): ask for Turtle.") from None
    return body

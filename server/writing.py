"""Statements as the bytes of a document or of a result, or why a form cannot say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.parsers import expat

from pyoxigraph import Quad, Triple
from werkzeug.exceptions import NotAcceptable

from lod.formats import DATASET_FORMATS, N_TRIPLES, RDF_XML, TURTLE
from server.representations import Representation


def write_statements(
    statements: Iterable[Triple | Quad],
    representation: Representation,
    prefixes: Mapping[str, str],
    context: Mapping[str, object],
) -> bytes:
    """The statements in one form; 406 for what it cannot say: triples about triples, characters that XML does not allow."""
    form = representation.graph_format
    assert form is not None  # pages and tables are no statements
    stated = list(statements)
    if form not in (TURTLE, N_TRIPLES, *DATASET_FORMATS) and any(isinstance(s.object, Triple) for s in stated):
        raise NotAcceptable(f"{form.label} cannot say triples about triples, which are here: ask for Turtle or N-Triples.")
    try:
        body = form.write(stated, prefixes, context)
        if form == RDF_XML:
            expat.ParserCreate("utf-8", " ").Parse(body, True)
    except (expat.ExpatError, ValueError) as error:
        raise NotAcceptable(f"This cannot be said in {form.label} ({error}): ask for Turtle or N-Triples.") from None
    return body

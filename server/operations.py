"""What a request asks of the endpoint (SPARQL 1.1 Protocol, section 2.1), and in which formats: no Flask, no engine."""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from pyoxigraph import NamedNode
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    HTTPException,
    RequestEntityTooLarge,
    RequestURITooLarge,
    UnsupportedMediaType,
)
from werkzeug.http import parse_options_header

from server.configuration import QueryLimits
from server.exchange import HttpRequest
from server.query_guard import UPDATES_REFUSED
from server.representations import HTML, Representation, choose_offer
from server.results import GRAPH_OFFERS, ROW_OFFERS

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
METHODS = ("GET", "HEAD", "POST", "QUERY")
ACCEPT_QUERY = f"{QUERY}, {FORM}"  # RFC 10008, section 3: what the method QUERY takes here
_MOST_PARAMETERS = 1000
_FORMAT = 256  # characters of a format, more than any name of one has: what was chosen for them is remembered
_NO_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_BLANK = " \t\r\n"  # what SPARQL takes for blank (WS)


@dataclass(frozen=True, slots=True)
class Operation:
    """A query, the graphs that the request names (none: those of the query), and what decides on the format."""

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    wanted: str = ""  # the parameter `format`
    accept: str = ""
    root: str = ""  # the path prefix of the request


Key = tuple[str, tuple[str, ...], tuple[str, ...], str, str]


def read_operation(request: HttpRequest, limits: QueryLimits) -> Operation | None:
    """The query operation of a request, None where it has no query and none is due: the description is asked for.

    A query comes in the address, in a form, or as the body (sections 2.1.1 to 2.1.3), by POST or by the method QUERY (RFC
    10008). With a body, the address may name graphs and format too; a form is read together with the address. Raises
    HTTPException with the status that tells what is wrong.
    """
    parameters = read_parameters(request.query)
    texts = parameters.get("query", [])
    in_address = request.method in ("GET", "HEAD")
    if not in_address:
        named, options = parse_options_header(request.headers.get("content-type", ""))
        kind = named.lower()
        if kind == UPDATE:
            raise Forbidden(UPDATES_REFUSED)
        if kind not in (FORM, QUERY) or options.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            raise UnsupportedMediaType(f"A query comes as {QUERY} or {FORM}, in UTF-8.")
        if kind == FORM:
            for name, values in read_parameters(request.body.decode("latin-1")).items():
                parameters[name] = [*parameters.get(name, ()), *values]
            texts = parameters.get("query", [])
        else:
            texts = [*texts, _decode(request.body)]
    if "update" in parameters:
        raise Forbidden(UPDATES_REFUSED)
    if len(texts) > 1:
        raise BadRequest("There are several queries in one request: send one.")
    if not texts and in_address:
        return None
    text = texts[0] if texts else ""
    if not text.strip(_BLANK):
        raise BadRequest("There is no query: send it as the parameter “query”, or in the body as application/sparql-query.")
    if len(text) * 4 > limits.size and len(text.encode()) > limits.size:
        too_large = RequestURITooLarge if in_address else RequestEntityTooLarge
        raise too_large(f"The query is longer than {limits.size:,} bytes: shorten it.")
    formats = parameters.get("format")
    return Operation(
        text,
        _read_graphs(parameters.get("default-graph-uri", ())),
        _read_graphs(parameters.get("named-graph-uri", ())),
        formats[-1][:_FORMAT] if formats else "",
        request.headers.get("accept", ""),
        request.root,
    )


def normalize_operation(operation: Operation) -> Key:
    """What makes two operations have the same response: all but content codings.

    Blank space around the text is dropped; that within may stand in strings. An operation whose formats are not offered has
    none named: its response is an error, whose form depends on the Accept header, and is not to be kept.
    """
    rows, graph = _name_formats(operation.wanted, operation.accept)
    return operation.text.strip(_BLANK), operation.default_graphs, operation.named_graphs, rows, graph


def prefers_page(operation: Operation) -> bool:
    """Whether the result goes to a browser, be it rows or a graph."""
    return _name_formats(operation.wanted, operation.accept) == (HTML.media_type, HTML.media_type)


@lru_cache(maxsize=256)
def _name_formats(wanted: str, accept: str) -> tuple[str, str]:
    """The media types of rows and of a graph: a format may have several, which are several responses."""
    names = []
    for choose in (choose_for_rows, choose_for_graph):
        try:
            names.append(choose(wanted, accept).media_type)
        except HTTPException:
            names.append("")
    return names[0], names[1]


@lru_cache(maxsize=256)
def choose_for_rows(wanted: str, accept: str) -> Representation:
    """The format of rows, or of yes or no; raises BadRequest or NotAcceptable."""
    return choose_offer(wanted, accept, ROW_OFFERS)


@lru_cache(maxsize=256)
def choose_for_graph(wanted: str, accept: str) -> Representation:
    """The format of a graph; raises BadRequest or NotAcceptable."""
    return choose_offer(wanted, accept, GRAPH_OFFERS)


def read_parameters(encoded: str) -> dict[str, list[str]]:
    """The parameters of a query string or a form (SPARQL 1.1 Protocol, section 2.1.1); raises BadRequest."""
    if not encoded:
        return {}
    fields = encoded.split("&")
    if len(fields) > _MOST_PARAMETERS:
        raise BadRequest(f"There are more than {_MOST_PARAMETERS:,} parameters: use VALUES in the query for long lists.")
    found: dict[str, list[str]] = {}
    for field in fields:
        name, _, value = field.partition("=")
        if name or value:
            found.setdefault(_unquote(name), []).append(_unquote(value))
    return found


def _unquote(part: str) -> str:
    """Percent-encoded UTF-8, or UTF-8 as it is, in which + is a blank."""
    try:
        if "%" in part or not part.isascii():
            return _unquote_bytes(part.replace("+", " ").encode("latin-1")).decode()
    except UnicodeError:
        raise BadRequest("The parameters are not percent-encoded UTF-8.") from None
    return part.replace("+", " ")


def _unquote_bytes(data: bytes) -> bytes:
    """As unquote_to_bytes does, but in C: quoted-printable differs from percent-encoding in its sign, and at ends of lines."""
    if b"\n" in data or b"\r" in data or _NO_ESCAPE.search(data):
        return unquote_to_bytes(data)
    return a2b_qp(data.replace(b"=", b"=3D").replace(b"%", b"="))


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BadRequest("The query is not UTF-8.") from None


def _read_graphs(iris: Sequence[str]) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(NamedNode(iri).value for iri in iris)) if iris else ()
    except ValueError as error:
        raise BadRequest(f"The name of a graph must be an absolute IRI: {error}") from None

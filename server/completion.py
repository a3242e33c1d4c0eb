"""The headers that every response carries, and the coding of its body.

How long a response may be kept without asking again (RFC 9111):

- what a release says: five minutes, after which the entity tag spares the transfer; so long may a client mix two releases
- a file of the site whose address has its hash: a year, as another file has another address
- 404 and 410: half a minute, as the next release may know what this one does not
- other errors and what a POST request gets: not at all
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from email.utils import formatdate

from lod.codings import LEAST
from lod.release import MANIFEST, Release
from server.compression import choose_coding, encode, is_compressible
from server.exchange import HttpResponse

# Nothing from another host, and nothing that stands in the page itself: foreign markup in it could still do nothing.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_EXPOSED = (  # beyond those that scripts may always read
    "Accept-Ranges, Allow, Content-Encoding, Content-Location, Content-Range, ETag, Link, Location, "
    "Madoguchi-Hint, Madoguchi-Release, Madoguchi-Row-Limit, Retry-After, Vary"
)
_HEADERS = (  # everything here is public and read only, so any site's script and page may use it
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", _EXPOSED),
)
_PREFLIGHT = (  # the names for browsers that do not know `*`
    (
        "Access-Control-Allow-Headers",
        "Accept, Accept-Language, Cache-Control, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Range, "
        "If-Unmodified-Since, Range, X-Requested-With, *",
    ),
    ("Access-Control-Max-Age", "86400"),
)
_FRESH = "public, max-age=300"
_UNKNOWN = "public, max-age=30"
_SAFE = ("GET", "HEAD", "QUERY")


@dataclass(frozen=True)
class Marks:
    """What a release leaves on the responses made from it."""

    release: str
    modified: str  # HTTP-date
    languages: str  # of its texts, as Content-Language says them


def read_marks(release: Release) -> Marks:
    """The marks of a release; it was made when its manifest was written."""
    modified = formatdate((release.path / MANIFEST).stat().st_mtime, usegmt=True)
    return Marks(release.id, modified, ", ".join(release.manifest.get("languages", ())))


def complete_response(response: HttpResponse, method: str, accept_encoding: str | None, marks: Marks) -> HttpResponse:
    """The whole response with all its headers, and with its body coded where the client takes that.

    A header that is there already stays, but for the entity tag of a body that is coded here. A POST
    request's 200 gets no validators: they would be those of what GET finds at the same address (RFC 9110 section 8.8).
    """
    status, body = response.status, response.body
    if method == "OPTIONS" and status == 200:
        return _answer_options(response, marks)
    if method == "POST" and status == 200:
        response = unmark_response(response)
    own = {name.lower(): value for name, value in response.headers}
    added: list[tuple[str, str]] = []
    media_type = own.get("content-type", "")
    if body and "content-encoding" not in own and is_compressible(media_type):
        own["vary"] = f"{own['vary']}, Accept-Encoding" if "vary" in own else "Accept-Encoding"
        added.append(("Vary", own["vary"]))
        coding = choose_coding(accept_encoding) if len(body) >= LEAST else None
        if coding is not None:
            body = encode(body, coding)
            added.append(("Content-Encoding", coding))
            own.pop("etag", None)  # that of the body as it was
    if response.file is None and status != 204:
        added.append(("Content-Length", str(len(body))))
    if status == 200 and method in _SAFE and own.get("cache-control") != "no-store":  # which differs each time
        if "etag" not in own:
            added.append(("ETag", f'"{hashlib.sha256(body).hexdigest()[:32]}"'))
        if "last-modified" not in own:
            added.append(("Last-Modified", marks.modified))
        if method != "QUERY":
            added.append(("Accept-Ranges", "bytes"))
    if "cache-control" not in own:
        added.append(("Cache-Control", _choose_freshness(status, method)))
    replaced = {name.lower() for name, _ in added}
    kept = [header for header in response.headers if header[0].lower() not in replaced]
    added += (header for header in _HEADERS if header[0].lower() not in own)
    added.append(("Madoguchi-Release", marks.release))
    return HttpResponse(status, kept + added, body, response.file, response.start, response.end)


def unmark_response(response: HttpResponse) -> HttpResponse:
    """As a POST request gets it: the validators would be those of what GET finds at the address (RFC 9110 section 8.8)."""
    marks = ("etag", "last-modified", "accept-ranges", "cache-control")
    headers = [header for header in response.headers if header[0].lower() not in marks]
    return replace(response, headers=[*headers, ("Cache-Control", "no-store")])


def _answer_options(response: HttpResponse, marks: Marks) -> HttpResponse:
    """What an address takes (RFC 9110 section 9.3.7), also as browsers ask for it before a script's request."""
    allowed = next((value for name, value in response.headers if name.lower() == "allow"), "")
    methods = ", ".join(sorted(allowed.split(", ")))
    accepted = [header for header in response.headers if header[0].lower() == "accept-query"]  # RFC 10008, section 3
    own = [("Allow", methods), *accepted, ("Access-Control-Allow-Methods", methods), *_PREFLIGHT]
    return HttpResponse(204, [*own, *_HEADERS, ("Madoguchi-Release", marks.release)])


def _choose_freshness(status: int, method: str) -> str:
    if status in (404, 410):
        return _UNKNOWN
    return _FRESH if status < 400 and method in _SAFE else "no-store"

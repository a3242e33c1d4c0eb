"""Where on this host a thing is found: from the path of a request to IRIs, and from an IRI to a path."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from pyoxigraph import NamedNode

from lod.iris import Iris

_IN_IRIS = "/:@!$&'()*+,;=~._-"  # what stands in a path as it is (RFC 3986 section 3.3)
_IN_ADDRESSES = f"{_IN_IRIS}?#%"
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")


def list_candidates(iris: Iris, path: str, sent: str = "") -> list[NamedNode]:
    """The IRIs that a request path may mean: as it was sent, decoded, and percent-encoded in upper and in lower case.

    The first is what RFC 3986 section 6.2.1 compares; the others are equivalent by section 6.2.2, but for the encoded signs
    that delimit, of which the encoded form decides first. The host of the request does not matter: things are found by
    their path, whatever the base IRI says.
    """
    encoded = quote(path, safe=_IN_IRIS)
    forms = (sent, _ENCODED.sub(lambda m: m[0].upper(), sent), path, encoded, _ENCODED.sub(lambda m: m[0].lower(), encoded))
    candidates = []
    for form in dict.fromkeys(forms):
        if not form or "#" in form:
            continue
        try:
            candidates.append(iris.make(form))
        except ValueError:  # not an IRI: a blank, a bracket
            continue
    return candidates


def list_spellings(path: str) -> list[str]:
    """Other paths that a client that asks for this one may have meant; what is found there, it is redirected to.

    Without double slashes, without or with a slash at the end, and in the normal forms of Unicode: NFC as RFC 3987 section
    3.1 has it, and NFD, which some file systems and keyboards produce.
    """
    merged = re.sub("/{2,}", "/", path).strip("/")
    plain = [form for p in (merged, f"{merged}/") for form in (p, *(unicodedata.normalize(n, p) for n in ("NFC", "NFD")))]
    return [form for form in dict.fromkeys(plain) if form not in (path, "/")]


def make_path(iris: Iris, iri: str) -> str | None:
    """The path, in ASCII and without a leading slash, at which an IRI of ours is served; None for another's.

    A thing is linked to by its document, which spares the redirection.
    """
    path = iris.strip_base(iri)
    if path is None:
        return None
    if path.startswith("/"):  # with two slashes at its beginning an address would name a host
        return make_describe_path(iri)
    if path.startswith("id/"):
        if "?" in path.partition("#")[0]:  # no part of the path of a document
            return make_describe_path(iri)
        path = f"doc/{path.removeprefix('id/')}"
    return quote(path, safe=_IN_ADDRESSES)


def make_link_path(iris: Iris, iri: str) -> str:
    """The path, in ASCII, of anything that the data describe: where it is ours its own, else the general one."""
    return make_path(iris, iri) or make_describe_path(iri)


def make_describe_path(iri: str) -> str:
    """The path at which any IRI that the data describe has a document."""
    return f"describe?iri={quote(iri, safe='/:')}"


def make_document_path(iris: Iris, topic: NamedNode) -> str:
    """The path of the document about a thing: `doc/…` for one named `id/…`, else the general one."""
    path = make_path(iris, topic.value) or ""
    is_own = path.startswith("doc/") and (iris.strip_base(topic.value) or "").startswith("id/")
    return path.partition("#")[0] if is_own else make_describe_path(topic.value)


def make_redirection(root: str, path: str) -> str:
    """The address of a decoded path, in ASCII, under the path at which the site is mounted."""
    return f"{root}/{quote(path.lstrip('/'), safe=_IN_IRIS)}"

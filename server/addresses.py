"""Where on this host a thing of ours is found: from the path of a request to IRIs, and from an IRI to a path."""

from __future__ import annotations

from urllib.parse import quote

from pyoxigraph import NamedNode

from lod.iris import Iris

_IN_IRIS = "/:@!$&'()*+,;=~._-"  # what stands in a path as it is (RFC 3986 section 3.3)
_IN_ADDRESSES = f"{_IN_IRIS}?#%"


def list_candidates(iris: Iris, path: str) -> list[NamedNode]:
    """The IRIs that a decoded request path may mean: with its characters as they are, and percent-encoded.

    The host of the request does not matter: things are found by their path, whatever the base IRI says.
    """
    candidates = []
    for form in (path, quote(path, safe=_IN_IRIS)):
        if "#" in form or "?" in form:
            continue
        try:
            candidate = iris.make(form)
        except ValueError:  # not an IRI: a blank, a bracket
            continue
        if candidate not in candidates:
            candidates.append(candidate)
    return candidates


def make_path(iris: Iris, iri: str) -> str | None:
    """The path, in ASCII and without a leading slash, at which an IRI of ours is served; None for another's.

    A thing is linked to by its document, which spares the redirection.
    """
    path = iris.strip_base(iri)
    if path is None:
        return None
    if path.startswith("id/"):
        path = f"doc/{path.removeprefix('id/')}"
    return quote(path, safe=_IN_ADDRESSES)

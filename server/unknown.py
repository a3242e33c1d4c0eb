"""What becomes of an address under which no route has anything: another spelling, another kind of IRI, gone, or unknown."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, unquote, urlencode

from flask import Blueprint, Request, Response, current_app, redirect, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import Gone, HTTPException, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as BaseResponse

from server.addresses import list_candidates, list_spellings, make_document_path, make_link_path, make_redirection
from server.dataset import Dataset
from server.description import is_described
from server.errors import respond_to_error
from server.gone import Archive, Departure
from server.links import Link, list_types, write_links
from server.pages.labels import Label, label_thing
from server.representations import split_suffix


class Departed(Gone):
    """410 with what replaced the thing, or what it belonged to."""

    template = "gone.html"

    def __init__(self, departure: Departure, links: Sequence[Link], labels: Sequence[Label]) -> None:
        self.departure, self.links, self.labels = departure, links, labels
        successors = [s.value for s in departure.successors]
        whole = departure.whole.value if departure.whole else None
        self.members: dict[str, object] = {"replacedBy": successors} if successors else {}
        self.members |= {"belongedTo": whole} if whole else {}
        self.members |= {"perhaps": [likely.value for likely in departure.likely]} if departure.likely else {}
        self.members |= {"lastRelease": departure.release} if departure.release else {}
        self.members |= {"keptAt": f"{request.script_root}/{departure.kept}"} if departure.kept else {}
        when = f"was in release {departure.release} and is in this one no longer" if departure.release else "is here no longer"
        told = f" It was replaced by {' and '.join(successors)}." if successors else ""
        told += f" It belonged to {whole}, which is still here." if whole else ""
        guesses = " or ".join(likely.value for likely in departure.likely)
        told += f" Perhaps {guesses} stands in its place: that is a guess." if guesses else ""
        told += f" The file of that release is kept at {request.script_root}/{departure.kept}." if departure.kept else ""
        super().__init__(f"{departure.path} {when}.{told}")


def register_unknown(routes: Blueprint, dataset: Dataset, archive: Archive) -> None:
    """All addresses with nothing under them, of whichever route, come here."""

    def answer_unknown(error: NotFound) -> BaseResponse:
        if request.method not in ("GET", "HEAD"):
            return respond_to_error(error)
        path, sent = request.path.removeprefix("/"), read_sent_path(request)
        if topic := _find_elsewhere(dataset, path, sent):
            return redirect_to(dataset, topic)
        for spelling in list_spellings(path):
            if _is_served(dataset, spelling):
                query = quote(request.query_string, safe="%/?:@!$&'()*+,;=~._-")
                target = make_redirection(request.script_root, spelling)
                return redirect(f"{target}?{query}" if query else target, 308, Response)
        departure = _find_departure(dataset, archive, path, sent)
        return answer_departed(make_departed(dataset, departure)) if departure else respond_to_error(error)

    routes.app_errorhandler(NotFound)(answer_unknown)
    routes.app_errorhandler(Departed)(answer_departed)


def answer_departed(error: Departed) -> BaseResponse:
    """As every error, whose JSON has its members, and in its page and its links with what there is instead."""
    response = respond_to_error(error)
    if error.links:
        response.headers["Link"] = write_links(error.links)
    return response


def make_departed(dataset: Dataset, departure: Departure) -> Departed:
    """The answer for what is gone, with links to its successors (RFC 5829, section 3.3), up to its whole, and to guesses."""
    kinds = [("successor-version", s) for s in departure.successors] + [("up", w) for w in [departure.whole] if w]
    kinds += [("related", likely) for likely in departure.likely]
    links = [Link(rel, f"{request.script_root}/{make_link_path(dataset.iris, iri.value)}") for rel, iri in kinds]
    labels = [label_thing(dataset, iri) for _, iri in kinds]
    if departure.kept:
        links.append(Link("alternate", f"{request.script_root}/{departure.kept}"))
        labels.append(Label(departure.kept))
    return Departed(departure, links, labels)


def redirect_to(dataset: Dataset, topic: NamedNode, status: int = 303) -> BaseResponse:
    """To the document about a thing, in the format that the address asks for."""
    path = make_document_path(dataset.iris, topic)
    if wanted := request.args.get("format"):
        path += ("&" if "?" in path else "?") + urlencode({"format": wanted})
    response = redirect(f"{request.script_root}/{path}", status, Response)
    response.headers["Link"] = write_links([Link("describedby", f"{request.script_root}/{path}"), *list_types(dataset, topic)])
    return response


def read_sent_path(asked: Request) -> str:
    """The path as it was sent, percent-encoded, without a slash before it; empty where the server does not tell it."""
    sent = str(asked.environ.get("REQUEST_URI", "")).partition("?")[0]
    decoded = unquote(sent, errors="replace")
    if decoded == asked.script_root + asked.path:
        return sent[len(quote(asked.script_root)) :].removeprefix("/")
    return sent.removeprefix("/") if decoded == asked.path else ""


def _find_elsewhere(dataset: Dataset, path: str, sent: str) -> NamedNode | None:
    """What the data describe under this very address, though no route of ours has it; its IRI may have a query."""
    query = request.query_string.decode(errors="replace")
    candidates = list_candidates(dataset.iris, f"{path}?{query}", f"{sent}?{query}") if query else []
    candidates += list_candidates(dataset.iris, path, sent)
    return next((c for c in candidates if is_described(dataset, c)), None)


def _is_served(dataset: Dataset, path: str) -> bool:
    """Whether there is something under a path."""
    if path.startswith("doc/"):
        paths = [f"id/{p}" for p in (path[4:], split_suffix(path[4:])[0])]
    elif path.startswith("graph/"):
        candidates = [c for p in (path, split_suffix(path)[0]) for c in list_candidates(dataset.iris, p)]
        return any(dataset.store.contains_named_graph(c) for c in candidates)
    else:
        paths = [path]
    if any(is_described(dataset, c) for p in paths for c in list_candidates(dataset.iris, p)):
        return True
    try:
        _, arguments = current_app.url_map.bind("localhost").match(f"/{path}")
    except (HTTPException, RequestRedirect):
        return False
    return not any(arguments.values())  # a page of its own


def _find_departure(dataset: Dataset, archive: Archive, path: str, sent: str) -> Departure | None:
    """What was there in an older release: the thing itself, or that of which this is a document."""
    if path == "describe":
        path, sent = dataset.iris.strip_base(request.args.get("iri", "")) or "", ""
    forms = [(path, sent)]
    if path.startswith("doc/"):
        forms = [(f"id/{p[4:]}", f"id/{s[4:]}") for p, s in forms]
    if path.startswith("source/"):  # the page of a document, or of one of its lines
        forms.append((f"source/{path.split('/')[1]}.txt", ""))
    stem, suffix = split_suffix(forms[0][0])
    if suffix:
        forms.append((stem, forms[0][1].removesuffix(f".{suffix}")))
    return next((d for p, s in forms if (d := archive.find(p, s))), None)

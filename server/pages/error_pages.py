"""The pages about errors: what was asked, what is near, and how to go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from urllib.parse import urlencode

from flask import Flask, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from server.addresses import make_redirection
from server.dataset import Dataset
from server.pages.error_words import choose_words
from server.pages.nearby import Near, Neighbourhood, list_words
from server.problems import Problem, make_problem
from server.representations import REPRESENTATIONS, TABLE

_SHOWN = 200  # letters of an address
_TOLD = 1_000  # letters of a sentence, which may repeat what was sent
_KEY = "neighbourhood"  # among the extensions of the application
_UNKNOWN = (404, 410)


@dataclass(frozen=True)
class Offer:
    """A format that there is, and the address that asks for it; empty where only a request with a body would."""

    label: str
    media_type: str
    address: str


def register_error_pages(app: Flask, dataset: Dataset) -> None:
    """What the pages tell of is found among the data and among the pages without parameters."""
    pages = [rule.rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ())]
    app.extensions[_KEY] = Neighbourhood(dataset, pages)


def render_error(error: HTTPException, problem: Problem) -> str:
    """The page about an error, which may bring a template of its own that extends the general one."""
    is_reading = request.method in ("GET", "HEAD")
    near = _find_near(request.path) if is_reading and problem.status in _UNKNOWN else []
    detail = problem.detail if problem.detail != make_problem(problem.status).detail else ""
    return render_template(
        getattr(error, "template", "error.html"),
        error=error,
        problem=problem,
        words=choose_words(problem.status),
        detail=_cut(detail, _TOLD),
        method="" if is_reading else _cut(request.method),
        asked=_cut(_write_address()),
        near=near,
        searched=list_words(request.path) if problem.status in _UNKNOWN else "",
        offers=_list_offers(problem.offers) if problem.status == 406 else [],
        methods=sorted(getattr(error, "valid_methods", None) or ()),
        wait=_read_wait(error),
        again=_write_address() if is_reading else "",
    )


def _find_near(path: str) -> list[Near]:
    neighbourhood: Neighbourhood = current_app.extensions[_KEY]
    return neighbourhood.find(path)


def _list_offers(media_types: list[str]) -> list[Offer]:
    labels = {r.media_type: r.label for r in (*REPRESENTATIONS, TABLE)}
    is_reading = request.method in ("GET", "HEAD")
    return [Offer(labels.get(m, m), m, _write_address(m) if is_reading else "") for m in media_types]


def _write_address(media_type: str = "") -> str:
    """The address that was asked for, in ASCII and on this host; with another format where one is given."""
    parameters = [(name, value) for name, value in request.args.items(multi=True) if not media_type or name != "format"]
    parameters += [("format", media_type)] if media_type else []
    return make_redirection(request.script_root, request.path) + (f"?{urlencode(parameters)}" if parameters else "")


def _read_wait(error: HTTPException) -> int:
    """After how many seconds to try again; 0 where nothing is said."""
    wait = getattr(error, "retry_after", None)
    if isinstance(wait, datetime):
        wait = ceil((wait - datetime.now(UTC)).total_seconds())
    return max(0, wait) if isinstance(wait, int) else 0


def _cut(text: str, longest: int = _SHOWN) -> str:
    """So much of it as tells what it was, without what cannot be shown."""
    shown = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text[:longest])
    return f"{shown}…" if len(text) > longest else shown

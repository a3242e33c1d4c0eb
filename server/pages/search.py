"""The search: a page for people, and JSON for programs and for the box that answers while somebody types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby
from urllib.parse import urlencode

from flask import Blueprint, Request, Response, current_app, render_template, request
from werkzeug.exceptions import BadRequest

from server.dataset import Dataset
from server.links import Link
from server.pages.search_catalogue import Catalogue
from server.pages.search_entries import GROUPS
from server.pages.search_hits import show_hit, write_answer
from server.pages.search_text import LONGEST
from server.representations import HTML, PLAIN_JSON, choose_offer, is_negotiated

_ON_PAGE = 20  # hits
_MOST = 100  # that a program may ask for at once


def make_search_routes(dataset: Dataset) -> Blueprint:
    """The route of the search; none for data that are not ours."""
    routes = Blueprint("search", __name__)
    if dataset.release.is_foreign:  # which have no places, and may have something of their own under this path
        return routes

    @routes.get("/search")
    def search() -> Response:
        """What `?q=` finds; `kind`, `page` and `limit` choose a part of it."""
        chosen = choose_offer(request.args.get("format", ""), request.headers.get("Accept"), (HTML, PLAIN_JSON))
        question, kind = read_question(request), _read_kind(request)
        page, limit = _read_number("page", 1, 10_000), _read_number("limit", _ON_PAGE, _MOST)
        catalogue = dataset.keep(Catalogue)
        answer = catalogue.answer_question(question)
        hits = answer.keep_group(kind)
        start = (page - 1) * limit
        if start and start >= len(hits):
            raise BadRequest(f"There is no page {page}: {len(hits)} hits are on {-(-len(hits) // limit) or 1} pages.")
        steps = {"prev": page - 1 if page > 1 else 0, "next": page + 1 if start + limit < len(hits) else 0}
        parameters = {"q": question, "kind": kind, "limit": limit if limit != _ON_PAGE else ""}
        as_json = _make_address({**parameters, "format": "json"})
        if chosen == PLAIN_JSON:
            found = write_answer(dataset, catalogue, answer, hits[start : start + limit], current_app.jinja_env.filters["link"])
            following = _make_address({**parameters, "page": steps["next"], "format": "json"})
            whole = {"question": question, **found, "page": page, "next": following if steps["next"] else None}
            response = Response(json.dumps(whole, ensure_ascii=False), content_type=PLAIN_JSON.content_type)
        else:
            shown = [show_hit(dataset, catalogue, hit) for hit in hits[start : start + limit]]
            guesses = [show_hit(dataset, catalogue, hit) for hit in answer.guesses] if page == 1 else []
            text = render_template(
                "search.html",
                question=question,
                is_cut=len(request.args.get("q", "")) > LONGEST,
                kind=kind,
                answer=answer,
                shown=[(group, list(items)) for group, items in groupby(shown, lambda item: item.entry.group)],
                guesses=guesses,
                most=_MOST,
                steps=steps,
                number=page,
                address=lambda **changes: _make_address({**parameters, **changes}),
                links=[Link("alternate", as_json, PLAIN_JSON.media_type, PLAIN_JSON.label)],
            )
            response = Response(text, content_type=HTML.content_type)
        if is_negotiated(request, None):
            response.vary.add("Accept")
        return response

    return routes


def _make_address(parameters: Mapping[str, object]) -> str:
    """The address of a search; what is empty is left out."""
    return f"{request.script_root}/search?{urlencode({name: value for name, value in parameters.items() if value})}"


def read_question(asked: Request) -> str:
    """What is asked for, as it can be shown: one line without signs that nobody sees, and no longer than anybody asks."""
    text = asked.args.get("q", "")[:LONGEST]
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _read_kind(asked: Request) -> str:
    kind = asked.args.get("kind", "")
    groups = dict.fromkeys(GROUPS.values())
    if kind and kind not in groups:
        raise BadRequest(f"There are no {kind} to search for: `kind` is one of {', '.join(groups)}.")
    return kind


def _read_number(name: str, otherwise: int, most: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= most):
        raise BadRequest(f"`{name}` is a number from 1 to {most}.")
    return int(text)

"""The kept releases over HTTP: the list, each with its files under lasting addresses, what changed, and the feed."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import Gone, NotFound
from werkzeug.wrappers import Response as BaseResponse

from lod.release import Release
from server.dataset import Dataset
from server.feeds import ATOM, write_feed
from server.kept_files import find_kept, list_served_history, send_file
from server.languages import get_language
from server.links import Link, write_links
from server.pages.release_diff_page import OFFERS as DIFF_OFFERS
from server.pages.release_diff_page import answer_diff, read_directory_diff
from server.pages.release_page import OFFERS, describe_one, describe_releases, make_links, render_one, render_releases
from server.representations import HTML, choose_representation, is_negotiated

_SAFE = "/:@!$&'()*+,;=~._-"


def make_release_routes(dataset: Dataset) -> Blueprint:
    """The routes under `/releases/`; data that are not ours have no releases."""
    routes = Blueprint("releases", __name__)

    @routes.before_request
    def refuse_foreign_data() -> None:
        if dataset.release.is_foreign:
            raise NotFound("There are no releases of these data: they were given as files.")

    @routes.get("/releases")
    def redirect_to_list() -> BaseResponse:
        return _redirect("releases/", 308)

    @routes.get("/releases/")
    def list_releases() -> Response:
        history = list_served_history(dataset)
        links = make_links(dataset.iris.base, "releases/")
        chosen = choose_representation(request, None, OFFERS)
        if chosen == HTML:
            return _complete(Response(render_releases(history, links), content_type=HTML.content_type), links)
        return _complete(_write_json(describe_releases(history)), links)

    @routes.get("/releases/feed.atom")
    def show_feed() -> Response:
        history = list_served_history(dataset)
        kept = [release for release in history if not release.is_pruned]
        latest = read_directory_diff(kept[1], kept[0]) if kept[1:] else None
        response = Response(write_feed(dataset, history, latest), content_type=f"{ATOM}; charset=utf-8")
        response.content_language.add(get_language())
        response.vary.update(("Accept-Language", "Cookie"))
        return response

    @routes.get("/releases/latest", strict_slashes=False)
    @routes.get("/releases/latest/<path:path>")
    def redirect_to_latest(path: str = "") -> BaseResponse:
        """To the lasting address of the release that is served; for a while only (RFC 9110, section 15.4.3)."""
        return _redirect(f"releases/{dataset.release.id}/{path}", 302)

    @routes.get("/releases/<release_id>")
    def redirect_to_release(release_id: str) -> BaseResponse:
        return _redirect(f"releases/{find_kept(dataset, release_id).id}/", 308)

    @routes.get("/releases/<release_id>/")
    def show_release(release_id: str) -> Response:
        history, release = list_served_history(dataset), find_kept(dataset, release_id)
        links = make_links(dataset.iris.base, f"releases/{release.id}/")
        chosen = choose_representation(request, None, OFFERS)
        try:
            if chosen == HTML:
                return _complete(Response(render_one(history, release, links), content_type=HTML.content_type), links)
            return _complete(_write_json(describe_one(history, release)), links)
        except OSError:
            raise _vanish(release) from None

    @routes.get("/releases/<before>/diff/<after>")
    def show_diff(before: str, after: str) -> Response:
        after, dot, suffix = after.partition(".")
        chosen = choose_representation(request, suffix if dot else None, DIFF_OFFERS)
        response = answer_diff(dataset, before, after, chosen)
        if not dot:
            response.vary.add("Accept")
        return response

    @routes.get("/releases/<release_id>/<path:name>")
    def show_file(release_id: str, name: str) -> Response:
        return send_file(find_kept(dataset, release_id), name)

    return routes


def _redirect(path: str, status: int) -> BaseResponse:
    """To a path of this site, which names no host whatever the client claims; what was asked beside it is kept."""
    target = f"{request.script_root}/{quote(path, safe=_SAFE)}"
    query = quote(request.query_string, safe="%/?:@!$&'()*+,;=~._-")
    return redirect(f"{target}?{query}" if query else target, status, Response)


def _complete(response: Response, links: list[Link]) -> Response:
    if is_negotiated(request, None):
        response.vary.add("Accept")
    response.headers["Link"] = write_links(links)
    return response


def _write_json(value: dict[str, Any]) -> Response:
    return Response(json.dumps(value, ensure_ascii=False, indent=1) + "\n", content_type="application/json")


def _vanish(release: Release) -> Gone:
    return Gone(f"The files of release {release.id} have been removed: /releases/ lists those that are kept.")

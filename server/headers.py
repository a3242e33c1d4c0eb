"""The hook that completes every response of the application, and answers conditions and ranges where nobody in front does."""

from __future__ import annotations

from flask import Flask, Request, Response, request

from lod.formats import DUMP_FORMATS
from lod.release import Release
from server.completion import complete_response, read_marks
from server.conditional import select_response
from server.exchange import HttpResponse
from server.files import FileResponse, read_span
from server.languages import get_language
from server.problems import HTML

WHOLE = "madoguchi.whole"  # in the environment of a request: preconditions, ranges and HEAD are applied by who asks
_RDF = frozenset(form.media_type for form in DUMP_FORMATS)


def register_headers(app: Flask, release: Release) -> None:
    """Completes every response of the application and, unless the environment has `madoguchi.whole`, selects from it."""
    marks = read_marks(release)

    def finish(response: Response) -> Response:
        method = request.environ["REQUEST_METHOD"]
        if response.mimetype in _RDF and _holds_texts(request) and marks.languages:
            response.headers.setdefault("Content-Language", marks.languages)
        if response.mimetype == HTML and not 300 <= response.status_code < 400:
            response.content_language.add(get_language())
            response.vary.update(("Accept-Language", "Cookie"))
        whole = complete_response(take_response(response), method, request.headers.get("Accept-Encoding"), marks)
        if not request.environ.get(WHOLE):
            whole = select_response(method, {name.lower(): value for name, value in request.headers}, whole)
            whole = whole if whole.file is None else HttpResponse(whole.status, whole.headers, read_span(whole))
        response.status_code = whole.status
        response.headers.clear()
        for name, value in whole.headers:
            response.headers.add(name, value)
        response.response = [whole.body]
        return response

    app.after_request(finish)


def _holds_texts(asked: Request) -> bool:
    """Whether RDF from there has the texts of the release: a query's result may have none, the context has none."""
    return asked.blueprint in ("entities", "documents", "shapes", "files") and asked.endpoint != "documents.show_context"


def take_response(response: Response) -> HttpResponse:
    """The application's response as front and workers exchange it; a file is named, not read."""
    headers = response.headers.to_wsgi_list()
    if isinstance(response, FileResponse):
        return HttpResponse(response.status_code, headers, file=response.path)
    return HttpResponse(response.status_code, headers, response.get_data())

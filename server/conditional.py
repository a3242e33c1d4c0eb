"""Placeholder."""
from server.exchange import HttpResponse
def select_response(method, headers, response):
    if method == "HEAD":
        return HttpResponse(response.status, response.headers, b"")
    return response

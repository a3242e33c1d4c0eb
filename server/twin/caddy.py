"""The twin's configuration for Caddy: the core of what that for nginx does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from server.twin.accept import quote_text
from server.twin.headers import PAGE, Knowledge
from server.twin.rules import MOST

_START = """# Serves this copy of the site on port 8080, from this folder: caddy run
# Beside the configuration for nginx its limits are: weights are not compared (a page for who names text/html, else the first
# format of the list below that Accept names), and of addresses with a query only `format` and `lang` are looked at.
{
    auto_https off
    admin off
}
:8080 {
    root * site
"""


def write_caddy(known: Knowledge) -> str:
    """The Caddyfile."""
    return _START + "".join(_write_maps(known)) + "".join(_write_site(known)) + "}\n"


def _map(source: str, variable: str, lines: list[tuple[str, str]], default: str) -> str:
    body = "".join(f"        {_quote(key)} {_quote(value)}\n" for key, value in lines)
    return f"    map {source} {{{variable}}} {{\n{body}        default {_quote(default)}\n    }}\n"


def _quote(text: str) -> str:
    """A word of a Caddyfile; between backticks everything is as it stands."""
    return f"`{text}`" if "`" not in text else quote_text(text)


def _write_maps(known: Knowledge) -> Iterator[str]:
    prefix = re.escape(known.prefix)
    yield _map("{query.lang}{header.Cookie}{header.Accept-Language}", "language", [(r"~^(?:ja|.*\blanguage=ja\b)", ".ja")], "")
    yield _map(
        "{path}", "stem", [("~^(.*)/$", "${1}/index"), (rf"~^{prefix}/id/(.*)$", f"{known.prefix}/doc/${{1}}")], "{path}"
    )
    classes = [(path, name) for path, name in known.members.exact] + [(f"~{p}", name) for p, name in known.members.patterns]
    yield _map("{stem}", "class", [(k, v or PAGE) for k, v in classes], PAGE)
    for one in known.classes:
        forms = [(f"~{re.escape(m)}", form) for form, m in sorted(one.offers, key=lambda o: (o[0] != "html", -len(o[1])))]
        first = one.offers[0][0]
        yield _map("{header.Accept}", f"accept_{one.name}", [*forms, (r"~\*/\*|^[^/]*$", first)], "none")
    lines = [(one.name, f"{{accept_{one.name}}}" if one.is_negotiated else one.offers[0][0]) for one in known.classes]
    yield _map("{class}", "form", lines, "html")
    names = sorted({form for one in known.classes for form, _ in one.offers})
    yield _map("{query.format}", "wanted", [(name, name) for name in names], "{form}")
    yield _map("{wanted}", "ending", [("html", "{language}.html")], ".{wanted}")
    yield _map(
        "{class}{query.format}",
        "vary",
        [(f"~^{PAGE}", "Accept-Language, Cookie"), ("~^c[0-9]+$", "Accept, Accept-Language, Cookie")],
        "",
    )


def _write_site(known: Knowledge) -> Iterator[str]:
    prefix = known.prefix
    for name, value in known.common["200"].items():
        yield f"    header {name} {_quote(value)}\n"
    yield "    header -Server\n    header ?Vary {vary}\n"
    yield f"    @methods not method GET HEAD\n    error @methods 405\n    @id path {prefix}/id/*\n"
    for address, (status, target) in known.redirects.items():
        yield f"    redir {address} {target} {status}\n" if "?" not in address else ""
    if latest := known.redirects.get(f"{prefix}/releases/latest"):
        yield f"    @latest path_regexp latest ^{prefix}/releases/latest/(.*)$\n"
        yield f"    redir @latest {latest[1]}{{re.latest.1}} {latest[0]}\n"
    yield f"    @thing {{\n        path {prefix}/id/*\n        file {{stem}}.html\n    }}\n    redir @thing {{stem}} 303\n"
    yield '    @none {\n        expression `{wanted} == "none"`\n        file {stem}.html\n        not file {path}\n    }\n'
    yield "    error @none 406\n"
    yield "    try_files {path} {stem}{ending}\n"
    yield from _write_headers(known)
    yield "    file_server {\n        precompressed gzip\n    }\n"
    yield "    handle_errors {\n        header Cache-Control `public, max-age=30`\n        @page header Accept *text/html*\n"
    yield "        handle @page {\n            rewrite * /{err.status_code}{language}.html\n"
    yield "            file_server\n        }\n"
    yield "        handle {\n            rewrite * /{err.status_code}.txt\n            file_server\n        }\n    }\n"


def _write_headers(known: Knowledge) -> Iterator[str]:
    """What differs from file to file, after the file was chosen: `route` keeps the order."""
    first, last = rf"^{re.escape(known.prefix)}/[^/]+/", r"(?:\.[A-Za-z][\w-]*)*$"
    yield "    route {\n"
    body = _map("{path}", "file_path", [(rf"~^(.*?){last}", "${1}")], "")
    body += _map("{path}", "endings", [(r"~^.*?((?:\.[A-Za-z][\w-]*)*)$", "${1}")], "")
    for number in range(MOST):
        body += _map("{file_path}", f"t{number + 1}", [(f"~{first}(.*){'/[^/]*' * number}$", "${1}")], "")
    kinds = [*known.kinds.exact, *((f"~{pattern}", kind) for pattern, kind in known.kinds.patterns)]
    body += _map("{file_path}", "kind", kinds, "none")
    for name in ("Link", "Content-Language"):
        values = [(key, _translate(value)) for key, value in known.headers[name].items()]
        body += _map("{kind}{endings}", name.lower().replace("-", "_"), values, "")
        variable = name.lower().replace("-", "_")
        body += f"    @has-{variable} expression `{{{variable}}} != ''`\n    header @has-{variable} {name} {{{variable}}}\n"
    for ending, kind in _list_types(known.types).items():
        body += f"    @is-{ending} path *.{ending}\n    header @is-{ending} Content-Type {_quote(kind)}\n"
    body += "    @is-bare path_regexp /[^./]+$\n    header @is-bare Content-Type `text/plain; charset=utf-8`\n"
    for number, kind in enumerate(sorted(set(known.odd_types.values()))):
        paths = " ".join(_quote(path) for path, own in known.odd_types.items() if own == kind)
        body += f"    @odd-{number} path {paths}\n    header @odd-{number} Content-Type {_quote(kind)}\n"
    yield body
    yield "    }\n"


def _translate(template: str) -> str:
    return re.sub(r"\$\{m_(t[0-9])\}", r"{\1}", template)


def _list_types(types: Mapping[str, str]) -> Mapping[str, str]:
    return types

"""The twin's configuration for nginx: maps that choose a file and its headers, and the locations that use them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from server.language_choice import LANGUAGES
from server.twin.accept import quote_text, write_choice, write_languages, write_map, write_weights
from server.twin.headers import PAGE, Knowledge
from server.twin.rules import MOST, Rules

_OWN = {"Link": "m_link", "Content-Language": "m_languages", "Content-Disposition": "m_disposition"}
_METHODS = "GET, HEAD, OPTIONS"
_START = """# Serves this copy of the site on port 8080, from this folder:
#     nginx -p . -c nginx.conf
# For a server of your own take the two `include` lines and `root` into its `http` and `server` blocks.
# Limits beside the live service: no queries and no zstd; a parameter of a media range other than its weight, a profile of
# JSON-LD and charset=utf-8 is not looked at; errors are told in general, not for the very address.
worker_processes auto;
pcre_jit on;
pid .nginx.pid;
daemon off;
error_log stderr warn;
events { worker_connections 1024; }
http {
    client_body_temp_path .nginx-body;
    proxy_temp_path .nginx-proxy;
    fastcgi_temp_path .nginx-fastcgi;
    uwsgi_temp_path .nginx-uwsgi;
    scgi_temp_path .nginx-scgi;
    access_log off;
    sendfile on;
    tcp_nopush on;
    include nginx/maps.conf;
    server {
        listen 8080;
        listen [::]:8080;
        root site;
        include nginx/site.conf;
    }
}
"""


def write_nginx(known: Knowledge) -> dict[str, str]:
    """The files of the configuration by name."""
    return {
        "nginx.conf": _START,
        "nginx/maps.conf": "".join(_write_maps(known)),
        "nginx/site.conf": _write_site(known),
        "nginx/answer.conf": _write_answer(known),
        "nginx/types.conf": "".join(f"{quote_text(kind)} {ending};\n" for ending, kind in known.types.items()),
    }


def _write_maps(known: Knowledge) -> Iterator[str]:
    yield "map_hash_max_size 65536;\nmap_hash_bucket_size 512;\nvariables_hash_max_size 4096;\n"
    yield write_languages("m_language", LANGUAGES)
    yield write_map("$m_language", "m_spoken", [(LANGUAGES[0], ""), *((n, f".{n}") for n in LANGUAGES[1:])])
    yield write_map("$m_language", "m_page", [(LANGUAGES[0], ".html"), *((n, f".{n}.html") for n in LANGUAGES[1:])])
    yield from _write_stems(known)
    yield write_map("$m_stem", "m_class", [*_write_rules(known.members), ("default", PAGE)])
    types = sorted({m for c in known.classes for _, m in c.offers} | {"text/n3", "application/x-turtle", "text/plain"})
    yield write_weights(types)
    for one in known.classes:
        if one.is_negotiated:
            yield write_choice(f"m_accept_{one.name}", one.offers, one.otherwise)
    forms = [(c.name, f"$m_accept_{c.name}" if c.is_negotiated else c.offers[0][0]) for c in known.classes]
    yield write_map("$m_class", "m_form", [*forms, ("default", "html")])
    named = [(f"{c.name}:{name}", name) for c in known.classes for name, _ in c.offers]
    yield write_map(
        "$m_class:$arg_format", "m_wanted", [("~^[^:]*:$", "$m_form"), (f"~^{PAGE}:", "html"), *named, ("default", "unknown")]
    )
    yield write_map("$uri$is_args$args", "m_whole", [*known.wholes.items(), ("default", "$m_stem")])
    yield write_map("$m_wanted", "m_file", [("html", "$m_stem$m_page"), ("default", "$m_whole.$m_wanted")])
    yield from _write_headers(known)
    yield from _write_problems(known)


def _write_stems(known: Knowledge) -> Iterator[str]:
    """The file of a page without its ending, for the path and the query of the request."""
    prefix = re.escape(known.prefix)
    yield write_map(
        "$uri",
        "m_plain",
        [
            ("~^(.*)/$", "$1/index"),
            (f"~^{prefix}/id/(.*)$", f"{known.prefix}/doc/$1"),
            (r"~^(.*)(?:\.ja)?\.html$", "$1"),
            ("default", "$uri"),
        ],
    )
    queries = [(address, stem) for address, stem in known.queries.items()]
    free = rf"~^{prefix}/(?:sparql|(?:changes|describe|quality/issues|quality/coverage)\?(?!(?:lang|format)=[^&]*$).)"
    yield write_map("$uri$is_args$args", "m_stem", [*queries, (free, f"{known.prefix}/.live"), ("default", "$m_plain")])


def _write_rules(rules: Rules) -> Iterator[tuple[str, str]]:
    yield from rules.exact
    yield from ((f"~{pattern}", template) for pattern, template in rules.patterns)


def _write_headers(known: Knowledge) -> Iterator[str]:
    first = rf"^{re.escape(known.prefix)}/[^/]+/"
    last = r"(?:\.[A-Za-z][\w-]*)*$"
    yield write_map("$uri", "m_path", [(rf"~^(.*?){last}", "$1")])
    yield write_map("$uri", "m_endings", [(r"~^.*?((?:\.[A-Za-z][\w-]*)*)$", "$1")])
    for number in range(MOST):  # the parts of a path that templates name
        yield write_map("$m_path", f"m_t{number + 1}", [(f"~{first}(.*){'/[^/]*' * number}$", "$1")])
    yield write_map("$m_path", "m_kind", [*_write_rules(known.kinds), ("default", "")])
    for name, variable in _OWN.items():
        yield write_map("$m_kind$m_endings", variable, [*known.headers[name].items(), ("default", "")])
    usual, unknown = known.common["200"]["Cache-Control"], known.common["404"]["Cache-Control"]
    yield write_map("$m_kind$m_endings", "m_kept", [*known.headers["Cache-Control"].items(), ("default", usual)])
    yield write_map("$uri$is_args$args", "m_fresh", [*known.assets.items(), ("default", "$m_kept")])
    yield write_map("$status", "m_cache", [("~^(?:404|410)$", unknown), ("~^[45]", "no-store"), ("default", "$m_fresh")])
    how = [(c.name, "a" if c.is_negotiated else "e") for c in known.classes]
    yield write_map("$m_class", "m_how_class", [*how, ("default", "l")])
    yield write_map("$m_how_class:$arg_format", "m_how_asked", [("~^a:.", "l"), ("~^(.):", "$1")])
    yield write_map("$request_uri", "m_how", [(r"~^[^?]*\.html(?:\?|$)", "e"), ("default", "$m_how_asked")])
    yield write_map(
        "$status$m_how$uri",
        "m_vary",
        [
            (r"~^(?:[45]..|...a).*\.html$", "Accept, Accept-Language, Cookie"),
            ("~^30[1378]", ""),
            ("~^(?:[45]..|...a)", "Accept"),
            (r"~^...l.*\.html$", "Accept-Language, Cookie"),
            *((f"~^...l{_match_spoken(path)}$", "Accept-Language, Cookie") for path in known.spoken),
            ("default", ""),
        ],
    )
    located = "|".join(f"{c.name}:{form}" for c in known.classes for form in c.located) or "nothing"
    lines = [(f"~^(?:20[06]|304):a(?:{located})$", "y"), ("default", "")]
    yield write_map("$status:$m_how$m_class:$m_wanted", "m_is_located", lines)
    yield write_map(
        "$m_is_located$uri",
        "m_location",
        [
            (r"~^y(.*)\.ja\.html$", "$1.html"),
            (r"~^y(.*)\.(expanded|flattened)$", "$1?format=$2"),
            ("~^y(.*)$", "$1"),
            ("default", ""),
        ],
    )
    yield write_map("$status", "m_allow", [("405", _METHODS), ("default", "")])


def _write_problems(known: Knowledge) -> Iterator[str]:
    accept = [("~*^text/html", "$m_page"), ("~*json", ".problem"), ("~*text/html", "$m_page"), ("default", ".txt")]
    yield write_map("$http_accept", "m_problem", accept)
    yield write_map(
        "$m_stem",
        "m_missing",
        [(f"{known.prefix}/.live", f"{known.prefix}/live$m_page"), ("default", f"{known.prefix}/404$m_problem")],
    )
    yield write_map("$request_uri", "m_document", [(f"~^{re.escape(known.prefix)}/id/([^?]*)", f"{known.prefix}/doc/$1")])
    yield write_map("$arg_format", "m_asked", [(r"~^([\w.+-]+)$", "?format=$1"), ("default", "")])
    for status in sorted({status for status, _ in known.redirects.values()}):
        lines = [(a, target) for a, (s, target) in known.redirects.items() if s == status]
        yield write_map("$uri", f"m_to_{status}", [*lines, ("default", "")])


def _write_answer(known: Knowledge) -> str:
    """The headers of every answer, and which file it is."""
    lines = [
        f"add_header {name} {quote_text(value)} always;\n"
        for name, value in known.common["200"].items()
        if name != "Cache-Control"
    ]
    own = {**_OWN, "Cache-Control": "m_cache", "Vary": "m_vary", "Content-Location": "m_location", "Allow": "m_allow"}
    lines += [f"add_header {name} ${variable} always;\n" for name, variable in own.items()]
    return "".join(lines)


def _match_spoken(path: str) -> str:
    stem, _, ending = path.rpartition(".")
    return rf"{re.escape(stem)}(?:\.\w\w)?\.{re.escape(ending)}"


def _write_site(known: Knowledge) -> str:
    prefix = known.prefix
    redirects = "".join(
        f"if ($m_to_{status}) {{ return {status} $m_to_{status}; }}\n"
        for status in sorted({status for status, _ in known.redirects.values()})
    )
    spoken = "".join(
        f"location = {quote_text(path)} {{ try_files {stem}$m_spoken.{ending} =404; }}\n"
        for path in known.spoken
        for stem, _, ending in [path.rpartition(".")]
    )
    latest = known.redirects.get(f"{prefix}/releases/latest")
    if latest:
        spoken += f"location ^~ {prefix}/releases/latest/ {{ rewrite /latest/(.*)$ {latest[1]}$1 redirect; }}\n"
    preflight = "".join(f"    add_header {n} {quote_text(v)};\n" for n, v in known.common["OPTIONS"].items())
    odd = "".join(
        f"location = {quote_text(path)} {{\n    types {{}}\n    default_type {quote_text(kind)};\n"
        "    include nginx/answer.conf;\n    try_files $uri =404;\n}\n"
        for path, kind in known.odd_types.items()
    )
    return f"""types {{ include nginx/types.conf; }}
default_type 'text/plain; charset=utf-8';
charset off;
etag on;
absolute_redirect off;
gzip_static on;
gzip_vary on;
server_tokens off;
include nginx/answer.conf;
error_page 400 {prefix}/400$m_problem;
error_page 404 $m_missing;
error_page 405 {prefix}/405$m_problem;
error_page 406 {prefix}/406$m_problem;
error_page 410 $m_gone_page;
set $m_gone_page {prefix}/404$m_problem;
if ($request_method = OPTIONS) {{ rewrite ^ {prefix}/.options last; }}
if ($request_method !~ ^(?:GET|HEAD|OPTIONS)$) {{ return 405; }}
{redirects}location / {{
    if ($m_wanted = unknown) {{ return 400; }}
    if ($m_wanted = none) {{ rewrite ^ {prefix}/.nothing-acceptable last; }}
    try_files $uri $m_file @absent;
}}
location = {prefix}/.options {{
    internal;
{preflight}    return 204;
}}
location = {prefix}/.nothing-acceptable {{
    internal;
    if (-f $document_root$m_stem.html) {{ return 406; }}
    if (-f $document_root$m_stem.ttl) {{ return 406; }}
    try_files $m_stem @absent;
}}
location ^~ {prefix}/id/ {{
    if (-f $document_root$m_stem.html) {{ return 303 $m_document$m_asked; }}
    try_files {prefix}/.nothing @absent;
}}
location ~ ^{prefix}/(?:(?:[45][0-9][0-9]|live)[.]|gone/) {{
    try_files $uri =404;
}}
location @absent {{
    if (-f $document_root{prefix}/gone$m_stem.html) {{ set $m_gone_page {prefix}/gone$m_stem$m_problem; return 410; }}
    return 404;
}}
# Where the live service runs beside this copy, it may answer the rest:
# location = {prefix}/sparql {{ proxy_pass http://127.0.0.1:8000; }}
{spoken}{odd}"""


def list_assets(files: Mapping[str, str]) -> dict[str, str]:
    """The addresses with their version under which the files of the site may be kept for good."""
    return {f"{path}?v={version}": "public, max-age=31536000, immutable" for path, version in files.items()}

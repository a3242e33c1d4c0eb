"""Style sheet, script and icon: an address with their hash never changes what it names, and may be kept for good."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

_FOLDER = Path(__file__).parent
_JOINED = {"style.css": "styles/*.css", "site.js": "scripts/*.js"}  # one request for each, however many parts it has
_FOR_GOOD = "public, max-age=31536000, immutable"  # RFC 8246


@dataclass(frozen=True)
class Asset:
    """A file of the site."""

    content: bytes
    content_type: str
    version: str
    modified: str


def register_assets(app: Flask) -> None:
    """Serves them under `static`; `url_for` adds the hash as the parameter `v`."""
    assets = {path.name: read_asset([path]) for path in sorted((_FOLDER / "static").iterdir()) if path.is_file()}
    assets |= {name: read_asset(sorted(_FOLDER.glob(parts)), name) for name, parts in _JOINED.items()}

    app.extensions["assets"] = frozenset(assets)  # the query page's editor may not be installed

    def show_asset(filename: str) -> Response:
        if filename not in assets:
            raise NotFound(f"There is no file {filename} of this site.")
        asset = assets[filename]
        response = Response(asset.content, content_type=asset.content_type)
        response.headers["Last-Modified"] = asset.modified
        if request.args.get("v") == asset.version:
            response.headers["Cache-Control"] = _FOR_GOOD
        return response

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and values.get("filename") in assets:
            values["v"] = assets[values["filename"]].version

    app.add_url_rule("/static/<filename>", "static", show_asset)
    app.url_defaults(add_version)


def read_asset(parts: Sequence[Path], name: str = "") -> Asset:
    """A file, or several as one."""
    content = b"\n".join(path.read_bytes() for path in parts)
    guessed = mimetypes.guess_type(name or parts[0].name)[0] or "application/octet-stream"
    content_type = f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed
    modified = formatdate(max(path.stat().st_mtime for path in parts), usegmt=True)
    return Asset(content, content_type, hashlib.sha256(content).hexdigest()[:16], modified)

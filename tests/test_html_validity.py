"""All kinds of pages are valid HTML in both languages, and so is the style sheet: the Nu Html Checker has nothing to say."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from page_kinds import PAGE_KINDS

ROOT = Path(__file__).resolve().parent.parent
CHECKER = ROOT / ".checker" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
JAVA = shutil.which("java")
OF_SVG = ("paint-order", "r", "vector-effect")  # properties of SVG 2, which the checker's list of CSS lacks


@pytest.mark.skipif(JAVA is None, reason="java is not installed: apt-get install default-jre-headless")
@pytest.mark.skipif(not CHECKER.exists(), reason="no checker: npm install --no-save --prefix .checker vnu-jar@26.9.27")
def test_every_kind_of_page_is_valid_in_both_languages(client: FlaskClient, tmp_path: Path) -> None:
    for kind in PAGE_KINDS:
        for language in ("en", "ja"):
            response = client.get(kind.path, headers={"Accept": "text/html", "Accept-Language": language})
            (tmp_path / f"{kind.name} ({language}).html").write_bytes(response.data)
    for name in ("style.css", "icon.svg"):
        (tmp_path / name).write_bytes(client.get(f"/static/{name}").data)
    command = [
        str(JAVA),
        "-jar",
        str(CHECKER),
        "--format",
        "json",
        "--exit-zero-always",
        "--also-check-css",
        "--also-check-svg",
    ]
    checked = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, timeout=120, check=True)
    told = [
        m for m in json.loads(checked.stderr)["messages"] if not any(f"Property “{name}”" in m["message"] for name in OF_SVG)
    ]
    assert [
        f"{unquote(m['url']).rpartition('/')[2]}:{m.get('lastLine')}: {m['message']} {m.get('extract')}" for m in told
    ] == []

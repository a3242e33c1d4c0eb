"""A real Chromium and a site for it: pages are opened in it, and whatever goes wrong in them is a failed test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, Response, ViewportSize, sync_playwright
from serving import Running, serve

from lod.release import CURRENT, MANIFEST, Release

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
GONE = "id/unit/122173/closed-division"
DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
LOCALES = {"en": "en-US", "ja": "ja-JP"}
TIMEOUT = 15_000  # milliseconds: the machine may be busy with other tests


def write_site(folder: Path, release: Release) -> Path:
    """A folder with the release, and with an older one that had a department which is gone."""
    shutil.copytree(release.path, folder / release.id)
    (folder / CURRENT).symlink_to(release.id)
    older = folder / "0000000000000000"
    older.mkdir()
    manifest = (release.path / MANIFEST).read_text(encoding="utf-8").replace(f'"{release.id}"', f'"{older.name}"')
    (older / MANIFEST).write_text(manifest, encoding="utf-8")
    base = release.iris.base
    organization, name = "https://schema.org/parentOrganization", "https://schema.org/name"
    (older / "all.nq").write_text(
        f'<{base}{GONE}> <{name}> "Closed Division"@en .\n<{base}{GONE}> <{organization}> <{base}id/gov/122173> .\n',
        encoding="utf-8",
    )
    os.utime(older / MANIFEST, (1_000_000, 1_000_000))
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, release: Release) -> Iterator[Running]:
    """The whole real release, served as anybody would serve it."""
    with serve(write_site(tmp_path_factory.mktemp("site"), release)) as running:
        yield running


@pytest.fixture(scope="module")  # not longer: while it is there, no other test on this thread can run an event loop
def chromium() -> Iterator[Browser]:
    """The browser of the system; none is ever downloaded."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody with a page open, and what went wrong in it."""

    page: Page
    origin: str
    expected: int = 200
    problems: list[str] = field(default_factory=list)

    def visit(self, path: str, expected: int = 200) -> None:
        """Opens an address of the site that is answered with that status."""
        self.expected = expected
        response = self.page.goto(path)
        assert response is not None
        if response.status != expected:
            self.problems.append(f"{path}: {response.status} in the place of {expected}")

    def note_console(self, message: ConsoleMessage) -> None:
        told = message.text.startswith("Failed to load resource") and f"status of {self.expected} " in message.text
        if message.type in ("error", "warning") and not told:
            self.problems.append(f"{self.page.url}: console: {message.text}")

    def note_exception(self, error: Error) -> None:
        self.problems.append(f"{self.page.url}: exception: {error}")

    def note_request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.problems.append(f"{self.page.url}: asked another origin: {request.url}")

    def note_response(self, response: Response) -> None:
        if response.status >= 400 and response.status != self.expected:
            self.problems.append(f"{self.page.url}: {response.status} for {response.url}")


@contextmanager
def open_page(
    chromium: Browser,
    site: Running,
    *,
    language: str = "en",
    dark: bool = False,
    viewport: ViewportSize = DESKTOP,
    scripts: bool = True,
) -> Iterator[Visitor]:
    """A visitor without a past.

    At the end it fails for a message of error on the console (which is also where a breach of the CSP is told), an
    exception, a request to another origin, and an answer that is an error but not the expected one.
    """
    context = chromium.new_context(
        base_url=site.url,
        locale=LOCALES[language],
        viewport=viewport,
        java_script_enabled=scripts,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",  # colours and places that are still changing are those of no page
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(TIMEOUT)
    page = context.new_page()
    visitor = Visitor(page, site.url)
    page.on("console", visitor.note_console)
    page.on("pageerror", visitor.note_exception)
    page.on("request", visitor.note_request)
    page.on("response", visitor.note_response)
    try:
        yield visitor
    finally:
        context.close()
    if visitor.problems:
        pytest.fail("\n".join(visitor.problems))

"""No page has anything that axe-core calls a barrier: every kind, in both languages, light and dark, wide and narrow."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browser import DESKTOP, PHONE, open_page
from page_kinds import PAGE_KINDS, PageKind
from playwright.sync_api import Browser, Page
from serving import Running

pytestmark = pytest.mark.xdist_group("browser")
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules for which it matters whether a page is light or dark


def find_barriers(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds, each as rule, element and what to do."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    else:
        options["rules"] = {"target-size": {"enabled": True}}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{violation['id']}: {node['html'][:300]}: {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", PAGE_KINDS, ids=lambda kind: kind.name)
def test_no_page_has_a_barrier_and_none_is_wider_than_a_phone(
    chromium: Browser, site: Running, kind: PageKind, language: str
) -> None:
    with open_page(chromium, site, language=language, expected=kind.status) as page:
        page.emulate_media(reduced_motion="reduce")  # colours that are still changing have no contrast of their own
        page.goto(kind.path)
        assert page.locator("html").get_attribute("lang") == language
        page.evaluate(AXE_SCRIPT)  # by the tools of the developer: the policy of the page itself stays on
        barriers = {"light": find_barriers(page)}
        page.emulate_media(color_scheme="dark")
        barriers["dark"] = find_barriers(page, COLOURS)
        page.set_viewport_size(PHONE)
        barriers["dark on a phone"] = find_barriers(page, COLOURS)
        widest = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size(DESKTOP)
        assert barriers == {"light": [], "dark": [], "dark on a phone": []}
        assert widest <= PHONE["width"], find_widest(page)


def find_widest(page: Page) -> list[str]:
    """The elements that make a page wider than a phone, for the message."""
    page.set_viewport_size(PHONE)
    return page.evaluate(
        """() => [...document.body.querySelectorAll("*")]
            .filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest(".scroll"))
            .slice(0, 5).map(e => e.outerHTML.slice(0, 150))"""
    )

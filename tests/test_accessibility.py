"""No page has anything that axe-core calls a barrier: every kind, in both languages, light and dark, wide and narrow."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browser import DESKTOP, PHONE, open_page
from page_kinds import PAGE_KINDS
from playwright.sync_api import Browser, Page, ViewportSize
from serving import Running

OPTIONS: dict[str, Any] = {
    "resultTypes": ["violations"],
    "preload": False,  # of styles and media from elsewhere: there are none
    "rules": {"target-size": {"enabled": True}},  # WCAG 2.2, which axe does not ask for by itself
}


def find_barriers(page: Page) -> list[str]:
    """What axe finds, each as rule, element and what to do."""
    found = page.evaluate("options => axe.run(document, options)", OPTIONS)
    return [
        f"{violation['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def find_what_fits_no_phone(page: Page) -> list[str]:
    """The elements for which one has to scroll sideways on a phone, or else the width itself."""
    page.set_viewport_size(PHONE)
    found: list[str] = page.evaluate("""() => {
        const width = document.documentElement.scrollWidth
        const wide = e => e.getBoundingClientRect().right > innerWidth && !e.closest(".scroll")
        const elements = [...document.body.querySelectorAll("*")].filter(wide).slice(0, 3)
        return width <= innerWidth ? [] : [`${width} pixels`, ...elements.map(e => e.outerHTML.slice(0, 150))]
    }""")
    return found


@pytest.mark.parametrize(
    ("language", "dark", "size"),
    [("en", False, DESKTOP), ("ja", True, PHONE)],
    ids=["english-light-wide", "japanese-dark-narrow"],
)
def test_no_page_has_a_barrier_and_none_is_wider_than_a_phone(
    chromium: Browser, site: Running, language: str, dark: bool, size: ViewportSize
) -> None:
    """Only colours depend on light and dark, only what fits on the language: two walks meet every colour and every width.

    Axe, which takes most of the time, looks at every second kind in the one walk and at the others in the other.
    """
    barriers: dict[str, list[str]] = {}
    with open_page(chromium, site, language=language, dark=dark) as visitor:
        for number, kind in enumerate(PAGE_KINDS):
            visitor.page.set_viewport_size(size)
            visitor.visit(kind.path, kind.status)
            assert visitor.page.locator("html").get_attribute("lang") == language
            found: list[str] = []
            if number % 2 == dark:
                visitor.page.evaluate(AXE_SCRIPT)  # by the tools of the developer: the policy of the page itself stays on
                found += find_barriers(visitor.page)
            if found := [*found, *find_what_fits_no_phone(visitor.page)]:
                barriers[kind.name] = found
    assert barriers == {}

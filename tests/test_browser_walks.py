"""What people come for, done in a real Chromium: with and without JavaScript, in English and in Japanese."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import PHONE, Visitor, open_page
from page_kinds import PAGE_KINDS
from playwright.sync_api import Browser, Locator, expect
from serving import Running

KASHIWA = re.compile("/doc/gov/122173")
CITY = {"en": "Kashiwa City", "ja": "柏市"}
TYPED = {"en": "kashiwa", "ja": "かしわし"}


def find_box(visitor: Visitor) -> Locator:
    """The box of the search in the page, not the small one of its head."""
    return visitor.page.get_by_role("main").locator("input[type=search][name=q]").first


def find_email(visitor: Visitor) -> Locator:
    """The first e-mail of today on the page of a government."""
    return visitor.page.get_by_role("main").locator("a[href^='mailto:']").first


@pytest.mark.parametrize("language", ["en", "ja"])
def test_my_city_is_found_while_i_type_and_its_email_is_copied(chromium: Browser, site: Running, language: str) -> None:
    with open_page(chromium, site, language=language) as visitor:
        page = visitor.page
        visitor.visit("/")
        find_box(visitor).press_sequentially(TYPED[language])
        option = page.get_by_role("option").filter(has_text=CITY[language]).first
        expect(option).to_be_visible()
        find_box(visitor).press("ArrowDown")
        expect(page.get_by_role("option", selected=True)).to_have_count(1)
        option.click()
        page.wait_for_url(KASHIWA)
        expect(page.get_by_role("heading", level=1)).to_contain_text("柏")
        email = find_email(visitor).inner_text().strip()
        assert "@" in email
        page.locator("button.copy:visible").first.click()
        expect(page.locator("button.copy:visible").first).not_to_have_text(re.compile("^(Copy|コピー)$"))
        assert page.evaluate("navigator.clipboard.readText()") == email


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_my_city_is_found_by_enter_and_its_email_stands_in_the_line_it_comes_from(
    chromium: Browser, site: Running, language: str, scripts: bool
) -> None:
    with open_page(chromium, site, language=language, scripts=scripts) as visitor:
        page = visitor.page
        visitor.visit("/")
        find_box(visitor).fill(TYPED[language])
        find_box(visitor).press("Enter")
        page.wait_for_url(re.compile(r"/search\?"))
        page.get_by_role("main").locator("a[href$='/doc/gov/122173']").first.click()
        page.wait_for_url(KASHIWA)
        email = find_email(visitor)
        address = email.inner_text().strip()
        page.locator(".contact", has=page.locator("a[href^='mailto:']")).first.locator("a[href*='/source/']").first.click()
        page.wait_for_url(re.compile(r"/source/\d{3}#L\d+$"))
        line = page.locator(f"#{urlsplit(page.url).fragment}")
        expect(line).to_be_in_viewport()
        for part in address.split("@"):  # the document prints `[at]`
            expect(line).to_contain_text(part)
        neighbour = line.locator("xpath=following-sibling::li[1]")
        assert measure_ground(line) != measure_ground(neighbour), "the line is not highlighted"


def measure_ground(line: Locator) -> str:
    """How an element stands out: its colours, outline and shadow, with those of what is in it."""
    properties = "['backgroundColor', 'outlineStyle', 'boxShadow', 'borderLeftColor', 'borderLeftWidth']"
    script = f"e => [e, ...e.children].map(x => {properties}.map(p => getComputedStyle(x)[p]).join()).join('|')"
    handle = line.element_handle()
    assert handle is not None
    return str(handle.evaluate(script))


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_two_editions_are_compared(chromium: Browser, site: Running, scripts: bool) -> None:
    with open_page(chromium, site, scripts=scripts) as visitor:
        page = visitor.page
        visitor.visit("/")
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Changes").click()
        form = page.locator("form", has=page.locator("select[name=category]"))
        form.locator("select[name=from]").select_option("000")
        form.locator("select[name=to]").select_option("003")
        form.locator("select[name=category]").select_option("CoreCity")
        form.get_by_role("button", name="Compare them").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Edition 000 to 003")
        asked = parse_qs(urlsplit(page.url).query)
        assert {name: asked[name] for name in ("from", "to", "category")} == {
            "from": ["000"], "to": ["003"], "category": ["CoreCity"],
        }  # fmt: skip
        assert page.get_by_role("main").locator("a[href*='/doc/gov/']").count() > 5


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_the_issues_are_filtered_and_the_filter_is_in_the_address(chromium: Browser, site: Running, scripts: bool) -> None:
    with open_page(chromium, site, scripts=scripts) as visitor:
        page = visitor.page
        visitor.visit("/quality/issues")
        found = page.get_by_role("main").get_by_role("status").first
        every = read_number(found)
        page.locator("select[name=edition]").select_option("003")
        page.get_by_role("main").get_by_role("button", name="Show").click()
        page.wait_for_url(re.compile("edition=003"))
        some = read_number(found)
        assert 0 < some < every
        with page.expect_download() as download:
            page.get_by_role("main").get_by_role("link", name="CSV").first.click()
        lines = download.value.path().read_text(encoding="utf-8").splitlines()
        assert len(lines) > some  # with a head; a value may hold a line break


def read_number(locator: Locator) -> int:
    return int(re.sub(r"\D", "", locator.inner_text()))


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_an_example_is_run_changed_downloaded_and_shared(chromium: Browser, site: Running, scripts: bool) -> None:
    with open_page(chromium, site, scripts=scripts) as visitor:
        page = visitor.page
        visitor.visit("/sparql")
        page.locator(".examples a").first.click()
        page.wait_for_url(re.compile(r"/sparql\?"))
        result = page.get_by_role("heading", name="Result", exact=True)
        expect(result).to_be_visible()
        query = "SELECT ?name { gov:122173 schema:name ?name } ORDER BY ?name"
        write_query(visitor, query)
        page.get_by_role("button", name="Run", exact=True).click()
        expect(page.get_by_role("cell", name="柏市").first).to_be_visible()
        link = page.get_by_role("link", name="Link to this question").get_attribute("href")
        assert link is not None
        with page.expect_download() as download:
            page.get_by_role("navigation", name="The result in other formats").get_by_role("link", name="CSV").click()
        rows = download.value.path().read_text(encoding="utf-8").splitlines()
        assert rows[0] == "name"
        assert "柏市" in rows
        if scripts:
            page.get_by_role("button", name="Copy the link").click()
            expect(page.get_by_role("button", name="Copied").first).to_be_visible()
            link = str(page.evaluate("navigator.clipboard.readText()"))
    with open_page(chromium, site, language="ja") as friend:
        friend.visit(link)
        expect(friend.page.get_by_role("cell", name="柏市").first).to_be_visible()


def write_query(visitor: Visitor, query: str) -> None:
    """Replaces the query, in the editor or in the plain field where there is none."""
    page = visitor.page
    editor = page.locator("[contenteditable=true]").first
    plain = page.locator("textarea[name=query]")
    if plain.is_visible():
        plain.fill(query)
        return
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def test_a_mistake_in_a_query_is_shown_at_its_line(chromium: Browser, site: Running) -> None:
    with open_page(chromium, site, scripts=False) as visitor:
        visitor.expected = 400
        visitor.visit("/sparql", 200)
        visitor.expected = 400
        visitor.page.locator("textarea[name=query]").fill("SELECT *\n{ ?s ?p")
        visitor.page.get_by_role("button", name="Run", exact=True).click()
        expect(visitor.page.get_by_role("main")).to_contain_text(re.compile("line 2|2:", re.IGNORECASE))
        expect(visitor.page.locator("textarea[name=query]")).to_have_value("SELECT *\n{ ?s ?p")


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_the_language_that_was_chosen_stays(chromium: Browser, site: Running, scripts: bool) -> None:
    with open_page(chromium, site, scripts=scripts) as visitor:
        page = visitor.page
        visitor.visit("/doc/gov/122173")
        page.get_by_role("link", name="日本語").click()
        expect(page.locator("html")).to_have_attribute("lang", "ja")
        assert urlsplit(page.url).path == "/doc/gov/122173"
        for path in ("/", "/quality", "/sparql"):
            visitor.visit(path)
            expect(page.locator("html")).to_have_attribute("lang", "ja")
        page.get_by_role("link", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")


def test_everything_can_be_reached_by_keyboard_and_the_focus_is_seen(chromium: Browser, site: Running) -> None:
    with open_page(chromium, site) as visitor:
        page = visitor.page
        visitor.visit("/doc/gov/122173")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        focused = page.locator(":focus-visible")
        assert page.get_by_role("main").locator(":focus-visible").count() == 1
        assert focused.evaluate("e => getComputedStyle(e).outlineStyle") != "none"


def test_no_page_but_the_editors_is_heavy_or_asks_for_much(chromium: Browser, site: Running) -> None:
    """Under 100 kB are sent, in at most four requests: page, style, script and icon."""
    pages: dict[str, str] = {}  # of each request, the page that made it
    weights: Counter[str] = Counter()
    with open_page(chromium, site, viewport=PHONE) as visitor:
        session = visitor.page.context.new_cdp_session(visitor.page)
        session.on("Network.requestWillBeSent", lambda event: pages.update({event["requestId"]: event["documentURL"]}))
        session.on(
            "Network.loadingFinished",
            lambda event: weights.update({pages[event["requestId"]]: int(event["encodedDataLength"])}),
        )
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        for kind in PAGE_KINDS:
            visitor.visit(kind.path, kind.status)
        visitor.page.wait_for_load_state("networkidle")
    requests = Counter(pages.values())
    editors = {site.url.rstrip("/") + kind.path for kind in PAGE_KINDS if kind.has_editor}
    assert len(requests) == len(PAGE_KINDS)
    assert {url for url in requests if requests[url] > 4 or weights[url] >= 100_000} <= editors

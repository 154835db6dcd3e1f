"""The demo's ad network in a real browser, third-party cookies and all: a yes brings it in, and each kind of no keeps it out."""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Request, expect

from tests.browser.server import Site
from tests.browser.visitor import SWITCHES, find_chromium

# A private window refuses third-party cookies by itself, so this is a profile as most people have it.
USUAL = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}
# The names under localhost are this machine's; all others still lead nowhere.
WITH_PARTNERS = [f"{switch} , EXCLUDE *.localhost" if "resolver" in switch else switch for switch in SWITCHES]


class Guest:
    """Somebody in a browser that takes third-party cookies, and remembers whom it asked."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site, self.context = site, context
        self.page: Page = context.pages[0]
        self.asked: list[Request] = []
        context.on("request", lambda request: self.asked.append(request))
        port = (urlsplit(site.url).port or 0) + 1
        self.network, self.news = f"http://tags.murmur.localhost:{port}", f"http://news.localhost:{port}"

    def strangers(self) -> list[str]:
        ours = urlsplit(self.site.url).netloc
        parts = [urlsplit(request.url) for request in self.asked]
        return [part.path for part in parts if part.scheme.startswith("http") and part.netloc != ours]

    def looks_at_cars(self) -> None:
        self.asked.clear()
        for path in ("/", "/models/", "/models/pipit/"):
            self.page.goto(f"{self.site.url}{path}", wait_until="networkidle")

    def chooses(self, answer: str) -> None:
        """For everything on the page, with whatever is asked on the way."""
        self.page.goto(f"{self.site.url}/privacy/choices/")
        self.page.locator(f"form[action*='/all/{answer}/'] button").first.click()
        if "/age/" in self.page.url:
            self.page.locator("select[name=age]").select_option(label="30")
            self.page.locator("main form button").first.click()
        if self.page.url.rstrip("/").endswith("/yes") or "/yes/" in self.page.url:
            self.page.locator("main form:has([name=confirmed]) button").first.click()

    def cookies_of_the_network(self) -> list[str]:
        return [cookie["name"] for cookie in self.context.cookies() if "murmur" in cookie["domain"]]

    def the_ad_elsewhere(self) -> str:
        self.page.goto(f"{self.news}/", wait_until="networkidle")
        return self.page.frame_locator("iframe").locator("body").inner_text()


@pytest.fixture
def arrives(site: Site, playwright: Playwright) -> Iterator:
    opened: list[tuple[BrowserContext, str]] = []

    def make(**options) -> Guest:
        folder = tempfile.mkdtemp(prefix="usual-")
        (Path(folder) / "Default").mkdir()
        (Path(folder) / "Default" / "Preferences").write_text(json.dumps(USUAL))
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=find_chromium(), args=WITH_PARTNERS, **options
        )
        context.set_default_timeout(10_000)
        opened.append((context, folder))
        return Guest(site, context)

    yield make
    for context, folder in opened:
        context.close()
        shutil.rmtree(folder, ignore_errors=True)


def test_a_yes_brings_the_tag_its_cookie_and_the_ad_elsewhere_and_a_no_ends_it(arrives):
    guest = arrives()
    guest.looks_at_cars()
    assert (guest.strangers(), guest.cookies_of_the_network()) == ([], [])
    assert "umbrellas" in guest.the_ad_elsewhere()

    guest.chooses("yes")
    guest.looks_at_cars()
    assert {"/tag.js", "/p.gif"} <= set(guest.strangers())
    assert guest.cookies_of_the_network() == ["murmur_id"]
    assert "Still thinking about the Pipit?" in guest.the_ad_elsewhere()

    guest.chooses("no")
    guest.looks_at_cars()
    assert guest.strangers() == []


def test_after_the_no_the_network_is_told_and_the_ad_elsewhere_ends_too(arrives):
    guest = arrives()
    guest.chooses("yes")
    guest.looks_at_cars()
    assert "Still thinking" in guest.the_ad_elsewhere()

    guest.chooses("no")
    for _ in range(60):
        if "umbrellas" in guest.the_ad_elsewhere():
            break
        guest.page.wait_for_timeout(500)
    assert "umbrellas" in guest.the_ad_elsewhere()
    guest.page.goto(f"{guest.network}/")
    assert re.search(r"left every audience", guest.page.inner_text("main"))


def test_a_no_in_one_tab_ends_the_tag_in_another(arrives):
    guest = arrives()
    guest.chooses("yes")
    other = guest.context.new_page()
    other.goto(f"{guest.site.url}/models/", wait_until="networkidle")
    assert other.locator("script[data-use='murmur-tag']").count() == 1

    guest.chooses("no")
    expect(other.locator("[data-use=murmur-tag]")).to_have_count(0)

    assert other.evaluate("typeof window.__gpp") == "undefined"


def goes_back(page) -> None:
    """By the page itself: the driver's own way looks for a history that a page from the browser's memory has not yet."""
    left = page.url
    page.evaluate("() => { setTimeout(() => history.back()) }")
    page.wait_for_url(lambda url: url != left, wait_until="load")


def test_whoever_goes_back_after_a_no_meets_no_tag(arrives):
    guest = arrives()
    guest.chooses("yes")
    guest.looks_at_cars()
    guest.chooses("no")
    guest.asked.clear()

    for _ in range(2):
        goes_back(guest.page)
    guest.page.wait_for_timeout(300)

    assert guest.strangers() == []


def test_under_the_signal_not_one_request_leaves_whatever_was_allowed_before(arrives):
    guest = arrives(extra_http_headers={"Sec-GPC": "1"})
    for name, value in {"choices": "sale-yes.ads-yes", "browser": "of-its-own"}.items():
        guest.context.add_cookies([{"name": name, "value": value, "url": guest.site.url}])
    guest.looks_at_cars()

    assert (guest.strangers(), guest.cookies_of_the_network()) == ([], [])


def test_without_scripts_the_picture_comes_after_the_yes_alone(arrives):
    guest = arrives(java_script_enabled=False)
    guest.looks_at_cars()
    assert guest.strangers() == []

    guest.chooses("yes")
    guest.looks_at_cars()
    assert set(guest.strangers()) == {"/p.gif"}


def test_the_browser_itself_refuses_a_tag_that_got_into_a_page(arrives):
    guest = arrives()
    guest.page.goto(f"{guest.site.url}/models/")
    refused = []
    guest.page.on("console", lambda message: refused.append(message.text))
    guest.page.evaluate(
        """source => { const tag = document.createElement('script'); tag.src = source; document.body.append(tag); }""",
        f"{guest.network}/tag.js",
    )
    guest.page.wait_for_timeout(300)

    assert any("Content Security Policy" in text for text in refused)

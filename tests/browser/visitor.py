"""Somebody at a browser, and the ways in which people come."""

import json
import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, Response

from tests.browser.server import Site

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
# What keeps an opt-out signal for the visits after it; it holds no number (P-10-2).
FLAG = "choices"
REFUSES_COOKIES = {"profile": {"default_content_setting_values": {"cookies": 2}}}
KEPT = """async () => ({
    cookies: document.cookie,
    local: (() => { try { return localStorage.length } catch { return 0 } })(),
    session: (() => { try { return sessionStorage.length } catch { return 0 } })(),
    databases: (await indexedDB.databases().catch(() => [])).length,
    workers: (await navigator.serviceWorker?.getRegistrations().catch(() => []) ?? []).length,
    caches: (await self.caches?.keys().catch(() => []) ?? []).length,
})"""


def find_chromium() -> str:
    """Debian's, or the one that FORECOURT_CHROMIUM names. Without one the browser tests fail: nothing is left out silently."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found or not Path(found).exists():
        pytest.fail(
            "The browser tests need Chromium and find none. Install it with `apt-get install chromium`, or name one in "
            "CHROMIUM=/path/to/chromium. Without browsers: `.venv/bin/pytest -m 'not browser'`.",
            pytrace=False,
        )
    return found


@dataclass(frozen=True)
class Way:
    """How somebody comes; as most do, unless it says otherwise."""

    name: str = "as it comes"
    scripts: bool = True
    cookies: bool = True
    gpc: bool = False

    def __str__(self) -> str:
        return self.name


WAYS = (
    Way(),
    Way("without JavaScript", scripts=False),
    Way("refusing cookies", cookies=False),
    Way("with Global Privacy Control", gpc=True),
)


@dataclass
class Visitor:
    site: Site
    way: Way
    context: BrowserContext
    page: Page
    folder: Path | None = None
    requests: list[Request] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    is_staff: bool = False
    asked_for_cookies: bool = False

    @classmethod
    def arrives(cls, site: Site, playwright: Playwright, chromium: Browser, way: Way, **more) -> "Visitor":
        options = {
            "viewport": PHONE,
            "java_script_enabled": way.scripts,
            "extra_http_headers": {"Sec-GPC": "1"} if way.gpc else {},
            "reduced_motion": "reduce",
            "locale": "en-US",
            "base_url": site.url,
        } | more
        folder = None
        if way.cookies:
            context = chromium.new_context(**options)
        else:
            # Only a profile of its own can be told to refuse cookies and all other storage.
            folder = Path(tempfile.mkdtemp(prefix="refusing-"))
            (folder / "Default").mkdir()
            (folder / "Default" / "Preferences").write_text(json.dumps(REFUSES_COOKIES))
            context = playwright.chromium.launch_persistent_context(
                str(folder), executable_path=find_chromium(), args=SWITCHES, **options
            )
        context.set_default_timeout(10_000)
        visitor = cls(site, way, context, context.pages[0] if context.pages else context.new_page(), folder)
        context.on("request", lambda request: visitor.requests.append(request))
        context.on("response", lambda response: visitor.responses.append(response))
        return visitor

    @staticmethod
    def usual() -> Way:
        return WAYS[0]

    @staticmethod
    def refusing() -> Way:
        return next(way for way in WAYS if not way.cookies)

    def goes_to(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def words(self) -> str:
        """What a reader sees, in one line."""
        return " ".join(self.page.locator("body").inner_text().split())

    def words_now(self) -> str:
        try:
            return self.words
        except Exception as error:
            return f"(nothing to read: {type(error).__name__})"

    def waits_for(self, words: str, patience: float = 15) -> None:
        """Load the page again until it says so: what leaves the machine is the worker's to send."""
        until = time.monotonic() + patience
        while not re.search(words, self.words, re.IGNORECASE):
            assert time.monotonic() < until, f"{self.path} did not say “{words}” within {patience} s, but: {self.words}"
            self.page.wait_for_timeout(150)
            self.page.reload()

    def foreign_requests(self) -> set[str]:
        ours = urlsplit(self.site.url).netloc
        named = (urlsplit(request.url) for request in self.requests)
        return {part.netloc for part in named if part.scheme not in ("data", "blob", "about") and part.netloc != ours}

    def cookies_offered(self) -> list[str]:
        return [found for answer in self.responses if (found := answer.header_value("set-cookie"))]

    def kept(self) -> dict[str, object]:
        """Everything that a site can leave in a browser, as far as the page sees it."""
        return {name: what for name, what in self.page.evaluate(KEPT).items() if what}

    def leave(self) -> None:
        try:
            assert self.foreign_requests() == set(), "the page asked somebody else"
            if not (self.is_staff or self.asked_for_cookies):
                kept = [cookie["name"] for cookie in self.context.cookies()]
                assert kept in ([], [FLAG] if self.way.gpc else []), "a cookie was set"
                if self.page.url.startswith(self.site.url):
                    assert self.kept() == {}, "something was left in the browser"
        finally:
            self.context.close()
            if self.folder:
                shutil.rmtree(self.folder, ignore_errors=True)

    # The booking

    def chooses_a_dealer(self, place: str = "27284", nth: int = 0) -> Page:
        """From the first page of the booking, by ZIP code, to the form of one dealer."""
        page = self.goes_to("/test-drive/")
        page.get_by_role("radio").first.check()
        page.get_by_label("Where are you?").fill(place)
        page.get_by_role("button", name="Show dealers").click()
        page.get_by_role("link", name="Choose a time").nth(nth).click()
        return page

    def fills_in(self, contact: str, *, name: str = "Ada Brightwater", texts: bool = False, nth: int = -1) -> None:
        """`nth`: which of the free times; the last ones are open to everybody else's tests too."""
        page = self.page
        self.picks(nth)
        page.get_by_label("Your name").fill(name)
        page.get_by_label("Email or mobile number").fill(contact)
        if texts:
            page.get_by_label(re.compile("^Text me")).check()

    def picks(self, nth: int = -1) -> str:
        """Open the day, as a person has to, and take one of its times; answers with its value."""
        slot = self.page.locator("input[name=slot]").nth(nth)
        day = slot.locator("xpath=ancestor::details[1]")
        if day.get_attribute("open") is None:
            day.locator("summary").click()
        slot.check()
        return str(slot.get_attribute("value"))

    def books(self) -> str:
        """Press the button; answers with the path of the booking's own page."""
        self.page.get_by_role("button", name=re.compile("^Book ")).click()
        assert self.page.locator(".eyebrow").inner_text() == "Booked", self.words
        return self.path

    # Staff

    def signs_in(self) -> None:
        """With a password and the code that an authenticator app would show."""
        self.is_staff = True
        self.site.handles.append(handle := self.site.handles.pop(0))
        page = self.goes_to("/staff/")
        page.get_by_label("Login name", exact=True).fill(handle)
        page.get_by_label("Password").fill(self.site.password)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Code").fill(self.site.code())
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/staff/")

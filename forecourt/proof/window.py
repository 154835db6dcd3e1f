"""A real browser on this very process: its pages served on a port of this machine for as long as somebody looks.

For what only a drawn page can show, such as what lies on top of a link. Where there is no Chromium, the check could not run.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from forecourt.proof.browser import own_address
from forecourt.proof.registry import CouldNotRun

NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 10_000  # milliseconds


@contextmanager
def opened(known: Collection[str] = ()) -> Iterator["Looker"]:
    """A Playwright browser whose pages know our paths alone; of what they name elsewhere, the `known` hosts are found."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        raise CouldNotRun("no Playwright is installed on this machine to look at pages with") from None
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        raise CouldNotRun("no Chromium is installed on this machine to look at pages with")
    # Chromium's own sandbox does not work as root; the pages are ours.
    found = ", ".join(f"EXCLUDE {host}" for host in ("127.0.0.1", *known))
    switches = [*SWITCHES, f"--host-resolver-rules=MAP * ~NOTFOUND , {found}"]
    switches += ["--no-sandbox"] if os.geteuid() == 0 else []
    with served() as address, sync_playwright() as playwright:
        started: dict[str, Any] = {"executable_path": chromium, "args": switches}
        browser = playwright.chromium.launch(**started)
        try:
            yield Looker(browser, address, partial(playwright.chromium.launch_persistent_context, **started))
        finally:
            browser.close()


class Looker:
    """`browser` opens private windows; `profile(folder, ...)` a browser that keeps its things in that folder."""

    def __init__(self, browser: Any, address: str, profile: Callable[..., Any]) -> None:
        self._browser = browser
        self._address = address
        self._profile = profile

    @contextmanager
    def visit(
        self, size: tuple[int, int], *, gpc: bool = False, takes_others_cookies: bool = False
    ) -> Iterator["Visit"]:
        """Somebody new at that size (width, height), who brings nothing along but the signal. A private window refuses other
        sites' cookies by itself; whoever looks for those comes with a profile as most people have it."""
        with tempfile.TemporaryDirectory(prefix="forecourt-profile-", ignore_cleanup_errors=True) as folder:
            make = partial(self._profile, usual(folder)) if takes_others_cookies else self._browser.new_context
            context = make(
                viewport={"width": size[0], "height": size[1]},
                reduced_motion="reduce",
                extra_http_headers={"Sec-GPC": "1"} if gpc else {},
            )
            context.set_default_timeout(PATIENCE)
            try:
                yield Visit(context, self._address)
            finally:
                context.close()

    @contextmanager
    def at(self, width: int, height: int) -> Iterator[Callable[[str], Any]]:
        """Within it, a path answers with its page, drawn at that size."""
        with self.visit((width, height)) as visit:
            yield visit.goes


def usual(folder: str) -> str:
    """A profile that takes cookies from everybody."""
    settings_file = Path(folder) / "Default" / "Preferences"
    settings_file.parent.mkdir()
    settings_file.write_text(json.dumps({"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}))
    return folder


@dataclass(frozen=True, slots=True)
class Cookie:
    """As the browser keeps it. `host` is empty where it is ours; `ends` counts seconds since 1970, None with the browser."""

    name: str
    host: str
    path: str
    ends: float | None


class Visit:
    """One person's way through the site in one browser, and everything that the browser asked for and kept on it."""

    def __init__(self, context: Any, address: str) -> None:
        self.context = context
        self.page = context.new_page()
        self.address = address
        self._asked: list[str] = []
        context.on("request", lambda request: self._asked.append(request.url))

    def goes(self, path: str) -> Any:
        answer = self.page.goto(self.address + path)
        if answer is None or answer.status != 200:
            raise CouldNotRun(f"{path} answered {answer.status if answer else 'nothing'}")
        return self.page

    def forgets_what_it_asked(self) -> None:
        self._asked.clear()

    def strangers(self) -> set[str]:
        """Hosts beside ours that were asked for anything since, or that the page before us would load from."""
        named = self.page.evaluate(NAMED)
        ours = urlsplit(self.address).netloc
        return {host for url in (*self._asked, *named) if (host := netloc(url)) and host != ours}

    def cookies(self) -> list[Cookie]:
        ours = urlsplit(self.address).hostname
        return [
            Cookie(
                row["name"],
                "" if row["domain"] == ours else row["domain"].lstrip("."),
                row["path"],
                row["expires"] if row["expires"] > 0 else None,
            )
            for row in self.context.cookies()
        ]

    def stored(self) -> list[str]:
        """Whatever else this page's scripts left in the browser, by kind."""
        return self.page.evaluate(STORED)


def netloc(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc if parts.scheme in ("http", "https", "ws", "wss") else ""


NAMED = """() => [...document.querySelectorAll(
    'script[src], img[src], iframe[src], embed[src], source[src], video[src], audio[src], object[data],'
    + 'link[rel~=stylesheet], link[rel~=preload], link[rel~=preconnect], link[rel~=dns-prefetch], link[rel~=prefetch]'
)].map(one => one.src || one.href || one.data || '')"""
STORED = """async () => [
    ...(localStorage.length ? ['local storage'] : []),
    ...(sessionStorage.length ? ['session storage'] : []),
    ...((await indexedDB.databases()).length ? ['a database'] : []),
    ...(window.caches && (await caches.keys()).length ? ['a cache'] : []),
    ...((await navigator.serviceWorker?.getRegistrations() ?? []).length ? ['a service worker'] : []),
]"""


@contextmanager
def served() -> Iterator[str]:
    """This process's site at an address of this machine, under its own name all the same.

    Its threads know what the check's own knows: that no promise counts as closed while one is on trial.
    """
    site = urlsplit(own_address())
    application, known = WSGIHandler(), copy_context()

    def as_from_outside(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        environ["HTTP_HOST"] = site.netloc
        if settings.HTTPS:
            environ["HTTP_X_FORWARDED_PROTO"] = environ["wsgi.url_scheme"] = "https"
        return known.copy().run(application, environ, start_response)

    server = make_server("127.0.0.1", 0, as_from_outside, server_class=Threads, handler_class=Silent)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        """Addresses of pages are nobody's business."""

"""A real browser on this very process: its pages served on a port of this machine for as long as somebody looks.

For what only a drawn page can show, such as what lies on top of a link. Where there is no Chromium, the check could not run.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
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
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
PATIENCE = 10_000  # milliseconds


@contextmanager
def opened() -> Iterator[Any]:
    """A Playwright browser whose pages know our paths alone; nothing that they name elsewhere is found."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        raise CouldNotRun("no Playwright is installed on this machine to look at pages with") from None
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        raise CouldNotRun("no Chromium is installed on this machine to look at pages with")
    # Chromium's own sandbox does not work as root; the pages are ours.
    switches = [*SWITCHES, "--no-sandbox"] if os.geteuid() == 0 else SWITCHES
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=switches)
        try:
            yield Looker(browser, address)
        finally:
            browser.close()


class Looker:
    def __init__(self, browser: Any, address: str) -> None:
        self._browser = browser
        self._address = address

    @contextmanager
    def at(self, width: int, height: int) -> Iterator[Callable[[str], Any]]:
        """Within it, a path answers with its page, drawn at that size."""
        context = self._browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()

        def look(path: str) -> Any:
            answer = page.goto(self._address + path)
            if answer is None or answer.status != 200:
                raise CouldNotRun(f"{path} answered {answer.status if answer else 'nothing'}")
            return page

        try:
            yield look
        finally:
            context.close()


@contextmanager
def served() -> Iterator[str]:
    """This process's site at an address of this machine, under its own name all the same."""
    site = urlsplit(own_address())
    application = WSGIHandler()

    def as_from_outside(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        environ["HTTP_HOST"] = site.netloc
        if settings.HTTPS:
            environ["HTTP_X_FORWARDED_PROTO"] = environ["wsgi.url_scheme"] = "https"
        return application(environ, start_response)

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

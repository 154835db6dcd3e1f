"""The demo network's server. It listens on this machine alone, and answers by the name that it is asked under."""

import hmac
import json
import secrets
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from . import NEWS, TAGS, pages
from .store import Store

COOKIE = "murmur_id"
DAYS = 390
# By these names our own machines and a curious person's terminal come; any other name is a trick.
PLAIN = ("127.0.0.1", "localhost", "api.murmur.localhost")
LARGEST = 10_000
WORD = 64
TAG = Path(__file__).with_name("tag.js").read_bytes()
GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
KINDS = ("audience", "removals", "events", "notices", "erasures")
BY = ("browser", "email_sha256", "phone_sha256")


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, site: str, token: str, store: Store) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.site, self.token, self.store = site, token, store

    def origin(self, host: str) -> str:
        return f"http://{host}:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_GET(self) -> None:
        match self.host(), urlsplit(self.path).path:
            case "", _:
                self.answer(HTTPStatus.MISDIRECTED_REQUEST)
            case (name, "/") if name == NEWS:
                self.html(pages.news(f"{self.server.origin(TAGS)}/ad/"))
            case (name, _) if name == NEWS:
                self.answer(HTTPStatus.NOT_FOUND)
            case _, "/":
                found = self.server.store.everything()
                self.html(pages.view(found, self.server.site, self.server.origin(NEWS)))
            case _, "/tag.js":
                self.answer(HTTPStatus.OK, TAG, "text/javascript; charset=utf-8")
            case _, "/p.gif":
                self.pixel()
            case _, "/ad/":
                self.html(pages.ad(self.server.store.last_seen(self.browser()), self.server.site))
            case _, "/choices/":
                self.html(pages.choices())
            case _:
                self.answer(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        body = self.body()
        match self.host(), urlsplit(self.path).path:
            case "", _:
                self.answer(HTTPStatus.MISDIRECTED_REQUEST)
            case _, "/forgetting/" | "/choices/" if not self.is_own_form():
                self.answer(HTTPStatus.FORBIDDEN)
            case _, "/forgetting/":
                self.server.store.forget()
                self.answer(HTTPStatus.SEE_OTHER, headers={"Location": "/"})
            case _, "/choices/":
                gone = f"{COOKIE}=; Path=/; Max-Age=0; SameSite=None; Secure"
                self.answer(HTTPStatus.SEE_OTHER, headers={"Location": "/choices/", "Set-Cookie": gone})
            case _, path if path.startswith("/api/"):
                self.told(path.removeprefix("/api/").strip("/"), body)
            case _:
                self.answer(HTTPStatus.NOT_FOUND)

    def pixel(self) -> None:
        """Only here is the cookie set: the tag itself asks the page first."""
        headers = {"Cache-Control": "no-store"}
        if self.headers.get("Sec-GPC") != "1":
            asked = {name: values[0][:WORD] for name, values in parse_qs(urlsplit(self.path).query).items()}
            browser = self.browser() or secrets.token_hex(16)
            site = urlsplit(self.headers.get("Referer", "")).netloc[:WORD]
            self.server.store.saw(browser, asked.get("as", ""), site, asked.get("page", ""), asked.get("model", ""))
            lasting = f"Path=/; Max-Age={DAYS * 86_400}; SameSite=None; Secure; HttpOnly"
            headers["Set-Cookie"] = f"{COOKIE}={browser}; {lasting}"
        self.answer(HTTPStatus.OK, GIF, "image/gif", headers)

    def told(self, kind: str, body: bytes) -> None:
        """What our machines say, each under a reference of its own, answered with an id."""
        expected = f"Bearer {self.server.token}"
        if not self.server.token or not hmac.compare_digest(self.headers.get("Authorization", ""), expected):
            return self.answer(HTTPStatus.UNAUTHORIZED)
        if kind not in KINDS:
            return self.answer(HTTPStatus.NOT_FOUND)
        if kind == "erasures":
            return self.erased(body)
        try:
            said = json.loads(body)
            by = next(by for by in BY if by in said)
            who, reference, event = f"{by} {said[by]}", str(said["reference"]), str(said.get("event", ""))
        except (ValueError, KeyError, TypeError, StopIteration):
            return self.answer(HTTPStatus.BAD_REQUEST)
        receipt = {"id": self.server.store.heard(kind, who[:200], event[:WORD], reference[:WORD])}
        return self.answer(HTTPStatus.OK, json.dumps(receipt).encode(), "application/json")

    def erased(self, body: bytes) -> None:
        try:
            said = json.loads(body)
            about, reference = [str(one) for one in said["about"]], str(said["reference"])
        except (ValueError, KeyError, TypeError):
            return self.answer(HTTPStatus.BAD_REQUEST)
        receipt = {"id": self.server.store.erase(about, reference[:WORD])}
        return self.answer(HTTPStatus.OK, json.dumps(receipt).encode(), "application/json")

    def host(self) -> str:
        name = self.headers.get("Host", "").partition(":")[0].lower()
        return name if name in (TAGS, NEWS, *PLAIN) else ""

    def is_own_form(self) -> bool:
        return self.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")

    def browser(self) -> str:
        try:
            found = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        except CookieError:
            return ""
        return found.value[:WORD] if found and found.value.isalnum() else ""

    def body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST:
            self.close_connection = True
            return b""
        return self.rfile.read(int(length))

    def html(self, text: str) -> None:
        self.answer(HTTPStatus.OK, text.encode(), "text/html; charset=utf-8", {"Cache-Control": "no-store"})

    def answer(
        self, status: HTTPStatus, body: bytes = b"", kind: str = "text/plain", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Addresses may carry names; the pages show what came."""


def serve(port: int, site: str, token: str, store: Store) -> None:
    with Server(port, site, token, store) as server:
        server.serve_forever()

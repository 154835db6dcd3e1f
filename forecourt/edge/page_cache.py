"""Keeps public pages for a minute in front of Django, ready to be sent: the bytes, the compressed bytes, the headers.

Nothing that is one visitor's own gets in: the page must be a listed one (`public_pages`), the request must carry nothing of
ours but a choice without a yes, and the page is rendered from its key alone (`page_key`). It is dropped after a minute, when
the policy changes by the calendar, and when anything that it shows has changed (`page_news`).
"""

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from threading import Event, Lock
from typing import Any, NamedTuple

import brotli
from django.utils.http import parse_etags

from forecourt.adapters import clock
from forecourt.consent import choices
from forecourt.edge import page_key, public_pages
from forecourt.edge.page_key import Environ, Key
from forecourt.edge.page_news import News

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]

ROOM = 32 * 1024 * 1024  # bytes in each process
LARGEST = 2 * 1024 * 1024
OVERHEAD = 4096  # what a page's headers and key weigh, about
LIFE = timedelta(seconds=60)
GRACE = timedelta(seconds=1)  # how much longer an old page serves while somebody makes the new one
PATIENCE = 2.0  # seconds that a visitor waits for a page that somebody else's request is making
SENT_AS = ("br", "gzip", "identity")
VARIES = ("Sec-GPC", "Cookie", "Accept-Encoding")
NEVER = re.compile(r"q=0(\.0*)?")
# What makes a page one person's own, should a listed one ever hold it.
TOKENS = (b'name="nonce"', b"csrfmiddlewaretoken")


class Answer(NamedTuple):
    status: str
    headers: Headers
    body: bytes


class Ready(NamedTuple):
    """An answer from the cache. `wire` is all of it that follows the status and the date, as HTTP writes it."""

    status: str
    headers: Headers
    body: bytes
    wire: bytes


class Sending(NamedTuple):
    """A page in one encoding, as a whole and as "you have it already"."""

    etag: str
    whole: Ready
    unchanged: Ready


@dataclass(frozen=True, slots=True)
class Kept:
    sendings: Mapping[str, Sending]
    size: int
    at: datetime
    until: datetime | None
    epoch: int

    def holds(self, now: datetime, epoch: int, life: timedelta = LIFE) -> bool:
        """A clock that went back, as the demo's can, ends a page too."""
        return self.epoch == epoch and self.at <= now < self.at + life and (self.until is None or now < self.until)


class PageCache:
    def __init__(
        self,
        application: Application,
        *,
        room: int = ROOM,
        news: News | None = None,
        is_public: Callable[[str, frozenset[str]], bool] = public_pages.is_public,
    ) -> None:
        self.application = application
        self.room = room
        self.news = news or News()
        self.is_public = is_public
        self.pages: OrderedDict[Key, Kept] = OrderedDict()
        self.size = 0
        self.being_made: dict[Key, Event] = {}
        self.lock = Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = page_key.read(environ)
        epoch = self.news.epoch
        if key is None or epoch is None:
            return self.application(environ, start_response)
        now = clock.now()
        kept = self.find(key)
        if kept is None or not kept.holds(now, epoch):
            if not self.is_public(key.path, key.words):
                return self.application(environ, start_response)
            made = self.make(key, kept, now, epoch)
            if made is None:
                return self.application(environ, start_response)
            if isinstance(made, Answer):
                start_response(made.status, made.headers)
                return [b"" if environ["REQUEST_METHOD"] == "HEAD" else made.body]
            kept = made
        return send(kept, environ, start_response)

    def ready(self, key: Key, environ: Environ) -> Ready | None:
        """The answer, where the page is kept already; it asks nobody and waits for nothing. Of `environ` it reads the method and
        what the browser takes and has."""
        epoch = self.news.epoch
        kept = self.find(key) if epoch is not None else None
        if kept is None or epoch is None or not kept.holds(clock.now(), epoch):
            return None
        return choose(kept, environ)

    def find(self, key: Key) -> Kept | None:
        with self.lock:
            kept = self.pages.get(key)
            if kept is not None:
                self.pages.move_to_end(key)
            return kept

    def make(self, key: Key, old: Kept | None, now: datetime, epoch: int) -> Kept | Answer | None:
        """The page, made by one request while the others wait or take the one of a moment ago. None: it was waited for, and
        it is none that can be shared."""
        with self.lock:
            somebody = self.being_made.get(key)
            if somebody is None:
                mine = self.being_made[key] = Event()
        if somebody is not None:
            if old is not None and old.holds(now, epoch, LIFE + GRACE):
                return old
            somebody.wait(PATIENCE)
            kept = self.find(key)
            return kept if kept is not None and kept.epoch >= epoch and kept.holds(clock.now(), kept.epoch) else None
        try:
            answer = ask(self.application, page_key.bare(key))
            if not may_be_kept(answer, key):
                return answer
            kept = pack(answer, now, epoch)
            self.keep(key, kept)
            return kept
        finally:
            with self.lock:
                del self.being_made[key]
            mine.set()

    def keep(self, key: Key, kept: Kept) -> None:
        with self.lock:
            before = self.pages.pop(key, None)
            self.size += kept.size - (before.size if before else 0)
            self.pages[key] = kept
            while self.size > self.room:
                _, oldest = self.pages.popitem(last=False)
                self.size -= oldest.size


def ask(application: Application, environ: Environ) -> Answer:
    told: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, exc_info: object = None) -> None:
        told.append((status, headers))

    body = application(environ, start_response)
    try:
        content = b"".join(body)
    finally:
        if close := getattr(body, "close", None):
            close()
    status, headers = told[-1]
    return Answer(status, headers, content)


def may_be_kept(answer: Answer, key: Key) -> bool:
    directives = {word.strip().lower() for word in values(answer, "Cache-Control")}
    varies = {word.lower() for word in values(answer, "Vary")}
    return (
        answer.status.startswith("200 ")
        and values(answer, "Content-Type")[:1] == ["text/html; charset=utf-8"]
        and not values(answer, "Content-Encoding")
        and not directives & {"private", "no-store"}
        and varies <= page_key.HEADERS
        and sets_no_cookie_but(key.flag, answer)
        and len(answer.body) <= LARGEST
        and not any(token in answer.body for token in TOKENS)
    )


def sets_no_cookie_but(flag: str, answer: Answer) -> bool:
    """The flag cookie says what everybody with this key is told, and so is no identifier."""
    for name, value in answer.headers:
        if name.lower() == "set-cookie":
            try:
                cookies = SimpleCookie(value)
            except CookieError:
                return False
            if not flag or {cookie: morsel.value for cookie, morsel in cookies.items()} != {choices.COOKIE: flag}:
                return False
    return True


def values(answer: Answer, header: str) -> list[str]:
    found = (value for name, value in answer.headers if name.lower() == header.lower())
    return [part.strip() for value in found for part in value.split(",") if part.strip()]


def pack(answer: Answer, now: datetime, epoch: int) -> Kept:
    """`now` and `epoch` are from before the page was made, so that a change meanwhile ends it."""
    digest = hashlib.sha256(answer.body).hexdigest()[:24]
    bodies = {
        "br": brotli.compress(answer.body, mode=brotli.MODE_TEXT, quality=6),
        "gzip": gzip.compress(answer.body, compresslevel=6, mtime=0),
        "identity": answer.body,
    }
    varies = {word.lower(): word for word in [*VARIES, *values(answer, "Vary")]}
    dropped = {"content-length", "content-type", "etag", "vary", "cache-control"}
    shared = [(name, value) for name, value in answer.headers if name.lower() not in dropped]
    shared.append(("Vary", ", ".join(varies.values())))
    # Others may keep it too, but ask each time: a choice has to show on the next page.
    shared.append(("Cache-Control", ", ".join(values(answer, "Cache-Control")) or "no-cache"))
    sendings = {}
    for encoding, body in bodies.items():
        etag = f'"{digest}-{encoding}"'
        unchanged = [*shared, ("ETag", etag)]
        whole = [*unchanged, ("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        if encoding != "identity":
            whole.append(("Content-Encoding", encoding))
        sendings[encoding] = Sending(
            etag,
            Ready("200 OK", whole, body, as_written(whole) + body),
            Ready("304 Not Modified", unchanged, b"", as_written(unchanged)),
        )
    size = 2 * sum(map(len, bodies.values())) + OVERHEAD
    return Kept(sendings, size, now, public_pages.next_change(now), epoch)


def as_written(headers: Headers) -> bytes:
    return "".join(f"{name.lower()}: {value}\r\n" for name, value in headers).encode("latin-1") + b"\r\n"


def choose(kept: Kept, environ: Environ) -> Ready:
    page = kept.sendings[encoding(environ.get("HTTP_ACCEPT_ENCODING", "")[:200])]
    known = environ.get("HTTP_IF_NONE_MATCH")
    return page.unchanged if known and (known == page.etag or is_among(page.etag, known)) else page.whole


def send(kept: Kept, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    answer = choose(kept, environ)
    start_response(answer.status, answer.headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


def is_among(etag: str, known: str) -> bool:
    """Compared as RFC 9110, 13.1.2 says: weakly."""
    tags = parse_etags(known)
    return "*" in tags or etag in {tag.removeprefix("W/") for tag in tags}


@lru_cache(maxsize=256)
def encoding(accepted: str) -> str:
    """The one of ours that the browser takes, the smallest first (RFC 9110, 12.5.3)."""
    taken = {}
    for part in accepted.lower().split(","):
        name, *more = (word.strip() for word in part.split(";"))
        taken[name] = not any(NEVER.fullmatch(word) for word in more)
    return next((ours for ours in SENT_AS if taken.get(ours, taken.get("*", False))), "identity")

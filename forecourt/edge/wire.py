"""One connection. New visitors send the very same bytes by the thousand, and public pages answer them with the very same bytes; so a
request that is known to the letter is answered as it comes in, and parsed by nobody. Everything else is the library's.

Known are only whole requests without a body and without a cookie, one at a time, on a connection between two requests. What
they get is asked of the page cache like any other answer: at each request whether the page changed, and twenty times a
second what time it is.
"""

from asyncio import BaseTransport, TimerHandle
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from forecourt.edge import page_key
from forecourt.edge.page_cache import PageCache
from forecourt.edge.page_key import Environ, Key
from forecourt.edge.server import environ_of

MOST_KNOWN = 2048
LONGEST_KNOWN = 4096
LOOKS_AGAIN = 0.05  # seconds
PATIENCE = 65.0  # seconds that a connection may be silent; more than proxies keep theirs
END = b"\r\n\r\n"
# What an answer from the cache depends on beside its key.
ANSWERED_BY = ("REQUEST_METHOD", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH")


class Known:
    """A request that came before, and what it is answered until the page changes or is looked at again."""

    __slots__ = ("asked", "epoch", "key", "rest", "start", "until")

    def __init__(self, key: Key, environ: Environ) -> None:
        self.key = key
        self.asked = {name: environ[name] for name in ANSWERED_BY if name in environ}
        self.epoch: int | None = None
        self.until = 0.0
        self.start = self.rest = b""

    def is_answered(self, cache: PageCache, now: float) -> bool:
        epoch = cache.news.epoch
        if epoch is None:
            return False
        if epoch == self.epoch and now < self.until:
            return True
        found = cache.ready(self.key, self.asked)
        if found is None:
            return False
        self.start, self.rest = STATUS_LINE[int(found.status[:3])], found.wire
        self.epoch, self.until = epoch, now + LOOKS_AGAIN
        return True


class Wire(HttpToolsProtocol):
    known: dict[bytes, Known] = {}
    # The date, as all connections of this process write it in one second.
    dated: tuple[list[tuple[bytes, bytes]], bytes] = ([], b"")

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.cache: PageCache = self.app.application
        self.is_between = True
        self.heard = self.loop.time()
        self.watch: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(cast(Any, transport))
        self.watch = self.loop.call_later(PATIENCE, self.end_if_silent)

    def connection_lost(self, problem: Exception | None) -> None:
        if self.watch is not None:
            self.watch.cancel()
        super().connection_lost(problem)

    def end_if_silent(self) -> None:
        """Also one that never finished what it began to ask."""
        left = PATIENCE if self.is_answering else PATIENCE - (self.loop.time() - self.heard)
        if left <= 0:
            self.transport.close()
        elif not self.transport.is_closing():
            self.watch = self.loop.call_later(left, self.end_if_silent)

    @property
    def is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def data_received(self, data: bytes) -> None:
        self.heard = self.loop.time()
        is_whole = self.is_between and not self.is_answering and not self.flow.write_paused
        if is_whole and (known := self.known.get(data)) and known.is_answered(self.cache, self.heard):
            if not self.transport.is_closing():
                self._unset_keepalive_if_required()
                self.transport.write(b"".join((known.start, self.date(), known.rest)))
            return
        super().data_received(data)
        if is_whole and self.is_between and data not in self.known and may_be_known(data):
            self.get_to_know(data)

    def get_to_know(self, data: bytes) -> None:
        """It was one request, which was read to its end."""
        environ = environ_of(self.scope)
        key = page_key.read(environ)
        if key is None or not self.cycle.keep_alive or "HTTP_COOKIE" in environ:
            return
        if len(self.known) >= MOST_KNOWN:
            self.known.clear()
        self.known[data] = Known(key, environ)

    def date(self) -> bytes:
        headers = self.server_state.default_headers
        if Wire.dated[0] is not headers:
            Wire.dated = headers, b"".join(b"%b: %b\r\n" % each for each in headers)
        return Wire.dated[1]

    def on_message_begin(self) -> None:
        self.is_between = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.is_between = True


def may_be_known(data: bytes) -> bool:
    return data.startswith(b"GET ") and len(data) < LONGEST_KNOWN and data.find(END) == len(data) - len(END)

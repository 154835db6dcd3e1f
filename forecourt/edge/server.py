"""A WSGI site behind the server's own interface (ASGI), since a server's WSGI may hand on one of repeated headers alone: one
`Sec-GPC: 1` among several counts (R-CA-03), whichever comes last.

A public page that is kept is answered at once, on the loop; whatever needs Django goes to a thread.
"""

import io
import logging
import sys
from asyncio import get_running_loop
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings

from forecourt.edge import page_key
from forecourt.edge.page_cache import Answer, PageCache, Ready, ask
from forecourt.edge.page_key import Environ

log = logging.getLogger(__name__)
THREADS = 4
# A body is read whole before Django sees it: forms are small, and only the CMS and the programs take a picture.
LARGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 100_000
LARGEST_WITH_PICTURE = 12 * 1024 * 1024
WITH_PICTURE = (*settings.STAFF_PATHS, "/programs/")
# Said without Django, which would have put its own on: that this is text, in no frame, and to stay with HTTPS.
WORDS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    *(
        [("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains")]
        if settings.HTTPS
        else []
    ),
]
TOO_LARGE = Answer(
    "413 Content Too Large",
    [*WORDS, ("Connection", "close")],
    b"That is larger than anything that we take. Go back, choose a smaller file, and send the form again.\n",
)
# A request is not sent back as it came; whoever wants to see theirs looks in their own browser.
NO_ECHO = Answer(
    "405 Method Not Allowed",
    [*WORDS, ("Allow", "GET, HEAD, POST, OPTIONS")],
    b"Nothing here answers that kind of request.\n",
)
FAILED = Answer("500 Internal Server Error", WORDS, b"Something went wrong here.\n")
# How repeated headers become one (RFC 9110, 5.2, and RFC 6265, 5.4); all others are lists with commas.
BETWEEN = {"HTTP_COOKIE": "; "}
UNPREFIXED = ("CONTENT_TYPE", "CONTENT_LENGTH")
NEVER_WITH_A_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Server:
    def __init__(self, application: PageCache, threads: int = THREADS) -> None:
        self.application = application
        self.pool = ThreadPoolExecutor(threads, "request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
            return
        if scope["method"] == "TRACE":
            await tell(send, NO_ECHO, scope["method"])
            return
        environ = environ_of(scope)
        key = page_key.read(environ)
        kept = self.application.ready(key, environ) if key else None
        await tell(send, kept or await self.make(environ, receive), environ["REQUEST_METHOD"])

    async def live(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        self.pool.shutdown(wait=False)
        await send({"type": "lifespan.shutdown.complete"})

    async def make(self, environ: Environ, receive: Receive) -> Answer:
        body = await read(receive, environ)
        if body is None:
            return TOO_LARGE
        environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
        try:
            return await get_running_loop().run_in_executor(self.pool, ask, self.application, environ)
        except Exception as problem:  # Django answers its own; this is what lies around it
            log.error("a request failed: %s.%s", type(problem).__module__, type(problem).__qualname__)
            return FAILED


async def read(receive: Receive, environ: Environ) -> bytes | None:
    """The body; None where it is larger than anything that we take."""
    if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
        return b""
    most = LARGEST_WITH_PICTURE if environ["PATH_INFO"].startswith(WITH_PICTURE) else LARGEST
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > most:
            return None
        if not message.get("more_body"):
            return bytes(body)


async def tell(send: Send, answer: Answer | Ready, method: str) -> None:
    status = int(answer.status[:3])
    headers = [(name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in answer.headers]
    has_length = any(name == b"content-length" for name, _ in headers)
    if not has_length and method != "HEAD" and status not in NEVER_WITH_A_BODY:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def environ_of(scope: Mapping[str, Any]) -> Environ:
    """The request as WSGI has it (PEP 3333), with repeated headers joined."""
    host, port = scope["server"] or ("", None)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    add_headers(environ, scope["headers"])
    return environ


def add_headers(environ: Environ, headers: Iterable[tuple[bytes, bytes]]) -> None:
    for header, value in headers:
        if b"_" in header:  # it would pass for the same name with a hyphen, which a proxy may have set
            continue
        name = header.decode("latin-1").upper().replace("-", "_")
        if name not in UNPREFIXED:
            name = f"HTTP_{name}"
        said = value.decode("latin-1")
        environ[name] = f"{environ[name]}{BETWEEN.get(name, ',')}{said}" if name in environ else said

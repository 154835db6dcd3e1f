"""A WSGI site behind Granian's own interface, RSGI, since its WSGI hands on only the last of repeated headers: one `Sec-GPC: 1`
among several counts (R-CA-03), whichever comes last.

A public page that is kept is answered at once, on the loop; whatever needs Django goes to a thread.
"""

import io
import sys
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings

from forecourt.edge import page_key
from forecourt.edge.page_cache import Answer, PageCache, ask
from forecourt.edge.page_key import Environ

THREADS = 4
# A body is read whole before Django sees it: forms are small, and only the CMS takes pictures.
LARGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 100_000
LARGEST_OF_STAFF = 12 * 1024 * 1024
TOO_LARGE = Answer("413 Content Too Large", [("Content-Type", "text/plain"), ("Connection", "close")], b"Too large.\n")
FAILED = Answer("500 Internal Server Error", [("Content-Type", "text/plain")], b"Something went wrong here.\n")
# How repeated headers become one (RFC 9110, 5.2, and RFC 6265, 5.4); all others are lists with commas.
BETWEEN = {"HTTP_COOKIE": "; "}
# What an answer from the cache depends on beside its key.
ANSWERED_BY = ("REQUEST_METHOD", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH")
MOST_KNOWN = 2048
LONGEST_KNOWN = 4096
Sent = tuple[tuple[str, str], ...]
UNPREFIXED = ("CONTENT_TYPE", "CONTENT_LENGTH")


class Server:
    def __init__(self, application: PageCache, threads: int = THREADS) -> None:
        self.application = application
        self.threads = threads
        self.known: dict[tuple, tuple[page_key.Key, Environ]] = {}

    def __rsgi_init__(self, loop: AbstractEventLoop) -> None:
        self.pool = ThreadPoolExecutor(self.threads, "request")

    def __rsgi_del__(self, loop: AbstractEventLoop) -> None:
        self.pool.shutdown(wait=False)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            protocol.close(403)
            return
        headers = tuple(scope.headers.items())
        answer = self.kept(scope, headers)
        if answer is None:
            environ = environ_of(scope, headers)
            body = await read(protocol, environ)
            answer = TOO_LARGE if body is None else await self.ask_django(environ, body)
        if answer.body:
            protocol.response_bytes(int(answer.status[:3]), answer.headers, answer.body)
        else:
            protocol.response_empty(int(answer.status[:3]), answer.headers)

    def kept(self, scope: Any, headers: Sent) -> Answer | None:
        """The page that is kept for a request like this. Many new visitors send the very same; how theirs reads is remembered."""
        raw = (scope.method, scope.scheme, scope.authority, scope.path, scope.query_string, headers)
        known = self.known.get(raw)
        if known is None:
            environ = environ_of(scope, headers)
            key = page_key.read(environ)
            if key is None:
                return None
            known = key, {name: environ[name] for name in ANSWERED_BY if name in environ}
            if "HTTP_COOKIE" not in environ and sum(len(name) + len(value) for name, value in headers) < LONGEST_KNOWN:
                if len(self.known) >= MOST_KNOWN:
                    self.known.clear()
                self.known[raw] = known
        return self.application.ready(*known)

    async def ask_django(self, environ: Environ, body: bytes) -> Answer:
        environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
        try:
            answer = await get_running_loop().run_in_executor(self.pool, ask, self.application, environ)
            return answer._replace(headers=[(name, value.strip()) for name, value in answer.headers])
        except Exception as problem:  # Django answers its own; this is what lies around it
            print(f"a request failed: {type(problem).__module__}.{type(problem).__qualname__}", file=sys.stderr)
            return FAILED


async def read(protocol: Any, environ: Environ) -> bytes | None:
    """The body; None where it is larger than anything that we take."""
    if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
        return b""
    most = LARGEST_OF_STAFF if environ["PATH_INFO"].startswith(settings.STAFF_PATHS) else LARGEST
    body = bytearray()
    async for chunk in protocol:
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


def environ_of(scope: Any, headers: Sent) -> Environ:
    """The request as WSGI has it (PEP 3333), with repeated headers joined."""
    host, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    add_headers(environ, headers)
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    return environ


def add_headers(environ: Environ, headers: Iterable[tuple[str, str]]) -> None:
    for header, value in headers:
        if "_" in header:  # it would pass for the same name with a hyphen, which a proxy may have set
            continue
        name = header.upper().replace("-", "_")
        if name not in UNPREFIXED:
            name = f"HTTP_{name}"
        environ[name] = f"{environ[name]}{BETWEEN.get(name, ',')}{value}" if name in environ else value

"""One POST whose last byte waits for the deadline's check. Whatever fails before that byte certainly did not arrive whole."""

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import httpx

from forecourt.adapters.outcomes import NotSent, Unknown

LONGEST_REPLY = 65_536
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    content: bytes
    headers: Mapping[str, str]


def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    deadline: float,
    auth: tuple[str, str] | None = None,
) -> Reply:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise NotSent("the deadline passed before the hand-over")
    left = False

    def whole_body() -> Iterator[bytes]:
        nonlocal left
        if len(body) > 1:
            yield body[:-1]
        if time.monotonic() >= deadline:
            raise NotSent("the deadline passed during the hand-over")
        left = True
        yield body[-1:]

    try:
        with _client(os.getpid()).stream(
            "POST",
            url,
            content=whole_body(),
            headers={**headers, "Content-Length": str(len(body))},
            auth=auth,
            timeout=remaining,
        ) as response:
            content = b""
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > LONGEST_REPLY or time.monotonic() >= deadline:
                    break
            return Reply(response.status_code, content, response.headers)
    except (UnicodeError, httpx.InvalidURL) as error:
        # A host that no resolver can be asked for; whoever named it is no reason to stop for others.
        raise NotSent("the address cannot be read") from error
    except httpx.HTTPError as error:
        reason = type(error).__name__
        if left:
            raise Unknown(f"no answer after the last byte ({reason})") from error
        raise NotSent(f"could not hand over ({reason})") from error


def is_private_enough(url: str) -> bool:
    """HTTPS, or a server on this very machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))


@lru_cache(maxsize=1)
def _client(process: int) -> httpx.Client:
    """One pool a process: a connection inherited through a fork would be shared with the parent."""
    return httpx.Client(follow_redirects=False, trust_env=False)

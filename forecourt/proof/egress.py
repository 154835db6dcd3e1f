"""Which hosts this thread turns to while somebody watches: by name, and by number where nobody asked for a name.

PostgreSQL's own library is out of sight here, so the database does not appear; whatever Python itself opens does.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_mine = threading.local()
_hook: list[bool] = []


@contextmanager
def watched() -> Iterator[set[str]]:
    """The set fills with the hosts that this thread turns to."""
    if not _hook:
        # Such a hook stays for good; without a watcher it does nothing.
        sys.addaudithook(_note)
        _hook.append(True)
    before = getattr(_mine, "seen", None)
    seen: set[str] = set()
    _mine.seen = seen
    try:
        yield seen
    finally:
        _mine.seen = before


def _note(event: str, details: tuple[Any, ...]) -> None:
    if event not in ("socket.getaddrinfo", "socket.connect", "socket.sendto"):
        return
    seen = getattr(_mine, "seen", None)
    if seen is None:
        return
    host = details[0] if event == "socket.getaddrinfo" else details[1][0] if isinstance(details[1], tuple) else ""
    if host:
        seen.add(host.decode() if isinstance(host, bytes) else str(host))

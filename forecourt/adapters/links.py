"""Is a page of somebody else's there? One GET with nothing in it that tells who asks, and nothing that is followed on."""

from enum import StrEnum

import httpx

SECONDS = 10.0
# The page is refused to machines, or the server has too much to do: it is there all the same, or nobody can tell.
SHY = (401, 403, 405, 408, 425, 429)


class There(StrEnum):
    YES = "there"
    GONE = "gone"
    UNKNOWN = "unknown"


def look(address: str) -> There:
    """What cannot be reached from here says nothing about the page."""
    try:
        with (
            httpx.Client(follow_redirects=False, trust_env=False, timeout=SECONDS) as client,
            client.stream("GET", address, headers={"User-Agent": "Mozilla/5.0 (link check)"}) as answer,
        ):
            return judge(answer.status_code)
    except (httpx.HTTPError, httpx.InvalidURL):
        return There.UNKNOWN


def judge(status: int) -> There:
    if status in SHY:
        return There.UNKNOWN
    return There.GONE if status >= 400 else There.YES

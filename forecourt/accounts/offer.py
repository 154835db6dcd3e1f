"""Whether this brand offers accounts at all: where its policy has the cookie that keeps somebody signed in."""

from collections.abc import Iterator
from datetime import datetime

from forecourt.adapters import clock
from forecourt.consent import policies
from forecourt.web.menu import Link

COOKIE = "account"
HOME = "/account/"


def is_open(now: datetime) -> bool:
    return COOKIE in policies.in_force(now).cookies


def menu_links() -> Iterator[tuple[str, Link]]:
    if is_open(clock.now()):
        yield "bar", Link("Your account", HOME)
        yield "company", Link("Your account", HOME)

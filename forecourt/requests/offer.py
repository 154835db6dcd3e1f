"""Whether this brand takes requests on a page: where its policy has the use for it."""

from collections.abc import Iterator
from datetime import datetime

from forecourt.adapters import clock
from forecourt.consent import policies
from forecourt.web.menu import Link

USE = "answer-request"
HOME = "/privacy/requests/"


def is_open(now: datetime) -> bool:
    return USE in policies.in_force(now).uses


def menu_links() -> Iterator[tuple[str, Link]]:
    if is_open(clock.now()):
        yield "legal", Link("See, correct or delete your data", HOME)

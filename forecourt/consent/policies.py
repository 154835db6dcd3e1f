"""The brand's policy book, loaded once a process."""

from datetime import datetime
from functools import cache

from django.conf import settings

from forecourt.policy import book as books
from forecourt.policy import periods
from forecourt.policy.policy import Policy, Use


@cache
def book() -> books.PolicyBook:
    return books.load(settings.BRAND / "policy")


def in_force(now: datetime) -> Policy:
    return book().in_force(now)


def over_since(use_id: str, now: datetime) -> datetime | None:
    """What a use keeps from this moment or earlier has been kept for its time, in the words of the policy in force."""
    use = find_use(use_id, now)
    period = periods.first(use.keep) if use else None
    return period.before(now) if period else None


def find_use(use_id: str, now: datetime) -> Use | None:
    """The use as the policy in force has it, else as the coming one will; the doors refuse the latter until then."""
    coming = book().coming(now)
    return in_force(now).uses.get(use_id) or (coming.uses.get(use_id) if coming else None)

"""Pages of others that our policy or our ads page sends people to so that they can choose: are they still there?"""

from collections.abc import Callable
from datetime import datetime, timedelta

from forecourt.adapters import links
from forecourt.adapters.links import There
from forecourt.policy.policy import Policy
from forecourt.sharing import coop
from forecourt.sharing.models import LinkCheck

# Where the ad industry lets people opt out of its member networks.
INDUSTRY = "https://optout.aboutads.info/"
EVERY = timedelta(days=7)


def choices_pages(policy: Policy) -> list[str]:
    """The industry's page, and the page of each co-op that we take part in."""
    return [INDUSTRY, *(one.preferences for one in coop.named(policy).values())]


def check_all(policy: Policy, now: datetime, look: Callable[[str], There] = links.look) -> dict[str, There]:
    """Look at each. Rows are added: what was found when is history."""
    found = {address: look(address) for address in choices_pages(policy)}
    LinkCheck.objects.bulk_create(LinkCheck(address=address, found=what, at=now) for address, what in found.items())
    return found


def state(address: str, now: datetime) -> tuple[There, datetime | None]:
    """What the last look found, and when. One that is older than two turns says nothing; one that could not look leaves a page
    that was gone before gone."""
    looks = LinkCheck.objects.filter(address=address, at__lte=now, at__gt=now - 2 * EVERY).order_by("-at", "-id")
    told = looks.exclude(found=There.UNKNOWN).first()
    last = looks.first()
    if told and (told.found == There.GONE or told == last):
        return There(told.found), told.at
    return There.UNKNOWN, last.at if last else None

"""The pages that are the same for everybody who asks alike, by the names of their addresses. No other page is ever kept.

A page belongs here when nothing on it is one visitor's own: no form with a nonce, no name, no place that somebody typed.
"""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.urls import Resolver404, get_resolver

from forecourt.consent import policies
from forecourt.vehicles import offers

# Each with the words that its address may carry after "?".
PAGES: Mapping[str, frozenset[str]] = {
    "wagtail_serve": frozenset(),
    "vehicles:models": frozenset(),
    "vehicles:line": frozenset({"paint", "view"}),
    "vehicles:edition": frozenset({"paint", "view"}),
    "builds:start": frozenset(),
    "builds:build": frozenset(),
    "offers:all": frozenset(),
    "offers:offer": frozenset(),
    "payments:estimate": frozenset(),  # the page as it begins; what somebody reckons is theirs
    # Not with words or a place that somebody typed.
    "stock:search": frozenset(
        {"condition", "line", "year", "power", "trim", "paint", "price", "dealer", "sort", "after"}
    ),
    "stock:car": frozenset(),
    "dealers:find": frozenset(),  # what is searched for is not kept, so an answer is not either
    "dealers:dealer": frozenset(),
    "recalls:recalls": frozenset(),  # what is looked up comes by POST, which nothing keeps
    "recalls:maintenance": frozenset(),
    "programs:program": frozenset(),
    "minors:parents": frozenset(),
    "requests:start": frozenset(),
    "inquiries:answered": frozenset(),
    "proof:policy": frozenset(),
    "proof:version": frozenset(),
    "proof:california": frozenset(),
    "proof:california_version": frozenset(),
    "proof:compare": frozenset({"from", "to"}),
    "proof:checks": frozenset(),
    "proof:check": frozenset(),
    "proof:safeguards": frozenset(),
}


def is_public(path: str, words: frozenset[str]) -> bool:
    """Whether this address, asked with these words, shows everybody the same page. A room's own address goes before an
    editor's, so a new room is not public until it stands above."""
    try:
        found = get_resolver(settings.ROOT_URLCONF).resolve(path)
    except Resolver404:
        return False
    return words <= PAGES[found.view_name] if found.view_name in PAGES else False


def next_change(now: datetime) -> datetime | None:
    """When the pages will change by themselves: the next moment at which a version of the policy is posted or takes effect, or an
    offer begins or ends."""
    of_policy = (moment for version in policies.book().versions for moment in (version.posted, version.effective))
    return min((moment for moment in (*of_policy, *offers.changes()) if moment > now), default=None)
